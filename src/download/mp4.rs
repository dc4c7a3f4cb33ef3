//! The boxes of an ISO base media file (MP4, QuickTime), read as its bytes come: is it whole?

use super::mp4_verdict::{Incomplete, Proof};

/// Size and type of a box.
const HEADER: u64 = 8;
/// The same with a size of 64 bits.
const LONG_HEADER: u64 = 16;
/// The end of a box that extends to the end of the file.
const OPEN_END: u64 = u64::MAX;
/// Boxes that hold the sample tables, from the outermost to the innermost.
const CONTAINERS: [&[u8; 4]; 5] = [b"moov", b"trak", b"mdia", b"minf", b"stbl"];

/// A top-level box.
#[derive(Clone, Copy)]
struct TopBox {
    kind: [u8; 4],
    at: u64,
    /// Where its content begins.
    content: u64,
    end: u64,
}

/// What the next bytes are.
#[derive(Clone, Copy)]
enum Step {
    Header,
    /// Content that does not matter, up to here.
    Skip(u64),
    /// A table of chunk offsets, each of so many bytes, up to here.
    Offsets {
        width: usize,
        end: u64,
    },
    /// Bytes that are no box, up to the end.
    Padding,
}

/// Reads boxes from bytes in order, in memory that does not grow with them.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own; any combination can occur"
)]
pub(super) struct BoxScanner {
    position: u64,
    step: Step,
    /// The bytes of a header or a table entry that came so far.
    pending: [u8; 16],
    pending_length: usize,
    /// How much of a table's own header is still to come.
    table_header: usize,
    /// The ends of the containers that the position is in.
    open: Vec<u64>,
    top: Option<TopBox>,
    has_movie: bool,
    has_media: bool,
    /// The last fragment has no media yet.
    is_fragment_open: bool,
    is_fragmented: bool,
    has_closing_index: bool,
    last_offset: Option<u64>,
}

