//! The page's server side: what it shows, and the exchanges so far.

use std::{
    fmt, io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Response, StatusCode, request::Parts};
use seedance_mock::{Exchange, GatewayBuilder};

use super::{assets::Assets, backend::Backend, exchange_log::ExchangeLog, pages, unshown::Unshown};
use seedance_traffic::{
    Session,
    proxy::{ObservedExchange, OwnPage, ProxyBuilder, has_local_host},
};

/// A page over one gateway; cheap to clone.
#[derive(Clone)]
pub struct Playground(Arc<Shared>);

struct Shared {
    assets: Assets,
    settings: String,
    log: ExchangeLog<Unshown>,
    /// Of what the mock has answered; the proxy has its own.
    session: Arc<Mutex<Session>>,
}

impl Playground {
    /// A page without exchanges.
    ///
    /// # Errors
    ///
    /// If the files of Swagger UI are not in the program, which no configuration causes.
    pub fn new(backend: &Backend) -> io::Result<Self> {
        Ok(Self(Arc::new(Shared {
            assets: Assets::load()?,
            settings: backend.to_json(),
            log: ExchangeLog::new(),
            session: Arc::new(Mutex::new(Session::new().with_task_timelines())),
        })))
    }

    /// Adds the page to a proxy, as [its own](ProxyBuilder::own_pages), and shows the proxy's exchanges.
    pub fn in_proxy(&self, proxy: ProxyBuilder) -> ProxyBuilder {
        let (pages, log) = (Arc::clone(&self.0), Arc::clone(&self.0));
        proxy
            .own_pages(move |request| pages.page(request))
            .on_exchange(move |exchange: ObservedExchange| log.add(Unshown::Observed(exchange)))
    }

    /// Adds the page to a mock that listens at this address, as
    /// [its own](GatewayBuilder::own_pages), and shows the mock's exchanges.
    ///
    /// On loopback it is served under local host names only, as a website could have pointed its name
    /// there.
    pub fn in_mock(&self, mock: GatewayBuilder, listen: SocketAddr) -> GatewayBuilder {
        let (pages, log) = (Arc::clone(&self.0), Arc::clone(&self.0));
        let is_on_loopback = listen.ip().is_loopback();
        mock.own_pages(move |request| {
            let page = pages.page(request)?;
            if is_on_loopback && !has_local_host(&request.headers) {
                return Some(Box::new(foreign_host));
            }
            Some(Box::new(move || page.make()))
        })
        .on_exchange(move |exchange: Exchange| log.add(Unshown::Answered(Box::new(exchange))))
    }
}

fn foreign_host() -> Response<Bytes> {
    let text = "this page is served under 127.0.0.1 and localhost only\n";
    let mut refusal = Response::new(Bytes::from_static(text.as_bytes()));
    *refusal.status_mut() = StatusCode::FORBIDDEN;
    refusal
}

impl Shared {
    fn add(&self, exchange: Unshown) {
        let size = exchange.size();
        self.log.add(exchange, size);
    }

    /// The page that a request asks for, if it asks for one.
    fn page(self: &Arc<Self>, request: &Parts) -> Option<OwnPage> {
        let page = pages::asked_for(request, &self.assets)?;
        let shared = Arc::clone(self);
        Some(OwnPage::new(page.access(), move || {
            page.response(&shared.settings, |number| {
                let show = |number, exchange: Unshown| exchange.show(number, &shared.session);
                shared.log.after(number, show)
            })
        }))
    }
}

impl fmt::Debug for Playground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Playground").finish_non_exhaustive()
    }
}
