//! The page's server side: what it shows, and the exchanges so far.

use std::{
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::request::Parts;

use super::{
    assets::Assets, backend::Backend, exchange_json::to_json, exchange_log::ExchangeLog, pages,
};
use seedance_traffic::proxy::{OwnPage, ProxyExchange};

/// A page over one gateway; cheap to clone.
#[derive(Clone)]
pub struct Playground(Arc<Shared>);

struct Shared {
    assets: Assets,
    settings: String,
    log: Mutex<ExchangeLog>,
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
            log: Mutex::default(),
        })))
    }

    /// The pages, for [`ProxyBuilder::own_pages`](seedance_traffic::proxy::ProxyBuilder::own_pages).
    pub fn pages(&self) -> impl Fn(&Parts) -> Option<OwnPage> + Send + Sync + 'static {
        let shared = Arc::clone(&self.0);
        move |request| {
            let after = |number| shared.log().after(number);
            pages::page(request, &shared.assets, &shared.settings, after)
        }
    }

    /// What sees each exchange, for
    /// [`ProxyBuilder::on_exchange`](seedance_traffic::proxy::ProxyBuilder::on_exchange).
    pub fn observer(&self) -> impl FnMut(&ProxyExchange<'_>) + Send + 'static {
        let shared = Arc::clone(&self.0);
        move |exchange| shared.log().add(|number| to_json(number, exchange))
    }
}

impl Shared {
    fn log(&self) -> MutexGuard<'_, ExchangeLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Playground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Playground").finish_non_exhaustive()
    }
}
