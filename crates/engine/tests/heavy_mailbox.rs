//! A mailbox on a real mail server: letters and notifications come in, once, and an answer goes out.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a story that fails")]

use std::time::Duration;

use bedside_engine::clock::{Clock, MockClock};
use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::Listen;
use bedside_engine::listen::accounts::credentials_bytes;
use bedside_engine::out::Out;
use bedside_model::delivery::OutboxKind;
use bedside_model::{AccountId, OutboxId, Phi, SourceId, VerdictId};
use bedside_networks::{Credentials, Operation, Secret, Visibility};
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::listen::source::{self, NewSource};
use bedside_store::outbox::{self, NewItem};
use bedside_store::testing::{NOON, TestDb, sqlite};
use bedside_store::{By, Entry, Row};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use serde::Deserialize;
use serde_json::json;

/// How to reach the server, as the test command hands it over.
#[derive(Debug, Deserialize)]
struct Access {
    host: String,
    password: String,
    imap_port: u16,
    smtp_port: u16,
}

/// The server at hand; `None`, said aloud, where there is none.
#[expect(clippy::disallowed_methods, reason = "the test command hands its peers over in the environment")]
fn access() -> Option<Access> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match set("BEDSIDE_TEST_MAIL") {
        Some(path) => Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()),
        None if set("BEDSIDE_REQUIRE_PEERS").is_some() => panic!("a mail server is required for this test"),
        None => {
            eprintln!("skipped: mail (BEDSIDE_TEST_MAIL is not set; `cargo xtask test` starts a server)");
            None
        }
    }
}

struct Stage {
    mail: Access,
    address: String,
    db: TestDb,
    clock: MockClock,
    time: Clock,
    listen: Listen,
    out: Out,
    account: AccountId,
}

impl Stage {
    async fn set(mail: Access) -> Self {
        let db = sqlite().await;
        let (time, clock) = Clock::mock(NOON);
        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
        let listen = Listen::new(db.store.clone(), time.clone(), http.clone(), "test", db.dir.path());
        let out = Out::new(db.store.clone(), time.clone(), http, "test", "http://127.0.0.1:9/", db.dir.path());
        // Each run has a mailbox of its own.
        let address = format!("care@run{}.example.org", Clock::System.now());
        let account = connect(&db, &mail, &address).await;
        Self { mail, address, db, clock, time, listen, out, account }
    }

    async fn posts(&self, from: &str, subject: &str, text: &str) {
        let message = Message::builder()
            .from(from.parse().unwrap())
            .to(self.address.parse().unwrap())
            .subject(subject)
            .message_id(None)
            .body(text.to_owned())
            .unwrap();
        let server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&self.mail.host).port(self.mail.smtp_port);
        server.build().send(message).await.unwrap();
    }

    async fn hears(&self) {
        self.clock.advance(Duration::from_secs(120));
        self.listen.run_until_idle().await.unwrap();
    }

    async fn rows(&self, sql: &str) -> Vec<Row> {
        self.db.store.read().await.unwrap().test_rows(sql).await.unwrap()
    }

    async fn count(&self, condition: &str) -> i64 {
        self.rows(&format!("select count(*) as n from messages where {condition}")).await[0].int("n").unwrap()
    }
}

