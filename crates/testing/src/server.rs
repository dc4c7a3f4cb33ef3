//! A gateway on loopback that answers with given bytes, one connection after the other.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::files::{read, root};

/// What the server does with a connection.
#[derive(Clone)]
pub enum Answer {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Sends these bytes, then resets the connection.
    Reset(Vec<u8>),
    /// Says nothing until the client goes away.
    Silence,
}

/// A running server; it ends with the test.
pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Gives the same answer to everyone.
    pub async fn start(answer: Answer) -> Self {
        Self::start_with(move |_, _| answer.clone()).await
    }

    /// Gives one answer after the other, the last one again and again.
    pub async fn in_turn(answers: impl Into<Vec<Answer>>) -> Self {
        let answers = answers.into();
        Self::start_with(move |_, index| answers[index.min(answers.len() - 1)].clone()).await
    }

    /// Answers as told, from the head of a request and the number of those before it.
    pub async fn start_with(
        answer: impl Fn(&str, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&requests);
        let answer: Arc<Respond> = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answer), Arc::clone(&seen)));
            }
        });
        Self { url, requests }
    }

    /// The heads of the requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

type Respond = dyn Fn(&str, usize) -> Answer + Send + Sync;

async fn serve(mut stream: TcpStream, answer: Arc<Respond>, seen: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let answer = {
        let mut seen = seen.lock().unwrap();
        let answer = answer(&head, seen.len());
        seen.push(head);
        answer
    };
    match answer {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Answer::Reset(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.flush().await;
            // Wait for the client to have read it: a reset drops what is under way.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            let _ = stream.set_zero_linger();
        }
        Answer::Silence => {
            let _ = stream.read_u8().await;
        }
    }
}

/// A response as bytes.
pub fn response(status: &str, headers: &str, body: &[u8]) -> Answer {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    Answer::Bytes([head.as_bytes(), body].concat())
}

/// A successful response with this body.
pub fn ok(body: &[u8]) -> Answer {
    response("200 OK", "Content-Type: application/json\r\n", body)
}

/// The body of a capture as a successful response.
pub fn captured(name: &str) -> Answer {
    ok(&read(&root().join("tests/captures").join(name)).bytes)
}
