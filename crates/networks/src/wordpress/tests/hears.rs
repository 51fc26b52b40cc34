//! What comes in.

use bedside_model::moderation::Standing;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{NOW, account, comment, input, site, with};
use crate::testing::{answer, at, json_answer, query, run_poll};
use crate::*;

#[test]
fn the_first_sync_reads_thirty_days_with_thread_and_post() {
    let account = account();
    let comments = [
        comment(11, "2026-11-20T08:00:00", "When can I come? &#x1F600;\n\nThank you"),
        with(comment(12, "2026-11-20T09:00:00", "Any day."), &[("parent", 11.into()), ("author", 7.into())]),
        with(comment(13, "2026-11-20T10:00:00", "And children?"), &[("parent", 12.into()), ("status", "hold".into())]),
    ];
    let polled = run_poll(input(&account, None, &[], NOW), site(&comments)).unwrap();
    assert_eq!(polled.ids(), ["11", "12", "13"]);
    let first = &polled.requests[0];
    assert!(first.url.as_str().starts_with("https://blog.example.org/news/wp-json/wp/v2/comments?"));
    assert_eq!(query(first, "after").as_deref(), Some("2026-10-25T12:00:00Z"));
    assert_eq!(query(first, "status").as_deref(), Some("any"));

    let messages: Vec<ParsedMessage> =
        polled.items.iter().map(|item| parse(&account, &item.kind, &item.body).unwrap()).collect();
    assert_eq!(messages[0].text.expose(), "When can I come? 😀\n\nThank you");
    assert_eq!(messages[0].published_at, Some(at("2026-11-20T08:00:00Z")), "date_gmt counts, not the local date");
    assert_eq!(messages[0].kind, MessageKind::Comment);
    let context = messages[0].context.as_ref().unwrap();
    assert_eq!(context.title.expose(), "Flu shots \u{2013} when?");
    assert_eq!(context.excerpt.as_ref().unwrap().expose(), "From October.");
    // A reply to a reply stays in the thread of the comment that began it.
    assert!(messages.iter().all(|m| m.thread_native_id == "5:11"), "{messages:?}");
    assert_eq!(messages[2].parent_native_id.as_deref(), Some("12"));
    assert!(messages[1].is_own && !messages[0].is_own);
    assert_eq!((messages[1].visibility, messages[2].visibility), (Visibility::Public, Visibility::Private));
    assert_eq!((messages[1].standing, messages[2].standing), (Some(Standing::Visible), Some(Standing::Held)));
}

#[test]
fn address_agent_mail_and_avatar_never_leave_the_connector() {
    let account = account();
    let comments = [comment(11, "2026-11-20T08:00:00", "Hello")];
    let polled = run_poll(input(&account, None, &[], NOW), site(&comments)).unwrap();
    let body = String::from_utf8(polled.items[0].body.clone()).unwrap();
    for dropped in ["192.0.2.7", "Mozilla", "rosa@example.org", "0bc83cb5", "_links"] {
        assert!(!body.contains(dropped), "{dropped}");
    }
    let asked = query(&polled.requests[0], "_fields").unwrap();
    assert!(!asked.contains("email") && !asked.contains("_ip") && !asked.contains("agent"));
}

#[test]
fn a_visitor_keeps_an_id_without_an_account_and_staff_is_recognised() {
    let account = account();
    let parse = |c: &Value| parse(&account, "comment", c.to_string().as_bytes()).unwrap();
    let (one, two) = (parse(&comment(1, "2026-11-20T08:00:00", "a")), parse(&comment(2, "2026-11-20T09:00:00", "b")));
    assert_eq!(one.author.native_id, two.author.native_id);
    assert!(one.author.native_id.starts_with("visitor:"));
    let staff = parse(&with(comment(3, "2026-11-20T10:00:00", "c"), &[("author", 9.into())]));
    assert!(staff.is_staff && !staff.is_own);
}

#[test]
fn the_cursor_survives_a_restart_and_reads_only_the_overlap() {
    let account = account();
    let comments = [comment(11, "2026-11-20T08:00:00", "Old"), comment(12, "2026-11-24T11:00:00", "New")];
    let first = run_poll(input(&account, None, &[], NOW), site(&comments)).unwrap();
    let cursor: Value = serde_json::from_str(&first.cursor.to_string()).unwrap();
    let known = first.known(&account);
    let second = run_poll(input(&account, Some(&cursor), &known, "2026-11-24T12:05:00Z"), site(&comments)).unwrap();
    assert_eq!(query(&second.requests[0], "after").as_deref(), Some("2026-11-22T12:00:00Z"));
    assert!(second.items.is_empty() && second.gone.is_empty(), "a replay brings nothing new");
}

