//! What leaves, and what became of it: the outbox as people see it, and what they decide about it.

use axum::extract::State;
use bedside_model::OutboxId;
use bedside_model::delivery::{self, Decision, OutboxKind, OutboxState};
use bedside_model::role::{self, Action};
use bedside_model::time::{from_micros, to_micros};
use bedside_store::outbox::{self, OutboxRow, Said};
use bedside_store::{Conn, Entry, conversation, drafts};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::names;
use super::steps::given;
use crate::app::App;
use crate::extract::{Id, Json, Params};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// One attempt.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptView {
    /// When it began.
    pub at: Instant,
    /// When it ended.
    #[schema(required = true)]
    pub ended_at: Option<Instant>,
    /// `delivered`, `retry`, `unknown`, `dead`; `sending` while it runs.
    pub outcome: String,
    /// What was said, without text of anybody.
    #[schema(required = true)]
    pub detail: Option<String>,
}

/// One thing that leaves.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutboxView {
    /// Its id.
    pub id: String,
    /// What.
    #[schema(value_type = names::OutboxKind)]
    pub kind: OutboxKind,
    /// Where it stands.
    #[schema(value_type = names::OutboxState)]
    pub state: OutboxState,
    /// Through which account; null for an alert.
    #[schema(required = true)]
    pub account_id: Option<String>,
    /// For which conversation.
    #[schema(required = true)]
    pub conversation_id: Option<String>,
    /// Of which draft.
    #[schema(required = true)]
    pub draft_id: Option<String>,
    /// Which own message it changes.
    #[schema(required = true)]
    pub message_id: Option<String>,
    /// For which alert.
    #[schema(required = true)]
    pub alert_id: Option<String>,
    /// The verdict without which it could not leave.
    pub verdict_id: String,
    /// Oldest first.
    pub attempts: Vec<AttemptView>,
    /// When it was to leave.
    pub due_at: Instant,
    /// When it is looked at next.
    #[schema(required = true)]
    pub next_at: Option<Instant>,
    /// The network's id of what was made.
    #[schema(required = true)]
    pub native_id: Option<String>,
    /// Where it stands there.
    #[schema(required = true)]
    pub permalink: Option<String>,
    /// Whether somebody has to decide.
    pub needs_human: bool,
    /// Why it stands where it stands.
    #[schema(required = true)]
    pub why: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// Grows with every change.
    pub version: i64,
}

/// Shows an item with its attempts.
pub async fn view(conn: &mut Conn, org: &bedside_model::OrgId, row: &OutboxRow) -> Result<OutboxView, Problem> {
    let attempts = outbox::attempts(conn, org, &row.id).await?;
    Ok(OutboxView {
        id: row.id.to_string(),
        kind: row.item.kind,
        state: row.item.state,
        account_id: row.account_id.as_ref().map(ToString::to_string),
        conversation_id: row.conversation_id.as_ref().map(ToString::to_string),
        draft_id: row.draft_id.as_ref().map(ToString::to_string),
        message_id: row.message_id.as_ref().map(ToString::to_string),
        alert_id: row.alert_id.as_ref().map(ToString::to_string),
        verdict_id: row.verdict_id.to_string(),
        attempts: attempts
            .into_iter()
            .map(|attempt| AttemptView {
                at: Instant(attempt.started_at),
                ended_at: attempt.ended_at.map(Instant),
                outcome: attempt.outcome.unwrap_or_else(|| "sending".to_owned()),
                detail: attempt.detail,
            })
            .collect(),
        due_at: Instant(to_micros(row.item.due_at)),
        next_at: row.item.next_at.map(Instant::from),
        native_id: row.native_id.clone(),
        permalink: row.permalink.clone(),
        needs_human: row.item.needs_human,
        why: row.why.clone(),
        created_at: Instant(row.created_at),
        version: row.version,
    })
}

/// Which items are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OutboxQuery {
    /// Only those that stand here.
    pub state: Option<String>,
    /// How many, 1 to 200; 50 where absent.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// What leaves, newest first
#[utoipa::path(get, path = "/outbox", tag = "answer", operation_id = "outbox", params(OutboxQuery),
    responses((status = 200, body = Page<OutboxView>)))]
pub(super) async fn list(
    State(app): State<App>,
    who: SignedIn,
    Params(query): Params<OutboxQuery>,
) -> Result<Json<Page<OutboxView>>, Problem> {
    app.allow_role(&who, Action::ReadOutbox)?;
    let state = query.state.as_deref().filter(|state| !state.is_empty()).map(str::parse::<OutboxState>).transpose();
    let state = state.map_err(|_| Problem::invalid("state", "This is no state of the outbox."))?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let before: Option<String> = page.after()?;
    let mut conn = app.read().await?;
    let rows = outbox::list(&mut conn, who.org(), state, before.as_deref(), page.limit() + 1).await?;
    let rows = Page::of(rows, page.limit(), |row| row.id.to_string());
    let mut items = Vec::with_capacity(rows.items.len());
    for row in &rows.items {
        items.push(view(&mut conn, who.org(), row).await?);
    }
    Ok(Json(Page { items, next: rows.next }))
}

/// One thing that leaves
#[utoipa::path(get, path = "/outbox/{id}", tag = "answer", operation_id = "outbox_item",
    params(("id" = String, Path, description = "The item")), responses((status = 200, body = OutboxView)))]
