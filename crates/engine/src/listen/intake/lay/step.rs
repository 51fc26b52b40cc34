//! Steps of one conversation within a batch: the model decides, the desk remembers.

use bedside_model::conversation::{self as model, Conversation, Effect, Event, State, TimelineKind};
use bedside_model::moderation::Standing;
use bedside_model::route::{Route, route};
use bedside_model::time::from_micros;
use bedside_model::{AccountId, AuthorId, ConversationId, EventId, MessageId, Micros, Phi};
use bedside_networks::ParsedMessage;
use bedside_store::intake::message::{Content, CopyOf, NewMessage, StoredMessage};
use bedside_store::intake::thread::{NewEvent, Thread};

use super::super::read::{NO_LABELS, Read, Readable, kind, visibility};
use super::{Alarm, Desk, Laid, Work, published, sent_by};

/// How much of a message the queue shows, in Unicode scalar values.
const EXCERPT: usize = 140;
/// The rank of what is not inbound.
const NO_RANK: u8 = 12;

impl Desk<'_> {
    /// Where an inbound message goes; its clock runs from now, when it came.
    pub(super) fn route(&self, message: &Readable) -> Option<Route> {
        let said = message.said.as_ref()?;
        Some(route(&said.triage, from_micros(self.at), self.clocks, self.hours))
    }

    /// What a message says and where it stands, which was `before` where it is known.
    pub(super) fn content(&self, message: &Readable, route: Option<&Route>, before: Standing) -> Content {
        let parsed = &message.parsed;
        let assessed = message.said.as_ref().map(|said| said.triage.language.clone()).filter(|l| l != "und");
        Content {
            text: parsed.text.clone(),
            language: assessed.or_else(|| parsed.language_hint.clone()),
            rating: parsed.rating,
            visibility: visibility(parsed.visibility),
            permalink: parsed.permalink.clone(),
            priority: route.map_or(NO_RANK, |route| route.priority),
            assessment: message.said.as_ref().map(|said| said.json.clone()),
            said: message.key,
            standing: before.heard(parsed.standing),
        }
    }

    /// A message that was not there.
    pub(super) fn add(&mut self, account: &AccountId, item: &Read, message: &Readable, laid: &mut Laid) {
        let parsed = &message.parsed;
        let when = published(item);
        let author_id = self.authors.get(&parsed.author.native_id).cloned();
        let id = MessageId::from_bits(self.ids.bits(self.at));
        let joins = self.joins(message, when);
        let conversation = match &joins {
            Some((conversation, _)) => conversation.clone(),
            None => self.thread_for(parsed, when, author_id.as_ref()),
        };
        if let Some((conversation, _)) = &joins {
            self.by_native.insert(parsed.thread_native_id.clone(), conversation.clone());
            self.widen(conversation, when);
            laid.copies += 1;
        } else if let Some(likeness) = &message.likeness {
            self.originals.add(&id, &conversation, likeness, when);
        }
        let copy = joins.map(|(_, copy)| copy);
        let outbox_id = if parsed.is_own { sent_by(&self.unsure, message) } else { None };
        let direction = match (&outbox_id, parsed.is_own || parsed.is_staff) {
            (Some(_), _) => "own_reply",
            (None, true) => "staff_elsewhere",
            (None, false) => "inbound",
        };
        let route = self.route(message);
        let content = self.content(message, route.as_ref(), Standing::default());
        let mut answered_at = None;
        match route {
            Some(route) => {
                self.show(&conversation, message, &route, author_id.as_ref(), copy.is_some());
                answered_at = self.message_in(&conversation, &id, &route, when, copy.as_ref());
            }
            // The outbox itself says when our reply is delivered.
            None if outbox_id.is_some() => self.touch(&conversation),
            None => self.staff_reply(&conversation, &id, when),
        }
        let thread_native_id = self.other_thread(&conversation, parsed);
        laid.new += 1;
        laid.messages.push(id.clone());
        self.messages.push(NewMessage {
            id,
            conversation_id: conversation,
            account_id: account.clone(),
            source_id: item.row.source_id.clone(),
            raw_id: item.row.id.clone(),
            outbox_id,
            native_id: parsed.native_id.clone(),
            parent_native_id: parsed.parent_native_id.clone(),
            author_id,
            direction,
            kind: kind(parsed.kind),
            content,
            published_at: when,
            received_at: item.row.received_at,
            edited_at: parsed.edited_at,
            answered_at,
            thread_native_id,
            copy,
        });
    }

    /// Where a message goes that says again what was said: into the conversation of its original. What
    /// stands in a thread that is known stays there.
    fn joins(&mut self, message: &Readable, when: Micros) -> Option<(ConversationId, CopyOf)> {
        let likeness = message.likeness.as_ref()?;
        if self.by_native.contains_key(&message.parsed.thread_native_id) {
            return None;
        }
        self.originals.copied_by(likeness, when)
    }

    /// The thread of a message, where it is another than that of its conversation.
    fn other_thread(&self, conversation: &ConversationId, parsed: &ParsedMessage) -> Option<String> {
        let thread = &self.threads.get(conversation)?.thread.thread_native_id;
        (*thread != parsed.thread_native_id).then(|| parsed.thread_native_id.clone())
    }

    /// A conversation reaches to this message, too.
    fn widen(&mut self, id: &ConversationId, when: Micros) {
        let Some(work) = self.threads.get_mut(id) else { return };
        let thread = &mut work.thread;
        thread.first_message_at = thread.first_message_at.min(when);
        thread.last_message_at = thread.last_message_at.max(when);
    }

    /// A message changed on the network, or came back.
    pub(super) fn edited(&mut self, old: &StoredMessage, message: &Readable, route: Option<&Route>) {
        let (Some(route), Some(said)) = (route, &message.said) else { return };
        if old.text == message.parsed.text && old.priority == route.priority && !old.deleted {
            // Only its address or visibility changed; the queue shows the new one.
            if let Some(work) = self.threads.get_mut(&old.conversation_id) {
                work.thread.visibility = visibility(message.parsed.visibility).to_owned();
                work.changed = true;
            }
            return;
        }
        let now = from_micros(self.at);
        let before = excerpt(old.text.expose());
        if let Some(work) = self.threads.get_mut(&old.conversation_id) {
            let thread = &mut work.thread;
            thread.c0 |= said.triage.c0;
            thread.needs_reader |= said.triage.needs_reader;
            if thread.excerpt.expose() == &before || route.priority < old.priority {
                lead(thread, message);
            }
        }
        let (event, detail) = if old.deleted && !old.answered {
            let at = from_micros(old.published_at);
            (Event::MessageIn { message: old.id.clone(), priority: route.priority, at, due: route.due }, "restored")
        } else {
            let event = Event::MessageEdited {
                message: old.id.clone(),
                was: old.priority,
                priority: route.priority,
                at: now,
                due: route.due,
            };
            (event, "edited")
        };
        self.step(&old.conversation_id, &event, serde_json::json!({ "message": old.id, "how": detail }));
    }

    /// The network shows a message again, or no longer, and nobody here asked for it.
    pub(super) fn stands_otherwise(&mut self, old: &StoredMessage, standing: Standing) {
        let detail = serde_json::json!({ "message": old.id, "standing": standing });
        self.note(&old.conversation_id, TimelineKind::StandingHeard, detail);
    }

    /// A message is gone.
    pub(super) fn deleted(&mut self, old: &StoredMessage) {
        if old.inbound {
            let event = Event::MessageDeleted { message: old.id.clone() };
            self.step(&old.conversation_id, &event, serde_json::json!({ "message": old.id }));
        } else {
            self.note(&old.conversation_id, TimelineKind::MessageDeleted, serde_json::json!({ "message": old.id }));
        }
    }

    fn thread_for(&mut self, parsed: &ParsedMessage, when: Micros, author: Option<&AuthorId>) -> ConversationId {
        let id = match self.by_native.get(&parsed.thread_native_id) {
            Some(id) => id.clone(),
            None => {
                let id = ConversationId::from_bits(self.ids.bits(self.at));
                let work = Work {
                    thread: fresh(id.clone(), parsed, when, self.at),
                    is_new: true,
                    changed: false,
                    answered_until: None,
                    alarms: vec![],
                };
                self.by_native.insert(parsed.thread_native_id.clone(), id.clone());
                self.threads.insert(id.clone(), work);
                id
            }
        };
        self.widen(&id, when);
        if let Some(work) = self.threads.get_mut(&id) {
            let thread = &mut work.thread;
            if thread.author_id.is_none() && !parsed.is_own && !parsed.is_staff {
                thread.author_id = author.cloned();
            }
            if let (None, Some(context)) = (&thread.place, &parsed.context) {
                thread.place = Some(context.title.clone());
                thread.place_url = context.url.clone();
            }
        }
        id
    }

    /// What the queue shows: the worst message, and among equals the newest; a copy only where it is worse
    /// than all that is shown.
    fn show(
        &mut self,
        id: &ConversationId,
        message: &Readable,
        route: &Route,
        author: Option<&AuthorId>,
        is_copy: bool,
    ) {
        let Some(work) = self.threads.get_mut(id) else { return };
        let Some(said) = &message.said else { return };
        let thread = &mut work.thread;
        thread.c0 |= said.triage.c0;
        thread.needs_reader |= said.triage.needs_reader;
        let leads = match is_copy {
            true => route.priority < thread.state.priority,
            false => thread.state.waiting.is_empty() || route.priority <= thread.state.priority,
        };
        if leads {
            lead(thread, message);
            if thread.author_id.is_none() {
                thread.author_id = author.cloned();
            }
        }
    }

    /// An inbound message; the answer is when it was answered, where an answer stands there already.
    fn message_in(
        &mut self,
        id: &ConversationId,
        message: &MessageId,
        route: &Route,
        when: Micros,
        copy: Option<&CopyOf>,
    ) -> Option<Micros> {
        let event = Event::MessageIn {
            message: message.clone(),
            priority: route.priority,
            at: from_micros(when),
            due: route.due,
        };
        if let Some(copy) = copy {
            // An answer that stands there was given to somebody else.
            self.step(id, &event, serde_json::json!({ "message": message, "copy_of": copy.original }));
            return None;
        }
        self.step(id, &event, serde_json::json!({ "message": message }));
        let answered_to = self.threads.get(id)?.thread.answered_to.filter(|&to| to >= when)?;
        // The network listed the answer before the question.
        let event = Event::StaffReplySeen { answers_until: from_micros(answered_to) };
        self.step(id, &event, serde_json::json!({ "message": message, "order": "answered_before" }));
        Some(self.at)
    }

    /// Staff answered on the network itself, or began a thread there.
    fn staff_reply(&mut self, id: &ConversationId, message: &MessageId, when: Micros) {
        let detail = serde_json::json!({ "message": message });
        let nothing_asked = self.threads.get(id).is_some_and(|work| work.is_new && !work.changed);
        if nothing_asked {
            // Nobody waits: it is kept, and opens when somebody writes.
            let at = self.at;
            if let Some(work) = self.threads.get_mut(id) {
                work.thread.state.state = State::Resolved;
                work.thread.state.outcome = Some(model::Outcome::NoAction);
                work.thread.outcome_reason = Some("begun_by_staff".to_owned());
                work.thread.resolved_at = Some(at);
                work.thread.answered_to = work.thread.answered_to.max(Some(when));
            }
            self.note(id, TimelineKind::StaffReplySeen, detail);
            return;
        }
        let event = Event::StaffReplySeen { answers_until: from_micros(when) };
        self.step(id, &event, detail);
        for known in self.messages.iter_mut().filter(|m| m.conversation_id == *id && m.direction == "inbound") {
            if known.published_at <= when {
                known.answered_at.get_or_insert(self.at);
            }
        }
        if let Some(work) = self.threads.get_mut(id) {
            work.answered_until = work.answered_until.max(Some(when));
            work.thread.answered_to = work.thread.answered_to.max(Some(when));
        }
    }

    fn touch(&mut self, id: &ConversationId) {
        if let Some(work) = self.threads.get_mut(id) {
            work.changed = true;
        }
    }

    fn note(&mut self, id: &ConversationId, kind: TimelineKind, detail: serde_json::Value) {
        self.touch(id);
        self.events.push(NewEvent {
            id: EventId::from_bits(self.ids.bits(self.at)),
            conversation_id: id.clone(),
            kind: kind.as_str(),
            detail: detail.to_string(),
        });
    }

    /// Takes one step and remembers what follows.
    fn step(&mut self, id: &ConversationId, event: &Event, detail: serde_json::Value) {
        let Some(work) = self.threads.get_mut(id) else { return };
        // What comes from the network is never refused by the model.
        let Ok((next, effects)) = model::step(&work.thread.state, event) else { return };
        let before = std::mem::replace(&mut work.thread.state, next);
        settle(&mut work.thread, &before, self.at);
        work.changed = true;
        let mut kinds = vec![];
        for effect in effects {
            match effect {
                Effect::Timeline { kind } => kinds.push(kind),
                Effect::RaiseAlert { class } => work.alarms.push(Alarm::Raise(class)),
                Effect::CloseAlerts => work.alarms.push(Alarm::Close),
                // The clock stands in the conversation's own columns; posts that promote look at
                // open crises when they are claimed.
                Effect::StartClock { .. } | Effect::StopClock | Effect::PausePromotions => {}
            }
        }
        for kind in kinds {
            self.note(id, kind, detail.clone());
        }
    }
}

