//! A proxy before the store that refuses, is silent, cuts connections and loses answers.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What happens to a request.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// It is answered with this status and the code of an error, and does not reach the store.
    Status(u16, &'static str),
    /// Its connection is cut before it reaches the store.
    CutRequest,
    /// The store answers, and the connection is cut before the answer arrives.
    LoseAnswer,
    /// Nothing comes.
    Silence,
}

struct Rule {
    method: &'static str,
    part: String,
    times: usize,
    fault: Fault,
}

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    /// Out of how many requests one has a fault.
    random: Option<(usize, fastrand::Rng)>,
    requests: Vec<String>,
}

impl State {
    fn fault(&mut self, method: &str, target: &str) -> Option<Fault> {
        self.requests.push(format!("{method} {target}"));
        let rule = self
            .rules
            .iter_mut()
            .find(|rule| rule.times > 0 && rule.method == method && target.contains(&rule.part));
        if let Some(rule) = rule {
            rule.times -= 1;
            return Some(rule.fault);
        }
        let (one_of, random) = self.random.as_mut()?;
        let faults = [
            Fault::Status(503, "SlowDown"),
            Fault::CutRequest,
            Fault::LoseAnswer,
        ];
        (random.usize(..*one_of) == 0).then(|| faults[random.usize(..faults.len())])
    }
}

/// The proxy; it ends with this.
pub struct FaultProxy {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl FaultProxy {
    pub async fn before(store: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    // A connection that ends early is one of the faults.
                    let _ = serve(client, store, &state).await;
                });
            }
        });
        Self {
            address,
            state,
            task,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next requests of a method whose target has this part have a fault.
    pub fn next(&self, method: &'static str, part: &str, times: usize, fault: Fault) {
        self.state.lock().unwrap().rules.push(Rule {
            method,
            part: part.to_owned(),
            times,
            fault,
        });
    }

    /// All is well from now on.
    pub fn heal(&self) {
        let mut state = self.state.lock().unwrap();
        state.rules.clear();
        state.random = None;
    }

    /// Out of how many requests one has a fault.
    pub fn fail_one_of(&self, requests: usize) {
        let random = fastrand::Rng::with_seed(3);
        self.state.lock().unwrap().random = Some((requests, random));
    }

    /// Method and target of each request.
    pub fn requests(&self) -> Vec<String> {
        self.state.lock().unwrap().requests.clone()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One request: each has a connection of its own.
async fn serve(mut client: TcpStream, store: SocketAddr, state: &Mutex<State>) -> io::Result<()> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if client.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut words = head.split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let fault = state.lock().unwrap().fault(method, target);
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    if let Some(Fault::CutRequest) = fault {
        return Ok(());
    }
    while bytes.len() < end + length.unwrap_or(0) {
        if client.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
    }
    match fault {
        Some(Fault::Status(status, code)) => {
            let body = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
            let answer = format!(
                "HTTP/1.1 {status} No\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            return client.write_all(answer.as_bytes()).await;
        }
        Some(Fault::Silence) => {
            // Until the client gives up.
            while client.read_buf(&mut bytes).await? > 0 {}
            return Ok(());
        }
        _ => {}
    }
    let mut upstream = TcpStream::connect(store).await?;
    let head = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    upstream.write_all(head.as_bytes()).await?;
    upstream.write_all(&bytes[end..]).await?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).await?;
    if let Some(Fault::LoseAnswer) = fault {
        return Ok(());
    }
    client.write_all(&answer).await?;
    client.shutdown().await
}
