//! A gateway on this machine, for trying things out and for tests (feature `mock`).
//!
//! It serves the task query from the generated types, lets tasks live on a clock that can be sped
//! up, and serves their videos from a second origin by pre-signed URLs. What happens to a task is
//! named by its id: [`task_id`] makes one, and [`Scenario::all`] lists what there is. An id in
//! short form, such as `super-resolution` or `rate-limited-2`, is understood too.
//!
//! A task is born at its first query. By the gateway's clock it waits for 20 seconds, runs for
//! about two minutes and ends; how long it takes differs a little from id to id.
//!
//! # Examples
//!
//! ```
//! use std::time::Duration;
//!
//! use seedance_query::{Client, Shape};
//! use seedance_mock::{Gateway, Scenario, task_id};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let gateway = Gateway::builder().speed(0.0).start().await?;
//! let client = Client::builder()
//!     .base_url(gateway.base_url())
//!     .api_key(gateway.api_key())
//!     .build()?;
//! let response = client.query(&task_id(Scenario::Normal, 1)).await?;
//! assert_eq!(response.task().shape(), Shape::Pending);
//! gateway.advance(Duration::from_mins(5));
//! let response = client.query(&task_id(Scenario::Normal, 1)).await?;
//! assert_eq!(response.task().shape(), Shape::Normal);
//! assert!(gateway.requests()[0].has_right_key);
//! # Ok(())
//! # }
//! ```

mod answer;
mod body;
mod builder;
mod clock;
mod connection;
mod drift;
mod facts;
mod fault;
mod gateway;
mod hub;
mod log;
mod range;
mod refusal;
mod scenario;
mod server;
mod sign;
mod storage;
mod task;
mod video;

use std::{fmt, io, sync::Arc, time::Duration};

use bytes::Bytes;
use secrecy::ExposeSecret;

pub use self::{
    builder::GatewayBuilder,
    fault::{Fault, Stage},
    log::{Origin, Request},
    scenario::{Scenario, task_id},
    video::Video,
};

use self::{
    hub::Hub,
    server::{Servers, Sockets},
};
use seedance_query::model::TaskId;

/// A running gateway. When it is dropped, everything stops.
///
/// Its servers run on the runtime that it was started on.
pub struct Gateway {
    hub: Arc<Hub>,
    servers: Servers,
}

impl Gateway {
    /// Starts a configuration.
    pub fn builder() -> GatewayBuilder {
        GatewayBuilder::new()
    }

    fn new(hub: Hub, servers: Servers, sockets: Sockets) -> Self {
        let hub = Arc::new(hub);
        servers.serve(&hub, sockets);
        Self { hub, servers }
    }

    /// The base URL of the API, such as `http://127.0.0.1:49152`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.hub.addresses.gateway
    }

    /// The origin of the storage, without a slash at the end.
    #[must_use]
    pub fn storage_url(&self) -> &str {
        &self.hub.addresses.storage
    }

    /// The third origin, where [`Fault::Redirect`] points. It has the videos, too.
    #[must_use]
    pub fn elsewhere_url(&self) -> &str {
        &self.hub.addresses.elsewhere
    }

    /// The API key that queries need.
    #[must_use]
    pub fn api_key(&self) -> &str {
        self.hub.settings.key.expose_secret()
    }

    /// All requests so far to all three servers, in the order in which they came.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.hub.log.requests()
    }

    /// Lets so much time pass on the gateway's clock at once: tasks live on, URLs expire.
    ///
    /// With [`speed`](GatewayBuilder::speed) 0 no other time passes, so that a test decides when
    /// anything happens.
    pub fn advance(&self, time: Duration) {
        self.hub.clock.advance(time);
    }

    /// Sets the gateway's time of day forward, or with a negative number back.
    ///
    /// Bodies, signatures and the `Date` header follow it, and URLs expire by it. The life of a
    /// task does not: it goes by the time that has passed.
    pub fn step_clock(&self, seconds: i64) {
        self.hub.clock.step(seconds);
    }

    /// Stops listening and cuts all connections, as the end of a process would; when this returns,
    /// they are gone. Tasks and log stay.
    pub async fn stop(&self) {
        self.servers.stop().await;
    }

    /// Listens on the same ports again after [`stop`](Self::stop).
    ///
    /// # Errors
    ///
    /// If another process has taken one of them.
    pub async fn restart(&self) -> io::Result<()> {
        self.servers.restart(&self.hub).await
    }

    /// The bytes that a complete download of a task's video has; of a file that changes, those
    /// after the change. See [`video_bytes`](GatewayBuilder::video_bytes) for how long they are.
    ///
    /// A task that is not enhanced has one file only, whichever is asked for. All bytes are in
    /// memory then: ask for the [length](Self::video_length) before, if it can be a long one.
    #[must_use]
    pub fn video(&self, id: &TaskId, video: Video) -> Bytes {
        self.file(id, video).read(0, u64::MAX)
    }

    /// The length of [`video`](Self::video), without making it.
    #[must_use]
    pub fn video_length(&self, id: &TaskId, video: Video) -> u64 {
        self.file(id, video).length()
    }

    /// The SHA-256 of [`video`](Self::video) in lower-case hexadecimal digits, made piece by piece.
    #[must_use]
    pub fn sha256(&self, id: &TaskId, video: Video) -> String {
        self.file(id, video).sha256()
    }

    fn file(&self, id: &TaskId, video: Video) -> video::File {
        let path = Hub::path(id, video);
        self.hub.file(&path, &self.hub.faults(id), false)
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("base_url", &self.base_url())
            .field("storage_url", &self.storage_url())
            .field("elsewhere_url", &self.elsewhere_url())
            .finish_non_exhaustive()
    }
}
