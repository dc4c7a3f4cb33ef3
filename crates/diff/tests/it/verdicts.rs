//! Edits of the document, whom each breaks, and the version number that it is worth.

use std::collections::BTreeSet;

use seedance_diff::{Audience, Change, Semver};
use seedance_query::OPENAPI;

use super::{between, cases::Edits};

struct Verdict {
    what: &'static str,
    edits: Edits,
    semver: Semver,
    readers: bool,
    senders: bool,
}

const fn verdict(what: &'static str, edits: Edits, semver: Semver, breaks: &[u8]) -> Verdict {
    let (mut readers, mut senders, mut index) = (false, false, 0);
    while index < breaks.len() {
        readers |= breaks[index] == b'r';
        senders |= breaks[index] == b's';
        index += 1;
    }
    Verdict {
        what,
        edits,
        semver,
        readers,
        senders,
    }
}

/// An operation that takes a body.
const SUBMIT: &str = "  /v1/orders:\n    post:\n      operationId: order\n      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              type: object\n              required: [model]\n              properties:\n                model: {type: string}\n                seed: {type: integer}\n      responses:\n        '200': {description: Taken.}\n";

const RESPONSES: &str = "      responses:\n        '200':";
const OUTPUT_FORMAT: &str = "        output_format:\n          type: string\n";
const SEED: &str = "          description: The random seed";
const TIER: &str = "x-extensible-enum: [default, flex]";

