//! What another system exported, as a catalogue of ours.
//!
//! - [`import`] reads an export of one of the [`System`]s; [`Imported`] is what became of it.
//! - [`Options`] say what no export does: the programme, and who is credited.
//!
//! Nothing is dropped in silence. Whatever a column says that is not carried over is a warning with
//! its line, its value and a remedy. Of an offer that our deals cannot express, the code is kept
//! and the deal left out: the shop grants the discount in any case, and a code without a deal is
//! one that nobody is quoted a wrong price for. Rows that are no usable code are left out.

mod catalog;
mod decimal;
mod offer;
mod row;
mod shopify;
mod stripe;
mod table;
mod tree;
mod voucherify;
mod woocommerce;

use crate::zone::Zone;
use crate::catalog::{Complaint, ComplaintKind};
use crate::code::CreditPolicy;
use crate::id::{PartnerId, ProgramId};
use crate::money::Currency;
use offer::{Context, Offer};
use row::{Fault, Row};

use std::sync::Arc;

/// Whose export it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// The CSV file of Shopify's page of discounts.
    Shopify,
    /// The CSV file of WooCommerce's coupons, or the JSON of its REST interface.
    WooCommerce,
    /// The JSON of Stripe's list of promotion codes, with their coupons expanded.
    Stripe,
    /// The CSV file of Voucherify's vouchers, or the JSON of its interface.
    Voucherify,
}

/// Who is credited for orders with the codes: the other systems know no owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ownership {
    /// Whoever was credited before. The codes belong to a channel of the shop's own that is never
    /// credited for them, and an order with one is credited by its clicks.
    AsBefore,
    /// This partner, when its policy is met.
    Partner(PartnerId, CreditPolicy),
    /// Nobody, whatever clicks there were.
    Restricted,
}

/// What the export does not say.
#[derive(Debug, Clone)]
pub struct Options {
    /// Id of the program.
    pub program: ProgramId,
    /// Its name.
    pub name: String,
    /// The currency of amounts that name none.
    pub currency: Currency,
    /// How many decimals the currency has.
    pub exponent: u32,
    /// The zone of dates without an offset.
    pub zone: Zone,
    /// Who is credited.
    pub ownership: Ownership,
}

/// What became of an export.
#[derive(Debug)]
pub struct Imported {
    /// The catalogue, to be written as JSON.
    pub catalog: serde_json::Value,
    /// Codes that a bulk file can hold, when they were to be kept apart.
    pub sheet: Option<Vec<u8>>,
    /// How many codes there are, in both.
    pub code_count: usize,
    /// What was not carried over.
    pub warnings: Vec<Complaint>,
}

/// Whether codes that a bulk file can hold are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bulk {
    /// All codes are in the catalogue.
    InCatalog,
    /// Only those with caps are: a bulk file has no columns for them.
    Apart,
}

impl System {
    /// Every system.
    pub const ALL: [System; 4] =
        [System::Shopify, System::WooCommerce, System::Stripe, System::Voucherify];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            System::Shopify => "shopify",
            System::WooCommerce => "woocommerce",
            System::Stripe => "stripe",
            System::Voucherify => "voucherify",
        }
    }

    fn rows(self, source: &Arc<str>, text: &str) -> Result<Vec<Row>, Box<Complaint>> {
        let is_json = text.trim_start_matches('\u{FEFF}').trim_start().starts_with(['[', '{']);
        match (self, is_json) {
            (System::Stripe, _) => tree::rows(source, text, "data"),
            (System::Shopify, _) => table::rows(source, text, &["Name"]),
            (System::WooCommerce, true) => tree::rows(source, text, "coupons"),
            (System::WooCommerce, false) => table::rows(source, text, &["post_title", "code"]),
            (System::Voucherify, true) => tree::rows(source, text, "vouchers"),
            (System::Voucherify, false) => table::rows(source, text, &["Code"]),
        }
    }

    fn offer(self, row: &mut Row, context: &Context<'_>) -> Result<Offer, Fault> {
        match self {
            System::Shopify => shopify::offer(row, context),
            System::WooCommerce => woocommerce::offer(row, context),
            System::Stripe => stripe::offer(row, context),
            System::Voucherify => voucherify::offer(row, context),
        }
    }
}

/// Reads an export; `source` is what warnings call it.
///
/// # Errors
///
/// A complaint when the file is not what the system exports.
pub fn import(
    system: System,
    source: &str,
    text: &str,
    options: &Options,
    bulk: Bulk,
) -> Result<Imported, Box<Complaint>> {
    let source: Arc<str> = source.into();
    let context = Context { options };
    let mut warnings = Vec::new();
    let mut leftovers = row::Leftovers::default();
    let mut codes = catalog::Codes::new(options, bulk);
    for mut row in system.rows(&source, text)? {
        let taken = system.offer(&mut row, &context);
        let fault = match taken {
            Ok(offer) => codes.add(offer, row.place("")).err(),
            Err(fault) => Some(fault),
        };
        warnings.extend(row.take_faults(ComplaintKind::NotCarriedOver));
        match fault {
            Some(fault) => warnings.push(fault.at(&row, ComplaintKind::LeftOut)),
            None => leftovers.see(&row),
        }
    }
    warnings.extend(leftovers.complaints(&source));
    codes.finish(warnings)
}
