//! An upstream that answers with given bytes, and a client that writes and reads bytes.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use seedance_query::capture::Capture;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::timeout,
};

/// Every wait of these tests ends after this.
pub const LIMIT: Duration = Duration::from_secs(30);

pub const KEY: &str = "key-0123456789abcdef";
pub const PATH: &str = "/v1/video/generations/asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";

/// What the upstream does once it has read the head of a request.
#[derive(Clone)]
pub enum Step {
    Send(Vec<u8>),
    /// Waits until the test says so.
    Await(Arc<Notify>),
    /// Reads so many bytes of the request's body.
    Read(usize),
    Close,
    Reset,
    /// Says nothing until the client goes away.
    Silence,
}

pub fn send(text: impl AsRef<[u8]>) -> Step {
    Step::Send(text.as_ref().to_vec())
}

/// An upstream on loopback that answers with given bytes.
pub struct Upstream {
    pub url: String,
    pub requests: Arc<Mutex<Vec<String>>>,
    /// What came behind each head, as far as a step has read it.
    pub bodies: Arc<Mutex<Vec<u8>>>,
}

impl Upstream {
    /// Answers as told, from the head of a request and the number of those before it; keeps
    /// connections.
    pub async fn start(answer: impl Fn(&str, usize) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let bodies = Arc::<Mutex<Vec<u8>>>::default();
        let (seen, read) = (Arc::clone(&requests), Arc::clone(&bodies));
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, seen, read) =
                    (Arc::clone(&answer), Arc::clone(&seen), Arc::clone(&read));
                tokio::spawn(async move {
                    let mut stream = stream;
                    while let Some(head) = head(&mut stream).await {
                        let number = {
                            let mut seen = seen.lock().unwrap();
                            seen.push(head.clone());
                            seen.len() - 1
                        };
                        for step in answer(&head, number) {
                            if !take(&mut stream, step, &read).await {
                                return;
                            }
                        }
                    }
                });
            }
        });
        Self {
            url,
            requests,
            bodies,
        }
    }

    /// Gives the same answer to everyone.
    pub async fn always(answer: impl AsRef<[u8]>) -> Self {
        let answer = answer.as_ref().to_vec();
        Self::start(move |_, _| vec![send(&answer)]).await
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

pub async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// Whether the connection goes on.
pub async fn take(stream: &mut TcpStream, step: Step, read: &Mutex<Vec<u8>>) -> bool {
    match step {
        Step::Send(bytes) => stream.write_all(&bytes).await.is_ok(),
        Step::Await(notify) => {
            notify.notified().await;
            true
        }
        Step::Read(length) => {
            let mut body = vec![0; length];
            let is_read = stream.read_exact(&mut body).await.is_ok();
            read.lock().unwrap().extend(body);
            is_read
        }
        Step::Close => {
            let _ = stream.shutdown().await;
            false
        }
        Step::Reset => {
            let _ = stream.set_zero_linger();
            false
        }
        Step::Silence => {
            let _ = stream.read_u8().await;
            false
        }
    }
}

/// A client that writes and reads bytes.
pub struct Raw(pub TcpStream);

impl Raw {
    pub async fn connect(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    pub async fn write(&mut self, text: impl AsRef<[u8]>) {
        self.0.write_all(text.as_ref()).await.unwrap();
    }

    pub async fn get(&mut self, path: &str) {
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n\r\n"
        );
        self.write(head).await;
    }

    /// The next bytes, so many of them.
    pub async fn read(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        let read = timeout(LIMIT, self.0.read_exact(&mut bytes)).await;
        if let Err(error) = read.unwrap_or_else(|_| panic!("{length} bytes did not come")) {
            panic!("{length} bytes did not come: {error}");
        }
        bytes
    }

    /// Exactly these bytes come next.
    pub async fn expect(&mut self, expected: impl AsRef<[u8]>) {
        let expected = expected.as_ref();
        let mut got = Vec::new();
        while got.len() < expected.len() {
            let mut buffer = vec![0; expected.len() - got.len()];
            match timeout(LIMIT, self.0.read(&mut buffer)).await {
                Ok(Ok(read @ 1..)) => got.extend(&buffer[..read]),
                other => panic!("{other:?} after {}", String::from_utf8_lossy(&got)),
            }
        }
        assert_eq!(
            String::from_utf8_lossy(&got),
            String::from_utf8_lossy(expected)
        );
        assert_eq!(got, expected);
    }

    /// Everything until the connection ends, however it does.
    pub async fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let _ = timeout(LIMIT, self.0.read_to_end(&mut bytes))
            .await
            .unwrap();
        bytes
    }

    /// A whole response with a `content-length`.
    pub async fn response(&mut self) -> (String, Vec<u8>) {
        let head = timeout(LIMIT, head(&mut self.0)).await.unwrap().unwrap();
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().unwrap())
        });
        let body = self.read(length.unwrap()).await;
        (head, body)
    }
}

/// A response with a body of the API.
pub fn ok(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub fn captured(name: &str) -> Vec<u8> {
    let path = crate::files::root().join("tests/captures").join(name);
    crate::files::read(&path).bytes
}

/// The captures of a directory, in the order of their names; nothing else may be there.
pub fn captures(directory: &Path) -> Vec<(PathBuf, Capture)> {
    let entries = fs::read_dir(directory).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let capture = Capture::parse(&fs::read(&path).unwrap()).unwrap();
        (path, capture)
    };
    paths.into_iter().map(read).collect()
}
