//! A running gateway.

use std::{fmt, io, sync::Arc, time::Duration};

use bytes::Bytes;
use secrecy::ExposeSecret;
use seedance_query::model::TaskId;

use super::{
    request_log::Request,
    server::{Servers, Sockets},
    state::GatewayState,
    video::{self, Video},
};

/// A running gateway; dropping it stops all its servers.
///
/// Its servers run on the runtime that it was started on.
pub struct Gateway {
    state: Arc<GatewayState>,
    servers: Servers,
}

impl Gateway {
    pub(super) fn new(state: GatewayState, servers: Servers, sockets: Sockets) -> Self {
        let state = Arc::new(state);
        servers.serve(&state, sockets);
        Self { state, servers }
    }

    /// The base URL of the API, such as `http://127.0.0.1:49152`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.state.addresses.gateway
    }

    /// The origin of the storage, without a slash at the end.
    #[must_use]
    pub fn storage_url(&self) -> &str {
        &self.state.addresses.storage
    }

    /// The third origin, where [`Fault::Redirect`](super::Fault::Redirect) points. It serves the videos, too.
    #[must_use]
    pub fn elsewhere_url(&self) -> &str {
        &self.state.addresses.elsewhere
    }

    /// The API key that queries need.
    #[must_use]
    pub fn api_key(&self) -> &str {
        self.state.settings.key.expose_secret()
    }

    /// All requests so far to all its servers, or the latest that are kept, in the order in which they came.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.state.log.requests()
    }

    /// How many requests there were so far, also those that are not kept.
    #[must_use]
    pub fn request_count(&self) -> usize {
        self.state.log.count()
    }

    /// Moves the gateway's clock forward: tasks proceed, URLs expire.
    ///
    /// With [`speed`](super::GatewayBuilder::speed) 0 no other time passes, so that a test decides when
    /// anything happens.
    pub fn advance(&self, time: Duration) {
        self.state.clock.advance(time);
    }

    /// Moves the gateway's time of day forward, or back if negative.
    ///
    /// Bodies, signatures and the `Date` header follow it, and URLs expire by it. Tasks do not: they
    /// proceed with elapsed time.
    pub fn step_clock(&self, seconds: i64) {
        self.state.clock.step(seconds);
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
        self.servers.restart(&self.state).await
    }

    /// The bytes that a complete download of a task's video has; of a file that changes, those
    /// after the change. See [`video_bytes`](super::GatewayBuilder::video_bytes) for how long they are.
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
        let path = self.state.video_path(id, video);
        self.state.file(&path, &self.state.faults(id), false)
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
