//! Ends what would go on without end.

use std::sync::Arc;

use crate::input::Pipe;

/// Ends standard input or a file that is followed: what has arrived is still validated, and the report is
/// completed.
#[derive(Clone, Debug)]
pub struct Stop(Arc<Pipe>);

impl Stop {
    pub(super) fn new(pipe: &Arc<Pipe>) -> Self {
        Self(Arc::clone(pipe))
    }

    /// Ends the input; it can be called at any time, and again.
    pub fn stop(&self) {
        self.0.stop();
    }
}
