//! A text of any length, cut into chunks that can be decoded by themselves.

use std::{
    io::{self, Read},
    mem,
    ops::Range,
    sync::Arc,
};

use super::{
    chunk::{Chunk, Context, InputError, Piece},
    fill::fill,
    format::Format,
    live::Pipe,
    opening::Text,
    pieces::{Before, newlines, pieces},
    record::{LineJson, json},
    scanner::End,
    skip::Skip,
    splitter::Splitter,
};
use crate::limits::{CHUNK, MAX_ITEMS_OF_CHUNK};
use seedance_query::model::Place;

/// How much more is read to see the status after an item.
const STATUS_LINE: usize = 16;

/// Reads one text, chunk by chunk.
pub(super) struct Items<'a> {
    reader: Box<dyn Read + Send + 'a>,
    format: Format,
    /// Bytes that were read and not passed on yet.
    rest: Vec<u8>,
    phase: Phase,
    /// What the input is instead of a recording.
    refusal: Option<String>,
    /// Why it could not be read to the end.
    breakage: Option<String>,
    splitter: Splitter,
    /// The line in which `rest` starts.
    line: u64,
    /// The number of items found.
    count: u64,
    /// Chunks that were read and not passed on yet.
    ready: std::vec::IntoIter<Chunk>,
    context: Arc<Context>,
    /// Whether HTTP statuses stand between the items.
    has_statuses: bool,
    /// If it still grows.
    live: Option<Arc<Pipe>>,
    /// Whether all that has arrived was looked at.
    has_paused: bool,
    /// Whether the rest of a line that is too long is passed over.
    is_passing_over: bool,
}

/// How far a text was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Reading,
    AtEnd,
    /// Everything was passed on.
    Over,
}

impl<'a> Items<'a> {
    pub fn new(text: Text<'a>, mut context: Context) -> Self {
        let Text {
            reader,
            head,
            is_at_end,
            recognised,
            live,
        } = text;
        let (format, refusal) = match recognised {
            Ok(recognised) => {
                context.table = recognised.table;
                (recognised.format, None)
            }
            Err(refusal) => (Format::Body, Some(refusal)),
        };
        let splitter = Splitter::of(format);
        Self {
            reader,
            format,
            refusal,
            rest: head,
            phase: if is_at_end {
                Phase::AtEnd
            } else {
                Phase::Reading
            },
            breakage: None,
            splitter,
            line: 1,
            count: 0,
            ready: Vec::new().into_iter(),
            context: Arc::new(context),
            has_statuses: false,
            live,
            has_paused: false,
            is_passing_over: false,
        }
    }

    /// Whether the text still grows, and all that has arrived was passed on.
    pub fn has_paused(&self) -> bool {
        self.has_paused && self.ready.len() == 0
    }

    /// The next chunk; none at the end.
    pub fn next(&mut self) -> Option<Chunk> {
        if let Some(chunk) = self.ready.next() {
            return Some(chunk);
        }
        self.ready = self.read()?.split(MAX_ITEMS_OF_CHUNK).into_iter();
        self.ready.next()
    }

    fn read(&mut self) -> Option<Chunk> {
        if let Some(refusal) = self.refusal.take() {
            self.phase = Phase::Over;
            let mut chunk = self.chunk_of_error(refusal);
            if let Some(error) = &mut chunk.error {
                error.is_refusal = true;
            }
            return Some(chunk);
        }
        while self.phase != Phase::Over {
            if self.phase == Phase::Reading {
                let wanted = (2 * self.rest.len()).clamp(CHUNK, self.splitter.longest() + CHUNK);
                // A status that stands after the last item belongs to it.
                let wanted = wanted + usize::from(self.has_statuses) * STATUS_LINE;
                self.has_paused = false;
                match fill(&mut self.reader, &mut self.rest, wanted) {
                    Ok(true) => self.phase = Phase::AtEnd,
                    Ok(false) => {}
                    Err(error)
                        if error.kind() == io::ErrorKind::WouldBlock && self.live.is_some() =>
                    {
                        self.has_paused = true;
                    }
                    // What was read before is still valid.
                    Err(error) => {
                        self.breakage = Some(format!("the input breaks off here: {error}"));
                        self.phase = Phase::AtEnd;
                    }
                }
            }
            self.pass_over();
            let (mut found, mut done) = self.splitter.split(&self.rest);
            if self.has_statuses
                && self.phase == Phase::Reading
                && let Some(last) = found.pop_if(|last| self.splitter.puts_back(&self.rest, last))
            {
                done = last.start;
            }
            if found.is_empty()
                && self.phase == Phase::Reading
                && self.rest.len() - done > self.splitter.longest()
            {
                if let Splitter::Lines(looked_at) = &mut self.splitter {
                    *looked_at = 0;
                    self.rest.clear();
                    self.is_passing_over = true;
                    self.count += 1;
                    return Some(self.chunk_of_error(format!(
                        "this line is longer than {} MB and is skipped",
                        self.splitter.longest() / 1_000_000
                    )));
                }
                self.phase = Phase::Over;
                let message = format!(
                    "this {} is longer than {} MB; the rest of the input is not read",
                    match self.splitter {
                        Splitter::Whole(_) => "input",
                        _ => "item",
                    },
                    self.splitter.longest() / 1_000_000
                );
                return Some(self.chunk_of_error(message));
            }
            if let Some(version) = self.splitter.foreign_version() {
                self.phase = Phase::Over;
                let message =
                    format!("this is an HTTP archive of version {version}; only 1.x is supported");
                return Some(self.chunk_of_error(message));
            }
            if self.phase == Phase::AtEnd {
                self.phase = Phase::Over;
                return Some(self.last(found, done));
            }
            let pieces = self.pieces(&found);
            self.line += newlines(&self.rest[..done]);
            let rest = self.rest.split_off(done);
            let bytes = mem::replace(&mut self.rest, rest);
            if !pieces.is_empty() || self.has_paused {
                return Some(self.chunk(bytes, pieces));
            }
        }
        None
    }

