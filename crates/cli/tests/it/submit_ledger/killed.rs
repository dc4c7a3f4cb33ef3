//! The program is killed at each step of a submission.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use seedance_testing::{http_server::Step, patience::until};
use tempfile::TempDir;

use super::{ID, accepted, after_the_body, has_no_secret, ledger, submit};
use crate::program;

fn start(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The ledger calls its one submission perhaps submitted, and the same request is not sent again.
async fn was_perhaps_submitted(directory: &TempDir) {
    let (code, tasks, submissions, err) = ledger(directory.path(), &[]).await;
    assert_eq!((code, tasks.len(), submissions.len()), (8, 0, 1), "{err}");
    assert_eq!(submissions[0]["state"], "perhaps_submitted");
    assert!(err.contains("perhaps submitted: submission 1 of "), "{err}");
    assert!(err.contains("when the program ended"), "{err}");
    has_no_secret(directory.path());

    let server = after_the_body(accepted().0).await;
    let (code, out, err) = program::run(submit(&server.url, directory.path(), &[])).await;
    assert_eq!(code, 8, "{out}{err}");
    assert!(err.contains("settle that one first"), "{err}");
    assert_eq!(server.requests().len(), 0, "never twice by itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn before_it_is_sent() {
    // It takes the connection, but never ends the handshake, before which nothing can be sent.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let directory = TempDir::new().unwrap();
    let child = start(submit(&url, directory.path(), &[]));
    let connected = tokio::task::spawn_blocking(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0]).unwrap();
        stream
    });
    let stream = connected.await.unwrap();
    kill(child);
    drop(stream);
    was_perhaps_submitted(&directory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_reply() {
    let server = after_the_body([Step::Await(Arc::default())]).await;
    let directory = TempDir::new().unwrap();
    let child = start(submit(&server.url, directory.path(), &[]));
    until("the request", || !server.bodies.lock().unwrap().is_empty()).await;

    // As long as it is being sent, it is nobody's business, and others can submit the same.
    let (code, _, submissions, err) = ledger(directory.path(), &[]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(submissions[0]["state"], "sending");

    kill(child);
    was_perhaps_submitted(&directory).await;
    assert_eq!(server.requests().len(), 1);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn interrupted_before_the_reply() {
    let server = after_the_body([Step::Await(Arc::default())]).await;
    let directory = TempDir::new().unwrap();
    let mut command = submit(&server.url, directory.path(), &[]);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    until("the request", || !server.bodies.lock().unwrap().is_empty()).await;
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(sent.success());
    let (code, err) = tokio::task::spawn_blocking(move || {
        let mut err = String::new();
        let mut stderr = child.stderr.take().unwrap();
        stderr.read_to_string(&mut err).unwrap();
        (child.wait().unwrap().code(), err)
    })
    .await
    .unwrap();
    assert_eq!(code, Some(8), "{err}");
    assert!(err.contains("stopped: "), "{err}");
    assert!(err.contains("--submitted 1=TASK_ID"), "{err}");
    was_perhaps_submitted(&directory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_reply() {
    let server = after_the_body(accepted().0).await;
    let directory = TempDir::new().unwrap();
    // It waits for the task, of which this gateway tells nothing.
    let mut child = start(submit(&server.url, directory.path(), &["--wait"]));
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let said = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        line
    });
    let said = said.await.unwrap();
    assert!(said.contains(ID), "{said}");
    kill(child);
    let (code, tasks, submissions, err) = ledger(directory.path(), &[]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(submissions[0]["state"], "accepted");
    assert_eq!(submissions[0]["request_id"], "20261126-request-1");
    assert_eq!(tasks[0]["task_id"], ID);
    assert_eq!(tasks[0]["state"], "left");
    let requests = server.requests();
    let submissions = requests.iter().filter(|request| request.method == "POST");
    assert_eq!(submissions.count(), 1);
}
