//! What X tells by itself: the challenge (CRC), the signature, the events.
//!
//! Three shapes come to the same address. The X Activity API and filtered streams carry posts as the
//! API serves them: they become items. The older Account Activity API carries posts in the form of
//! version 1.1, which names no conversation: it only says that a poll is due.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedside_model::Micros;

use super::item::{INCLUDES, Includes, KEPT, post_item};
use super::subscribe::Subscribe;
use super::{is_id, message};
use crate::json::{self, Json, Wanted};
use crate::subscription::{Asking, Wish};
use crate::webhook::{Webhooks, hmac_sha256, same_bytes};
use crate::{AccountView, Credentials, Delivery, DeliveryPart, Forged, Handshake, Incoming, ParseError, Query, Secret};

/// What is read of a delivery of any shape.
const DELIVERY: Wanted = Wanted::Fields(&[
    (
        "data",
        Wanted::More(
            &KEPT,
            &[
                ("event_type", Wanted::All),
                ("filter", Wanted::Fields(&[("user_id", Wanted::All)])),
                ("includes", INCLUDES),
                ("payload", KEPT),
            ],
        ),
    ),
    ("direct_message_events", Wanted::Fields(&[])),
    ("for_user_id", Wanted::All),
    ("includes", INCLUDES),
    ("tweet_create_events", Wanted::Fields(&[])),
    ("tweet_delete_events", Wanted::Fields(&[("status", Wanted::Fields(&[("id", Wanted::All)]))])),
]);

pub(super) struct Hooks;

impl Webhooks for Hooks {
    fn subscribe(&self, wish: Wish<'_>) -> Asking {
        Some(Subscribe::start(wish, false))
    }

    fn unsubscribe(&self, wish: Wish<'_>) -> Asking {
        Some(Subscribe::start(wish, true))
    }

    fn handshake(&self, account: &AccountView, query: &Query<'_>) -> Handshake {
        let Some(token) = query.get("crc_token") else { return Handshake::NotOne };
        let Some(key) = key(account) else { return Handshake::Refused };
        let mac = STANDARD.encode(hmac_sha256(key.expose().as_bytes(), &[token.as_bytes()]));
        Handshake::Answer {
            content_type: "application/json",
            body: serde_json::json!({"response_token": format!("sha256={mac}")}).to_string(),
        }
    }

    fn verify(&self, account: &AccountView, delivery: &Incoming<'_>, _now: Micros) -> Result<(), Forged> {
        let key = key(account).ok_or(Forged("the account has no consumer secret"))?;
        let signature = delivery.header("x-twitter-webhooks-signature").ok_or(Forged("there is no signature"))?;
        let signature = signature.strip_prefix("sha256=").ok_or(Forged("the signature is of another kind"))?;
        let signature = STANDARD.decode(signature).map_err(|_| Forged("the signature is not base64"))?;
        let expected = hmac_sha256(key.expose().as_bytes(), &[delivery.body]);
        if same_bytes(&signature, &expected) { Ok(()) } else { Err(Forged("the signature does not fit the body")) }
    }

    fn read(&self, account: &AccountView, body: &[u8]) -> Result<Delivery, ParseError> {
        let body = json::read(body, &DELIVERY).map_err(|e| ParseError::not_json(&e))?;
        if !body.is_object() {
            return Err(ParseError::new("the delivery is not an object", "the top level"));
        }
        let part = match body.get("data") {
            Some(data) if data.get("event_type").is_some() => activity(account, data),
            Some(post) => stream(account, post, &Includes::of(&body)),
            None => account_activity(&body),
        };
        Ok(Delivery { parts: vec![part] })
    }
}

/// The secret that signs: the application's consumer secret.
fn key(account: &AccountView) -> Option<&Secret> {
    match &account.credentials {
        Credentials::Oauth1 { consumer_secret, .. } => Some(consumer_secret),
        Credentials::Oauth2(held) => Some(&held.client_secret),
        _ => None,
    }
    .filter(|secret| !secret.is_empty())
}

/// An event of the X Activity API.
fn activity(account: &AccountView, event: &Json<'_>) -> DeliveryPart {
    let kind = event.text("event_type").unwrap_or_default();
    let owner = event.get("filter").and_then(|filter| filter.text("user_id"));
    let owner = owner.filter(|id| is_id(id)).map(str::to_owned);
    let payload = event.get("payload").unwrap_or(&Json::Null);
    let part = match kind {
        "post.create" | "post.mention.create" => stream(account, payload, &Includes::of(event)),
        "post.delete" => DeliveryPart { gone: id(payload).into_iter().collect(), ..DeliveryPart::default() },
        "dm.received" | "dm.sent" => poll_now(),
        _ => DeliveryPart::default(),
    };
    DeliveryPart { owner, ..part }
}

/// A post as the API serves it. One of which the thread cannot be told is left to the poll.
fn stream(account: &AccountView, post: &Json<'_>, includes: &Includes<'_>) -> DeliveryPart {
    let item = post_item(post, includes);
    let whole = post.get("conversation_id").is_some() && message::parse(account, &item.kind, &item.body).is_ok();
    if whole { DeliveryPart { items: vec![item], ..DeliveryPart::default() } } else { poll_now() }
}

/// A delivery of the Account Activity API.
fn account_activity(body: &Json<'_>) -> DeliveryPart {
    let owner = body.text("for_user_id").filter(|id| is_id(id));
    let gone = body.elements("tweet_delete_events").filter_map(|event| id(event.get("status")?)).collect();
    let news = ["tweet_create_events", "direct_message_events"].iter().any(|name| body.elements(name).next().is_some());
    DeliveryPart { owner: owner.map(str::to_owned), gone, poll_now: news, ..DeliveryPart::default() }
}

fn poll_now() -> DeliveryPart {
    DeliveryPart { poll_now: true, ..DeliveryPart::default() }
}

fn id(post: &Json<'_>) -> Option<String> {
    post.text("id").filter(|id| is_id(id)).map(str::to_owned)
}
