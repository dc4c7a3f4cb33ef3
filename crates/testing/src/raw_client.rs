//! A client that writes and reads bytes.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{http_message::head, patience::PATIENCE};

pub const KEY: &str = "key-0123456789abcdef";
pub const PATH: &str = "/v1/video/generations/asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";

/// A client that writes and reads bytes.
pub struct RawClient(pub TcpStream);

impl RawClient {
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
        let read = timeout(PATIENCE, self.0.read_exact(&mut bytes)).await;
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
            match timeout(PATIENCE, self.0.read(&mut buffer)).await {
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
        let _ = timeout(PATIENCE, self.0.read_to_end(&mut bytes))
            .await
            .unwrap();
        bytes
    }

    /// A whole response with a `content-length`.
    pub async fn response(&mut self) -> (String, Vec<u8>) {
        let head = timeout(PATIENCE, head(&mut self.0)).await.unwrap().unwrap();
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().unwrap())
        });
        let body = self.read(length.unwrap()).await;
        (head, body)
    }
}
