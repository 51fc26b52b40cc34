//! A conversation: the thread that people work on, from the first message to its outcome.
//!
//! [`step`] is total: every event in every state gives a new conversation with its effects, or a
//! named refusal. What comes from the network is never refused; what a person asks for may be.
//!
//! A conversation's priority is the worst of its unanswered messages. It stays what it was while
//! nothing waits, so that an answered crisis is still seen as one until somebody resolves it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::alert::AlertClass;
use crate::label::Priority;
use crate::names::text_enum;
use crate::{MessageId, UserId};

mod event;

pub use event::{Effect, Event, Refused, TimelineKind};

text_enum! {
    /// Where a conversation stands.
    pub enum State {
        /// In the queue.
        Open = "open",
        /// Out of the queue until an instant.
        Snoozed = "snoozed",
        /// Ended, with an outcome.
        Resolved = "resolved",
    }
}

text_enum! {
    /// How a conversation ended.
    pub enum Outcome {
        /// Answered where it was asked.
        AnsweredHere = "answered_here",
        /// Continued in private: by telephone, by mail, as a case.
        MovedOffline = "moved_offline",
        /// Nothing was done, for a reason.
        NoAction = "no_action",
    }
}

/// An inbound message that nobody has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Which.
    pub message: MessageId,
    /// Its rank.
    pub priority: Priority,
    /// When it came.
    pub at: Timestamp,
    /// When its answer is due.
    pub due: Option<Timestamp>,
}

/// What the state machine knows of a conversation. The store keeps it beside the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Where it stands.
    pub state: State,
    /// Rank in the queue, 0 first.
    pub priority: Priority,
    /// Who works on it.
    pub assigned_to: Option<UserId>,
    /// Until when it is out of the queue; `Some` exactly while snoozed.
    pub snoozed_until: Option<Timestamp>,
    /// Messages that wait for an answer, oldest first.
    pub waiting: Vec<Waiting>,
    /// The earliest due time of what waits; `None` while no clock runs.
    pub due_at: Option<Timestamp>,
    /// An answer was delivered or seen since the conversation was last opened.
    pub answered: bool,
    /// The alert "past due" was raised for what waits.
    pub past_due_alerted: bool,
    /// How it ended; `Some` exactly while resolved.
    pub outcome: Option<Outcome>,
}

impl Default for Conversation {
    fn default() -> Self {
        Self::new()
    }
}

impl Conversation {
    /// A conversation before its first message.
    pub const fn new() -> Self {
        Self {
            state: State::Open,
            priority: 12,
            assigned_to: None,
            snoozed_until: None,
            waiting: vec![],
            due_at: None,
            answered: false,
            past_due_alerted: false,
            outcome: None,
        }
    }

    /// Crisis C2 or C3, or an emergency now: never hidden, never closed in bulk.
    pub const fn is_urgent(&self) -> bool {
        is_urgent(self.priority)
    }
}

/// Crisis C2 or C3, or an emergency now.
pub const fn is_urgent(priority: Priority) -> bool {
    priority <= 2
}

/// The clocks of these priorities raise an alert when they run out.
pub const fn is_watched(priority: Priority) -> bool {
    priority <= 6
}

