//! What people say about a draft: that a warning is seen, that it may pass all the same, that it is
//! approved or not. Each is about one exact text.

use axum::extract::State;
use bedside_model::DraftId;
use bedside_model::conversation::TimelineKind;
use bedside_model::draft::{self, Event};
use bedside_model::role::Action;
use bedside_store::drafts::{self, APPROVED, REJECTED, Said, StoredDraft};
use bedside_store::{Entry, conversation};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::view::DraftView;
use super::{action, resource, shown, step};
use crate::answer::steps::given;
use crate::app::App;
use crate::extract::{Id, Json, Tagged};
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// One decision: an event of the model with what is written down about it.
struct Deciding {
    event: Event,
    timeline: TimelineKind,
    entry: Entry,
    said: Option<(&'static str, Option<String>)>,
}

async fn decide(
    app: &App,
    who: &SignedIn,
    before: StoredDraft,
    deciding: Deciding,
) -> Result<Tagged<DraftView>, Problem> {
    let (ids, by, user, id) = (app.store.ids().clone(), who.by(), who.user.id.clone(), before.id.clone());
    app.store
        .write(who.org(), app.now(), move |tx| {
            Box::pin(async move {
                let Deciding { event, timeline, entry, said } = deciding;
                let mut after = StoredDraft { draft: step(&before.draft, &event)?, ..before.clone() };
                if let Some((decision, reason)) = said {
                    let said = Said {
                        text_hash: before.draft.hash.clone(),
                        user_id: user.clone(),
                        decision: decision.to_owned(),
                        reason,
                        at: tx.at(),
                    };
                    drafts::add_said(tx, &ids, &before.id, &said).await?;
                    after.said.push(said);
                }
                drafts::save(tx, &ids, &before, &after, &user).await?;
                let detail = json!({ "draft": after.id, "state": after.draft.state });
                super::note(tx, &ids, &after, timeline, &by, detail).await?;
                tx.commit(entry.with("state", after.draft.state), ())
            })
        })
        .await?;
    shown(app, who, &id).await
}

async fn load(app: &App, who: &SignedIn, id: &DraftId) -> Result<StoredDraft, Problem> {
    let mut conn = app.read().await?;
    Ok(drafts::get(&mut conn, who.org(), id).await?)
}

/// A hash for the log: keyed, so that a guess at the text cannot be tried against it.
fn logged_hash(app: &App, who: &SignedIn, draft: &StoredDraft) -> Result<String, Problem> {
    Ok(app.store.keyring().keyed_hash(who.org(), &draft.draft.hash)?)
}

/// Warnings that the writer has seen.
#[derive(Deserialize, ToSchema)]
pub struct Acknowledge {
    /// Indexes into the verdict's findings.
    pub findings: Vec<usize>,
    /// Why the text stands.
    pub reason: String,
}

/// Acknowledges warnings with a reason
#[utoipa::path(post, path = "/drafts/{id}/acknowledge", tag = "answer", operation_id = "acknowledge_warnings", request_body = Acknowledge,
    params(("id" = String, Path, description = "The draft")), responses((status = 200, body = DraftView)))]
pub(in crate::answer) async fn acknowledge(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
    Json(body): Json<Acknowledge>,
) -> Result<Tagged<DraftView>, Problem> {
    app.allow_role(&who, Action::AcknowledgeWarning)?;
    let before = load(&app, &who, &id).await?;
    let rules = before.draft.verdict().map(|checked| {
        let named = body.findings.iter().filter_map(|&n| checked.findings.get(n)).map(|f| f.rule.as_str());
        named.collect::<Vec<_>>().join(",")
    });
    let entry = Entry::new(who.by(), "draft.acknowledged", &id)
        .with("rules", rules.unwrap_or_default())
        .with("findings", body.findings.len())
        .with("reason_hash", app.store.keyring().keyed_hash(who.org(), body.reason.trim())?)
        .with("text_hash", logged_hash(&app, &who, &before)?);
    let event = Event::Acknowledged { findings: body.findings, by: who.user.id.clone(), reason: body.reason };
    decide(&app, &who, before, Deciding { event, timeline: TimelineKind::WarningAcknowledged, entry, said: None }).await
}

/// Why a text should pass, or why it may.
#[derive(Deserialize, ToSchema)]
pub struct Reason {
    /// Why.
    pub reason: String,
}

/// Asks the privacy officer to let a blocked text pass
#[utoipa::path(post, path = "/drafts/{id}/request_override", tag = "answer", operation_id = "request_override", request_body = Reason,
    params(("id" = String, Path, description = "The draft")), responses((status = 200, body = DraftView)))]
