//! The guard on its own: try a text, read the rules, take a prepared text. Nothing is stored.

use axum::extract::State;
use bedside_engine::door::{Placed, Scene, Whole, answered, judge};
use bedside_guard as guard;
use bedside_model::draft::{DraftKind, Part};
use bedside_model::network::Visibility;
use bedside_model::role::Action;
use bedside_model::{AccountId, ConversationId, MessageId};
use bedside_store::answer::{MessageRow, thread};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::names;
use crate::app::App;
use crate::extract::Json;
use crate::page::Page;
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::{schema, understand};

/// One thing that the guard found.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FindingView {
    /// Rule id.
    pub rule: String,
    /// Whether it warns or blocks.
    #[schema(value_type = names::GuardDecision)]
    pub severity: String,
    /// In which part of what is said.
    #[serde(default)]
    #[schema(value_type = names::Part)]
    pub part: Part,
    /// Which file it is where it is in a description, from 0.
    #[serde(default)]
    #[schema(required = true)]
    pub file: Option<usize>,
    /// First scalar value of the words meant, in that part.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The words meant.
    pub evidence: String,
    /// Why this must not be said.
    pub why: String,
    /// What to say or do instead.
    pub instead: String,
}

impl FindingView {
    /// Shows a finding in the whole as one in the part where it begins.
    pub fn placed(self, whole: &Whole) -> Self {
        match whole.place(self.start..self.end) {
            Some(Placed { part, file, words }) => Self { part, file, start: words.start, end: words.end, ..self },
            None => self,
        }
    }
}

/// What the guard says.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerdictView {
    /// The stored verdict; null where nothing was stored.
    #[schema(required = true)]
    pub id: Option<String>,
    /// The worst of the findings.
    #[schema(value_type = names::GuardDecision)]
    pub verdict: String,
    /// In the order of the text.
    pub findings: Vec<FindingView>,
    /// How hard the text is to read, where it was asked for a text that is being written.
    #[schema(required = true, value_type = Option<understand::shape::Readability>)]
    pub readability: Option<serde_json::Value>,
}

fn decision(decision: guard::Decision) -> &'static str {
    match decision {
        guard::Decision::Allow => "allow",
        guard::Decision::Warn => "warn",
        guard::Decision::Block => "block",
    }
}

/// Shows a verdict that is not stored.
pub fn verdict(verdict: &guard::Verdict, whole: &Whole, readability: Option<serde_json::Value>) -> VerdictView {
    let view = |finding: &guard::Finding| FindingView {
        rule: finding.rule.clone(),
        severity: decision(finding.severity).to_owned(),
        part: Part::default(),
        file: None,
        start: finding.start,
        end: finding.end,
        evidence: finding.evidence.clone(),
        why: finding.why.clone(),
        instead: finding.instead.clone(),
    };
    let findings = verdict.findings.iter().map(|finding| view(finding).placed(whole));
    VerdictView { id: None, verdict: decision(verdict.verdict).to_owned(), findings: findings.collect(), readability }
}

/// A text to try.
#[derive(Deserialize, ToSchema)]
pub struct Check {
    /// The conversation that it would answer in.
    #[schema(value_type = Option<String>)]
    pub conversation_id: Option<ConversationId>,
    /// Or the account that would say it.
    #[schema(value_type = Option<String>)]
    pub account_id: Option<AccountId>,
    /// The message of it that it would answer; the one that a new answer goes to where absent.
    #[schema(value_type = Option<String>)]
    pub in_reply_to: Option<MessageId>,
    /// `reply` or `post`; a reply where a conversation is named.
    pub kind: Option<String>,
    /// Who could read it; that of what is answered where absent.
    #[schema(value_type = Option<schema::Visibility>)]
    pub visibility: Option<Visibility>,
    /// The title of a post.
    pub title: Option<String>,
    /// The text.
    pub text: String,
    /// The link of a post.
    pub link: Option<String>,
    /// The descriptions of its files, in their order; null for a file without one.
    #[serde(default)]
    #[schema(required = false)]
    pub alts: Vec<Option<String>>,
}

/// The message that an answer is to: the one that was chosen, else the one that a new answer goes to.
///
/// Errors: it is not in this conversation; nobody outside wrote it; it is gone; nothing is left to answer.
pub fn to_answer<'a>(rows: &'a [MessageRow], chosen: Option<&MessageId>) -> Result<&'a MessageRow, Problem> {
    let Some(id) = chosen else {
        return answered(rows)
            .ok_or_else(|| Problem::new("nothing_to_answer", "There is no message left that could be answered."));
    };
    let message = rows.iter().find(|row| row.id == *id).ok_or_else(|| Problem::not_found("message"))?;
    if message.direction != bedside_model::network::Direction::Inbound {
        return Err(Problem::new("not_theirs", "This was not written by somebody outside. Choose a message that was."));
    }
    if message.deleted_at.is_some() {
        return Err(Problem::new("answered_is_gone", "The message that this answers is gone from the network."));
    }
    Ok(message)
}

