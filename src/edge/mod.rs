//! The Worker: events and routes.
