//! Who pushes: the tokens of OpenID Connect that Google signs (RS256), and the keys they are checked with.
//!
//! Google's keys change every few weeks. They stand in a JWK set (RFC 7517) at an address that never
//! changes; a new key is published before it is used.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedside_model::Micros;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde::{Deserialize, Serialize};

use crate::webhook::same_bytes;
use crate::{Forged, HttpResponse, NetError};

/// How far the clocks may differ.
const SKEW: Micros = 5 * 60 * SECOND;
const SECOND: Micros = 1_000_000;
/// How long keys are held before they are fetched again, whatever Google says.
const HELD: std::ops::RangeInclusive<i64> = 3_600..=86_400;
/// Who signs, in both forms that Google uses.
const ISSUERS: [&str; 2] = ["https://accounts.google.com", "accounts.google.com"];
/// A token of Google has below two thousand bytes.
const TOKEN_MAX: usize = 16_384;

/// The keys that an account holds, and when they are fetched again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Keys {
    keys: Vec<Key>,
    /// Microseconds UTC.
    #[serde(default)]
    pub until: Micros,
}

/// A public key, as a JWK.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Key {
    kid: String,
    kty: String,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
}

impl Keys {
    /// Reads a fetched set. Keys of other kinds are left out.
    pub fn fetched(response: &HttpResponse, now: Micros) -> Result<Self, NetError> {
        let at = || "keys".to_owned();
        let set = response.json()?;
        let all = set.get("keys").and_then(serde_json::Value::as_array);
        let all = all.ok_or_else(|| NetError::Malformed { what: "this is no set of keys", at: at() })?;
        let keys: Vec<Key> = all.iter().filter_map(|key| Key::deserialize(key).ok()).filter(Key::is_fit).collect();
        if keys.is_empty() {
            return Err(NetError::Malformed { what: "no key of the set can be used", at: at() });
        }
        let good_for = response.header("cache-control").and_then(max_age).unwrap_or(*HELD.start());
        Ok(Self { keys, until: now + good_for.clamp(*HELD.start(), *HELD.end()) * SECOND })
    }
}

impl Key {
    /// Whether tokens may be checked with it: RSA, for signatures, with no other method than RS256.
    fn is_fit(&self) -> bool {
        let is = |value: &Option<String>, wanted: &str| value.as_deref().is_none_or(|value| value == wanted);
        self.kty == "RSA" && is(&self.alg, "RS256") && is(&self.purpose, "sig") && !self.kid.is_empty()
    }

    fn holds(&self, signed: &[u8], signature: &[u8]) -> bool {
        let (Some(n), Some(e)) = (decoded(&self.n), decoded(&self.e)) else { return false };
        // The big-endian numbers of a JWK have no leading zero; one that has is read all the same.
        let n = n.iter().position(|&byte| byte != 0).map_or(&n[..0], |at| &n[at..]);
        RsaPublicKeyComponents { n, e: &e }.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok()
    }
}

/// `max-age` of a `Cache-Control` header, in seconds.
fn max_age(header: &str) -> Option<i64> {
    header.split(',').find_map(|part| part.trim().strip_prefix("max-age=")?.parse().ok())
}

/// What a token must say beside that Google signed it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// For whom it is.
    pub audience: Audience<'a>,
    /// Which service account pushes; `None` for any.
    pub email: Option<&'a str>,
}

/// For whom a token must be. Google signs tokens for everybody: one that names nobody proves nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Audience<'a> {
    /// For this, letter for letter.
    Named(&'a str),
    /// For an address whose last part is this secret: the address that is pushed to, which is what a token
    /// names where nobody chose an audience.
    Address {
        /// What only we know, and whom we told.
        secret: &'a str,
    },
}

impl Audience<'_> {
    fn is_meant_by(self, claimed: &str) -> bool {
        match self {
            Self::Named(name) => name == claimed,
            Self::Address { secret } => {
                let last = claimed.rsplit_once('/').map_or("", |(_, last)| last);
                !secret.is_empty() && same_bytes(last.as_bytes(), secret.as_bytes())
            }
        }
    }
}

#[derive(Deserialize)]
struct Header<'a> {
    alg: &'a str,
    kid: &'a str,
    /// Extensions that must be understood: none is.
    #[serde(default)]
    crit: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    email_verified: bool,
    exp: i64,
    #[serde(default)]
    iat: i64,
}

/// Whether Google signed the token, for us, by whom we expect, and not too long ago. Nothing of it is
/// believed before its signature holds.
pub(crate) fn verify(token: &str, keys: &Keys, expected: Expected<'_>, now: Micros) -> Result<(), Forged> {
    if token.len() > TOKEN_MAX {
        return Err(Forged("the token is too long"));
    }
    let unreadable = Forged("the push carries no token that can be read");
    let (signed, signature) = token.rsplit_once('.').ok_or(unreadable)?;
    let (header, claims) = signed.split_once('.').ok_or(unreadable)?;
    let (header, signature) = (decoded(header).ok_or(unreadable)?, decoded(signature).ok_or(unreadable)?);
    let header: Header<'_> = serde_json::from_slice(&header).map_err(|_| unreadable)?;
    if header.alg != "RS256" || header.crit.is_some() {
        return Err(Forged("the token is not signed by RS256"));
    }
    let key = keys.keys.iter().find(|key| key.kid == header.kid && key.is_fit());
    let key = key.ok_or(Forged("the token is signed with a key that is not known"))?;
    if !key.holds(signed.as_bytes(), &signature) {
        return Err(Forged("the signature of the token does not hold"));
    }
    let claims: Claims = serde_json::from_slice(&decoded(claims).ok_or(unreadable)?).map_err(|_| unreadable)?;
    let at = |seconds: i64| seconds.saturating_mul(SECOND);
    if !ISSUERS.contains(&claims.iss.as_str()) {
        Err(Forged("the token is of another issuer"))
    } else if !expected.audience.is_meant_by(&claims.aud) {
        Err(Forged(
            "the token is for another audience: leave the audience of the subscription empty, or name it in push_audience",
        ))
    } else if expected.email.is_some_and(|email| email != claims.email || !claims.email_verified) {
        Err(Forged("the token is of another service account"))
    } else if at(claims.exp).saturating_add(SKEW) < now {
        Err(Forged("the token has run out"))
    } else if at(claims.iat).saturating_sub(SKEW) > now {
        Err(Forged("the token is not valid yet"))
    } else {
        Ok(())
    }
}

/// Base64url without padding (RFC 7515, 2), in its one form.
fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
