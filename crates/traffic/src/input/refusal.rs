//! What inputs are that are not recordings, and what to do with them.

/// Archives that are not opened.
const ARCHIVES: [&str; 8] = ["7z", "rar", "lz", "lz4", "cab", "ar", "cpio", "Z"];
/// Formats of recordings or tables, and how to get what can be read.
const CONVERTIBLE: [(&[u8], &str, &str); 6] = [
    (
        b"\xd4\xc3\xb2\xa1",
        "a packet capture (pcap)",
        "export the HTTP objects of decrypted traffic",
    ),
    (
        b"\xa1\xb2\xc3\xd4",
        "a packet capture (pcap)",
        "export the HTTP objects of decrypted traffic",
    ),
    (
        b"\x0a\x0d\x0d\x0a",
        "a packet capture (pcapng)",
        "export the HTTP objects of decrypted traffic",
    ),
    (
        b"ORC",
        "an ORC file",
        "write the table as Parquet or JSON lines",
    ),
    (
        b"Obj\x01",
        "an Avro file",
        "write the table as Parquet or JSON lines",
    ),
    (
        b"SQLite format 3\0",
        "an SQLite database",
        "select the column with the bodies as CSV or JSON lines",
    ),
];

/// What a binary file is, and what to do with it.
pub(super) fn binary(head: &[u8]) -> Option<String> {
    let known = CONVERTIBLE
        .iter()
        .find(|(start, ..)| head.starts_with(start));
    if let Some((_, what, advice)) = known {
        return Some(format!(
            "this is {what}, not a recording that can be read; {advice}, and validate that"
        ));
    }
    let kind = infer::get(head).filter(|kind| kind.matcher_type() != infer::MatcherType::Text);
    match kind {
        Some(kind) if ARCHIVES.contains(&kind.extension()) => Some(format!(
            "this is a {} archive, which cannot be read; extract it and validate the files in it",
            kind.extension()
        )),
        Some(kind) => Some(format!(
            "this is a file of type {}, not a recording; record responses with `curl -i`, the proxy \
             or a browser's network log (HAR)",
            kind.mime_type()
        )),
        None if head.contains(&0) => Some(
            "this is binary data, not a recording; record responses with `curl -i`, the proxy or a \
             browser's network log (HAR)"
                .to_owned(),
        ),
        None => None,
    }
}

/// What a text is that shows an object in the notation of a programming language.
pub(super) fn other_notation(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    let has_name_after = |bracket: &str| {
        text.match_indices(bracket).any(|(at, _)| {
            let name = text[at + 1..].trim_start();
            let length = name
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(0);
            length > 0 && name[length..].starts_with(": ")
        })
    };
    if text.contains("{'") || text.contains("{ '") {
        return Some(
            "this shows an object as Python prints it, not JSON; print `response.text` or \
             `json.dumps(…)` to get what can be read"
                .to_owned(),
        );
    }
    has_name_after("{").then(|| {
        "this shows an object as JavaScript prints it, not JSON; print `JSON.stringify(…)` to get \
         what can be read"
            .to_owned()
    })
}
