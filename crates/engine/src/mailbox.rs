//! Reading a mailbox over IMAP (RFC 3501), over TLS or, to hosts that are allowed by name, without.
//!
//! The folder is opened for reading only and nothing in it is changed: not even that a letter was
//! seen. The cursor holds the folder's UIDVALIDITY and the last UID; a folder that was made anew is
//! read from its begin, and what is known already is stored once.
//!
//! A letter that the server lists and does not deliver, or breaks off over, holds up those behind it for
//! [`TRIES`] readings, the last of them with a request of its own. Then it is left, with a dead letter in its
//! place, and the others go on; each reading asks for it once more, at its end.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bedside_networks::{AccountView, Credentials, ErrorClass, TransportError};
use futures_util::TryStreamExt as _;
use rustls::pki_types::ServerName;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Url;

use crate::http::{AllowedHosts, Http};

/// Most letters that are fetched at once.
const AT_ONCE: usize = 20;
/// How much of a letter is fetched: attachments behind it are not looked at.
const LETTER_MAX: u32 = 1024 * 1024;
/// Longest time for one exchange with the server.
const PATIENCE: Duration = Duration::from_secs(60);
/// Readings after which a letter that is not delivered is left.
const TRIES: u8 = 5;
/// Most letters that are left; a server that delivers less than that is waited for.
const LEFT_MAX: usize = 100;
/// What a refusal says that is about the server, and passes (RFC 5530).
const PASSING: [&str; 4] = ["[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]"];

