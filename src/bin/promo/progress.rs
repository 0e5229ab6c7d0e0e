//! Progress bars on standard error: only on a terminal, and only for work that takes longer than a
//! second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(1);

/// How far a file has been read, or something else.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Nothing of `size` bytes has been read; a stream has no size.
    pub fn new(name: String, size: Option<u64>) -> Self {
        let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::hidden());
        let template = match size {
            Some(_) => "{msg} [{bar:30}] {bytes}/{total_bytes}, {eta} left",
            None => "{msg} {bytes}, {bytes_per_sec}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(name);
        Progress { bar }
    }

    /// Nothing has been read of things of which nobody knows how many there are.
    pub fn counting(name: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{human_pos} {msg}, {per_sec}") {
            bar.set_style(style);
        }
        bar.set_message(name);
        Progress { bar }
    }

    /// So many more have been read.
    pub fn add(&self, count: usize) {
        self.at(self.bar.position() + count as u64);
    }

    /// So many bytes have been read. Cheap, but not for every row.
    pub fn at(&self, bytes: u64) {
        if self.bar.is_hidden() && self.bar.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(bytes);
    }

    /// Prints a line above the bar.
    pub fn print(&self, line: impl std::fmt::Display) {
        self.bar.suspend(|| eprintln!("{line}"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
