//! A post that waits for its time.

use bedside_model::role::Role;
use bedside_networks::Network;
use serde_json::json;

use super::{Story, path};

#[tokio::test]
async fn a_post_waits_for_its_time_and_can_be_called_back() {
    for story in Story::each_engine().await {
        let account = story.account(Network::Mastodon).await;
        let made = story.writes(&account, json!({})).await;
        let send = |at: &str| json!({ "text_hash": made["text_hash"], "at": at });
        for wrong in ["2020-01-01T08:00:00Z", "2040-01-01T08:00:00Z"] {
            let refused = story.author.post(&path(&made, "send"), send(wrong)).await;
            assert_eq!(refused.outcome(), "422 invalid", "{wrong}");
        }
        let at = "2026-12-01T08:30:00.000000Z";
        let sent = story.author.post(&path(&made, "send"), send(at)).await;
        assert_eq!((sent.status, &sent.json["state"], &sent.json["due_at"]), (202, &json!("pending"), &json!(at)));
        let item = format!("/outbox/{}/decide", sent.json["id"].as_str().unwrap());
        let reviewer = story.server.sign_in(&[Role::ClinicalReviewer]).await;
        let reason = |decision: &str| json!({ "decision": decision, "reason": "It is cancelled." });
        assert_eq!(reviewer.post(&item, reason("give_up")).await.outcome(), "403 role_missing");
        assert_eq!(story.author.post(&item, reason("mark_delivered")).await.outcome(), "403 role_missing");
        assert_eq!(story.author.post(&item, reason("give_up")).await.json["state"], "cancelled");
        let back = story.author.get(&format!("/posts/{}", made["id"].as_str().unwrap())).await.json;
        assert_eq!((&back["state"], &back["can_send"]), (&json!("ready"), &json!(true)));
    }
}
