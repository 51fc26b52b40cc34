//! Laying a batch into conversations, within the transaction.
//!
//! Items are taken per account in the order of their publication, so that an answer finds what it
//! answers, whatever order a network lists them in. The state machine of `model` decides each step;
//! what it decides is collected and written at the end.

mod alike;
mod step;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bedside_model::alert::About;
use bedside_model::clock::Clocks;
use bedside_model::hours::OrgHours;
use bedside_model::moderation::Standing;
use bedside_model::{AccountId, AuthorId, ConversationId, MessageId, Micros, OrgId, Phi, RawId};
use bedside_networks::watch::likeness::Likeness;
use bedside_networks::{Operation, normalise_for_comparison};
use bedside_store::intake::author::{self, NewAuthor};
use bedside_store::intake::message::{self, NewMessage, StoredMessage};
use bedside_store::intake::thread::{self, NewEvent, Thread};
use bedside_store::intake::{raw, sketch};
use bedside_store::outbox::{self, OutboxRow};
use bedside_store::{By, Change, Entry, Ids, StoreError, Tx, alerts};
use sha2::{Digest as _, Sha256};

use alike::Originals;

use super::PART;
use super::read::{Read, Readable, What};

/// Up to this many ids stand in the entry of a batch; above, their digest does.
const IDS_SHOWN: usize = 10;

/// What a batch did, for its one entry in the log.
#[derive(Default)]
pub(super) struct Laid {
    messages: Vec<MessageId>,
    new: usize,
    edited: usize,
    removed: usize,
    dead: usize,
    copies: usize,
}

impl Laid {
    /// One entry for the whole batch: counts, and a digest over the ids of its messages.
    pub fn entry(&self, items: usize) -> Entry {
        let mut digest = Sha256::new();
        for id in &self.messages {
            digest.update(id.as_str());
        }
        let mut entry = Entry::new(By::system(PART), "intake.stored", "batch")
            .with("items", items)
            .with("new", self.new)
            .with("edited", self.edited)
            .with("removed", self.removed)
            .with("dead", self.dead)
            .with("digest", hex::encode(digest.finalize()));
        if self.copies > 0 {
            entry = entry.with("copies", self.copies);
        }
        if !self.messages.is_empty() && self.messages.len() <= IDS_SHOWN {
            entry = entry.with("messages", self.messages.iter().map(MessageId::as_str).collect::<Vec<_>>().join(" "));
        }
        entry
    }
}

/// A conversation under work.
pub(super) struct Work {
    thread: Thread,
    is_new: bool,
    changed: bool,
    /// What stood here until this instant was answered by this batch.
    answered_until: Option<Micros>,
    /// Alerts to raise or close, in order; the next state has them in mind.
    alarms: Vec<Alarm>,
}

enum Alarm {
    Raise(bedside_model::alert::AlertClass),
    Close,
}

/// One account's part of a batch under work.
struct Desk<'a> {
    ids: &'a Ids,
    at: Micros,
    clocks: &'a Clocks,
    hours: &'a OrgHours,
    known: HashMap<String, StoredMessage>,
    threads: BTreeMap<ConversationId, Work>,
    by_native: HashMap<String, ConversationId>,
    authors: HashMap<String, AuthorId>,
    unsure: Vec<OutboxRow>,
    originals: Originals,
    messages: Vec<NewMessage>,
    events: Vec<NewEvent>,
}

/// Lays a batch into conversations and writes everything. The caller commits.
pub(super) async fn lay(
    tx: &mut Tx,
    ids: &Ids,
    clocks: &Clocks,
    hours: &OrgHours,
    items: Vec<&Read>,
) -> Result<Laid, StoreError> {
    let mut laid = Laid::default();
    let mut accounts: BTreeMap<AccountId, Vec<&Read>> = BTreeMap::new();
    for item in items {
        accounts.entry(item.row.account_id.clone()).or_default().push(item);
    }
    for (account, mut items) in accounts {
        items.sort_by_key(|item| (published(item), item.row.id.clone()));
        lay_account(tx, ids, clocks, hours, &account, items, &mut laid).await?;
    }
    Ok(laid)
}

