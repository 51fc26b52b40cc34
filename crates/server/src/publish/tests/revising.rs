//! Other words for a post that stands on its network.

use std::time::Duration;

use bedside_model::SourceId;
use bedside_model::role::Role;
use bedside_networks::Network;
use bedside_sandbox::world::{Fault, FaultKind};
use bedside_store::listen::source::{self, NewSource};
use bedside_store::{By, Entry};
use serde_json::{Value, json};

use super::stage::{Stage, TEXT};
use super::{codes, path};

const NEW: &str = "Our new door is open. Come in by the car park.";

impl Stage {
    /// The page, with a post on it: the draft, the id that it has there.
    async fn posted(&self) -> (Value, String) {
        let page = self.account(Network::Facebook, "page", |_| json!({})).await;
        let native = self.publishes(&page, json!({})).await;
        let store = &self.story.server.app.store;
        let source = NewSource {
            id: SourceId::from_bits(store.ids().bits(self.story.server.app.now())),
            account_id: page,
            kind: "everything".into(),
            name: "Everything".into(),
            url: String::new(),
            config: json!({}),
            interval_seconds: 300,
        };
        let added = store.write(&self.story.server.db.org, self.story.server.app.now(), move |tx| {
            Box::pin(async move {
                source::add(tx, &source).await?;
                tx.commit(Entry::new(By::cli(), "source.added", &source.id), ())
            })
        });
        added.await.unwrap();
        (self.story.author.get("/posts").await.json["items"][0].clone(), native)
    }

    /// What is heard of the post and from under it, after somebody asked there.
    async fn hears(&self, native: &str) -> Vec<String> {
        let asks = json!({ "network": "facebook", "author": "Tom Berger", "text": "Where is it?", "on": native });
        self.world.write(&serde_json::from_value(asks).unwrap()).unwrap();
        self.story.server.clock.advance(Duration::from_secs(301));
        self.listen.run_until_idle().await.unwrap();
        let rows = "select text from messages where text like 'Our new door%' or text = 'Where is it?' order by id";
        let rows = self.story.server.app.store.read().await.unwrap().test_rows(rows).await.unwrap();
        rows.iter().map(|row| row.text("text").unwrap()).collect()
    }

    async fn says(&self, native: &str) -> Value {
        self.shows(&format!("v26.0/{native}?fields=message")).await["message"].clone()
    }
}

fn of(post: &Value, rest: &str) -> String {
    format!("/posts/{}/{rest}", post["id"].as_str().unwrap())
}

#[tokio::test]
async fn other_words_are_judged_and_sent_like_a_post_and_every_version_stays() {
    for stage in Stage::each_engine().await {
        let (post, native) = stage.posted().await;
        let author = &stage.story.author;
        let auditor = stage.story.server.sign_in(&[Role::Auditor]).await;
        assert_eq!(auditor.post(&of(&post, "revise"), json!({ "text": NEW })).await.outcome(), "403 role_missing");
        let wrong = json!({ "text": "Call Maria Gomez, MRN 4471882, about her visit." });
        let begun = author.post(&of(&post, "revise"), wrong).await;
        assert_eq!((begun.status, &begun.json["state"]), (201, &json!("blocked")), "{}", begun.text);
        assert_eq!((&begun.json["kind"], &begun.json["revises"]), (&json!("edit"), &post["id"]));
        assert_eq!(stage.story.sends(&begun.json).await.outcome(), "422 guard_blocked");
        let second = author.post(&of(&post, "revise"), json!({ "text": NEW })).await;
        assert_eq!(second.outcome(), "409 revised_already");

        let mended = stage.story.changes(&begun.json, json!({ "text": NEW })).await;
        assert_eq!((mended.status, codes(&mended.json)), (200, vec![]), "{}", mended.text);
        let sent = stage.story.sends(&mended.json).await;
        assert_eq!((sent.status, &sent.json["kind"]), (202, &json!("edit")), "{}", sent.text);
        stage.out.run_until_idle().await.unwrap();
        assert_eq!(stage.says(&native).await, NEW);
        assert_eq!(stage.published(Network::Facebook, "/feed"), 1, "it is the same post");

        assert_eq!(stage.hears(&native).await, ["Where is it?"], "the edit does not come back as something to answer");

        let shown = author.get(&of(&post, "versions")).await.json;
        let texts: Vec<(&Value, &Value)> =
            shown["items"].as_array().unwrap().iter().map(|one| (&one["text"], &one["state"])).collect();
        assert_eq!(texts, [(&json!(TEXT), &json!("sent")), (&json!(NEW), &json!("sent"))]);
        assert_eq!(stage.story.server.logged("draft.queued").await, 2, "the log holds the hash of each that left");
        assert_eq!(author.get(&of(&begun.json, "versions")).await.status, 404, "versions are those of a post");

        let gone = author.post(&of(&post, "take_back"), json!({})).await;
        assert_eq!(gone.status, 202, "{}", gone.text);
        stage.out.run_until_idle().await.unwrap();
        let late = author.post(&of(&post, "revise"), json!({ "text": TEXT })).await;
        assert_eq!(late.outcome(), "409 already_taken_back");
    }
}

#[tokio::test]
async fn an_edit_of_unknown_fate_is_read_back_and_not_asked_twice() {
    let stage = Stage::set().await;
    let (post, native) = stage.posted().await;
    let begun = stage.story.author.post(&of(&post, "revise"), json!({ "text": NEW })).await.json;
    let lost = Fault { method: Some("POST".into()), apply: true, ..Fault::next(FaultKind::Reset) };
    stage.world.control.add_fault(lost).unwrap();
    let sent = stage.story.author.post(&path(&begun, "send"), json!({ "text_hash": begun["text_hash"] })).await;
    let item = format!("/outbox/{}", sent.json["id"].as_str().unwrap());
    stage.out.run_until_idle().await.unwrap();
    assert_eq!(stage.story.author.get(&item).await.json["state"], "unknown");
    stage.story.server.clock.advance(Duration::from_secs(91));
    stage.out.run_until_idle().await.unwrap();
    let settled = stage.story.author.get(&item).await.json;
    assert_eq!((&settled["state"], settled["attempts"].as_array().unwrap().len()), (&json!("delivered"), 1));
    assert_eq!(stage.says(&native).await, NEW);
}

#[tokio::test]
async fn a_network_without_edits_says_so() {
    let stage = Stage::set().await;
    let account = stage.account(Network::X, "user", |_| json!({})).await;
    stage.publishes(&account, json!({})).await;
    let post = stage.story.author.get("/posts").await.json["items"][0].clone();
    let no = stage.story.author.post(&of(&post, "revise"), json!({ "text": NEW })).await;
    assert_eq!(no.outcome(), "409 network_cannot");
}
