//! Stories of a blog, told with canned answers. All people and texts are invented.

use bedside_model::Phi;
use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use crate::testing::{answer, at, json_answer, outcome, query, request, run_poll};
use crate::*;

fn account() -> AccountView {
    AccountView {
        network: Network::Wordpress,
        base_url: Url::parse("https://blog.example.org/news").unwrap(),
        own_native_id: Some("7".to_owned()),
        credentials: Credentials::Basic { user: "bedside".to_owned(), password: Secret::new("abcd efgh") },
        hook_secret: Secret::default(),
        config: json!({"staff_ids": [9]}),
    }
}

fn comment(id: u64, date: &str, text: &str) -> Value {
    json!({
        "id": id, "post": 5, "parent": 0, "author": 0, "author_name": "Rosa N.", "author_url": "",
        "author_email": "rosa@example.org", "author_ip": "192.0.2.7", "author_user_agent": "Mozilla",
        "author_avatar_urls": {"24": "https://avatars.example.org/0bc83cb571cd1c50ba6f3e8a78ef1346"},
        "date": "2026-11-20T23:59:59", "date_gmt": date, "status": "approved", "type": "comment",
        "link": format!("https://blog.example.org/news/flu/#comment-{id}"),
        "content": {"rendered": format!("<p>{text}</p>"), "raw": text},
        "_links": {"up": [{"href": "https://blog.example.org/news/wp-json/wp/v2/posts/5"}]},
        "_embedded": {"up": [{"id": 5, "type": "post", "title": {"rendered": "Flu shots &#8211; when?"},
            "link": "https://blog.example.org/news/flu/", "excerpt": {"rendered": "<p>From October.</p>"}, "author": 1}]}
    })
}

fn with(mut comment: Value, changes: &[(&str, Value)]) -> Value {
    for (name, value) in changes {
        comment[*name] = value.clone();
    }
    comment
}

/// A site that answers as WordPress does, from a list of comments.
fn site(comments: &[Value]) -> impl FnMut(&HttpRequest) -> HttpResponse + '_ {
    move |request| {
        let matching: Vec<&Value> = match query(request, "include") {
            Some(ids) => {
                let ids: Vec<u64> = ids.split(',').map(|id| id.parse().unwrap()).collect();
                comments.iter().filter(|c| ids.contains(&c["id"].as_u64().unwrap_or(0))).collect()
            }
            None => {
                let after = query(request, "after").map_or(0, |after| at(&after));
                let date = |c: &Value| time::utc_without_offset(c["date_gmt"].as_str().unwrap()).unwrap();
                let mut all: Vec<&Value> = comments.iter().filter(|c| date(c) > after).collect();
                all.sort_by_key(|c| date(c));
                all
            }
        };
        let page: usize = query(request, "page").map_or(1, |page| page.parse().unwrap());
        let pages = matching.len().div_ceil(100).max(1);
        if page > pages {
            return json_answer(400, &json!({"code": "rest_post_invalid_page_number", "data": {"status": 400}}));
        }
        let body: Vec<&Value> = matching.iter().skip((page - 1) * 100).take(100).copied().collect();
        let (total, pages) = (matching.len().to_string(), pages.to_string());
        answer(200, &[("X-WP-Total", &total), ("X-WP-TotalPages", &pages)], serde_json::to_vec(&body).unwrap())
    }
}

fn input<'a>(account: &'a AccountView, cursor: Option<&'a Value>, known: &'a [Known], now: &str) -> PollInput<'a> {
    static NO_SETTINGS: Value = Value::Null;
    PollInput { account, source: &NO_SETTINGS, cursor, known, now: at(now) }
}

const NOW: &str = "2026-11-24T12:00:00Z";

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

fn reply(visibility: Visibility) -> Operation {
    Operation::Reply {
        thread_native_id: "5:11".to_owned(),
        parent_native_id: Some("13".to_owned()),
        visibility,
        text: Phi::new("We're sorry & <glad> to help".to_owned()),
    }
}

#[test]
fn a_reply_goes_under_its_parent_as_plain_text() {
    let sent = request(&account(), &reply(Visibility::Public), "out_1").unwrap();
    assert_eq!((sent.method, sent.url.path()), (Method::Post, "/news/wp-json/wp/v2/comments"));
    let body: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(body, json!({"post": 5, "parent": 13, "content": "We&#039;re sorry &amp; &lt;glad&gt; to help"}));
    let header = |name| sent.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.expose());
    assert_eq!(header("authorization"), Some("Basic YmVkc2lkZTphYmNkIGVmZ2g="));
    assert_eq!(header("idempotency-key"), Some("out_1"));
}

#[test]
fn a_reply_is_never_more_visible_than_what_it_answers() {
    let held: Value =
        serde_json::from_slice(&request(&account(), &reply(Visibility::Private), "k").unwrap().body).unwrap();
    assert_eq!(held["status"], "hold");
    assert!(matches!(request(&account(), &reply(Visibility::Unlisted), "k"), Err(NetError::Unsupported { .. })));
}

