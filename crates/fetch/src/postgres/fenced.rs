//! Writes that name a claim.

use tokio_postgres::types::ToSql;

use super::connections::Connections;
use crate::{error::FetchError, ledger::Claim};

/// Carries out a write of which the first two parameters are task and token, and which returns a row
/// if the claim still holds.
pub(super) async fn write(
    connections: &Connections,
    statement: &str,
    claim: &Claim,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<(), FetchError> {
    let task_id = claim.task_id.as_str();
    let mut all: Vec<&(dyn ToSql + Sync)> = vec![&task_id, &claim.token];
    all.extend(parameters);
    let rows = connections.query(statement, &all).await?;
    if rows.is_empty() {
        return Err(FetchError::taken_over(&claim.task_id));
    }
    Ok(())
}
