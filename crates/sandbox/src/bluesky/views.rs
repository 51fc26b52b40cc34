//! What the network shows of posts: by address, in threads, in feeds, as notifications.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::state::{Post, State};
use super::{Bluesky, Problem};
use crate::kit::{Fields, millis};

/// How many posts are given at once by their addresses.
const AT_ONCE: usize = 25;

fn author(state: &State, did: &str) -> Value {
    let person = state.people.get(did);
    json!({
        "did": did, "handle": person.map_or("handle.invalid", |person| &person.handle),
        "displayName": person.map_or("", |person| &person.name), "labels": [],
        "viewer": {"muted": false, "blockedBy": false},
    })
}

/// `app.bsky.feed.defs#postView`
fn view(state: &State, post: &Post) -> Value {
    let uri = post.uri();
    json!({
        "uri": uri, "cid": post.cid, "author": author(state, &post.did), "record": post.record,
        "replyCount": state.answers_to(&uri).count(), "repostCount": 0, "likeCount": 0, "quoteCount": 0,
        "indexedAt": millis(post.indexed_at), "labels": [],
        "viewer": {"threadMuted": false, "embeddingDisabled": false},
    })
}

fn limit(fields: &Fields) -> Result<usize, Problem> {
    match fields.number("limit").unwrap_or(50) {
        limit @ 1..=100 => Ok(usize::try_from(limit).unwrap_or(50)),
        _ => Err(Problem::invalid("Error: Params/limit must be an integer from 1 to 100")),
    }
}

/// One page of posts, from new to old, and the cursor behind it.
fn page<'a>(
    state: &'a State,
    fields: &Fields,
    wanted: impl Fn(&Post) -> bool,
) -> Result<(Vec<&'a Post>, Option<String>), Problem> {
    let limit = limit(fields)?;
    let before = match fields.text("cursor") {
        Some(cursor) => cursor.parse().map_err(|_| Problem::invalid("Malformed cursor"))?,
        None => u64::MAX,
    };
    let mut found = state.posts.range(..before).rev().filter(|(_, post)| wanted(post));
    let page: Vec<(&u64, &Post)> = found.by_ref().take(limit).collect();
    let cursor = page.last().filter(|_| found.next().is_some()).map(|(number, _)| number.to_string());
    Ok((page.into_iter().map(|(_, post)| post).collect(), cursor))
}

fn with_cursor(mut answer: Value, cursor: Option<String>) -> Value {
    if let Some(cursor) = cursor {
        answer["cursor"] = cursor.into();
    }
    answer
}

/// `app.bsky.notification.listNotifications`
pub(super) fn notifications(server: &Bluesky, fields: &Fields) -> Result<Value, Problem> {
    let state = server.lock();
    let reasons = fields.list("reasons");
    let wanted = |post: &Post| {
        post.reason.is_some_and(|reason| reasons.is_empty() || reasons.iter().any(|wanted| wanted == reason))
    };
    let (found, cursor) = page(&state, fields, wanted)?;
    let show = |post: &&Post| {
        json!({
            "uri": post.uri(), "cid": post.cid, "author": author(&state, &post.did), "reason": post.reason,
            "record": post.record, "isRead": false, "indexedAt": millis(post.indexed_at), "labels": [],
        })
    };
    let shown: Vec<Value> = found.iter().map(show).collect();
    Ok(with_cursor(json!({"notifications": shown, "priority": false}), cursor))
}

/// `app.bsky.feed.getAuthorFeed`
pub(super) fn author_feed(server: &Bluesky, fields: &Fields) -> Result<Value, Problem> {
    let state = server.lock();
    let actor = fields.text("actor").unwrap_or_default();
    let person = state.people.values().find(|person| person.did == actor || person.handle == actor);
    let did = person.map(|person| person.did.clone()).ok_or(Problem::invalid("Profile not found"))?;
    let with_replies = fields.text("filter").is_none_or(|filter| filter == "posts_with_replies");
    let (found, cursor) = page(&state, fields, |post| post.did == did && (with_replies || post.parent().is_none()))?;
    let feed: Vec<Value> = found.into_iter().map(|post| json!({"post": view(&state, post)})).collect();
    Ok(with_cursor(json!({"feed": feed}), cursor))
}

/// `app.bsky.feed.getPosts`; what is gone is left out.
pub(super) fn posts(server: &Bluesky, fields: &Fields) -> Result<Value, Problem> {
    let state = server.lock();
    let uris = fields.list("uris");
    if uris.is_empty() || uris.len() > AT_ONCE {
        return Err(Problem::invalid("Error: Params/uris must have from 1 to 25 elements"));
    }
    let found: Vec<Value> = uris.iter().filter_map(|uri| state.find(uri)).map(|post| view(&state, post)).collect();
    Ok(json!({"posts": found}))
}

/// `app.bsky.feed.getPostThread`; what stands above is left out.
pub(super) fn thread(server: &Bluesky, fields: &Fields) -> Result<Value, Problem> {
    let state = server.lock();
    let depth = fields.number("depth").unwrap_or(6).min(1_000);
    let post = fields.text("uri").and_then(|uri| state.find(&uri));
    let post = post.ok_or(Problem(StatusCode::BAD_REQUEST, "NotFound", "Post not found"))?;
    Ok(json!({"thread": below(&state, post, depth)}))
}

fn below(state: &State, post: &Post, depth: u64) -> Value {
    let mut shown = json!({"$type": "app.bsky.feed.defs#threadViewPost", "post": view(state, post)});
    if depth > 0 {
        let uri = post.uri();
        let replies = state.answers_to(&uri).map(|answer| below(state, answer, depth - 1));
        shown["replies"] = replies.collect::<Vec<_>>().into();
    }
    shown
}

/// `com.atproto.identity.resolveHandle`
pub(super) fn resolve(server: &Bluesky, fields: &Fields) -> Result<Value, Problem> {
    let state = server.lock();
    let handle = fields.text("handle").unwrap_or_default();
    let person = state.people.values().find(|person| person.handle.eq_ignore_ascii_case(&handle));
    let person = person.ok_or(Problem::invalid("Unable to resolve handle"))?;
    Ok(json!({"did": person.did}))
}
