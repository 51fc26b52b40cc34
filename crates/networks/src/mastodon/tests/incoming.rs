//! What comes in by poll.

use proptest::prelude::*;

use super::*;
use crate::mastodon::message::raw_item;
use crate::testing::{run_poll, served};

/// Our post 10, Rosa's answer 11 that names us, another answer 12 that does not, and our own 13.
fn village() -> Server {
    Server {
        statuses: vec![
            status(10, CLINIC, None, "Flu shots from Monday"),
            status(11, ROSA, Some(10), "@clinic is it free?"),
            status(12, ROSA, Some(11), "Asking for a friend 🙂"),
            status(13, CLINIC, Some(11), "@rosa Yes, it is."),
        ],
        notified: vec![11],
        plain: false,
    }
}

fn message(polled: &crate::testing::Polled, id: &str) -> ParsedMessage {
    let item = polled.items.iter().find(|item| item.native_id == id).unwrap();
    parse(&account(), &item.kind, &item.body).unwrap()
}

#[test]
fn mentions_answers_and_our_own_words_meet_in_one_thread() {
    let (account, server) = (account(), village());
    let polled = run_poll(input(&account, None, &[]), |request| server.on(request)).unwrap();
    let mut ids = polled.ids();
    ids.sort_unstable();
    assert_eq!(ids, ["10", "11", "12", "13"]);
    for id in ids {
        assert_eq!(message(&polled, id).thread_native_id, "10");
    }
    let (question, own) = (message(&polled, "11"), message(&polled, "13"));
    assert_eq!((question.kind, question.parent_native_id.as_deref()), (MessageKind::Reply, Some("10")));
    assert_eq!(question.text.expose(), "@clinic is it free?");
    assert_eq!(question.author.handle.unwrap().expose(), "@rosa@people.example.org");
    assert!(own.is_own && !question.is_own);
    assert_eq!(own.text.expose(), "Yes, it is.", "without the name that was put before it when it was sent");
}

#[test]
fn a_second_poll_brings_only_what_is_new_edited_or_gone() {
    let (account, mut server) = (account(), village());
    let first = run_poll(input(&account, None, &[]), |request| server.on(request)).unwrap();
    let known = first.known(&account);
    let cursor: Value = serde_json::from_str(&first.cursor.to_string()).unwrap();
    let idle = run_poll(input(&account, Some(&cursor), &known), |request| server.on(request)).unwrap();
    assert!(idle.items.is_empty() && idle.gone.is_empty());

    server.statuses.push(status(14, ROSA, Some(13), "Thank you!"));
    server.notified.push(14);
    server.statuses[2] = with(server.statuses[2].clone(), "content", "<p>Asking for myself</p>");
    server.statuses.remove(1);
    let second = run_poll(input(&account, Some(&idle.cursor), &known), |request| server.on(request)).unwrap();
    let mut ids = second.ids();
    ids.sort_unstable();
    assert_eq!(ids, ["12", "14"]);
    assert_eq!(second.gone, ["11"]);
    assert_eq!(message(&second, "14").thread_native_id, "10", "although what stood between is gone");
}

#[test]
fn an_older_server_without_links_and_lists_gives_the_same() {
    let account = account();
    let plain = Server { plain: true, ..village() };
    let first = run_poll(input(&account, None, &[]), |request| plain.on(request)).unwrap();
    assert_eq!(first.items.len(), 4);
    let mut later = plain.clone();
    later.statuses.remove(2);
    let known = first.known(&account);
    let mut cursor = first.cursor.clone();
    let mut gone = Vec::new();
    for _ in 0..2 {
        let next = run_poll(input(&account, Some(&cursor), &known), |request| later.on(request)).unwrap();
        gone.extend(next.gone);
        cursor = next.cursor;
    }
    assert_eq!(gone, ["12", "12"], "one by one, and once more in the next turn as the store was not told");
}

#[test]
fn a_mention_deep_in_a_strangers_thread_is_filed_under_its_beginning() {
    let account = account();
    let mut statuses = vec![status(20, ROSA, None, "Bad day")];
    statuses.extend((21..30).map(|id| status(id, ROSA, Some(id - 1), "more")));
    let server = Server { statuses, notified: vec![25, 28], plain: false };
    let polled = run_poll(input(&account, None, &[]), |request| server.on(request)).unwrap();
    assert_eq!(polled.ids(), ["25", "28"]);
    assert_eq!(message(&polled, "28").thread_native_id, "20");
}

