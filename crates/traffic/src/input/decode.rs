//! Items of an input to exchanges.

use std::borrow::Cow;

use super::{
    chunk::{Chunk, Context, Piece},
    curl_trace,
    decoded::Decoded,
    exchange::{Exchange, http_status},
    flow,
    format::Format,
    har_entry, http_exchange, http_messages,
    json_text::{is_incomplete, without_status},
    record::{Body, Embedded, Found, Item, classify, time_of},
    recorded_http::{self, RecordedHttp},
    skip::Skip,
    yaml,
};
use seedance_query::{capture::Capture, model::Place};

/// Calls back for each item of a chunk, with its place and the line in which its body starts, and for
/// the error after them.
pub(crate) fn decode(chunk: &Chunk, mut each: impl FnMut(Place, u64, Decoded<'_>)) {
    for piece in &chunk.pieces {
        let bytes = &chunk.bytes[piece.range.clone()];
        let mut reader = Reader {
            piece,
            context: &chunk.context,
            each: &mut |place, line, decoded| each(place, line, decoded),
        };
        reader.item(chunk.format, bytes);
    }
    for skip in &chunk.skipped {
        each(Place::Whole, 1, Decoded::skipped(*skip));
    }
    if let Some(error) = &chunk.error {
        let message = error.message.clone();
        let decoded = if error.is_refusal {
            Decoded::Refused(message)
        } else {
            Decoded::Unreadable(message)
        };
        each(error.place, error.line, decoded);
    }
}

/// Reads one item.
pub(super) struct Reader<'a> {
    pub piece: &'a Piece,
    pub context: &'a Context,
    pub each: &'a mut dyn FnMut(Place, u64, Decoded<'_>),
}

/// What is known of a body from what stands around it.
#[derive(Clone, Copy, Default)]
pub(super) struct Around<'a> {
    pub status: Option<u16>,
    pub time: Option<i64>,
    pub target: Option<&'a str>,
}

