//! What comes in by polling.

use bedside_model::moderation::Standing;
use proptest::prelude::*;

use super::*;
use crate::testing::{Polled, query, run_poll};

/// A page with posts of its own, comments under them, and whatever else the stories need.
#[derive(Default, Clone)]
struct Site {
    posts: Vec<Value>,
    visitors: Vec<Value>,
    tagged: Vec<Value>,
    ratings: Vec<Value>,
    conversations: Vec<Value>,
    /// What stands under an object: (object, edge, elements from new to old).
    under: Vec<(String, Vec<Value>)>,
    per_page: usize,
}

impl Site {
    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let path = request.url.path().strip_prefix("/v26.0/").expect("the version stands in the path");
        let elements = match path {
            "1000/published_posts" => &self.posts,
            "1000/visitor_posts" => &self.visitors,
            "1000/tagged" => &self.tagged,
            "1000/ratings" => &self.ratings,
            "1000/conversations" => &self.conversations,
            _ => match self.under.iter().find(|(edge, _)| edge == path) {
                Some((_, elements)) => elements,
                None => return self.objects(request, path),
            },
        };
        let from: usize = query(request, "after").map_or(0, |after| after.parse().unwrap());
        let size = if self.per_page == 0 { 100 } else { self.per_page };
        let page: Vec<&Value> = elements.iter().skip(from).take(size).collect();
        let mut body = json!({"data": page});
        if from + size < elements.len() {
            // The network gives a whole address, on a host of its own and with the token in it.
            let next = format!("https://graph.facebook.com/v26.0/{path}?access_token=t&after={}", from + size);
            body["paging"] = json!({"cursors": {"after": "x"}, "next": next});
        }
        json_answer(200, &body)
    }

    /// Objects by id; one that is gone spoils a request for several.
    fn objects(&self, request: &HttpRequest, path: &str) -> HttpResponse {
        let all = self.under.iter().flat_map(|(_, elements)| elements).chain(&self.visitors);
        let all: Vec<&Value> = all.collect();
        let find = |id: &str| all.iter().find(|one| one["id"] == id).copied();
        match query(request, "ids") {
            None => find(path).map_or_else(|| error(400, 100, 33), |one| json_answer(200, one)),
            Some(ids) => {
                let found: Option<Value> = ids.split(',').map(|id| Some((id.to_owned(), find(id)?.clone()))).collect();
                found.map_or_else(|| error(400, 100, 33), |found| json_answer(200, &found))
            }
        }
    }

    fn poll(&self, source: &Value, before: Option<&Polled>) -> Polled {
        let account = account();
        let known = before.map(|before| before.known(&account)).unwrap_or_default();
        let cursor = before.map(|before| &before.cursor);
        run_poll(input(&account, source, cursor, &known), |request| self.answer(request)).unwrap()
    }
}

fn post(id: u32, updated: &str) -> Value {
    json!({"id": format!("1000_{id}"), "message": "Flu shots\nfrom Monday", "created_time": "2026-11-20T08:00:00+0000",
        "updated_time": updated, "from": {"id": PAGE, "name": "Elm Street Clinic"},
        "permalink_url": format!("https://www.facebook.com/{id}")})
}

fn comment(id: u32, date: &str, message: &str) -> Value {
    json!({"id": format!("1_{id}"), "message": message, "created_time": date, "from": person(),
        "is_hidden": false, "like_count": 3, "message_tags": [{"id": "9"}]})
}

fn comments() -> Value {
    json!({"kind": "comments"})
}

fn parsed(polled: &Polled, at: usize) -> ParsedMessage {
    parse(&account(), &polled.items[at].kind, &polled.items[at].body).unwrap()
}

fn with_comments(comments: Vec<Value>) -> Site {
    Site {
        posts: vec![post(1, "2026-11-24T09:00:00+0000")],
        under: vec![("1000_1/comments".to_owned(), comments)],
        ..Site::default()
    }
}

