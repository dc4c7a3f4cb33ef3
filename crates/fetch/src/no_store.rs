//! What is said where object stores were not built in.

use std::convert::Infallible;

use seedance_query::download::VideoFile;

use super::{error::FetchError, new_video::NewVideo, store_url::StoreUrl};

/// A store that there cannot be.
#[derive(Clone, Debug)]
pub enum Store {}

pub(crate) type StoreError = Infallible;

impl Store {
    pub async fn open(_: &StoreUrl) -> Result<Self, FetchError> {
        Err(FetchError::input(
            "this program was built without object stores: build it with `--features object-store`"
                .to_owned(),
        ))
    }

    pub(crate) async fn whole_video(&self, _: &str) -> Result<Option<VideoFile>, StoreError> {
        match *self {}
    }

    pub(crate) async fn has(&self, _: &str, _: u64, _: &str) -> Result<bool, StoreError> {
        match *self {}
    }

    pub(crate) async fn read(&self, _: &str) -> Result<Option<VideoFile>, StoreError> {
        match *self {}
    }

    pub(crate) async fn put(&self, _: &str, _: &NewVideo) -> Result<(), StoreError> {
        match *self {}
    }

    pub(crate) async fn remove_unfinished(&self, _: &str) {
        match *self {}
    }

    pub(crate) async fn close(&self) {
        match *self {}
    }
}
