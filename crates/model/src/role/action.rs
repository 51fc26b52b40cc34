//! Everything that can be done, and the roles that may do it.

use super::Role;
use crate::names::text_enum;

macro_rules! actions {
    ($($variant:ident = $text:literal, $title:literal;)+) => {
        text_enum! {
            /// Everything that can be done through the API.
            pub enum Action {
                $(#[doc = $title] $variant = $text,)+
            }
        }

        impl Action {
            /// What the settings page calls it.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => $title,)+
                }
            }
        }
    };
}

actions! {
    ReadInbox = "read_inbox", "See the inbox";
    ReadMessage = "read_message", "Open a conversation";
    ReadPeople = "read_people", "See what an author wrote before";
    Assign = "assign", "Assign a conversation";
    Snooze = "snooze", "Snooze a conversation";
    Note = "note", "Write a note for the team";
    Resolve = "resolve", "Resolve a conversation";
    Reopen = "reopen", "Reopen a conversation";
    ChangePriority = "change_priority", "Correct a conversation's place in the queue";
    CorrectLabel = "correct_label", "Correct a label of a message";
    DraftReply = "draft_reply", "Write a reply";
    EditDraft = "edit_draft", "Change a draft";
    DiscardDraft = "discard_draft", "Discard a draft";
    SubmitDraft = "submit_draft", "Ask for approval";
    AcknowledgeWarning = "acknowledge_warning", "Acknowledge a warning with a reason";
    RequestOverride = "request_override", "Ask the privacy officer to let a blocked draft pass";
    ApproveDraft = "approve_draft", "Approve or reject a reply";
    OverrideBlock = "override_block", "Let a blocked draft pass";
    SendReply = "send_reply", "Send a reply";
    TakeBack = "take_back", "Change or delete a reply that was sent";
    ShowMessage = "show_message", "Show a message that was held or hidden";
    HideMessage = "hide_message", "Hide or remove somebody's message, or report it as spam";
    DraftPost = "draft_post", "Write a post";
    ApprovePost = "approve_post", "Approve or reject a post";
    SendPost = "send_post", "Publish a post";
    ManagePreparedTexts = "manage_prepared_texts", "Change prepared texts";
    HandOver = "hand_over", "Hand a conversation over";
    ReadCase = "read_case", "See a case";
    WorkCase = "work_case", "Accept, close and send links for a case";
    ReadIntake = "read_intake", "Open what a person entered on an intake page";
    AcknowledgeAlert = "acknowledge_alert", "Acknowledge an alert";
    ReadAlerts = "read_alerts", "See alerts";
    ReadAccounts = "read_accounts", "See accounts and sources";
    ManageAccounts = "manage_accounts", "Connect and change accounts";
    ManageSources = "manage_sources", "Change sources";
    RunImport = "run_import", "Import a file";
    RetryDeadLetter = "retry_dead_letter", "Retry an item that could not be read";
    ReadOutbox = "read_outbox", "See what leaves";
    ReconcileOutbox = "reconcile_outbox", "Settle what may or may not have been sent";
    ReleaseOutbox = "release_outbox", "Let the outbox go after a restore";
    AssessText = "assess_text", "Try the labels on a text";
    CheckGuard = "check_guard", "Try the guard on a text";
    ManageUsers = "manage_users", "Add and change users";
    ManageRota = "manage_rota", "Change the on-call rota";
    ReadSettings = "read_settings", "See the settings";
    ManageSettings = "manage_settings", "Change the settings";
    ReadAudit = "read_audit", "Read the audit log";
    VerifyAudit = "verify_audit", "Verify the audit log";
    Export = "export", "Export data";
    ErasePerson = "erase_person", "Erase an author";
    ReadHealth = "read_health", "See the state of the system";
}

/// Whether an action only looks. An auditor may do nothing else.
pub const fn is_reading(action: Action) -> bool {
    use Action as A;
    match action {
        A::ReadInbox
        | A::ReadMessage
        | A::ReadPeople
        | A::ReadCase
        | A::ReadIntake
        | A::ReadAlerts
        | A::ReadAccounts
        | A::ReadOutbox
        | A::AssessText
        | A::CheckGuard
        | A::ReadSettings
        | A::ReadAudit
        | A::VerifyAudit
        | A::Export
        | A::ReadHealth => true,
        A::Assign
        | A::Snooze
        | A::Note
        | A::Resolve
        | A::Reopen
        | A::ChangePriority
        | A::CorrectLabel
        | A::DraftReply
        | A::EditDraft
        | A::DiscardDraft
        | A::SubmitDraft
        | A::AcknowledgeWarning
        | A::RequestOverride
        | A::ApproveDraft
        | A::OverrideBlock
        | A::SendReply
        | A::TakeBack
        | A::ShowMessage
        | A::HideMessage
        | A::DraftPost
        | A::ApprovePost
        | A::SendPost
        | A::ManagePreparedTexts
        | A::HandOver
        | A::WorkCase
        | A::AcknowledgeAlert
        | A::ManageAccounts
        | A::ManageSources
        | A::RunImport
        | A::RetryDeadLetter
        | A::ReconcileOutbox
        | A::ReleaseOutbox
        | A::ManageUsers
        | A::ManageRota
        | A::ManageSettings
        | A::ErasePerson => false,
    }
}

