//! Customers, known by a keyed hash and by nothing else.
//!
//! - [`CustomerKey`] makes the hash. Without it nobody can tell whose orders are recorded, nor try
//!   names one after another.

use crate::id::ProgramId;
use crate::keyed;
use crate::snapshot::{ContentId, KeyError, parse_hex};

use hmac::Mac;

use std::fmt;

const KEY_PREFIX: &str = "pcu1_";
const KEY_SIZE: usize = 32;

/// What is hashed begins with this, so that the key can serve nothing else.
const LABEL: &[u8] = b"promo-edge customer\n";

/// What customers' names are hashed with. It is never changed: the uses that a customer has had are
/// counted under the hash.
pub struct CustomerKey([u8; KEY_SIZE]);

impl CustomerKey {
    /// Reads a key: `pcu1_` and 64 hexadecimal digits.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when it is anything else; it never quotes the text.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        parse_hex(text.trim(), KEY_PREFIX).map(CustomerKey)
    }

    /// The name that a program's customer is kept under: 64 hexadecimal digits. The same person has
    /// another one in another program.
    #[must_use]
    pub fn hash(&self, program: &ProgramId, customer: &str) -> String {
        let digest = keyed::mac(&self.0, LABEL, program).chain_update(customer).finalize();
        ContentId(digest.into_bytes().into()).to_string()
    }
}

impl fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_has_one_name_in_each_program() {
        let key = CustomerKey::parse(&format!("pcu1_{}", "07".repeat(32))).unwrap();
        let program = |id| ProgramId::parse(id).unwrap();
        let hash = key.hash(&program("1000"), "ada@example.com");
        assert_eq!(hash.len(), 64);
        assert_eq!(hash, key.hash(&program("1000"), "ada@example.com"));
        assert_ne!(hash, key.hash(&program("1001"), "ada@example.com"));
        assert_ne!(hash, key.hash(&program("1000"), "Ada@example.com"));
        let other = CustomerKey::parse(&format!("pcu1_{}", "08".repeat(32))).unwrap();
        assert_ne!(hash, other.hash(&program("1000"), "ada@example.com"));
        assert!(CustomerKey::parse("pck1_00").is_err());
    }
}
