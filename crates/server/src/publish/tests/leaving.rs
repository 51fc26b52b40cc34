//! What was approved is judged again when it leaves.

use std::time::Duration;

use bedside_model::role::Role;
use bedside_networks::Network;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::stage::Stage;
use super::{codes, path, photograph};

/// A post of the page that waits for an hour; the draft, and the way to its item in the outbox.
async fn waits(stage: &Stage) -> (Value, String) {
    let account = stage.account(Network::Facebook, "page", |_| json!({})).await;
    let draft = stage.story.writes(&account, json!({})).await;
    let at = (stage.story.server.app.clock.timestamp() + SignedDuration::from_hours(1)).to_string();
    let sent =
        stage.story.author.post(&path(&draft, "send"), json!({ "text_hash": draft["text_hash"], "at": at })).await;
    assert_eq!(sent.status, 202, "{}", sent.text);
    (draft, format!("/outbox/{}", sent.json["id"].as_str().unwrap()))
}

impl Stage {
    fn an_hour_passes(&self) {
        self.story.server.clock.advance(Duration::from_secs(3_601));
    }

    async fn state(&self, item: &str) -> Value {
        self.story.author.get(item).await.json["state"].clone()
    }

    async fn post(&self, draft: &Value) -> Value {
        self.story.author.get(&format!("/posts/{}", draft["id"].as_str().unwrap())).await.json
    }

    async fn alerts(&self) -> Vec<(Value, Value, Value)> {
        let shown = self.story.author.get("/alerts").await.json;
        let alerts = shown["items"].as_array().unwrap().iter();
        alerts.map(|it| (it["class"].clone(), it["post_id"].clone(), it["state"].clone())).collect()
    }
}

#[tokio::test]
async fn a_post_that_no_longer_passes_the_guard_is_held_for_a_person_who_corrects_it() {
    for stage in Stage::each_engine().await {
        let (draft, item) = waits(&stage).await;
        // Meanwhile the account becomes one of a programme that may say fixed texts only.
        stage.story.sql("update accounts set part2 = true".into()).await;
        stage.an_hour_passes();
        stage.out.run_until_idle().await.unwrap();
        let held = stage.story.author.get(&item).await.json;
        assert_eq!((&held["state"], &held["needs_human"]), (&json!("stopped"), &json!(true)), "{held}");
        assert_eq!(held["attempts"][0]["outcome"], "stopped");
        assert_eq!(stage.published(Network::Facebook, "/feed"), 0, "nothing left");
        let post = stage.post(&draft).await;
        assert_eq!((&post["state"], codes(&post)), (&json!("queued"), vec!["guard_blocked"]));
        assert_eq!(post["verdict"]["findings"][0]["rule"], "B10", "{}", post["verdict"]);
        assert_eq!(post["verdict"]["id"], held["verdict_id"], "the item carries the verdict that stopped it");
        assert_eq!(stage.alerts().await, [(json!("stopped"), draft["id"].clone(), json!("raised"))]);
        let health = stage.story.server.sign_in(&[Role::Manager]).await.get("/health").await.json;
        assert_eq!((&health["outbox"]["stopped"], &health["outbox"]["needs_human"]), (&json!(1), &json!(1)));

        let decide = format!("{item}/decide");
        let say = |decision: &str| json!({ "decision": decision, "reason": "To be corrected." });
        let reviewer = stage.story.server.sign_in(&[Role::ClinicalReviewer]).await;
        assert_eq!(reviewer.post(&decide, say("give_up")).await.outcome(), "403 role_missing");
        assert_eq!(stage.story.author.post(&decide, say("mark_delivered")).await.outcome(), "403 role_missing");
        assert_eq!(stage.story.author.post(&decide, say("send_again")).await.json["state"], "pending");
        stage.out.run_until_idle().await.unwrap();
        assert_eq!(stage.state(&item).await, "stopped", "trying again asks again");
        assert_eq!(stage.story.author.post(&decide, say("give_up")).await.json["state"], "cancelled");
        let back = stage.post(&draft).await;
        assert_eq!((&back["state"], &back["verdict"]["id"]), (&json!("blocked"), &post["verdict"]["id"]));
        let states: Vec<Value> = stage.alerts().await.into_iter().map(|(_, _, state)| state).collect();
        assert!(states.iter().all(|state| state == "closed"), "{states:?}");

        stage.story.sql("update accounts set part2 = false".into()).await;
        let mended = stage.story.changes(&back, json!({ "text": "Our new door is open to everybody." })).await.json;
        let mended = stage.story.acknowledges(mended).await;
        let sent = stage.story.sends(&mended).await;
        assert_eq!(sent.status, 202, "{}", sent.text);
        stage.out.run_until_idle().await.unwrap();
        assert_eq!(stage.published(Network::Facebook, "/feed"), 1);
        for action in ["outbox.stopped", "outbox.delivered"] {
            assert!(stage.story.server.logged(action).await > 0, "{action}");
        }
    }
}

#[tokio::test]
async fn a_post_whose_account_went_while_the_program_was_down_is_held_and_leaves_once_it_may() {
    for stage in Stage::each_engine().await {
        let (draft, item) = waits(&stage).await;
        stage.story.sql("update accounts set state = 'removed'".into()).await;
        stage.an_hour_passes();
        stage.restarted().await.run_until_idle().await.unwrap();
        assert_eq!(stage.state(&item).await, "stopped");
        assert_eq!(codes(&stage.post(&draft).await), ["account_removed"]);
        stage.out.run_until_idle().await.unwrap();
        assert_eq!((stage.state(&item).await, stage.published(Network::Facebook, "/feed")), (json!("stopped"), 0));
        stage.story.sql("update accounts set state = 'connected'".into()).await;
        let again = json!({ "decision": "send_again", "reason": "It is connected again." });
        assert_eq!(stage.story.author.post(&format!("{item}/decide"), again).await.json["state"], "pending");
        stage.out.run_until_idle().await.unwrap();
        assert_eq!((stage.state(&item).await, stage.published(Network::Facebook, "/feed")), (json!("delivered"), 1));
    }
}

#[tokio::test]
async fn a_warning_that_was_acknowledged_stays_so_and_a_file_that_went_holds_the_post() {
    let stage = Stage::set().await;
    let account = stage.account(Network::Facebook, "page", |_| json!({})).await;
    let file = stage.story.brings(&photograph(1)).await;
    let post = json!({ "text": "Our new therapy works wonders.", "media": [{ "id": file, "alt": "A red door" }] });
    let begun = stage.story.begins(&account, post).await.json;
    assert_eq!(begun["state"], "needs_ack", "{begun}");
    let sent = stage.story.sends(&stage.story.acknowledges(begun).await).await;
    let item = format!("/outbox/{}", sent.json["id"].as_str().unwrap());
    stage.story.sql("update media set sha256 = 'another'".into()).await;
    stage.out.run_until_idle().await.unwrap();
    let held = stage.story.author.get(&item).await.json;
    assert_eq!((&held["state"], &held["verdict_id"]), (&json!("stopped"), &sent.json["verdict_id"]));
    assert!(held["why"].as_str().unwrap().contains("changed since you saw it"), "{held}");
}
