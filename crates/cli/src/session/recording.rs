//! `--record`: responses as files.

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

/// The recorder, if one was asked for; none at all if it cannot be, after printing why.
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

/// Asks for confirmation in the terminal.
fn may_be_unredacted(directory: &Path) -> bool {
    let input = io::stdin();
    if !input.is_terminal() {
        complain(
            "--unredacted asks for confirmation, which needs a terminal; run it in one, or leave it \
             out",
        );
        return false;
    }
    say(&format!(
        "The files in {} will contain signed URLs: anyone who has such a file can download the \
         videos.\nType yes to continue:",
        directory.display()
    ));
    let mut answer = String::new();
    let is_read = input.lock().read_line(&mut answer).is_ok();
    let may = is_read && answer.trim() == "yes";
    if !may {
        complain("cancelled; nothing was queried or recorded");
    }
    may
}

/// Records, and prints once if that fails; the queries continue.
pub(crate) fn observer(recorder: Recorder) -> impl Observer {
    let is_told = AtomicBool::new(false);
    move |exchange: &ObservedExchange<'_>| {
        if let Err(error) = exchange.record(&recorder)
            && !is_told.swap(true, Ordering::Relaxed)
        {
            complain(&format!(
                "{error}; responses are not recorded, queries continue"
            ));
        }
    }
}
