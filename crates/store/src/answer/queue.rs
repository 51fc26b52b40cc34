//! The queue: worst first, then by due time, in keyset pages.

use std::collections::HashSet;

use bedside_model::conversation::{Outcome, State};
use bedside_model::{AccountId, AlertId, AuthorId, ConversationId, Micros, OrgId, Phi, UserId};

use crate::conversation::NO_DUE;
use crate::db::Conn;
use crate::error::Result;
use crate::row::Row;
use crate::search;
use crate::sql::{Stmt, Value};
use crate::statements;
use crate::vals;

/// The columns of a queue row with the names that go with it; every part is found by a primary key
/// or an index, so that a page costs one pass over as many index entries as it shows.
macro_rules! queue_rows {
    () => {
        "select c.*, ac.network as network, au.display_name as author_name, au.messages as author_messages,
        u.name as assigned_name,
        (select al.id || ' ' || al.state from alerts al where al.org_id = $1 and al.conversation_id = c.id
            and al.state in ('raised', 'escalated') order by al.raised_at limit 1) as open_alert
        from conversations c
        left join accounts ac on ac.org_id = c.org_id and ac.id = c.account_id
        left join authors au on au.org_id = c.org_id and au.id = c.author_id
        left join users u on u.org_id = c.org_id and u.id = c.assigned_to
        where c.org_id = $1 "
    };
}

macro_rules! after {
    () => {
        " and c.state = $2 and (c.priority, c.due_sort, c.id) > ($3, $4, $5) and c.priority <= $6
        and (cast($7 as text) is null or c.account_id = $7) "
    };
}

macro_rules! ordered {
    () => {
        " order by c.priority, c.due_sort, c.id limit $8"
    };
}

/// Placeholders of [`BATCH`] ids; short lists repeat their last id.
macro_rules! batch {
    () => {
        "($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
        $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)"
    };
}

/// How many ids one batched query takes.
const BATCH: usize = 50;

/// Counts stop here: beyond it a number says no more than "very many".
pub const MOST_COUNTED: i64 = 10_000;

statements! {
    PAGE = concat!(queue_rows!(), after!(), ordered!());
    PAGE_ASSIGNED = concat!(queue_rows!(), after!(), " and c.assigned_to = $9 ", ordered!());
    PAGE_NOBODY = concat!(queue_rows!(), after!(), " and c.assigned_to is null ", ordered!());
    ROWS_OF = concat!(queue_rows!(), " and c.id in ", batch!());
    KEYS_OF = concat!("select id, state, priority, due_sort, account_id, assigned_to from conversations where org_id = $1 and id in ", batch!());
    OF_AUTHOR = concat!(queue_rows!(), " and c.author_id = $2 order by c.last_message_at desc, c.id desc limit 100");
    COUNTS = "select
        (select count(*) from (select 1 as one from conversations where org_id = $1 and state = 'open' limit $4) t) as n_open,
        (select count(*) from (select 1 as one from conversations where org_id = $1 and due_at is not null and due_at <= $3 and state = 'open' limit $4) t) as n_due,
        (select count(*) from (select 1 as one from conversations where org_id = $1 and assigned_to is null and state = 'open' limit $4) t) as n_unassigned,
        (select count(*) from (select 1 as one from conversations where org_id = $1 and assigned_to = $2 and state = 'open' limit $4) t) as n_mine,
        (select count(*) from (select 1 as one from conversations where org_id = $1 and state = 'snoozed' limit $4) t) as n_snoozed";
}

/// Which conversations are asked for by their state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those of one state.
    Of(State),
    /// All of them.
    All,
}

/// Which conversations are asked for by who works on them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assigned {
    /// Whoever does.
    Anybody,
    /// Nobody does.
    Nobody,
    /// One person does.
    To(UserId),
}

/// What is asked of the queue.
#[derive(Debug, Clone)]
pub struct Filter {
    /// By state.
    pub which: Which,
    /// By person.
    pub assigned: Assigned,
    /// By account.
    pub account: Option<AccountId>,
    /// No rank behind this one.
    pub priority_max: u8,
    /// Words that occur in one of the messages.
    pub words: Option<String>,
}

/// The place in the queue after which a page begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// Rank of the last row seen.
    pub priority: i64,
    /// Its due time for sorting.
    pub due_sort: Micros,
    /// Its id.
    pub id: String,
}

impl Cursor {
    /// Before the first row.
    pub const fn start() -> Self {
        Self { priority: -1, due_sort: 0, id: String::new() }
    }
}

