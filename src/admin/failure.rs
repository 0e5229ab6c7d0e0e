//! Everything that is no answer, and the problem document that says so.

use crate::catalog::{Complaint, Findings};
use crate::platform::env::SettingError;
use crate::platform::http;
use crate::token::{Denied, Scope};
use crate::wire::Problem;
use crate::wire::admin::{ConflictFacts, FaultFacts, Refusal};

use serde_json::Value;
use worker::{Response, console_error};

use std::fmt;

/// Everything that is no answer.
#[derive(Debug)]
pub enum Failure {
    /// There is no token of this program.
    Unauthenticated,
    /// The token is not for this.
    OutOfScope {
        /// The scope that is asked for.
        needed: Scope,
    },
    /// The request cannot be understood, or what it asks for cannot be kept: every fault of it.
    Faults(Vec<Complaint>),
    /// The body was cut off on its way.
    BodyCutOff,
    /// The body is larger than it may be.
    TooLarge {
        /// How many bytes it may have.
        size_max: usize,
    },
    /// Nothing is called by this path.
    UnknownPath,
    /// There is no such thing in the programme.
    Unknown {
        /// What kind of thing.
        entity: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// Somebody has edited it since it was read.
    VersionConflict {
        /// As it is now.
        current: Value,
    },
    /// Exact codes answer to the text at some of the time.
    CodeConflict {
        /// Which.
        conflicts: Vec<ConflictFacts>,
    },
    /// What is there stands against it.
    Conflict {
        /// The stable name of what does.
        name: &'static str,
        /// How.
        detail: String,
        /// What to do about it.
        remedy: String,
    },
    /// A publication stopped.
    Stopped {
        /// What failed.
        failed: String,
        /// What was expected.
        expected: String,
        /// What was there instead.
        got: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// A fold cannot come to its end with the codes that it is of.
    Unfoldable {
        /// Why.
        got: String,
    },
    /// The path exists, for other methods.
    MethodNotAllowed {
        /// The methods, as the `Allow` header lists them.
        allow: &'static str,
    },
    /// The Worker is not set up.
    Misconfigured(SettingError),
    /// The platform failed.
    Platform(worker::Error),
}

impl Failure {
    /// The problem document as a response; what no caller can mend is logged. `instance` is what
    /// was asked.
    ///
    /// # Errors
    ///
    /// When the platform refuses to make one.
    pub fn respond(self, instance: &str) -> worker::Result<Response> {
        if let Failure::Misconfigured(_) | Failure::Platform(_) = &self {
            console_error!("{instance}: {self:?}");
        }
        let header = match &self {
            Failure::Unauthenticated => Some(("www-authenticate", "Bearer".to_owned())),
            Failure::MethodNotAllowed { allow } => Some(("allow", (*allow).to_owned())),
            _ => None,
        };
        let mut refusal = self.refusal();
        refusal.problem.instance = Some(instance.to_owned());
        http::problem(refusal.problem.status, &refusal, header)
    }

    fn refusal(self) -> Refusal {
        match self {
            Failure::Faults(faults) => faulty(&faults),
            Failure::VersionConflict { current } => {
                let detail =
                    "somebody has edited it since it was read: `current` is what it is now";
                let title = "The version is not the last one";
                let problem = Problem::new(409, "version-conflict", title, detail.to_owned());
                Refusal { current: Some(current), ..Refusal::from(problem) }
            }
            Failure::CodeConflict { conflicts } => {
                let detail = "one code answers to a text at a time: rename one, or end the \
                              earlier one before the later one starts";
                let title = "Another code has the text at that time";
                let problem = Problem::new(409, "code-conflict", title, detail.to_owned());
                Refusal { conflicts, ..Refusal::from(problem) }
            }
            Failure::Conflict { name, detail, remedy } => {
                let problem = Problem::new(409, name, "What is there stands against it", detail);
                Refusal::from(Problem { remedy: Some(remedy), ..problem })
            }
            other => Refusal::from(other.document()),
        }
    }

    /// The failures that a sentence says all of; no other comes here.
    fn document(self) -> Problem {
        let (status, name, title, detail) = match self {
            Failure::Unauthenticated => (
                401,
                "unauthenticated",
                "The token is not known",
                "expected a bearer token of this program".to_owned(),
            ),
            Failure::OutOfScope { needed } => (
                403,
                "out-of-scope",
                "The token is not for this",
                format!("expected a token with the scope {}", needed.name()),
            ),
            Failure::UnknownPath => (
                404,
                "unknown-path",
                "Nothing is called by this path",
                "/openapi.json says what there is".to_owned(),
            ),
            Failure::BodyCutOff => {
                (400, "body-cut-off", "The body did not arrive whole", "send it again".to_owned())
            }
            Failure::TooLarge { size_max } => (
                413,
                "too-large",
                "The body is too large",
                format!("expected at most {size_max} bytes"),
            ),
            Failure::Unknown { entity, id } => (
                404,
                "unknown-entity",
                "There is no such thing",
                format!("expected the id of a {entity} of this program, got {id:?}"),
            ),
            Failure::MethodNotAllowed { allow } => (
                405,
                "method-not-allowed",
                "This path is for other methods",
                format!("expected {allow}"),
            ),
            Failure::Misconfigured(error) => {
                (500, "misconfigured", "The Worker is not set up", error.to_string())
            }
            Failure::Platform(error) => (500, "platform", "The platform failed", error.to_string()),
            other => (500, "platform", "The platform failed", other.to_string()),
        };
        Problem::new(status, name, title, detail)
    }
}

/// Says the first fault as every problem does, and all of them beside.
fn faulty(faults: &[Complaint]) -> Refusal {
    let title = "The request cannot be understood";
    let errors: Vec<FaultFacts> = faults.iter().map(FaultFacts::from).collect();
    let problem = match errors.first().cloned() {
        None => Problem::new(400, "bad-request", title, "it cannot be read".to_owned()),
        Some(FaultFacts { path, expected, got, remedy, .. }) => {
            let detail = format!("{path}: expected {expected}, got {got}: {remedy}");
            Problem {
                path: Some(path),
                expected: Some(expected),
                got: Some(got),
                remedy: Some(remedy),
                ..Problem::new(400, "bad-request", title, detail)
            }
        }
    };
    Refusal { errors, ..Refusal::from(problem) }
}

/// What an operator is told.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Stopped { failed, expected, got, remedy } => {
                write!(f, "{failed}: expected {expected}, got {got}: {remedy}")
            }
            Failure::Conflict { detail, remedy, .. } => write!(f, "{detail}: {remedy}"),
            Failure::Unfoldable { got } => write!(
                f,
                "folding the catalogue: expected codes that a snapshot can hold, got {got}: then \
                 the fold begins anew by itself"
            ),
            Failure::Misconfigured(error) => error.fmt(f),
            Failure::Platform(error) => error.fmt(f),
            other => write!(f, "{other:?}"),
        }
    }
}

impl From<Findings> for Failure {
    fn from(findings: Findings) -> Self {
        Failure::Faults(findings.complaints)
    }
}

impl From<Vec<Complaint>> for Failure {
    fn from(complaints: Vec<Complaint>) -> Self {
        Failure::Faults(complaints)
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

impl From<SettingError> for Failure {
    fn from(error: SettingError) -> Self {
        Failure::Misconfigured(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Failure::Platform(error.into())
    }
}

impl From<String> for Failure {
    fn from(said: String) -> Self {
        Failure::Platform(said.into())
    }
}

impl From<&str> for Failure {
    fn from(said: &str) -> Self {
        Failure::Platform(said.into())
    }
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
        Failure::Platform(error)
    }
}
