//! The face that a shopper's page loads.
