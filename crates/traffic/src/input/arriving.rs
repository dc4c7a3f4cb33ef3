//! The format of an input of which only the beginning has arrived.

use serde::de::IgnoredAny;

use super::{
    format::{Format, Recognised, has_response_in_line},
    record::Places,
    scanner::Values,
    tnetstring,
};

impl Recognised {
    /// The format of an input that paused after `head`, if that tells that its items can be validated as
    /// they arrive.
    pub fn of_arriving(head: &[u8], name: &str, places: &Places) -> Option<Self> {
        if tnetstring::is_dict(head) {
            return Some(Format::Flows.into());
        }
        // A line without an end decides nothing.
        let end = memchr::memrchr(b'\n', head)? + 1;
        let head = &head[..end];
        let recognised = Self::of(head, false, name, places).ok()?;
        match recognised.format {
            Format::Bodies(Values::Sequence) if !starts_with_value(head) => None,
            Format::Lines | Format::Table | Format::Bodies(_) => Some(recognised),
            Format::Text => has_response_in_line(head, places).then_some(recognised),
            Format::Body if head.trim_ascii().is_empty() => None,
            Format::Body if memchr::memchr(b'\n', head.trim_ascii()).is_none() => {
                Some(Format::Lines.into())
            }
            Format::Body => Some(Format::Bodies(Values::Sequence).into()),
            _ => None,
        }
    }
}

/// Whether a text starts with a complete JSON value.
fn starts_with_value(text: &[u8]) -> bool {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    matches!(values.next(), Some(Ok(_)))
}
