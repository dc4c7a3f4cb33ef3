//! The line and column of any place in a document.

use saphyr::{MarkedYaml, YamlData};

use super::{
    pointer::Pointer,
    yaml::{key_text, load},
};

/// The positions of the values of a document in its text.
pub struct Positions<'a>(Option<MarkedYaml<'a>>);

impl<'a> Positions<'a> {
    /// Reads the text; nothing has a position in a text that is not YAML.
    #[must_use]
    pub fn of(source: &'a str) -> Self {
        Self(load(source).ok())
    }

    /// The line and column, both from 1, of a place in the document, or of what encloses it.
    #[must_use]
    pub fn position(&self, pointer: &Pointer) -> Option<(usize, usize)> {
        let mut node = self.0.as_ref()?;
        let mut at = node.span.start;
        for token in pointer.tokens() {
            match &node.data {
                YamlData::Mapping(members) => {
                    let Some((key, value)) = members
                        .iter()
                        .find(|(key, _)| key_text(key).as_deref() == Some(token.as_str()))
                    else {
                        break;
                    };
                    at = key.span.start;
                    node = value;
                }
                YamlData::Sequence(items) => {
                    let Some(item) = token.parse().ok().and_then(|i: usize| items.get(i)) else {
                        break;
                    };
                    at = item.span.start;
                    node = item;
                }
                _ => break,
            }
        }
        Some((at.line(), at.col() + 1))
    }
}
