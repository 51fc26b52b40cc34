//! A person corrects a label: what was shown and what is said is stored with who and when, and the
//! message gets the rank that follows.
//!
//! A correction can bring a message forward at once. Backward it goes only by a person who may
//! change places, with a reason, from a watched rank; and an earlier text that was worse than the
//! present one holds its message where it is, unless the risk itself is corrected.

use axum::extract::State;
use bedside_engine::listen::intake;
use bedside_model::account::Settings;
use bedside_model::conversation::{Event, is_watched};
use bedside_model::correction::{self as model, Act, Correction, Label, LabelKind, is_lowering};
use bedside_model::draft::text_hash;
use bedside_model::hours::OrgHours;
use bedside_model::network::Direction;
use bedside_model::role::{Action, Resource, can};
use bedside_model::time::from_micros;
use bedside_model::{CorrectionId, MessageId, Micros, OrgId, Phi, clock};
use bedside_store::answer::{MessageRow, thread};
use bedside_store::conversation::{self, Step};
use bedside_store::corrections::{self, NewCorrection, Shown, StoredCorrection};
use bedside_store::{Change, Conn, Entry, StoreError, Tx, settings};
use bedside_understand::Assessment;
use serde::Deserialize;
use utoipa::ToSchema;

use super::standing;
use super::view::{CorrectionView, LabelView};
use crate::app::App;
use crate::extract::{Id, Json};
use crate::problem::Problem;
use crate::schema;
use crate::signed_in::SignedIn;

/// The longest reason, in characters.
const LONGEST_NOTE: usize = 2_000;

/// What somebody says about a label.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Correct {
    /// The kind of label.
    #[schema(value_type = schema::LabelKind)]
    pub kind: LabelKind,
    /// What is said.
    #[schema(value_type = schema::CorrectionAct)]
    pub act: Act,
    /// The label that is shown; absent where one is missing.
    pub shown: Option<LabelView>,
    /// The label that it should be; absent where it is right or does not belong there.
    pub says: Option<LabelView>,
    /// Why, for colleagues. Needed where it moves a message behind those that are watched.
    pub note: Option<String>,
}

/// What is known when a correction is decided.
struct Case {
    message: MessageRow,
    /// All messages of its conversation.
    rows: Vec<MessageRow>,
    said: Vec<StoredCorrection>,
    settings: Settings,
}

impl Case {
    async fn load(conn: &mut Conn, org: &OrgId, id: &MessageId) -> Result<Self, StoreError> {
        let message = thread::message(conn, org, id).await?;
        let of = message.conversation_id.clone();
        Ok(Self {
            rows: thread::messages(conn, org, &of).await?,
            said: corrections::of_conversation(conn, org, &of).await?,
            settings: settings::load(conn, org).await?.0,
            message,
        })
    }
}

/// What becomes of a correction.
enum Outcome {
    /// This person said the same before, and nobody anything else since.
    Known(Box<StoredCorrection>),
    /// It is new: the correction, and where the message goes.
    New(Box<NewCorrection>),
}

fn refused(refusal: model::Refused) -> StoreError {
    StoreError::Refused { code: refusal.code(), sentence: refusal.to_string() }
}

/// Decides about a correction. `waiting` is the rank in which the message waits, where it does.
fn decide(
    case: &Case,
    who: &SignedIn,
    correction: Correction,
    note: Option<String>,
    waiting: Option<u8>,
    id: CorrectionId,
) -> Result<Outcome, StoreError> {
    correction.well_formed().map_err(refused)?;
    let text = case.message.text.expose();
    let before = standing::of(&case.message, &case.said).ok_or_else(|| refused(model::Refused::NotShown))?;
    if let Some(known) = said_before(case, who, &correction) {
        return Ok(Outcome::Known(Box::new(known)));
    }
    let shown = |label: &Label| standing::score(&before, correction.kind, label);
    let score = correction.shown.as_ref().map(|label| shown(label).ok_or_else(|| refused(model::Refused::NotShown)));
    let score = score.transpose()?;
    let says = correction.says.as_ref();
    let full = correction.act == Act::Add && standing::is_single(correction.kind) && has_one(&before, correction.kind);
    if full || says.is_some_and(|label| shown(label).is_some()) {
        return Err(refused(model::Refused::ShownAlready));
    }
    let mut after = before.clone();
    standing::apply(&mut after, &correction, text);
    let stands = waiting.unwrap_or(case.message.priority);
    let held = stands < before.priority && correction.kind != LabelKind::Risk;
    let rank = match after.priority.cmp(&before.priority) {
        std::cmp::Ordering::Equal => stands,
        std::cmp::Ordering::Less => stands.min(after.priority),
        std::cmp::Ordering::Greater if held => stands,
        std::cmp::Ordering::Greater => after.priority,
    };
    if is_lowering(stands, rank) {
        can(&who.actor(), Action::ChangePriority, &Resource::Organisation)
            .map_err(|e| StoreError::Refused { code: e.code(), sentence: e.to_string() })?;
        if note.is_none() {
            return Err(refused(model::Refused::Reason));
        }
    }
    let by_person = correction.shown.as_ref().is_some_and(|label| set_by_person(case, correction.kind, label));
    Ok(Outcome::New(Box::new(NewCorrection {
        id,
        message_id: case.message.id.clone(),
        conversation_id: case.message.conversation_id.clone(),
        score: score.filter(|_| !by_person),
        made_by: if by_person { "person".to_owned() } else { before.made_by },
        text_hash: text_hash(text),
        rank_before: stands,
        rank_after: rank,
        note: note.map(Phi::new),
        correction,
    })))
}