/// The next conversation and what follows, or why not.
pub fn step(conversation: &Conversation, event: &Event) -> Result<(Conversation, Vec<Effect>), Refused> {
    let mut next = conversation.clone();
    let mut effects = vec![];
    let mut entry = |kind| effects.push(Effect::Timeline { kind });
    match event {
        Event::MessageIn { message, priority, at, due } => {
            entry(TimelineKind::MessageReceived);
            reappear(&mut next, &mut entry);
            wait(&mut next, Waiting { message: message.clone(), priority: *priority, at: *at, due: *due });
            effects.extend(alarm(*priority));
        }
        Event::MessageEdited { message, was, priority, at, due } => {
            entry(TimelineKind::MessageEdited);
            let worse = priority < was;
            if let Some(waiting) = next.waiting.iter_mut().find(|waiting| waiting.message == *message) {
                // An edit can make a crisis or emergency appear but not vanish: only a person can.
                if worse || !is_urgent(waiting.priority) {
                    waiting.due = if priority <= was { earliest(waiting.due, *due) } else { *due };
                    waiting.priority = *priority;
                }
            } else if worse {
                // It was answered as something milder than it is now.
                reappear(&mut next, &mut entry);
                wait(&mut next, Waiting { message: message.clone(), priority: *priority, at: *at, due: *due });
            }
            if worse {
                effects.extend(alarm(*priority));
            }
        }
        Event::MessageDeleted { message } => {
            entry(TimelineKind::MessageDeleted);
            // Somebody in danger who takes a message down is still in danger.
            next.waiting.retain(|waiting| waiting.message != *message || is_urgent(waiting.priority));
        }
        Event::OwnReplyDelivered { answers_until } => {
            entry(TimelineKind::ReplyDelivered);
            answered(&mut next, *answers_until);
        }
        Event::StaffReplySeen { answers_until } => {
            entry(TimelineKind::StaffReplySeen);
            answered(&mut next, *answers_until);
        }
        Event::Assign { user } => {
            next.assigned_to = Some(user.clone());
            entry(TimelineKind::Assigned);
        }
        Event::Unassign => {
            next.assigned_to.take().ok_or(Refused::NotAssigned)?;
            entry(TimelineKind::Unassigned);
        }
        Event::Snooze { until, now } => {
            snoozable(conversation, *until, *now)?;
            next.state = State::Snoozed;
            next.snoozed_until = Some(*until);
            entry(TimelineKind::Snoozed);
        }
        Event::Wake => match conversation.state {
            State::Snoozed => reappear(&mut next, &mut entry),
            State::Open | State::Resolved => return Err(Refused::NotSnoozed),
        },
        Event::Note => entry(TimelineKind::Noted),
        Event::Resolve { outcome, has_reason, bulk } => {
            resolvable(conversation, *outcome, *has_reason, *bulk)?;
            next.state = State::Resolved;
            next.outcome = Some(*outcome);
            next.snoozed_until = None;
            next.waiting.clear();
            entry(TimelineKind::Resolved);
            effects.push(Effect::CloseAlerts);
        }
        Event::Reopen => match conversation.state {
            State::Resolved => reappear(&mut next, &mut entry),
            State::Open | State::Snoozed => return Err(Refused::NotResolved),
        },
        Event::HandOver { .. } => match conversation.state {
            State::Open | State::Snoozed => entry(TimelineKind::HandedOver),
            State::Resolved => return Err(Refused::AlreadyResolved),
        },
        Event::PriorityChanged { message, was, priority, at, due } => {
            let known = next.waiting.iter_mut().find(|waiting| waiting.message == *message);
            let raised = *priority < known.as_ref().map_or(*was, |waiting| waiting.priority);
            entry(TimelineKind::PriorityChanged);
            match known {
                Some(waiting) => {
                    waiting.due = if raised { earliest(waiting.due, *due) } else { *due };
                    waiting.priority = *priority;
                }
                None if raised && is_watched(*priority) => {
                    // It was answered, and is more than anybody saw. What is no danger stays answered.
                    reappear(&mut next, &mut entry);
                    wait(&mut next, Waiting { message: message.clone(), priority: *priority, at: *at, due: *due });
                }
                None => return Err(Refused::NotWaiting),
            }
            if raised {
                effects.extend(alarm(*priority));
            }
        }
        Event::ClockRanOut { now } => {
            let over =
                conversation.waiting.iter().any(|w| is_watched(w.priority) && w.due.is_some_and(|due| due <= *now));
            if over && !conversation.past_due_alerted {
                next.past_due_alerted = true;
                effects.push(Effect::Timeline { kind: TimelineKind::AlertRaised });
                effects.push(Effect::RaiseAlert { class: AlertClass::PastDue });
            }
        }
    }
    settle(conversation, &mut next, &mut effects);
    Ok((next, effects))
}