#[test]
fn ten_thousand_mentions_come_page_by_page_and_survive_a_restart() {
    let account = account();
    let answers = |request: &HttpRequest| {
        let Some(after) = query(request, "min_id") else { return answer(200, &[], "[]") };
        let after: u64 = after.parse().unwrap();
        let ids = (after + 1)..(after + 81).min(10_001);
        let shown =
            ids.map(|id| json!({"id": id.to_string(), "type": "mention", "status": status(id, ROSA, None, "hi")}));
        answer(200, &[], Value::from(shown.rev().collect::<Vec<_>>()).to_string())
    };
    let mut poll = start_poll(input(&account, None, &[])).unwrap();
    let mut ids: Vec<String> = Vec::new();
    for _ in 0..60 {
        let page = poll.on_response(&answers(&poll.next_request().unwrap())).unwrap();
        assert!(page.items.len() <= 80);
        ids.extend(page.items.into_iter().map(|item| item.native_id));
    }
    // The program stops here; what was saved goes on.
    let cursor = poll.cursor();
    let rest = run_poll(input(&account, Some(&cursor), &[]), answers).unwrap();
    ids.extend(rest.items.into_iter().map(|item| item.native_id));
    assert_eq!(ids.len(), 10_000);
    ids.dedup();
    assert_eq!(ids.len(), 10_000, "each came once");
}

#[test]
fn boosts_are_no_messages_and_what_cannot_be_read_blocks_nothing() {
    let account = account();
    let boost = with(status(31, CLINIC, None, ""), "reblog", status(30, ROSA, None, "x"));
    let mut broken = status(32, ROSA, None, "secret words");
    broken["id"] = 5.into();
    let server = Server { statuses: vec![boost, status(33, ROSA, None, "hello")], notified: vec![33], plain: false };
    let polled = run_poll(input(&account, None, &[]), |request| {
        let mut answered = server.on(request);
        if request.url.path().ends_with("/notifications") && query(request, "min_id").as_deref() == Some("0") {
            let shown = json!([{"id": "1", "type": "mention", "status": server.statuses[1]},
                {"id": "2", "type": "mention", "status": broken}, {"id": "3", "type": "favourite"}]);
            answered = json_answer(200, &shown);
        }
        answered
    })
    .unwrap();
    assert_eq!(polled.items.len(), 2);
    assert_eq!(polled.items[1].native_id, "33");
    assert!(polled.items[0].native_id.starts_with("unreadable:"));
    let error = parse(&account, "status", &polled.items[0].body).unwrap_err().to_string();
    assert!(error.starts_with("a field of the status is missing") && !error.contains("secret"), "{error}");
}

#[test]
fn what_few_may_see_is_private_and_a_warning_stands_before_the_text() {
    let read = |status: Value| {
        let item = raw_item(&served(&status), None);
        assert!(!String::from_utf8_lossy(&item.body).contains("About me"), "what is not needed is not kept");
        parse(&account(), &item.kind, &item.body).unwrap()
    };
    let warned = with(status(1, ROSA, None, "I saw blood"), "spoiler_text", "surgery");
    assert_eq!(read(warned).text.expose(), "surgery\n\nI saw blood");
    for (name, seen) in [
        ("public", Visibility::Public),
        ("unlisted", Visibility::Unlisted),
        ("private", Visibility::Private),
        ("direct", Visibility::Private),
    ] {
        assert_eq!(read(with(status(1, ROSA, None, "x"), "visibility", name)).visibility, seen);
    }
    let linked = r##"Look <a href="https://example.org/a"><span class="invisible">https://</span><span>example.org/a</span></a>
        <span class="h-card"><a class="u-url mention" href="https://x.example.org/@ana">@<span>ana</span></a></span>
        <a class="mention hashtag" rel="tag" href="https://x.example.org/tags/flu">#<span>flu</span></a>"##;
    assert_eq!(read(status(1, ROSA, None, linked)).text.expose(), "Look https://example.org/a\n@ana\n#flu");
    let quote = json!({"state": "accepted", "quoted_status": {"id": "10", "content": "ours"}});
    let quoted = read(with(status(2, ROSA, None, "See"), "quote", quote));
    assert_eq!((quoted.kind, quoted.thread_native_id.as_str()), (MessageKind::Post, "10"));
}

