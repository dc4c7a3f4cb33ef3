//! What a record tells about an exchange beside its body.

use jsonc_parser::ast::{Object, Value};

use super::names::{is_headers, is_method, is_request, is_status, is_time, is_url};
use crate::input::exchange::{http_status, unix_seconds};

/// Status, time and request, as far as the objects around a body tell them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Surroundings {
    pub status: Option<u16>,
    /// In Unix seconds.
    pub time: Option<i64>,
    pub method: Option<String>,
    pub url: Option<String>,
}

impl Surroundings {
    /// Those of a member of an object; what the object does not tell is as further out.
    pub fn of(object: &Object<'_>, outer: &Self) -> Self {
        let mut found = Self::default();
        let mut date = None;
        for property in &object.properties {
            let (name, value) = (property.name.as_str(), &property.value);
            if is_status(name) && found.status.is_none() {
                found.status = status_of(value);
            } else if is_time(name) && found.time.is_none() {
                found.time = time(value);
            } else if is_headers(name) {
                date = date.or_else(|| header(value, "date").as_deref().and_then(time_of_text));
            } else {
                found.request(name, value);
            }
            if is_request(name)
                && let Value::Object(request) = value
            {
                for property in &request.properties {
                    found.request(property.name.as_str(), &property.value);
                }
            }
        }
        Self {
            status: found.status.or(outer.status),
            time: found.time.or(date).or(outer.time),
            method: found.method.or_else(|| outer.method.clone()),
            url: found.url.or_else(|| outer.url.clone()),
        }
    }

    /// Those of an item of an array, such as `[200, {…}, body]`.
    pub fn of_items(items: &[Value<'_>], outer: &Self) -> Self {
        Self {
            status: items.iter().find_map(status).or(outer.status),
            ..outer.clone()
        }
    }

    fn request(&mut self, name: &str, value: &Value<'_>) {
        if is_method(name) && self.method.is_none() {
            self.method = text(value)
                .filter(|method| is_http_method(method))
                .map(str::to_owned);
        } else if is_url(name) && self.url.is_none() {
            self.url = url(value);
        }
    }
}

fn is_http_method(text: &str) -> bool {
    (3..=7).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn text<'a>(value: &'a Value<'_>) -> Option<&'a str> {
    match value {
        Value::StringLit(text) => Some(text.value.as_ref()),
        _ => None,
    }
}

fn member<'a, 'b>(object: &'a Object<'b>, name: &str) -> Option<&'a Value<'b>> {
    let property = object
        .properties
        .iter()
        .find(|property| property.name.as_str() == name)?;
    Some(&property.value)
}

/// A URL as text, or in its parts as Postman has it.
fn url(value: &Value<'_>) -> Option<String> {
    match value {
        Value::StringLit(text) => Some(text.value.as_ref())
            .filter(|text| text.starts_with('/') || text.contains("://"))
            .map(str::to_owned),
        Value::Object(parts) => match (member(parts, "raw"), member(parts, "path")) {
            (Some(Value::StringLit(raw)), _) => Some(raw.value.to_string()),
            (_, Some(Value::Array(path))) => {
                let segments: Vec<&str> = path.elements.iter().filter_map(text).collect();
                Some(format!("/{}", segments.join("/")))
            }
            _ => None,
        },
        _ => None,
    }
}

/// An HTTP status: a number, or an object with one, as `{code: 200, message: OK}`.
fn status_of(value: &Value<'_>) -> Option<u16> {
    match value {
        Value::Object(object) => object
            .properties
            .iter()
            .filter(|property| is_status(property.name.as_str()))
            .find_map(|property| status(&property.value)),
        value => status(value),
    }
}

pub(super) fn status(value: &Value<'_>) -> Option<u16> {
    match value {
        Value::NumberLit(number) => http_status(number.value),
        Value::StringLit(text) => http_status(text.value.as_ref()),
        _ => None,
    }
}

/// Unix seconds of a time as loggers write it.
pub(super) fn time(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::NumberLit(number) => seconds(number.value.parse().ok()?),
        Value::StringLit(text) => time_of_text(text.value.trim()),
        _ => None,
    }
}

pub(crate) fn time_of_text(text: &str) -> Option<i64> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time.as_second());
    }
    if let Ok(date) = httpdate::parse_http_date(text) {
        return unix_seconds(date);
    }
    if let Ok(civil) = text.replacen(',', ".", 1).parse::<jiff::civil::DateTime>() {
        // Without a zone: the order is right if all are in the same one.
        let time = jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()?;
        return Some(time.as_second());
    }
    seconds(text.parse().ok()?)
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size.
fn seconds(number: f64) -> Option<i64> {
    let seconds = [1.0, 1e3, 1e6, 1e9]
        .into_iter()
        .map(|unit| number / unit)
        .find(|seconds| (1e9..1e10).contains(seconds))?;
    #[expect(clippy::cast_possible_truncation, reason = "it is within the range")]
    Some(seconds as i64)
}