/// What stands beside the state and follows from it.
fn settle(thread: &mut Thread, before: &Conversation, at: Micros) {
    if thread.state.due_at.is_none() {
        thread.clock_started_at = None;
    } else if thread.clock_started_at.is_none() || thread.state.due_at != before.due_at {
        thread.clock_started_at = Some(at);
    }
    if before.state == State::Resolved && thread.state.state != State::Resolved {
        thread.opened_at = at;
        thread.resolved_at = None;
        thread.outcome_reason = None;
    }
}

fn fresh(id: ConversationId, parsed: &ParsedMessage, when: Micros, at: Micros) -> Thread {
    Thread {
        id,
        thread_native_id: parsed.thread_native_id.clone(),
        state: Conversation::new(),
        place: None,
        place_url: None,
        author_id: None,
        excerpt: Phi::new(excerpt(parsed.text.expose())),
        language: parsed.language_hint.clone(),
        rating: parsed.rating,
        visibility: visibility(parsed.visibility).to_owned(),
        labels: NO_LABELS.to_owned(),
        c0: false,
        needs_reader: false,
        clock_started_at: None,
        first_message_at: when,
        last_message_at: when,
        opened_at: at,
        resolved_at: None,
        outcome_reason: None,
        answered_to: None,
        version: 1,
    }
}

/// The queue shows this message for the conversation.
fn lead(thread: &mut Thread, message: &Readable) {
    let parsed = &message.parsed;
    thread.excerpt = Phi::new(excerpt(parsed.text.expose()));
    thread.rating = parsed.rating.or(thread.rating);
    thread.visibility = visibility(parsed.visibility).to_owned();
    if let Some(said) = &message.said {
        thread.labels.clone_from(&said.labels);
        thread.language = Some(said.triage.language.clone());
    }
}

/// The first words of a message, on one line.
fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
