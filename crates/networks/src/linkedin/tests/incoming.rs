//! What comes in.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::linkedin::message::{comment_item, post_item, shared_item};
use crate::testing::{answer, json_answer, run_poll, served};

/// A page on LinkedIn: its posts, what was notified, and the comments of each thing.
#[derive(Default)]
struct Site {
    posts: Vec<Value>,
    notifications: Vec<Value>,
    comments: BTreeMap<String, Vec<Value>>,
}

impl Site {
    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        assert_eq!(header(request, "linkedin-version"), Some("202607"));
        assert_eq!(header(request, "x-restli-protocol-version"), Some("2.0.0"));
        let query = request.url.query().unwrap_or_default();
        let number = |name: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
            value.map_or(0, |value| value.parse::<usize>().unwrap())
        };
        let path = request.url.path().strip_prefix("/rest/").unwrap();
        let things = match path {
            "posts" => &self.posts,
            "organizationalEntityNotifications" => &self.notifications,
            _ => {
                let target = path.strip_prefix("socialActions/").unwrap().strip_suffix("/comments").unwrap();
                let target = target.replace("%3A", ":").replace("%28", "(").replace("%29", ")").replace("%2C", ",");
                match self.comments.get(&target) {
                    Some(comments) => comments,
                    None => return json_answer(404, &json!({"status": 404, "message": "Rosa"})),
                }
            }
        };
        let (start, count) = (number("start"), number("count"));
        let page: Vec<&Value> = things.iter().skip(start).take(count).collect();
        json_answer(
            200,
            &json!({"elements": page, "paging": {"start": start, "count": count, "total": things.len(), "links": []}}),
        )
    }
}

fn with_replies(mut comment: Value, replies: u64) -> Value {
    comment["commentsSummary"] = json!({"aggregatedTotalComments": replies});
    comment
}

fn reply(activity: u64, id: u64, parent: u64, actor: &str, text: &str) -> Value {
    let mut reply = comment(activity, id, actor, text);
    reply["parentComment"] = urn(activity, parent).into();
    reply
}

/// One post with a comment, an answer of ours, and another comment.
fn clinic() -> Site {
    let mut site = Site { posts: vec![own_post(7, "2026-11-23T08:00:00Z", r"Flu shots \(free\)")], ..Site::default() };
    let comments =
        vec![with_replies(comment(70, 1, ROSA, "Where?"), 1), comment(70, 2, "urn:li:person:tom", "Thank you 😊")];
    site.comments.insert("urn:li:share:7".to_owned(), comments.clone());
    site.comments.insert("urn:li:activity:70".to_owned(), comments);
    site.comments.insert(urn(70, 1), vec![reply(70, 3, 1, PAGE, "At Elm St.")]);
    site
}

#[test]
fn comments_and_their_replies_come_in_with_thread_and_context() {
    let (account, source, site) = (account(), source("comments"), clinic());
    let polled = run_poll(input(&account, &source, None, &[]), |request| site.answer(request)).unwrap();
    assert_eq!(polled.ids(), ["urn:li:share:7", &urn(70, 1), &urn(70, 2), &urn(70, 3)]);
    let parse = |at: usize| parse(&account, &polled.items[at].kind, &polled.items[at].body).unwrap();
    let (post, question, answer) = (parse(0), parse(1), parse(3));
    assert_eq!((post.text.expose().as_str(), post.is_own), ("Flu shots (free)", true));
    assert_eq!((question.kind, question.author.native_id.as_str()), (MessageKind::Comment, ROSA));
    assert_eq!(question.context.unwrap().title.expose(), "Flu shots (free)");
    assert_eq!((answer.kind, answer.is_own), (MessageKind::Reply, true));
    assert_eq!((answer.thread_native_id, answer.parent_native_id), (urn(70, 1), Some(urn(70, 1))));
    let body = String::from_utf8(polled.items[1].body.clone()).unwrap();
    assert!(!body.contains("typist"), "who typed for the page is not needed");
}

