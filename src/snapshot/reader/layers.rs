//! Deltas laid over a manifest: the newest that knows a text or a regex code answers.

use super::{CORRUPT, Snapshot};
use crate::code::{CodeTerms, TypedCode};
use crate::id::CodeId;
use crate::snapshot::SnapshotError;
use crate::snapshot::delta::Delta;
use crate::snapshot::hash::CodeHash;
use crate::snapshot::layout::{DELTAS_MAX, TERMS_BITS_MAX};
use crate::time::{Schedule, UnixMillis};

use std::ops::Range;

/// Where terms stand: in the manifest, or in a layer over it, counted from 1.
pub(super) type TermsPlace = (usize, u32);

/// A delta that knows a text: which layer, and where.
pub(super) type KnownText = (usize, Range<usize>);

const CORRUPT_DELTA: SnapshotError = SnapshotError::Corrupt { place: "delta" };

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// Lays deltas over the manifest, the oldest first, in place of those that lie there.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when there are more than a root can have.
    pub fn with_deltas(self, deltas: Vec<Delta<B>>) -> Result<Self, SnapshotError> {
        if deltas.len() > DELTAS_MAX.saturating_add(1) {
            return Err(SnapshotError::Corrupt { place: "root" });
        }
        Ok(Snapshot { layers: deltas, ..self })
    }
}

impl<B: AsRef<[u8]>, L: AsRef<[Delta<B>]>> Snapshot<B, L> {
    /// The deltas that lie over the manifest, the oldest first.
    #[must_use]
    pub fn deltas(&self) -> &[Delta<B>] {
        self.layers.as_ref()
    }

    /// The newest layer that knows a text. All are asked, so that none is told by the time that it
    /// takes.
    pub(super) fn known_text(&self, hash: CodeHash) -> Result<Option<KnownText>, SnapshotError> {
        let mut newest = None;
        for (layer, delta) in (1..).zip(self.deltas()) {
            let known = delta.find_text(hash)?;
            newest = known.map(|range| (layer, range)).or(newest);
        }
        Ok(newest)
    }

    /// Calls `found` with the terms of every code of a text that a layer knows.
    pub(super) fn name_text(
        &self,
        (layer, range): KnownText,
        mut found: impl FnMut(u32),
    ) -> Result<(), SnapshotError> {
        let delta = self.layer(layer)?;
        for index in range {
            if let (_, Some(terms)) = delta.text_at(index)? {
                found(handle(layer, terms)?);
            }
        }
        Ok(())
    }

    /// Adds the layers' regex codes to those of the manifest, gives each the terms that the newest
    /// layer says, and puts them in their precedence.
    pub(super) fn layer_patterns(
        &self,
        code: &TypedCode,
        mut found: Vec<u32>,
    ) -> Result<Vec<u32>, SnapshotError> {
        for (layer, delta) in (1..).zip(self.deltas()) {
            let mut added = Vec::new();
            delta.find_patterns(code, |terms| added.push(terms))?;
            for terms in added {
                found.push(handle(layer, terms)?);
            }
        }
        let mut ranked: Vec<(UnixMillis, Option<CodeId>, u32)> = Vec::new();
        for terms in found {
            if let Some(terms) = self.newest_terms(terms)? {
                let CodeTerms { created_at, id, .. } = self.terms(terms)?;
                ranked.push((created_at, id, terms));
            }
        }
        ranked.sort();
        ranked.dedup();
        Ok(ranked.into_iter().map(|(.., terms)| terms).collect())
    }

    /// What has become of the terms of a regex code; `None` when the code is gone.
    fn newest_terms(&self, terms: u32) -> Result<Option<u32>, SnapshotError> {
        let Some(id) = self.terms(terms)?.id else { return Ok(Some(terms)) };
        let mut newest = Some(terms);
        for (layer, delta) in (1..).zip(self.deltas()) {
            if let Some(changed) = delta.find_changed_pattern(id.as_str().as_bytes())? {
                newest = changed.map(|changed| handle(layer, changed)).transpose()?;
            }
        }
        Ok(newest)
    }

    /// The terms of a layer; their owner and their deal must be of this manifest.
    #[cold]
    pub(super) fn layer_terms(
        &self,
        (layer, index): TermsPlace,
    ) -> Result<CodeTerms, SnapshotError> {
        let terms = self.layer(layer)?.terms(index)?;
        if let Some(owner) = terms.owner() {
            self.partner_index(owner)?.ok_or(CORRUPT_DELTA)?;
        }
        if let Some(deal) = &terms.deal {
            self.deal_index(deal.as_str().as_bytes())?.ok_or(CORRUPT_DELTA)?;
        }
        Ok(terms)
    }

    /// When a code with terms of a layer is active.
    #[cold]
    pub(super) fn layer_schedule(
        &self,
        (layer, index): TermsPlace,
    ) -> Result<Schedule, SnapshotError> {
        let (own, deal) = self.layer(layer)?.schedule(index)?;
        let Some(deal) = deal else { return Ok(own) };
        let deal = self.deal_index(deal)?.ok_or(CORRUPT_DELTA)?;
        self.tables.narrow(deal, own).ok_or(CORRUPT)
    }

    /// The terms of every code that a layer speaks of.
    pub(in crate::snapshot) fn all_layer_terms(
        &self,
    ) -> impl Iterator<Item = Result<CodeTerms, SnapshotError>> {
        let places = (1usize..).zip(self.deltas()).flat_map(|(layer, delta)| {
            (0u32..).take(delta.terms_count()).map(move |index| (layer, index))
        });
        places.map(|place| self.layer_terms(place))
    }

    fn layer(&self, layer: usize) -> Result<&Delta<B>, SnapshotError> {
        layer.checked_sub(1).and_then(|index| self.deltas().get(index)).ok_or(CORRUPT)
    }
}

/// What terms of a layer are known by outside: the layer above the bits of an index.
fn handle(layer: usize, index: u32) -> Result<u32, SnapshotError> {
    let layer = u32::try_from(layer).ok().and_then(|layer| layer.checked_shl(TERMS_BITS_MAX));
    let is_index = index < 1 << TERMS_BITS_MAX;
    layer.filter(|_| is_index).map(|layer| layer | index).ok_or(CORRUPT_DELTA)
}

/// Where the terms of a handle stand.
#[inline]
pub(super) fn place(handle: u32) -> TermsPlace {
    let layer = usize::try_from(handle >> TERMS_BITS_MAX).unwrap_or(usize::MAX);
    (layer, handle & ((1 << TERMS_BITS_MAX) - 1))
}
