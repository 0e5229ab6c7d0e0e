//! The public bundle: what anybody may know of a program's codes.

use super::{BuildError, Builder, Built, CompilePatterns};
use crate::code::{CodeKind, CodeTerms};
use crate::id::DealId;
use crate::program::{Attribution, ClickModel, OwnerBasis, Precedence, Program};
use crate::snapshot::layout::section;
use crate::snapshot::tables::TablesWriter;
use crate::snapshot::{Bundle, HashKey};
use crate::time::UnixMillis;

impl Builder {
    /// Writes the codes marked public as a snapshot of their own that says nothing about anything
    /// else.
    pub(super) fn write_public(
        &self,
        tables: &mut TablesWriter,
        compile: CompilePatterns,
    ) -> Result<(), BuildError> {
        let patterns: Vec<_> = self.patterns.iter().filter(|(_, terms)| terms.public).collect();
        if self.public_codes.is_empty() && patterns.is_empty() {
            return Ok(());
        }
        // How credit is decided and when it is final is the merchant's affair.
        let attribution = Attribution {
            click_model: ClickModel::default(),
            precedence: Precedence::default(),
            fallback_to_click: false,
            referral_window_days: 0,
            owner_also_click_winner: OwnerBasis::default(),
        };
        let program = Program { attribution, approval_days: 0, ..self.program.clone() };
        let mut public = Builder::new(program, HashKey::PUBLIC);
        for (code, terms) in &self.public_codes {
            let terms = public.public_terms(self, terms, UnixMillis(0));
            let terms = public.terms(terms);
            public.exact(code, terms);
        }
        for (order, (pattern, terms)) in (0..).zip(patterns) {
            // Precedence is all that a pattern's creation is needed for.
            let terms = public.public_terms(self, terms, UnixMillis(order));
            public.pattern(pattern, terms);
        }
        let Built { manifest, shards } = public.finish(compile)?;
        tables.set(section::PUBLIC, 1, Bundle::encode(None, &manifest, &shards));
        Ok(())
    }

    /// Takes over what a shopper's browser may know of some terms: not the owner, not the id, not
    /// the caps.
    fn public_terms(
        &mut self,
        from: &Builder,
        terms: &CodeTerms,
        created_at: UnixMillis,
    ) -> CodeTerms {
        let is_new = |id: &&DealId| !self.deals.iter().any(|deal| deal.id == **id);
        if let Some(id) = terms.deal.as_ref().filter(is_new) {
            self.deals.extend(from.deals.iter().find(|deal| deal.id == *id).cloned());
        }
        CodeTerms {
            created_at,
            id: None,
            kind: CodeKind::Restricted,
            schedule: terms.schedule,
            deal: terms.deal.clone(),
            max_redemptions: None,
            // Whether there is such a cap decides whether a customer must be known; how high it is
            // does not.
            max_redemptions_per_customer: terms.max_redemptions_per_customer.map(|_| 1),
            // One public snapshot does not hold another.
            public: false,
        }
    }
}
