//! Alerts reach the people on call: by mail and webhook, with class, time and link only; down the
//! chain until somebody says "I am on it"; and an alert that could not be sent is not silent.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a story that fails")]

#[expect(dead_code, reason = "the stories of the outbox need more of that world")]
mod common;

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use bedside_engine::out::signature;
use bedside_model::account::{SmtpSettings, SmtpTls, WebhookSettings};
use bedside_model::alert::{Channel, Rota, RotaStep};
use bedside_model::role::{Role, RoleSet};
use bedside_model::time::from_micros;
use bedside_model::{AlertId, UserId};
use bedside_store::people::{self, NewUser};
use bedside_store::settings::{self, WEBHOOK_SECRET};
use bedside_store::testing::{TestDb, each_engine};
use bedside_store::{By, Entry, alerts, outbox, trust};
use common::World;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

const SECRET: &str = "a signing secret for tests";
const NAME: &str = "Rosalind Quennell";
const CRISIS: &str = "goodbye everyone I love you, this is my last post";
const MINUTE: u64 = 60;

/// A mail as the server took it.
#[derive(Debug, Clone)]
struct Mail {
    to: String,
    data: String,
}

/// A mail server on loopback that says one code to every recipient.
#[derive(Debug, Clone, Default)]
struct MailServer {
    taken: Arc<Mutex<Vec<Mail>>>,
    says: Arc<AtomicU16>,
}

impl MailServer {
    async fn start(self) -> u16 {
        self.says.store(250, Ordering::SeqCst);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = self.clone();
                // A client that hangs up early is none of the server's business.
                tokio::spawn(async move { server.talk(stream).await.ok() });
            }
        });
        port
    }

    async fn talk(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 mail.example.org\r\n").await?;
        let mut to = String::new();
        while let Some(line) = lines.next_line().await? {
            let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match word.as_str() {
                "RCPT" => {
                    line.clone_into(&mut to);
                    format!("{} said the test\r\n", self.says.load(Ordering::SeqCst))
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await?;
                    let mut data = String::new();
                    while let Some(line) = lines.next_line().await? {
                        if line == "." {
                            break;
                        }
                        data.push_str(&line);
                        data.push('\n');
                    }
                    self.taken.lock().unwrap().push(Mail { to: to.clone(), data });
                    "250 taken\r\n".to_owned()
                }
                "QUIT" => {
                    write.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => "250 fine\r\n".to_owned(),
            };
            write.write_all(answer.as_bytes()).await?;
        }
        Ok(())
    }

    fn taken(&self) -> Vec<Mail> {
        self.taken.lock().unwrap().clone()
    }
}

/// A webhook on loopback.
#[derive(Debug, Clone, Default)]
struct Hook {
    taken: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    says: Arc<AtomicU16>,
}

impl Hook {
    async fn start(self) -> u16 {
        self.says.store(204, Ordering::SeqCst);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let take = |State(hook): State<Self>, headers: HeaderMap, body: Bytes| async move {
            hook.taken.lock().unwrap().push((headers, body));
            StatusCode::from_u16(hook.says.load(Ordering::SeqCst)).unwrap()
        };
        let router = Router::new().route("/alerts", post(take)).with_state(self);
        tokio::spawn(async move { axum::serve(listener, router).await });
        port
    }

    fn bodies(&self) -> Vec<Value> {
        self.taken.lock().unwrap().iter().map(|(_, body)| serde_json::from_slice(body).unwrap()).collect()
    }
}

/// A world with a chain of two people, a mail server and a webhook.
struct OnCall {
    world: World,
    mail: MailServer,
    hook: Hook,
    people: Vec<UserId>,
}