#[test]
fn a_later_poll_reads_the_posts_that_notifications_name() {
    let (account, source, mut site) = (account(), source("comments"), clinic());
    let first = run_poll(input(&account, &source, None, &[]), |request| site.answer(request)).unwrap();
    assert_eq!(first.cursor["work"], json!([]));
    // An old post is commented on again.
    site.posts.clear();
    site.comments.insert("urn:li:activity:40".to_owned(), vec![comment(40, 9, ROSA, "Still open?")]);
    site.notifications = vec![json!({"action": "COMMENT", "sourcePost": "urn:li:activity:40", "notificationId": 1})];
    let known = first.known(&account);
    let again =
        run_poll(input(&account, &source, Some(&first.cursor), &known), |request| site.answer(request)).unwrap();
    assert_eq!(again.ids(), [urn(40, 9)]);
    let asked = again.requests[0].url.query().unwrap();
    let from = now() / 1_000 - 3_600_000;
    assert!(asked.contains(&format!("timeRange=(start:{from},end:{})", now() / 1_000 + 1)), "{asked}");
    assert!(asked.contains("actions=List(COMMENT,ADMIN_COMMENT,COMMENT_EDIT,COMMENT_DELETE)"), "{asked}");
    assert!(asked.contains("organizationalEntity=urn%3Ali%3Aorganization%3A2414183"), "{asked}");
}

#[test]
fn edits_and_deletions_are_seen_when_a_post_is_read_again() {
    let (account, mut site) = (account(), clinic());
    let source = json!({"kind": "comments", "reread_cycle": 1});
    let known = run_poll(input(&account, &source, None, &[]), |r| site.answer(r)).unwrap().known(&account);
    let cursor = json!({"v": 1, "source": "comments", "since": now(), "begun": now(), "work": [], "reread_after": ""});
    // Rosa edits, her thread loses our answer, Tom deletes his comment.
    site.posts.clear();
    site.comments.insert("urn:li:activity:70".to_owned(), vec![comment(70, 1, ROSA, "Where, please?")]);
    let again = run_poll(input(&account, &source, Some(&cursor), &known), |r| site.answer(r)).unwrap();
    assert_eq!((again.ids(), &again.gone), (vec![urn(70, 1).as_str()], &vec![urn(70, 2), urn(70, 3)]));
    // The post itself is deleted.
    site.comments.clear();
    let gone = run_poll(input(&account, &source, Some(&cursor), &known), |r| site.answer(r)).unwrap();
    assert_eq!(gone.gone, [urn(70, 1), urn(70, 2), urn(70, 3)]);
}

#[test]
fn a_backlog_of_ten_thousand_survives_a_restart_after_every_page() {
    let (account, source, mut site) = (account(), source("comments"), clinic());
    let many: Vec<Value> = (0..10_000).map(|id| comment(70, id, ROSA, "hi")).collect();
    site.comments.insert("urn:li:share:7".to_owned(), many);
    let (mut cursor, mut read, mut largest, mut requests) = (None, std::collections::BTreeSet::new(), 0, 0);
    loop {
        let mut poll = start_poll(input(&account, &source, cursor.as_ref(), &[])).unwrap();
        let request = poll.next_request().unwrap();
        let page = poll.on_response(&site.answer(&request)).unwrap();
        largest = largest.max(page.items.len());
        assert!(page.gone.is_empty(), "what was not looked at is not gone");
        read.extend(page.items.into_iter().map(|item| item.native_id));
        requests += 1;
        let kept: Value = serde_json::from_str(&poll.cursor().to_string()).unwrap();
        if kept["work"] == json!([]) {
            break;
        }
        cursor = Some(kept);
    }
    // Each page begins with the last comment of the one before.
    assert_eq!((read.len(), largest, requests), (10_001, 50, 2 + 205));
}