/// The roles that may do an action: the whole matrix.
pub const fn roles_for(action: Action) -> &'static [Role] {
    use Action as A;
    use Role::{Administrator, Auditor, Author, ClinicalReviewer, Manager, OnCall, PrivacyOfficer, Responder};
    match action {
        A::ReadInbox | A::ReadMessage | A::ReadPeople => {
            &[Responder, Author, ClinicalReviewer, PrivacyOfficer, OnCall, Manager, Auditor]
        }
        A::Assign | A::Reopen => &[Responder, PrivacyOfficer, OnCall, Manager],
        A::Snooze => &[Responder, OnCall, Manager],
        A::Note | A::CorrectLabel => &[Responder, Author, ClinicalReviewer, PrivacyOfficer, OnCall, Manager],
        A::Resolve | A::ChangePriority | A::HandOver => &[Responder, PrivacyOfficer, OnCall, Manager],
        A::DraftReply | A::EditDraft | A::DiscardDraft | A::SubmitDraft => {
            &[Responder, Author, ClinicalReviewer, PrivacyOfficer, OnCall, Manager]
        }
        A::AcknowledgeWarning | A::RequestOverride => {
            &[Responder, Author, ClinicalReviewer, PrivacyOfficer, OnCall, Manager]
        }
        A::ApproveDraft => &[ClinicalReviewer, PrivacyOfficer, Manager],
        A::OverrideBlock => &[PrivacyOfficer],
        A::SendReply | A::TakeBack | A::ShowMessage => &[Responder, PrivacyOfficer, OnCall, Manager],
        // To take somebody's words away is graver than to answer them.
        A::HideMessage => &[PrivacyOfficer, OnCall, Manager],
        A::DraftPost => &[Author, ClinicalReviewer, Manager],
        A::ApprovePost => &[ClinicalReviewer, PrivacyOfficer, Manager],
        A::SendPost => &[Author, Manager],
        A::ManagePreparedTexts => &[ClinicalReviewer, PrivacyOfficer, Manager],
        A::ReadCase => &[Responder, ClinicalReviewer, PrivacyOfficer, OnCall, Manager, Auditor],
        A::WorkCase => &[Responder, ClinicalReviewer, PrivacyOfficer, OnCall, Manager],
        // The owner of the case joins by the rule on the resource.
        A::ReadIntake => &[PrivacyOfficer],
        A::AcknowledgeAlert => &[Responder, PrivacyOfficer, OnCall, Manager],
        A::ReadAlerts | A::ReadHealth => {
            &[Responder, Author, ClinicalReviewer, PrivacyOfficer, OnCall, Manager, Administrator, Auditor]
        }
        A::ReadAccounts => {
            &[Responder, Author, ClinicalReviewer, PrivacyOfficer, OnCall, Manager, Administrator, Auditor]
        }
        A::ManageAccounts | A::ManageUsers | A::ManageSettings | A::ReleaseOutbox => &[Administrator],
        A::ManageSources | A::RunImport | A::RetryDeadLetter => &[Manager, Administrator],
        A::ReadOutbox => &[Responder, Author, PrivacyOfficer, OnCall, Manager, Administrator, Auditor],
        A::ReconcileOutbox => &[Responder, OnCall, Manager, Administrator],
        A::AssessText | A::CheckGuard => {
            &[Responder, Author, ClinicalReviewer, PrivacyOfficer, OnCall, Manager, Administrator, Auditor]
        }
        A::ManageRota => &[Manager, Administrator],
        A::ReadSettings => &[PrivacyOfficer, Manager, Administrator, Auditor],
        A::ReadAudit | A::VerifyAudit => &[PrivacyOfficer, Administrator, Auditor],
        A::Export => &[PrivacyOfficer, Auditor],
        A::ErasePerson => &[PrivacyOfficer, Administrator],
    }
}
