//! The beginning of an input: decompressed, in UTF-8, and with its format recognised.

use std::{
    fs::File,
    io::{self, Read, Seek},
    mem,
    path::Path,
    sync::Arc,
};

use encoding_rs_io::DecodeReaderBytesBuilder;

use super::{
    archive::{Members, TarMembers, ZipMembers, ZipSource, is_tar, is_zip},
    columnar::{Container, Problem, TableFile},
    decompress::Compression,
    fill::fill,
    format::Recognised,
    live::Pipe,
    record::Places,
};
use crate::limits::MAX_WHOLE_INPUT;

/// How many bytes are read before the format is decided.
const HEAD: usize = 64 << 10;
/// Maximum number of compressions around each other.
const MAX_COMPRESSIONS: usize = 2;

/// Where an input comes from.
#[derive(Default)]
pub(super) struct Origin {
    /// The name of the file; Brotli is recognised by it alone.
    pub name: String,
    /// The same as the reader, if it is a file: a zip archive is read at any place.
    pub file: Option<File>,
    /// Whether it is nested so deep that no further archive is opened.
    pub is_too_deep: bool,
    /// If it still grows.
    pub live: Option<Arc<Pipe>>,
}

/// An input of which the head was read.
pub(super) enum Opening<'a> {
    Text(Box<Text<'a>>),
    Archive(Members<'a>),
    Table(Box<TableFile<'a>>),
    /// A table that cannot be read, and why.
    UnreadableTable(Problem),
}

/// A text of which the head was read.
pub(super) struct Text<'a> {
    /// What follows the head.
    pub reader: Box<dyn Read + Send + 'a>,
    pub head: Vec<u8>,
    /// Whether the head is the whole text.
    pub is_at_end: bool,
    /// The format, or what the input is instead of a recording.
    pub recognised: Result<Recognised, String>,
    /// If it still grows.
    pub live: Option<Arc<Pipe>>,
}

impl<'a> Opening<'a> {
    pub fn of(
        mut reader: Box<dyn Read + Send + 'a>,
        origin: Origin,
        places: &Places,
    ) -> io::Result<Self> {
        let mut head = Vec::new();
        let mut is_at_end = match &origin.live {
            None => fill(&mut reader, &mut head, HEAD)?,
            Some(pipe) => match arriving_head(&mut reader, &mut head, &origin.name, places)? {
                Arriving::Recognised(recognised) => {
                    pipe.pause_at_once();
                    return Ok(Self::Text(Box::new(Text {
                        reader,
                        head,
                        is_at_end: false,
                        recognised: Ok(recognised),
                        live: origin.live,
                    })));
                }
                Arriving::Head { is_at_end } => {
                    if is_wrapped(&head) {
                        pipe.never_pause();
                    } else {
                        pipe.pause_at_once();
                    }
                    is_at_end
                }
            },
        };
        let mut is_compressed = false;
        for layer in 0..=MAX_COMPRESSIONS {
            let by_name =
                || (layer == 0 && has_extension(&origin.name, "br")).then_some(Compression::Brotli);
            let Some(compression) = Compression::of(&head).or_else(by_name) else {
                break;
            };
            if layer == MAX_COMPRESSIONS {
                return Err(io::Error::other(format!(
                    "this is compressed more than {MAX_COMPRESSIONS} times; decompress it and validate what comes out"
                )));
            }
            is_compressed = true;
            let before = io::Cursor::new(mem::take(&mut head));
            reader = compression.reader(before.chain(reader))?;
            is_at_end = fill(&mut reader, &mut head, HEAD)
                .map_err(|error| explained(error, compression))?;
        }
        if is_zip(&head) || is_tar(&head) {
            if origin.is_too_deep {
                return Err(io::Error::other(
                    "this is an archive in an archive in an archive; extract it and validate what comes out",
                ));
            }
            let file = origin.file.filter(|_| !is_compressed);
            return archive(reader, head, is_at_end, file).map(Self::Archive);
        }
        if let Some(container) = Container::of(&head) {
            let file = origin.file.filter(|_| !is_compressed);
            let table = TableFile::open(container, head, reader, is_at_end, file, places);
            return Ok(match table {
                Ok(table) => Self::Table(Box::new(table)),
                Err(problem) => Self::UnreadableTable(problem),
            });
        }
        if has_byte_order_mark(&head) {
            let before = io::Cursor::new(mem::take(&mut head));
            let decoder = DecodeReaderBytesBuilder::new()
                .utf8_passthru(true)
                .strip_bom(true)
                .build(before.chain(reader));
            reader = Box::new(decoder);
            is_at_end = fill(&mut reader, &mut head, HEAD)?;
        }
        let recognised = Recognised::of(&head, is_at_end, &origin.name, places);
        Ok(Self::Text(Box::new(Text {
            reader,
            head,
            is_at_end,
            recognised,
            live: origin.live,
        })))
    }
}

/// What is known of a live input before it ends.
enum Arriving {
    /// It has paused, and what has arrived tells its format.
    Recognised(Recognised),
    Head {
        is_at_end: bool,
    },
}

fn arriving_head(
    reader: &mut dyn Read,
    head: &mut Vec<u8>,
    name: &str,
    places: &Places,
) -> io::Result<Arriving> {
    loop {
        match fill(reader, head, HEAD) {
            Ok(is_at_end) => return Ok(Arriving::Head { is_at_end }),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        if !is_wrapped(head)
            && let Some(recognised) = Recognised::of_arriving(head, name, places)
        {
            return Ok(Arriving::Recognised(recognised));
        }
    }
}

/// Whether something has to be decoded to get at the text.
fn is_wrapped(head: &[u8]) -> bool {
    Compression::of(head).is_some()
        || is_zip(head)
        || is_tar(head)
        || has_byte_order_mark(head)
        || Container::of(head).is_some()
}

fn archive<'a>(
    mut reader: Box<dyn Read + Send + 'a>,
    mut head: Vec<u8>,
    is_at_end: bool,
    file: Option<File>,
) -> io::Result<Members<'a>> {
    if is_tar(&head) {
        let reader = Box::new(io::Cursor::new(head).chain(reader));
        return Ok(Members::Tar(TarMembers::new(reader)));
    }
    let (source, length) = if let Some(file) = file {
        ZipSource::file(file)?
    } else {
        if !is_at_end && !fill(&mut reader, &mut head, MAX_WHOLE_INPUT)? {
            return Err(io::Error::other(format!(
                "this zip archive is longer than {} MB and not a file by itself; extract it",
                MAX_WHOLE_INPUT / 1_000_000
            )));
        }
        let length = head.len() as u64;
        (ZipSource::Bytes(head.into()), length)
    };
    ZipMembers::new(source, length)
        .map(Members::Zip)
        .map_err(io::Error::other)
}

