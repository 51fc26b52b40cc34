//! Comments on posts, and comments on comments.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::restli;
use super::state::Comment;
use super::{LinkedIn, Problem};
use crate::kit::Fields;

/// Characters of a comment.
const MAX: usize = 1_250;

/// What one can comment on: a post, or a comment on it. Both as numbers.
fn target(state: &super::State, urn: &str) -> Result<(u64, Option<u64>), Problem> {
    if let Some(comment) = state.comment(urn) {
        return Ok((comment.post, Some(comment.number)));
    }
    Ok((state.post(urn).ok_or_else(Problem::not_found)?.number, None))
}

pub(super) fn shown(state: &super::State, comment: &Comment) -> Value {
    let activity = format!("urn:li:activity:{}", comment.post);
    let below =
        state.comments.iter().filter(|other| other.post == comment.post && other.parent == Some(comment.number));
    let count = below.count();
    let mut shown = json!({
        "id": comment.number.to_string(), "commentUrn": comment.urn(), "$URN": comment.urn(), "actor": comment.actor,
        "object": activity, "message": {"attributes": [], "text": comment.text},
        "created": {"actor": comment.actor, "time": comment.created.as_millisecond()},
        "lastModified": {"actor": comment.actor, "time": comment.modified.as_millisecond()},
        "likesSummary": {
            "selectedLikes": [], "aggregatedTotalLikes": 0, "likedByCurrentUser": false, "totalLikes": 0,
        },
        "commentsSummary": {"aggregatedTotalComments": count, "totalFirstLevelComments": count, "selectedComments": []},
    });
    if let Some(parent) = comment.parent {
        shown["parentComment"] = format!("urn:li:comment:({activity},{parent})").into();
    }
    shown
}

/// `GET /rest/socialActions/{urn}/comments`: the first level, or the answers to a comment; oldest first.
pub(super) async fn list(
    linkedin: State<LinkedIn>,
    Path(urn): Path<String>,
    uri: Uri,
    fields: Fields,
) -> Result<Json<Value>, Problem> {
    let state = linkedin.lock();
    let (post, parent) = target(&state, &urn)?;
    if let Some(ids) = fields.text("ids") {
        let ids = restli::list(&ids);
        let found = state.comments.iter().filter(|one| one.post == post && ids.contains(&one.number.to_string()));
        let results: serde_json::Map<String, Value> =
            found.map(|one| (one.number.to_string(), shown(&state, one))).collect();
        return Ok(Json(json!({"results": results, "statuses": {}, "errors": {}})));
    }
    let found = state.comments.iter().filter(|one| one.post == post && one.parent == parent);
    let found: Vec<&Comment> = found.collect();
    Ok(Json(restli::page(&fields, &uri, &found, |one| shown(&state, one))))
}

/// `POST /rest/socialActions/{urn}/comments`
pub(super) async fn create(
    linkedin: State<LinkedIn>,
    Path(urn): Path<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    let body = fields.json();
    let actor = body["actor"].as_str().unwrap_or_default().to_owned();
    let text = text_of(&body["message"])?;
    if body["object"].as_str().is_none() {
        return Err(Problem::field("object", "field is required but not found and has no default value"));
    }
    let now = linkedin.now();
    let mut state = linkedin.lock();
    may_speak_as(&state, &actor)?;
    let (post, on) = target(&state, &urn)?;
    if state.posts.iter().any(|known| known.number == post && known.closed) {
        return Err(Problem::denied("comments are disabled on this post"));
    }
    let parent = match body["parentComment"].as_str() {
        Some(parent) => Some(state.comment(parent).ok_or_else(Problem::not_found)?.number),
        None => on,
    };
    let comment = state.say(post, parent, actor, text, now);
    let shown = shown(&state, &comment);
    let notice = state.notice_of(&comment, "ADMIN_COMMENT", now);
    drop(state);
    linkedin.tell(notice);
    Ok((StatusCode::CREATED, [("x-restli-id", comment.number.to_string())], Json(shown)).into_response())
}

fn text_of(message: &Value) -> Result<String, Problem> {
    let text = message["text"].as_str().unwrap_or_default();
    match text.chars().count() {
        0 => Err(Problem::field("message/text", "field is required but not found and has no default value")),
        1..=MAX => Ok(text.to_owned()),
        _ => Err(Problem::field("message/text", "length of text exceeds the maximum of 1250")),
    }
}

fn may_speak_as(state: &super::State, actor: &str) -> Result<(), Problem> {
    let own = [state.organization(), format!("urn:li:person:{}", state.member)];
    if own.iter().any(|known| known == actor) {
        Ok(())
    } else {
        Err(Problem::denied("comments on behalf of this actor"))
    }
}

