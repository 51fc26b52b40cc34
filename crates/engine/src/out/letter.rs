//! An answer by mail.
//!
//! A mail server takes a letter or does not; once the connection broke behind the letter's end nobody
//! can tell. Such a letter is never sent again by itself, and there is nothing to read back: a person
//! looks. Every attempt has the same Message-ID, so that most mail programs show it once.

use std::net::IpAddr;

use bedside_model::OrgId;
use bedside_model::account::{SmtpSettings, SmtpTls};
use bedside_model::delivery::Outcome;
use bedside_networks::email::{Letter, letter};
use bedside_networks::{AccountView, Credentials, Operation};
use bedside_store::StoreError;
use bedside_store::intake::raw;
use bedside_store::outbox::Said;
use lettre::message::{Mailbox, header};
use lettre::{AsyncTransport as _, Message};
use serde::Deserialize;
use tokio::net::TcpStream;
use url::Url;

use super::Out;
use super::mail::transport;
use super::send::{Attempted, Claimed};
use crate::listen::poller::said;

/// The mail server of an account: the setting `smtp`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Server {
    host: String,
    port: u16,
    tls: SmtpTls,
}

fn dead(why: impl Into<String>) -> Attempted {
    Attempted::new(Outcome::Dead, Some(why.into()))
}

impl Out {
    /// Sends an answer to a letter.
    pub(super) async fn send_letter(
        &self,
        org: &OrgId,
        claimed: &Claimed,
        view: &AccountView,
        operation: &Operation,
    ) -> Result<Attempted, StoreError> {
        let row = &claimed.row;
        let account = row.account_id.as_ref().ok_or(StoreError::Rule("an outbox item without an account"))?;
        let Operation::Reply { parent_native_id, thread_native_id, text, .. } = operation else {
            return Ok(dead("by mail only answers are sent"));
        };
        let answered = parent_native_id.as_ref().unwrap_or(thread_native_id);
        let Some(body) = raw::body(&mut self.store.read().await?, org, account, answered).await? else {
            return Ok(dead("the letter that is answered is no longer there"));
        };
        let letter = match letter(view, &body, text, &row.idempotency_key) {
            Ok(letter) => letter,
            Err(e) => return Ok(dead(e.to_string())),
        };
        let (message, server, password) = match prepare(view, &letter) {
            Ok(prepared) => prepared,
            Err(why) => return Ok(dead(why)),
        };
        let at = match self.reached(org, &server).await? {
            Ok(at) => at.to_string(),
            Err(NotReached::Plain) => return Ok(dead("letters leave over TLS: set `tls` to `starttls` or `tls`")),
            // A server that cannot be reached has not taken anything.
            Err(NotReached::Now(why)) => {
                return Ok(Attempted::new(self.retry(claimed.item.attempts, None), Some(why.to_owned())));
            }
        };
        let transport = match transport(&server, &at, password) {
            Ok(transport) => transport,
            Err(why) => return Ok(dead(why)),
        };
        let said = || Said { native_id: Some(letter.message_id.clone()), ..Said::default() };
        Ok(match transport.send(message).await {
            Ok(_) => Attempted { said: said(), ..Attempted::new(Outcome::Delivered, None) },
            Err(e) if e.is_permanent() => dead("the mail server refused it for good"),
            // A server that answers "not now" has not taken it.
            Err(e) if e.is_transient() => {
                Attempted::new(self.retry(claimed.item.attempts, None), Some("the mail server asks to wait".to_owned()))
            }
            Err(e) if e.is_client() || e.is_tls() => dead("the mail server's answer or certificate is not accepted"),
            Err(_) => Attempted::new(
                Outcome::Unknown,
                Some("the connection to the mail server broke; nobody can tell whether it took the letter".to_owned()),
            ),
        })
    }

    /// The address of a mail server: vetted like any other, and it answers. The letter goes there, and not to a
    /// name that may mean something else a moment later.
    async fn reached(&self, org: &OrgId, server: &SmtpSettings) -> Result<Result<IpAddr, NotReached>, StoreError> {
        let Ok(url) = Url::parse(&format!("https://{}:{}/", server.host, server.port)) else {
            return Ok(Err(NotReached::Now("the mail server's name cannot be used")));
        };
        let allowed = crate::listen::allowed_hosts(&self.store, org).await?;
        if server.tls == SmtpTls::None && !allowed.has(&url) && !self.http.allows(&url) {
            return Ok(Err(NotReached::Plain));
        }
        let reached = self.http.reach(&url, &allowed).await.map_err(|e| NotReached::Now(said(&e)));
        let at = |stream: TcpStream| stream.peer_addr().map(|at| at.ip());
        Ok(reached.and_then(|stream| at(stream).map_err(|_| NotReached::Now("the mail server broke off"))))
    }
}

/// Why a letter cannot be brought to its mail server.
enum NotReached {
    /// Password and letter would go over an open line, to a host that nobody allowed by name.
    Plain,
    /// The server cannot be reached now.
    Now(&'static str),
}

type Prepared<'a> = (Message, SmtpSettings, Option<&'a str>);

fn prepare<'a>(view: &'a AccountView, letter: &Letter) -> Result<Prepared<'a>, &'static str> {
    let server = view.config.get("smtp").cloned().ok_or("the account has no mail server (setting `smtp`)")?;
    let server: Server = serde_json::from_value(server)
        .map_err(|_| "the setting `smtp` is like {\"host\":\"mail.example.org\",\"port\":465,\"tls\":\"tls\"}")?;
    let from: Mailbox = letter.from.parse().map_err(|_| "the setting `from` is no e-mail address")?;
    let to: Mailbox = letter.to.expose().parse().map_err(|_| "the sender's address is no e-mail address")?;
    let references = letter.references.iter().map(|id| format!("<{id}>")).collect::<Vec<_>>().join(" ");
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(letter.subject.expose())
        .message_id(Some(format!("<{}>", letter.message_id)))
        .in_reply_to(format!("<{}>", letter.in_reply_to))
        .references(references)
        .header(header::ContentType::TEXT_PLAIN)
        .body(letter.text.expose().clone())
        .map_err(|_| "the letter could not be composed")?;
    let (username, password) = match &view.credentials {
        Credentials::Basic { user, password } => (Some(user.clone()), Some(password.expose())),
        _ => (None, None),
    };
    let smtp =
        SmtpSettings { host: server.host, port: server.port, from: letter.from.clone(), username, tls: server.tls };
    Ok((message, smtp, password))
}
