//! A draft, and the one function that decides whether it may leave.
//!
//! Everything that people and the guard say about a draft is bound to the hash of its exact text, and
//! of the files, descriptions, link and language that go with it ([`Carried`]). Change a letter and the
//! verdict, the acknowledgements, the override and the approvals are about
//! something else, so they fall away. [`may_send`] is the only maker of [`Sendable`], and without
//! one nothing can be put in the outbox.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::names::text_enum;
use crate::role::Role;
use crate::{UserId, VerdictId};

mod content;
mod event;
mod send;

pub use content::{Attachment, Carried, MediaKind, Part};
pub use event::{Event, Refused};
pub use send::{DraftFacts, Policy, Sendable, captions, may_send, needs_second_person, queue, refusals, removal};

/// The hash that a draft's text is known by: SHA-256 of its UTF-8, in lower-case hex.
pub fn text_hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

text_enum! {
    /// What a draft is to become.
    pub enum DraftKind {
        /// An answer to a message.
        Reply = "reply",
        /// A post of the organisation's own.
        Post = "post",
        /// A new text for an own reply that was sent.
        Edit = "edit",
    }
}

text_enum! {
    /// Where a draft stands.
    pub enum DraftState {
        /// Being written; the guard has not judged the text as it stands.
        Writing = "writing",
        /// The guard stops it.
        Blocked = "blocked",
        /// The guard warns and the writer has not acknowledged every finding.
        NeedsAck = "needs_ack",
        /// Nothing is in the way but perhaps a second person.
        Ready = "ready",
        /// A second person was asked.
        AwaitingApproval = "awaiting_approval",
        /// A second person approved the text as it stands.
        Approved = "approved",
        /// In the outbox.
        Queued = "queued",
        /// On the network.
        Sent = "sent",
        /// Given up.
        Discarded = "discarded",
    }
}

text_enum! {
    /// What the guard said.
    pub enum Decision {
        /// Nothing against it.
        Allow = "allow",
        /// The writer must acknowledge each finding.
        Warn = "warn",
        /// No.
        Block = "block",
    }
}

/// A finding of the guard, as far as the state machine needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRef {
    /// Rule id (`B1`, `W3`, …).
    pub rule: String,
    /// Whether it warns or blocks.
    pub severity: Decision,
}

impl FindingRef {
    /// Identifiers (B3) and programmes under 42 CFR Part 2 (B10) can never be overridden.
    pub fn overridable(&self) -> bool {
        !matches!(self.rule.as_str(), "B3" | "B10")
    }
}

/// A verdict about a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The stored verdict.
    pub verdict: VerdictId,
    /// The text that was judged.
    pub hash: String,
    /// The worst of the findings.
    pub decision: Decision,
    /// What was found, in the verdict's order.
    pub findings: Vec<FindingRef>,
}

/// The writer has seen a finding and says why the text stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Index into the verdict's findings.
    pub finding: usize,
    /// Who.
    pub by: UserId,
    /// Why.
    pub reason: String,
}

/// A privacy officer lets a blocked text pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Which text.
    pub hash: String,
    /// Who asked.
    pub requested_by: UserId,
    /// Why.
    pub reason: String,
    /// Who granted, and why; `None` while it is asked for.
    pub granted: Option<(UserId, String)>,
}

/// A second person approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: UserId,
    /// Which text.
    pub hash: String,
}

/// What the state machine knows of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What it is to become.
    pub kind: DraftKind,
    /// Who wrote the text as it stands: everybody who changed it.
    pub written_by: Vec<UserId>,
    /// Hash of the text as it stands.
    pub hash: String,
    /// Where it stands.
    pub state: DraftState,
    /// The newest verdict about the text as it stands.
    pub checked: Option<Checked>,
    /// What was acknowledged of that verdict.
    pub acknowledgements: Vec<Acknowledgement>,
    /// An override asked for or granted for the text as it stands.
    #[serde(rename = "override")]
    pub override_: Option<Override>,
    /// Approvals of the text as it stands.
    pub approvals: Vec<Approval>,
    /// Hash of the prepared text that it was made from, with contacts and numbers filled in.
    pub prepared_hash: Option<String>,
}

