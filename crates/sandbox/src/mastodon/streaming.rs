//! The stream: server-sent events (`docs.joinmastodon.org/methods/streaming`).

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::Value;
use tokio::sync::broadcast::error::RecvError;

use super::state::{Event, Status};
use super::{Mastodon, Problem, Signed, Visibility, show, text};
use crate::kit::{Base, Fields};

/// What a listener wants to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stream {
    /// What the account writes, and its notifications.
    User,
    Notifications,
    Direct,
    Public {
        local: bool,
    },
    Tag(String),
}

impl Stream {
    fn named(name: &str, part: Option<&str>, fields: &Fields) -> Option<Self> {
        match (name, part) {
            ("user", None) => Some(Self::User),
            ("user", Some("notification")) => Some(Self::Notifications),
            ("direct", None) => Some(Self::Direct),
            ("public", None) => Some(Self::Public { local: false }),
            ("public", Some("local")) => Some(Self::Public { local: true }),
            ("hashtag", None) => Some(Self::Tag(fields.text("tag")?.to_lowercase())),
            _ => None,
        }
    }

    /// Whether nobody but the account may listen.
    fn is_private(&self) -> bool {
        matches!(self, Self::User | Self::Notifications | Self::Direct)
    }

    fn has(&self, state: &super::state::State, status: &Status) -> bool {
        let is_remote = state.account(status.account).is_some_and(|author| author.acct.contains('@'));
        let is_public = status.visibility == Visibility::Public;
        match self {
            Self::User => status.account == state.me && status.visibility != Visibility::Direct,
            Self::Notifications => false,
            Self::Direct => status.visibility == Visibility::Direct && state.may_see(status, true),
            Self::Public { local } => is_public && !(*local && is_remote),
            Self::Tag(tag) => is_public && text::tags(&status.text).contains(tag),
        }
    }
}

/// `GET /api/v1/streaming/{stream}`
pub(super) async fn stream(
    server: State<Mastodon>,
    Path(name): Path<String>,
    base: Base,
    signed: Signed,
    fields: Fields,
) -> Response {
    listen(&server, Stream::named(&name, None, &fields), base, signed)
}

/// `GET /api/v1/streaming/{stream}/{part}`
pub(super) async fn stream_part(
    server: State<Mastodon>,
    Path((name, part)): Path<(String, String)>,
    base: Base,
    signed: Signed,
    fields: Fields,
) -> Response {
    listen(&server, Stream::named(&name, Some(&part), &fields), base, signed)
}

fn listen(server: &Mastodon, wanted: Option<Stream>, base: Base, signed: Signed) -> Response {
    let Some(wanted) = wanted else { return Problem::not_found().into_response() };
    if wanted.is_private()
        && let Err(problem) = signed.user()
    {
        return problem.into_response();
    }
    let heard = server.events.subscribe();
    let server = server.clone();
    let events = stream::unfold((heard, server, wanted, base), |(mut heard, server, wanted, base)| async move {
        loop {
            let event = match heard.recv().await {
                Ok(Event::End) => return None,
                Ok(event) => event,
                // Too slow a listener misses events, as with the real thing; paging has them all.
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return None,
            };
            if let Some((name, payload)) = payload(&server, &wanted, &base.0, &event) {
                let event = sse::Event::default().event(name).data(payload);
                return Some((Ok::<_, Infallible>(event), (heard, server, wanted, base)));
            }
        }
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)).text("thump")).into_response()
}

fn payload(server: &Mastodon, wanted: &Stream, base: &str, event: &Event) -> Option<(&'static str, String)> {
    let state = server.lock();
    let status = |id: u64| -> Option<Value> {
        let status = state.status(id).filter(|status| wanted.has(&state, status))?;
        Some(show::status(&state, status, base, wanted.is_private()))
    };
    match event {
        Event::Update(id) => Some(("update", status(*id)?.to_string())),
        Event::Edit(id) => Some(("status.update", status(*id)?.to_string())),
        Event::Delete(id) => Some(("delete", id.to_string())),
        Event::Notification(id) if matches!(wanted, Stream::User | Stream::Notifications) => {
            let notification = state.notifications.iter().find(|notification| notification.id == *id)?;
            Some(("notification", show::notification(&state, notification, base).to_string()))
        }
        Event::Notification(_) | Event::End => None,
    }
}
