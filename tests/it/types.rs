//! The generated types read what is there: a member of another type costs nothing but itself.

use seedance_query::{Shape, decode, types::ErrorBody, types::TaskQueryResponse};
use serde_json::{Value, json};

use seedance_testing::files::read_all;

/// The captured tasks, with the names of their files.
fn tasks() -> Vec<(String, Value)> {
    let captured = read_all("tests/captures").into_iter();
    let tasks = captured.filter(|body| body.report.shape() != Some(Shape::Error));
    tasks
        .map(|body| (body.name, serde_json::from_slice(&body.bytes).unwrap()))
        .collect()
}

/// The JSON Pointers of all members, however deep.
fn members(value: &Value, at: &str, found: &mut Vec<String>) {
    for (name, member) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{name}");
        members(member, &at, found);
        found.push(at);
    }
}

fn without(body: &Value, pointer: &str) -> Value {
    let mut body = body.clone();
    let (holder, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(holder)
        .and_then(Value::as_object_mut)
        .unwrap()
        .remove(name);
    body
}

fn read(body: &Value) -> Result<TaskQueryResponse, serde_json::Error> {
    let text = body.to_string();
    let read = decode(text.as_bytes());
    let by_serde = serde_json::from_str::<TaskQueryResponse>(&text);
    assert_eq!(read.as_ref().ok(), by_serde.as_ref().ok(), "{text}");
    read
}

#[test]
fn a_member_of_another_type_is_absent_and_costs_no_other() {
    let mut replaced = 0;
    for (name, body) in tasks() {
        let mut pointers = Vec::new();
        members(&body, "", &mut pointers);
        for pointer in pointers {
            let is_needed = ["/data", "/data/status"].contains(&pointer.as_str());
            // No member of the document is a list of booleans.
            for other in [Value::Null, json!([true])] {
                let mut changed = body.clone();
                *changed.pointer_mut(&pointer).unwrap() = other;
                // A member that selects a shape selects it whatever its type.
                let selects = changed.pointer(&pointer) != Some(&Value::Null);
                match read(&changed) {
                    Err(error) => assert!(is_needed, "{name}: {pointer}: {error}"),
                    Ok(response) => {
                        assert!(!is_needed, "{name}: {pointer}");
                        let expected = read(&without(&body, &pointer)).unwrap();
                        if response.data.shape() == expected.data.shape() {
                            assert_eq!(response, expected, "{name}: {pointer}");
                        } else {
                            assert!(selects, "{name}: {pointer}");
                        }
                        replaced += 1;
                    }
                }
            }
        }
    }
    assert!(replaced > 300, "only {replaced} members were replaced");
}

#[test]
fn an_integer_may_be_written_as_a_float() {
    let mut rewritten = 0;
    for (name, body) in tasks() {
        let expected = read(&body).unwrap();
        let mut pointers = Vec::new();
        members(&body, "", &mut pointers);
        for pointer in pointers {
            let Some(integer) = body.pointer(&pointer).and_then(Value::as_i64) else {
                continue;
            };
            let mut changed = body.clone();
            *changed.pointer_mut(&pointer).unwrap() = json!("an integer");
            let text = changed.to_string();
            for float in [format!("{integer}.0"), format!("{integer}e0")] {
                let text = text.replace("\"an integer\"", &float);
                let by_serde: TaskQueryResponse = serde_json::from_str(&text).unwrap();
                assert_eq!(by_serde, expected, "{name}: {pointer}");
                assert_eq!(
                    decode(text.as_bytes()).unwrap(),
                    expected,
                    "{name}: {pointer}"
                );
                rewritten += 1;
            }
        }
    }
    assert!(rewritten > 100, "only {rewritten} integers were rewritten");
}

#[test]
fn numbers_that_are_no_integers_are_absent() {
    for number in [
        "1.5",
        "1e300",
        "9007199254740994.0",
        "9223372036854775808",
        "-0.1",
    ] {
        let body = format!(
            r#"{{"code":"success","data":{{"status":"QUEUED","submit_time":{number},"start_time":7}}}}"#
        );
        let response: TaskQueryResponse = serde_json::from_str(&body).unwrap();
        let encoded = serde_json::to_value(&response).unwrap();
        assert_eq!(
            encoded["data"],
            json!({"status": "QUEUED", "start_time": 7}),
            "{number}"
        );
        assert_eq!(decode(body.as_bytes()).unwrap(), response);
    }
}

#[test]
fn the_last_of_two_equal_keys_wins() {
    let body = r#"{"code":"a","code":"success","data":null,"data":{"status":"SUCCESS","status":"FAILURE"}}"#;
    let response: TaskQueryResponse = serde_json::from_str(body).unwrap();
    assert_eq!(response.code.as_deref(), Some("success"));
    assert_eq!(response.data.shape(), Shape::Failure);
    assert_eq!(decode(body.as_bytes()).unwrap(), response);
}

#[test]
fn what_a_task_cannot_do_without_is_named() {
    for (body, message) in [
        ("[]", "expected an object, found an array"),
        (
            r#"{"code":"success"}"#,
            "`data`: expected an object, found null",
        ),
        (
            r#"{"data":{"task_id":"t"}}"#,
            "`data`: `status`: expected a string, found null",
        ),
        (
            r#"{"data":{"status":"PAUSED"}}"#,
            "`data`: `status`: \"PAUSED\" is not a documented value",
        ),
    ] {
        assert_eq!(decode(body.as_bytes()).unwrap_err().to_string(), message);
        let by_serde = serde_json::from_str::<TaskQueryResponse>(body);
        assert_eq!(by_serde.unwrap_err().to_string(), message);
    }
    let error =
        serde_json::from_str::<seedance_query::types::FailedTask>(r#"{"status":"SUCCESS"}"#);
    assert_eq!(
        error.unwrap_err().to_string(),
        "`status`: \"SUCCESS\" selects another shape"
    );
}

#[test]
fn an_error_is_told_by_its_own_member() {
    let read = |body: Value| serde_json::from_value::<ErrorBody>(body).unwrap();
    assert!(matches!(
        read(json!({"error": {"code": 7.0, "message": null}, "code": "x"})),
        ErrorBody::ObjectError(_)
    ));
    assert!(matches!(
        read(json!({"error": "text", "code": ["x"]})),
        ErrorBody::CodeError(error) if error.code.is_none()
    ));
    assert!(matches!(read(json!("502")), ErrorBody::TextError(_)));
    assert_eq!(
        serde_json::from_str::<ErrorBody>("7")
            .unwrap_err()
            .to_string(),
        "expected object or string, found a number"
    );
}
