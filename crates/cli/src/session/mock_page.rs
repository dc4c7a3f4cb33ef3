//! The page of the mock.

use std::{io, net::SocketAddr};

use seedance_mock::{DEFAULT_KEY, GatewayBuilder};
use seedance_playground::{Backend, Playground};

/// Adds the playground to a mock that listens at this address. A key of the user's own is typed into
/// the page; whoever opens it is given the default one.
pub(crate) fn with_page(
    mock: GatewayBuilder,
    listen: SocketAddr,
    has_own_key: bool,
) -> io::Result<GatewayBuilder> {
    let key = (!has_own_key).then_some(DEFAULT_KEY);
    let playground = Playground::new(&Backend::mock(key))?;
    Ok(playground.in_mock(mock, listen))
}