/// When an item was published; where nobody says, when it came. Never later than that: a network's
/// clock that is ahead must not put a message behind its answer.
fn published(item: &Read) -> Micros {
    match &item.what {
        What::Message(message) => {
            message.parsed.published_at.map_or(item.row.received_at, |at| at.min(item.row.received_at))
        }
        What::Gone | What::Dead(_) => item.row.received_at,
    }
}

async fn lay_account(
    tx: &mut Tx,
    ids: &Ids,
    clocks: &Clocks,
    hours: &OrgHours,
    account: &AccountId,
    items: Vec<&Read>,
    laid: &mut Laid,
) -> Result<(), StoreError> {
    let mut desk = open_desk(tx, ids, clocks, hours, account, &items).await?;
    let (mut parsed, mut removed): (Vec<RawId>, Vec<RawId>) = (vec![], vec![]);
    for item in items {
        match &item.what {
            What::Dead(reason) => {
                raw::dead(tx, &item.row.id, reason).await?;
                laid.dead += 1;
            }
            What::Gone => {
                remove(tx, &mut desk, &item.row.native_id, None, laid).await?;
                removed.push(item.row.id.clone());
            }
            What::Message(message) if message.parsed.removed => {
                remove(tx, &mut desk, &message.parsed.native_id, message.parsed.standing, laid).await?;
                removed.push(item.row.id.clone());
            }
            What::Message(message) => {
                match desk.known.get(&message.parsed.native_id).cloned() {
                    Some(old) => edit(tx, &mut desk, &old, item, message, laid).await?,
                    None => desk.add(account, item, message, laid),
                }
                parsed.push(item.row.id.clone());
            }
        }
    }
    raw::parsed(tx, &parsed).await?;
    raw::removed(tx, &removed).await?;
    close_desk(tx, account, desk).await
}

async fn open_desk<'a>(
    tx: &mut Tx,
    ids: &'a Ids,
    clocks: &'a Clocks,
    hours: &'a OrgHours,
    account: &AccountId,
    items: &[&Read],
) -> Result<Desk<'a>, StoreError> {
    let org = tx.org()?;
    let at = tx.at();
    let readable: Vec<(&Read, &Readable)> = items
        .iter()
        .filter_map(|item| match &item.what {
            What::Message(message) => Some((*item, message.as_ref())),
            What::Gone | What::Dead(_) => None,
        })
        .collect();
    let native = items.iter().map(|item| item.row.native_id.as_str());
    let parsed_native = readable.iter().map(|(_, m)| m.parsed.native_id.as_str());
    let known = message::known(tx.conn(), &org, account, native.chain(parsed_native)).await?;
    let originals = originals(tx, &org, account, &readable, &known).await?;
    let wanted = || readable.iter().map(|(_, m)| m.parsed.thread_native_id.as_str());
    let elsewhere = thread::elsewhere(tx.conn(), &org, account, wanted()).await?;
    let known_in = known.values().map(|message| &message.conversation_id);
    let touched: BTreeSet<&ConversationId> =
        known_in.chain(elsewhere.iter().map(|(_, id)| id)).chain(originals.conversations()).collect();
    let threads = thread::of(tx.conn(), &org, account, wanted(), touched).await?;
    let unsure = if readable.iter().any(|(_, m)| m.parsed.is_own) {
        outbox::unsure(tx.conn(), &org, account).await?
    } else {
        vec![]
    };
    let authors = authors(tx, ids, account, &readable, &known).await?;
    Ok(Desk {
        ids,
        at,
        clocks,
        hours,
        known,
        by_native: threads.iter().map(|t| (t.thread_native_id.clone(), t.id.clone())).chain(elsewhere).collect(),
        threads: threads
            .into_iter()
            .map(|thread| {
                let work = Work { thread, is_new: false, changed: false, answered_until: None, alarms: vec![] };
                (work.thread.id.clone(), work)
            })
            .collect(),
        authors,
        unsure,
        originals,
        messages: vec![],
        events: vec![],
    })
}

