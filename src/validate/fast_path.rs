//! The fast way to "conforms": one pass over the bytes, nothing kept but what the rules look at.
//!
//! The types that it reads into are generated from the documentation reading. They accept no
//! body that the reading rejects, and where they are in doubt (a free-form object, a key that
//! comes twice, an integer written as `1.0`) they accept nothing: then the schemas decide.

use super::{
    body::Body,
    de::object,
    facts::Facts,
    observer::Observer,
    report::Report,
    rules::{self, Outcome},
};
use crate::model::Shape;

use super::documented;

/// A successful response whose fields and values are as documented, and its shape.
pub(super) fn read(body: &[u8]) -> Option<(documented::Response<'_>, Shape)> {
    // Checked once as a whole, and not text by text.
    let body = str::from_utf8(body).ok()?;
    let mut json = serde_json::Deserializer::from_str(body);
    let response: documented::Response<'_> = object(&mut json).ok()?;
    json.end().ok()?;
    let shape = response.shape()?;
    Some((response, shape))
}

/// The report on a successful response whose fields and values are as documented; none if it is
/// for the schemas to say what is wrong.
pub(super) fn judge(
    response: &documented::Response<'_>,
    shape: Shape,
    observer: &mut impl Observer,
) -> Option<Report> {
    let facts = Facts::of_documented(response.data.as_ref()?, shape);
    let mut outcome = Outcome::default();
    rules::check(&facts, &mut outcome);
    // What breaks the contract is said with an eye on the whole row.
    if outcome.has_error() {
        return None;
    }
    observer.documented(response);
    observer.task(&facts);
    Some(Report::new(
        Some(shape),
        outcome.finish(Body::Response, Some(shape)),
    ))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::{
        super::{inspect::inspect, operations::TASK_QUERY},
        read,
    };
    use crate::{Shape, capture::Capture, model::json::parse, validate::Report};

    /// The shape of a body in which nothing is found on the fast path.
    fn accept(body: &[u8]) -> Option<Shape> {
        let (_, shape) = read(body)?;
        judge(body)?.findings().is_empty().then_some(shape)
    }

    fn judge(body: &[u8]) -> Option<Report> {
        let (response, shape) = read(body)?;
        super::judge(&response, shape, &mut ())
    }

    /// Every body in `tests/`, with the name of its file.
    fn bodies(directory: &str) -> Vec<(String, Vec<u8>)> {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
        let entries = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        entries
            .map(|path| {
                let bytes = fs::read(&path).unwrap();
                let body = match Capture::parse(&bytes) {
                    Ok(capture) => capture.body,
                    Err(_) => bytes,
                };
                (path.display().to_string(), body)
            })
            .collect()
    }

    fn lacks_request_id(body: &[u8]) -> bool {
        let parsed = parse(body).unwrap();
        let task = parsed.value.get("data");
        task.is_some_and(|task| task.get("request_id").is_none())
    }

    #[test]
    fn accepts_what_the_schemas_and_rules_accept() {
        let mut accepted = 0;
        for (name, body) in [bodies("tests/captures"), bodies("tests/drift")].concat() {
            let slow = parse(&body).map(|parsed| {
                (
                    inspect(TASK_QUERY, &parsed.value, &mut ()),
                    parsed.has_duplicate_keys,
                )
            });
            match (accept(&body), slow) {
                (Some(shape), Ok(((slow_shape, findings), has_duplicate_keys))) => {
                    assert_eq!(
                        (Some(shape), has_duplicate_keys),
                        (slow_shape, false),
                        "{name}"
                    );
                    assert!(findings.is_empty(), "{name}: {findings:?}");
                    accepted += 1;
                }
                (Some(_), Err(error)) => panic!("{name}: {error}"),
                // Errors are not accepted here; everything else that conforms has to be.
                // Neither are the gateway's rows, which lack what is promised elsewhere.
                (None, Ok((_, false))) if lacks_request_id(&body) => {}
                (None, Ok(((Some(shape), findings), false))) if shape != Shape::Error => {
                    assert!(!findings.is_empty(), "{name} should have been accepted");
                }
                (None, _) => {}
            }
        }
        assert!(accepted >= 10, "only {accepted} bodies were accepted");
    }

    /// What the rules say of a documented body is the same, whichever way it was read.
    #[test]
    fn says_of_a_documented_body_what_the_schemas_and_rules_say() {
        let mut compared = 0;
        for (name, body) in [bodies("tests/captures"), bodies("tests/drift")].concat() {
            let text = String::from_utf8_lossy(&body).into_owned();
            let changed = [
                text.clone(),
                text.replace("https://", "http://"),
                text.replace("\"duration\": 5", "\"duration\": 7"),
                text.replace("_time\": 178", "_time\": 978"),
                text.replace("X-Tos-Date", "X-Tos-Max-Requests=5&X-Tos-Date"),
                text.replace(".example/", ".example/v1/videos/")
                    .replace(".mp4", "/content"),
                text.replace("\"succeeded\"", "\"running\""),
                text.replace("\"fail_reason\": \"\"", "\"fail_reason\": \"a note\""),
                text.replace("SUCCESS", "FAILURE"),
            ];
            for text in changed {
                let Some(report) = judge(text.as_bytes()) else {
                    continue;
                };
                let (shape, findings) =
                    inspect(TASK_QUERY, &parse(text.as_bytes()).unwrap().value, &mut ());
                assert_eq!(report, Report::new(shape, findings), "{name}: {text}");
                compared += usize::from(!report.findings().is_empty());
            }
        }
        assert!(compared >= 50, "only {compared} bodies had findings");
    }

    #[test]
    fn an_array_is_no_object() {
        let task = r#""task_id":"asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F","action":"generate",
            "status":"QUEUED","submit_time":1780000000,"start_time":0,"progress":"0%",
            "request_id":"r""#;
        let accepted = |body: String| accept(body.as_bytes()).is_some();
        let enveloped = |data: &str| format!(r#"{{"code":"success","data":{data},"message":""}}"#);
        assert!(accepted(enveloped(&format!("{{{task}}}"))));
        assert!(accepted(enveloped(&format!(r#"{{{task},"data":null}}"#))));
        assert!(!accepted(enveloped(&format!(r#"{{{task},"data":[]}}"#))));
        assert!(!accepted(format!(r#"["success",{{{task}}},""]"#)));
    }

    #[test]
    fn leaves_to_the_schemas_what_it_cannot_judge() {
        let (_, body) = bodies("tests/captures")
            .into_iter()
            .find(|(name, _)| name.ends_with("normal-720p.http"))
            .unwrap();
        let body = String::from_utf8(body).unwrap();
        assert!(accept(body.as_bytes()).is_some());
        for (old, new) in [
            (
                "\"seed\": ",
                "\"tools\": [{\"x\": 1, \"x\": 2}], \"seed\": ",
            ),
            ("\"seed\": ", "\"seed\": 1, \"seed\": "),
            ("\"duration\": 5", "\"duration\": 5.0"),
            ("\"duration\": 5", "\"duration\": null"),
            ("\"duration\": 5", "\"duration\": 9223372036854775808"),
            ("\"code\": \"success\"", "\"code\": \"ok\""),
            (
                "\"code\": \"success\"",
                "\"code\": \"success\", \"trace\": 1",
            ),
            ("\"data\": {", "\"data\": null, \"data\": {"),
        ] {
            let changed = body.replacen(old, new, 1);
            assert_ne!(changed, body, "{old}");
            assert!(accept(changed.as_bytes()).is_none(), "{new}");
        }
    }
}
