//! What a killed run has left of a video that it was storing.

use std::{fs, time::Duration};

use futures_util::StreamExt;
use http::Method;
use object_store::{
    ObjectStore, ObjectStoreExt,
    aws::AmazonS3,
    client::{HttpClient, HttpRequestBody},
    multipart::MultipartStore,
    path::Path,
    signer::{SignedUrlOptions, Signer},
};
use serde::Deserialize;

use super::{address::StoreKind, place::Store};
use crate::blocking::blocking;

/// Beside the videos.
const DIRECTORY: &str = ".unfinished";
/// How long the signature of the list is good for.
const SIGNED_FOR: Duration = Duration::from_mins(1);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListMultipartUploadsResult {
    #[serde(default)]
    upload: Vec<Upload>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Upload {
    key: String,
    upload_id: String,
}

impl Store {
    /// Where uploads of a video are until they are copied to its name, one for each run.
    pub(super) fn unfinished(&self, name: &str) -> Path {
        self.address.prefix.clone().join(DIRECTORY).join(name)
    }

    /// Removes what other runs have uploaded of a video without completing it. Only the one that holds
    /// the task does so; whoever held it before is refused by the ledger, too.
    pub async fn remove_unfinished(&self, name: &str) {
        // A store that does not let these be listed has rules that remove them after some days.
        match &self.address.kind {
            StoreKind::S3 { store, http, .. } => {
                let key = self.key(name);
                for id in uploads(store, http, &key).await.unwrap_or_default() {
                    let _ = store.abort_multipart(&key, &id).await;
                }
            }
            StoreKind::Cloud => {
                let mut left = self.objects().list(Some(&self.unfinished(name)));
                while let Some(Ok(object)) = left.next().await {
                    let _ = self.objects().delete(&object.location).await;
                }
            }
            StoreKind::Files(directory) => {
                // Parts of files are not listed.
                let directory = directory.join(DIRECTORY).join(name);
                let _ = blocking(move || fs::remove_dir_all(directory)).await;
            }
        }
    }
}

/// The ids of the uploads of a key. The library does not list them, but signs the request.
async fn uploads(store: &AmazonS3, http: &HttpClient, key: &Path) -> Option<Vec<String>> {
    let query = [("uploads", ""), ("prefix", key.as_ref())];
    let options = SignedUrlOptions::default().with_query(query);
    let bucket = Path::default();
    let url = store
        .signed_url_opts(Method::GET, &bucket, SIGNED_FOR, &options)
        .await
        .ok()?;
    let request = http::Request::get(url.as_str()).body(HttpRequestBody::empty());
    let response = http.execute(request.ok()?).await.ok()?;
    if !response.status().is_success() {
        return None;
    }
    let body = response.into_body().bytes().await.ok()?;
    let listed: ListMultipartUploadsResult = quick_xml::de::from_reader(&*body).ok()?;
    let uploads = listed.upload.into_iter();
    let of_key = uploads.filter(|upload| upload.key == key.as_ref());
    Some(of_key.map(|upload| upload.upload_id).collect())
}
