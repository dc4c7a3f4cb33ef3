//! Whether a task has a fault of videos.

use std::time::Duration;

use http::header;
use seedance_mock::{Fault, Gateway, Origin, Video};
use seedance_query::{Rule, TaskId};

use super::{LIFE, Reply, get, plain, query, send};

/// A task that has lived to its end, if that is a good one.
struct Task<'a> {
    gateway: &'a Gateway,
    id: &'a TaskId,
    url: String,
}

impl Task<'_> {
    /// The URL that the next query gives.
    async fn next_url(&self) -> String {
        let body = query(self.gateway, self.id).await.unwrap().json();
        body["data"]["result_url"].as_str().unwrap().to_owned()
    }

    async fn get(&self) -> Reply {
        get(&self.url).await.unwrap()
    }

    async fn range(&self, range: &str) -> Reply {
        let request = plain().get(&self.url).header(header::RANGE, range);
        send(request).await.unwrap()
    }

    async fn with_key(&self) -> Reply {
        let request = plain().get(&self.url).bearer_auth(self.gateway.api_key());
        send(request).await.unwrap()
    }

    fn is_video(&self, reply: &Reply) -> bool {
        reply.status == 200 && reply.body == self.gateway.video(self.id, Video::Result)
    }

    async fn trips(&self, rule: Rule) -> bool {
        query(self.gateway, self.id).await.unwrap().rules() == [rule]
    }
}

fn is_denied(reply: &Reply, reason: &str) -> bool {
    let text = reply.text();
    reply.status == 403 && text.contains("<Code>AccessDenied</Code>") && text.contains(reason)
}

pub async fn shows(fault: Fault, gateway: &Gateway, id: &TaskId) -> bool {
    query(gateway, id).await.unwrap();
    gateway.advance(LIFE);
    let body = query(gateway, id).await.unwrap().json();
    let Some(url) = body["data"]["result_url"].as_str() else {
        return false;
    };
    let task = Task {
        gateway,
        id,
        url: url.to_owned(),
    };
    match fault {
        Fault::GatewayUrl => {
            task.trips(Rule::GatewayUrl).await
                && task.get().await.status == 401
                && task.is_video(&task.with_key().await)
        }
        Fault::GatewayUrlRedirect => {
            let reply = task.with_key().await;
            let target = reply.header("location");
            task.trips(Rule::GatewayUrl).await
                && reply.status == 302
                && target.starts_with(gateway.storage_url())
                && task.is_video(&get(target).await.unwrap())
        }
        Fault::UnsignedUrl => {
            task.trips(Rule::UnsignedUrl).await && task.is_video(&task.get().await)
        }
        Fault::RequestBudget => {
            task.trips(Rule::RequestBudget).await && {
                let mut statuses = Vec::new();
                for _ in 0..4 {
                    statuses.push(task.get().await.status);
                }
                statuses == [200, 200, 200, 403]
            }
        }
        Fault::UrlExpired => {
            is_denied(&task.get().await, "expired")
                && task.is_video(&get(&task.next_url().await).await.unwrap())
        }
        Fault::UrlAlwaysExpired => {
            let first = is_denied(&task.get().await, "expired");
            first && is_denied(&get(&task.next_url().await).await.unwrap(), "expired")
        }
        Fault::UrlRefused => {
            is_denied(&task.get().await, "access key")
                && task.is_video(&get(&task.next_url().await).await.unwrap())
        }
        Fault::UrlAlwaysRefused => {
            let first = is_denied(&task.get().await, "access key");
            first && is_denied(&get(&task.next_url().await).await.unwrap(), "access key")
        }
        Fault::VideoUnavailable => {
            let first = [task.get().await.status, task.get().await.status];
            first == [503, 503] && task.is_video(&task.get().await)
        }
        Fault::WrongLength => {
            let reply = task.get().await;
            let length: u64 = reply.header("content-length").parse().unwrap();
            task.is_video(&reply) && !reply.is_complete && length > reply.body.len() as u64
        }
        Fault::NotAVideo => {
            let reply = task.get().await;
            reply.status == 200 && reply.header("content-type").starts_with("text/html")
        }
        Fault::VideoTextXml => {
            let reply = task.get().await;
            reply.status == 200
                && reply.header("content-type") == "video/mp4"
                && reply.text().contains("<Error>")
        }
        Fault::Redirect => {
            let reply = task.get().await;
            let target = reply.header("location");
            reply.status == 302
                && target.starts_with(gateway.elsewhere_url())
                && task.is_video(&get(target).await.unwrap())
                && gateway.requests().pop().unwrap().origin == Origin::Elsewhere
        }
        Fault::RedirectLoop => {
            let reply = task.get().await;
            reply.status == 302 && reply.header("location") == task.url
        }
        Fault::ResetEach64k => {
            let reply = task.range("bytes=1000-").await;
            let video = gateway.video(id, Video::Result);
            !reply.is_complete && reply.body == video[1000..1000 + 65_536]
        }
        Fault::SlowVideo => {
            let reply = task.range("bytes=0-131071").await;
            reply.body.len() == 131_072 && reply.took > Duration::from_millis(1500)
        }
        Fault::NoRanges => {
            let reply = task.range("bytes=1000-").await;
            task.is_video(&reply) && reply.header("accept-ranges").is_empty()
        }
        Fault::ChangedMidway => {
            let first = task.get().await;
            let request = plain()
                .get(&task.url)
                .header(header::RANGE, "bytes=1000-")
                .header(header::IF_RANGE, first.header("etag"));
            let second = send(request).await.unwrap();
            !first.is_complete
                && !first.body.is_empty()
                && task.is_video(&second)
                && second.header("etag") != first.header("etag")
                && !second.body.starts_with(&first.body)
        }
        Fault::TooLarge => {
            let head = send(plain().head(&task.url)).await.unwrap();
            let mut response = plain().get(&task.url).send().await.unwrap();
            let first = response.chunk().await.unwrap().unwrap();
            head.header("content-length") == (1_u64 << 40).to_string() && !first.is_empty()
        }
        _ => false,
    }
}
