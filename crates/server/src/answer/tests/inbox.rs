use bedside_model::network::Visibility;
use bedside_model::role::Role;
use bedside_model::{ConversationId, MessageId};
use serde_json::json;

use super::{SAFE, Story, send};

#[tokio::test]
async fn a_conversation_is_taken_noted_and_resolved_with_an_outcome() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        let at = |verb: &str| format!("/conversations/{}/{verb}", thread.id);
        let me = story.responder.user.clone().unwrap();
        let mine = story.responder.post(&at("assign"), json!({ "user_id": me })).await;
        assert_eq!(mine.json["assigned_to"]["id"], json!(me), "{}", mine.text);
        assert_eq!(mine.header("etag"), format!("\"{}\"", mine.json["version"]));
        let stranger = json!({ "user_id": "usr_00000000000000000000000001" });
        assert_eq!(story.responder.post(&at("assign"), stranger).await.status, 404);
        let note = story.responder.post(&at("notes"), json!({ "text": "Called the unit." })).await;
        assert_eq!((note.status, note.json["author"]["id"].as_str()), (201, Some(me.as_str())));

        let refused = story.responder.post(&at("resolve"), json!({ "outcome": "answered_here" })).await;
        assert_eq!(refused.outcome(), "409 nothing_answered_yet");
        let refused = story.responder.post(&at("resolve"), json!({ "outcome": "no_action", "reason": " " })).await;
        assert_eq!(refused.outcome(), "422 outcome_needs_reason");
        let done = json!({ "outcome": "moved_offline", "reason": "Spoke on the telephone." });
        let done = story.responder.post(&at("resolve"), done).await;
        assert_eq!(
            (done.json["state"].as_str(), done.json["outcome"].as_str()),
            (Some("resolved"), Some("moved_offline"))
        );
        assert_eq!(done.json["outcome_reason"], "Spoke on the telephone.");
        let again = story.responder.post(&at("resolve"), json!({ "outcome": "no_action", "reason": "x" })).await;
        assert_eq!(again.outcome(), "409 already_resolved");

        let opened = story.responder.post(&at("reopen"), json!({})).await;
        assert_eq!((opened.json["state"].as_str(), opened.json["outcome"].is_null()), (Some("open"), true));
        assert_eq!(story.responder.post(&at("reopen"), json!({})).await.outcome(), "409 not_resolved");
        let whole = story.responder.get(&format!("/conversations/{}", thread.id)).await;
        assert_eq!(whole.status, 200, "{}", whole.text);
        assert_eq!(whole.json["notes"][0]["text"], "Called the unit.");
        assert_eq!(whole.json["messages"][0]["author"]["display_name"], "Maria G.");
        assert_eq!(whole.json["labels"]["intents"][0]["label"], "complaint");
        let log = story.text("select coalesce(string_agg(detail, ' '), '') as t from audit_entries").await;
        assert!(!log.contains("telephone") && !log.contains("unit"), "no words of anybody in the log: {log}");
    }
}

#[tokio::test]
async fn a_crisis_cannot_be_snoozed_and_a_complaint_comes_back() {
    for story in Story::each_engine().await {
        let crisis = story.hears(2, Visibility::Public).await;
        let until = json!({ "until": "2026-11-24T12:00:00Z" });
        let refused = story.responder.post(&format!("/conversations/{}/snooze", crisis.id), until.clone()).await;
        assert_eq!(refused.outcome(), "409 too_urgent_to_snooze");
        let complaint = story.hears(7, Visibility::Public).await;
        let snooze = format!("/conversations/{}/snooze", complaint.id);
        let past = story.responder.post(&snooze, json!({ "until": "2026-11-24T09:00:00Z" })).await;
        assert_eq!(past.outcome(), "409 snooze_in_the_past");
        let away = story.responder.post(&snooze, until).await;
        assert_eq!((away.json["state"].as_str(), away.status), (Some("snoozed"), 200));
        let again = MessageId::from_bits(story.server.app.store.ids().bits(story.server.app.now()));
        story.writes_again(&complaint, &again, 7, Visibility::Public).await;
        let back = story.responder.get(&format!("/conversations/{}", complaint.id)).await;
        assert_eq!((back.json["state"].as_str(), back.json["waiting"].as_i64()), (Some("open"), Some(2)));
    }
}

