//! Takes out who asked: which user, channel or account of a gateway it was.

use std::{borrow::Cow, ops::Range};

use super::{
    placeholder::{REDACTED, replaced},
    text::{Text, is_json, string_length},
};

/// Members of a body that tell it. None of them is documented, so the spec has none of them.
const NAMES: [&[u8]; 20] = [
    b"user",
    b"user_id",
    b"user_name",
    b"username",
    b"user_group",
    b"group",
    b"group_id",
    b"channel",
    b"channel_id",
    b"channel_name",
    b"account",
    b"account_id",
    b"organization",
    b"organization_id",
    b"org_id",
    b"project_id",
    b"tenant_id",
    b"token_id",
    b"token_name",
    b"email",
];

/// What a number becomes; JSON types stay.
const ZERO: &[u8] = b"0";

/// Whether a header tells it, such as `X-User-Id`.
pub(crate) fn is_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    NAMES.iter().any(|known| {
        let rest = name.as_bytes().strip_suffix(*known);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(b"_"))
    })
}

/// Replaces numbers and texts of such members, also in what they hold, and in JSON that is a text.
pub(super) fn redact(body: &[u8]) -> Cow<'_, [u8]> {
    let mut search = Search {
        body,
        places: Vec::new(),
    };
    if is_json(body) {
        search.in_json();
    } else {
        search.in_text(0..body.len());
    }
    let mut places = search.places;
    places.retain(|(place, instead)| !place.is_empty() && body[place.clone()] != **instead);
    let places = places.into_iter();
    replaced(
        body,
        places.map(|(place, instead)| (place, Cow::Borrowed(instead))),
    )
}

struct Search<'a> {
    body: &'a [u8],
    places: Vec<(Range<usize>, &'static [u8])>,
}

impl Search<'_> {
    fn in_json(&mut self) {
        let mut at = 0;
        while let Some(quote) = self.body[at..].iter().position(|byte| *byte == b'"') {
            let start = at + quote + 1;
            let end = start + string_length(&self.body[start..]);
            at = (end + 1).min(self.body.len());
            match self.value_of_member(at) {
                Some(value) if is_known(&Text::of(&self.body[start..end]).bytes) => {
                    at = self.hide(value, self.body.len(), 0);
                }
                _ => self.in_text(start..end),
            }
        }
    }

    /// JSON within a text: its quotes have so many backslashes before them, and those with another
    /// number do not count.
    fn in_text(&mut self, range: Range<usize>) {
        let mut at = range.start;
        let mut last: Option<Quote> = None;
        while let Some(quote) = self.quote(at, range.end) {
            at = quote.end;
            let name = last.filter(|last| last.depth == quote.depth);
            last = Some(quote);
            if name.is_some_and(|name| is_known(&self.body[name.end..quote.start]))
                && let Some(value) = self.value_of_member(quote.end)
                && value < range.end
            {
                at = self.hide(value, range.end, quote.depth);
                last = None;
            }
        }
    }

    /// Where the value begins, if what ended here is the name of a member.
    fn value_of_member(&self, after_name: usize) -> Option<usize> {
        let colon = self.after_blanks(after_name);
        (self.body.get(colon) == Some(&b':')).then(|| self.after_blanks(colon + 1))
    }

    fn after_blanks(&self, at: usize) -> usize {
        let rest = &self.body[at..];
        at + rest.iter().take_while(|b| b.is_ascii_whitespace()).count()
    }

    /// Hides a value with all that is in it but for the names of its members; tells where it ends.
    fn hide(&mut self, mut at: usize, end: usize, depth: usize) -> usize {
        let mut open = 0_usize;
        while at < end {
            match self.body[at] {
                b'"' | b'\\' => {
                    let Some(quote) = self
                        .quote(at, end)
                        .filter(|quote| quote.start == at && (quote.depth == depth))
                    else {
                        return at;
                    };
                    let Some((close, after)) = self.end_of_string(quote.end, end, depth) else {
                        return at;
                    };
                    at = after;
                    if self.value_of_member(at).is_none() {
                        self.places.push((quote.end..close, REDACTED));
                    }
                }
                b'{' | b'[' => {
                    open += 1;
                    at += 1;
                }
                b'}' | b']' => {
                    open = open.saturating_sub(1);
                    at += 1;
                }
                _ => {
                    let length = number_length(&self.body[at..end]);
                    if length > 0 {
                        self.places.push((at..at + length, ZERO));
                    }
                    // Blanks, commas, colons and the letters of literals stay.
                    at += length.max(1);
                }
            }
            let next = self.body[..end].get(self.after_blanks(at));
            if open == 0 && matches!(next, None | Some(b',' | b'}' | b']')) {
                break;
            }
        }
        at
    }

    /// The next quote in a part of the body.
    fn quote(&self, at: usize, end: usize) -> Option<Quote> {
        let before = self.body[at..end].iter().position(|byte| *byte == b'"')?;
        let quote = at + before;
        let slashes = self.body[at..quote].iter().rev();
        let depth = slashes.take_while(|byte| **byte == b'\\').count();
        Some(Quote {
            start: quote - depth,
            end: quote + 1,
            depth,
        })
    }

    /// Where a string ends, and where its closing quote does.
    fn end_of_string(&self, start: usize, end: usize, depth: usize) -> Option<(usize, usize)> {
        if depth == 0 {
            let close = start + string_length(&self.body[start..end]);
            return (close < end).then_some((close, close + 1));
        }
        let mut at = start;
        loop {
            let quote = self.quote(at, end)?;
            if quote.depth == depth {
                return Some((quote.start, quote.end));
            }
            at = quote.end;
        }
    }
}

