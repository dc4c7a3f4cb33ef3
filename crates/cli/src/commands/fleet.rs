//! A ledger that workers share: the one of `fetch --ledger`, and what `ledger URL` shows of it.

use std::io;

use seedance_fetch::{Fleet, FleetStatus, fleet_status};

use super::fleet_metrics;
use crate::{
    arguments::{FleetArguments, LedgerArguments},
    exit_status::ExitStatus,
    output::{chain, complain, fleet_text, print, print_event},
    session::runtime,
};

/// The fleet that a worker joins, if it does.
pub(super) fn fleet(arguments: &FleetArguments) -> Option<Fleet> {
    let url = arguments.ledger.as_ref()?;
    let fleet = Fleet::new(url)
        .lease(arguments.lease)
        .patience(arguments.ledger_timeout)
        .tasks_at_a_time(arguments.hold);
    Some(match arguments.fleet_downloads {
        Some(downloads) => fleet.downloads_of_all(downloads),
        None => fleet,
    })
}

/// Whether this names a ledger that workers share, and no directory.
pub(super) fn is_shared(ledger: &str) -> bool {
    ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| ledger.starts_with(scheme))
}

/// Shows what a shared ledger knows.
pub(super) fn show(url: &str, arguments: &LedgerArguments) -> io::Result<ExitStatus> {
    if !(arguments.submitted.is_empty() && arguments.not_submitted.is_empty()) {
        complain("submissions are in the ledger of a directory: name that one");
        return Ok(ExitStatus::Usage);
    }
    let status: FleetStatus = match runtime()?.block_on(fleet_status(url)) {
        Ok(status) => status,
        Err(error) => {
            complain(&chain(&error));
            return Ok(ExitStatus::Usage);
        }
    };
    if let Some(address) = arguments.metrics {
        return runtime()?.block_on(fleet_metrics::serve(url, address));
    }
    if arguments.json {
        print_event("fleet", &status)?;
    } else {
        print(&fleet_text(&status))?;
    }
    Ok(ExitStatus::Done)
}
