//! What people do, and what they see.

use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::state::Draft;
use super::{LinkedIn, Problem, comments, oauth, posts};
use crate::page::{Note, note};
use crate::world::{Action, Emulator, Failure, Kind, Refused, TOKEN, Write};

impl LinkedIn {
    fn add(&self, write: &Write, at: Timestamp) -> Result<Value, Refused> {
        let mut state = self.lock();
        let organization = state.organization();
        let actor = if write.own { organization.clone() } else { state.person(write.author()) };
        match write.kind {
            Kind::Review => Err(Refused::Unsupported("reviews")),
            Kind::Message => Err(Refused::Unsupported("messages to organisations that an interface shows")),
            Kind::Post | Kind::Mention => {
                let draft = Draft { author: actor, commentary: write.text().to_owned(), ..Draft::default() };
                let urn = state.publish(draft, at);
                let post = state.post(&urn).cloned().ok_or(Refused::Unknown("id"))?;
                let notice = (write.kind == Kind::Mention).then(|| state.notice_of_mention(&post, at));
                drop(state);
                self.tell(notice);
                Ok(posts::shown(&post))
            }
            Kind::Comment => {
                let parent = match &write.parent {
                    Some(urn) => Some(state.comment(urn).cloned().ok_or(Refused::Unknown("parent"))?),
                    None => None,
                };
                let post = match (&parent, &write.on) {
                    (Some(parent), _) => Some(parent.post),
                    (None, Some(urn)) => Some(state.post(urn).ok_or(Refused::Unknown("on"))?.number),
                    (None, None) => state.posts.iter().find(|post| post.author == organization).map(|post| post.number),
                };
                let post = post.ok_or(Refused::Unknown("on"))?;
                let parent = parent.map(|parent| parent.number);
                let comment = state.say(post, parent, actor, write.text().to_owned(), at);
                let action = if write.own { "ADMIN_COMMENT" } else { "COMMENT" };
                let notice = state.notice_of(&comment, action, at);
                let mut shown = comments::shown(&state, &comment);
                // One number stands for many comments; the URN names one.
                shown["id"] = comment.urn().into();
                drop(state);
                self.tell(notice);
                Ok(shown)
            }
        }
    }

    fn change(&self, write: &Write, at: Timestamp) -> Result<Value, Refused> {
        let urn = write.id()?;
        let mut state = self.lock();
        if let Some(comment) = state.comment(urn).cloned() {
            let (action, shown) = if write.action == Action::Delete {
                state.remove(comment.number);
                ("COMMENT_DELETE", json!({"id": urn}))
            } else {
                let text = write.becomes()?.to_owned();
                let changed = state.reword(comment.number, text, at).ok_or(Refused::Unknown("id"))?;
                let mut shown = comments::shown(&state, &changed);
                shown["id"] = urn.into();
                ("COMMENT_EDIT", shown)
            };
            let now_said = state.comment(urn).cloned().unwrap_or(comment);
            let notice = state.notice_of(&now_said, action, at);
            drop(state);
            self.tell(notice);
            return Ok(shown);
        }
        let number = state.post(urn).ok_or(Refused::Unknown("id"))?.number;
        if write.action == Action::Delete {
            state.posts.retain(|post| post.number != number);
            state.comments.retain(|comment| comment.post != number);
            return Ok(json!({"id": urn}));
        }
        let text = write.becomes()?.to_owned();
        let post = state.post_at(urn).ok_or(Refused::Unknown("id"))?;
        (post.commentary, post.modified, post.edited) = (text, at, true);
        Ok(posts::shown(post))
    }
}

impl Emulator for LinkedIn {
    fn router(&self) -> axum::Router {
        self.routes()
    }

    fn write(&self, write: &Write) -> Result<Value, Refused> {
        let at = write.at.unwrap_or_else(|| self.now());
        match write.action {
            Action::Add => self.add(write, at),
            Action::Edit | Action::Delete => self.change(write, at),
        }
    }

    fn failure(&self, failure: Failure, path: &str) -> Response {
        let problem = match failure {
            Failure::TokenExpired | Failure::TokenRevoked if path.starts_with("/oauth/") => {
                return oauth::invalid_grant();
            }
            Failure::TokenExpired => Problem::token_expired(),
            Failure::TokenRevoked => Problem::token_revoked(),
            Failure::RateLimited(_) | Failure::QuotaExceeded => Problem::throttled(),
            Failure::Forbidden | Failure::Numbered(_) => Problem::denied("this resource"),
        };
        let mut response = problem.into_response();
        if let Failure::RateLimited(seconds) = failure {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }

    fn ready(&self) -> Value {
        let state = self.lock();
        json!({
            "organization": state.organization.to_string(), "organization_urn": state.organization(),
            "member": state.member, "access_token": TOKEN, "version": self.now().strftime("%Y%m").to_string(),
        })
    }

    fn home(&self) -> String {
        let state = self.lock();
        let name = |urn: &str| {
            let id = urn.rsplit(':').next().unwrap_or(urn);
            state.members.get(id).map_or_else(|| state.name.clone(), Clone::clone)
        };
        let mut html = String::new();
        for post in state.posts.iter().rev() {
            let (author, text) = (&name(&post.author), &post.commentary);
            html.push_str("<article>");
            html.push_str(&note(&Note { author, at: post.created, what: "", text, is_reply: false }));
            for comment in state.comments.iter().filter(|comment| comment.post == post.number) {
                let (author, text) = (&name(&comment.actor), &comment.text);
                let is_reply = comment.actor == state.organization();
                html.push_str(&note(&Note { author, at: comment.created, what: "", text, is_reply }));
            }
            html.push_str("</article>");
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
