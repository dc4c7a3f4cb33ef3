//! An observer is called during validation, so that a body is read only once.

use serde_json::Value;

use super::{documented, facts::Facts};

/// Observer called during validation with what a body says, besides what is wrong with it.
pub trait Observer {
    /// A success that is as documented, as far as its fields and values go.
    fn documented(&mut self, _: &documented::Response<'_>) {}

    /// Any other body that is JSON.
    fn json(&mut self, _: &Value) {}

    /// The task that a body has, of either kind.
    fn task(&mut self, _: &Facts<'_>) {}
}

/// No-op observer.
impl Observer for () {}
