//! Failures at random, at the rate that is wanted.

use super::{
    answer::Answer, connection::Ending, error_responses, fault::Fault, state::GatewayState,
};

/// The answer, or one of the failures that come at the wanted rate.
pub(super) fn with_failures(state: &GatewayState, answer: impl FnOnce() -> Answer) -> Answer {
    match state.failure(6) {
        Some(0) => error_responses::unavailable(),
        Some(1) => error_responses::bad_gateway(),
        Some(2) => error_responses::rate_limited(state.settings.retry_after),
        Some(3) => Answer::none(Ending::Reset),
        Some(4) => error_responses::instead(Fault::Truncated, 0, answer),
        Some(_) => error_responses::instead(Fault::Empty, 0, answer),
        None => answer(),
    }
}
