//! What is held is said once, or is counted.

use super::{
    finding_text::{FindingText, heading},
    held_findings::HeldFindings,
    response_text::ResponseText,
};
use anstream::adapter::strip_str;
use seedance_query::Source;
use seedance_traffic::Session;

const LIST: &str = r#"{"id":"task_a","status":"processing"}"#;
/// Lacks what a list has.
const ROW: &str = r#"{"id":"task_a","status":"processing","mood":1}"#;

/// Holds the findings of bodies in files of their own; `release` tells after which to release.
fn text(max_bytes: usize, bodies: &[&str], release: impl Fn(usize) -> bool) -> (String, u64) {
    let (mut session, mut held) = (Session::new(), HeldFindings::up_to(max_bytes));
    let mut out = String::new();
    for (number, body) in bodies.iter().enumerate() {
        let source = Source::whole(format!("{number}.json"));
        let validated = session.validate(source, None, None, body.as_bytes());
        held.saw(&validated);
        let mut block = ResponseText::new(validated.form, heading(&validated), true);
        let rendered = FindingText::of(&validated);
        for (index, finding) in validated.report.findings().iter().enumerate() {
            let is_common = validated.is_common(index);
            if !held.withhold(validated.form, finding, is_common) {
                block.add(finding, rendered.render(finding), is_common);
            }
        }
        out.push_str(&held.push(block));
        if release(number) {
            out.push_str(&held.release());
        }
    }
    let (rest, repeated) = held.end(&session.summary());
    (strip_str(&(out + &rest)).to_string(), repeated)
}

fn times(text: &str, rule: &str) -> usize {
    text.matches(&format!("[{rule}]")).count()
}

#[test]
fn what_all_have_is_said_once_at_the_end_whatever_can_be_held() {
    for max_bytes in [0, 2_000, usize::MAX] {
        let (text, repeated) = text(max_bytes, &[LIST; 40], |_| false);
        assert_eq!(times(&text, "other-form"), 1, "{text}");
        let (before, after) = text.split_once("in all 40 responses:").unwrap();
        assert_eq!(times(before, "other-form"), 0);
        assert!(after.contains("--> 0.json"), "{after}");
        assert_eq!(before.matches(".json").count(), 40, "{before}");
        assert_eq!(repeated, 0);
    }
}

#[test]
fn what_one_lacks_is_said_with_each() {
    let mut bodies = [LIST; 6];
    bodies[3] = ROW;
    let (text, repeated) = text(usize::MAX, &bodies, |_| false);
    assert_eq!(times(&text, "undocumented-field"), 1, "{text}");
    assert_eq!((times(&text, "other-form"), repeated), (1, 0));
}

#[test]
fn an_exception_after_text_was_withheld_is_counted() {
    let (text, repeated) = text(0, &[ROW, ROW, ROW, ROW, LIST, ROW], |_| false);
    // The last one is said with its response, and of the others the first.
    assert_eq!(
        (times(&text, "undocumented-field"), repeated),
        (2, 3),
        "{text}"
    );
    assert!(text.contains("in all 6 responses:"), "{text}");
}

#[test]
fn input_that_still_arrives_is_told_a_few_times_and_then_in_total() {
    let (text, repeated) = text(usize::MAX, &[LIST; 9], |_| true);
    assert_eq!(times(&text, "other-form"), 4, "{text}");
    let (before, after) = text.split_once("in all 9 responses:").unwrap();
    assert_eq!((times(before, "other-form"), repeated), (3, 0));
    assert!(
        !after.contains("-->"),
        "a line, as it was shown above: {after}"
    );
}
