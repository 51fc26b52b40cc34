//! The one door out: what becomes of one thing that leaves.
//!
//! Only what was provably not accepted is tried again. A timeout, a reset, a crash is `unknown`, and
//! stays so until the network was read back or a person decided: a double post cannot be undone.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::label::Priority;
use crate::names::{refusals, text_enum};

mod pace;

pub use pace::{Bucket, lateness, retry_at};

text_enum! {
    /// What leaves.
    pub enum OutboxKind {
        /// An answer.
        Reply = "reply",
        /// A post.
        Post = "post",
        /// A new text for something sent.
        Edit = "edit",
        /// Something sent is deleted.
        Delete = "delete",
        /// Somebody's comment on our page is hidden.
        Hide = "hide",
        /// Somebody's comment that was held or hidden is shown.
        Approve = "approve",
        /// Somebody's comment is removed from our page.
        Remove = "remove",
        /// Somebody's comment is reported as spam.
        Spam = "spam",
        /// A video gets captions.
        Caption = "caption",
        /// An alert by e-mail.
        AlertEmail = "alert_email",
        /// An alert by webhook.
        AlertWebhook = "alert_webhook",
    }
}

impl OutboxKind {
    /// Whether it carries words of a draft, which the guard judges.
    pub const fn says_something(self) -> bool {
        match self {
            Self::Reply | Self::Post | Self::Edit => true,
            // The words of captions are judged as they are queued; they have no draft.
            Self::Caption
            | Self::Delete
            | Self::Hide
            | Self::Approve
            | Self::Remove
            | Self::Spam
            | Self::AlertEmail
            | Self::AlertWebhook => false,
        }
    }

    /// Whether doing it twice is the same as once, or better than not at all (an alert).
    pub const fn may_repeat(self) -> bool {
        match self {
            Self::Reply | Self::Post => false,
            Self::Edit
            | Self::Delete
            | Self::Hide
            | Self::Approve
            | Self::Remove
            | Self::Spam
            | Self::Caption
            | Self::AlertEmail
            | Self::AlertWebhook => true,
        }
    }
}

text_enum! {
    /// Where an item stands.
    pub enum OutboxState {
        /// Waits for its time.
        Pending = "pending",
        /// A worker has it, until its lease expires.
        Sending = "sending",
        /// The network has it. Final.
        Delivered = "delivered",
        /// The network may or may not have it.
        Unknown = "unknown",
        /// The network will never take it, or not after all those attempts. Asks a person.
        Dead = "dead",
        /// Too late to be right. Asks a person.
        Missed = "missed",
        /// Held after a restore, until a person releases it.
        Held = "held",
        /// Judged again when it was to leave, and no longer allowed out. It did not leave. Asks a person.
        Stopped = "stopped",
        /// A person gave it up. Final.
        Cancelled = "cancelled",
    }
}

impl OutboxState {
    /// Whether it has ended: nothing of it may still reach the network by itself.
    pub const fn is_over(self) -> bool {
        match self {
            Self::Delivered | Self::Cancelled | Self::Dead | Self::Missed | Self::Stopped => true,
            Self::Pending | Self::Sending | Self::Unknown | Self::Held => false,
        }
    }
}

/// One thing that leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What.
    pub kind: OutboxKind,
    /// Where it stands.
    pub state: OutboxState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was to leave.
    pub due_at: Timestamp,
    /// When it is looked at next: tried (pending) or read back (unknown).
    pub next_at: Option<Timestamp>,
    /// Until when a worker has it; `Some` exactly while sending.
    pub lease_until: Option<Timestamp>,
    /// When the last attempt began.
    pub attempted_at: Option<Timestamp>,
    /// When a read-back first did not find it, after the time to settle.
    pub absent_since: Option<Timestamp>,
    /// A person must decide.
    pub needs_human: bool,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The network has it.
    Delivered,
    /// Provably not accepted; again then.
    Retry {
        /// When; see [`retry_at`].
        at: Timestamp,
    },
    /// The network is still at work on what was prepared, or a budget must fill up first. Nothing
    /// failed: the attempt does not count.
    Waiting {
        /// When to go on.
        at: Timestamp,
    },
    /// Timeout, reset, an answer that says nothing.
    Unknown,
    /// Refused for good.
    Dead,
    /// Nothing left: what was allowed out when it was queued is not allowed now.
    Stopped,
}

