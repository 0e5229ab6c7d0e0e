//! Everything that is no answer, and the problem document that says so.
//!
//! - [`Failure`] is why; one `match` gives each its status.

use super::http::BODY_SIZE_MAX;
use super::ledger::Outcome;
use super::settings::SettingError;
use super::snapshots::Trouble;
use crate::ledger::Field;
use crate::platform::http;
use crate::snapshot::SnapshotError;
use crate::token::{Denied, Scope};
use crate::wire::{BadRequest, EntryError, Problem, Undecided};

use worker::{Response, console_error};

/// When to ask again after too many requests: the longer of the two periods that the platform
/// counts over.
const RATE_RETRY_AFTER_S: u32 = 60;

/// When to ask again while there is no snapshot: a publication takes about that long.
const SNAPSHOT_RETRY_AFTER_S: u32 = 5;

/// When to ask the ledger again: an object that was moved or restarted is back within that.
const LEDGER_RETRY_AFTER_S: u32 = 1;

/// Everything that is no answer.
#[derive(Debug)]
pub enum Failure {
    /// The request cannot be understood.
    BadRequest(BadRequest),
    /// The body was cut off on its way.
    BodyCutOff,
    /// There is an `Authorization` header, but not with a token of this program.
    Unauthenticated,
    /// The token is not for this.
    OutOfScope {
        /// The scope that is asked for.
        needed: Scope,
    },
    /// No program is configured for this host.
    UnknownHost,
    /// Nothing is called by this path.
    UnknownPath,
    /// The path exists, for other methods.
    MethodNotAllowed {
        /// The methods, as the `Allow` header lists them.
        allow: &'static str,
    },
    /// The body is larger than [`BODY_SIZE_MAX`].
    TooLarge,
    /// This address has asked too often.
    TooMany,
    /// No snapshot can be used, and none was before.
    NoSnapshot(Trouble),
    /// An order of this name is recorded otherwise.
    OrderExists(Box<Outcome>),
    /// No order of this name is recorded.
    UnknownOrder,
    /// An order is not adjusted: it has been reversed, or would be worth more than it is.
    NotAdjusted {
        /// The stable name of what stands against it.
        outcome: String,
        /// The amount that is too large.
        field: Option<String>,
    },
    /// The ledger does not answer. Whether it heard is not known; it can be asked again.
    LedgerUnavailable(worker::Error),
    /// The shop behind the Worker does not answer.
    ShopUnreachable(worker::Error),
    /// The Worker is not set up.
    Misconfigured(SettingError),
    /// The platform failed.
    Platform(worker::Error),
}

impl Failure {
    /// The document that tells the caller; what no caller can mend is logged. `instance` is what
    /// was asked.
    #[must_use]
    pub fn problem(self, instance: &str) -> Problem {
        if let Some(said) = self.report() {
            console_error!("{instance}: {said}");
        }
        Problem { instance: Some(instance.to_owned()), ..self.document() }
    }

    fn document(self) -> Problem {
        let (status, name, title, detail) = match self {
            Failure::BadRequest(bad) => return bad.problem(),
            Failure::BodyCutOff => {
                (400, "body-cut-off", "The body did not arrive whole", "send it again".to_owned())
            }
            Failure::Unauthenticated => (
                401,
                "unauthenticated",
                "The token is not known",
                "expected a bearer token of this program, or no header where shoppers may ask"
                    .to_owned(),
            ),
            Failure::OutOfScope { needed } => (
                403,
                "out-of-scope",
                "The token is not for this",
                format!("expected a token with the scope {}", needed.name()),
            ),
            Failure::UnknownHost => (
                404,
                "unknown-host",
                "No program answers at this host",
                "the Worker's setting PROGRAMS says which hosts there are".to_owned(),
            ),
            Failure::UnknownPath => (
                404,
                "unknown-path",
                "Nothing is called by this path",
                "/openapi.json says what there is".to_owned(),
            ),
            Failure::MethodNotAllowed { allow } => (
                405,
                "method-not-allowed",
                "This path is for other methods",
                format!("expected {allow}"),
            ),
            Failure::TooLarge => (
                413,
                "too-large",
                "The body is too large",
                format!("expected at most {BODY_SIZE_MAX} bytes"),
            ),
            Failure::TooMany => (
                429,
                "too-many-requests",
                "This address asks too often",
                format!("ask again in {RATE_RETRY_AFTER_S} seconds"),
            ),
            Failure::NoSnapshot(trouble) => {
                (503, "no-snapshot", "There is no snapshot to answer from", trouble.to_string())
            }
            Failure::ShopUnreachable(_) => (
                502,
                "shop-unreachable",
                "The shop does not answer",
                "nothing is known of what became of the request".to_owned(),
            ),
            Failure::OrderExists(_)
            | Failure::UnknownOrder
            | Failure::NotAdjusted { .. }
            | Failure::LedgerUnavailable(_) => return self.document_of_ledger(),
            Failure::Misconfigured(error) => {
                (500, "misconfigured", "The Worker is not set up", error.to_string())
            }
            Failure::Platform(error) => (500, "platform", "The platform failed", error.to_string()),
        };
        Problem::new(status, name, title, detail)
    }

