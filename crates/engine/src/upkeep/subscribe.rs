//! Asking networks to tell us of new things: after an account is connected, before their promise ends,
//! and when our public address changes.
//!
//! A network either promises at once, or asks back at the address that it was given and says for how long
//! (WebSub): then the subscription stands when it has asked ([`asked_back`]), which may be before it answers us.

use std::net::IpAddr;
use std::time::Duration;

use bedside_model::account::renew_at;
use bedside_model::{AccountId, Micros, OrgId};
use bedside_networks::{Capability, ErrorClass, Handshake, NetError, Promise, Query, Wish, start_subscription};
use bedside_store::listen::account;
use bedside_store::listen::upkeep::{self, Upkeep};
use bedside_store::{By, Entry, StoreError, Tx};
use url::{Host, Url};

use super::asking::{Said, say};
use super::{LATER, SOON, after, claim, give_back, networks};
use crate::looping::micros;
use crate::quota::Purpose;
use crate::room::{Line, Refused, Room};

/// How long a network may take to ask back.
const ASKS_BACK: Duration = Duration::from_secs(600);
/// A promise without an end is asked for again after this time: networks forget.
const AGAIN: Duration = Duration::from_secs(7 * 86_400);
/// The shortest and the longest promise that counts as such, in seconds.
const PROMISE: (i64, i64) = (60, 90 * 86_400);

const NO_ADDRESS: &str = "The network cannot reach this machine: its public address is one of your own network only. Set public_url to \
     an address that can be reached from outside. Until then Bedside asks the network regularly.";
const UNANSWERED: &str = "The network did not come back to the public address to confirm. Check that it can be reached from \
     outside, with a valid certificate.";
const DENIED: &str = "The network refused the subscription when it came back. Bedside tries again tomorrow.";

/// What became of asking.
enum Asked {
    /// This network is not asked.
    Nothing,
    /// It will ask back.
    Awaited,
    /// It promised, until then where that is set.
    Promised(Option<Micros>),
    /// Not now: why, and when it is tried again.
    Not(String, Micros),
}

/// Asks the networks of all accounts where that is due. `public_url` is empty in a process that has none.
pub(super) async fn subscribe_due(room: &Room, org: &OrgId, public_url: &str) -> Result<usize, StoreError> {
    if public_url.is_empty() {
        return Ok(0);
    }
    let before = hooks_under(public_url);
    let told = networks(Capability::Webhooks);
    let mut conn = room.store.read().await?;
    let due = upkeep::due(&mut conn, org, Upkeep::Subscription, told, room.clock.now(), &before).await?;
    drop(conn);
    let mut done = 0;
    for id in &due {
        match subscribe(room, org, id, &before).await {
            Ok(asked) => done += usize::from(asked),
            // The lease ends by itself; the others go on.
            Err(e) => tracing::error!(error = %e.inner(), account = %id, "a network could not be asked to tell"),
        }
    }
    Ok(done)
}

/// Asks the network of one account at once, where that is due. Answers whether it has just promised to tell.
pub(crate) async fn subscribe_now(
    room: &Room,
    org: &OrgId,
    id: &AccountId,
    public_url: &str,
) -> Result<bool, StoreError> {
    if public_url.is_empty() || !subscribe(room, org, id, &hooks_under(public_url)).await? {
        return Ok(false);
    }
    let stands = upkeep::standing(&mut room.store.read().await?, org, id, Upkeep::Subscription).await?;
    Ok(stands.is_some_and(|stands| stands.since.is_some() && stands.failed.is_none()))
}

/// What stands before the part of an address that is an account's own.
fn hooks_under(public_url: &str) -> String {
    format!("{}/hooks/", public_url.trim_end_matches('/'))
}