async fn connect(db: &TestDb, mail: &Access, address: &str) -> AccountId {
    let ids = db.store.ids();
    let credentials = Credentials::Basic { user: address.to_owned(), password: Secret::new(mail.password.clone()) };
    let account = NewAccount {
        id: AccountId::from_bits(ids.bits(NOON)),
        network: "email".into(),
        name: "Mailbox".into(),
        base_url: format!("imap://{}:{}/", mail.host, mail.imap_port),
        part2: false,
        profile: Profile::default(),
        config: json!({
            "from": address,
            "smtp": {"host": mail.host, "port": mail.smtp_port, "tls": "none"},
        }),
        credentials: credentials_bytes(&credentials),
    };
    let source = NewSource {
        id: SourceId::from_bits(ids.bits(NOON)),
        account_id: account.id.clone(),
        kind: "mailbox".into(),
        name: "Mailbox".into(),
        url: String::new(),
        config: json!({}),
        interval_seconds: 60,
    };
    let id = account.id.clone();
    let keyring = db.store.keyring().clone();
    db.store
        .write(&db.org, NOON, move |tx| {
            Box::pin(async move {
                account::add(tx, &keyring, &account).await?;
                source::add(tx, &source).await?;
                tx.commit(Entry::new(By::cli(), "account.added", &account.id), ())
            })
        })
        .await
        .unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn heavy_letters_and_notifications_come_in_once_and_an_answer_goes_out() {
    let Some(mail) = access() else { return };
    let stage = Stage::set(mail).await;
    // The first letter makes the mailbox.
    stage.posts("Rosa N. <rosa@example.org>", "My visit", "I waited three hours 😞").await;
    let tested = stage.listen.self_test(&stage.db.org, &stage.account, By::cli()).await.unwrap();
    assert!(tested.ok, "{tested:?}");
    stage.posts(
        "RateMDs <no-reply@ratemds.com>",
        "You have a new rating",
        "Doctor: Dr. Sample\n\n2 out of 5\n\nComment: Nobody called me back for a week.\n\nhttps://www.ratemds.com/doctors/1\n",
    )
    .await;
    stage.hears().await;
    stage.hears().await;
    assert_eq!(stage.count("text like '%three hours 😞%' and visibility = 'private'").await, 1);
    assert_eq!(stage.count("kind = 'review' and rating = 2 and text like 'Nobody called me back%'").await, 1);

    // Another process goes on behind what was read.
    stage.posts("Tom <tom@example.org>", "Thanks", "You were kind").await;
    stage.hears().await;
    assert_eq!(stage.count("direction = 'inbound'").await, 3);

    let row = stage
        .rows("select m.conversation_id as c, m.native_id as id, c.thread_native_id as thread from messages m join conversations c on c.id = m.conversation_id where m.text like '%three hours%'")
        .await
        .remove(0);
    let operation = Operation::Reply {
        thread_native_id: row.text("thread").unwrap(),
        parent_native_id: Some(row.text("id").unwrap()),
        visibility: Visibility::Private,
        text: Phi::new("We are sorry to read this. Please call 555-0100.".into()),
    };
    let ids = stage.db.store.ids();
    let id = OutboxId::from_bits(ids.bits(stage.time.now()));
    let item = NewItem {
        id: id.clone(),
        kind: OutboxKind::Reply,
        account_id: Some(stage.account.clone()),
        conversation_id: Some(row.parsed("c").unwrap()),
        draft_id: None,
        message_id: None,
        alert_id: None,
        verdict_id: VerdictId::from_bits(ids.bits(stage.time.now())),
        payload: outbox::payload(&operation),
        idempotency_key: id.to_string(),
        priority: 7,
        due_at: stage.time.now(),
    };
    let queued = stage.db.store.write(&stage.db.org, stage.time.now(), move |tx| {
        Box::pin(async move {
            outbox::verdict::add_fixed(tx, &item.verdict_id, "check").await?;
            outbox::enqueue(tx, &item).await?;
            tx.commit(Entry::new(By::cli(), "draft.sent", "test"), ())
        })
    });
    queued.await.unwrap();
    stage.out.run_until_idle().await.unwrap();
    let sent = stage.rows("select state, native_id from outbox").await.remove(0);
    assert_eq!(sent.text("state").unwrap(), "delivered");
    assert!(sent.text("native_id").unwrap().contains(".bedside@run"), "one id for every attempt");
}

#[tokio::test(flavor = "multi_thread")]
async fn heavy_a_wrong_password_asks_for_a_person_and_loses_nothing() {
    let Some(mail) = access() else { return };
    let wrong = Access { password: "not it".into(), ..mail };
    let stage = Stage::set(wrong).await;
    stage.posts("Rosa N. <rosa@example.org>", "My visit", "I waited").await;
    stage.hears().await;
    let state = stage.rows("select state from accounts").await.remove(0).text("state").unwrap();
    assert_eq!(state, "needs_reauthorisation");
    assert_eq!(stage.count("direction = 'inbound'").await, 0);
}
