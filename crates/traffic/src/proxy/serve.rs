//! Client connections.

use std::{convert::Infallible, future::Future, io, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::MissedTickBehavior,
};
use tokio_io_timeout::TimeoutStream;

use super::{connection::Connection, handler::handle, shared::Shared};

/// Before the next accept, when the process has run out of sockets.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// How often the runtime wakes anyway.
const TICK: Duration = Duration::from_secs(1);

/// Serves until it is told to stop; then accepts no more, and gives current exchanges the grace
/// period.
pub(super) async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    stop: impl Future,
    grace: Duration,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    // Each request sets a timeout. While an earlier timer exists, that costs nothing; otherwise the
    // runtime would have to be woken for it.
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let connection = connection(stream, Arc::clone(&shared), &graceful);
                    connections.spawn(connection);
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(_) => tokio::time::sleep(ACCEPT_RETRY).await,
            },
            Some(_) = connections.join_next() => {}
            _ = tick.tick() => {}
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

/// Serves a connection until its client closes it or the proxy stops.
fn connection(
    stream: TcpStream,
    shared: Arc<Shared>,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + 'static {
    // An error means that the socket is already closed.
    let _ = stream.set_nodelay(true);
    shared.metrics.connections.inc();
    let metrics = Arc::clone(&shared.metrics);
    let idle_timeout = shared.idle_timeout;
    // Of a client that takes nothing. What it does not send is limited for heads and bodies apart:
    // while it waits for the upstream, it sends nothing.
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(idle_timeout));
    let upstream = Arc::new(Connection::default());
    let service = service_fn(move |request| {
        let (shared, upstream) = (Arc::clone(&shared), Arc::clone(&upstream));
        async move { Ok::<_, Infallible>(handle(&shared, &upstream, request).await) }
    });
    let connection = http1::Builder::new()
        .preserve_header_case(true)
        .auto_date_header(false)
        .timer(TokioTimer::new())
        // It runs between two requests as well.
        .header_read_timeout(idle_timeout)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let connection = graceful.watch(connection);
    let open = scopeguard(move || {
        metrics.connections.dec();
    });
    async move {
        let _open = open;
        // The client sees its own connection errors.
        let _ = connection.await;
    }
}

/// Calls a function when it is dropped.
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
