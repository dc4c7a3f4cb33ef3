//! Laws about redaction.

use std::borrow::Cow;

use seedance_query::{
    Report, Rule, Shape, Verdict,
    redact::{Redactor, terminal},
};
use serde_json::Value;

use super::{
    canaries::{CANARY, KEY, key_forms, self_evident},
    recorded::Recorded,
};

/// All laws about the redactor.
pub fn laws(file: &[u8]) {
    let redactor = Redactor::new().secret(KEY);
    let bytes = |text: &[u8]| redactor.bytes(text).into_owned();
    let line = |text: &[u8]| {
        let text = String::from_utf8_lossy(text);
        redactor.text(&text).into_owned().into_bytes()
    };
    let with_ids = redactor.clone().ids(true);
    let ids = |text: &[u8]| with_ids.bytes(text).into_owned();
    for redact in [&bytes as &dyn Fn(&[u8]) -> Vec<u8>, &line, &ids] {
        twice_is_once(file, redact);
    }
    json_stays_json(file, bytes);
    json_stays_json(file, ids);
    the_verdict_stays(&Recorded::of(file), bytes);
    for redact in [&bytes as &dyn Fn(&[u8]) -> Vec<u8>, &line, &ids] {
        no_canary_is_out(file, redact);
    }
    no_control_character_is_out(&String::from_utf8_lossy(file), terminal);
}

/// What is redacted is left as it is.
pub fn twice_is_once(text: &[u8], redact: impl Fn(&[u8]) -> Vec<u8>) {
    let once = redact(text);
    assert_eq!(shown(&redact(&once)), shown(&once), "{}", shown(text));
}

/// JSON stays JSON, and nothing else becomes it.
pub fn json_stays_json(text: &[u8], redact: impl Fn(&[u8]) -> Vec<u8>) {
    let is_json = |text: &[u8]| serde_json::from_slice::<Value>(text).is_ok();
    let redacted = redact(text);
    assert_eq!(
        is_json(&redacted),
        is_json(text),
        "{}\n{}",
        shown(text),
        shown(&redacted)
    );
}

/// A secret does not decide how a body is judged.
pub fn the_verdict_stays(answer: &Recorded, redact: impl Fn(&[u8]) -> Vec<u8>) {
    let redacted = answer.with_body(redact(&answer.body));
    assert_eq!(
        judgement(&redacted.parsed().report()),
        judgement(&answer.parsed().report()),
        "{}\n{}",
        answer.text(),
        redacted.text()
    );
}

/// What a report says, but for the places: the name of a member can be a secret, too.
fn judgement(report: &Report) -> (Option<Shape>, Verdict, Vec<Rule>) {
    let mut rules: Vec<Rule> = report
        .findings()
        .iter()
        .map(|finding| finding.rule)
        .collect();
    rules.sort_unstable();
    (report.shape(), report.verdict(), rules)
}

/// No secret is left, whatever stands around it. The text itself says which one is planted, and
/// where.
pub fn no_canary_is_out(text: &[u8], redact: impl Fn(&[u8]) -> Vec<u8>) {
    let [which, place, high, text @ ..] = text else {
        return;
    };
    let place = usize::from(*place) | usize::from(*high) << 8;
    let text = String::from_utf8_lossy(text);
    let at = text.floor_char_boundary(place % (text.len() + 1));
    let (before, after) = text.split_at(at);
    let (forms, evident) = (key_forms(), self_evident());
    let all = [&forms[..], &evident].concat();
    let planted = &all[usize::from(*which) % all.len()];
    let blank = if forms.contains(planted) { "" } else { " " };
    let text = format!("{before}{blank}{planted}{blank}{after}");
    let redacted = String::from_utf8_lossy(&redact(text.as_bytes())).into_owned();
    for secret in forms.iter().map(String::as_str).chain([CANARY]) {
        // What the text had by itself is not what was planted.
        if !before.contains(secret) && !after.contains(secret) {
            assert!(!redacted.contains(secret), "{text}\n{redacted}");
        }
    }
}

/// A terminal gets no control character from outside but the end of a line.
pub fn no_control_character_is_out(text: &str, shown: impl Fn(&str) -> Cow<'_, str>) {
    let shown = shown(text);
    let is_harmful = |character: char| match character {
        '\n' | '\t' => false,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        other => other.is_control(),
    };
    assert!(!shown.contains(is_harmful), "{shown:?}");
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
