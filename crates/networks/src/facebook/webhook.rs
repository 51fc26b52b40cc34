//! What a page tells by itself: comments, posts, mentions, recommendations and messages.
//!
//! A delivery is turned into the form in which a poll is served the same thing, so that both give the
//! same item. What a delivery leaves out (the text of something that was hidden) only a poll can tell.

use bedside_model::Micros;
use serde_json::{Map, Value, json};

use super::message;
use crate::meta::{self, By, Change, Object, Subscribe, id_of, text};
use crate::subscription::{Asking, Wish};
use crate::webhook::Webhooks;
use crate::{AccountView, Delivery, Forged, Handshake, Incoming, ParseError, Query, RawItem, time};

/// What the application must be subscribed to on a page, and what to say where it is not.
pub(super) const FIELDS: [(&str, &str); 6] = [
    ("feed", "Facebook does not tell us of new comments: subscribe the page to the field feed"),
    ("mention", "Facebook does not tell us of mentions: subscribe the page to the field mention"),
    ("ratings", "Facebook does not tell us of recommendations: subscribe the page to the field ratings"),
    ("messages", "Facebook does not tell us of private messages: subscribe the page to the field messages"),
    (
        "messaging_postbacks",
        "Facebook does not tell us when somebody presses Get started: subscribe the page to the field \
         messaging_postbacks",
    ),
    (
        "message_echoes",
        "Facebook does not tell us what colleagues answer elsewhere: subscribe the page to the field message_echoes",
    ),
];

const NAMES: [&str; FIELDS.len()] = {
    let mut names = [""; FIELDS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = FIELDS[at].0;
        at += 1;
    }
    names
};

const OBJECT: Object = Object { name: "page", fields: &NAMES, passed_on: &NAMES, by: By::Itself };

/// The webhooks of pages.
pub(super) struct Hooks;

impl Webhooks for Hooks {
    fn subscribe(&self, wish: Wish<'_>) -> Asking {
        Some(Subscribe::start(wish, OBJECT, false))
    }

    fn unsubscribe(&self, wish: Wish<'_>) -> Asking {
        Some(Subscribe::start(wish, OBJECT, true))
    }

    fn handshake(&self, account: &AccountView, query: &Query<'_>) -> Handshake {
        meta::handshake(account, query)
    }

    fn verify(&self, account: &AccountView, delivery: &Incoming<'_>, _now: Micros) -> Result<(), Forged> {
        meta::verify(account, delivery)
    }

    fn read(&self, _account: &AccountView, body: &[u8]) -> Result<Delivery, ParseError> {
        let mut delivery = Delivery::default();
        for change in meta::entries(body, "page")? {
            let told = told(&change);
            let part = meta::part_of(&mut delivery, change.owner);
            match told {
                Told::Item(item) => part.items.push(item),
                Told::Gone(id) => part.gone.push(id),
                Told::Nothing => {}
                Told::Something => part.poll_now = true,
            }
        }
        Ok(delivery)
    }
}

/// What a change tells.
enum Told {
    Item(RawItem),
    Gone(String),
    /// Nothing that we want to know: a reaction, a delivery receipt.
    Nothing,
    /// Something that only a poll can tell.
    Something,
}

fn told(change: &Change) -> Told {
    let value = &change.value;
    match (change.field.as_str(), text(value, "item").unwrap_or_default()) {
        ("messaging", _) => private(&change.owner, value),
        ("feed" | "ratings" | "mention", "comment") => comment(value),
        ("ratings", "rating" | "") => recommendation(value),
        ("feed", "reaction" | "like" | "event" | "ratings" | "rating") | ("ratings", _) => Told::Nothing,
        ("feed" | "mention", _) => post(&change.owner, value),
        _ => Told::Nothing,
    }
}

fn comment(value: &Value) -> Told {
    let Some(id) = id_of(value, "comment_id") else { return Told::Something };
    let verb = text(value, "verb").unwrap_or("add");
    if matches!(verb, "remove" | "delete") {
        return Told::Gone(id);
    }
    if text(value, "message").is_none() && verb != "add" {
        return Told::Something;
    }
    let post = id_of(value, "post_id").or_else(|| id_of(value, "open_graph_story_id"));
    let mut served = common(value, id, verb);
    let parent = id_of(value, "parent_id").filter(|parent| Some(parent) != post.as_ref());
    if let Some(parent) = parent {
        served.insert("parent".to_owned(), json!({"id": parent}));
    }
    let post = post.map(|post| {
        let address = value.get("post").and_then(|post| text(post, "permalink_url"));
        address.map_or_else(|| json!({"id": post}), |address| json!({"id": post, "permalink_url": address}))
    });
    Told::Item(message::comment(Value::Object(served), post.as_ref()))
}

