//! Who looks on while a body is checked, so that it is read once only.

use serde_json::Value;

use super::{generated::documented, rules::Facts};

/// Is shown what a body says, besides what is wrong with it.
pub trait Observer {
    /// A success that is as documented, as far as its fields and values go.
    fn documented(&mut self, _: &documented::Response<'_>) {}

    /// Any other body that is JSON.
    fn json(&mut self, _: &Value) {}

    /// The task that a body has, of either kind.
    fn task(&mut self, _: &Facts<'_>) {}
}

/// Nobody.
impl Observer for () {}
