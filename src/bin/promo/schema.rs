//! `promo schema`: what a catalogue may hold, and what the Worker answers.

use crate::Ended;
use crate::failure::Failure;
use crate::output::print_line;

use promo_edge::{catalog, wire};

/// Print the JSON Schema of a catalogue
#[derive(Debug, clap::Args)]
pub struct Schema {
    /// The Worker's interface instead, as OpenAPI 3.1
    #[arg(long)]
    openapi: bool,
}

impl Schema {
    pub fn run(&self) -> Result<Ended, Failure> {
        let schema = if self.openapi { wire::openapi::document() } else { catalog::schema() };
        let schema = serde_json::to_string_pretty(&schema).map_err(Failure::new)?;
        print_line(schema).map(|()| Ended::Done)
    }
}
