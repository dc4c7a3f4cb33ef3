//! The environment variables that configure a client.

use std::env;

/// The base URL of the gateway.
pub(super) const BASE_URL: &str = "SEEDANCE_BASE_URL";
/// The API key.
pub(super) const API_KEY: &str = "SEEDANCE_API_KEY";

/// The value of a variable, unless it is not set or empty.
pub(super) fn value(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