#[rustfmt::skip]
const VERDICTS: &[Verdict] = &[
    // Calls.
    verdict("a path parameter has another name", &[("generations/{task_id}:", "generations/{id}:"), ("- name: task_id\n", "- name: id\n")], Semver::Patch, b""),
    verdict("another path", &[("/v1/video/generations/{task_id}", "/v2/video/generations/{task_id}")], Semver::Major, b"rs"),
    verdict("another operation id", &[("operationId: query_task", "operationId: getTask")], Semver::Patch, b""),
    verdict("an optional parameter", &[(RESPONSES, "        - {name: format, in: query, schema: {type: string}}\n      responses:\n        '200':")], Semver::Minor, b""),
    verdict("a required parameter", &[(RESPONSES, "        - {name: format, in: query, required: true, schema: {type: string}}\n      responses:\n        '200':")], Semver::Major, b"s"),
    verdict("another way to authenticate", &[("      scheme: bearer\n", "      scheme: basic\n")], Semver::Major, b"s"),
    verdict("the scheme has another name", &[("- bearerAuth: []", "- key: []"), ("    bearerAuth:\n", "    key:\n")], Semver::None, b""),
    verdict("a second operation", &[("components:\n  securitySchemes:", "  /v1/orders:\n    post:\n      operationId: s\n      responses:\n        '200': {description: ok}\ncomponents:\n  securitySchemes:")], Semver::Minor, b""),
    verdict("another interval", &[("x-poll-interval-seconds: 15", "x-poll-interval-seconds: 5")], Semver::Patch, b""),
    verdict("a host more", &[("servers:\n", "servers:\n  - url: https://gateway.example\n")], Semver::Minor, b""),
    verdict("a host less", &[("  - url: https://ai.alad.com\n    description: A white label of the same API.\n", "")], Semver::Patch, b""),
    // Responses.
    verdict("an error response less", &[("        '404':\n          description: No such task, or it was deleted. Some gateways answer 400 instead.\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ErrorBody'\n              examples:\n                codeError:\n                  $ref: '#/components/examples/CodeError'\n", "")], Semver::Patch, b""),
    verdict("an error response more", &[("        '404':\n", "        '429': {description: Too many.}\n        '404':\n")], Semver::Major, b"r"),
    verdict("another success", &[("        '401':\n", "        '202': {description: Taken.}\n        '401':\n")], Semver::Major, b"r"),
    verdict("a header more", &[("        '401':\n", "        '401':\n          headers: {X-Request-Id: {schema: {type: string}}}\n")], Semver::Minor, b""),
    // Members.
    verdict("an optional member more", &[(OUTPUT_FORMAT, "        mood: {type: string}\n        output_format:\n          type: string\n")], Semver::Minor, b""),
    verdict("a member more that is only observed", &[(OUTPUT_FORMAT, "        mood: {type: string, x-source: observed}\n        output_format:\n          type: string\n")], Semver::Patch, b""),
    verdict("a member less", &[("        param:\n          type: string\n          nullable: true\n          description: The request parameter at fault.\n", "")], Semver::Major, b"r"),
    verdict("a member less that was only observed", &[("        output_format:\n          type: string\n          description: Container format of the video, such as `mp4`.\n          x-source: observed\n", "")], Semver::Patch, b""),
    verdict("a member has another name", &[("        seed:\n          type: integer\n", "        seed_used:\n          type: integer\n"), ("        seed: {x-presence: always}\n", "")], Semver::Major, b"r"),
    verdict("a member is required", &[("required: [task_id, status]", "required: [task_id, status, request_id]")], Semver::Major, b"s"),
    verdict("a member is no longer required", &[("required: [super_resolution, usage]", "required: [usage]")], Semver::Major, b"r"),
    verdict("a member is promised", &[("          description: Whether this is a cheap preview.\n", "          x-presence: always\n          description: Whether this is a cheap preview.\n")], Semver::Minor, b""),
    verdict("a member is deprecated", &[(OUTPUT_FORMAT, "        output_format:\n          type: string\n          deprecated: true\n")], Semver::Minor, b""),
    verdict("members that are not listed are forbidden", &[("      description: The upstream's reason for a failure.\n", "      description: The upstream's reason for a failure.\n      additionalProperties: false\n")], Semver::Major, b"s"),
    verdict("members that are not listed are documented", &[("      description: The upstream's reason for a failure.\n", "      description: The upstream's reason for a failure.\n      additionalProperties: true\n")], Semver::Minor, b""),
    // Values.
    verdict("a member has another type", &[("          type: string\n          description: >-\n            A percentage as text.", "          type: integer\n          description: >-\n            A percentage as text."), ("          x-documented-pattern: '^(100|[1-9]?[0-9])%$'\n", "")], Semver::Major, b"rs"),
    verdict("a member can be a number, too", &[("        frames:\n          type: integer\n          format: int64\n", "        frames:\n          type: number\n")], Semver::Major, b"r"),
    verdict("a member can be one of two types", &[(OUTPUT_FORMAT, "        output_format:\n          oneOf: [{type: string}, {type: boolean}]\n")], Semver::Major, b"r"),
    verdict("a member can be null", &[(OUTPUT_FORMAT, "        output_format:\n          type: string\n          nullable: true\n")], Semver::Major, b"r"),
    verdict("a member can no longer be null", &[("        param:\n          type: string\n          nullable: true\n", "        param:\n          type: string\n")], Semver::Major, b"s"),
    verdict("any text is one of a set", &[(TIER, "enum: [default, flex]")], Semver::Major, b"s"),
    verdict("a value more in an open set", &[(TIER, "x-extensible-enum: [default, flex, slow]")], Semver::Minor, b""),
    verdict("a value less in an open set", &[(TIER, "x-extensible-enum: [default]")], Semver::Patch, b""),
    verdict("a longer text at least", &[("minLength: 1", "minLength: 2")], Semver::Major, b"s"),
    verdict("a longest text", &[("minLength: 1", "minLength: 1\n      maxLength: 64")], Semver::Major, b"s"),
    verdict("a pattern", &[(OUTPUT_FORMAT, "        output_format:\n          type: string\n          pattern: '^mp4$'\n")], Semver::Major, b"s"),
    verdict("another documented pattern", &[("'^(100|[1-9]?[0-9])%$'", "'^[0-9]+%$'")], Semver::Patch, b""),
    verdict("a least number", &[(SEED, "          minimum: 0\n          description: The random seed")], Semver::Major, b"s"),
    verdict("a smaller integer", &[("        priority:\n          type: integer\n          format: int64\n", "        priority:\n          type: integer\n          format: int32\n")], Semver::Major, b"s"),
    verdict("an integer without a size", &[("        priority:\n          type: integer\n          format: int64\n", "        priority:\n          type: integer\n")], Semver::None, b""),
    verdict("a format of a text", &[(OUTPUT_FORMAT, "        output_format:\n          type: string\n          format: uri\n")], Semver::Major, b"rs"),
    verdict("a default", &[(OUTPUT_FORMAT, "        output_format:\n          type: string\n          default: mp4\n")], Semver::Patch, b""),
    verdict("a shorter validity", &[("x-valid-for-seconds: 86400", "x-valid-for-seconds: 3600")], Semver::Patch, b""),
    // Shapes.
    verdict("a status more", &[("          FAILURE: '#/components/schemas/FailedTask'\n", "          FAILURE: '#/components/schemas/FailedTask'\n          CANCELLED: '#/components/schemas/FailedTask'\n"), ("enum: [FAILURE]\n", "enum: [FAILURE, CANCELLED]\n")], Semver::Major, b"r"),
    verdict("a word more for a status", &[("QUEUED: [queueing, ", "QUEUED: [queueing, parked, ")], Semver::Patch, b""),
    verdict("an error envelope less", &[("        - $ref: '#/components/schemas/TextError'\n", "")], Semver::Major, b"s"),
    // What is written, not what is said.
    verdict("a title, examples and order", &[(OUTPUT_FORMAT, "        output_format:\n          title: Format\n          example: mp4\n          readOnly: true\n          type: string\n")], Semver::None, b""),
    verdict("an unknown extension", &[(OUTPUT_FORMAT, "        output_format:\n          x-order: 1\n          type: string\n")], Semver::None, b""),
    verdict("a schema in place of a reference", &[("          $ref: '#/components/schemas/ErrorObject'\n", "          type: object\n          properties:\n            code:\n              $ref: '#/components/schemas/ErrorCode'\n            message:\n              type: string\n              x-presence: always\n            type: {type: string}\n            param: {type: string, nullable: true}\n")], Semver::None, b""),
];

