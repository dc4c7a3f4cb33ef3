//! Calls, and what the page makes of them.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use seedance_mock::Gateway;

use super::{REPORT, Stage};

/// A fault that is planted is in the report, with its place.
#[test]
fn a_call_shows_its_verdict_and_the_planted_fault() {
    for (mut stage, gateway) in [Stage::mock(), Stage::mock_behind_a_proxy()] {
        shows_the_verdict_and_the_planted_fault(&mut stage, &gateway);
    }
}

fn shows_the_verdict_and_the_planted_fault(stage: &mut Stage, gateway: &Gateway) {
    stage.use_task("numeric-progress");
    let text = stage.execute();
    assert!(
        text.contains("numeric-progress") || text.contains("progress"),
        "{text}"
    );
    let badge = stage.text(&format!("{REPORT}.querySelector('.badge').className"));
    assert!(
        badge == "badge drifts" || badge == "badge violates",
        "{badge}"
    );
    let found = stage.text(&format!(
        "{REPORT}.querySelector('.finding .pointer').innerText"
    ));
    assert_eq!(found, "/data/progress");
    let marked = stage.text(&format!(
        "{REPORT}.querySelector('.excerpt mark').innerText"
    ));
    assert_eq!(marked, "0");

    // The same task once more, when it has ended: its timeline goes on.
    gateway.advance(Duration::from_mins(5));
    let text = stage.execute();
    assert!(
        text.contains("NOT_START") && text.contains("SUCCESS"),
        "{text}"
    );
    let states = format!("{REPORT}.querySelectorAll('.timeline li').length");
    assert_eq!(stage.browser.value(&states), 2);
    let code = "document.querySelector('#operations-Video-query_task .live-responses-table \
                  .response .response-col_status').innerText";
    let code = stage.text(code);
    assert!(code.contains("200"), "{code}");

    // Without the fault, nothing is found.
    stage.use_task("normal");
    let text = stage.execute();
    assert!(
        text.contains("Conforms") && text.contains("no findings"),
        "{text}"
    );
    assert_eq!(gateway.requests().len(), 3);
    stage.is_at_peace();
}

#[test]
fn a_submitted_task_is_the_one_to_query_next() {
    let (mut stage, gateway) = Stage::mock();
    stage.use_task("failure");
    stage.browser.value(
        "document.querySelector('#operations-Video-submit_task .opblock-summary-control').click()",
    );
    let button = "document.querySelector('#operations-Video-submit_task button.execute')";
    stage.browser.wait_for(button);
    let body = "document.querySelector('#operations-Video-submit_task textarea').value";
    stage.browser.wait_for(&format!("{body}.includes('model')"));
    stage.browser.value(&format!("{button}.click()"));
    let report = "document.querySelector('#operations-Video-submit_task .our-report .report')";
    stage.browser.wait_for(report);
    gateway.advance(Duration::from_mins(5));
    let input = "document.querySelector('#operations-Video-query_task .parameters input').value";
    stage
        .browser
        .wait_for(&format!("{input}.includes('Failure')"));
    stage.execute();
    gateway.advance(Duration::from_mins(5));
    let text = stage.execute();
    assert!(text.contains("FAILURE"), "{text}");
    stage.is_at_peace();
}

#[test]
fn requests_of_other_clients_are_listed() {
    let (mut stage, gateway) = Stage::mock();
    let address = stage
        .url
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    let mut client = TcpStream::connect(&address).unwrap();
    let key = gateway.api_key();
    let request = format!(
        "GET /v1/video/generations/no-envelope HTTP/1.1\r\nHost: {address}\r\n\
         Authorization: Bearer {key}\r\nConnection: close\r\n\r\n"
    );
    client.write_all(request.as_bytes()).unwrap();
    client.read_to_string(&mut String::new()).unwrap();
    let summary = "document.querySelector('#exchanges summary')";
    stage.browser.wait_for(summary);
    let text = stage.text(&format!("{summary}.innerText"));
    assert!(
        text.contains("GET /v1/video/generations/no-envelope"),
        "{text}"
    );
    assert!(text.contains("violates"), "{text}");
    stage.browser.value(&format!("{summary}.click()"));
    stage
        .browser
        .wait_for("document.querySelector('#exchanges .report .finding')");
    let text = stage.text("document.querySelector('#exchanges .report').innerText");
    assert!(text.contains("no-envelope"), "{text}");
    stage.is_at_peace();
}

/// The key is sent, and neither shown nor kept.
#[test]
fn the_key_is_typed_hidden_and_kept_nowhere() {
    const KEY: &str = "sk-mock-0123456789abcdef";
    let runtime = super::runtime();
    let gateway = seedance_mock::Gateway::builder().speed(0.0).start();
    let gateway = runtime.block_on(gateway).unwrap();
    assert_eq!(gateway.api_key(), KEY);
    let backend = seedance_playground::Backend::gateway(gateway.base_url());
    let mut stage = Stage::open(&backend, gateway.base_url(), runtime);
    stage
        .browser
        .value("document.querySelector('button.authorize').click()");
    let input = "document.getElementById('auth-bearer-value')";
    stage.browser.wait_for(input);
    assert_eq!(stage.text(&format!("{input}.type")), "password");
    stage.browser.value(&format!("{input}.focus()"));
    stage.browser.type_text(KEY);
    stage.browser.press("Enter");
    stage
        .browser
        .wait_for("document.querySelector('.auth-container')?.innerText.includes('******')");
    stage
        .browser
        .value("document.querySelector('.btn-done').click()");

    stage.open_query();
    stage.execute();
    assert!(gateway.requests()[0].has_right_key);
    let curl = stage.text("document.querySelector('.curl-command pre').innerText");
    assert!(
        curl.contains("-H \"Authorization: Bearer $SEEDANCE_API_KEY\""),
        "{curl}"
    );
    assert!(!curl.to_lowercase().contains("x-request-id"), "{curl}");
    for place in [
        "document.documentElement.outerHTML",
        "document.body.innerText",
        "[...document.querySelectorAll('input, textarea')].map((input) => input.value).join()",
        "JSON.stringify({ ...localStorage })",
        "JSON.stringify({ ...sessionStorage })",
        "document.cookie",
        "location.href",
        "fetch('/_playground/exchanges.json').then((answer) => answer.text())",
        "fetch('/_playground/settings.json').then((answer) => answer.text())",
    ] {
        let text = stage.text(place);
        assert!(!text.contains(KEY), "{place}: {text}");
    }
    stage.is_at_peace();
}