#[test]
fn a_comment_comes_with_its_thread_its_author_and_the_post_it_stands_under() {
    let mut reply = comment(3, "2026-11-24T09:30:00+0000", "Thank you for asking");
    reply["parent"] = json!({"id": "1_2", "message": "not to be kept twice"});
    reply["from"] = json!({"id": PAGE, "name": "Elm Street Clinic"});
    let polled =
        with_comments(vec![reply, comment(2, "2026-11-24T09:00:00+0000", "Is it free? 💉")]).poll(&comments(), None);
    let (reply, asked) = (parsed(&polled, 0), parsed(&polled, 1));
    assert_eq!((asked.kind, asked.text.expose().as_str()), (MessageKind::Comment, "Is it free? 💉"));
    assert_eq!(asked.author.display_name.expose(), "Rosa N.");
    assert_eq!(asked.published_at, Some(at("2026-11-24T09:00:00Z")));
    assert_eq!((asked.visibility, asked.is_own), (Visibility::Public, false));
    let context = asked.context.unwrap();
    assert_eq!((context.title.expose().as_str(), context.url.is_some()), ("Flu shots", true));
    assert_eq!((reply.kind, reply.is_own), (MessageKind::Reply, true), "our own echo is known as ours");
    assert_eq!((reply.thread_native_id, reply.parent_native_id.as_deref()), ("1_2".to_owned(), Some("1_2")));
    assert_eq!(asked.thread_native_id, "1_2");
    for item in &polled.items {
        let body = String::from_utf8(item.body.clone()).unwrap();
        assert!(!body.contains("rosa@") && !body.contains("like_count") && !body.contains("not to be kept"), "{body}");
    }
}

#[test]
fn requests_carry_the_token_in_a_header_with_the_proof_of_the_secret() {
    let polled = with_comments(vec![]).poll(&comments(), None);
    for request in &polled.requests {
        assert_eq!(query(request, "access_token"), None, "an address may end in a log");
        // HMAC-SHA-256 of `page-token`, keyed with the secret of the application.
        let proof = query(request, "appsecret_proof").unwrap();
        assert_eq!(proof, "e7c19045ed88b4926685b1fe35f2d0b2fb59cafb221caf3d8a5869b65fea5f0d");
        assert!(
            request
                .headers
                .iter()
                .any(|(name, value)| *name == "authorization" && value.expose() == "Bearer page-token")
        );
    }
}

#[test]
fn a_quiet_page_costs_few_requests_and_a_new_comment_one_more() {
    let mut site = with_comments(vec![comment(2, "2026-11-24T09:00:00+0000", "One")]);
    site.posts.extend((2..40).map(|id| post(id, "2026-11-20T08:00:00+0000")));
    site.under.extend((2..40).map(|id| (format!("1000_{id}/comments"), Vec::new())));
    let first = site.poll(&comments(), None);
    assert_eq!(first.requests.len(), 40);
    let second = site.poll(&comments(), Some(&first));
    // The list, the newest three, and two of the rest in turn.
    assert_eq!((second.items.len(), second.requests.len()), (0, 6));
    site.posts[7]["updated_time"] = "2026-11-24T11:00:00+0000".into();
    site.under[7].1.push(comment(3, "2026-11-24T11:00:00+0000", "Two"));
    assert_eq!(site.poll(&comments(), Some(&first)).ids(), ["1_3"]);
}

#[test]
fn a_later_reading_stops_where_everything_is_old_but_only_in_a_list_that_runs_from_new_to_old() {
    let old = |id: u32| comment(id, "2026-11-10T09:00:00+0000", "Old");
    let mut site = with_comments((100..110).rev().map(old).collect());
    site.per_page = 2;
    site.posts.extend((2..60).map(|id| post(id, "2026-11-20T08:00:00+0000")));
    site.under.extend((2..60).map(|id| (format!("1000_{id}/comments"), Vec::new())));
    let mut first = site.poll(&comments(), None);
    assert_eq!(first.items.len(), 10);
    // Another post has its turn.
    first.cursor["parts"]["comments"]["turn"] = "1000_2".into();
    site.under[0].1.insert(0, comment(111, "2026-11-24T11:00:00+0000", "New"));
    let of_the_post = |polled: &Polled| polled.requests.iter().filter(|r| r.url.path().contains("1000_1/")).count();
    let second = site.poll(&comments(), Some(&first));
    assert_eq!((second.ids(), of_the_post(&second)), (vec!["1_111"], 2), "the second page is old");
    site.under[0].1.reverse();
    site.under[0].1[0]["created_time"] = "2026-11-09T09:00:00+0000".into();
    let third = site.poll(&comments(), Some(&first));
    assert_eq!((third.ids(), of_the_post(&third)), (vec!["1_111"], 6), "an ascending list is read to its end");
}