/// Says what the guard says of a text. Stores nothing.
#[utoipa::path(post, path = "/guard/check", tag = "answer", operation_id = "check_text", request_body = Check, responses(
    (status = 200, description = "The verdict", body = VerdictView)))]
pub(super) async fn check(
    State(app): State<App>,
    who: SignedIn,
    Json(body): Json<Check>,
) -> Result<Json<VerdictView>, Problem> {
    app.allow_role(&who, Action::CheckGuard)?;
    let alts = body.alts.iter().map(Option::as_deref);
    let whole = Whole::of(body.title.as_deref(), &body.text, body.link.as_deref(), alts);
    if whole.text().len() > understand::LONGEST_TEXT {
        return Err(Problem::invalid("text", "This text is too long to be checked at once."));
    }
    let mut conn = app.read().await?;
    let (scene, rows) = match (&body.conversation_id, &body.account_id) {
        (Some(id), _) => {
            // What is answered decides about the verdict, so the verdict tells of it.
            app.allow_role(&who, Action::ReadMessage)?;
            let scene = Scene::of_conversation(&mut conn, who.org(), id).await?;
            (scene, thread::messages(&mut conn, who.org(), id).await?)
        }
        (None, Some(account)) => (Scene::of_account(&mut conn, who.org(), account).await?, vec![]),
        (None, None) => (Scene::of_house(&mut conn, who.org()).await?, vec![]),
    };
    drop(conn);
    let kind = match body.kind.as_deref() {
        Some("post") => DraftKind::Post,
        None | Some("reply" | "message") => DraftKind::Reply,
        Some(_) => return Err(Problem::invalid("kind", "It is a reply, a post or a message.")),
    };
    let to = match (kind, &body.in_reply_to) {
        (DraftKind::Reply, Some(chosen)) => Some(to_answer(&rows, Some(chosen))?),
        (DraftKind::Reply, None) => answered(&rows),
        (DraftKind::Post | DraftKind::Edit, _) => None,
    };
    let visibility = body.visibility.or(to.map(|row| row.visibility)).unwrap_or_default();
    let question = scene.question(kind, visibility, whole.text(), to, app.now());
    let judged = judge(question).await;
    let text = body.text;
    let readability =
        tokio::task::spawn_blocking(move || serde_json::to_value(bedside_understand::readability(&text)).ok());
    let readability = readability.await.map_err(Problem::internal)?;
    Ok(Json(verdict(&judged, &whole, readability)))
}

/// Texts on both sides of a rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleExamples {
    /// Texts in which it finds something.
    pub blocked: Vec<String>,
    /// Texts in which it finds nothing.
    pub allowed: Vec<String>,
}

/// A dated rule of the guard.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuardRule {
    /// `B1`, `W3`, …
    pub id: String,
    /// A few words.
    pub title: String,
    /// Why this must not be said.
    pub text: String,
    /// What to say or do instead.
    pub instead: String,
    /// What it rests on.
    pub citation: String,
    /// Whether it warns or blocks.
    #[schema(value_type = names::GuardDecision)]
    pub severity: String,
    /// Whether a privacy officer may let a text pass all the same.
    pub overridable: bool,
    /// First day in force.
    #[schema(required = true)]
    pub in_force_from: Option<String>,
    /// Last day in force; null while it has not ended.
    #[schema(required = true)]
    pub in_force_to: Option<String>,
    /// When a person last read it through.
    #[schema(required = true)]
    pub reviewed: Option<String>,
    /// On both sides.
    pub examples: RuleExamples,
}

/// The rules of the guard, with what they rest on and examples
#[utoipa::path(get, path = "/guard/rules", tag = "answer", operation_id = "guard_rules",
    responses((status = 200, body = Page<GuardRule>)))]
pub(super) async fn rules(State(app): State<App>, who: SignedIn) -> Result<Json<Page<GuardRule>>, Problem> {
    app.allow_role(&who, Action::CheckGuard)?;
    let rules = guard::rules().iter().map(|rule| GuardRule {
        id: rule.id.clone(),
        title: rule.title.clone(),
        text: rule.why.clone(),
        instead: rule.instead.clone(),
        citation: rule.citation.clone(),
        severity: decision(rule.severity).to_owned(),
        overridable: rule.severity == guard::Decision::Block && !matches!(rule.id.as_str(), "B3" | "B10"),
        in_force_from: Some(rule.effective_from.clone()),
        in_force_to: rule.effective_to.clone(),
        reviewed: Some(rule.last_reviewed.clone()),
        examples: RuleExamples { blocked: rule.block.clone(), allowed: rule.allow.clone() },
    });
    Ok(Json(Page::whole(rules.collect())))
}