/// A quote with the backslashes before it.
#[derive(Clone, Copy)]
struct Quote {
    start: usize,
    end: usize,
    depth: usize,
}

fn is_known(name: &[u8]) -> bool {
    NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn number_length(text: &[u8]) -> usize {
    if !matches!(text.first(), Some(b'-' | b'0'..=b'9')) {
        return 0;
    }
    let is_part = |byte: &&u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
    text.iter().take_while(is_part).count()
}

#[cfg(test)]
mod tests {
    use super::{NAMES, is_header, redact};

    #[test]
    fn hides_numbers_and_texts_and_keeps_their_types() {
        for (body, redacted) in [
            (
                r#"{"user_id": 12, "group":"vip","seed":7,"Channel_ID":-1.5e3}"#,
                r#"{"user_id": 0, "group":"REDACTED","seed":7,"Channel_ID":0}"#,
            ),
            (
                r#"{"user":{"id":5,"names":["a\"b",null,true,{"x":"y"}]},"id":5}"#,
                r#"{"user":{"id":0,"names":["REDACTED",null,true,{"x":"REDACTED"}]},"id":5}"#,
            ),
            (
                r#"{"a":"group","b":["user_id",12],"user_id":null,"group":""}"#,
                r#"{"a":"group","b":["user_id",12],"user_id":null,"group":""}"#,
            ),
            (
                r#"{"m":"{\"user_id\": 12,\"group\":\"vip\",\"x\":\"{\\\"email\\\":\\\"a@b\\\"}\"}"}"#,
                r#"{"m":"{\"user_id\": 0,\"group\":\"REDACTED\",\"x\":\"{\\\"email\\\":\\\"REDACTED\\\"}\"}"}"#,
            ),
            (
                r#"{"m":"{\"user\":{\"id\": [7,\"a\\\\\\\"b\"]},\"id\":7}"}"#,
                r#"{"m":"{\"user\":{\"id\": [0,\"REDACTED\"]},\"id\":7}"}"#,
            ),
            (
                r#"<script>x={"user_id":12}</script>"#,
                r#"<script>x={"user_id":0}</script>"#,
            ),
            (r#"{"us\u0065r_id":12}"#, r#"{"us\u0065r_id":0}"#),
            (r#"{"user_id""#, r#"{"user_id""#),
            (r#""group":"#, r#""group":"#),
        ] {
            let once = redact(body.as_bytes());
            assert_eq!(String::from_utf8_lossy(&once), redacted);
            assert_eq!(redact(&once), once);
        }
    }

    #[test]
    fn no_documented_member_is_hidden() {
        assert!(crate::OPENAPI.lines().any(|line| line.trim() == "seed:"));
        for name in NAMES {
            let name = str::from_utf8(name).unwrap();
            let member = format!("{name}:");
            let mut lines = crate::OPENAPI.lines();
            assert!(
                lines.all(|line| line.trim() != member),
                "{name} is documented"
            );
        }
    }

    #[test]
    fn knows_headers_by_the_end_of_their_names() {
        for name in [
            "X-User-Id",
            "user-id",
            "New-Api-User",
            "OpenAI-Organization",
        ] {
            assert!(is_header(name), "{name}");
        }
        for name in ["User-Agent", "X-Request-Id", "Supergroup"] {
            assert!(!is_header(name), "{name}");
        }
    }
}
