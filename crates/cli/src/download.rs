//! `download`: from the id of one task to its video.

use std::io;

use seedance_fetch::{FetchEvent, VideoKind};
use seedance_query::{Client, Downloaded, Outcome, ResultUrl, TaskId};
use tokio::sync::mpsc;

use super::{
    BAD, OK, UNFINISHED, UNUSABLE, arguments::DownloadArguments, complain, explain, gateway,
    progress::Progress, wait,
};

pub(super) fn run(arguments: &DownloadArguments) -> io::Result<u8> {
    let Some(task_id) = gateway::id_or_complain(&arguments.task_id) else {
        return Ok(UNUSABLE);
    };
    let Some(client) = gateway::client_or_complain(&arguments.gateway) else {
        return Ok(UNUSABLE);
    };
    gateway::runtime()?.block_on(async {
        let stop = gateway::stopped()?;
        tokio::select! {
            () = stop => {
                complain(&format!("stopped; run it again to go on with {task_id}"));
                Ok(UNFINISHED)
            }
            code = download(&client, &task_id, arguments) => code,
        }
    })
}

async fn download(client: &Client, id: &TaskId, arguments: &DownloadArguments) -> io::Result<u8> {
    let mut progress = Progress::new(arguments.json);
    let url = match finished(client, id, arguments, &mut progress).await? {
        Ok(url) => url,
        Err(code) => return Ok(code),
    };
    let kind = if arguments.original {
        VideoKind::Original
    } else {
        VideoKind::Result
    };
    // What is not taken in time is told by the next one.
    let (send, mut receive) = mpsc::channel(16);
    let task_id = id.clone();
    let mut download = client
        .download(id, url)
        .into_dir(&arguments.into)
        .overwrite(arguments.overwrite)
        .on_progress(move |seen| {
            let _ = send.try_send(FetchEvent::Downloading {
                task_id: task_id.clone(),
                kind,
                bytes: seen.bytes,
                total: seen.total,
            });
        });
    if arguments.original {
        download = download.original();
    }
    if let Some(name) = &arguments.name {
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
            print(id, kind, &file, arguments.json)?;
            Ok(OK)
        }
        Err(error) => {
            let problem = explain::chain(&error);
            if arguments.json {
                let task_id = id.clone();
                let problem = problem.clone();
                progress.show(&FetchEvent::Left { task_id, problem })?;
            }
            complain(&problem);
            if error.is_exists() {
                complain("--overwrite replaces it, --name gives the video another name");
            }
            let is_usage = error.is_input() || error.is_exists();
            Ok(if is_usage { UNUSABLE } else { BAD })
        }
    }
}

/// The URL of the video, or the exit status once it was said why there is none.
async fn finished(
    client: &Client,
    id: &TaskId,
    arguments: &DownloadArguments,
    progress: &mut Progress,
) -> io::Result<Result<ResultUrl, u8>> {
    let waiting = client.wait(id).policy(gateway::policy(&arguments.waiting));
    let outcome = wait::ended(waiting, progress).await?;
    let url = match &outcome {
        Ok(Outcome::Succeeded(task)) if arguments.original => task.response().original_result_url(),
        Ok(Outcome::Succeeded(task)) => Some(task.result_url()),
        Err(error) if !arguments.original => error.result_url().cloned(),
        _ => None,
    };
    if let Some(url) = url {
        return Ok(Ok(url));
    }
    progress.clear();
    if arguments.json && !matches!(outcome, Ok(Outcome::Succeeded(_))) {
        return wait::print_json(&outcome).map(Err);
    }
    match &outcome {
        Ok(Outcome::Succeeded(_)) => {
            complain("this is no super-resolution task: it has no video before an enhancement");
            return Ok(Err(BAD));
        }
        Ok(Outcome::Failed(task)) => complain(&format!("there is no video: {task}")),
        Ok(Outcome::TimedOut(task)) => complain(&format!("{task}; run it again to go on")),
        Ok(_) => {}
        Err(error) => explain::wait_error(error),
    }
    Ok(Err(wait::code(&outcome)))
}

fn print(id: &TaskId, kind: VideoKind, file: &Downloaded, json: bool) -> io::Result<()> {
    if json {
        let event = FetchEvent::Arrived {
            task_id: id.clone(),
            kind,
            file: file.path.clone(),
            bytes: file.bytes,
            sha256: file.sha256.clone(),
            was_there: false,
        };
        return super::print(&serde_json::to_string(&event)?);
    }
    super::print(&format_args!(
        "file      {}\nbytes     {}\nsha256    {}",
        file.path.display(),
        file.bytes,
        file.sha256
    ))
}
