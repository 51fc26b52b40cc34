//! Asking networks to tell us nothing more: of an account that was removed, or whose authorisation was taken back.
//!
//! The wish is a row of the transaction that removed the account, so a crash forgets none, and removing waits for no
//! network. It is tried [`MOST_FAREWELLS`] times over a day and a half; then it is left, and the account says what
//! was left. A network that refuses the credentials tells us nothing any more by itself.

use std::time::Duration;

use bedside_model::account::AccountState;
use bedside_model::{AccountId, OrgId};
use bedside_networks::{ErrorClass, Handshake, Promise, Query, Wish, end_subscription, webhook_farewell};
use bedside_store::listen::upkeep::{self, Farewell, MOST_FAREWELLS, Upkeep};
use bedside_store::listen::{account, hook};
use bedside_store::{By, Entry, Store, StoreError};
use url::Url;

use super::asking::{Said, say};
use super::subscribe::is_public;
use super::{after, claim};
use crate::listen::account_view;
use crate::looping::micros;
use crate::quota::Purpose;
use crate::room::{Line, Room};

/// From one attempt to the next; up to half more.
const WAITS: [Duration; 5] = [
    Duration::from_secs(300),
    Duration::from_secs(1_800),
    Duration::from_secs(7_200),
    Duration::from_secs(28_800),
    Duration::from_secs(86_400),
];
/// How long a hub may take to ask back.
const ASKS_BACK: Duration = Duration::from_secs(600);
const UNANSWERED: &str = "The network took the wish, but did not come back to confirm it";

/// What became of asking.
enum Left {
    /// It tells nothing more.
    Done,
    /// It was never asked by us to tell.
    Nothing,
    /// It asks back first.
    Awaited,
    /// It does not; why.
    Not(String),
}

/// Says the farewells that are due. Answers how many.
pub(super) async fn say_farewells(room: &Room, org: &OrgId) -> Result<usize, StoreError> {
    let due = upkeep::farewells(&mut room.store.read().await?, org, room.clock.now()).await?;
    let mut done = 0;
    for farewell in &due {
        match one(room, org, farewell).await {
            Ok(said) => done += usize::from(said),
            // The lease ends by itself; the others go on.
            Err(e) => {
                tracing::error!(error = %e.inner(), account = %farewell.account, "a network could not be asked to stop")
            }
        }
    }
    Ok(done)
}

async fn one(room: &Room, org: &OrgId, Farewell { account: id, address }: &Farewell) -> Result<bool, StoreError> {
    if !claim(room, org, id, Upkeep::Farewell, None).await? {
        return Ok(false);
    }
    let mut conn = room.store.read().await?;
    let state = account::get(&mut conn, org, id).await?.state;
    let Some(stood) = upkeep::standing(&mut conn, org, id, Upkeep::Farewell).await? else { return Ok(false) };
    drop(conn);
    if !matches!(state, AccountState::Removed | AccountState::NeedsReauthorisation) {
        closed(room, org, id, state).await?;
        return Ok(true);
    }
    // The hub had its time; it is not asked more often than others are.
    let left = if stood.asked_at.is_some() && stood.attempts >= MOST_FAREWELLS {
        Left::Not(format!("{UNANSWERED}."))
    } else {
        ask(room, org, id, address).await?
    };
    let attempts = (stood.attempts + 1).min(MOST_FAREWELLS);
    match left {
        Left::Done => said(&room.store, org, id, &room.owner, room.clock.now()).await?,
        Left::Nothing => closed(room, org, id, state).await?,
        Left::Awaited => {
            let (id, owner, again) = (id.clone(), room.owner.clone(), room.clock.now() + micros(ASKS_BACK));
            let awaited = room.store.write(org, room.clock.now(), move |tx| {
                Box::pin(async move {
                    upkeep::farewell_awaited(tx, &id, &owner, again, attempts).await?;
                    tx.operational(())
                })
            });
            awaited.await?;
        }
        Left::Not(why) => not(room, org, id, why, attempts).await?,
    }
    Ok(true)
}

