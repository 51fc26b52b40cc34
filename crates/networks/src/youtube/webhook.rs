//! WebSub: Google's hub tells of uploads and of new titles and descriptions
//! (developers.google.com/youtube/v3/guides/push_notifications, read 2026-11-27).
//!
//! The delivery is an Atom feed that names the video. What it holds of the video is less than a poll
//! reads, so it only says that there is something to read.

use bedside_model::Micros;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use super::{HOME, channel, is_id};
use crate::subscription::{Asking, SubscriptionSteps, Wish};
use crate::webhook::Webhooks;
use crate::websub::{self, Subscription};
use crate::{AccountView, Delivery, DeliveryPart, Forged, Handshake, Incoming, NetError, ParseError, Query};

const HUB: &str = "https://pubsubhubbub.appspot.com/subscribe";
/// Both forms stand in Google's documentation; the first is what a hub is asked for.
const TOPICS: [&str; 2] = ["https://www.youtube.com/feeds/videos.xml", "https://www.youtube.com/xml/feeds/videos.xml"];
/// Ten days, as long as Google's hub keeps a subscription.
const LEASE_SECONDS: u32 = 864_000;

/// How YouTube's deliveries work.
pub(super) struct Hook;

impl Webhooks for Hook {
    fn subscribe(&self, wish: Wish<'_>) -> Asking {
        Some(subscribe(wish))
    }

    fn unsubscribe(&self, wish: Wish<'_>) -> Asking {
        let asked = || {
            let (hub, topic) = hub_and_topic(wish.account)?;
            Ok(websub::unsubscribe(hub, wish.callback, &topic))
        };
        Some(asked())
    }

    fn farewell(&self, account: &AccountView, query: &Query<'_>) -> Handshake {
        websub::farewell(query, |topic| is_our_topic(account, topic))
    }

    fn handshake(&self, account: &AccountView, query: &Query<'_>) -> Handshake {
        websub::handshake(query, |topic| is_our_topic(account, topic))
    }

    fn verify(&self, account: &AccountView, delivery: &Incoming<'_>, _now: Micros) -> Result<(), Forged> {
        websub::verify(&account.hook_secret, delivery)
    }

    fn read(&self, account: &AccountView, body: &[u8]) -> Result<Delivery, ParseError> {
        let told = told(body)?;
        let ours = |channel: &Option<String>| channel.as_deref().is_none_or(|channel| account.is_own(channel));
        let part = DeliveryPart {
            gone: told.gone,
            poll_now: told.videos.iter().any(|(_, channel)| ours(channel)),
            ..DeliveryPart::default()
        };
        let parts = if part.poll_now || !part.gone.is_empty() { vec![part] } else { Vec::new() };
        Ok(Delivery { parts })
    }
}

fn hub_and_topic(account: &AccountView) -> Result<(Url, String), NetError> {
    let topic = format!("{}?channel_id={}", TOPICS[0], channel(account)?);
    Ok((crate::google::oauth::at(HOME, &account.base_url, HUB)?, topic))
}

fn subscribe(wish: Wish<'_>) -> Result<Box<dyn SubscriptionSteps>, NetError> {
    let Wish { account, callback, .. } = wish;
    if account.hook_secret.is_empty() {
        return Err(NetError::Config { what: "the account has no secret for its webhook" });
    }
    let (hub, topic) = hub_and_topic(account)?;
    let subscription =
        Subscription { callback, topic: &topic, secret: &account.hook_secret, lease_seconds: LEASE_SECONDS };
    Ok(websub::subscribe(hub, &subscription))
}

fn is_our_topic(account: &AccountView, topic: &str) -> bool {
    let id = topic.split_once("?channel_id=").filter(|(feed, _)| TOPICS.contains(feed)).map(|(_, id)| id);
    id.is_some_and(|id| account.is_own(id))
}

/// What a delivery tells of.
#[derive(Debug, Default)]
struct Told {
    /// Videos that are new or changed, and their channels.
    videos: Vec<(String, Option<String>)>,
    /// Videos that are gone.
    gone: Vec<String>,
}

/// Reads the Atom feed of a delivery: only element names and ids, whatever prefixes they carry.
fn told(body: &[u8]) -> Result<Told, ParseError> {
    let mut reader = Reader::from_reader(body);
    let (mut told, mut within, mut buffer) = (Told::default(), None, Vec::new());
    let mut is_feed = false;
    loop {
        let broken = |what, at: u64| Err(ParseError::new(what, format!("byte {at}")));
        match reader.read_event_into(&mut buffer) {
            Err(_) => return broken("the XML of the delivery is broken", reader.error_position()),
            Ok(Event::Eof) if !is_feed => return broken("this is not a feed", 0),
            Ok(Event::Eof) => return Ok(told),
            Ok(Event::Start(start)) => {
                is_feed |= start.local_name().as_ref() == b"feed";
                told.gone.extend(deleted(&start));
                within = match start.local_name().as_ref() {
                    b"videoId" => Some(true),
                    b"channelId" => Some(false),
                    _ => None,
                };
            }
            Ok(Event::Empty(start)) => told.gone.extend(deleted(&start)),
            Ok(Event::Text(text)) => {
                let id = text.decode().ok().map(|id| id.trim().to_owned()).filter(|id| is_id(id));
                match (within, id) {
                    (Some(true), Some(id)) => told.videos.push((id, None)),
                    (Some(false), Some(id)) => {
                        if let Some((_, channel)) = told.videos.last_mut() {
                            *channel = Some(id);
                        }
                    }
                    _ => {}
                }
            }
            Ok(Event::End(_)) => within = None,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// The id in `<at:deleted-entry ref="yt:video:…">` (RFC 6721).
fn deleted(start: &BytesStart<'_>) -> Option<String> {
    if start.local_name().as_ref() != b"deleted-entry" {
        return None;
    }
    let named = start.try_get_attribute("ref").ok().flatten()?;
    let named = std::str::from_utf8(&named.value).ok()?;
    named.strip_prefix("yt:video:").filter(|id| is_id(id)).map(str::to_owned)
}
