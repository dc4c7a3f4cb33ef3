//! The video of a finished task: played from the page's own server, or not at all.

use seedance_mock::{Gateway, Origin};

use super::Stage;

const SECTION: &str = "document.querySelector('#operations-Video-query_task .video')";
const PLAYER: &str = "document.querySelector('#operations-Video-query_task .video video')";
const BUTTON: &str = "document.querySelector('#operations-Video-query_task .video button')";

/// How often a video was asked for.
fn asked_for(gateway: &Gateway) -> usize {
    let requests = gateway.requests();
    let videos = requests
        .iter()
        .filter(|request| request.origin != Origin::Gateway || request.path.ends_with("/content"));
    videos.count()
}

fn plays(stage: &mut Stage) {
    stage
        .browser
        .value(&format!("{PLAYER}.muted = true; {PLAYER}.play()"));
    stage.browser.wait_for(&format!(
        "{PLAYER}.videoWidth === 160 && {PLAYER}.currentTime > 0"
    ));
}

#[test]
fn the_mocks_own_address_is_played_once_it_is_wanted() {
    let (mut stage, gateway) = Stage::mock();
    stage.finish(&gateway, "normal");
    stage.browser.wait_for(PLAYER);
    assert_eq!(stage.text(&format!("{PLAYER}.preload")), "none");
    assert_eq!(stage.browser.value(&format!("{PLAYER}.controls")), true);
    assert_eq!(asked_for(&gateway), 0);
    plays(&mut stage);
    assert!(asked_for(&gateway) > 0);

    // The gateway's address needs the key, which the page has.
    stage.finish(&gateway, "gateway-url");
    stage.browser.wait_for(BUTTON);
    let before = asked_for(&gateway);
    stage.browser.value(&format!("{BUTTON}.click()"));
    stage.browser.wait_for(PLAYER);
    assert!(
        stage
            .text(&format!("{PLAYER}.src"))
            .starts_with("blob:http://127.0.0.1")
    );
    assert_eq!(asked_for(&gateway), before + 1);
    assert!(gateway.requests().pop().unwrap().has_right_key);
    plays(&mut stage);

    // A task that has failed has none.
    stage.finish(&gateway, "failure-text-in-result-url");
    assert_eq!(stage.browser.value(&format!("{SECTION} === null")), true);
    stage.is_at_peace();
}

/// The storage is another origin, which the page does not ask.
#[test]
fn behind_a_proxy_the_gateways_own_address_is_tried_when_it_is_wanted() {
    let (mut stage, gateway) = Stage::mock_behind_a_proxy();
    stage.finish(&gateway, "normal");
    stage.browser.wait_for(BUTTON);
    let text = stage.text(&format!("{SECTION}.innerText"));
    let storage = gateway.storage_url().trim_start_matches("http://");
    let said = format!("The video is at {storage}, which this page does not ask");
    assert!(text.contains(&said), "{text}");
    assert_eq!(asked_for(&gateway), 0);
    stage.browser.value(&format!("{BUTTON}.click()"));
    stage.browser.wait_for(PLAYER);
    plays(&mut stage);

    stage.is_at_peace();

    for (name, said) in [
        ("not-a-video", "not a video: text/html"),
        // The browser names where a redirect leads, though nothing is sent there.
        (
            "gateway-url-redirect",
            "sends the video from another address",
        ),
    ] {
        stage.finish(&gateway, name);
        stage.browser.wait_for(BUTTON);
        stage.browser.value(&format!("{BUTTON}.click()"));
        stage
            .browser
            .wait_for(&format!("{SECTION}.innerText.includes('{said}')"));
    }
    let at_storage = gateway.requests();
    let at_storage = at_storage
        .iter()
        .filter(|one| one.origin != Origin::Gateway);
    assert_eq!(at_storage.count(), 0);
    assert_eq!(stage.browser.complaints(), Vec::<String>::new());
}
