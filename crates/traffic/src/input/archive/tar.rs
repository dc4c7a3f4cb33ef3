//! Members of a tar archive, which is read as a stream.

use std::{
    io::{self, Read},
    sync::{Arc, Mutex, PoisonError},
};

use tar::{EntryType, Header, PaxExtensions};

use super::{
    attachments::Attachments,
    member::{Member, Next, is_hidden},
};
use crate::{input::skip::Skip, limits::MAX_MEMBERS};

/// The size of a header, to which members are padded.
const BLOCK: usize = 512;
/// Maximum length of a name that stands before its member.
const MAX_NAME: u64 = 64 << 10;

/// Whether bytes are the beginning of a tar archive.
pub(in crate::input) fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
}

/// Reads an archive from its beginning, so that a compressed one is decompressed only once.
pub(in crate::input) struct TarMembers<'a> {
    archive: Arc<Mutex<Archive<'a>>>,
    count: usize,
}

struct Archive<'a> {
    reader: Box<dyn Read + Send + 'a>,
    /// What is left of the current member, and its padding.
    left: u64,
    padding: u64,
}

impl<'a> TarMembers<'a> {
    pub fn new(reader: Box<dyn Read + Send + 'a>) -> Self {
        let archive = Archive {
            reader,
            left: 0,
            padding: 0,
        };
        Self {
            archive: Arc::new(Mutex::new(archive)),
            count: 0,
        }
    }

    pub fn next(&mut self) -> Option<Next<'a>> {
        let found = {
            let mut archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
            archive.member()
        };
        let name = match found {
            Ok(name) => name?,
            Err(error) => {
                // The error would come again.
                self.close();
                return Some(Next::Broken(String::new(), error.to_string()));
            }
        };
        self.count += 1;
        if self.count > MAX_MEMBERS {
            self.close();
            let message =
                format!("the archive has more than {MAX_MEMBERS} files; the rest is not read");
            return Some(Next::Broken(String::new(), message));
        }
        if is_hidden(&name) {
            return Some(Next::Skipped(Skip::Hidden));
        }
        let content = Box::new(Content(Arc::clone(&self.archive)));
        let attachments = Attachments::None;
        Some(Next::Member(Member {
            name,
            content,
            attachments,
        }))
    }

    fn close(&mut self) {
        let mut archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        archive.reader = Box::new(io::empty());
        (archive.left, archive.padding) = (0, 0);
    }
}

impl Archive<'_> {
    /// The name of the next regular file, of which the content follows.
    fn member(&mut self) -> io::Result<Option<String>> {
        let mut long_name = None;
        loop {
            self.skip()?;
            let mut block = [0; BLOCK];
            if !fill(&mut self.reader, &mut block)? || block.iter().all(|byte| *byte == 0) {
                return Ok(None);
            }
            let header = Header::from_byte_slice(&block);
            let size = header.entry_size()?;
            self.left = size;
            self.padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
            match header.entry_type() {
                EntryType::GNULongName => {
                    let text = self.text()?;
                    let end = text.iter().position(|byte| *byte == 0);
                    long_name = Some(text[..end.unwrap_or(text.len())].to_vec());
                }
                EntryType::XHeader => {
                    let text = self.text()?;
                    for extension in PaxExtensions::new(&text).flatten() {
                        if extension.key_bytes() == b"path" {
                            long_name = Some(extension.value_bytes().to_vec());
                        }
                    }
                }
                EntryType::Regular | EntryType::Continuous => {
                    let name = long_name.unwrap_or_else(|| header.path_bytes().into_owned());
                    let name = String::from_utf8_lossy(&name);
                    return Ok(Some(name.strip_prefix("./").unwrap_or(&name).to_owned()));
                }
                _ => long_name = None,
            }
        }
    }

    /// The rest of the member, if it is short.
    fn text(&mut self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        let read = self.left.min(MAX_NAME);
        self.reader.by_ref().take(read).read_to_end(&mut text)?;
        self.left -= text.len() as u64;
        Ok(text)
    }

    /// Skips what was not read of the member.
    fn skip(&mut self) -> io::Result<()> {
        let rest = self.left.saturating_add(self.padding);
        io::copy(&mut self.reader.by_ref().take(rest), &mut io::sink())?;
        (self.left, self.padding) = (0, 0);
        Ok(())
    }
}

/// Fills a buffer; false if nothing is left.
fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<bool> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..])? {
            0 if filled == 0 => return Ok(false),
            0 => {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "the archive is cut off",
                ));
            }
            read => filled += read,
        }
    }
    Ok(true)
}

/// The content of the current member.
struct Content<'a>(Arc<Mutex<Archive<'a>>>);

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut archive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = usize::try_from(archive.left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let read = archive.reader.read(&mut buffer[..wanted])?;
        if read == 0 && wanted > 0 {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the archive is cut off",
            ));
        }
        archive.left -= read as u64;
        Ok(read)
    }
}
