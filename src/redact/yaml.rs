//! YAML values on separate lines.

use std::ops::Range;

use super::{
    names::Named,
    quoted::{Values, is_literal},
};

impl Values<'_, '_> {
    /// The lines that are indented deeper than the one with the name.
    pub fn hide_block(&mut self, named: Named, name: usize, start: usize, limit: usize) -> usize {
        // The first line of a string begins at its quotation mark.
        let line = memchr::memrchr2(b'\n', b'"', &self.bytes[..name]).map_or(0, |at| at + 1);
        let own = &self.bytes[line..name];
        let is_block = |byte: &u8| matches!(byte, b'|' | b'>' | b'-' | b'+' | b' ' | b'\r' | b'\t');
        let head = self.bytes[start..limit]
            .iter()
            .take_while(|byte| is_block(byte))
            .count();
        let mut at = start + head;
        let is_own = |byte: &u8| matches!(byte, b' ' | b'-' | b'\t');
        if !own.iter().all(is_own) || self.bytes[..limit].get(at) != Some(&b'\n') {
            return start;
        }
        while at < limit && self.bytes[at] == b'\n' {
            let line = at + 1;
            let length = memchr::memchr(b'\n', &self.bytes[line..limit]).unwrap_or(limit - line);
            let text = &self.bytes[line..line + length];
            let indent = text.len() - text.trim_ascii_start().len();
            let is_item = text.trim_ascii_start().starts_with(b"- ") && indent >= own.len();
            if !text.trim_ascii().is_empty() && indent <= own.len() && !is_item {
                break;
            }
            self.add_yaml(named, line..line + length);
            at = line + length;
        }
        at
    }

    /// A line of a block: an item, a member or text.
    fn add_yaml(&mut self, named: Named, line: Range<usize>) {
        let text = &self.bytes[line.clone()];
        let member = memchr::memmem::find(text, b": ").map(|colon| colon + 2);
        let dash = text
            .trim_ascii_start()
            .strip_prefix(b"- ")
            .map(|rest| text.len() - rest.len());
        let is_name = text.trim_ascii_end().ends_with(b":");
        let start = line.start + member.or(dash).unwrap_or(0);
        let mut range = self.trimmed(start..line.end);
        let inside = &self.bytes[range.clone()];
        if inside.len() > 1 && matches!(inside[0], b'"' | b'\'') && inside.last() == inside.first()
        {
            range = range.start + 1..range.end - 1;
        }
        if !is_name && !is_literal(&self.bytes[range.clone()]) {
            self.add(named, range);
        }
    }
}