#[test]
fn counts_and_names_are_no_edit() {
    let hash = |status: Value| raw_item(&served(&status), None).content_hash;
    let one = status(1, ROSA, None, "hello");
    let liked = with(with(one.clone(), "favourites_count", 99), "replies_count", 7);
    assert_eq!(hash(one.clone()), hash(liked));
    assert_ne!(hash(one.clone()), hash(with(one, "content", "<p>hello!</p>")));
}

#[test]
fn the_hash_is_what_it_always_was() {
    let files = json!([{"id": "3", "type": "image", "description": "A ward"}, {"id": "4", "description": null}]);
    let status = with(status(7, ROSA, Some(5), "Danke 🙂"), "media_attachments", files);
    let item = raw_item(&served(&status), Some("1"));
    assert_eq!(item.content_hash, "bf76c1f63bc8fc7d09cc967acc43b3df25a942885b3a3f4a1a3de32480403f46");
    let kept: Value = serde_json::from_slice(&item.body).unwrap();
    assert_eq!((&kept["bedside_thread_root"], &kept["media_attachments"]), (&json!("1"), &status["media_attachments"]));
    for dropped in ["replies_count", "favourites_count", "reblog", "emojis"] {
        assert_eq!(kept.get(dropped), None, "{dropped}");
    }
    assert_eq!(kept["account"].get("note"), None);
}

#[test]
fn one_broken_status_among_ten_thousand_loses_no_other() {
    let mut statuses: Vec<Value> = (1..=10_000).map(|id| status(id, ROSA, None, "hello")).collect();
    statuses[4_998]["content"] = json!({"html": "<p>not a text</p>"});
    statuses[4_999]["visibility"] = Value::Null;
    statuses[5_000]["id"] = Value::Null;
    statuses[5_001]["account"] = "nobody".into();
    statuses[5_002] = 7.into();
    let told = |(n, status): (usize, &Value)| json!({"id": n.to_string(), "type": "mention", "status": status});
    let told: Value = statuses.iter().enumerate().map(told).collect::<Vec<_>>().into();
    let polled = run_poll(input(&account(), None, &[]), |request| {
        let first = request.url.path() == "/api/v1/notifications" && query(request, "min_id").as_deref() == Some("0");
        if first { json_answer(200, &told) } else { answer(200, &[], "[]") }
    });
    let items = polled.unwrap().items;
    let (read, broken): (Vec<_>, Vec<_>) =
        items.iter().partition(|item| parse(&account(), &item.kind, &item.body).is_ok());
    assert_eq!((read.len(), broken.len()), (9_995, 4), "what is no status at all is not one");
}

#[test]
fn errors_say_what_to_do_next() {
    let account = account();
    let fail = |response: HttpResponse| run_poll(input(&account, None, &[]), |_| response.clone()).err().unwrap();
    let limited = answer(
        429,
        &[("Date", "Tue, 24 Nov 2026 12:00:00 GMT"), ("X-RateLimit-Reset", "2026-11-24T12:03:20.123Z")],
        r#"{"error":"Too many requests"}"#,
    );
    assert_eq!(fail(limited).class(), ErrorClass::RateLimited { after: Some(201) });
    let revoked = json_answer(401, &json!({"error": "The access token was revoked"}));
    assert_eq!(fail(revoked).to_string(), "the network answered 401");
    assert_eq!(fail(answer(502, &[], "<html>")).class(), ErrorClass::Transient);
    assert_eq!(fail(answer(200, &[], "{\"Rosa\":")).to_string(), "the answer is not JSON, at line 1 column 8");
    assert_eq!(fail(answer(200, &[], "{}")).to_string(), "the answer is not a list, at the top level");
    let unknown = AccountView { own_native_id: None, ..account.clone() };
    assert!(start_poll(input(&unknown, None, &[])).is_err());
}

proptest! {
    #[test]
    fn parse_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC*|[<>&@;/a-z ]*") {
        let _ = parse(&account(), "status", &bytes);
        let mut shown = status(1, ROSA, Some(2), "");
        shown["content"] = text.into();
        prop_assert!(parse(&account(), "status", shown.to_string().as_bytes()).is_ok());
    }
}
