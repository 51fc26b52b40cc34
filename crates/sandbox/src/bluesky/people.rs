//! What people do, and what they see.

use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::state::{Person, State, record, uri};
use super::{Bluesky, POSTS, Problem};
use crate::page::{Note, article};
use crate::world::{Action, Emulator, Failure, Kind, Refused, SECRET, TOKEN, Write};

impl Bluesky {
    fn add(&self, write: &Write, at: Timestamp) -> Result<Value, Refused> {
        let mut state = self.lock();
        let answered = match (&write.parent, &write.on, write.kind) {
            (Some(parent), _, _) => Some(state.find(parent).ok_or(Refused::Unknown("parent"))?),
            (None, Some(on), _) => Some(state.find(on).ok_or(Refused::Unknown("on"))?),
            // A comment is on something: the account's first post where none is named.
            (None, None, Kind::Comment) => state.posts.values().find(|post| post.did == state.me.did),
            (None, None, _) => None,
        };
        let reply = answered.map(|post| {
            let root = post.record["reply"]["root"].clone();
            json!({"root": if root.is_null() { post.strong() } else { root }, "parent": post.strong()})
        });
        let mut post = match write.kind {
            Kind::Comment | Kind::Post => record(write.text(), at),
            Kind::Mention => mention(&state, write.text(), at),
            Kind::Review => return Err(Refused::Unsupported("reviews")),
            Kind::Message => return Err(Refused::Unsupported("private messages in this interface")),
        };
        if let Some(reply) = reply {
            post["reply"] = reply;
        }
        let author = if write.own { state.me.clone() } else { Person::named(&self.ids, write.author()) };
        state.people.insert(author.did.clone(), author.clone());
        let key = state.key(at);
        let cid = state.put(&author.did, &key, post.clone(), at);
        Ok(json!({"id": uri(&author.did, POSTS, &key), "cid": cid, "record": post}))
    }

    fn change(&self, write: &Write) -> Result<Value, Refused> {
        let id = write.id()?;
        let mut state = self.lock();
        let post = state.find(id).cloned().ok_or(Refused::Unknown("id"))?;
        if write.action == Action::Delete {
            state.remove(id);
            return Ok(json!({"id": id}));
        }
        let text = write.becomes()?;
        let mut changed = post.record.clone();
        if post.record["facets"].is_null() {
            changed["text"] = text.into();
        } else {
            let named = mention(&state, text, post.indexed_at);
            (changed["text"], changed["facets"]) = (named["text"].clone(), named["facets"].clone());
        }
        let cid = state.put(&post.did, &post.rkey, changed, post.indexed_at);
        Ok(json!({"id": id, "cid": cid}))
    }
}

/// A post that names the account, with the facet that says so.
fn mention(state: &State, text: &str, at: Timestamp) -> Value {
    let name = format!("@{}", state.me.handle);
    let mut post = record(&format!("{name} {text}"), at);
    post["facets"] = json!([{
        "index": {"byteStart": 0, "byteEnd": name.len()},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": state.me.did}],
    }]);
    post
}

impl Emulator for Bluesky {
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
        let is = |method: &str| path.contains(method);
        match failure {
            // The password was taken back together with the session.
            Failure::TokenExpired | Failure::TokenRevoked if is("createSession") => {
                Problem::WRONG_PASSWORD.into_response()
            }
            Failure::TokenRevoked if is("refreshSession") => Problem::REVOKED.into_response(),
            Failure::TokenExpired => Problem::EXPIRED.into_response(),
            Failure::TokenRevoked => Problem::INVALID_TOKEN.into_response(),
            Failure::RateLimited(seconds) => {
                let mut response = Problem::TOO_MUCH.into_response();
                let headers = response.headers_mut();
                headers.insert(RETRY_AFTER, seconds.into());
                headers.insert("ratelimit-limit", 3_000.into());
                headers.insert("ratelimit-remaining", 0.into());
                let seconds = i64::try_from(seconds).unwrap_or(0);
                headers.insert("ratelimit-reset", self.now().as_second().saturating_add(seconds).into());
                headers.insert("ratelimit-policy", axum::http::HeaderValue::from_static("3000;w=300"));
                response
            }
            Failure::QuotaExceeded => Problem::TOO_MUCH.into_response(),
            Failure::Forbidden | Failure::Numbered(_) => Problem::FORBIDDEN.into_response(),
        }
    }

    fn ready(&self) -> Value {
        let me = &self.lock().me;
        json!({"account": me.did, "handle": me.handle, "password": SECRET, "access_token": TOKEN})
    }

    fn home(&self) -> String {
        let state = self.lock();
        let shown = state.posts.values().rev().map(|post| {
            article(&Note {
                author: state.people.get(&post.did).map_or("", |person| &person.name),
                at: post.indexed_at,
                what: "",
                text: post.record["text"].as_str().unwrap_or_default(),
                is_reply: post.did == state.me.did && post.parent().is_some(),
            })
        });
        shown.collect()
    }

    fn reset(&self) {
        self.ids.reset();
        self.access.reset();
        self.refresh.reset();
        *self.lock() = State::new(&self.ids, self.now());
    }
}
