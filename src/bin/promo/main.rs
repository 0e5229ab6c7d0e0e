//! The `promo` command.

fn main() {}
