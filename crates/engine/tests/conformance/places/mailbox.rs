//! A mailbox: as much of an IMAP server (RFC 3501) as our reader asks for, and an SMTP server (RFC 5321)
//! that puts a copy of each answer in the same mailbox.

use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedside_engine::clock::Clock;
use bedside_networks::{Credentials, Secret};
use futures_util::future::BoxFuture;
use lettre::Message;
use lettre::message::{Mailbox, SinglePart};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::place::{Place, Said, Trouble, Troubles, When};

const USER: &str = "care@example.org";
const PASSWORD: &str = "postcard";

#[derive(Default)]
struct Letters {
    /// A letter's UID is its place, counted from 1.
    letters: Vec<Vec<u8>>,
    troubles: Troubles,
}

impl Letters {
    /// The UIDs of a set such as `3`, `1,2` or `7:*`.
    fn uids(&self, set: &str) -> Vec<usize> {
        let last = self.letters.len();
        let number = |text: &str| if text == "*" { last } else { text.parse().unwrap() };
        let part = |part: &str| match part.split_once(':') {
            // The order does not count: `9:*` names the last letter where there are fewer.
            Some((from, to)) => number(from).min(number(to))..=number(from).max(number(to)),
            None => number(part)..=number(part),
        };
        set.split(',').flat_map(part).filter(|uid| (1..=last).contains(uid)).collect()
    }
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Letters>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Letters> {
        self.0.lock().unwrap()
    }
}

struct Open {
    shared: Shared,
    clock: Clock,
    imap: u16,
    smtp: u16,
    tasks: [JoinHandle<()>; 2],
}

/// Opens an empty mailbox.
pub fn open(clock: Clock) -> BoxFuture<'static, Box<dyn Place>> {
    Box::pin(async move {
        let shared = Shared::default();
        let [imap, smtp] =
            [TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap()];
        let port = |listener: &TcpListener| listener.local_addr().unwrap().port();
        let ports = [port(&imap), port(&smtp)];
        let tasks = [(imap, true), (smtp, false)].map(|(listener, reads)| {
            let shared = shared.clone();
            tokio::spawn(async move {
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    let shared = shared.clone();
                    // A client that breaks off is no business of the others.
                    tokio::spawn(async move {
                        let served = if reads { read(stream, &shared).await } else { post(stream, &shared).await };
                        drop(served);
                    });
                }
            })
        });
        Box::new(Open { shared, clock, imap: ports[0], smtp: ports[1], tasks }) as Box<dyn Place>
    })
}

/// Serves IMAP.
async fn read(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"* OK [CAPABILITY IMAP4rev1] ready\r\n").await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (tag, command) = (words[0], words[1].to_ascii_uppercase());
        let trouble = shared.lock().troubles.meet();
        let known = line.contains(&format!("\"{USER}\" \"{PASSWORD}\""));
        let (answer, ends) = match (trouble, command.as_str()) {
            (Some(Trouble::Malformed), _) => (b"<html>not a mail server</html>\r\n".to_vec(), true),
            (Some(trouble), "LOGIN") => (format!("{tag} NO {}\r\n", refusal(trouble)).into_bytes(), false),
            (Some(Trouble::TooMuch), _) => (format!("{tag} NO {}\r\n", refusal(Trouble::TooMuch)).into_bytes(), false),
            (Some(_), _) => (b"* BYE the server goes down\r\n".to_vec(), true),
            (None, "LOGIN") if !known => (format!("{tag} NO {}\r\n", refusal(Trouble::Revoked)).into_bytes(), false),
            (None, "LOGOUT") => (format!("* BYE\r\n{tag} OK done\r\n").into_bytes(), true),
            (None, _) => (answer(&shared.lock(), &words, &command), false),
        };
        stream.write_all(&answer).await?;
        if ends {
            break;
        }
        line.clear();
    }
    Ok(())
}

/// The codes of RFC 5530.
fn refusal(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::TooMuch => "[LIMIT] Too many connections, try again later",
        Trouble::Down | Trouble::Malformed => "[UNAVAILABLE] Temporary authentication failure",
        Trouble::Expired => "[EXPIRED] The password has expired",
        Trouble::Revoked => "[AUTHENTICATIONFAILED] Invalid credentials",
    }
}

