//! `promo erase`: forget a customer.

use crate::Ended;
use crate::failure::Failure;
use crate::output::{Output, grouped, table};
use crate::remote::Remote;

use promo_edge::wire::EraseAnswer;

use serde_json::json;

use std::io::{IsTerminal, stdin};

/// Forget a customer: their hash goes from every order, every use of a code, and the reports
///
/// Orders, codes, credit and payouts stay; nobody can tell any more whose they were. It cannot be
/// undone. Repeat it when it fails half-way: what is forgotten stays so.
#[derive(Debug, clap::Args)]
pub struct Erase {
    /// Your own name for the customer, as orders had it: `customer_id`
    customer: String,
    /// Do not ask whether it is meant
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    output: Output,
}

impl Erase {
    pub fn run(&self) -> Result<Ended, Failure> {
        let worker = self.remote.open()?;
        if !self.yes && !confirmed(&self.customer, worker.url())? {
            eprintln!("nothing was forgotten");
            return Ok(Ended::No);
        }
        let asked = json!({ "customer_id": self.customer });
        let answer: EraseAnswer = worker.post("/v1/customers/erase", &asked)?;
        self.output.print(&answer, |EraseAnswer { orders, uses }| {
            let mut erased = table(&["forgotten in", ""]);
            erased.add_row(["orders".to_owned(), grouped(*orders)]);
            erased.add_row(["uses of codes".to_owned(), grouped(*uses)]);
            erased
        })?;
        Ok(Ended::Done)
    }
}

/// Asks the person at the terminal.
fn confirmed(customer: &str, url: &str) -> Result<bool, Failure> {
    if !stdin().is_terminal() {
        return Err(Failure::new("nobody is there to say whether it is meant").mend("add --yes"));
    }
    eprintln!("{url} will forget the customer {customer} for good. Type yes to go on:");
    let mut said = String::new();
    stdin().read_line(&mut said).map_err(Failure::new)?;
    Ok(said.trim() == "yes")
}
