//! Keys and content ids.
//!
//! - [`ProgramKey`] is the one secret of a program: it builds and signs.
//! - [`ReaderKey`] is derived from it: it opens and checks, and cannot sign.
//! - [`HashKey`] is the part of it that hashes codes.
//! - [`ContentId`] names an object by its bytes.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use std::fmt::{self, Write};

const PROGRAM_KEY_PREFIX: &str = "pek1_";
const READER_KEY_PREFIX: &str = "per1_";
const SIGN_LABEL: &[u8] = b"promo-edge sign 1";
const HASH_LABEL: &[u8] = b"promo-edge hash 1";

/// The secret of a program: 32 random bytes. Whoever has it can publish.
#[derive(Clone, PartialEq, Eq)]
pub struct ProgramKey([u8; 32]);

/// What opens and checks a program's snapshots: the hash key and the public half of the signing
/// key.
#[derive(Clone, PartialEq, Eq)]
pub struct ReaderKey {
    hash: HashKey,
    verifying: [u8; 32],
}

/// The key of the keyed hash behind every exact look-up.
#[derive(Clone, PartialEq, Eq)]
pub struct HashKey([u8; 16]);

/// SHA-256 of an object's bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentId(pub [u8; 32]);

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyError {
    /// How such a key begins.
    pub expected_prefix: &'static str,
    /// How many hexadecimal digits follow.
    pub expected_digits: usize,
}

impl ProgramKey {
    /// The key with these bytes; they must be random.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        ProgramKey(bytes)
    }

    /// Reads a key as [`ProgramKey::to_text`] writes it.
    ///
    /// # Errors
    ///
    /// [`KeyError`] says how such a key looks; it never quotes the text.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        parse_hex(text, PROGRAM_KEY_PREFIX).map(ProgramKey)
    }

    /// The key as text: `pek1_` and 64 hexadecimal digits. A secret.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{PROGRAM_KEY_PREFIX}{}", Hex(&self.0))
    }

    /// What a reader is given.
    #[must_use]
    pub fn reader_key(&self) -> ReaderKey {
        ReaderKey {
            hash: self.hash_key(),
            verifying: self.signing_key().verifying_key().to_bytes(),
        }
    }

    /// The key that hashes this program's codes.
    #[must_use]
    pub fn hash_key(&self) -> HashKey {
        HashKey(self.derive(HASH_LABEL))
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing_key().sign(message).to_bytes()
    }

    fn signing_key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.derive(SIGN_LABEL))
    }

    fn derive<const N: usize>(&self, label: &[u8]) -> [u8; N] {
        let mut derived = [0; N];
        let expanded = Hkdf::<Sha256>::new(None, &self.0).expand(label, &mut derived);
        debug_assert!(expanded.is_ok(), "{N} bytes are within HKDF's 255 blocks");
        derived
    }
}

impl ReaderKey {
    /// Reads a key as [`ReaderKey::to_text`] writes it.
    ///
    /// # Errors
    ///
    /// [`KeyError`] says how such a key looks; it never quotes the text.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes: [u8; 48] = parse_hex(text, READER_KEY_PREFIX)?;
        let (hash, verifying) = bytes.split_at(16);
        let wrong_size = |_| KeyError { expected_prefix: READER_KEY_PREFIX, expected_digits: 96 };
        Ok(ReaderKey {
            hash: HashKey(hash.try_into().map_err(wrong_size)?),
            verifying: verifying.try_into().map_err(wrong_size)?,
        })
    }

    /// The key as text: `per1_` and 96 hexadecimal digits. A secret: its hash key tests guesses.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{READER_KEY_PREFIX}{}{}", Hex(&self.hash.0), Hex(&self.verifying))
    }

    /// The key that hashes this program's codes.
    #[must_use]
    pub fn hash_key(&self) -> &HashKey {
        &self.hash
    }

    /// Names the signing key in a root: the first 8 bytes of the public key's SHA-256.
    #[must_use]
    pub fn key_id(&self) -> [u8; 8] {
        let ContentId(digest) = ContentId::of(&self.verifying);
        let mut id = [0; 8];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        id
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        VerifyingKey::from_bytes(&self.verifying).is_ok_and(|key| {
            // Strict: a signature that other libraries would refuse must not pass here.
            key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
        })
    }
}

impl HashKey {
    /// The key of public bundles, which have nothing to hide.
    pub const PUBLIC: HashKey = HashKey([0; 16]);

    /// The sixteen bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl ContentId {
    /// The id of an object.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        ContentId(Sha256::digest(bytes).into())
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        parse_hex(text, "").ok().map(ContentId)
    }
}

impl fmt::Display for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Hex(&self.0), f)
    }
}

impl fmt::Debug for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Hex(&self.0), f)
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let KeyError { expected_prefix, expected_digits } = self;
        write!(f, "expected {expected_prefix} and {expected_digits} hexadecimal digits")
    }
}

impl std::error::Error for KeyError {}

// Keys stay out of logs.
impl fmt::Debug for ProgramKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProgramKey")
    }
}

impl fmt::Debug for ReaderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReaderKey")
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey")
    }
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nibbles = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let mut digits = nibbles.filter_map(|nibble| char::from_digit(u32::from(nibble), 16));
        digits.try_for_each(|digit| f.write_char(digit))
    }
}

/// The bytes that a prefix and two hexadecimal digits each write.
pub fn parse_hex<const N: usize>(text: &str, prefix: &'static str) -> Result<[u8; N], KeyError> {
    let error = KeyError { expected_prefix: prefix, expected_digits: N.saturating_mul(2) };
    let digits = text.trim().strip_prefix(prefix).ok_or(error)?.as_bytes();
    if digits.len() != error.expected_digits {
        return Err(error);
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).ok_or(error);
    let mut bytes = [0; N];
    for (to, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let &[high, low] = pair else { return Err(error) };
        *to = u8::try_from(digit(high)? << 4 | digit(low)?).map_err(|_| error)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_from_their_text() {
        let key = ProgramKey::from_bytes([7; 32]);
        assert_eq!(ProgramKey::parse(&key.to_text()).unwrap(), key);
        let reader = key.reader_key();
        assert_eq!(ReaderKey::parse(&reader.to_text()).unwrap(), reader);
        assert_eq!(ReaderKey::parse(&key.to_text()).unwrap_err().expected_prefix, "per1_");
        assert!(ProgramKey::parse(&key.to_text()[..60]).is_err());
    }

    #[test]
    fn a_key_signs_for_its_reader_only() {
        let key = ProgramKey::from_bytes([7; 32]);
        let signature = key.sign(b"root");
        assert!(key.reader_key().verifies(b"root", &signature));
        assert!(!key.reader_key().verifies(b"rout", &signature));
        assert!(!ProgramKey::from_bytes([8; 32]).reader_key().verifies(b"root", &signature));
    }
}
