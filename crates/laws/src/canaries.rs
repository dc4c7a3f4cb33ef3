//! Secrets that are planted in texts, to see whether they come out.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// The key that a redactor is told.
pub const KEY: &str = "sk-0wnKey/Of+The.User-0123";

/// What is looked for in secrets that a redactor is not told.
pub const CANARY: &str = "C4nary9Qx7Lm2Zt5";

/// The key as a gateway can repeat it.
#[must_use]
pub fn key_forms() -> Vec<String> {
    let each = |form: &dyn Fn(u8) -> String| KEY.bytes().map(form).collect::<String>();
    vec![
        KEY.to_owned(),
        KEY.replace('/', "%2F").replace('+', "%2B"),
        each(&|byte| format!("%{byte:02X}")),
        each(&|byte| format!("&#{byte};")),
        each(&|byte| format!("\\u{byte:04x}")),
        STANDARD.encode(KEY),
    ]
}

/// Secrets that can be told by their looks, wherever they stand.
#[must_use]
pub fn self_evident() -> Vec<String> {
    [
        "https://storage.example/v.mp4?X-Tos-Date=20260629T185323Z&X-Tos-Signature=%",
        "https://storage.example/v.mp4?X-Amz-Expires=60&X-Amz-Signature=%",
        "https://me:%@storage.example/v.mp4",
        "Bearer %",
        "sk-%",
        "eyJhbGciOiJIUzI1NiJ9.%.c2ln",
    ]
    .map(|text| text.replace('%', CANARY))
    .to_vec()
}