/// Why a mailbox cannot be read. Holds no content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MailError {
    /// The account is not set up rightly.
    #[error("{0}")]
    Config(&'static str),
    /// The server cannot be reached.
    #[error("{0}")]
    Unreachable(&'static str),
    /// The server refuses user name and password.
    #[error("the mail server refuses the user name or the password")]
    Refused,
    /// The server lets nobody in just now.
    #[error("the mail server has no room for us just now")]
    Busy,
    /// There is no such folder, or it may not be read.
    #[error("the folder is not there, or may not be read")]
    Folder,
    /// The connection broke, or the server says what cannot be understood.
    #[error("the mail server broke off")]
    Broken,
}

impl MailError {
    /// What it means for what to do next.
    pub(crate) const fn class(&self) -> ErrorClass {
        match self {
            Self::Config(_) | Self::Folder => ErrorClass::Invalid,
            Self::Refused => ErrorClass::Authorisation,
            Self::Unreachable(_) | Self::Busy | Self::Broken => ErrorClass::Transient,
        }
    }
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> Wire for T {}

type Session = async_imap::Session<Box<dyn Wire>>;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    v: u8,
    validity: u32,
    uid: u32,
    /// The letter that holds up the others, and how often it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<(u32, u8)>,
    /// Letters that were left.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    left: BTreeSet<u32>,
}

/// What a look into the folder brought.
#[derive(Debug, Default)]
pub(crate) struct Brought {
    /// Letters.
    pub letters: Vec<Vec<u8>>,
    /// The id of a letter that is left from now on.
    pub withheld: Option<String>,
    /// Ids of letters that were left and came after all, or are no longer there.
    pub came: Vec<String>,
}

/// A folder that is being read.
#[derive(Debug)]
pub(crate) struct Mailbox {
    session: Session,
    cursor: Cursor,
    /// UIDs still to be fetched, in their order.
    waiting: BTreeSet<u32>,
    /// What is to be said once what came before it is stored.
    broke: Option<MailError>,
    /// Letters that were left before this reading.
    again: BTreeSet<u32>,
}

/// The user name of a mailbox.
pub(crate) fn user_of(view: &AccountView) -> Option<&str> {
    match &view.credentials {
        Credentials::Basic { user, .. } => Some(user),
        _ => None,
    }
}

impl Mailbox {
    /// Signs in, opens the folder for reading, and looks what is new since the cursor.
    pub(crate) async fn open(
        http: &Http,
        view: &AccountView,
        allowed: &AllowedHosts,
        cursor: Option<&Value>,
    ) -> Result<Self, MailError> {
        let Credentials::Basic { user, password } = &view.credentials else {
            return Err(MailError::Config("a mailbox needs a user name and a password"));
        };
        let wire = connect(http, &view.base_url, allowed).await?;
        let mut client = async_imap::Client::new(wire);
        let greeting = within(client.read_response()).await?.map_err(|_| MailError::Broken)?;
        greeting.ok_or(MailError::Broken)?;
        let signed_in = within(client.login(user, password.expose())).await?;
        let mut session = signed_in.map_err(|(e, _)| refused(&e, MailError::Refused))?;
        let folder = view.config.get("folder").and_then(Value::as_str).unwrap_or("INBOX");
        let opened = within(session.examine(folder)).await?.map_err(|e| refused(&e, MailError::Folder))?;
        // A connection that breaks in the middle of this answer looks like a folder without letters.
        let validity = opened.uid_validity.ok_or(MailError::Broken)?;
        let before: Cursor = cursor.and_then(|cursor| serde_json::from_value(cursor.clone()).ok()).unwrap_or_default();
        let before = if before.validity == validity { before } else { Cursor::default() };
        let uid = before.uid;
        let mut waiting = BTreeSet::new();
        if opened.exists > 0 {
            let wanted = format!("UID {}:*", uid.saturating_add(1));
            let found = within(session.uid_search(wanted)).await?.map_err(|_| MailError::Broken)?;
            // `n:*` names the last letter even where it lies before n, so an answer without any was none.
            if found.is_empty() {
                return Err(MailError::Broken);
            }
            waiting.extend(found.into_iter().filter(|found| *found > uid));
        }
        let again = before.left.clone();
        Ok(Self { session, cursor: Cursor { v: 1, validity, ..before }, waiting, broke: None, again })
    }

    /// The next letters, the oldest first; `None` when all were read.
    pub(crate) async fn next(&mut self) -> Result<Option<Brought>, MailError> {
        if let Some(broke) = self.broke.take() {
            return Err(broke);
        }
        // One that held up the others is asked for by itself.
        let held = self.cursor.held.filter(|(uid, _)| self.waiting.contains(uid));
        let most = if held.is_some() { 1 } else { AT_ONCE };
        let wanted: Vec<u32> = self.waiting.iter().take(most).copied().collect();
        let Some(last) = wanted.last().copied() else { return self.once_more().await };
        let (mut letters, broke) = self.fetch(&wanted).await;
        letters.sort_by_key(|(uid, _)| *uid);
        let given: BTreeSet<u32> = letters.iter().map(|(uid, _)| *uid).collect();
        let missing = wanted.iter().copied().find(|uid| !given.contains(uid));
        let failed = match (missing, broke) {
            (None, _) => None,
            (Some(_), Some(broke)) => Some(broke),
            (Some(_), None) => self.excuse(&wanted, &given).await.err(),
        };
        let mut brought = Brought::default();
        match (missing, failed) {
            (Some(missing), Some(failed)) => {
                letters.retain(|(uid, _)| *uid < missing);
                brought.withheld = self.holds_up(missing, failed);
            }
            _ => self.goes_on(last),
        }
        brought.letters = letters.into_iter().map(|(_, letter)| letter).collect();
        Ok(Some(brought))
    }

    /// Fetches letters; those that came before the connection broke count.
    async fn fetch(&mut self, wanted: &[u32]) -> (Vec<(u32, Vec<u8>)>, Option<MailError>) {
        let set = wanted.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let session = &mut self.session;
        let mut letters = Vec::new();
        let fetched = within(async {
            let fetched = session.uid_fetch(set, format!("(UID BODY.PEEK[]<0.{LETTER_MAX}>)")).await?;
            let mut fetched = std::pin::pin!(fetched);
            while let Some(letter) = fetched.try_next().await? {
                letters.extend(letter.uid.zip(letter.body().map(<[u8]>::to_vec)));
            }
            Ok::<(), async_imap::error::Error>(())
        });
        let broke = fetched.await.and_then(|fetched| fetched.map_err(|_| MailError::Broken)).err();
        (letters, broke)
    }

    /// Everything up to this letter was read.
    fn goes_on(&mut self, last: u32) {
        self.cursor.uid = last;
        self.cursor.held = None;
        self.waiting = self.waiting.split_off(&(last.saturating_add(1)));
    }

    /// A letter was not delivered. Counts it; after enough readings it is left, and this is its id.
    fn holds_up(&mut self, uid: u32, failed: MailError) -> Option<String> {
        self.cursor.uid = uid.saturating_sub(1);
        let tries = self.cursor.held.filter(|(held, _)| *held == uid).map_or(0, |(_, tries)| tries).saturating_add(1);
        self.cursor.held = Some((uid, tries));
        self.broke = Some(failed);
        if tries < TRIES || self.cursor.left.len() >= LEFT_MAX {
            return None;
        }
        self.goes_on(uid);
        self.cursor.left.insert(uid);
        Some(self.id_of(uid))
    }

    /// Asks once more for what was left, letter by letter. A connection that breaks over it has done its work.
    async fn once_more(&mut self) -> Result<Option<Brought>, MailError> {
        let mut brought = Brought::default();
        for uid in std::mem::take(&mut self.again).into_iter().take(AT_ONCE) {
            let (mut letters, broke) = self.fetch(&[uid]).await;
            let came = !letters.is_empty() || (broke.is_none() && self.excuse(&[uid], &BTreeSet::new()).await.is_ok());
            if came {
                brought.letters.extend(letters.pop().map(|(_, letter)| letter));
                brought.came.push(self.id_of(uid));
                self.cursor.left.remove(&uid);
            }
            if broke.is_some() {
                break;
            }
        }
        Ok((!brought.came.is_empty()).then_some(brought))
    }

    /// What stands for a letter that is left.
    fn id_of(&self, uid: u32) -> String {
        format!("withheld:{}:{uid}", self.cursor.validity)
    }

    /// Makes sure that letters which were not given are no longer there. The library takes an answer that
    /// breaks off for its end, and a refusal as well: what is passed over then would never be read.
    async fn excuse(&mut self, wanted: &[u32], given: &BTreeSet<u32>) -> Result<(), MailError> {
        let missing = wanted.iter().filter(|uid| !given.contains(uid));
        let set: String = missing.map(|uid| format!("{uid},")).collect();
        // The last letter of the folder is asked for too, so that an answer without any was none.
        let found = within(self.session.uid_search(format!("UID {set}*"))).await?.map_err(|_| MailError::Broken)?;
        let still_there = wanted.iter().any(|uid| !given.contains(uid) && found.contains(uid));
        if found.is_empty() || still_there { Err(MailError::Broken) } else { Ok(()) }
    }

    /// The cursor behind everything that [`Mailbox::next`] gave.
    pub(crate) fn cursor(&self) -> Value {
        serde_json::to_value(&self.cursor).unwrap_or_default()
    }

    /// Says good-bye; a server that does not answer is left alone.
    pub(crate) async fn close(mut self) {
        if let Ok(Err(e)) = within(self.session.logout()).await {
            tracing::debug!(error = %e, "a mail server did not say good-bye");
        }
    }
}

/// What it means that the server says no.
fn refused(error: &async_imap::error::Error, no: MailError) -> MailError {
    use async_imap::error::Error;
    match error {
        Error::No(said) | Error::Bad(said) if PASSING.iter().any(|code| said.contains(code)) => MailError::Busy,
        Error::No(_) | Error::Bad(_) => no,
        _ => MailError::Broken,
    }
}

async fn within<T>(work: impl Future<Output = T>) -> Result<T, MailError> {
    timeout(PATIENCE, work).await.map_err(|_| MailError::Unreachable("the mail server does not answer in time"))
}

async fn connect(http: &Http, address: &Url, allowed: &AllowedHosts) -> Result<Box<dyn Wire>, MailError> {
    let tls = match address.scheme() {
        "imaps" => true,
        "imap" => false,
        _ => return Err(MailError::Config("the address of a mailbox is like imaps://mail.example.org/")),
    };
    let host = address.host_str().unwrap_or_default().to_owned();
    let port = address.port().unwrap_or(if tls { 993 } else { 143 });
    let plain = Url::parse(&format!("https://{host}:{port}/"));
    let plain = plain.map_err(|_| MailError::Config("the address of the mailbox names no host"))?;
    if !tls && !allowed.has(&plain) && !http.allows(&plain) {
        return Err(MailError::Config("a mailbox is read over TLS: use imaps://"));
    }
    let stream = http.reach(&plain, allowed).await.map_err(|e| match e {
        TransportError::NotSent(why) | TransportError::MaybeSent(why) => MailError::Unreachable(why),
    })?;
    if !tls {
        return Ok(Box::new(stream));
    }
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from(host).map_err(|_| MailError::Config("the host's name cannot be used for TLS"))?;
    let not_accepted = |_| MailError::Unreachable("the mail server's certificate or TLS is not accepted");
    let stream = within(TlsConnector::from(Arc::new(config)).connect(name, stream)).await?.map_err(not_accepted)?;
    Ok(Box::new(stream))
}
