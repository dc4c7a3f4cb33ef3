//! What is told of the first bytes of an input.

use super::{
    format::{Format, Recognised},
    record::Places,
    scanner::Values,
};

fn format_of(head: &[u8], is_all: bool) -> Result<Format, String> {
    Recognised::of(head, is_all, "", &Places::default()).map(|recognised| recognised.format)
}

#[test]
fn recognises_formats() {
    for (head, format) in [
        ("", Format::Body),
        ("{\"a\": 1}", Format::Body),
        ("\"{\\\"a\\\": 1}\"", Format::Body),
        ("{\n  \"a\": {}\n}\n", Format::Body),
        ("{\"a\": 1}\n{\"a\": 2}\n", Format::Lines),
        ("\n{\"a\": 1}\r\n\r\n{\"a\"\n", Format::Lines),
        ("{\"a\": \n{\"a\": 2}\n", Format::Lines),
        ("nonsense\n{\"a\": 2}\n", Format::Lines),
        ("{\n}\n{\n}", Format::Bodies(Values::Sequence)),
        ("{} {}", Format::Bodies(Values::Sequence)),
        ("[{}]", Format::Bodies(Values::Array)),
        ("[\n {},\n {}\n]", Format::Bodies(Values::Array)),
        (" {\"log\": {", Format::Archive),
        ("{\"logs\": 1}", Format::Body),
        ("HTTP/1.1 200 OK\n\n{}", Format::Messages),
        (
            "* Trying\n> GET / HTTP/1.1\n> \n< HTTP/1.1 200 OK\n",
            Format::Verbose,
        ),
        ("A note:\n\n```json\n{}\n```\n", Format::CodeBlocks),
        ("```json\n{}\n```\n", Format::CodeBlocks),
        ("12:00 INFO poll: {\"a\": 1}\n", Format::Text),
        ("data: {\"a\": 1}\n\n", Format::Text),
        ("{\"a\": 1}200", Format::Bodies(Values::Sequence)),
        ("{\"a\": 1} HTTP 200 in 1 s\n", Format::Document),
        ("[INFO] poll: {\"a\": 1}\n", Format::Text),
        ("interactions:\n- request:\n    x: 1\n", Format::Yaml),
        ("---\na: 1\n", Format::Yaml),
        ("5:1:a;~}", Format::Flows),
        ("<= Recv header, 17 bytes (0x11)\n", Format::Trace),
    ] {
        assert_eq!(format_of(head.as_bytes(), true), Ok(format), "{head}");
    }
}

#[test]
fn takes_long_objects_for_sequences() {
    let sequence = Ok(Format::Bodies(Values::Sequence));
    assert_eq!(format_of(b"{\"a\": [1,", false), sequence);
    assert_eq!(
        format_of(b"{\"a\": 1}\n{\"a\": [1,", false),
        Ok(Format::Lines)
    );
}

#[test]
fn tells_after_a_pause_what_can_be_validated_as_it_arrives() {
    const BODY: &str = r#"{"code":"success","message":"","data":{"task_id":"t"}}"#;
    for (head, format) in [
        ("", None),
        ("{\"code\":", None),
        ("{\n  \"code\":\n", None),
        (BODY, None),
        (&format!("{BODY}\n"), Some(Format::Lines)),
        (&format!("{BODY}\n{{\"co"), Some(Format::Lines)),
        ("{\"level\":\"info\"}\n", Some(Format::Lines)),
        ("{\n\"a\": 1\n}\n", Some(Format::Bodies(Values::Sequence))),
        ("12:00 INFO started\n", None),
        (
            &format!("12:00 INFO started\n12:01 poll: {BODY}\n"),
            Some(Format::Text),
        ),
        (&format!("[INFO] poll: {BODY}\n"), Some(Format::Text)),
        (&format!("data: {BODY}\n\n"), Some(Format::Text)),
        ("time,body\n", None),
        (
            &format!(
                "time,body\n{}",
                "1,\"{\"\"code\"\":\"\"success\"\",\"\"data\"\":{\"\"task_id\"\":\"\"t\"\"}}\"\n"
                    .repeat(2)
            ),
            Some(Format::Table),
        ),
        ("HTTP/1.1 200 OK\n", None),
        ("* Trying 127.0.0.1...\n", None),
        ("{\"log\": {\"entries\": [\n", None),
        ("A note:\n", None),
    ] {
        let found = Recognised::of_arriving(head.as_bytes(), "", &Places::default());
        assert_eq!(found.map(|found| found.format), format, "{head}");
    }
}

#[test]
fn refuses_what_is_not_a_recording() {
    for (head, what) in [
        (&b"7z\xbc\xaf\x27\x1c\x00\x04"[..], "a 7z archive"),
        (b"Obj\x01\x04\x14", "an Avro file"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "video/mp4"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x01\x02\x00\x03", "binary data"),
        (b"<!doctype html>", "HTML or XML"),
        (
            b"id,status\n1,SUCCESS\n",
            "a table with the columns id, status",
        ),
        (b"polled\n{'code': 'success'}\n", "as Python prints it"),
        (b"polled { code: 'success' }\n", "as JavaScript prints it"),
    ] {
        let refusal = format_of(head, true).unwrap_err();
        assert!(refusal.contains(what), "{refusal}");
    }
}
