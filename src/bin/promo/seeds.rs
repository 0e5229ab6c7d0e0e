//! The seed file: one line, `seed = ...`, that generated codes are made from.

use crate::failure::Failure;
use crate::keys::create_private;

use std::fs;
use std::io::Write;
use std::path::Path;

/// Where the seed is.
#[derive(Debug)]
pub struct SeedFile<'a>(pub &'a Path);

impl SeedFile<'_> {
    /// The secret in the file; makes one, readable by its owner alone, if there is no file.
    pub fn secret_or_new(&self) -> Result<[u8; 32], Failure> {
        if self.0.exists() {
            return self.secret();
        }
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(Failure::new)?;
        self.write(&secret).map_err(|error| Failure::file(self.0, &error))?;
        eprintln!("made a new seed: {}", self.0.display());
        eprintln!("keep it secret and keep a copy: whoever has it knows every code made from it");
        Ok(secret)
    }

    fn secret(&self) -> Result<[u8; 32], Failure> {
        let text = fs::read_to_string(self.0).map_err(|error| Failure::file(self.0, &error))?;
        let seed = text.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name.trim() == "seed").then_some(value.trim())
        });
        let digits = seed.filter(|seed| seed.len() == 64 && seed.is_ascii());
        let bytes = digits.and_then(|digits| {
            let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
            (0..64).step_by(2).map(byte).collect::<Option<Vec<u8>>>()
        });
        bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
            Failure::new("expected a line `seed = ` with 64 hexadecimal digits, got none")
                .at(self.0.display())
                .mend("use the seed file that `promo generate` made, or name a new one")
        })
    }

    fn write(&self, secret: &[u8; 32]) -> std::io::Result<()> {
        let mut file = create_private(self.0)?;
        writeln!(file, "# Secret. Whoever has it knows every code that was made from it.")?;
        let digits: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(file, "seed = {digits}")
    }
}
