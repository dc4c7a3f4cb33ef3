//! Videos that go to a bucket, once.

use seedance_mock::Video;
use tempfile::TempDir;

use super::{Bucket, all_stored, fetch, gateway, ids, kept, of_kind, run, transfers};

#[tokio::test(flavor = "multi_thread")]
async fn videos_are_stored_once_with_what_is_known_of_them() {
    let gateway = gateway().start().await.unwrap();
    let bucket = Bucket::new("once").await;
    let scratch = TempDir::new().unwrap();
    let ids = ids(4);
    let (code, events, err) = run(fetch(&gateway, &bucket, scratch.path(), &ids)).await;
    assert_eq!(code, 0, "{err}");
    all_stored(&gateway, &bucket, &ids).await;
    for event in of_kind(&events, "arrived") {
        let id = event["task_id"].as_str().unwrap();
        assert_eq!(event["file"], format!("s3://once/videos/{id}.mp4"));
        assert_eq!(event["was_there"], false);
    }
    let object = bucket.get(&format!("{}.mp4", ids[0])).await.unwrap();
    let header = |name: &str| object.headers.get(name).map(String::as_str);
    assert_eq!(header("content-type"), Some("video/mp4"));
    assert_eq!(header("x-amz-meta-taskid"), Some(ids[0].as_str()));
    let sha256 = gateway.sha256(&ids[0], Video::Result);
    assert_eq!(header("x-amz-meta-sha256"), Some(&*sha256));
    assert!(header("x-amz-meta-tokens").is_some_and(|tokens| tokens.parse::<u64>().is_ok()));
    assert!(header("x-amz-meta-modelname").is_some_and(|name| name.contains("seedance")));
    let captures = ids.iter().map(|id| format!("{id}.http")).collect();
    assert_eq!(kept(scratch.path()), captures, "only captures stay");

    let (puts, queries) = (bucket.puts(), gateway.requests().len());
    let (code, events, _) = run(fetch(&gateway, &bucket, scratch.path(), &ids)).await;
    assert_eq!((code, of_kind(&events, "arrived").len()), (0, 0));
    assert_eq!((bucket.puts(), gateway.requests().len()), (puts, queries));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_ledger_is_made_again_from_the_bucket() {
    let gateway = gateway().start().await.unwrap();
    let bucket = Bucket::new("lost-ledger").await;
    let ids = ids(2);
    let first = TempDir::new().unwrap();
    assert_eq!(run(fetch(&gateway, &bucket, first.path(), &ids)).await.0, 0);
    let (begun, puts) = (transfers(&gateway), bucket.puts());
    let second = TempDir::new().unwrap();
    let (code, events, err) = run(fetch(&gateway, &bucket, second.path(), &ids)).await;
    assert_eq!(code, 0, "{err}");
    let arrived = of_kind(&events, "arrived");
    assert!(arrived.len() == 2 && arrived.iter().all(|event| event["was_there"] == true));
    assert_eq!((transfers(&gateway), bucket.puts()), (begun, puts));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_gone_is_fetched_again() {
    let gateway = gateway().start().await.unwrap();
    let bucket = Bucket::new("gone").await;
    let scratch = TempDir::new().unwrap();
    let ids = ids(2);
    assert_eq!(
        run(fetch(&gateway, &bucket, scratch.path(), &ids)).await.0,
        0
    );
    bucket.remove(&format!("{}.mp4", ids[0])).await;
    let (code, events, err) = run(fetch(&gateway, &bucket, scratch.path(), &ids)).await;
    assert_eq!(code, 0, "{err}");
    let arrived = of_kind(&events, "arrived");
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived[0]["task_id"], ids[0].as_str());
    all_stored(&gateway, &bucket, &ids).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_video_is_stored_in_parts() {
    let gateway = gateway().video_bytes(9_000_000).start().await.unwrap();
    let bucket = Bucket::new("parts").await;
    let scratch = TempDir::new().unwrap();
    let ids = ids(1);
    let (code, _, err) = run(fetch(&gateway, &bucket, scratch.path(), &ids)).await;
    assert_eq!(code, 0, "{err}");
    all_stored(&gateway, &bucket, &ids).await;
    let requests = bucket.proxy.requests();
    let parts = requests.iter().filter(|line| line.contains("partNumber="));
    assert_eq!(parts.count(), 2, "{requests:?}");
    let object = bucket.get(&format!("{}.mp4", ids[0])).await.unwrap();
    let sha256 = gateway.sha256(&ids[0], Video::Result);
    assert_eq!(object.headers["x-amz-meta-sha256"], sha256);
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_are_compared_with_the_ledger() {
    let gateway = gateway().start().await.unwrap();
    let bucket = Bucket::new("compared").await;
    let scratch = TempDir::new().unwrap();
    let ids = ids(3);
    assert_eq!(
        run(fetch(&gateway, &bucket, scratch.path(), &ids)).await.0,
        0
    );
    let verify = || {
        let mut command = fetch(&gateway, &bucket, scratch.path(), &[]);
        command.arg("--verify");
        command
    };
    let (code, events, err) = run(verify()).await;
    assert_eq!(code, 0, "{err}");
    assert_eq!(events.last().unwrap()["intact"], 3);
    let mut video = gateway.video(&ids[0], Video::Result).to_vec();
    *video.last_mut().unwrap() ^= 1;
    bucket.put(&format!("{}.mp4", ids[0]), video).await;
    bucket.remove(&format!("{}.mp4", ids[1])).await;
    let (code, events, _) = run(verify()).await;
    assert_eq!(code, 7);
    let state = |id: &str| {
        let file = events.iter().find(|event| event["task_id"] == id);
        file.unwrap()["state"]["state"].as_str().unwrap().to_owned()
    };
    let states = ids.iter().map(|id| state(id.as_str()));
    assert_eq!(states.collect::<Vec<_>>(), ["changed", "missing", "intact"]);
}