#[test]
fn a_backlog_of_ten_thousand_goes_on_after_a_restart_in_its_middle() {
    let site = with_comments((0..10_000).rev().map(|n| comment(n, "2026-11-24T09:00:00+0000", "Hello")).collect());
    let account = account();
    let source = comments();
    let mut poll = start_poll(input(&account, &source, None, &[])).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    let mut most = 0;
    for _ in 0..40 {
        let page = poll.on_response(&site.answer(&poll.next_request().unwrap())).unwrap();
        most = most.max(page.items.len());
        ids.extend(page.items.into_iter().map(|item| item.native_id));
    }
    let saved: Value = serde_json::from_str(&poll.cursor().to_string()).unwrap();
    assert!(saved.to_string().len() < 1_000, "a cursor is small");
    let rest = run_poll(input(&account, &source, Some(&saved), &[]), |request| site.answer(request)).unwrap();
    assert_eq!((ids.len(), most), (3_900, 100));
    assert_eq!(rest.items.len(), 6_100, "nothing is read twice and nothing is left out");
    ids.extend(rest.items.into_iter().map(|item| item.native_id));
    assert_eq!(ids.len(), 10_000);
}

#[test]
fn what_is_said_while_a_reading_is_interrupted_is_not_lost() {
    let mut site = with_comments((0..6).rev().map(|n| comment(n, "2026-11-24T09:00:00+0000", "Hello")).collect());
    site.per_page = 2;
    let (account, source) = (account(), comments());
    let mut poll = start_poll(input(&account, &source, None, &[])).unwrap();
    for _ in 0..2 {
        poll.on_response(&site.answer(&poll.next_request().unwrap())).unwrap();
    }
    let interrupted = poll.cursor();
    site.under[0].1.insert(0, comment(7, "2026-11-24T09:30:00+0000", "Meanwhile"));
    site.posts[0]["updated_time"] = "2026-11-24T09:30:00+0000".into();
    // Newer posts stand before it, and the turn is another's.
    site.posts.extend((2..9).map(|id| post(id, "2026-11-20T08:00:00+0000")));
    site.posts.rotate_left(1);
    site.under.extend((2..9).map(|id| (format!("1000_{id}/comments"), Vec::new())));
    let rest = run_poll(input(&account, &source, Some(&interrupted), &[]), |request| site.answer(request)).unwrap();
    let mut cursor = rest.cursor.clone();
    cursor["parts"]["comments"]["turn"] = "1000_1".into();
    let again = run_poll(input(&account, &source, Some(&cursor), &[]), |request| site.answer(request)).unwrap();
    assert!(!rest.ids().contains(&"1_7") && again.ids().contains(&"1_7"));
}

#[test]
fn where_the_restart_finds_its_place_lost_it_begins_the_post_anew() {
    let mut site = with_comments((0..6).rev().map(|n| comment(n, "2026-11-24T09:00:00+0000", "Hello")).collect());
    site.per_page = 2;
    let (account, source) = (account(), comments());
    let mut poll = start_poll(input(&account, &source, None, &[])).unwrap();
    for _ in 0..2 {
        poll.on_response(&site.answer(&poll.next_request().unwrap())).unwrap();
    }
    let mut first = true;
    let rest = run_poll(input(&account, &source, Some(&poll.cursor()), &[]), |request| {
        let stale = query(request, "after").is_some() && std::mem::replace(&mut first, false);
        if stale { error(400, 100, 0) } else { site.answer(request) }
    });
    assert_eq!(rest.unwrap().items.len(), 6);
}

