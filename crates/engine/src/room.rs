//! What every loop works with, and the line to a network for one account.

use std::sync::Arc;

use bedside_model::{AccountId, Micros, OrgId};
use bedside_networks::{AccountView, HttpRequest, HttpResponse, TransportError, is_spent};
use bedside_store::listen::account;
use bedside_store::{Store, StoreError};

use crate::blobs::Blobs;
use crate::clock::Clock;
use crate::http::{AllowedHosts, Http};
use crate::listen::{account_view, allowed_hosts};
use crate::quota::{self, Purpose, Spent};
use crate::renew::{self, Renewed};

/// What every loop works with. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    pub store: Store,
    pub clock: Clock,
    pub http: Http,
    /// Who holds the leases, for the eye of an operator.
    pub owner: Arc<str>,
    /// Where the files of posts lie.
    pub blobs: Blobs,
}

/// The line to a network for one account: its opened credentials, fresh if they could be, the hosts
/// that may be spoken to, and the budget that requests draw on.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    room: &'a Room,
    org: &'a OrgId,
    id: AccountId,
    purpose: Purpose,
    /// The account as the connectors see it.
    pub view: AccountView,
    allowed: AllowedHosts,
    scope: String,
    renewed_at: Option<Micros>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Silent {
    /// The connection.
    Transport(TransportError),
    /// The budget: nothing left.
    Spent(Spent),
    /// The database; nothing left.
    Store(StoreError),
}

impl From<StoreError> for Silent {
    fn from(e: StoreError) -> Self {
        Self::Store(e)
    }
}

/// What can be done about credentials that a network refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// They were renewed: try again at once.
    TryAgain,
    /// They may be renewed in a moment.
    TryLater,
    /// Only a person can go on.
    AskAPerson,
}

impl<'a> Line<'a> {
    /// Opens the line. Credentials that end are renewed first; where that fails, the network will say.
    pub async fn open(room: &'a Room, org: &'a OrgId, id: &AccountId, purpose: Purpose) -> Result<Self, StoreError> {
        let mut line = Self::read(room, org, id, purpose).await?;
        if renew::is_ending(&line.view.credentials, room.clock.now())
            && renew::renew(room, org, id, line.renewed_at).await? == Renewed::Kept
        {
            line = Self::read(room, org, id, purpose).await?;
        }
        Ok(line)
    }

    async fn read(room: &'a Room, org: &'a OrgId, id: &AccountId, purpose: Purpose) -> Result<Self, StoreError> {
        // The time of the last renewal is read first: where one ends in between, what is held is newer than
        // it says, and nobody renews that again.
        let account = account::get(&mut room.store.read().await?, org, id).await?;
        let view = account_view(&room.store, org, id).await?;
        let scope = account.app_id.as_ref().map_or_else(|| id.to_string(), ToString::to_string);
        let allowed = allowed_hosts(&room.store, org).await?;
        let renewed_at = account.health.renewed_at;
        Ok(Self { room, org, id: id.clone(), purpose, view, allowed, scope, renewed_at })
    }

    /// The hosts in private ranges that may be spoken to.
    pub fn allowed(&self) -> &AllowedHosts {
        &self.allowed
    }

    /// Sends a request, with the file that stands in it, after counting what it draws.
    pub async fn ask(&self, request: &HttpRequest) -> Result<HttpResponse, Silent> {
        let Room { store, clock, http, blobs, .. } = self.room;
        let network = self.view.network;
        let spent = quota::draw(store, self.org, &self.scope, network, request, self.purpose, clock.now()).await?;
        if let Some(spent) = spent {
            return Err(Silent::Spent(spent));
        }
        let answer = match &request.piece {
            None => http.send(request, &self.allowed).await,
            Some(piece) => match blobs.piece(self.org, &piece.media, piece.from, piece.bytes).await {
                Ok(file) => http.send_file(request, file, &self.allowed).await,
                Err(e) => {
                    tracing::error!(error = %e, account = %self.id, "a file that is to leave cannot be read");
                    Err(TransportError::NotSent("the file cannot be read"))
                }
            },
        };
        let answer = answer.map_err(Silent::Transport)?;
        if is_spent(network, &answer) {
            quota::fill(store, self.org, &self.scope, network, request, clock.now()).await?;
        }
        Ok(answer)
    }

    /// The network refuses the credentials. They are renewed, once: credentials that were refused
    /// right after a renewal will not get better by another.
    pub async fn refused(&self) -> Result<Refused, StoreError> {
        let now = self.room.clock.now();
        if self.renewed_at.is_some_and(|at| now - at < renew::FRESH) {
            return Ok(Refused::AskAPerson);
        }
        Ok(match renew::renew(self.room, self.org, &self.id, self.renewed_at).await? {
            Renewed::Kept => Refused::TryAgain,
            Renewed::Elsewhere | Renewed::NotNow => Refused::TryLater,
            Renewed::Impossible => Refused::AskAPerson,
        })
    }
}
