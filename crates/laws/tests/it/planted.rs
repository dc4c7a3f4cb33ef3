//! Each law notices a function that breaks it.

use std::{
    borrow::Cow,
    fs,
    io::Read,
    panic::{AssertUnwindSafe, catch_unwind},
};

use seedance_laws::{
    acting,
    canaries::KEY,
    capturing, decoding, inspecting, reading_documents,
    reading_inputs::{self, Found},
    recorded::Recorded,
    redacting, resuming, validating,
};
use seedance_query::{
    OPENAPI, Report, Rule, TaskState, TaskView, Verdict, capture::Capture, decode,
    download::inspect_parts, redact::Redactor, validate::Finding,
};
use serde_json::Value;

const CONFORMING: &str = "normal-720p.http";

fn captured(name: &str) -> Vec<u8> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/captures/");
    fs::read(format!("{directory}{name}")).unwrap()
}

pub fn answer() -> Recorded {
    Recorded::of(&captured(CONFORMING))
}

#[track_caller]
fn is_noticed(law: impl FnOnce()) {
    assert!(
        catch_unwind(AssertUnwindSafe(law)).is_err(),
        "nothing was noticed"
    );
}

fn report(answer: &Recorded) -> Report {
    answer.parsed().report()
}

#[test]
fn faulty_reports() {
    let answer = answer();
    assert_eq!(report(&answer).verdict(), Verdict::Conforms);
    let nowhere = |answer: &Recorded| {
        report(answer).with(vec![Finding::new(Rule::OddFormat, "/no/where", "odd")])
    };
    is_noticed(|| validating::is_consistent(&answer, nowhere));
    is_noticed(|| {
        let calls = std::cell::Cell::new(0);
        validating::is_consistent(&answer, |answer| {
            calls.set(calls.get() + 1);
            let odd = Finding::new(Rule::OddFormat, "", format!("call {}", calls.get()));
            report(answer).with(vec![odd])
        });
    });
    let broken = answer.with_body("{\"code\":");
    let silent = |answer: &Recorded| report(answer).filtered(|_| false);
    is_noticed(|| validating::no_success_is_without_json(&broken, silent));
    let undocumented = answer.with_body("{\"code\":\"success\",\"data\":{\"status\":\"SUCCESS\"}}");
    is_noticed(|| validating::conforming_is_documented(&undocumented, silent));
    let by_spaces = |answer: &Recorded| {
        let found = if answer.body.contains(&b'\n') {
            "/code"
        } else {
            "/data"
        };
        report(answer).with(vec![Finding::new(Rule::OddFormat, found, "odd")])
    };
    let compact: Value = serde_json::from_slice(&answer.body).unwrap();
    let compact = answer.with_body(compact.to_string());
    is_noticed(|| validating::whitespace_is_no_finding(&compact, by_spaces));
}

#[test]
fn faulty_decoders() {
    let body = answer().body;
    let none = |_: &[u8]| serde_json::from_str("null");
    is_noticed(|| decoding::the_contract_is_decoded(&body, none));
    is_noticed(|| decoding::a_value_decodes_as_its_text(&body, none));
    let pending: &[u8] = br#"{"code":"success","data":{"task_id":"t","status":"QUEUED"}}"#;
    let other = |text: &[u8]| decode(if text == body { text } else { pending });
    is_noticed(|| decoding::what_was_decoded_stays(&body, other));
}

#[test]
fn faulty_views() {
    let answer = answer();
    let view = |answer: &Recorded| answer.parsed().view();
    assert_eq!(view(&answer).unwrap().state, TaskState::Succeeded);
    let with_state = |state| {
        move |answer: &Recorded| {
            let mut view = view(answer)?;
            view.state = state;
            Some(view)
        }
    };
    is_noticed(|| acting::is_sound(&answer, with_state(TaskState::Failed)));
    is_noticed(|| acting::is_sound(&answer, |_| Some(TaskView::default())));
    let fails = with_state(TaskState::Failed);
    is_noticed(|| acting::what_conforms_is_understood(&answer, fails));
    is_noticed(|| acting::what_conforms_is_understood(&answer, |_| None));
    let original = answer.body.clone();
    let by_bytes = |answer: &Recorded| view(answer).filter(|_| answer.body == original);
    is_noticed(|| acting::an_unknown_member_changes_nothing(&answer, by_bytes));
    let compact: Value = serde_json::from_slice(&answer.body).unwrap();
    let compact = answer.with_body(compact.to_string());
    let of_compact = |answer: &Recorded| view(answer).filter(|_| answer.body == compact.body);
    is_noticed(|| acting::form_changes_nothing(&compact, of_compact));
}

