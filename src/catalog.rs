//! Authored JSON to a checked catalogue.
