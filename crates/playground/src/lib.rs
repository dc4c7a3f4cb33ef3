//! A page to try the task query in a browser: the document's operations, and beside each response
//! the report on it.
//!
//! ```text
//! browser ──▶ proxy or mock ──▶ gateway      the request that "Execute" sends
//!    ▲            │ each exchange
//!    └── page ◀── Playground                 the reports, in the order of the exchanges
//! ```
//!
//! The page is served by the server that it tries out, from the same origin, and loads nothing from
//! another one. It is Swagger UI over the OpenAPI document that everything here is generated from.
//! Keys and signatures are in no report. Reports are made when a page asks for them.
//!
//! # Examples
//!
//! ```no_run
//! use seedance_playground::{Backend, Playground};
//! use seedance_traffic::{Session, proxy::Proxy};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let upstream = "https://gateway.example";
//! let playground = Playground::new(&Backend::gateway(upstream))?;
//! let proxy = Proxy::builder()
//!     .upstream(upstream)
//!     .session(Session::new().with_task_timelines());
//! let proxy = playground.in_proxy(proxy).start().await?;
//! println!("http://{}/", proxy.local_addr());
//! # Ok(())
//! # }
//! ```

mod assets;
mod backend;
mod excerpt;
mod exchange_json;
mod exchange_log;
mod files;
mod pages;
mod playground;
mod unshown;

pub use self::{backend::Backend, playground::Playground};