/// The value of a header in any of the forms that tools write.
fn header(headers: &Value<'_>, wanted: &str) -> Option<String> {
    match headers {
        Value::Object(object) => {
            let property = object
                .properties
                .iter()
                .find(|property| property.name.as_str().eq_ignore_ascii_case(wanted))?;
            match &property.value {
                Value::Array(values) => values.elements.first().and_then(text).map(str::to_owned),
                value => text(value).map(str::to_owned),
            }
        }
        Value::Array(pairs) => pairs.elements.iter().find_map(|pair| match pair {
            Value::Object(pair) => {
                let name = member(pair, "name").or_else(|| member(pair, "key"))?;
                let is_wanted = text(name)?.eq_ignore_ascii_case(wanted);
                is_wanted.then(|| member(pair, "value").and_then(text).map(str::to_owned))?
            }
            Value::Array(pair) => match pair.elements.as_slice() {
                [name, value] if text(name)?.eq_ignore_ascii_case(wanted) => {
                    text(value).map(str::to_owned)
                }
                _ => None,
            },
            _ => None,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Surroundings, time_of_text};
    use crate::strict_json;

    fn of(record: &str) -> Surroundings {
        let Some(jsonc_parser::ast::Value::Object(object)) = strict_json::parse(record) else {
            panic!("{record}")
        };
        Surroundings::of(&object, &Surroundings::default())
    }

    #[test]
    fn times_as_loggers_write_them() {
        for text in [
            "2026-06-04T19:28:55Z",
            "2026-06-04T19:28:55.123456789+00:00",
            "2026-06-04 19:28:55,123",
            "Thu, 04 Jun 2026 19:28:55 GMT",
            "1780601335",
            "1780601335123",
            "1780601335123456",
            "1780601335.5",
        ] {
            assert_eq!(time_of_text(text), Some(1_780_601_335), "{text}");
        }
        for text in ["", "12", "yesterday", "10:05"] {
            assert_eq!(time_of_text(text), None, "{text}");
        }
    }

    #[test]
    fn what_records_tell() {
        let found = of(
            r#"{"request":{"method":"GET","uri":"http://a.example/x"},"response":{},
            "status":{"code":404,"message":"no"},"recorded_at":"Thu, 04 Jun 2026 19:28:55 GMT"}"#,
        );
        assert_eq!(found.status, Some(404));
        assert_eq!(found.time, Some(1_780_601_335));
        assert_eq!(found.method.as_deref(), Some("GET"));
        assert_eq!(found.url.as_deref(), Some("http://a.example/x"));
        let date = "\"Thu, 04 Jun 2026 19:28:55 GMT\"";
        for headers in [
            format!(r#"{{"Date":[{date}]}}"#),
            format!(r#"{{"date":{date}}}"#),
            format!(r#"[{{"key":"Date","value":{date}}}]"#),
            format!(r#"[["Date",{date}]]"#),
        ] {
            assert_eq!(
                of(&format!(r#"{{"headers":{headers}}}"#)).time,
                Some(1_780_601_335),
                "{headers}"
            );
        }
    }
}
