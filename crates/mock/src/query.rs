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

/// What a form says of a task: its state, its URLs and its faults become a status and a text.
pub(super) type Form = fn(&GatewayState, &Task, Phase, &Links, &[Fault]) -> (u16, String);

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
        (hits, form(state, task, phase, &links, &faults))
    });
    let Some((hits, (status, text))) = outcome else {
        return error_responses::unknown_task(id);
    };
    let answer = Answer::json_text(status, text);
    hits.into_iter().fold(answer, |answer, fault| {
        error_responses::instead(fault, state.settings.retry_after, || answer)
    })
}
