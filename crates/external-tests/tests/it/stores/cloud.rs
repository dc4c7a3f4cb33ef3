//! Stores other than S3, in which a long video is uploaded beside its name and copied to it. One in memory
//! stands for them.

use std::{fs, sync::Arc};

use futures_util::TryStreamExt;
use object_store::{
    Attribute, ObjectStore, ObjectStoreExt, PutPayload, memory::InMemory, path::Path,
};
use seedance_fetch::{NewVideo, Store, VideoOrigin};
use seedance_query::model::hash::{hash, hex};
use tempfile::TempDir;

const NAME: &str = "asyntask_1.mp4";
/// One that goes in one request, and one that goes in two parts.
const LENGTHS: [usize; 2] = [100_000, 9_000_000];

fn place(objects: &Arc<dyn ObjectStore>) -> Store {
    let url = "gs://bucket/videos".parse().unwrap();
    Store::of(&url, Arc::clone(objects), Path::from("videos"))
}

fn memory() -> Arc<dyn ObjectStore> {
    Arc::new(InMemory::new())
}

fn video(directory: &TempDir, length: usize) -> (NewVideo, Vec<u8>) {
    let mut bytes = vec![0; length];
    fastrand::Rng::with_seed(1).fill(&mut bytes);
    let file = directory.path().join("asyntask_1.mp4.part");
    fs::write(&file, &bytes).unwrap();
    let (_, hasher) = hash(&*bytes).unwrap();
    let video = NewVideo {
        file,
        bytes: length as u64,
        sha256: hex(&sha2::Digest::finalize(hasher)),
        task_id: "asyntask_1".parse().unwrap(),
        origin: VideoOrigin {
            model: Some("seedance-2.0".to_owned()),
            billed_tokens: Some(7),
        },
    };
    (video, bytes)
}

async fn keys(objects: &Arc<dyn ObjectStore>) -> Vec<String> {
    let listed = objects
        .list(None)
        .map_ok(|object| object.location.to_string());
    listed.try_collect().await.unwrap()
}

async fn bytes(objects: &Arc<dyn ObjectStore>) -> Vec<u8> {
    let object = objects.get(&Path::from(format!("videos/{NAME}"))).await;
    object.unwrap().bytes().await.unwrap().to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_is_whole_and_has_its_metadata() {
    for length in LENGTHS {
        let (objects, directory) = (memory(), TempDir::new().unwrap());
        let (video, content) = video(&directory, length);
        let store = place(&objects);
        assert_eq!(store.whole_video(NAME).await.unwrap(), None);
        store.put(NAME, &video).await.unwrap();
        // A second time, as after a lost answer.
        store.put(NAME, &video).await.unwrap();
        assert_eq!(keys(&objects).await, [format!("videos/{NAME}")]);
        assert!(bytes(&objects).await == content);
        let found = store.whole_video(NAME).await.unwrap().unwrap();
        assert_eq!((found.bytes, found.sha256), (video.bytes, video.sha256));
        let key = Path::from(format!("videos/{NAME}"));
        let attributes = objects.get(&key).await.unwrap().attributes;
        let value = |name: &'static str| {
            let value = attributes.get(&Attribute::Metadata(name.into()));
            value.map(|value| value.as_ref().to_owned())
        };
        assert_eq!(value("modelname").as_deref(), Some("seedance-2.0"));
        assert_eq!(value("tokens").as_deref(), Some("7"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn something_else_is_left_as_it_is() {
    for length in LENGTHS {
        let (objects, directory) = (memory(), TempDir::new().unwrap());
        let (video, _) = video(&directory, length);
        let key = Path::from(format!("videos/{NAME}"));
        let other = PutPayload::from_static(b"something else");
        objects.put(&key, other).await.unwrap();
        let refused = place(&objects).put(NAME, &video).await.unwrap_err();
        assert!(refused.to_string().contains("other content"), "{refused}");
        assert_eq!(bytes(&objects).await, b"something else");
        assert_eq!(keys(&objects).await.len(), 1, "nothing unfinished is left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_has_changed_is_not_stored() {
    for length in LENGTHS {
        let (objects, directory) = (memory(), TempDir::new().unwrap());
        let (video, mut content) = video(&directory, length);
        *content.last_mut().unwrap() ^= 1;
        fs::write(&video.file, content).unwrap();
        let refused = place(&objects).put(NAME, &video).await.unwrap_err();
        assert!(refused.to_string().contains("has changed"), "{refused}");
        assert!(keys(&objects).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_run_has_left_is_removed() {
    let (objects, directory) = (memory(), TempDir::new().unwrap());
    let (video, content) = video(&directory, LENGTHS[1]);
    let left = Path::from(format!("videos/.unfinished/{NAME}/of-another-run"));
    let part = PutPayload::from_static(b"a part");
    objects.put(&left, part).await.unwrap();
    let of_another = Path::from("videos/.unfinished/asyntask_2.mp4/of-another-run");
    let part = PutPayload::from_static(b"a part");
    objects.put(&of_another, part).await.unwrap();
    place(&objects).put(NAME, &video).await.unwrap();
    assert!(bytes(&objects).await == content);
    let mut keys = keys(&objects).await;
    keys.sort();
    assert_eq!(keys, [of_another.to_string(), format!("videos/{NAME}")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_store_the_same_video_store_it_once() {
    let (objects, directory) = (memory(), TempDir::new().unwrap());
    let (video, content) = video(&directory, LENGTHS[0]);
    let (one, other) = (place(&objects), place(&objects));
    let both = tokio::join!(one.put(NAME, &video), other.put(NAME, &video));
    both.0.unwrap();
    both.1.unwrap();
    assert!(bytes(&objects).await == content);
    assert_eq!(keys(&objects).await.len(), 1);
}
