//! Hand-over: a concern leaves the public thread and becomes somebody's case, with a due time and
//! a single-use link under which the person can write in private.
//!
//! What is entered there is sealed by the store and never joins the public thread. The case itself
//! says who owns it and why, in codes; it holds no health information.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::names::{refusals, text_enum};
use crate::role::Role;
use crate::{CaseId, ConversationId, UserId};

text_enum! {
    /// Who in the organisation takes the case.
    pub enum OwnerRole {
        /// Patient relations: complaints and thanks that need a person.
        PatientRelations = "patient_relations",
        /// The privacy officer: exposures of private information.
        PrivacyOfficer = "privacy_officer",
        /// The site's risk manager: harm, threats, possible claims.
        RiskManager = "risk_manager",
        /// The nurse manager: care on a unit.
        NurseManager = "nurse_manager",
        /// The transfer centre: somebody needs care now.
        TransferCentre = "transfer_centre",
    }
}

impl OwnerRole {
    /// The role in Bedside whose holders work on cases of this owner.
    pub const fn role(self) -> Role {
        match self {
            Self::PatientRelations => Role::Responder,
            Self::PrivacyOfficer => Role::PrivacyOfficer,
            Self::RiskManager => Role::Manager,
            Self::NurseManager => Role::ClinicalReviewer,
            Self::TransferCentre => Role::OnCall,
        }
    }
}

text_enum! {
    /// Why a case was handed over: a code, so that no free text copies health information.
    pub enum CaseReason {
        /// A complaint about care.
        CareConcern = "care_concern",
        /// A complaint about how somebody was treated by staff.
        StaffConduct = "staff_conduct",
        /// A bill or a payment.
        Billing = "billing",
        /// Private information stands in public.
        Privacy = "privacy",
        /// Somebody may have come to harm.
        PossibleHarm = "possible_harm",
        /// A reaction to a medicine or device.
        AdverseEvent = "adverse_event",
        /// A threat to somebody's safety.
        Safety = "safety",
        /// A crisis or an emergency.
        Urgent = "urgent",
        /// Access, appointments, transport.
        Access = "access",
        /// Anything else.
        Other = "other",
    }
}

text_enum! {
    /// How a case ended.
    pub enum CaseOutcome {
        /// The person was reached and the matter settled.
        Settled = "settled",
        /// The person was reached and the matter goes on elsewhere.
        PassedOn = "passed_on",
        /// The person could not be reached.
        NotReached = "not_reached",
        /// The person does not want to go on.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// Where a case stands.
    pub enum CaseState {
        /// Nobody has taken it yet.
        Open = "open",
        /// Somebody works on it.
        Accepted = "accepted",
        /// Ended, with an outcome.
        Closed = "closed",
    }
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The conversation that it came from.
    pub conversation_id: ConversationId,
    /// Who is to take it.
    pub owner_role: OwnerRole,
    /// Who took it.
    pub owner_user: Option<UserId>,
    /// Why.
    pub reason: CaseReason,
    /// When it should be closed.
    pub due_at: Option<Timestamp>,
    /// Where it stands.
    pub state: CaseState,
    /// How it ended; `Some` exactly when it is closed.
    pub outcome: Option<CaseOutcome>,
}

/// What happens to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseEvent {
    /// Somebody takes it. A case that was taken may be taken over by another.
    Accept(UserId),
    /// It ends.
    Close(CaseOutcome),
}

refusals! {
    /// Why a step on a case is refused.
    pub enum Refused {
        Closed = "case_closed", "This case is closed. Open a new one if there is more to do.";
        NotAccepted = "case_not_accepted", "Accept this case before you close it, so that it is clear who dealt with it.";
    }
}

/// The next state of a case.
pub fn step(case: &Case, event: &CaseEvent) -> Result<Case, Refused> {
    match (case.state, event) {
        (CaseState::Open | CaseState::Accepted, CaseEvent::Accept(user)) => {
            Ok(Case { state: CaseState::Accepted, owner_user: Some(user.clone()), ..case.clone() })
        }
        (CaseState::Accepted, CaseEvent::Close(outcome)) => {
            Ok(Case { state: CaseState::Closed, outcome: Some(*outcome), ..case.clone() })
        }
        (CaseState::Open, CaseEvent::Close(_)) => Err(Refused::NotAccepted),
        (CaseState::Closed, CaseEvent::Accept(_) | CaseEvent::Close(_)) => Err(Refused::Closed),
    }
}

/// How long an intake link can be used where the organisation sets nothing else.
pub const INTAKE_LIFETIME: SignedDuration = SignedDuration::from_hours(72);

refusals! {
    /// Why an intake link does not open.
    pub enum LinkRefused {
        Used = "link_used", "This link was used already. Ask the organisation for a new one.";
        Expired = "link_expired", "This link has expired. Ask the organisation for a new one.";
    }
}

/// Whether an intake link opens: once, and until it expires.
pub fn may_open(now: Timestamp, used_at: Option<Timestamp>, expires_at: Timestamp) -> Result<(), LinkRefused> {
    match used_at {
        Some(_) => Err(LinkRefused::Used),
        None if now >= expires_at => Err(LinkRefused::Expired),
        None => Ok(()),
    }
}

/// When a link made now expires; the last instant there is where the sum leaves the calendar.
pub fn link_expires(now: Timestamp, lifetime: SignedDuration) -> Timestamp {
    now.checked_add(lifetime).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case() -> Case {
        Case {
            id: CaseId::from_bits(1),
            conversation_id: ConversationId::from_bits(2),
            owner_role: OwnerRole::PatientRelations,
            owner_user: None,
            reason: CaseReason::CareConcern,
            due_at: None,
            state: CaseState::Open,
            outcome: None,
        }
    }

    #[test]
    fn a_case_is_accepted_then_closed_and_stays_closed() {
        let nurse = UserId::from_bits(3);
        let close = CaseEvent::Close(CaseOutcome::Settled);
        assert_eq!(step(&case(), &close), Err(Refused::NotAccepted));
        let accepted = step(&case(), &CaseEvent::Accept(nurse.clone())).unwrap();
        assert_eq!(accepted.owner_user, Some(nurse.clone()));
        let closed = step(&accepted, &close).unwrap();
        assert_eq!((closed.state, closed.outcome), (CaseState::Closed, Some(CaseOutcome::Settled)));
        assert_eq!(step(&closed, &close), Err(Refused::Closed));
        assert_eq!(step(&closed, &CaseEvent::Accept(nurse)), Err(Refused::Closed));
    }

    #[test]
    fn an_intake_link_opens_once_and_not_after_three_days() {
        let made: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let expires = link_expires(made, INTAKE_LIFETIME);
        assert_eq!(expires.to_string(), "2026-11-27T10:00:00Z");
        let just_before = "2026-11-27T09:59:59Z".parse().unwrap();
        assert_eq!(may_open(just_before, None, expires), Ok(()));
        assert_eq!(may_open(expires, None, expires), Err(LinkRefused::Expired));
        assert_eq!(may_open(just_before, Some(made), expires), Err(LinkRefused::Used));
        assert_eq!(link_expires(Timestamp::MAX, INTAKE_LIFETIME), Timestamp::MAX);
    }
}
