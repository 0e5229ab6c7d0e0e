//! The face that answers from a whole snapshot in Node or on a merchant's page.
