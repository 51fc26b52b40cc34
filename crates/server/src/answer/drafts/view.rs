//! A draft as the pages show it: with everything that is in the way, and where it would go.

use std::collections::HashMap;

use bedside_engine::door::{self, InTheWay, Scene, Whole, operation};
use bedside_model::delivery::{OutboxKind, OutboxState};
use bedside_model::draft;
use bedside_model::draft::{DraftFacts, DraftKind, DraftState, needs_second_person, refusals};
use bedside_model::network::Visibility;
use bedside_model::role::{Action, can};
use bedside_store::answer::MessageRow;
use bedside_store::drafts::{self, StoredDraft};
use bedside_store::{Conn, outbox};
use serde::Serialize;
use utoipa::ToSchema;

use super::{action, resource};
use crate::answer::guarding::{FindingView, VerdictView};
use crate::answer::outgoing::OutboxView;
use crate::answer::view::PersonRef;
use crate::answer::{names, outgoing};
use crate::problem::Problem;
use crate::publish::carrying::AttachmentView;
use crate::schema;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// The names of the team by id.
pub type Names = HashMap<String, String>;

/// A colleague by id.
pub fn person(names: &Names, id: &impl ToString) -> PersonRef {
    let id = id.to_string();
    PersonRef { name: names.get(&id).cloned().unwrap_or_default(), id }
}

/// A warning that was acknowledged.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcknowledgementView {
    /// Index into the verdict's findings.
    pub finding: usize,
    /// Who.
    pub user: PersonRef,
    /// Why the text stands.
    pub reason: String,
}

/// An exception that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverrideView {
    /// `requested` or `granted`.
    pub state: String,
    /// Who asked.
    pub requested_by: PersonRef,
    /// Why.
    pub reason: String,
    /// Who let it pass.
    #[schema(required = true)]
    pub granted_by: Option<PersonRef>,
    /// Why they did.
    #[schema(required = true)]
    pub granted_reason: Option<String>,
}

/// What a second person said.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalView {
    /// Who.
    pub user: PersonRef,
    /// When.
    pub at: Instant,
    /// `approved`, `rejected`, or `voided` where the text changed afterwards.
    pub decision: String,
    /// Which text.
    pub text_hash: String,
    /// Why.
    #[schema(required = true)]
    pub reason: Option<String>,
    /// Whether it still counts for the text as it stands.
    pub stands: bool,
}

/// One thing in the way of sending.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalView {
    /// The stable code.
    pub code: String,
    /// What to do.
    pub sentence: String,
}

impl From<draft::Refused> for RefusalView {
    fn from(no: draft::Refused) -> Self {
        Self { code: no.code().to_owned(), sentence: no.to_string() }
    }
}

impl From<InTheWay> for RefusalView {
    fn from(it: InTheWay) -> Self {
        Self { code: it.code.to_owned(), sentence: it.sentence }
    }
}

/// Where it would go.
#[derive(Debug, Serialize, ToSchema)]
pub struct Destination {
    /// The network.
    pub network: String,
    /// What it stands under there.
    pub place: String,
    /// Who could read it.
    #[schema(value_type = schema::Visibility)]
    pub visibility: Visibility,
    /// The name of who is answered.
    #[schema(required = true)]
    pub in_reply_to: Option<String>,
    /// The name under which it would stand.
    #[schema(required = true)]
    pub connected_as: Option<String>,
    /// What the network charges for it, in millionths of a US dollar; null where it charges nothing.
    #[schema(required = true)]
    pub price_micro_usd: Option<u64>,
}

