//! JSON as RFC 8259 has it, parsed with the position of each value.

use jsonc_parser::{CollectOptions, ParseOptions, ast::Value, parse_to_ast};

use crate::limits::{MAX_JSON_VALUES, has_more_values};

/// The value of a text; none if the text is not JSON, is empty, or has far more values than a
/// recording of tasks.
pub(crate) fn parse(text: &str) -> Option<Value<'_>> {
    if has_more_values(text.as_bytes(), MAX_JSON_VALUES) {
        return None;
    }
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &strict);
    parsed.ok()?.value
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::limits::MAX_JSON_VALUES;

    #[test]
    fn a_text_with_too_many_values_is_not_parsed() {
        let of = |values: usize| format!("[{}1]", "1,".repeat(values - 2));
        assert!(parse(&of(MAX_JSON_VALUES)).is_some());
        assert!(parse(&of(MAX_JSON_VALUES + 10)).is_none());
        let long = format!("{{\"a\": \"{}\"}}", "x".repeat(2 * MAX_JSON_VALUES));
        assert!(parse(&long).is_some());
    }

    #[test]
    fn takes_json_and_nothing_else() {
        for text in ["{}", " [1, \"a\"] ", "null", "{\"a\": -1.5e3}"] {
            assert!(parse(text).is_some(), "{text}");
        }
        for text in [
            "", "{a: 1}", "[1,]", "// x\n{}", "{'a': 1}", "[1 2]", "0x1", "+1",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
