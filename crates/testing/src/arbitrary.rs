//! Bodies for property tests, made from a schema: mostly right, and wrong here and there.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Bodies that a schema describes, with deviations.
pub fn body(schema: &Value) -> BoxedStrategy<Value> {
    instance(schema, schema)
}

/// Bodies that are as described more often than not: those of the captures, each with some members
/// more, some less, and some with another value.
pub fn near(schema: &Value, captured: Vec<Value>) -> BoxedStrategy<Value> {
    (
        body(schema),
        prop::sample::select(captured),
        prop::collection::vec(any::<u8>(), 128),
    )
        .prop_map(|(made, captured, dice)| mixed(made, &captured, &mut dice.into_iter().cycle()))
        .boxed()
}

fn mixed(made: Value, captured: &Value, dice: &mut impl Iterator<Item = u8>) -> Value {
    let mut one_in = |sides: u8| dice.next().is_some_and(|rolled| rolled % sides == 0);
    match (made, captured) {
        (Value::Object(mut made), Value::Object(captured)) => {
            made.retain(|name, _| captured.contains_key(name) || one_in(8));
            for (name, captured) in captured {
                let value = match made.remove(name) {
                    Some(made) => mixed(made, captured, dice),
                    None => captured.clone(),
                };
                if dice.next().is_none_or(|rolled| rolled % 64 != 0) {
                    made.insert(name.clone(), value);
                }
            }
            made.into()
        }
        (made, _) if one_in(32) => made,
        _ => captured.clone(),
    }
}

/// Any JSON at all.
pub fn json() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
    .boxed()
}

fn text() -> BoxedStrategy<String> {
    let known = [
        "",
        "SUCCESS",
        "success",
        "FAILURE",
        "QUEUED",
        "generate",
        "16:9",
        "720p",
        "1080p",
        "100%",
        "running",
        "succeeded",
        "doubao-seedance-2-0-260128",
        "https://storage.example/v.mp4?X-Tos-Expires=86400",
        "http://127.0.0.1/v.mp4",
        "https://storage.example/w.mp4",
        "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F",
        "status",
        "data",
        "task_id",
        "code",
        "message",
        "error",
        "a/b~c",
        "\u{0}",
        "😀",
    ];
    prop_oneof![
        6 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => signed_url(),
        2 => any::<String>(),
    ]
    .boxed()
}

/// The URL of a video as a store signs it, each time anew.
pub fn signed_url() -> BoxedStrategy<String> {
    let host = prop::sample::select(vec!["https://storage.example", "http://storage.example"]);
    let file = prop::sample::select(vec!["v.mp4", "w.mp4", "v.png"]);
    let budget = prop::sample::select(vec!["", "&X-Tos-Max-Requests=100"]);
    (host, file, budget, "[A-Za-z0-9]{16}", "[0-9a-f]{64}")
        .prop_map(|(host, file, budget, id, signature)| {
            format!(
                "{host}/seedance-2-0/{file}?X-Tos-Algorithm=TOS4-HMAC-SHA256\
                 &X-Tos-Credential=AKLT{id}%2F20260629%2Fcn-beijing%2Ftos%2Frequest\
                 &X-Tos-Date=20260629T185323Z&X-Tos-Expires=86400{budget}\
                 &X-Tos-Signature={signature}&X-Tos-SignedHeaders=host"
            )
        })
        .boxed()
}

fn integer() -> BoxedStrategy<Value> {
    prop_oneof![
        200 => (0_i64..4_000_000_000).prop_map(Value::from),
        20 => any::<i64>().prop_map(Value::from),
        20 => (-1000_i32..1_000_000).prop_map(|whole| Value::from(f64::from(whole))),
        1 => Just(json!(u64::MAX)),
        1 => Just(json!(1.5)),
        1 => Just(json!(1e300)),
    ]
    .boxed()
}

fn instance(root: &Value, schema: &Value) -> BoxedStrategy<Value> {
    let right = described(root, schema);
    // A body has some thirty members: most bodies get none or one that is wrong.
    prop_oneof![80 => right, 1 => json()].boxed()
}

fn described(root: &Value, schema: &Value) -> BoxedStrategy<Value> {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(target.trim_start_matches('#')).unwrap();
        return described(root, target);
    }
    let leaves = leaves(root, schema);
    if leaves.len() > 1 {
        let leaves = leaves.into_iter().map(|leaf| described(root, leaf));
        return prop::strategy::Union::new(leaves).boxed();
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return prop::sample::select(values.clone()).boxed();
    }
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return json(),
    };
    let strategies = kinds.into_iter().map(|kind| match kind {
        "null" => Just(Value::Null).boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => integer(),
        "string" => text().prop_map(Value::from).boxed(),
        "array" => prop::collection::vec(json(), 0..3)
            .prop_map(Value::from)
            .boxed(),
        _ => object(root, schema),
    });
    prop::strategy::Union::new(strategies).boxed()
}

/// The schemas at the ends of a union; which of them is meant follows from what they make.
fn leaves<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let target = schema.get("$ref").and_then(Value::as_str);
    let schema = target.map_or(schema, |target| {
        root.pointer(target.trim_start_matches('#')).unwrap()
    });
    let branches: Vec<_> = ["then", "else"]
        .iter()
        .filter_map(|key| schema.get(*key))
        .collect();
    if branches.is_empty() {
        return vec![schema];
    }
    branches
        .into_iter()
        .flat_map(|branch| leaves(root, branch))
        .collect()
}

fn object(root: &Value, schema: &Value) -> BoxedStrategy<Value> {
    let mut object = Just(Map::new()).boxed();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let required = schema["required"]
            .as_array()
            .is_some_and(|names| names.contains(&json!(name)));
        let presence = prop::bool::weighted(if required { 0.99 } else { 0.8 });
        let name = name.clone();
        object = (object, presence, instance(root, property))
            .prop_map(move |(mut object, present, value)| {
                if present {
                    object.insert(name.clone(), value);
                }
                object
            })
            .boxed();
    }
    (object, prop::option::weighted(0.1, (text(), json())))
        .prop_map(|(mut object, extra)| {
            if let Some((name, value)) = extra {
                object.entry(name).or_insert(value);
            }
            Value::Object(object)
        })
        .boxed()
}
