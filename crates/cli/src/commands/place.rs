//! Where `fetch` puts videos: into a directory, or into an object store by way of one.

use std::path::PathBuf;

use seedance_fetch::{FetchError, StoreUrl};

use crate::{arguments::FetchArguments, output::chain};

/// A directory, and the store to which videos go from there.
pub(super) struct Place {
    pub directory: PathBuf,
    pub store: Option<StoreUrl>,
}

/// The place that the arguments name, or what is wrong with them.
pub(super) fn place(arguments: &FetchArguments) -> Result<Place, String> {
    let url = arguments
        .into
        .to_str()
        .filter(|text| StoreUrl::is_url(text));
    let Some(url) = url else {
        if arguments.scratch.is_some() {
            let message = "--scratch is for an object store: a directory needs none";
            return Err(message.to_owned());
        }
        return Ok(Place {
            directory: arguments.into.clone(),
            store: None,
        });
    };
    let store = url.parse();
    let store = store.map_err(|error: FetchError| format!("--into: {}", chain(&error)))?;
    let Some(directory) = arguments.scratch.clone() else {
        return Err(format!(
            "--into {store} needs --scratch DIR: videos are downloaded and verified there first; \
             without --ledger, the ledger is there, too"
        ));
    };
    Ok(Place {
        directory,
        store: Some(store),
    })
}
