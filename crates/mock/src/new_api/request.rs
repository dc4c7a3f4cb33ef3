//! Requests in all forms that the gateway takes, as the documented one.

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, header};
use seedance_query::model::name;
use serde_json::{Map, Value, json};

/// The text of a request of OpenAI's form, and its images.
const PROMPT: &str = "prompt";
const IMAGES: [&str; 3] = ["image", "images", "input_reference"];
/// Stands for an uploaded image.
const UPLOADED: &str = "asset://uploaded";

/// The members of a request, of JSON or of a form; `None` if it is neither.
pub(crate) async fn parse(headers: &HeaderMap, body: Bytes) -> Option<Value> {
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let members = match content_type.map(multer::parse_boundary) {
        Some(Ok(boundary)) => form(body, boundary).await?,
        _ => serde_json::from_slice(&body).ok()?,
    };
    Some(documented(members))
}

async fn form(body: Bytes, boundary: String) -> Option<Map<String, Value>> {
    let body = stream::once(std::future::ready(Ok::<_, std::convert::Infallible>(body)));
    let mut parts = multer::Multipart::new(body, boundary);
    let mut members = Map::new();
    while let Some(part) = parts.next_field().await.ok()? {
        let name = part.name()?.to_owned();
        let value = if part.file_name().is_some() {
            json!(UPLOADED)
        } else {
            json!(part.text().await.ok()?)
        };
        members.insert(name, value);
    }
    Some(members)
}

/// The request in the documented form. What is in `metadata` is passed on as it is.
fn documented(mut members: Map<String, Value>) -> Value {
    if let Some(Value::Object(more)) = members.remove(name::METADATA) {
        members.extend(more);
    }
    if let Some(seconds) = members.remove(name::SECONDS) {
        members.entry(name::DURATION).or_insert(seconds);
    }
    if let Some(Value::String(text)) = members.get(name::DURATION)
        && let Ok(seconds) = text.parse::<i64>()
    {
        members.insert(name::DURATION.to_owned(), json!(seconds));
    }
    if let Some((resolution, ratio)) = members.remove(name::SIZE).as_ref().and_then(size) {
        members.entry(name::RESOLUTION).or_insert(json!(resolution));
        members.entry(name::RATIO).or_insert(json!(ratio));
    }
    if !members.contains_key(name::CONTENT) {
        let content = content(&mut members);
        members.insert(name::CONTENT.to_owned(), content);
    }
    Value::Object(members)
}

/// The prompt and the images as items.
fn content(members: &mut Map<String, Value>) -> Value {
    let prompt = members
        .remove(PROMPT)
        .filter(|prompt| prompt.as_str() != Some(""));
    let text = prompt.map(|prompt| json!({ name::TYPE: name::TEXT, name::TEXT: prompt }));
    let images = IMAGES.into_iter().filter_map(|name| members.remove(name));
    let images: Vec<Value> = images
        .flat_map(|images| match images {
            Value::Array(images) => images,
            image => vec![image],
        })
        .collect();
    let images = images
        .into_iter()
        .map(|url| json!({ name::TYPE: name::IMAGE_URL, name::IMAGE_URL: { name::URL: url } }));
    text.into_iter().chain(images).collect()
}

/// Width and height as a resolution and a ratio.
fn size(size: &Value) -> Option<(String, &'static str)> {
    let (width, height) = size.as_str()?.split_once('x')?;
    let (width, height) = (width.parse::<u32>().ok()?, height.parse::<u32>().ok()?);
    let ratio = match width.cmp(&height) {
        std::cmp::Ordering::Less => "9:16",
        std::cmp::Ordering::Equal => "1:1",
        std::cmp::Ordering::Greater => "16:9",
    };
    Some((format!("{}p", width.min(height)), ratio))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, header};
    use serde_json::json;

    use super::parse;

    #[tokio::test(flavor = "current_thread")]
    async fn all_forms_of_a_request_come_to_the_documented_one() {
        let expected = json!({
            "model": "seedance-2.0",
            "content": [
                { "type": "text", "text": "a boat" },
                { "type": "image_url", "image_url": { "url": "https://images.example/a.png" } },
            ],
            "duration": 8,
            "ratio": "9:16",
            "resolution": "720p",
        });
        let image = "https://images.example/a.png";
        for request in [
            expected.clone(),
            json!({"model": "seedance-2.0", "prompt": "a boat", "seconds": "8", "size": "720x1280",
                "image": image}),
            json!({"model": "seedance-2.0", "prompt": "a boat", "images": [image], "duration": 8,
                "metadata": {"ratio": "9:16", "resolution": "720p"}}),
        ] {
            let body = request.to_string().into();
            assert_eq!(parse(&HeaderMap::new(), body).await, Some(expected.clone()));
        }

        let mut headers = HeaderMap::new();
        let form = "multipart/form-data; boundary=b".parse().unwrap();
        headers.insert(header::CONTENT_TYPE, form);
        let mut body = String::new();
        for (name, value) in [
            ("model", "seedance-2.0"),
            ("prompt", "a boat"),
            ("seconds", "8"),
            ("size", "720x1280"),
            ("input_reference", image),
        ] {
            body += "--b\r\nContent-Disposition: form-data; name=\"";
            body += &format!("{name}\"\r\n\r\n{value}\r\n");
        }
        let whole = (body.clone() + "--b--\r\n").into();
        assert_eq!(parse(&headers, whole).await, Some(expected));
        assert_eq!(parse(&headers, body.into()).await, None, "it breaks off");
        assert_eq!(parse(&HeaderMap::new(), "[]".into()).await, None);
    }
}
