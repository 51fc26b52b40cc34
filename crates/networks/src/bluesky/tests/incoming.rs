//! What comes in by poll.

use proptest::prelude::*;

use super::*;
use crate::bluesky::message::raw_item;
use crate::testing::{Polled, run_poll, served};

/// Our post `a`, Rosa's replies `b` (told to us) and `c` (to `b`, not told), and our own `d`.
fn village() -> Village {
    let root = uri(CLINIC, "a");
    Village {
        posts: vec![
            post(CLINIC, "a", None, "Flu shots from Monday"),
            post(ROSA, "b", Some((&root, &root)), "Is it free?"),
            post(ROSA, "c", Some((&root, &uri(ROSA, "b"))), "Asking for a friend 🙂"),
            post(CLINIC, "d", Some((&root, &uri(ROSA, "b"))), "Yes, it is."),
        ],
        notified: vec!["b"],
    }
}

fn message(polled: &Polled, uri: &str) -> ParsedMessage {
    let item = polled.items.iter().find(|item| item.native_id == uri).unwrap();
    parse(&account(), &item.kind, &item.body).unwrap()
}

#[test]
fn replies_and_our_own_words_meet_in_one_thread() {
    let (account, village) = (account(), village());
    let polled = run_poll(input(&account, None, &[]), |request| village.on(request)).unwrap();
    let mut ids = polled.ids();
    ids.sort_unstable();
    assert_eq!(ids, [uri(CLINIC, "a"), uri(CLINIC, "d"), uri(ROSA, "b"), uri(ROSA, "c")]);
    for id in ids {
        assert_eq!(message(&polled, id).thread_native_id, uri(CLINIC, "a"));
    }
    let (reply, own) = (message(&polled, &uri(ROSA, "c")), message(&polled, &uri(CLINIC, "d")));
    assert_eq!((reply.kind, reply.parent_native_id.as_deref()), (MessageKind::Reply, Some(&*uri(ROSA, "b"))));
    assert_eq!(reply.text.expose(), "Asking for a friend 🙂");
    assert_eq!(reply.author.handle.as_ref().unwrap().expose(), "@rosa.example.org");
    assert_eq!(reply.permalink.as_deref(), Some("https://bsky.app/profile/did:plc:rosa/post/c"));
    assert!(own.is_own && !reply.is_own);
}

#[test]
fn a_second_poll_brings_only_what_is_new_or_gone() {
    let (account, mut village) = (account(), village());
    let first = run_poll(input(&account, None, &[]), |request| village.on(request)).unwrap();
    let known = first.known(&account);
    let cursor: Value = serde_json::from_str(&first.cursor.to_string()).unwrap();
    let idle = run_poll(input(&account, Some(&cursor), &known), |request| village.on(request)).unwrap();
    assert!(idle.items.is_empty() && idle.gone.is_empty());

    let root = uri(CLINIC, "a");
    village.posts.push(post(ROSA, "e", Some((&root, &uri(CLINIC, "d"))), "Thank you!"));
    village.notified.insert(0, "e");
    village.posts.remove(2);
    let second = run_poll(input(&account, Some(&idle.cursor), &known), |request| village.on(request)).unwrap();
    assert_eq!(second.ids(), [uri(ROSA, "e")]);
    assert_eq!(second.gone, [uri(ROSA, "c")]);
}