/// What reading the network back showed. For a deletion, a hiding and a change "there" means that
/// what was asked for stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadBack {
    /// It is there.
    Found,
    /// It is not there, and it would be seen if it were (also while it waits for moderation).
    NotThere,
    /// Nobody can tell this way.
    CannotTell,
}

text_enum! {
    /// What a person decides about an item.
    pub enum Decision {
        /// It is there: I saw it.
        MarkDelivered = "mark_delivered",
        /// It is not there, or it may be there twice: send.
        SendAgain = "send_again",
        /// Leave it.
        GiveUp = "give_up",
    }
}

/// What happens to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A worker takes it.
    Claimed {
        /// Until when.
        lease_until: Timestamp,
    },
    /// The lease ran out: the worker is gone.
    LeaseExpired,
    /// The attempt ended. The caller makes sure that it is the newest attempt that speaks.
    Outcome(Outcome),
    /// The network was read back.
    Reconciled(ReadBack),
    /// It is too late.
    TooLate,
    /// The database was restored: nothing leaves until a person releases it.
    Hold,
    /// A person releases it.
    Released,
    /// A person decides.
    Decided(Decision),
}

refusals! {
    /// Why a step on an item is refused.
    pub enum Refused {
        NotDue = "not_due", "It is not yet time for this.";
        TooLate = "too_late", "It is too late to send this by itself. Decide whether it should still go out.";
        LeaseHeld = "lease_held", "This is being sent right now.";
        NotPending = "not_pending", "This is not waiting to be sent.";
        NotSending = "not_sending", "This is not being sent.";
        NotUnknown = "not_unknown", "It is known whether this was sent.";
        NotHeld = "not_held", "This is not held back.";
        Final = "already_final", "This has ended already.";
        NothingToDecide = "nothing_to_decide", "There is nothing to decide about this.";
    }
}

/// Attempts after which an item is dead.
pub const MAX_ATTEMPTS: u32 = 12;

/// How long a network may take to show what it accepted. Reading back counts only after it, and
/// only a second look another such time later proves absence. Longer than any request may take.
pub const SETTLE: SignedDuration = SignedDuration::from_secs(90);

fn plus(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_add(duration).unwrap_or(Timestamp::MAX)
}

impl Item {
    /// A new item that is to leave at `due_at`.
    pub fn new(kind: OutboxKind, due_at: Timestamp) -> Self {
        Self {
            kind,
            state: OutboxState::Pending,
            attempts: 0,
            due_at,
            next_at: Some(due_at),
            lease_until: None,
            attempted_at: None,
            absent_since: None,
            needs_human: false,
        }
    }

    fn pending(self, at: Timestamp) -> Self {
        Self {
            state: OutboxState::Pending,
            next_at: Some(at),
            lease_until: None,
            absent_since: None,
            needs_human: false,
            ..self
        }
    }

    fn ended(self, state: OutboxState) -> Self {
        let needs_human = match state {
            OutboxState::Dead | OutboxState::Missed | OutboxState::Stopped => true,
            OutboxState::Pending
            | OutboxState::Sending
            | OutboxState::Delivered
            | OutboxState::Unknown
            | OutboxState::Held
            | OutboxState::Cancelled => false,
        };
        Self { state, next_at: None, lease_until: None, needs_human, ..self }
    }

    /// What an unanswered attempt leaves: an item to be read back, or to be repeated where that
    /// does no harm.
    fn unknown(self, now: Timestamp) -> Self {
        let attempted = self.attempted_at.unwrap_or(now);
        Self {
            state: OutboxState::Unknown,
            next_at: Some(plus(attempted, SETTLE).max(now)),
            lease_until: None,
            absent_since: None,
            needs_human: false,
            ..self
        }
    }
}

