//! Stories of feeds, told with canned documents. All people and texts are invented.

use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use crate::testing::{answer, at, request, run_poll};
use crate::*;

const NOW: &str = "2026-11-24T12:00:00Z";

fn account() -> AccountView {
    AccountView {
        network: Network::Feed,
        base_url: Url::parse("https://blog.example.org/feed/").unwrap(),
        own_native_id: None,
        credentials: Credentials::None,
        hook_secret: Secret::default(),
        config: json!({"staff_ids": ["Elm Street Clinic"]}),
    }
}

fn input<'a>(
    account: &'a AccountView,
    source: &'a Value,
    cursor: Option<&'a Value>,
    known: &'a [Known],
) -> PollInput<'a> {
    PollInput { account, source, cursor, known, now: at(NOW) }
}

const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Comments for Elm Street</title>
<link>https://blog.example.org</link><language>en-GB</language>
<item><title>Comment on Flu shots by Rosa N.</title><link>https://blog.example.org/flu/#comment-12</link>
<dc:creator>Rosa N.</dc:creator><pubDate>Tue, 24 Nov 2026 08:00:00 +0000</pubDate>
<guid isPermaLink="false">https://blog.example.org/?p=5#comment-12</guid>
<description>Short</description><content:encoded><![CDATA[<p>Where do I park? &#128512;</p>]]></content:encoded></item>
<item><title>Comment on Flu shots by Elm Street Clinic</title><link>https://blog.example.org/flu/#comment-13</link>
<dc:creator>Elm Street Clinic</dc:creator><pubDate>Tue, 24 Nov 2026 09:00:00 +0000</pubDate>
<guid isPermaLink="false">https://blog.example.org/?p=5#comment-13</guid><description>Behind the house.</description></item>
</channel></rss>"#;

#[test]
fn a_comment_feed_gives_comments_with_their_thread() {
    let account = account();
    let source = json!({"kind": "comment"});
    let polled = run_poll(input(&account, &source, None, &[]), |_| answer(200, &[("ETag", "\"a1\"")], RSS)).unwrap();
    let messages: Vec<ParsedMessage> =
        polled.items.iter().map(|item| parse(&account, &item.kind, &item.body).unwrap()).collect();
    assert_eq!(messages[0].native_id, "https://blog.example.org/?p=5#comment-12");
    assert_eq!(messages[0].text.expose(), "Where do I park? 😀");
    assert_eq!(messages[0].author.display_name.expose(), "Rosa N.");
    assert_eq!(messages[0].thread_native_id, "https://blog.example.org/flu/");
    assert_eq!(messages[0].thread_native_id, messages[1].thread_native_id);
    assert_eq!(messages[0].published_at, Some(at("2026-11-24T08:00:00Z")));
    assert_eq!(messages[0].language_hint.as_deref(), Some("en-gb"));
    assert!(messages[1].is_staff && !messages[0].is_staff);
}

#[test]
fn an_unchanged_feed_costs_a_304() {
    let account = account();
    let source = json!({"kind": "comment"});
    let headers = [("ETag", "\"a1\""), ("Last-Modified", "Tue, 24 Nov 2026 09:00:00 GMT")];
    let first = run_poll(input(&account, &source, None, &[]), |_| answer(200, &headers, RSS)).unwrap();
    assert!(first.requests[0].headers.iter().all(|(name, _)| !name.starts_with("if-")));
    let second = run_poll(input(&account, &source, Some(&first.cursor), &[]), |request| {
        let header = |name| request.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.expose());
        assert_eq!(header("if-none-match"), Some("\"a1\""));
        assert_eq!(header("if-modified-since"), Some("Tue, 24 Nov 2026 09:00:00 GMT"));
        answer(304, &[], "")
    })
    .unwrap();
    assert!(second.items.is_empty());
    assert_eq!(second.cursor, first.cursor);
    // A server without validators sends it all again; nothing of it is new.
    let third = run_poll(input(&account, &source, Some(&first.cursor), &[]), |_| answer(200, &[], RSS)).unwrap();
    assert!(third.items.is_empty());
}

#[test]
fn an_edit_is_a_changed_hash_and_a_rebuilt_feed_is_none() {
    let account = account();
    let source = json!({"kind": "comment"});
    let first = run_poll(input(&account, &source, None, &[]), |_| answer(200, &[], RSS)).unwrap();
    let known = first.known(&account);
    let renamed = RSS.replace("Comments for Elm Street", "All comments");
    let same = run_poll(input(&account, &source, Some(&first.cursor), &known), |_| answer(200, &[], renamed.as_str()));
    assert!(same.unwrap().items.is_empty());
    let edited = RSS.replace("Where do I park?", "Where can I park?");
    let changed =
        run_poll(input(&account, &source, Some(&first.cursor), &known), |_| answer(200, &[], edited.as_str()));
    assert_eq!(changed.unwrap().ids(), ["https://blog.example.org/?p=5#comment-12"]);
}

#[test]
fn an_atom_feed_gives_posts() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>urn:f</id><updated>2026-11-24T09:00:00Z</updated>
        <entry><id>urn:e:1</id><title>New &amp; open</title><updated>2026-11-24T10:00:00Z</updated><published>2026-11-24T09:00:00Z</published>
        <author><name>Amara</name><email>amara@example.org</email></author><link href="/one"/><content type="html">&lt;p&gt;The ward&lt;/p&gt;</content></entry></feed>"#;
    let account = account();
    let polled = run_poll(input(&account, &Value::Null, None, &[]), |_| answer(200, &[], atom)).unwrap();
    assert!(!String::from_utf8_lossy(&polled.items[0].body).contains("amara@"), "the author's e-mail is not needed");
    let message = parse(&account, &polled.items[0].kind, &polled.items[0].body).unwrap();
    assert_eq!((message.kind, message.text.expose().as_str()), (MessageKind::Post, "New & open\n\nThe ward"));
    assert_eq!(message.permalink.as_deref(), Some("https://blog.example.org/one"));
    assert_eq!(message.edited_at, Some(at("2026-11-24T10:00:00Z")));
    assert_eq!(message.context.unwrap().title.expose(), "News");
}