#[test]
fn a_sync_that_broke_off_goes_on_where_it_was() {
    let account = account();
    let comments: Vec<Value> =
        (0..250).map(|i| comment(i + 1, &format!("2026-11-{:02}T{:02}:00:00", 1 + i / 24, i % 24), "text")).collect();
    let mut network = site(&comments);
    let mut poll = start_poll(input(&account, None, &[], NOW)).unwrap();
    let request = poll.next_request().unwrap();
    assert_eq!(poll.on_response(&network(&request)).unwrap().items.len(), 100);
    let busy = answer(429, &[("Retry-After", "30")], "");
    let error = poll.on_response(&busy).unwrap_err();
    assert_eq!(error.class(), ErrorClass::RateLimited { after: Some(30) });
    assert_eq!(query(&poll.next_request().unwrap(), "page").as_deref(), Some("2"), "the request may be repeated");

    let cursor = poll.cursor();
    let resumed = run_poll(input(&account, Some(&cursor), &[], NOW), site(&comments)).unwrap();
    let after = query(&resumed.requests[0], "after").unwrap();
    assert_eq!(after, "2026-11-03T03:00:00Z", "48 hours behind the newest of the stored page");
    assert_eq!(resumed.ids().last(), Some(&"250"));
}

#[test]
fn an_edit_is_a_changed_hash_even_weeks_later() {
    let account = account();
    let old = [comment(11, "2026-11-01T08:00:00", "It was fine")];
    let first = run_poll(input(&account, None, &[], NOW), site(&old)).unwrap();
    let edited = [comment(11, "2026-11-01T08:00:00", "It was not fine at all")];
    let known = first.known(&account);
    let second = run_poll(input(&account, Some(&first.cursor), &known, NOW), site(&edited)).unwrap();
    assert_eq!(query(&second.requests[1], "include").as_deref(), Some("11"));
    assert_eq!(second.ids(), ["11"]);
    assert_ne!(second.items[0].content_hash, first.items[0].content_hash);
}

#[test]
fn a_new_title_of_the_post_is_not_an_edit_of_its_comments() {
    let account = account();
    let first = run_poll(input(&account, None, &[], NOW), site(&[comment(11, "2026-11-24T08:00:00", "Hi")])).unwrap();
    let mut renamed = comment(11, "2026-11-24T08:00:00", "Hi");
    renamed["_embedded"]["up"][0]["title"]["rendered"] = "Another title".into();
    renamed["content"]["rendered"] = "<p class=\"plugin\">Hi</p>".into();
    let known = first.known(&account);
    let second = run_poll(input(&account, Some(&first.cursor), &known, NOW), site(&[renamed])).unwrap();
    assert!(second.items.is_empty());
}

#[test]
fn absent_trashed_and_spam_comments_are_gone() {
    let account = account();
    let all = [
        comment(1, "2026-11-01T08:00:00", "deleted for good, old"),
        comment(2, "2026-11-02T08:00:00", "trashed, old"),
        comment(3, "2026-11-24T08:00:00", "deleted for good, today"),
        comment(4, "2026-11-24T09:00:00", "spam, today"),
        comment(5, "2026-11-24T10:00:00", "stays"),
    ];
    let first = run_poll(input(&account, None, &[], NOW), site(&all)).unwrap();
    let left = [
        with(all[1].clone(), &[("status", "trash".into())]),
        with(all[3].clone(), &[("status", "spam".into())]),
        all[4].clone(),
    ];
    let known = first.known(&account);
    let mut second = run_poll(input(&account, Some(&first.cursor), &known, NOW), site(&left)).unwrap();
    second.gone.sort();
    assert_eq!(second.gone, ["1", "2", "3", "4"]);
    assert!(second.items.is_empty());
}

#[test]
fn what_the_site_holds_as_spam_is_read_only_when_asked_for() {
    let account = account();
    let spam = [with(comment(1, "2026-11-24T08:00:00", "Cheap pills"), &[("status", "spam".into())])];
    let without = run_poll(input(&account, None, &[], NOW), site(&spam)).unwrap();
    assert!(without.items.is_empty() && without.gone.is_empty());
    let source = json!({"spam": true});
    let with = PollInput { source: &source, ..input(&account, None, &[], NOW) };
    assert_eq!(run_poll(with, site(&spam)).unwrap().ids(), ["1"]);
}

#[test]
fn every_watched_comment_is_read_again_within_one_cycle() {
    let account = account();
    let comments: Vec<Value> = (1..=450).map(|id| comment(id, "2026-11-10T08:00:00", "text")).collect();
    let mut polled = run_poll(input(&account, None, &[], NOW), site(&comments)).unwrap();
    let known = polled.known(&account);
    let source = json!({"reread_cycle": 3});
    let mut reread = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let next = PollInput { source: &source, ..input(&account, Some(&polled.cursor), &known, NOW) };
        polled = run_poll(next, site(&comments)).unwrap();
        let ids = polled.requests.iter().filter_map(|request| query(request, "include"));
        let chunks: Vec<String> = ids.collect();
        assert!(chunks.iter().all(|chunk| chunk.split(',').count() <= 100));
        assert!(chunks.len() <= 2, "the load is spread");
        reread.extend(chunks.iter().flat_map(|chunk| chunk.split(',')).map(|id| id.parse::<u64>().unwrap()));
    }
    assert_eq!(reread.len(), 450);
}

