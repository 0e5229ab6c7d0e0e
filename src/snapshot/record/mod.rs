//! The records of a manifest as bytes, and back. Reading and writing stand side by side, field by
//! field; the fields are those of `FORMAT.md`.

mod deal;
mod partner;
mod payout;
mod program;
mod terms;

use super::SnapshotError;
use super::tables::{Fields, Tables};
use crate::id::Id;
use crate::money::Currency;

const CORRUPT: SnapshotError = SnapshotError::Corrupt { place: "record table" };

fn currency(letters: [u8; 3]) -> Option<Currency> {
    Currency::parse(std::str::from_utf8(&letters).ok()?)
}

/// The flags that are set.
fn flags<const N: usize>(set: [(u8, bool); N]) -> u8 {
    set.into_iter().filter(|&(_, is_set)| is_set).fold(0, |flags, (flag, _)| flags | flag)
}

impl<B: AsRef<[u8]>> Tables<B> {
    /// The id that a text field holds.
    fn id<Of>(&self, fields: &mut Fields<'_>) -> Option<Id<Of>> {
        Id::parse(self.text(fields.pair()?)?).ok()
    }

    /// The text that a text field holds.
    fn owned_text(&self, fields: &mut Fields<'_>) -> Option<String> {
        self.text(fields.pair()?).map(str::to_owned)
    }

    /// The texts that a list field holds, each read by `parse`.
    fn list<T>(
        &self,
        fields: &mut Fields<'_>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.texts(fields.pair()?)?.into_iter().map(parse).collect()
    }
}
