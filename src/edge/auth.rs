//! Who asks: shoppers, and trusted callers with a bearer token.
//!
//! - [`Tokens`] is the configured tokens, as hashes; [`Scope`] is what one may do.
//! - [`Caller`](crate::wire::Caller) is the outcome. A token that is wrong is refused: it never
//!   counts as none.

use super::failure::Failure;
use crate::id::ProgramId;
use crate::snapshot::ContentId;
use crate::wire::Caller;

use serde::Deserialize;

use std::collections::BTreeMap;
use std::hint::black_box;

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Ask as the merchant, and have orders credited.
    Credit,
    /// Name the partner to be credited.
    Force,
    /// Change the catalogue.
    Admin,
    /// Read reports.
    Report,
}

impl Scope {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scope::Credit => "credit",
            Scope::Force => "force",
            Scope::Admin => "admin",
            Scope::Report => "report",
        }
    }
}

/// The tokens of every program.
#[derive(Debug, Default)]
pub struct Tokens(BTreeMap<String, Vec<Token>>);

#[derive(Debug)]
struct Token {
    hash: ContentId,
    scopes: Vec<Scope>,
}

/// Why tokens cannot be read. Never quotes them.
#[derive(Debug)]
pub struct TokenError {
    /// What was expected.
    pub expected: String,
}

impl Tokens {
    /// Reads `{"<program>":[{"sha256":"<64 hexadecimal digits>","scopes":["credit"]}]}`; nothing
    /// means no tokens.
    ///
    /// Only hashes are configured: whoever reads the configuration cannot use them. Tokens must be
    /// random, of 128 bits or more, because the hash is a fast one.
    ///
    /// # Errors
    ///
    /// [`TokenError`] when it is anything else.
    pub fn parse(json: &str) -> Result<Self, TokenError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Configured {
            sha256: String,
            scopes: Vec<Scope>,
        }
        if json.trim().is_empty() {
            return Ok(Tokens::default());
        }
        let refused = || TokenError {
            expected: r#"{"<program>":[{"sha256":"<hex>","scopes":["credit"]}]}"#.to_owned(),
        };
        let programs: BTreeMap<String, Vec<Configured>> =
            serde_json::from_str(json).map_err(|_| refused())?;
        let token = |Configured { sha256, scopes }| {
            Some(Token { hash: ContentId::parse(&sha256)?, scopes })
        };
        let tokens = |(program, list): (String, Vec<Configured>)| {
            Some((program, list.into_iter().map(token).collect::<Option<Vec<_>>>()?))
        };
        programs.into_iter().map(tokens).collect::<Option<_>>().map(Tokens).ok_or_else(refused)
    }

    /// Who sends this `Authorization` header about this program.
    ///
    /// # Errors
    ///
    /// [`Failure::Unauthenticated`] when the header is not a token of the program;
    /// [`Failure::OutOfScope`] when the token is not for this.
    pub fn caller(
        &self,
        program: &ProgramId,
        authorization: Option<&str>,
        needed: Scope,
    ) -> Result<Caller, Failure> {
        let Some(authorization) = authorization else { return Ok(Caller::Shopper) };
        let scopes = bearer_token(authorization)
            .and_then(|token| self.scopes_of(program, token))
            .ok_or(Failure::Unauthenticated)?;
        if scopes.contains(&needed) {
            Ok(Caller::Trusted)
        } else {
            Err(Failure::OutOfScope { needed })
        }
    }

    /// Compares with every token of the program, in a time that does not depend on which one it is.
    fn scopes_of(&self, program: &ProgramId, token: &str) -> Option<&[Scope]> {
        let hash = ContentId::of(token.as_bytes());
        let mut known = None;
        for token in self.0.get(program.as_str()).map_or(&[][..], Vec::as_slice) {
            if equal_in_constant_time(&token.hash, &hash) {
                known = Some(token.scopes.as_slice());
            }
        }
        known
    }
}

/// RFC 6750: the scheme in any case, then the token.
fn bearer_token(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn equal_in_constant_time(a: &ContentId, b: &ContentId) -> bool {
    let pairs = a.0.iter().zip(&b.0);
    black_box(pairs.fold(0, |difference, (a, b)| difference | (a ^ b))) == 0
}
