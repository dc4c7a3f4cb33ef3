//! Finds `log.entries` of an HTTP archive in a stream.

/// Maximum nesting that is followed on the way to the entries.
const MAX_ARCHIVE_DEPTH: usize = 64;
/// Maximum length of a name or text that is compared.
const MAX_TOKEN: usize = 32;

/// How far the entries of an archive have been reached.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ArchivePath {
    /// The open brackets.
    open: Vec<u8>,
    /// The last name in the outermost object, and in the object inside it.
    names: [String; 2],
    is_name: bool,
    in_string: bool,
    is_escaped: bool,
    token: String,
    /// The value of `log.version`.
    pub version: Option<String>,
}

impl ArchivePath {
    /// Right before the array of entries.
    pub fn at_entries() -> Self {
        Self {
            open: vec![b'{', b'{'],
            names: ["log".to_owned(), "entries".to_owned()],
            ..Self::default()
        }
    }

    /// The length of the text before the entries, if they start here.
    pub fn entries(&mut self, read: &[u8]) -> Option<usize> {
        for (index, byte) in read.iter().enumerate() {
            if self.in_string {
                self.in_string(*byte);
                continue;
            }
            match byte {
                b'"' => {
                    self.in_string = true;
                    self.token.clear();
                }
                b'[' if self.open == *b"{{" && self.names == ["log", "entries"] => {
                    return Some(index + 1);
                }
                b'{' | b'[' if self.open.len() < MAX_ARCHIVE_DEPTH => {
                    self.open.push(*byte);
                    self.is_name = *byte == b'{';
                }
                b'}' | b']' => {
                    self.open.pop();
                    self.is_name = false;
                }
                b',' => self.is_name = self.open.last() == Some(&b'{'),
                b':' => self.is_name = false,
                _ => {}
            }
        }
        None
    }

    fn in_string(&mut self, byte: u8) {
        if self.is_escaped {
            self.is_escaped = false;
        } else if byte == b'\\' {
            self.is_escaped = true;
        } else if byte == b'"' {
            self.in_string = false;
            self.end_of_token();
        } else if self.token.len() < MAX_TOKEN {
            self.token.push(char::from(byte));
        }
    }

    fn end_of_token(&mut self) {
        let depth = self.open.len();
        if self.is_name && (1..=2).contains(&depth) {
            self.names[depth - 1].clone_from(&self.token);
        } else if self.open == *b"{{" && self.names == ["log", "version"] {
            self.version = Some(self.token.clone());
        }
    }
}
