//! Code blocks of Markdown.

use std::ops::Range;

/// The contents of the fenced code blocks of a text; one that is not closed ends with the text.
pub(super) fn blocks(text: &[u8]) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let mut start = None;
    let mut at = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let line_start = at;
        at += line.len();
        if is_fence(line) {
            match start.take() {
                Some(start) => blocks.push(start..line_start),
                None => start = Some(at),
            }
        }
    }
    blocks.extend(start.map(|start| start..text.len()));
    blocks.retain(|block| !text[block.clone()].trim_ascii().is_empty());
    blocks
}

/// Whether a text has a fenced code block.
pub(super) fn has_blocks(head: &[u8]) -> bool {
    head.split(|byte| *byte == b'\n').any(is_fence)
}

fn is_fence(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    line.starts_with(b"```") || line.starts_with(b"~~~")
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn finds_the_contents_of_code_blocks() {
        let text = "A note.\n```json\n{}\n```\n\n```\n```\n~~~\n[1]\n";
        let found = blocks(text.as_bytes());
        let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["{}\n", "[1]\n"]);
    }
}
