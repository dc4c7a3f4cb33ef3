//! Whether this program knows the tables.

use super::{
    connections::Connections,
    failure::Failure,
    schema::{VERSION, bring_up_to_date},
};
use crate::error::FetchError;

/// Brings the tables up to date, or refuses those of a later program.
pub(super) async fn check_version(connections: &Connections) -> Result<(), FetchError> {
    let mut connection = connections.connect().await?;
    let version = bring_up_to_date(&mut connection).await;
    let version =
        version.map_err(|cause| connections.failed("cannot be prepared", cause.into()))?;
    refuse_later(connections, version)
}

/// Refuses the tables of a later program, also one that joined while this one runs.
pub(super) fn refuse_later(connections: &Connections, version: i32) -> Result<(), FetchError> {
    if version <= VERSION {
        return Ok(());
    }
    let message = format!(
        "the ledger {} has version {version}, and this program knows versions up to {VERSION}: use \
         the later program that upgraded it",
        connections.address()
    );
    Err(FetchError::ledger(message, None::<Failure>))
}
