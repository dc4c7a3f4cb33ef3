//! Secrets in every place and form, looked for in every output.
//!
//! Out of scope, because something has to print it or nothing can tell it from a word: the signed
//! URLs and members of a body that is asked for with `get --json`, `wait --json` or `--unredacted`
//! (the own key is hidden there, too); a key in an encoding that no gateway uses, such as hexadecimal digits or
//! backwards; a password in a sentence without a colon ("the password is …"); parts of a key; file
//! names that are given on the command line; what a user writes into a configuration.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tempfile::TempDir;

use seedance_testing::{
    files::files,
    http_server::{Reply, Server},
    patience::until,
    raw_client::RawClient,
    replies::response,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_seedance-query");
const KEY: &str = "sk-0wnKey/Of+The.User-0123";
const ID: &str = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";

/// Makes secrets, each of them another one, and remembers them.
#[derive(Default)]
struct Canaries(Vec<String>);

impl Canaries {
    fn next(&mut self) -> String {
        let canary = format!("C4nary{:03}z9Qx7Lm2", self.0.len());
        self.0.push(canary.clone());
        canary
    }

    /// Members with a secret name: a text, an array and an object of each.
    fn members(&mut self) -> Value {
        let names = [
            "authorization",
            "cookie",
            "set-cookie",
            "passwd",
            "private_key",
            "session_id",
            "sig",
            "auth",
            "jwt",
            "token",
            "tokens",
            "api_key",
        ];
        let mut all = json!({});
        for name in names {
            all[name] = self.next().into();
            all[format!("x_{name}s")] = json!({ name: [self.next(), { "a": self.next() }] });
        }
        all
    }

    /// URLs as the stores sign them.
    fn urls(&mut self) -> Vec<String> {
        [
            "https://s3.example/v?X-Amz-Date=20260528T202910Z&X-Amz-Expires=60&X-Amz-Signature=@",
            "https://tos.example/v?X-Tos-Date=20260528T202910Z&X-Tos-Expires=60&X-Tos-Signature=@",
            "https://oss.example/v?Expires=1780086550&OSSAccessKeyId=@&Signature=x",
            "https://cos.example/v?q-sign-time=1780000150;1780086550&q-signature=@",
            "https://gcs.example/v?X-Goog-Expires=900&X-Goog-Signature=@",
            "https://obs.example/v?AccessKeyId=@&Expires=1780086550&Signature=x",
            "https://azure.example/v?se=2026-05-29T20%3A29%3A10Z&sig=@",
            "https://cloudfront.example/v?Expires=1780086550&Policy=@&Key-Pair-Id=x",
            "https://qiniu.example/v?e=1780086550&token=@:x",
            "https://supabase.example/v?token=@",
            "https://me:@@a.example/v",
            "https://a.example/v#access_token=@",
            "https://a.example/token/@/v",
            "https://a.example/exp=1~hmac=@/v",
        ]
        .map(|url| url.replacen('@', &self.next(), 1))
        .to_vec()
    }

    /// Texts of other kinds with a secret in each.
    fn texts(&mut self) -> Vec<String> {
        [
            "Authorization: Bearer @",
            "Incorrect API key provided: sk-@.",
            "Cookie: a=b; sid=@",
            "X-Api-Key: @",
            "password=@&x=1",
            "token: @\\nuser: x",
            "tokens:\\n  - @\\n",
            "eyJhbGciOiJIUzI1NiJ9.@.c2ln",
            "-----BEGIN PRIVATE KEY-----\\n@\\n-----END PRIVATE KEY-----",
            "<input name='token' value='@'>",
            "<token>@</token>",
            "{\"message\":\"{\\\"token\\\":\\\"@\\\"}\"}",
            "{\"token\":\"@",
            "{'secret': '@'}",
            "curl -H 'Cookie: @'",
        ]
        .map(|text| text.replace("\\n", "\n").replace('@', &self.next()))
        .to_vec()
    }
}

/// The own key as a gateway can repeat it.
fn key_forms() -> Vec<String> {
    let each = |form: &dyn Fn(u8) -> String| KEY.bytes().map(form).collect::<String>();
    vec![
        KEY.to_owned(),
        KEY["sk-".len()..].to_owned(),
        KEY.replace('/', "%2F").replace('+', "%2B"),
        each(&|byte| format!("%{byte:02X}")),
        each(&|byte| format!("&#{byte};")),
        each(&|byte| format!("\\u{byte:04x}")),
        STANDARD.encode(KEY),
        STANDARD.encode(format!("user:{KEY}")),
    ]
}

/// Bodies with all of it: a success, a failure, an error, a page, broken JSON.
fn bodies(canaries: &mut Canaries) -> Vec<(&'static str, Vec<u8>)> {
    let keys = key_forms().join(" ");
    let urls = canaries.urls();
    let success = json!({ "code": "success", "message": keys, "data": {
        "task_id": ID, "action": "generate", "status": "SUCCESS", "result_url": urls[1],
        "fail_reason": urls[0], "submit_time": 1, "start_time": 1, "finish_time": 2,
        "progress": keys, "request_id": canaries.texts(), "extra": canaries.members(),
        "more": urls, "data": { "content": { "video_url": urls[2] } },
        format!("k {KEY}"): 1,
    }});
    let reason = [canaries.texts().join("\n"), keys.clone()].join("\n");
    let failure = json!({ "code": "success", "message": "", "data": {
        "task_id": ID, "action": keys, "status": "FAILURE", "fail_reason": reason,
        "submit_time": 1, "start_time": 1, "finish_time": 2, "progress": "100%",
    }});
    let error = json!({ "error": { "code": canaries.texts()[1], "message": reason, "type": keys,
        "param": canaries.members() } });
    let page = format!(
        "<html><title>{}</title><p>{keys}</p></html>",
        canaries.texts()[1]
    );
    let broken = failure.to_string().replace("\"FAILURE\"", "FAILURE");
    vec![
        ("200 OK", success.to_string().into_bytes()),
        ("200 OK", failure.to_string().into_bytes()),
        ("401 Unauthorized", error.to_string().into_bytes()),
        ("502 Bad Gateway", page.into_bytes()),
        ("200 OK", broken.into_bytes()),
    ]
}

fn assert_none(what: &str, text: &[u8], secrets: &[String]) {
    let text = String::from_utf8_lossy(text);
    for secret in secrets {
        assert!(!text.contains(secret), "{what} has {secret}:\n{text}");
    }
    let lower = text.to_ascii_lowercase();
    assert!(
        !lower.contains(&KEY["sk-".len()..].to_ascii_lowercase()),
        "{what}"
    );
}

async fn run(arguments: &[&str], url: &str, directory: &Path) -> Vec<u8> {
    let mut command = Command::new(PROGRAM);
    command
        .env("SEEDANCE_BASE_URL", url)
        .env("SEEDANCE_API_KEY", KEY)
        .current_dir(directory)
        .args(arguments)
        .stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    assert!(output.status.code().is_some(), "{arguments:?}");
    [output.stdout, output.stderr].concat()
}

/// No command prints or writes any of them, whatever the gateway says.
#[tokio::test(flavor = "multi_thread")]
async fn no_secret_leaves() {
    let mut canaries = Canaries::default();
    let bodies = bodies(&mut canaries);
    assert!(canaries.0.len() >= 80, "{}", canaries.0.len());
    let secrets = [canaries.0.clone(), key_forms()].concat();
    let recordings = TempDir::new().unwrap();
    for (index, (status, body)) in bodies.iter().enumerate() {
        let header = format!(
            "X-{}: 1\r\nX-Echo: {KEY}\r\nSet-Cookie: a={}\r\n",
            &KEY[3..9],
            secrets[0]
        );
        let server = Server::always(response(status, &header, body)).await;
        let work = TempDir::new().unwrap();
        let short = ["--interval", "0.1s", "--wait-timeout", "1s"];
        let wait = [&["wait", ID][..], &short].concat();
        let wait_json = [&["wait", ID, "--json"][..], &short].concat();
        let fetch = [&["fetch", ID, "-d", "videos"][..], &short].concat();
        for arguments in [
            &["get", ID, "--record", "captures"][..],
            &["get", ID, "--record", "captures", "--redact-ids"],
            &wait,
            &fetch,
        ] {
            // What passes is asked for again, for minutes.
            if arguments == fetch && matches!(index, 3 | 4) {
                continue;
            }
            let said = run(arguments, &server.url, work.path()).await;
            assert_none(&format!("{arguments:?} {index}"), &said, &secrets);
        }
        for arguments in [&["get", ID, "--json"][..], &wait_json] {
            let printed = run(arguments, &server.url, work.path()).await;
            assert_none(&format!("{arguments:?} {index}"), &printed, &key_forms());
        }
        for path in files(&work.path().display().to_string()) {
            let bytes = fs::read(&path).unwrap();
            assert_none(&path.display().to_string(), &bytes, &secrets);
            assert_none(
                "the name of a file",
                path.display().to_string().as_bytes(),
                &secrets,
            );
        }
        fs::write(recordings.path().join(format!("{index}.json")), body).unwrap();
    }
    // Of recordings no key is known; what looks like a secret is hidden all the same.
    let of_recordings: Vec<String> = canaries.0.clone();
    for format in ["text", "json", "junit", "sarif", "github", "html"] {
        let arguments = ["validate", "--format", format, "."];
        let said = run(&arguments, "http://127.0.0.1:9", recordings.path()).await;
        let said = String::from_utf8(said).unwrap();
        for canary in &of_recordings {
            assert!(!said.contains(canary), "{format} has {canary}:\n{said}");
        }
    }
}

/// The pages of the proxy, what it prints and what it records.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn no_secret_leaves_the_proxy() {
    let mut canaries = Canaries::default();
    let bodies = bodies(&mut canaries);
    let secrets = [canaries.0.clone(), key_forms()].concat();
    let replies: Vec<Reply> = bodies
        .iter()
        .map(|(status, body)| {
            let header = format!("X-Echo: {KEY}\r\nSet-Cookie: a={}\r\n", secrets[0]);
            response(status, &header, body)
        })
        .collect();
    for more in [&[][..], &["--json"]] {
        let server = Server::in_turn(replies.clone()).await;
        let work = TempDir::new().unwrap();
        let (out, err) = (work.path().join("out"), work.path().join("err"));
        let mut child = Command::new(PROGRAM)
            .args(["proxy", "--upstream", &server.url, "--record", "captures"])
            .args(more)
            .current_dir(work.path())
            .stdin(Stdio::null())
            .stdout(fs::File::create(&out).unwrap())
            .stderr(fs::File::create(&err).unwrap())
            .spawn()
            .unwrap();
        let port = || {
            let text = fs::read_to_string(&out).unwrap();
            let (_, rest) = text.split_once("http://127.0.0.1:")?;
            let (port, _) = rest.split_once(|c: char| !c.is_ascii_digit())?;
            port.parse::<u16>().ok()
        };
        until("the address", || port().is_some()).await;
        let address = ([127, 0, 0, 1], port().unwrap()).into();
        let ask = async |path: &str| {
            let mut client = RawClient::connect(address).await;
            let head = format!(
                "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n\r\n"
            );
            client.write(head).await;
            let (head, body) = client.response().await;
            (head, body)
        };
        for _ in &bodies {
            ask(&format!("/v1/video/generations/{ID}?key={KEY}")).await;
        }
        let captures = work.path().join("captures");
        let recorded = || fs::read_dir(&captures).map_or(0, Iterator::count);
        until("the captures", || recorded() >= bodies.len()).await;
        for path in ["/_report", "/_report.json", "/_metrics"] {
            let (head, body) = ask(path).await;
            assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
            assert!(body.len() > 500, "{path}");
            assert_none(path, &body, &secrets);
        }
        let id = child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &id])
                .status()
                .unwrap()
                .success()
        );
        child.wait().unwrap();
        for path in files(&work.path().display().to_string()) {
            let name = path.display().to_string();
            assert_none(&name, &fs::read(&path).unwrap(), &secrets);
            assert_none("the name of a file", name.as_bytes(), &secrets);
        }
    }
}