/// A draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftView {
    /// Its id.
    pub id: String,
    /// The conversation that it answers in; null for a post.
    #[schema(required = true)]
    pub conversation_id: Option<String>,
    /// The account that would speak.
    pub account_id: String,
    /// What it is to become.
    #[schema(value_type = names::DraftKind)]
    pub kind: DraftKind,
    /// The title of a post.
    #[schema(required = true)]
    pub title: Option<String>,
    /// The text.
    pub text: String,
    /// The files that it carries, in the order in which they are shown.
    pub media: Vec<AttachmentView>,
    /// The link that it carries.
    #[schema(required = true)]
    pub link: Option<String>,
    /// The language of the text, a BCP 47 tag.
    #[schema(required = true)]
    pub language: Option<String>,
    /// The hash that approvals and sending are bound to.
    pub text_hash: String,
    /// Where it stands.
    #[schema(value_type = names::DraftState)]
    pub state: DraftState,
    /// Who could read it.
    #[schema(value_type = schema::Visibility)]
    pub visibility: Visibility,
    /// Who wrote it last.
    pub written_by: PersonRef,
    /// Everybody who wrote in it.
    pub writers: Vec<PersonRef>,
    /// The message that it answers.
    #[schema(required = true)]
    pub in_reply_to: Option<String>,
    /// The post for which it has other words.
    #[schema(required = true)]
    pub revises: Option<String>,
    /// Whether it is a prepared text that nobody changed.
    pub prepared: bool,
    /// The newest verdict.
    #[schema(required = true)]
    pub verdict: Option<VerdictView>,
    /// Warnings acknowledged for the text as it stands.
    pub acknowledgements: Vec<AcknowledgementView>,
    /// An exception asked for or granted for the text as it stands.
    #[serde(rename = "override")]
    #[schema(required = true)]
    pub override_: Option<OverrideView>,
    /// What second persons said, oldest first.
    pub approvals: Vec<ApprovalView>,
    /// Whether a second person has to approve it.
    pub needs_second_person: bool,
    /// Whether I can send it now.
    pub can_send: bool,
    /// What is in the way.
    pub refusals: Vec<RefusalView>,
    /// Where it would go.
    pub destination: Destination,
    /// The newest item that left with it.
    #[schema(required = true)]
    pub outbox: Option<OutboxView>,
    /// When it was begun.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// For `If-Match`.
    pub version: i64,
}

/// What the model's rules look at.
pub(super) fn facts<'a>(scene: &Scene, stored: &'a StoredDraft) -> DraftFacts<'a> {
    DraftFacts { draft: &stored.draft, priority: scene.priority(), active_users: scene.active_users }
}

/// Shows a stored verdict.
pub fn verdict(stored: &StoredDraft) -> Option<VerdictView> {
    let verdict = stored.verdict.as_ref().filter(|verdict| verdict.text_hash == stored.draft.hash)?;
    let findings: Vec<FindingView> = serde_json::from_str(verdict.findings.expose()).unwrap_or_default();
    let whole = Whole::of_draft(stored);
    let findings = findings.into_iter().map(|finding| finding.placed(&whole)).collect();
    Some(VerdictView {
        id: Some(verdict.id.to_string()),
        verdict: verdict.decision.to_string(),
        findings,
        readability: None,
    })
}

/// What the network charges for it.
fn price(scene: &Scene, stored: &StoredDraft) -> Option<u64> {
    bedside_networks::price(&scene.spokesman()?, &operation(scene, stored, None).ok()?)
}

