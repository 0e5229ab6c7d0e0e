//! The key file: two lines, `program_key = ...` and `reader_key = ...`. A reader's own has only the
//! second.

use crate::failure::Failure;

use promo_edge::snapshot::{ProgramKey, ReaderKey};

use clap::Args;
use etcetera::BaseStrategy;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where the key is.
#[derive(Debug, Args)]
pub struct KeyFile {
    /// File with the programme's key [default: promo-edge/key in your configuration folder]
    #[arg(long = "key-file", env = "PROMO_KEY_FILE", value_name = "FILE")]
    path: Option<PathBuf>,
}

impl KeyFile {
    /// The file at this path.
    pub fn at(path: &Path) -> Self {
        KeyFile { path: Some(path.to_owned()) }
    }

    /// The key that opens and checks snapshots.
    pub fn reader_key(&self) -> Result<ReaderKey, Failure> {
        let path = self.path()?;
        let text = fs::read_to_string(&path).map_err(|error| {
            Failure::file(&path, &error)
                .mend("`promo build` makes a key file; --key-file names one")
        })?;
        match field(&text, "reader_key") {
            Some(key) => {
                ReaderKey::parse(key).map_err(|error| Failure::new(error).at(path.display()))
            }
            None => program_key(&text, &path).map(|key| key.reader_key()),
        }
    }

    /// The key that builds and signs.
    pub fn program_key(&self) -> Result<ProgramKey, Failure> {
        let path = self.path()?;
        let text = fs::read_to_string(&path).map_err(|error| Failure::file(&path, &error))?;
        program_key(&text, &path)
    }

    /// The key that builds and signs; makes one, readable by its owner alone, if there is no file.
    pub fn program_key_or_new(&self) -> Result<ProgramKey, Failure> {
        let path = self.path()?;
        if path.exists() {
            return self.program_key();
        }
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(Failure::new)?;
        let key = ProgramKey::from_bytes(secret);
        write_private(&path, &key).map_err(|error| Failure::file(&path, &error))?;
        eprintln!("made a new key: {}", path.display());
        eprintln!("keep it secret and keep a copy: without it nothing can be published");
        Ok(key)
    }

    fn path(&self) -> Result<PathBuf, Failure> {
        if let Some(path) = &self.path {
            return Ok(path.clone());
        }
        let folders = etcetera::choose_base_strategy()
            .map_err(|error| Failure::new(error).mend("name the key file with --key-file"))?;
        Ok(folders.config_dir().join("promo-edge").join("key"))
    }
}

fn program_key(text: &str, path: &Path) -> Result<ProgramKey, Failure> {
    let missing = || {
        Failure::new("expected a line `program_key = pek1_...`, got none")
            .at(path.display())
            .mend("use the key file that `promo build` made; a reader key cannot sign")
    };
    let key = field(text, "program_key").ok_or_else(missing)?;
    ProgramKey::parse(key).map_err(|error| Failure::new(error).at(path.display()))
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == name).then_some(value.trim())
    })
}

fn write_private(path: &Path, key: &ProgramKey) -> std::io::Result<()> {
    let mut file = create_private(path)?;
    writeln!(
        file,
        "# Secret. program_key builds and signs snapshots; reader_key only opens them and"
    )?;
    writeln!(file, "# is all that a Worker is given.")?;
    writeln!(file, "program_key = {}", key.to_text())?;
    writeln!(file, "reader_key = {}", key.reader_key().to_text())
}

/// Makes a file that only its owner can read, and its folder; fails when there is one.
pub fn create_private(path: &Path) -> std::io::Result<fs::File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