pub(in crate::answer) async fn request_override(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
    Json(body): Json<Reason>,
) -> Result<Tagged<DraftView>, Problem> {
    app.allow_role(&who, Action::RequestOverride)?;
    let before = load(&app, &who, &id).await?;
    let entry = Entry::new(who.by(), "draft.override_requested", &id)
        .with("reason_hash", app.store.keyring().keyed_hash(who.org(), body.reason.trim())?)
        .with("text_hash", logged_hash(&app, &who, &before)?);
    let event = Event::OverrideRequested { by: who.user.id.clone(), reason: body.reason };
    decide(&app, &who, before, Deciding { event, timeline: TimelineKind::OverrideRequested, entry, said: None }).await
}

/// Lets a blocked text pass, as privacy officer and second person
#[utoipa::path(post, path = "/drafts/{id}/grant_override", tag = "answer", operation_id = "grant_override", request_body = Reason,
    params(("id" = String, Path, description = "The draft")), responses((status = 200, body = DraftView)))]
pub(in crate::answer) async fn grant_override(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
    Json(body): Json<Reason>,
) -> Result<Tagged<DraftView>, Problem> {
    let before = load(&app, &who, &id).await?;
    app.allow(&who, Action::OverrideBlock, &resource(&before))?;
    let entry = Entry::new(who.by(), "draft.override_granted", &id)
        .with("reason_hash", app.store.keyring().keyed_hash(who.org(), body.reason.trim())?)
        .with("text_hash", logged_hash(&app, &who, &before)?);
    let event = Event::OverrideGranted { by: who.user.id.clone(), roles: who.user.roles, reason: body.reason };
    decide(&app, &who, before, Deciding { event, timeline: TimelineKind::OverrideGranted, entry, said: None }).await
}

/// Asks for approval
#[utoipa::path(post, path = "/drafts/{id}/submit", tag = "answer", operation_id = "submit_draft",
    params(("id" = String, Path, description = "The draft")), responses((status = 200, body = DraftView)))]
pub(in crate::answer) async fn submit(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
) -> Result<Tagged<DraftView>, Problem> {
    let before = load(&app, &who, &id).await?;
    app.allow_role(&who, action(&before, Action::SubmitDraft, Action::DraftPost))?;
    let entry = Entry::new(who.by(), "draft.submitted", &id).with("text_hash", logged_hash(&app, &who, &before)?);
    let deciding = Deciding { event: Event::Submitted, timeline: TimelineKind::DraftSubmitted, entry, said: None };
    decide(&app, &who, before, deciding).await
}

/// What a second person says about the text that they saw.
#[derive(Deserialize, ToSchema)]
pub struct Judgement {
    /// The hash of the text that they saw.
    pub text_hash: String,
    /// Why.
    pub reason: Option<String>,
}

impl Judgement {
    fn reason(&self) -> Result<Option<String>, Problem> {
        let reason = self.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        reason.map(|reason| given("reason", reason)).transpose()
    }
}

/// Approves the text that was seen
#[utoipa::path(post, path = "/drafts/{id}/approve", tag = "answer", operation_id = "approve_draft", request_body = Judgement,
    params(("id" = String, Path, description = "The draft")), responses((status = 200, body = DraftView)))]
pub(in crate::answer) async fn approve(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
    Json(body): Json<Judgement>,
) -> Result<Tagged<DraftView>, Problem> {
    let before = load(&app, &who, &id).await?;
    app.allow(&who, action(&before, Action::ApproveDraft, Action::ApprovePost), &resource(&before))?;
    let reason = body.reason()?;
    let entry = Entry::new(who.by(), "draft.approved", &id).with("text_hash", logged_hash(&app, &who, &before)?);
    let event = Event::Approved { by: who.user.id.clone(), hash: body.text_hash };
    let said = Some((APPROVED, reason));
    decide(&app, &who, before, Deciding { event, timeline: TimelineKind::DraftApproved, entry, said }).await
}

/// Rejects the text that was seen
#[utoipa::path(post, path = "/drafts/{id}/reject", tag = "answer", operation_id = "reject_draft", request_body = Judgement,
    params(("id" = String, Path, description = "The draft")), responses((status = 200, body = DraftView)))]
pub(in crate::answer) async fn reject(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<DraftId>,
    Json(body): Json<Judgement>,
) -> Result<Tagged<DraftView>, Problem> {
    let before = load(&app, &who, &id).await?;
    app.allow(&who, action(&before, Action::ApproveDraft, Action::ApprovePost), &resource(&before))?;
    let reason = body.reason()?;
    if reason.is_none() {
        let no = draft::Refused::ReasonMissing;
        return Err(conversation::refused(no.code(), &no).into());
    }
    if body.text_hash != before.draft.hash {
        return Err(draft::Refused::TextChanged.into());
    }
    let entry = Entry::new(who.by(), "draft.rejected", &id).with("text_hash", logged_hash(&app, &who, &before)?);
    let event = Event::Rejected { by: who.user.id.clone() };
    let said = Some((REJECTED, reason));
    decide(&app, &who, before, Deciding { event, timeline: TimelineKind::DraftRejected, entry, said }).await
}