async fn ask(room: &Room, org: &OrgId, id: &AccountId, address: &str) -> Result<Left, StoreError> {
    let line = Line::open(room, org, id, Purpose::Reading).await?;
    // An address that nobody outside can reach was told to no network.
    let Some(callback) = Url::parse(address).ok().filter(is_public) else { return Ok(Left::Nothing) };
    let asking = match end_subscription(Wish { account: &line.view, callback: &callback, now: room.clock.now() }) {
        // What cannot be asked was never subscribed by us.
        None | Some(Err(_)) => return Ok(Left::Nothing),
        Some(Ok(asking)) => asking,
    };
    Ok(match say(&line, asking).await? {
        Said::Done(Promise::Stands { .. }) => Left::Done,
        Said::Done(Promise::AsksBack) => Left::Awaited,
        Said::Refused(e) if matches!(e.class(), ErrorClass::Authorisation | ErrorClass::Gone) => Left::Done,
        Said::Refused(e) => Left::Not(format!("{e}.")),
        Said::Silent(why) => Left::Not(why),
        Said::Spent(spent) => Left::Not(format!("{spent}.")),
    })
}

/// Nothing was to be ended: an account that was removed is forgotten, another one waits for its person.
async fn closed(room: &Room, org: &OrgId, id: &AccountId, state: AccountState) -> Result<(), StoreError> {
    let (id, owner) = (id.clone(), room.owner.clone());
    let closed = room.store.write(org, room.clock.now(), move |tx| {
        Box::pin(async move {
            if state == AccountState::Removed {
                upkeep::farewell_said(tx, &id).await?;
                tx.commit(Entry::new(By::system(&owner), "account.forgotten", &id), ())
            } else {
                upkeep::farewell_dropped(tx, &id).await?;
                tx.operational(())
            }
        })
    });
    closed.await
}

/// Notes that the network tells nothing more, once. Others may have been told of by the same address: they are
/// looked at at once.
async fn said(store: &Store, org: &OrgId, id: &AccountId, owner: &str, now: i64) -> Result<(), StoreError> {
    let (id, owner) = (id.clone(), owner.to_owned());
    store
        .write(org, now, move |tx| {
            Box::pin(async move {
                upkeep::look_at_siblings(tx, &id).await?;
                if upkeep::farewell_said(tx, &id).await? {
                    tx.commit(Entry::new(By::system(&owner), "account.unsubscribed", &id), ())
                } else {
                    tx.operational(())
                }
            })
        })
        .await
}

async fn not(room: &Room, org: &OrgId, id: &AccountId, why: String, attempts: i64) -> Result<(), StoreError> {
    let wait = usize::try_from(attempts - 1).ok().and_then(|at| WAITS.get(at));
    let given_up = attempts >= MOST_FAREWELLS;
    let next_at = wait.map_or_else(|| room.clock.now(), |wait| after(room, *wait));
    let why = if given_up {
        format!(
            "{why} The network may still send to the old address, where nothing is taken any more. End it there by hand, \
             among the webhooks of your application."
        )
    } else {
        format!("{why} Bedside tries again to end what the network sends.")
    };
    let (id, owner) = (id.clone(), room.owner.clone());
    room.store
        .write(org, room.clock.now(), move |tx| {
            Box::pin(async move {
                upkeep::farewell_failed(tx, &id, &owner, &why, next_at, attempts).await?;
                if given_up {
                    tx.commit(Entry::new(By::system(&owner), "account.left_subscribed", &id), ())
                } else {
                    tx.operational(())
                }
            })
        })
        .await
}

/// Answers a hub that makes sure that we want an end, where we do; `None` where we do not.
pub(crate) async fn confirm_end(
    store: &Store,
    hook_id: &str,
    query: &Query<'_>,
    now: i64,
) -> Result<Option<Handshake>, StoreError> {
    if query.get("hub.mode") != Some("unsubscribe") {
        return Ok(None);
    }
    let Some(leaving) = hook::find_leaving(&mut store.read().await?, hook_id).await? else { return Ok(None) };
    let view = account_view(store, &leaving.org, &leaving.account).await?;
    let answer = webhook_farewell(&view, query);
    if matches!(answer, Handshake::Answer { .. }) {
        said(store, &leaving.org, &leaving.account, "webhook", now).await?;
    }
    Ok(Some(answer))
}