pub(super) async fn one(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<OutboxId>,
) -> Result<Json<OutboxView>, Problem> {
    app.allow_role(&who, Action::ReadOutbox)?;
    shown(&app, &who, &id).await.map(Json)
}

/// Shows an item as it stands now.
pub(crate) async fn shown(app: &App, who: &SignedIn, id: &OutboxId) -> Result<OutboxView, Problem> {
    let mut conn = app.read().await?;
    let row = outbox::get(&mut conn, who.org(), id).await?;
    view(&mut conn, who.org(), &row).await
}

/// Reads the network back now, to learn whether it took something
#[utoipa::path(post, path = "/outbox/{id}/reconcile", tag = "answer", operation_id = "reconcile_outbox_item",
    params(("id" = String, Path, description = "The item")), responses((status = 200, body = OutboxView)))]
pub(super) async fn reconcile(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<OutboxId>,
) -> Result<Json<OutboxView>, Problem> {
    app.allow_role(&who, Action::ReconcileOutbox)?;
    let (now, by, of) = (app.now(), who.by(), id.clone());
    app.store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                let row = outbox::get(tx.conn(), &org, &of).await?;
                if row.item.state != OutboxState::Unknown {
                    let no = delivery::Refused::NotUnknown;
                    return Err(conversation::refused(no.code(), &no));
                }
                // The loop that sends reads it back at its next turn, which this change wakes.
                let next = delivery::Item { next_at: Some(from_micros(now)), needs_human: false, ..row.item.clone() };
                outbox::save(tx, &row, &next, &Said { why: row.why.clone(), ..Said::default() }).await?;
                tx.commit(Entry::new(by, "outbox.reconcile_asked", &of), ())
            })
        })
        .await?;
    shown(&app, &who, &id).await.map(Json)
}

/// What is decided about an item.
#[derive(Deserialize, ToSchema)]
pub struct Decide {
    /// The decision.
    #[schema(value_type = names::OutboxDecision)]
    pub decision: Decision,
    /// Why.
    pub reason: String,
}

/// What lets somebody decide who is not one of the few who decide about everything: whoever may send a post
/// may call it back while it waits for its time, and whoever may send something may take back, or try again,
/// what was stopped before it left.
fn sender_of(row: &OutboxRow, decision: Decision) -> Option<Action> {
    let harmless = match row.item.state {
        OutboxState::Pending => row.item.kind == OutboxKind::Post && decision == Decision::GiveUp,
        OutboxState::Stopped => matches!(decision, Decision::GiveUp | Decision::SendAgain),
        _ => false,
    };
    let action = match row.item.kind {
        OutboxKind::Post => Action::SendPost,
        // Other words for a post.
        OutboxKind::Edit if row.conversation_id.is_none() => Action::SendPost,
        OutboxKind::Reply | OutboxKind::Edit => Action::SendReply,
        OutboxKind::Caption
        | OutboxKind::Delete
        | OutboxKind::Hide
        | OutboxKind::Approve
        | OutboxKind::Remove
        | OutboxKind::Spam
        | OutboxKind::AlertEmail
        | OutboxKind::AlertWebhook => return None,
    };
    harmless.then_some(action)
}

/// Decides about something of which nobody knows, or which did not leave
#[utoipa::path(post, path = "/outbox/{id}/decide", tag = "answer", operation_id = "decide_outbox_item", request_body = Decide,
    params(("id" = String, Path, description = "The item")), responses((status = 200, body = OutboxView)))]
pub(super) async fn decide(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<OutboxId>,
    Json(body): Json<Decide>,
) -> Result<Json<OutboxView>, Problem> {
    let is_sender = match app.allow_role(&who, Action::ReconcileOutbox) {
        Ok(()) => false,
        Err(no) => {
            let row = outbox::get(&mut app.read().await?, who.org(), &id).await?;
            app.allow_role(&who, sender_of(&row, body.decision).ok_or(no)?)?;
            true
        }
    };
    let reason = given("reason", &body.reason)?;
    let (now, by, of, user) = (app.now(), who.by(), id.clone(), who.user.id.clone());
    let (ids, keyring, decision) = (app.store.ids().clone(), app.store.keyring().clone(), body.decision);
    app.store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                let row = outbox::get(tx.conn(), &org, &of).await?;
                if is_sender && sender_of(&row, decision).is_none() {
                    let no = role::Refused::RoleMissing;
                    return Err(conversation::refused(no.code(), &no));
                }
                let event = delivery::Event::Decided(decision);
                let next = delivery::step(&row.item, &event, Some(row.priority), from_micros(now))
                    .map_err(|no| conversation::refused(no.code(), &no))?;
                let said = Said { why: Some(reason), ..Said::default() };
                outbox::save(tx, &row, &next, &said).await?;
                // What a person saw has the same effects as what the network said.
                bedside_engine::out::follow(tx, &ids, &by, &row, &next, &said, &keyring).await?;
                if let (OutboxState::Cancelled, Some(draft)) = (next.state, &row.draft_id) {
                    drafts::returned(tx, &ids, draft, &user, &row.verdict_id).await?;
                }
                let entry = Entry::new(by, "outbox.decided", &of).with("decision", decision).with("state", next.state);
                tx.commit(entry, ())
            })
        })
        .await?;
    shown(&app, &who, &id).await.map(Json)
}
