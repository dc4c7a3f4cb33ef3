//! An entry of an HTTP archive to an exchange.

use seedance_query::TaskId;

use super::{
    chunk::Context,
    decoded::Decoded,
    exchange::Exchange,
    har::{self, Outcome},
    skip::Skip,
};

pub(super) fn read(bytes: &[u8], context: &Context, each: impl FnOnce(Decoded<'_>)) {
    match har::read(bytes, &context.attachments) {
        Ok(Outcome::Skipped(skip)) => each(Decoded::skipped(skip)),
        Ok(Outcome::OtherOperation(what)) => each(Decoded::Skipped(Skip::OtherOperation, what)),
        Ok(Outcome::Response(recorded)) => each(Decoded::Exchange {
            exchange: Exchange {
                status: Some(recorded.status),
                time: recorded.time,
                body: &recorded.body,
                operation: recorded.asked.as_ref().map(|(operation, _)| *operation),
                asked_for: recorded
                    .asked
                    .as_ref()
                    .and_then(|(_, id)| id.as_ref())
                    .map(TaskId::as_str),
                is_local: recorded.is_local,
            },
            within: None,
            recorded_as: "HAR entry".into(),
        }),
        Err(message) => each(Decoded::Unreadable(message)),
    }
}