async fn subscribe(room: &Room, org: &OrgId, id: &AccountId, before: &str) -> Result<bool, StoreError> {
    let hook_id = account::get(&mut room.store.read().await?, org, id).await?.health.hook_id.unwrap_or_default();
    let address = format!("{before}{hook_id}");
    if !claim(room, org, id, Upkeep::Subscription, Some(address.clone())).await? {
        return Ok(false);
    }
    let stood = upkeep::standing(&mut room.store.read().await?, org, id, Upkeep::Subscription).await?;
    match ask(room, org, id, &address).await? {
        Asked::Nothing => give_back(room, org, id, Upkeep::Subscription, None, after(room, LATER)).await?,
        Asked::Not(why, next) => give_back(room, org, id, Upkeep::Subscription, Some(why), next).await?,
        Asked::Awaited => {
            let unanswered = stood.is_some_and(|stood| stood.asked_at.is_some()).then_some(UNANSWERED);
            let (id, owner, again) = (id.clone(), room.owner.clone(), room.clock.now() + micros(ASKS_BACK));
            let awaited = room.store.write(org, room.clock.now(), move |tx| {
                Box::pin(async move {
                    upkeep::awaited(tx, &id, &owner, again, unanswered).await?;
                    tx.operational(())
                })
            });
            awaited.await?;
        }
        Asked::Promised(until) => {
            let again = after(room, AGAIN);
            let again = until.map_or(again, |until| again.min(renew_at(room.clock.now(), until)));
            let (id, owner) = (id.clone(), room.owner.clone());
            let promised = room.store.write(org, room.clock.now(), move |tx| {
                Box::pin(async move {
                    upkeep::promised(tx, &id, &owner, until, again).await?;
                    tx.commit(Entry::new(By::system(&owner), "account.subscribed", &id), ())
                })
            });
            promised.await?;
        }
    }
    Ok(true)
}

async fn ask(room: &Room, org: &OrgId, id: &AccountId, address: &str) -> Result<Asked, StoreError> {
    let line = Line::open(room, org, id, Purpose::Reading).await?;
    let Ok(callback) = Url::parse(address) else {
        return Ok(Asked::Not(NO_ADDRESS.to_owned(), after(room, LATER)));
    };
    let wish = Wish { account: &line.view, callback: &callback, now: room.clock.now() };
    let asking = match start_subscription(wish) {
        None => return Ok(Asked::Nothing),
        Some(_) if !is_public(&callback) => return Ok(Asked::Not(NO_ADDRESS.to_owned(), after(room, LATER))),
        // What is missing, such as the account's own id, a test of the connection may bring.
        Some(Err(e)) => return Ok(Asked::Not(format!("{e}."), after(room, wait_for(&e)))),
        Some(Ok(asking)) => asking,
    };
    Ok(match say(&line, asking).await? {
        Said::Done(Promise::AsksBack) => Asked::Awaited,
        Said::Done(Promise::Stands { until }) => Asked::Promised(until),
        Said::Spent(spent) => Asked::Not(format!("{spent}."), spent.until),
        Said::Silent(why) => Asked::Not(why, after(room, SOON)),
        Said::Refused(e) => not(room, &line, &e).await?,
    })
}

/// How long what cannot be asked waits: a setting may be found soon, what a network does not offer will not.
const fn wait_for(e: &NetError) -> Duration {
    if matches!(e, NetError::Unsupported { .. }) { LATER } else { SOON }
}

