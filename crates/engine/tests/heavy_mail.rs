//! Alerts by mail through a real mail server: what it takes lies in the mailbox, as IMAP shows it; what it refuses for
//! now goes again; what it refuses for good is not silent.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a story that fails")]

#[expect(dead_code, reason = "the stories of the outbox need more of that world")]
mod common;

use std::time::Duration;

use bedside_engine::clock::Clock;
use bedside_model::UserId;
use bedside_model::account::{SmtpSettings, SmtpTls};
use bedside_model::alert::{Channel, Rota, RotaStep};
use bedside_model::role::{Role, RoleSet};
use bedside_store::people::{self, NewUser};
use bedside_store::testing::sqlite;
use bedside_store::{By, Entry, alerts, settings, trust};
use common::World;
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CRISIS: &str = "goodbye everyone I love you, this is my last post";

/// How to reach the server, as the test command hands it over.
#[derive(Debug, Clone, Deserialize)]
struct Access {
    host: String,
    password: String,
    imap_port: u16,
    smtp_port: u16,
    smtp_tls_port: u16,
}

/// The server at hand; `None`, said aloud, where there is none.
#[expect(clippy::disallowed_methods, reason = "the test command hands its peers over in the environment")]
fn access() -> Option<Access> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match set("BEDSIDE_TEST_MAIL") {
        Some(path) => Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()),
        None if set("BEDSIDE_REQUIRE_PEERS").is_some() => {
            panic!("a mail server is required for this test and was not started")
        }
        None => {
            eprintln!("skipped: mail (BEDSIDE_TEST_MAIL is not set; `cargo xtask test` starts a server)");
            None
        }
    }
}

impl Access {
    /// Every mail in a mailbox, in one text; opened as its owner, which marks nothing as read.
    async fn mailbox(&self, address: &str) -> Mailbox {
        let mut stream = TcpStream::connect((self.host.as_str(), self.imap_port)).await.unwrap();
        let dialogue = format!(
            "a LOGIN {address} {}\r\nb EXAMINE INBOX\r\nc FETCH 1:* BODY.PEEK[]\r\nd LOGOUT\r\n",
            self.password
        );
        stream.write_all(dialogue.as_bytes()).await.unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).await.unwrap();
        assert!(said.contains("a OK") && said.contains("b OK"), "{said}");
        Mailbox(said)
    }
}

/// What a mailbox holds.
#[derive(Debug)]
struct Mailbox(String);

impl Mailbox {
    /// The value of this header line in each mail.
    fn headers(&self, name: &str) -> Vec<&str> {
        self.0.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect()
    }
}

/// A world with one person on call, whose address decides what the server does.
struct OnCall {
    world: World,
    address: String,
    mail: Access,
}

impl OnCall {
    /// `behaviour` is one of those of `xtask/mail/server.py`; each run has a mailbox of its own domain.
    async fn reached(mail: &Access, behaviour: &str, port: u16, tls: SmtpTls) -> Self {
        let world = World::new(sqlite().await, Duration::from_secs(5)).await;
        let user = UserId::from_bits(world.db.store.ids().bits(world.now()));
        let address = format!("{behaviour}@run{}.example.org", Clock::System.now());
        let smtp = SmtpSettings {
            host: mail.host.clone(),
            port,
            from: "Bedside <bedside@example.org>".into(),
            username: Some("bedside@example.org".into()),
            tls,
        };
        let new = NewUser {
            id: user.clone(),
            email: address.clone(),
            name: "On call".into(),
            password_hash: String::new(),
            roles: RoleSet::EMPTY.with(Role::OnCall),
        };
        let (keyring, password) = (world.db.store.keyring().clone(), mail.password.clone());
        let write = world.db.store.write(&world.db.org, world.now(), move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                people::add(tx, &new).await?;
                let (mut all, version) = settings::load(tx.conn(), &org).await?;
                all.alerts.smtp = Some(smtp);
                all.rota = Rota(vec![RotaStep { user_id: user, channels: vec![Channel::Email] }]);
                settings::save(tx, &all, version).await?;
                trust::put_secret(tx, &keyring, settings::SMTP_PASSWORD, &password).await?;
                tx.commit(Entry::new(By::cli(), "settings.changed", &org), ())
            })
        });
        write.await.unwrap();
        let story = Self { world, address, mail: mail.clone() };
        story.world.hears("Rosalind Quennell", &[CRISIS.to_owned()]).await;
        story.run().await;
        story
    }

    async fn run(&self) {
        self.world.out.run_until_idle().await.unwrap();
    }

    async fn later(&self, seconds: u64) {
        self.world.later(seconds);
        self.run().await;
    }

    async fn mailbox(&self) -> Mailbox {
        self.mail.mailbox(&self.address).await
    }

    async fn unsent(&self) -> i64 {
        let mut conn = self.world.db.store.read().await.unwrap();
        alerts::unsent(&mut conn, &self.world.db.org, 0).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn heavy_an_alert_lies_in_the_mailbox_of_who_is_on_call() {
    let Some(mail) = access() else { return };
    let story = OnCall::reached(&mail, "mara", mail.smtp_port, SmtpTls::None).await;
    let mailbox = story.mailbox().await;
    assert_eq!(mailbox.headers("Subject"), ["Bedside: A crisis needs somebody now."]);
    assert_eq!(mailbox.headers("To"), [story.address.as_str()]);
    for word in ["goodbye", "last post", "Rosalind", "Quennell"] {
        assert!(!mailbox.0.contains(word), "{word} left");
    }
    assert_eq!(story.unsent().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn heavy_a_server_that_asks_to_come_back_is_asked_again() {
    let Some(mail) = access() else { return };
    let story = OnCall::reached(&mail, "greylisted", mail.smtp_port, SmtpTls::None).await;
    assert_eq!(story.mailbox().await.headers("Subject").len(), 0);
    story.later(5 * 60).await;
    assert_eq!(story.mailbox().await.headers("Subject").len(), 1);
    assert_eq!(story.unsent().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn heavy_an_answer_that_never_came_costs_a_second_mail_with_the_same_id_and_no_silence() {
    let Some(mail) = access() else { return };
    let story = OnCall::reached(&mail, "vanish", mail.smtp_port, SmtpTls::None).await;
    story.later(5 * 60).await;
    let mailbox = story.mailbox().await;
    let ids = mailbox.headers("Message-ID");
    assert!(ids.len() >= 2, "{ids:?}");
    assert!(ids.iter().all(|id| id == &ids[0]), "most programs show one id once: {ids:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn heavy_a_mailbox_that_does_not_exist_is_not_silent() {
    let Some(mail) = access() else { return };
    let story = OnCall::reached(&mail, "unknown", mail.smtp_port, SmtpTls::None).await;
    assert_eq!(story.unsent().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn heavy_a_server_whose_certificate_nobody_signed_gets_neither_password_nor_mail() {
    let Some(mail) = access() else { return };
    let story = OnCall::reached(&mail, "mara", mail.smtp_tls_port, SmtpTls::Tls).await;
    assert_eq!(story.mailbox().await.headers("Subject").len(), 0);
}