#[test]
fn faulty_readers_and_writers_of_captures() {
    let file = captured(CONFORMING);
    is_noticed(|| {
        capturing::is_read_where_it_stands(&file, |file| {
            let mut capture = Capture::parse(file)?;
            capture.body_range = Some(0..capture.body.len());
            Ok(capture)
        });
    });
    is_noticed(|| {
        capturing::is_read_where_it_stands(b"none", |_| Capture::parse(b"\n\n\nHTTP/1.1 x\n\n"));
    });
    is_noticed(|| {
        capturing::what_is_written_is_read(&file, |capture| {
            let mut written = capture.to_bytes();
            written.push(b'\n');
            written
        });
    });
    is_noticed(|| {
        capturing::redacting_twice_is_once(&file, |capture| {
            let mut redacted = capture.clone();
            redacted.body.insert(0, b'{');
            redacted
        });
    });
}

#[test]
fn faulty_redactors() {
    let doubled = |text: &[u8]| [text, text].concat();
    is_noticed(|| redacting::twice_is_once(b"a", doubled));
    is_noticed(|| redacting::json_stays_json(b"{}", doubled));
    is_noticed(|| redacting::json_stays_json(b"{", |_| b"{}".to_vec()));
    is_noticed(|| redacting::the_verdict_stays(&answer(), |_| b"{}".to_vec()));
    for which in 0..12 {
        let input = [&[which, 3, 0][..], b"some text"].concat();
        is_noticed(|| redacting::no_canary_is_out(&input, <[u8]>::to_vec));
    }
    // The right one, but it does not know the key.
    let unknowing = |text: &[u8]| Redactor::new().bytes(text).into_owned();
    is_noticed(|| redacting::no_canary_is_out(b"\x05\0\0text", unknowing));
    assert!(KEY.starts_with("sk-"));
    for text in ["\u{1b}[2J", "\u{202e}", "\u{9b}"] {
        is_noticed(|| redacting::no_control_character_is_out(text, |text| Cow::Borrowed(text)));
    }
}

#[test]
fn faulty_inspections() {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/mp4/");
    let file = fs::read(format!("{seeds}movie-first")).unwrap();
    let inspect = |parts: &[&[u8]]| inspect_parts(parts.iter().copied());
    assert!(inspect(&[&file]).is_whole);
    let first_part = |parts: &[&[u8]]| inspect(&parts[..1]);
    is_noticed(|| inspecting::parts_make_no_difference(&file, first_part));
    let trusting = |parts: &[&[u8]]| {
        let mut found = inspect(parts);
        found.is_whole = true;
        found
    };
    for end in 0..file.len() {
        is_noticed(|| inspecting::is_whole_if_its_boxes_are(&file[..end], trusting));
    }
}

#[test]
fn faulty_resumption() {
    let directory = tempfile::tempdir().unwrap();
    let law = |input: &[u8], kept| {
        let path = directory.path();
        resuming::only_what_is_vouched_for_is_kept(input, path, |_| Ok(kept));
    };
    law(b"{\"synced\":3,\"synced_sha256\":\"$HASH\"}\nabc", 3);
    is_noticed(|| law(b"{\"synced\":3,\"synced_sha256\":\"00\"}\nabc", 3));
    is_noticed(|| law(b"{\"synced\":2,\"synced_sha256\":\"$HASH\"}\nabc", 2));
    is_noticed(|| law(b"\nabc", 3));
    is_noticed(|| {
        let path = directory.path();
        resuming::only_what_is_vouched_for_is_kept(b"\nabc", path, |target| {
            fs::write(target.with_extension("mp4.part"), b"").unwrap();
            Ok(0)
        });
    });
}

#[test]
fn faulty_readers_of_inputs() {
    let file = b"{\"code\":\"success\"}\n\n{\"code\":\"fail\"}\n";
    let read = reading_inputs::read;
    assert_eq!(read(&mut &file[..]).len(), 2);
    is_noticed(|| {
        reading_inputs::places_are_in_order(file, |input| {
            let mut found = read(input);
            found.reverse();
            found
        });
    });
    // One that takes what comes first for everything.
    let hasty = |input: &mut (dyn Read + Send)| -> Vec<Found> {
        let mut buffer = [0; 64];
        let length = input.read(&mut buffer).unwrap();
        read(&mut &buffer[..length])
    };
    is_noticed(|| reading_inputs::parts_make_no_difference(file, hasty));
    // One that takes what is compressed for text.
    let plain = |input: &mut (dyn Read + Send)| -> Vec<Found> {
        let mut text = Vec::new();
        input.read_to_end(&mut text).unwrap();
        read(&mut &[b" ", &text[..]].concat()[..])
    };
    is_noticed(|| reading_inputs::compression_makes_no_difference(file, plain));
}

#[test]
fn faulty_readers_of_documents() {
    use seedance_spec::{Problem, read};
    let placeless = |_: &str| {
        Err(Problem::Syntax {
            line: 99,
            column: 1,
            message: "odd".to_owned(),
        })
    };
    is_noticed(|| reading_documents::a_problem_has_a_place("a: b\n", placeless));
    is_noticed(|| {
        reading_documents::json_is_yaml(OPENAPI, |text| {
            let json = text.starts_with('{');
            read(if json { "openapi: 3.0.3" } else { text })
        });
    });
}
