//! The servers: where they listen, and how they stop and start again.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{
    connection::{ConnectionListener, Connections, Peer},
    request_log::Origin,
    route::{self, Port},
    state::{Addresses, GatewayState},
};

/// The listener of the gateway, and those of the storage and the third origin if they have ports of
/// their own.
pub(super) type Sockets = Vec<TcpListener>;

/// Which origin is at which listener.
const ORIGINS: [Origin; 3] = [Origin::Gateway, Origin::Storage, Origin::Elsewhere];

pub(super) struct Servers {
    addresses: Vec<SocketAddr>,
    connections: Arc<Connections>,
    running: Mutex<Vec<JoinHandle<()>>>,
}

impl Servers {
    /// Takes the ports: one for all, or one for each origin.
    pub(super) async fn bind(
        gateway: SocketAddr,
        storage: Option<SocketAddr>,
        one_port: bool,
    ) -> io::Result<(Self, Sockets)> {
        let free = SocketAddr::new(gateway.ip(), 0);
        let sockets = if one_port {
            listen(&[gateway]).await?
        } else {
            listen(&[gateway, storage.unwrap_or(free), free]).await?
        };
        let addresses: io::Result<_> = sockets.iter().map(TcpListener::local_addr).collect();
        let servers = Self {
            addresses: addresses?,
            connections: Connections::new(),
            running: Mutex::default(),
        };
        Ok((servers, sockets))
    }

    pub(super) fn addresses(&self) -> Addresses {
        let mut urls = self.addresses.iter().copied().map(url);
        let gateway = urls.next().unwrap_or_default();
        let mut next = || urls.next().unwrap_or_else(|| gateway.clone());
        let (storage, elsewhere) = (next(), next());
        Addresses {
            gateway,
            storage,
            elsewhere,
        }
    }

    /// Serves on ports that are taken already.
    pub(super) fn serve(&self, state: &Arc<GatewayState>, sockets: Sockets) {
        let tasks: Vec<_> = sockets
            .into_iter()
            .zip(ORIGINS)
            .map(|(socket, origin)| {
                let state = Arc::clone(state);
                self.run(socket, Port { state, origin })
            })
            .collect();
        self.lock().extend(tasks);
    }

    fn run(&self, socket: TcpListener, port: Port) -> JoinHandle<()> {
        let listener = ConnectionListener::new(socket, Arc::clone(&self.connections));
        let router = Router::new().fallback(route::serve).with_state(port);
        let service = router.into_make_service_with_connect_info::<Peer>();
        tokio::spawn(async move {
            // It runs until it is aborted, and reports no error.
            let _ = axum::serve(listener, service).await;
        })
    }

    /// Stops listening and cuts every connection; all is gone when this returns.
    pub(super) async fn stop(&self) {
        let running = std::mem::take(&mut *self.lock());
        for task in &running {
            task.abort();
        }
        for task in running {
            // An error says that it was aborted, as it should be.
            let _ = task.await;
        }
        self.connections.cut();
        self.connections.gone().await;
    }

    /// Takes the same ports again, unless they are held.
    pub(super) async fn restart(&self, state: &Arc<GatewayState>) -> io::Result<()> {
        if self.lock().is_empty() {
            let sockets = listen(&self.addresses).await?;
            self.serve(state, sockets);
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for task in self.lock().drain(..) {
            task.abort();
        }
        // The tasks of the connections end by themselves when their sockets do.
        self.connections.cut();
    }
}

async fn listen(addresses: &[SocketAddr]) -> io::Result<Sockets> {
    let mut sockets = Vec::new();
    for address in addresses {
        sockets.push(TcpListener::bind(address).await?);
    }
    Ok(sockets)
}

/// The URL of a server. One that listens everywhere is reached on this machine, too.
fn url(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}