/// The next state of an item, or why not.
pub fn step(item: &Item, event: &Event, priority: Option<Priority>, now: Timestamp) -> Result<Item, Refused> {
    let item = item.clone();
    match event {
        Event::Claimed { lease_until } => match item.state {
            OutboxState::Pending if item.next_at.is_some_and(|next| next > now) => Err(Refused::NotDue),
            OutboxState::Pending if is_too_late(&item, priority, now) => Err(Refused::TooLate),
            OutboxState::Pending => Ok(Item {
                state: OutboxState::Sending,
                attempts: item.attempts.saturating_add(1),
                lease_until: Some(*lease_until),
                attempted_at: Some(now),
                next_at: None,
                ..item
            }),
            OutboxState::Sending => Err(Refused::LeaseHeld),
            OutboxState::Unknown
            | OutboxState::Dead
            | OutboxState::Missed
            | OutboxState::Held
            | OutboxState::Stopped => Err(Refused::NotPending),
            OutboxState::Delivered | OutboxState::Cancelled => Err(Refused::Final),
        },
        Event::LeaseExpired => match item.state {
            OutboxState::Sending if item.lease_until.is_some_and(|until| until > now) => Err(Refused::LeaseHeld),
            OutboxState::Sending => Ok(item.unknown(now)),
            OutboxState::Pending
            | OutboxState::Delivered
            | OutboxState::Unknown
            | OutboxState::Dead
            | OutboxState::Missed
            | OutboxState::Held
            | OutboxState::Stopped
            | OutboxState::Cancelled => Err(Refused::NotSending),
        },
        Event::Outcome(outcome) => match (item.state, outcome) {
            (OutboxState::Sending, Outcome::Delivered) => Ok(item.ended(OutboxState::Delivered)),
            (OutboxState::Sending, Outcome::Retry { .. }) if item.attempts >= MAX_ATTEMPTS => {
                Ok(item.ended(OutboxState::Dead))
            }
            (OutboxState::Sending, Outcome::Retry { at }) => Ok(item.pending(*at)),
            // However long it waits, `is_too_late` ends it.
            (OutboxState::Sending, Outcome::Waiting { at }) => {
                Ok(Item { attempts: item.attempts.saturating_sub(1), ..item.pending(*at) })
            }
            (OutboxState::Sending, Outcome::Unknown) => Ok(item.unknown(now)),
            (OutboxState::Sending, Outcome::Dead) => Ok(item.ended(OutboxState::Dead)),
            (OutboxState::Sending, Outcome::Stopped) => Ok(item.ended(OutboxState::Stopped)),
            // The worker came back after its lease had run out. That it was delivered is a fact.
            (OutboxState::Unknown, Outcome::Delivered) => Ok(item.ended(OutboxState::Delivered)),
            (OutboxState::Delivered | OutboxState::Cancelled, _) => Err(Refused::Final),
            (
                OutboxState::Unknown,
                Outcome::Retry { .. } | Outcome::Waiting { .. } | Outcome::Unknown | Outcome::Dead | Outcome::Stopped,
            )
            | (
                OutboxState::Pending
                | OutboxState::Dead
                | OutboxState::Missed
                | OutboxState::Held
                | OutboxState::Stopped,
                _,
            ) => Err(Refused::NotSending),
        },
        Event::Reconciled(read_back) => match item.state {
            OutboxState::Unknown => Ok(reconciled(item, *read_back, now)),
            OutboxState::Delivered | OutboxState::Cancelled => Err(Refused::Final),
            OutboxState::Pending
            | OutboxState::Sending
            | OutboxState::Dead
            | OutboxState::Missed
            | OutboxState::Held
            | OutboxState::Stopped => Err(Refused::NotUnknown),
        },
        Event::TooLate => match item.state {
            OutboxState::Pending if is_too_late(&item, priority, now) => Ok(item.ended(OutboxState::Missed)),
            OutboxState::Pending => Err(Refused::NotDue),
            OutboxState::Delivered | OutboxState::Cancelled => Err(Refused::Final),
            OutboxState::Sending
            | OutboxState::Unknown
            | OutboxState::Dead
            | OutboxState::Missed
            | OutboxState::Held
            | OutboxState::Stopped => Err(Refused::NotPending),
        },
        Event::Hold => match item.state {
            OutboxState::Pending => Ok(Item { state: OutboxState::Held, next_at: None, ..item }),
            // It was on its way when the copy was made: nobody knows what became of it.
            OutboxState::Sending => Ok(Item { needs_human: true, next_at: None, ..item.unknown(now) }),
            OutboxState::Unknown => Ok(Item { needs_human: true, next_at: None, ..item }),
            OutboxState::Held | OutboxState::Dead | OutboxState::Missed | OutboxState::Stopped => Ok(item),
            OutboxState::Delivered | OutboxState::Cancelled => Err(Refused::Final),
        },
        Event::Released => match item.state {
            OutboxState::Held => {
                let at = item.due_at;
                Ok(item.pending(at))
            }
            OutboxState::Delivered | OutboxState::Cancelled => Err(Refused::Final),
            OutboxState::Pending
            | OutboxState::Sending
            | OutboxState::Unknown
            | OutboxState::Dead
            | OutboxState::Missed
            | OutboxState::Stopped => Err(Refused::NotHeld),
        },
        Event::Decided(decision) => decided(item, *decision, now),
    }
}

