//! The hub (WebSub) that tells of uploads and of new titles and descriptions; never of comments.

use axum::extract::{Request, State as Shared};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use jiff::Timestamp;
use url::Url;

use super::{State, Video, YouTube};
use crate::page::escape;
use crate::world::{Event, Input, Network, Subscribe, Subscription};

const HUB: &str = "https://pubsubhubbub.appspot.com";
/// How many videos the feed has.
const MOST: usize = 15;

fn topic(channel: &str) -> String {
    format!("https://www.youtube.com/xml/feeds/videos.xml?channel_id={channel}")
}

/// `POST /subscribe`, as the hub takes it: the callback is asked first.
pub(super) async fn hub(Shared(youtube): Shared<YouTube>, request: Request) -> Response {
    let Ok(input) = Input::read(request).await else { return StatusCode::BAD_REQUEST.into_response() };
    let text = |name: &str| input.text(name).unwrap_or_default();
    let (mode, topic) = (text("hub.mode"), text("hub.topic"));
    let Ok(url) = Url::parse(&text("hub.callback")) else {
        return (StatusCode::BAD_REQUEST, "Invalid parameter: hub.callback").into_response();
    };
    if !matches!(mode.as_str(), "subscribe" | "unsubscribe") || !topic.contains("/feeds/videos.xml") {
        return (StatusCode::BAD_REQUEST, "Invalid parameter: hub.mode or hub.topic").into_response();
    }
    let ask = Subscribe {
        network: Network::Youtube,
        url,
        secret: text("hub.secret"),
        verify_token: text("hub.verify_token"),
        topic: Some(topic),
        fields: None,
    };
    let is_sync = text("hub.verify") == "sync";
    let change = change(youtube, ask, mode == "subscribe");
    if is_sync {
        let verified = if change.await { StatusCode::NO_CONTENT } else { StatusCode::CONFLICT };
        return verified.into_response();
    }
    tokio::spawn(change);
    StatusCode::ACCEPTED.into_response()
}

/// Subscribes or unsubscribes; whether the callback meant it.
async fn change(youtube: YouTube, ask: Subscribe, subscribes: bool) -> bool {
    if subscribes {
        return youtube.hooks.subscribe(ask).await.is_ok();
    }
    let meant = youtube.hooks.shake_hands(&ask, "unsubscribe").await.is_ok();
    if meant {
        let same =
            |hook: &Subscription| hook.network == Network::Youtube && hook.url == ask.url && hook.topic == ask.topic;
        youtube.hooks.unsubscribe(same);
    }
    meant
}

/// `GET /xml/feeds/videos.xml?channel_id`.
pub(super) async fn feed(Shared(youtube): Shared<YouTube>, request: Request) -> Response {
    let channel = Input::read(request).await.ok().and_then(|input| input.text("channel_id"));
    let state = youtube.lock();
    let now = youtube.now();
    if channel.as_deref() != Some(state.channel.id.as_str()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut videos: Vec<_> = state.videos.iter().filter(|(_, video)| video.is_public(now)).collect();
    videos.sort_by_key(|(_, video)| std::cmp::Reverse(video.key));
    let entries: String = videos.iter().take(MOST).map(|(id, video)| entry(&state, id, video, now)).collect();
    ([(CONTENT_TYPE, "text/xml; charset=UTF-8")], document(&state, now, &entries)).into_response()
}

/// Tells of a video that is new, or newly named.
pub(super) fn told(youtube: &YouTube, state: &State, id: &str) {
    let Some(video) = state.videos.get(id) else { return };
    let now = youtube.now();
    publish(youtube, state, &document(state, now, &entry(state, id, video, now)));
}

/// Tells of a video that is gone.
pub(super) fn deleted(youtube: &YouTube, state: &State, id: &str) {
    let now = youtube.now();
    let channel = &state.channel;
    let entry = format!(
        "<at:deleted-entry ref=\"yt:video:{id}\" when=\"{now}\">\
         <link href=\"https://www.youtube.com/watch?v={id}\"/>\
         <at:by><name>{}</name><uri>https://www.youtube.com/channel/{}</uri></at:by></at:deleted-entry>",
        escape(&channel.name),
        channel.id
    );
    let feed = format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" \
         xmlns=\"http://www.w3.org/2005/Atom\">{entry}</feed>\n"
    );
    publish(youtube, state, &feed);
}

fn publish(youtube: &YouTube, state: &State, feed: &str) {
    let event = Event {
        content_type: "application/atom+xml",
        headers: vec![("link", format!("<{HUB}>; rel=hub, <{}>; rel=self", topic(&state.channel.id)))],
        body: Bytes::from(feed.to_owned()),
    };
    let channel = format!("channel_id={}", state.channel.id);
    // The topic stands under two addresses, and with parameters in any order.
    youtube
        .hooks
        .publish(Network::Youtube, &event, |hook| hook.topic.as_deref().is_none_or(|topic| topic.contains(&channel)));
}

fn document(state: &State, now: Timestamp, entries: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns:yt=\"http://www.youtube.com/xml/schemas/2015\" \
         xmlns=\"http://www.w3.org/2005/Atom\"><link rel=\"hub\" href=\"{HUB}\"/><link rel=\"self\" href=\"{}\"/>\
         <title>YouTube video feed</title><updated>{now}</updated>{entries}</feed>\n",
        topic(&state.channel.id)
    )
}

fn entry(state: &State, id: &str, video: &Video, now: Timestamp) -> String {
    let (title, name, channel) = (escape(&video.title), escape(&state.channel.name), &state.channel.id);
    format!(
        "<entry><id>yt:video:{id}</id><yt:videoId>{id}</yt:videoId><yt:channelId>{channel}</yt:channelId>\
         <title>{title}</title><link rel=\"alternate\" href=\"https://www.youtube.com/watch?v={id}\"/>\
         <author><name>{name}</name><uri>https://www.youtube.com/channel/{channel}</uri></author>\
         <published>{}</published><updated>{now}</updated></entry>",
        video.key.at
    )
}
