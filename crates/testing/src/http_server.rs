//! An HTTP server on loopback that does with each connection what a script says.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

use super::{asked_for::about_asked_for, http_message::Request};

/// What the server does once it has read the head of a request.
#[derive(Clone)]
pub enum Step {
    Send(Vec<u8>),
    /// Sends so many bytes at a time, and waits in between.
    Drip {
        bytes: Vec<u8>,
        size: usize,
        pause: Duration,
    },
    /// Waits until the test says so.
    Await(Arc<Notify>),
    /// Reads so many bytes of the request's body.
    Read(usize),
    /// Ends the connection in good order.
    Close,
    /// Resets the connection; what the client's side has not taken yet is lost.
    Reset,
    /// Says nothing until the client goes away.
    Silence,
}

/// The steps for one request. Unless one of them ends the connection, it is kept for the next.
#[derive(Clone)]
pub struct Reply(pub Vec<Step>);

impl Reply {
    /// Sends these bytes and closes.
    pub fn close(bytes: impl Into<Vec<u8>>) -> Self {
        Self(vec![Step::Send(bytes.into()), Step::Close])
    }

    /// Sends these bytes, then resets the connection.
    pub fn reset(bytes: impl Into<Vec<u8>>) -> Self {
        Self(vec![Step::Send(bytes.into()), Step::Reset])
    }

    /// Says nothing until the client goes away.
    pub fn silence() -> Self {
        Self(vec![Step::Silence])
    }

    /// Only so many bytes of the body come, and then this happens.
    #[must_use]
    pub fn cut(mut self, body: usize, then: Step) -> Self {
        let Some(Step::Send(bytes)) = self.0.first_mut() else {
            panic!("no response to cut");
        };
        let head = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        bytes.truncate(head.unwrap() + 4 + body);
        self.0.truncate(1);
        self.0.push(then);
        self
    }
}

impl From<Vec<Step>> for Reply {
    fn from(steps: Vec<Step>) -> Self {
        Self(steps)
    }
}

impl From<Vec<u8>> for Reply {
    /// Sends these bytes and keeps the connection.
    fn from(bytes: Vec<u8>) -> Self {
        Self(vec![Step::Send(bytes)])
    }
}

impl From<&Vec<u8>> for Reply {
    fn from(bytes: &Vec<u8>) -> Self {
        bytes.clone().into()
    }
}

impl From<&str> for Reply {
    fn from(text: &str) -> Self {
        text.as_bytes().to_vec().into()
    }
}

/// Sends these bytes and keeps the connection.
pub fn send(bytes: impl AsRef<[u8]>) -> Step {
    Step::Send(bytes.as_ref().to_vec())
}

type Script = dyn Fn(&Request, usize) -> Reply + Send + Sync;

/// A running server; it ends with the test.
pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    /// What came behind the heads, as far as a step has read it.
    pub bodies: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    /// Replies as told, from the head of a request and the number of those before it.
    pub async fn start<R: Into<Reply>>(
        script: impl Fn(&Request, usize) -> R + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            requests: Arc::default(),
            bodies: Arc::default(),
        };
        let script: Arc<Script> = Arc::new(move |head, number| script(head, number).into());
        let (requests, bodies) = (Arc::clone(&server.requests), Arc::clone(&server.bodies));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                let connection = Connection {
                    stream,
                    script: Arc::clone(&script),
                    requests: Arc::clone(&requests),
                    bodies: Arc::clone(&bodies),
                };
                tokio::spawn(connection.serve());
            }
        });
        server
    }

    /// Gives the same reply to everyone.
    pub async fn always(reply: impl Into<Reply>) -> Self {
        let reply = reply.into();
        Self::start(move |_, _| reply.clone()).await
    }

    /// Gives one reply after the other, the last one again and again.
    pub async fn in_turn(replies: impl Into<Vec<Reply>>) -> Self {
        let replies = replies.into();
        Self::start(move |_, number| replies[number.min(replies.len() - 1)].clone()).await
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

struct Connection {
    stream: TcpStream,
    script: Arc<Script>,
    requests: Arc<Mutex<Vec<Request>>>,
    bodies: Arc<Mutex<Vec<u8>>>,
}

impl Connection {
    async fn serve(mut self) {
        while let Some(request) = Request::read(&mut self.stream).await {
            let target = request.target.clone();
            let reply = {
                let mut requests = self.requests.lock().unwrap();
                let reply = (self.script)(&request, requests.len());
                requests.push(request);
                reply
            };
            for step in reply.0 {
                let step = match step {
                    Step::Send(bytes) => Step::Send(about_asked_for(&target, bytes)),
                    step => step,
                };
                if !self.take(step).await {
                    return;
                }
            }
        }
    }

    /// Whether the connection goes on.
    async fn take(&mut self, step: Step) -> bool {
        match step {
            Step::Send(bytes) => self.stream.write_all(&bytes).await.is_ok(),
            Step::Drip { bytes, size, pause } => {
                for part in bytes.chunks(size) {
                    if self.stream.write_all(part).await.is_err() {
                        return false;
                    }
                    tokio::time::sleep(pause).await;
                }
                true
            }
            Step::Await(notify) => {
                notify.notified().await;
                true
            }
            Step::Read(length) => {
                let mut body = vec![0; length];
                let is_read = self.stream.read_exact(&mut body).await.is_ok();
                self.bodies.lock().unwrap().extend(body);
                is_read
            }
            Step::Close => {
                let _ = self.stream.shutdown().await;
                false
            }
            Step::Reset => {
                let _ = self.stream.set_zero_linger();
                false
            }
            Step::Silence => {
                let _ = self.stream.read_u8().await;
                false
            }
        }
    }
}
