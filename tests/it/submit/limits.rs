//! Every limit of every model family is refused with the place of the member, before anything is sent.

use seedance_query::Submission;
use serde_json::{Value, json};

fn text() -> Value {
    json!({ "type": "text", "text": "a boat" })
}

fn medium(kind: &str, role: Option<&str>) -> Value {
    let mut item = json!({ "type": kind, kind: { "url": "https://media.example/1" } });
    if let Some(role) = role {
        item["role"] = role.into();
    }
    item
}

/// A prompt and so many media of a kind.
fn media(kind: &str, count: usize) -> Value {
    let media = std::iter::repeat_with(|| medium(kind, None)).take(count);
    Value::Array(std::iter::once(text()).chain(media).collect())
}

/// The places that a request is refused for.
fn refused(request: &Value) -> Vec<String> {
    match Submission::from_json(request.to_string()) {
        Ok(_) => Vec::new(),
        Err(invalid) => {
            let findings = invalid.findings().iter();
            findings.map(|finding| finding.pointer.clone()).collect()
        }
    }
}

fn request(model: &str, member: &str, value: Value) -> Value {
    let mut request = json!({ "model": model, "content": [text()] });
    request[member] = value;
    request
}

#[test]
fn durations_and_resolutions_of_each_family() {
    let ultra = "seedance-2.0-ultra";
    for (model, member, sound, wrong) in [
        (
            "seedance-2.0",
            "duration",
            json!([4, 15]),
            json!([3, 16, -1]),
        ),
        (
            "doubao-seedance-2-0-260128",
            "duration",
            json!([4, 15]),
            json!([3, 16]),
        ),
        (
            "seedance-fast",
            "duration",
            json!([4, 15]),
            json!([0, 3, 16]),
        ),
        (
            "seedance-2.5",
            "duration",
            json!([-1, 4, 30]),
            json!([-2, 0, 3, 31]),
        ),
        (
            "seedance-1.5-pro",
            "duration",
            json!([4, 12]),
            json!([3, 13]),
        ),
        (
            "doubao-seedance-1-5-pro-251215",
            "duration",
            json!([4, 12]),
            json!([3, 13]),
        ),
        (
            "seedance-1.0-lite",
            "duration",
            json!([2, 12]),
            json!([1, 13]),
        ),
        (
            "seedance-2.0",
            "resolution",
            json!(["480p", "720p", "1080p"]),
            json!(["2k", "4k", "8k"]),
        ),
        (
            ultra,
            "resolution",
            json!(["720p", "1080p", "2k"]),
            json!(["480p", "4k"]),
        ),
        (
            "any",
            "seed",
            json!([-1, 0, 4_294_967_295_u64]),
            json!([-2, 4_294_967_296_u64, 0.5]),
        ),
        // Nothing is known of other models.
        ("veo-9", "duration", json!([1, 600]), json!([])),
    ] {
        for value in sound.as_array().unwrap() {
            let request = request(model, member, value.clone());
            assert_eq!(refused(&request), [""; 0], "{request}");
        }
        for value in wrong.as_array().unwrap() {
            let request = request(model, member, value.clone());
            assert_eq!(refused(&request), [format!("/{member}")], "{request}");
        }
    }
    let invalid = Submission::from_json(request("seedance-2.5", "duration", json!(2)).to_string());
    let message = invalid.unwrap_err().to_string();
    assert!(message.contains("is not one of -1, 4, 5"), "{message}");
    let without = json!({ "model": ultra, "content": [text()] });
    assert_eq!(refused(&without), ["/resolution"]);
}