#[test]
fn a_deletion_during_the_sweep_hides_no_comment() {
    // Ten deletions make the last page vanish, three only move what is on it.
    for deleted in [3, 10] {
        sweep_with_deletions(deleted);
    }
}

fn sweep_with_deletions(deleted: usize) {
    let account = account();
    let mut comments: Vec<Value> = (1..=205).map(|id| comment(id, "2026-11-10T08:00:00", "text")).collect();
    let mut poll = start_poll(input(&account, None, &[], NOW)).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    let mut first = true;
    while let Some(request) = poll.next_request() {
        let page = poll.on_response(&site(&comments)(&request)).unwrap();
        seen.extend(page.items.into_iter().map(|item| item.native_id.parse::<u64>().unwrap()));
        if first {
            // They are deleted after the first page: 101 and its followers move onto that page.
            comments.drain(..deleted);
            first = false;
        }
    }
    assert!((1 + deleted as u64..=205).all(|id| seen.contains(&id)), "{deleted}");
}

#[test]
fn ten_thousand_comments_are_read_page_by_page_across_restarts() {
    let account = account();
    let comments: Vec<Value> = (0..10_000)
        .map(|i| comment(i + 1, &format!("2026-11-{:02}T{:02}:{:02}:00", 1 + i / 1_440, i / 60 % 24, i % 60), "text"))
        .collect();
    let (mut seen, mut cursor, mut requests) = (std::collections::BTreeSet::new(), None, 0);
    // The connection breaks after each forty pages; the next poll goes on from the stored cursor.
    loop {
        let mut poll = start_poll(input(&account, cursor.as_ref(), &[], NOW)).unwrap();
        let mut network = site(&comments);
        for _ in 0..40 {
            let Some(request) = poll.next_request() else { break };
            let page = poll.on_response(&network(&request)).unwrap();
            assert!(page.items.len() <= 100, "no more than one page is in memory");
            seen.extend(page.items.into_iter().map(|item| item.native_id));
            requests += 1;
        }
        cursor = Some(poll.cursor());
        if poll.next_request().is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 10_000);
    assert!(requests < 300, "the overlap is all that is read twice: {requests}");
    assert!(cursor.unwrap().to_string().len() < 1_000);
}

#[test]
fn a_poisoned_comment_is_kept_and_blocks_nothing() {
    let account = account();
    let mut poll = start_poll(input(&account, None, &[], NOW)).unwrap();
    let body = json!([{"id": "eleven", "content": "secret words"}, comment(12, "2026-11-24T08:00:00", "Fine")]);
    let page = poll.on_response(&json_answer(200, &body)).unwrap();
    assert_eq!(page.items.len(), 2);
    assert!(page.items[0].native_id.starts_with("unreadable:"));
    let error = parse(&account, &page.items[0].kind, &page.items[0].body).unwrap_err();
    assert_eq!(error.to_string(), "the comment has no id, at id");
    assert!(parse(&account, &page.items[1].kind, &page.items[1].body).is_ok());
}

#[test]
fn an_answer_that_is_no_list_says_where_and_not_what() {
    let account = account();
    let mut poll = start_poll(input(&account, None, &[], NOW)).unwrap();
    let error = poll.on_response(&answer(200, &[], "<html>my scan</html>")).unwrap_err();
    assert_eq!(error.to_string(), "the answer is not JSON, at line 1 column 1");
    let error = poll.on_response(&json_answer(200, &json!({"a": 1}))).unwrap_err();
    assert_eq!(error.to_string(), "the answer is not a list of comments, at the top level");
    let denied = json_answer(401, &json!({"code": "rest_not_logged_in", "message": "Hello Rosa"}));
    let error = poll.on_response(&denied).unwrap_err();
    assert_eq!(
        (error.class(), error.to_string().as_str()),
        (ErrorClass::Authorisation, "the network answered 401 (rest_not_logged_in)")
    );
    assert_eq!(poll.on_response(&answer(502, &[], "Bad gateway")).unwrap_err().class(), ErrorClass::Transient);
}

proptest! {
    #[test]
    fn parse_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&account(), "comment", &bytes);
    }

    #[test]
    fn parse_never_panics_on_odd_fields(
        field in "id|post|parent|author|content|date_gmt|status|_embedded|link",
        value in prop_oneof![Just(Value::Null), Just(json!([])), Just(json!({"up": [1]})), Just(json!(-1)), Just(json!("\u{0}é"))],
    ) {
        let odd = with(comment(1, "2026-11-20T08:00:00", "text"), &[(&field, value)]);
        let _ = parse(&account(), "comment", odd.to_string().as_bytes());
        let mut poll = start_poll(input(&account(), None, &[], NOW)).unwrap();
        let _ = poll.on_response(&json_answer(200, &json!([odd])));
    }
}
