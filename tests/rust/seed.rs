//! How many random cases, and from which seed.

use proptest::test_runner::{Config, RngSeed};

/// Another seed takes other ways: `PROPTEST_RNG_SEED=7 cargo test`.
const SEED: u64 = 20_260_615;

pub fn config(cases: u32) -> Config {
    let asked = Config::default();
    let seed = match asked.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => SEED,
    };
    println!("seed {seed}");
    let rng_seed = RngSeed::Fixed(seed);
    Config { cases, rng_seed, failure_persistence: None, ..asked }
}
