//! What is on the disk before, meanwhile and after.

use super::*;

#[tokio::test]
async fn what_exists_is_not_overwritten_unless_told_to() {
    let bytes = video(1000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| file(request, &served, TAG)).await;
    let directory = TempDir::new().unwrap();
    let target = directory.path().join("v.mp4");
    fs::write(&target, "mine").unwrap();
    let prepare = || download(&store.url, directory.path()).file_name("v.mp4");
    let error = fail(prepare()).await;
    assert!(
        error.is_already_exists() && !error.is_retryable(),
        "{error}"
    );
    assert_eq!(fs::read(&target).unwrap(), b"mine");
    assert!(store.requests().is_empty());

    let downloaded = prepare().overwrite(true).await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
}

#[tokio::test]
async fn what_appears_meanwhile_is_not_overwritten_either() {
    let bytes = video(1000, 0);
    let directory = TempDir::new().unwrap();
    let target = directory.path().join("v.mp4");
    let (served, theirs) = (bytes.clone(), target.clone());
    let store = Server::start(move |request, _| {
        fs::write(&theirs, "mine").unwrap();
        file(request, &served, TAG)
    })
    .await;
    let prepare = || download(&store.url, directory.path()).file_name("v.mp4");
    let error = fail(prepare()).await;
    assert!(error.is_already_exists(), "{error}");
    assert_eq!(fs::read(&target).unwrap(), b"mine");
    // The video is not lost, and does not have to come again.
    assert_eq!(fs::read(error.path().unwrap()).unwrap(), bytes);
    let downloaded = prepare().overwrite(true).await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    assert_eq!(downloaded.requests, 0);
}

#[tokio::test]
async fn nothing_is_written_outside_of_the_directory() {
    let directory = TempDir::new().unwrap();
    for name in [
        "", ".", "..", "../v.mp4", "/v.mp4", "a/b", "a\\b", "a\0b", "v.part",
    ] {
        let download = download("http://127.0.0.1:9", directory.path()).file_name(name);
        let error = fail(download).await;
        assert!(error.is_input(), "{name:?}: {error}");
    }
    let bytes = video(1000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| file(request, &served, TAG)).await;
    let client = client("http://127.0.0.1:9");
    for (index, name) in ["..", "task/ü?#%", "../../x", "CON", &"x".repeat(4000)]
        .iter()
        .enumerate()
    {
        let url = ResultUrl::new(Some(&signed(&store.url)), client.base_url(), None);
        let id: TaskId = name.parse().unwrap();
        client
            .download(&id, url)
            .into_dir(directory.path())
            .await
            .unwrap();
        assert_eq!(names(directory.path()).len(), index + 1);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_part_that_is_no_file_is_left_alone() {
    let directory = TempDir::new().unwrap();
    let mine = directory.path().join("mine");
    fs::write(&mine, "mine").unwrap();
    let part = directory.path().join("v.mp4.part");
    let prepare = || download("http://127.0.0.1:9", directory.path()).file_name("v.mp4");
    std::os::unix::fs::symlink(&mine, &part).unwrap();
    let error = fail(prepare()).await;
    assert!(
        error.is_io() && error.source().unwrap().is::<std::io::Error>(),
        "{error}"
    );
    assert_eq!(fs::read(&mine).unwrap(), b"mine");

    fs::remove_file(&part).unwrap();
    fs::create_dir(&part).unwrap();
    let error = fail(prepare()).await;
    assert!(error.is_io() && !error.is_disk_full(), "{error}");

    // The directory is a file.
    let error = fail(download("http://127.0.0.1:9", &mine)).await;
    assert!(error.is_io(), "{error}");
}

#[tokio::test]
async fn a_part_that_shares_its_bytes_with_a_finished_file_is_not_written_to() {
    // As after a crash between the new name and the removal of the old one.
    let bytes = video(1000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| file(request, &served, TAG)).await;
    let directory = TempDir::new().unwrap();
    let finished = directory.path().join("finished.mp4");
    fs::write(&finished, "finished").unwrap();
    fs::hard_link(&finished, directory.path().join("v.mp4.part")).unwrap();
    download(&store.url, directory.path())
        .file_name("v.mp4")
        .await
        .unwrap();
    assert_eq!(names(directory.path()).len(), 2);
    if cfg!(unix) {
        assert_eq!(fs::read(&finished).unwrap(), b"finished");
    }
}

#[tokio::test]
async fn two_downloads_of_one_file_exclude_each_other() {
    let store = Server::start(move |request, _| {
        file(request, &video(100_000, 0), TAG).cut(50_000, Step::Silence)
    })
    .await;
    let directory = TempDir::new().unwrap();
    let part = directory.path().join("v.mp4.part");
    let prepare = || download(&store.url, directory.path()).file_name("v.mp4");
    let lock = {
        fs::write(&part, "theirs").unwrap();
        fs::File::open(&part).unwrap()
    };
    lock.try_lock().unwrap();
    let error = fail(prepare()).await;
    assert!(error.is_busy() && error.is_retryable(), "{error}");
    assert_eq!(fs::read(&part).unwrap(), b"theirs");
    assert!(store.requests().is_empty());
    drop(lock);
    interrupt(prepare(), &part, 50_000).await;
}

#[tokio::test]
async fn an_empty_directory_is_the_current_one() {
    let bytes = video(1000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| file(request, &served, TAG)).await;
    let name = format!("download-test-{}.mp4", std::process::id());
    let downloaded = download(&store.url, Path::new(""))
        .file_name(&name)
        .await
        .unwrap();
    let read = fs::read(&name);
    fs::remove_file(&name).unwrap();
    assert_eq!(downloaded.path, Path::new(&name));
    assert!(read.unwrap() == bytes);
}