impl OnCall {
    async fn on(db: TestDb) -> Self {
        let world = World::new(db, Duration::from_secs(5)).await;
        let (mail, hook) = (MailServer::default(), Hook::default());
        let (smtp_port, hook_port) = (mail.clone().start().await, hook.clone().start().await);
        let ids = world.db.store.ids();
        let people: Vec<UserId> = (0..2).map(|_| UserId::from_bits(ids.bits(world.now()))).collect();
        let users = people.clone();
        let keyring = world.db.store.keyring().clone();
        let write = world.db.store.write(&world.db.org, world.now(), move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                for (user, email) in users.iter().zip(["first@example.org", "second@example.org"]) {
                    let new = NewUser {
                        id: user.clone(),
                        email: email.to_owned(),
                        name: email.to_owned(),
                        password_hash: String::new(),
                        roles: RoleSet::EMPTY.with(Role::OnCall),
                    };
                    people::add(tx, &new).await?;
                }
                let (mut all, version) = bedside_store::settings::load(tx.conn(), &org).await?;
                all.alerts.smtp = Some(SmtpSettings {
                    host: "127.0.0.1".into(),
                    port: smtp_port,
                    from: "Bedside <bedside@example.org>".into(),
                    username: None,
                    tls: SmtpTls::None,
                });
                all.alerts.webhook = Some(WebhookSettings { url: format!("http://127.0.0.1:{hook_port}/alerts") });
                let step = |user: &UserId| RotaStep { user_id: user.clone(), channels: vec![Channel::Email] };
                all.rota = Rota(users.iter().map(step).collect());
                settings::save(tx, &all, version).await?;
                trust::put_secret(tx, &keyring, WEBHOOK_SECRET, SECRET).await?;
                tx.commit(Entry::new(By::cli(), "settings.changed", &org), ())
            })
        });
        write.await.unwrap();
        Self { world, mail, hook, people }
    }

    async fn each_engine() -> Vec<Self> {
        let mut all = vec![];
        for db in each_engine().await {
            all.push(Self::on(db).await);
        }
        all
    }

    async fn hears(&self, text: &str) {
        self.world.hears(NAME, &[text.to_owned()]).await;
        self.run().await;
    }

    async fn run(&self) {
        self.world.out.run_until_idle().await.unwrap();
    }

    async fn later(&self, seconds: u64) {
        self.world.later(seconds);
        self.run().await;
    }

    /// Mails to somebody about the first alert of the story. A crisis that nobody answers is past
    /// its time after ten minutes as well, which is an alert of its own.
    fn mails_to(&self, address: &str) -> usize {
        let first = self.hook.bodies().first().map(|body| body["class"].as_str().unwrap_or_default().to_owned());
        let sentence = if first.as_deref() == Some("past_due") { "past its time" } else { "A crisis" };
        self.mail.taken().iter().filter(|m| m.to.contains(address) && m.data.contains(sentence)).count()
    }

    async fn alert(&self) -> FirstAlert {
        FirstAlert::of(&self.world).await
    }

    /// What the log says happened to an alert, in order.
    async fn log(&self, id: &AlertId) -> Vec<String> {
        let entries = format!("select action from audit_entries where object = '{id}' order by height");
        self.world.rows(&entries).await.iter().map(|row| row.text("action").unwrap()).collect()
    }

    async fn unsent(&self) -> i64 {
        let mut conn = self.world.db.store.read().await.unwrap();
        alerts::unsent(&mut conn, &self.world.db.org, 0).await.unwrap()
    }

    /// "I am on it", as the page does it.
    async fn acknowledges(&self, user: &UserId) {
        let id: AlertId = self.alert().await.id;
        let (at, user) = (self.world.now(), user.clone());
        let write = self.world.db.store.write(&self.world.db.org, at, move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                let alert = alerts::get(tx.conn(), &org, &id).await?;
                let next = alert.acknowledge(user.clone(), from_micros(at)).unwrap();
                alerts::save(tx, &next).await?;
                tx.commit(Entry::new(By::user(&user), "alert.acknowledged", &id), ())
            })
        });
        write.await.unwrap();
    }
}

