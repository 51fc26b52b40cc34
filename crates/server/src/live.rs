//! The live pages: `GET /stream`, and who looks at what. Events carry ids, never text; what is said
//! here is a hint to fetch again, and losing one costs nothing but time.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::Event as Sse;
use axum::response::{IntoResponse, Response};
use bedside_model::role::Action;
use bedside_model::{ConversationId, Micros, OrgId, UserId};
use bedside_store::{Change, Event};
use futures_util::stream;
use http::HeaderMap;
use serde::Serialize;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use utoipa::ToSchema;

use crate::app::App;
use crate::problem::Problem;
use crate::signed_in::{self, SignedIn};

/// Who was not heard of for this long is gone, in microseconds: 30 seconds.
pub const PRESENT_FOR: Micros = 30 * 1_000_000;

/// A comment line keeps the connection open this often.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Somebody else who looks at the same conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Present {
    /// Who.
    #[schema(value_type = String)]
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Whether they write.
    pub writing: bool,
}

#[derive(Debug)]
struct Seen {
    name: String,
    writing: bool,
    at: Micros,
}

type Conversations = HashMap<(OrgId, ConversationId), BTreeMap<UserId, Seen>>;

/// Who looks at what, in memory only.
#[derive(Debug)]
pub struct Live {
    present: Mutex<Conversations>,
    moved: broadcast::Sender<(OrgId, ConversationId)>,
}

impl Default for Live {
    fn default() -> Self {
        Self { present: Mutex::default(), moved: broadcast::channel(256).0 }
    }
}

impl Live {
    /// Somebody looks at a conversation. Answers who else does.
    pub fn look(&self, who: &SignedIn, conversation: &ConversationId, writing: bool, now: Micros) -> Vec<Present> {
        let key = (who.org().clone(), conversation.clone());
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        for seen in present.values_mut() {
            seen.retain(|_, seen| seen.at + PRESENT_FOR > now);
        }
        present.retain(|_, seen| !seen.is_empty());
        let here = present.entry(key.clone()).or_default();
        let before = here.insert(who.user.id.clone(), Seen { name: who.user.name.clone(), writing, at: now });
        if before.is_none_or(|before| before.writing != writing) {
            // Nobody may be listening.
            drop(self.moved.send(key));
        }
        others(here, &who.user.id, now)
    }

    fn others(&self, who: &SignedIn, conversation: &ConversationId, now: Micros) -> Vec<Present> {
        let present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        let here = present.get(&(who.org().clone(), conversation.clone()));
        here.map(|here| others(here, &who.user.id, now)).unwrap_or_default()
    }
}

fn others(here: &BTreeMap<UserId, Seen>, me: &UserId, now: Micros) -> Vec<Present> {
    here.iter()
        .filter(|(id, seen)| *id != me && seen.at + PRESENT_FOR > now)
        .map(|(id, seen)| Present { user_id: id.clone(), name: seen.name.clone(), writing: seen.writing })
        .collect()
}

/// How a change is said and which action lets somebody hear of it; `None` for what only the loops need.
fn said(change: &Change) -> Option<(Action, &'static str, serde_json::Value)> {
    use serde_json::json;
    Some(match change {
        Change::Conversation { id, new, priority } => {
            let change = if *new { "new" } else { "changed" };
            (Action::ReadInbox, "conversation", json!({ "id": id, "change": change, "priority": priority }))
        }
        Change::Draft { id, conversation_id } => {
            (Action::ReadInbox, "draft", json!({ "id": id, "conversation_id": conversation_id }))
        }
        Change::Outbox { id, conversation_id, state } => {
            (Action::ReadOutbox, "outbox", json!({ "id": id, "conversation_id": conversation_id, "state": state }))
        }
        Change::Alert { id, conversation_id, class, state } => {
            let alert = json!({ "id": id, "class": class, "conversation_id": conversation_id, "state": state });
            (Action::ReadAlerts, "alert", alert)
        }
        Change::Source { id, state } => (Action::ReadAccounts, "source", json!({ "id": id, "state": state })),
        Change::Import { id } => (Action::ReadAccounts, "import", json!({ "id": id })),
        Change::Audit { height } => (Action::ReadAudit, "audit", json!({ "height": height })),
        Change::Heard { .. } => return None,
    })
}

struct Listener {
    app: App,
    who: SignedIn,
    token_hash: String,
    changes: broadcast::Receiver<Event>,
    moved: broadcast::Receiver<(OrgId, ConversationId)>,
    ready: VecDeque<Sse>,
    sent: u64,
}

impl Listener {
    fn event(&mut self, name: &str, data: &serde_json::Value) -> Sse {
        self.sent += 1;
        Sse::default().event(name).id(self.sent.to_string()).data(data.to_string())
    }

    fn resync(&mut self) -> Sse {
        self.event("resync", &serde_json::json!({}))
    }

    fn hears(&self, action: Action) -> bool {
        self.app.allow_role(&self.who, action).is_ok()
    }

    /// The next event; `None` ends the stream.
    async fn next(&mut self) -> Option<Sse> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let app = self.app.clone();
            tokio::select! {
                change = self.changes.recv() => match change {
                    Ok(event) if event.org == *self.who.org() => match said(&event.change) {
                        Some((needs, name, data)) if self.hears(needs) => return Some(self.event(name, &data)),
                        Some(_) | None => {}
                    },
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => return Some(self.resync()),
                    Err(RecvError::Closed) => return None,
                },
                moved = self.moved.recv() => match moved {
                    Ok((org, conversation)) if org == *self.who.org() && self.hears(Action::ReadInbox) => {
                        let others = app.live.others(&self.who, &conversation, app.now());
                        let data = serde_json::json!({ "conversation_id": conversation, "others": others });
                        return Some(self.event("presence", &data));
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                },
                () = app.clock.wait(HEARTBEAT) => {
                    // Who was signed out or shut out hears nothing more.
                    if !signed_in::still_open(&app, &self.token_hash).await {
                        return None;
                    }
                    return Some(Sse::default().comment(""));
                }
            }
        }
    }
}

/// What changes, as it changes
///
/// Server-sent events: `conversation`, `draft`, `outbox`, `alert`, `source`, `import`, `presence`, `audit`, `resync`. Their data
/// are ids and states, never text. After `resync` (fell behind or reconnected) fetch again.
#[utoipa::path(get, path = "/stream", tag = "live", operation_id = "stream",
    params(("Last-Event-ID" = Option<String>, Header, description = "Sent by the browser when it reconnects.")),
    responses((status = 200, content_type = "text/event-stream", body = String)))]
pub(crate) async fn stream(State(app): State<App>, who: SignedIn, headers: HeaderMap) -> Result<Response, Problem> {
    let mut listener = Listener {
        changes: app.store.subscribe(),
        moved: app.live.moved.subscribe(),
        token_hash: signed_in::token_hash(&headers).unwrap_or_default(),
        app,
        who,
        ready: VecDeque::new(),
        sent: 0,
    };
    // Something is said at once, so that the browser knows that it is connected. Events of an earlier
    // connection are not kept: whoever comes back fetches again.
    let first = if headers.contains_key("last-event-id") {
        listener.resync()
    } else {
        Sse::default().id("0").comment("connected")
    };
    listener.ready.push_back(first);
    let events = stream::unfold(listener, |mut listener| async move {
        listener.next().await.map(|event| (Ok::<_, Infallible>(event), listener))
    });
    Ok(axum::response::Sse::new(events).into_response())
}