    /// Drops what has been read of the rest of a line that is too long.
    fn pass_over(&mut self) {
        if !self.is_passing_over {
            return;
        }
        if let Some(end) = memchr::memchr(b'\n', &self.rest) {
            self.rest.drain(..=end);
            self.line += 1;
            self.is_passing_over = false;
        } else {
            self.rest.clear();
        }
    }

    /// The last chunk, with the unfinished item.
    fn last(&mut self, mut found: Vec<Range<usize>>, done: usize) -> Chunk {
        let whole = found.len();
        let end = self.splitter.end(self.format, &self.rest, &mut found, done);
        let breakage = self.breakage.take();
        if breakage.is_some() {
            // A truncated response is not the gateway's fault.
            found.truncate(whole);
        }
        let mut pieces = self.pieces(&found);
        let is_unfinished =
            !self.rest.ends_with(b"\n") && matches!(self.splitter, Splitter::Lines(_));
        let mut skipped = Vec::new();
        if self.live.as_ref().is_some_and(|pipe| pipe.is_stopped())
            && !self.rest.ends_with(b"\n")
            && pieces
                .pop_if(|last| is_being_written(&self.rest[last.range.clone()]))
                .is_some()
        {
            skipped.push(Skip::BeingWritten);
        }
        if let Some(last) = pieces.last_mut()
            && (self.count > 1 && is_unfinished)
        {
            last.is_unfinished = true;
        }
        self.line += newlines(&self.rest);
        let message = match (end, self.format) {
            _ if breakage.is_some() => breakage.unwrap_or_default(),
            (End::WithoutArray, _) => "this HTTP archive has no `log.entries`".to_owned(),
            (End::WithinArray, Format::Archive) => {
                "the archive is cut off between two entries".to_owned()
            }
            (End::WithinArray, _) => "the array is cut off before its closing bracket".to_owned(),
            _ if self.count == 0 => "there is no response in this input".to_owned(),
            _ => String::new(),
        };
        let error = self.error(message);
        let bytes = mem::take(&mut self.rest);
        let mut chunk = self.chunk(bytes, pieces);
        chunk.skipped = skipped;
        chunk.error = Some(error).filter(|error| !error.message.is_empty());
        chunk
    }

    fn error(&self, message: String) -> InputError {
        let place = match self.splitter {
            Splitter::Whole(_) => Place::Whole,
            Splitter::Lines(_) | Splitter::Rows(_) => Place::Line(self.line),
            Splitter::Values(_) | Splitter::Flows if self.count == 0 => Place::Whole,
            Splitter::Values(_) | Splitter::Flows => Place::Item(self.count + 1),
        };
        InputError {
            place,
            line: self.line,
            message,
            is_refusal: false,
        }
    }

    fn chunk_of_error(&self, message: String) -> Chunk {
        let mut chunk = self.chunk(Vec::new(), Vec::new());
        chunk.error = Some(self.error(message));
        chunk
    }

    fn pieces(&mut self, found: &[Range<usize>]) -> Vec<Piece> {
        let before = Before {
            line: self.line,
            count: &mut self.count,
            has_statuses: &mut self.has_statuses,
        };
        pieces(&self.rest, found, &self.splitter, before)
    }

    fn chunk(&self, bytes: Vec<u8>, pieces: Vec<Piece>) -> Chunk {
        Chunk {
            format: self.format,
            bytes,
            pieces,
            error: None,
            context: Arc::clone(&self.context),
            member: None,
            skipped: Vec::new(),
        }
    }
}

/// Whether an item that has no end yet is not complete.
fn is_being_written(item: &[u8]) -> bool {
    json(item, 64).iter().any(LineJson::is_cut_off)
}
