//! Connections that leave the machine: TLS, with a certificate that is verified.

use std::{net::TcpListener, process::Command};

use seedance_external_tests::{PASSWORD, PostgresServer, seedance_query};

/// A port that was free a moment ago.
fn port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// What `ledger` complains about; it gets as far as the database, which has no ledger, if nothing else
/// is wrong.
async fn complaint(server: &PostgresServer, url: String, is_trusted: bool) -> String {
    let mut command = Command::new(seedance_query());
    command.args(["ledger", &url]).env("PGPASSWORD", PASSWORD);
    if is_trusted {
        command.env("SSL_CERT_FILE", server.certificate());
    }
    let run = move || command.output().unwrap();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(!said.contains(PASSWORD), "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_verified() {
    let port = port();
    let server = PostgresServer::start_at_port(port, true).await;
    for (host, is_trusted, words) in [
        ("localhost", true, "has no ledger"),
        ("localhost", false, "UnknownIssuer"),
        ("127.0.0.1", true, "certificate not valid for name"),
    ] {
        let url = format!("postgres://worker@{host}:{port}/postgres?sslmode=require");
        let said = complaint(&server, url, is_trusted).await;
        assert!(said.contains(words), "{host}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_used_on_this_machine_or_by_request() {
    let port = port();
    let server = PostgresServer::start_at_port(port, false).await;
    for (mode, words) in [
        ("?sslmode=require", "server does not support TLS"),
        ("?sslmode=disable", "has no ledger"),
        ("", "has no ledger"),
    ] {
        let url = format!("postgres://worker@localhost:{port}/postgres{mode}");
        let said = complaint(&server, url, false).await;
        assert!(said.contains(words), "{mode}: {said}");
    }
}
