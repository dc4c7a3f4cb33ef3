//! The fast way to "conforms": one pass over the bytes, nothing kept but what the rules look at.
//!
//! The types that it reads into are generated from the documentation reading. They accept no
//! body that the reading rejects, and where they are in doubt (a free-form object, a key that
//! comes twice, an integer written as `1.0`) they accept nothing: then the schemas decide.

use super::rules::{self, Facts, Outcome};
use crate::shape::Shape;

pub(crate) use crate::generated::documented;

/// The shape of a successful response that is as documented and in which no rule finds anything.
pub(crate) fn accept(body: &[u8]) -> Option<Shape> {
    let response: documented::Response<'_> = serde_json::from_slice(body).ok()?;
    let shape = response.shape()?;
    let task = response.data.as_ref()?;
    let mut outcome = Outcome::default();
    rules::check(&Facts::of_documented(task, shape), &mut outcome);
    outcome.is_empty().then_some(shape)
}
