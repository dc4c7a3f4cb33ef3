//! The typed variant and the schema's branch are the same, and so are the examples of the spec.

use seedance_query::{OPENAPI, Shape, Verdict, decode, validate};

use seedance_testing::files::read_all;

#[test]
fn the_typed_variant_is_the_branch_that_the_schema_names() {
    let mut seen = Vec::new();
    for body in read_all("tests/captures")
        .into_iter()
        .chain(read_all("tests/drift"))
    {
        let report = validate(&body.bytes);
        let (Some(shape), Ok(response)) = (report.shape(), decode(&body.bytes)) else {
            continue;
        };
        assert_eq!(response.data.shape(), shape, "{}", body.name);
        seen.push(shape);
    }
    for shape in [
        Shape::Pending,
        Shape::Normal,
        Shape::SuperResolution,
        Shape::Failure,
    ] {
        let count = seen.iter().filter(|seen| **seen == shape).count();
        assert!(count >= 2, "{shape} was compared {count} times");
    }
}

#[test]
fn what_callers_ask_a_task() {
    let body = |name: &str| {
        let bodies = read_all("tests/captures")
            .into_iter()
            .chain(read_all("tests/drift"));
        let body = bodies
            .into_iter()
            .find(|body| body.name.starts_with(name))
            .unwrap();
        decode(&body.bytes).unwrap().data
    };
    let normal = body("normal-720p");
    assert!(normal.is_terminal());
    assert!(
        normal
            .result_url()
            .unwrap()
            .expose()
            .contains("X-Tos-Expires=86400")
    );
    assert_eq!(normal.billed_tokens(), Some(108_900));
    assert_eq!(normal.fail_reason(), None);

    let enhanced = body("super-resolution-720p");
    assert_eq!(enhanced.billed_tokens(), Some(108_900));

    let failed = body("failure-content-policy");
    assert!(failed.is_terminal() && failed.fail_reason().is_some());
    assert_eq!((failed.result_url(), failed.billed_tokens()), (None, None));

    let pending = body("pending-in-progress");
    assert!(!pending.is_terminal());
    assert_eq!((pending.result_url(), pending.fail_reason()), (None, None));

    let legacy = body("2a-legacy");
    assert!(
        legacy
            .result_url()
            .unwrap()
            .expose()
            .starts_with("https://")
    );
    assert_eq!(body("1d-success-without-any-url").result_url(), None);
}

/// The build has checked the examples against the schemas; the rules find nothing in them either.
#[test]
fn the_examples_of_the_spec_conform() {
    let mut examples = Vec::new();
    let section = OPENAPI.split("\n  examples:\n").nth(1).unwrap();
    for (name, shape) in [
        ("Pending", Shape::Pending),
        ("Normal", Shape::Normal),
        ("SuperResolution", Shape::SuperResolution),
        ("Failure", Shape::Failure),
        ("CodeError", Shape::Error),
        ("ObjectError", Shape::Error),
    ] {
        let start = section.find(&format!("    {name}:\n")).expect(name);
        let value = section[start..].split("      value:\n").nth(1).unwrap();
        let lines = value
            .lines()
            .take_while(|line| line.starts_with("        "));
        examples.push((name, shape, lines.collect::<Vec<_>>().join("\n")));
    }
    for (name, shape, yaml) in examples {
        let node = saphyr_to_json(&yaml);
        let report = validate(node.to_string().as_bytes());
        assert_eq!(
            report.verdict(),
            Verdict::Conforms,
            "{name}: {:?}",
            report.findings()
        );
        assert_eq!(report.shape(), Some(shape), "{name}");
    }
}

fn saphyr_to_json(yaml: &str) -> serde_json::Value {
    use saphyr::{LoadableYamlNode, Scalar, Yaml};

    fn convert(node: &Yaml<'_>) -> serde_json::Value {
        match node {
            Yaml::Value(Scalar::Boolean(boolean)) => (*boolean).into(),
            Yaml::Value(Scalar::Integer(number)) => (*number).into(),
            Yaml::Value(Scalar::String(text)) => text.as_ref().into(),
            Yaml::Mapping(members) => members
                .iter()
                .map(|(key, value)| (key.as_str().unwrap().to_owned(), convert(value)))
                .collect(),
            Yaml::Value(Scalar::Null) => serde_json::Value::Null,
            other => panic!("not in an example: {other:?}"),
        }
    }

    convert(&Yaml::load_from_str(yaml).unwrap()[0])
}
