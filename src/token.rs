//! Who asks: shoppers, and trusted callers with a bearer token.
//!
//! - [`Tokens`] is the configured tokens, as hashes; [`Scope`] is what one may do, [`Holder`] who
//!   has it.
//! - [`Caller`] is the outcome where shoppers may ask, too. A token that is wrong is refused: it
//!   never counts as none.

use crate::id::{PartnerId, ProgramId};
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
    /// Ask for codes, as a partner.
    Request,
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
            Scope::Request => "request",
        }
    }
}

/// The tokens of every program.
#[derive(Debug, Default)]
pub struct Tokens(BTreeMap<String, Vec<Token>>);

#[derive(Debug)]
struct Token {
    hash: ContentId,
    holder: Holder,
}

/// Who has a token, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// What the history of the catalogue calls whoever used it.
    pub name: String,
    /// The partner whose token it is.
    pub partner: Option<PartnerId>,
    scopes: Vec<Scope>,
}

/// Why a caller is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The header is no token of the program.
    Unknown,
    /// The token is not for this.
    OutOfScope {
        /// The scope that is asked for.
        needed: Scope,
    },
}

/// Why tokens cannot be read. Never quotes them.
#[derive(Debug)]
pub struct TokenError {
    /// What was expected.
    pub expected: String,
}

impl Tokens {
    /// Reads `{"<program>":[{"sha256":"<64 hexadecimal digits>","scopes":["credit"]}]}`; nothing
    /// means no tokens. An entry may carry the `name` of whoever has the token, and the id of the
    /// `partner` that it is.
    ///
    /// Only hashes are configured: whoever reads the configuration cannot use them. Tokens must be
    /// random, of 128 bits or more, because the hash is a fast one.
    ///
    /// # Errors
    ///
    /// [`TokenError`] when it is anything else.
    pub fn parse(json: &str) -> Result<Self, TokenError> {
        if json.trim().is_empty() {
            return Ok(Tokens::default());
        }
        let refused = || TokenError {
            expected: r#"{"<program>":[{"sha256":"<hex>","scopes":["credit"]}]}"#.to_owned(),
        };
        let programs: BTreeMap<String, Vec<Configured>> =
            serde_json::from_str(json).map_err(|_| refused())?;
        let tokens = |(program, list): (String, Vec<Configured>)| {
            let tokens = list.into_iter().map(Configured::token).collect::<Option<_>>()?;
            Some((program, tokens))
        };
        programs.into_iter().map(tokens).collect::<Option<_>>().map(Tokens).ok_or_else(refused)
    }

    /// Who sends this `Authorization` header about this program, where shoppers may ask, too.
    ///
    /// # Errors
    ///
    /// [`Denied`] when there is a header, but not with a token for this.
    pub fn caller(
        &self,
        program: &ProgramId,
        authorization: Option<&str>,
        needed: Scope,
    ) -> Result<Caller, Denied> {
        match authorization {
            None => Ok(Caller::Shopper),
            Some(_) => self.holder(program, authorization, needed).map(|_| Caller::Trusted),
        }
    }

    /// Who sends this `Authorization` header about this program.
    ///
    /// # Errors
    ///
    /// [`Denied`] when there is none, or not with a token for this.
    pub fn holder(
        &self,
        program: &ProgramId,
        authorization: Option<&str>,
        needed: Scope,
    ) -> Result<&Holder, Denied> {
        let known = authorization
            .and_then(bearer_token)
            .and_then(|token| self.find(program.as_str(), &ContentId::of(token.as_bytes())));
        let holder = known.ok_or(Denied::Unknown)?;
        if holder.may(needed) { Ok(holder) } else { Err(Denied::OutOfScope { needed }) }
    }

