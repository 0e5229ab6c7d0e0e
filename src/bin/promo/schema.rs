//! `promo schema`: what a catalogue may hold.

use crate::Ended;
use crate::failure::Failure;

use promo_edge::catalog;

/// Print the JSON Schema of a catalogue
#[derive(Debug, clap::Args)]
pub struct Schema;

impl Schema {
    pub fn run(&self) -> Result<Ended, Failure> {
        let schema = serde_json::to_string_pretty(&catalog::schema()).map_err(Failure::new)?;
        println!("{schema}");
        Ok(Ended::Done)
    }
}