fn json_feed(ids: std::ops::Range<u32>, next: Option<&str>) -> String {
    let items: Vec<Value> = ids
        .map(|id| json!({"id": format!("i{id}"), "content_text": format!("Text {id}"), "date_published": "2026-11-01T00:00:00Z"}))
        .collect();
    json!({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": items, "next_url": next}).to_string()
}

#[test]
fn older_pages_are_read_while_they_are_new_to_us() {
    let account = account();
    let pages = |request: &HttpRequest| match request.url.query() {
        None => answer(200, &[], json_feed(0..3, Some("https://blog.example.org/feed/?page=2"))),
        Some("page=2") => answer(200, &[], json_feed(3..6, Some("/feed/?page=3"))),
        Some(_) => answer(200, &[], json_feed(6..8, Some("https://elsewhere.example.net/feed/"))),
    };
    let first = run_poll(input(&account, &Value::Null, None, &[]), pages).unwrap();
    assert_eq!(first.ids(), ["i0", "i1", "i2", "i3", "i4", "i5", "i6", "i7"]);
    assert_eq!(first.requests.len(), 3, "a feed cannot send us to another host");
    let second = run_poll(input(&account, &Value::Null, Some(&first.cursor), &[]), pages).unwrap();
    assert_eq!((second.items.len(), second.requests.len()), (0, 1));
    let source = json!({"max_pages": 2});
    assert_eq!(run_poll(input(&account, &source, None, &[]), pages).unwrap().requests.len(), 2);
}

#[test]
fn an_archived_feed_is_read_back_into_its_archives() {
    let atom = |id: u32, older: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><id>urn:f</id><title>N</title><updated>2026-11-24T09:00:00Z</updated>\
             {older}<entry><id>urn:e:{id}</id><title>T</title><updated>2026-11-24T09:00:00Z</updated></entry></feed>"
        )
    };
    let account = account();
    let polled = run_poll(input(&account, &Value::Null, None, &[]), |request| match request.url.path() {
        "/feed/" => answer(200, &[], atom(3, "<link rel='prev-archive' href='/archive/2'/>")),
        "/archive/2" => answer(200, &[], atom(2, "<link rel='prev-archive' href='/archive/1'/>")),
        _ => answer(200, &[], atom(1, "")),
    });
    assert_eq!(polled.unwrap().ids(), ["urn:e:3", "urn:e:2", "urn:e:1"]);
}

/// What the self-test of a feed that answers so finds of its hub.
fn found(account: &AccountView, headers: &[(&str, &str)], body: &str) -> (Value, Value) {
    let mut test = start_self_test(account).unwrap();
    test.on_response(&answer(200, headers, body)).unwrap();
    let config = test.report().config;
    (config["hub"].clone(), config["topic"].clone())
}

