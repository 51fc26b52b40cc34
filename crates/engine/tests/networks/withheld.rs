//! A mail server that lists letters which it does not deliver.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bedside_model::SourceId;
use bedside_networks::{Credentials, Secret};
use bedside_store::listen::dead;
use bedside_store::testing::{TestDb, each_engine};
use bedside_store::{By, Entry};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Connected, World};

/// How a letter is kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// The answer leaves it out.
    LeftOut,
    /// The answer ends before it.
    Refused,
    /// The connection ends before it.
    BreaksOff,
}

const EVERY_WAY: [How; 3] = [How::LeftOut, How::Refused, How::BreaksOff];

#[derive(Default)]
struct Folder {
    letters: usize,
    kept_back: BTreeSet<usize>,
    asked: usize,
}

/// As much of an IMAP server as our reader asks for. The UID of a letter is its number.
struct Server {
    folder: Arc<Mutex<Folder>>,
    address: String,
}

impl Server {
    async fn with(letters: usize, kept_back: usize, how: How) -> Self {
        let folder = Arc::new(Mutex::new(Folder { letters, kept_back: BTreeSet::from([kept_back]), asked: 0 }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("imap://{}/", listener.local_addr().unwrap());
        let shared = folder.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                // A client that breaks off is no business of the others.
                drop(serve(stream, &shared, how).await);
            }
        });
        Self { folder, address }
    }

    fn folder(&self) -> MutexGuard<'_, Folder> {
        self.folder.lock().unwrap()
    }
}

async fn serve(stream: TcpStream, folder: &Mutex<Folder>, how: How) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"* OK ready\r\n").await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let (answer, ends) = answer(&mut folder.lock().unwrap(), &line, how);
        stream.write_all(answer.as_bytes()).await?;
        if ends {
            return Ok(());
        }
        line.clear();
    }
    Ok(())
}

fn answer(folder: &mut Folder, line: &str, how: How) -> (String, bool) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let tag = words[0];
    let last = folder.letters;
    let among = |set: &str| -> BTreeSet<usize> {
        let number = |text: &str| if text == "*" { last } else { text.parse().unwrap() };
        let part = |part: &str| match part.split_once(':') {
            Some((from, to)) => number(from).min(number(to))..=number(from).max(number(to)),
            None => number(part)..=number(part),
        };
        set.split(',').flat_map(part).filter(|uid| (1..=last).contains(uid)).collect()
    };
    let mut told = String::new();
    match (words[1], words.get(2).copied()) {
        ("EXAMINE", _) => told = format!("* {last} EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n"),
        ("UID", Some("SEARCH")) => {
            let found: String = among(words[4]).iter().map(|uid| format!(" {uid}")).collect();
            told = format!("* SEARCH{found}\r\n");
        }
        ("UID", _) => {
            for uid in among(words[3]) {
                if folder.kept_back.contains(&uid) {
                    folder.asked += 1;
                    match how {
                        How::LeftOut => continue,
                        How::Refused => return (format!("{told}{tag} NO [SERVERBUG] not this one\r\n"), false),
                        How::BreaksOff => return (told, true),
                    }
                }
                let letter = format!(
                    "From: Rosa N. <rosa@example.org>\r\nSubject: Visit {uid}\r\nMessage-ID: <{uid}@example.org>\r\n\r\n\
                     I waited.\r\n"
                );
                told += &format!("* {uid} FETCH (UID {uid} BODY[]<0> {{{}}}\r\n{letter})\r\n", letter.len());
            }
        }
        _ => {}
    }
    (format!("{told}{tag} OK done\r\n"), words[1] == "LOGOUT")
}

struct Reading {
    world: World,
    source: SourceId,
}

