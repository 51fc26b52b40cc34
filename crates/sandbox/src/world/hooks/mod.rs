//! Webhooks: who asked to be told, and telling them.
//!
//! A network publishes an event; each subscriber that it concerns gets it in order, signed as the
//! network signs. What was not taken (no answer, or none of 200 to 299) is sent again: after 1, 2, 4,
//! … seconds, six times, or at once where `POST /_sandbox/redeliver` asks for it. So an event arrives
//! at least once, and later ones may overtake it. Webhooks are on loopback: nothing leaves this machine.

pub(super) mod client;
mod handshake;
pub mod sign;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, mpsc};
use url::Url;

use super::control::Control;
use super::fault::FaultKind;
use super::ids::Ids;
use super::network::Network;
use super::tokens::SECRET;
pub(crate) use client::{Fetched, fetch};
use handshake::Terms;

/// How often an event is sent again.
const AGAIN: u32 = 6;

/// A webhook to be registered: the body of `POST /_sandbox/webhook`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscribe {
    /// Whose events.
    pub network: Network,
    /// Where they go.
    pub url: Url,
    /// What they are signed with; the sandbox's secret where none is named.
    #[serde(default = "secret")]
    pub secret: String,
    /// What the handshake shows, where the network has such a thing.
    #[serde(default)]
    pub verify_token: String,
    /// Only events of this topic (YouTube: the feed) or object; all where none is named.
    #[serde(default)]
    pub topic: Option<String>,
    /// Only these fields (Meta); all where none are named.
    #[serde(default)]
    pub fields: Option<Vec<String>>,
}

fn secret() -> String {
    SECRET.to_owned()
}

/// A webhook that proved itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subscription {
    /// Its id in this world.
    pub id: String,
    /// Whose events.
    pub network: Network,
    /// Where they go.
    pub url: Url,
    /// What they are signed with. It is shown nowhere.
    #[serde(skip)]
    pub secret: String,
    /// Only events of this topic or object.
    pub topic: Option<String>,
    /// Only these fields.
    pub fields: Option<Vec<String>>,
}

impl Subscription {
    /// Whether it wants this topic or object.
    pub fn wants_topic(&self, topic: &str) -> bool {
        self.topic.as_deref().is_none_or(|wanted| wanted == topic)
    }

    /// Whether it wants this field.
    pub fn wants_field(&self, field: &str) -> bool {
        self.fields.as_ref().is_none_or(|fields| fields.iter().any(|wanted| wanted == field))
    }
}

/// Why a webhook was not registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSubscribed {
    /// The address is not one of this machine.
    #[error("the webhook is not on loopback: the sandbox speaks to this machine only")]
    NotLoopback,
    /// Nobody answers there.
    #[error("nobody answered at the address of the webhook")]
    NoAnswer,
    /// The answer is not the one that the network waits for.
    #[error("the webhook did not answer the network's challenge")]
    WrongAnswer,
}

/// What is sent.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its type.
    pub content_type: &'static str,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// Its bytes, which are signed.
    pub body: Bytes,
}

impl Event {
    /// An event in JSON.
    pub fn json(value: &serde_json::Value) -> Self {
        Self { content_type: "application/json", headers: Vec::new(), body: value.to_string().into() }
    }
}

struct Subscriber {
    subscription: Subscription,
    queue: mpsc::UnboundedSender<Delivery>,
}

#[derive(Clone)]
struct Delivery {
    id: String,
    event: Event,
}

/// The webhooks of one world. Clones share them.
#[derive(Clone)]
pub struct Hooks {
    subscribers: Arc<Mutex<Vec<Subscriber>>>,
    ids: Ids,
    control: Control,
    /// Told when what waits to be sent again should be sent now.
    now: Arc<Notify>,
}

