//! `download`: from the id of one task to its video.

use std::{io, path::Path};

use seedance_fetch::{FetchEvent, VideoKind, with_events};
use seedance_query::{Client, Downloaded, Outcome, ResultUrl, TaskId};
use tokio::sync::mpsc;

use super::{polling::ended, status};
use crate::{
    arguments::{DownloadArguments, DownloadingArguments, WaitingArguments},
    exit_status::ExitStatus,
    output::{chain, complain, print, print_outcome_json, print_wait_error},
    session::{client_or_complain, id_or_complain, policy, runtime, stopped},
    terminal::Progress,
};

pub(super) fn run(arguments: &DownloadArguments) -> io::Result<ExitStatus> {
    let Some(task_id) = id_or_complain(&arguments.task_id) else {
        return Ok(ExitStatus::Usage);
    };
    let Some(client) = client_or_complain(&arguments.gateway) else {
        return Ok(ExitStatus::Usage);
    };
    let downloaded = runtime()?.block_on(download(&client, &task_id, &arguments.destination()))?;
    Ok(downloaded.status)
}

/// What came of a download.
pub(super) struct DownloadEnd {
    pub status: ExitStatus,
    pub video: Option<Downloaded>,
}

impl From<ExitStatus> for DownloadEnd {
    fn from(status: ExitStatus) -> Self {
        Self {
            status,
            video: None,
        }
    }
}

/// Where a video goes, and how.
pub(super) struct Destination<'a> {
    pub waiting: &'a WaitingArguments,
    pub downloading: &'a DownloadingArguments,
    pub into: &'a Path,
    pub name: Option<&'a str>,
    pub is_original: bool,
    pub overwrite: bool,
    pub json: bool,
}

impl DownloadArguments {
    fn destination(&self) -> Destination<'_> {
        Destination {
            waiting: &self.waiting,
            downloading: &self.downloading,
            into: &self.into,
            name: self.name.as_deref(),
            is_original: self.original,
            overwrite: self.overwrite,
            json: self.json,
        }
    }
}

/// Waits for a task and downloads its video, unless it is stopped.
pub(super) async fn download(
    client: &Client,
    id: &TaskId,
    destination: &Destination<'_>,
) -> io::Result<DownloadEnd> {
    let stop = stopped()?;
    tokio::select! {
        () = stop => {
            complain(&format!("stopped; download {id} to resume"));
            Ok(ExitStatus::Unfinished.into())
        }
        status = to_the_end(client, id, destination) => status,
    }
}

async fn to_the_end(
    client: &Client,
    id: &TaskId,
    arguments: &Destination<'_>,
) -> io::Result<DownloadEnd> {
    let mut progress = Progress::new(arguments.json, arguments.waiting.progress_every);
    let url = match finished(client, id, arguments, &mut progress).await? {
        Ok(url) => url,
        Err(code) => return Ok(code.into()),
    };
    let kind = if arguments.is_original {
        VideoKind::Original
    } else {
        VideoKind::Result
    };
    // An event without room is replaced by the next one.
    let (send, mut receive) = mpsc::channel(16);
    let mut download = with_events(client.download(id, url), id, kind, &send)
        .into_dir(arguments.into)
        .overwrite(arguments.overwrite)
        .verify(!arguments.downloading.no_verify)
        .allow_private(arguments.downloading.allow_private)
        .allow_http(arguments.downloading.allow_http);
    drop(send);
    if arguments.is_original {
        download = download.original();
    }
    if let Some(bytes) = arguments.downloading.max_size {
        download = download.max_bytes(bytes);
    }
    if let Some(speed) = arguments.downloading.min_speed {
        download = download.min_speed(speed);
    }
    if let Some(timeout) = arguments.downloading.download_timeout {
        download = download.total_timeout(timeout);
    }
    if let Some(name) = arguments.name {
        download = download.file_name(name);
    }
    let mut downloading = std::pin::pin!(download.into_future());
    let outcome = loop {
        tokio::select! {
            Some(event) = receive.recv() => progress.show(&event)?,
            outcome = &mut downloading => break outcome,
        }
    };
    progress.clear();
    match outcome {
        Ok(file) => {
            print_file(id, kind, &file, arguments.json)?;
            let status = if file.verification.is_verified() {
                ExitStatus::Done
            } else {
                complain("the video could not be verified as complete: check it");
                ExitStatus::Unverified
            };
            let video = Some(file);
            Ok(DownloadEnd { status, video })
        }
        Err(error) => {
            let problem = chain(&error);
            if arguments.json {
                let task_id = id.clone();
                let problem = problem.clone();
                progress.show(&FetchEvent::Left { task_id, problem })?;
            }
            complain(&problem);
            if error.is_already_exists() {
                complain("use --overwrite to replace it, or --name to choose another name");
            }
            Ok(status::of_download_error(&error).into())
        }
    }
}

/// The URL of the video, or the exit status once it was said why there is none.
async fn finished(
    client: &Client,
    id: &TaskId,
    arguments: &Destination<'_>,
    progress: &mut Progress,
) -> io::Result<Result<ResultUrl, ExitStatus>> {
    let waiting = client.wait(id).policy(policy(arguments.waiting));
    let outcome = ended(waiting, progress).await?;
    let url = match &outcome {
        Ok(Outcome::Succeeded(task)) if arguments.is_original => {
            task.response().original_result_url()
        }
        Ok(Outcome::Succeeded(task)) => Some(task.result_url()),
        Err(error) if !arguments.is_original => error.result_url().cloned(),
        _ => None,
    };
    if let Some(url) = url {
        return Ok(Ok(url));
    }
    progress.clear();
    if arguments.json && !matches!(outcome, Ok(Outcome::Succeeded(_))) {
        print_outcome_json(&outcome)?;
        return Ok(Err(status::of_outcome(&outcome)));
    }
    match &outcome {
        Ok(Outcome::Succeeded(_)) => {
            complain("not a super-resolution task: it has no video before the enhancement");
            return Ok(Err(ExitStatus::NoVideo));
        }
        Ok(Outcome::Failed(task)) => complain(&format!("no video: {task}")),
        Ok(Outcome::UpstreamEnded(task)) => complain(&task.to_string()),
        Ok(Outcome::TimedOut(task)) => complain(&format!("{task}; run it again to go on")),
        Ok(_) => {}
        Err(error) => print_wait_error(error),
    }
    Ok(Err(status::of_outcome(&outcome)))
}

fn print_file(id: &TaskId, kind: VideoKind, file: &Downloaded, json: bool) -> io::Result<()> {
    if json {
        let event = FetchEvent::Arrived {
            task_id: id.clone(),
            kind,
            file: file.path.clone(),
            bytes: file.bytes,
            sha256: file.sha256.clone(),
            verification: Some(file.verification.to_string()),
            was_there: false,
        };
        return print(&serde_json::to_string(&event)?);
    }
    print(&format_args!(
        "file      {}\nbytes     {}\nsha256    {}\nverified  {}",
        file.path.display(),
        file.bytes,
        file.sha256,
        file.verification
    ))
}
