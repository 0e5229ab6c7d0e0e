//! The `promo` command: catalogues in, snapshots out, and questions about them.

mod audit;
mod build;
mod check;
mod comparison;
mod credit;
mod decisions;
mod diff;
mod erase;
mod explain;
mod failure;
mod folder;
mod generate;
mod import;
mod inputs;
mod inspect;
mod instant;
mod keys;
mod kv;
mod lint;
mod orders;
mod output;
mod progress;
mod publish;
mod redecision;
mod remote;
mod replay;
mod resend;
mod schema;
mod seeds;
mod sweep;
mod template;
mod terms;
mod verify;

use clap::{Parser, Subcommand};

use std::process::ExitCode;

/// Compile, look at and publish promo codes, and keep the ledger of their orders.
///
/// Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 the
/// answer is no, 2 the call or its input is wrong.
#[derive(Debug, Parser)]
#[command(name = "promo", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Build(build::Build),
    Inspect(inspect::Inspect),
    Verify(verify::Verify),
    Diff(diff::Diff),
    Check(check::Check),
    Credit(credit::Credit),
    Replay(replay::Replay),
    Lint(lint::Lint),
    Explain(explain::Explain),
    Generate(generate::Generate),
    Import(import::Import),
    Publish(publish::Publish),
    Audit(audit::Audit),
    Erase(erase::Erase),
    Resend(resend::Resend),
    Schema(schema::Schema),
    Template(template::Template),
}

/// How a verb ended when nothing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// It is done, or the answer is yes.
    Done,
    /// The answer is no.
    No,
}

fn main() -> ExitCode {
    let ended = match Cli::parse().verb {
        Verb::Build(verb) => verb.run(),
        Verb::Inspect(verb) => verb.run(),
        Verb::Verify(verb) => verb.run(),
        Verb::Diff(verb) => verb.run(),
        Verb::Check(verb) => verb.run(),
        Verb::Credit(verb) => verb.run(),
        Verb::Replay(verb) => verb.run(),
        Verb::Lint(verb) => verb.run(),
        Verb::Explain(verb) => verb.run(),
        Verb::Generate(verb) => verb.run(),
        Verb::Import(verb) => verb.run(),
        Verb::Publish(verb) => verb.run(),
        Verb::Audit(verb) => verb.run(),
        Verb::Erase(verb) => verb.run(),
        Verb::Resend(verb) => verb.run(),
        Verb::Schema(verb) => verb.run(),
        Verb::Template(verb) => verb.run(),
    };
    match ended {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::No) => ExitCode::from(1),
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}