/// The originals that something new here may say again. Where there is something, no other batch of the
/// account goes on before this one is done.
async fn originals(
    tx: &mut Tx,
    org: &OrgId,
    account: &AccountId,
    readable: &[(&Read, &Readable)],
    known: &HashMap<String, StoredMessage>,
) -> Result<Originals, StoreError> {
    let new = readable.iter().filter(|(_, m)| !known.contains_key(&m.parsed.native_id));
    let texts: Vec<&Likeness> = new.filter_map(|(_, m)| m.likeness.as_ref()).collect();
    if texts.is_empty() {
        return Ok(Originals::default());
    }
    sketch::alone(tx, account).await?;
    Originals::load(tx.conn(), org, account, &texts).await
}

/// Stores the authors of what is new, each once.
async fn authors(
    tx: &mut Tx,
    ids: &Ids,
    account: &AccountId,
    readable: &[(&Read, &Readable)],
    known: &HashMap<String, StoredMessage>,
) -> Result<HashMap<String, AuthorId>, StoreError> {
    let at = tx.at();
    let mut new: BTreeMap<&str, NewAuthor> = BTreeMap::new();
    for (item, message) in readable {
        let (parsed, when) = (&message.parsed, published(item));
        if parsed.is_own || parsed.removed || known.contains_key(&parsed.native_id) {
            continue;
        }
        let author = new.entry(parsed.author.native_id.as_str()).or_insert_with(|| NewAuthor {
            id: AuthorId::from_bits(ids.bits(at)),
            native_id: parsed.author.native_id.clone(),
            display_name: Phi::default(),
            handle: None,
            url: None,
            avatar: None,
            messages: 0,
            first_at: when,
            last_at: when,
        });
        author.display_name = parsed.author.display_name.clone();
        author.handle = parsed.author.handle.clone();
        author.url = parsed.author.url.clone();
        author.avatar = parsed.author.avatar.clone();
        author.messages += 1;
        author.last_at = author.last_at.max(when);
    }
    author::keep(tx, account, new.into_values().collect()).await
}

async fn remove(
    tx: &mut Tx,
    desk: &mut Desk<'_>,
    native: &str,
    standing: Option<Standing>,
    laid: &mut Laid,
) -> Result<(), StoreError> {
    let Some(old) = desk.known.get(native).filter(|old| !old.deleted).cloned() else {
        // It vanished before anybody had read it.
        return Ok(());
    };
    message::delete(tx, &old.id, standing).await?;
    desk.deleted(&old);
    if let Some(known) = desk.known.get_mut(native) {
        known.deleted = true;
    }
    laid.removed += 1;
    laid.messages.push(old.id);
    Ok(())
}

async fn edit(
    tx: &mut Tx,
    desk: &mut Desk<'_>,
    old: &StoredMessage,
    item: &Read,
    message: &Readable,
    laid: &mut Laid,
) -> Result<(), StoreError> {
    let mut route = desk.route(message);
    if let Some(route) = route.as_mut().filter(|_| old.corrected && old.text == message.parsed.text) {
        // What a person said of a text stands while the text does.
        route.priority = old.priority;
    }
    // What comes back stands as the network says, whatever took it away.
    let before = if old.deleted { Standing::default() } else { old.standing };
    let content = desk.content(message, route.as_ref(), before);
    if old.inbound && content.standing != old.standing {
        desk.stands_otherwise(old, content.standing);
    }
    let plain = |text: &Phi<String>| normalise_for_comparison(text.expose());
    let same = plain(&old.text) == plain(&content.text);
    let edited_at = (!same).then(|| message.parsed.edited_at.unwrap_or(desk.at).min(desk.at));
    // What we sent ourselves stays as we sent it, where only the network's spelling differs.
    if old.inbound || !same || old.deleted {
        message::edit(tx, old, &content, edited_at, &item.row.id).await?;
    }
    if old.inbound {
        desk.edited(old, message, route.as_ref());
    }
    if old.inbound && !same {
        said_otherwise(tx, desk, old, message).await?;
    }
    laid.edited += 1;
    laid.messages.push(old.id.clone());
    Ok(())
}

