//! `promo resend`: send again what has not arrived.

use crate::Ended;
use crate::failure::Failure;
use crate::instant;
use crate::output::{Output, grouped, table};
use crate::remote::Remote;

use promo_edge::time::UnixMillis;
use promo_edge::wire::{ResendAnswer, rfc3339};

use clap::ValueEnum;
use serde_json::json;

/// Send the ledger's entries to the reports or the webhook again, where they have not arrived
///
/// That is what a dead-letter queue is for: every entry is kept until it has arrived, also after
/// the last attempt. Sent twice, an entry counts once, by its id.
#[derive(Debug, clap::Args)]
pub struct Resend {
    /// Where to
    destination: Destination,
    /// Also entries that have arrived, made since this instant
    #[arg(long, value_name = "INSTANT", value_parser = instant::parse)]
    since: Option<UnixMillis>,
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    output: Output,
}

/// Where entries go.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Destination {
    /// The reports' database
    Reports,
    /// The merchant's own server
    Webhook,
}

impl Resend {
    pub fn run(&self) -> Result<Ended, Failure> {
        let destination = match self.destination {
            Destination::Reports => "reports",
            Destination::Webhook => "webhook",
        };
        let asked = json!({ "destination": destination, "since": self.since.map(rfc3339) });
        let answer: ResendAnswer = self.remote.open()?.post("/v1/ledger/resend", &asked)?;
        self.output.print(&answer, |ResendAnswer { entries }| {
            let mut sent = table(&["sent again to", "entries"]);
            sent.add_row([destination.to_owned(), grouped(*entries)]);
            sent
        })?;
        Ok(Ended::Done)
    }
}