#[test]
fn what_is_deleted_while_pages_are_read_makes_nothing_else_gone() {
    let (account, mut site) = (account(), clinic());
    let source = json!({"kind": "comments", "reread_cycle": 1});
    let comments: Vec<Value> = (0..120).map(|id| comment(70, id, ROSA, "hi")).collect();
    site.comments.insert("urn:li:activity:70".to_owned(), comments.clone());
    site.posts.clear();
    let known: Vec<Known> = comments
        .iter()
        .map(|comment| comment_item(&served(comment), None))
        .map(|item| Known { native_id: item.native_id, content_hash: item.content_hash, published_at: None })
        .collect();
    let cursor = json!({"v": 1, "source": "comments", "since": now(), "begun": now(), "work": [], "reread_after": ""});
    let still = run_poll(input(&account, &source, Some(&cursor), &known), |request| site.answer(request)).unwrap();
    assert_eq!((still.items.len(), still.gone.len()), (0, 0));
    // Comment 0 goes after the first page: comment 50 moves to where it was read already.
    let moving = run_poll(input(&account, &source, Some(&cursor), &known), |request| {
        let answer = site.answer(request);
        if request.url.path().ends_with("/comments") {
            site.comments.insert("urn:li:activity:70".to_owned(), comments[1..].to_vec());
        }
        answer
    });
    assert_eq!(moving.unwrap().gone, Vec::<String>::new());
    let after = run_poll(input(&account, &source, Some(&cursor), &known), |request| site.answer(request)).unwrap();
    assert_eq!(after.gone, [urn(70, 0)]);
}

#[test]
fn who_mentions_the_page_is_heard_and_who_passes_a_post_on_stands_under_it() {
    let (account, source) = (account(), source("mentions"));
    let notification = |action: &str, share: u64, text: &str| {
        json!({"notificationId": share, "action": action, "organizationalEntity": PAGE, "sourcePost": "urn:li:activity:70",
            "lastModifiedAt": now() / 1_000, "generatedActivity": format!("urn:li:share:{share}"),
            "decoratedGeneratedActivity": {"share": {"entity": format!("urn:li:share:{share}"), "owner": ROSA, "text": text}}})
    };
    let notifications = vec![
        notification("SHARE_MENTION", 91, "Thanks to Elm Street Clinic (really)"),
        notification("SHARE", 92, "Worth reading"),
        notification("SHARE", 93, ""),
    ];
    let site = Site { notifications, ..Site::default() };
    let polled = run_poll(input(&account, &source, None, &[]), |request| site.answer(request)).unwrap();
    assert_eq!(polled.ids(), ["urn:li:share:91", "urn:li:share:92"], "a share without words is nothing to answer");
    let parse = |at: usize| parse(&account, &polled.items[at].kind, &polled.items[at].body).unwrap();
    assert_eq!(parse(0).text.expose(), "Thanks to Elm Street Clinic (really)");
    assert_eq!((parse(0).thread_native_id.as_str(), parse(0).kind), ("urn:li:share:91", MessageKind::Post));
    assert_eq!(parse(1).thread_native_id, "urn:li:activity:70");
}

#[test]
fn a_page_without_notifications_still_has_its_posts() {
    let (account, source, site) = (account(), source("comments"), clinic());
    let polled = run_poll(input(&account, &source, None, &[]), |request| {
        if request.url.path().ends_with("Notifications") { answer(403, &[], "") } else { site.answer(request) }
    });
    assert_eq!(polled.unwrap().items.len(), 4);
    let mentions = super::source("mentions");
    let refused = run_poll(input(&account, &mentions, None, &[]), |_| answer(403, &[], ""));
    assert_eq!(refused.err().unwrap().class(), ErrorClass::Forbidden);
}

#[test]
fn a_poisoned_comment_is_kept_and_blocks_nothing() {
    let (account, source, mut site) = (account(), source("comments"), clinic());
    let comments = vec![
        json!({"commentUrn": "../x", "actor": 5, "message": 7, "secret": "my scan"}),
        comment(70, 2, ROSA, "hi"),
        json!(3),
    ];
    site.comments.insert("urn:li:share:7".to_owned(), comments);
    let polled = run_poll(input(&account, &source, None, &[]), |request| site.answer(request)).unwrap();
    assert!(polled.ids()[1].starts_with("unreadable:") && polled.ids()[3].starts_with("unreadable:"));
    assert_eq!(polled.ids()[2], urn(70, 2));
    assert!(parse(&account, "comment", &polled.items[1].body).is_err());
    assert!(!String::from_utf8_lossy(&polled.items[1].body).contains("scan"));
}