/// A text was changed: nobody says it again from now on, and a copy may be none any more. It stays where
/// it is; only what is shown of it changes.
async fn said_otherwise(
    tx: &mut Tx,
    desk: &mut Desk<'_>,
    old: &StoredMessage,
    message: &Readable,
) -> Result<(), StoreError> {
    let org = tx.org()?;
    desk.originals.forget(&old.id);
    if let Some(sketch) = sketch::of(tx.conn(), &org, &old.id).await? {
        alike::forget(tx, &[sketch]).await?;
    }
    let Some(original) = &old.copy_of else { return Ok(()) };
    let said = message::text(tx.conn(), &org, original).await?;
    let of = |text: &Phi<String>| Likeness::of(text.expose());
    let share = said.as_ref().and_then(of).zip(of(&message.parsed.text)).map(|(one, other)| one.share(&other));
    message::still_like(tx, &old.id, share.unwrap_or(0.0)).await
}

async fn close_desk(tx: &mut Tx, account: &AccountId, desk: Desk<'_>) -> Result<(), StoreError> {
    let Desk { ids, threads, messages, events, originals, .. } = desk;
    originals.save(tx, account).await?;
    message::add(tx, messages).await?;
    let fresh: Vec<Thread> = threads.values().filter(|w| w.is_new && w.changed).map(|w| w.thread.clone()).collect();
    thread::add(tx, account, &fresh).await?;
    for (id, work) in threads {
        if !work.changed {
            continue;
        }
        if !work.is_new {
            thread::save(tx, &work.thread).await?;
            if let Some(until) = work.answered_until {
                thread::answered_until(tx, &id, until).await?;
            }
        }
        for alarm in work.alarms {
            match alarm {
                Alarm::Raise(class) => alerts::raise(tx, ids, &About::Conversation(id.clone()), class).await?,
                Alarm::Close => alerts::close_for(tx, &About::Conversation(id.clone())).await?,
            }
        }
        tx.publish(Change::Conversation { id, new: work.is_new, priority: work.thread.state.priority });
    }
    thread::add_events(tx, PART, events).await
}

/// The row of the outbox that a message of ours is the effect of, where its fate is still unknown:
/// the same text in the same place. Blanks and markup do not count.
fn sent_by(unsure: &[OutboxRow], message: &Readable) -> Option<bedside_model::OutboxId> {
    let text = normalise_for_comparison(message.parsed.text.expose());
    let parsed = &message.parsed;
    let found = unsure.iter().find(|row| match serde_json::from_str(row.payload.expose()) {
        Ok(Operation::Reply { thread_native_id, parent_native_id, text: sent, .. }) => {
            let place = thread_native_id == parsed.thread_native_id
                || (parent_native_id.is_some() && parent_native_id == parsed.parent_native_id);
            place && normalise_for_comparison(sent.expose()) == text
        }
        Ok(Operation::Post { text: sent, .. }) => normalise_for_comparison(sent.expose()) == text,
        Ok(
            Operation::EditOwn { .. }
            | Operation::DeleteOwn { .. }
            | Operation::Hide { .. }
            | Operation::Approve { .. }
            | Operation::Remove { .. }
            | Operation::Spam { .. }
            | Operation::Caption { .. },
        )
        | Err(_) => false,
    })?;
    Some(found.id.clone())
}
