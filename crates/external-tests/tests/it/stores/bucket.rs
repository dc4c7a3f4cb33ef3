//! A bucket of a test: what is in it, and the environment of programs that use it.

use std::{collections::BTreeMap, process::Command, sync::Arc};

use seedance_testing::http_client::client;

use super::{faults::FaultProxy, server, server::S3Server};

/// What no output may have.
pub const SECRET: &str = "hunter2-of-the-bucket";
const KEY_ID: &str = "AKIAOFATEST";
/// The server does not verify signatures, but wants one.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=AKIAOFATEST/20260101/us-east-1/s3/aws4_request, \
                             SignedHeaders=host, Signature=00";

/// A bucket behind a proxy of its own.
pub struct Bucket {
    name: String,
    server: Arc<S3Server>,
    pub proxy: FaultProxy,
}

/// An object as it comes.
pub struct Object {
    pub bytes: Vec<u8>,
    pub headers: BTreeMap<String, String>,
}

impl Bucket {
    pub async fn new(name: &str) -> Self {
        let bucket = Self::missing(name).await;
        let created = bucket.request("PUT", "", Vec::new()).await;
        assert_eq!(created.0, 200);
        bucket
    }

    /// One that the server does not have.
    pub async fn missing(name: &str) -> Self {
        let server = server::shared().await;
        Self {
            name: name.to_owned(),
            proxy: FaultProxy::before(server.address()).await,
            server,
        }
    }

    pub fn url(&self) -> String {
        format!("s3://{}/videos", self.name)
    }

    /// The settings of programs that use it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT", format!("http://{}", self.proxy.address())),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", KEY_ID.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ]
    }

    pub fn prepare(&self, command: &mut Command) {
        command.envs(self.environment());
    }

    async fn request(&self, method: &str, target: &str, body: Vec<u8>) -> (u16, Object) {
        let url = format!("http://{}/{}{target}", self.server.address(), self.name);
        let method = method.parse().unwrap();
        let request = client()
            .request(method, url)
            .header("authorization", AUTHORIZATION)
            .body(body);
        let response = request.send().await.unwrap();
        let headers = response.headers().iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.to_string(), value)
        });
        let headers = headers.collect();
        let status = response.status().as_u16();
        let bytes = response.bytes().await.unwrap().to_vec();
        (status, Object { bytes, headers })
    }

    pub async fn get(&self, name: &str) -> Option<Object> {
        let (status, object) = self
            .request("GET", &format!("/videos/{name}"), Vec::new())
            .await;
        (status == 200).then_some(object)
    }

    pub async fn put(&self, name: &str, bytes: Vec<u8>) {
        let put = self.request("PUT", &format!("/videos/{name}"), bytes).await;
        assert_eq!(put.0, 200);
    }

    pub async fn remove(&self, name: &str) {
        let target = format!("/videos/{name}");
        assert_eq!(self.request("DELETE", &target, Vec::new()).await.0, 204);
    }

    /// The keys of all objects.
    pub async fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        loop {
            let after = keys.last().cloned().unwrap_or_default();
            let target = format!("?list-type=2&start-after={after}");
            let (_, list) = self.request("GET", &target, Vec::new()).await;
            let found = values(&list, "Key");
            if found.is_empty() {
                return keys;
            }
            keys.extend(found);
        }
    }

    /// The uploads that are not completed.
    pub async fn uploads(&self) -> usize {
        let (_, list) = self.request("GET", "?uploads", Vec::new()).await;
        values(&list, "UploadId").len()
    }

    /// Requests that wrote an object, and not one of its parts.
    pub fn puts(&self) -> usize {
        let requests = self.proxy.requests();
        let puts = requests
            .iter()
            .filter(|request| request.starts_with("PUT "));
        puts.filter(|request| !request.contains("partNumber"))
            .count()
    }
}

fn values(list: &Object, element: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(&list.bytes).into_owned();
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let values = text
        .split(&open)
        .skip(1)
        .filter_map(|rest| rest.split(&close).next());
    values.map(str::to_owned).collect()
}
