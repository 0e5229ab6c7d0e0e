//! The public question: may this code be used, and what is it worth?
