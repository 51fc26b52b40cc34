//! What Facebook and Instagram share: the Graph API.
//!
//! One transport (versioned paths, a token in the header and never in an address, a proof that the
//! application's secret is known), one form of lists, one form of errors, one signature, one way to
//! tokens. A poll is the same sweep for both: list the *places* (posts, conversations, pictures),
//! read what stands under those that changed, then look again at what is watched.
//!
//! The version is configuration (`api_version`, such as `v26.0`), and so is the host: an account
//! whose address is elsewhere (an emulator, a proxy) finds everything there.

mod error;
mod figures;
mod grant;
mod hook;
mod list;
mod readback;
mod subscribe;
mod sweep;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use bedside_model::Micros;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::webhook::hmac_sha256;
use crate::{AccountView, Credentials, HttpRequest, Method, NetError, time};

/// Text that is borrowed from the body where nothing in it is escaped.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

pub(crate) use error::{classify, outcome, reason, refused, spoken};
pub(crate) use figures::{Insight, insights};
pub(crate) use grant::{Exchange, Flow, Offered, beside, dialog, inspection};
pub(crate) use hook::{Change, entries, handshake, part_of, verify};
pub(crate) use list::{Next, list, nested};
pub(crate) use readback::{Search, Sought};
pub(crate) use subscribe::{By, Object, Subscribe};
pub(crate) use sweep::{Again, Family, Part, Place, Sweep, Taken};

/// The version that is spoken where none is configured.
pub(crate) const VERSION: &str = "v26.0";
/// Where the Graph API is, for pages and for Instagram accounts connected through a page.
pub(crate) const FACEBOOK: &str = "https://graph.facebook.com/";
/// Where the Graph API is for Instagram accounts connected by themselves.
pub(crate) const INSTAGRAM: &str = "https://graph.instagram.com/";
/// What is answered to an id that cannot be one: ids become paths.
pub(crate) const NOT_AN_ID: NetError = NetError::Config { what: "the id is not one of the Graph API" };

/// A request that reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Get {
    /// The path below the version.
    pub path: String,
    /// The parameters.
    pub query: Vec<(&'static str, String)>,
}

impl Get {
    /// Reads these fields of an object, or of the objects on an edge.
    pub(crate) fn fields(path: impl Into<String>, fields: &str) -> Self {
        Self { path: path.into(), query: vec![("fields", fields.to_owned())] }
    }

    /// With a further parameter.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// The request itself.
    pub(crate) fn request(&self, account: &AccountView) -> Result<HttpRequest, NetError> {
        let mut url = endpoint(account, &account.base_url, &self.path)?;
        url.query_pairs_mut().extend_pairs(self.query.iter().map(|(name, value)| (*name, value.as_str())));
        signed(account, Method::Get, url)
    }
}

/// A request that changes something: form fields on an object or an edge.
pub(crate) fn post(account: &AccountView, path: &str, fields: &[(&str, &str)]) -> Result<HttpRequest, NetError> {
    Ok(signed(account, Method::Post, endpoint(account, &account.base_url, path)?)?.form(fields))
}

/// A request that deletes an object.
pub(crate) fn delete(account: &AccountView, path: &str) -> Result<HttpRequest, NetError> {
    signed(account, Method::Delete, endpoint(account, &account.base_url, path)?)
}

/// The address of a path below the version, on a root of the same network.
pub(crate) fn endpoint(account: &AccountView, root: &Url, path: &str) -> Result<Url, NetError> {
    versioned(root, account.api_version(VERSION), path)
}

fn versioned(root: &Url, version: &str, path: &str) -> Result<Url, NetError> {
    let is_version = version.len() <= 8
        && version.strip_prefix('v').is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
    if !is_version {
        return Err(NetError::Config { what: "api_version must have the form v26.0" });
    }
    let mut url = root.clone();
    url.set_query(None);
    url.set_fragment(None);
    let mut segments =
        url.path_segments_mut().map_err(|()| NetError::Config { what: "the address of the network has no path" })?;
    segments.pop_if_empty().push(version).extend(path.split('/'));
    drop(segments);
    Ok(url)
}

/// Adds the token, and the proof that we know the secret of the application it was given to.
///
/// The proof is HMAC-SHA-256 over the token, keyed with the secret ("Securing Graph API requests").
/// The host of Instagram's own login does not ask for one.
pub(crate) fn signed(account: &AccountView, method: Method, mut url: Url) -> Result<HttpRequest, NetError> {
    let Some(token) = account.credentials.bearer() else {
        return Err(NetError::Config { what: "the account has no access token: authorise it" });
    };
    if let Credentials::Oauth2(held) = &account.credentials
        && !held.client_secret.is_empty()
        && !by_instagram_login(&account.base_url)
    {
        let proof = hmac_sha256(held.client_secret.expose().as_bytes(), &[token.expose().as_bytes()]);
        url.query_pairs_mut().append_pair("appsecret_proof", &hex::encode(proof));
    }
    if url.query() == Some("") {
        url.set_query(None);
    }
    HttpRequest::new(method, url).header("accept", "application/json")?.authorised(&account.credentials)
}

/// Whether the root is that of Instagram's own login.
pub(crate) fn by_instagram_login(root: &Url) -> bool {
    Url::parse(INSTAGRAM).is_ok_and(|instagram| instagram.origin() == root.origin())
}

/// An id of an object: digits, and an underscore where it is of two parts. Ids become paths.
pub(crate) fn object_id(id: &str) -> Result<&str, NetError> {
    let well_formed = !id.is_empty()
        && id.len() <= 128
        && id.split('_').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if well_formed { Ok(id) } else { Err(NOT_AN_ID) }
}

/// The account's own id.
pub(crate) fn own_id(account: &AccountView) -> Result<&str, NetError> {
    let own = account.own_native_id.as_deref().filter(|own| !own.is_empty());
    object_id(own.ok_or(NetError::Config { what: "whose account this is is not known: run its self-test" })?)
}

/// A date as the Graph API writes it: `2026-11-24T10:00:00+0000`, or seconds in webhooks.
pub(crate) fn date(value: &Value) -> Option<Micros> {
    match value {
        Value::Number(seconds) => seconds.as_i64().and_then(|seconds| seconds.checked_mul(1_000_000)),
        Value::String(text) => date_text(text),
        _ => None,
    }
}

/// A date in text. Its offset has no colon, as RFC 3339 would want it.
pub(crate) fn date_text(text: &str) -> Option<Micros> {
    time::rfc3339(text).or_else(|| {
        let sign = text.len().checked_sub(5).filter(|&at| text.is_char_boundary(at))?;
        let (instant, offset) = text.split_at(sign);
        let digits = offset.strip_prefix(['+', '-'])?;
        let (hours, minutes) = digits.split_at_checked(2)?;
        time::rfc3339(&format!("{instant}{}{hours}:{minutes}", offset.get(..1)?))
    })
}

/// A text field that holds something.
pub(crate) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// An id, which some webhooks write as a number.
pub(crate) fn id_of(object: &Value, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}