/// What a refusal means for a person, and when it is tried again.
async fn not(room: &Room, line: &Line<'_>, e: &NetError) -> Result<Asked, StoreError> {
    let NetError::Http { status, .. } = e else { return Ok(Asked::Not(format!("{e}."), after(room, LATER))) };
    Ok(match e.class() {
        ErrorClass::Authorisation if line.refused().await? == Refused::AskAPerson => Asked::Not(
            "The network refuses the credentials. Authorise the account again.".to_owned(),
            after(room, LATER),
        ),
        ErrorClass::Forbidden => Asked::Not(
            format!(
                "The network does not permit it (it answered {status}). Authorise the account again with all permissions, or enter the address at the network by hand."
            ),
            after(room, LATER),
        ),
        ErrorClass::Invalid | ErrorClass::Gone => Asked::Not(
            format!(
                "The network refused it (it answered {status}). Test the account, or enter the address at the network by hand."
            ),
            after(room, LATER),
        ),
        ErrorClass::RateLimited { after: Some(seconds) } => Asked::Not(
            format!("The network answered {status}."),
            room.clock.now() + micros(Duration::from_secs(seconds)),
        ),
        _ => Asked::Not(format!("The network answered {status}. Bedside tries again."), after(room, SOON)),
    })
}

/// Whether a network outside may reach an address, as far as its name tells.
pub(super) fn is_public(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name.contains('.') && !name.ends_with(".localhost") && !name.ends_with(".local"),
        Some(Host::Ipv4(ip)) => crate::http::address::is_public(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => crate::http::address::is_public(IpAddr::V6(ip)),
        None => false,
    }
}

/// What a handshake says of a subscription, before it is answered with `answer`.
pub(crate) enum AskedBack {
    /// The network will deliver for so many seconds.
    For(i64),
    /// It will not.
    Denied,
}

/// Reads what a network asked back (WebSub, 5.3); `None` where it says nothing of a subscription, or the
/// handshake was not ours to answer.
pub(crate) fn asked_back(query: &Query<'_>, answer: &Handshake) -> Option<AskedBack> {
    if !matches!(answer, Handshake::Answer { .. }) {
        return None;
    }
    match query.get("hub.mode")? {
        "denied" => Some(AskedBack::Denied),
        "subscribe" => {
            let seconds: i64 = query.get("hub.lease_seconds")?.parse().ok()?;
            Some(AskedBack::For(seconds.clamp(PROMISE.0, PROMISE.1)))
        }
        _ => None,
    }
}

/// Notes what a network asked back.
pub(crate) async fn note(tx: &mut Tx, id: &AccountId, said: &AskedBack) -> Result<(), StoreError> {
    let now = tx.at();
    match said {
        AskedBack::For(seconds) => upkeep::confirmed(tx, id, now + seconds * 1_000_000).await,
        AskedBack::Denied => upkeep::denied(tx, id, DENIED, now + micros(LATER)).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_house_is_no_address_for_a_network() {
        let public = |address: &str| is_public(&Url::parse(address).unwrap());
        assert!(public("https://bedside.example.org/hooks/x") && public("https://203.0.114.7/hooks/x"));
        for inside in ["http://127.0.0.1:8787/", "http://localhost/", "https://bedside.local/", "https://bedside/"] {
            assert!(!public(inside), "{inside}");
        }
        assert!(!public("https://10.1.2.3/") && !public("https://[::1]/"));
    }

    #[test]
    fn only_a_handshake_that_was_ours_says_something_of_a_subscription() {
        let answer = Handshake::Answer { content_type: "text/plain", body: "c".into() };
        let query = |mode: &str, lease: &str| {
            vec![("hub.mode".to_owned(), mode.to_owned()), ("hub.lease_seconds".to_owned(), lease.to_owned())]
        };
        let read = |query: &[(String, String)], answer: &Handshake| match asked_back(&Query(query), answer) {
            Some(AskedBack::For(seconds)) => Some(seconds),
            Some(AskedBack::Denied) => Some(0),
            None => None,
        };
        assert_eq!(read(&query("subscribe", "864000"), &answer), Some(864_000));
        assert_eq!(read(&query("subscribe", "-1"), &answer), Some(60), "and no nonsense is believed");
        assert_eq!(read(&query("denied", ""), &answer), Some(0));
        assert_eq!(read(&query("subscribe", "864000"), &Handshake::Refused), None);
        assert_eq!(read(&query("subscribe", "soon"), &answer), None);
    }
}
