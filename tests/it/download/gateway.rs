//! Downloads from the gateway that comes with the crate, whatever it does to them.

use std::time::Duration;

use seedance_mock::{Fault, Gateway, GatewayBuilder, Origin, Request, Scenario, Video, task_id};
use seedance_query::{Client, DownloadError, Downloaded, TaskId};
use tempfile::TempDir;

use super::names;

const MIB: u64 = 1 << 20;

/// A task whose time has come.
struct Finished {
    gateway: Gateway,
    client: Client,
    id: TaskId,
    directory: TempDir,
}

impl Finished {
    async fn new(scenario: impl Into<Scenario>, settings: GatewayBuilder) -> Self {
        let gateway = settings.speed(0.0).start().await.unwrap();
        let builder = Client::builder().base_url(gateway.base_url());
        let client = builder.api_key(gateway.api_key()).build().unwrap();
        let id = task_id(scenario, 1);
        client.query(&id).await.unwrap();
        gateway.advance(Duration::from_mins(5));
        let directory = TempDir::new().unwrap();
        Self {
            gateway,
            client,
            id,
            directory,
        }
    }

    async fn download(&self, video: Video) -> Result<Downloaded, DownloadError> {
        let response = self.client.query(&self.id).await.unwrap();
        let download = match video {
            Video::Result => {
                let url = response.result_url().unwrap();
                self.client.download(&self.id, url)
            }
            Video::Original => {
                let url = response.original_result_url().unwrap();
                self.client.download(&self.id, url).original()
            }
        };
        let outcome = download.into_dir(self.directory.path()).tries(3).await;
        if let Err(error) = &outcome {
            let shown = format!("{error} {error:?}");
            for secret in [self.gateway.api_key(), "Signature=", "Credential="] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
        outcome
    }

    fn assert_right(&self, downloaded: &Downloaded, video: Video) {
        assert_eq!(downloaded.sha256, self.gateway.sha256(&self.id, video));
        assert_eq!(downloaded.bytes, self.gateway.video_length(&self.id, video));
        assert!(std::fs::read(&downloaded.path).unwrap() == self.gateway.video(&self.id, video));
    }

    fn queries(&self) -> usize {
        let is_query = |request: &&Request| request.path.contains("/video/generations/");
        self.gateway.requests().iter().filter(is_query).count()
    }

    /// The requests for the video.
    fn requests(&self) -> Vec<Request> {
        let mut requests = self.gateway.requests();
        requests.retain(|request| !request.path.contains("/video/generations/"));
        requests
    }
}

#[tokio::test]
async fn whatever_goes_wrong_the_right_video_comes() {
    // The task, the requests for the video, the queries for a fresh URL.
    for (scenario, requests, fresh) in [
        (Scenario::Normal, 1, 0),
        (Fault::GatewayUrl.into(), 1, 0),
        (Fault::GatewayUrlRedirect.into(), 2, 0),
        (Fault::UnsignedUrl.into(), 1, 0),
        (Fault::RequestBudget.into(), 1, 0),
        (Fault::UrlExpired.into(), 2, 1),
        (Fault::UrlRefused.into(), 2, 1),
        // The gateway has the video itself.
        (Fault::UrlAlwaysExpired.into(), 3, 1),
        (Fault::UrlAlwaysRefused.into(), 3, 1),
        (Fault::RedirectLoop.into(), 12, 1),
        (Fault::VideoUnavailable.into(), 3, 0),
        (Fault::WrongLength.into(), 2, 0),
        (Fault::Redirect.into(), 2, 0),
        (Fault::NoRanges.into(), 1, 0),
        (Fault::ChangedMidway.into(), 2, 0),
    ] {
        let finished = Finished::new(scenario, Gateway::builder()).await;
        let downloaded = finished.download(Video::Result).await.unwrap();
        finished.assert_right(&downloaded, Video::Result);
        let seen = finished.requests();
        assert_eq!(seen.len(), requests, "{scenario}: {seen:#?}");
        assert_eq!(downloaded.requests as usize, requests, "{scenario}");
        assert_eq!(finished.queries(), 2 + fresh, "{scenario}");
        for request in seen {
            assert_eq!(request.method, "GET");
            let is_own = request.origin == Origin::Gateway;
            assert_eq!(request.has_authorization, is_own, "{scenario}");
        }
        assert_eq!(names(finished.directory.path()).len(), 1);
    }
}

#[tokio::test]
async fn a_connection_that_is_reset_each_64_kib() {
    let settings = Gateway::builder().video_bytes(MIB);
    let finished = Finished::new(Fault::ResetEach64k, settings).await;
    let downloaded = finished.download(Video::Result).await.unwrap();
    finished.assert_right(&downloaded, Video::Result);
    let requests = finished.requests();
    assert_eq!(requests.len(), 16, "no byte came twice");
    for (index, request) in requests.iter().enumerate() {
        assert_eq!(
            (request.method.as_str(), request.range.is_some()),
            ("GET", index > 0)
        );
        assert_eq!(request.if_range.is_some(), index > 0);
    }
}

#[tokio::test]
async fn a_budget_that_is_spent_is_renewed_once() {
    let settings = Gateway::builder().video_bytes(MIB / 4).request_budget(3);
    let finished = Finished::new(Fault::ResetEach64k, settings).await;
    let downloaded = finished.download(Video::Result).await.unwrap();
    finished.assert_right(&downloaded, Video::Result);
    // Three, the refusal, and what is left.
    assert_eq!((downloaded.requests, finished.queries()), (5, 3));
}

#[tokio::test]
async fn both_videos_of_an_enhanced_task() {
    let finished = Finished::new(Scenario::SuperResolution, Gateway::builder()).await;
    for video in [Video::Result, Video::Original] {
        let downloaded = finished.download(video).await.unwrap();
        finished.assert_right(&downloaded, video);
    }
    assert_eq!(names(finished.directory.path()).len(), 2);
}

#[tokio::test]
async fn what_cannot_be_had_says_why() {
    type Predicate = fn(&DownloadError) -> bool;
    for (fault, is_it, queries) in [
        (
            Fault::NotAVideo,
            DownloadError::is_not_a_video as Predicate,
            1,
        ),
        (Fault::VideoTextXml, DownloadError::is_not_a_video, 1),
        (Fault::TooLarge, DownloadError::is_too_large, 0),
    ] {
        let finished = Finished::new(fault, Gateway::builder()).await;
        let error = finished.download(Video::Result).await.unwrap_err();
        assert!(is_it(&error) && !error.is_retryable(), "{fault}: {error}");
        assert_eq!(finished.queries(), 2 + queries, "{fault}");
        assert_eq!(error.path(), None, "{fault}");
        assert!(names(finished.directory.path()).is_empty(), "{fault}");
    }
}
