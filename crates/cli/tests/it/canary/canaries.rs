//! Some eighty secrets, and answers that are full of them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use seedance_query::model::operation::QUERY;
use seedance_testing::{
    http_message::{Request, bytes},
    http_server::Server,
    secret_names::SECRET_NAMES,
};

/// The task that all answers are about.
pub const ID: &str = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";

/// Keys of users: as most gateways issue them, without the prefix, and short.
pub const KEYS: [&str; 3] = ["sk-0wnKey/Of+The.User-0123", "PlainWordsAsKey", "k7-q9Z"];

/// Makes secrets, each of them another one, and remembers them.
#[derive(Default)]
pub struct Canaries(pub Vec<String>);

impl Canaries {
    fn next(&mut self) -> String {
        let canary = format!("C4nary{:03}z9Qx7Lm2", self.0.len());
        self.0.push(canary.clone());
        canary
    }

    /// A text in which each `@` is another secret.
    pub fn planted(&mut self, text: &str) -> String {
        let mut parts = text.split('@');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |all, part| all + &self.next() + part)
    }

    /// Members with a secret name: a text, an array and an object of each.
    pub fn members(&mut self) -> Value {
        let mut all = json!({});
        for name in SECRET_NAMES {
            all[name] = self.next().into();
            all[format!("x_{name}s")] = json!({ name: [self.next(), { "a": self.next() }] });
        }
        all
    }

    /// URLs as the stores sign them.
    pub fn urls(&mut self) -> Vec<String> {
        [
            "https://s3.example/v?X-Amz-Date=20260528T202910Z&X-Amz-Expires=60&X-Amz-Signature=@",
            "https://tos.example/v?X-Tos-Date=20260528T202910Z&X-Tos-Expires=60&X-Tos-Signature=@",
            "https://oss.example/v?Expires=1780086550&OSSAccessKeyId=@&Signature=@",
            "https://cos.example/v?q-sign-time=1780000150;1780086550&q-ak=@&q-signature=@",
            "https://gcs.example/v?X-Goog-Expires=900&X-Goog-Signature=@",
            "https://obs.example/v?AccessKeyId=@&Expires=1780086550&Signature=@",
            "https://azure.example/v?se=2026-05-29T20%3A29%3A10Z&sig=@",
            "https://cloudfront.example/v?Expires=1780086550&Policy=@&Key-Pair-Id=@",
            "https://qiniu.example/v?e=1780086550&token=@:@",
            "https://supabase.example/v?token=@",
            "https://me:@@a.example/v",
            "https://a.example/v#access_token=@",
            "https://a.example/token/@/v",
            "https://a.example/exp=1~hmac=@/v",
        ]
        .map(|url| match url.split_once("me:@@") {
            Some((before, after)) => format!("{before}me:{}@{after}", self.next()),
            None => self.planted(url),
        })
        .to_vec()
    }

    /// Texts of other kinds with a secret in each.
    pub fn texts(&mut self) -> Vec<String> {
        [
            "Authorization: Bearer @",
            "Incorrect API key provided: sk-@.",
            "Cookie: a=b; sid=@",
            "X-Api-Key: @",
            "password=@&x=1",
            "token: @\nuser: x",
            "tokens:\n  - @\n",
            "eyJhbGciOiJIUzI1NiJ9.@.c2ln",
            "-----BEGIN PRIVATE KEY-----\n@\n-----END PRIVATE KEY-----",
            "<input name='token' value='@'>",
            "<token>@</token>",
            "{\"message\":\"{\\\"token\\\":\\\"@\\\"}\"}",
            "{\"token\":\"@",
            "{'secret': '@'}",
            "curl -H 'Cookie: @'",
        ]
        .map(|text| self.planted(text))
        .to_vec()
    }
}

/// The own key as a gateway can repeat it.
pub fn key_forms(key: &str) -> Vec<String> {
    let each = |form: &dyn Fn(u8) -> String| key.bytes().map(form).collect::<String>();
    let mut forms = vec![
        key.to_owned(),
        key.trim_start_matches("sk-").to_owned(),
        key.replace('/', "%2F").replace('+', "%2B"),
        each(&|byte| format!("%{byte:02X}")),
        each(&|byte| format!("&#{byte};")),
        each(&|byte| format!("&#x{byte:x};")),
        each(&|byte| format!("\\u{byte:04x}")),
        STANDARD.encode(key),
    ];
    // Within other text, too little of a short key's base64 is left to be told.
    if key.len() > 8 {
        forms.push(STANDARD.encode(format!("user:{key}")));
    }
    forms
}

/// An answer to a query: its status and its body.
pub type Answer = (&'static str, Vec<u8>);

/// Answers with all of it: a success, a failure, an error, a page, broken JSON. The video of the
/// success is at `store`.
pub fn answers(canaries: &mut Canaries, key: &str, store: &str) -> Vec<Answer> {
    let keys = key_forms(key).join(" ");
    let urls = canaries.urls();
    let video =
        canaries.planted("/v.mp4?X-Tos-Date=20260528T202910Z&X-Tos-Expires=60&X-Tos-Signature=@");
    let other = canaries.planted("/u.mp4?Expires=1780086550&Signature=@");
    let success = json!({ "code": "success", "message": keys, "data": {
        "task_id": ID, "action": "generate", "status": "SUCCESS",
        "result_url": format!("{store}/{key}{video}"),
        "fail_reason": format!("{store}{video}"), "submit_time": 1, "start_time": 1, "finish_time": 2,
        "progress": keys, "request_id": canaries.texts(), "extra": canaries.members(),
        "more": urls, "data": { "content": { "video_url": format!("{store}{other}") } },
        format!("k {key}"): 1,
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

/// Headers with the key in a name and in a value, and with another secret.
pub fn headers(key: &str, canary: &str) -> String {
    let name = key.trim_start_matches("sk-").replace(['/', '+'], "-");
    format!("X-{name}: 1\r\nX-Echo: {key}\r\nSet-Cookie: a={canary}\r\n")
}

/// A gateway that gives this answer to every query, and a store that refuses every video.
pub async fn gateway(answer: Answer, headers: String, refusal: String) -> Server {
    let (status, body) = answer;
    Server::start(
        move |request: &Request, _| match QUERY.id_below(&request.target) {
            Some(_) => bytes(status, &headers, &body),
            None => bytes("403 Forbidden", &headers, refusal.as_bytes()),
        },
    )
    .await
}
