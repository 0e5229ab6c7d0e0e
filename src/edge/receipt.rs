//! Receipts: what a decision says, signed for whoever does not ask us again.

use super::failure::Failure;
use super::{Call, address};
use crate::time::UnixMillis;
use crate::wire::{RECEIPT_TYPE, ReceiptClaims, Receipted};

impl Call<'_> {
    /// The receipt of what was decided, as a compact JWS; `None` when no key signs. `now` is what
    /// the clock says.
    ///
    /// # Errors
    ///
    /// [`Failure::Misconfigured`] when nobody is set as its issuer and the call has no origin.
    pub fn receipt(
        &self,
        now: UnixMillis,
        receipted: Receipted<'_>,
    ) -> Result<Option<String>, Failure> {
        let keys = self.settings.receipt_keys.of(&self.program);
        if !keys.can_sign() {
            return Ok(None);
        }
        let issuer = self.settings.issuer(self.url.as_deref().map(address::origin_of))?;
        let signer = (issuer, &self.program);
        let claims = ReceiptClaims::new(signer, now, receipted)?;
        Ok(keys.sign(RECEIPT_TYPE, &claims)?)
    }
}
