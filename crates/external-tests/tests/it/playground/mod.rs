//! The playground, in a browser.

mod bad_input;
mod calls;
mod looks;
mod videos;

use std::{net::Ipv4Addr, time::Duration};

use seedance_external_tests::Browser;
use seedance_mock::{DEFAULT_KEY, Gateway};
use seedance_playground::{Backend, Playground};
use seedance_traffic::{
    Session,
    proxy::{Proxy, ProxyBuilder},
};
use tokio::runtime::Runtime;

/// The button of the task query.
const EXECUTE: &str = "document.querySelector('#operations-Video-query_task button.execute')";
/// The report below its response.
const REPORT: &str = "document.querySelector('#operations-Video-query_task .our-report .report')";

/// A playground that a browser shows, of the mock or of a proxy.
struct Stage {
    browser: Browser,
    proxy: Option<Proxy>,
    url: String,
    runtime: Runtime,
}

impl Stage {
    fn open(backend: &Backend, upstream: &str, runtime: Runtime) -> Self {
        let playground = Playground::new(backend).unwrap();
        let builder: ProxyBuilder = Proxy::builder()
            .upstream(upstream)
            .session(Session::new().with_task_timelines());
        let proxy = playground.in_proxy(builder).start();
        let proxy = runtime.block_on(proxy).unwrap();
        let url = format!("http://{}/", proxy.local_addr());
        Self::at(url, Some(proxy), runtime)
    }

    fn at(url: String, proxy: Option<Proxy>, runtime: Runtime) -> Self {
        let mut browser = Browser::start();
        browser.open(&url);
        browser.wait_for("document.documentElement.dataset.ready");
        Self {
            browser,
            proxy,
            url,
            runtime,
        }
    }

    /// The page of a mock whose clock the test moves.
    fn mock() -> (Self, Gateway) {
        let builder = Gateway::builder().speed(0.0).one_port();
        let playground = Playground::new(&Backend::mock(Some(DEFAULT_KEY))).unwrap();
        let listen = (Ipv4Addr::LOCALHOST, 0).into();
        let runtime = runtime();
        let gateway = playground.in_mock(builder, listen).start();
        let gateway = runtime.block_on(gateway).unwrap();
        let url = format!("{}/", gateway.base_url());
        (Self::at(url, None, runtime), gateway)
    }

    /// The page of a proxy in front of such a mock.
    fn mock_behind_a_proxy() -> (Self, Gateway) {
        let runtime = runtime();
        let gateway = Gateway::builder().speed(0.0).start();
        let gateway = runtime.block_on(gateway).unwrap();
        let backend = Backend::mock(Some(gateway.api_key()));
        let stage = Self::open(&backend, gateway.base_url(), runtime);
        (stage, gateway)
    }

    /// Chooses a task in the picker, as a click does.
    fn use_task(&mut self, name: &str) {
        self.browser.value(&format!(
            "document.getElementById('task').value = '{name}';
             document.getElementById('task').dispatchEvent(new Event('change'));
             document.querySelector('#picker button').click()"
        ));
        self.browser
            .wait_for(&format!("document.activeElement === {EXECUTE}"));
    }

    /// Executes the query of a task that does this, and again when it has ended.
    fn finish(&mut self, gateway: &Gateway, name: &str) -> String {
        self.use_task(name);
        self.execute();
        gateway.advance(Duration::from_mins(5));
        self.execute()
    }

    /// Opens the query, and waits until it has the id of the example.
    fn open_query(&mut self) {
        let control = "#operations-Video-query_task .opblock-summary-control";
        self.browser
            .value(&format!("document.querySelector('{control}').click()"));
        self.browser.wait_for(EXECUTE);
        let input = "document.querySelector('#operations-Video-query_task .parameters input')";
        self.browser
            .wait_for(&format!("{input}.value.includes('task_')"));
    }

    /// Executes the query, and waits for the report on it.
    fn execute(&mut self) -> String {
        let before = format!("{REPORT}?.dataset.exchange ?? '0'");
        let before = self.browser.value(&before).as_str().unwrap().to_owned();
        self.browser.value(&format!("{EXECUTE}.click()"));
        let is_new = format!("{REPORT}.dataset.exchange !== '{before}'");
        self.browser.wait_for(&is_new);
        self.text(&format!("{REPORT}.innerText"))
    }

    fn text(&mut self, expression: &str) -> String {
        let value = self.browser.value(expression);
        value
            .as_str()
            .unwrap_or_else(|| panic!("{expression}: {value}"))
            .to_owned()
    }

    /// Nothing was refused by the policy, and nothing came from elsewhere.
    fn is_at_peace(&mut self) {
        assert_eq!(self.browser.complaints(), Vec::<String>::new());
        let requested = self.browser.requested();
        assert!(requested.len() > 8, "{requested:?}");
        for url in requested {
            let origin = url.strip_prefix("blob:").unwrap_or(url);
            let is_own = origin.starts_with(&self.url) || url.starts_with("data:");
            assert!(is_own, "{url}");
        }
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}
