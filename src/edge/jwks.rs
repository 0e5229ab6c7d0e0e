//! The keys that receipts are signed with: JWK Sets (RFC 7517) of Ed25519 keys (RFC 8037).
//!
//! - [`KeySets`] is what is configured, [`KeySet`] one program's part of it.
//! - [`KeySet::document`] is what everybody may read, [`KeySet::sign`] writes a compact JWS.

use crate::id::ProgramId;
use crate::snapshot::ContentId;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use std::collections::{BTreeMap, BTreeSet};

/// The signature algorithm's name: RFC 8037's, which every JOSE library knows.
const ALGORITHM: &str = "EdDSA";
const KEY_TYPE: &str = "OKP";
const CURVE: &str = "Ed25519";

/// The keys of every program.
#[derive(Debug)]
pub struct KeySets {
    by_program: BTreeMap<String, KeySet>,
    /// Of every other program.
    shared: KeySet,
}

/// The keys of one program.
#[derive(Debug)]
pub struct KeySet {
    signing: Option<SigningJwk>,
    document: Vec<u8>,
    id: ContentId,
}

/// Why keys cannot be read. Never quotes them.
#[derive(Debug)]
pub struct KeySetError {
    /// What was expected.
    pub expected: String,
}

#[derive(Debug)]
struct SigningJwk {
    kid: String,
    key: SigningKey,
}

/// A key as it is configured. Fields that are not named here mean nothing to us (RFC 7517, 4).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    d: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
}

/// A key as it is published.
#[derive(Serialize)]
struct PublicJwk {
    kty: &'static str,
    crv: &'static str,
    x: String,
    kid: String,
    alg: &'static str,
    #[serde(rename = "use")]
    purpose: &'static str,
}

impl KeySets {
    /// Reads one JWK Set for all programs, or a JSON object from program id to JWK Set; nothing
    /// means no keys.
    ///
    /// The first key that has its private half `d` signs, all are published. A key without `kid` is
    /// called by its thumbprint (RFC 7638).
    ///
    /// # Errors
    ///
    /// [`KeySetError`] when it is anything else, or a set names two keys alike.
    pub fn parse(json: &str) -> Result<Self, KeySetError> {
        let none = || KeySet::new(Vec::new());
        if json.trim().is_empty() {
            return Ok(KeySets { by_program: BTreeMap::new(), shared: none()? });
        }
        let configured: Map<String, Value> = serde_json::from_str(json)
            .map_err(|_| expected("a JWK Set, or a JSON object from program id to JWK Set"))?;
        if configured.get("keys").is_some_and(Value::is_array) {
            let shared = KeySet::read(Value::Object(configured))?;
            return Ok(KeySets { by_program: BTreeMap::new(), shared });
        }
        let entry = |(program, set)| Ok((program, KeySet::read(set)?));
        let by_program = configured.into_iter().map(entry).collect::<Result<_, _>>()?;
        Ok(KeySets { by_program, shared: none()? })
    }

    /// The keys of a program; it may have none.
    #[must_use]
    pub fn of(&self, program: &ProgramId) -> &KeySet {
        self.by_program.get(program.as_str()).unwrap_or(&self.shared)
    }
}