#[test]
fn numbers_of_media() {
    for (model, kind, max) in [
        ("seedance-2.0", "image_url", 9),
        ("seedance-2.0", "video_url", 3),
        ("seedance-2.0", "audio_url", 3),
        ("seedance-2.5", "image_url", 30),
        ("seedance-2.5", "video_url", 10),
        ("seedance-2.5", "audio_url", 10),
    ] {
        let sound = request(model, "content", media(kind, max));
        assert_eq!(refused(&sound), [""; 0], "{model} {kind}");
        let wrong = request(model, "content", media(kind, max + 2));
        assert_eq!(
            refused(&wrong),
            [format!("/content/{}", max + 1)],
            "{model} {kind}"
        );
    }
    let mut items = vec![text()];
    items.extend(std::iter::repeat_with(|| medium("image_url", None)).take(30));
    items.extend(std::iter::repeat_with(|| medium("video_url", None)).take(10));
    items.extend(std::iter::repeat_with(|| medium("audio_url", None)).take(10));
    assert_eq!(
        refused(&request("seedance-2.5", "content", json!(items))),
        [""; 0]
    );
    items.insert(0, text());
    assert_eq!(
        refused(&request("seedance-2.5", "content", json!(items))),
        ["/content"]
    );
}

#[test]
fn what_the_items_have_to_be() {
    let (image, video, audio) = ("image_url", "video_url", "audio_url");
    for (content, expected) in [
        (json!([]), "/content"),
        (json!([medium(audio, None)]), "/content"),
        (json!([medium(image, None), text()]), "/content/1"),
        (
            json!([text(), medium(audio, None), medium(video, None)]),
            "/content/2",
        ),
        (
            json!([
                medium(image, Some("first_frame")),
                medium(image, Some("reference_image"))
            ]),
            "/content/1/role",
        ),
        (
            json!([
                text(),
                medium(image, Some("last_frame")),
                medium(video, Some("reference_video"))
            ]),
            "/content/2/role",
        ),
        (json!([medium(image, Some("cover"))]), "/content/0/role"),
        (json!([{ "type": "text" }]), "/content/0/text"),
        (json!([{ "type": "text", "text": "" }]), "/content/0/text"),
        (
            json!([{ "type": "image_url", "image_url": {} }]),
            "/content/0/image_url/url",
        ),
        (
            json!([{ "type": "image_url", "image_url": { "url": "http://media.example/1" } }]),
            "/content/0/image_url/url",
        ),
        (json!([{ "type": "draft" }]), "/content/0/type"),
        (json!("a boat"), "/content"),
    ] {
        let request = request("seedance-2.0", "content", content);
        assert_eq!(refused(&request), [expected], "{request}");
    }
    for content in [
        json!([
            medium(image, Some("first_frame")),
            medium(image, Some("last_frame"))
        ]),
        json!([
            text(),
            medium(image, Some("reference_image")),
            medium(audio, Some("reference_audio"))
        ]),
        json!([{ "type": "image_url", "image_url": { "url": "data:image/png;base64,AAAA" } }]),
        json!([{ "type": "image_url", "image_url": { "url": "asset://a-1" } }]),
    ] {
        let request = request("seedance-2.0", "content", content);
        assert_eq!(refused(&request), [""; 0], "{request}");
    }
}

#[test]
fn a_body_that_is_none_is_refused() {
    assert_eq!(refused(&json!({})), ["/content", "/model"]);
    assert_eq!(refused(&request("", "ratio", json!("16:9"))), ["/model"]);
    let invalid = Submission::from_json("model: seedance").unwrap_err();
    assert!(
        invalid
            .to_string()
            .starts_with("the request cannot be submitted: "),
        "{invalid}"
    );
    let long = Submission::from_json(vec![b' '; (64 << 20) + 1]).unwrap_err();
    assert!(
        long.to_string().contains("give URLs in place of data"),
        "{long}"
    );
    // What the document does not know is sent, and noted.
    let newer = request("seedance-9", "camera", json!("orbit"));
    let submission = Submission::from_json(newer.to_string()).unwrap();
    assert_eq!(submission.report().findings()[0].pointer, "/camera");
    assert_eq!(submission.body(), newer.to_string().as_bytes());
}
