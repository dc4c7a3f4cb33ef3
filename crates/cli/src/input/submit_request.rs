//! The request of `submit`, from a JSON file and from options.

use std::{fs, io::Read as _, path::Path};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use seedance_query::{
    model::name,
    types::{
        AudioContent, AudioContentRole, ImageContent, ImageContentRole, Medium, SubmitItem,
        TextContent, VideoContent, VideoContentRole,
    },
};
use serde_json::{Map, Value, json};

use crate::arguments::RequestArguments;

/// The request as JSON, or what is wrong.
pub(crate) fn submit_request(arguments: &RequestArguments) -> Result<Vec<u8>, String> {
    let mut request = match &arguments.request {
        Some(path) => read(path)?,
        None => Map::new(),
    };
    let content = content(arguments)?;
    if !content.is_empty() {
        request.insert(name::CONTENT.to_owned(), json!(content));
    }
    for (member, value) in [
        (name::MODEL, json!(arguments.model)),
        (name::RATIO, json!(arguments.ratio)),
        (name::RESOLUTION, json!(arguments.resolution)),
        (name::DURATION, json!(arguments.duration)),
        (name::SEED, json!(arguments.seed)),
        (name::GENERATE_AUDIO, json!(arguments.generate_audio)),
        (name::WATERMARK, json!(arguments.watermark)),
        (name::RETURN_LAST_FRAME, json!(arguments.return_last_frame)),
    ] {
        if !value.is_null() {
            request.insert(member.to_owned(), value);
        }
    }
    let mut json = serde_json::to_vec_pretty(&request).map_err(|error| error.to_string())?;
    json.push(b'\n');
    Ok(json)
}

fn read(path: &Path) -> Result<Map<String, Value>, String> {
    let is_stdin = path == Path::new("-");
    let shown = if is_stdin {
        "standard input".into()
    } else {
        path.display().to_string()
    };
    let text = if is_stdin {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    let text = text.map_err(|error| format!("{shown}: {error}"))?;
    let json: Value = serde_json::from_str(&text)
        .map_err(|error| format!("{shown}: the request is not JSON: {error}"))?;
    match json {
        Value::Object(request) => Ok(request),
        _ => Err(format!("{shown}: a request is a JSON object")),
    }
}

/// The prompt and the media, in the order that the gateway expects.
fn content(arguments: &RequestArguments) -> Result<Vec<SubmitItem>, String> {
    let mut items: Vec<SubmitItem> = Vec::new();
    if let Some(prompt) = &arguments.prompt {
        items.push(TextContent::new(prompt.as_str()).into());
    }
    let has_references = !arguments.video.is_empty() || !arguments.audio.is_empty();
    let frames = [
        (&arguments.first_frame, ImageContentRole::FirstFrame),
        (&arguments.last_frame, ImageContentRole::LastFrame),
    ];
    for (frame, role) in frames {
        if let Some(text) = frame {
            items.push(image(text, Some(role))?);
        }
    }
    // A single image without a role is the first frame; beside others it is one to refer to.
    let role =
        (has_references || arguments.image.len() > 1).then_some(ImageContentRole::ReferenceImage);
    for text in &arguments.image {
        items.push(image(text, role)?);
    }
    for url in &arguments.video {
        let mut video = VideoContent::new(Medium::new(url.as_str()));
        video.role = Some(VideoContentRole::ReferenceVideo);
        items.push(video.into());
    }
    for url in &arguments.audio {
        let mut audio = AudioContent::new(Medium::new(url.as_str()));
        audio.role = Some(AudioContentRole::ReferenceAudio);
        items.push(audio.into());
    }
    Ok(items)
}

fn image(text: &str, role: Option<ImageContentRole>) -> Result<SubmitItem, String> {
    let url = if text.contains(':') && !Path::new(text).exists() {
        text.to_owned()
    } else {
        data_uri(Path::new(text))?
    };
    let mut image = ImageContent::new(Medium::new(url));
    image.role = role;
    Ok(image.into())
}

/// The image in a file as part of the request.
fn data_uri(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let kind = media_type(&bytes)
        .ok_or_else(|| format!("{}: no PNG, JPEG, WebP or GIF image", path.display()))?;
    Ok(format!(
        "data:{kind};base64,{}",
        BASE64_STANDARD.encode(bytes)
    ))
}

/// The kind of image, by its first bytes.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else if bytes.starts_with(b"GIF8") {
        Some("image/gif")
    } else {
        None
    }
}
