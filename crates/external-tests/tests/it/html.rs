//! The page, in a browser.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use seedance_query::Source;
use seedance_traffic::{
    Session, Summary,
    output::html::{self, Html},
};
use serde_json::{Value, json};

use crate::readme_picture;

use seedance_external_tests::{Browser, started, validate_all};

/// A browser that takes longer is stopped.
const BROWSER_TIMEOUT: Duration = Duration::from_mins(1);

/// Opens a page in headless Chromium; gives the document as it is then, and what was logged.
fn open(page: &str, flags: &[&str]) -> (String, String) {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    fs::write(file("page.html"), page).unwrap();
    let mut command = Command::new("chromium");
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
        .args(["--disable-dev-shm-usage", "--enable-logging=stderr"])
        .args(["--no-first-run", "--disable-background-networking"])
        .arg(format!("--user-data-dir={}", file("profile").display()))
        .args(flags)
        .arg(format!("file://{}", file("page.html").display()))
        .stdin(Stdio::null())
        .stdout(File::create(file("dom")).unwrap())
        .stderr(File::create(file("log")).unwrap());
    let mut browser = started(command.spawn(), "chromium", "chromium");
    let start = Instant::now();
    let status = loop {
        if let Some(status) = browser.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > BROWSER_TIMEOUT {
            browser.kill().unwrap();
            browser.wait().unwrap();
            panic!(
                "chromium takes longer than {BROWSER_TIMEOUT:?}: {}",
                read(&file("log"))
            );
        }
        sleep(Duration::from_millis(20));
    };
    let (dom, log) = (read(&file("dom")), read(&file("log")));
    assert!(status.success(), "chromium: {status}: {log}");
    (dom, log)
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
}

/// Opens the page in a frame of another one, whose script tells what the browser makes of it.
fn measure(page: &str, width: u32, flags: &[&str]) -> Value {
    let page = page.replace('&', "&amp;").replace('"', "&quot;");
    let host = format!(
        r#"<!doctype html>
<style>iframe {{ border: 0; color-scheme: light dark }}</style>
<iframe width="{width}" height="800" srcdoc="{page}"></iframe>
<pre id="measured"></pre>
<script>
  addEventListener("load", () => {{
    const page = document.querySelector("iframe").contentDocument;
    const body = page.defaultView.getComputedStyle(page.body);
    document.getElementById("measured").textContent = JSON.stringify({{
      needs: page.documentElement.scrollWidth,
      background: body.backgroundColor,
      scripts: page.scripts.length,
      images: page.images.length,
      text: page.body.innerText,
    }});
  }});
</script>"#
    );
    let (dom, log) = open(&host, flags);
    let start = "<pre id=\"measured\">";
    let (_, measured) = dom.rsplit_once(start).unwrap_or_else(|| panic!("{log}"));
    let escaped = &measured[..measured.find("</pre>").unwrap()];
    let json = escaped
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&");
    serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error} in {json:?}: {log}"))
}

/// The page of all bodies, and what it has to show.
fn page() -> (String, Summary) {
    let summary = validate_all(&mut Html::new(Vec::new()));
    (html::page(&summary).unwrap(), summary)
}

#[test]
fn shows_the_numbers() {
    let (page, summary) = page();
    let (dom, log) = open(&page, &[]);
    assert!(!log.contains("Content Security Policy"), "{log}");
    for (name, count) in [
        ("Responses", summary.responses),
        ("Conform", summary.verdicts.conforms),
        ("Drift", summary.verdicts.drifts),
        ("Violate", summary.verdicts.violates),
        ("Errors", summary.severities.errors),
        ("Warnings", summary.severities.warnings),
        ("Infos", summary.severities.infos),
        ("Distinct findings", summary.drifts.len() as u64),
    ] {
        let total = format!("<dt>{name}</dt><dd>{count}</dd>");
        assert!(dom.contains(&total), "{total} is not shown");
    }
    assert!(summary.responses > 100 && summary.rules.len() > 30);
    let (_, rules) = dom.split_once("<h2 id=\"rules\">").unwrap();
    for rule in &summary.rules {
        let link = format!("href=\"#{}\"", rule.rule);
        let (_, row) = rules.split_once(&link).unwrap();
        let (_, count) = row.split_once("<td class=\"count\">").unwrap();
        let expected = format!("{}</td>", rule.count);
        assert!(count.starts_with(&expected), "{}: {expected}", rule.rule);
        let target = format!(" id=\"{}\"", rule.rule);
        assert_eq!(dom.matches(&target).count(), 1, "{target}");
    }
    let findings = dom.matches("<details class=\"finding ").count();
    assert_eq!(findings, summary.drifts.len());
    let excerpts = dom.matches("<pre class=\"excerpt\">").count();
    let snippets = summary
        .drifts
        .iter()
        .filter(|drift| drift.snippet.is_some());
    assert_eq!(excerpts, snippets.count());
    let lives = dom.matches("<svg class=\"timeline\"").count();
    assert_eq!(lives, summary.lives.len().min(40));
}

#[test]
fn fits_narrow_and_wide_screens_in_both_colour_schemes() {
    let (page, summary) = page();
    let mut backgrounds = BTreeSet::new();
    for (width, scheme) in [(360, "1"), (360, "0"), (1200, "1"), (1200, "0")] {
        let scheme = format!("--blink-settings=preferredColorScheme={scheme}");
        let measured = measure(&page, width, &[&scheme, "--hide-scrollbars"]);
        let needs = measured["needs"].as_u64().unwrap();
        assert!(needs <= width.into(), "{width} px: it needs {needs} px");
        backgrounds.insert(measured["background"].to_string());
        let headline = format!(
            "{} of {} responses violate the contract",
            summary.verdicts.violates, summary.responses
        );
        assert!(measured["text"].as_str().unwrap().contains(&headline));
    }
    let expected = ["\"rgb(18, 19, 22)\"", "\"rgb(246, 246, 244)\""];
    assert_eq!(backgrounds, expected.map(str::to_owned).into());
}

#[test]
fn input_never_becomes_markup() {
    let hostile = "</title></style></pre></code><script>alert(1)</script>\"'><img src=x onerror=y>";
    let text = Value::from(hostile);
    let body = format!(
        r#"{{"code":"success","message":"","data":{{"task_id":{text},"status":{text},{text}:[]}}}}"#
    );
    let mut session = Session::new();
    session.validate(Source::whole(hostile), None, None, body.as_bytes());
    let page = html::page(&session.summary()).unwrap();
    let measured = measure(&page, 800, &[]);
    let text = measured["text"].as_str().unwrap();
    assert!(
        text.matches("<script>alert(1)</script>").count() > 2,
        "{text}"
    );
    assert_eq!(
        (&measured["scripts"], &measured["images"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(
        measured["background"].as_str().unwrap().find("rgb("),
        Some(0)
    );
}

#[test]
fn a_foreign_style_is_refused() {
    let (page, _) = page();
    let changed = page.replace("<style>", "<style>body { color: red }");
    assert_ne!(changed, page);
    let (_, log) = open(&changed, &[]);
    assert!(log.contains("Content Security Policy"), "{log}");
}

/// `UPDATE_DOCS=1` takes the picture again.
#[test]
fn the_picture_in_the_readme_is_small() {
    readme_picture::is_small("report.png", || {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("report.html");
        fs::write(&file, page().0).unwrap();
        let mut browser = Browser::start();
        browser.resize(1200, 1000);
        browser.prefer("light");
        browser.open(&format!("file://{}", file.display()));
        browser.wait_for("document.readyState === 'complete' && document.getElementById('rules')");
        browser.screenshot()
    });
}
