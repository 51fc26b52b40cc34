//! What LinkedIn tells by itself: the challenge, the signature, the notifications.
//!
//! A notification of a comment does not say under which comment it stands, so it only says that a poll
//! is due; that a comment is gone, or that somebody mentioned the page, is taken from it. Delivered
//! twice, it has no second effect.

use std::collections::{BTreeMap, BTreeSet};

use bedside_model::Micros;

use super::message::{OF_A_NOTIFICATION, shared_item};
use super::poll::deleted;
use super::subscribe::Subscribe;
use super::urn::is_urn;
use crate::json::{self, Json, Wanted};
use crate::raw::Object;
use crate::subscription::{Asking, Wish};
use crate::webhook::{Webhooks, hmac_sha256, same_bytes};
use crate::{AccountView, Credentials, Delivery, DeliveryPart, Forged, Handshake, Incoming, ParseError, Query, Secret};

/// Stands before the body in what is signed.
const PREFIX: &[u8] = b"hmacsha256=";

/// What is read of a delivery.
const DELIVERY: Wanted = Wanted::Fields(&[(
    "notifications",
    Wanted::More(&OF_A_NOTIFICATION, &[("notificationId", Wanted::All), ("organizationalEntity", Wanted::All)]),
)]);

pub(super) struct Hooks;

impl Webhooks for Hooks {
    fn subscribe(&self, wish: Wish<'_>) -> Asking {
        Some(Subscribe::start(wish, false))
    }

    fn unsubscribe(&self, wish: Wish<'_>) -> Asking {
        Some(Subscribe::start(wish, true))
    }

    fn handshake(&self, account: &AccountView, query: &Query<'_>) -> Handshake {
        let Some(challenge) = query.get("challengeCode") else { return Handshake::NotOne };
        let Some(key) = key(account) else { return Handshake::Refused };
        let response = hex::encode(hmac_sha256(key.expose().as_bytes(), &[challenge.as_bytes()]));
        Handshake::Answer {
            content_type: "application/json",
            body: serde_json::json!({"challengeCode": challenge, "challengeResponse": response}).to_string(),
        }
    }

    fn verify(&self, account: &AccountView, delivery: &Incoming<'_>, _now: Micros) -> Result<(), Forged> {
        let key = key(account).ok_or(Forged("the account has no client secret"))?;
        let signature = delivery.header("x-li-signature").ok_or(Forged("there is no signature"))?;
        let signature = hex::decode(signature).map_err(|_| Forged("the signature is not hexadecimal"))?;
        let expected = hmac_sha256(key.expose().as_bytes(), &[PREFIX, delivery.body]);
        if same_bytes(&signature, &expected) { Ok(()) } else { Err(Forged("the signature does not fit the body")) }
    }

    fn read(&self, _account: &AccountView, body: &[u8]) -> Result<Delivery, ParseError> {
        let body = json::read(body, &DELIVERY).map_err(|e| ParseError::not_json(&e))?;
        let notifications = body.get("notifications").and_then(Json::as_list);
        let notifications =
            notifications.ok_or_else(|| ParseError::new("the delivery holds no list", "notifications"))?;
        let mut parts: BTreeMap<Option<String>, DeliveryPart> = BTreeMap::new();
        let mut told = BTreeSet::new();
        for notification in notifications {
            // It is a number or a text.
            let id = notification.get("notificationId").map(|id| Object::default().with("id", id).canonical());
            if id.is_some_and(|id| !told.insert(id)) {
                continue;
            }
            let owner = notification.text("organizationalEntity").filter(|urn| is_urn(urn));
            let owner = owner.map(str::to_owned);
            let part = parts.entry(owner.clone()).or_insert_with(|| DeliveryPart { owner, ..DeliveryPart::default() });
            match notification.text("action") {
                Some("COMMENT" | "ADMIN_COMMENT" | "COMMENT_EDIT") => part.poll_now = true,
                Some("COMMENT_DELETE") => part.gone.extend(deleted(notification)),
                Some("SHARE_MENTION" | "SHARE") => part.items.extend(shared_item(notification)),
                _ => {}
            }
        }
        Ok(Delivery { parts: parts.into_values().collect() })
    }
}

fn key(account: &AccountView) -> Option<&Secret> {
    match &account.credentials {
        Credentials::Oauth2(held) => Some(&held.client_secret).filter(|secret| !secret.is_empty()),
        _ => None,
    }
}