fn has_one(of: &Assessment, kind: LabelKind) -> bool {
    standing::labels(of).iter().any(|(k, _, _)| *k == kind)
}

/// The newest word on the same label, where it is this person's and the same.
fn said_before(case: &Case, who: &SignedIn, correction: &Correction) -> Option<StoredCorrection> {
    let about = |of: &Correction| {
        let same = |one: &Option<Label>| one.is_some() && (*one == correction.shown || *one == correction.says);
        of.kind == correction.kind && (same(&of.shown) || same(&of.says))
    };
    let on_it = |row: &&StoredCorrection| {
        row.of.message_id == case.message.id
            && standing::counts(row, case.message.text.expose())
            && about(&row.of.correction)
    };
    let newest = case.said.iter().rev().find(on_it)?;
    (newest.user_id == who.user.id && newest.of.correction == *correction).then(|| newest.clone())
}

/// Whether a label that is shown was set by a person and not read.
fn set_by_person(case: &Case, kind: LabelKind, label: &Label) -> bool {
    case.said.iter().any(|row| {
        row.of.message_id == case.message.id
            && standing::counts(row, case.message.text.expose())
            && row.of.correction.kind == kind
            && row.of.correction.says.as_ref() == Some(label)
    })
}

/// Corrects a label of a message. It counts at once where the message is shown, and for its place.
#[utoipa::path(post, path = "/messages/{id}/corrections", tag = "understand", operation_id = "correct_label",
    params(("id" = String, Path, description = "The message")), request_body = Correct, responses(
    (status = 201, description = "The correction", body = CorrectionView)))]
pub(super) async fn correct(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<MessageId>,
    Json(body): Json<Correct>,
) -> Result<(http::StatusCode, Json<CorrectionView>), Problem> {
    app.allow_role(&who, Action::CorrectLabel)?;
    let note = body.note.as_deref().map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned);
    if note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(Problem::invalid("note", "This is too long. Keep it under 2,000 characters."));
    }
    let length = thread::message(&mut app.read().await?, who.org(), &id).await?.text.expose().chars().count();
    let correction = Correction {
        kind: body.kind,
        act: body.act,
        shown: body.shown.map(Label::from),
        says: body.says.map(Label::from),
    };
    if correction.says.as_ref().is_some_and(|label| !standing::exists(correction.kind, label, length)) {
        return Err(Problem::invalid("says", "There is no such label. Choose one from the list."));
    }
    if correction.kind == LabelKind::Language && correction.act == Act::Remove {
        return Err(Problem::invalid("act", "A message has a language. Choose another one, or `und`."));
    }
    let stored = store(&app, &who, id, correction, note).await?;
    Ok((http::StatusCode::CREATED, Json(CorrectionView::of(&stored, true))))
}

async fn store(
    app: &App,
    who: &SignedIn,
    message: MessageId,
    correction: Correction,
    note: Option<String>,
) -> Result<StoredCorrection, Problem> {
    let (ids, who, now) = (app.store.ids().clone(), who.clone(), app.now());
    let org = who.org().clone();
    let stored = app
        .store
        .write(&org.clone(), now, move |tx| {
            Box::pin(async move {
                let case = Case::load(tx.conn(), &org, &message).await?;
                let (state, _) = conversation::state(tx.conn(), &org, &case.message.conversation_id).await?;
                let waiting = state.waiting.iter().find(|w| w.message == message).map(|w| w.priority);
                let id = CorrectionId::from_bits(ids.bits(now));
                let new = match decide(&case, &who, correction, note, waiting, id)? {
                    Outcome::Known(known) => return tx.unchanged(*known),
                    Outcome::New(new) => *new,
                };
                corrections::add(tx, &new, &who.user.id).await?;
                tx.publish(Change::Conversation {
                    id: new.conversation_id.clone(),
                    new: false,
                    priority: state.priority,
                });
                if new.correction.act != Act::Confirm {
                    take_effect(tx, &ids, &who, &case, &new, waiting.is_some()).await?;
                }
                let entry = Entry::new(who.by(), "label.corrected", &new.message_id)
                    .with("correction", &new.id)
                    .with("kind", new.correction.kind)
                    .with("act", new.correction.act)
                    .with("rank_before", new.rank_before)
                    .with("rank_after", new.rank_after);
                let entry = name(name(entry, "shown", &new.correction.shown), "says", &new.correction.says);
                let stored = StoredCorrection {
                    of: new,
                    user_id: who.user.id.clone(),
                    user_name: who.user.name.clone(),
                    at: now,
                };
                tx.commit(entry, stored)
            })
        })
        .await?;
    Ok(stored)
}

