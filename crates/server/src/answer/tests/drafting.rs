use bedside_model::MessageId;
use bedside_model::network::Visibility;
use bedside_model::role::Role;
use serde_json::json;

use super::{CONFIRMS, NUMBERED, SAFE, Story, change, path, send};

#[tokio::test]
async fn an_answer_to_a_privacy_exposure_needs_a_second_person_for_its_exact_text() {
    for story in Story::each_engine().await {
        let reviewer = story.colleague(&[Role::PrivacyOfficer]).await;
        let thread = story.hears(5, Visibility::Public).await;
        let draft = story.drafts(&thread, SAFE).await;
        assert_eq!(draft["needs_second_person"], true);
        assert_eq!(send(&story.responder, &draft).await.outcome(), "409 needs_approval");
        let approve = json!({ "text_hash": draft["text_hash"] });
        assert_eq!(reviewer.post(&path(&draft, "approve"), approve.clone()).await.outcome(), "409 not_submitted");
        let asked = story.responder.post(&path(&draft, "submit"), json!({})).await;
        assert_eq!(asked.json["state"], "awaiting_approval");
        assert_eq!(story.responder.post(&path(&draft, "approve"), approve.clone()).await.outcome(), "403 role_missing");
        let stale = reviewer.post(&path(&draft, "approve"), json!({ "text_hash": "0000" })).await;
        assert_eq!(stale.outcome(), "409 text_changed");
        let approved = reviewer.post(&path(&draft, "approve"), approve).await;
        assert_eq!((approved.status, approved.json["state"].as_str()), (200, Some("approved")), "{}", approved.text);
        assert_eq!(approved.json["approvals"][0]["stands"], true);

        let edited = change(&story.responder, &approved.json, &format!("{SAFE} Thank you.")).await;
        assert_eq!(edited.json["state"], "ready", "{}", edited.text);
        assert_eq!(send(&story.responder, &edited.json).await.outcome(), "409 needs_approval");
        let back = change(&story.responder, &edited.json, SAFE).await;
        assert_eq!(back.json["text_hash"], draft["text_hash"]);
        let refused = send(&story.responder, &back.json).await;
        assert_eq!(refused.outcome(), "409 needs_approval", "an edit voids the approval for good");

        let asked = story.responder.post(&path(&draft, "submit"), json!({})).await;
        let approve = json!({ "text_hash": asked.json["text_hash"] });
        let approved = reviewer.post(&path(&draft, "approve"), approve).await;
        let decisions: Vec<&str> = approved.json["approvals"]
            .as_array()
            .unwrap()
            .iter()
            .map(|said| said["decision"].as_str().unwrap())
            .collect();
        assert_eq!(decisions, ["approved", "voided", "approved"]);
        assert_eq!(send(&story.responder, &approved.json).await.status, 202);
    }
}

#[tokio::test]
async fn who_writes_is_never_the_one_who_approves() {
    let story = Story::sqlite().await;
    let officer = story.colleague(&[Role::PrivacyOfficer]).await;
    let thread = story.hears(5, Visibility::Public).await;
    let made = officer.post(&format!("/conversations/{}/drafts", thread.id), json!({ "text": SAFE })).await;
    let draft = made.json;
    officer.post(&path(&draft, "submit"), json!({})).await;
    let own = officer.post(&path(&draft, "approve"), json!({ "text_hash": draft["text_hash"] })).await;
    assert_eq!(own.outcome(), "403 own_draft");
    // Changing a word makes the reviewer a writer, too.
    let manager = story.colleague(&[Role::Manager]).await;
    let version = officer.get(&format!("/drafts/{}", draft["id"].as_str().unwrap())).await.json;
    let edited = change(&manager, &version, &format!("{SAFE} Thank you.")).await.json;
    assert_eq!(edited["writers"].as_array().unwrap().len(), 2);
    manager.post(&path(&draft, "submit"), json!({})).await;
    let own = manager.post(&path(&draft, "approve"), json!({ "text_hash": edited["text_hash"] })).await;
    assert_eq!(own.outcome(), "403 own_draft");
}

