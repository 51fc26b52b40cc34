//! Why a conversation stands where it stands: each step of its place, in words, with the text that
//! decided it.

use axum::extract::State;
use bedside_engine::listen::intake;
use bedside_model::ConversationId;
use bedside_model::account::Settings;
use bedside_model::conversation::State as ConversationState;
use bedside_model::correction::{Act, LabelKind};
use bedside_model::hours::OrgHours;
use bedside_model::label::{intent_priority, risk_priority};
use bedside_model::network::Direction;
use bedside_model::role::Action;
use bedside_model::route::{self, Triage, Why};
use bedside_model::time::from_micros;
use bedside_store::answer::{MessageRow, queue, thread};
use bedside_store::corrections::{self, StoredCorrection};
use bedside_understand::Assessment;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{self, ClockView, MessageView, QueueItem};
use crate::app::App;
use crate::extract::{Id, Json};
use crate::problem::Problem;
use crate::schema;
use crate::signed_in::SignedIn;
use crate::understand::standing;
use crate::understand::view::Corrector;

/// Counting those ahead stops here.
const MOST_AHEAD: i64 = 1_000;

/// One reason for a place in the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhyPart {
    /// Which kind of reason.
    pub kind: String,
    /// The risk or intent.
    #[schema(required = true)]
    pub label: Option<String>,
    /// The level of a risk.
    #[schema(required = true)]
    pub level: Option<String>,
    /// In words.
    pub sentence: String,
}

impl WhyPart {
    fn of(why: &Why) -> Self {
        let (label, level) = match why {
            Why::Risk { label, level } => (Some(label.to_string()), Some(level.to_string())),
            Why::Intent { intent } => (Some(intent.to_string()), None),
            Why::TopicMark | Why::NeedsReader { .. } | Why::Unlabelled | Why::Clock { .. } | Why::ChangedByHand => {
                (None, None)
            }
        };
        Self { kind: why.kind().to_owned(), label, level, sentence: why.sentence() }
    }
}

/// Why a conversation stands where it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhyView {
    /// All reasons in one text.
    pub sentence: String,
    /// The strongest first.
    pub parts: Vec<WhyPart>,
}

/// The message that decides: the worst that waits, or the worst of all where none does.
pub fn worst(rows: &[MessageRow]) -> Option<&MessageRow> {
    let inbound = || rows.iter().filter(|row| row.direction == Direction::Inbound);
    let waiting = inbound().filter(|row| row.answered_at.is_none()).min_by_key(|row| row.priority);
    waiting.or_else(|| inbound().min_by_key(|row| row.priority))
}

/// Why the conversation stands where it stands: the reasons of its worst unanswered message, or of
/// its worst message where all are answered.
pub fn why(rows: &[MessageRow], said: &[StoredCorrection], settings: &Settings) -> WhyView {
    let Some(worst) = worst(rows) else { return WhyView { sentence: String::new(), parts: vec![] } };
    let triage = triage(worst, said);
    let mut parts = match OrgHours::new(&settings.hours, &settings.organisation.zone) {
        Ok(hours) => route::route(&triage, from_micros(worst.received_at), &settings.clocks, &hours).why,
        // A zone that is no longer known takes the clock's reason away, not the others.
        Err(_) => vec![],
    };
    if changed_by_hand(worst, said) {
        parts.push(Why::ChangedByHand);
    }
    WhyView { sentence: route::sentence(&parts), parts: parts.iter().map(WhyPart::of).collect() }
}

fn triage(message: &MessageRow, said: &[StoredCorrection]) -> Triage {
    match standing::of(message, said) {
        Some(of) => Triage { priority: message.priority, ..intake::triage(&of) },
        None => Triage {
            priority: message.priority,
            c0: false,
            needs_reader: false,
            intents: vec![],
            risk: None,
            language: "und".to_owned(),
        },
    }
}

