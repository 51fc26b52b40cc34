//! A blog, a database, a clock and a worker: the world of the stories.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bedside_engine::clock::{Clock, MockClock};
use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::Listen;
use bedside_engine::listen::accounts::credentials_bytes;
use bedside_model::{AccountId, Micros, RawId, SourceId};
use bedside_networks::{Credentials, Secret};
use bedside_sandbox::Running;
use bedside_sandbox::blog::{self, Blog, WriteComment};
use bedside_store::intake::raw::{self, NewItem};
use bedside_store::listen::account::{self, AccountChange, NewAccount, Profile};
use bedside_store::listen::dead::{self, DeadLetter};
use bedside_store::listen::source::{self, NewSource, Source};
use bedside_store::testing::{NOON, TestDb, each_engine};
use bedside_store::{By, Entry};

/// Everything that a story needs.
pub struct World {
    pub db: TestDb,
    pub clock: MockClock,
    pub blog: Blog,
    pub server: Mutex<Option<Running>>,
    pub listen: Listen,
    pub account: AccountId,
    pub source: SourceId,
    time: Clock,
}

/// One conversation, as a story looks at it.
#[derive(Debug)]
pub struct Seen {
    pub state: String,
    pub waiting: i64,
    pub priority: i64,
    pub excerpt: String,
}

/// A world for each engine at hand.
pub async fn worlds() -> Vec<World> {
    let mut worlds = vec![];
    for db in each_engine().await {
        worlds.push(World::new(db).await);
    }
    worlds
}

impl World {
    async fn new(db: TestDb) -> Self {
        let (time, clock) = Clock::mock(NOON);
        let told = time.clone();
        let blog = Blog::new("Lakeside Health", Arc::new(move || told.timestamp()));
        let server = blog::spawn(blog.clone()).await.unwrap();
        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
        let listen = Listen::new(db.store.clone(), time.clone(), http, "test", db.dir.path());
        let account = AccountId::from_bits(db.store.ids().bits(NOON));
        let source = SourceId::from_bits(db.store.ids().bits(NOON));
        let new = NewAccount {
            id: account.clone(),
            network: "wordpress".into(),
            name: "Blog".into(),
            base_url: server.base_url(),
            part2: false,
            profile: Profile::default(),
            config: serde_json::json!({}),
            credentials: credentials_bytes(&Self::credentials()),
        };
        let polled = NewSource {
            id: source.clone(),
            account_id: account.clone(),
            kind: "comments".into(),
            name: "Comments".into(),
            url: String::new(),
            config: serde_json::json!({}),
            interval_seconds: 60,
        };
        let keyring = db.store.keyring().clone();
        db.store
            .write(&db.org, NOON, move |tx| {
                Box::pin(async move {
                    account::add(tx, &keyring, &new).await?;
                    account::connected(tx, &new.id, Some("2"), Some("Patient relations"), &serde_json::json!({}))
                        .await?;
                    source::add(tx, &polled).await?;
                    tx.commit(Entry::new(By::cli(), "account.added", &new.id), ())
                })
            })
            .await
            .unwrap();
        Self { db, clock, blog, server: Mutex::new(Some(server)), listen, account, source, time }
    }

    pub fn credentials() -> Credentials {
        Credentials::Basic { user: blog::USER.into(), password: Secret::new(blog::PASSWORD) }
    }

    pub fn now(&self) -> Micros {
        self.time.now()
    }

    /// Somebody writes on the blog.
    pub fn says(&self, write: WriteComment) -> u64 {
        self.blog.write(write).unwrap().expect("the post is there").id
    }

    /// Time passes, and the worker does what is due.
    pub async fn later(&self, by: Duration) {
        self.clock.advance(by);
        self.listen.run_until_idle().await.unwrap();
    }

    /// A worker of a program that was started anew.
    pub async fn restarted(&self) -> Listen {
        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
        Listen::new(self.db.reopen().await, self.time.clone(), http, "test-2", self.db.dir.path())
    }

    pub async fn count(&self, what: &str) -> i64 {
        let mut conn = self.db.store.read().await.unwrap();
        conn.test_rows(&format!("select count(*) as n from {what}")).await.unwrap()[0].int("n").unwrap()
    }

    pub async fn queue(&self) -> Vec<Seen> {
        let mut conn = self.db.store.read().await.unwrap();
        let text = "select state, waiting, priority, excerpt from conversations order by state, priority, due_sort, id";
        let rows = conn.test_rows(text).await.unwrap();
        rows.iter()
            .map(|row| Seen {
                state: row.text("state").unwrap(),
                waiting: row.int("waiting").unwrap(),
                priority: row.int("priority").unwrap(),
                excerpt: row.text("excerpt").unwrap(),
            })
            .collect()
    }

    /// In how many conversations a word stands.
    pub async fn found(&self, word: &str) -> usize {
        let mut conn = self.db.store.read().await.unwrap();
        bedside_store::search::find(&mut conn, &self.db.org, word).await.unwrap().len()
    }

    pub async fn source(&self) -> Source {
        source::get(&mut self.db.store.read().await.unwrap(), &self.db.org, &self.source).await.unwrap()
    }

    pub async fn account(&self) -> account::Account {
        account::get(&mut self.db.store.read().await.unwrap(), &self.db.org, &self.account).await.unwrap()
    }

    pub async fn dead_letters(&self) -> Vec<DeadLetter> {
        dead::list(&mut self.db.store.read().await.unwrap(), &self.db.org, None, 50).await.unwrap()
    }

    pub async fn retry(&self, id: &RawId) {
        let id = id.clone();
        self.db
            .store
            .write(&self.db.org, self.now(), move |tx| {
                Box::pin(async move {
                    dead::retry(tx, &id).await?;
                    tx.commit(Entry::new(By::cli(), "dead_letter.retried", &id), ())
                })
            })
            .await
            .unwrap();
    }

    /// An item that no parser can read.
    pub async fn plant_poison(&self, native: &str) {
        let (ids, account, source) = (self.db.store.ids().clone(), self.account.clone(), self.source.clone());
        let item = NewItem {
            native_id: native.into(),
            kind: "comment".into(),
            body: b"{\"content\": secret words".to_vec(),
            content_hash: "poison".into(),
            published_at: None,
        };
        self.db
            .store
            .write(&self.db.org, self.now(), move |tx| {
                Box::pin(async move {
                    raw::store(tx, &ids, &account, Some(&source), vec![item], &[]).await?;
                    tx.commit(Entry::new(By::cli(), "listen.stored", &source), ())
                })
            })
            .await
            .unwrap();
    }

    /// Another process holds the source.
    pub async fn steal_lease(&self, time: Duration) {
        let until = self.now() + i64::try_from(time.as_micros()).unwrap();
        let id = self.source.clone();
        self.db
            .store
            .write(&self.db.org, self.now(), move |tx| {
                Box::pin(async move {
                    source::claim(tx, &id, "somebody else", until, false).await?.expect("it is free");
                    tx.operational(())
                })
            })
            .await
            .unwrap();
    }

    /// A person enters credentials.
    pub async fn connect_with(&self, credentials: &Credentials) {
        let change = AccountChange { credentials: credentials_bytes(credentials), ..AccountChange::default() };
        let (keyring, id) = (self.db.store.keyring().clone(), self.account.clone());
        self.db
            .store
            .write(&self.db.org, self.now(), move |tx| {
                Box::pin(async move {
                    account::change(tx, &keyring, &id, change, None).await?;
                    tx.commit(Entry::new(By::cli(), "account.changed", &id), ())
                })
            })
            .await
            .unwrap();
    }
}