impl Draft {
    /// A new draft, by the hash of what it says.
    pub fn new(kind: DraftKind, by: UserId, hash: String) -> Self {
        Self {
            kind,
            written_by: vec![by],
            hash,
            state: DraftState::Writing,
            checked: None,
            acknowledgements: vec![],
            override_: None,
            approvals: vec![],
            prepared_hash: None,
        }
    }

    /// The verdict about the text as it stands.
    pub fn verdict(&self) -> Option<&Checked> {
        self.checked.as_ref().filter(|checked| checked.hash == self.hash)
    }

    /// A prepared text that nobody changed.
    pub fn is_prepared_unchanged(&self) -> bool {
        self.prepared_hash.as_ref() == Some(&self.hash)
    }

    fn override_granted(&self) -> bool {
        self.override_.as_ref().is_some_and(|o| o.hash == self.hash && o.granted.is_some())
    }

    fn all_acknowledged(&self, checked: &Checked) -> bool {
        let acknowledged = |index| self.acknowledgements.iter().any(|ack| ack.finding == index);
        checked
            .findings
            .iter()
            .enumerate()
            .filter(|(_, finding)| finding.severity == Decision::Warn)
            .all(|(index, _)| acknowledged(index))
    }

    fn approved_by_another(&self) -> bool {
        self.approvals.iter().any(|approval| approval.hash == self.hash && !self.written_by.contains(&approval.by))
    }

    fn gate(&self) -> Gate<'_> {
        let Some(checked) = self.verdict() else { return Gate::NotChecked };
        let never = checked.findings.iter().any(|f| f.severity == Decision::Block && !f.overridable());
        match checked.decision {
            Decision::Block if never || !self.override_granted() => Gate::Blocked,
            Decision::Block | Decision::Warn if !self.all_acknowledged(checked) => Gate::NeedsAck,
            Decision::Block | Decision::Warn | Decision::Allow => Gate::Passed(checked),
        }
    }

    /// The verdict that lets the text pass, or what the guard leaves in the way.
    fn guard_passed(&self) -> Result<&Checked, Refused> {
        match self.gate() {
            Gate::NotChecked => Err(Refused::NotChecked),
            Gate::Blocked => Err(Refused::GuardBlocked),
            Gate::NeedsAck => Err(Refused::NeedsAcknowledgement),
            Gate::Passed(checked) => Ok(checked),
        }
    }

    /// The state that follows from what is known, for a draft that is being worked on.
    fn worked_on(&self, submitted: bool) -> DraftState {
        match self.gate() {
            Gate::NotChecked => DraftState::Writing,
            Gate::Blocked => DraftState::Blocked,
            Gate::NeedsAck => DraftState::NeedsAck,
            Gate::Passed(_) if self.approved_by_another() => DraftState::Approved,
            Gate::Passed(_) if submitted => DraftState::AwaitingApproval,
            Gate::Passed(_) => DraftState::Ready,
        }
    }
}

/// How far the text as it stands has come with the guard.
enum Gate<'a> {
    NotChecked,
    Blocked,
    NeedsAck,
    Passed(&'a Checked),
}

fn given(reason: &str) -> Result<String, Refused> {
    let reason = reason.trim();
    if reason.is_empty() { Err(Refused::ReasonMissing) } else { Ok(reason.to_owned()) }
}

