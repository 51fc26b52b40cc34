//! Answers with files: what goes with an answer is judged, approved and sent like its words.

use std::time::Duration;

use bedside_model::SourceId;
use bedside_model::role::Role;
use bedside_networks::Network;
use bedside_store::listen::source::{self, NewSource};
use bedside_store::{By, Entry};
use serde_json::{Value, json};

use super::stage::Stage;
use super::{bring, codes, path, photograph};

const SAFE: &str = "Thank you for asking. The garden door is open, as the picture shows.";

impl Stage {
    /// Somebody asks in public; the way to the conversation.
    async fn asked(&self, network: Network, account: &str, kind: &str) -> String {
        let account = self.account(network, account, |_| json!({})).await;
        let store = &self.story.server.app.store;
        let source = NewSource {
            id: SourceId::from_bits(store.ids().bits(self.story.server.app.now())),
            account_id: account,
            kind: kind.into(),
            name: "Heard".into(),
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
        let asks = json!({ "network": network.as_str(), "kind": "mention", "author": "Tom Berger", "text": "Which door is open?" });
        self.world.write(&serde_json::from_value(asks).unwrap()).unwrap();
        self.story.server.clock.advance(Duration::from_secs(301));
        self.listen.run_until_idle().await.unwrap();
        let rows = "select conversation_id from messages where text like '%Which door is open?%'";
        let rows = store.read().await.unwrap().test_rows(rows).await.unwrap();
        format!("/conversations/{}", rows[0].text("conversation_id").unwrap())
    }
}

#[tokio::test]
async fn an_answer_takes_a_described_picture_along() {
    for stage in Stage::each_engine().await {
        let conversation = stage.asked(Network::Mastodon, "account", "mentions").await;
        let responder = stage.story.server.sign_in(&[Role::Responder]).await;
        let brought = bring(&responder, &photograph(1), None).await;
        assert_eq!(brought.status, 201, "who answers brings files for it: {}", brought.text);
        let file = |alt: &str| json!([{ "id": brought.json["id"], "alt": alt }]);
        let answer = |alt: &str| json!({ "text": SAFE, "media": file(alt) });
        let drafts = format!("{conversation}/drafts");
        let said = responder.post(&drafts, answer("The chart of MRN 4471882.")).await;
        assert_eq!((said.status, &said.json["state"]), (201, &json!("blocked")), "{}", said.text);
        let finding = &said.json["verdict"]["findings"][0];
        assert_eq!((&finding["part"], &finding["file"]), (&json!("alt"), &json!(0)), "the description is judged");

        let change = |draft: &Value, with: Value| {
            let version = format!("\"{}\"", draft["version"]);
            let (client, at) =
                (responder.with("if-match", &version), format!("/drafts/{}", draft["id"].as_str().unwrap()));
            async move { client.patch(&at, with).await.json }
        };
        let bare = change(&said.json, json!({ "media": file("") })).await;
        assert_eq!(codes(&bare), ["alt_text_missing"]);
        let described = change(&bare, json!({ "media": file("A red door") })).await;
        assert_eq!(codes(&described), Vec::<&str>::new(), "{described}");
        assert_ne!(described["text_hash"], bare["text_hash"], "what was approved is bound to the description");
        let linked = responder
            .with("if-match", &format!("\"{}\"", described["version"]))
            .patch(
                &format!("/drafts/{}", described["id"].as_str().unwrap()),
                json!({ "link": "https://a.example.org/" }),
            )
            .await;
        assert_eq!(linked.outcome(), "422 invalid");
        let seen = json!({ "text_hash": described["text_hash"] });
        let sent = responder.post(&path(&described, "send"), seen).await;
        assert_eq!(sent.status, 202, "{}", sent.text);
        stage.out.run_until_idle().await.unwrap();
        let item = responder.get(&format!("/outbox/{}", sent.json["id"].as_str().unwrap())).await.json;
        assert_eq!(item["state"], "delivered", "{item}");
        let status = stage.shows(&format!("api/v1/statuses/{}", item["native_id"].as_str().unwrap())).await;
        assert_eq!(status["media_attachments"][0]["description"], "A red door", "{status}");
        assert!(status["in_reply_to_id"].is_string(), "{status}");
    }
}

#[tokio::test]
async fn a_network_that_takes_no_files_with_an_answer_says_so_before() {
    let stage = Stage::set().await;
    let conversation = stage.asked(Network::X, "user", "mentions").await;
    let responder = stage.story.server.sign_in(&[Role::Responder]).await;
    let brought = bring(&responder, &photograph(1), Some("A red door")).await;
    let answer = json!({ "text": SAFE, "media": [{ "id": brought.json["id"] }] });
    let said = responder.post(&format!("{conversation}/drafts"), answer).await;
    assert!(codes(&said.json).contains(&"not_supported"), "{}", said.text);
}
