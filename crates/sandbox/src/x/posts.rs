//! Posts: made, read, hidden, deleted, counted.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::problem::{missing, only_missing};
use super::show::{self, View};
use super::state::Draft;
use super::{Problem, X, events, id, text};
use crate::kit::{Fields, millis};

/// What a body may have; anything else is refused.
const KNOWN: [&str; 16] = [
    "text",
    "reply",
    "media",
    "quote_tweet_id",
    "quote_post_id",
    "reply_settings",
    "poll",
    "made_with_ai",
    "paid_partnership",
    "card_uri",
    "community_id",
    "direct_message_deep_link",
    "edit_options",
    "for_super_followers_only",
    "geo",
    "nullcast",
];

/// `POST /2/tweets`
pub(super) async fn create(x: State<X>, fields: Fields) -> Result<Response, Problem> {
    let body = fields.json();
    let Some(known) = body.as_object() else { return Err(Problem::unreadable()) };
    if let Some(unknown) = known.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        let message =
            format!("$.{unknown}: is not defined in the schema and the schema does not allow additional properties");
        return Err(Problem::invalid(unknown, "", &message));
    }
    let now = x.now();
    let mut state = x.lock();
    let draft = draft(&state, &body)?;
    let id = state.publish(draft, now);
    let post = state.post(id).ok_or_else(Problem::not_found)?;
    let view = View::of(&fields);
    let shown = json!({"id": id.to_string(), "text": text::escaped(&post.text), view.history(): [id.to_string()]});
    let event = events::post_made(&state, post);
    drop(state);
    x.announce(&event);
    Ok((StatusCode::CREATED, Json(json!({"data": shown}))).into_response())
}

/// Reads a post out of a body, and refuses what X would.
fn draft(state: &super::State, body: &Value) -> Result<Draft, Problem> {
    let sent = body["text"].as_str().unwrap_or_default().to_owned();
    let number = |value: &Value, name: &str| match value {
        Value::Null => Ok(None),
        Value::String(text) => id(name, text).map(Some),
        _ => Err(Problem::invalid(name, "", &format!("$.{name}: string expected"))),
    };
    let reply = &body["reply"];
    let parent = if reply["in_reply_to_tweet_id"].is_null() {
        &reply["in_reply_to_post_id"]
    } else {
        &reply["in_reply_to_tweet_id"]
    };
    let reply_to = number(parent, "in_reply_to_tweet_id")?;
    if reply.is_object() && reply_to.is_none() {
        return Err(Problem::invalid("reply", "", "$.reply.in_reply_to_tweet_id: is missing but it is required"));
    }
    let quoted = if body["quote_tweet_id"].is_null() { &body["quote_post_id"] } else { &body["quote_tweet_id"] };
    let quotes = number(quoted, "quote_tweet_id")?;
    let media = files(state, &body["media"]["media_ids"])?;
    if sent.trim().is_empty() && media.is_empty() {
        return Err(Problem::invalid("text", "", "text or media is required"));
    }
    let counted = if reply_to.is_some() { text::without_names(&sent) } else { &sent };
    if text::weight(counted) > text::MAX {
        return Err(Problem::forbidden("Your Tweet text is too long."));
    }
    if let Some(parent) = reply_to {
        let Some(parent) = state.post(parent) else {
            let detail = "You attempted to reply to a Tweet that is deleted or not visible to you.";
            return Err(Problem::forbidden(detail));
        };
        if !state.may_answer(parent) {
            let detail = "Reply to this conversation is not allowed because you have not been mentioned or otherwise \
                          engaged by the author of the post you are replying to.";
            return Err(Problem::forbidden(detail));
        }
    }
    if quotes.is_some_and(|id| state.post(id).is_none()) {
        return Err(Problem::forbidden("You attempted to quote a Tweet that is deleted or not visible to you."));
    }
    let same = |post: &&super::state::Post| post.author == state.me && post.sent == sent && post.reply_to == reply_to;
    if media.is_empty() && state.posts.iter().rev().find(same).is_some() {
        return Err(Problem::forbidden("You are not allowed to create a Tweet with duplicate content."));
    }
    let reply_settings = body["reply_settings"].as_str().unwrap_or("everyone").to_owned();
    Ok(Draft { author: state.me, text: sent, reply_to, quotes, media, reply_settings })
}

/// The files of a post: at most four pictures, or one that moves; all of them ready.
fn files(state: &super::State, ids: &Value) -> Result<Vec<u64>, Problem> {
    let invalid = |why: &str| Problem::invalid("media.media_ids", "", why);
    let mut files = Vec::new();
    for file in ids.as_array().into_iter().flatten() {
        let found = file.as_str().and_then(|id| id.parse().ok()).and_then(|id| state.media(id));
        files.push(found.filter(|media| media.finalized && media.processing == 0));
    }
    let files: Option<Vec<_>> = files.into_iter().collect();
    let files = files.ok_or_else(|| invalid("Your media IDs are invalid."))?;
    let moving = files.iter().filter(|media| media.is_video() || media.is_gif()).count();
    if files.len() > 4 || (moving > 0 && files.len() > 1) {
        return Err(invalid("Media: 4 images, or 1 GIF, or 1 video are allowed."));
    }
    Ok(files.into_iter().map(|media| media.id).collect())
}

