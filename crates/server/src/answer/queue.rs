//! The queue, its counts, and one whole conversation.

use axum::extract::State;
use bedside_engine::door::Scene;
use bedside_model::conversation::State as ConversationState;
use bedside_model::role::Action;
use bedside_model::{AccountId, ConversationId, Micros, UserId};
use bedside_store::answer::{Assigned, Cursor, Filter, Which, queue, speaker, thread};
use bedside_store::{cases as stored_cases, corrections, outbox};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cases::{self, CaseView};
use super::drafts::view::DraftView;
use super::view::{self, MessageView, NoteView, QueueItem, TimelineEntry};
use super::why::{WhyView, why};
use crate::app::App;
use crate::extract::{Id, Json, Params, Tagged};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// What is asked of the queue.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// `open` (where absent), `snoozed`, `resolved`, `all`.
    pub state: Option<String>,
    /// `me`, `nobody`, or a user's id.
    pub assigned: Option<String>,
    /// Only this account.
    pub account: Option<String>,
    /// No rank behind this one.
    pub priority_max: Option<u8>,
    /// Words that occur in a message.
    pub q: Option<String>,
    /// How many, 1 to 200; 50 where absent.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

impl QueueQuery {
    fn filter(&self, me: &UserId) -> Result<Filter, Problem> {
        let which = match self.state.as_deref().unwrap_or("open") {
            "all" => Which::All,
            state => Which::Of(
                state
                    .parse::<ConversationState>()
                    .map_err(|_| Problem::invalid("state", "Ask for open, snoozed, resolved or all."))?,
            ),
        };
        let assigned = match self.assigned.as_deref() {
            None | Some("") => Assigned::Anybody,
            Some("nobody") => Assigned::Nobody,
            Some("me") => Assigned::To(me.clone()),
            Some(id) => {
                let bad = |_| Problem::invalid("assigned", "Ask for me, nobody or a colleague's id.");
                Assigned::To(UserId::parse(id).map_err(bad)?)
            }
        };
        let account = self.account.as_deref().filter(|id| !id.is_empty()).map(AccountId::parse).transpose();
        let account = account.map_err(|_| Problem::invalid("account", "This is no account's id."))?;
        let words = self.q.clone().filter(|words| !words.trim().is_empty());
        Ok(Filter { which, assigned, account, priority_max: self.priority_max.unwrap_or(u8::MAX), words })
    }
}

/// The queue: worst first, then by due time.
#[utoipa::path(get, path = "/conversations", tag = "answer", operation_id = "conversations", params(QueueQuery), responses(
    (status = 200, description = "A page of the queue", body = Page<QueueItem>)))]
pub(super) async fn list(
    State(app): State<App>,
    who: SignedIn,
    Params(query): Params<QueueQuery>,
) -> Result<Json<Page<QueueItem>>, Problem> {
    app.allow_role(&who, Action::ReadInbox)?;
    let filter = query.filter(&who.user.id)?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let after = match page.after::<(i64, Micros, String)>()? {
        Some((priority, due_sort, id)) => Cursor { priority, due_sort, id },
        None => Cursor::start(),
    };
    let now = app.now();
    let mut conn = app.read().await?;
    let most = usize::try_from(page.limit() + 1).unwrap_or(usize::MAX);
    let rows = queue::page(&mut conn, who.org(), &filter, &after, most).await?;
    let settings = view::settings_of(&mut conn, who.org()).await?;
    let rows = Page::of(rows, page.limit(), |row| {
        let at = row.cursor();
        (at.priority, at.due_sort, at.id)
    });
    let items = rows.items.iter().map(|row| view::item(row, &settings, now)).collect();
    Ok(Json(Page { items, next: rows.next }))
}

/// How many conversations wait. Numbers above 10,000 say no more than "very many".
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// Open.
    pub open: i64,
    /// Open and past due.
    pub due: i64,
    /// Open and nobody's.
    pub unassigned: i64,
    /// Open and mine.
    pub mine: i64,
    /// Snoozed.
    pub snoozed: i64,
}

/// How many conversations wait.
#[utoipa::path(get, path = "/conversations/counts", tag = "answer", operation_id = "counts", responses(
    (status = 200, description = "The counts", body = Counts)))]
pub(super) async fn counts(State(app): State<App>, who: SignedIn) -> Result<Json<Counts>, Problem> {
    app.allow_role(&who, Action::ReadInbox)?;
    let mut conn = app.read().await?;
    let counts = queue::counts(&mut conn, who.org(), &who.user.id, app.now()).await?;
    let queue::Counts { open, due, unassigned, mine, snoozed } = counts;
    Ok(Json(Counts { open, due, unassigned, mine, snoozed }))
}

