//! Stories of the live pages.

use std::time::Duration;

use axum::body::Body;
use bedside_model::ConversationId;
use bedside_model::role::Role;
use bedside_store::testing::NOON;
use bedside_store::{By, Change, Entry};
use futures_util::StreamExt as _;

use crate::testing::{TestClient, TestServer};

/// What a browser hears.
struct Ear(axum::body::BodyDataStream);

impl Ear {
    async fn open(client: &TestClient) -> Self {
        let response = client.open("/stream").await;
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut ear = Self(Body::into_data_stream(response.into_body()));
        let _connected = ear.next().await;
        ear
    }

    async fn next(&mut self) -> Option<String> {
        let bytes = self.0.next().await?.ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

async fn conversation_changes(server: &TestServer, org: &bedside_model::OrgId, id: u128) {
    let id = ConversationId::from_bits(id);
    server
        .app
        .store
        .write(org, NOON, move |tx| {
            Box::pin(async move {
                tx.publish(Change::Conversation { id: id.clone(), new: true, priority: 7 });
                tx.commit(Entry::new(By::system("intake"), "intake.stored", id), ())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_responder_hears_of_ids_and_nobody_of_another_organisation() {
    let server = TestServer::sqlite().await;
    let other = server.other_organisation().await;
    let mut ear = Ear::open(&server.sign_in(&[Role::Responder]).await).await;
    conversation_changes(&server, &other, 1).await;
    conversation_changes(&server, &server.db.org, 2).await;
    let heard = ear.next().await.unwrap();
    let id = ConversationId::from_bits(2);
    assert!(heard.contains("event: conversation\n"), "{heard}");
    assert!(heard.contains(&format!("data: {{\"change\":\"new\",\"id\":\"{id}\",\"priority\":7}}")), "{heard}");
}

#[tokio::test]
async fn an_administrator_who_may_not_read_the_inbox_hears_of_the_log_only() {
    let server = TestServer::sqlite().await;
    let mut ear = Ear::open(&server.sign_in(&[Role::Administrator]).await).await;
    conversation_changes(&server, &server.db.org.clone(), 2).await;
    let heard = ear.next().await.unwrap();
    assert!(heard.contains("event: audit\n"), "{heard}");
}

#[tokio::test]
async fn who_comes_back_is_told_to_fetch_again_and_who_left_hears_nothing_more() {
    let server = TestServer::sqlite().await;
    let ana = server.sign_in(&[Role::Responder]).await;
    let response = ana.with("last-event-id", "41").open("/stream").await;
    let mut ear = Ear(Body::into_data_stream(response.into_body()));
    assert!(ear.next().await.unwrap().contains("event: resync\n"));
    assert_eq!(ana.delete("/sessions/current").await.status, 204);
    let (end, ()) = tokio::join!(
        async {
            // The log's own entry is not for a responder; the next thing is the heartbeat, which looks.
            ear.next().await
        },
        async {
            tokio::task::yield_now().await;
            server.clock.advance(Duration::from_secs(15));
        }
    );
    assert_eq!(end, None);
}

#[tokio::test]
async fn two_who_look_at_the_same_conversation_know_of_each_other() {
    let server = TestServer::sqlite().await;
    let (ana, bo) = (server.sign_in(&[Role::Responder]).await, server.sign_in(&[Role::Manager]).await);
    let seed = super::seed::Seed::sow(&server).await;
    let mut ear = Ear::open(&ana).await;
    let path = format!("/conversations/{}/presence", seed.conversation);
    let writing = bo.post(&path, serde_json::json!({ "writing": true })).await;
    assert_eq!(writing.json["others"], serde_json::json!([]), "{}", writing.text);
    let heard = ear.next().await.unwrap();
    assert!(heard.contains("event: presence\n") && heard.contains("\"writing\":true"), "{heard}");
    let seen = ana.post(&path, serde_json::json!({ "writing": false })).await;
    assert_eq!(seen.json["others"][0]["user_id"], serde_json::json!(bo.user), "{}", seen.text);
    server.clock.advance(Duration::from_secs(31));
    let gone = ana.post(&path, serde_json::json!({ "writing": false })).await;
    assert_eq!(gone.json["others"], serde_json::json!([]));
}
