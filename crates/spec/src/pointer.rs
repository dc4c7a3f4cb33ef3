//! JSON Pointers (RFC 6901) into the document.

use std::fmt;

/// A place in the document; displayed without the leading `#`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointer(Vec<String>);

impl Pointer {
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads what [`Display`](fmt::Display) writes.
    pub fn parse(text: &str) -> Self {
        let segments = text.split('/').skip(1);
        Self(
            segments
                .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
                .collect(),
        )
    }

    /// The place of a component schema.
    pub fn schema(name: &str) -> Self {
        Self::root().join("components").join("schemas").join(name)
    }

    /// The place of a member or an element below this one.
    pub fn join(&self, segment: impl fmt::Display) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment.to_string());
        Self(segments)
    }

    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.0 {
            write!(f, "/{}", segment.replace('~', "~0").replace('/', "~1"))?;
        }
        Ok(())
    }
}

/// The local reference to a component schema.
pub fn schema_reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// The component schema that a local reference names.
pub fn schema_name(reference: &str) -> Option<&str> {
    reference
        .strip_prefix("#/components/schemas/")
        .filter(|name| !name.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn reads_what_it_writes() {
        for text in ["", "/paths/~1v1~1{id}/get", "/a~0b/~01/", "//"] {
            assert_eq!(Pointer::parse(text).to_string(), text);
        }
        let path = Pointer::parse("/paths/~1v1");
        assert_eq!(path.segments().collect::<Vec<_>>(), ["paths", "/v1"]);
    }
}
