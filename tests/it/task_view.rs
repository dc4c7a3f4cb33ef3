//! What a caller acts on, read from answers in every known form, and how little is said of those
//! that are sound.

use seedance_query::{
    Rule, TaskForm, TaskState, TaskView,
    validate::{ParsedBody, Severity},
};

use seedance_testing::files::{Body, read, read_all, root};

fn drifted(name: &str) -> Body {
    read(&root().join("tests/drift").join(name))
}

fn view(body: &Body) -> TaskView {
    let view = ParsedBody::new(body.status, &body.bytes).view();
    view.unwrap_or_else(|| panic!("{} tells of no task", body.name))
}

#[test]
fn every_known_form_is_used() {
    use TaskForm::{Bare, ContentList, Enveloped, NestedEnvelopes, Upstream, VideoObject};
    use TaskState::{Failed, Pending, Succeeded};
    for (name, form, state, has_url) in [
        (
            "5b2-row-without-envelope-success.json",
            Bare,
            Succeeded,
            true,
        ),
        ("5d-nested-envelope.json", Enveloped, Succeeded, true),
        ("9a-raw-upstream-succeeded.json", Upstream, Succeeded, true),
        ("9b-raw-upstream-failed.json", Upstream, Failed, false),
        ("10a-optional-members-null.json", Enveloped, Succeeded, true),
        ("10b-camel-case.json", Enveloped, Succeeded, true),
        ("10c-code-is-a-number.json", Enveloped, Succeeded, true),
        ("10c2-code-missing.json", Enveloped, Succeeded, true),
        (
            "10d-envelope-in-an-envelope.json",
            NestedEnvelopes,
            Succeeded,
            true,
        ),
        ("10e-list-of-one.json", Enveloped, Succeeded, true),
        ("10f-upstream-as-json-text.json", Enveloped, Succeeded, true),
        ("10g-relative-result-url.json", Enveloped, Succeeded, true),
        ("10h-blanks-around-a-url.json", Enveloped, Succeeded, true),
        (
            "10j-super-resolution-without-enhanced-url.json",
            Enveloped,
            Succeeded,
            false,
        ),
        ("11a-gateway-row-success.json", Enveloped, Succeeded, true),
        (
            "11b-gateway-row-white-label.json",
            Enveloped,
            Succeeded,
            true,
        ),
        (
            "11c-gateway-row-upstream-cancelled.json",
            Enveloped,
            Pending,
            false,
        ),
        (
            "11d-gateway-row-failure-repeats-reason.json",
            Enveloped,
            Failed,
            false,
        ),
        (
            "11e-gateway-row-success-without-upstream-url.json",
            Enveloped,
            Succeeded,
            true,
        ),
        (
            "12a-video-object-completed.json",
            VideoObject,
            Succeeded,
            true,
        ),
        ("12b-video-object-unknown.json", VideoObject, Pending, false),
        ("12c-video-object-failed.json", VideoObject, Failed, false),
        (
            "12d-content-list-succeeded.json",
            ContentList,
            Succeeded,
            true,
        ),
        (
            "12e-content-list-processing.json",
            ContentList,
            Pending,
            false,
        ),
        ("12f-content-list-failed.json", ContentList, Failed, false),
    ] {
        let view = view(&drifted(name));
        let found = (view.form, view.state, view.result_url.is_some());
        assert_eq!(found, (form, state, has_url), "{name}: {view:?}");
        assert!(view.task_id.is_some(), "{name}");
        assert_eq!(view.fail_reason.is_some(), state == Failed, "{name}");
    }
}

#[test]
fn a_word_means_what_the_document_says() {
    for (name, state) in [
        ("3a-status-submitted.json", TaskState::Pending),
        ("3b-status-unknown.json", TaskState::Pending),
        ("3c-status-cancelled.json", TaskState::Failed),
        ("3d2-status-lower-case-success.json", TaskState::Succeeded),
    ] {
        let body = drifted(name);
        assert_eq!(view(&body).state, state, "{name}");
        let findings = body.report.findings();
        let finding = findings
            .iter()
            .find(|finding| finding.rule == Rule::UnknownStatus);
        assert_eq!(finding.unwrap().pointer, "/data/status", "{name}");
        // The cancelled one does not say why, which is another fault.
        let most = if state == TaskState::Failed { 2 } else { 1 };
        assert_eq!(findings.len(), most, "{name}: {findings:?}");
    }
}

#[test]
fn the_upstreams_word_is_told_beside_the_tasks_own() {
    let cancelled = view(&drifted("11c-gateway-row-upstream-cancelled.json"));
    assert_eq!(cancelled.upstream.state, TaskState::Failed);
    assert_eq!(cancelled.upstream.status.as_deref(), Some("cancelled"));
    let early = view(&drifted("4e-pending-while-upstream-succeeded.json"));
    assert_eq!(early.state, TaskState::Pending);
    assert_eq!(early.upstream.state, TaskState::Succeeded);
    assert!(early.upstream.url.is_some());
}

#[test]
fn a_reason_is_taken_out_of_its_json() {
    let view = view(&drifted("10i-fail-reason-is-json.json"));
    assert_eq!(
        view.fail_reason.unwrap().expose(),
        "The output audio was rejected by the content policy."
    );
    assert_eq!(
        view.code.as_deref(),
        Some("OutputAudioSensitiveContentDetected")
    );
}

#[test]
fn the_original_stands_in_for_nothing() {
    let view = view(&drifted("10j-super-resolution-without-enhanced-url.json"));
    assert!(view.is_super_resolution && view.result_url.is_none());
    assert!(view.original_result_url.is_some());
    assert_eq!(view.billed_tokens, Some(108_900));
}

#[test]
fn what_is_billed_is_read_beside_an_empty_answer() {
    let view = view(&drifted("11b-gateway-row-white-label.json"));
    assert_eq!(view.billed_tokens, Some(108_900));
}

#[test]
fn a_sound_answer_of_another_form_is_at_most_one_finding() {
    for body in read_all("tests/drift") {
        let findings = body.report.findings();
        let most = match body.name.split('-').next().unwrap() {
            "10c" | "10c2" | "10d" | "10e" | "10f" | "10g" | "10h" | "10i" | "10k" | "11a"
            | "11b" | "11c" | "11d" | "12a" | "12b" | "12c" | "12d" | "12e" | "12f" | "9a"
            | "9b" | "5b" | "5b2" => 1,
            "11e" => 2,
            _ => continue,
        };
        assert!(findings.len() <= most, "{}: {findings:#?}", body.name);
        if body.name.starts_with("11") || body.name.starts_with("12") {
            let worst = findings.iter().map(seedance_query::Finding::severity).max();
            assert_ne!(worst, Some(Severity::Error), "{}: {findings:#?}", body.name);
        }
    }
}

/// What is read member by member is the same, whichever way the body was parsed.
#[test]
fn the_fast_path_reads_what_any_json_reads() {
    let mut compared = 0;
    for body in [read_all("tests/captures"), read_all("tests/drift")].concat() {
        let Ok(text) = String::from_utf8(body.bytes.clone()) else {
            continue;
        };
        let fast = ParsedBody::new(body.status, text.as_bytes()).view();
        // A key that comes twice is left to the slow path.
        let changed = text.replacen("\"code\"", "\"code\": \"success\", \"code\"", 1);
        let slow = ParsedBody::new(body.status, changed.as_bytes()).view();
        assert_eq!(fast, slow, "{}", body.name);
        compared += usize::from(fast.is_some());
    }
    assert!(compared >= 90, "only {compared} bodies tell of a task");
}
