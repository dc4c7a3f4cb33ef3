//! Recorded responses, for other uses than a report.

use std::{fs::File, path::Path, sync::Arc};

use crate::{
    input::{Decoded, Files, Found, Stream, decode},
    report::Unreadable,
};
use seedance_query::model::{Place, Source};

/// A recorded response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordedResponse<'a> {
    /// Where it comes from.
    pub source: Source,
    /// Its HTTP status, if that was recorded.
    pub status: Option<u16>,
    /// Its body with its secrets.
    pub body: &'a [u8],
}

/// Calls back for each response in a file or directory, and for each item that cannot be read.
///
/// The formats, and the files read in a directory, are those of [`Recordings`](super::Recordings).
///
/// # Examples
///
/// ```
/// use seedance_traffic::exchanges;
///
/// let mut successes = 0;
/// exchanges("../../tests/captures".as_ref(), |found| {
///     successes += usize::from(found.is_ok_and(|recorded| recorded.status == Some(200)));
/// });
/// assert!(successes > 0);
/// ```
pub fn exchanges(path: &Path, mut each: impl FnMut(Result<RecordedResponse<'_>, Unreadable>)) {
    for found in Files::new([path.to_owned()]) {
        let opened = found.and_then(|Found { path, .. }| {
            let stream = File::open(&path).and_then(Stream::open);
            stream
                .map(|stream| (path.clone(), stream))
                .map_err(|error| (path, error.to_string()))
        });
        let (path, mut stream) = match opened {
            Ok(opened) => opened,
            Err((path, message)) => {
                let source = Source::whole(path.display().to_string());
                each(Err(Unreadable { source, message }));
                continue;
            }
        };
        let name: Arc<str> = path.display().to_string().into();
        let source = |place: Place, line| Source::at(name.clone(), place, line);
        while let Some(chunk) = stream.next() {
            decode(&chunk, |place, line, decoded| match decoded {
                Decoded::Exchange { exchange, .. } => each(Ok(RecordedResponse {
                    source: source(place, line),
                    status: exchange.status,
                    body: exchange.body,
                })),
                Decoded::Skipped(_) => {}
                Decoded::Unreadable(message) | Decoded::Refused(message) => each(Err(Unreadable {
                    source: source(place, line),
                    message,
                })),
            });
        }
    }
}
