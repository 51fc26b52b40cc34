//! Credentials that end are renewed before they do, and once more when a network refuses them.
//!
//! A refresh token is often good once and replaced by each use, so only one worker at a time renews an
//! account: the lease stands in its row. What comes back is laid over what is held
//! ([`bedside_networks::Credentials::over`]), so that a token which the network leaves out stays.

use std::time::Duration;

use bedside_model::{AccountId, Micros, OrgId};
use bedside_networks::{AccountView, Credentials, ErrorClass, Granted, start_renewal};
use bedside_store::listen::account::PlainCredentials;
use bedside_store::listen::{account, renewal};
use bedside_store::{By, Entry, StoreError};

use crate::listen::accounts::{account_view, credentials_bytes};
use crate::listen::allowed_hosts;
use crate::looping::micros;
use crate::room::Room;

/// How long one renewal may take.
const LEASE: Duration = Duration::from_secs(120);
/// When one that failed is tried again by itself, if the trouble may pass; up to half more.
const AGAIN_SOON: Duration = Duration::from_secs(300);
/// The same, where the network refused.
const AGAIN_LATER: Duration = Duration::from_secs(3_600);
/// Credentials that were refused this soon after a renewal are not renewed again.
pub(crate) const FRESH: Micros = 120 * 1_000_000;
/// Credentials that end this soon are renewed before they are used.
const ENDING: Micros = 60 * 1_000_000;

/// What became of a renewal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Renewed {
    /// New credentials are stored.
    Kept,
    /// Somebody else is at it; look again in a moment.
    Elsewhere,
    /// It may work later.
    NotNow,
    /// There is nothing to renew, or the network refuses: only a person can go on.
    Impossible,
}

/// Whether credentials must be renewed before they are used: they end, or a session was never begun.
pub(crate) fn is_ending(credentials: &Credentials, now: Micros) -> bool {
    let not_begun = matches!(credentials, Credentials::Session(held) if held.access_token.is_empty());
    not_begun || credentials.expires_at().is_some_and(|ends| ends <= now + ENDING)
}

/// Why the exchange with the network brought nothing.
struct Failed {
    why: String,
    for_good: bool,
}

/// Renews what an account holds, unless somebody renewed it since `seen` (its `renewed_at` when it was
/// read).
pub(crate) async fn renew(
    room: &Room,
    org: &OrgId,
    id: &AccountId,
    seen: Option<Micros>,
) -> Result<Renewed, StoreError> {
    if !claim(room, org, id).await? {
        return Ok(Renewed::Elsewhere);
    }
    // What is held is read under the lease: an older token may be used up.
    let view = account_view(&room.store, org, id).await?;
    let health = account::get(&mut room.store.read().await?, org, id).await?.health;
    if health.renewed_at != seen {
        give_back(room, org, id, health.renew_failed, health.renew_at).await?;
        return Ok(Renewed::Kept);
    }
    match exchange(room, org, &view).await {
        Ok(granted) => keep(room, org, id, credentials_bytes(&granted.credentials), granted.config).await,
        Err(Failed { why, for_good }) => {
            tracing::warn!(account = %id, error = %why, "credentials could not be renewed");
            let wait = if for_good { AGAIN_LATER } else { AGAIN_SOON };
            let wait = wait + wait.mul_f64(room.store.ids().unit() / 2.0);
            // What has no end is renewed only when it is refused.
            let again = health.renew_at.map(|_| room.clock.now() + micros(wait));
            give_back(room, org, id, Some(why), again).await?;
            Ok(if for_good { Renewed::Impossible } else { Renewed::NotNow })
        }
    }
}

/// Renews what is due. Answers how many accounts were looked at.
pub(crate) async fn renew_due(room: &Room, org: &OrgId) -> Result<usize, StoreError> {
    let due = renewal::due(&mut room.store.read().await?, org, room.clock.now()).await?;
    for (id, seen) in &due {
        // What cannot be read of one account holds up neither the others nor the polls.
        if let Err(e) = renew(room, org, id, *seen).await {
            tracing::error!(error = %e.inner(), account = %id, "a renewal could not be begun");
        }
    }
    Ok(due.len())
}

async fn claim(room: &Room, org: &OrgId, id: &AccountId) -> Result<bool, StoreError> {
    let now = room.clock.now();
    let (id, owner, until) = (id.clone(), room.owner.clone(), now + micros(LEASE));
    room.store
        .write(org, now, move |tx| {
            Box::pin(async move {
                let claimed = renewal::claim(tx, &id, &owner, until).await?;
                tx.operational(claimed)
            })
        })
        .await
}

async fn exchange(room: &Room, org: &OrgId, view: &AccountView) -> Result<Granted, Failed> {
    let passing = |why: String| Failed { why, for_good: false };
    let Some(mut granting) = start_renewal(view, room.clock.now()) else {
        return Err(Failed { why: "these credentials cannot be renewed; authorise again".into(), for_good: true });
    };
    let allowed = allowed_hosts(&room.store, org).await.map_err(|e| passing(e.to_string()))?;
    while let Some(request) = granting.next_request() {
        let answer = room.http.send(&request, &allowed).await;
        let answer = answer.map_err(|e| passing(crate::listen::poller::said(&e).to_owned()))?;
        granting.on_response(&answer).map_err(|e| Failed {
            for_good: matches!(e.class(), ErrorClass::Authorisation | ErrorClass::Forbidden | ErrorClass::Invalid),
            why: e.to_string(),
        })?;
    }
    let granted = granting.granted().into_iter().next();
    let granted = granted.ok_or_else(|| passing("the network granted nothing".into()))?;
    Ok(Granted { credentials: granted.credentials.over(&view.credentials), ..granted })
}

async fn keep(
    room: &Room,
    org: &OrgId,
    id: &AccountId,
    renewed: PlainCredentials,
    learned: serde_json::Map<String, serde_json::Value>,
) -> Result<Renewed, StoreError> {
    let (id, owner, keyring) = (id.clone(), room.owner.clone(), room.store.keyring().clone());
    room.store
        .write(org, room.clock.now(), move |tx| {
            Box::pin(async move {
                if !renewal::keep(tx, &keyring, &id, &owner, &renewed, learned).await? {
                    // The account was removed meanwhile, or a person gave it other credentials.
                    let entry = Entry::new(By::system(&owner), "account.renewed", &id).with("kept", false);
                    return tx.commit(entry, Renewed::Elsewhere);
                }
                tx.commit(Entry::new(By::system(&owner), "account.renewed", &id), Renewed::Kept)
            })
        })
        .await
}

async fn give_back(
    room: &Room,
    org: &OrgId,
    id: &AccountId,
    why: Option<String>,
    again_at: Option<Micros>,
) -> Result<(), StoreError> {
    let (id, owner) = (id.clone(), room.owner.clone());
    room.store
        .write(org, room.clock.now(), move |tx| {
            Box::pin(async move {
                renewal::give_back(tx, &id, &owner, why.as_deref(), again_at).await?;
                tx.operational(())
            })
        })
        .await
}
