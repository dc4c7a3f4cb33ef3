//! Servers on loopback that answer as a function says: a gateway, or a store of videos.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What a server does with a connection: it sends these bytes, and then this.
#[derive(Clone)]
pub struct Reply(pub Vec<u8>, pub Then);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Close,
    Reset,
    /// Nothing, until the client goes away.
    Hang,
}

type Answer = dyn Fn(&Request) -> Reply + Send + Sync;

/// The head of a request.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub target: String,
    headers: Vec<(String, String)>,
}

impl Request {
    fn read(head: &str) -> Self {
        let mut lines = head.lines();
        let mut words = lines.next().unwrap_or_default().split(' ');
        let mut word = || words.next().unwrap_or_default().to_owned();
        Self {
            method: word(),
            target: word(),
            headers: lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Where the range that is asked for begins.
    pub fn from(&self) -> Option<usize> {
        let range = self.header("range")?.strip_prefix("bytes=")?;
        range.strip_suffix('-')?.parse().ok()
    }
}

/// A running server; it ends with the test.
pub struct Store {
    pub url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Store {
    pub async fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let seen = Arc::clone(&requests);
        let answer: Arc<Answer> = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answer), Arc::clone(&seen)));
            }
        });
        Self { url, requests }
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, answer: Arc<Answer>, seen: Arc<Mutex<Vec<Request>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let request = Request::read(&String::from_utf8_lossy(&head));
    let Reply(bytes, then) = answer(&request);
    seen.lock().unwrap().push(request);
    if stream.write_all(&bytes).await.is_err() {
        return;
    }
    match then {
        Then::Close => drop(stream.shutdown().await),
        // What the client has not taken yet is lost with it, as on a real line.
        Then::Reset => drop(stream.set_zero_linger()),
        Then::Hang => drop(stream.read_u8().await),
    }
}

/// A response that has no other length than the one in its headers.
pub fn raw(status: &str, headers: &str, body: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n");
    Reply([head.as_bytes(), body].concat(), Then::Close)
}

/// A response.
pub fn response(status: &str, headers: &str, body: &[u8]) -> Reply {
    let headers = format!("Content-Length: {}\r\n{headers}", body.len());
    raw(status, &headers, body)
}

/// A file as a store gives it, or the part of it that is asked for.
pub fn file(request: &Request, bytes: &[u8], tag: &str) -> Reply {
    let tagged = format!("ETag: {tag}\r\nContent-Type: video/mp4\r\n");
    let is_same = request.header("if-range").is_none_or(|given| given == tag);
    match request.from().filter(|_| is_same) {
        None => response("200 OK", &tagged, bytes),
        Some(from) if from >= bytes.len() => {
            let headers = format!("Content-Range: bytes */{}\r\n", bytes.len());
            response("416 Range Not Satisfiable", &headers, b"")
        }
        Some(from) => {
            let (last, total) = (bytes.len() - 1, bytes.len());
            let range = format!("Content-Range: bytes {from}-{last}/{total}\r\n{tagged}");
            response("206 Partial Content", &range, &bytes[from..])
        }
    }
}

impl Reply {
    /// Only so many bytes of the body come.
    pub fn cut(mut self, body: usize, then: Then) -> Self {
        let head = self.0.windows(4).position(|window| window == b"\r\n\r\n");
        self.0.truncate(head.unwrap() + 4 + body);
        self.1 = then;
        self
    }
}
