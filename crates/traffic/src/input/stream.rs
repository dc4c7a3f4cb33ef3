//! An input as chunks: a text, or the members of an archive.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    sync::Arc,
};

use super::{
    archive::{Attachments, Member, Members, Next},
    chunk::{Chunk, Context, InputError},
    columnar::TableFile,
    format::Format,
    items::Items,
    live::LiveReader,
    opening::{Opening, Origin},
    record::Places,
    skip::Skip,
};

/// Maximum number of archives within each other.
const MAX_ARCHIVES: usize = 2;

/// Reads one input, chunk by chunk.
pub(crate) struct Stream<'a> {
    items: Option<Items<'a>>,
    /// The table that is being read.
    table: Option<Box<TableFile<'a>>>,
    /// What is wrong with an input that was opened.
    error: Option<InputError>,
    /// The archives that are open, the outermost first.
    archives: Vec<OpenArchive<'a>>,
    /// The member that is being read.
    member: Option<Arc<str>>,
    places: Places,
}

struct OpenArchive<'a> {
    members: Members<'a>,
    /// The name of the archive within the outermost one, with a slash; empty for that itself.
    prefix: String,
}

impl<'a> Stream<'a> {
    /// Reads the head and recognises the format.
    pub fn open(reader: impl Read + Send + 'a, places: &Places) -> io::Result<Self> {
        Self::of(
            Box::new(reader),
            Origin::default(),
            Attachments::None,
            places,
        )
    }

    /// The same for a file, beside which others may be that it refers to.
    pub fn open_file(path: &Path, places: &Places) -> io::Result<Self> {
        let file = File::open(path)?;
        let directory = path.parent().map(Path::to_owned);
        let attachments = directory.map_or(Attachments::None, Attachments::Directory);
        let origin = Origin {
            name: path.display().to_string(),
            file: file
                .try_clone()
                .ok()
                .filter(|file| file.metadata().is_ok_and(|file| file.is_file())),
            ..Origin::default()
        };
        Self::of(Box::new(file), origin, attachments, places)
    }

    /// The same for an input that still grows; it may be a file with this name.
    pub fn open_live(reader: LiveReader, name: &Path, places: &Places) -> io::Result<Self> {
        let origin = Origin {
            name: name.display().to_string(),
            live: Some(Arc::clone(reader.pipe())),
            ..Origin::default()
        };
        Self::of(Box::new(reader), origin, Attachments::None, places)
    }

    /// Whether the input still grows, and all that has arrived was passed on.
    pub fn has_paused(&self) -> bool {
        self.items.as_ref().is_some_and(Items::has_paused)
    }

    fn of(
        reader: Box<dyn Read + Send + 'a>,
        origin: Origin,
        attachments: Attachments,
        places: &Places,
    ) -> io::Result<Self> {
        let mut stream = Self {
            items: None,
            table: None,
            error: None,
            archives: Vec::new(),
            member: None,
            places: places.clone(),
        };
        stream.add(Opening::of(reader, origin, places)?, attachments, "");
        Ok(stream)
    }

    fn add(&mut self, opening: Opening<'a>, attachments: Attachments, name: &str) {
        match opening {
            Opening::Text(text) => {
                let context = Context {
                    places: self.places.clone(),
                    attachments,
                    ..Context::default()
                };
                self.items = Some(Items::new(*text, context));
            }
            Opening::Table(table) => self.table = Some(table),
            Opening::UnreadableTable(problem) => {
                self.error = Some(InputError {
                    is_refusal: problem.is_foreign,
                    ..InputError::whole(problem.message)
                });
            }
            Opening::Archive(members) => self.archives.push(OpenArchive {
                members,
                prefix: if name.is_empty() {
                    String::new()
                } else {
                    format!("{name}/")
                },
            }),
        }
    }

    /// The next chunk; none at the end.
    pub fn next(&mut self) -> Option<Chunk> {
        let mut skipped = Vec::new();
        loop {
            if let Some(items) = &mut self.items {
                if let Some(mut chunk) = items.next() {
                    chunk.member.clone_from(&self.member);
                    chunk.skipped.append(&mut skipped);
                    return Some(chunk);
                }
                self.items = None;
            }
            if let Some(table) = &mut self.table {
                if let Some(mut chunk) = table.next() {
                    chunk.member.clone_from(&self.member);
                    chunk.skipped.append(&mut skipped);
                    return Some(chunk);
                }
                self.table = None;
            }
            if let Some(error) = self.error.take() {
                return Some(self.empty(skipped, Some(error)));
            }
            let Some(archive) = self.archives.last_mut() else {
                return (!skipped.is_empty()).then(|| self.empty(skipped, None));
            };
            match archive.members.next() {
                None => {
                    self.archives.pop();
                }
                Some(Next::Skipped(skip)) => skipped.push(skip),
                Some(Next::Member(member)) => {
                    if let Err(message) = self.open_member(member) {
                        return Some(self.empty(skipped, Some(InputError::whole(message))));
                    }
                }
                Some(Next::Broken(name, message)) => {
                    let name = format!("{}{name}", archive.prefix);
                    self.member = (!name.is_empty()).then(|| name.into());
                    return Some(self.empty(skipped, Some(InputError::whole(message))));
                }
            }
        }
    }

    fn open_member(&mut self, member: Member<'a>) -> Result<(), String> {
        let prefix = self
            .archives
            .last()
            .map_or("", |archive| archive.prefix.as_str());
        let name = format!("{prefix}{}", member.name);
        self.member = Some(name.as_str().into());
        let origin = Origin {
            name: member.name,
            file: None,
            is_too_deep: self.archives.len() >= MAX_ARCHIVES,
            live: None,
        };
        let opening =
            Opening::of(member.content, origin, &self.places).map_err(|error| error.to_string())?;
        self.add(opening, member.attachments, &name);
        Ok(())
    }

    /// A chunk without items.
    fn empty(&self, skipped: Vec<Skip>, error: Option<InputError>) -> Chunk {
        Chunk {
            format: Format::Body,
            bytes: Vec::new(),
            pieces: Vec::new(),
            error,
            context: Arc::default(),
            member: self.member.clone(),
            skipped,
        }
    }
}