/// Corrections of a message that are about its text as it is.
fn of_message<'a>(message: &'a MessageRow, said: &'a [StoredCorrection]) -> impl Iterator<Item = &'a StoredCorrection> {
    said.iter().filter(|row| row.of.message_id == message.id && standing::counts(row, message.text.expose()))
}

fn changed_by_hand(message: &MessageRow, said: &[StoredCorrection]) -> bool {
    of_message(message, said).any(|row| row.of.rank_before != row.of.rank_after)
}

/// One step of the place: a label, and the rank that it alone would give.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankStep {
    /// `risk`, `topic_mark`, `needs_reader`, `intent`, `unlabelled`, `held`.
    pub kind: String,
    /// The risk or intent.
    #[schema(required = true)]
    pub label: Option<String>,
    /// The level of a risk.
    #[schema(required = true)]
    pub level: Option<String>,
    /// The rank that this label alone would give; null where it is a mark without a rank.
    #[schema(required = true)]
    pub rank: Option<u8>,
    /// This step decided the rank.
    pub decides: bool,
    /// In words.
    pub sentence: String,
    /// Probability; null where a person set the label.
    #[schema(required = true)]
    pub score: Option<f64>,
    /// The words that decided it.
    #[schema(value_type = Vec<schema::Span>)]
    pub evidence: Vec<(usize, usize)>,
    /// What lowered or raised the level.
    pub because: Vec<String>,
    /// Who set the label, where a person did.
    #[schema(required = true)]
    pub set_by: Option<Corrector>,
}

/// Why a conversation stands where it stands, step by step.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhyPage {
    /// As in the queue.
    pub conversation: QueueItem,
    /// How many open conversations stand before it; null where it is not open.
    #[schema(required = true)]
    pub ahead: Option<i64>,
    /// All reasons in one text.
    pub sentence: String,
    /// The message that decides.
    #[schema(required = true)]
    pub message: Option<MessageView>,
    /// Each label with the rank that it alone would give; the first is the one that decided.
    pub steps: Vec<RankStep>,
    /// The clock of its rank; within a rank the earlier due comes first.
    pub clock: ClockView,
    /// Further messages that wait here, with their ranks.
    pub others_waiting: Vec<OtherWaiting>,
    /// Whether an urgent text of this message holds it in its place though its author changed it since.
    pub held: bool,
}

/// Another message that waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherWaiting {
    /// Which.
    pub id: String,
    /// Its rank.
    pub priority: u8,
    /// When it came.
    pub received_at: crate::time::Instant,
}

/// Why a conversation stands where it stands, step by step. That it was opened stands in the log.
#[utoipa::path(get, path = "/conversations/{id}/why", tag = "answer", operation_id = "why",
    params(("id" = String, Path, description = "The conversation")), responses(
    (status = 200, description = "The steps", body = WhyPage)))]
pub(super) async fn page(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<ConversationId>,
) -> Result<Json<WhyPage>, Problem> {
    app.allow_role(&who, Action::ReadMessage)?;
    let org = who.org();
    let mut conn = app.read().await?;
    let row = queue::one(&mut conn, org, &id).await?;
    let rows = thread::messages(&mut conn, org, &id).await?;
    let said = corrections::of_conversation(&mut conn, org, &id).await?;
    let settings = view::settings_of(&mut conn, org).await?;
    let ahead = match row.state {
        ConversationState::Open => {
            Some(corrections::ahead(&mut conn, org, row.priority, row.due_at, &id, MOST_AHEAD).await?)
        }
        ConversationState::Snoozed | ConversationState::Resolved => None,
    };
    drop(conn);
    app.viewed(&who, &id);
    let item = view::item(&row, &settings, app.now());
    let decides = worst(&rows);
    let steps = decides.map(|message| steps(message, &said)).unwrap_or_default();
    let by_labels = steps.iter().filter_map(|step| step.rank).min();
    let others_waiting = rows
        .iter()
        .filter(|row| row.direction == Direction::Inbound && row.answered_at.is_none() && row.deleted_at.is_none())
        .filter(|row| Some(&row.id) != decides.map(|message| &message.id))
        .map(|row| OtherWaiting {
            id: row.id.to_string(),
            priority: row.priority,
            received_at: crate::time::Instant(row.received_at),
        })
        .collect();
    Ok(Json(WhyPage {
        ahead,
        sentence: why(&rows, &said, &settings).sentence,
        message: decides.and_then(|message| {
            view::messages(std::slice::from_ref(message), &[], &said, &[], &settings.organisation.name, None).pop()
        }),
        held: by_labels.is_some_and(|rank| row.priority < rank),
        clock: ClockView { ..item_clock(&item) },
        conversation: item,
        steps,
        others_waiting,
    }))
}

