//! Bulk CSV to codes, every complaint located.