#[tokio::test]
async fn a_rejection_says_why_and_takes_the_approval_away() {
    let story = Story::sqlite().await;
    let reviewer = story.colleague(&[Role::ClinicalReviewer]).await;
    let thread = story.hears(4, Visibility::Public).await;
    let draft = story.drafts(&thread, SAFE).await;
    story.responder.post(&path(&draft, "submit"), json!({})).await;
    let hash = draft["text_hash"].clone();
    let silent = reviewer.post(&path(&draft, "reject"), json!({ "text_hash": hash })).await;
    assert_eq!(silent.outcome(), "422 reason_missing");
    reviewer.post(&path(&draft, "approve"), json!({ "text_hash": hash })).await;
    let no = reviewer
        .post(&path(&draft, "reject"), json!({ "text_hash": hash, "reason": "Name the drug safety line." }))
        .await;
    assert_eq!((no.status, no.json["state"].as_str()), (200, Some("ready")), "{}", no.text);
    assert_eq!(no.json["approvals"][1]["reason"], "Name the drug safety line.");
    assert_eq!(send(&story.responder, &no.json).await.outcome(), "409 needs_approval");
}

#[tokio::test]
async fn in_an_organisation_of_one_nobody_has_to_approve() {
    let story = Story::sqlite().await;
    let thread = story.hears(5, Visibility::Public).await;
    let draft = story.drafts(&thread, SAFE).await;
    assert_eq!(draft["needs_second_person"], false);
    assert_eq!(send(&story.responder, &draft).await.status, 202);
}

#[tokio::test]
async fn an_exception_needs_the_privacy_officer_a_second_person_and_two_reasons() {
    for story in Story::each_engine().await {
        let officer = story.colleague(&[Role::PrivacyOfficer]).await;
        let thread = story.hears(7, Visibility::Public).await;
        let draft = story.drafts(&thread, CONFIRMS).await;
        let reason = json!({ "reason": "The family's lawyer agreed in writing." });
        assert_eq!(
            officer.post(&path(&draft, "grant_override"), reason.clone()).await.outcome(),
            "409 no_override_requested"
        );
        let asked = story.responder.post(&path(&draft, "request_override"), reason.clone()).await;
        assert_eq!(
            (asked.status, asked.json["override"]["state"].as_str()),
            (200, Some("requested")),
            "{}",
            asked.text
        );
        let no = story.responder.post(&path(&draft, "grant_override"), reason.clone()).await;
        assert_eq!(no.outcome(), "403 role_missing");
        let manager = story.colleague(&[Role::Manager]).await;
        assert_eq!(manager.post(&path(&draft, "grant_override"), reason.clone()).await.outcome(), "403 role_missing");
        let silent = officer.post(&path(&draft, "grant_override"), json!({ "reason": "" })).await;
        assert_eq!(silent.outcome(), "422 reason_missing");
        let granted = officer.post(&path(&draft, "grant_override"), reason).await;
        assert_eq!(granted.json["override"]["state"], "granted", "{}", granted.text);
        let warnings: Vec<usize> = granted.json["verdict"]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
            .filter(|(_, finding)| finding["severity"] == "warn")
            .map(|(n, _)| n)
            .collect();
        if !warnings.is_empty() {
            let body = json!({ "findings": warnings, "reason": "Agreed." });
            story.responder.post(&path(&draft, "acknowledge"), body).await;
        }
        let sent = send(&story.responder, &granted.json).await;
        assert_eq!(sent.status, 202, "{}", sent.text);
        for action in ["draft.override_requested", "draft.override_granted"] {
            assert_eq!(story.server.logged(action).await, 1, "{action}");
        }
    }
}

