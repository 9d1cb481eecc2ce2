//! Fingerprints of files, to know whether something must be built again.

use crate::problem::{Result, While};
use crate::project;
use std::fmt::{self, Display};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// A short digest of whatever was added, in order. It notices change; it is no protection
/// against somebody who wants it not to.
pub(crate) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Of nothing yet.
    pub(crate) fn new() -> Self {
        Self(DefaultHasher::new())
    }

    /// Adds a text.
    pub(crate) fn add(&mut self, text: &str) {
        text.hash(&mut self.0);
    }

    /// Adds a file, or all files below a folder: names and contents. What is not there adds
    /// only its absence.
    pub(crate) fn add_files(&mut self, path: &Path) -> Result<()> {
        let files = if path.is_file() {
            vec![path.to_path_buf()]
        } else {
            project::files_below(path)?
        };
        for file in files {
            file.hash(&mut self.0);
            let content = fs::read(&file).while_doing(format!("read {}", file.display()))?;
            content.hash(&mut self.0);
        }
        Ok(())
    }
}

impl Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0.finish())
    }
}

/// A file that remembers what a build was made of and what it made.
pub(crate) struct Stamp {
    file: PathBuf,
    paths: Vec<PathBuf>,
}

impl Stamp {
    /// A stamp that is kept in `file`, over the content of `paths`: inputs and outputs alike, so
    /// that a changed output (another build into the same folder) is noticed too.
    pub(crate) fn new(file: PathBuf, paths: Vec<PathBuf>) -> Self {
        Self { file, paths }
    }

    /// Whether everything is as it was when the stamp was set.
    pub(crate) fn is_fresh(&self) -> Result<bool> {
        match fs::read_to_string(&self.file) {
            Ok(kept) => Ok(kept == self.current()?),
            Err(_) => Ok(false),
        }
    }

    /// Remembers the present state.
    pub(crate) fn set(&self) -> Result<()> {
        fs::write(&self.file, self.current()?).while_doing(format!("write {}", self.file.display()))
    }

    fn current(&self) -> Result<String> {
        let mut fingerprint = Fingerprint::new();
        for path in &self.paths {
            fingerprint.add_files(path)?;
        }
        Ok(fingerprint.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_fresh_until_something_changes() {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        let inside = folder.join("inputs").join("deep");
        fs::create_dir_all(&inside).unwrap();
        fs::write(inside.join("a.txt"), "one").unwrap();
        let stamp = Stamp::new(folder.join("stamp"), vec![folder.join("inputs")]);
        assert!(!stamp.is_fresh().unwrap());
        stamp.set().unwrap();
        assert!(stamp.is_fresh().unwrap());
        fs::write(inside.join("a.txt"), "two").unwrap();
        assert!(!stamp.is_fresh().unwrap());
        fs::write(inside.join("a.txt"), "one").unwrap();
        fs::write(inside.join("b.txt"), "").unwrap();
        assert!(!stamp.is_fresh().unwrap());
        fs::remove_dir_all(folder).unwrap();
    }
}