#[test]
fn a_sweep_that_is_broken_off_goes_on_and_a_forgotten_cursor_begins_anew() {
    let account = account();
    let root = uri(CLINIC, "a");
    let keys = ["k", "j", "i", "h", "g", "f", "e"];
    let posts = keys.map(|key| post(ROSA, key, Some((&root, &root)), "hi")).to_vec();
    let village = Village { posts, notified: keys.to_vec() };
    let mut poll = start_poll(input(&account, None, &[])).unwrap();
    let page = poll.on_response(&village.on(&poll.next_request().unwrap())).unwrap();
    assert_eq!(page.items.len(), 2);
    let cursor = poll.cursor();
    let rest = run_poll(input(&account, Some(&cursor), &[]), |request| village.on(request)).unwrap();
    assert_eq!(rest.items.len(), 5, "it goes on behind the first page");

    let mut forgotten = true;
    let again = run_poll(input(&account, Some(&cursor), &[]), |request| {
        if std::mem::take(&mut forgotten) {
            json_answer(400, &json!({"error": "InvalidRequest"}))
        } else {
            village.on(request)
        }
    })
    .unwrap();
    assert_eq!(again.items.len(), 7);
}

#[test]
fn ten_thousand_notifications_come_page_by_page() {
    let account = account();
    let root = uri(CLINIC, "a");
    let polled = run_poll(input(&account, None, &[]), |request| {
        if !request.url.path().ends_with("listNotifications") {
            return json_answer(200, &json!({"feed": []}));
        }
        let from: usize = query(request, "cursor").map_or(0, |at| at.parse().unwrap());
        let shown: Vec<Value> = (from..from + 100)
            .map(|n| {
                let mut one = post(ROSA, "a", Some((&root, &root)), "hi");
                one["uri"] = uri(ROSA, &format!("n{n}")).into();
                one["reason"] = "reply".into();
                one
            })
            .collect();
        let next = (from + 100 < 10_000).then(|| (from + 100).to_string());
        json_answer(200, &json!({"notifications": shown, "cursor": next}))
    })
    .unwrap();
    assert_eq!((polled.items.len(), polled.requests.len()), (10_000, 101));
    assert!(polled.cursor.to_string().len() < 500, "nothing of it is kept in the cursor");
}

#[test]
fn a_quote_of_ours_is_filed_under_what_it_quotes_and_others_stand_alone() {
    let read = |embed: Value| {
        let mut view = post(ROSA, "q", None, "Look");
        view["record"]["embed"] = embed;
        let item = raw_item(&served(&view));
        parse(&account(), &item.kind, &item.body).unwrap().thread_native_id
    };
    let ours = strong(&uri(CLINIC, "a"));
    assert_eq!(read(json!({"$type": "app.bsky.embed.record", "record": ours})), uri(CLINIC, "a"));
    let with_images = json!({"$type": "app.bsky.embed.recordWithMedia", "record": {"record": ours}, "media": {}});
    assert_eq!(read(with_images), uri(CLINIC, "a"));
    assert_eq!(read(json!({"record": strong(&uri("did:plc:ana", "a"))})), uri(ROSA, "q"));
    assert_eq!(read(json!({"$type": "app.bsky.embed.images", "images": []})), uri(ROSA, "q"));
}

#[test]
fn the_hash_is_what_it_always_was() {
    let view = json!({
        "uri": "at://did:plc:rosa/app.bsky.feed.post/a", "cid": "bafy", "likeCount": 3,
        "author": {"did": ROSA, "labels": []}, "record": {"text": "Danke 🙂", "via": "x"}, "indexedAt": NOW,
    });
    let item = raw_item(&served(&view));
    assert_eq!(item.content_hash, "7644c15bbf3caecb090f3bc3a8c668b083f1e4e686d2e3d2ecc3ffa96f1bdf94");
    let kept: Value = serde_json::from_slice(&item.body).unwrap();
    assert_eq!((&kept["author"], &kept["record"]), (&json!({"did": ROSA}), &json!({"text": "Danke 🙂"})));
    assert_eq!(kept.get("likeCount"), None);
}