    /// The ids of the programs that this header opens for such a use, in order.
    #[must_use]
    pub fn programs(&self, authorization: Option<&str>, needed: Scope) -> Vec<&str> {
        let Some(token) = authorization.and_then(bearer_token) else { return Vec::new() };
        let hash = ContentId::of(token.as_bytes());
        let opens =
            |program: &&String| self.find(program, &hash).is_some_and(|holder| holder.may(needed));
        self.0.keys().filter(opens).map(String::as_str).collect()
    }

    /// Compares with every token of the program, in a time that does not depend on which one it is.
    fn find(&self, program: &str, hash: &ContentId) -> Option<&Holder> {
        let mut known = None;
        for token in self.0.get(program).map_or(&[][..], Vec::as_slice) {
            if equal_in_constant_time(&token.hash, hash) {
                known = Some(&token.holder);
            }
        }
        known
    }
}

impl Holder {
    /// Whether the token is for such a use.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

/// A token as it is configured.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Configured {
    sha256: String,
    scopes: Vec<Scope>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    partner: Option<String>,
}

impl Configured {
    fn token(self) -> Option<Token> {
        let partner = self.partner.map(|id| PartnerId::parse(&id)).transpose().ok()?;
        // The hash is no secret: the token cannot be had from it.
        let nameless = || format!("token {}", self.sha256.get(..8).unwrap_or_default());
        let name = self.name.unwrap_or_else(nameless);
        let hash = ContentId::parse(&self.sha256)?;
        Some(Token { hash, holder: Holder { name, partner, scopes: self.scopes } })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens {
        let hash = |token: &str| ContentId::of(token.as_bytes()).to_string();
        let (maria, ana) = (hash("maria"), hash("ana"));
        Tokens::parse(&format!(
            r#"{{"1":[{{"sha256":"{maria}","scopes":["admin"],"name":"Maria"}},
                     {{"sha256":"{ana}","scopes":["request"],"partner":"ana"}}],
                "2":[{{"sha256":"{maria}","scopes":["report"]}}]}}"#
        ))
        .unwrap()
    }

    #[track_caller]
    fn check(program: &str, authorization: Option<&str>, needed: Scope, expected: &str) {
        let program = ProgramId::parse(program).unwrap();
        let said = match tokens().holder(&program, authorization, needed) {
            Ok(Holder { name, partner, .. }) => format!("{name} {partner:?}"),
            Err(denied) => format!("{denied:?}"),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn a_token_is_of_one_program_and_for_some_uses() {
        check("1", Some("Bearer maria"), Scope::Admin, "Maria None");
        check("1", Some("bearer  maria "), Scope::Admin, "Maria None");
        check("1", Some("Bearer ana"), Scope::Admin, "OutOfScope { needed: Admin }");
        check("2", Some("Bearer maria"), Scope::Admin, "OutOfScope { needed: Admin }");
        check("3", Some("Bearer maria"), Scope::Admin, "Unknown");
        check("1", Some("Bearer nobody"), Scope::Admin, "Unknown");
        check("1", Some("Basic maria"), Scope::Admin, "Unknown");
        check("1", None, Scope::Admin, "Unknown");
    }

    #[test]
    fn a_token_without_a_name_goes_by_its_hash() {
        let hash = ContentId::of(b"ana").to_string();
        let expected = format!("token {} Some(\"ana\")", &hash[..8]);
        check("1", Some("Bearer ana"), Scope::Request, &expected);
    }

    #[test]
    fn a_token_opens_the_programs_that_have_it_for_such_a_use() {
        assert_eq!(tokens().programs(Some("Bearer maria"), Scope::Admin), ["1"]);
        assert_eq!(tokens().programs(Some("Bearer maria"), Scope::Report), ["2"]);
        assert!(tokens().programs(None, Scope::Admin).is_empty());
    }

    #[test]
    fn what_is_no_list_of_tokens_is_refused() {
        for json in ["[]", r#"{"1":[{"sha256":"1","scopes":[]}]}"#, r#"{"1":[{"scopes":[]}]}"#] {
            assert!(Tokens::parse(json).is_err(), "{json}");
        }
    }
}
