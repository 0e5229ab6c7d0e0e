//! Roots: which manifest and which deltas are in force, signed.

use super::key::{ContentId, ProgramKey, ReaderKey};
use super::layout::{
    Bytes, DELTAS_MAX, FORMAT_VERSION, INLINE_SIZE_MAX, ROOT_MAGIC, array_at, i64_at, slice_at,
    u8_at, u16_at, u64_at,
};
use super::{SnapshotError, check_header};
use crate::id::ProgramId;
use crate::time::UnixMillis;

use std::fmt;

/// Names the manifest in force and the deltas over it. The only object that changes under its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Grows with every publication; 0 in a folder that has not been published.
    pub generation: u64,
    /// When it was written.
    pub built_at: UnixMillis,
    /// The manifest in force.
    pub manifest: ContentId,
    /// The one before, kept for a way back.
    pub previous: Option<ContentId>,
    /// Whose root it is.
    pub program: ProgramId,
    /// The deltas over the manifest that are objects of their own, the oldest first; at most
    /// [`DELTAS_MAX`].
    pub deltas: Vec<ContentId>,
    /// The bytes of the newest delta, which lies over all others; empty when there is none, and at
    /// most [`INLINE_SIZE_MAX`].
    pub inline: Vec<u8>,
}

/// More deltas, or a larger inline delta, than a root can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RootTooLarge;

/// What is signed begins with this, so that no signature for another purpose can pass for a root's.
const SIGNED_PREFIX: &[u8] = b"promo-edge root\n";

const SIGNATURE_SIZE: usize = 64;
const FIXED_SIZE: usize = 100;
const ID_SIZE: usize = 32;
const CORRUPT: SnapshotError = SnapshotError::Corrupt { place: "root" };

impl Root {
    /// Reads a root and checks its signature.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when the bytes are not a root of this version, were signed with another
    /// key, or were changed since.
    pub fn decode(bytes: &[u8], key: &ReaderKey) -> Result<Root, SnapshotError> {
        check_header(bytes, ROOT_MAGIC, "root")?;
        let got = array_at(bytes, 88).ok_or(CORRUPT)?;
        if got != key.key_id() {
            return Err(SnapshotError::OtherKey { expected: key.key_id(), got });
        }
        let signed_size = bytes.len().checked_sub(SIGNATURE_SIZE).ok_or(CORRUPT)?;
        let (signed, signature) = bytes.split_at_checked(signed_size).ok_or(CORRUPT)?;
        let signature = array_at(signature, 0).ok_or(CORRUPT)?;
        if !key.verifies(&[SIGNED_PREFIX, signed].concat(), &signature) {
            return Err(SnapshotError::Forged);
        }
        Root::decode_signed(signed).ok_or(CORRUPT)
    }

    fn decode_signed(signed: &[u8]) -> Option<Root> {
        let program_size = usize::from(u8_at(signed, 96)?);
        let program = std::str::from_utf8(slice_at(signed, FIXED_SIZE, program_size)?).ok()?;
        let deltas_at = FIXED_SIZE.checked_add(program_size)?;
        let delta_count = usize::from(u8_at(signed, 97)?);
        let inline_at = deltas_at.checked_add(delta_count.checked_mul(ID_SIZE)?)?;
        let inline_size = usize::from(u16_at(signed, 6)?);
        let ids = slice_at(signed, deltas_at, inline_at.checked_sub(deltas_at)?)?;
        let inline = slice_at(signed, inline_at, inline_size)?;
        let is_whole = inline_at.checked_add(inline_size)? == signed.len();
        let previous: [u8; 32] = array_at(signed, 56)?;
        let root = Root {
            generation: u64_at(signed, 8)?,
            built_at: UnixMillis(i64_at(signed, 16)?),
            manifest: ContentId(array_at(signed, 24)?),
            previous: (previous != [0; 32]).then_some(ContentId(previous)),
            program: ProgramId::parse(program).ok()?,
            deltas: ids.as_chunks().0.iter().copied().map(ContentId).collect(),
            inline: inline.to_vec(),
        };
        (is_whole && root.check_size().is_ok()).then_some(root)
    }

