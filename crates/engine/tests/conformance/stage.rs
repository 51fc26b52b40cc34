//! A network, a database, a clock that is moved by hand, and the real loops.

use std::time::Duration;

use bedside_engine::clock::{Clock, MockClock};
use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::Listen;
use bedside_engine::listen::accounts::credentials_bytes;
use bedside_engine::out::Out;
use bedside_model::delivery::OutboxKind;
use bedside_model::{AccountId, OutboxId, Phi, SourceId, VerdictId};
use bedside_networks::{Operation, Visibility};
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::listen::source::{self, NewSource};
use bedside_store::outbox::{self, NewItem};
use bedside_store::testing::{NOON, TestDb};
use bedside_store::{By, Entry, Row};
use serde_json::{Value, json};

use crate::actors::Actor;
use crate::place::{Place, Said};

/// Seconds between two polls of a network.
fn interval(actor: &Actor) -> u64 {
    u64::from(bedside_networks::limits(actor.network).poll_min_seconds).max(120)
}

/// Everything that a story needs.
pub struct Stage {
    pub actor: Actor,
    pub db: TestDb,
    pub time: Clock,
    pub clock: MockClock,
    pub place: Box<dyn Place>,
    pub listen: Listen,
    pub out: Out,
    pub account: AccountId,
    pub source: SourceId,
}

impl Stage {
    /// A network with one connected account; what is there already waits to be heard.
    pub async fn set(actor: &Actor, db: TestDb) -> Self {
        let (time, clock) = Clock::mock(NOON);
        let place = actor.place.open(time.clone()).await;
        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
        let listen = Listen::new(db.store.clone(), time.clone(), http.clone(), "first", db.dir.path());
        let out = Out::new(db.store.clone(), time.clone(), http, "out", "http://127.0.0.1:9/", db.dir.path());
        let (account, source) = connect(actor, &db, place.as_ref()).await;
        let tested = listen.self_test(&db.org, &account, By::cli()).await.unwrap();
        let reads = tested.checks.iter().any(|check| check.name == "read" && check.ok);
        assert!(reads, "{}: {tested:?}", actor.title);
        Self { actor: actor.clone(), db, time, clock, place, listen, out, account, source }
    }

    /// The same after a restart: another process, which knows only what is stored.
    pub fn restart(&mut self) {
        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
        self.listen = Listen::new(self.db.store.clone(), self.time.clone(), http, "second", self.db.dir.path());
    }

    /// Somebody writes; the id on the network.
    pub fn writes(&self, author: &str, text: &str) -> String {
        self.place.write(Said { author, text, answers: None })
    }

    /// Time passes, and everything that is due is heard.
    pub async fn hears(&self) {
        self.clock.advance(Duration::from_secs(interval(&self.actor) + 60));
        self.listen.run_until_idle().await.unwrap();
    }

    /// Hears for so long that every watched item was read again, however seldom the network allows it.
    pub async fn hears_until(&self, fact: &str) -> bool {
        for _ in 0..6 {
            self.hears().await;
            if self.count(fact).await > 0 {
                return true;
            }
        }
        false
    }

    /// Rows of a question of the checker's own.
    pub async fn rows(&self, sql: &str) -> Vec<Row> {
        self.db.store.read().await.unwrap().test_rows(sql).await.unwrap()
    }

    /// How many messages there are of which this holds.
    pub async fn count(&self, condition: &str) -> i64 {
        let sql = format!("select count(*) as n from messages where {condition}");
        self.rows(&sql).await[0].int("n").unwrap()
    }

    /// How often somebody's words are there.
    pub async fn heard(&self, text: &str) -> i64 {
        self.count(&format!("direction = 'inbound' and text like '%{}%'", text.replace('\'', "''"))).await
    }

    /// How the source does and what was stored, for the eye of whoever looks for a fault.
    pub async fn told(&self) -> String {
        let raw = self.rows("select kind, state, reason from raw_items order by received_at desc limit 5").await;
        let raw: Vec<String> = raw
            .iter()
            .map(|row| {
                format!(
                    "{} {} {:?}",
                    row.text("kind").unwrap(),
                    row.text("state").unwrap(),
                    row.opt_text("reason").unwrap()
                )
            })
            .collect();
        format!("{}: source {:?}, newest raw items {raw:?}", self.actor.title, self.source_error().await)
    }

    pub async fn source_error(&self) -> Option<String> {
        let sql = format!("select error from sources where id = '{}'", self.source);
        self.rows(&sql).await[0].opt_text("error").unwrap()
    }

    pub async fn account_state(&self) -> String {
        let sql = format!("select state from accounts where id = '{}'", self.account);
        self.rows(&sql).await[0].text("state").unwrap()
    }

