use bedside_model::network::Visibility;
use bedside_model::role::Role;
use serde_json::{Value, json};

use super::{SAFE, Story, Thread};
use crate::testing::TestClient;

const ABUSE: &str = "abusive";

async fn asks(client: &TestClient, thread: &Thread, body: Value) -> crate::testing::Answer {
    client.post(&format!("/messages/{}/moderate", thread.message), body).await
}

/// The message as the page of its conversation shows it.
async fn shown(story: &Story, thread: &Thread) -> Value {
    story.responder.get(&format!("/conversations/{}", thread.id)).await.json["messages"][0].clone()
}

/// The network took it, as somebody saw there.
async fn settles(story: &Story, item: &Value) {
    let id = item["id"].as_str().unwrap();
    story.sql(&format!("update outbox set state = 'unknown', needs_human = true where id = '{id}'")).await;
    let seen = json!({ "decision": "mark_delivered", "reason": "I looked." });
    let settled = story.responder.post(&format!("/outbox/{id}/decide"), seen).await;
    assert_eq!(settled.status, 200, "{}", settled.text);
}

impl Story {
    /// A comment that its blog holds for review.
    async fn holds(&self) -> Thread {
        let thread = self.hears(7, Visibility::Private).await;
        self.sql(&format!("update messages set standing = 'held' where id = '{}'", thread.message)).await;
        thread
    }
}

#[tokio::test]
async fn what_is_held_for_review_is_shown_by_whoever_may_answer() {
    for story in Story::each_engine().await {
        let thread = story.holds().await;
        let before = shown(&story, &thread).await;
        assert_eq!(
            before["moderation"],
            json!({ "standing": "held", "by_us": false, "can": ["approve", "remove", "spam"], "open": null })
        );
        let author = story.colleague(&[Role::Author]).await;
        let approve = json!({ "action": "approve" });
        assert_eq!(asks(&author, &thread, approve.clone()).await.outcome(), "403 role_missing");
        let asked = asks(&story.responder, &thread, approve.clone()).await;
        assert_eq!((asked.status, asked.json["kind"].as_str()), (202, Some("approve")), "{}", asked.text);
        let verdict = asked.json["verdict_id"].as_str().unwrap();
        assert_eq!(story.text(&format!("select kind as t from verdicts where id = '{verdict}'")).await, "removal");
        let waits = shown(&story, &thread).await;
        assert_eq!(waits["moderation"]["standing"], "held", "the network has not said so yet");
        assert_eq!(waits["moderation"]["can"], json!([]), "one thing at a time");
        assert_eq!(waits["moderation"]["open"]["kind"], "approve");
        settles(&story, &asked.json).await;
        let after = shown(&story, &thread).await;
        assert_eq!(
            after["moderation"],
            json!({ "standing": "visible", "by_us": true, "can": ["hide", "remove", "spam"], "open": null })
        );
        assert_eq!(after["visibility"], "public");
        assert_eq!(asks(&story.responder, &thread, approve).await.outcome(), "409 message_not_held");
    }
}