impl DraftView {
    /// Shows a draft in its scene. `rows` hold the message that it answers.
    pub async fn of(
        conn: &mut Conn,
        scene: &Scene,
        names: &Names,
        who: &SignedIn,
        stored: &StoredDraft,
        rows: Option<&[MessageRow]>,
    ) -> Result<Self, Problem> {
        let draft = &stored.draft;
        let answered = rows.unwrap_or_default().iter().find(|row| Some(&row.id) == stored.in_reply_to.as_ref());
        let facts = facts(scene, stored);
        let policy = &scene.settings.policy;
        let may = can(&who.actor(), action(stored, Action::SendReply, Action::SendPost), &resource(stored)).is_ok();
        let newest = match draft.state {
            DraftState::Queued | DraftState::Sent => {
                let items = outbox::of_draft(conn, who.org(), &stored.id).await?;
                // Captions have a list of their own.
                items.into_iter().rfind(|row| row.item.kind != OutboxKind::Caption)
            }
            DraftState::Writing
            | DraftState::Blocked
            | DraftState::NeedsAck
            | DraftState::Ready
            | DraftState::AwaitingApproval
            | DraftState::Approved
            | DraftState::Discarded => None,
        };
        // What was stopped as it was to leave is shown with the verdict that stopped it.
        let stopping = match &newest {
            Some(row) if row.item.state == OutboxState::Stopped => {
                Some(drafts::verdict(conn, who.org(), &row.verdict_id).await?)
            }
            Some(_) | None => None,
        };
        let refused = refusals(&facts, policy).into_iter().map(RefusalView::from);
        let outbox = match &newest {
            Some(row) => Some(outgoing::view(conn, who.org(), row).await?),
            None => None,
        };
        let in_the_way: Vec<RefusalView> = match (&stopping, draft.state) {
            (Some(verdict), _) => door::stops(scene, stored, answered, verdict)?.into_iter().map(Into::into).collect(),
            (None, DraftState::Queued | DraftState::Sent | DraftState::Discarded) => refused.collect(),
            (None, _) => refused.chain(door::in_the_way(scene, stored, answered).into_iter().map(Into::into)).collect(),
        };
        let judged = StoredDraft { verdict: stopping.or_else(|| stored.verdict.clone()), ..stored.clone() };
        let stands = |said: &bedside_store::drafts::Said| {
            said.decision == bedside_store::drafts::APPROVED
                && draft.approvals.iter().any(|a| a.by == said.user_id && a.hash == said.text_hash)
        };
        let place = scene.conversation.as_ref().and_then(|place| place.row.place.as_ref());
        let writers: Vec<PersonRef> = draft.written_by.iter().map(|id| person(names, id)).collect();
        Ok(Self {
            id: stored.id.to_string(),
            conversation_id: stored.conversation_id.as_ref().map(ToString::to_string),
            account_id: stored.account_id.to_string(),
            kind: draft.kind,
            title: stored.title.as_ref().map(|title| title.expose().clone()),
            text: stored.text.expose().clone(),
            media: stored.carried.media.iter().map(AttachmentView::from).collect(),
            link: stored.carried.link.as_ref().map(|link| link.expose().clone()),
            language: stored.carried.language.clone(),
            text_hash: draft.hash.clone(),
            state: draft.state,
            visibility: stored.visibility,
            written_by: writers.last().cloned().unwrap_or(PersonRef { id: String::new(), name: String::new() }),
            writers,
            in_reply_to: stored.in_reply_to.as_ref().map(ToString::to_string),
            revises: stored.revises.as_ref().map(ToString::to_string),
            prepared: draft.is_prepared_unchanged(),
            verdict: verdict(&judged),
            acknowledgements: draft
                .acknowledgements
                .iter()
                .map(|ack| AcknowledgementView {
                    finding: ack.finding,
                    user: person(names, &ack.by),
                    reason: ack.reason.clone(),
                })
                .collect(),
            override_: draft.override_.as_ref().map(|asked| OverrideView {
                state: if asked.granted.is_some() { "granted" } else { "requested" }.to_owned(),
                requested_by: person(names, &asked.requested_by),
                reason: asked.reason.clone(),
                granted_by: asked.granted.as_ref().map(|(by, _)| person(names, by)),
                granted_reason: asked.granted.as_ref().map(|(_, reason)| reason.clone()),
            }),
            approvals: stored
                .said
                .iter()
                .map(|said| ApprovalView {
                    user: person(names, &said.user_id),
                    at: Instant(said.at),
                    decision: said.decision.clone(),
                    text_hash: said.text_hash.clone(),
                    reason: said.reason.clone(),
                    stands: stands(said),
                })
                .collect(),
            needs_second_person: needs_second_person(&facts, policy),
            can_send: may && in_the_way.is_empty(),
            refusals: in_the_way,
            destination: Destination {
                network: scene.speaker.network.clone(),
                place: place.map_or_else(|| scene.speaker.name.clone(), |place| place.expose().clone()),
                visibility: stored.visibility,
                in_reply_to: answered.and_then(|row| row.author_name.as_ref()).map(|name| name.expose().clone()),
                connected_as: scene.speaker.connected_as.clone(),
                price_micro_usd: price(scene, stored),
            },
            outbox,
            created_at: Instant(stored.created_at),
            updated_at: Instant(stored.updated_at),
            version: stored.version,
        })
    }
}