    /// Answers somebody's message, through the outbox.
    pub async fn answers(&self, words: &str, answer: &str) {
        let sql = format!(
            "select c.id as conversation, c.thread_native_id as thread, m.native_id as parent, m.visibility as visibility
             from conversations c join messages m on m.conversation_id = c.id where m.text like '%{words}%'"
        );
        let row = self
            .rows(&sql)
            .await
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("{}: nothing to answer", self.actor.title));
        let visibility = match row.text("visibility").unwrap().as_str() {
            "private" => Visibility::Private,
            "unlisted" => Visibility::Unlisted,
            _ => Visibility::Public,
        };
        let operation = Operation::Reply {
            thread_native_id: row.text("thread").unwrap(),
            parent_native_id: Some(row.text("parent").unwrap()),
            visibility,
            text: Phi::new(answer.to_owned()),
        };
        let ids = self.db.store.ids();
        let id = OutboxId::from_bits(ids.bits(self.time.now()));
        let item = NewItem {
            id: id.clone(),
            kind: OutboxKind::Reply,
            account_id: Some(self.account.clone()),
            conversation_id: Some(row.parsed("conversation").unwrap()),
            draft_id: None,
            message_id: None,
            alert_id: None,
            verdict_id: VerdictId::from_bits(ids.bits(self.time.now())),
            payload: outbox::payload(&operation),
            idempotency_key: id.to_string(),
            priority: 7,
            due_at: self.time.now(),
        };
        self.db
            .store
            .write(&self.db.org, self.time.now(), move |tx| {
                Box::pin(async move {
                    outbox::verdict::add_fixed(tx, &item.verdict_id, "check").await?;
                    outbox::enqueue(tx, &item).await?;
                    tx.commit(Entry::new(By::cli(), "draft.sent", "test"), ())
                })
            })
            .await
            .unwrap();
        self.out.run_until_idle().await.unwrap();
    }

    pub async fn sent(&self) -> String {
        let row = self.rows("select state, why from outbox order by created_at desc, id desc").await.remove(0);
        format!("{} {}", row.text("state").unwrap(), row.opt_text("why").unwrap_or_default().unwrap_or_default())
    }
}

async fn connect(actor: &Actor, db: &TestDb, place: &dyn Place) -> (AccountId, SourceId) {
    let (native, config) = place.account();
    let ids = db.store.ids();
    let account = NewAccount {
        id: AccountId::from_bits(ids.bits(NOON)),
        network: actor.network.as_str().into(),
        name: actor.title.into(),
        base_url: place.base(),
        part2: false,
        profile: Profile::default(),
        config,
        credentials: credentials_bytes(&place.credentials()),
    };
    let source_id = SourceId::from_bits(ids.bits(NOON));
    let source = source_of(actor, source_id, account.id.clone(), actor.source, (actor.settings)());
    let (id, source_id) = (account.id.clone(), source.id.clone());
    let keyring = db.store.keyring().clone();
    db.store
        .write(&db.org, NOON, move |tx| {
            Box::pin(async move {
                account::add(tx, &keyring, &account).await?;
                account::connected(tx, &account.id, native.as_deref(), None, &account.config).await?;
                source::add(tx, &source).await?;
                tx.commit(Entry::new(By::cli(), "account.added", &account.id), ())
            })
        })
        .await
        .unwrap();
    (id, source_id)
}

fn source_of(actor: &Actor, id: SourceId, account_id: AccountId, kind: &str, config: Value) -> NewSource {
    NewSource {
        id,
        account_id,
        kind: kind.to_owned(),
        name: format!("{} {kind}", actor.title),
        url: String::new(),
        config,
        interval_seconds: interval(actor).try_into().unwrap(),
    }
}

impl Stage {
    /// Listens to something else of the account as well.
    pub async fn listens_to(&self, kind: &str) -> SourceId {
        let id = SourceId::from_bits(self.db.store.ids().bits(self.time.now()));
        let source = source_of(&self.actor, id.clone(), self.account.clone(), kind, json!({}));
        self.db
            .store
            .write(&self.db.org, self.time.now(), move |tx| {
                Box::pin(async move {
                    source::add(tx, &source).await?;
                    tx.commit(Entry::new(By::cli(), "source.added", &source.id), ())
                })
            })
            .await
            .unwrap();
        id
    }

    /// Somebody authorises the account again, with what holds now.
    pub async fn reauthorise(&self) {
        let credentials = credentials_bytes(&self.place.credentials());
        let change = account::AccountChange { credentials, ..account::AccountChange::default() };
        let (keyring, id) = (self.db.store.keyring().clone(), self.account.clone());
        self.db
            .store
            .write(&self.db.org, self.time.now(), move |tx| {
                Box::pin(async move {
                    account::change(tx, &keyring, &id, change, None).await?;
                    tx.commit(Entry::new(By::cli(), "account.changed", &id), ())
                })
            })
            .await
            .unwrap();
    }
}
