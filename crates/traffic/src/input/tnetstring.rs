//! Typed netstrings, the format of mitmproxy's flows: `5:hello,`, `3:200#`, `12:1:a;3:200#}`.

/// Maximum nesting.
const MAX_DEPTH: usize = 32;
/// Maximum number of digits of a length.
const MAX_DIGITS: usize = 10;

/// A value.
#[derive(Debug, PartialEq)]
pub(super) enum Value<'a> {
    Bytes(&'a [u8]),
    /// An integer or a floating-point number.
    Number(f64),
    Bool(bool),
    Null,
    List(Vec<Value<'a>>),
    Dict(Vec<(&'a [u8], Value<'a>)>),
}

impl<'a> Value<'a> {
    /// The member of a dictionary.
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        match self {
            Self::Dict(members) => {
                let mut members = members.iter();
                members
                    .find(|(key, _)| *key == name.as_bytes())
                    .map(|(_, value)| value)
            }
            _ => None,
        }
    }

    pub fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn items(&self) -> &[Value<'a>] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }
}

/// Whether bytes are the beginning of a dictionary.
pub(super) fn is_dict(head: &[u8]) -> bool {
    let Some((_, start)) = length(head) else {
        return false;
    };
    let inner = &head[start..];
    let Some((name, start)) = length(inner) else {
        return false;
    };
    matches!(inner.get(start + name), Some(b';' | b','))
        && inner[start..start + name]
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || *byte == b'_')
}

/// The length of a value with its type, if all of its digits are there.
pub(super) fn whole_length(bytes: &[u8]) -> Result<Option<usize>, &'static str> {
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if digits > MAX_DIGITS
        || (digits == 0 && !bytes.is_empty())
        || bytes.get(digits).is_some_and(|byte| *byte != b':')
    {
        return Err("this is not a flow of mitmproxy");
    }
    Ok(length(bytes).map(|(length, start)| start + length + 1))
}

/// The stated length of the content, and where it starts.
fn length(bytes: &[u8]) -> Option<(usize, usize)> {
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if digits == 0 || digits > MAX_DIGITS || bytes.get(digits) != Some(&b':') {
        return None;
    }
    let length = std::str::from_utf8(&bytes[..digits]).ok()?.parse().ok()?;
    Some((length, digits + 1))
}

/// The value at the beginning of some bytes.
pub(super) fn parse(bytes: &[u8]) -> Option<Value<'_>> {
    value(bytes, MAX_DEPTH).map(|(value, _)| value)
}

fn value(bytes: &[u8], depth: usize) -> Option<(Value<'_>, &[u8])> {
    let (length, start) = length(bytes)?;
    let end = start.checked_add(length)?;
    let content = bytes.get(start..end)?;
    let rest = bytes.get(end + 1..)?;
    let depth = depth.checked_sub(1)?;
    let text = || std::str::from_utf8(content).ok();
    let value = match bytes.get(end)? {
        b',' | b';' => Value::Bytes(content),
        b'#' | b'^' => Value::Number(text()?.parse().ok()?),
        b'!' => Value::Bool(content == b"true"),
        b'~' => Value::Null,
        b']' => {
            let (mut items, mut left) = (Vec::new(), content);
            while !left.is_empty() {
                let (item, rest) = self::value(left, depth)?;
                items.push(item);
                left = rest;
            }
            Value::List(items)
        }
        b'}' => {
            let (mut members, mut left) = (Vec::new(), content);
            while !left.is_empty() {
                let (key, rest) = self::value(left, depth)?;
                let (member, rest) = self::value(rest, depth)?;
                members.push((key.bytes()?, member));
                left = rest;
            }
            Value::Dict(members)
        }
        _ => return None,
    };
    Some((value, rest))
}

#[cfg(test)]
mod tests {
    use super::{Value, is_dict, parse, whole_length};

    #[test]
    fn reads_each_type() {
        let text = b"49:1:a;1:x,1:b;3:200#1:c;3:1.5^1:d;0:~1:e;7:4:true!]}";
        assert!(is_dict(text));
        assert_eq!(whole_length(text), Ok(Some(text.len())));
        let value = parse(text).unwrap();
        assert_eq!(value.get("a").unwrap().text(), Some("x"));
        assert_eq!(value.get("b").unwrap().number(), Some(200.0));
        assert_eq!(value.get("c").unwrap().number(), Some(1.5));
        assert_eq!(value.get("d"), Some(&Value::Null));
        assert_eq!(value.get("e").unwrap().items(), [Value::Bool(true)]);
    }

    #[test]
    fn what_is_broken_is_no_value() {
        for text in [
            "",
            "5:abc,",
            "3:abc",
            "3:abc?",
            "x:abc,",
            "99999999999999999999:a,",
            "5:1:a;}",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        let mut deep = "0:~".to_owned();
        for _ in 0..100 {
            deep = format!("{}:{deep}]", deep.len());
        }
        assert_eq!(parse(deep.as_bytes()), None);
        assert!(!is_dict(b"12:00:05 INFO poll"));
        assert!(whole_length(b"oops").is_err());
    }
}
