//! Queries of a task, in whatever form.

use super::{
    answer::Answer,
    call::Call,
    error_responses,
    fault::{Fault, Stage},
    instruction,
    links::{Links, links},
    state::{GatewayState, Settings},
    task::{Phase, Task},
};
use seedance_query::model::{TaskId, operation};

/// A task at the time of a query.
pub(super) struct Queried<'a> {
    pub(super) state: &'a GatewayState,
    pub(super) task: &'a Task,
    pub(super) phase: Phase,
    pub(super) links: &'a Links,
    pub(super) faults: &'a [Fault],
}

/// A form in which a task is told of.
pub(super) struct Form {
    /// What it says: a status and a text.
    pub(super) body: fn(&Queried<'_>) -> (u16, String),
    /// Whether a fault of bodies shows in it.
    pub(super) fits: fn(Fault, &Settings) -> bool,
}

/// The answer to a query of a task.
pub(super) fn query(call: &Call<'_>, id: &TaskId, form: &Form) -> Answer {
    let state = call.state;
    let is_unfit =
        |fault: &Fault| fault.stage() == Stage::Body && !(form.fits)(*fault, &state.settings);
    let asked_for = match instruction::faults(call.headers, &[Stage::Query, Stage::Body]) {
        Ok(faults) => faults,
        Err(problem) => return error_responses::invalid_request(&problem),
    };
    if let Some(fault) = asked_for.iter().copied().find(is_unfit) {
        let problem = format!(
            "`{fault}` does not show in this form of a task; ask for it at another, such as {}",
            operation::QUERY.as_str()
        );
        return error_responses::invalid_request(&problem);
    }
    let mut faults = state.faults(id);
    let unfit: Vec<&str> = faults
        .iter()
        .filter(|fault| is_unfit(fault))
        .map(|fault| fault.id())
        .collect();
    faults.extend(asked_for.iter().copied());
    let now = state.clock.elapsed();
    let outcome = state.with_task(id, |task| {
        if call.is_get() {
            task.count_query();
        }
        let general = state.settings.faults.iter().chain(&asked_for).copied();
        let general = general.filter(|fault| fault.stage() == Stage::Query);
        let hits: Vec<Fault> = general.chain(task.query_fault()).collect();
        let phase = task.phase(now);
        let links = links(call, task, phase, &faults);
        let queried = Queried {
            state,
            task,
            phase,
            links: &links,
            faults: &faults,
        };
        (hits, (form.body)(&queried))
    });
    let Some((hits, (status, text))) = outcome else {
        return error_responses::unknown_task(id);
    };
    let mut answer = Answer::json_text(status, text);
    if !unfit.is_empty() {
        answer = answer.header(instruction::UNFIT, unfit.join(", "));
    }
    hits.into_iter().fold(answer, |answer, fault| {
        error_responses::instead(fault, state.settings.retry_after, || answer)
    })
}
