//! Who may import whom.

/// The modules of each layer. Imports go from a later one to an earlier one.
pub const LAYERS: [(&str, &[&str]); 6] = [
    (
        "vocabulary",
        &[
            "check_symbol",
            "code",
            "deal",
            "id",
            "money",
            "order",
            "partner",
            "program",
            "rate",
            "reason",
            "time",
            "trace",
        ],
    ),
    ("snapshot", &["snapshot"]),
    (
        "questions",
        &[
            "crediting",
            "eligibility",
            "explain",
            "ledger",
            "matching",
            "payout",
            "quote",
            "redemption",
            "validation",
        ],
    ),
    (
        "rim",
        &[
            "audit",
            "catalog",
            "click_path",
            "customer",
            "function",
            "generate",
            "import",
            "keyed",
            "lint",
            "token",
            "upload",
            "webhook",
            "wire",
            "zone",
        ],
    ),
    ("platform", &["platform"]),
    ("adapters", &["browser", "desk", "public_codes", "validator", "edge", "admin", "bin"]),
];
