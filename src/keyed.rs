//! What only we can have made: HMAC-SHA-256 (RFC 2104) under a key of ours, for one purpose and one
//! program.

use crate::id::ProgramId;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The block of SHA-256.
const BLOCK_SIZE: usize = 64;

/// A code over a label, the program's id and whatever is added to it. The label says what the code
/// is for, so that no other can pass for it; the id has its size before it.
#[must_use]
pub fn mac(key: &[u8; 32], label: &[u8], program: &ProgramId) -> Hmac<Sha256> {
    // HMAC itself fills a key up with zeros; from a whole block it can be made without an error
    // that never happens.
    let mut block = [0; BLOCK_SIZE];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let program = program.as_str().as_bytes();
    let program_size = u8::try_from(program.len()).unwrap_or(u8::MAX);
    Hmac::new(&block.into()).chain_update(label).chain_update([program_size]).chain_update(program)
}