fn reconciled(item: Item, read_back: ReadBack, now: Timestamp) -> Item {
    let settled_at = plus(item.attempted_at.unwrap_or(now), SETTLE);
    match read_back {
        ReadBack::Found => item.ended(OutboxState::Delivered),
        ReadBack::CannotTell if item.kind.may_repeat() => item.pending(now),
        ReadBack::CannotTell => Item { needs_human: true, next_at: None, ..item },
        // Too early to mean anything.
        ReadBack::NotThere if now < settled_at => Item { next_at: Some(settled_at), ..item },
        ReadBack::NotThere => match item.absent_since {
            None => Item { absent_since: Some(now), next_at: Some(plus(now, SETTLE)), ..item },
            Some(since) if now < plus(since, SETTLE) => Item { next_at: Some(plus(since, SETTLE)), ..item },
            Some(_) if item.attempts >= MAX_ATTEMPTS => item.ended(OutboxState::Dead),
            Some(_) => item.pending(now),
        },
    }
}

fn decided(item: Item, decision: Decision, now: Timestamp) -> Result<Item, Refused> {
    match (item.state, decision) {
        (OutboxState::Unknown | OutboxState::Dead | OutboxState::Missed, Decision::MarkDelivered) => {
            Ok(item.ended(OutboxState::Delivered))
        }
        (
            OutboxState::Unknown | OutboxState::Dead | OutboxState::Missed | OutboxState::Stopped,
            Decision::SendAgain,
        ) => Ok(Item { attempts: 0, due_at: now, ..item.pending(now) }),
        (
            OutboxState::Unknown
            | OutboxState::Dead
            | OutboxState::Missed
            | OutboxState::Stopped
            | OutboxState::Pending
            | OutboxState::Held,
            Decision::GiveUp,
        ) => Ok(item.ended(OutboxState::Cancelled)),
        (OutboxState::Sending, _) => Err(Refused::LeaseHeld),
        (OutboxState::Delivered | OutboxState::Cancelled, _) => Err(Refused::Final),
        (OutboxState::Pending | OutboxState::Held, Decision::MarkDelivered | Decision::SendAgain)
        | (OutboxState::Stopped, Decision::MarkDelivered) => Err(Refused::NothingToDecide),
    }
}

/// Whether an item has become too late to leave by itself.
pub fn is_too_late(item: &Item, priority: Option<Priority>, now: Timestamp) -> bool {
    now > plus(item.due_at, lateness(item.kind, priority))
}

#[cfg(test)]
mod tests;
