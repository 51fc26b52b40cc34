//! Names of this room as the document shows them.

use crate::name_schemas;

name_schemas! {
    /// Where a conversation stands.
    ConversationState = bedside_model::conversation::State;
    /// How a conversation ended.
    ConversationOutcome = bedside_model::conversation::Outcome;
    /// Where a clock stands.
    ClockState = bedside_model::clock::ClockState;
    /// What a draft is to become.
    DraftKind = bedside_model::draft::DraftKind;
    /// Where a draft stands.
    DraftState = bedside_model::draft::DraftState;
    /// What sort of file it is.
    MediaKind = bedside_model::draft::MediaKind;
    /// A part of what a draft says.
    Part = bedside_model::draft::Part;
    /// What the guard says.
    GuardDecision = bedside_model::draft::Decision;
    /// What leaves.
    OutboxKind = bedside_model::delivery::OutboxKind;
    /// Where something that leaves stands.
    OutboxState = bedside_model::delivery::OutboxState;
    /// What a person decides about something that leaves.
    OutboxDecision = bedside_model::delivery::Decision;
    /// Where somebody's message stands at its network.
    Standing = bedside_model::moderation::Standing;
    /// What is done about somebody's message.
    Moderation = bedside_model::moderation::Moderation;
    /// Why somebody's words are taken away.
    Ground = bedside_model::moderation::Ground;
    /// Who takes a case.
    OwnerRole = bedside_model::case::OwnerRole;
    /// Why a case was handed over.
    CaseReason = bedside_model::case::CaseReason;
    /// Where a case stands.
    CaseState = bedside_model::case::CaseState;
    /// How a case ended.
    CaseOutcome = bedside_model::case::CaseOutcome;
}
