//! A blog behind a fault proxy, a database, a clock that is moved by hand, the way in and the way out.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bedside_engine::clock::{Clock, MockClock};
use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::Listen;
use bedside_engine::listen::accounts::credentials_bytes;
use bedside_engine::out::Out;
use bedside_model::{AccountId, Micros, SourceId};
use bedside_networks::{Credentials, Secret};
use bedside_sandbox::Running;
use bedside_sandbox::blog::{self, Blog, WriteComment};
use bedside_sandbox::fault_proxy::{self, FaultProxy, Plan};
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::listen::source::{self, NewSource};
use bedside_store::testing::{NOON, TestDb};
use bedside_store::{By, Entry, Row};

/// The public address in the links of alerts.
pub const PUBLIC_URL: &str = "https://bedside.example.org/";

/// Everything that a story needs.
pub struct World {
    pub db: TestDb,
    pub time: Clock,
    pub clock: MockClock,
    pub blog: Blog,
    pub proxy: FaultProxy,
    pub listen: Listen,
    pub out: Out,
    pub account: AccountId,
    _servers: [Running; 2],
}

impl World {
    /// A world on a database; `patience` is the longest time of one exchange.
    pub async fn new(db: TestDb, patience: Duration) -> Self {
        let (time, clock) = Clock::mock(NOON);
        let told = time.clone();
        // Unlike WordPress it takes the same reply twice: who sends twice is found out.
        let blog = Blog::recording("Lakeside Health", Arc::new(move || told.timestamp()), &journal(&db)).unwrap();
        let site = blog::spawn(blog.clone()).await.unwrap();
        let proxy = FaultProxy::new(site.addr(), Plan::pass());
        let front = fault_proxy::spawn(proxy.clone()).await.unwrap();
        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap().with_total_time(patience);
        let listen = Listen::new(db.store.clone(), time.clone(), http.clone(), "test", db.dir.path());
        let out = Out::new(db.store.clone(), time.clone(), http, "test", PUBLIC_URL, db.dir.path());
        let account = connect(&db, &front.base_url()).await;
        Self { db, time, clock, blog, proxy, listen, out, account, _servers: [site, front] }
    }

    pub fn now(&self) -> Micros {
        self.time.now()
    }

    /// Somebody writes on the blog, and Bedside hears it.
    pub async fn hears(&self, author: &str, texts: &[String]) {
        for text in texts {
            let write = WriteComment { author: author.to_owned(), text: text.clone(), ..WriteComment::default() };
            self.blog.write(write).unwrap().expect("the first post is there");
        }
        self.clock.advance(Duration::from_secs(61));
        self.listen.run_until_idle().await.unwrap();
    }

    /// Rows of a question of the checker's own, past all code that is under test.
    pub async fn rows(&self, text: &str) -> Vec<Row> {
        self.db.store.read().await.unwrap().test_rows(text).await.unwrap()
    }

    /// Time passes.
    pub fn later(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// Where the blog writes down what took effect, before it answers.
pub fn journal(db: &TestDb) -> PathBuf {
    db.dir.path().join("effects.jsonl")
}

async fn connect(db: &TestDb, base_url: &str) -> AccountId {
    let ids = db.store.ids();
    let credentials = Credentials::Basic { user: blog::USER.into(), password: Secret::new(blog::PASSWORD) };
    let account = NewAccount {
        id: AccountId::from_bits(ids.bits(NOON)),
        network: "wordpress".into(),
        name: "Blog".into(),
        base_url: base_url.to_owned(),
        part2: false,
        profile: Profile::default(),
        config: serde_json::json!({}),
        credentials: credentials_bytes(&credentials),
    };
    let source = NewSource {
        id: SourceId::from_bits(ids.bits(NOON)),
        account_id: account.id.clone(),
        kind: "comments".into(),
        name: "Comments".into(),
        url: String::new(),
        config: serde_json::json!({}),
        interval_seconds: 60,
    };
    let id = account.id.clone();
    let keyring = db.store.keyring().clone();
    db.store
        .write(&db.org, NOON, move |tx| {
            Box::pin(async move {
                account::add(tx, &keyring, &account).await?;
                account::connected(tx, &account.id, Some("2"), Some("Patient relations"), &account.config).await?;
                source::add(tx, &source).await?;
                tx.commit(Entry::new(By::cli(), "account.added", &account.id), ())
            })
        })
        .await
        .unwrap();
    id
}