#[tokio::test]
async fn nobody_lets_an_own_exception_pass() {
    let story = Story::sqlite().await;
    let officer = story.colleague(&[Role::PrivacyOfficer]).await;
    let thread = story.hears(7, Visibility::Public).await;
    let draft = story.drafts(&thread, CONFIRMS).await;
    let reason = json!({ "reason": "Agreed in writing." });
    officer.post(&path(&draft, "request_override"), reason.clone()).await;
    assert_eq!(officer.post(&path(&draft, "grant_override"), reason).await.outcome(), "403 own_override");
}

#[tokio::test]
async fn an_identifier_can_never_be_let_through() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let draft = story.drafts(&thread, NUMBERED).await;
    let rules: Vec<&str> =
        draft["verdict"]["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap()).collect();
    assert!(rules.contains(&"B3"), "{rules:?}");
    let no = story.responder.post(&path(&draft, "request_override"), json!({ "reason": "We must." })).await;
    assert_eq!(no.outcome(), "409 not_overridable");
}

#[tokio::test]
async fn a_stop_cannot_be_acknowledged_away() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let draft = story.drafts(&thread, CONFIRMS).await;
    let no = story.responder.post(&path(&draft, "acknowledge"), json!({ "findings": [0], "reason": "Seen." })).await;
    assert_eq!(no.outcome(), "409 nothing_to_acknowledge");
    let none = story.responder.post(&path(&draft, "submit"), json!({})).await;
    assert_eq!(none.outcome(), "422 guard_blocked");
}

#[tokio::test]
async fn two_people_do_not_overwrite_each_other() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let draft = story.drafts(&thread, SAFE).await;
    let id = format!("/drafts/{}", draft["id"].as_str().unwrap());
    assert_eq!(story.responder.patch(&id, json!({ "text": "x" })).await.outcome(), "428 precondition_required");
    let colleague = story.colleague(&[Role::Responder]).await;
    let first = change(&colleague, &draft, &format!("{SAFE} Thank you.")).await;
    assert_eq!(first.header("etag"), "\"2\"");
    assert_eq!(change(&story.responder, &draft, SAFE).await.outcome(), "412 changed_meanwhile");
}

#[tokio::test]
async fn what_is_given_up_stays_given_up() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let draft = story.drafts(&thread, SAFE).await;
    let gone = story.responder.post(&path(&draft, "discard"), json!({})).await;
    assert_eq!(gone.json["state"], "discarded");
    assert_eq!(send(&story.responder, &gone.json).await.outcome(), "409 draft_discarded");
    let whole = story.responder.get(&format!("/conversations/{}", thread.id)).await;
    assert_eq!(whole.json["drafts"], json!([]));
}

#[tokio::test]
async fn trying_a_text_stores_nothing() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let check = json!({ "conversation_id": thread.id, "text": CONFIRMS });
    let verdict = story.responder.post("/guard/check", check).await;
    assert_eq!((verdict.status, verdict.json["verdict"].as_str()), (200, Some("block")), "{}", verdict.text);
    assert!(verdict.json["readability"]["words"].is_number());
    assert_eq!(story.number("select count(*) as n from verdicts").await, 0);
    let text = json!({ "text": "Waited three hours." });
    assert_eq!(story.responder.post("/understand", text).await.status, 200);
    let bare = story.responder.post("/guard/check", json!({ "text": CONFIRMS })).await;
    assert_eq!(bare.json["verdict"], "block");
}

