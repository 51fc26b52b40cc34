//! What the server pushes.

use std::sync::Arc;

use super::*;
use crate::testing::run_poll;
use crate::watch::Watch;

fn start<'a>(account: &'a AccountView, cursor: Option<&'a Value>) -> Result<StreamStart, NetError> {
    let input = StreamInput { account, source: &Value::Null, cursor, watch: Arc::new(Watch::default()) };
    start_stream(input).unwrap()
}

fn streaming() -> AccountView {
    AccountView { config: json!({"streaming": "wss://stream.example.org"}), ..account() }
}

#[test]
fn a_server_without_streaming_is_polled() {
    assert!(start(&account(), None).unwrap_err().to_string().contains("it is polled"));
    let plain = AccountView { config: json!({"streaming": "ws://stream.example.org"}), ..account() };
    assert!(start(&plain, None).is_err(), "the token does not go out in the clear");
    let start = start(&streaming(), None).unwrap();
    assert_eq!(start.url.as_str(), "https://stream.example.org/api/v1/streaming/user");
    assert_eq!(start.transport, StreamTransport::ServerSentEvents);
}

#[test]
fn what_is_pushed_is_what_the_poll_gives() {
    let account = streaming();
    let server = Server {
        statuses: vec![status(10, CLINIC, None, "Flu shots"), status(11, ROSA, Some(10), "@clinic free?")],
        notified: vec![11],
        plain: false,
    };
    let polled = run_poll(input(&account, None, &[]), |request| server.on(request)).unwrap();
    let mut before = polled.cursor.clone();
    before["roots"].as_object_mut().unwrap().remove("11");
    let mut reader = start(&account, Some(&before)).unwrap().reader;
    let notification = json!({"id": "1", "type": "mention", "status": server.statuses[1]});
    let page = reader.on_frame(format!("notification\n{notification}").as_bytes()).unwrap();
    assert_eq!(page.items, [polled.items.iter().find(|item| item.native_id == "11").unwrap().clone()]);
    assert_eq!(reader.cursor()["roots"]["11"], "10");
}

#[test]
fn only_what_concerns_us_is_taken_from_the_timeline() {
    let mut reader = start(&streaming(), None).unwrap().reader;
    let mut read = |event: &str, data: &str| reader.on_frame(format!("{event}\n{data}").as_bytes());
    let stranger = status(40, ROSA, None, "lunch");
    assert_eq!(read("update", &stranger.to_string()).unwrap(), Page::default());
    let named = with(stranger, "mentions", json!([{"id": CLINIC, "acct": "clinic"}]));
    assert_eq!(read("status.update", &named.to_string()).unwrap().items.len(), 1);
    let own = status(41, CLINIC, None, "our own");
    assert_eq!(read("update", &own.to_string()).unwrap().items.len(), 1);
    let below = json!({"id": "2", "type": "mention", "status": status(43, ROSA, Some(41), "@clinic really?")});
    assert_eq!(read("notification", &below.to_string()).unwrap().items.len(), 1, "its thread was heard here");
    let deep = status(42, CLINIC, Some(5), "in a thread that nobody knows");
    assert!(read("update", &deep.to_string()).unwrap().items.is_empty(), "it is left to the poll");
    assert_eq!(read("delete", "40").unwrap().gone, ["40"]);
    assert_eq!(read("filters_changed", "").unwrap(), Page::default());
    assert!(read("update", "{\"content\":\"sec").unwrap_err().to_string().starts_with("the item is not JSON"));
    assert_eq!(reader.cursor(), json!({"v": 1, "roots": {"40": "40", "41": "41", "43": "41"}}));
}
