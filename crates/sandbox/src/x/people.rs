//! What people do, and what they see.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::show::{self, View};
use super::state::{Draft, Replies};
use super::{Problem, X, events, media, oauth2};
use crate::kit::Fields;
use crate::page::{Note, article};
use crate::world::{Action, Emulator, Failure, Kind, Refused, TOKEN, Write};

/// `POST /2/_sandbox/replies {"permitted": "summoned" | "everybody"}`: whom an application may answer.
pub(super) async fn permit_replies(x: State<X>, fields: Fields) -> StatusCode {
    let replies = match fields.json()["permitted"].as_str() {
        Some("summoned") => Replies::Summoned,
        Some("everybody") => Replies::Everybody,
        _ => return StatusCode::UNPROCESSABLE_ENTITY,
    };
    x.lock().replies = replies;
    StatusCode::NO_CONTENT
}

impl X {
    fn add(&self, write: &Write, at: Timestamp) -> Result<Value, Refused> {
        let mut state = self.lock();
        let me = state.me;
        let author = if write.own { me } else { state.person(write.author(), at) };
        let find = |id: &Option<String>, field: &'static str| {
            let found = |id: &String| id.parse().ok().filter(|id| state.post(*id).is_some());
            id.as_ref().map(|id| found(id).ok_or(Refused::Unknown(field))).transpose()
        };
        let first = || state.posts.iter().find(|post| post.author == me).map(|post| post.id);
        let (mut reply_to, mut quotes) = (find(&write.parent, "parent")?, None);
        let handle = state.user(me).map(|me| format!("@{}", me.username)).unwrap_or_default();
        let mut text = write.text().to_owned();
        let names = |text: &str| text.split_whitespace().any(|word| word.to_lowercase().starts_with(&handle));
        match write.kind {
            Kind::Review => return Err(Refused::Unsupported("reviews")),
            Kind::Message => {
                if write.own {
                    return Err(Refused::Unsupported("message of the organisation without a person to send it to"));
                }
                let message = state.tell(author, me, text, Vec::new(), at).clone();
                let event = events::message_made(&state, &message);
                drop(state);
                self.announce(&event);
                return Ok(json!({"id": message.id.to_string(), "dm_conversation_id": message.conversation()}));
            }
            Kind::Comment => reply_to = reply_to.or(find(&write.on, "on")?).or_else(first),
            Kind::Mention => {
                quotes = find(&write.on, "on")?;
                if quotes.is_none() && !write.own && !names(&text) {
                    text = format!("{handle} {text}");
                }
            }
            Kind::Post => {}
        }
        let reply_settings = "everyone".to_owned();
        let draft = Draft { author, text, reply_to, quotes, reply_settings, ..Draft::default() };
        let id = state.publish(draft, at);
        let view = View::default();
        let post = state.post(id).ok_or(Refused::Unknown("id"))?;
        let shown = show::post(&state, post, &view);
        let concerns = author == me || post.names.contains(&me);
        let event = events::post_made(&state, post);
        drop(state);
        if concerns {
            self.announce(&event);
        }
        Ok(shown)
    }

    fn change(&self, write: &Write) -> Result<Value, Refused> {
        let id: u64 = write.id()?.parse().map_err(|_| Refused::Unknown("id"))?;
        let known = self.lock().post(id).is_some();
        if !known {
            return Err(Refused::Unknown("id"));
        }
        if write.action == Action::Delete {
            self.take_away(id);
            return Ok(json!({"id": id.to_string()}));
        }
        let text = write.becomes()?.to_owned();
        let mut state = self.lock();
        let names = state.named_in(&text);
        for post in state.posts.iter_mut().filter(|post| post.id == id) {
            (post.text, post.names) = (text.clone(), names.clone());
        }
        let post = state.post(id).ok_or(Refused::Unknown("id"))?;
        Ok(show::post(&state, post, &View::default()))
    }
}

impl Emulator for X {
    fn router(&self) -> axum::Router {
        self.routes()
    }

    fn write(&self, write: &Write) -> Result<Value, Refused> {
        match write.action {
            Action::Add => self.add(write, write.at.unwrap_or_else(|| self.now())),
            Action::Edit | Action::Delete => self.change(write),
        }
    }

    fn failure(&self, failure: Failure, path: &str) -> Response {
        let is_old = path.starts_with("/1.1/");
        match failure {
            Failure::TokenExpired | Failure::TokenRevoked if is_old => media::old::unauthorized(),
            Failure::TokenExpired | Failure::TokenRevoked if path.starts_with("/2/oauth2/") => {
                oauth2::invalid("Value passed for the token was invalid.")
            }
            Failure::TokenExpired | Failure::TokenRevoked => Problem::unauthorized().into_response(),
            Failure::RateLimited(seconds) => {
                let mut response = Problem::too_many().into_response();
                let wait = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(0));
                let resets = self.now().saturating_add(wait).unwrap_or_else(|_| self.now());
                let headers = response.headers_mut();
                headers.insert("x-rate-limit-limit", 100.into());
                headers.insert("x-rate-limit-remaining", 0.into());
                headers.insert("x-rate-limit-reset", resets.as_second().into());
                headers.insert(RETRY_AFTER, seconds.into());
                response
            }
            Failure::QuotaExceeded => Problem::usage_capped().into_response(),
            Failure::Forbidden | Failure::Numbered(_) => {
                Problem::forbidden("You are not permitted to perform this action.").into_response()
            }
        }
    }

    fn ready(&self) -> Value {
        let state = self.lock();
        let username = state.user(state.me).map(|me| me.username.clone());
        json!({"user": state.me.to_string(), "username": username, "access_token": TOKEN})
    }

    fn home(&self) -> String {
        let state = self.lock();
        let mut html = String::new();
        for post in state.posts.iter().rev() {
            let name = state.user(post.author).map_or("", |author| &author.name);
            let what = if post.hidden { "hidden" } else { "" };
            let is_reply = post.author == state.me && post.reply_to.is_some();
            let note = article(&Note { author: name, at: post.created, what, text: &post.text, is_reply });
            html.push_str(&note);
        }
        html
    }

    fn reset(&self) {
        self.ids.reset();
        self.tokens.reset();
        let fresh = super::State::new(self.ids.clone(), self.now());
        *self.lock() = fresh;
    }
}
