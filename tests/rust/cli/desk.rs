//! The `promo` command in a folder of one test.

use serde_json::Value;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The command that is tested.
pub const PROMO: &str = env!("CARGO_BIN_EXE_promo");

/// A folder of one test, emptied at its start.
pub struct Desk(pub PathBuf);

impl Desk {
    pub fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Desk(path)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    /// Runs `promo` in the folder, with a key file there.
    pub fn promo(&self, arguments: &str) -> Ran {
        Ran(self.command(arguments).output().unwrap())
    }

    /// `promo` as it would run in the folder.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(PROMO);
        command.current_dir(&self.0).env("PROMO_KEY_FILE", "key");
        command.args(arguments.split_whitespace());
        command
    }

    /// Builds and answers with the snapshot's id.
    pub fn build(&self, arguments: &str) -> String {
        let built = self.promo(&format!("build {arguments} --json")).ended(0).json();
        built["snapshot"].as_str().unwrap().to_owned()
    }
}

/// What it printed and how it ended.
pub struct Ran(pub Output);

impl Ran {
    #[track_caller]
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.0.status.code(), Some(code), "{}\n{}", self.stdout(), self.stderr());
        self
    }

    pub fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout()).unwrap()
    }
}
