//! The object store of a run: videos are downloaded and verified, then stored.

use futures_util::{StreamExt, stream};
use seedance_query::download::{Download, VideoFile};

#[cfg(not(feature = "object-store"))]
use super::no_store::Store;
#[cfg(feature = "object-store")]
use super::store::Store;
use super::{
    error::FetchError,
    ledger::{Ledger, Placing, VideoRow},
    new_video::NewVideo,
    queue::{Fetched, Wanted},
    store_url::StoreUrl,
};

/// How many objects are asked for at a time.
const AT_ONCE: usize = 16;

/// A place in an object store.
#[derive(Clone, Debug)]
pub(super) struct VideoStore {
    url: StoreUrl,
    store: Store,
}

impl VideoStore {
    /// Opens the place of a URL, which has to be there.
    pub async fn open(url: &StoreUrl) -> Result<Self, FetchError> {
        Ok(Self {
            store: Store::open(url).await?,
            url: url.clone(),
        })
    }

    /// The same, if there is a URL.
    pub async fn open_if_any(url: Option<&StoreUrl>) -> Result<Option<Self>, FetchError> {
        match url {
            Some(url) => Self::open(url).await.map(Some),
            None => Ok(None),
        }
    }

    /// Downloads a video and stores it under a name, unless it is there. The ledger is told before.
    pub async fn fetch(
        &self,
        name: &str,
        wanted: &Wanted,
        download: Download,
        ledger: &impl Ledger,
    ) -> Fetched {
        let (claim, kind) = (&wanted.claim, wanted.kind);
        let placing = |bytes, sha256: &str, verification| Placing {
            file: self.url.of_object(name),
            bytes,
            sha256: sha256.to_owned(),
            verification,
        };
        // A store that does not answer is no reason to let the URL of the video expire.
        if let Ok(Some(found)) = self.store.whole_video(name).await {
            let found = placing(found.bytes, &found.sha256, None);
            return match ledger.placing(claim, kind, found).await {
                Ok(()) => Fetched::Stored(None),
                Err(error) => Fetched::NotNoted(error),
            };
        }
        let staged = match download.stage().await {
            Ok(staged) => staged,
            Err(error) => return Fetched::Failed(error),
        };
        let verification = Some(staged.verification().to_string());
        let whole = placing(staged.bytes(), staged.sha256(), verification);
        if let Err(error) = ledger.placing(claim, kind, whole).await {
            return Fetched::NotNoted(error);
        }
        let video = NewVideo {
            file: staged.path(),
            bytes: staged.bytes(),
            sha256: staged.sha256().to_owned(),
            task_id: claim.task_id.clone(),
            origin: wanted.origin.clone(),
        };
        match self.store.put(name, &video).await {
            Ok(()) => Fetched::Stored(Some(staged)),
            Err(error) => Fetched::NotStored(format!(
                "{error}; the video is kept in {}",
                video.file.display()
            )),
        }
    }

    /// Whether a video that somebody was storing is there. What is left of an upload is removed if not.
    pub async fn has_interrupted(&self, video: &VideoRow) -> Result<bool, String> {
        let Some(name) = self.name_of(video) else {
            return Ok(false);
        };
        let is_there = self.has(name, video).await?;
        self.store.remove_unfinished(name).await;
        Ok(is_there)
    }

    /// Those of the videos that the store does not have any more, as far as it tells.
    pub async fn gone(&self, videos: Vec<VideoRow>) -> Vec<VideoRow> {
        let looks = stream::iter(videos).map(|video| async move {
            let name = self.name_of(&video)?;
            let is_there = self.has(name, &video).await.unwrap_or(true);
            (!is_there).then_some(video)
        });
        looks
            .buffered(AT_ONCE)
            .filter_map(async |gone| gone)
            .collect()
            .await
    }

    async fn has(&self, name: &str, video: &VideoRow) -> Result<bool, String> {
        let Some((bytes, sha256)) = video.bytes.zip(video.sha256.as_deref()) else {
            return Ok(false);
        };
        let has = self.store.has(name, bytes, sha256).await;
        has.map_err(|error| error.to_string())
    }

    /// Reads the object of a video to its end; none if it is not there.
    pub async fn read(&self, name: &str) -> Result<Option<VideoFile>, String> {
        let read = self.store.read(name).await;
        read.map_err(|error| error.to_string())
    }

    /// The name of a video's object, if it is in this place.
    pub fn name_of<'a>(&self, video: &'a VideoRow) -> Option<&'a str> {
        self.url.name_of(video.file.as_deref()?)
    }

    /// Ends what uploads have left to do.
    pub async fn close(&self) {
        self.store.close().await;
    }
}
