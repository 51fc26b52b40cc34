//! What an account tells by itself: comments on its media, and mentions.

use bedside_model::Micros;
use serde_json::{Value, json};

use super::message::{self, Mention};
use crate::meta::{self, By, Change, Object, Subscribe, id_of, text};
use crate::subscription::{Asking, Wish};
use crate::webhook::Webhooks;
use crate::{AccountView, Delivery, Forged, Handshake, Incoming, ParseError, Query, time};

/// What we want to be told of.
const FIELDS: [&str; 3] = ["comments", "live_comments", "mentions"];

/// The webhooks of Instagram accounts.
pub(super) struct Hooks;

/// Through Instagram's own login the account passes on its events; else its page does, for which any field of the
/// page will do.
fn object(account: &AccountView) -> Object {
    let whole = Object { name: "instagram", fields: &FIELDS, passed_on: &FIELDS, by: By::Itself };
    if meta::by_instagram_login(&account.base_url) {
        whole
    } else {
        Object { passed_on: &["feed"], by: By::Page, ..whole }
    }
}

impl Webhooks for Hooks {
    fn subscribe(&self, wish: Wish<'_>) -> Asking {
        Some(Subscribe::start(wish, object(wish.account), false))
    }

    fn unsubscribe(&self, wish: Wish<'_>) -> Asking {
        Some(Subscribe::start(wish, object(wish.account), true))
    }

    fn handshake(&self, account: &AccountView, query: &Query<'_>) -> Handshake {
        meta::handshake(account, query)
    }

    fn verify(&self, account: &AccountView, delivery: &Incoming<'_>, _now: Micros) -> Result<(), Forged> {
        meta::verify(account, delivery)
    }

    fn read(&self, _account: &AccountView, body: &[u8]) -> Result<Delivery, ParseError> {
        let mut delivery = Delivery::default();
        for change in meta::entries(body, "instagram")? {
            let (item, poll_now) = match change.field.as_str() {
                "comments" | "live_comments" => (comment(&change), false),
                // What was said only a poll can tell.
                "mentions" => (mention(&change), true),
                _ => continue,
            };
            let poll_now = poll_now || item.is_none();
            let part = meta::part_of(&mut delivery, change.owner);
            part.items.extend(item);
            part.poll_now |= poll_now;
        }
        Ok(delivery)
    }
}

fn comment(change: &Change) -> Option<crate::RawItem> {
    let value = &change.value;
    let mut served = json!({"id": id_of(value, "id")?, "text": text(value, "text").unwrap_or_default()});
    if let Some(from) = value.get("from") {
        served["from"] = from.clone();
        served["username"] = from.get("username").cloned().unwrap_or_default();
    }
    if let Some(parent) = id_of(value, "parent_id") {
        served["parent_id"] = parent.into();
    }
    if let Some(sent) = sent(change) {
        served["timestamp"] = sent.into();
    }
    let media = value.get("media").and_then(|media| id_of(media, "id"));
    Some(message::comment(served, &media.map_or(Value::Null, |id| json!({"id": id}))))
}

fn mention(change: &Change) -> Option<crate::RawItem> {
    let (media, comment) = (id_of(&change.value, "media_id")?, id_of(&change.value, "comment_id"));
    let mention = Mention { media: &media, comment: comment.as_deref() };
    let served = sent(change).map_or_else(|| json!({}), |sent| json!({"timestamp": sent}));
    Mention::of(&mention.native_id()).map(|mention| message::mention(&mention, served))
}

/// A change does not say when it happened; it is told within seconds.
fn sent(change: &Change) -> Option<String> {
    Some(time::to_rfc3339_seconds(change.at?))
}