/// A row of the queue.
#[derive(Debug, Clone)]
pub struct QueueRow {
    /// The conversation.
    pub id: ConversationId,
    /// The account that heard it.
    pub account_id: AccountId,
    /// That account's network.
    pub network: String,
    /// What it is about on the network: the title of a post, a site.
    pub place: Option<Phi<String>>,
    /// Where that is.
    pub place_url: Option<Phi<String>>,
    /// Who began it: id, name shown there, messages seen of them.
    pub author: Option<(AuthorId, Phi<String>, i64)>,
    /// First words of the message that ranks it.
    pub excerpt: Phi<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Stars.
    pub rating: Option<f64>,
    /// Who can read it.
    pub visibility: String,
    /// Where it stands.
    pub state: State,
    /// Rank, 0 first.
    pub priority: u8,
    /// Suicide is the topic.
    pub c0: bool,
    /// The language has no crisis rules.
    pub needs_reader: bool,
    /// Labels as JSON, in the shape of the API.
    pub labels: String,
    /// When an answer is due.
    pub due_at: Option<Micros>,
    /// The same for sorting; [`NO_DUE`] without a clock.
    pub due_sort: Micros,
    /// Who works on it.
    pub assigned_to: Option<(UserId, String)>,
    /// Until when it is snoozed.
    pub snoozed_until: Option<Micros>,
    /// Unanswered messages.
    pub waiting: i64,
    /// When its first message was written.
    pub first_message_at: Micros,
    /// When its newest message was written.
    pub last_message_at: Micros,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Why it ended so.
    pub outcome_reason: Option<String>,
    /// The open alert about it and its state.
    pub alert: Option<(AlertId, String)>,
    /// Grows with every change.
    pub version: i64,
}

impl QueueRow {
    /// Its place in the queue.
    pub fn cursor(&self) -> Cursor {
        Cursor { priority: self.priority.into(), due_sort: self.due_sort, id: self.id.to_string() }
    }
}

/// How many conversations wait, each at most [`MOST_COUNTED`] and one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

fn row_of(row: &Row) -> Result<QueueRow> {
    let author = match (row.opt_parsed("author_id")?, row.opt_phi("author_name")?) {
        (Some(id), Some(name)) => Some((id, name, row.opt_int("author_messages")?.unwrap_or(0))),
        (Some(_), None) | (None, _) => None,
    };
    let assigned_to: Option<UserId> = row.opt_parsed("assigned_to")?;
    let assigned_name = row.opt_text("assigned_name")?.unwrap_or_default();
    let alert = row.opt_text("open_alert")?.and_then(|text| {
        let (id, state) = text.split_once(' ')?;
        Some((AlertId::parse(id).ok()?, state.to_owned()))
    });
    Ok(QueueRow {
        id: row.parsed("id")?,
        account_id: row.parsed("account_id")?,
        network: row.opt_text("network")?.unwrap_or_default(),
        place: row.opt_phi("place")?,
        place_url: row.opt_phi("place_url")?,
        author,
        excerpt: row.phi("excerpt")?,
        language: row.opt_text("language")?,
        rating: row.opt_float("rating")?,
        visibility: row.text("visibility")?,
        state: row.parsed("state")?,
        priority: u8::try_from(row.int("priority")?).unwrap_or(12),
        c0: row.bool("c0")?,
        needs_reader: row.bool("needs_reader")?,
        labels: row.text("labels")?,
        due_at: row.opt_int("due_at")?,
        due_sort: row.int("due_sort")?,
        assigned_to: assigned_to.map(|id| (id, assigned_name)),
        snoozed_until: row.opt_int("snoozed_until")?,
        waiting: row.int("waiting")?,
        first_message_at: row.int("first_message_at")?,
        last_message_at: row.int("last_message_at")?,
        outcome: row.opt_parsed("outcome")?,
        outcome_reason: row.opt_text("outcome_reason")?,
        alert,
        version: row.int("version")?,
    })
}

/// The next rows of the queue after a place, at most `most` of them.
pub async fn page(conn: &mut Conn, org: &OrgId, filter: &Filter, after: &Cursor, most: usize) -> Result<Vec<QueueRow>> {
    if let Some(words) = &filter.words {
        return found(conn, org, filter, after, most, words).await;
    }
    match filter.which {
        Which::Of(state) => of_state(conn, org, filter, state, after, most).await,
        Which::All => {
            // One indexed query for each state; the pages are merged here.
            let mut rows = Vec::new();
            for &state in State::ALL {
                rows.extend(of_state(conn, org, filter, state, after, most).await?);
            }
            rows.sort_by_key(QueueRow::cursor);
            rows.truncate(most);
            Ok(rows)
        }
    }
}

