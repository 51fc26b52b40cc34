//! What happens to a conversation, what follows, and why a step is refused.

use jiff::Timestamp;

use super::Outcome;
use crate::alert::AlertClass;
use crate::case::OwnerRole;
use crate::label::Priority;
use crate::names::{refusals, text_enum};
use crate::{CaseId, MessageId, UserId};

text_enum! {
    /// What stands in a conversation's timeline.
    pub enum TimelineKind {
        /// A message came.
        MessageReceived = "message_received",
        /// A message was changed on the network.
        MessageEdited = "message_edited",
        /// A message is gone from the network.
        MessageDeleted = "message_deleted",
        /// Our reply stands on the network.
        ReplyDelivered = "reply_delivered",
        /// Staff answered directly on the network.
        StaffReplySeen = "staff_reply_seen",
        /// Assigned to somebody.
        Assigned = "assigned",
        /// Assigned to nobody.
        Unassigned = "unassigned",
        /// Snoozed.
        Snoozed = "snoozed",
        /// Back from a snooze.
        Woken = "woken",
        /// A note was written.
        Noted = "noted",
        /// Resolved.
        Resolved = "resolved",
        /// Reopened.
        Reopened = "reopened",
        /// Handed over as a case.
        HandedOver = "handed_over",
        /// Its place in the queue changed.
        PriorityChanged = "priority_changed",
        /// An alert was raised.
        AlertRaised = "alert_raised",
        /// Somebody acknowledged the alert.
        AlertAcknowledged = "alert_acknowledged",
        /// A draft was written.
        DraftWritten = "draft_written",
        /// The guard stopped a draft.
        DraftBlocked = "draft_blocked",
        /// A warning was acknowledged.
        WarningAcknowledged = "warning_acknowledged",
        /// A privacy officer was asked to let a draft pass.
        OverrideRequested = "override_requested",
        /// A privacy officer let a draft pass.
        OverrideGranted = "override_granted",
        /// Approval was asked for.
        DraftSubmitted = "draft_submitted",
        /// A draft was approved.
        DraftApproved = "draft_approved",
        /// A draft was rejected.
        DraftRejected = "draft_rejected",
        /// A draft was discarded.
        DraftDiscarded = "draft_discarded",
        /// A reply is on its way.
        ReplyQueued = "reply_queued",
        /// A reply could not be sent and asks a person.
        ReplyFailed = "reply_failed",
        /// An own reply was changed or deleted on the network.
        TakenBack = "taken_back",
        /// It was asked to hide, show or remove somebody's message on the network.
        Moderated = "moderated",
        /// The network hid, showed or removed somebody's message, as it was asked to.
        StandingChanged = "standing_changed",
        /// The network hid or showed somebody's message by itself, or somebody did so there.
        StandingHeard = "standing_heard",
    }
}

/// What happens to a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An inbound message came and was routed.
    MessageIn {
        /// Which.
        message: MessageId,
        /// Its rank.
        priority: Priority,
        /// When it came.
        at: Timestamp,
        /// When its answer is due.
        due: Option<Timestamp>,
    },
    /// An inbound message was changed on the network and routed again.
    MessageEdited {
        /// Which.
        message: MessageId,
        /// Its rank before the change.
        was: Priority,
        /// Its new rank.
        priority: Priority,
        /// When the change was seen.
        at: Timestamp,
        /// When its answer is due by the new rank, counted from when the change was seen.
        due: Option<Timestamp>,
    },
    /// A message is gone from the network.
    MessageDeleted {
        /// Which.
        message: MessageId,
    },
    /// Our reply stands on the network.
    OwnReplyDelivered {
        /// What had come by then (when the reply was sent off) counts as answered.
        answers_until: Timestamp,
    },
    /// Staff answered directly on the network.
    StaffReplySeen {
        /// What had come by then (when it was published) counts as answered.
        answers_until: Timestamp,
    },
    /// Somebody takes it or gets it.
    Assign {
        /// Who.
        user: UserId,
    },
    /// Nobody works on it any more.
    Unassign,
    /// Out of the queue until an instant.
    Snooze {
        /// Until when.
        until: Timestamp,
        /// Now.
        now: Timestamp,
    },
    /// The snooze ends.
    Wake,
    /// A note for the team. Its text lives with the note.
    Note,
    /// It ends.
    Resolve {
        /// How.
        outcome: Outcome,
        /// Whether a reason was given. Its text lives with the timeline entry.
        has_reason: bool,
        /// Whether several are resolved at once.
        bulk: bool,
    },
    /// Somebody opens it again.
    Reopen,
    /// It becomes somebody's case.
    HandOver {
        /// The case.
        case: CaseId,
        /// Who is to take it.
        owner: OwnerRole,
    },
    /// A person corrected the rank of a message.
    PriorityChanged {
        /// Which message.
        message: MessageId,
        /// Its rank before.
        was: Priority,
        /// Its rank from now on.
        priority: Priority,
        /// When the person said so.
        at: Timestamp,
        /// When its answer is due by that rank.
        due: Option<Timestamp>,
    },
    /// The due time passed.
    ClockRanOut {
        /// Now.
        now: Timestamp,
    },
}

/// What follows from an event; each becomes a row in the transaction that caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A clock runs until then, in place of the one before.
    StartClock {
        /// When it runs out.
        due: Timestamp,
    },
    /// No clock runs.
    StopClock,
    /// The on-call chain must be told. Where an open alert of this class is still unacknowledged for
    /// the conversation, that one stands for this, too; after an acknowledgement there is a new one.
    RaiseAlert {
        /// What about.
        class: AlertClass,
    },
    /// What the open alerts were about is over.
    CloseAlerts,
    /// The account's scheduled promotional posts must wait: somebody is in crisis there.
    PausePromotions,
    /// An entry in the timeline.
    Timeline {
        /// Of which kind.
        kind: TimelineKind,
    },
}

refusals! {
    /// Why a step on a conversation is refused.
    pub enum Refused {
        OutcomeNeedsReason = "outcome_needs_reason", "Say in a few words why, so that colleagues understand it later.";
        NothingAnsweredYet = "nothing_answered_yet", "No answer has been sent or seen yet. Answer first, or choose another outcome.";
        NotInBulk = "not_in_bulk", "A crisis or an emergency has to be resolved by itself, not together with others.";
        AlreadyResolved = "already_resolved", "This conversation is resolved. Reopen it first.";
        NotResolved = "not_resolved", "This conversation is open already.";
        TooUrgentToSnooze = "too_urgent_to_snooze", "A crisis or an emergency cannot be snoozed.";
        SnoozeInThePast = "snooze_in_the_past", "Choose a time that is still to come.";
        NotSnoozed = "not_snoozed", "This conversation is not snoozed.";
        NotAssigned = "not_assigned", "Nobody has this conversation.";
        NotWaiting = "not_waiting", "This message is not waiting for an answer.";
    }
}
