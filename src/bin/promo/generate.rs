//! `promo generate`: codes that nobody can guess.

use crate::Ended;
use crate::failure::Failure;
use crate::output::{grouped, written};
use crate::seeds::SeedFile;
use crate::terms::Terms;

use promo_edge::check_symbol::PLAIN;
use promo_edge::generate::{GUESSES_MIN, Generator, Odds, Plan, Words};
use promo_edge::upload::{Cells, Sheet};

use std::fs;
use std::io::{BufWriter, stdout};
use std::path::PathBuf;

/// Generate codes that nobody can guess, as bulk CSV for `promo build --codes`
#[derive(Debug, clap::Args)]
pub struct Generate {
    /// What a code looks like; each # is a symbol, such as SUMMER-####-####
    #[arg(long)]
    pattern: String,
    /// How many codes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: u64,
    /// File with the secret that they are made from; made on first use
    #[arg(long, value_name = "FILE")]
    seed_file: PathBuf,
    /// Serial number of the first code: what the last call said is next
    #[arg(long, value_name = "SERIAL", default_value_t = 0)]
    from: u64,
    /// Another name gives other codes of the same pattern
    #[arg(long, value_name = "NAME", default_value = "")]
    campaign: String,
    /// Symbols to choose from; by default none of 0 O 1 I L 2 Z 5 S U, which are misread
    #[arg(long, value_name = "SYMBOLS", default_value = PLAIN)]
    alphabet: String,
    /// Make the last # a check symbol (ISO/IEC 7064), which tells mistyped codes
    #[arg(long)]
    check_symbol: bool,
    /// More words that no code may have in it, one a line
    #[arg(long, value_name = "FILE")]
    bad_words: Option<PathBuf>,
    /// Refuse when more than one guess in so many would succeed
    #[arg(long, value_name = "GUESSES", default_value_t = GUESSES_MIN, value_parser = guesses)]
    density: u128,
    #[command(flatten)]
    terms: Terms,
}

impl Generate {
    pub fn run(&self) -> Result<Ended, Failure> {
        let plan = Plan::new(&self.pattern, &self.alphabet, self.check_symbol)
            .map_err(|error| Failure::new(error.reason).at(&self.pattern).mend(error.remedy))?;
        self.terms.check_dates()?;
        let words = self.words(&plan)?;
        // Those issued before can be guessed as well.
        let issued = u128::from(self.from) + u128::from(self.count);
        let odds = Odds { codes: issued, space: plan.space() };
        if odds.guesses() < self.density {
            return Err(self.too_dense(odds));
        }
        let secret = SeedFile(&self.seed_file).secret_or_new()?;
        let next = self.write(&plan.generator(&secret, &self.campaign, &words))?;
        eprintln!("odds: one guess in {} succeeds ({odds})", grouped(odds.guesses()));
        eprintln!("next: --from {next} goes on where this ended");
        Ok(Ended::Done)
    }

    /// Writes the codes and says which serial number is next.
    fn write(&self, generator: &Generator<'_>) -> Result<u128, Failure> {
        let mut sheet = Sheet::new(BufWriter::new(stdout().lock())).map_err(Failure::new)?;
        let credit_rule = self.terms.owner.credit_rule();
        let cells = self.terms.cells(&credit_rule);
        let (mut next, mut count) = (u128::from(self.from), 0);
        for (serial, code) in
            generator.codes(next).take(usize::try_from(self.count).unwrap_or(usize::MAX))
        {
            written(sheet.row(&Cells { promo_code: &code, ..cells }))?;
            (next, count) = (serial + 1, count + 1);
        }
        written(sheet.finish())?;
        if count < self.count {
            let what = format!("the pattern had only {count} codes left");
            return Err(Failure::new(what).at(&self.pattern).mend("add a `#`"));
        }
        Ok(next)
    }

    fn words(&self, plan: &Plan) -> Result<Words, Failure> {
        let own = self
            .bad_words
            .as_ref()
            .map(|path| fs::read_to_string(path).map_err(|error| Failure::file(path, &error)));
        let mut words = Words::with(&own.transpose()?.unwrap_or_default());
        for word in words.allow_in(&plan.literal()) {
            eprintln!("warning: {}: every code says {word:?}", self.pattern);
        }
        Ok(words)
    }

    fn too_dense(&self, odds: Odds) -> Failure {
        let places = odds.places_missing(self.density, self.alphabet.chars().count());
        let what = match odds.guesses() {
            0 => format!("the pattern stands for only {} codes", odds.space),
            guesses => format!("one guess in {} would succeed: {odds}", grouped(guesses)),
        };
        let floor = grouped(self.density);
        let mend = format!(
            "add {places} more `#` to the pattern; --density allows more than one in {floor}"
        );
        Failure::new(what).at(&self.pattern).mend(mend)
    }
}

/// A number of guesses: at least one.
fn guesses(text: &str) -> Result<u128, String> {
    let guesses = text.parse().ok().filter(|&guesses| guesses > 0);
    guesses.ok_or_else(|| format!("expected a number from 1 on, got {text}"))
}