/// `GET /2/tweets/{id}`
pub(super) async fn show(x: State<X>, Path(wanted): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let state = x.lock();
    let Some(post) = state.post(id("id", &wanted)?) else { return Ok(only_missing("tweet", "id", &wanted)) };
    let view = View::of(&fields);
    let mut answer = json!({"data": show::post(&state, post, &view)});
    if let Some(includes) = show::includes(&state, &[post], &view) {
        answer["includes"] = includes;
    }
    Ok(Json(answer).into_response())
}

/// `GET /2/tweets?ids=…`: what is not there is an error beside the data.
pub(super) async fn several(x: State<X>, fields: Fields) -> Result<Response, Problem> {
    let state = x.lock();
    let ids = fields.list("ids");
    if ids.is_empty() || ids.len() > 100 {
        return Err(Problem::invalid(
            "ids",
            "",
            "The number of values in the `ids` query parameter list is not between 1 and 100",
        ));
    }
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for wanted in &ids {
        match state.post(id("ids", wanted)?) {
            Some(post) => found.push(post),
            None => errors.push(missing("tweet", "ids", wanted)),
        }
    }
    let view = View::of(&fields);
    let mut answer = json!({});
    if !found.is_empty() {
        answer["data"] = found.iter().map(|post| show::post(&state, post, &view)).collect();
    }
    if let Some(includes) = show::includes(&state, &found, &view) {
        answer["includes"] = includes;
    }
    if !errors.is_empty() {
        answer["errors"] = errors.into();
    }
    Ok(Json(answer).into_response())
}

/// `DELETE /2/tweets/{id}`
pub(super) async fn delete(x: State<X>, Path(wanted): Path<String>) -> Result<Json<Value>, Problem> {
    let wanted = id("id", &wanted)?;
    let state = x.lock();
    let post = state.post(wanted).ok_or_else(Problem::not_found)?;
    if post.author != state.me {
        return Err(Problem::forbidden("You are not authorized to delete this Tweet."));
    }
    drop(state);
    x.take_away(wanted);
    Ok(Json(json!({"data": {"deleted": true}})))
}

/// `PUT /2/tweets/{id}/hidden`: only replies, and only in a conversation that the account began.
pub(super) async fn hide(x: State<X>, Path(wanted): Path<String>, fields: Fields) -> Result<Json<Value>, Problem> {
    let hidden = fields.json()["hidden"].as_bool();
    let hidden = hidden.ok_or_else(|| Problem::invalid("hidden", "", "$.hidden: is missing but it is required"))?;
    let mut state = x.lock();
    let wanted = id("tweet_id", &wanted)?;
    let post = state.post(wanted).ok_or_else(Problem::not_found)?;
    let began = state.post(post.conversation).is_some_and(|root| root.author == state.me);
    if !began || post.reply_to.is_none() {
        return Err(Problem::forbidden("You are not permitted to hide this reply."));
    }
    for post in state.posts.iter_mut().filter(|post| post.id == wanted) {
        post.hidden = hidden;
    }
    Ok(Json(json!({"data": {"hidden": hidden}})))
}

/// `GET /2/tweets/analytics`: one number for the whole time, for own posts.
pub(super) async fn analytics(x: State<X>, fields: Fields) -> Result<Json<Value>, Problem> {
    for name in ["ids", "start_time", "end_time", "granularity"] {
        if fields.value(name).is_none() {
            return Err(Problem::invalid(name, "", &format!("The `{name}` query parameter can not be empty")));
        }
    }
    let state = x.lock();
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    let wanted_fields = fields.list("analytics.fields");
    for wanted in fields.list("ids") {
        let Some(post) = state.post(id("ids", &wanted)?).filter(|post| post.author == state.me) else {
            errors.push(missing("tweet", "ids", &wanted));
            continue;
        };
        let (replies, quotes) = (post.replied, post.quoted);
        let mut metrics = json!({
            "impressions": show::impressions(&state, post), "engagements": replies + quotes, "replies": replies,
            "quote_tweets": quotes, "likes": 0, "retweets": 0, "bookmarks": 0, "url_clicks": 0,
            "user_profile_clicks": 0, "detail_expands": 0, "shares": 0, "follows": 0,
        });
        if let Some(all) = metrics.as_object_mut()
            && !wanted_fields.is_empty()
        {
            all.retain(|name, _| wanted_fields.contains(name));
        }
        let timestamped = json!([{"timestamp": millis(post.created), "metrics": metrics}]);
        let mut one = json!({"id": post.id.to_string(), "timestamped_metrics": timestamped});
        for (name, value) in metrics.as_object().into_iter().flatten() {
            one[name] = value.clone();
        }
        found.push(one);
    }
    let mut answer = json!({"data": found});
    if !errors.is_empty() {
        answer["errors"] = errors.into();
    }
    Ok(Json(answer))
}