#[tokio::test]
async fn a_prepared_text_that_fits_needs_no_second_person_until_a_word_changes() {
    for story in Story::each_engine().await {
        let _colleague = story.colleague(&[Role::PrivacyOfficer]).await;
        let exposure = story.hears(5, Visibility::Public).await;
        let texts = story.responder.get(&format!("/prepared_texts?conversation_id={}", exposure.id)).await;
        let first = &texts.json["items"][0];
        assert_eq!(first["class"], "privacy", "{}", texts.text);
        let text = first["text"].as_str().unwrap();
        assert!(text.contains("555-0100"), "the account's own number is filled in: {text}");
        let draft = story.drafts(&exposure, text).await;
        assert_eq!((draft["prepared"].as_bool(), draft["needs_second_person"].as_bool()), (Some(true), Some(false)));
        assert_eq!(draft["can_send"], true, "{draft}");
        let changed = change(&story.responder, &draft, &format!("{text} Thank you.")).await;
        assert_eq!(changed.json["needs_second_person"], true);
        let back = change(&story.responder, &changed.json, text).await;
        assert_eq!(send(&story.responder, &back.json).await.status, 202);

        // Thanks are prepared, too, but not for somebody in crisis.
        let crisis = story.hears(0, Visibility::Public).await;
        let thanks = story.drafts(&crisis, "Thank you for your kind words. We will share them with our team.").await;
        assert_eq!((thanks["prepared"].as_bool(), thanks["can_send"].as_bool()), (Some(false), Some(false)));
    }
}

#[tokio::test]
async fn the_rules_can_be_read_with_what_they_rest_on() {
    let story = Story::sqlite().await;
    let rules = story.responder.get("/guard/rules").await;
    let first = &rules.json["items"][0];
    assert_eq!(first["id"], "B1", "{}", rules.text);
    assert!(first["citation"].as_str().unwrap().contains("45 CFR"));
    assert!(!first["examples"]["blocked"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn the_guard_looks_again_when_a_text_is_sent() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let draft = story.drafts(&thread, SAFE).await;
    assert_eq!(draft["can_send"], true);
    // The number is no longer the account's: what was fine when it was written is an identifier now.
    story.sql("update accounts set profile = '{}'").await;
    let refused = send(&story.responder, &draft).await;
    assert_eq!(refused.outcome(), "422 guard_blocked", "{}", refused.text);
    assert_eq!(refused.json["verdict"]["findings"][0]["rule"], "B3");
    assert_eq!(story.number("select count(*) as n from outbox").await, 0);
    let now = story.responder.get(&format!("/drafts/{}", draft["id"].as_str().unwrap())).await;
    assert_eq!(now.json["state"], "blocked", "the new verdict is stored");
    assert_eq!(story.server.logged("draft.checked").await, 1);
}

#[tokio::test]
async fn an_answer_goes_to_the_message_that_was_chosen_and_to_no_other_afterwards() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        let ids = story.server.app.store.ids().clone();
        let second = MessageId::from_bits(ids.bits(story.server.app.now()));
        story.writes_again(&thread, &second, 7, Visibility::Public).await;
        let drafts = format!("/conversations/{}/drafts", thread.id);
        let body = json!({ "text": SAFE, "in_reply_to": thread.message });
        let made = story.responder.post(&drafts, body).await;
        assert_eq!((made.status, &made.json["in_reply_to"]), (201, &json!(thread.message)), "{}", made.text);

        // A later text, or somebody who would like to send it elsewhere, changes nothing of it.
        let version = format!("\"{}\"", made.json["version"]);
        let elsewhere = json!({ "text": format!("{SAFE} Thank you."), "in_reply_to": second });
        let path = format!("/drafts/{}", made.json["id"].as_str().unwrap());
        let changed = story.responder.with("if-match", &version).patch(&path, elsewhere).await;
        assert_eq!(changed.json["in_reply_to"], json!(thread.message), "{}", changed.text);
        let sent = send(&story.responder, &changed.json).await;
        assert_eq!(sent.status, 202, "{}", sent.text);
        let payload = story.text("select payload as t from outbox").await;
        assert!(payload.contains(&format!("native-{}", thread.message)) && !payload.contains(second.as_str()));

        let own = story.replied(&thread, SAFE).await;
        let to_own = story.responder.post(&drafts, json!({ "text": SAFE, "in_reply_to": own })).await;
        assert_eq!(to_own.outcome(), "409 not_theirs");
        let check = json!({ "conversation_id": thread.id, "in_reply_to": thread.message, "text": SAFE });
        assert_eq!(story.responder.post("/guard/check", check).await.json["verdict"], "allow");
    }
}
