//! What Jetstream gives.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::bluesky::message::raw_item;
use crate::testing::served;
use crate::watch::{Term, Watch};

fn start(cursor: Option<&Value>) -> StreamStart {
    let account = account();
    let watch =
        Watch::new(&[Term { id: "t1".to_owned(), text: "Elm Street Clinic".to_owned(), unless: vec![] }]).unwrap();
    let source = json!({"kind": "stream"});
    start_stream(StreamInput { account: &account, source: &source, cursor, watch: Arc::new(watch) }).unwrap().unwrap()
}

fn frame(view: &Value, operation: &str, time_us: i64) -> Vec<u8> {
    let (did, key) = view["uri"].as_str().unwrap().trim_start_matches("at://").split_once('/').unwrap();
    let key = key.rsplit('/').next().unwrap();
    let mut commit = json!({"rev": "3l", "operation": operation, "collection": "app.bsky.feed.post", "rkey": key});
    if operation != "delete" {
        commit["record"] = view["record"].clone();
        commit["cid"] = view["cid"].clone();
    }
    json!({"did": did, "time_us": time_us, "kind": "commit", "commit": commit}).to_string().into_bytes()
}

#[test]
fn it_listens_a_little_before_where_it_stopped() {
    let start = start(Some(&json!({"v": 1, "time_us": 1_795_521_600_000_000_i64})));
    assert_eq!(start.transport, StreamTransport::WebSocket);
    assert_eq!(
        start.url.as_str(),
        "wss://jetstream2.us-east.bsky.network/subscribe?wantedCollections=app.bsky.feed.post&cursor=1795521595000000"
    );
    assert!(start.headers.is_empty(), "no token goes there");
    let account = account();
    let polled = StreamInput { account: &account, source: &Value::Null, cursor: None, watch: Arc::default() };
    assert!(start_stream(polled).unwrap().is_err(), "notifications are polled");
}

#[test]
fn of_everything_said_only_what_concerns_us_or_is_watched_for_is_taken() {
    let mut reader = start(None).reader;
    let mut read = |view: &Value| reader.on_frame(&frame(view, "create", 5)).unwrap().items.len();
    let ours = uri(CLINIC, "a");
    assert_eq!(read(&post(ROSA, "b", None, "Lunch was good")), 0);
    assert_eq!(read(&post(ROSA, "c", None, "They were kind at the elm\nstreet CLINIC today")), 1);
    assert_eq!(read(&post(ROSA, "d", Some((&ours, &uri(ROSA, "x"))), "me too")), 1, "it stands in a thread of ours");
    assert_eq!(read(&post(ROSA, "e", Some((&uri(ROSA, "x"), &ours)), "yes")), 1, "it answers us");
    assert_eq!(read(&post(CLINIC, "f", None, "our own")), 1);
    let mut named = post(ROSA, "g", None, "@clinic hello");
    named["record"]["facets"] = json!([{"index": {"byteStart": 0, "byteEnd": 7},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": CLINIC}]}]);
    assert_eq!(read(&named), 1);
    let mut quote = post(ROSA, "h", None, "look");
    quote["record"]["embed"] = json!({"$type": "app.bsky.embed.record", "record": strong(&ours)});
    assert_eq!(read(&quote), 1);
    let mut card = post(ROSA, "i", None, "read this");
    card["record"]["embed"] = json!({"$type": "app.bsky.embed.external",
        "external": {"uri": "https://example.org", "title": "Elm Street Clinic closes", "description": ""}});
    assert_eq!(read(&card), 1);
    assert_eq!(read(&post("did:plc:clinicother", "j", None, "not ours")), 0, "a DID that begins like ours");
}

#[test]
fn what_is_heard_is_what_the_poll_gives() {
    let view = post(ROSA, "c", None, "The Elm Street Clinic is kind");
    let heard = start(None).reader.on_frame(&frame(&view, "create", at(NOW))).unwrap().items.remove(0);
    let polled = raw_item(&served(&view));
    assert_eq!((&heard.native_id, &heard.content_hash), (&polled.native_id, &polled.content_hash));
    let read = |item: &RawItem| parse(&account(), &item.kind, &item.body).unwrap();
    assert_eq!(read(&heard).text, read(&polled).text);
    assert_eq!(read(&heard).published_at, read(&polled).published_at);
}

#[test]
fn deletions_count_where_they_are_ours_to_know() {
    let mut reader = start(Some(&json!({"v": 1, "own_to": 3}))).reader;
    let heard = post(ROSA, "c", None, "Elm Street Clinic");
    reader.on_frame(&frame(&heard, "create", 5)).unwrap();
    assert_eq!(reader.on_frame(&frame(&heard, "delete", 6)).unwrap().gone, [uri(ROSA, "c")]);
    assert!(reader.on_frame(&frame(&post(ROSA, "x", None, ""), "delete", 7)).unwrap().gone.is_empty());
    assert_eq!(reader.on_frame(&frame(&post(CLINIC, "y", None, ""), "delete", 8)).unwrap().gone, [uri(CLINIC, "y")]);
    let identity = json!({"did": ROSA, "time_us": 9, "kind": "identity", "identity": {"handle": "new.example.org"}});
    assert_eq!(reader.on_frame(identity.to_string().as_bytes()).unwrap(), Page::default());
    assert_eq!(reader.cursor(), json!({"v": 1, "own_to": 3, "time_us": 9}));
}

proptest! {
    #[test]
    fn any_frame_is_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC*") {
        let mut reader = start(None).reader;
        let _ = reader.on_frame(&bytes);
        prop_assert!(reader.on_frame(&frame(&post(ROSA, "b", None, &text), "create", 1)).is_ok());
    }
}
