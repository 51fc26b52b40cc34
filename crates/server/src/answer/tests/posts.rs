use bedside_model::role::Role;
use serde_json::json;

use super::{NUMBERED, Story, change, send};

#[tokio::test]
async fn a_post_goes_through_the_same_guard_and_the_same_door() {
    for story in Story::each_engine().await {
        let author = story.colleague(&[Role::Author]).await;
        let text = "Our flu clinic is open on Saturdays. Please call 555-0100.";
        let post = json!({ "account_id": story.account, "title": "Flu clinic", "text": text });
        assert_eq!(story.responder.post("/posts", post.clone()).await.outcome(), "403 role_missing");
        let untitled = json!({ "account_id": story.account, "title": " ", "text": text });
        assert_eq!(author.post("/posts", untitled).await.outcome(), "422 invalid");
        let made = author.post("/posts", post).await;
        assert_eq!((made.status, made.json["kind"].as_str()), (201, Some("post")), "{}", made.text);
        let blocked = change(&author, &made.json, NUMBERED).await;
        assert_eq!(blocked.json["state"], "blocked", "{}", blocked.text);
        assert_eq!(send(&author, &blocked.json).await.outcome(), "422 guard_blocked");
        let mended = change(&author, &blocked.json, text).await;
        let warnings = mended.json["verdict"]["findings"].as_array().unwrap().len();
        if warnings > 0 {
            let path = format!("/drafts/{}/acknowledge", made.json["id"].as_str().unwrap());
            let all: Vec<usize> = (0..warnings).collect();
            author.post(&path, json!({ "findings": all, "reason": "Checked." })).await;
        }
        assert_eq!(send(&story.responder, &mended.json).await.outcome(), "403 role_missing");
        let sent = send(&author, &mended.json).await;
        assert_eq!((sent.status, sent.json["kind"].as_str()), (202, Some("post")), "{}", sent.text);
        assert!(story.text("select payload as t from outbox").await.contains("Flu clinic"));
        let listed = author.get("/posts").await;
        assert_eq!(listed.json["items"][0]["state"], "queued");
        let one = author.get(&format!("/posts/{}", made.json["id"].as_str().unwrap())).await;
        assert_eq!(one.json["title"], "Flu clinic");
    }
}
