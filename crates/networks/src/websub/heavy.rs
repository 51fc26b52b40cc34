//! The same with a real hub: it makes sure that we asked, and what it delivers is signed with our secret.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;
use url::Url;

use super::{Subscription, handshake, subscribe, verify};
use crate::{Handshake, Incoming, Query, Secret};

const PAGE: &str = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Flu clinic on Monday</title></feed>";

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

/// Sends a request, and answers what the hub asks of us meanwhile as `us` says.
fn ask(
    url: &Url,
    method: &str,
    content_type: &str,
    body: &[u8],
    us: &TcpListener,
    answer: impl Fn(&Heard) -> String,
) -> (Heard, Heard) {
    let mut stream = TcpStream::connect(url.socket_addrs(|| None).unwrap()[0]).unwrap();
    let head = format!(
        "{method} {} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        url.path(),
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let (mut caller, _) = us.accept().unwrap();
    let asked = hear(&caller);
    let said = answer(&asked);
    let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{said}", said.len());
    caller.write_all(head.as_bytes()).unwrap();
    drop(caller);
    (hear(&stream), asked)
}

/// The answer to the handshake, as the connector gives it.
fn confirmed(asked: &Heard, topic: &str) -> String {
    let target = asked.line.split(' ').nth(1).unwrap();
    let url = Url::parse("http://127.0.0.1").unwrap().join(target).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    match handshake(&Query(&pairs), |asked| asked == topic) {
        Handshake::Answer { body, .. } => body,
        other => panic!("the hub was not answered: {other:?}"),
    }
}

#[test]
fn heavy_a_real_hub_is_subscribed_to_and_its_signature_holds_by_every_method() {
    let Some(ready) = hubs() else { return };
    for method in ["sha1", "sha256", "sha384", "sha512"] {
        let address = |key: &str| Url::parse(ready["hubs"][method][key].as_str().unwrap()).unwrap();
        let (hub, topic) = (address("hub"), address("topic"));
        let us = TcpListener::bind("127.0.0.1:0").unwrap();
        let callback = Url::parse(&format!("http://{}/hooks/feed", us.local_addr().unwrap())).unwrap();
        let secret = Secret::new("a secret of ours");
        let request = subscribe(
            hub,
            &Subscription { callback: &callback, topic: topic.as_str(), secret: &secret, lease_seconds: 3_600 },
        );
        let form = "application/x-www-form-urlencoded";
        let (taken, _) = ask(&request.url, "POST", form, &request.body, &us, |asked| confirmed(asked, topic.as_str()));
        assert!(taken.line.contains(" 202 "), "{method}: {}", taken.line);

        let (_, delivery) = ask(&topic, "PUT", "application/atom+xml", PAGE.as_bytes(), &us, |_| String::new());
        assert_eq!(String::from_utf8_lossy(&delivery.body), PAGE, "{method}");
        let incoming = |body| Incoming { headers: &delivery.headers, path_secret: "", body };
        assert!(incoming(&delivery.body).header("x-hub-signature").unwrap().starts_with(&format!("{method}=")));
        assert_eq!(verify(&secret, &incoming(&delivery.body)), Ok(()), "{method}");
        assert!(verify(&secret, &incoming(b"<feed/>")).is_err(), "{method}: another page");
        assert!(verify(&Secret::new("another"), &incoming(&delivery.body)).is_err(), "{method}: another secret");
    }
}
