//! The one door out, from this side: in one transaction the guard's last word, the model's
//! permission, the outbox row with its verdict, the draft on its way, timeline and log.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_engine::door::{self, Standing, Whole, hash_of, judge, operation, stored};
use bedside_model::conversation::TimelineKind;
use bedside_model::delivery::OutboxKind;
use bedside_model::draft::{self, DraftFacts, DraftKind, Sendable};
use bedside_model::role::Action;
use bedside_model::{DraftId, Micros, OutboxId};
use bedside_networks::Operation;
use bedside_store::drafts::{self, StoredDraft};
use bedside_store::outbox::{self, NewItem};
use bedside_store::{Entry, StoreError, Tx};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::view::verdict;
use super::{action, put_verdict, refused, verdict_id};
use crate::answer::outgoing::{self, OutboxView};
use crate::app::App;
use crate::extract::{Id, Json};
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// The text that is to go out.
#[derive(Deserialize, ToSchema)]
pub struct Send {
    /// The hash of what was seen.
    pub text_hash: String,
    /// When a post is to leave; at once where absent.
    pub at: Option<Instant>,
}

/// How far ahead a post may wait for its time, in microseconds: a year.
const FURTHEST: Micros = 366 * 24 * 3_600 * 1_000_000;

/// When it leaves.
fn due(kind: DraftKind, at: Option<Instant>, now: Micros) -> Result<Micros, Problem> {
    match (at, kind) {
        (None, _) => Ok(now),
        (Some(_), DraftKind::Reply | DraftKind::Edit) => {
            Err(Problem::invalid("at", "An answer leaves at once; only a post waits for its time."))
        }
        (Some(Instant(at)), DraftKind::Post) if at <= now => {
            Err(Problem::invalid("at", "This time is over. Choose a later one, or send it now."))
        }
        (Some(Instant(at)), DraftKind::Post) if at - now > FURTHEST => {
            Err(Problem::invalid("at", "Choose a time within a year."))
        }
        (Some(Instant(at)), DraftKind::Post) => Ok(at),
    }
}

/// What the transaction ended in.
pub(in crate::answer) enum Ended {
    /// It is in the outbox.
    Queued(OutboxId),
    /// The rules or their findings changed since it was written; the new verdict is stored.
    Refused(draft::Refused, Box<StoredDraft>),
}

/// Sends a draft
///
/// The guard judges it once more, since rules may have changed. It leaves through the outbox.
#[utoipa::path(post, path = "/drafts/{id}/send", tag = "answer", operation_id = "send_draft", request_body = Send,
    params(("id" = String, Path, description = "The draft")), responses((status = 202, body = OutboxView)))]
pub(in crate::answer) async fn send(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
    Json(body): Json<Send>,
) -> Result<impl IntoResponse, Problem> {
    let mut conn = app.read().await?;
    let standing = Standing::of(&mut conn, who.org(), &id).await?;
    drop(conn);
    app.allow_role(&who, action(&standing.stored, Action::SendReply, Action::SendPost))?;
    let due_at = due(standing.stored.draft.kind, body.at, app.now())?;
    let item = through_the_door(&app, &who, standing, &body.text_hash, due_at).await?;
    Ok((StatusCode::ACCEPTED, Json(outgoing::shown(&app, &who, &item).await?)))
}