/// The first alert of a story, read past the code under test.
struct FirstAlert {
    id: AlertId,
    class: String,
    state: String,
    exhausted: bool,
    conversation: String,
}

impl FirstAlert {
    async fn of(world: &World) -> Self {
        let rows = world.rows("select * from alerts order by raised_at, id").await;
        Self {
            id: rows[0].parsed("id").unwrap(),
            class: rows[0].text("class").unwrap(),
            state: rows[0].text("state").unwrap(),
            exhausted: rows[0].bool("exhausted").unwrap(),
            conversation: rows[0].text("conversation_id").unwrap(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crisis_is_told_over_two_ways_with_class_time_and_link_and_nothing_else() {
    for story in OnCall::each_engine().await {
        story.hears(CRISIS).await;
        let alert = story.alert().await;
        assert_eq!((alert.class.as_str(), alert.state.as_str()), ("crisis", "raised"));
        let link = format!("https://bedside.example.org/inbox/{}", alert.conversation);

        let mails = story.mail.taken();
        assert_eq!(mails.len(), 1);
        assert!(mails[0].to.contains("first@example.org"), "the first of the chain");
        assert!(mails[0].data.contains("Subject: Bedside: A crisis needs somebody now."), "{}", mails[0].data);
        assert!(mails[0].data.contains(&link) && mails[0].data.contains("2026-11-24T10:01"), "{}", mails[0].data);

        let bodies = story.hook.bodies();
        assert_eq!(bodies.len(), 1);
        let mut fields: Vec<&String> = bodies[0].as_object().unwrap().keys().collect();
        fields.sort();
        assert_eq!(fields, ["at", "class", "event", "id", "link"]);
        assert_eq!((bodies[0]["class"].as_str(), bodies[0]["link"].as_str()), (Some("crisis"), Some(link.as_str())));
        let (headers, body) = story.hook.taken.lock().unwrap()[0].clone();
        assert_eq!(headers["x-bedside-signature"].to_str().unwrap(), signature(SECRET, &body).unwrap());

        // Neither a word of the message nor the name leaves, or stands in the rows that leave.
        let payloads = story.world.rows("select payload from outbox").await;
        let payloads = payloads.iter().map(|row| row.text("payload").unwrap());
        let everything = payloads.chain([mails[0].data.clone(), bodies[0].to_string(), format!("{headers:?}")]);
        for left in everything {
            for word in ["goodbye", "love", "last post", "Rosalind", "Quennell", "Lakeside"] {
                assert!(!left.contains(word), "{word} left: {left}");
            }
        }
        assert_eq!(story.unsent().await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_acknowledges_goes_down_the_chain_until_somebody_does() {
    for story in OnCall::each_engine().await {
        story.hears(CRISIS).await;
        story.later(10 * MINUTE - 1).await;
        assert_eq!((story.mails_to("first@"), story.mails_to("second@")), (1, 0), "ten minutes are ten minutes");
        story.later(1).await;
        assert_eq!((story.mails_to("first@"), story.mails_to("second@")), (1, 1));
        let alert = story.alert().await;
        assert_eq!((alert.state.as_str(), alert.exhausted), ("escalated", false));

        // The chain is over: it begins again, and every page says so.
        story.later(10 * MINUTE).await;
        assert_eq!((story.mails_to("first@"), story.mails_to("second@")), (2, 1));
        assert!(story.alert().await.exhausted);
        let exhausted =
            alerts::exhausted(&mut story.world.db.store.read().await.unwrap(), &story.world.db.org).await.unwrap();
        assert_eq!(exhausted, 1);

        story.acknowledges(&story.people[1]).await;
        for _ in 0..6 {
            story.later(10 * MINUTE).await;
        }
        assert_eq!((story.mails_to("first@"), story.mails_to("second@")), (2, 1), "nobody is told any more");
        assert_eq!(story.alert().await.state, "acknowledged");
        let log = story.log(&story.alert().await.id).await;
        let told = log.iter().filter(|action| *action == "alert.told").count();
        assert_eq!(told, 6, "two ways, three times: {log:?}");
        assert_eq!(log.last().unwrap(), "alert.acknowledged");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_conversation_past_its_time_raises_an_alert_once() {
    for story in OnCall::each_engine().await {
        story.hears("You posted my lab results and my name on your page for everyone to read.").await;
        let rows = story.world.rows("select priority, due_at from conversations").await;
        let priority = rows[0].int("priority").unwrap();
        assert!((3..=6).contains(&priority), "urgent, and no crisis: {priority}");
        assert_eq!(story.mail.taken().len(), 0, "nobody is told while there is time");

        let due = rows[0].int("due_at").unwrap();
        assert!((3_590..=3_600).contains(&((due - story.world.now()) / 1_000_000)), "one hour on the wall clock");
        story.world.clock.set(due - 1);
        story.run().await;
        assert_eq!(story.mail.taken().len(), 0);
        story.world.clock.set(due);
        story.run().await;
        assert_eq!((story.mails_to("first@"), story.hook.bodies().len()), (1, 1));
        assert_eq!(story.alert().await.class, "past_due");
        assert!(story.mail.taken()[0].data.contains("An urgent conversation is past its time."));
        story.acknowledges(&story.people[0]).await;
        story.later(3_600).await;
        assert_eq!(story.alert().await.state, "acknowledged", "raised once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_could_not_be_sent_is_counted_until_somebody_is_on_it() {
    for story in OnCall::each_engine().await {
        story.mail.says.store(550, Ordering::SeqCst);
        story.hook.says.store(404, Ordering::SeqCst);
        story.hears(CRISIS).await;
        assert_eq!(story.unsent().await, 2, "both ways refused it for good");
        let mut conn = story.world.db.store.read().await.unwrap();
        let health = outbox::health(&mut conn, &story.world.db.org, story.world.now()).await.unwrap();
        drop(conn);
        assert_eq!((health.dead, health.needs_human), (2, 2));

        // The chain goes on all the same, and the next person is reached.
        story.mail.says.store(250, Ordering::SeqCst);
        story.hook.says.store(204, Ordering::SeqCst);
        story.later(10 * MINUTE).await;
        assert_eq!(story.mails_to("second@"), 1);
        story.acknowledges(&story.people[1]).await;
        assert_eq!(story.unsent().await, 0, "somebody is on it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_and_a_webhook_that_ask_to_wait_are_asked_again() {
    for story in OnCall::each_engine().await {
        story.mail.says.store(451, Ordering::SeqCst);
        story.hook.says.store(503, Ordering::SeqCst);
        story.hears(CRISIS).await;
        let (mails, calls) = (story.mail.taken().len(), story.hook.bodies().len());
        assert_eq!((mails, calls, story.unsent().await), (0, 1, 0), "not given up");
        story.mail.says.store(250, Ordering::SeqCst);
        story.hook.says.store(204, Ordering::SeqCst);
        story.later(6).await;
        assert_eq!((story.mails_to("first@"), story.hook.bodies().len()), (1, 2));
        let keys: Vec<_> =
            story.hook.taken.lock().unwrap().iter().map(|(headers, _)| headers["idempotency-key"].clone()).collect();
        assert_eq!(keys[0], keys[1], "the receiver can tell that it is the same alert");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_leaves_while_the_outbox_is_held_after_a_restore() {
    for story in OnCall::each_engine().await {
        let at = story.world.now();
        let hold = story.world.db.store.write_system(at, move |tx| {
            Box::pin(async move {
                trust::put_state(tx, trust::OUTBOX_HELD, "held").await?;
                tx.operational(())
            })
        });
        hold.await.unwrap();
        story.hears(CRISIS).await;
        assert_eq!((story.mails_to("first@"), story.hook.bodies().len()), (1, 1));
    }
}