impl BoxScanner {
    pub fn new() -> Self {
        Self {
            position: 0,
            step: Step::Header,
            pending: [0; 16],
            pending_length: 0,
            table_header: 0,
            open: Vec::new(),
            top: None,
            has_movie: false,
            has_media: false,
            is_fragment_open: false,
            is_fragmented: false,
            has_closing_index: false,
            last_offset: None,
        }
    }

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let taken = match self.step {
                Step::Header => self.take_header(bytes),
                Step::Skip(end) => self.skip(end, bytes.len()),
                Step::Offsets { width, end } => self.take_offset(width, end, bytes),
                Step::Padding => {
                    self.position += bytes.len() as u64;
                    bytes.len()
                }
            };
            bytes = &bytes[taken..];
        }
    }

    /// Judges the file, which ends here.
    pub fn finish(&self) -> Result<Proof, Incomplete> {
        let mut has_media = self.has_media;
        let mut is_fragment_open = self.is_fragment_open;
        let mut is_open_ended = false;
        if let Some(top) = self.top {
            if top.end != OPEN_END {
                let TopBox { kind, at, end, .. } = top;
                return Err(Incomplete::CutBox { kind, at, end });
            }
            is_open_ended = true;
            if &top.kind == b"mdat" && self.position > top.content {
                has_media = true;
                is_fragment_open = false;
            }
        }
        if let Some(long) = self.cut_long_header() {
            return Err(long);
        }
        if !has_media || is_fragment_open {
            return Err(Incomplete::Missing("mdat"));
        }
        if !self.has_movie && !self.is_fragmented {
            return Err(Incomplete::Missing("moov"));
        }
        if let Some(offset) = self.last_offset.filter(|offset| *offset >= self.position) {
            return Err(Incomplete::SamplesBeyondEnd { offset });
        }
        if is_open_ended || (self.is_fragmented && !self.has_closing_index) {
            return Ok(Proof::OpenEnd);
        }
        Ok(Proof::Boxes)
    }

    /// A header of 16 bytes of which some are missing. A shorter one may be padding.
    fn cut_long_header(&self) -> Option<Incomplete> {
        let has_type = self.pending_length >= 8 && self.open.is_empty();
        if !has_type || !matches!(self.step, Step::Header) {
            return None;
        }
        let [_, _, _, _, a, b, c, d, ..] = self.pending;
        let at = self.position - self.pending_length as u64;
        let (kind, end) = ([a, b, c, d], at + LONG_HEADER);
        Some(Incomplete::CutBox { kind, at, end })
    }

    fn take_header(&mut self, bytes: &[u8]) -> usize {
        let at = self.position - self.pending_length as u64;
        // A container that ends within a long header holds junk there.
        let fits = (self.open.last()).is_none_or(|parent| parent - at >= LONG_HEADER);
        let is_long = |pending: &[u8]| pending.starts_with(&[0, 0, 0, 1]) && fits;
        let is_more = self.pending_length >= 8 && is_long(&self.pending);
        let taken = self.fill(if is_more { 16 } else { 8 }, bytes);
        if self.pending_length == 16 || (self.pending_length == 8 && !is_long(&self.pending)) {
            self.begin_box();
        }
        taken
    }

    /// Fills the pending bytes up to so many.
    fn fill(&mut self, needed: usize, bytes: &[u8]) -> usize {
        let taken = (needed - self.pending_length).min(bytes.len());
        let there = self.pending_length;
        self.pending[there..there + taken].copy_from_slice(&bytes[..taken]);
        self.pending_length += taken;
        self.position += taken as u64;
        taken
    }

    fn begin_box(&mut self) {
        let length = self.pending_length as u64;
        self.pending_length = 0;
        let at = self.position - length;
        let [a, b, c, d, kind @ .., _, _, _, _, _, _, _, _] = self.pending;
        let [_, _, _, _, _, _, _, _, long @ ..] = self.pending;
        // No size reaches the open end.
        let long = u64::from_be_bytes(long).min(OPEN_END - at - 1);
        let parent = self.open.last().copied();
        let size = match u32::from_be_bytes([a, b, c, d]) {
            1 => Some(long).filter(|size| length == LONG_HEADER && *size >= LONG_HEADER),
            // Up to the end of what it is in.
            0 => Some(parent.unwrap_or(OPEN_END) - at),
            size => Some(u64::from(size)).filter(|size| *size >= HEADER),
        };
        let is_type = kind.iter().all(|byte| matches!(byte, 0x20..=0x7e | 0xa9));
        let end = match size.filter(|_| is_type) {
            Some(size) => at.saturating_add(size),
            None => match parent {
                Some(parent) => return self.skip_to(parent),
                // Some muxers leave padding behind the last box.
                None => return self.step = Step::Padding,
            },
        };
        match parent {
            Some(parent) if end > parent => return self.skip_to(parent),
            Some(_) => {}
            None => {
                let content = self.position;
                self.top = Some(TopBox {
                    kind,
                    at,
                    content,
                    end,
                });
            }
        }
        let is_container = CONTAINERS
            .get(self.open.len())
            .is_some_and(|container| **container == kind);
        if is_container && end != OPEN_END {
            self.open.push(end);
            self.step = Step::Header;
        } else if self.open.len() == CONTAINERS.len() && matches!(&kind, b"stco" | b"co64") {
            let width = if &kind == b"stco" { 4 } else { 8 };
            self.table_header = 8;
            self.step = Step::Offsets { width, end };
        } else {
            self.step = Step::Skip(end);
        }
        self.close_boxes();
    }

    /// Takes what is left of a box for content that does not matter; that can be nothing.
    fn skip_to(&mut self, end: u64) {
        self.step = Step::Skip(end);
        self.close_boxes();
    }

    fn skip(&mut self, end: u64, available: usize) -> usize {
        let left = usize::try_from(end - self.position).unwrap_or(usize::MAX);
        let taken = left.min(available);
        self.position += taken as u64;
        self.close_boxes();
        taken
    }

    fn take_offset(&mut self, width: usize, end: u64, bytes: &[u8]) -> usize {
        let in_box = usize::try_from(end - self.position).unwrap_or(usize::MAX);
        let bytes = &bytes[..bytes.len().min(in_box)];
        let needed = if self.table_header > 0 {
            self.table_header
        } else {
            width
        };
        let taken = self.fill(needed, bytes);
        if self.pending_length == needed {
            self.pending_length = 0;
            if self.table_header > 0 {
                self.table_header = 0;
            } else {
                let offset = self.pending[..width]
                    .iter()
                    .fold(0, |offset, byte| (offset << 8) | u64::from(*byte));
                self.last_offset = self.last_offset.max(Some(offset));
            }
        }
        self.close_boxes();
        taken
    }

    /// Leaves the boxes that end here.
    fn close_boxes(&mut self) {
        let is_content_over = match self.step {
            Step::Skip(end) | Step::Offsets { end, .. } => end == self.position,
            Step::Header => self.pending_length == 0,
            Step::Padding => false,
        };
        if !is_content_over {
            return;
        }
        self.step = Step::Header;
        self.pending_length = 0;
        while self.open.last() == Some(&self.position) {
            self.open.pop();
        }
        if let Some(parent) = self.open.last()
            && parent - self.position < HEADER
        {
            self.step = Step::Skip(*parent);
        }
        if let Some(top) = self.top.take_if(|top| top.end == self.position) {
            self.close_top(&top);
        }
    }

    fn close_top(&mut self, top: &TopBox) {
        match &top.kind {
            b"moov" => self.has_movie = true,
            b"mdat" if top.end > top.content => {
                self.has_media = true;
                self.is_fragment_open = false;
            }
            b"moof" => {
                self.is_fragmented = true;
                self.is_fragment_open = true;
                self.has_closing_index = false;
            }
            b"mfra" => self.has_closing_index = true,
            _ => {}
        }
    }
}