#[test]
fn a_site_without_pretty_permalinks_is_spoken_to_in_its_way() {
    let mut account = account();
    account.config = json!({"rest_base": "https://blog.example.org/news/?rest_route=/"});
    let sent = request(&account, &reply(Visibility::Public), "k").unwrap();
    assert_eq!(sent.url.as_str(), "https://blog.example.org/news/?rest_route=%2Fwp%2Fv2%2Fcomments");
    account.config = json!({"rest_base": "https://elsewhere.example.net/wp-json/"});
    let error = request(&account, &reply(Visibility::Public), "k").unwrap_err();
    assert_eq!(error.to_string(), "rest_base does not lie on the site's own host");
}

#[test]
fn only_what_is_provably_not_accepted_is_sent_again() {
    let operation = reply(Visibility::Public);
    let judge = |response: HttpResponse| match outcome(&account(), &operation, Ok(&response)) {
        Outcome::Delivered { native_id, .. } => format!("delivered {}", native_id.unwrap_or_default()),
        Outcome::Retry { after, .. } => format!("retry {after:?}"),
        Outcome::Unknown { .. } => "unknown".to_owned(),
        Outcome::Dead { .. } => "dead".to_owned(),
        Outcome::Waiting { .. } => "waiting".to_owned(),
        Outcome::Reauthorise { .. } => "reauthorise".to_owned(),
    };
    let code = |status, code: &str| json_answer(status, &json!({"code": code, "message": "x"}));
    let table = [
        (json_answer(201, &json!({"id": 99, "link": "https://blog.example.org/#c99"})), "delivered 99"),
        (answer(200, &[], "<html>ok</html>"), "unknown"),
        (json_answer(200, &json!({})), "unknown"),
        (answer(429, &[("Retry-After", "7")], ""), "retry Some(7)"),
        (code(429, "comment_flood"), "retry None"),
        (answer(503, &[("Retry-After", "600")], ""), "retry Some(600)"),
        (answer(503, &[], ""), "unknown"),
        (answer(500, &[], ""), "unknown"),
        (answer(502, &[], ""), "unknown"),
        (answer(504, &[], ""), "unknown"),
        (code(409, "comment_duplicate"), "unknown"),
        (code(401, "rest_not_logged_in"), "reauthorise"),
        (code(403, "rest_comment_closed"), "dead"),
        (code(400, "rest_invalid_param"), "dead"),
        (answer(301, &[("Location", "https://example.org/")], ""), "dead"),
    ];
    for (response, expected) in table {
        assert_eq!(
            judge(response.clone()),
            expected,
            "{} {}",
            response.status,
            String::from_utf8_lossy(&response.body)
        );
    }
    let never = TransportError::NotSent("connection refused");
    assert!(matches!(outcome(&account(), &operation, Err(&never)), Outcome::Retry { .. }));
    let maybe = TransportError::MaybeSent("timeout");
    assert!(matches!(outcome(&account(), &operation, Err(&maybe)), Outcome::Unknown { .. }));
}

#[test]
fn taking_back_what_is_already_gone_is_done() {
    let operation = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: "99".to_owned() };
    let sent = request(&account(), &operation, "k").unwrap();
    assert_eq!((sent.method, sent.url.query()), (Method::Delete, Some("force=false")));
    for status in [404, 410] {
        let judged = outcome(&account(), &operation, Ok(&answer(status, &[], "")));
        assert!(matches!(judged, Outcome::Delivered { .. }));
    }
}

fn look(operation: &Operation, answers: &[HttpResponse]) -> ReadbackVerdict {
    let mut readback = start_readback(&account(), operation, at(NOW)).unwrap();
    for answer in answers {
        readback.next_request().expect("another request");
        readback.on_response(answer).unwrap();
    }
    assert!(readback.next_request().is_none());
    readback.verdict()
}

fn own(id: u64, date: &str, raw: &str, status: &str) -> Value {
    json!({"id": id, "author": 7, "date_gmt": date, "status": status, "content": {"raw": raw, "rendered": ""},
        "link": "https://blog.example.org/#c"})
}

#[test]
fn a_read_back_finds_the_reply_although_the_site_changed_its_quotes() {
    let raw = "We\u{2019}re sorry &amp; &lt;glad&gt; to  help";
    let list = json!([
        own(50, "2026-11-24T12:00:05", "Another answer", "approved"),
        own(51, "2026-11-24T12:00:06", raw, "approved")
    ]);
    let found = look(&reply(Visibility::Public), &[json_answer(200, &list)]);
    assert!(matches!(found, ReadbackVerdict::Found { native_id: Some(id), .. } if id == "51"));

    let other = json!([own(50, "2026-11-24T12:00:05", "Another answer", "approved")]);
    assert_eq!(look(&reply(Visibility::Public), &[json_answer(200, &other)]), ReadbackVerdict::NotThere);

    let readback = start_readback(&account(), &reply(Visibility::Public), at(NOW)).unwrap();
    let asked = readback.next_request().unwrap();
    assert_eq!(
        (query(&asked, "author"), query(&asked, "parent"), query(&asked, "status")),
        (Some("7".to_owned()), Some("13".to_owned()), Some("any".to_owned()))
    );
}

