//! JSON Pointers (RFC 6901) as text: members are escaped and unescaped here and nowhere else.

use jsonptr::Token;
use serde_json::{Map, Value};

/// The pointer to a member or an element of what another pointer leads to.
#[must_use]
pub fn join(pointer: &str, member: &str) -> String {
    [pointer, Token::new(member).encoded()].join("/")
}

/// The names of the members that a pointer leads through, outermost first.
pub fn members(pointer: &str) -> impl Iterator<Item = String> {
    let tokens = pointer.split('/').skip(1);
    tokens.map(|token| match Token::from_encoded(token) {
        Ok(token) => token.decoded().into_owned(),
        // No pointer by the standard; such a token can only mean itself.
        Err(_) => token.to_owned(),
    })
}

/// Whether there is something at the place in an object, other than null.
pub(crate) fn is_present(object: &Map<String, Value>, pointer: &str) -> bool {
    value_at(object, pointer).is_some_and(|value| !value.is_null())
}

/// Whether a member selects a branch: neither null nor an empty text does.
pub(crate) fn selects(object: &Map<String, Value>, pointer: &str) -> bool {
    value_at(object, pointer).is_some_and(|value| !value.is_null() && value != "")
}

fn value_at<'a>(object: &'a Map<String, Value>, pointer: &str) -> Option<&'a Value> {
    let mut names = members(pointer);
    let first = names.next().and_then(|name| object.get(&name));
    names.fold(first, |value, name| value?.get(&name))
}

#[cfg(test)]
mod tests {
    use super::{join, members};

    #[test]
    fn joined_members_are_read_back() {
        for path in [
            vec![],
            vec![""],
            vec!["a", "", "0"],
            vec!["a/b", "~", "~1", "ä b"],
        ] {
            let pointer = path.iter().fold(String::new(), |at, name| join(&at, name));
            assert_eq!(members(&pointer).collect::<Vec<_>>(), path, "{pointer}");
        }
        assert_eq!(join("/data", "a/b~c"), "/data/a~1b~0c");
        assert_eq!(members("/a~2/b").collect::<Vec<_>>(), ["a~2", "b"]);
    }
}
