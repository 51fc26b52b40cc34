use bedside_model::network::Visibility;
use bedside_model::role::Role;
use serde_json::json;

use super::{CONDITIONAL, CONFIRMS, SAFE, Story, change, path, send};

#[tokio::test]
async fn a_text_that_confirms_a_visit_is_stopped_then_mended_then_sent_once() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        let draft = story.drafts(&thread, CONFIRMS).await;
        assert_eq!((draft["state"].as_str(), draft["verdict"]["verdict"].as_str()), (Some("blocked"), Some("block")));
        assert_eq!(draft["can_send"], false);
        let stopped = send(&story.responder, &draft).await;
        assert_eq!(stopped.outcome(), "422 guard_blocked");
        assert_eq!(stopped.json["verdict"]["findings"][0]["rule"], "B1");
        assert_eq!(story.number("select count(*) as n from outbox").await, 0, "nothing leaves past the guard");

        let mended = change(&story.responder, &draft, SAFE).await;
        assert_eq!(mended.status, 200, "{}", mended.text);
        assert_eq!((mended.json["state"].as_str(), mended.json["can_send"].as_bool()), (Some("ready"), Some(true)));
        assert_eq!(mended.json["needs_second_person"], false, "a complaint needs no second person");
        assert_eq!(mended.json["destination"]["in_reply_to"], "Maria G.");

        let sent = send(&story.responder, &mended.json).await;
        assert_eq!(sent.status, 202, "{}", sent.text);
        assert_eq!((sent.json["kind"].as_str(), sent.json["state"].as_str()), (Some("reply"), Some("pending")));
        let verdict = sent.json["verdict_id"].as_str().unwrap();
        assert_eq!(story.text(&format!("select decision as t from verdicts where id = '{verdict}'")).await, "allow");
        let payload = story.text("select payload as t from outbox").await;
        assert!(payload.contains("patient relations") && payload.contains(&format!("native-{}", thread.message)));
        assert!(payload.contains("\"visibility\":\"public\""));

        let again = send(&story.responder, &mended.json).await;
        assert_eq!(again.outcome(), "409 already_queued");
        assert_eq!(story.number("select count(*) as n from outbox").await, 1);
        assert_eq!(change(&story.responder, &mended.json, "Other words.").await.outcome(), "412 changed_meanwhile");
        let seen = story.responder.get(&format!("/conversations/{}", thread.id)).await;
        let kinds: Vec<&str> =
            seen.json["timeline"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["message_received", "draft_blocked", "reply_queued"]);
        assert_eq!(seen.json["drafts"][0]["outbox"]["id"], sent.json["id"]);
        for action in ["draft.written", "draft.edited", "draft.queued"] {
            assert_eq!(story.server.logged(action).await, 1, "{action}");
        }
        let log = story.text("select coalesce(string_agg(detail, ' '), '') as t from audit_entries").await;
        assert!(!log.contains("concern") && !log.contains("Maria"), "the log holds no text and no name: {log}");
    }
}

#[tokio::test]
async fn a_repeated_request_sends_once() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let draft = story.drafts(&thread, SAFE).await;
    let keyed = story.responder.with("idempotency-key", "the one decision");
    let first = send(&keyed, &draft).await;
    let second = send(&keyed, &draft).await;
    assert_eq!((first.status, second.status), (202, 202));
    assert_eq!(first.json["id"], second.json["id"]);
    assert_eq!(story.number("select count(*) as n from outbox").await, 1);
}

#[tokio::test]
async fn only_the_text_that_was_seen_is_sent() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let draft = story.drafts(&thread, SAFE).await;
    let other = story.responder.post(&path(&draft, "send"), json!({ "text_hash": "0000" })).await;
    assert_eq!(other.outcome(), "409 text_changed");
}

#[tokio::test]
async fn each_warning_is_acknowledged_by_the_writer_with_a_reason() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        let draft = story.drafts(&thread, CONDITIONAL).await;
        assert_eq!(draft["state"], "needs_ack", "{draft}");
        let refused = send(&story.responder, &draft).await;
        assert_eq!(refused.outcome(), "409 needs_acknowledgement");
        let acknowledge = path(&draft, "acknowledge");
        let all: Vec<usize> = (0..draft["verdict"]["findings"].as_array().unwrap().len()).collect();
        let silent = story.responder.post(&acknowledge, json!({ "findings": all, "reason": " " })).await;
        assert_eq!(silent.outcome(), "422 reason_missing");
        let colleague = story.colleague(&[Role::Responder]).await;
        let other = colleague.post(&acknowledge, json!({ "findings": all, "reason": "Fine." })).await;
        assert_eq!(other.outcome(), "409 not_the_writer");
        let none = story.responder.post(&acknowledge, json!({ "findings": [99], "reason": "Fine." })).await;
        assert_eq!(none.outcome(), "409 no_such_finding");
        let done =
            story.responder.post(&acknowledge, json!({ "findings": all, "reason": "It is about the form." })).await;
        assert_eq!((done.status, done.json["state"].as_str()), (200, Some("ready")));
        assert_eq!(send(&story.responder, &done.json).await.status, 202);
        let log = story.text("select detail as t from audit_entries where action = 'draft.acknowledged'").await;
        assert!(log.contains("W5") && !log.contains("the form"), "rule ids, never words: {log}");
    }
}

