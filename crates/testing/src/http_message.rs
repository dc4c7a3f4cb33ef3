//! The head of a request, and responses as bytes.

use std::{fmt, ops::Deref};

use tokio::{io::AsyncReadExt, net::TcpStream};

/// The head of a request; as text it is what was sent.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub head: String,
}

impl Request {
    pub(crate) async fn read(stream: &mut TcpStream) -> Option<Self> {
        let head = head(stream).await?;
        let mut words = head.lines().next().unwrap_or_default().split(' ');
        let mut word = || words.next().unwrap_or_default().to_owned();
        Some(Self {
            method: word(),
            target: word(),
            head,
        })
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = headers.find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    /// Where the range that is asked for begins.
    pub fn from(&self) -> Option<usize> {
        let range = self.header("range")?.strip_prefix("bytes=")?;
        range.strip_suffix('-')?.parse().ok()
    }
}

impl Deref for Request {
    type Target = str;

    fn deref(&self) -> &str {
        &self.head
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.head)
    }
}

impl PartialEq<String> for Request {
    fn eq(&self, other: &String) -> bool {
        self.head == *other
    }
}

/// The head of a message, or nothing if the connection ends before.
pub(crate) async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// A response with the length of its body, as bytes.
pub fn bytes(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// A successful response with this JSON, as bytes.
pub fn json(body: &[u8]) -> Vec<u8> {
    bytes("200 OK", "Content-Type: application/json\r\n", body)
}