impl KeySet {
    fn read(set: Value) -> Result<Self, KeySetError> {
        #[derive(Deserialize)]
        struct JwkSet {
            keys: Vec<Jwk>,
        }
        let JwkSet { keys } = serde_json::from_value(set).map_err(|_| {
            expected(r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"<public>","d":"<private>"}]}"#)
        })?;
        KeySet::new(keys)
    }

    fn new(keys: Vec<Jwk>) -> Result<Self, KeySetError> {
        let mut signing = None;
        let mut published: Vec<PublicJwk> = Vec::new();
        let mut kids = BTreeSet::new();
        for (index, jwk) in keys.into_iter().enumerate() {
            let (public, private) = jwk.read().map_err(|KeySetError { expected }| KeySetError {
                expected: format!("keys[{index}] to have {expected}"),
            })?;
            if !kids.insert(public.kid.clone()) {
                return Err(expected("every key to have a `kid` of its own"));
            }
            let kid = public.kid.clone();
            signing = signing.or(private.map(|key| SigningJwk { kid, key }));
            published.push(public);
        }
        let document = serde_json::to_vec(&json!({ "keys": published }))
            .map_err(|_| expected("keys that can be published"))?;
        Ok(KeySet { signing, id: ContentId::of(&document), document })
    }

    /// The public halves, as a JWK Set.
    #[must_use]
    pub fn document(&self) -> &[u8] {
        &self.document
    }

    /// Names the content of the document.
    #[must_use]
    pub fn id(&self) -> &ContentId {
        &self.id
    }

    /// Whether one of the keys signs.
    #[must_use]
    pub fn can_sign(&self) -> bool {
        self.signing.is_some()
    }

    /// Signs a payload as a compact JWS (RFC 7515, 7.1); `None` when no key signs. `kind` is the
    /// media type of the whole, without `application/`.
    ///
    /// # Errors
    ///
    /// When the payload cannot be written as JSON.
    pub fn sign<T: Serialize>(
        &self,
        kind: &str,
        payload: &T,
    ) -> Result<Option<String>, serde_json::Error> {
        let Some(SigningJwk { kid, key }) = &self.signing else { return Ok(None) };
        let header = json!({ "alg": ALGORITHM, "kid": kid, "typ": kind });
        let header = BASE64.encode(serde_json::to_vec(&header)?);
        let payload = BASE64.encode(serde_json::to_vec(payload)?);
        let input = format!("{header}.{payload}");
        let signature = BASE64.encode(key.sign(input.as_bytes()).to_bytes());
        Ok(Some(format!("{input}.{signature}")))
    }
}

impl Jwk {
    /// The half to publish and, if it is there, the half that signs.
    fn read(self) -> Result<(PublicJwk, Option<SigningKey>), KeySetError> {
        if self.kty != KEY_TYPE || self.crv != CURVE {
            return Err(expected("`kty` OKP and `crv` Ed25519"));
        }
        if self.alg.is_some_and(|alg| alg != ALGORITHM && alg != CURVE) {
            return Err(expected("no `alg` but EdDSA"));
        }
        if self.purpose.is_some_and(|purpose| purpose != "sig") {
            return Err(expected("no `use` but sig"));
        }
        let public = decode(&self.x)
            .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
            .ok_or_else(|| expected("a public key of 32 bytes in base64url as `x`"))?;
        let private = match self.d {
            Some(d) => {
                Some(decode(&d).map(|seed| SigningKey::from_bytes(&seed)).ok_or_else(|| {
                    expected("a private key of 32 bytes in base64url as `d`, or none")
                })?)
            }
            None => None,
        };
        if private.as_ref().is_some_and(|private| private.verifying_key() != public) {
            return Err(expected("the public half of its `d` as `x`"));
        }
        let kid = self.kid.filter(|kid| !kid.is_empty()).unwrap_or_else(|| thumbprint(&self.x));
        let published =
            PublicJwk { kty: KEY_TYPE, crv: CURVE, x: self.x, kid, alg: ALGORITHM, purpose: "sig" };
        Ok((published, private))
    }
}

/// RFC 7638: SHA-256 of the members that make the key, in the order of their names.
fn thumbprint(x: &str) -> String {
    let members = format!(r#"{{"crv":"{CURVE}","kty":"{KEY_TYPE}","x":"{x}"}}"#);
    BASE64.encode(ContentId::of(members.as_bytes()).0)
}

fn decode(text: &str) -> Option<[u8; 32]> {
    BASE64.decode(text).ok()?.try_into().ok()
}

fn expected(what: &str) -> KeySetError {
    KeySetError { expected: what.to_owned() }
}
