//! JSON as RFC 8259 has it, parsed with the position of each value.

use jsonc_parser::{CollectOptions, ParseOptions, ast::Value, parse_to_ast};

/// The value of a text; none if the text is not JSON, or is empty.
pub(crate) fn parse(text: &str) -> Option<Value<'_>> {
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
