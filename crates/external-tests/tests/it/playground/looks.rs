//! Colours, widths, the keyboard, and the picture in the README.

use std::time::Duration;

use super::{EXECUTE, REPORT, Stage};
use crate::readme_picture;

#[test]
fn fits_a_phone_in_both_colour_schemes() {
    let (mut stage, _gateway) = Stage::mock();
    stage.use_task("extra-members");
    stage.execute();
    let mut backgrounds = Vec::new();
    for (width, colours) in [
        (360, "dark"),
        (360, "light"),
        (1280, "dark"),
        (1280, "light"),
    ] {
        stage.browser.resize(width, 800);
        stage.browser.prefer(colours);
        let is_dark = colours == "dark";
        stage.browser.wait_for(&format!(
            "innerWidth === {width} && \
             document.documentElement.classList.contains('dark-mode') === {is_dark}"
        ));
        let needed = stage.browser.value("document.documentElement.scrollWidth");
        assert!(
            needed.as_u64().unwrap() <= width.into(),
            "{width} px: it needs {needed} px"
        );
        backgrounds.push(stage.text("getComputedStyle(document.body).backgroundColor"));
    }
    let (dark, light) = ("rgb(18, 19, 22)", "rgb(246, 246, 244)");
    assert_eq!(backgrounds, [dark, light, dark, light]);
}

#[test]
fn the_keyboard_is_enough() {
    let (mut stage, gateway) = Stage::mock();
    stage
        .browser
        .value("document.getElementById('task').focus()");
    // The names of a list are found by typing them.
    for key in ["f", "a", "i", "l", "u"] {
        stage.browser.press(key);
    }
    stage
        .browser
        .wait_for("document.getElementById('task').value.startsWith('failure')");
    let description = stage.text("document.getElementById('task-description').innerText");
    assert!(description.contains("fails"), "{description}");
    stage.browser.press("Tab");
    stage.browser.press("Enter");
    stage
        .browser
        .wait_for(&format!("document.activeElement === {EXECUTE}"));
    stage.browser.press("Enter");
    stage.browser.wait_for(REPORT);
    assert!(gateway.requests()[0].path.contains("Failure"));
}

/// `UPDATE_DOCS=1` takes the picture again.
#[test]
fn the_picture_in_the_readme_is_small() {
    readme_picture::is_small("playground.png", || {
        let (mut stage, gateway) = Stage::mock();
        stage.browser.resize(1280, 900);
        stage.browser.prefer("light");
        stage.use_task("upstream-expired");
        stage.execute();
        gateway.advance(Duration::from_mins(5));
        stage.execute();
        stage.browser.value(&format!(
            "{REPORT}.parentElement.scrollIntoView({{ block: 'center' }})"
        ));
        stage.browser.screenshot()
    });
}
