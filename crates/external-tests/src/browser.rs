//! Chromium, driven through its debugging pipe: no socket, and no other library.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::program::started;

/// What takes longer does not come.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often the page is asked.
const PERIOD: Duration = Duration::from_millis(30);

/// Notes in the page what its policy refuses.
const NOTE_VIOLATIONS: &str = "
    window.violations = [];
    addEventListener('securitypolicyviolation', (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
";

/// A browser with one page, closed when dropped.
pub struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    session: Option<String>,
    last_id: u64,
    /// All that the page was told about, such as each request.
    events: Vec<Value>,
    _profile: TempDir,
}

impl Browser {
    /// Starts it with an empty page.
    pub fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        // The browser reads from file descriptor 3 and writes to 4.
        let mut command = Command::new("sh");
        command
            .args([
                "-c",
                "exec chromium \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1",
            ])
            .args(["sh", "--headless", "--no-sandbox", "--disable-gpu"])
            .args([
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars",
            ])
            .args(["--disable-background-networking", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = started(command.spawn(), "chromium", "chromium");
        let to = child.stdin.take().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (sender, from) = channel();
        thread::spawn(move || {
            let mut message = Vec::new();
            while out
                .read_until(0, &mut message)
                .is_ok_and(|length| length > 0)
            {
                let json = serde_json::from_slice(message.strip_suffix(&[0]).unwrap_or(&message));
                if sender.send(json.unwrap_or_default()).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let mut browser = Self {
            child,
            to,
            from,
            session: None,
            last_id: 0,
            events: Vec::new(),
            _profile: profile,
        };
        browser.attach();
        browser
    }

    fn attach(&mut self) {
        let target = self.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.call("Target.attachToTarget", &attach);
        self.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Network", "Log"] {
            self.call(&format!("{domain}.enable"), &json!({}));
        }
        let script = json!({ "source": NOTE_VIOLATIONS });
        self.call("Page.addScriptToEvaluateOnNewDocument", &script);
    }

    /// Calls a method of the DevTools protocol; panics if it fails.
    pub fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let text = message.to_string() + "\0";
        started(self.to.write_all(text.as_bytes()), "chromium", "chromium");
        let until = Instant::now() + PATIENCE;
        loop {
            let mut message = self.next(until, method);
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].take();
            }
            self.events.push(message);
        }
    }

    fn next(&mut self, until: Instant, wanted: &str) -> Value {
        let left = until.saturating_duration_since(Instant::now());
        match self.from.recv_timeout(left) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => panic!("{wanted}: nothing within {PATIENCE:?}"),
            Err(RecvTimeoutError::Disconnected) => {
                panic!("{wanted}: chromium has ended; `apt-get install chromium` installs it")
            }
        }
    }

    /// Opens an address.
    pub fn open(&mut self, url: &str) {
        let opened = self.call("Page.navigate", &json!({ "url": url }));
        assert!(opened["errorText"].is_null(), "{url}: {opened}");
    }

    /// The value of an expression; panics if the page throws.
    pub fn value(&mut self, expression: &str) -> Value {
        let parameters = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true
        });
        let mut result = self.call("Runtime.evaluate", &parameters);
        let exception = &result["exceptionDetails"];
        assert!(exception.is_null(), "{expression}: {exception}");
        result["result"]["value"].take()
    }

    /// Waits until an expression is something, and gives that; until then it may throw.
    pub fn wait_for(&mut self, expression: &str) -> Value {
        let until = Instant::now() + PATIENCE;
        // An element has no value that could be sent.
        let tried = format!(
            "(() => {{ try {{ const it = ({expression}); return it instanceof Node ? true : it }} \
             catch {{ return null }} }})()"
        );
        loop {
            let value = self.value(&tried);
            if !matches!(value, Value::Null | Value::Bool(false)) {
                return value;
            }
            if Instant::now() > until {
                let text = self.value("document.body.innerText");
                panic!("{expression}: still {value} after {PATIENCE:?}: {text}");
            }
            thread::sleep(PERIOD);
        }
    }

    /// Presses a key and lets it go; a single character is typed.
    pub fn press(&mut self, key: &str) {
        let text = match key {
            "Enter" => "\r",
            key if key.chars().count() == 1 => key,
            _ => "",
        };
        let code = match key {
            "Enter" => 13,
            "Tab" => 9,
            _ => 0,
        };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let parameters = json!({
                "type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code
            });
            self.call("Input.dispatchKeyEvent", &parameters);
        }
    }

    /// Types a text where the focus is.
    pub fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", &json!({ "text": text }));
    }

    /// Sets the size of the page in CSS pixels.
    pub fn resize(&mut self, width: u32, height: u32) {
        let parameters = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600
        });
        self.call("Emulation.setDeviceMetricsOverride", &parameters);
    }

    /// Sets the preferred colours, `light` or `dark`.
    pub fn prefer(&mut self, colours: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": colours });
        self.call(
            "Emulation.setEmulatedMedia",
            &json!({ "features": [feature] }),
        );
    }

    /// The visible part of the page as PNG, in base64.
    pub fn screenshot(&mut self) -> String {
        let taken = self.call("Page.captureScreenshot", &json!({ "format": "png" }));
        taken["data"].as_str().unwrap().to_owned()
    }

    /// The addresses of all requests of the page so far.
    pub fn requested(&self) -> Vec<&str> {
        let requests = self.events.iter();
        let requests = requests.filter(|event| event["method"] == "Network.requestWillBeSent");
        requests
            .filter_map(|event| event["params"]["request"]["url"].as_str())
            .collect()
    }

    /// What the page's policy refused, and what was logged as an error or thrown.
    pub fn complaints(&mut self) -> Vec<String> {
        let refused = self.value("window.violations");
        let mut complaints: Vec<String> = serde_json::from_value(refused).unwrap();
        for event in &self.events {
            let is_error = match event["method"].as_str() {
                Some("Runtime.exceptionThrown") => true,
                Some("Log.entryAdded") => event["params"]["entry"]["source"] == "security",
                _ => false,
            };
            if is_error {
                complaints.push(event["params"].to_string());
            }
        }
        complaints
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
