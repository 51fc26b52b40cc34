//! Notices by Pub/Sub push (Business Profile Notifications API v1): a review is new or changed.
//!
//! **What is verified.** The secret part of the address, compared in constant time, and the JWT with which
//! Google says who pushes: its signature (RS256), its issuer, for whom it is, by whom, and its time. It is for
//! the address itself where the subscription names no audience, and for `push_audience` where that is set.
//! The keys for it are fetched and change by themselves; until there are any, nothing is believed. Google
//! signs nothing of the body; a notice carries no content and only makes us poll.
//!
//! Settings: `push_audience`, `push_email` (the service account that pushes; any where it is not set),
//! `push_keys_url` (Google's by default), `push_keys` (fetched).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedside_model::Micros;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use super::HOME;
use crate::google::identity::{self, Audience, Expected, Keys};
use crate::google::{oauth, refusal};
use crate::webhook::{Webhooks, same_bytes};
use crate::{
    AccountView, Delivery, DeliveryPart, Forged, Handshake, HttpRequest, HttpResponse, Incoming, Method, NetError,
    ParseError, Query,
};

/// Where Google's keys are.
const KEYS: &str = "https://www.googleapis.com/oauth2/v3/certs";

/// A subscription pushes without a token unless somebody turns it on.
const NO_TOKEN: Forged =
    Forged("the push carries no token: turn on authentication for the subscription, with a service account");

/// How Google's notices work.
pub(super) struct Hook;

impl Webhooks for Hook {
    /// Pub/Sub asks for no handshake.
    fn handshake(&self, _account: &AccountView, _query: &Query<'_>) -> Handshake {
        Handshake::NotOne
    }

    fn keys(&self, account: &AccountView, now: Micros) -> Option<Result<HttpRequest, NetError>> {
        let fresh = held(account).is_some_and(|keys| keys.until > now);
        (!fresh).then(|| keys_request(account))
    }

    fn keys_of(&self, response: &HttpResponse, now: Micros) -> Result<Map<String, Value>, NetError> {
        if !response.is_success() {
            return Err(refusal::refused(response));
        }
        let keys = serde_json::to_value(Keys::fetched(response, now)?).unwrap_or_default();
        Ok(Map::from_iter([("push_keys".to_owned(), keys)]))
    }

    fn verify(&self, account: &AccountView, delivery: &Incoming<'_>, now: Micros) -> Result<(), Forged> {
        let secret = account.hook_secret.expose();
        if secret.is_empty() {
            return Err(Forged("the address has no secret part"));
        }
        if !same_bytes(secret.as_bytes(), delivery.path_secret.as_bytes()) {
            return Err(Forged("the secret part of the address does not hold"));
        }
        let token = delivery.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let token = token.ok_or(NO_TOKEN)?;
        let keys = held(account).ok_or(Forged("the keys of the network are not known yet"))?;
        identity::verify(token, &keys, expected(account), now)
    }

    fn read(&self, account: &AccountView, body: &[u8]) -> Result<Delivery, ParseError> {
        let push: Push = serde_json::from_slice(body).map_err(|e| ParseError::not_json(&e))?;
        let data = STANDARD.decode(push.message.data.as_bytes());
        let data = data.map_err(|_| ParseError::new("the notice is not base64", "message.data"))?;
        let data: Value = serde_json::from_slice(&data).unwrap_or_default();
        let told = |names: &[&str]| {
            let of = |name: &&str| data.get(*name).or_else(|| push.message.attributes.get(*name))?.as_str();
            names.iter().find_map(of).map(str::to_owned)
        };
        // Version 4 and version 1 write the names of fields in two ways.
        let kind = told(&["notificationType", "notification_type", "type"]).unwrap_or_default();
        let review = told(&["reviewName", "review_name", "review"]);
        if review.is_none() && !matches!(kind.as_str(), "NEW_REVIEW" | "UPDATED_REVIEW") {
            return Ok(Delivery::default());
        }
        let about = review.or_else(|| told(&["locationName", "location_name", "location"])).unwrap_or_default();
        let part = DeliveryPart { owner: owner(account, &about), poll_now: true, ..DeliveryPart::default() };
        Ok(Delivery { parts: vec![part] })
    }
}

fn expected(account: &AccountView) -> Expected<'_> {
    let address = Audience::Address { secret: account.hook_secret.expose() };
    Expected {
        audience: account.setting("push_audience").map_or(address, Audience::Named),
        email: account.setting("push_email"),
    }
}

/// The keys that the account holds.
fn held(account: &AccountView) -> Option<Keys> {
    Keys::deserialize(account.config.get("push_keys")?).ok()
}

/// Asks for the keys: over TLS, or where the account's own API is. No token goes there.
fn keys_request(account: &AccountView) -> Result<HttpRequest, NetError> {
    let url = match account.setting("push_keys_url") {
        Some(url) => Url::parse(url).map_err(|_| NetError::Config { what: "push_keys_url is not an address" })?,
        None => oauth::at(HOME, &account.base_url, KEYS)?,
    };
    if url.scheme() != "https" && url.origin() != account.base_url.origin() {
        return Err(NetError::Config { what: "push_keys_url must be an https address" });
    }
    HttpRequest::new(Method::Get, url).header("accept", "application/json")
}

/// The account that a resource is of; `None` for the one whose address it is.
fn owner(account: &AccountView, resource: &str) -> Option<String> {
    let of = |name: &str| {
        let mut parts = name.split('/');
        (parts.next() == Some("accounts")).then(|| parts.next().map(str::to_owned)).flatten()
    };
    let theirs = of(resource)?;
    let ours = account.setting("account").or_else(|| account.setting("location")).and_then(of);
    (ours.is_some_and(|ours| ours != theirs)).then(|| format!("accounts/{theirs}"))
}

#[derive(Deserialize)]
struct Push {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    data: String,
    #[serde(default)]
    attributes: serde_json::Map<String, Value>,
}
