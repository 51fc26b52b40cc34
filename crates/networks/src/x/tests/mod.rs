//! Stories of an X account, told with canned answers. All people and texts are invented.

mod connecting;
mod incoming;
mod outgoing;

use bedside_model::{Micros, Phi};
use serde_json::{Value, json};
use url::Url;

use crate::testing::at;
use crate::*;

pub(super) const NOW: &str = "2026-11-24T12:00:00Z";
pub(super) const OWN: &str = "2244994945";

pub(super) fn account() -> AccountView {
    let held = Oauth2 {
        client_id: "app".into(),
        client_secret: Secret::new("sandbox-secret"),
        access_token: Secret::new("sandbox"),
        refresh_token: Secret::new("refresh"),
        ..Oauth2::default()
    };
    AccountView {
        network: Network::X,
        base_url: Url::parse("https://x.example.org/").unwrap(),
        own_native_id: Some(OWN.to_owned()),
        credentials: Credentials::Oauth2(Box::new(held)),
        hook_secret: Secret::default(),
        config: json!({"username": "ElmStreetClinic", "staff_ids": ["77"]}),
    }
}

pub(super) fn oauth1() -> AccountView {
    let credentials = Credentials::Oauth1 {
        consumer_key: "key".into(),
        consumer_secret: Secret::new("consumer secret"),
        token: Secret::new("token"),
        token_secret: Secret::new("token secret"),
    };
    AccountView { credentials, ..account() }
}

/// The id that X gives to the `n`th post of that second.
pub(super) fn id(date: &str, n: u64) -> String {
    (u64::try_from(at(date) / 1_000 - 1_288_834_974_657).unwrap() << 22 | n).to_string()
}

/// A mention of the clinic.
pub(super) fn mention(id: &str, date: &str, text: &str) -> Value {
    json!({"id": id, "text": text, "author_id": "501", "conversation_id": id, "created_at": date, "lang": "en",
        "edit_history_tweet_ids": [id],
        "entities": {"mentions": [{"start": 0, "end": 16, "username": "ElmStreetClinic", "id": OWN}]}})
}

pub(super) fn includes() -> Value {
    json!({"users": [{"id": "501", "name": "Rosa N.", "username": "rosa_n"}]})
}

pub(super) fn source(kind: &str) -> Value {
    json!({"kind": kind})
}

pub(super) fn input<'a>(
    account: &'a AccountView,
    source: &'a Value,
    cursor: Option<&'a Value>,
    known: &'a [Known],
) -> PollInput<'a> {
    PollInput { account, source, cursor, known, now: now() }
}

pub(super) fn now() -> Micros {
    at(NOW)
}

pub(super) fn reply(thread: &str, parent: &str, text: &str) -> Operation {
    Operation::Reply {
        thread_native_id: thread.to_owned(),
        parent_native_id: Some(parent.to_owned()),
        visibility: Visibility::Public,
        text: Phi::new(text.to_owned()),
    }
}

pub(super) fn post(text: &str, media: Vec<Media>) -> Operation {
    Operation::Post {
        title: Phi::new(String::new()),
        text: Phi::new(text.to_owned()),
        link: None,
        media,
        language: None,
    }
}
