//! The one function that decides whether a text may leave.

use serde::{Deserialize, Serialize};

use super::{Checked, Decision, Draft, DraftState, Refused};
use crate::VerdictId;
use crate::label::Priority;

/// What needs a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Answers to messages of these priorities. Default: crisis (0, 2, 6), safety (3), adverse
    /// event (4), privacy exposure (5).
    pub second_person_priorities: Vec<Priority>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { second_person_priorities: vec![0, 2, 3, 4, 5, 6] }
    }
}

/// What [`may_send`] looks at.
#[derive(Debug, Clone, Copy)]
pub struct DraftFacts<'a> {
    /// The draft.
    pub draft: &'a Draft,
    /// Rank of what is answered: the worst of the conversation. `None` for a post.
    pub priority: Option<Priority>,
    /// Users of the organisation who may sign in.
    pub active_users: u32,
}

/// Whether a second person must approve: by the class of what is answered, never for a prepared
/// text sent unchanged, and never where there is no second person.
pub fn needs_second_person(facts: &DraftFacts<'_>, policy: &Policy) -> bool {
    let class = facts.priority.is_some_and(|priority| policy.second_person_priorities.contains(&priority));
    class && facts.active_users > 1 && !facts.draft.is_prepared_unchanged()
}

/// The permission to put one text in the outbox. Only [`may_send`], [`captions`] and [`removal`]
/// make it.
#[derive(Debug, PartialEq, Eq)]
pub struct Sendable {
    hash: Option<String>,
    verdict: VerdictId,
}

impl Sendable {
    /// Hash of the text that may leave; `None` for a removal.
    pub fn hash(&self) -> Option<&str> {
        self.hash.as_deref()
    }

    /// The verdict that goes with it.
    pub fn verdict(&self) -> &VerdictId {
        &self.verdict
    }
}

/// A hide, deletion or unpublishing is always allowed; it carries a verdict of kind `removal`.
pub fn removal(verdict: VerdictId) -> Sendable {
    Sendable { hash: None, verdict }
}

/// Captions say in writing what a published video says. The guard reads every word of them; what it stops has
/// no exception here, and what it warns of somebody must have `acknowledged`.
pub fn captions(checked: &Checked, acknowledged: bool) -> Result<Sendable, Refused> {
    match checked.decision {
        Decision::Block => Err(Refused::GuardBlocked),
        Decision::Warn if !acknowledged => Err(Refused::NeedsAcknowledgement),
        Decision::Warn | Decision::Allow => {
            Ok(Sendable { hash: Some(checked.hash.clone()), verdict: checked.verdict.clone() })
        }
    }
}

/// Everything that is in the way of sending, for the screen; empty where nothing is.
pub fn refusals(facts: &DraftFacts<'_>, policy: &Policy) -> Vec<Refused> {
    let draft = facts.draft;
    match draft.state {
        DraftState::Queued => return vec![Refused::AlreadyQueued],
        DraftState::Sent => return vec![Refused::AlreadySent],
        DraftState::Discarded => return vec![Refused::Discarded],
        DraftState::Writing
        | DraftState::Blocked
        | DraftState::NeedsAck
        | DraftState::Ready
        | DraftState::AwaitingApproval
        | DraftState::Approved => {}
    }
    let mut refusals = vec![];
    refusals.extend(draft.guard_passed().err());
    if needs_second_person(facts, policy) && !draft.approved_by_another() {
        refusals.push(Refused::NeedsApproval);
    }
    refusals
}

/// Whether the text with this hash, the one that the person saw, may leave.
pub fn may_send(facts: &DraftFacts<'_>, policy: &Policy, seen_hash: &str) -> Result<Sendable, Refused> {
    if seen_hash != facts.draft.hash {
        return Err(Refused::TextChanged);
    }
    if let Some(&refused) = refusals(facts, policy).first() {
        return Err(refused);
    }
    let checked = facts.draft.verdict().ok_or(Refused::NotChecked)?;
    Ok(Sendable { hash: Some(facts.draft.hash.clone()), verdict: checked.verdict.clone() })
}

/// The draft goes into the outbox, with the permission to do so.
pub fn queue(draft: &Draft, sendable: &Sendable) -> Result<Draft, Refused> {
    if sendable.hash.as_ref() == Some(&draft.hash) {
        Ok(Draft { state: DraftState::Queued, ..draft.clone() })
    } else {
        Err(Refused::TextChanged)
    }
}
