//! An alarm that looks whether there is work, and is told of some while it does.

use crate::platform::storage::Store;
use crate::time::UnixMillis;

use std::cell::Cell;

/// When an object has been told to look, since its alarm went off.
#[derive(Debug, Default)]
pub struct Watch {
    told_at: Cell<Option<UnixMillis>>,
}

impl Watch {
    /// Has the alarm go off by an instant.
    ///
    /// # Errors
    ///
    /// When the platform refuses.
    pub fn look_by(&self, store: &Store, at: UnixMillis) -> worker::Result<()> {
        let told_at = self.told_at.get().map_or(at, |told_at| told_at.min(at));
        self.told_at.set(Some(told_at));
        store.alarm_by(at)
    }

    /// The alarm has gone off. One that fails too often is given up by the platform: so it must
    /// never fail, and is set again before anything can go wrong.
    ///
    /// # Errors
    ///
    /// When the platform refuses.
    pub fn begin(&self, store: &Store, retry_at: UnixMillis) -> worker::Result<()> {
        store.alarm_is_over();
        store.alarm_at(retry_at)?;
        self.told_at.set(None);
        Ok(())
    }

    /// The work is done, and there is more to be done at an instant, or when somebody says so.
    ///
    /// # Errors
    ///
    /// When the platform refuses.
    pub fn end(&self, store: &Store, next: Option<UnixMillis>) -> worker::Result<()> {
        // Whoever told it in the meantime may have been too late for what was read.
        match next.into_iter().chain(self.told_at.get()).min() {
            Some(at) => store.alarm_at(at),
            None => store.no_alarm(),
        }
    }
}
