//! The names that loggers and tools give to the parts of an exchange.

/// The letters of a name in lower case, so that `statusCode` and `http.status_code` are alike.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Whether a member holds the HTTP status.
pub(in crate::input) fn is_status(name: &str) -> bool {
    let name = letters(name);
    matches!(name.as_str(), "status" | "code")
        || name.ends_with("statuscode")
        || ["httpstatus", "responsestatus", "responsecode", "httpcode"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Whether a member holds the time of the exchange.
pub(in crate::input) fn is_time(name: &str) -> bool {
    matches!(
        letters(name).as_str(),
        "time"
            | "timestamp"
            | "ts"
            | "date"
            | "datetime"
            | "at"
            | "recordedat"
            | "receivedat"
            | "starteddatetime"
            | "loggeddate"
            | "asctime"
            | "eventtime"
            | "timestampstart"
    )
}

/// Whether a member holds the address that was requested.
pub(super) fn is_url(name: &str) -> bool {
    let name = letters(name);
    matches!(
        name.as_str(),
        "url"
            | "uri"
            | "path"
            | "urlpath"
            | "absoluteurl"
            | "target"
            | "requesturl"
            | "requesturi"
            | "fullurl"
    ) || name.ends_with("urlfull")
        || name.ends_with("httpurl")
        || name.ends_with("httptarget")
}

/// Whether a member holds the method that was requested.
pub(super) fn is_method(name: &str) -> bool {
    let name = letters(name);
    matches!(name.as_str(), "method" | "verb")
        || name.ends_with("requestmethod")
        || name.ends_with("httpmethod")
}

/// Whether a member is about the request, not about its response.
pub(super) fn is_request(name: &str) -> bool {
    let name = letters(name);
    let is_part =
        name.starts_with("request") && name != "requests" && !name.starts_with("requestid");
    is_part
        || matches!(
            name.as_str(),
            "req" | "reqbody" | "originalrequest" | "params"
        )
}

/// Whether a member holds the headers.
pub(super) fn is_headers(name: &str) -> bool {
    matches!(
        letters(name).as_str(),
        "headers" | "header" | "responseheaders"
    )
}

/// Whether a member holds a body, whatever is in it.
pub(super) fn is_body(name: &str) -> bool {
    let name = letters(name);
    matches!(
        name.as_str(),
        "string" | "text" | "content" | "data" | "stream" | "payload" | "res" | "response" | "resp"
    ) || name.ends_with("body")
        || name.starts_with("responsebody")
        || name.starts_with("bodyas")
}

/// Whether a member is what programs note in a log, so that its object is no response.
pub(super) fn is_of_a_log(name: &str) -> bool {
    matches!(
        letters(name).as_str(),
        "level"
            | "lvl"
            | "severity"
            | "loglevel"
            | "levelname"
            | "logger"
            | "msg"
            | "hostname"
            | "pid"
            | "stream"
    )
}

/// Whether a member holds the body as a whole, by its name.
pub(super) fn is_whole_body(name: &str) -> bool {
    let name = letters(name);
    name.ends_with("body") || matches!(name.as_str(), "response" | "responsetext" | "rawresponse")
}

/// Whether a member names a file with the body.
pub(super) fn is_body_file(name: &str) -> bool {
    letters(name) == "bodyfilename"
}

#[cfg(test)]
mod tests {
    use super::{is_body, is_method, is_request, is_status, is_time, is_url};

    #[test]
    fn knows_the_names_that_loggers_use() {
        for name in [
            "status",
            "statusCode",
            "http.status_code",
            "http.response.status_code",
            "http_code",
            "responseStatus",
        ] {
            assert!(is_status(name), "{name}");
        }
        for name in ["time", "@timestamp", "ts", "startedDateTime", "recorded_at"] {
            assert!(is_time(name), "{name}");
        }
        for name in ["url", "request_uri", "http.url", "url.full", "urlPath"] {
            assert!(is_url(name), "{name}");
        }
        for name in ["method", "http.request.method", "http_method"] {
            assert!(is_method(name), "{name}");
        }
        for name in [
            "body",
            "responseBody",
            "response_body",
            "base64Body",
            "string",
        ] {
            assert!(is_body(name), "{name}");
        }
        assert!(is_request("req") && is_request("requestBody") && !is_request("request_id"));
        for name in ["level", "message", "task_id"] {
            assert!(
                !is_status(name) && !is_time(name) && !is_url(name) && !is_body(name),
                "{name}"
            );
        }
    }
}