#[test]
fn a_hub_is_found_wherever_a_feed_names_it() {
    let account = account();
    let hub = |hub: &str, topic: &str| (Value::from(hub), Value::from(topic));
    let links = "<atom:link rel='hub' href='https://hub.example.org/'/><atom:link rel='self' href='https://blog.example.org/all'/>";
    let rss = RSS.replace("<language>", &format!("{links}<language>"));
    assert_eq!(found(&account, &[], &rss), hub("https://hub.example.org/", "https://blog.example.org/all"));
    let header = [("Link", "<https://other.example.org/hub>; rel=hub, </me>; rel=\"self\"")];
    let of_header = hub("https://other.example.org/hub", "https://blog.example.org/me");
    assert_eq!(found(&account, &header, &rss), of_header, "headers come first");
    let json = json!({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [], "feed_url": "/j",
        "hubs": [{"type": "rssCloud", "url": "https://cloud.example.org/"}, {"type": "WebSub", "url": "https://hub.example.org/"}]});
    assert_eq!(found(&account, &[], &json.to_string()), hub("https://hub.example.org/", "https://blog.example.org/j"));
    // One that does not say its name is known by its address; one without a hub has none any more.
    let nameless = [("Link", "<https://hub.example.org/>; rel=hub")];
    assert_eq!(found(&account, &nameless, RSS), hub("https://hub.example.org/", "https://blog.example.org/feed/"));
    assert_eq!(found(&account, &[], RSS), (Value::Null, Value::Null));
    // A secret goes nowhere in the open.
    assert_eq!(found(&account, &[("Link", "<http://hub.example.org/>; rel=hub")], RSS).0, Value::Null);
}

fn told() -> AccountView {
    let config = json!({"kind": "comment", "hub": "https://hub.example.org/", "topic": "https://blog.example.org/all"});
    AccountView { hook_secret: Secret::new("a secret of ours"), config, ..account() }
}

#[test]
fn the_hub_is_asked_and_asks_back() {
    let (account, callback) = (told(), Url::parse("https://bedside.example.org/hooks/h1").unwrap());
    let wish = Wish { account: &account, callback: &callback, now: 0 };
    let mut asking = start_subscription(wish).unwrap().unwrap();
    let asked = asking.next_request().unwrap();
    asking.on_response(&answer(202, &[], "")).unwrap();
    assert_eq!((asking.next_request(), asking.promise()), (None, Promise::AsksBack));
    assert_eq!((asked.method, asked.url.as_str()), (Method::Post, "https://hub.example.org/"));
    let form: std::collections::BTreeMap<_, _> = url::form_urlencoded::parse(&asked.body).into_owned().collect();
    assert_eq!(form["hub.topic"], "https://blog.example.org/all");
    assert_eq!(form["hub.callback"], callback.as_str());
    assert_eq!(form["hub.secret"], "a secret of ours");

    let back = |topic: &str| {
        let pairs =
            [("hub.mode", "subscribe"), ("hub.topic", topic), ("hub.challenge", "c1"), ("hub.lease_seconds", "9")];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        webhook_handshake(&account, &webhook::Query(&pairs))
    };
    assert!(matches!(back("https://blog.example.org/all"), Handshake::Answer { body, .. } if body == "c1"));
    assert_eq!(back("https://blog.example.org/other"), Handshake::Refused);

    let mut without = told();
    without.config = json!({"hub": null, "topic": null});
    assert!(start_subscription(Wish { account: &without, ..wish }).is_none(), "a feed without a hub is polled");
    let open = AccountView { hook_secret: Secret::default(), ..told() };
    assert!(start_subscription(Wish { account: &open, ..wish }).unwrap().is_err());

    let end = end_subscription(wish).unwrap().unwrap().next_request().unwrap();
    let form: std::collections::BTreeMap<_, _> = url::form_urlencoded::parse(&end.body).into_owned().collect();
    assert_eq!((form["hub.mode"].as_str(), form.get("hub.secret")), ("unsubscribe", None));
    let asked = [("hub.mode", "unsubscribe"), ("hub.topic", "https://blog.example.org/all"), ("hub.challenge", "c2")];
    let asked = asked.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let sure = webhook_farewell(&account, &webhook::Query(&asked));
    assert_eq!(sure, Handshake::Answer { content_type: "text/plain", body: "c2".to_owned() });
    assert_eq!(webhook_handshake(&account, &webhook::Query(&asked)), Handshake::Refused, "unless we want no end");
}

