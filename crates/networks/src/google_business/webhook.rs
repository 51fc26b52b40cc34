//! Notices by Pub/Sub push (Business Profile Notifications API v1): a review is new or changed.
//!
//! **What is verified and what is not.** Google signs a push with a JWT (RS256) whose keys change and
//! must be fetched; a connector fetches nothing, so that signature is *not* checked. What protects the
//! address is its secret part, compared in constant time: give the whole address to the subscription
//! and to nobody else. Where `push_audience` or `push_email` are set, the claims of the JWT must say the
//! same and must not have run out, which finds subscriptions that were mixed up and stops nobody who
//! knows the address. A notice carries no content and only makes us poll, so a forged one costs a poll.
//!
//! Settings: `push_audience`, `push_email` (the service account that pushes).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bedside_model::Micros;
use serde::Deserialize;
use serde_json::Value;

use crate::webhook::{Webhooks, same_bytes};
use crate::{AccountView, Delivery, DeliveryPart, Forged, Handshake, Incoming, ParseError, Query};

/// How far the clocks may differ.
const SKEW: Micros = 5 * 60 * 1_000_000;

/// How Google's notices work.
pub(super) struct Hook;

impl Webhooks for Hook {
    /// Pub/Sub asks for no handshake.
    fn handshake(&self, _account: &AccountView, _query: &Query<'_>) -> Handshake {
        Handshake::NotOne
    }

    fn verify(&self, account: &AccountView, delivery: &Incoming<'_>, now: Micros) -> Result<(), Forged> {
        let secret = account.hook_secret.expose();
        if secret.is_empty() {
            return Err(Forged("the address has no secret part"));
        }
        if !same_bytes(secret.as_bytes(), delivery.path_secret.as_bytes()) {
            return Err(Forged("the secret part of the address does not hold"));
        }
        let (audience, email) = (account.setting("push_audience"), account.setting("push_email"));
        if audience.is_none() && email.is_none() {
            return Ok(());
        }
        let token = delivery.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let claims = token.and_then(claims).ok_or(Forged("the push carries no token that can be read"))?;
        if audience.is_some_and(|audience| audience != claims.aud) {
            return Err(Forged("the token is for another audience"));
        }
        if email.is_some_and(|email| email != claims.email || !claims.email_verified) {
            return Err(Forged("the token is of another service account"));
        }
        if claims.exp.saturating_mul(1_000_000).saturating_add(SKEW) < now {
            return Err(Forged("the token has run out"));
        }
        Ok(())
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

#[derive(Deserialize)]
struct Claims {
    aud: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    email_verified: bool,
    exp: i64,
}

/// The claims of a JWT, whose signature is not looked at.
fn claims(token: &str) -> Option<Claims> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
