//! What is asked of all terms: once a snapshot, not once a request.

use super::{CORRUPT, Snapshot};
use crate::code::{CodeKind, CodeTerms, CreditPolicy};
use crate::id::PartnerId;
use crate::snapshot::SnapshotError;

use std::collections::BTreeSet;

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// All terms: those of the manifest, in their order, and then those of the deltas over it, the
    /// oldest first.
    pub fn all_terms(&self) -> impl Iterator<Item = Result<CodeTerms, SnapshotError>> {
        let kept = (0..self.terms_count()).map(|index| self.tables.terms(index));
        kept.chain(self.all_layer_terms())
    }

    /// Who owns a code whose policy is to credit its owner whatever was clicked; the code need not
    /// be active. Reads a few bytes of every terms: asked once a snapshot, not once a request.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when terms contradict themselves.
    pub fn always_owners(&self) -> Result<BTreeSet<PartnerId>, SnapshotError> {
        let owners = (0..self.terms_count()).map(|index| self.tables.always_owner(index));
        let owners = owners.filter_map(Result::transpose).collect::<Result<BTreeSet<u32>, _>>()?;
        let id_of = |index| Ok(self.partner_at(usize::try_from(index).map_err(|_| CORRUPT)?)?.id);
        let mut ids: BTreeSet<PartnerId> =
            owners.into_iter().map(id_of).collect::<Result<_, SnapshotError>>()?;
        for terms in self.all_layer_terms() {
            if let CodeKind::Tracking { owner, credit_policy: CreditPolicy::Always } = terms?.kind {
                ids.insert(owner);
            }
        }
        Ok(ids)
    }

    /// Whether uses of any code are counted. Reads a few bytes of terms up to the first that are
    /// capped: asked once a snapshot, not once a request.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when terms contradict themselves.
    pub fn has_caps(&self) -> Result<bool, SnapshotError> {
        let changed = self.all_layer_terms().map(|terms| Ok(terms?.is_capped()));
        let kept = (0..self.terms_count()).map(|index| self.tables.is_capped(index));
        let mut caps = changed.chain(kept);
        caps.find(|is_capped| *is_capped != Ok(false)).unwrap_or(Ok(false))
    }
}
