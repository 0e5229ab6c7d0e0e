//! Roots: which manifest is in force, signed.

use super::key::{ContentId, ProgramKey, ReaderKey};
use super::layout::{
    Bytes, FORMAT_VERSION, ROOT_MAGIC, array_at, i64_at, slice_at, u8_at, u16_at, u64_at,
};
use super::{SnapshotError, check_header};
use crate::id::ProgramId;
use crate::time::UnixMillis;

/// Names the manifest in force and the one before it. The only object that changes under its key.
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
}

/// What is signed begins with this, so that no signature for another purpose can pass for a root's.
const SIGNED_PREFIX: &[u8] = b"promo-edge root\n";

const SIGNATURE_SIZE: usize = 64;
const FIXED_SIZE: usize = 100;
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
        let no_deltas = u16_at(signed, 6)? == 0 && u8_at(signed, 97)? == 0;
        let size = FIXED_SIZE.checked_add(program_size)?;
        let previous: [u8; 32] = array_at(signed, 56)?;
        (no_deltas && signed.len() == size).then_some(Root {
            generation: u64_at(signed, 8)?,
            built_at: UnixMillis(i64_at(signed, 16)?),
            manifest: ContentId(array_at(signed, 24)?),
            previous: (previous != [0; 32]).then_some(ContentId(previous)),
            program: ProgramId::parse(program).ok()?,
        })
    }

    /// Writes and signs the root.
    #[must_use]
    pub fn encode(&self, key: &ProgramKey) -> Vec<u8> {
        let mut bytes = Bytes::default();
        bytes.raw(&ROOT_MAGIC).u16(FORMAT_VERSION).u16(0).u64(self.generation);
        bytes.i64(self.built_at.0).raw(&self.manifest.0);
        bytes.raw(&self.previous.map_or([0; 32], |previous| previous.0));
        bytes.raw(&key.reader_key().key_id());
        let program = self.program.as_str().as_bytes();
        bytes.u8(u8::try_from(program.len()).unwrap_or(u8::MAX)).u8(0).u16(0).raw(program);
        let signature = key.sign(&[SIGNED_PREFIX, &bytes.0].concat());
        bytes.raw(&signature);
        bytes.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> Root {
        Root {
            generation: 7,
            built_at: UnixMillis(1_781_524_800_000),
            manifest: ContentId::of(b"new"),
            previous: Some(ContentId::of(b"old")),
            program: ProgramId::parse("1000").unwrap(),
        }
    }

    #[test]
    fn a_root_comes_back_within_its_size() {
        let key = ProgramKey::from_bytes([1; 32]);
        let bytes = root().encode(&key);
        assert!(bytes.len() <= 512);
        assert_eq!(Root::decode(&bytes, &key.reader_key()).unwrap(), root());
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let key = ProgramKey::from_bytes([1; 32]);
        let bytes = root().encode(&key);
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Root::decode(&flipped, &key.reader_key()).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn another_key_is_named() {
        let bytes = root().encode(&ProgramKey::from_bytes([1; 32]));
        let other = ProgramKey::from_bytes([2; 32]).reader_key();
        assert!(matches!(Root::decode(&bytes, &other), Err(SnapshotError::OtherKey { .. })));
    }
}
