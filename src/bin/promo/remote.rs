//! A deployed Worker, asked over HTTP.

use crate::failure::Failure;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use ureq::http::{Response, Uri};
use ureq::{Agent, Body};

use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

/// Largest answer that is read, in bytes: a page of the largest orders.
const ANSWER_SIZE_MAX: u64 = 128 << 20;

/// How often something is asked that the Worker cannot answer just now.
const ATTEMPTS: u32 = 5;

/// The longest wait between two of them.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Which Worker, and who asks it.
#[derive(Debug, clap::Args)]
pub struct Remote {
    /// Where the Worker answers, such as https://shop.example
    #[arg(long, value_parser = parse_url)]
    url: Url,
    /// File with a token of the scope `admin`
    #[arg(long, env = "PROMO_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
}

/// An address that a token may be sent to.
#[derive(Debug, Clone)]
struct Url {
    text: String,
    is_loopback: bool,
}

/// A Worker that can be asked.
#[derive(Debug)]
pub struct Worker {
    agent: Agent,
    url: String,
    authorization: String,
}

/// What the Worker says when it does not do as it is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    title: String,
    detail: String,
    remedy: Option<String>,
}

impl Remote {
    /// Gets ready to ask; asks nothing yet.
    pub fn open(&self) -> Result<Worker, Failure> {
        let token = self.token()?;
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            // What is meant for one server is not told to another.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .user_agent(concat!("promo-edge/", env!("CARGO_PKG_VERSION")));
        if self.url.is_loopback {
            config = config.proxy(None);
        }
        Ok(Worker {
            agent: config.build().into(),
            url: self.url.text.clone(),
            authorization: format!("Bearer {token}"),
        })
    }

    fn token(&self) -> Result<String, Failure> {
        let remedy =
            "--token-file or $PROMO_TOKEN_FILE names a file with nothing in it but a token";
        let missing = || Failure::new("expected a file with a token, got none").mend(remedy);
        let path = self.token_file.as_ref().ok_or_else(missing)?;
        let text = fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
        let token = text.trim();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            let failure =
                Failure::new("expected one token of visible characters, got another text");
            return Err(failure.at(path.display()).mend(remedy));
        }
        Ok(token.to_owned())
    }
}

impl Worker {
    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Reads something.
    pub fn get<A: DeserializeOwned>(
        &self,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> Result<A, Failure> {
        self.ask(path, || {
            let asking = self.agent.get(format!("{}{path}", self.url));
            let asking = asking.header("authorization", &self.authorization);
            asking.query_pairs(parameters.iter().copied()).call()
        })
    }

    /// Has something done that can be asked for again.
    pub fn post<A: DeserializeOwned>(
        &self,
        path: &str,
        question: &impl Serialize,
    ) -> Result<A, Failure> {
        let question = serde_json::to_vec(question).map_err(Failure::new)?;
        self.ask(path, || {
            let asking = self.agent.post(format!("{}{path}", self.url));
            let asking = asking.header("authorization", &self.authorization);
            asking.header("content-type", "application/json").send(&question)
        })
    }

    fn ask<A: DeserializeOwned>(
        &self,
        path: &str,
        asking: impl Fn() -> Result<Response<Body>, ureq::Error>,
    ) -> Result<A, Failure> {
        let place = format!("{}{path}", self.url);
        let mut attempt = 1;
        let (status, body) = loop {
            let answered = asking().map_err(|error| {
                Failure::new(error).at(&place).mend("--url names where the Worker answers")
            })?;
            let (status, wait) = (answered.status().as_u16(), wait_after(&answered));
            let body = answered.into_body().into_with_config().limit(ANSWER_SIZE_MAX).read_to_vec();
            match wait.filter(|_| attempt < ATTEMPTS) {
                None => break (status, body.map_err(|error| Failure::new(error).at(&place))?),
                Some(wait) => sleep(wait),
            }
            attempt += 1;
        };
        if status != 200 {
            return Err(refused(status, &body).at(place));
        }
        serde_json::from_slice(&body).map_err(|error| {
            Failure::new(format_args!("expected an answer of the Worker's, got: {error}"))
                .at(place)
                .mend("the command and the Worker must be of one version")
        })
    }
}

/// When to ask again; `None` when that would say nothing new.
fn wait_after(answered: &Response<Body>) -> Option<Duration> {
    if !matches!(answered.status().as_u16(), 429 | 503) {
        return None;
    }
    let seconds = answered.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds).min(WAIT_MAX))
}

fn refused(status: u16, body: &[u8]) -> Failure {
    let Ok(Problem { title, detail, remedy }) = serde_json::from_slice(body) else {
        let failure = Failure::new(format_args!("expected status 200, got {status}"));
        return failure.mend("--url names where the Worker answers, without a path");
    };
    let failure = Failure::new(format_args!("{title}: {detail} (status {status})"));
    match (remedy, status) {
        (Some(remedy), _) => failure.mend(remedy),
        (None, 401 | 403) => {
            failure.mend("the Worker's setting TOKENS says which tokens there are")
        }
        (None, 404) => {
            failure.mend("--url names a host of the program, and its Worker this version")
        }
        (None, _) => failure,
    }
}

/// Reads an address: https, or http to this machine itself. A token is sent nowhere else.
fn parse_url(text: &str) -> Result<Url, String> {
    let expected = || format!("expected an address such as https://shop.example, got {text}");
    let uri: Uri = text.parse().map_err(|_| expected())?;
    let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(expected)?;
    let is_plain = uri.query().is_none() && !text.contains(['@', '#']);
    let is_loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    match uri.scheme_str() {
        Some("https") if is_plain => {}
        Some("http") if is_plain && is_loopback => {}
        Some("http") if is_plain => {
            return Err(format!("expected https, since a token is sent, got {text}"));
        }
        _ => return Err(expected()),
    }
    Ok(Url { text: text.trim_end_matches('/').to_owned(), is_loopback })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_nowhere_in_plain_text() {
        let parsed = |text| parse_url(text).map(|url| (url.text, url.is_loopback));
        let taken = |text: &str, is_loopback| Ok((text.to_owned(), is_loopback));
        assert_eq!(parsed("https://shop.example/"), taken("https://shop.example", false));
        assert_eq!(parsed("http://localhost:8787"), taken("http://localhost:8787", true));
        assert_eq!(parsed("http://127.0.0.1:1"), taken("http://127.0.0.1:1", true));
        let refused = [
            "http://shop.example",
            "http://localhost.shop.example",
            "http://localhost@shop.example",
            "ftp://shop.example",
            "shop.example",
            "https://",
            "https://shop.example/?a=1",
            "",
        ];
        for text in refused {
            assert!(parsed(text).is_err(), "{text}");
        }
    }
}
