//! The three servers: where they listen, and how they stop and start again.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{
    api,
    connection::{ConnectionEnd, ConnectionListener, Connections},
    request_log::Origin,
    state::{Addresses, GatewayState},
    storage,
};

/// Listeners of the gateway, of the storage, and of the third origin.
pub(super) type Sockets = [TcpListener; 3];

pub(super) struct Servers {
    addresses: [SocketAddr; 3],
    connections: Arc<Connections>,
    running: Mutex<Vec<JoinHandle<()>>>,
}

impl Servers {
    /// Takes the ports.
    pub(super) async fn bind(
        gateway: SocketAddr,
        storage: Option<SocketAddr>,
    ) -> io::Result<(Self, Sockets)> {
        let free = SocketAddr::new(gateway.ip(), 0);
        let sockets = listen([gateway, storage.unwrap_or(free), free]).await?;
        let [a, b, c] = &sockets;
        let servers = Self {
            addresses: [a.local_addr()?, b.local_addr()?, c.local_addr()?],
            connections: Connections::new(),
            running: Mutex::default(),
        };
        Ok((servers, sockets))
    }

    pub(super) fn addresses(&self) -> Addresses {
        let [gateway, storage, elsewhere] = self.addresses.map(url);
        Addresses {
            gateway,
            storage,
            elsewhere,
        }
    }

    /// Serves on ports that are taken already.
    pub(super) fn serve(&self, state: &Arc<GatewayState>, sockets: Sockets) {
        let [gateway, storage, elsewhere] = sockets;
        let at = |origin| {
            Router::new()
                .fallback(storage::serve)
                .with_state((Arc::clone(state), origin))
        };
        let api = Router::new()
            .fallback(api::serve)
            .with_state(Arc::clone(state));
        let tasks = [
            self.run(gateway, api),
            self.run(storage, at(Origin::Storage)),
            self.run(elsewhere, at(Origin::Elsewhere)),
        ];
        self.lock().extend(tasks);
    }

    fn run(&self, socket: TcpListener, router: Router) -> JoinHandle<()> {
        let listener = ConnectionListener::new(socket, Arc::clone(&self.connections));
        let service = router.into_make_service_with_connect_info::<ConnectionEnd>();
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
            let sockets = listen(self.addresses).await?;
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

async fn listen(addresses: [SocketAddr; 3]) -> io::Result<Sockets> {
    let [gateway, storage, elsewhere] = addresses;
    Ok([
        TcpListener::bind(gateway).await?,
        TcpListener::bind(storage).await?,
        TcpListener::bind(elsewhere).await?,
    ])
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
