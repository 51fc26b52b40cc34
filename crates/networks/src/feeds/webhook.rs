//! WebSub: the hub that a feed names sends what is new, in the form of the feed itself.
//!
//! Which hub that is, and under which name it knows the feed, is found by the self-test. The items of a
//! delivery are read as those of a poll are, so that they have the same ids and hashes.

use bedside_model::Micros;
use url::Url;

use super::format::read;
use super::poll::kind;
use crate::subscription::{Asking, SubscriptionSteps, Wish};
use crate::webhook::Webhooks;
use crate::websub::{self, Subscription};
use crate::{
    AccountView, Delivery, DeliveryPart, Forged, Handshake, HttpResponse, Incoming, NetError, ParseError, Query,
};

/// Ten days: what most hubs grant at most.
const LEASE_SECONDS: u32 = 864_000;

/// How the deliveries of hubs work.
pub(super) struct Hook;

impl Webhooks for Hook {
    fn subscribe(&self, wish: Wish<'_>) -> Asking {
        let hub = wish.account.setting("hub").filter(|hub| !hub.is_empty())?;
        Some(subscribe(wish, hub))
    }

    fn unsubscribe(&self, wish: Wish<'_>) -> Asking {
        let hub = wish.account.setting("hub").filter(|hub| !hub.is_empty())?;
        let asked = || {
            let (hub, topic) = hub_and_topic(wish.account, hub)?;
            Ok(websub::unsubscribe(hub, wish.callback, topic))
        };
        Some(asked())
    }

    fn farewell(&self, account: &AccountView, query: &Query<'_>) -> Handshake {
        websub::farewell(query, |asked| topic(account) == Some(asked))
    }

    fn handshake(&self, account: &AccountView, query: &Query<'_>) -> Handshake {
        websub::handshake(query, |asked| topic(account) == Some(asked))
    }

    fn verify(&self, account: &AccountView, delivery: &Incoming<'_>, _now: Micros) -> Result<(), Forged> {
        websub::verify(&account.hook_secret, delivery)
    }

    fn read(&self, account: &AccountView, body: &[u8]) -> Result<Delivery, ParseError> {
        let kind =
            kind(account, &serde_json::Value::Null).map_err(|e| ParseError::new("the account", e.to_string()))?;
        match read(body, &account.base_url) {
            Ok(page) => {
                let items = page.items.iter().map(|item| item.raw(kind.as_str())).collect();
                Ok(Delivery { parts: vec![DeliveryPart { items, ..DeliveryPart::default() }] })
            }
            // A hub may send something else than the feed; that something changed is true all the same.
            Err(_) => Ok(Delivery { parts: vec![DeliveryPart { poll_now: true, ..DeliveryPart::default() }] }),
        }
    }
}

fn topic(account: &AccountView) -> Option<&str> {
    account.setting("topic").filter(|topic| !topic.is_empty())
}

fn hub_and_topic<'a>(account: &'a AccountView, hub: &str) -> Result<(Url, &'a str), NetError> {
    let hub = Url::parse(hub).ok().filter(|hub| is_fit(hub, &account.base_url));
    let hub = hub.ok_or(NetError::Config { what: "the hub is not an address that a secret may be sent to" })?;
    let topic = topic(account).ok_or(NetError::Config { what: "how the hub names the feed is not known" })?;
    Ok((hub, topic))
}

fn subscribe(wish: Wish<'_>, hub: &str) -> Result<Box<dyn SubscriptionSteps>, NetError> {
    let Wish { account, callback, .. } = wish;
    if account.hook_secret.is_empty() {
        return Err(NetError::Config { what: "the account has no secret for its webhook" });
    }
    let (hub, topic) = hub_and_topic(account, hub)?;
    let subscription = Subscription { callback, topic, secret: &account.hook_secret, lease_seconds: LEASE_SECONDS };
    Ok(websub::subscribe(hub, &subscription))
}

/// Whether a hub may be given a secret: over TLS, or in the open where the feed itself is.
fn is_fit(hub: &Url, feed: &Url) -> bool {
    hub.scheme() == "https" || (hub.scheme() == "http" && feed.scheme() == "http")
}

/// The hub and the topic of a feed: its headers count before what stands in it (WebSub, 4).
pub(super) fn discovered(
    response: &HttpResponse,
    feed: &Url,
    hub: Option<Url>,
    topic: Option<Url>,
) -> Option<(Url, Url)> {
    let header = |relation| response.links(relation).find_map(|address| feed.join(address).ok());
    let hub = header("hub").or(hub).filter(|hub| is_fit(hub, feed))?;
    Some((hub, header("self").or(topic).unwrap_or_else(|| feed.clone())))
}