fn answer(letters: &Letters, words: &[&str], command: &str) -> Vec<u8> {
    let mut told = Vec::new();
    match command {
        "EXAMINE" => {
            let count = letters.letters.len();
            let uids = format!("* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT {}] next\r\n", count + 1);
            told.extend(format!("* FLAGS (\\Seen)\r\n* {count} EXISTS\r\n* 0 RECENT\r\n{uids}").into_bytes());
        }
        "UID" if words[2].eq_ignore_ascii_case("SEARCH") => {
            let found = letters.uids(words[4]).iter().map(|uid| format!(" {uid}")).collect::<String>();
            told.extend(format!("* SEARCH{found}\r\n").into_bytes());
        }
        "UID" => {
            for uid in letters.uids(words[3]) {
                let letter = &letters.letters[uid - 1];
                told.extend(format!("* {uid} FETCH (UID {uid} BODY[]<0> {{{}}}\r\n", letter.len()).into_bytes());
                told.extend(letter);
                told.extend(b")\r\n");
            }
        }
        _ => {}
    }
    told.extend(format!("{} OK done\r\n", words[0]).into_bytes());
    told
}

/// Serves SMTP.
async fn post(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mail.example.org\r\n").await?;
    let known = STANDARD.encode(format!("\0{USER}\0{PASSWORD}"));
    let (mut line, mut letter) = (Vec::new(), None::<Vec<u8>>);
    while stream.read_until(b'\n', &mut line).await? > 0 {
        let answer: &[u8] = match &mut letter {
            Some(letter) if line != b".\r\n" => {
                letter.extend(line.strip_prefix(b".").unwrap_or(&line));
                b""
            }
            Some(whole) => {
                shared.lock().letters.push(std::mem::take(whole));
                letter = None;
                b"250 taken\r\n"
            }
            None if line.starts_with(b"DATA") => {
                letter = Some(Vec::new());
                b"354 go on\r\n"
            }
            None if line.starts_with(b"EHLO") => b"250-mail.example.org\r\n250 AUTH PLAIN\r\n",
            None if line.starts_with(b"AUTH") && !line.ends_with(format!(" {known}\r\n").as_bytes()) => b"535 no\r\n",
            None if line.starts_with(b"AUTH") => b"235 welcome\r\n",
            None if line.starts_with(b"QUIT") => b"221 done\r\n",
            None => b"250 yes\r\n",
        };
        stream.write_all(answer).await?;
        line.clear();
    }
    Ok(())
}

impl Place for Open {
    fn base(&self) -> String {
        format!("imap://127.0.0.1:{}/", self.imap)
    }

    fn account(&self) -> (Option<String>, Value) {
        (None, json!({"from": USER, "smtp": {"host": "127.0.0.1", "port": self.smtp, "tls": "none"}}))
    }

    fn credentials(&self) -> Credentials {
        Credentials::Basic { user: USER.into(), password: Secret::new(PASSWORD) }
    }

    fn write(&self, said: Said<'_>) -> String {
        let slug: String = said.author.chars().filter(char::is_ascii_alphanumeric).collect();
        let from = Mailbox::new(Some(said.author.to_owned()), format!("{slug}@example.org").parse().unwrap());
        let mut letters = self.shared.lock();
        let id = format!("<{}@mail.example.org>", letters.letters.len() + 1);
        let mut letter = Message::builder()
            .from(from)
            .to(USER.parse().unwrap())
            .subject("My visit")
            .message_id(Some(id.clone()))
            .date(self.clock.timestamp().into());
        if let Some(answered) = said.answers {
            letter = letter.in_reply_to(answered.to_owned()).references(answered.to_owned());
        }
        let letter = letter.singlepart(SinglePart::plain(said.text.to_owned())).unwrap();
        letters.letters.push(letter.formatted());
        id
    }

    fn edit(&self, _id: &str, _text: &str) {
        unreachable!("a letter that was sent stays as it is");
    }

    fn delete(&self, _id: &str) {
        unreachable!("a letter that was received stays received");
    }

    fn trouble(&self, trouble: Trouble, when: When) {
        self.shared.lock().troubles.add(trouble, when);
    }

    fn well(&self) {
        self.shared.lock().troubles.clear();
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