impl Reader<'_> {
    pub fn emit(&mut self, decoded: Decoded<'_>) {
        (self.each)(self.piece.place, self.piece.line, decoded);
    }

    fn item(&mut self, format: Format, bytes: &[u8]) {
        let (piece, context) = (self.piece, self.context);
        let around = Around {
            status: piece.status,
            ..Around::default()
        };
        match format {
            Format::Lines
                if !matches!(bytes.trim_ascii_start(), [b'{' | b'[' | b'"' | b'<', ..]) =>
            {
                self.text(bytes);
            }
            Format::Lines if piece.is_unfinished && is_incomplete(bytes) => {
                self.emit(Decoded::Unreadable(
                    "the recording is cut off in the middle of this line; the response itself may be sound".to_owned(),
                ));
            }
            Format::Body | Format::Lines | Format::Bodies(_) => {
                let bytes = without_status(bytes);
                self.json(
                    bytes.0,
                    0,
                    format == Format::Body,
                    around.or_status(bytes.1),
                );
            }
            Format::CodeBlocks if !Capture::is_like(bytes) => self.block(bytes),
            Format::Text => self.text(bytes),
            Format::Document => self.document(bytes),
            Format::Archive => har_entry::read(bytes, context, |decoded| self.emit(decoded)),
            Format::Messages | Format::CodeBlocks => {
                let start = piece.range.start;
                http_exchange::read(bytes, |lines, decoded| {
                    (self.each)(piece.place, piece.line + lines, decoded.shifted(start));
                });
            }
            Format::Verbose => self.messages(&http_messages::from_verbose(bytes)),
            Format::Trace if curl_trace::has_lost_bytes(bytes) => {
                self.emit(Decoded::Refused(
                    "this is the output of `curl --trace-ascii`, which shows characters beyond ASCII as \
                     dots; use `curl --trace` to get what can be read"
                        .to_owned(),
                ));
            }
            Format::Trace => self.messages(&curl_trace::messages(bytes)),
            Format::Flows => flow::read(bytes, |decoded| self.emit(decoded)),
            Format::Table => self.row(bytes),
            Format::Cells => self.cell(bytes),
            Format::Yaml => self.yaml(bytes),
        }
    }

    fn messages(&mut self, text: &[u8]) {
        for (index, message) in http_messages::split(text).into_iter().enumerate() {
            let place = Place::Item(index as u64 + 1);
            http_exchange::read(&text[message], |_, decoded| {
                (self.each)(place, self.piece.line, decoded.apart());
            });
        }
    }

    fn row(&mut self, bytes: &[u8]) {
        let table = self.context.table.as_ref();
        let Some((table, row)) = table.and_then(|table| Some((table, table.row(bytes)?))) else {
            return self.emit(Decoded::skipped(Skip::NoValue));
        };
        let around = Around {
            status: row.status.as_deref().and_then(http_status),
            time: row.time.as_deref().and_then(time_of),
            target: None,
        };
        let form = format!("in column {}", table.columns.name);
        self.unwrapped(&row.body, &form, around);
    }

    fn cell(&mut self, bytes: &[u8]) {
        if bytes.trim_ascii().is_empty() {
            return self.emit(Decoded::skipped(Skip::NoValue));
        }
        let around = Around {
            status: self.piece.status,
            time: self.piece.time,
            target: None,
        };
        let form = format!("in column {}", self.context.column);
        self.unwrapped(bytes, &form, around);
    }

    fn yaml(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        match yaml::to_json(&text) {
            Ok(documents) => {
                for document in documents {
                    self.unwrapped(document.as_bytes(), "", Around::default());
                }
            }
            Err(error) => self.emit(Decoded::Refused(format!(
                "this is not YAML that can be read: {error}"
            ))),
        }
    }

    /// A JSON text that does not stand in the chunk.
    fn unwrapped(&mut self, text: &[u8], form: &str, around: Around<'_>) {
        match classify(text, &self.context.places) {
            Item::Response => self.response(text, form, around, None, None),
            Item::Embedded(found) => self.embedded(found, text, None, form, around),
            Item::Foreign(names) => self.emit(Decoded::Skipped(Skip::NotAResponse, names)),
        }
    }

    /// A JSON text that starts at an offset of the piece: a response, or something with responses in it.
    pub fn json(&mut self, text: &[u8], offset: usize, is_input: bool, around: Around<'_>) {
        let start = self.piece.range.start + offset;
        match classify(text, &self.context.places) {
            Item::Response => self.response(text, "", around, Some(start), None),
            Item::Embedded(found) => self.embedded(found, text, Some(start), "", around),
            Item::Foreign(names) if is_input && self.context.places.body.is_some() => {
                self.emit(Decoded::Refused(format!(
                    "there is nothing at the place of the body in this JSON; its members are {names}"
                )));
            }
            Item::Foreign(names) if is_input => self.emit(Decoded::Refused(format!(
                "this JSON is not a response of the task query; its members are {names}; \
                 if a response is in it, name its place with `--body-at`"
            ))),
            Item::Foreign(names) => self.emit(Decoded::Skipped(Skip::NotAResponse, names)),
        }
    }

    fn embedded(
        &mut self,
        found: Vec<Found>,
        text: &[u8],
        start: Option<usize>,
        form: &str,
        around: Around<'_>,
    ) {
        for found in found {
            match found {
                Found::HarEntry(Body::Within(range)) => {
                    har_entry::read(&text[range], self.context, |decoded| self.emit(decoded));
                }
                Found::HarEntry(Body::Unwrapped(entry)) => {
                    har_entry::read(&entry, self.context, |decoded| self.emit(decoded));
                }
                Found::HarEntry(_) => {}
                Found::Response(embedded) => self.recorded(&embedded, text, start, form, around),
            }
        }
    }

    fn recorded(
        &mut self,
        embedded: &Embedded,
        text: &[u8],
        start: Option<usize>,
        form: &str,
        around: Around<'_>,
    ) {
        let form: Cow<'static, str> = match (form, embedded.path.as_str()) {
            ("", "") => "in a string".into(),
            ("", path) => format!("at {path}").into(),
            (form, "") => form.to_owned().into(),
            (form, path) => format!("{form} at {path}").into(),
        };
        let (body, start): (Cow<'_, [u8]>, _) = match &embedded.body {
            Body::Within(range) => (
                Cow::Borrowed(&text[range.clone()]),
                start.map(|start| start + range.start),
            ),
            Body::Unwrapped(body) => (Cow::Borrowed(body.as_slice()), None),
            Body::File(name) => match self.context.attachments.read(name) {
                Ok(bytes) => (Cow::Owned(bytes), None),
                Err(message) => return self.emit(Decoded::Unreadable(message)),
            },
            Body::Broken(message) => return self.emit(Decoded::Unreadable(message.clone())),
        };
        let (method, url) = embedded.request();
        let around = Around {
            status: embedded.status().or(around.status),
            time: embedded.time().or(around.time),
            target: url.or(around.target),
        };
        self.response(&body, &form, around, start, method);
    }

    /// A body; `start` is its offset in the chunk.
    fn response(
        &mut self,
        body: &[u8],
        form: &str,
        around: Around<'_>,
        start: Option<usize>,
        method: Option<&str>,
    ) {
        let form: Cow<'static, str> = match form {
            "" => "body".into(),
            form => form.to_owned().into(),
        };
        let within = start.map(|start| start..start + body.len());
        if around.target.is_none() && method.is_none() {
            return self.emit(Decoded::Exchange {
                exchange: Exchange {
                    status: around.status,
                    time: around.time,
                    ..Exchange::of_body(body)
                },
                within,
                recorded_as: form,
            });
        }
        let recorded = RecordedHttp {
            method: method.map(str::to_owned),
            target: around.target.map(str::to_owned),
            status: around.status.unwrap_or_default(),
            headers: &[],
            time: around.time,
            body: Some(body),
            form,
        };
        recorded_http::read(&recorded, |mut decoded, is_as_recorded| {
            if let Decoded::Exchange {
                within: range,
                exchange,
                ..
            } = &mut decoded
            {
                exchange.status = around.status;
                if is_as_recorded {
                    *range = within;
                }
            }
            self.emit(decoded);
        });
    }
}

impl Around<'_> {
    fn or_status(self, status: Option<u16>) -> Self {
        Self {
            status: self.status.or(status),
            ..self
        }
    }
}