/// A whole conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationView {
    /// As in the queue.
    #[serde(flatten)]
    pub item: QueueItem,
    /// Oldest first.
    pub messages: Vec<MessageView>,
    /// Oldest first.
    pub notes: Vec<NoteView>,
    /// Oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Newest first; none that was discarded.
    pub drafts: Vec<DraftView>,
    /// The newest case.
    #[schema(required = true)]
    pub case: Option<CaseView>,
    /// Why it stands where it stands.
    pub why: WhyView,
}

/// A whole conversation. That it was opened stands in the log.
#[utoipa::path(get, path = "/conversations/{id}", tag = "answer", operation_id = "conversation",
    params(("id" = String, Path, description = "The conversation")), responses(
    (status = 200, description = "The conversation", body = ConversationView)))]
pub(super) async fn one(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<ConversationId>,
) -> Result<Tagged<ConversationView>, Problem> {
    app.allow_role(&who, Action::ReadMessage)?;
    let org = who.org();
    let mut conn = app.read().await?;
    let row = queue::one(&mut conn, org, &id).await?;
    let scene = Scene::of_conversation(&mut conn, org, &id).await?;
    let items = outbox::of_conversation(&mut conn, org, &id).await?;
    let rows = thread::messages(&mut conn, org, &id).await?;
    let elsewhere = thread::elsewhere(&mut conn, org, &id).await?;
    let said = corrections::of_conversation(&mut conn, org, &id).await?;
    let notes = thread::notes(&mut conn, org, &id).await?;
    let timeline = thread::timeline(&mut conn, org, &id).await?;
    let names = speaker::user_names(&mut conn, org).await?;
    let case = stored_cases::of_conversation(&mut conn, org, &id).await?;
    let mut drafts = Vec::new();
    for stored in bedside_store::drafts::of_conversation(&mut conn, org, &id).await? {
        drafts.push(DraftView::of(&mut conn, &scene, &names, &who, &stored, Some(&rows)).await?);
    }
    drop(conn);
    app.viewed(&who, &id);
    let view = ConversationView {
        why: why(&rows, &said, &scene.settings),
        item: view::item(&row, &scene.settings, app.now()),
        messages: view::messages(&rows, &items, &said, &elsewhere, scene.us(), scene.network()),
        notes: notes.iter().map(view::note).collect(),
        timeline: timeline.iter().map(view::entry).collect(),
        drafts,
        case: case.first().map(|case| cases::view(case, &names)),
    };
    Ok(Tagged(row.version, view))
}

/// The author of conversations: what a network shows of them, and what they wrote here.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    /// Who.
    pub id: String,
    /// On which network.
    pub network: String,
    /// The name shown there.
    pub display_name: String,
    /// The handle there.
    #[schema(required = true)]
    pub handle: Option<String>,
    /// The profile there.
    #[schema(required = true)]
    pub url: Option<String>,
    /// Messages seen of them.
    pub times: i64,
    /// When the first came.
    pub first_seen_at: crate::time::Instant,
    /// When the last came.
    pub last_seen_at: crate::time::Instant,
    /// The conversations that they began, newest first.
    pub conversations: Vec<QueueItem>,
    /// Notes in those.
    pub notes_count: i64,
}

/// The author of conversations. Nothing says that anybody is a patient.
#[utoipa::path(get, path = "/people/{id}", tag = "answer", operation_id = "person",
    params(("id" = String, Path, description = "The author")), responses(
    (status = 200, description = "The author", body = PersonView)))]
pub(super) async fn person(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<bedside_model::AuthorId>,
) -> Result<Json<PersonView>, Problem> {
    app.allow_role(&who, Action::ReadPeople)?;
    let mut conn = app.read().await?;
    let author = bedside_store::people_seen::get(&mut conn, who.org(), &id).await?;
    let rows = queue::of_author(&mut conn, who.org(), &id).await?;
    let settings = view::settings_of(&mut conn, who.org()).await?;
    drop(conn);
    app.viewed(&who, &id);
    let now = app.now();
    Ok(Json(PersonView {
        id: author.id.to_string(),
        network: author.network,
        display_name: author.display_name.expose().clone(),
        handle: view::shown(&author.handle),
        url: view::shown(&author.url),
        times: author.messages,
        first_seen_at: crate::time::Instant(author.first_seen_at),
        last_seen_at: crate::time::Instant(author.last_seen_at),
        conversations: rows.iter().map(|row| view::item(row, &settings, now)).collect(),
        notes_count: author.notes,
    }))
}
