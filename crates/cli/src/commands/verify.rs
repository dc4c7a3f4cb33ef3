//! `fetch --verify`: compares files or objects with the ledger.

use std::io;

use seedance_fetch::{FileState, VerifiedFile, verify, verify_in_store};
use serde_json::json;

use super::place::Place;
use crate::{
    exit_status::ExitStatus,
    output::{chain, complain, count, print},
    session::runtime,
};

pub(super) fn run(place: &Place, json: bool) -> io::Result<ExitStatus> {
    let (mut intact, mut damaged) = (0_usize, 0_usize);
    let mut printed = Ok(());
    let on_file = |file: &VerifiedFile| {
        if file.state == FileState::Intact {
            intact += 1;
        } else {
            damaged += 1;
        }
        if printed.is_ok() {
            printed = print_file(file, json);
        }
    };
    let outcome = match &place.store {
        Some(store) => runtime()?.block_on(verify_in_store(&place.directory, store, on_file)),
        None => verify(&place.directory, on_file),
    };
    if let Err(error) = outcome {
        complain(&chain(&error));
        return Ok(ExitStatus::Usage);
    }
    printed?;
    if json {
        let line = json!({ "event": "verified", "intact": intact, "damaged": damaged });
        print(&line)?;
    } else {
        print(&format_args!(
            "{} intact, {damaged} missing or changed",
            count(intact, "video")
        ))?;
    }
    if damaged > 0 {
        complain("remove a changed file, and pass its task id to fetch it again");
        return Ok(ExitStatus::Unverified);
    }
    Ok(ExitStatus::Done)
}

fn print_file(file: &VerifiedFile, json: bool) -> io::Result<()> {
    if json {
        let mut line = serde_json::to_value(file)?;
        line["event"] = "file".into();
        return print(&line);
    }
    let problem = match &file.state {
        FileState::Intact => return Ok(()),
        FileState::Missing => "missing".to_owned(),
        FileState::Changed { bytes, sha256 } => {
            format!("changed: it has {bytes} bytes with SHA-256 {sha256}")
        }
        FileState::Unreadable { problem } => format!("unreadable: {problem}"),
        _ => "not intact".to_owned(),
    };
    print(&format_args!("{}  {}  {problem}", file.task_id, file.file))
}
