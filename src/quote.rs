//! What is a deal worth on an order?