#[test]
fn edits_deletions_and_hiding_are_seen_even_where_the_post_does_not_move() {
    let all = (0..30).rev().map(|n| comment(n, "2026-11-10T09:00:00+0000", "Hello")).collect();
    let mut site = with_comments(all);
    site.posts.extend((2..60).map(|id| post(id, "2026-11-20T08:00:00+0000")));
    site.under.extend((2..60).map(|id| (format!("1000_{id}/comments"), Vec::new())));
    // The post is no longer among the newest, which are looked at in any case.
    site.posts.rotate_left(1);
    let mut first = site.poll(&json!({"kind": "comments", "reread_cycle": 1}), None);
    first.cursor["parts"]["comments"]["turn"] = "1000_2".into();
    site.under[0].1[3]["message"] = "Goodbye".into();
    site.under[0].1[4]["is_hidden"] = true.into();
    let gone = site.under[0].1.remove(20)["id"].as_str().unwrap().to_owned();
    let second = site.poll(&json!({"kind": "comments", "reread_cycle": 1}), Some(&first));
    assert_eq!(second.gone, [gone]);
    let mut changed: Vec<(String, Visibility)> =
        (0..second.items.len()).map(|at| parsed(&second, at)).map(|m| (m.text.into_inner(), m.visibility)).collect();
    changed.sort();
    assert_eq!(changed, [("Goodbye".to_owned(), Visibility::Public), ("Hello".to_owned(), Visibility::Private)]);
    let mut standings: Vec<_> = (0..second.items.len()).map(|at| parsed(&second, at).standing).collect();
    standings.sort();
    assert_eq!(standings, [Some(Standing::Visible), Some(Standing::Hidden)]);
    let context = parsed(&second, 0).context;
    assert_eq!(context.unwrap().title.expose(), "Flu shots", "the post is named again");
}

#[test]
fn visitors_mentions_recommendations_and_messages_come_in_with_the_usual_source() {
    let visit = json!({"id": "1000_9", "message": "Kind staff", "created_time": "2026-11-23T08:00:00+0000",
        "updated_time": "2026-11-23T09:00:00+0000", "from": person()});
    let shared = json!({"id": "501_7", "message": "Look", "created_time": "2026-11-23T08:00:00+0000",
        "from": person(), "parent_id": "1000_1"});
    let answer = json!({"id": "9_1", "message": "Thank you", "created_time": "2026-11-23T09:00:00+0000",
        "from": {"id": PAGE, "name": "Elm Street Clinic"}});
    let rating = json!({"created_time": "2026-11-22T08:00:00+0000", "recommendation_type": "negative",
        "review_text": "Two hours", "reviewer": person(), "open_graph_story": {"id": "4000"}});
    let said = |id: &str, from: &str| {
        json!({"id": id, "message": "Hi", "created_time": "2026-11-22T08:00:00+0000",
        "from": {"id": from, "name": "R", "email": "r@example.org"}})
    };
    let site = Site {
        visitors: vec![visit],
        tagged: vec![shared],
        ratings: vec![rating],
        conversations: vec![json!({"id": "t_1", "updated_time": "2026-11-22T08:00:00+0000",
            "participants": {"data": [{"id": PAGE}, {"id": "501"}]}})],
        under: vec![
            ("1000_9/comments".to_owned(), vec![answer]),
            ("4000/comments".to_owned(), vec![]),
            ("t_1/messages".to_owned(), vec![said("m_2", PAGE), said("m_1", "501")]),
        ],
        ..Site::default()
    };
    let polled = site.poll(&Value::Null, None);
    assert_eq!(polled.ids(), ["1000_9", "9_1", "501_7", "4000", "m_2", "m_1"]);
    let all: Vec<ParsedMessage> = (0..6).map(|at| parsed(&polled, at)).collect();
    let places: Vec<&str> = all.iter().map(|message| message.thread_native_id.as_str()).collect();
    assert_eq!(places, ["1000_9", "1000_9", "1000_1", "4000", "person:501", "person:501"]);
    assert_eq!(
        (all[1].kind, all[1].is_own),
        (MessageKind::Reply, true),
        "what we say under a visitor's post answers it"
    );
    assert_eq!((all[3].kind, all[3].rating), (MessageKind::Review, Some(1.0)));
    assert_eq!((all[4].visibility, all[4].is_own, all[5].is_own), (Visibility::Private, true, false));
    let again = site.poll(&Value::Null, Some(&polled));
    assert!(again.items.is_empty() && again.gone.is_empty(), "older messages count as deleted there, and not here");
}

