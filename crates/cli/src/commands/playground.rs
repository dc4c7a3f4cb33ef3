//! `playground`: the API in a browser, of the mock or of a gateway.

use std::io;

use seedance_mock::Gateway;
use seedance_playground::{Backend, Playground};
use seedance_query::redact;
use seedance_traffic::{Session, proxy::Proxy};
use serde_json::json;

use crate::{
    arguments::PlaygroundArguments,
    exit_status::ExitStatus,
    output::{complain, print},
    session::{page_url, reach, runtime, stopped, with_page},
};

/// What has the page, and is used through it.
enum Server {
    Mock(Box<Gateway>),
    Proxy(Proxy),
}

pub(super) fn run(arguments: &PlaygroundArguments) -> io::Result<ExitStatus> {
    let can = match arguments.upstream {
        Some(_) => "use the gateway through it, with a key of their own",
        None => "use the mock, and see what others ask of it",
    };
    if let Some(warning) = reach::warning(arguments.listen, can) {
        complain(&warning);
    }
    runtime()?.block_on(async {
        let stop = stopped()?;
        let started = match &arguments.upstream {
            Some(upstream) => proxy(upstream, arguments).await.map(Server::Proxy),
            None => mock(arguments).await.map(Box::new).map(Server::Mock),
        };
        let server = match started {
            Ok(server) => server,
            Err(error) => {
                let listen = arguments.listen;
                complain(&format!("cannot run a playground at {listen}: {error}"));
                return Ok(ExitStatus::Usage);
            }
        };
        print_address(&server, arguments)?;
        stop.await;
        if let Server::Proxy(proxy) = server {
            proxy.shutdown().await;
        }
        Ok(ExitStatus::Done)
    })
}

async fn mock(arguments: &PlaygroundArguments) -> io::Result<Gateway> {
    let mock = Gateway::builder()
        .listen(arguments.listen)
        .one_port()
        .keep_requests(0)
        .speed(arguments.speed);
    with_page(mock, arguments.listen, false)?.start().await
}

async fn proxy(upstream: &str, arguments: &PlaygroundArguments) -> io::Result<Proxy> {
    let proxy = Proxy::builder()
        .upstream(upstream)
        .listen(arguments.listen)
        .session(Session::new().with_task_timelines());
    let playground = Playground::new(&Backend::gateway(upstream))?;
    playground.in_proxy(proxy).start().await
}

fn print_address(server: &Server, arguments: &PlaygroundArguments) -> io::Result<()> {
    let (base_url, page) = match server {
        Server::Mock(mock) => (mock.base_url().to_owned(), format!("{}/", mock.base_url())),
        Server::Proxy(proxy) => (
            format!("http://{}", proxy.local_addr()),
            page_url(proxy, "/"),
        ),
    };
    let upstream = arguments.upstream.as_deref().map(redact::text);
    if arguments.json {
        return print(&json!({
            "event": "listening",
            "base_url": base_url,
            "playground_url": page,
            "upstream": upstream,
        }));
    }
    let gateway = upstream.as_deref().unwrap_or("the mock");
    print(&format!(
        "playground  {page}\ngateway     {gateway}\n\nOpen the address in a browser. Ctrl-C stops it."
    ))
}
