//! Webhooks: what networks tell by themselves.
//!
//! The address names the account; the signature over the raw body says that it is the network. A
//! delivery is answered after everything in it is durable, in one transaction; a replay finds it there
//! and has no second effect. What only a poll can tell makes the account's sources due at once.
//!
//! Opened accounts are kept for a few seconds, so that a burst does not open the same secrets again
//! and again. A secret that was changed counts after that time at the latest.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bedside_model::{AccountId, Micros, OrgId};
use bedside_networks::{
    AccountView, Delivery, Forged, Handshake, Incoming, ParseError, Query, read_webhook, verify_webhook,
    webhook_handshake,
};
use bedside_store::listen::hook;
use bedside_store::{Store, StoreError};

use super::accept::{Acceptor, Part, Refused};
use super::poller::items;
use super::{account_view, heed};
use crate::clock::Clock;
use crate::upkeep;

/// How long an opened account is kept.
const KEPT: Micros = 5 * 1_000_000;
/// Most accounts that are kept.
const MOST_KEPT: usize = 1_000;
/// How often the health of an address is written down while nothing changes.
const NOTED_EVERY: Micros = 60 * 1_000_000;

/// A delivery as the server has it.
#[derive(Clone, Copy)]
pub struct Posted<'a> {
    /// The part of the address that names the account.
    pub hook_id: &'a str,
    /// What stands behind it in the address; empty for nothing. A secret for networks that sign nothing.
    pub path_secret: &'a str,
    /// Headers as received.
    pub headers: &'a [(String, String)],
    /// The raw body.
    pub body: &'a [u8],
}

impl std::fmt::Debug for Posted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Posted").field("body_bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// Why a delivery was not taken. Holds nothing of its content.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// The address is nobody's: answer 404.
    #[error("there is no such address")]
    NotFound,
    /// It is not the network's: answer 401.
    #[error(transparent)]
    Forged(#[from] Forged),
    /// The network's, but nothing that can be read: answer 400. The poll will tell.
    #[error("the delivery cannot be read: {0}")]
    Unreadable(#[from] ParseError),
    /// Not stored: answer 503 with `Retry-After`.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The database: answer 503.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a delivery brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heard {
    /// Items offered; known ones count, too.
    pub items: usize,
    /// Items that are no longer to be seen.
    pub gone: usize,
}

/// An account to which an address belongs, opened.
struct Addressee {
    org: OrgId,
    account: AccountId,
    view: AccountView,
    siblings: HashMap<String, AccountId>,
    read_at: Micros,
    /// When its health was last written down, and what.
    noted: Mutex<(Micros, Option<bool>)>,
}

/// The ear for webhooks. Cheap to clone.
#[derive(Clone)]
pub struct Hooks {
    store: Store,
    clock: Clock,
    acceptor: Acceptor,
    opened: Arc<Mutex<HashMap<String, Arc<Addressee>>>>,
}

impl std::fmt::Debug for Hooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[webhooks]")
    }
}

impl Hooks {
    /// Hears webhooks and stores what they bring through `acceptor`.
    pub fn new(store: Store, clock: Clock, acceptor: Acceptor) -> Self {
        Self { store, clock, acceptor, opened: Arc::default() }
    }

    /// Answers the request with which a network makes sure that an address is ours.
    pub async fn handshake(&self, hook_id: &str, query: &[(String, String)]) -> Result<Handshake, HookError> {
        let query = Query(query);
        if let Some(answer) = upkeep::confirm_end(&self.store, hook_id, &query, self.clock.now()).await? {
            self.opened().remove(hook_id);
            return Ok(answer);
        }
        let to = self.addressee(hook_id).await?;
        let answer = webhook_handshake(&to.view, &query);
        if let Some(said) = upkeep::asked_back(&query, &answer) {
            let account = to.account.clone();
            let noted = self.store.write(&to.org, self.clock.now(), move |tx| {
                Box::pin(async move {
                    upkeep::note(tx, &account, &said).await?;
                    tx.operational(())
                })
            });
            noted.await?;
        }
        Ok(answer)
    }

