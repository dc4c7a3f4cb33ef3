//! The files of a zip archive.

use std::{
    fs::File,
    io::{self, Read},
    sync::Arc,
};

use rawzip::{CompressionMethod, FileReader, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive};

use crate::{
    input::{budget::Budget, decompress::Compression},
    limits::MAX_MEMBERS,
};

/// Whether bytes are the beginning of a zip archive; an empty one has only its end.
pub(in crate::input) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Where the bytes of an archive are: it is read at any place.
#[derive(Clone)]
pub(in crate::input) enum ZipSource {
    File(Arc<FileReader>),
    Bytes(Arc<[u8]>),
}

impl ZipSource {
    /// The archive in a file, and its length.
    pub fn file(file: File) -> io::Result<(Self, u64)> {
        let length = file.metadata()?.len();
        Ok((Self::File(Arc::new(file.into())), length))
    }
}

impl ReaderAt for ZipSource {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read_at(buffer, offset),
            Self::Bytes(bytes) => {
                let start = usize::try_from(offset)
                    .unwrap_or(usize::MAX)
                    .min(bytes.len());
                let length = buffer.len().min(bytes.len() - start);
                buffer[..length].copy_from_slice(&bytes[start..start + length]);
                Ok(length)
            }
        }
    }
}

/// The files of an archive.
pub(in crate::input) struct ZipFiles {
    source: ZipSource,
    length: u64,
    pub(super) entries: Vec<Entry>,
    budget: Budget,
}

pub(super) struct Entry {
    pub name: String,
    method: CompressionMethod,
    is_encrypted: bool,
    /// Where its content starts and ends.
    range: Result<(u64, u64), String>,
}

impl ZipFiles {
    /// Reads the directory, and says what is wrong with it after the files that it has.
    pub fn read(source: ZipSource, length: u64) -> Result<(Self, Option<String>), String> {
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let archive = rawzip::ZipLocator::new()
            .locate_in_reader(source.clone(), &mut buffer, length)
            .map_err(|(_, error)| format!("this zip archive is damaged or cut off: {error}"))?;
        let mut entries = Vec::new();
        let error = read_directory(&archive, &mut buffer, &mut entries).err();
        let files = Self {
            source,
            length,
            entries,
            budget: Budget::default(),
        };
        Ok((files, error))
    }

    /// The content of a file by its name.
    pub fn open(&self, name: &str) -> Option<Box<dyn Read + Send>> {
        let entry = self.entries.iter().find(|entry| entry.name == name)?;
        self.content(entry).ok()
    }

    pub(super) fn content(&self, entry: &Entry) -> Result<Box<dyn Read + Send>, String> {
        if entry.is_encrypted {
            return Err(
                "this file is encrypted; extract it and validate what comes out".to_owned(),
            );
        }
        // Files that share their bytes can be any number.
        if self.budget.taken() > 2 * self.length {
            return Err("the files of this zip archive overlap; this one is not read".to_owned());
        }
        let (start, end) = entry.range.clone()?;
        let section = self.budget.taking(Section {
            source: self.source.clone(),
            at: start,
            end,
        });
        let compression = match entry.method {
            CompressionMethod::STORE => return Ok(Box::new(section)),
            CompressionMethod::DEFLATE => Compression::Deflate,
            CompressionMethod::BZIP2 => Compression::Bzip2,
            CompressionMethod::ZSTD => Compression::Zstd,
            CompressionMethod::XZ => Compression::Xz,
            other => {
                let name = other.name().unwrap_or("an unknown method");
                return Err(format!(
                    "this file is compressed with {name}; extract it and validate what comes out"
                ));
            }
        };
        let reader = compression
            .unguarded(section)
            .map_err(|error| error.to_string())?;
        Ok(Box::new(self.budget.giving(reader)))
    }
}

fn read_directory(
    archive: &ZipArchive<ZipSource>,
    buffer: &mut [u8],
    entries: &mut Vec<Entry>,
) -> Result<(), String> {
    let damaged =
        |error: rawzip::Error| format!("the directory of this zip archive is damaged: {error}");
    let mut records = archive.entries(buffer);
    while let Some(record) = records.next_entry().map_err(damaged)? {
        if record.is_dir() {
            continue;
        }
        if entries.len() == MAX_MEMBERS {
            return Err(format!(
                "the archive has more than {MAX_MEMBERS} files; the rest is not read"
            ));
        }
        let name = String::from_utf8_lossy(record.file_path().as_ref()).into_owned();
        let range = archive
            .get_entry(record.wayfinder())
            .map(|entry| entry.compressed_data_range())
            .map_err(|error| format!("this file of the archive is damaged: {error}"));
        entries.push(Entry {
            name,
            method: record.compression_method(),
            is_encrypted: record.flags().is_encrypted(),
            range,
        });
    }
    Ok(())
}

/// Some bytes of an archive.
struct Section {
    source: ZipSource,
    at: u64,
    end: u64,
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        let read = self.source.read_at(&mut buffer[..wanted], self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