/// Somebody's post. What the page posts itself is no message to us.
fn post(owner: &str, value: &Value) -> Told {
    let Some(id) = id_of(value, "post_id") else { return Told::Something };
    let verb = text(value, "verb").unwrap_or("add");
    if matches!(verb, "remove" | "delete") {
        return Told::Gone(id);
    }
    let author = author(value);
    match author.as_ref().and_then(|author| text(author, "id")) {
        Some(author) if author == owner => return Told::Nothing,
        Some(_) => {}
        None => return Told::Something,
    }
    if text(value, "message").is_none() && verb != "add" {
        return Told::Something;
    }
    Told::Item(message::post(Value::Object(common(value, id, verb))))
}

fn recommendation(value: &Value) -> Told {
    let Some(story) = id_of(value, "open_graph_story_id") else { return Told::Something };
    if matches!(text(value, "verb"), Some("remove" | "delete")) {
        return Told::Gone(story);
    }
    let mut served = json!({"open_graph_story": {"id": story}});
    for name in ["recommendation_type", "review_text", "rating"] {
        if let Some(field) = value.get(name) {
            served[name] = field.clone();
        }
    }
    if let Some(reviewer) = id_of(value, "reviewer_id") {
        served["reviewer"] = json!({"id": reviewer, "name": text(value, "reviewer_name").unwrap_or_default()});
    }
    if let Some(date) = created(value.get("created_time")) {
        served["created_time"] = date.into();
    }
    Told::Item(message::recommendation(served))
}

/// A message of the Messenger platform: somebody's, an echo of ours, or a pressed button ("Get
/// started"), whose title is what the person said.
fn private(owner: &str, value: &Value) -> Told {
    let party = |name: &str| value.get(name).and_then(|party| id_of(party, "id"));
    let (Some(from), Some(to)) = (party("sender"), party("recipient")) else { return Told::Nothing };
    let said = value.get("message").map(|said| (said, "text"));
    let Some((said, field)) = said.or_else(|| value.get("postback").map(|said| (said, "title"))) else {
        return Told::Nothing;
    };
    let Some(id) = id_of(said, "mid") else { return Told::Something };
    if said.get("is_deleted").and_then(Value::as_bool) == Some(true) {
        return Told::Gone(id);
    }
    let with = if from == owner { to } else { from.clone() };
    let mut served = json!({"id": id, "message": text(said, field).unwrap_or_default(), "from": {"id": from}});
    let sent = value.get("timestamp").and_then(Value::as_i64).and_then(|millis| millis.checked_mul(1_000));
    if let Some(sent) = sent {
        served["created_time"] = time::to_rfc3339_seconds(sent).into();
    }
    Told::Item(message::private(served, &with))
}

/// What comments and posts have in common.
fn common(value: &Value, id: String, verb: &str) -> Map<String, Value> {
    let mut served = Map::new();
    served.insert("id".to_owned(), id.into());
    served.insert("message".to_owned(), text(value, "message").unwrap_or_default().into());
    if verb == "hide" {
        served.insert("is_hidden".to_owned(), true.into());
    }
    served.extend(author(value).map(|author| ("from".to_owned(), author)));
    served.extend(created(value.get("created_time")).map(|date| ("created_time".to_owned(), date.into())));
    served
}

/// Who it is of: `from`, or `sender_id` in older deliveries.
fn author(value: &Value) -> Option<Value> {
    let named = |of: &Value, id: &str, name: &str| {
        Some(json!({"id": id_of(of, id)?, "name": text(of, name).unwrap_or_default()}))
    };
    value.get("from").and_then(|from| named(from, "id", "name")).or_else(|| named(value, "sender_id", "sender_name"))
}

/// The time in the form in which it is stored.
fn created(value: Option<&Value>) -> Option<String> {
    Some(time::to_rfc3339_seconds(meta::date(value?)?))
}