/// Whether more can come out of a file than its length tells; it is read from its beginning again.
pub(crate) fn is_bundled(file: &mut File, path: &Path) -> bool {
    let mut head = Vec::new();
    let is_read = file.by_ref().take(512).read_to_end(&mut head).is_ok();
    // What cannot be read is reported by whoever reads all of it.
    let is_bundled = is_read
        && (Compression::of(&head).is_some()
            || is_zip(&head)
            || is_tar(&head)
            || Container::of(&head).is_some()
            || has_extension(&path.display().to_string(), "br"));
    file.rewind().is_ok() && is_bundled
}

/// What to do about a file whose decoder would take too much memory.
fn explained(error: io::Error, compression: Compression) -> io::Error {
    if compression == Compression::Xz && error.kind() == io::ErrorKind::OutOfMemory {
        io::Error::other(
            "this xz file takes more than 24 MB to decompress; decompress it and validate what comes out",
        )
    } else {
        error
    }
}

fn has_extension(name: &str, wanted: &str) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

/// Whether bytes start with the byte order mark of UTF-8 or UTF-16.
fn has_byte_order_mark(bytes: &[u8]) -> bool {
    let marks = [&b"\xef\xbb\xbf"[..], b"\xff\xfe", b"\xfe\xff"];
    marks.iter().any(|mark| bytes.starts_with(mark))
}