/// The comment under a post that a path names.
fn named<'a>(state: &'a super::State, urn: &str, id: &str) -> Result<&'a Comment, Problem> {
    let (post, _) = target(state, urn)?;
    let found = state.comments.iter().find(|comment| comment.post == post && comment.number.to_string() == id);
    found.ok_or_else(Problem::not_found)
}

/// `GET /rest/socialActions/{urn}/comments/{id}`
pub(super) async fn show(
    linkedin: State<LinkedIn>,
    Path((urn, id)): Path<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let state = linkedin.lock();
    Ok(Json(shown(&state, named(&state, &urn, &id)?)))
}

/// `POST /rest/socialActions/{urn}/comments/{id}?actor=…`: own comments only.
pub(super) async fn edit(
    linkedin: State<LinkedIn>,
    Path((urn, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Json<Value>, Problem> {
    let body = fields.json();
    // The documented form names the part that changes; the general form of Rest.li sets a field of the root.
    let patch = &body["patch"];
    let (part, root) = (&patch["message"]["$set"], &patch["$set"]["message"]);
    let text = text_of(if part.is_null() { root } else { part })?;
    let actor = fields.text("actor").unwrap_or_default();
    let now = linkedin.now();
    let mut state = linkedin.lock();
    may_speak_as(&state, &actor)?;
    let comment = named(&state, &urn, &id)?;
    if comment.actor != actor {
        return Err(Problem::denied("comments.PARTIAL_UPDATE"));
    }
    let number = comment.number;
    let changed = state.reword(number, text, now).ok_or_else(Problem::not_found)?;
    Ok(Json(shown(&state, &changed)))
}

/// `DELETE /rest/socialActions/{urn}/comments/{id}?actor=…`: own ones, and any under an own post.
pub(super) async fn delete(
    linkedin: State<LinkedIn>,
    Path((urn, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<StatusCode, Problem> {
    let mut state = linkedin.lock();
    let actor = fields.text("actor").unwrap_or_else(|| state.organization());
    may_speak_as(&state, &actor)?;
    let comment = named(&state, &urn, &id)?;
    let hosts = state.posts.iter().any(|post| post.number == comment.post && post.author == actor);
    if comment.actor != actor && !hosts {
        return Err(Problem::denied("comments.DELETE"));
    }
    let number = comment.number;
    state.remove(number);
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /rest/socialActions/{urn}`
pub(super) async fn summary(linkedin: State<LinkedIn>, Path(urn): Path<String>) -> Result<Json<Value>, Problem> {
    let state = linkedin.lock();
    let (first, all) = counts(&state, &urn)?;
    Ok(Json(json!({
        "target": urn, "$URN": urn,
        "likesSummary": {"selectedLikes": [], "aggregatedTotalLikes": 0, "likedByCurrentUser": false, "totalLikes": 0},
        "commentsSummary": {"selectedComments": [], "totalFirstLevelComments": first, "aggregatedTotalComments": all},
    })))
}

/// Comments of the first level, and all.
fn counts(state: &super::State, urn: &str) -> Result<(usize, usize), Problem> {
    let (post, parent) = target(state, urn)?;
    let on = |comment: &&Comment| comment.post == post;
    let first = state.comments.iter().filter(on).filter(|comment| comment.parent == parent).count();
    let all = if parent.is_some() { first } else { state.comments.iter().filter(on).count() };
    Ok((first, all))
}

/// `GET /rest/socialMetadata/{urn}`
pub(super) async fn metadata(linkedin: State<LinkedIn>, Path(urn): Path<String>) -> Result<Json<Value>, Problem> {
    let state = linkedin.lock();
    let (first, all) = counts(&state, &urn)?;
    let closed = state.post(&urn).is_some_and(|post| post.closed);
    Ok(Json(json!({
        "entity": urn, "reactionSummaries": {}, "commentsState": if closed { "CLOSED" } else { "OPEN" },
        "commentSummary": {"count": all, "topLevelCount": first},
    })))
}

/// `POST /rest/socialMetadata/{urn}?actor=…`: whether one may comment. Closing deletes what is there.
pub(super) async fn update_metadata(
    linkedin: State<LinkedIn>,
    Path(urn): Path<String>,
    fields: Fields,
) -> Result<StatusCode, Problem> {
    let body = fields.json();
    let closed = match body["patch"]["$set"]["commentsState"].as_str() {
        Some("CLOSED") => true,
        Some("OPEN") => false,
        _ => return Err(Problem::field("patch/$set/commentsState", "is not OPEN or CLOSED")),
    };
    let mut state = linkedin.lock();
    let organization = state.organization();
    let post = state.post_at(&urn).filter(|post| post.author == organization).ok_or_else(Problem::not_found)?;
    post.closed = closed;
    let number = post.number;
    if closed {
        state.comments.retain(|comment| comment.post != number);
    }
    Ok(StatusCode::NO_CONTENT)
}