impl Hooks {
    /// Nobody is registered yet.
    pub fn new(control: Control, seed: u64) -> Self {
        Self { subscribers: Arc::default(), ids: Ids::new(seed), control, now: Arc::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Subscriber>> {
        self.subscribers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a webhook after the handshake of its network. One with the same network, address and
    /// topic is replaced.
    ///
    /// Errors: [`NotSubscribed`].
    pub async fn subscribe(&self, ask: Subscribe) -> Result<Subscription, NotSubscribed> {
        self.shake_hands(&ask, "subscribe").await?;
        let Subscribe { network, url, secret, topic, fields, .. } = ask;
        let subscription = Subscription { id: self.ids.digits("webhook", 12), network, url, secret, topic, fields };
        let (queue, deliveries) = mpsc::unbounded_channel();
        tokio::spawn(self.clone().serve(subscription.clone(), deliveries));
        let mut subscribers = self.lock();
        let same = |known: &Subscription| {
            known.network == subscription.network && known.url == subscription.url && known.topic == subscription.topic
        };
        subscribers.retain(|known| !same(&known.subscription));
        subscribers.push(Subscriber { subscription: subscription.clone(), queue });
        Ok(subscription)
    }

    /// Asks the webhook whether it means it, as the network does before it subscribes or unsubscribes.
    ///
    /// Errors: [`NotSubscribed`].
    pub async fn shake_hands(&self, ask: &Subscribe, mode: &str) -> Result<(), NotSubscribed> {
        if !client::is_loopback(&ask.url) {
            return Err(NotSubscribed::NotLoopback);
        }
        let challenge = self.ids.digits("challenge", 12);
        let terms = Terms {
            network: ask.network,
            secret: &ask.secret,
            verify_token: &ask.verify_token,
            topic: ask.topic.as_deref(),
            mode,
            challenge: &challenge,
        };
        let Some(question) = handshake::question(&ask.url, &terms) else { return Ok(()) };
        let (status, body) = client::get(&question).await.ok_or(NotSubscribed::NoAnswer)?;
        if handshake::proves(&terms, status, &String::from_utf8_lossy(&body)) {
            Ok(())
        } else {
            Err(NotSubscribed::WrongAnswer)
        }
    }

    /// Takes every webhook away that `unwanted` says; how many these were.
    pub fn unsubscribe(&self, unwanted: impl Fn(&Subscription) -> bool) -> usize {
        let mut subscribers = self.lock();
        let before = subscribers.len();
        subscribers.retain(|known| !unwanted(&known.subscription));
        before - subscribers.len()
    }

    /// Every webhook.
    pub fn subscriptions(&self) -> Vec<Subscription> {
        self.lock().iter().map(|known| known.subscription.clone()).collect()
    }

    /// Tells an event to each webhook of the network that `concerns` says.
    pub fn publish(&self, network: Network, event: &Event, concerns: impl Fn(&Subscription) -> bool) {
        let id = self.ids.hex("event", 32);
        for known in self.lock().iter() {
            if known.subscription.network == network && concerns(&known.subscription) {
                // One that is just being replaced gets nothing more.
                drop(known.queue.send(Delivery { id: id.clone(), event: event.clone() }));
            }
        }
    }

    /// Sends now what waits to be sent again.
    pub fn redeliver(&self) {
        self.now.notify_waiters();
    }

    /// Forgets every webhook.
    pub fn reset(&self) {
        self.lock().clear();
        self.ids.reset();
    }

    async fn serve(self, to: Subscription, mut deliveries: mpsc::UnboundedReceiver<Delivery>) {
        while let Some(delivery) = deliveries.recv().await {
            let fault = self.control.take_outgoing(to.network, to.url.as_str());
            if fault == Some(FaultKind::WebhookLost) {
                self.control.note_outgoing(to.network, to.url.as_str(), &delivery.id, None, fault);
                continue;
            }
            let taken = self.send(&to, &delivery, fault).await;
            if fault == Some(FaultKind::WebhookTwice) {
                self.send(&to, &delivery, fault).await;
            }
            // What is forged is refused, and ought to be: it is not sent again.
            if !taken && fault != Some(FaultKind::WebhookForged) {
                tokio::spawn(self.clone().send_again(to.clone(), delivery));
            }
        }
    }

    async fn send_again(self, to: Subscription, delivery: Delivery) {
        for attempt in 0..AGAIN {
            let now = self.now.notified();
            // Whether the time came or somebody asked for it makes no difference.
            drop(tokio::time::timeout(Duration::from_secs(1 << attempt), now).await);
            let is_wanted = self.lock().iter().any(|known| known.subscription.id == to.id);
            if !is_wanted || self.send(&to, &delivery, None).await {
                return;
            }
        }
    }

    /// Sends once; whether it was taken.
    async fn send(&self, to: &Subscription, delivery: &Delivery, fault: Option<FaultKind>) -> bool {
        let secret = if fault == Some(FaultKind::WebhookForged) { "not-the-secret" } else { &to.secret };
        let signature = sign::signature(to.network, secret, &delivery.event.body);
        let status = client::post(&to.url, &delivery.event, signature).await;
        self.control.note_outgoing(to.network, to.url.as_str(), &delivery.id, status, fault);
        status.is_some_and(|status| (200..300).contains(&status))
    }
}
