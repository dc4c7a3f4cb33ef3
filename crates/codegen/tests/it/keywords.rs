//! Keywords that nothing would check, or that contradict each other.

use super::spec::message;

#[test]
fn a_keyword_that_would_not_be_checked_is_refused() {
    for (keyword, value) in [
        ("maxLength", "3"),
        ("pattern", "a"),
        ("multipleOf", "2"),
        ("uniqueItems", "true"),
        ("not", "{type: string}"),
        ("x-presense", "always"),
        ("title", "Seed"),
        ("default", "1"),
    ] {
        let error = message(
            "          description: The random seed that was used.\n",
            &format!(
                "          description: The random seed that was used.\n          {keyword}: {value}\n"
            ),
        );
        assert!(
            error.contains(&format!("the keyword `{keyword}` is not supported here")),
            "{error}"
        );
        assert!(error.contains("/properties/seed/"), "{error}");
    }
    let description = "          description: The random seed that was used.\n";
    for (line, part) in [
        (
            "x-presence: sometimes",
            "\"sometimes\" is not a value of `x-presence`",
        ),
        ("nullable: 1", "1 is not a value of `nullable`"),
        ("enum: []", "[] is not a value of `enum`"),
        (
            "x-documented-pattern: '\\d+'",
            "is not a value of `x-documented-pattern`",
        ),
        ("additionalProperties: false", "only `true`"),
    ] {
        let error = message(description, &format!("{description}          {line}\n"));
        assert!(error.contains(part), "{error}");
    }
    let error = message(
        "          description: Whether this is a cheap preview.\n          x-source: observed",
        "          x-source: guessed",
    );
    assert!(
        error.contains("\"guessed\" is not a value of `x-source`"),
        "{error}"
    );
    let error = message(
        "      type: string\n      minLength: 1",
        "      type: text\n      minLength: 1",
    );
    assert!(error.contains("expected one of array, boolean"), "{error}");
    let error = message(
        "          type: integer\n          format: int64\n          description: The random",
        "          type: integer\n          format: int32\n          description: The random",
    );
    assert!(
        error.contains("format \"int32\" would not be checked"),
        "{error}"
    );
}

#[test]
fn contradictory_keywords_are_refused() {
    let description = "          description: The random seed that was used.\n";
    for (line, part) in [
        (
            "minLength: 1",
            "`minLength` does not apply to type `integer`",
        ),
        (
            "x-documented-pattern: 'a'",
            "does not apply to type `integer`",
        ),
        ("required: [a]", "does not apply to type `integer`"),
        (
            "oneOf: [{type: string}]",
            "move this into `components/schemas`",
        ),
    ] {
        let error = message(description, &format!("{description}          {line}\n"));
        assert!(error.contains(part), "{error}");
    }
    let seed = "          format: int64\n          description: The random seed";
    let error = message(seed, "          description: The random seed");
    assert!(
        error.contains("an integer needs `format: int64`"),
        "{error}"
    );
    let extensible = "          x-extensible-enum: [default, flex]\n";
    for (more, part) in [
        (
            "enum: [default]",
            "`enum` and `x-extensible-enum` cannot be combined",
        ),
        (
            "x-documented-pattern: '(?=a)b'",
            "is not a value of `x-documented-pattern`",
        ),
    ] {
        let error = message(extensible, &format!("{extensible}          {more}\n"));
        assert!(error.contains(part), "{error}");
    }
}