/// Names a label in the log: names are codes of ours, and a place is two numbers.
fn name(entry: Entry, key: &str, label: &Option<Label>) -> Entry {
    let Some(label) = label else { return entry };
    let detail = label.detail.as_ref().map(|detail| format!(" {detail}")).unwrap_or_default();
    let span = label.span.map(|(start, end)| format!(" {start}-{end}")).unwrap_or_default();
    entry.with(key, format!("{}{detail}{span}", label.label))
}

/// Moves the message and its conversation to where the corrected labels put them.
async fn take_effect(
    tx: &mut Tx,
    ids: &bedside_store::Ids,
    who: &SignedIn,
    case: &Case,
    new: &NewCorrection,
    waits: bool,
) -> Result<(), StoreError> {
    let (was, rank) = (new.rank_before, new.rank_after);
    corrections::rank(tx, &new.message_id, rank).await?;
    // A label that is put right long after the answer is no reason to open the conversation again; danger is.
    let danger = rank < was && is_watched(rank);
    if danger || (rank != was && waits) {
        // What gets worse is due from now on; what gets better is due as if it had always been so.
        let from = if rank < was { tx.at() } else { case.message.received_at };
        let event = Event::PriorityChanged {
            message: new.message_id.clone(),
            was,
            priority: rank,
            at: from_micros(tx.at()),
            due: due(case, rank, from),
        };
        let by = who.by();
        let detail = serde_json::json!({ "message": new.message_id, "from": was, "to": rank, "correction": new.id });
        let step = Step { id: &new.conversation_id, event, by: &by, detail, reason: None, if_version: None };
        conversation::apply(tx, ids, step).await?;
    }
    let org = tx.org()?;
    let (state, _) = conversation::state(tx.conn(), &org, &new.conversation_id).await?;
    let waiting: Vec<_> = state.waiting.iter().map(|w| (w.message.clone(), w.priority)).collect();
    if let Some(shown) = shown(case, new, &waiting, who, tx.at()) {
        corrections::relabel(tx, &new.conversation_id, &shown).await?;
    }
    Ok(())
}

fn due(case: &Case, rank: u8, from: Micros) -> Option<jiff::Timestamp> {
    let settings = &case.settings;
    match OrgHours::new(&settings.hours, &settings.organisation.zone) {
        Ok(hours) => clock::due(rank, from_micros(from), &settings.clocks, &hours),
        // A zone that is no longer known: the clock of the wall decides.
        Err(_) => {
            let minutes = settings.clocks.rule(rank).minutes?;
            Some(from_micros(from + i64::from(minutes) * 60_000_000))
        }
    }
}

/// What the queue shows after a correction: the labels of the worst message that waits, else of the
/// worst that came; among equals the newest leads.
fn shown(case: &Case, new: &NewCorrection, waiting: &[(MessageId, u8)], who: &SignedIn, at: Micros) -> Option<Shown> {
    let stored = StoredCorrection { of: new.clone(), user_id: who.user.id.clone(), user_name: String::new(), at };
    let said: Vec<_> = case.said.iter().cloned().chain([stored]).collect();
    let waits = |row: &MessageRow| waiting.iter().find(|(id, _)| *id == row.id).map(|(_, priority)| *priority);
    let inbound = || case.rows.iter().filter(|row| row.direction == Direction::Inbound && row.deleted_at.is_none());
    let any_waits = inbound().any(|row| waits(row).is_some());
    let mut lead: Option<(u8, &MessageRow)> = None;
    let (mut c0, mut needs_reader) = (false, false);
    for row in inbound().filter(|row| !any_waits || waits(row).is_some()) {
        let own = if row.id == new.message_id { new.rank_after } else { row.priority };
        let rank = waits(row).unwrap_or(own);
        if let Some(of) = standing::of(row, &said) {
            let triage = intake::triage(&of);
            c0 |= triage.c0;
            needs_reader |= triage.needs_reader;
        }
        if lead.is_none_or(|(best, _)| rank <= best) {
            lead = Some((rank, row));
        }
    }
    let of = standing::of(lead?.1, &said)?;
    Some(Shown { labels: intake::labels(&of), language: Some(of.language), c0, needs_reader })
}