#[tokio::test]
async fn an_account_that_cannot_speak_says_why() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let draft = story.drafts(&thread, SAFE).await;
    story.sql("update accounts set state = 'needs_reauthorisation'").await;
    assert_eq!(send(&story.responder, &draft).await.outcome(), "409 account_needs_reauthorisation");
    story.sql("update accounts set state = 'removed'").await;
    assert_eq!(send(&story.responder, &draft).await.outcome(), "409 account_removed");
    story.sql("update accounts set state = 'connected', network = 'feed'").await;
    assert_eq!(send(&story.responder, &draft).await.outcome(), "409 network_cannot");
    story.sql("update accounts set network = 'google_business'").await;
    let long = change(&story.responder, &draft, &format!("{SAFE} {}", "We read every comment. ".repeat(400))).await;
    assert!(long.json["refusals"].as_array().unwrap().iter().any(|r| r["code"] == "too_long"), "{}", long.text);
    assert_eq!(long.json["can_send"], false);
}

#[tokio::test]
async fn what_the_network_charges_and_whom_it_lets_us_answer_is_said_before_sending() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        story.sql("update accounts set network = 'x'").await;
        let draft = story.drafts(&thread, SAFE).await;
        assert_eq!(draft["destination"]["price_micro_usd"], 10_000, "a cent an answer");
        assert_eq!(draft["can_send"], true, "{draft}");
        story.sql("update conversations set thread_native_id = '1790000000000000001/aside'").await;
        let aside = story.responder.get(path(&draft, "").trim_end_matches('/')).await;
        let refusal = &aside.json["refusals"][0];
        assert_eq!(refusal["code"], "reply_not_permitted", "{}", aside.text);
        assert!(refusal["sentence"].as_str().unwrap().contains("Answer in the X app"), "it says what to do");
        assert_eq!(send(&story.responder, &draft).await.outcome(), "409 reply_not_permitted");
        story.sql("update accounts set network = 'mastodon'").await;
        let free = story.responder.get(path(&draft, "").trim_end_matches('/')).await;
        assert_eq!(free.json["destination"]["price_micro_usd"], json!(null));
    }
}

#[tokio::test]
async fn an_answer_is_never_more_visible_than_what_it_answers() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Private).await;
    let drafts = format!("/conversations/{}/drafts", thread.id);
    let wider = story.responder.post(&drafts, json!({ "text": SAFE, "visibility": "public" })).await;
    assert_eq!(wider.outcome(), "409 more_visible_than_answered");
    let draft = story.drafts(&thread, SAFE).await;
    assert_eq!(draft["visibility"], "private", "it inherits what it answers");
    // The message was private all along, but the draft was stored as public: the door looks again.
    story.sql("update drafts set visibility = 'public'").await;
    assert_eq!(send(&story.responder, &draft).await.outcome(), "409 more_visible_than_answered");
}

#[tokio::test]
async fn who_may_not_send_does_not() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let draft = story.drafts(&thread, SAFE).await;
    for role in [Role::Author, Role::ClinicalReviewer, Role::Administrator, Role::Auditor] {
        let other = story.colleague(&[role]).await;
        assert_eq!(send(&other, &draft).await.outcome(), "403 role_missing", "{role}");
    }
    assert_eq!(story.server.anybody().get(&format!("/drafts/{}", draft["id"].as_str().unwrap())).await.status, 401);
}

#[tokio::test]
async fn what_nobody_knows_is_decided_by_a_person_with_a_reason() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        let sent = send(&story.responder, &story.drafts(&thread, SAFE).await).await;
        let item = format!("/outbox/{}", sent.json["id"].as_str().unwrap());
        let early = story.responder.post(&format!("{item}/reconcile"), json!({})).await;
        assert_eq!(early.outcome(), "409 not_unknown");
        let nothing = story
            .responder
            .post(&format!("{item}/decide"), json!({ "decision": "mark_delivered", "reason": "?" }))
            .await;
        assert_eq!(nothing.outcome(), "409 nothing_to_decide");
        story.sql("update outbox set state = 'unknown', needs_human = true, next_at = null").await;
        let asked = story.responder.post(&format!("{item}/reconcile"), json!({})).await;
        assert_eq!((asked.status, asked.json["needs_human"].as_bool()), (200, Some(false)), "{}", asked.text);
        assert_eq!(asked.json["next_at"], "2026-11-24T10:00:00.000000Z");
        let listed = story.responder.get("/outbox?state=unknown").await;
        assert_eq!(listed.json["items"][0]["id"], sent.json["id"]);
        let silent =
            story.responder.post(&format!("{item}/decide"), json!({ "decision": "give_up", "reason": "" })).await;
        assert_eq!(silent.outcome(), "422 invalid");
        let seen = json!({ "decision": "mark_delivered", "reason": "It stands on the blog." });
        let decided = story.responder.post(&format!("{item}/decide"), seen).await;
        assert_eq!((decided.status, decided.json["state"].as_str()), (200, Some("delivered")), "{}", decided.text);
        let whole = story.responder.get(&format!("/conversations/{}", thread.id)).await;
        assert_eq!(
            (whole.json["waiting"].as_i64(), whole.json["drafts"][0]["state"].as_str()),
            (Some(0), Some("sent"))
        );
    }
}

#[tokio::test]
async fn a_reply_that_is_given_up_can_be_written_and_sent_again() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let draft = story.drafts(&thread, SAFE).await;
    let sent = send(&story.responder, &draft).await;
    let decide = format!("/outbox/{}/decide", sent.json["id"].as_str().unwrap());
    let gone = story.responder.post(&decide, json!({ "decision": "give_up", "reason": "Typing error." })).await;
    assert_eq!((gone.status, gone.json["state"].as_str()), (200, Some("cancelled")), "{}", gone.text);
    let back = story.responder.get(&format!("/drafts/{}", draft["id"].as_str().unwrap())).await;
    assert_eq!(back.json["state"], "ready");
    assert_eq!(send(&story.responder, &back.json).await.status, 202);
    assert_eq!(story.number("select count(distinct idempotency_key) as n from outbox").await, 2);
}