    /// Writes and signs the root.
    ///
    /// # Errors
    ///
    /// [`RootTooLarge`] when it has more deltas, or a larger one, than a root can have.
    pub fn encode(&self, key: &ProgramKey) -> Result<Vec<u8>, RootTooLarge> {
        self.check_size()?;
        let mut bytes = Bytes::default();
        bytes.raw(&ROOT_MAGIC).u16(FORMAT_VERSION);
        bytes.u16(u16::try_from(self.inline.len()).unwrap_or(u16::MAX)).u64(self.generation);
        bytes.i64(self.built_at.0).raw(&self.manifest.0);
        bytes.raw(&self.previous.map_or([0; 32], |previous| previous.0));
        bytes.raw(&key.reader_key().key_id());
        let program = self.program.as_str().as_bytes();
        bytes.u8(u8::try_from(program.len()).unwrap_or(u8::MAX));
        bytes.u8(u8::try_from(self.deltas.len()).unwrap_or(u8::MAX)).u16(0).raw(program);
        for ContentId(id) in &self.deltas {
            bytes.raw(id);
        }
        bytes.raw(&self.inline);
        let signature = key.sign(&[SIGNED_PREFIX, &bytes.0].concat());
        bytes.raw(&signature);
        Ok(bytes.0)
    }

    /// A root with the same objects in force, whenever it was published.
    #[must_use]
    pub fn has_parts_of(&self, other: &Root) -> bool {
        self.manifest == other.manifest
            && self.deltas == other.deltas
            && self.inline == other.inline
    }

    fn check_size(&self) -> Result<(), RootTooLarge> {
        let fits = self.deltas.len() <= DELTAS_MAX && self.inline.len() <= INLINE_SIZE_MAX;
        if fits { Ok(()) } else { Err(RootTooLarge) }
    }
}

impl fmt::Display for RootTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("more changes than a root has room for: fold them into a new manifest")
    }
}

impl std::error::Error for RootTooLarge {}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> Root {
        Root {
            generation: 7,
            built_at: UnixMillis(1_781_524_800_000),
            manifest: ContentId::of(b"new"),
            previous: Some(ContentId::of(b"old")),
            program: ProgramId::parse(&"p".repeat(64)).unwrap(),
            deltas: (0..4u8).map(|number| ContentId::of(&[number])).collect(),
            inline: b"changes".to_vec(),
        }
    }

    #[test]
    fn a_root_comes_back_within_its_size() {
        let key = ProgramKey::from_bytes([1; 32]);
        let without = Root { deltas: Vec::new(), inline: Vec::new(), ..root() };
        let full = Root { inline: vec![7; INLINE_SIZE_MAX], ..root() };
        for root in [root(), without, full] {
            let bytes = root.encode(&key).unwrap();
            assert!(bytes.len() <= 512 + root.inline.len());
            assert_eq!(Root::decode(&bytes, &key.reader_key()).unwrap(), root);
        }
    }

    #[test]
    fn a_root_takes_so_much_and_no_more() {
        let key = ProgramKey::from_bytes([1; 32]);
        let many = Root { deltas: vec![ContentId::of(b"one"); DELTAS_MAX + 1], ..root() };
        let large = Root { inline: vec![7; INLINE_SIZE_MAX + 1], ..root() };
        assert_eq!((many.encode(&key), large.encode(&key)), (Err(RootTooLarge), Err(RootTooLarge)));
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let key = ProgramKey::from_bytes([1; 32]);
        let bytes = root().encode(&key).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Root::decode(&flipped, &key.reader_key()).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn another_key_is_named() {
        let bytes = root().encode(&ProgramKey::from_bytes([1; 32])).unwrap();
        let other = ProgramKey::from_bytes([2; 32]).reader_key();
        assert!(matches!(Root::decode(&bytes, &other), Err(SnapshotError::OtherKey { .. })));
    }
}
