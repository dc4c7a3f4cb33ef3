//! A gateway on this machine, for trying things out and for tests.
//!
//! It serves the task query from the generated types, runs tasks on a clock that can be sped up,
//! and serves their videos from a second origin by pre-signed URLs. The id of a task selects what
//! happens to it: [`task_id`] makes one, and [`Scenario::all`] lists the scenarios. Short ids, such
//! as `super-resolution` or `rate-limited-2`, are understood too.
//!
//! A submission makes a task that does what its prompt names in brackets, such as `a boat [failure]`,
//! or the header `X-Mock-Scenario`; a [`Refusal`] can be named, too. The header `X-Mock-Fault` gives a
//! fault to the answer of the request that has it. On a submission, a fault that refuses it begins no
//! task, and one that leaves that open begins one. A fault of a task that does not show in the form that
//! is asked for is named in the header `X-Mock-Unfit-Fault`.
//!
//! For clients that reach one port only there is [`GatewayBuilder::one_port`], and
//! [`GatewayBuilder::like`] behaves like the open-source gateway that such services run.
//!
//! A program can [add pages](GatewayBuilder::own_pages) and [observe](GatewayBuilder::on_exchange) each
//! exchange.
//!
//! A task starts when it is submitted, or at its first query. By the gateway's clock it waits for 20 seconds, runs for about
//! two minutes and ends; the exact time follows from its id.
//!
//! # Examples
//!
//! ```
//! use std::time::Duration;
//!
//! use seedance_query::{Client, TaskState};
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
//! assert_eq!(response.view().state, TaskState::Pending);
//! gateway.advance(Duration::from_mins(5));
//! let response = client.query(&task_id(Scenario::Normal, 1)).await?;
//! assert_eq!(response.view().state, TaskState::Succeeded);
//! assert!(gateway.requests()[0].has_right_key);
//! # Ok(())
//! # }
//! ```

mod answer;
mod api;
mod asked;
mod body;
mod body_faults;
mod builder;
mod call;
mod clock;
mod connection;
mod cors;
mod error_responses;
mod failures;
mod family;
mod fault;
mod foreign_upstream;
mod gateway;
mod hooks;
mod instruction;
mod links;
mod names;
mod new_api;
mod query;
mod range;
mod refusal;
mod request_log;
mod route;
mod scenario;
mod server;
mod sign;
mod state;
mod storage;
mod submit;
mod submit_faults;
mod task;
mod variation;
mod video;
mod window;

pub use self::{
    builder::{DEFAULT_KEY, GatewayBuilder},
    family::Family,
    fault::{Fault, Stage},
    gateway::Gateway,
    hooks::{Exchange, OwnPage},
    names::similar,
    refusal::Refusal,
    request_log::{Origin, Request},
    scenario::{Scenario, task_id},
    video::Video,
};
