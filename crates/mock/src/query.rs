//! Queries of a task, in whatever form.

use super::{
    answer::Answer,
    call::Call,
    error_responses,
    fault::{Fault, Stage},
    instruction,
    links::{Links, links},
    state::GatewayState,
    task::{Phase, Task},
};
use seedance_query::model::TaskId;

/// A task at the time of a query.
pub(super) struct Queried<'a> {
    pub(super) state: &'a GatewayState,
    pub(super) task: &'a Task,
    pub(super) phase: Phase,
    pub(super) links: &'a Links,
    pub(super) faults: &'a [Fault],
}

/// What a form says of a task: a status and a text.
pub(super) type Form = fn(&Queried<'_>) -> (u16, String);

/// The answer to a query of a task.
pub(super) fn query(call: &Call<'_>, id: &TaskId, form: Form) -> Answer {
    let state = call.state;
    let asked_for = match instruction::faults(call.headers, &[Stage::Query, Stage::Body]) {
        Ok(faults) => faults,
        Err(problem) => return error_responses::invalid_request(&problem),
    };
    let mut faults = state.faults(id);
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
        (hits, form(&queried))
    });
    let Some((hits, (status, text))) = outcome else {
        return error_responses::unknown_task(id);
    };
    let answer = Answer::json_text(status, text);
    hits.into_iter().fold(answer, |answer, fault| {
        error_responses::instead(fault, state.settings.retry_after, || answer)
    })
}