/// Puts a draft in the outbox, or says what is in the way.
pub(in crate::answer) async fn through_the_door(
    app: &App,
    who: &SignedIn,
    standing: Standing,
    seen_hash: &str,
    due_at: Micros,
) -> Result<OutboxId, Problem> {
    let Standing { stored: before, scene, answered } = standing;
    if before.draft.hash != seen_hash {
        return Err(draft::Refused::TextChanged.into());
    }
    // What the person knows already is said first, then what only the door knows.
    let policy = scene.settings.policy.clone();
    if let Some(&no) = draft::refusals(&super::view::facts(&scene, &before), &policy).first() {
        return Err(problem(no, &before));
    }
    if let Some(it) = door::in_the_way(&scene, &before, answered.as_ref()).into_iter().next() {
        return Err(it.into());
    }
    if let Some(it) = door::files(&mut app.read().await?, who.org(), &before).await? {
        return Err(it.into());
    }
    let now = app.now();
    let whole = Whole::of_draft(&before);
    let question = scene.question(before.draft.kind, before.visibility, whole.text(), answered.as_ref(), now);
    // About what is stored now: where that is not what was approved, the step is refused.
    let new_verdict = stored(verdict_id(app), &judge(question).await, hash_of(&before), now);
    let item = OutboxId::from_bits(app.store.ids().bits(now));
    let thread = answered.and_then(|message| message.thread_native_id);
    let (ids, by, user, seen) = (app.store.ids().clone(), who.by(), who.user.id.clone(), seen_hash.to_owned());
    let hash = app.store.keyring().keyed_hash(who.org(), seen_hash)?;
    let ended = app
        .store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                let current = drafts::get(tx.conn(), &org, &before.id).await?;
                if current.version != before.version {
                    return Err(StoreError::Conflict { what: "draft" });
                }
                let mut after = before.clone();
                put_verdict(tx, &mut after, new_verdict).await?;
                // The rank as it is now: a message that came meanwhile may need a second person.
                let priority = match &before.conversation_id {
                    Some(id) => Some(bedside_store::conversation::state(tx.conn(), &org, id).await?.0.priority),
                    None => None,
                };
                let facts = DraftFacts { draft: &after.draft, priority, active_users: scene.active_users };
                let sendable = match draft::may_send(&facts, &policy, &seen) {
                    Ok(sendable) => sendable,
                    Err(no) => {
                        drafts::save(tx, &ids, &before, &after, &user).await?;
                        let entry = Entry::new(by, "draft.checked", &after.id).with("refused", no.code());
                        return tx.commit(entry, Ended::Refused(no, Box::new(after)));
                    }
                };
                after.draft = draft::queue(&after.draft, &sendable).map_err(refused)?;
                drafts::save(tx, &ids, &before, &after, &user).await?;
                let operation = operation(&scene, &after, thread.as_deref())?;
                enqueue(tx, &operation, &after, &sendable, &item, Leaving { priority, due_at }).await?;
                let detail = json!({ "draft": after.id, "outbox": item });
                super::note(tx, &ids, &after, TimelineKind::ReplyQueued, &by, detail).await?;
                let answers = after.in_reply_to.as_ref().map(ToString::to_string).unwrap_or_default();
                let entry = Entry::new(by, "draft.queued", &after.id)
                    .with("outbox", &item)
                    .with("answers", answers)
                    .with("verdict", sendable.verdict())
                    .with("text_hash", hash);
                tx.commit(entry, Ended::Queued(item))
            })
        })
        .await?;
    match ended {
        Ended::Queued(item) => Ok(item),
        Ended::Refused(no, after) => Err(problem(no, &after)),
    }
}

/// A refusal with the verdict that it rests on.
fn problem(no: draft::Refused, draft: &StoredDraft) -> Problem {
    let problem = Problem::from(no);
    match (no, verdict(draft)) {
        (draft::Refused::GuardBlocked | draft::Refused::NeedsAcknowledgement, Some(verdict)) => {
            problem.with_verdict(&verdict)
        }
        _ => problem,
    }
}

/// How urgent it is, and when it is to leave.
struct Leaving {
    priority: Option<u8>,
    due_at: Micros,
}

async fn enqueue(
    tx: &mut Tx,
    operation: &Operation,
    draft: &StoredDraft,
    sendable: &Sendable,
    item: &OutboxId,
    leaving: Leaving,
) -> Result<(), StoreError> {
    let org = tx.org()?;
    // A text that was given up and is sent again is a new decision, not a repeated one.
    let before = outbox::of_draft(tx.conn(), &org, &draft.id).await?.len();
    let key = hex::encode(Sha256::digest(format!("{}\0{}\0{before}", draft.id, draft.draft.hash)));
    let message_id = match draft.draft.kind {
        DraftKind::Edit => draft.in_reply_to.clone(),
        DraftKind::Reply | DraftKind::Post => None,
    };
    let new = NewItem {
        id: item.clone(),
        kind: match draft.draft.kind {
            DraftKind::Reply => OutboxKind::Reply,
            DraftKind::Post => OutboxKind::Post,
            DraftKind::Edit => OutboxKind::Edit,
        },
        account_id: Some(draft.account_id.clone()),
        conversation_id: draft.conversation_id.clone(),
        draft_id: Some(draft.id.clone()),
        message_id,
        alert_id: None,
        verdict_id: sendable.verdict().clone(),
        payload: outbox::payload(operation),
        idempotency_key: key,
        priority: leaving.priority.unwrap_or(12),
        due_at: leaving.due_at,
    };
    outbox::enqueue(tx, &new).await
}
