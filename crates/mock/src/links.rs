//! The URLs of a finished task.

use super::{
    call::Call,
    fault::Fault,
    state::GatewayState,
    task::{Phase, Task},
    video::Video,
};
use seedance_query::model::operation;

/// The URLs of a finished task; empty before it has ended.
#[derive(Default)]
pub(super) struct Links {
    pub(super) result: String,
    /// Where the storage has the result, if that is at the gateway.
    pub(super) stored: String,
    /// What the upstream made; the same as the result unless that is enhanced.
    pub(super) upstream: String,
    /// The gateway's own address of the result.
    pub(super) content: String,
}

/// The current URLs of a task.
pub(super) fn links(call: &Call<'_>, task: &mut Task, phase: Phase, faults: &[Fault]) -> Links {
    if phase != Phase::Ended {
        return Links::default();
    }
    let state = call.state;
    let expires = state.settings.url_valid_for.as_secs();
    let has = |fault| faults.contains(&fault);
    let terms = task.terms(state.clock.wall(), expires, state.budget(faults), has);
    let stored = |video| {
        let path = GatewayState::path(&task.id, task.base, video);
        let url = format!("{}{path}", call.addresses.storage);
        if has(Fault::UnsignedUrl) {
            url
        } else {
            format!("{url}?{}", state.signer.query(&path, &terms))
        }
    };
    let at_gateway = has(Fault::GatewayUrl) || has(Fault::GatewayUrlRedirect);
    let in_storage = stored(Video::Result);
    let content = call.addresses.gateway.clone() + &operation::CONTENT.path_for(&task.id);
    Links {
        result: if at_gateway {
            content.clone()
        } else {
            in_storage.clone()
        },
        stored: in_storage,
        upstream: stored(Video::Original),
        content,
    }
}