    /// Takes a delivery: verifies it, reads it, and answers when all of it is durable.
    pub async fn deliver(&self, posted: Posted<'_>) -> Result<Heard, HookError> {
        let to = self.addressee(posted.hook_id).await?;
        let Posted { headers, path_secret, body, .. } = posted;
        let incoming = Incoming { headers, path_secret, body };
        let verified = match verify_webhook(&to.view, &incoming, self.clock.now()) {
            Ok(verified) => verified,
            Err(forged) => {
                self.note(&to, false).await?;
                return Err(forged.into());
            }
        };
        let delivery = read_webhook(&to.view, verified)?;
        let (parts, heard) = shared_out(&to, delivery);
        if !parts.is_empty() {
            self.acceptor.offer_all(&to.org, parts).await?;
        }
        self.note(&to, true).await?;
        Ok(heard)
    }

    fn opened(&self) -> MutexGuard<'_, HashMap<String, Arc<Addressee>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn addressee(&self, hook_id: &str) -> Result<Arc<Addressee>, HookError> {
        let now = self.clock.now();
        if let Some(to) = self.opened().get(hook_id).filter(|to| now - to.read_at < KEPT) {
            return Ok(to.clone());
        }
        let mut conn = self.store.read().await?;
        let Some(found) = hook::find(&mut conn, hook_id).await? else {
            self.opened().remove(hook_id);
            return Err(HookError::NotFound);
        };
        let siblings = hook::siblings(&mut conn, &found.org, &found.network).await?.into_iter().collect();
        drop(conn);
        let view = account_view(&self.store, &found.org, &found.account).await?;
        let mut opened = self.opened();
        let noted = opened.get(hook_id).map_or((0, None), |old| *noted(old));
        let to = Arc::new(Addressee {
            org: found.org,
            account: found.account,
            view,
            siblings,
            read_at: now,
            noted: Mutex::new(noted),
        });
        if opened.len() >= MOST_KEPT {
            opened.retain(|_, old| now - old.read_at < KEPT);
        }
        if opened.len() < MOST_KEPT {
            opened.insert(hook_id.to_owned(), to.clone());
        }
        Ok(to)
    }

    /// Notes whether what came was the network's: at once where that changed, else once a minute.
    async fn note(&self, to: &Addressee, ok: bool) -> Result<(), StoreError> {
        let now = self.clock.now();
        {
            let mut noted = noted(to);
            if noted.1 == Some(ok) && now - noted.0 < NOTED_EVERY {
                return Ok(());
            }
            *noted = (now, Some(ok));
        }
        let account = to.account.clone();
        self.store
            .write(&to.org, now, move |tx| {
                Box::pin(async move {
                    hook::seen(tx, &account, now, ok).await?;
                    tx.operational(())
                })
            })
            .await
    }
}

fn noted(of: &Addressee) -> MutexGuard<'_, (Micros, Option<bool>)> {
    of.noted.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives each account what is said of it. What is said of an account that is not connected here is
/// nobody's business.
fn shared_out(to: &Addressee, delivery: Delivery) -> (BTreeMap<AccountId, Part>, Heard) {
    let mut parts: BTreeMap<AccountId, Part> = BTreeMap::new();
    let mut heard = Heard::default();
    for told in delivery.parts {
        let account = match &told.owner {
            None => Some(&to.account),
            Some(owner) if to.view.own_native_id.as_ref() == Some(owner) => Some(&to.account),
            Some(owner) => to.siblings.get(owner),
        };
        let Some(account) = account else { continue };
        heard.items += told.items.len();
        heard.gone += told.gone.len();
        let part = parts.entry(account.clone()).or_default();
        part.gone.extend(told.gone);
        // What is chosen from is chosen from by the poll.
        if heed::is_choosy(&to.view) {
            part.poll_now |= told.poll_now || !told.items.is_empty();
            continue;
        }
        part.items.extend(items(&to.view, told.items));
        part.poll_now |= told.poll_now;
    }
    (parts, heard)
}
