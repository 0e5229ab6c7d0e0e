//! The function as a program: JSON from standard input, JSON to standard output, what is wrong to
//! standard error.

use promo_edge::function;

use std::io::{Read, Write};
use std::process::ExitCode;

/// A run answers once and is over: nothing is worth freeing.
#[cfg(target_family = "wasm")]
#[global_allocator]
static MEMORY: lol_alloc::LockedAllocator<lol_alloc::LeakingAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::LeakingAllocator::new());

fn main() -> ExitCode {
    let mut input = String::new();
    let output = match std::io::stdin().read_to_string(&mut input) {
        Ok(_) => function::run(&input).map_err(|error| error.to_string()),
        Err(error) => Err(format!("the input cannot be read: {error}")),
    };
    let written = match output {
        Ok(output) => std::io::stdout().write_all(output.as_bytes()).map(|()| ExitCode::SUCCESS),
        Err(error) => writeln!(std::io::stderr(), "{error}").map(|()| ExitCode::FAILURE),
    };
    written.unwrap_or(ExitCode::FAILURE)
}
