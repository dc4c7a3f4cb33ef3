//! The connections of clients.

use std::{convert::Infallible, future::Future, io, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{rt::TokioIo, server::graceful::GracefulShutdown};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::MissedTickBehavior,
};

use super::{Shared, answer::answer, upstream::Line};

/// Before it is tried again to accept, when the process has no more sockets.
const PAUSE: Duration = Duration::from_millis(50);

/// How often the runtime wakes anyway.
const EARLIER: Duration = Duration::from_secs(1);

/// Serves until it is told to stop. Then it accepts nothing more, and what is on its way has so
/// much time to arrive.
pub(super) async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    stop: impl Future,
    grace: Duration,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    // Each request has a time limit. While there is an earlier timer than that, it costs nothing to
    // set; else the runtime would have to be woken for it.
    let mut earlier = tokio::time::interval(EARLIER);
    earlier.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let connection = connection(stream, Arc::clone(&shared), &graceful);
                    connections.spawn(connection);
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
            _ = earlier.tick() => {}
            _ = &mut stop => break,
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(grace, graceful.shutdown()).await;
    connections.shutdown().await;
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

/// A connection; it ends with its client, or when everything does.
fn connection(
    stream: TcpStream,
    shared: Arc<Shared>,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + 'static {
    // A socket that takes no options has been closed already.
    let _ = stream.set_nodelay(true);
    shared.meter.connections.inc();
    let meter = Arc::clone(&shared.meter);
    let line = Arc::new(Line::default());
    let service = service_fn(move |request| {
        let (shared, line) = (Arc::clone(&shared), Arc::clone(&line));
        async move { Ok::<_, Infallible>(answer(&shared, &line, request).await) }
    });
    let connection = http1::Builder::new()
        .preserve_header_case(true)
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    let open = scopeguard(move || {
        meter.connections.dec();
    });
    async move {
        let _open = open;
        // What breaks a connection is for its client to see.
        let _ = connection.await;
    }
}

/// Calls a function when it is dropped, however that comes about.
fn scopeguard(end: impl FnOnce() + Send) -> impl Send {
    struct Guard<F: FnOnce()>(Option<F>);
    impl<F: FnOnce()> Drop for Guard<F> {
        fn drop(&mut self) {
            if let Some(end) = self.0.take() {
                end();
            }
        }
    }
    Guard(Some(end))
}
