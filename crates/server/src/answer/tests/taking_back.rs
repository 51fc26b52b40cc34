use bedside_model::network::Visibility;
use bedside_model::role::Role;
use serde_json::json;

use super::{CONFIRMS, SAFE, Story};

#[tokio::test]
async fn an_own_reply_is_deleted_through_the_door_with_a_verdict_of_its_own_kind() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        let own = story.replied(&thread, SAFE).await;
        let take_back = format!("/messages/{own}/take_back");
        let author = story.colleague(&[Role::Author]).await;
        assert_eq!(author.post(&take_back, json!({ "how": "delete" })).await.outcome(), "403 role_missing");
        let theirs = format!("/messages/{}/take_back", thread.message);
        let no = story.responder.post(&theirs, json!({ "how": "delete" })).await;
        assert_eq!(no.outcome(), "409 not_our_reply");
        let gone = story.responder.post(&take_back, json!({ "how": "delete" })).await;
        assert_eq!((gone.status, gone.json["kind"].as_str()), (202, Some("delete")), "{}", gone.text);
        assert_eq!(gone.json["message_id"], json!(own));
        let verdict = gone.json["verdict_id"].as_str().unwrap();
        assert_eq!(story.text(&format!("select kind as t from verdicts where id = '{verdict}'")).await, "removal");
        let twice = story.responder.post(&take_back, json!({ "how": "delete" })).await;
        assert_eq!(twice.outcome(), "409 already_queued");
        let decide = format!("/outbox/{}/decide", gone.json["id"].as_str().unwrap());
        story.sql("update outbox set state = 'unknown', needs_human = true where kind = 'delete'").await;
        let seen = json!({ "decision": "mark_delivered", "reason": "It is gone." });
        let settled = story.responder.post(&decide, seen).await;
        assert_eq!(settled.status, 200, "{}", settled.text);
        let after = story.responder.post(&take_back, json!({ "how": "delete" })).await;
        assert_eq!(after.outcome(), "409 already_taken_back");
        let mut conn = story.server.app.store.read().await.unwrap();
        let store = &story.server.app.store;
        let copies =
            bedside_store::answer::thread::sealed_copies(&mut conn, store.keyring(), &story.server.db.org, &own).await;
        assert_eq!(copies.unwrap()[0].expose(), SAFE, "a sealed copy stays");
    }
}

#[tokio::test]
async fn a_new_text_for_an_own_reply_passes_the_guard_like_any_other() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        let own = story.replied(&thread, SAFE).await;
        let take_back = format!("/messages/{own}/take_back");
        let stopped = story.responder.post(&take_back, json!({ "how": "edit", "text": CONFIRMS })).await;
        assert_eq!(stopped.outcome(), "422 guard_blocked");
        assert_eq!(stopped.json["verdict"]["findings"][0]["rule"], "B1");
        let text = format!("{SAFE} Thank you.");
        let edited = story.responder.post(&take_back, json!({ "how": "edit", "text": text })).await;
        assert_eq!((edited.status, edited.json["kind"].as_str()), (202, Some("edit")), "{}", edited.text);
        assert_eq!(edited.json["message_id"], json!(own));
        let payload = story.text("select payload as t from outbox where kind = 'edit'").await;
        assert!(payload.contains(&format!("own-{own}")) && payload.contains("Thank you."));
    }
}