#[test]
fn errors_and_odd_answers_say_what_to_do_next() {
    let account = account();
    let fail = |response: HttpResponse| {
        let source = source("mentions");
        run_poll(input(&account, &source, None, &[]), |_| response.clone()).err().unwrap()
    };
    let day = json!({"status": 429, "message": "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."});
    let limited = answer(429, &[("Date", "Tue, 24 Nov 2026 23:58:20 GMT")], day.to_string());
    assert_eq!(fail(limited).class(), ErrorClass::RateLimited { after: Some(100) });
    assert_eq!(fail(answer(429, &[], "{}")).class(), ErrorClass::RateLimited { after: None });
    let expired = json_answer(
        401,
        &json!({"status": 401, "code": "EXPIRED_ACCESS_TOKEN", "serviceErrorCode": 65_601, "message": "Rosa"}),
    );
    assert_eq!(fail(expired).to_string(), "the network answered 401 (EXPIRED_ACCESS_TOKEN)");
    let old = json_answer(426, &json!({"status": 426, "code": "NONEXISTENT_VERSION", "message": "x y"}));
    assert_eq!(fail(old).class(), ErrorClass::Invalid);
    assert_eq!(fail(json_answer(400, &json!({"serviceErrorCode": 100}))).to_string(), "the network answered 400 (100)");
    assert_eq!(fail(answer(200, &[], "<html>")).class(), ErrorClass::Transient);
    assert_eq!(fail(answer(200, &[], "{}")).to_string(), "the answer holds no list, at elements");
}

#[test]
fn an_error_leaves_the_poll_where_it_was() {
    let (account, source, site) = (account(), source("comments"), clinic());
    let mut troubled = true;
    let mut poll = start_poll(input(&account, &source, None, &[])).unwrap();
    let mut items = 0;
    while let Some(request) = poll.next_request() {
        troubled = !troubled;
        let response = if troubled { answer(503, &[], "") } else { site.answer(&request) };
        match poll.on_response(&response) {
            Ok(page) => items += page.items.len(),
            Err(error) => assert_eq!((error.class(), poll.next_request()), (ErrorClass::Transient, Some(request))),
        }
    }
    assert_eq!(items, 4);
}

#[test]
fn the_hash_is_what_it_always_was() {
    let comment = json!({
        "id": "9", "object": "urn:li:activity:7", "actor": "urn:li:person:rosa", "likesSummary": {"total": 3},
        "message": {"text": "Danke 🙂", "attributes": [{"start": 0}]}, "created": {"actor": "urn:li:person:x", "time": 5},
    });
    let item = comment_item(&served(&comment), None);
    assert_eq!(item.content_hash, "dcadac4d0815b055881912af38b268b938869becd68a40ac5b9950ee79b8ebfe");
    let kept: Value = serde_json::from_slice(&item.body).unwrap();
    assert_eq!((&kept["created"], &kept["message"]), (&json!({"time": 5}), &json!({"text": "Danke 🙂"})));
    let post =
        json!({"id": "urn:li:share:7", "author": "urn:li:organization:5", "commentary": "Flu", "visibility": "PUBLIC"});
    let hash = post_item(&served(&post)).content_hash;
    assert_eq!(hash, "f9269ae98e4a054d4d7575274528a5af5e48a11bee4894893b0b867d00ae5244");
}

proptest! {
    #[test]
    fn parse_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC*") {
        let account = account();
        for kind in ["comment", "post", "other"] {
            let _ = parse(&account, kind, &bytes);
        }
        let item = comment_item(&served(&comment(70, 1, ROSA, &text)), Some(("urn:li:share:7", &text)));
        prop_assert!(parse(&account, "comment", &item.body).is_ok());
        prop_assert!(parse(&account, "post", &post_item(&served(&own_post(7, NOW, &text))).body).is_ok());
        let _ = shared_item(&served(&json!({"decoratedGeneratedActivity": {"share": {"text": text, "entity": text}}})));
    }
}
