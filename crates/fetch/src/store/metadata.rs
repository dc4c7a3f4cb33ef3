//! What an object says of its video.

use object_store::{Attribute, AttributeValue, Attributes};

use crate::new_video::NewVideo;

// Names without hyphens or underscores: Azure refuses the first, and proxies drop the second.
const SHA256: &str = "sha256";
const TASK: &str = "taskid";
const MODEL_NAME: &str = "modelname";
const TOKENS: &str = "tokens";

/// The metadata of a video's object.
pub(super) fn attributes(video: &NewVideo) -> Attributes {
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::ContentType, "video/mp4".into());
    let mut tell = |name: &'static str, value: Option<String>| {
        // What is no text of a header is left out.
        let is_plain = |value: &String| value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if let Some(value) = value.filter(is_plain) {
            let value = AttributeValue::from(value);
            attributes.insert(Attribute::Metadata(name.into()), value);
        }
    };
    tell(SHA256, Some(video.sha256.clone()));
    tell(TASK, Some(video.task_id.to_string()));
    tell(MODEL_NAME, video.origin.model.clone());
    let tokens = video.origin.billed_tokens;
    tell(TOKENS, tokens.map(|tokens| tokens.to_string()));
    attributes
}

/// The checksum that this program has written to an object.
pub(super) fn sha256(attributes: &Attributes) -> Option<&str> {
    let value = attributes.get(&Attribute::Metadata(SHA256.into()))?;
    let is_sha256 = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_sha256.then_some(&**value)
}
