//! Recorded responses, for other uses than a report.

use std::{io::Read, path::Path, sync::Arc};

use crate::{
    input::{Decoded, Files, Found, Places, Stream, decode},
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
            let stream = Stream::open_file(&path, &Places::default());
            stream
                .map(|stream| (path.clone(), stream))
                .map_err(|error| (path, error.to_string()))
        });
        let (path, stream) = match opened {
            Ok(opened) => opened,
            Err((path, message)) => {
                let source = Source::whole(path.display().to_string());
                each(Err(Unreadable { source, message }));
                continue;
            }
        };
        each_of(&path.display().to_string().into(), stream, &mut each);
    }
}

/// The same for an input that is no file.
#[doc(hidden)]
pub fn exchanges_in(
    name: &str,
    reader: impl Read + Send,
    mut each: impl FnMut(Result<RecordedResponse<'_>, Unreadable>),
) {
    match Stream::open(reader, &Places::default()) {
        Ok(stream) => each_of(&name.into(), stream, &mut each),
        Err(error) => each(Err(Unreadable {
            source: Source::whole(name),
            message: error.to_string(),
        })),
    }
}

fn each_of(
    name: &Arc<str>,
    mut stream: Stream<'_>,
    each: &mut impl FnMut(Result<RecordedResponse<'_>, Unreadable>),
) {
    while let Some(chunk) = stream.next() {
        let name = match &chunk.member {
            Some(member) => format!("{name}/{member}").into(),
            None => Arc::clone(name),
        };
        let source = |place: Place, line| Source::at(Arc::clone(&name), place, line);
        decode(&chunk, |place, line, decoded| match decoded {
            Decoded::Exchange { exchange, .. } => each(Ok(RecordedResponse {
                source: source(place, line),
                status: exchange.status,
                body: exchange.body,
            })),
            Decoded::Skipped(..) => {}
            Decoded::Unreadable(message) | Decoded::Refused(message) => each(Err(Unreadable {
                source: source(place, line),
                message,
            })),
        });
    }
}
