//! The log of a key: charges, and what is given back.

use serde_json::{Value, json};

use super::{LIFE, get, plain, send, start, submit};

async fn entries(gateway: &seedance_mock::Gateway) -> Vec<Value> {
    let reply = get(gateway, "/api/log/token").await;
    let mut body = reply.json();
    assert_eq!((reply.status, &body["success"]), (200, &json!(true)));
    serde_json::from_value(body["data"].take()).unwrap()
}

fn other(entry: &Value) -> Value {
    serde_json::from_str(entry["other"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_charge_has_the_id_of_its_request_and_what_is_given_back_that_of_its_task() {
    for is_white_label in [false, true] {
        let gateway = start(is_white_label).await;
        assert_eq!(entries(&gateway).await, Vec::<Value>::new());
        let mut submitted = Vec::new();
        for (prompt, path) in [
            ("a boat", "/v1/video/generations"),
            ("[failure]", "/v1/videos"),
        ] {
            let content = json!([{ "type": "text", "text": prompt }]);
            let request = json!({ "model": "seedance-2.0", "content": content });
            let reply = submit(&gateway, path, &request).await;
            let request_id = reply.header("x-oneapi-request-id").to_owned();
            submitted.push((reply.json()["id"].clone(), request_id));
        }
        let charged = entries(&gateway).await;
        assert_eq!(charged.len(), 2);
        for (_, request_id) in &submitted {
            let of_it = |entry: &&Value| entry["request_id"] == json!(request_id);
            let charge = charged.iter().find(of_it).unwrap();
            assert_eq!(charge["type"], 2);
            assert_eq!(charge["model_name"], "seedance-2.0");
            assert!(other(charge).get("task_id").is_none(), "{charge}");
        }

        gateway.advance(LIFE);
        let all = entries(&gateway).await;
        assert_eq!(all.len(), 4);
        let settlement = |id: &Value| {
            let of_it = |entry: &&Value| other(entry)["task_id"] == *id;
            let entry = all.iter().find(of_it).unwrap();
            assert!(entry.get("request_id").is_none());
            let number = |name: &str| entry[name].as_i64().unwrap();
            ((number("type"), number("quota")), other(entry))
        };
        let reserved = charged[0]["quota"].as_i64().unwrap();
        let (entry, settled) = settlement(&submitted[0].0);
        let id = submitted[0].0.as_str().unwrap();
        let row = get(&gateway, &format!("/v1/video/generations/{id}")).await;
        let row = row.json()["data"].clone();
        let tokens = row["usage"]["total_tokens"].as_i64().unwrap();
        assert_eq!(settled["pre_consumed_quota"], reserved);
        assert_eq!(row["quota"], reserved, "the row has what was reserved");
        let actual = settled["actual_quota"].as_i64().unwrap();
        // A task of many tokens costs more than was reserved.
        let left = reserved - actual;
        assert_eq!(entry, if left < 0 { (2, -left) } else { (6, left) });
        assert_eq!(actual, tokens * settled["model_ratio"].as_i64().unwrap());
        let (entry, refunded) = settlement(&submitted[1].0);
        assert_eq!(entry, (6, reserved));
        assert!(refunded["reason"].is_string() && refunded.get("actual_quota").is_none());
        // The latest comes first.
        let times = all
            .iter()
            .map(|entry| entry["created_at"].as_i64().unwrap());
        assert!(times.rev().is_sorted(), "{all:?}");
    }
}

#[tokio::test]
async fn it_needs_the_key() {
    let gateway = start(false).await;
    let url = format!("{}/api/log/token", gateway.base_url());
    assert_eq!(send(plain().get(url)).await.unwrap().status, 401);
}
