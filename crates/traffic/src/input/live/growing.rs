//! A file that is read while it grows.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

use same_file::Handle;

/// How much of what was read last is compared with what stands there now.
const COMPARED: usize = 256;

pub(super) struct Growing {
    file: File,
    handle: Handle,
    position: u64,
    /// The last bytes that were read.
    last: Vec<u8>,
}

impl Growing {
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let handle = Handle::from_file(file.try_clone()?)?;
        Ok(Self {
            file,
            handle,
            position: 0,
            last: Vec::new(),
        })
    }

    pub fn is_regular(&self) -> io::Result<bool> {
        Ok(self.file.metadata()?.is_file())
    }

    /// What follows; none at the present end.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.position += read as u64;
        self.last.extend_from_slice(&buffer[..read]);
        let surplus = self.last.len().saturating_sub(COMPARED);
        self.last.drain(..surplus);
        Ok(read)
    }

    /// The number of bytes up to the present end.
    pub fn remaining(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len().saturating_sub(self.position))
    }

    /// Whether another file has this name now. While none has, it may still come.
    pub fn is_replaced(&self, path: &Path) -> bool {
        Handle::from_path(path).is_ok_and(|now| now != self.handle)
    }

    /// Whether something else stands now where it was read, or nothing.
    pub fn is_rewritten(&mut self) -> io::Result<bool> {
        let start = self.position - self.last.len() as u64;
        self.file.seek(SeekFrom::Start(start))?;
        let mut now = Vec::with_capacity(self.last.len());
        self.file
            .by_ref()
            .take(self.last.len() as u64)
            .read_to_end(&mut now)?;
        self.file.seek(SeekFrom::Start(self.position))?;
        Ok(now != self.last)
    }

    /// Reads from the start again.
    pub fn start_over(&mut self) -> io::Result<()> {
        self.position = 0;
        self.last.clear();
        self.file.rewind()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Growing;

    #[test]
    fn notices_what_happens_to_a_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.log");
        fs::write(&path, "one\n").unwrap();
        let mut growing = Growing::open(&path).unwrap();
        let mut buffer = [0; 64];
        assert_eq!(growing.read(&mut buffer).unwrap(), 4);
        assert!(!growing.is_rewritten().unwrap() && !growing.is_replaced(&path));
        fs::write(&path, "one\ntwo\n").unwrap();
        assert!(!growing.is_rewritten().unwrap());
        assert_eq!(growing.read(&mut buffer).unwrap(), 4);
        // Longer than before, and yet another text.
        fs::write(&path, "three\nfour\nfive\n").unwrap();
        assert!(growing.is_rewritten().unwrap());
        growing.start_over().unwrap();
        assert_eq!(growing.read(&mut buffer).unwrap(), 16);
        fs::write(&path, "").unwrap();
        assert!(growing.is_rewritten().unwrap());
        fs::remove_file(&path).unwrap();
        assert!(!growing.is_replaced(&path));
        fs::write(&path, "one\n").unwrap();
        assert!(growing.is_replaced(&path));
    }
}
