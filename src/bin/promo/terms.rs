//! What codes that are made or brought in by the command have in common.

use crate::failure::Failure;

use promo_edge::zone::{Boundary, DateReader, Notation, Zone};
use promo_edge::code::CreditPolicy;
use promo_edge::upload::Cells;

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Whom codes can credit.
#[derive(Debug, clap::Args)]
pub struct Owner {
    /// Id of the partner that the codes can credit; without one they are restricted
    #[arg(long, value_name = "ID")]
    pub partner: Option<String>,
    /// When the partner is credited
    #[arg(long, requires = "partner", default_value = "always", value_parser = policies())]
    pub credit_policy: CreditPolicy,
}

/// What the rows of a bulk file have in common.
#[derive(Debug, clap::Args)]
pub struct Terms {
    /// Id of the programme
    #[arg(long, value_name = "ID")]
    program: String,
    #[command(flatten)]
    pub owner: Owner,
    /// Id of the deal that the codes stand for
    #[arg(long, value_name = "ID", default_value = "")]
    deal: String,
    /// First day or instant
    #[arg(long, value_name = "DATE", default_value = "")]
    start: String,
    /// Last day, or the first instant after
    #[arg(long, value_name = "DATE", default_value = "")]
    end: String,
    /// IANA name of the zone of the dates [default: the programme's]
    #[arg(long, value_name = "ZONE", default_value = "")]
    time_zone: String,
}

impl Owner {
    /// The cell of the column Credit Rule.
    pub fn credit_rule(&self) -> String {
        let policy = self.partner.as_ref().map(|_| self.credit_policy.name().to_uppercase());
        policy.unwrap_or_default()
    }
}

impl Terms {
    /// The cells of every row, without its code.
    pub fn cells<'a>(&'a self, credit_rule: &'a str) -> Cells<'a> {
        Cells {
            program_id: &self.program,
            media_id: self.owner.partner.as_deref().unwrap_or_default(),
            kind: if self.owner.partner.is_some() { "TRACKING" } else { "RESTRICTED" },
            credit_rule,
            match_mode: "LI",
            deal_id: &self.deal,
            start: &self.start,
            end: &self.end,
            time_zone: &self.time_zone,
            ..Cells::default()
        }
    }

    /// Refuses dates now that would make every row wrong later.
    pub fn check_dates(&self) -> Result<(), Failure> {
        let unknown = || {
            Failure::new(format!("{:?} is no zone", self.time_zone))
                .mend("name it as in America/New_York")
        };
        let zone = match &*self.time_zone {
            "" => Zone::parse("UTC"),
            name => Some(Zone::parse(name).ok_or_else(unknown)?),
        };
        let Some(zone) = zone else { return Ok(()) };
        let dates = DateReader { own: None, program: &zone, notation: Notation::Sheet };
        for (text, boundary) in [(&self.start, Boundary::Start), (&self.end, Boundary::End)] {
            if !text.is_empty() {
                dates.read(text, boundary).map_err(|error| {
                    Failure::new(format!("expected {error}, got {text:?}"))
                        .mend("write years first, as in 2026-07-01")
                })?;
            }
        }
        Ok(())
    }
}

/// The credit policies by their names.
pub fn policies() -> impl TypedValueParser<Value = CreditPolicy> {
    let all = [CreditPolicy::Always, CreditPolicy::Involved, CreditPolicy::Winner];
    let named = move |name: String| {
        all.into_iter().find(|policy| policy.name() == name).ok_or("no such policy")
    };
    PossibleValuesParser::new(all.map(CreditPolicy::name)).try_map(named)
}
