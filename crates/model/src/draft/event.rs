//! What happens to a draft, and why a step is refused.

use super::Checked;
use crate::UserId;
use crate::names::refusals;
use crate::role::RoleSet;

/// What happens to a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Somebody changed the text.
    Edited {
        /// Who.
        by: UserId,
        /// The new text's hash.
        hash: String,
    },
    /// The guard judged a text.
    Checked(Checked),
    /// The writer acknowledges findings.
    Acknowledged {
        /// Indexes into the verdict's findings.
        findings: Vec<usize>,
        /// Who.
        by: UserId,
        /// Why.
        reason: String,
    },
    /// Somebody asks the privacy officer to let it pass.
    OverrideRequested {
        /// Who.
        by: UserId,
        /// Why.
        reason: String,
    },
    /// The privacy officer lets it pass.
    OverrideGranted {
        /// Who.
        by: UserId,
        /// What the person is.
        roles: RoleSet,
        /// Why.
        reason: String,
    },
    /// A second person is asked.
    Submitted,
    /// A second person approves the text with this hash.
    Approved {
        /// Who.
        by: UserId,
        /// Which text they saw.
        hash: String,
    },
    /// A second person rejects.
    Rejected {
        /// Who.
        by: UserId,
    },
    /// It stands on the network.
    Delivered,
    /// The outbox gave it back: cancelled, or given up by a person.
    Returned,
    /// Somebody gives it up.
    Discarded,
}

refusals! {
    /// Why a step on a draft, or its sending, is refused.
    pub enum Refused {
        NotChecked = "not_checked", "The text has not been checked yet.";
        GuardBlocked = "guard_blocked", "The guard stops this text. Change what is marked.";
        NeedsAcknowledgement = "needs_acknowledgement", "Acknowledge each warning and say why the text stands.";
        NeedsApproval = "needs_approval", "Somebody else has to approve this reply first.";
        TextChanged = "text_changed", "The text has changed since you saw it. Read it again.";
        OwnDraft = "own_draft", "You wrote this draft. Somebody else has to approve it.";
        OwnOverride = "own_override", "You asked for this exception or wrote the draft. A second person has to decide on it.";
        NotPrivacyOfficer = "not_privacy_officer", "Only the privacy officer can let a blocked text pass.";
        NotOverridable = "not_overridable", "Identifiers, and any answer of a substance use programme, can never be let through.";
        NotBlocked = "not_blocked", "The guard does not stop this text; there is nothing to let through.";
        NoOverrideRequested = "no_override_requested", "Nobody has asked to let this text pass.";
        ReasonMissing = "reason_missing", "Say in a few words why.";
        NoSuchFinding = "no_such_finding", "The text was checked again and its warnings changed. Look at them again.";
        NotTheWriter = "not_the_writer", "Only who wrote the text can acknowledge its warnings.";
        NothingToAcknowledge = "nothing_to_acknowledge", "A stop cannot be acknowledged away. Change what is marked.";
        NotSubmitted = "not_submitted", "Nobody has asked for approval of this draft.";
        AlreadyQueued = "already_queued", "This text is on its way. Take it back after it was sent, or cancel it.";
        AlreadySent = "already_sent", "This text was sent. Take it back to change it.";
        Discarded = "draft_discarded", "This draft was discarded.";
        NotQueued = "not_queued", "This draft is not on its way.";
    }
}
