//! Writes a snapshot's shards one at a time, of codes that lie elsewhere: ten million of them are
//! folded in an isolate that could not hold them.
//!
//! - [`Campaign`] is what has to be known of the codes that share some terms.
//! - [`Layout`] follows from all campaigns: how terms are numbered, which codes share a segment,
//!   and which hashes belong to which shard. Its size depends on the number of distinct terms only.

use super::builder::BuildError;
use super::hash::{CodeHash, Segment};
use super::key::ContentId;
use super::layout::{BLOCK_BUCKETS, CODES_MAX, SEGMENTS_MAX, TERMS_BITS_MAX};
use super::segment::{self, OWN_SEGMENT_CODES_MIN};
use super::universe::Universe;
use super::{Snapshot, SnapshotError};
use crate::code::CodeTerms;

use std::cmp::Reverse;
use std::ops::Range;

/// The codes that share some terms.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// Their terms.
    pub terms: CodeTerms,
    /// How many exact codes there are; those of a regex code have none.
    pub code_count: u64,
    /// What their texts could be.
    pub universe: Universe,
}

/// Where every code of a snapshot belongs.
#[derive(Debug)]
pub struct Layout {
    terms: Vec<CodeTerms>,
    code_counts: Vec<u64>,
    laid: Vec<Laid>,
}

/// The hashes that a shard holds codes of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShardPlan {
    /// The first of them.
    pub first: CodeHash,
    /// The last of them.
    pub last: CodeHash,
    /// The number of the terms that all its codes have; `None`: any but those that have a segment
    /// of their own.
    pub terms: Option<u32>,
}

/// A segment, and the terms of the campaign that has it for itself.
#[derive(Debug)]
struct Laid {
    segment: Segment,
    own: Option<u32>,
}

impl Layout {
    /// Lays out campaigns; those of equal terms are one.
    ///
    /// # Errors
    ///
    /// [`BuildError::TooLarge`] when there are more codes or terms than a snapshot can index.
    pub fn new(campaigns: impl IntoIterator<Item = Campaign>) -> Result<Self, BuildError> {
        let mut campaigns: Vec<Campaign> = campaigns.into_iter().collect();
        campaigns.sort_by(|a, b| a.terms.cmp(&b.terms));
        campaigns.dedup_by(|same, kept| {
            let is_same = same.terms == kept.terms;
            if is_same {
                kept.code_count = kept.code_count.saturating_add(same.code_count);
                kept.universe.merge(&same.universe);
            }
            is_same
        });
        let code_count = campaigns.iter().fold(0u64, |sum, it| sum.saturating_add(it.code_count));
        if campaigns.len() > 1 << TERMS_BITS_MAX || code_count > u64::from(CODES_MAX) {
            return Err(BuildError::TooLarge);
        }
        let laid = lay_out(&campaigns);
        let code_counts = campaigns.iter().map(|campaign| campaign.code_count).collect();
        let terms = campaigns.into_iter().map(|campaign| campaign.terms).collect();
        Ok(Layout { terms, code_counts, laid })
    }

    /// The number of these terms, by binary search.
    #[must_use]
    pub fn find_terms(&self, terms: &CodeTerms) -> Option<u32> {
        self.terms.binary_search(terms).ok().and_then(|index| u32::try_from(index).ok())
    }

    /// The terms with this number.
    #[must_use]
    pub fn terms(&self, number: u32) -> Option<&CodeTerms> {
        self.terms.get(usize::try_from(number).ok()?)
    }

    /// Number of shards.
    #[must_use]
    pub fn shard_count(&self) -> usize {
        self.laid.iter().fold(0, |sum, laid| sum.saturating_add(laid.segment.shard_count))
    }

    /// What belongs to a shard; `None` when there is no such shard.
    #[must_use]
    pub fn shard(&self, index: usize) -> Option<ShardPlan> {
        let (laid, shard) = self.locate(index)?;
        let buckets = laid.segment.shard_buckets(shard);
        let (first, last) = laid.segment.hashes_of(&buckets);
        let only = (laid.segment.terms_bits == 0).then_some(laid.segment.terms_index);
        Some(ShardPlan { first, last, terms: laid.own.or(only) })
    }