/// Back into the queue, from a snooze or from being resolved.
fn reappear(next: &mut Conversation, entry: &mut impl FnMut(TimelineKind)) {
    match next.state {
        State::Open => {}
        State::Snoozed => entry(TimelineKind::Woken),
        State::Resolved => {
            entry(TimelineKind::Reopened);
            next.answered = false;
            next.outcome = None;
        }
    }
    next.state = State::Open;
    next.snoozed_until = None;
}

/// What had come by then is answered.
fn answered(next: &mut Conversation, until: Timestamp) {
    next.waiting.retain(|waiting| waiting.at > until);
    next.answered = true;
}

fn snoozable(conversation: &Conversation, until: Timestamp, now: Timestamp) -> Result<(), Refused> {
    match conversation.state {
        State::Resolved => Err(Refused::AlreadyResolved),
        State::Open | State::Snoozed if conversation.is_urgent() => Err(Refused::TooUrgentToSnooze),
        State::Open | State::Snoozed if until <= now => Err(Refused::SnoozeInThePast),
        State::Open | State::Snoozed => Ok(()),
    }
}

fn resolvable(conversation: &Conversation, outcome: Outcome, has_reason: bool, bulk: bool) -> Result<(), Refused> {
    match conversation.state {
        State::Resolved => return Err(Refused::AlreadyResolved),
        State::Open | State::Snoozed => {}
    }
    if bulk && conversation.is_urgent() {
        return Err(Refused::NotInBulk);
    }
    match outcome {
        Outcome::AnsweredHere if !conversation.answered => Err(Refused::NothingAnsweredYet),
        Outcome::MovedOffline | Outcome::NoAction if !has_reason => Err(Refused::OutcomeNeedsReason),
        Outcome::AnsweredHere | Outcome::MovedOffline | Outcome::NoAction => Ok(()),
    }
}

/// The alert of a rank, with its entry; nothing for most.
fn alarm(priority: Priority) -> Vec<Effect> {
    match AlertClass::of_priority(priority) {
        Some(class) => {
            let mut effects = vec![Effect::Timeline { kind: TimelineKind::AlertRaised }, Effect::RaiseAlert { class }];
            match class {
                AlertClass::Crisis => effects.push(Effect::PausePromotions),
                AlertClass::Emergency | AlertClass::PastDue | AlertClass::Stopped => {}
            }
            effects
        }
        None => vec![],
    }
}

/// A change that does not lower the rank must not buy time.
fn earliest(old: Option<Timestamp>, new: Option<Timestamp>) -> Option<Timestamp> {
    old.into_iter().chain(new).min()
}

/// A message waits, once, in the order of arrival.
fn wait(next: &mut Conversation, message: Waiting) {
    next.waiting.retain(|waiting| waiting.message != message.message);
    next.waiting.push(message);
    next.waiting.sort_by(|a, b| (a.at, &a.message).cmp(&(b.at, &b.message)));
}

/// What follows from what waits: rank, clock, and that nothing urgent is hidden.
fn settle(before: &Conversation, next: &mut Conversation, effects: &mut Vec<Effect>) {
    if let Some(worst) = next.waiting.iter().map(|waiting| waiting.priority).min() {
        next.priority = worst;
    }
    if next.state == State::Snoozed && next.is_urgent() {
        next.state = State::Open;
        next.snoozed_until = None;
        effects.push(Effect::Timeline { kind: TimelineKind::Woken });
    }
    next.due_at = next.waiting.iter().filter_map(|waiting| waiting.due).min();
    if next.due_at != before.due_at {
        effects.push(next.due_at.map_or(Effect::StopClock, |due| Effect::StartClock { due }));
    }
    let watched = |conversation: &Conversation| conversation.waiting.iter().any(|waiting| is_watched(waiting.priority));
    if !watched(next) {
        next.past_due_alerted = false;
        if watched(before) && !effects.contains(&Effect::CloseAlerts) {
            effects.push(Effect::CloseAlerts);
        }
    }
}

#[cfg(test)]
mod tests;
