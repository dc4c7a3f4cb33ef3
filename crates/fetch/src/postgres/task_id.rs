//! The id of a task in a row.

use seedance_query::model::TaskId;
use tokio_postgres::Row;

use crate::error::FetchError;

pub(super) fn task_id(row: &Row) -> Result<TaskId, FetchError> {
    let text: &str = row.get("task_id");
    text.parse().map_err(|cause| {
        let message = "the ledger has a task whose id cannot be one".to_owned();
        FetchError::ledger(message, Some(cause))
    })
}