#[test]
fn a_second_message_in_the_same_second_is_not_missed() {
    let said =
        |id: &str| json!({"id": id, "message": "Hi", "created_time": "2026-11-24T11:59:59+0000", "from": person()});
    let mut site = Site {
        conversations: vec![json!({"id": "t_1", "updated_time": "2026-11-24T11:59:59+0000",
            "participants": {"data": [{"id": PAGE}, {"id": "501"}]}})],
        under: vec![("t_1/messages".to_owned(), vec![said("m_1")])],
        ..Site::default()
    };
    let source = json!({"kind": "messages"});
    let first = site.poll(&source, None);
    site.under[0].1.insert(0, said("m_2"));
    assert_eq!(site.poll(&source, Some(&first)).ids(), ["m_2"]);
}

#[test]
fn a_part_that_is_closed_to_us_does_not_keep_the_rest_away() {
    let site = with_comments(vec![comment(2, "2026-11-24T09:00:00+0000", "Hello")]);
    let account = account();
    let closed = |request: &HttpRequest| match request.url.path() {
        "/v26.0/1000/conversations" => error(403, 200, 0),
        "/v26.0/1000/ratings" => error(400, 100, 0),
        _ => site.answer(request),
    };
    let source = Value::Null;
    assert_eq!(run_poll(input(&account, &source, None, &[]), closed).unwrap().ids(), ["1_2"]);
    let source = json!({"kind": "messages"});
    let refused = run_poll(input(&account, &source, None, &[]), closed).err().unwrap();
    assert_eq!(refused.class(), ErrorClass::Forbidden, "where it is all that was asked for, it is said");
}

#[test]
fn errors_are_told_apart_and_repeat_no_content() {
    let account = account();
    let source = comments();
    let class = |answer: HttpResponse| {
        let error = run_poll(input(&account, &source, None, &[]), |_| answer.clone()).err().unwrap();
        assert!(!format!("{error} {error:?}").contains("Rosa"), "{error}");
        error.class()
    };
    assert_eq!(class(error(400, 190, 463)), ErrorClass::Authorisation);
    assert_eq!(class(error(400, 190, 458)), ErrorClass::Authorisation);
    assert_eq!(class(error(400, 10, 0)), ErrorClass::Forbidden);
    assert_eq!(class(error(500, 2, 0)), ErrorClass::Transient);
    assert_eq!(class(error(400, 4, 0)), ErrorClass::RateLimited { after: None });
    let mut busy = error(400, 80_001, 0);
    let usage = r#"{"1000":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":3}]}"#;
    busy.headers.push(("X-Business-Use-Case-Usage".to_owned(), usage.to_owned()));
    assert_eq!(class(busy), ErrorClass::RateLimited { after: Some(180) });
    assert_eq!(class(json_answer(200, &json!({"data": 7}))), ErrorClass::Transient);
    assert_eq!(class(testing::answer(502, &[], "<html>")), ErrorClass::Transient);
}

#[test]
fn a_poisoned_comment_is_kept_and_blocks_nothing() {
    let poison = json!({"message": "no id", "created_time": 5});
    let polled = with_comments(vec![poison, comment(2, "2026-11-24T09:00:00+0000", "Hello")]).poll(&comments(), None);
    assert!(polled.items[0].native_id.starts_with("unreadable:"));
    let error = parse(&account(), &polled.items[0].kind, &polled.items[0].body).unwrap_err().to_string();
    assert!(!error.contains("no id"), "{error}");
    assert_eq!(parsed(&polled, 1).text.expose(), "Hello");
}

proptest! {
    #[test]
    fn parse_survives_any_bytes(bytes: Vec<u8>, kind in "comment|post|recommendation|message|x") {
        let _ = parse(&account(), &kind, &bytes);
    }

    #[test]
    fn parse_survives_any_fields(id in ".*", date in ".{0,30}", text in ".*", kind in "comment|post|recommendation|message") {
        let body = json!({"id": id, "created_time": date, "message": text, "with": id, "rating": 9, "from": {"id": id}});
        if let Ok(message) = parse(&account(), &kind, body.to_string().as_bytes()) {
            prop_assert_eq!(message.native_id, id);
        }
    }
}