    /// Writes a shard of its codes, which come in any order, each with the number of its terms.
    /// Codes that belong to another shard are passed over.
    ///
    /// # Errors
    ///
    /// [`BuildError::OtherLayout`] when there is no such shard; [`BuildError::TextTooOften`].
    pub fn encode_shard(
        &self,
        index: usize,
        codes: impl IntoIterator<Item = (CodeHash, u32)>,
    ) -> Result<Vec<u8>, BuildError> {
        let (laid, shard) = self.locate(index).ok_or(BuildError::OtherLayout)?;
        let holds = |terms: u32| match laid.own {
            Some(own) => terms == own,
            None => !self.laid.iter().any(|other| other.own == Some(terms)),
        };
        let codes = codes.into_iter().filter(|(_, terms)| holds(*terms));
        let encoded = segment::encode_shard(&laid.segment, shard, codes);
        encoded.map_err(|segment::BlockFull| BuildError::TextTooOften)
    }

    /// For each shard the id of one of another snapshot that has the same codes, if no change can
    /// have touched it. `changed` are the hashes of all texts whose codes or terms have changed
    /// since that was built.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Corrupt`] when the other snapshot contradicts itself.
    pub fn kept_shards<B: AsRef<[u8]>>(
        &self,
        base: &Snapshot<B>,
        changed: &[CodeHash],
    ) -> Result<Vec<Option<ContentId>>, SnapshotError> {
        let is_aligned = self.is_aligned(base)?;
        let mut kept = Vec::with_capacity(self.shard_count());
        for laid in &self.laid {
            let before = self.segment_before(laid, base, is_aligned)?;
            let first = kept.len();
            for shard in 0..laid.segment.shard_count {
                let id =
                    before.map(|before| base.shard_id(before.first_shard.saturating_add(shard)));
                kept.push(id.transpose()?);
            }
            for hash in changed {
                let shard =
                    laid.segment.place(*hash)?.shard.saturating_sub(laid.segment.first_shard);
                if let Some(kept) = kept.get_mut(first.saturating_add(shard)) {
                    *kept = None;
                }
            }
        }
        Ok(kept)
    }

    pub(super) fn all_terms(&self) -> &[CodeTerms] {
        &self.terms
    }

    pub(super) fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.laid.iter().map(|laid| &laid.segment)
    }

    /// The segment of a shard, and the shard's number there.
    fn locate(&self, index: usize) -> Option<(&Laid, usize)> {
        let laid = self.laid.iter().rfind(|laid| laid.segment.first_shard <= index)?;
        let shard = index.checked_sub(laid.segment.first_shard)?;
        (shard < laid.segment.shard_count).then_some((laid, shard))
    }

    /// The segment of another snapshot whose codes are these, but for those that changed.
    fn segment_before<B: AsRef<[u8]>>(
        &self,
        Laid { segment, own }: &Laid,
        base: &Snapshot<B>,
        is_aligned: bool,
    ) -> Result<Option<Segment>, SnapshotError> {
        for before in base.hash_segments() {
            let same_codes = match (segment.terms_bits, before.terms_bits) {
                (0, 0) => {
                    let terms = own.unwrap_or(segment.terms_index);
                    self.terms(terms) == Some(&base.terms(before.terms_index)?)
                }
                (0, _) | (_, 0) => false,
                _ => is_aligned,
            };
            if same_codes && segment.is_shaped_like(before) {
                return Ok(Some(*before));
            }
        }
        Ok(None)
    }

    /// Whether all terms that both know have the same number in both, and none of them have a
    /// segment of their own in one only: then codes that have not changed stand in the segment of
    /// all others as they did.
    fn is_aligned<B: AsRef<[u8]>>(&self, base: &Snapshot<B>) -> Result<bool, SnapshotError> {
        let segments = || base.hash_segments().iter();
        let mixed = segments().any(|segment| segment.terms_bits > 0);
        let own_before = |number: u32| {
            let is_own = |it: &Segment| it.terms_bits == 0 && it.terms_index == number;
            segments().any(is_own)
        };
        let count = u32::try_from(base.terms_count()).unwrap_or(u32::MAX);
        for before in 0..count {
            let Some(now) = self.find_terms(&base.terms(before)?) else { continue };
            let has_codes = usize::try_from(now).ok().and_then(|now| self.code_counts.get(now));
            let is_own = self.laid.iter().any(|laid| laid.own == Some(now));
            if has_codes != Some(&0) && (is_own != own_before(before) || !is_own && now != before) {
                return Ok(false);
            }
        }
        Ok(mixed)
    }
}

