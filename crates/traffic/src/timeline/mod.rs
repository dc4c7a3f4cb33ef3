//! Polls of the same task, compared: a terminal status stays, progress does not fall.

mod history;
mod moment;
mod poll;
mod position;
mod rules;
mod task_timelines;

pub(crate) use self::{
    history::History,
    moment::Moment,
    poll::Poll,
    position::{Inputs, Position},
    task_timelines::State,
};
