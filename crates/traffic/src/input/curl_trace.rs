//! The output of `curl --trace` and `curl --trace-ascii`.

use memchr::memmem;

/// Whether a text is a trace of curl.
pub(super) fn is_trace(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').take(200);
    lines.any(|line| {
        let line = without_time(line);
        line.starts_with(b"<= Recv header, ") || line.starts_with(b"=> Send header, ")
    })
}

/// The messages of a trace as text.
///
/// `--trace-ascii` shows bytes beyond ASCII as dots: see [`has_lost_bytes`].
pub(super) fn messages(text: &[u8]) -> Vec<u8> {
    let mut messages = Vec::with_capacity(text.len() / 4);
    let mut part = Part::Other;
    for line in text.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let title = without_time(line);
        if let Some(next) = Part::of(title) {
            if matches!(next, Part::Head) && !messages.is_empty() && !messages.ends_with(b"\n") {
                messages.push(b'\n');
            }
            part = next;
        } else if !matches!(part, Part::Other)
            && let Some((offset, data)) = data(line)
        {
            if let Some(bytes) = hex(data) {
                messages.extend(bytes);
                continue;
            }
            // A head stands there line by line.
            let is_head = matches!(part, Part::Head);
            if is_head && offset > 0 && is_new_line(&messages, offset) {
                messages.push(b'\n');
            }
            messages.extend_from_slice(data);
            if is_head && data.len() < ASCII_WIDTH {
                messages.push(b'\n');
            }
        }
    }
    messages
}

/// Whether `--trace-ascii` may have replaced bytes of a body by dots: each character beyond ASCII has
/// become two of them or more.
pub(super) fn has_lost_bytes(text: &[u8]) -> bool {
    let mut is_data = false;
    text.split(|byte| *byte == b'\n').any(|line| {
        if let Some(part) = Part::of(without_time(line)) {
            is_data = matches!(part, Part::Data);
            return false;
        }
        is_data
            && data(line)
                .is_some_and(|(_, data)| hex(data).is_none() && memmem::find(data, b"..").is_some())
    })
}

/// The width of a line of `--trace-ascii`.
const ASCII_WIDTH: usize = 64;

/// Whether a line of a head that starts at an offset is one of its own.
fn is_new_line(messages: &[u8], offset: usize) -> bool {
    !offset.is_multiple_of(ASCII_WIDTH) && !messages.ends_with(b"\n")
}

enum Part {
    Head,
    Data,
    /// A remark of curl, or the body of a request.
    Other,
}

impl Part {
    fn of(title: &[u8]) -> Option<Self> {
        let starts = |start: &[u8]| title.starts_with(start);
        if starts(b"=> Send header, ") || starts(b"<= Recv header, ") {
            Some(Self::Head)
        } else if starts(b"<= Recv data, ") {
            Some(Self::Data)
        } else if starts(b"== Info: ") || starts(b"=> Send ") || starts(b"<= Recv ") {
            Some(Self::Other)
        } else {
            None
        }
    }
}

/// A line without the time that `--trace-time` puts before it.
fn without_time(line: &[u8]) -> &[u8] {
    let is_time = line.len() > 16
        && line[2] == b':'
        && line[5] == b':'
        && line[8] == b'.'
        && line[15] == b' ';
    if is_time { &line[16..] } else { line }
}

/// The offset and the data of a line such as `0040: 48 54 …`.
fn data(line: &[u8]) -> Option<(usize, &[u8])> {
    let colon = memmem::find(line, b": ")?;
    let offset = std::str::from_utf8(&line[..colon]).ok()?;
    let offset = usize::from_str_radix(offset, 16)
        .ok()
        .filter(|_| colon >= 4)?;
    Some((offset, &line[colon + 2..]))
}

/// The bytes of a line in hexadecimal, which has 16 columns and then the same as text.
fn hex(data: &[u8]) -> Option<Vec<u8>> {
    let columns = data.get(..48)?;
    let columns = std::str::from_utf8(columns).ok()?;
    let pairs = columns.split_ascii_whitespace();
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| {
            u8::from_str_radix(pair, 16)
                .ok()
                .filter(|_| pair.len() == 2)
        })
        .collect();
    bytes.filter(|bytes| !bytes.is_empty() && data.len() <= 48 + 16)
}

#[cfg(test)]
mod tests {
    use super::{has_lost_bytes, is_trace, messages};

    #[test]
    fn hexadecimal_and_text_give_the_same() {
        let hex = "== Info: Connected\n<= Recv header, 17 bytes (0x11)\n\
            0000: 48 54 54 50 2f 31 2e 31 20 32 30 30 20 4f 4b 0d HTTP/1.1 200 OK.\n\
            0010: 0a                                              .\n\
            <= Recv header, 2 bytes (0x2)\n0000: 0d 0a                                           ..\n\
            12:00:00.123456 <= Recv data, 2 bytes (0x2)\n0000: 7b 7d                                           {}\n\
            == Info: Connection #0 left intact\n";
        assert!(is_trace(hex.as_bytes()));
        assert_eq!(
            String::from_utf8(messages(hex.as_bytes())).unwrap(),
            "HTTP/1.1 200 OK\r\n\r\n{}"
        );
        let ascii = "<= Recv header, 17 bytes (0x11)\n0000: HTTP/1.1 200 OK\n<= Recv header, 2 bytes (0x2)\n0000: \n\
            <= Recv data, 2 bytes (0x2)\n0000: {}\n";
        assert_eq!(
            String::from_utf8(messages(ascii.as_bytes())).unwrap(),
            "HTTP/1.1 200 OK\n\n{}"
        );
        assert!(!is_trace(b"0000: nothing\n"));
    }

    #[test]
    fn dots_for_characters_beyond_ascii_are_noticed() {
        let trace = |data: &str| {
            format!(
                "<= Recv header, 2 bytes (0x2)\n0000: ..\n<= Recv data, 9 bytes (0x9)\n0000: {data}\n"
            )
        };
        assert!(has_lost_bytes(trace("{\"message\":\"......\"}").as_bytes()));
        assert!(has_lost_bytes(trace("{\"message\":\"caf..\"}").as_bytes()));
        assert!(!has_lost_bytes(trace("{\"message\":\"a.b.\"}").as_bytes()));
        assert!(!has_lost_bytes(
            trace("7b 2e 2e 2e 2e 2e 2e 2e 7d                      {.......}").as_bytes()
        ));
    }
}
