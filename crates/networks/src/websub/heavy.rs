//! The same with a real hub: it makes sure that we asked, and what it delivers is signed with our secret.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;
use url::Url;

use crate::testing::{answer, run_poll};
use crate::{
    AccountView, Credentials, Handshake, HttpRequest, Incoming, Network, PollInput, Query, Secret, Wish, read_webhook,
    start_self_test, start_subscription, verify_webhook, webhook_handshake,
};

const PAGE: &str = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:example:clinic</id><title>News of the clinic</title>\
    <updated>2026-11-24T09:00:00Z</updated><entry><id>urn:example:1</id><title>Flu clinic on Monday</title>\
    <updated>2026-11-24T09:00:00Z</updated></entry></feed>";

/// The hubs at hand, by the method that each signs with; `None`, said aloud, where there is none.
#[expect(clippy::disallowed_methods, reason = "the test command hands its peers over in the environment")]
fn hubs() -> Option<Value> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match set("BEDSIDE_TEST_WEBSUB") {
        Some(path) => Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()),
        None if set("BEDSIDE_REQUIRE_PEERS").is_some() => panic!("a WebSub hub is required and was not started"),
        None => {
            eprintln!("skipped: WebSub (BEDSIDE_TEST_WEBSUB is not set; `cargo xtask test` starts a hub)");
            None
        }
    }
}

/// A request or an answer: its first line, its headers and its body.
#[derive(Debug)]
struct Heard {
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

fn hear(stream: &TcpStream) -> Heard {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let headers = lines[1..].iter().filter_map(|line| line.split_once(": "));
    let headers: Vec<(String, String)> = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let mut body = vec![0; length.map_or(0, |(_, value)| value.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    Heard { line: lines[0].clone(), headers, body }
}

/// Sends a request and hears nothing else meanwhile.
fn begin(url: &Url, method: &str, content_type: &str, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(url.socket_addrs(|| None).unwrap()[0]).unwrap();
    let head = format!(
        "{method} {} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        url.path(),
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    stream
}

/// Sends a request, and answers what the hub asks of us meanwhile as `us` says.
fn ask(
    url: &Url,
    method: &str,
    content_type: &str,
    body: &[u8],
    us: &TcpListener,
    answer: impl Fn(&Heard) -> String,
) -> (Heard, Heard) {
    let stream = begin(url, method, content_type, body);
    let (mut caller, _) = us.accept().unwrap();
    let asked = hear(&caller);
    let said = answer(&asked);
    let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{said}", said.len());
    caller.write_all(head.as_bytes()).unwrap();
    drop(caller);
    (hear(&stream), asked)
}

/// The answer to the handshake, as the connector gives it.
fn confirmed(account: &AccountView, asked: &Heard) -> String {
    let target = asked.line.split(' ').nth(1).unwrap();
    let url = Url::parse("http://127.0.0.1").unwrap().join(target).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    match webhook_handshake(account, &Query(&pairs)) {
        Handshake::Answer { body, .. } => body,
        other => panic!("the hub was not answered: {other:?}"),
    }
}

/// A feed that is connected and tested.
fn feed(at: Url) -> AccountView {
    let mut account = AccountView {
        network: Network::Feed,
        base_url: at.clone(),
        own_native_id: None,
        credentials: Credentials::None,
        hook_secret: Secret::new("a secret of ours"),
        config: Value::Null,
    };
    let mut test = start_self_test(&account).unwrap();
    let page = hear(&begin(&at, "GET", "text/plain", b""));
    let headers: Vec<(&str, &str)> = page.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    test.on_response(&answer(200, &headers, page.body)).unwrap();
    account.config = test.report().config.into();
    account
}

fn first_request(account: &AccountView, callback: &Url) -> HttpRequest {
    start_subscription(Wish { account, callback, now: 0 }).unwrap().unwrap().next_request().unwrap()
}

#[test]
fn heavy_a_feed_is_told_of_by_a_real_hub_whatever_it_signs_with() {
    let Some(ready) = hubs() else { return };
    for method in ["sha1", "sha256", "sha384", "sha512"] {
        let address = |key: &str| Url::parse(ready["hubs"][method][key].as_str().unwrap()).unwrap();
        let (hub, topic) = (address("hub"), address("topic"));
        let account = feed(topic.clone());
        assert_eq!((account.setting("hub"), account.setting("topic")), (Some(hub.as_str()), Some(topic.as_str())));

        let us = TcpListener::bind("127.0.0.1:0").unwrap();
        let callback = Url::parse(&format!("http://{}/hooks/feed", us.local_addr().unwrap())).unwrap();
        let request = first_request(&account, &callback);
        let form = "application/x-www-form-urlencoded";
        let (taken, _) = ask(&request.url, "POST", form, &request.body, &us, |asked| confirmed(&account, asked));
        assert!(taken.line.contains(" 202 "), "{method}: {}", taken.line);

        let (_, delivery) = ask(&topic, "PUT", "application/atom+xml", PAGE.as_bytes(), &us, |_| String::new());
        assert_eq!(String::from_utf8_lossy(&delivery.body), PAGE, "{method}");
        let incoming = |body| Incoming { headers: &delivery.headers, path_secret: "", body };
        assert!(incoming(&delivery.body).header("x-hub-signature").unwrap().starts_with(&format!("{method}=")));
        let verified = verify_webhook(&account, &incoming(&delivery.body), 0).unwrap();
        let told = read_webhook(&account, verified).unwrap();
        assert!(verify_webhook(&account, &incoming(b"<feed/>"), 0).is_err(), "{method}: another page");
        let other = AccountView { hook_secret: Secret::new("another"), ..account.clone() };
        assert!(verify_webhook(&other, &incoming(&delivery.body), 0).is_err(), "{method}: another secret");

        // The items are those that a poll finds.
        let input = PollInput { account: &account, source: &Value::Null, cursor: None, known: &[], now: 0 };
        let polled =
            run_poll(input, |request| answer(200, &[], hear(&begin(&request.url, "GET", "text/plain", b"")).body));
        let polled = polled.unwrap().items;
        assert_eq!((polled.len(), &polled), (1, &told.parts[0].items), "{method}");
    }
}
