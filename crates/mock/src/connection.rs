//! Connections that can be cut, and that end as an answer requests.

use std::{
    collections::HashMap,
    io::{self, IoSlice},
    net::{IpAddr, Shutdown, SocketAddr},
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How a connection ends before its answer is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// By a TCP reset: the client sees an error.
    Reset,
    /// By an orderly close.
    Close,
}

/// Tells a connection how to end; shared by the connection and the answers on it.
#[derive(Clone, Default)]
pub(super) struct ConnectionEnd(Arc<AtomicU8>);

const NOW: u8 = 1;
const AFTER_FLUSH: u8 = 2;
const RESET: u8 = 4;

impl ConnectionEnd {
    /// Ends the connection before it writes anything more.
    pub(super) fn end_now(&self, ending: Ending) {
        self.end(NOW, ending);
    }

    /// Ends the connection once all its data is written.
    pub(super) fn end_after_flush(&self, ending: Ending) {
        self.end(AFTER_FLUSH, ending);
    }

    fn end(&self, when: u8, ending: Ending) {
        let how = if ending == Ending::Reset { RESET } else { 0 };
        self.0.store(when | how, Ordering::Relaxed);
    }

    fn is(&self, flags: u8) -> bool {
        self.0.load(Ordering::Relaxed) & flags != 0
    }

    fn check(&self, flags: u8) -> io::Result<()> {
        if self.is(flags) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }
}

/// All live connections of a gateway.
pub(super) struct Connections {
    live: Mutex<Live>,
    count: watch::Sender<usize>,
}

#[derive(Default)]
struct Live {
    next: u64,
    /// A second handle of each socket, to cut it while its task owns the first.
    sockets: HashMap<u64, std::net::TcpStream>,
}

impl Connections {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            live: Mutex::default(),
            count: watch::Sender::new(0),
        })
    }

    /// Cuts every connection, as the end of a process does.
    pub(super) fn cut(&self) {
        for socket in self.lock().sockets.values() {
            // One that is closed already needs no cut.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    /// Waits until no connection is left.
    pub(super) async fn gone(&self) {
        let mut count = self.count.subscribe();
        // The sender is ours, so it cannot be gone.
        let _ = count.wait_for(|count| *count == 0).await;
    }

    fn add(self: &Arc<Self>, tcp: TcpStream) -> io::Result<Connection> {
        tcp.set_nodelay(true)?;
        let socket = tcp.into_std()?;
        let other = socket.try_clone()?;
        let tcp = TcpStream::from_std(socket)?;
        let mut live = self.lock();
        let key = live.next;
        live.next += 1;
        live.sockets.insert(key, other);
        self.count.send_replace(live.sockets.len());
        drop(live);
        Ok(Connection {
            tcp,
            end: ConnectionEnd::default(),
            key,
            connections: Arc::clone(self),
        })
    }

    fn remove(&self, key: u64) {
        let mut live = self.lock();
        live.sockets.remove(&key);
        self.count.send_replace(live.sockets.len());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A listener whose connections can be cut.
pub(super) struct ConnectionListener {
    tcp: TcpListener,
    connections: Arc<Connections>,
}

impl ConnectionListener {
    pub(super) fn new(tcp: TcpListener, connections: Arc<Connections>) -> Self {
        Self { tcp, connections }
    }
}

impl Listener for ConnectionListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            // What goes wrong while accepting is dealt with in there.
            let (tcp, address) = Listener::accept(&mut self.tcp).await;
            if let Ok(connection) = self.connections.add(tcp) {
                return (connection, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

/// Who is at the other end of a connection, and how to end it.
#[derive(Clone)]
pub(super) struct Peer {
    pub(super) ip: IpAddr,
    pub(super) end: ConnectionEnd,
}

impl Connected<IncomingStream<'_, ConnectionListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, ConnectionListener>) -> Self {
        Self {
            ip: stream.remote_addr().ip(),
            end: stream.io().end.clone(),
        }
    }
}

/// A connection.
///
/// Its end is a matter of writing: an error from here makes the server drop the connection, after
/// it has written all that came before.
pub(super) struct Connection {
    tcp: TcpStream,
    end: ConnectionEnd,
    key: u64,
    connections: Arc<Connections>,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.end.check(NOW)?;
        Pin::new(&mut self.tcp).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.end.check(NOW)?;
        Pin::new(&mut self.tcp).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.end.check(NOW | AFTER_FLUSH)?;
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.end.is(RESET) {
            // An orderly end would come before the reset.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.end.is(RESET) {
            // Otherwise the client sees an orderly close, the next best thing.
            let _ = self.tcp.set_zero_linger();
        }
        self.connections.remove(self.key);
    }
}