/// The next state of a draft, or why not.
pub fn step(draft: &Draft, event: &Event) -> Result<Draft, Refused> {
    match draft.state {
        DraftState::Queued => match event {
            Event::Delivered => return Ok(Draft { state: DraftState::Sent, ..draft.clone() }),
            Event::Returned => return Ok(Draft { state: draft.worked_on(false), ..draft.clone() }),
            Event::Edited { .. }
            | Event::Checked(_)
            | Event::Acknowledged { .. }
            | Event::OverrideRequested { .. }
            | Event::OverrideGranted { .. }
            | Event::Submitted
            | Event::Approved { .. }
            | Event::Rejected { .. }
            | Event::Discarded => return Err(Refused::AlreadyQueued),
        },
        DraftState::Sent => return Err(Refused::AlreadySent),
        DraftState::Discarded => return Err(Refused::Discarded),
        DraftState::Writing
        | DraftState::Blocked
        | DraftState::NeedsAck
        | DraftState::Ready
        | DraftState::AwaitingApproval
        | DraftState::Approved => {}
    }
    let mut next = draft.clone();
    let mut submitted = draft.state == DraftState::AwaitingApproval;
    match event {
        Event::Edited { by, hash } => {
            if !next.written_by.contains(by) {
                next.written_by.push(by.clone());
            }
            if *hash != draft.hash {
                next.hash.clone_from(hash);
                next.checked = None;
                next.acknowledgements.clear();
                next.override_ = None;
                next.approvals.clear();
                submitted = false;
            }
        }
        Event::Checked(checked) => {
            if checked.hash != draft.hash {
                return Err(Refused::TextChanged);
            }
            // The same findings again (a check repeated at sending) keep what was said about them.
            if draft.verdict().is_none_or(|before| before.findings != checked.findings) {
                next.acknowledgements.clear();
                next.override_ = None;
                next.approvals.clear();
                submitted = false;
            }
            next.checked = Some(checked.clone());
        }
        Event::Acknowledged { findings, by, reason } => {
            let reason = given(reason)?;
            let checked = draft.verdict().ok_or(Refused::NotChecked)?;
            if !draft.written_by.contains(by) {
                return Err(Refused::NotTheWriter);
            }
            for &finding in findings {
                match checked.findings.get(finding).map(|f| f.severity) {
                    None => return Err(Refused::NoSuchFinding),
                    Some(Decision::Block) => return Err(Refused::NothingToAcknowledge),
                    Some(Decision::Warn | Decision::Allow) => {}
                }
                next.acknowledgements.retain(|ack| ack.finding != finding);
                next.acknowledgements.push(Acknowledgement { finding, by: by.clone(), reason: reason.clone() });
            }
        }
        Event::OverrideRequested { by, reason } => {
            let reason = given(reason)?;
            let checked = draft.verdict().ok_or(Refused::NotChecked)?;
            overridable(checked)?;
            next.override_ =
                Some(Override { hash: draft.hash.clone(), requested_by: by.clone(), reason, granted: None });
        }
        Event::OverrideGranted { by, roles, reason } => {
            let reason = given(reason)?;
            let checked = draft.verdict().ok_or(Refused::NotChecked)?;
            overridable(checked)?;
            if !roles.contains(Role::PrivacyOfficer) {
                return Err(Refused::NotPrivacyOfficer);
            }
            let asked = next.override_.as_mut().filter(|o| o.hash == draft.hash);
            let asked = asked.ok_or(Refused::NoOverrideRequested)?;
            if asked.requested_by == *by || draft.written_by.contains(by) {
                return Err(Refused::OwnOverride);
            }
            asked.granted = Some((by.clone(), reason));
        }
        Event::Submitted => {
            draft.guard_passed()?;
            submitted = true;
        }
        Event::Approved { by, hash } => {
            if *hash != draft.hash {
                return Err(Refused::TextChanged);
            }
            draft.guard_passed()?;
            match draft.state {
                DraftState::AwaitingApproval | DraftState::Approved => {}
                DraftState::Writing
                | DraftState::Blocked
                | DraftState::NeedsAck
                | DraftState::Ready
                | DraftState::Queued
                | DraftState::Sent
                | DraftState::Discarded => return Err(Refused::NotSubmitted),
            }
            if draft.written_by.contains(by) {
                return Err(Refused::OwnDraft);
            }
            next.approvals.push(Approval { by: by.clone(), hash: hash.clone() });
        }
        Event::Rejected { by } => {
            if draft.state != DraftState::AwaitingApproval && draft.state != DraftState::Approved {
                return Err(Refused::NotSubmitted);
            }
            if draft.written_by.contains(by) {
                return Err(Refused::OwnDraft);
            }
            next.approvals.clear();
            submitted = false;
        }
        Event::Delivered | Event::Returned => return Err(Refused::NotQueued),
        Event::Discarded => return Ok(Draft { state: DraftState::Discarded, ..next }),
    }
    next.state = next.worked_on(submitted);
    Ok(next)
}

fn overridable(checked: &Checked) -> Result<(), Refused> {
    match checked.decision {
        Decision::Allow | Decision::Warn => Err(Refused::NotBlocked),
        Decision::Block => {
            let blocks = checked.findings.iter().filter(|f| f.severity == Decision::Block);
            if blocks.clone().any(|f| !f.overridable()) { Err(Refused::NotOverridable) } else { Ok(()) }
        }
    }
}

#[cfg(test)]
mod tests;
