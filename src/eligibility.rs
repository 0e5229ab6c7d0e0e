//! Does this order qualify for a deal?
