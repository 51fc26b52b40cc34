//! Direct messages: one to one, the account with somebody.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::show::{self, View};
use super::state::Message;
use super::{Problem, X, events, id};
use crate::kit::{Fields, millis};

type Answer = Result<Json<Value>, Problem>;

fn shown(state: &super::State, message: &Message, fields: &Fields) -> Value {
    let wanted = fields.list("dm_event.fields");
    let mut shown = json!({"id": message.id.to_string(), "event_type": "MessageCreate", "text": message.text});
    let keys: Vec<String> = message.media.iter().filter_map(|id| state.media(*id)).map(|media| media.key()).collect();
    let all = json!({
        "created_at": millis(message.created), "dm_conversation_id": message.conversation(),
        "sender_id": message.sender.to_string(), "attachments": {"media_keys": keys},
    });
    let expands = |name: &str| name == "sender_id" && fields.list("expansions").iter().any(|wanted| wanted == name);
    for (name, value) in all.as_object().into_iter().flatten() {
        let is_empty = name == "attachments" && message.media.is_empty();
        if (wanted.contains(name) || expands(name)) && !is_empty {
            shown[name] = value.clone();
        }
    }
    shown
}

fn list(x: &X, fields: &Fields, of: impl Fn(&Message) -> bool) -> Answer {
    let most = fields.number("max_results").unwrap_or(100);
    if !(1..=100).contains(&most) {
        let message = format!("The `max_results` query parameter value [{most}] is not between 1 and 100");
        return Err(Problem::invalid("max_results", &most.to_string(), &message));
    }
    let older = fields.text("pagination_token").map(|token| {
        let at = token.strip_prefix('n').and_then(|digits| u64::from_str_radix(digits, 16).ok());
        at.ok_or_else(|| Problem::invalid("pagination_token", &token, "The `pagination_token` is not valid"))
    });
    let older = older.transpose()?;
    let state = x.lock();
    let mut found: Vec<&Message> = state.messages.iter().filter(|message| of(message)).collect();
    found.sort_by_key(|message| std::cmp::Reverse(message.id));
    found.retain(|message| older.is_none_or(|older| message.id < older));
    let page = &found[..found.len().min(usize::try_from(most).unwrap_or(100))];
    let mut meta = json!({"result_count": page.len()});
    if let Some(last) = page.last().filter(|_| page.len() < found.len()) {
        meta["next_token"] = format!("n{:x}", last.id).into();
    }
    let mut answer = json!({"meta": meta});
    if !page.is_empty() {
        answer["data"] = page.iter().map(|message| shown(&state, message, fields)).collect();
    }
    if fields.list("expansions").iter().any(|name| name == "sender_id") {
        let senders: std::collections::BTreeSet<u64> = page.iter().map(|message| message.sender).collect();
        let users = senders.into_iter().filter_map(|id| state.user(id));
        let view = View::of(fields);
        answer["includes"] = json!({"users": users.map(|user| show::user(&state, user, &view)).collect::<Vec<_>>()});
    }
    Ok(Json(answer))
}

/// `GET /2/dm_events`
pub(super) async fn all(x: State<X>, fields: Fields) -> Answer {
    list(&x, &fields, |_| true)
}

/// `GET /2/dm_conversations/with/{user}/dm_events`
pub(super) async fn with(x: State<X>, Path(user): Path<String>, fields: Fields) -> Answer {
    let user = id("participant_id", &user)?;
    list(&x, &fields, |message| message.between.0 == user || message.between.1 == user)
}

/// `GET /2/dm_conversations/{id}/dm_events`
pub(super) async fn of(x: State<X>, Path(conversation): Path<String>, fields: Fields) -> Answer {
    list(&x, &fields, |message| message.conversation() == conversation)
}

/// `POST /2/dm_conversations/with/{user}/messages`
pub(super) async fn send_with(x: State<X>, Path(user): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let user = id("participant_id", &user)?;
    deliver(&x, user, &fields)
}

/// `POST /2/dm_conversations/{id}/messages`
pub(super) async fn send(x: State<X>, Path(conversation): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let me = x.lock().me;
    let two: Vec<u64> = conversation.split('-').filter_map(|id| id.parse().ok()).collect();
    match two.as_slice() {
        [one, other] if *one == me => deliver(&x, *other, &fields),
        [other, one] if *one == me => deliver(&x, *other, &fields),
        _ => Err(Problem::forbidden("You are not a participant of this conversation.")),
    }
}

fn deliver(x: &X, other: u64, fields: &Fields) -> Result<Response, Problem> {
    let body = fields.json();
    let text = body["text"].as_str().unwrap_or_default().to_owned();
    let attached = body["attachments"].as_array().cloned().unwrap_or_default();
    let media: Vec<u64> = attached.iter().filter_map(|one| one["media_id"].as_str()?.parse().ok()).collect();
    if text.is_empty() && media.is_empty() {
        return Err(Problem::invalid("text", "", "text or attachments is required"));
    }
    if text.chars().count() > 10_000 {
        return Err(Problem::forbidden("The text of your direct message is over the max character limit."));
    }
    let now = x.now();
    let mut state = x.lock();
    if state.user(other).is_none() {
        return Err(Problem::forbidden("You cannot send messages to this user."));
    }
    let me = state.me;
    let message = state.tell(me, other, text, media, now).clone();
    let event = events::message_made(&state, &message);
    drop(state);
    x.announce(&event);
    let data = json!({"dm_conversation_id": message.conversation(), "dm_event_id": message.id.to_string()});
    Ok((StatusCode::CREATED, Json(json!({"data": data}))).into_response())
}
