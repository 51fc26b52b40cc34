//! Notifications as Bluesky lists them (`app.bsky.notification.listNotifications`), from invented people.

use bedside_model::Micros;
use serde_json::{Value, json};

use crate::words::words;

/// Whose notifications they are.
pub const OWN: &str = "did:plc:lakeside234567abcdefghij";
/// Notifications on a page.
const PAGE: u64 = 100;

/// All pages, from new to old.
pub fn pages(written: u64, now: Micros) -> impl Iterator<Item = Value> {
    (0..written.div_ceil(PAGE)).map(move |page| {
        let shown: Vec<Value> = (page * PAGE..written.min((page + 1) * PAGE))
            .map(|n| notification(written - n, now - minutes(n)))
            .collect();
        let next = ((page + 1) * PAGE < written).then(|| format!("{}::after", page + 1));
        json!({"notifications": shown, "cursor": next, "priority": false, "seenAt": "2026-11-27T11:00:00.000Z"})
    })
}

fn minutes(n: u64) -> Micros {
    Micros::try_from(n).unwrap_or_default() * 60_000_000
}

fn notification(n: u64, at: Micros) -> Value {
    let when = jiff::Timestamp::from_microsecond(at).map(|at| at.to_string()).unwrap_or_default();
    let did = format!("did:plc:guest{:0>19}", n * 7 % 401);
    let root = format!("at://{OWN}/app.bsky.feed.post/3lroot{:0>7}", n % 20);
    let strong = json!({"uri": root, "cid": "bafyreihqvbbp4lkxyt6kfgndcjpdhd3ydr2qqrq3yhbw7kxhhhwfx5lrfq"});
    json!({
        "uri": format!("at://{did}/app.bsky.feed.post/3l{n:0>11}"),
        "cid": "bafyreigb2xg4yrvo3uiyxnxbj2zrn4qkovrpvh4nsgxr4uo2fyoosu7yya",
        "author": {
            "did": did, "handle": format!("guest{}.example.org", n * 7 % 401), "displayName": format!("Guest {}", n * 7 % 401),
            "avatar": "https://cdn.example.org/img/avatar/plain/guest@jpeg",
            "associated": {"chat": {"allowIncoming": "following"}}, "createdAt": "2024-10-02T10:00:00.000Z",
            "viewer": {"muted": false, "blockedBy": false}, "labels": [], "indexedAt": "2026-01-04T10:00:00.000Z",
        },
        "reason": "reply", "reasonSubject": root,
        "record": {
            "$type": "app.bsky.feed.post", "createdAt": when, "langs": ["en"], "text": words(n),
            "reply": {"parent": strong, "root": strong},
            "facets": [{
                "index": {"byteStart": 0, "byteEnd": 2},
                "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "lakeside"}],
            }],
        },
        "isRead": false, "indexedAt": when, "labels": [],
    })
}
