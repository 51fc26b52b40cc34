//! What people do, and what they see.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::state::Draft;
use super::{Mastodon, Problem, Visibility, show};
use crate::page::{Note, article};
use crate::world::{Action, Emulator, Failure, Kind, Refused, TOKEN, Write};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};

impl Mastodon {
    /// What a person wrote, as the interface shows it to the account.
    fn shown(&self, id: u64) -> Value {
        let state = self.lock();
        state.status(id).map_or(Value::Null, |status| show::status(&state, status, "", true))
    }

    fn add(&self, write: &Write, at: Timestamp) -> Result<Value, Refused> {
        let mut state = self.lock();
        let me = state.me;
        let author = if write.own { me } else { person(&mut state, write.author(), at) };
        let handle = state.account(me).map(|me| format!("@{}", me.acct)).unwrap_or_default();
        let (parent, field) = match (&write.parent, &write.on) {
            (Some(parent), _) => (Some(parent), "parent"),
            (None, on) => (on.as_ref(), "on"),
        };
        let mut reply_to = parent
            .map(|id| id.parse().ok().filter(|id| state.status(*id).is_some()).ok_or(Refused::Unknown(field)))
            .transpose()?;
        match write.kind {
            Kind::Review => return Err(Refused::Unsupported("reviews")),
            // A comment is on something: the account's first status where none is named.
            Kind::Comment if reply_to.is_none() => {
                reply_to = state.statuses.iter().find(|status| status.account == me).map(|status| status.id);
            }
            _ => {}
        }
        // People who comment or write to somebody name them; so does every client.
        let names = write.text().split_whitespace().any(|word| word.starts_with(&handle));
        let text = match write.kind {
            Kind::Post => write.text().to_owned(),
            _ if write.own || names => write.text().to_owned(),
            _ => format!("{handle} {}", write.text()),
        };
        let visibility = match write.kind {
            Kind::Message => Visibility::Direct,
            _ => Visibility::Public,
        };
        let language = Some("en".to_owned());
        let draft = Draft { text, visibility, reply_to, language, ..Draft::default() };
        let id = state.publish(author, draft, at);
        drop(state);
        Ok(self.shown(id))
    }

    fn change(&self, write: &Write, at: Timestamp) -> Result<Value, Refused> {
        let id: u64 = write.id()?.parse().map_err(|_| Refused::Unknown("id"))?;
        if self.lock().status(id).is_none() {
            return Err(Refused::Unknown("id"));
        }
        if write.action == Action::Delete {
            self.lock().delete(id);
            return Ok(json!({"id": id.to_string()}));
        }
        let text = write.becomes()?.to_owned();
        self.lock().edit(id, text, String::new(), at);
        Ok(self.shown(id))
    }
}

/// The account of somebody with this name: an address as it is, a name on another server.
fn person(state: &mut super::state::State, name: &str, now: Timestamp) -> u64 {
    if let Some(acct) = name.strip_prefix('@') {
        return state.person(acct, acct.split('@').next().unwrap_or(acct), now);
    }
    let handle: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let handle = handle.trim_matches('_');
    let handle = if handle.is_empty() { "somebody" } else { handle };
    state.person(&format!("{handle}@social.example.org"), name, now)
}

impl Emulator for Mastodon {
    fn router(&self) -> axum::Router {
        self.routes()
    }

    fn write(&self, write: &Write) -> Result<Value, Refused> {
        let at = write.at.unwrap_or_else(|| self.now());
        let written = match write.action {
            Action::Add => self.add(write, at),
            Action::Edit | Action::Delete => self.change(write, at),
        };
        self.tell();
        written
    }

    fn failure(&self, failure: Failure, _path: &str) -> Response {
        match failure {
            Failure::TokenExpired => Problem::unauthorized().into_response(),
            Failure::TokenRevoked => Problem(StatusCode::UNAUTHORIZED, "The access token was revoked").into_response(),
            Failure::RateLimited(seconds) => {
                let mut response = Problem(StatusCode::TOO_MANY_REQUESTS, "Too many requests").into_response();
                let headers = response.headers_mut();
                headers.insert(RETRY_AFTER, seconds.into());
                headers.insert("x-ratelimit-limit", 300.into());
                headers.insert("x-ratelimit-remaining", 0.into());
                let seconds = i64::try_from(seconds).unwrap_or(0);
                let resets = self.now().saturating_add(jiff::SignedDuration::from_secs(seconds));
                if let Some(value) = resets.ok().and_then(|at| crate::kit::millis(at).parse().ok()) {
                    headers.insert("x-ratelimit-reset", value);
                }
                response
            }
            Failure::Forbidden | Failure::Numbered(_) => {
                Problem(StatusCode::FORBIDDEN, "This action is not allowed").into_response()
            }
            Failure::QuotaExceeded => Problem(StatusCode::TOO_MANY_REQUESTS, "Too many requests").into_response(),
        }
    }

    fn ready(&self) -> Value {
        let state = self.lock();
        let acct = state.account(state.me).map(|me| me.acct.clone());
        json!({"account": state.me.to_string(), "acct": acct, "access_token": TOKEN})
    }

    fn home(&self) -> String {
        let state = self.lock();
        let mut html = String::new();
        for status in state.statuses.iter().rev() {
            let name = state.account(status.account).map_or("", |author| &author.name);
            let what = if status.visibility == Visibility::Direct { "direct" } else { "" };
            let is_reply = status.account == state.me && status.reply_to.is_some();
            let note = article(&Note { author: name, at: status.created, what, text: &status.text, is_reply });
            html.push_str(&note);
        }
        if html.is_empty() {
            html.push_str("<p>Nobody has written anything yet.</p>");
        }
        html
    }

    fn reset(&self) {
        self.ids.reset();
        self.tokens.reset();
        let fresh = super::state::State::new(self.ids.clone(), self.now());
        *self.lock() = fresh;
    }
}
