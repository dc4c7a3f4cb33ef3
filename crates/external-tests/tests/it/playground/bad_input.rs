//! What is down, and what is not allowed.

use std::net::TcpListener;

use super::{REPORT, Stage};
use seedance_playground::Backend;

const NOTICE: &str = "document.getElementById('notice')";

#[test]
fn a_gateway_that_is_down_is_said_to_be() {
    let runtime = super::runtime();
    let closed = {
        // A port that was free a moment ago.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let mut stage = Stage::open(&Backend::gateway(&closed), &closed, runtime);
    let backend = stage.text("document.getElementById('backend').innerText");
    assert!(backend.contains(&closed), "{backend}");
    // Before anything is sent: where, why, and what to do.
    stage.browser.wait_for(&format!("!{NOTICE}.hidden"));
    let notice = stage.text(&format!("{NOTICE}.innerText"));
    for part in [
        &format!("The gateway at {closed} does not answer: cannot connect"),
        "Start it, or start the playground again with the right --upstream",
    ] {
        assert!(notice.contains(part), "{notice}");
    }
    stage.open_query();
    let text = stage.execute();
    assert!(
        text.contains("No response") && text.contains("cannot connect"),
        "{text}"
    );
    assert_eq!(
        stage.text(&format!("{REPORT}.querySelector('.badge').className")),
        "badge failed"
    );
    stage.is_at_peace();

    // Once it is there, nothing is said.
    let listener = TcpListener::bind(closed.trim_start_matches("http://")).unwrap();
    stage.browser.wait_for(&format!("{NOTICE}.hidden"));
    drop(listener);

    // The page stays when its server ends, and says so.
    let proxy = stage.proxy.take().unwrap();
    stage.runtime.block_on(proxy.shutdown());
    let is_said = format!("{NOTICE}.innerText.includes('does not answer')");
    stage.browser.wait_for(&is_said);
    assert!(
        stage
            .text("document.body.innerText")
            .contains("Query a task")
    );
}

#[test]
fn a_foreign_script_is_refused() {
    let (mut stage, _gateway) = Stage::mock();
    stage.browser.value(
        "document.head.append(Object.assign(document.createElement('script'), \
         { src: 'http://127.0.0.1:9/foreign.js' })); \
         document.body.append(Object.assign(document.createElement('div'), \
         { innerHTML: '<p style=\"color: red\">' }))",
    );
    stage.browser.wait_for("window.violations.length >= 2");
    let complaints = stage.browser.complaints().join("\n");
    assert!(
        complaints.contains("script-src") && complaints.contains("style-src"),
        "{complaints}"
    );
}