async fn of_state(
    conn: &mut Conn,
    org: &OrgId,
    filter: &Filter,
    state: State,
    after: &Cursor,
    most: usize,
) -> Result<Vec<QueueRow>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut values =
        vals![state.as_str(), after.priority, after.due_sort, &after.id, filter.priority_max, &filter.account, most];
    let stmt: &'static Stmt = match &filter.assigned {
        Assigned::Anybody => &PAGE,
        Assigned::Nobody => &PAGE_NOBODY,
        Assigned::To(user) => {
            values.push(Value::from(user));
            &PAGE_ASSIGNED
        }
    };
    conn.all(stmt, org, values).await?.iter().map(row_of).collect()
}

/// A page of what the full-text index finds: its keys are looked up, filtered and sorted, and only
/// the rows of the page are read whole.
async fn found(
    conn: &mut Conn,
    org: &OrgId,
    filter: &Filter,
    after: &Cursor,
    most: usize,
    words: &str,
) -> Result<Vec<QueueRow>> {
    let ids: Vec<String> = search::find(conn, org, words).await?.iter().map(ToString::to_string).collect();
    let mut keys = Vec::new();
    for chunk in ids.chunks(BATCH) {
        for row in conn.all(&KEYS_OF, org, batch_of(chunk)).await? {
            let key = Cursor { priority: row.int("priority")?, due_sort: row.int("due_sort")?, id: row.text("id")? };
            let state: State = row.parsed("state")?;
            let assigned: Option<UserId> = row.opt_parsed("assigned_to")?;
            let account: AccountId = row.parsed("account_id")?;
            let wanted = match filter.which {
                Which::Of(which) => which == state,
                Which::All => true,
            } && match &filter.assigned {
                Assigned::Anybody => true,
                Assigned::Nobody => assigned.is_none(),
                Assigned::To(user) => assigned.as_ref() == Some(user),
            } && filter.account.as_ref().is_none_or(|wanted| *wanted == account)
                && key.priority <= filter.priority_max.into()
                && key > *after;
            if wanted {
                keys.push(key);
            }
        }
    }
    keys.sort();
    keys.truncate(most);
    let ids: Vec<String> = keys.into_iter().map(|key| key.id).collect();
    let mut rows = rows_of(conn, org, &ids).await?;
    rows.sort_by_key(QueueRow::cursor);
    Ok(rows)
}

/// One batch of ids as values: padded with its last id, which the query takes as a set.
fn batch_of(ids: &[String]) -> Vec<Value> {
    let last = ids.last().cloned().unwrap_or_default();
    ids.iter().cloned().chain(std::iter::repeat(last)).take(BATCH).map(Value::from).collect()
}

async fn rows_of(conn: &mut Conn, org: &OrgId, ids: &[String]) -> Result<Vec<QueueRow>> {
    let mut rows = Vec::new();
    let mut seen = HashSet::new();
    for chunk in ids.chunks(BATCH) {
        for row in conn.all(&ROWS_OF, org, batch_of(chunk)).await? {
            if seen.insert(row.text("id")?) {
                rows.push(row_of(&row)?);
            }
        }
    }
    Ok(rows)
}

/// One conversation as the queue shows it.
pub async fn one(conn: &mut Conn, org: &OrgId, id: &ConversationId) -> Result<QueueRow> {
    let rows = rows_of(conn, org, &[id.to_string()]).await?;
    rows.into_iter().next().ok_or(crate::StoreError::NotFound { what: "conversation" })
}

/// The conversations that an author began, newest first, at most 100.
pub async fn of_author(conn: &mut Conn, org: &OrgId, author: &AuthorId) -> Result<Vec<QueueRow>> {
    conn.all(&OF_AUTHOR, org, vals![author]).await?.iter().map(row_of).collect()
}

/// How many conversations wait.
pub async fn counts(conn: &mut Conn, org: &OrgId, me: &UserId, now: Micros) -> Result<Counts> {
    let row = conn.one(&COUNTS, org, vals![me, now.min(NO_DUE - 1), MOST_COUNTED + 1], "count").await?;
    Ok(Counts {
        open: row.int("n_open")?,
        due: row.int("n_due")?,
        unassigned: row.int("n_unassigned")?,
        mine: row.int("n_mine")?,
        snoozed: row.int("n_snoozed")?,
    })
}
