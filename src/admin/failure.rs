//! Everything that is no answer, and the problem document that says so.

use crate::platform::env::SettingError;
use crate::platform::http;
use crate::token::{Denied, Scope};
use crate::wire::Problem;

use worker::{Response, console_error};

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
    /// Nothing is called by this path.
    UnknownPath,
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
        let problem = Problem { instance: Some(instance.to_owned()), ..self.document() };
        http::problem(&problem, header)
    }

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
        };
        Problem::new(status, name, title, detail)
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
