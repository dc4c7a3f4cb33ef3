//! A place in an object store.

use std::{
    fmt, process,
    sync::Arc,
    time::{Duration, SystemTime},
};

use futures_util::StreamExt;
use object_store::{ObjectStore, path::Path};

use super::{
    address::{Address, StoreKind, open},
    error::StoreError,
    failure::Failure,
    open_upload::Aborts,
};
use crate::{error::FetchError, store_url::StoreUrl};

/// How long uploads that were given up are waited for, so that no part of them stays.
const PATIENCE_AT_THE_END: Duration = Duration::from_secs(10);

/// A place in an object store. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    pub(super) url: StoreUrl,
    pub(super) address: Address,
    /// What no other run has: it names what this one has not finished.
    pub(super) run: String,
    pub(super) aborts: Aborts,
}

impl Store {
    /// Prepares a place, and looks whether its bucket is there.
    ///
    /// # Errors
    ///
    /// If the settings in the environment cannot be used, the store cannot be reached, has no such bucket,
    /// or does not accept the credentials.
    pub async fn open(url: &StoreUrl) -> Result<Self, FetchError> {
        let address = open(url)?;
        let store = Self {
            url: url.clone(),
            address,
            run: run_name(),
            aborts: Aborts::default(),
        };
        let mut objects = store.objects().list(Some(&store.address.prefix));
        if let Some(Err(error)) = objects.next().await {
            let failure = Failure::from(error);
            // Who may write does not have to be allowed to list.
            if !failure.is_only_forbidden() {
                let error = StoreError::failed("be used", &store.url, &failure);
                return Err(FetchError::store(error.to_string()));
            }
        }
        Ok(store)
    }

    /// A place in a store that is open already, whose objects have metadata.
    #[must_use]
    pub fn of(url: &StoreUrl, objects: Arc<dyn ObjectStore>, prefix: Path) -> Self {
        Self {
            url: url.clone(),
            address: Address {
                objects,
                prefix,
                kind: StoreKind::Cloud,
            },
            run: run_name(),
            aborts: Aborts::default(),
        }
    }

    pub(super) fn objects(&self) -> &Arc<dyn ObjectStore> {
        &self.address.objects
    }

    pub(super) fn key(&self, name: &str) -> Path {
        self.address.prefix.clone().join(name)
    }

    pub(super) fn failed(&self, what: &str, name: &str, failure: &Failure) -> StoreError {
        let place = self.url.of_object(name);
        StoreError::failed(what, &place, failure)
    }

    /// Waits for the end of what was given up.
    pub(crate) async fn close(&self) {
        self.aborts.finish(PATIENCE_AT_THE_END).await;
    }
}

fn run_name() -> String {
    use std::hash::{BuildHasher, RandomState};
    // Each state has keys of its own.
    let random = RandomState::new().hash_one(SystemTime::now());
    format!("{}-{random:016x}", process::id())
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.url)
    }
}