/// The segments of campaigns in the order of their terms: of each of the largest, then of all
/// others.
fn lay_out(campaigns: &[Campaign]) -> Vec<Laid> {
    let own = own_segments(campaigns);
    let mut laid = Vec::new();
    for &terms in &own {
        let campaign = usize::try_from(terms).ok().and_then(|index| campaigns.get(index));
        if let Some(Campaign { code_count, universe, .. }) = campaign {
            let segment = Segment::lay_out(*code_count, universe.size(), (0, terms));
            laid.push(Laid { segment, own: Some(terms) });
        }
    }
    let numbered = (0u32..).zip(campaigns);
    let rest = numbered.filter(|(terms, it)| it.code_count > 0 && !own.contains(terms));
    let rest: Vec<(u32, &Campaign)> = rest.collect();
    if let Some(&(highest, _)) = rest.last() {
        let code_count = rest.iter().fold(0u64, |sum, (_, it)| sum.saturating_add(it.code_count));
        let universe =
            rest.iter().fold(0u128, |sum, (_, it)| sum.saturating_add(it.universe.size()));
        let terms_bits = u32::BITS.saturating_sub(highest.leading_zeros()).max(1);
        let terms = if rest.len() == 1 { (0, highest) } else { (terms_bits, 0) };
        laid.push(Laid { segment: Segment::lay_out(code_count, universe, terms), own: None });
    }
    let mut first_shard = 0usize;
    for Laid { segment, .. } in &mut laid {
        segment.first_shard = first_shard;
        first_shard = first_shard.saturating_add(segment.shard_count);
    }
    laid
}

/// The terms of the largest campaigns, largest first.
fn own_segments(campaigns: &[Campaign]) -> Vec<u32> {
    let sized = campaigns.iter().zip(0u32..).map(|(campaign, terms)| (campaign.code_count, terms));
    let mut large: Vec<(u64, u32)> =
        sized.filter(|&(count, _)| count >= OWN_SEGMENT_CODES_MIN).collect();
    large.sort_by_key(|&(count, terms)| (Reverse(count), terms));
    large.truncate(SEGMENTS_MAX.saturating_sub(1));
    large.into_iter().map(|(_, terms)| terms).collect()
}

impl Segment {
    /// The buckets of a shard.
    pub(super) fn shard_buckets(&self, shard: usize) -> Range<u32> {
        let shard = u32::try_from(shard).unwrap_or(u32::MAX);
        let size = self.blocks_per_shard.get().saturating_mul(BLOCK_BUCKETS);
        let start = shard.saturating_mul(size).min(self.bucket_count);
        start..start.saturating_add(size).min(self.bucket_count)
    }

    /// The first and the last hash of buckets.
    fn hashes_of(&self, buckets: &Range<u32>) -> (CodeHash, CodeHash) {
        // The least integer that scales to the bucket.
        let least = |bucket: u32| {
            let least = (u128::from(bucket) << 64).div_ceil(u128::from(self.bucket_count).max(1));
            u64::try_from(least).ok()
        };
        let first = least(buckets.start).unwrap_or(u64::MAX);
        let last = least(buckets.end).map_or(u64::MAX, |next| next.saturating_sub(1));
        (CodeHash { first, last: 0 }, CodeHash { first: last, last: u64::MAX })
    }

    /// Whether equal codes of the two lie in equal bytes.
    fn is_shaped_like(&self, other: &Segment) -> bool {
        let shape = |it: &Segment| {
            (it.fingerprint_bits, it.terms_bits, it.bucket_count, it.blocks_per_shard)
        };
        shape(self) == shape(other)
    }
}
