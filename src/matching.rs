//! Which promo code does a typed code mean?