#[test]
fn every_edit_has_its_verdict() {
    assert!(VERDICTS.len() >= 50, "{}", VERDICTS.len());
    for case in VERDICTS {
        let mut new = OPENAPI.to_owned();
        for (old, edit) in case.edits {
            assert!(new.contains(old), "{}: {old:?}", case.what);
            new = new.replacen(old, edit, 1);
        }
        let diff = between(OPENAPI, &new);
        let breaks: BTreeSet<Audience> = diff
            .changes()
            .iter()
            .flat_map(Change::breaks)
            .copied()
            .collect();
        let told = (
            diff.semver(),
            breaks.contains(&Audience::Readers),
            breaks.contains(&Audience::Senders),
        );
        assert_eq!(
            told,
            (case.semver, case.readers, case.senders),
            "{}: {diff:#?}",
            case.what
        );
        assert_eq!(
            diff.is_breaking(),
            diff.semver() == Semver::Major,
            "{}",
            case.what
        );
    }
}

/// In a request, what a client sends has to fit: more that is allowed breaks nobody.
#[test]
fn requests_are_compared_the_other_way_round() {
    let old = OPENAPI.replacen("\npaths:\n", &format!("\npaths:\n{SUBMIT}"), 1);
    for (edit, with, semver) in [
        ("required: [model]", "required: []", Semver::Minor),
        (
            "required: [model]",
            "required: [model, seed]",
            Semver::Major,
        ),
        (
            "model: {type: string}",
            "model: {type: string, nullable: true}",
            Semver::Minor,
        ),
        (
            "model: {type: string}",
            "model: {type: string, enum: [a]}",
            Semver::Major,
        ),
        (
            "model: {type: string}",
            "model: {type: string}\n                mood: {type: string}",
            Semver::Minor,
        ),
        ("                seed: {type: integer}\n", "", Semver::Major),
        (
            "        required: true\n        content",
            "        content",
            Semver::Minor,
        ),
    ] {
        assert!(old.contains(edit), "{edit}");
        let diff = between(&old, &old.replacen(edit, with, 1));
        let [change] = diff.changes() else {
            panic!("{with}: {diff:?}");
        };
        assert_eq!(change.semver(), semver, "{with}: {change}");
        assert!(!change.breaks().contains(&Audience::Readers), "{change}");
        assert_eq!(change.operation.as_deref(), Some("POST /v1/orders"));
    }
}