#[test]
fn what_a_hub_sends_is_what_a_poll_would_have_read() {
    let account = told();
    let polled = run_poll(input(&account, &Value::Null, None, &[]), |_| answer(200, &[], RSS)).unwrap();
    let delivery = read_webhook(&account, webhook::Verified(RSS.as_bytes())).unwrap();
    assert_eq!(delivery.parts[0].items, polled.items);
    assert_eq!(delivery.parts[0].items[0].kind, "comment");
    // A hub that sends something else says that there is something to read.
    let odd = read_webhook(&account, webhook::Verified(b"<html>look</html>")).unwrap();
    assert_eq!(odd.parts, [DeliveryPart { poll_now: true, ..DeliveryPart::default() }]);
}

#[test]
fn a_poll_that_broke_off_between_two_pages_leaves_nothing_behind() {
    let account = account();
    let first = json_feed(0..3, Some("https://blog.example.org/feed/?page=2"));
    let mut poll = start_poll(input(&account, &Value::Null, None, &[])).unwrap();
    let page = poll.on_response(&answer(200, &[("ETag", "\"x\"")], first.as_str())).unwrap();
    assert!(poll.on_response(&answer(503, &[], "")).is_err());
    let known = |item: &RawItem| Known {
        native_id: item.native_id.clone(),
        content_hash: item.content_hash.clone(),
        published_at: None,
    };
    let known: Vec<Known> = page.items.iter().map(known).collect();
    // All of the first page is known by now, and still the second is read.
    let again = run_poll(input(&account, &Value::Null, Some(&poll.cursor()), &known), |request| {
        assert!(request.headers.iter().all(|(name, _)| !name.starts_with("if-")), "a 304 would end it");
        match request.url.query() {
            None => answer(200, &[("ETag", "\"x\"")], first.as_str()),
            Some(_) => answer(200, &[], json_feed(3..4, None)),
        }
    })
    .unwrap();
    assert_eq!((again.ids(), &again.cursor["etag"]), (vec!["i3"], &json!("\"x\"")));
    assert_eq!(again.cursor["unfinished"], false);
}

#[test]
fn a_broken_feed_says_where_and_not_what() {
    let account = account();
    let fail = |body: &str| {
        run_poll(input(&account, &Value::Null, None, &[]), |_| answer(200, &[], body)).err().unwrap().to_string()
    };
    let cut = RSS.replace("</dc:creator><pubDate>Tue, 24 Nov 2026 09", "</dc:creatr><pubDate>Tue, 24 Nov 2026 09");
    assert_eq!(fail(&cut), "the XML of the feed is broken, at line 10 column 30");
    assert_eq!(fail("{\n \"version\": 1,"), "the feed is not the JSON of a JSON Feed, at line 2 column 14");
    assert_eq!(fail("<!DOCTYPE html><p>my scan"), "this is a web page, not a feed, at line 1 column 1");
    let half = RSS.split("</channel>").next().unwrap();
    assert_eq!(fail(half), "the feed ends in the middle, at line 12 column 1");
    assert!(fail("hello").starts_with("this is not a feed"));
    assert!(fail("").starts_with("this is not a feed"));
}

#[test]
fn errors_say_what_to_do_next() {
    let account = account();
    let class = |status: u16, headers: &[(&str, &str)]| {
        let failed = run_poll(input(&account, &Value::Null, None, &[]), |_| answer(status, headers, ""));
        failed.err().unwrap().class()
    };
    assert_eq!(class(429, &[("Retry-After", "9")]), ErrorClass::RateLimited { after: Some(9) });
    assert_eq!(class(500, &[]), ErrorClass::Transient);
    assert_eq!(class(410, &[]), ErrorClass::Gone);
    assert_eq!(class(401, &[]), ErrorClass::Authorisation);
}

#[test]
fn nothing_can_be_sent_to_a_feed() {
    let operation = Operation::Hide { native_id: "1".to_owned() };
    assert!(matches!(request(&account(), &operation, "k"), Err(NetError::Unsupported { .. })));
}

#[test]
fn the_self_test_reads_the_feed() {
    let mut test = start_self_test(&account()).unwrap();
    assert!(test.next_request().is_some());
    test.on_response(&answer(200, &[], RSS)).unwrap();
    let report = test.report();
    assert!(report.can_read && !report.can_write);
    assert_eq!(report.name.unwrap().expose(), "Comments for Elm Street");
}

proptest! {
    #[test]
    fn no_document_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), cut in 0..RSS.len()) {
        let account = account();
        let _ = parse(&account, "post", &bytes);
        let _ = read_webhook(&account, webhook::Verified(&bytes));
        for body in [bytes, RSS.as_bytes()[..cut].to_vec()] {
            let _ = run_poll(input(&account, &Value::Null, None, &[]), |_| answer(200, &[], body.clone()));
        }
    }
}