#[test]
fn a_reply_taken_back_long_ago_is_not_mistaken_for_the_new_one() {
    let raw = "We&#039;re sorry &amp; &lt;glad&gt; to help";
    let old = json!([own(40, "2026-11-20T12:00:00", raw, "trash")]);
    assert_eq!(look(&reply(Visibility::Public), &[json_answer(200, &old)]), ReadbackVerdict::NotThere);
}

#[test]
fn a_read_back_pages_on_and_gives_up_visibly() {
    let page = answer(200, &[("X-WP-TotalPages", "9")], "[]");
    assert_eq!(look(&reply(Visibility::Public), &vec![page; 5]), ReadbackVerdict::CannotTell);
    let mut unknown = account();
    unknown.own_native_id = None;
    assert!(start_readback(&unknown, &reply(Visibility::Public), at(NOW)).is_err());
}

#[test]
fn edits_deletions_and_moderation_are_read_back_from_the_thing_itself() {
    let thing = |status: &str, raw: &str| [json_answer(200, &own(99, "2026-11-20T12:00:00", raw, status))];
    let edit = Operation::EditOwn { kind: OwnKind::Reply, native_id: "99".into(), text: Phi::new("New".into()) };
    assert!(matches!(look(&edit, &thing("approved", "New")), ReadbackVerdict::Found { .. }));
    assert_eq!(look(&edit, &thing("approved", "Old")), ReadbackVerdict::NotThere);
    assert_eq!(look(&edit, &[answer(404, &[], "")]), ReadbackVerdict::CannotTell);
    let delete = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: "99".into() };
    assert!(matches!(look(&delete, &thing("trash", "x")), ReadbackVerdict::Found { .. }));
    assert_eq!(look(&delete, &thing("approved", "x")), ReadbackVerdict::NotThere);
    assert!(matches!(look(&delete, &[answer(404, &[], "")]), ReadbackVerdict::Found { .. }));
    let hide = Operation::Hide { native_id: "99".into() };
    assert!(matches!(look(&hide, &thing("hold", "x")), ReadbackVerdict::Found { .. }));
}

#[test]
fn a_post_is_read_back_by_title_text_and_time() {
    let post = Operation::Post {
        title: Phi::new("Flu & you".into()),
        text: Phi::new("One.\n\nTwo.".into()),
        link: None,
        media: vec![],
        language: None,
    };
    let sent = request(&account(), &post, "k").unwrap();
    let body: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(body["content"], "<p>One.</p>\n\n<p>Two.</p>");
    let mut made = own(70, "2026-11-24T12:00:01", "<p>One.</p>\n\n<p>Two.</p>", "publish");
    made["title"] = json!({"raw": "Flu &amp; you"});
    assert!(matches!(look(&post, &[json_answer(200, &json!([made]))]), ReadbackVerdict::Found { .. }));
    made["date_gmt"] = "2026-11-20T12:00:00".into();
    assert_eq!(look(&post, &[json_answer(200, &json!([made]))]), ReadbackVerdict::NotThere);
}

#[test]
fn the_self_test_finds_us_and_the_api() {
    let mut test = start_self_test(&account()).unwrap();
    assert!(test.next_request().unwrap().url.path().ends_with("/news/wp-json/wp/v2/users/me"));
    test.on_response(&answer(404, &[], "<html>nothing</html>")).unwrap();
    assert_eq!(query(&test.next_request().unwrap(), "rest_route").as_deref(), Some("/wp/v2/users/me"));
    let me = json!({"id": 7, "name": "Patient relations", "capabilities": {"moderate_comments": true, "publish_posts": true}});
    test.on_response(&json_answer(200, &me)).unwrap();
    test.on_response(&json_answer(200, &json!([]))).unwrap();
    assert_eq!(query(&test.next_request().unwrap(), "who").as_deref(), Some("authors"));
    test.on_response(&json_answer(200, &json!([{"id": 3}, {"id": 7}]))).unwrap();
    assert!(test.next_request().is_none());
    let report = test.report();
    assert_eq!(report.native_id.as_deref(), Some("7"));
    // The site's other writers are staff, beside the one named by hand.
    assert_eq!(report.config["staff_ids"], json!(["3", "9"]));
    assert!(report.can_read && report.can_write && report.problems.is_empty());
    assert_eq!(report.config["rest_base"], "https://blog.example.org/news/?rest_route=/");
}

#[test]
fn the_self_test_says_what_to_mend() {
    let mut test = start_self_test(&account()).unwrap();
    test.on_response(&json_answer(401, &json!({"code": "rest_not_logged_in"}))).unwrap();
    let report = test.report();
    assert!(!report.can_read && !report.can_write && test.next_request().is_none());
    assert!(report.problems[0].contains("application password"));
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
