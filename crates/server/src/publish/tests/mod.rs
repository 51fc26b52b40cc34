//! Posts with pictures, a video, a document, a link, a language and a time, as stories.

mod arriving;
mod carrying;
mod leaving;
mod revising;
mod scheduled;
mod stage;

use axum::body::Body;
use bedside_model::AccountId;
use bedside_model::role::Role;
use bedside_networks::{Credentials, Network, Oauth2, Secret};
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::{By, Entry};
use http::Request;
use serde_json::{Value, json};

use crate::testing::{Answer, PUBLIC_URL, TestClient, TestServer};

/// A server with somebody who writes posts and somebody who approves them.
pub(super) struct Story {
    pub server: TestServer,
    pub author: TestClient,
}

impl Story {
    pub(super) async fn on(server: TestServer) -> Self {
        Self { author: server.sign_in(&[Role::Author]).await, server }
    }

    pub(super) async fn each_engine() -> Vec<Self> {
        let mut all = vec![];
        for server in TestServer::each_engine().await {
            all.push(Self::on(server).await);
        }
        all
    }

    /// An account of a network that is connected.
    pub(super) async fn account(&self, network: Network) -> AccountId {
        let known =
            Known { base_url: "https://network.example.org/".into(), native_id: Some("1".into()), config: json!({}) };
        self.connected(network, known).await
    }

    pub(super) async fn connected(&self, network: Network, known: Known) -> AccountId {
        let store = &self.server.app.store;
        let credentials = Credentials::Oauth2(Box::new(Oauth2 {
            client_id: "sandbox".into(),
            access_token: Secret::new(bedside_sandbox::world::TOKEN),
            ..Oauth2::default()
        }));
        let account = NewAccount {
            id: AccountId::from_bits(store.ids().bits(self.server.app.now())),
            network: network.as_str().into(),
            name: network.title().into(),
            base_url: known.base_url,
            part2: false,
            profile: Profile::default(),
            config: known.config,
            credentials: bedside_engine::listen::accounts::credentials_bytes(&credentials),
        };
        let (id, keyring) = (account.id.clone(), store.keyring().clone());
        store
            .write(&self.server.db.org, self.server.app.now(), move |tx| {
                Box::pin(async move {
                    account::add(tx, &keyring, &account).await?;
                    account::connected(tx, &account.id, known.native_id.as_deref(), None, &account.config).await?;
                    tx.commit(Entry::new(By::cli(), "account.added", &account.id), ())
                })
            })
            .await
            .unwrap();
        id
    }

    /// A file that the author brings; its id.
    pub(super) async fn brings(&self, file: &[u8]) -> String {
        let brought = bring(&self.author, file, None).await;
        assert_eq!(brought.status, 201, "{}", brought.text);
        brought.json["id"].as_str().unwrap().to_owned()
    }

    /// A post that is begun.
    pub(super) async fn begins(&self, account: &AccountId, post: Value) -> Answer {
        let mut whole = json!({ "account_id": account, "text": "Our new door is open. Come in by the garden." });
        whole.as_object_mut().unwrap().extend(post.as_object().unwrap().clone());
        self.author.post("/posts", whole).await
    }

    /// A post that is begun, with what the guard warns of acknowledged.
    pub(super) async fn writes(&self, account: &AccountId, post: Value) -> Value {
        let made = self.begins(account, post).await;
        assert_eq!(made.status, 201, "{}", made.text);
        self.acknowledges(made.json).await
    }

    pub(super) async fn acknowledges(&self, draft: Value) -> Value {
        if draft["state"] != "needs_ack" {
            return draft;
        }
        let all: Vec<usize> = (0..draft["verdict"]["findings"].as_array().unwrap().len()).collect();
        let done =
            self.author.post(&path(&draft, "acknowledge"), json!({ "findings": all, "reason": "Checked." })).await;
        assert_eq!(done.status, 200, "{}", done.text);
        done.json
    }

    pub(super) async fn changes(&self, draft: &Value, change: Value) -> Answer {
        let version = format!("\"{}\"", draft["version"]);
        self.author
            .with("if-match", &version)
            .patch(&format!("/drafts/{}", draft["id"].as_str().unwrap()), change)
            .await
    }

    pub(super) async fn sends(&self, draft: &Value) -> Answer {
        self.author.post(&path(draft, "send"), json!({ "text_hash": draft["text_hash"] })).await
    }

    pub(super) async fn sql(&self, text: String) {
        let org = self.server.db.org.clone();
        let changed = self.server.app.store.write(&org, self.server.app.now(), move |tx| {
            Box::pin(async move {
                tx.conn().test_sql(&text).await?;
                tx.commit(Entry::new(By::cli(), "test.sql", "test"), ())
            })
        });
        changed.await.unwrap();
    }
}

/// What is known of an account by its self-test.
pub(super) struct Known {
    pub base_url: String,
    pub native_id: Option<String>,
    pub config: Value,
}

pub(super) fn path(draft: &Value, verb: &str) -> String {
    format!("/drafts/{}/{verb}", draft["id"].as_str().unwrap())
}

/// The codes of what is in the way of a draft.
pub(super) fn codes(draft: &Value) -> Vec<&str> {
    draft["refusals"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect()
}

/// Uploads a file as a browser does.
pub(super) async fn bring(client: &TestClient, file: &[u8], alt: Option<&str>) -> Answer {
    let mut body = Vec::new();
    if let Some(alt) = alt {
        let field = format!("--edge\r\nContent-Disposition: form-data; name=\"alt\"\r\n\r\n{alt}\r\n");
        body.extend_from_slice(field.as_bytes());
    }
    body.extend_from_slice(b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n");
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let key = format!("upload {}", hex::encode(&file[..file.len().min(40)]));
    let request = Request::post("/api/v1/media")
        .header("origin", PUBLIC_URL)
        .header("idempotency-key", key)
        .header("cookie", client.cookie.as_deref().unwrap())
        .header("content-type", "multipart/form-data; boundary=edge")
        .header("content-length", body.len());
    client.run(request.body(Body::from(body)).unwrap()).await
}

/// A JPEG picture of 3 by 2 pixels, another for each `n`.
pub(super) fn photograph(n: u8) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 2, 0, 3, 1, 1, 0x11, 0];
    file.extend_from_slice(&[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, n, 1, 2, 3, 0xff, 0xd9]);
    file
}

/// A video, as far as its boxes go.
pub(super) fn film() -> Vec<u8> {
    let mut film = vec![0, 0, 0, 16];
    film.extend_from_slice(b"ftypisom\0\0\0\0\0\0\0\0mdat");
    film.extend((12..4_000).map(|n| (n % 251) as u8));
    film
}