#[tokio::test]
async fn nobody_takes_words_away_without_the_right_and_a_reason_that_stays_in_the_log() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        let hide = |reason: &str| json!({ "action": "hide", "reason": reason, "note": "He names a nurse." });
        assert_eq!(asks(&story.responder, &thread, hide(ABUSE)).await.outcome(), "403 role_missing");
        let manager = story.colleague(&[Role::Manager]).await;
        for action in ["hide", "remove", "spam"] {
            let silent = asks(&manager, &thread, json!({ "action": action })).await;
            assert_eq!(silent.outcome(), "422 reason_missing");
        }
        assert_eq!(asks(&manager, &thread, hide("criticism")).await.status, 400, "criticism is no reason");
        let asked = asks(&manager, &thread, hide("personal_data")).await;
        assert_eq!(asked.status, 202, "{}", asked.text);
        let twice = asks(&manager, &thread, json!({ "action": "remove", "reason": ABUSE })).await;
        assert_eq!(twice.outcome(), "409 already_queued");
        assert_eq!(story.number("select count(*) as n from outbox").await, 1, "asked twice is one effect");

        let payload = story.text("select payload as t from outbox").await;
        assert_eq!(
            serde_json::from_str::<Value>(&payload).unwrap(),
            json!({ "type": "hide", "native_id": format!("native-{}", thread.message) }),
            "neither reason nor note leaves"
        );
        let auditor = story.colleague(&[Role::Auditor]).await;
        let log = auditor.get("/audit?limit=5").await;
        let entry = log.json["items"].as_array().unwrap().iter().find(|e| e["action"] == "message.hidden").unwrap();
        let sentence = entry["sentence"].as_str().unwrap();
        assert!(sentence.ends_with("asked the network to hide a message: it discloses somebody's data."), "{sentence}");
        assert!(!log.text.contains("nurse"), "the words of the note are for the team");
        let page = story.responder.get(&format!("/conversations/{}", thread.id)).await;
        assert_eq!(page.json["notes"][0]["text"], "He names a nurse.");

        settles(&story, &asked.json).await;
        let hidden = shown(&story, &thread).await;
        assert_eq!(
            hidden["moderation"],
            json!({ "standing": "hidden", "by_us": true, "can": ["show", "remove", "spam"], "open": null })
        );
        assert_eq!(hidden["visibility"], "private");
        assert_eq!(asks(&manager, &thread, hide(ABUSE)).await.outcome(), "409 already_out_of_sight");
        let again = asks(&story.responder, &thread, json!({ "action": "show" })).await;
        assert_eq!((again.status, again.json["kind"].as_str()), (202, Some("approve")), "{}", again.text);
    }
}

#[tokio::test]
async fn what_was_removed_waits_for_no_answer_and_is_removed_once() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        let officer = story.colleague(&[Role::PrivacyOfficer]).await;
        let remove = json!({ "action": "remove", "reason": "personal_data" });
        let asked = asks(&officer, &thread, remove.clone()).await;
        settles(&story, &asked.json).await;
        let page = story.responder.get(&format!("/conversations/{}", thread.id)).await.json;
        assert_eq!(
            (page["waiting"].as_i64(), page["messages"][0]["moderation"]["standing"].as_str()),
            (Some(0), Some("removed"))
        );
        assert!(page["messages"][0]["deleted_at"].is_string());
        assert_eq!(asks(&officer, &thread, remove).await.outcome(), "409 message_gone");
        assert_eq!(story.number("select count(*) as n from outbox").await, 1);
    }
}

#[tokio::test]
async fn what_a_network_does_not_offer_is_refused_with_what_to_do() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let manager = story.colleague(&[Role::Manager]).await;
    let hide = json!({ "action": "hide", "reason": ABUSE });
    story.sql("update accounts set network = 'mastodon'").await;
    let no = asks(&manager, &thread, hide.clone()).await;
    assert_eq!(no.outcome(), "409 network_cannot");
    assert_eq!(no.json["detail"], "Mastodon does not let us do that from here. Do it there by hand.");
    assert_eq!(shown(&story, &thread).await["moderation"]["can"], json!([]));
    story.sql("update accounts set network = 'wordpress', state = 'needs_reauthorisation'").await;
    assert_eq!(asks(&manager, &thread, hide.clone()).await.outcome(), "409 account_needs_reauthorisation");
    story.sql("update accounts set state = 'connected'").await;
    story.sql("update messages set kind = 'review'").await;
    assert_eq!(asks(&manager, &thread, hide.clone()).await.outcome(), "409 not_moderated");
    story.sql("update messages set kind = 'comment'").await;
    let own = story.replied(&thread, SAFE).await;
    let ours = manager.post(&format!("/messages/{own}/moderate"), hide).await;
    assert_eq!(ours.outcome(), "409 not_theirs");
}
