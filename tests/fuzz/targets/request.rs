//! Any bytes as a request: a question or a refusal, and a shopper may ask nothing that a trusted
//! caller may not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use promo_edge::wire::{Caller, ValidateRequest};

fuzz_target!(|body: &[u8]| {
    let shopper = ValidateRequest::parse(body, Caller::Shopper);
    let trusted = ValidateRequest::parse(body, Caller::Trusted);
    assert!(trusted.is_ok() || shopper.is_err());
});
