//! `promo import`: what another system exported, as a catalogue.

use crate::Ended;
use crate::failure::Failure;
use crate::output::print_line;
use crate::terms::policies;

use promo_edge::zone::Zone;
use promo_edge::code::CreditPolicy;
use promo_edge::id::{Id, IdError};
use promo_edge::import::{Bulk, Imported, Options, Ownership, System, import};
use promo_edge::money::Currency;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use std::fs;
use std::path::{Path, PathBuf};

/// Make a catalogue of what another system exported; docs/import.md says what becomes of what
///
/// The catalogue goes to standard output, what is not carried over to standard error. Unless told
/// otherwise the codes can be used and change nobody's credit.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// Whose export it is
    #[arg(value_parser = systems())]
    system: System,
    /// The export: CSV, or JSON as the system's interface answers it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Currency of amounts that name none, such as USD
    #[arg(long, value_name = "CODE")]
    currency: String,
    /// IANA name of the zone of dates without an offset
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
    /// Id of the programme
    #[arg(long, value_name = "ID", default_value = "1000")]
    program: String,
    /// Name of the programme [default: its id]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Id of the partner that all of the codes can credit
    #[arg(long, value_name = "ID")]
    partner: Option<String>,
    /// When the partner is credited
    #[arg(long, requires = "partner", default_value = "always", value_parser = policies())]
    credit_policy: CreditPolicy,
    /// Credit nobody for orders with one of the codes, whatever clicks there were
    #[arg(long, conflicts_with = "partner")]
    restricted: bool,
    /// Write the codes without caps here, as bulk CSV for `promo build --codes`
    #[arg(long, value_name = "CODES.csv")]
    codes: Option<PathBuf>,
}

impl Import {
    pub fn run(&self) -> Result<Ended, Failure> {
        let options = self.options()?;
        let text = fs::read(&self.file).map_err(|error| Failure::file(&self.file, &error))?;
        let text = String::from_utf8(text).map_err(|_| {
            Failure::new("expected UTF-8").at(self.file.display()).mend("save it as UTF-8")
        })?;
        let bulk = if self.codes.is_some() { Bulk::Apart } else { Bulk::InCatalog };
        let source = self.file.display().to_string();
        let Imported { catalog, sheet, code_count, warnings } =
            import(self.system, &source, &text, &options, bulk).map_err(Failure::new)?;
        for warning in &warnings {
            eprintln!("warning: {}: {warning}", warning.kind.name());
        }
        if let (Some(path), Some(sheet)) = (&self.codes, sheet) {
            fs::write(path, sheet).map_err(|error| Failure::file(Path::new(path), &error))?;
        }
        print_line(serde_json::to_string_pretty(&catalog).map_err(Failure::new)?)?;
        eprintln!("{code_count} codes, {} warnings", warnings.len());
        Ok(Ended::Done)
    }

    fn options(&self) -> Result<Options, Failure> {
        let known = iso_currency::Currency::from_code(&self.currency);
        let exponent = known.and_then(|known| known.exponent());
        let (Some(currency), Some(exponent)) = (Currency::parse(&self.currency), exponent) else {
            let what = format!("{:?} is no currency that anything is paid in", self.currency);
            return Err(Failure::new(what).mend("name it as in USD"));
        };
        let zone = Zone::parse(&self.time_zone).ok_or_else(|| {
            let what = format!("{:?} is no zone", self.time_zone);
            Failure::new(what).mend("name it as in America/New_York")
        })?;
        let ownership = match &self.partner {
            Some(partner) => Ownership::Partner(id(partner)?, self.credit_policy),
            None if self.restricted => Ownership::Restricted,
            None => Ownership::AsBefore,
        };
        Ok(Options {
            program: id(&self.program)?,
            name: self.name.clone().unwrap_or_else(|| self.program.clone()),
            currency,
            exponent: u32::from(exponent),
            zone,
            ownership,
        })
    }
}

fn id<Of>(text: &str) -> Result<Id<Of>, Failure> {
    Id::parse(text).map_err(|error: IdError| Failure::new(format!("{text:?}: {error}")))
}

/// The systems by their names.
fn systems() -> impl TypedValueParser<Value = System> {
    let named = |name: String| {
        System::ALL.into_iter().find(|system| system.name() == name).ok_or("no such system")
    };
    PossibleValuesParser::new(System::ALL.map(System::name)).try_map(named)
}
