//! `--record`: each response as a file.

use std::{
    io::{self, BufRead, IsTerminal},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use seedance_query::{ObservedExchange, Observer, capture::Recorder};

use crate::{
    arguments::RecordArguments,
    output::{complain, say},
};

/// The recorder, if there is to be one; nothing at all once it was said why there is none.
#[allow(clippy::option_option)] // whether it can go on, and whether anything is recorded
pub(crate) fn recorder_or_complain(arguments: &RecordArguments) -> Option<Option<Recorder>> {
    let Some(directory) = &arguments.record else {
        return Some(None);
    };
    if arguments.unredacted && !may_be_unredacted(directory) {
        return None;
    }
    match Recorder::new(directory) {
        Ok(recorder) => Some(Some(
            recorder
                .redact_ids(arguments.redact_ids)
                .unredacted(arguments.unredacted),
        )),
        Err(error) => {
            complain(&format!(
                "cannot record in {}: {error}",
                directory.display()
            ));
            None
        }
    }
}

/// Asks at the terminal.
fn may_be_unredacted(directory: &Path) -> bool {
    let input = io::stdin();
    if !input.is_terminal() {
        complain(
            "--unredacted asks before it keeps signed URLs, and there is no terminal to ask at; \
             run it at one, or leave it out",
        );
        return false;
    }
    say(&format!(
        "The files in {} will have signed URLs in them: whoever has such a file can download the \
         videos.\nType yes to go on:",
        directory.display()
    ));
    let mut answer = String::new();
    let is_read = input.lock().read_line(&mut answer).is_ok();
    let may = is_read && answer.trim() == "yes";
    if !may {
        complain("nothing was asked for, and nothing is recorded");
    }
    may
}

/// Records, and says once that it cannot; the queries go on.
pub(crate) fn observer(recorder: Recorder) -> impl Observer {
    let is_told = AtomicBool::new(false);
    move |exchange: &ObservedExchange<'_>| {
        if let Err(error) = exchange.record(&recorder)
            && !is_told.swap(true, Ordering::Relaxed)
        {
            complain(&format!(
                "{error}; responses are not kept, all else goes on"
            ));
        }
    }
}
