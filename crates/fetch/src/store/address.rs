//! The store of a URL, with the settings of the environment.

use std::{env, fs, path::PathBuf, sync::Arc, time::Duration};

use object_store::{
    ClientConfigKey, ClientOptions, ObjectStore, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, Checksum},
    azure::{AzureConfigKey, MicrosoftAzureBuilder},
    client::{HttpClient, HttpConnector},
    gcp::{GoogleCloudStorageBuilder, GoogleConfigKey},
    local::LocalFileSystem,
    path::Path,
};
use seedance_query::redact;

use super::connector::{Connector, TIMEOUT};
use crate::{error::FetchError, store_url::StoreUrl};

/// How often a request is repeated, and until when.
const RETRIES: usize = 6;
const RETRY_TIMEOUT: Duration = Duration::from_mins(1);

/// A store, and the place in it.
#[derive(Clone)]
pub(super) struct Address {
    pub objects: Arc<dyn ObjectStore>,
    pub prefix: Path,
    pub kind: StoreKind,
}

/// What stores differ in.
#[derive(Clone)]
pub(super) enum StoreKind {
    /// S3 itself, or what speaks like it.
    S3 {
        store: Arc<AmazonS3>,
        http: HttpClient,
        /// Whether it is told to create only what is not there.
        creates_once: bool,
    },
    /// Google Cloud Storage or Azure.
    Cloud,
    /// A directory.
    Files(PathBuf),
}

impl StoreKind {
    /// Whether an object can have metadata.
    pub fn has_metadata(&self) -> bool {
        !matches!(self, Self::Files(_))
    }
}

type Built<T> = Result<T, Box<dyn std::error::Error>>;

pub(super) fn open(url: &StoreUrl) -> Result<Address, FetchError> {
    let built = match url.0.scheme() {
        "s3" => s3(url),
        "gs" => google(url).map(|objects| (objects, StoreKind::Cloud)),
        "az" => azure(url).map(|objects| (objects, StoreKind::Cloud)),
        _ => files(url),
    };
    let cannot = |error: &dyn std::fmt::Display| {
        let message = format!("{url} cannot be used: {error}");
        FetchError::input(redact::text(&message).into_owned())
    };
    let (objects, kind) = built.map_err(|error| cannot(&error))?;
    let prefix = match &kind {
        StoreKind::Files(_) => Path::default(),
        _ => Path::from_url_path(url.0.path()).map_err(|error| cannot(&error))?,
    };
    Ok(Address {
        objects,
        prefix,
        kind,
    })
}

fn s3(url: &StoreUrl) -> Built<(Arc<dyn ObjectStore>, StoreKind)> {
    let timeout = AmazonS3ConfigKey::Client(ClientConfigKey::Timeout);
    let mut builder = AmazonS3Builder::new().with_config(timeout, TIMEOUT);
    let mut options = ClientOptions::new().with_config(ClientConfigKey::Timeout, TIMEOUT);
    let mut has_checksum = false;
    for (name, value) in env::vars_os() {
        let (Some(name), Some(value)) = (name.to_str(), value.to_str()) else {
            continue;
        };
        let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() else {
            continue;
        };
        if !name.starts_with("AWS_") {
            continue;
        }
        match key {
            AmazonS3ConfigKey::Checksum => {
                has_checksum = true;
                // For stores that do not know these headers; the signature has the checksum, too.
                if value == "none" {
                    continue;
                }
            }
            AmazonS3ConfigKey::Client(key) => options = options.with_config(key, value),
            _ => {}
        }
        builder = builder.with_config(key, value);
    }
    if !has_checksum {
        builder = builder.with_checksum_algorithm(Checksum::SHA256);
    }
    let conditional = builder.get_config_value(&AmazonS3ConfigKey::ConditionalPut);
    let creates_once = conditional.as_deref() != Some("disabled");
    let connector = Connector {
        completes_once: creates_once,
    };
    let http = connector.connect(&options)?;
    let store = builder
        .with_url(url.to_string())
        .with_http_connector(connector)
        .with_retry(retry())
        .build()?;
    let store = Arc::new(store);
    let kind = StoreKind::S3 {
        store: Arc::clone(&store),
        http,
        creates_once,
    };
    Ok((store, kind))
}

fn google(url: &StoreUrl) -> Built<Arc<dyn ObjectStore>> {
    let timeout = GoogleConfigKey::Client(ClientConfigKey::Timeout);
    let mut builder = GoogleCloudStorageBuilder::from_env();
    if env::var_os("GOOGLE_TIMEOUT").is_none() {
        builder = builder.with_config(timeout, TIMEOUT);
    }
    let store = builder
        .with_url(url.to_string())
        .with_http_connector(PLAIN)
        .with_retry(retry())
        .build()?;
    Ok(Arc::new(store))
}

fn azure(url: &StoreUrl) -> Built<Arc<dyn ObjectStore>> {
    let timeout = AzureConfigKey::Client(ClientConfigKey::Timeout);
    let mut builder = MicrosoftAzureBuilder::from_env();
    if env::var_os("AZURE_TIMEOUT").is_none() {
        builder = builder.with_config(timeout, TIMEOUT);
    }
    let store = builder
        .with_url(url.to_string())
        .with_http_connector(PLAIN)
        .with_retry(retry())
        .build()?;
    Ok(Arc::new(store))
}

/// A directory, which is created: unlike a bucket it belongs to nobody else.
fn files(url: &StoreUrl) -> Built<(Arc<dyn ObjectStore>, StoreKind)> {
    let directory = url.0.to_file_path();
    let directory = directory.map_err(|()| "it is no path of this system")?;
    fs::create_dir_all(&directory)?;
    let store = LocalFileSystem::new_with_prefix(&directory)?
        .with_automatic_cleanup(true)
        .with_fsync(true);
    Ok((Arc::new(store), StoreKind::Files(directory)))
}

/// For stores in which a finished upload is copied to its name.
const PLAIN: Connector = Connector {
    completes_once: false,
};

fn retry() -> RetryConfig {
    RetryConfig {
        max_retries: RETRIES,
        retry_timeout: RETRY_TIMEOUT,
        ..RetryConfig::default()
    }
}