    /// The ledger's failures; no other comes here.
    fn document_of_ledger(self) -> Problem {
        match self {
            Failure::OrderExists(outcome) => order_exists(*outcome),
            Failure::NotAdjusted { outcome, field } => not_adjusted(&outcome, field),
            Failure::UnknownOrder => Problem::new(
                404,
                "unknown-order",
                "No such order is recorded",
                "record it by POST /v1/credit first, and name it with its event type".to_owned(),
            ),
            _ => Problem::new(
                503,
                "ledger-unavailable",
                "The ledger does not answer",
                "send the same again: what was recorded is not recorded twice".to_owned(),
            ),
        }
    }

    /// What the operator is to be told of: what no caller can mend.
    fn report(&self) -> Option<String> {
        match self {
            Failure::NoSnapshot(trouble) => Some(trouble.to_string()),
            Failure::Misconfigured(error) => Some(error.to_string()),
            Failure::ShopUnreachable(error)
            | Failure::LedgerUnavailable(error)
            | Failure::Platform(error) => Some(error.to_string()),
            _ => None,
        }
    }

    /// A header that goes with the status.
    fn header(&self) -> Option<(&'static str, String)> {
        match self {
            Failure::Unauthenticated => Some(("www-authenticate", "Bearer".to_owned())),
            Failure::MethodNotAllowed { allow } => Some(("allow", (*allow).to_owned())),
            Failure::TooMany => Some(("retry-after", RATE_RETRY_AFTER_S.to_string())),
            Failure::NoSnapshot(_) => Some(("retry-after", SNAPSHOT_RETRY_AFTER_S.to_string())),
            Failure::LedgerUnavailable(_) => {
                Some(("retry-after", LEDGER_RETRY_AFTER_S.to_string()))
            }
            _ => None,
        }
    }

    /// The problem document as a response.
    ///
    /// # Errors
    ///
    /// When the platform refuses to make one.
    pub fn respond(self, path: &str) -> worker::Result<Response> {
        let header = self.header();
        let problem = self.problem(path);
        http::problem(problem.status, &problem, header)
    }
}

fn order_exists(Outcome { outcome, field, recorded, claimed, .. }: Outcome) -> Problem {
    let said = |said: Option<String>| said.unwrap_or_else(|| "nothing".to_owned());
    let field = field.unwrap_or_default();
    let (recorded, claimed) = if field == Field::CustomerId.name() {
        // They are hashes: nobody is told which customer has which.
        (Some("the customer of before".to_owned()), Some("another".to_owned()))
    } else {
        (recorded, claimed)
    };
    let detail = format!("{outcome}: an order is recorded once, as it was first sent");
    let remedy = "send the order as it was, or give another order another order_id";
    Problem {
        path: Some(field),
        expected: Some(said(recorded)),
        got: Some(said(claimed)),
        remedy: Some(remedy.to_owned()),
        ..Problem::new(409, "order-exists", "The order is recorded otherwise", detail)
    }
}

fn not_adjusted(outcome: &str, field: Option<String>) -> Problem {
    let (detail, remedy) = match field {
        None => ("it has been reversed: nothing is left to refund", None),
        Some(_) => (
            "it would be worth more than it is: a refund leaves less, and an older one that comes \
             late is not repeated",
            Some("send what is left of the order after all refunds so far"),
        ),
    };
    Problem {
        path: field,
        remedy: remedy.map(str::to_owned),
        ..Problem::new(
            409,
            "not-adjusted",
            "The order is not adjusted",
            format!("{outcome}: {detail}"),
        )
    }
}

impl From<EntryError> for Failure {
    fn from(error: EntryError) -> Self {
        Failure::Platform(error.to_string().into())
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unknown => Failure::Unauthenticated,
            Denied::OutOfScope { needed } => Failure::OutOfScope { needed },
        }
    }
}

impl From<BadRequest> for Failure {
    fn from(bad: BadRequest) -> Self {
        Failure::BadRequest(bad)
    }
}

impl From<Undecided> for Failure {
    fn from(undecided: Undecided) -> Self {
        match undecided {
            Undecided::BadRequest(bad) => Failure::BadRequest(bad),
            Undecided::Unreadable(error) => error.into(),
        }
    }
}

impl From<SettingError> for Failure {
    fn from(error: SettingError) -> Self {
        Failure::Misconfigured(error)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Failure::NoSnapshot(trouble)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Failure::Platform(error.into())
    }
}

impl From<SnapshotError> for Failure {
    fn from(error: SnapshotError) -> Self {
        Failure::NoSnapshot(Trouble::Unreadable(error))
    }
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
        Failure::Platform(error)
    }
}
