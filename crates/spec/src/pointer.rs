//! JSON Pointers (RFC 6901) into the document.

use std::fmt;

use jsonptr::PointerBuf;

/// A place in the document; displayed without the leading `#`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointer(PointerBuf);

impl Pointer {
    /// The whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads what [`Display`](fmt::Display) writes; what is no pointer leads to the whole document.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(PointerBuf::parse(text).unwrap_or_default())
    }

    /// The place of a component schema.
    #[must_use]
    pub fn schema(name: &str) -> Self {
        Self::root().join("components").join("schemas").join(name)
    }

    /// The place of a member or an element below this one.
    #[must_use]
    pub fn join(&self, token: impl fmt::Display) -> Self {
        Self(self.0.with_trailing_token(token.to_string()))
    }

    /// Whether this is that place, or one in it.
    #[must_use]
    pub fn is_below(&self, holder: &Self) -> bool {
        self.0.starts_with(&holder.0)
    }

    /// The names and indices that it leads through, outermost first.
    pub fn tokens(&self) -> impl Iterator<Item = String> {
        let tokens = self.0.tokens();
        tokens.map(|token| token.decoded().into_owned())
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

/// The local reference to a component schema.
#[must_use]
pub fn schema_reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// The component schema that a local reference names.
#[must_use]
pub fn schema_name(reference: &str) -> Option<&str> {
    reference
        .strip_prefix("#/components/schemas/")
        .filter(|name| !name.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn parsing_reverses_display() {
        for text in ["", "/paths/~1v1~1{id}/get", "/a~0b/~01/", "//"] {
            assert_eq!(Pointer::parse(text).to_string(), text);
        }
        let path = Pointer::parse("/paths/~1v1");
        assert_eq!(path.tokens().collect::<Vec<_>>(), ["paths", "/v1"]);
    }
}
