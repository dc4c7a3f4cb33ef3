//! `playground`: the API in a browser, in front of the mock or of a gateway.

use std::io;

use seedance_mock::Gateway;
use seedance_playground::{Backend, Playground};
use seedance_traffic::{Session, proxy::Proxy};
use serde_json::json;

use crate::{
    arguments::PlaygroundArguments,
    exit_status::ExitStatus,
    output::{complain, print},
    session::{page_url, runtime, stopped},
};

pub(super) fn run(arguments: &PlaygroundArguments) -> io::Result<ExitStatus> {
    runtime()?.block_on(async {
        let stop = stopped()?;
        let (_mock, proxy) = match start(arguments).await {
            Ok(running) => running,
            Err(error) => {
                let listen = arguments.listen;
                complain(&format!("cannot run a playground at {listen}: {error}"));
                return Ok(ExitStatus::Usage);
            }
        };
        print_address(&proxy, arguments)?;
        stop.await;
        proxy.shutdown().await;
        Ok(ExitStatus::Done)
    })
}

/// The mock, if no gateway is given, and the proxy that has the page.
async fn start(arguments: &PlaygroundArguments) -> io::Result<(Option<Gateway>, Proxy)> {
    let mock = if arguments.upstream.is_none() {
        let mock = Gateway::builder().one_port().speed(arguments.speed);
        Some(mock.start().await?)
    } else {
        None
    };
    let upstream = arguments.upstream.as_deref().unwrap_or_default();
    let (upstream, backend) = match &mock {
        Some(mock) => (mock.base_url(), Backend::mock(Some(mock.api_key()))),
        None => (upstream, Backend::gateway(upstream)),
    };
    let playground = Playground::new(&backend)?;
    let proxy = Proxy::builder()
        .upstream(upstream)
        .listen(arguments.listen)
        .session(Session::new().with_task_timelines())
        .own_pages(playground.pages())
        .on_exchange(playground.observer());
    let proxy = proxy.start().await?;
    Ok((mock, proxy))
}

fn print_address(proxy: &Proxy, arguments: &PlaygroundArguments) -> io::Result<()> {
    let page = page_url(proxy, "/");
    let upstream = arguments.upstream.as_deref();
    let upstream = upstream.map(seedance_query::redact::text);
    if arguments.json {
        return print(&json!({
            "event": "listening",
            "base_url": format!("http://{}", proxy.local_addr()),
            "playground_url": page,
            "upstream": upstream,
        }));
    }
    let gateway = upstream.as_deref().unwrap_or("the mock");
    print(&format!(
        "playground  {page}\ngateway     {gateway}\n\nOpen the address in a browser. Ctrl-C stops it."
    ))
}
