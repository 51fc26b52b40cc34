//! A database, a clock, the way in and the way out, and an account of any network.

use std::time::Duration;

use axum::Router;
use bedside_engine::clock::{Clock, MockClock};
use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::Listen;
use bedside_engine::listen::accounts::credentials_bytes;
use bedside_engine::out::Out;
use bedside_model::delivery::OutboxKind;
use bedside_model::{AccountId, Micros, OutboxId, SourceId, VerdictId};
use bedside_networks::{Credentials, Oauth2, Operation, Secret};
use bedside_store::listen::account::{self, Account, NewAccount, Profile};
use bedside_store::listen::source::{self, NewSource, Source};
use bedside_store::outbox::{self, NewItem, OutboxRow};
use bedside_store::testing::{NOON, TestDb};
use bedside_store::{By, Entry, Row, Store};
use serde_json::Value;
use tokio::net::TcpListener;

pub const HOUR: Micros = 3_600_000_000;

/// Everything that a story needs.
pub struct World {
    pub db: TestDb,
    pub time: Clock,
    pub clock: MockClock,
    pub listen: Listen,
    pub out: Out,
}

/// An account to connect, with one source.
pub struct Connected<'a> {
    pub network: &'a str,
    pub base_url: &'a str,
    pub native_id: &'a str,
    pub credentials: Credentials,
    pub config: Value,
    pub kind: &'a str,
}

/// Tokens of OAuth 2.0.
pub fn tokens(access: &str, refresh: &str, expires_at: Option<Micros>) -> Credentials {
    Credentials::Oauth2(Box::new(Oauth2 {
        client_id: "app".into(),
        client_secret: Secret::new("app secret"),
        access_token: Secret::new(access),
        refresh_token: Secret::new(refresh),
        expires_at,
        ..Oauth2::default()
    }))
}

/// Serves a router on loopback; the base address.
pub async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{addr}/")
}

impl World {
    pub fn new(db: TestDb) -> Self {
        let (time, clock) = Clock::mock(NOON);
        let (listen, out) = Self::workers(&db, db.store.clone(), &time, "test");
        Self { db, time, clock, listen, out }
    }

    fn workers(db: &TestDb, store: Store, time: &Clock, owner: &str) -> (Listen, Out) {
        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
        let listen = Listen::new(store.clone(), time.clone(), http.clone(), owner, db.dir.path());
        let out = Out::new(store, time.clone(), http, owner, "https://bedside.example.org/", db.dir.path());
        (listen, out)
    }

    /// The workers of another process on the same database.
    pub async fn others(&self) -> (Listen, Out) {
        Self::workers(&self.db, self.db.reopen().await, &self.time, "others")
    }

    pub fn now(&self) -> Micros {
        self.time.now()
    }

    pub fn later(&self, by: Duration) {
        self.clock.advance(by);
    }

    pub async fn connect(&self, is: Connected<'_>) -> (AccountId, SourceId) {
        let ids = self.db.store.ids();
        let (id, source_id) = (AccountId::from_bits(ids.bits(NOON)), SourceId::from_bits(ids.bits(NOON)));
        let new = NewAccount {
            id: id.clone(),
            network: is.network.into(),
            name: "Ours".into(),
            base_url: is.base_url.into(),
            part2: false,
            profile: Profile::default(),
            config: is.config,
            credentials: credentials_bytes(&is.credentials),
        };
        let source = NewSource {
            id: source_id.clone(),
            account_id: id.clone(),
            kind: is.kind.into(),
            name: "Source".into(),
            url: String::new(),
            config: serde_json::json!({}),
            interval_seconds: 300,
        };
        let (keyring, native_id) = (self.db.store.keyring().clone(), is.native_id.to_owned());
        self.db
            .store
            .write(&self.db.org, self.now(), move |tx| {
                Box::pin(async move {
                    account::add(tx, &keyring, &new).await?;
                    account::connected(tx, &new.id, Some(&native_id), None, &new.config).await?;
                    source::add(tx, &source).await?;
                    tx.commit(Entry::new(By::cli(), "account.added", &new.id), ())
                })
            })
            .await
            .unwrap();
        (id, source_id)
    }

    /// Something is to leave now.
    pub async fn send(&self, account: &AccountId, kind: OutboxKind, operation: &Operation) -> OutboxId {
        let ids = self.db.store.ids();
        let now = self.now();
        let (id, verdict) = (OutboxId::from_bits(ids.bits(now)), VerdictId::from_bits(ids.bits(now)));
        let new = NewItem {
            id: id.clone(),
            kind,
            account_id: Some(account.clone()),
            conversation_id: None,
            draft_id: None,
            message_id: None,
            alert_id: None,
            verdict_id: verdict.clone(),
            payload: outbox::payload(operation),
            idempotency_key: format!("key {id}"),
            priority: 8,
            due_at: now,
        };
        self.db
            .store
            .write(&self.db.org, now, move |tx| {
                Box::pin(async move {
                    outbox::verdict::add_fixed(tx, &verdict, "removal").await?;
                    outbox::enqueue(tx, &new).await?;
                    tx.commit(Entry::new(By::cli(), "outbox.queued", &new.id), ())
                })
            })
            .await
            .unwrap();
        id
    }

    pub async fn account(&self, id: &AccountId) -> Account {
        account::get(&mut self.db.store.read().await.unwrap(), &self.db.org, id).await.unwrap()
    }

    /// What an account proves itself with by now.
    pub async fn credentials(&self, id: &AccountId) -> Credentials {
        let mut conn = self.db.store.read().await.unwrap();
        let json = account::credentials(&mut conn, self.db.store.keyring(), &self.db.org, id).await.unwrap().unwrap();
        serde_json::from_slice(&json).unwrap()
    }

    pub async fn source(&self, id: &SourceId) -> Source {
        source::get(&mut self.db.store.read().await.unwrap(), &self.db.org, id).await.unwrap()
    }

    pub async fn item(&self, id: &OutboxId) -> OutboxRow {
        outbox::get(&mut self.db.store.read().await.unwrap(), &self.db.org, id).await.unwrap()
    }

    /// Rows of a question of the checker's own, past all code that is under test.
    pub async fn rows(&self, text: &str) -> Vec<Row> {
        self.db.store.read().await.unwrap().test_rows(text).await.unwrap()
    }

    /// How often an action stands in the log.
    pub async fn logged(&self, action: &str) -> usize {
        let rows = self.rows("select action from audit_entries").await;
        rows.iter().filter(|row| row.text("action").unwrap() == action).count()
    }
}