fn item_clock(item: &QueueItem) -> ClockView {
    ClockView { minutes: item.clock.minutes, basis: item.clock.basis, state: item.clock.state }
}

/// Each label of a message with the rank that it alone would give, the one that decides first.
fn steps(message: &MessageRow, said: &[StoredCorrection]) -> Vec<RankStep> {
    let Some(of) = standing::of(message, said) else { return vec![] };
    let by = |kind: LabelKind, label: &str| set_by(message, said, kind, label);
    let mut steps = Vec::new();
    for risk in &of.risks {
        let why = Why::Risk { label: risk.label, level: risk.level };
        let rank = risk_priority(risk.label, risk.level);
        let mut step = step(if rank.is_some() { why } else { Why::TopicMark }, rank);
        step.label = Some(risk.label.to_string());
        step.level = Some(risk.level.to_string());
        step.evidence = risk.evidence.iter().map(|span| (span.start, span.end)).collect();
        step.because.clone_from(&risk.because);
        step.set_by = by(LabelKind::Risk, risk.label.as_str());
        step.score = Some(risk.score).filter(|_| step.set_by.is_none());
        steps.push(step);
    }
    if of.needs_reader {
        let mut step = step(Why::NeedsReader { language: of.language.clone() }, Some(7));
        step.set_by = by(LabelKind::Language, &of.language);
        steps.push(step);
    }
    for intent in &of.intents {
        let Some(rank) = intent_priority(intent.label) else { continue };
        let mut step = step(Why::Intent { intent: intent.label }, Some(rank));
        step.label = Some(intent.label.to_string());
        step.evidence = intent.evidence.iter().map(|span| (span.start, span.end)).collect();
        step.set_by = by(LabelKind::Intent, intent.label.as_str());
        step.score = Some(intent.score).filter(|_| step.set_by.is_none());
        steps.push(step);
    }
    if steps.iter().all(|step| step.rank.is_none()) {
        steps.push(step(Why::Unlabelled, Some(unlabelled(&of))));
    }
    steps.sort_by_key(|step| step.rank.unwrap_or(u8::MAX));
    if let Some(first) = steps.first_mut() {
        first.decides = true;
    }
    steps
}

/// The rank of a message in which nothing was recognised.
fn unlabelled(of: &Assessment) -> u8 {
    of.priority
}

fn step(why: Why, rank: Option<u8>) -> RankStep {
    RankStep {
        kind: why.kind().to_owned(),
        label: None,
        level: None,
        rank,
        decides: false,
        sentence: why.sentence(),
        score: None,
        evidence: vec![],
        because: vec![],
        set_by: None,
    }
}

/// Who set a label, where a person gave it or confirmed it last.
fn set_by(message: &MessageRow, said: &[StoredCorrection], kind: LabelKind, label: &str) -> Option<Corrector> {
    let is = |of: &Option<bedside_model::correction::Label>| of.as_ref().is_some_and(|of| of.label == label);
    let found = of_message(message, said)
        .filter(|row| row.of.correction.kind == kind && row.of.correction.act != Act::Confirm)
        .filter(|row| is(&row.of.correction.says))
        .last()?;
    Some(Corrector { id: found.user_id.to_string(), name: found.user_name.clone() })
}
