//! What is generated of the real document.

use seedance_codegen::RUST_FILES;

use super::spec::{SPEC, files, refused, text};

#[test]
fn generated_code_matches_the_snapshot() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let files = files(SPEC);
    let rust = RUST_FILES
        .map(|name| format!("// {name}\n{}", text(&files, name)))
        .concat();
    settings.bind(|| insta::assert_snapshot!("generated-client", rust));
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "contract-response.json",
            "contract-errorbody.json",
            "documentation-response.json",
            "documentation-errorbody.json",
            "contract-ContentList.json",
            "documentation-ContentList.json",
            "contract-LimitsOfSeedance10.json",
            "documentation-LimitsOfSeedance10.json",
            "contract-LimitsOfSeedance15.json",
            "documentation-LimitsOfSeedance15.json",
            "contract-LimitsOfSeedance20.json",
            "documentation-LimitsOfSeedance20.json",
            "contract-LimitsOfSeedance25.json",
            "documentation-LimitsOfSeedance25.json",
            "contract-LimitsOfSeedanceUltra.json",
            "documentation-LimitsOfSeedanceUltra.json",
            "contract-SubmitReply.json",
            "documentation-SubmitReply.json",
            "contract-SubmitRequest.json",
            "documentation-SubmitRequest.json",
            "contract-VideoObject.json",
            "documentation-VideoObject.json",
            "types.rs",
            "tables.rs",
            "client.rs",
            "documented.rs",
            "readings.rs",
            "operations.rs",
            "shapes.rs",
            "members.rs",
            "names.rs",
            "pointers.rs",
        ]
    );
}

#[test]
fn lowered_schemas_are_self_contained_and_valid() {
    for file in files(SPEC)
        .iter()
        .filter(|file| !RUST_FILES.contains(&file.name.as_str()))
    {
        let schema: serde_json::Value = serde_json::from_str(&file.text).unwrap();
        jsonschema::meta::validate(&schema).unwrap();
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        let references = file.text.matches("\"$ref\"").count();
        assert_eq!(
            file.text.matches("\"$ref\": \"#/$defs/").count(),
            references,
            "{}",
            file.name
        );
        for left_over in [
            "nullable",
            "discriminator",
            "allOf",
            "x-presence",
            "x-extensible-enum",
        ] {
            assert!(
                !file.text.contains(&format!("\"{left_over}\"")),
                "{}: {left_over}",
                file.name
            );
        }
    }
}

#[test]
fn a_spec_edit_reaches_the_types_the_fast_path_and_the_schemas() {
    let edited = SPEC.replacen(
        "        output_format:\n",
        "        bitrate:\n          type: integer\n          format: int64\n\
         \x20       output_format:\n",
        1,
    );
    let files = files(&edited);
    let rust: String = RUST_FILES.iter().map(|name| text(&files, name)).collect();
    assert!(rust.contains("pub bitrate: ::std::option::Option<i64>"));
    assert!(
        rust.contains("#[serde(rename = \"bitrate\", default, deserialize_with = \"integer\")]")
    );
    assert!(text(&files, "contract-response.json").contains("\"bitrate\""));
    // A promise reaches the examples too, and they have to keep it.
    let error = refused(&edited.replacen(
        "        bitrate:\n",
        "        bitrate:\n          x-presence: always\n",
        1,
    ));
    assert!(
        error.contains("\"bitrate\" is a required property"),
        "{error}"
    );
}
