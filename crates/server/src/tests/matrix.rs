//! One row for each operation: who may do it, and how it could touch a thing of somebody else.

use bedside_model::role::Action;
use serde_json::{Value, json};

use super::seed::Seed;

/// How an operation could touch a thing.
pub enum Touches {
    /// The id in the path names it.
    Path(Value),
    /// The body or the query names it.
    Named(&'static str, Value),
    /// It lists or sums up what the organisation has.
    List,
    /// Only the person or the installation itself.
    Nothing(Value),
}

/// One operation.
pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    /// What must be allowed; `None` where being signed in is enough, or not even needed.
    pub action: Option<Action>,
    pub touches: Touches,
}

/// Routes for which nobody has to be signed in.
pub const PUBLIC: &[(&str, &str)] = &[("GET", "/setup"), ("POST", "/setup"), ("POST", "/sessions")];

pub fn matrix(seed: &Seed) -> Vec<Row> {
    use Action as A;
    use Touches::{List, Named, Nothing, Path};
    let none = || Path(json!({}));
    let text = || json!({ "text": "We read every message." });
    let hash = || json!({ "text_hash": "0", "reason": "Fine." });
    let of_account = |path: &'static str, mut body: Value| {
        body["account_id"] = json!(seed.account);
        Named(path, body)
    };
    let rows = vec![
        ("GET", "/setup", None, Nothing(json!({}))),
        ("POST", "/setup", None, Nothing(json!({}))),
        ("POST", "/sessions", None, Nothing(json!({ "email": "nobody@example.org", "password": "not a password" }))),
        ("DELETE", "/sessions/current", None, Nothing(json!({}))),
        ("GET", "/me", None, Nothing(json!({}))),
        ("POST", "/me/password", None, Nothing(json!({ "old": "not it", "new": "also not it, but long" }))),
        ("GET", "/users", Some(A::ManageUsers), List),
        (
            "POST",
            "/users",
            Some(A::ManageUsers),
            Nothing(json!({ "name": "Bo", "email": "no address", "password": "x", "roles": [] })),
        ),
        ("PATCH", "/users/{id}", Some(A::ManageUsers), Path(json!({ "name": "Bo" }))),
        ("GET", "/roles", None, Nothing(json!({}))),
        ("GET", "/audit", Some(A::ReadAudit), List),
        ("GET", "/audit/state", Some(A::ReadAudit), List),
        ("POST", "/audit/verify", Some(A::VerifyAudit), List),
        ("GET", "/settings", Some(A::ReadSettings), List),
        (
            "PATCH",
            "/settings",
            Some(A::ManageRota),
            Named("/settings", json!({ "rota": [{ "user_id": seed.user, "channels": ["email"] }] })),
        ),
        ("GET", "/alerts", Some(A::ReadAlerts), List),
        ("POST", "/alerts/{id}/acknowledge", Some(A::AcknowledgeAlert), none()),
        ("GET", "/health", Some(A::ReadHealth), List),
        ("POST", "/outbox/release", Some(A::ReleaseOutbox), List),
        ("GET", "/stream", None, List),
        ("GET", "/accounts", Some(A::ReadAccounts), List),
        ("POST", "/accounts", Some(A::ManageAccounts), Nothing(json!({ "network": "none", "name": "x" }))),
        ("GET", "/accounts/{id}", Some(A::ReadAccounts), none()),
        ("PATCH", "/accounts/{id}", Some(A::ManageAccounts), Path(json!({ "name": "Another" }))),
        ("POST", "/accounts/{id}/self_test", Some(A::ManageAccounts), none()),
        ("GET", "/accounts/{id}/figures", Some(A::ReadAccounts), none()),
        ("GET", "/media", Some(A::DraftPost), List),
        // Told with forms in the stories of the room.
        ("POST", "/media", Some(A::DraftPost), Nothing(json!(null))),
        ("PATCH", "/media/{id}", Some(A::DraftPost), Path(json!({ "alt": "A door" }))),
        ("GET", "/media/{id}/file", Some(A::DraftPost), none()),
        ("DELETE", "/media/{id}", Some(A::DraftPost), none()),
        ("GET", "/networks", Some(A::ReadAccounts), Nothing(json!(null))),
        ("GET", "/registrations", Some(A::ManageAccounts), List),
        (
            "POST",
            "/registrations",
            Some(A::ManageAccounts),
            Nothing(json!({ "network": "none", "name": "x", "client_id": "" })),
        ),
        ("PATCH", "/registrations/{id}", Some(A::ManageAccounts), Path(json!({ "name": "Another" }))),
        (
            "POST",
            "/authorisations",
            Some(A::ManageAccounts),
            Named("/authorisations", json!({ "registration_id": seed.app })),
        ),
        ("POST", "/authorisations/return", Some(A::ManageAccounts), Nothing(json!({ "state": "none", "code": "c" }))),
        ("GET", "/authorisations/{id}", Some(A::ManageAccounts), none()),
        ("POST", "/authorisations/{id}/connect", Some(A::ManageAccounts), Path(json!({ "native_id": "n" }))),
        ("DELETE", "/registrations/{id}", Some(A::ManageAccounts), none()),
        ("GET", "/watch_terms", Some(A::ReadAccounts), List),
        ("POST", "/watch_terms", Some(A::ManageSources), Nothing(json!({ "terms": [] }))),
        ("POST", "/watch_terms/try", Some(A::ReadAccounts), Nothing(text())),
        ("DELETE", "/watch_terms/{id}", Some(A::ManageSources), none()),
        ("GET", "/sources", Some(A::ReadAccounts), List),
        (
            "POST",
            "/sources",
            Some(A::ManageSources),
            of_account("/sources", json!({ "kind": "comments", "name": "x" })),
        ),
        ("PATCH", "/sources/{id}", Some(A::ManageSources), Path(json!({ "name": "Another" }))),
        ("POST", "/sources/{id}/poll", Some(A::ManageSources), none()),
        ("GET", "/dead_letters", Some(A::ReadAccounts), List),
        ("POST", "/dead_letters/{id}/retry", Some(A::RetryDeadLetter), none()),
        ("GET", "/imports", Some(A::ReadAccounts), List),
        // Told with forms in the stories of the room.
        ("POST", "/imports", Some(A::RunImport), Nothing(json!(null))),
        ("POST", "/imports/preview", Some(A::RunImport), Nothing(json!(null))),
        ("GET", "/imports/{id}", Some(A::ReadAccounts), none()),
        ("GET", "/imports/{id}/rejected", Some(A::RunImport), none()),
        ("POST", "/understand", Some(A::AssessText), Nothing(text())),
        (
            "POST",
            "/messages/{id}/corrections",
            Some(A::CorrectLabel),
            Path(json!({ "kind": "intent", "act": "add", "says": { "label": "praise" } })),
        ),
        ("GET", "/corrections", Some(A::ReadMessage), List),
        ("GET", "/corrections/agreement", Some(A::AssessText), List),
        ("GET", "/corrections/export", Some(A::Export), List),
        ("GET", "/claims", Some(A::AssessText), Nothing(json!(null))),
        ("GET", "/conversations", Some(A::ReadInbox), List),
        ("GET", "/conversations/counts", Some(A::ReadInbox), List),
        ("GET", "/conversations/{id}", Some(A::ReadMessage), none()),
        ("GET", "/conversations/{id}/why", Some(A::ReadMessage), none()),
        ("POST", "/conversations/{id}/assign", Some(A::Assign), Path(json!({ "user_id": null }))),
        ("POST", "/conversations/{id}/snooze", Some(A::Snooze), Path(json!({ "until": "2026-11-25T10:00:00Z" }))),
        ("POST", "/conversations/{id}/notes", Some(A::Note), Path(text())),
        ("POST", "/conversations/{id}/drafts", Some(A::DraftReply), Path(text())),
        ("POST", "/conversations/{id}/presence", Some(A::ReadInbox), Path(json!({ "writing": false }))),
        (
            "POST",
            "/conversations/{id}/hand_over",
            Some(A::HandOver),
            Path(json!({ "owner_role": "privacy_officer", "reason": "privacy" })),
        ),
        (
            "POST",
            "/conversations/{id}/resolve",
            Some(A::Resolve),
            Path(json!({ "outcome": "no_action", "reason": "Nothing to do." })),
        ),
        ("POST", "/conversations/{id}/reopen", Some(A::Reopen), none()),
        ("GET", "/people/{id}", Some(A::ReadPeople), none()),
        ("GET", "/cases", Some(A::ReadCase), List),
        ("GET", "/cases/{id}", Some(A::ReadCase), none()),
        ("POST", "/cases/{id}/accept", Some(A::WorkCase), none()),
        ("POST", "/cases/{id}/link", Some(A::WorkCase), none()),
        // The owner of a case may read it without the role: told in the stories of the room.
        ("GET", "/cases/{id}/intake", None, none()),
        ("POST", "/cases/{id}/close", Some(A::WorkCase), Path(json!({ "outcome": "settled" }))),
        (
            "POST",
            "/guard/check",
            Some(A::CheckGuard),
            of_account("/guard/check", json!({ "kind": "post", "text": "Open." })),
        ),
        (
            "POST",
            "/guard/check",
            // Needs the inbox as well, since it shows what is answered.
            None,
            Named("/guard/check", json!({ "conversation_id": seed.conversation, "text": "Thank you." })),
        ),
        ("GET", "/guard/rules", None, Nothing(json!({}))),
        ("GET", "/prepared_texts", None, Named("/prepared_texts?conversation_id={conversation}", json!(null))),
        (
            "GET",
            "/guard/skeleton",
            Some(A::ReadMessage),
            Named("/guard/skeleton?conversation_id={conversation}", json!(null)),
        ),
        ("GET", "/drafts/{id}", Some(A::ReadMessage), none()),
        ("PATCH", "/drafts/{id}", Some(A::EditDraft), Path(text())),
        (
            "POST",
            "/drafts/{id}/acknowledge",
            Some(A::AcknowledgeWarning),
            Path(json!({ "findings": [0], "reason": "Seen." })),
        ),
        ("POST", "/drafts/{id}/request_override", Some(A::RequestOverride), Path(json!({ "reason": "Needed." }))),
        ("POST", "/drafts/{id}/grant_override", Some(A::OverrideBlock), Path(json!({ "reason": "Needed." }))),
        ("POST", "/drafts/{id}/submit", Some(A::SubmitDraft), none()),
        ("POST", "/drafts/{id}/approve", Some(A::ApproveDraft), Path(hash())),
        ("POST", "/drafts/{id}/reject", Some(A::ApproveDraft), Path(hash())),
        ("POST", "/drafts/{id}/send", Some(A::SendReply), Path(hash())),
        ("POST", "/drafts/{id}/discard", Some(A::DiscardDraft), none()),
        ("POST", "/messages/{id}/take_back", Some(A::TakeBack), Path(json!({ "how": "delete" }))),
        ("GET", "/posts/{id}/captions", Some(A::ReadMessage), none()),
        ("POST", "/posts/{id}/captions", Some(A::SendPost), Path(json!({ "language": "en", "text": "none" }))),
        ("POST", "/messages/{id}/moderate", Some(A::ShowMessage), Path(json!({ "action": "approve" }))),
        ("GET", "/outbox", Some(A::ReadOutbox), List),
        ("GET", "/outbox/{id}", Some(A::ReadOutbox), none()),
        ("POST", "/outbox/{id}/reconcile", Some(A::ReconcileOutbox), none()),
        (
            "POST",
            "/outbox/{id}/decide",
            Some(A::ReconcileOutbox),
            Path(json!({ "decision": "give_up", "reason": "Too late." })),
        ),
        ("GET", "/posts", None, List),
        ("POST", "/posts", Some(A::DraftPost), of_account("/posts", json!({ "title": "Hours", "text": "Open." }))),
        ("GET", "/posts/{id}", None, none()),
        ("POST", "/posts/{id}/take_back", Some(A::SendPost), none()),
        ("POST", "/posts/{id}/revise", Some(A::DraftPost), Path(text())),
        ("GET", "/posts/{id}/versions", None, none()),
        ("DELETE", "/accounts/{id}", Some(A::ManageAccounts), none()),
    ];
    rows.into_iter().map(|(method, path, action, touches)| Row { method, path, action, touches }).collect()
}