impl Reading {
    async fn of(server: &Server, db: TestDb) -> Self {
        let world = World::new(db);
        let connected = Connected {
            network: "email",
            base_url: &server.address,
            native_id: "care@example.org",
            credentials: Credentials::Basic { user: "care@example.org".into(), password: Secret::new("postcard") },
            config: json!({}),
            kind: "mailbox",
        };
        let (_, source) = world.connect(connected).await;
        Self { world, source }
    }

    /// Reads so often, a day apart.
    async fn reads(&self, times: usize) {
        for _ in 0..times {
            self.world.later(Duration::from_secs(86_400));
            self.world.listen.run_until_idle().await.unwrap();
        }
    }

    /// Which letters are messages.
    async fn heard(&self) -> Vec<String> {
        let rows = self.world.rows("select native_id from messages order by native_id").await;
        rows.iter().map(|row| row.text("native_id").unwrap()).collect()
    }

    async fn dead(&self) -> Vec<dead::DeadLetter> {
        let mut conn = self.world.db.store.read().await.unwrap();
        dead::list(&mut conn, &self.world.db.org, None, 10).await.unwrap()
    }
}

#[tokio::test]
async fn a_letter_that_is_never_delivered_holds_up_the_others_for_a_while_only() {
    for how in EVERY_WAY {
        for db in each_engine().await {
            let server = Server::with(4, 2, how).await;
            let reading = Reading::of(&server, db).await;
            reading.reads(4).await;
            assert_eq!(reading.heard().await, ["1@example.org"], "{how:?}: it may come yet");
            assert!(reading.world.source(&reading.source).await.error.is_some(), "{how:?}: and that is shown");
            assert_eq!(reading.dead().await.len(), 0);

            reading.reads(2).await;
            assert_eq!(reading.heard().await, ["1@example.org", "3@example.org", "4@example.org"], "{how:?}");
            let dead = reading.dead().await;
            let reason = dead[0].reason.clone().unwrap();
            assert!(dead.len() == 1 && reason.contains("does not deliver"), "{how:?}: {reason}");

            reading.reads(3).await;
            assert_eq!((reading.heard().await.len(), reading.dead().await.len()), (3, 1), "{how:?}: it stays one");
            server.folder().letters = 5;
            reading.reads(1).await;
            assert_eq!(reading.heard().await.len(), 4, "{how:?}: what comes later is heard");
        }
    }
}

#[tokio::test]
async fn a_letter_that_comes_after_all_is_heard_and_no_longer_dead() {
    for how in EVERY_WAY {
        for db in each_engine().await {
            let server = Server::with(3, 2, how).await;
            let reading = Reading::of(&server, db).await;
            reading.reads(6).await;
            let dead = reading.dead().await;
            server.folder().kept_back.clear();
            // Somebody asks for it again, and need not wait.
            let id = dead[0].id.clone();
            let asked = reading.world.db.store.write(&reading.world.db.org, reading.world.now(), move |tx| {
                Box::pin(async move {
                    dead::retry(tx, &id).await?;
                    tx.commit(Entry::new(By::cli(), "dead_letter.retried", &id), ())
                })
            });
            asked.await.unwrap();
            reading.world.listen.run_until_idle().await.unwrap();
            assert_eq!(reading.heard().await.len(), 3, "{how:?}");
            assert_eq!(reading.dead().await.len(), 0, "{how:?}");
            let before = server.folder().asked;
            reading.reads(1).await;
            assert_eq!(server.folder().asked, before, "{how:?}: nothing is left to ask for");
        }
    }
}

#[tokio::test]
async fn a_letter_that_somebody_deletes_meanwhile_holds_up_nothing() {
    for db in each_engine().await {
        let server = Server::with(1, 1, How::LeftOut).await;
        let reading = Reading::of(&server, db).await;
        reading.reads(2).await;
        // It was the last of the folder, which is empty now.
        server.folder().letters = 0;
        reading.reads(1).await;
        assert_eq!(reading.world.source(&reading.source).await.error, None);
        assert_eq!(reading.dead().await.len(), 0);
    }
}