#[tokio::test]
async fn a_new_message_reopens_what_was_resolved() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let resolve = json!({ "outcome": "no_action", "reason": "Nothing to do." });
    story.responder.post(&format!("/conversations/{}/resolve", thread.id), resolve).await;
    let again = MessageId::from_bits(story.server.app.store.ids().bits(story.server.app.now()));
    story.writes_again(&thread, &again, 2, Visibility::Public).await;
    let back = story.responder.get(&format!("/conversations/{}", thread.id)).await;
    assert_eq!((back.json["state"].as_str(), back.json["priority"].as_i64()), (Some("open"), Some(2)));
    assert_eq!(back.json["alert"]["state"], "raised", "and somebody is told");
}

#[tokio::test]
async fn opening_a_conversation_is_written_down_once_in_fifteen_minutes() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    for _ in 0..3 {
        story.responder.get(&format!("/conversations/{}", thread.id)).await;
    }
    // The entry is written behind the answer; a write of our own stands behind it in the queue.
    story.sql("select 1").await;
    assert!(story.server.logged("viewed").await <= 1);
    let list = story.responder.get("/conversations").await;
    assert_eq!(list.status, 200);
}

#[tokio::test]
async fn two_people_in_one_conversation_see_each_other() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let presence = format!("/conversations/{}/presence", thread.id);
    assert_eq!(story.responder.post(&presence, json!({ "writing": true })).await.json["others"], json!([]));
    let colleague = story.colleague(&[Role::Responder]).await;
    let seen = colleague.post(&presence, json!({ "writing": false })).await;
    assert_eq!(seen.json["others"][0]["writing"], true, "{}", seen.text);
}

#[tokio::test]
async fn a_foreign_conversation_is_not_there() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let draft = story.drafts(&thread, SAFE).await;
    let sent = send(&story.responder, &draft).await;
    let other = story.server.other_organisation().await;
    let stranger = story.server.sign_in_to(&other, &Role::ALL[..5]).await;
    let (id, draft, item) =
        (thread.id.to_string(), draft["id"].as_str().unwrap().to_owned(), sent.json["id"].as_str().unwrap().to_owned());
    for path in [
        format!("/conversations/{id}"),
        format!("/drafts/{draft}"),
        format!("/outbox/{item}"),
        format!("/people/{}", thread.author),
        format!("/prepared_texts?conversation_id={id}"),
    ] {
        assert_eq!(stranger.get(&path).await.outcome(), "404 not_found", "{path}");
    }
    for (verb, body) in [
        ("assign", json!({ "user_id": stranger.user })),
        ("snooze", json!({ "until": "2026-11-24T12:00:00Z" })),
        ("notes", json!({ "text": "x" })),
        ("resolve", json!({ "outcome": "no_action", "reason": "x" })),
        ("reopen", json!({})),
        ("presence", json!({ "writing": true })),
        ("hand_over", json!({ "owner_role": "patient_relations", "reason": "other" })),
        ("drafts", json!({ "text": SAFE })),
    ] {
        let path = format!("/conversations/{id}/{verb}");
        assert_eq!(stranger.post(&path, body).await.outcome(), "404 not_found", "{path}");
    }
    assert_eq!(stranger.get("/conversations?state=all").await.json["items"], json!([]));
    let none = ConversationId::from_bits(1);
    assert_eq!(story.responder.get(&format!("/conversations/{none}")).await.outcome(), "404 not_found");
}

#[tokio::test]
async fn the_page_of_an_author_shows_what_they_wrote_and_nothing_else() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    story.responder.post(&format!("/conversations/{}/notes", thread.id), json!({ "text": "x" })).await;
    let person = story.responder.get(&format!("/people/{}", thread.author)).await;
    assert_eq!(person.json["display_name"], "Maria G.", "{}", person.text);
    assert_eq!((person.json["notes_count"].as_i64(), person.json["times"].as_i64()), (Some(1), Some(1)));
    assert_eq!(person.json["conversations"][0]["id"], json!(thread.id));
    assert!(!person.text.to_lowercase().contains("patient"));
}
