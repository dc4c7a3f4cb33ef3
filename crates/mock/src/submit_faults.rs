//! Faults of the reply to a submission.

use super::{
    answer::Answer,
    call::Call,
    error_responses::{self, invalid_request},
    fault::{Fault, Stage},
    instruction,
};

/// The reply with the faults that the request asks for. No task is begun where the reply says so; where
/// it leaves that open, as a lost one does, a task is.
pub(super) fn with_faults(call: &Call<'_>, accept: impl FnOnce() -> Answer) -> Answer {
    let faults = match instruction::faults(call.headers, &[Stage::Query]) {
        Ok(faults) => faults,
        Err(problem) => return invalid_request(&problem),
    };
    if let Some(fault) = faults.iter().find(|fault| is_of_queries(**fault)) {
        let problem = format!("`{fault}` is a fault of queries: there is no task before this");
        return invalid_request(&problem);
    }
    let is_refused = faults.iter().any(|fault| says_not_accepted(*fault));
    let answer = if is_refused {
        // The fault replaces it.
        Answer::empty(500)
    } else {
        accept()
    };
    faults.into_iter().fold(answer, |answer, fault| {
        error_responses::instead(fault, call.state.settings.retry_after, || answer)
    })
}

/// Whether a reply with this fault says that nothing was begun.
fn says_not_accepted(fault: Fault) -> bool {
    matches!(
        fault,
        Fault::RateLimited
            | Fault::Saturated
            | Fault::Unauthorized
            | Fault::Withheld
            | Fault::ErrorCodeNumber
            | Fault::ErrorMessageJson
            | Fault::ErrorMessageJsonTwice
    )
}

fn is_of_queries(fault: Fault) -> bool {
    matches!(
        fault,
        Fault::TaskNotExist | Fault::UnknownAtFirst | Fault::ErrorAsSuccess
    )
}
