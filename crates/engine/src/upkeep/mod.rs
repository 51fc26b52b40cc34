//! What is done for accounts now and then: networks are asked to tell us of new things before their
//! promise ends ([`subscribe`]) and to stop when an account goes ([`farewell`]), and figures of reach are read once a day ([`figures`]).
//!
//! One worker at a time: the lease stands in a row of its own, and where its holder dies another one
//! begins anew. Polling goes on whatever becomes of this; a subscription only makes it faster.

mod asking;
mod farewell;
mod figures;
mod subscribe;

use std::time::Duration;

use bedside_model::{AccountId, OrgId};
use bedside_networks::{Capability, Network, capabilities};
use bedside_store::listen::upkeep::{self, Upkeep};
use bedside_store::{StoreError, trust};

pub(crate) use farewell::confirm_end;
pub(crate) use subscribe::{asked_back, note, subscribe_now};

use crate::listen::Listen;
use crate::looping::micros;
use crate::room::Room;

/// How long one of these may take.
const LEASE: Duration = Duration::from_secs(180);
/// What may pass by itself is tried again after this time; up to half more.
const SOON: Duration = Duration::from_secs(900);
/// What will not get better soon.
const LATER: Duration = Duration::from_secs(86_400);

impl Listen {
    /// Does for all accounts what is due now. Answers how much was done.
    pub async fn look_after(&self) -> Result<usize, StoreError> {
        let room = self.room();
        let mut done = 0;
        let orgs = trust::organisations(&mut self.store.read().await?).await?;
        for org in &orgs {
            done += farewell::say_farewells(&room, org).await?;
            done += subscribe::subscribe_due(&room, org, &self.public_url).await?;
            done += figures::read_due(&room, org).await?;
        }
        Ok(done)
    }
}

/// Names of the networks that can do something.
fn networks(can: Capability) -> impl Iterator<Item = &'static str> {
    Network::ALL.into_iter().filter(move |network| capabilities(*network).has(can)).map(Network::as_str)
}

/// Takes the lease; `address` is where a subscription is to deliver.
async fn claim(
    room: &Room,
    org: &OrgId,
    id: &AccountId,
    what: Upkeep,
    address: Option<String>,
) -> Result<bool, StoreError> {
    let now = room.clock.now();
    let (id, owner, until) = (id.clone(), room.owner.clone(), now + micros(LEASE));
    room.store
        .write(org, now, move |tx| {
            Box::pin(async move {
                let claimed = upkeep::claim(tx, &id, what, &owner, until, address.as_deref()).await?;
                tx.operational(claimed)
            })
        })
        .await
}

/// Gives the lease back without success. `why` is for a person; `None` where there was nothing to do.
async fn give_back(
    room: &Room,
    org: &OrgId,
    id: &AccountId,
    what: Upkeep,
    why: Option<String>,
    next_at: i64,
) -> Result<(), StoreError> {
    let (id, owner) = (id.clone(), room.owner.clone());
    room.store
        .write(org, room.clock.now(), move |tx| {
            Box::pin(async move {
                upkeep::failed(tx, &id, what, &owner, why.as_deref(), next_at).await?;
                tx.operational(())
            })
        })
        .await
}

/// In a while, and not all at once.
fn after(room: &Room, wait: Duration) -> i64 {
    room.clock.now() + micros(wait + wait.mul_f64(room.store.ids().unit() / 2.0))
}
