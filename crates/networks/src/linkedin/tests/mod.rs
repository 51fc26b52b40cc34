//! Stories of a LinkedIn page, told with canned answers. All people and texts are invented.

mod connecting;
mod incoming;
mod outgoing;

use bedside_model::{Micros, Phi};
use serde_json::{Value, json};
use url::Url;

use crate::testing::at;
use crate::*;

pub(super) const NOW: &str = "2026-11-24T12:00:00Z";
pub(super) const PAGE: &str = "urn:li:organization:2414183";
pub(super) const ROSA: &str = "urn:li:person:rosa1";

pub(super) fn account() -> AccountView {
    let held = Oauth2 {
        client_id: "app".into(),
        client_secret: Secret::new("sandbox-secret"),
        access_token: Secret::new("sandbox"),
        refresh_token: Secret::new("refresh"),
        ..Oauth2::default()
    };
    AccountView {
        network: Network::Linkedin,
        base_url: Url::parse("https://li.example.org/").unwrap(),
        own_native_id: Some(PAGE.to_owned()),
        credentials: Credentials::Oauth2(Box::new(held)),
        hook_secret: Secret::default(),
        config: json!({"staff_ids": ["urn:li:person:sam"]}),
    }
}

pub(super) fn now() -> Micros {
    at(NOW)
}

pub(super) fn urn(activity: u64, id: u64) -> String {
    format!("urn:li:comment:(urn:li:activity:{activity},{id})")
}

pub(super) fn comment(activity: u64, id: u64, actor: &str, text: &str) -> Value {
    let made = now() / 1_000 - 3_600_000;
    json!({"actor": actor, "id": id.to_string(), "commentUrn": urn(activity, id), "object": format!("urn:li:activity:{activity}"),
        "created": {"actor": "urn:li:person:typist", "time": made}, "lastModified": {"time": made},
        "message": {"attributes": [], "text": text}})
}

pub(super) fn own_post(share: u64, date: &str, commentary: &str) -> Value {
    json!({"id": format!("urn:li:share:{share}"), "author": PAGE, "commentary": commentary, "lifecycleState": "PUBLISHED",
        "publishedAt": at(date) / 1_000, "createdAt": at(date) / 1_000, "lastModifiedAt": at(date) / 1_000})
}

pub(super) fn list(elements: &[Value]) -> Value {
    json!({"elements": elements, "paging": {"start": 0, "count": 50, "links": []}})
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

pub(super) fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.expose())
}