#[test]
fn dates_of_the_future_and_borrowed_names_are_not_believed() {
    let mut view = post(ROSA, "b", None, "hi");
    view["record"]["createdAt"] = "2099-01-01T00:00:00Z".into();
    view["author"]["handle"] = "handle.invalid".into();
    view["author"]["displayName"] = "".into();
    let item = raw_item(&served(&view));
    let read = parse(&account(), &item.kind, &item.body).unwrap();
    assert_eq!(read.published_at, Some(at(view["indexedAt"].as_str().unwrap())));
    assert_eq!((read.author.display_name.expose().as_str(), read.author.handle), (ROSA, None));
    view["author"]["did"] = CLINIC.into();
    let item = raw_item(&served(&view));
    assert!(parse(&account(), &item.kind, &item.body).is_err(), "the address says whose it is");
}

#[test]
fn what_cannot_be_read_blocks_nothing_and_says_where_not_what() {
    let account = account();
    let broken =
        json!({"uri": "at://did:plc:rosa/app.bsky.feed.like/x", "reason": "reply", "record": {"text": "secret"}});
    let good = {
        let mut good = post(ROSA, "b", None, "hi");
        good["reason"] = "mention".into();
        good
    };
    let polled = run_poll(input(&account, None, &[]), |request| match request.url.path().ends_with("Notifications") {
        true => json_answer(200, &json!({"notifications": [broken, good, {"reason": "like", "uri": uri(ROSA, "l")}]})),
        false => json_answer(200, &json!({"feed": []})),
    })
    .unwrap();
    assert_eq!(polled.items.len(), 2);
    assert!(polled.items[0].native_id.starts_with("unreadable:"));
    let error = parse(&account, "post", &polled.items[0].body).unwrap_err().to_string();
    assert!(error.starts_with("a field of the post is missing") && !error.contains("secret"), "{error}");
}

#[test]
fn errors_say_what_to_do_next() {
    let account = account();
    let fail = |response: HttpResponse| run_poll(input(&account, None, &[]), |_| response.clone()).err().unwrap();
    let expired = json_answer(400, &json!({"error": "ExpiredToken", "message": "Rosa"}));
    assert_eq!(fail(expired.clone()).class(), ErrorClass::Authorisation);
    assert_eq!(fail(expired).to_string(), "the network answered 400 (ExpiredToken)");
    let limited = answer(
        429,
        &[("Date", "Tue, 24 Nov 2026 12:00:00 GMT"), ("RateLimit-Reset", "1795521660")],
        r#"{"error":"RateLimitExceeded"}"#,
    );
    assert_eq!(fail(limited).class(), ErrorClass::RateLimited { after: Some(60) });
    assert_eq!(fail(json_answer(502, &json!({"error": "UpstreamFailure"}))).class(), ErrorClass::Transient);
    assert_eq!(fail(answer(200, &[], "[]")).to_string(), "the answer is not an object, at the top level");
    assert_eq!(fail(answer(200, &[], "{}")).to_string(), "the answer has no list, at notifications");
}

#[test]
fn a_public_source_only_looks_at_what_became_of_what_it_heard() {
    let (account, village) = (account(), village());
    let known = [("b", "x"), ("gone", "y")].map(|(key, hash)| Known {
        native_id: uri(ROSA, key),
        content_hash: hash.to_owned(),
        published_at: Some(at(NOW)),
    });
    let source = json!({"kind": "stream"});
    let polled =
        run_poll(PollInput { source: &source, ..input(&account, Some(&json!({"time_us": 7})), &known) }, |request| {
            village.on(request)
        })
        .unwrap();
    assert_eq!((polled.requests.len(), polled.ids()), (1, vec![uri(ROSA, "b").as_str()]));
    assert_eq!(polled.gone, [uri(ROSA, "gone")]);
    assert_eq!(polled.cursor["time_us"], 7, "the place of the stream is passed on");
}

proptest! {
    #[test]
    fn parse_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC*") {
        let _ = parse(&account(), "post", &bytes);
        let mut view = post(ROSA, "b", None, "");
        view["record"]["text"] = text.into();
        prop_assert!(parse(&account(), "post", view.to_string().as_bytes()).is_ok());
    }
}
