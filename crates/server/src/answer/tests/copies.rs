use bedside_model::MessageId;
use bedside_model::network::Visibility;
use serde_json::json;

use super::{SAFE, Story, send};

/// The same words, heard through two accounts.
#[tokio::test]
async fn the_same_words_elsewhere_are_named_and_each_conversation_keeps_its_rank() {
    for story in Story::each_engine().await {
        let calm = story.hears(7, Visibility::Public).await;
        let worse = story.hears(1, Visibility::Public).await;
        let (one, other) = (&calm.message, &worse.message);
        story.sql(&format!("update messages set said = 4711 where id in ('{one}', '{other}')")).await;
        let shown =
            async |id: &bedside_model::ConversationId| story.responder.get(&format!("/conversations/{id}")).await;
        let named = shown(&calm.id).await;
        let also = &named.json["messages"][0]["also_said"];
        assert_eq!(also.as_array().unwrap().len(), 1, "{}", named.text);
        assert_eq!(also[0]["conversation_id"], worse.id.as_str());
        assert_eq!(shown(&worse.id).await.json["messages"][0]["also_said"][0]["message_id"], one.as_str());
        let queue = story.responder.get("/conversations").await;
        assert_eq!(queue.json["items"][0]["id"], worse.id.as_str(), "the worst comes first: {}", queue.text);
        assert_eq!(queue.json["items"].as_array().unwrap().len(), 2, "and neither stands in for the other");

        let week = 7 * 86_400 * 1_000_000_i64;
        story.sql(&format!("update messages set published_at = published_at - {} where id = '{one}'", week + 1)).await;
        assert_eq!(shown(&worse.id).await.json["messages"][0]["also_said"], json!([]), "that was long ago");
    }
}

/// A post, and another one that says it again: in the same conversation here, each in its place there.
#[tokio::test]
async fn an_answer_to_a_copy_goes_to_whoever_wrote_the_copy() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        let copy = MessageId::from_bits(story.server.app.store.ids().bits(story.server.app.now()));
        story.writes_again(&thread, &copy, 7, Visibility::Public).await;
        story
            .sql(&format!(
                "update messages set thread_native_id = 'thread of the copy', copy_of = '{}', likeness = 0.9 where id = '{copy}'",
                thread.message,
            ))
            .await;
        let shown = story.responder.get(&format!("/conversations/{}", thread.id)).await;
        let messages = shown.json["messages"].as_array().unwrap();
        let reasons: Vec<_> = messages.iter().map(|message| message["copy_of"]["message_id"].as_str()).collect();
        assert_eq!(reasons, [None, Some(thread.message.as_str())], "{}", shown.text);

        let drafts = format!("/conversations/{}/drafts", thread.id);
        let usual = story.responder.post(&drafts, json!({ "text": SAFE })).await;
        assert_eq!(usual.json["in_reply_to"], thread.message.as_str(), "the original comes first: {}", usual.text);
        let to_copy = story.responder.post(&drafts, json!({ "text": SAFE, "in_reply_to": copy })).await;
        let queued = send(&story.responder, &to_copy.json).await;
        assert_eq!(queued.status, 202, "{}", queued.text);
        let payload = story.text("select payload as t from outbox").await;
        assert!(payload.contains("thread of the copy") && payload.contains(&format!("native-{copy}")), "{payload}");

        story.sql(&format!("update messages set likeness = 0.1 where id = '{copy}'")).await;
        let changed = story.responder.get(&format!("/conversations/{}", thread.id)).await;
        assert!(changed.json["messages"][1]["copy_of"].is_null(), "its author says something else by now");
    }
}
