//! What comes in.

use proptest::prelude::*;

use super::*;
use crate::testing::{answer, json_answer, query, run_poll, served};
use crate::x::item::{Includes, direct_item, post_item};

fn parsed(account: &AccountView, post: &Value, includes: &Value) -> ParsedMessage {
    let item = post_item(&served(post), &Includes::of(&served(&json!({"includes": includes}))));
    parse(account, &item.kind, &item.body).unwrap()
}

/// Plays a list of posts, newest first, with pages of so many, as X pages it.
fn pages(posts: Vec<Value>, size: usize) -> impl FnMut(&HttpRequest) -> HttpResponse {
    move |request| {
        if request.url.path() == "/2/tweets" {
            return json_answer(200, &json!({"errors": []}));
        }
        let since: u64 = query(request, "since_id").map_or(0, |id| id.parse().unwrap());
        let from: usize = query(request, "pagination_token").map_or(0, |token| token.parse().unwrap());
        let newer = posts.iter().filter(|post| post["id"].as_str().unwrap().parse::<u64>().unwrap() > since);
        let newer: Vec<&Value> = newer.collect();
        let page: Vec<&Value> = newer.iter().skip(from).take(size).copied().collect();
        let mut body = json!({"meta": {"result_count": page.len()}, "includes": includes()});
        if !page.is_empty() {
            body["data"] = json!(page);
        }
        if from + size < newer.len() {
            body["meta"]["next_token"] = (from + size).to_string().into();
        }
        json_answer(200, &body)
    }
}

fn hours(n: u64) -> Vec<Value> {
    (0..n)
        .map(|i| {
            let date = format!("2026-11-24T{:02}:{:02}:00Z", 11 - i / 60, 59 - i % 60);
            mention(&id(&date, i), &date, &format!("@ElmStreetClinic question {i}"))
        })
        .collect()
}

#[test]
fn a_mention_comes_in_with_author_links_and_the_characters_x_escapes() {
    let mut post = mention(
        "1001",
        "2026-11-24T08:00:00Z",
        "@ElmStreetClinic 3 h &lt;wait&gt; &amp; no answer https://t.co/a https://t.co/p",
    );
    post["entities"]["urls"] = json!([
        {"url": "https://t.co/a", "expanded_url": "https://blog.example.org/wait", "start": 0, "end": 1},
        {"url": "https://t.co/p", "expanded_url": "https://x.com/rosa_n/status/1001/photo/1", "start": 0, "end": 1},
    ]);
    let message = parsed(&account(), &post, &includes());
    assert_eq!(message.text.expose(), "@ElmStreetClinic 3 h <wait> & no answer https://blog.example.org/wait");
    assert_eq!((message.native_id.as_str(), message.thread_native_id.as_str()), ("1001", "1001"));
    assert_eq!(message.author.handle.unwrap().expose(), "rosa_n");
    assert_eq!(message.permalink.as_deref(), Some("https://x.com/i/web/status/1001"));
    assert_eq!((message.kind, message.visibility), (MessageKind::Post, Visibility::Public));
}

#[test]
fn both_names_of_the_api_are_understood() {
    let old = json!({"id": "12", "text": "short", "author_id": "501", "conversation_id": "9", "created_at": "2026-11-24T08:00:00Z",
        "edit_history_tweet_ids": ["11", "12"], "in_reply_to_user_id": OWN,
        "referenced_tweets": [{"type": "replied_to", "id": "9"}], "note_tweet": {"text": "a long one"}});
    let mut new = old.clone();
    for (from, to) in [
        ("edit_history_tweet_ids", "edit_history_post_ids"),
        ("referenced_tweets", "referenced_posts"),
        ("note_tweet", "note_post"),
    ] {
        let value = new.as_object_mut().unwrap().remove(from).unwrap();
        new[to] = value;
    }
    let (old, new) = (parsed(&account(), &old, &includes()), parsed(&account(), &new, &includes()));
    assert_eq!(old, new);
    assert_eq!(old.native_id, "11", "all versions of a post are one message");
    assert_eq!(old.parent_native_id.as_deref(), Some("9"));
    assert_eq!((old.kind, old.text.expose().as_str()), (MessageKind::Reply, "a long one"));
    assert!(old.edited_at.is_some());
}

#[test]
fn quotes_and_reposts_stand_under_the_original() {
    let with = json!({"users": [], "tweets": [{"id": "500", "author_id": OWN, "text": "Flu shots from Monday"}]});
    let quote = |kind: &str| {
        json!({"id": "1001", "text": "Go!", "author_id": "501", "conversation_id": "1001", "created_at": "2026-11-24T08:00:00Z",
            "referenced_tweets": [{"type": kind, "id": "500"}]})
    };
    for kind in ["quoted", "retweeted"] {
        let message = parsed(&account(), &quote(kind), &with);
        assert_eq!(message.thread_native_id, "500", "{kind}");
        assert_eq!(message.context.unwrap().title.expose(), "Flu shots from Monday");
    }
}

#[test]
fn people_who_speak_to_each_other_have_a_thread_of_their_own() {
    let reply = |author: &str, to: &str| {
        json!({"id": "1001", "text": "I know", "author_id": author, "conversation_id": "500", "in_reply_to_user_id": to,
            "referenced_tweets": [{"type": "replied_to", "id": "501"}]})
    };
    let thread = |post: &Value| parsed(&account(), post, &includes()).thread_native_id;
    assert_eq!(thread(&reply("501", "502")), "500/aside");
    assert_eq!(thread(&reply("501", OWN)), "500");
    assert_eq!(thread(&reply(OWN, "502")), "500");
    let own = parsed(&account(), &reply(OWN, "502"), &includes());
    let staff = parsed(&account(), &reply("77", OWN), &includes());
    assert!(own.is_own && !own.is_staff && staff.is_staff && !staff.is_own);
}

#[test]
fn a_backlog_is_read_page_by_page_and_survives_a_restart() {
    let (account, source) = (account(), source("mentions"));
    let posts = hours(25);
    let mut network = pages(posts.clone(), 10);
    // The first poll is cut off after its first page.
    let mut poll = start_poll(input(&account, &source, None, &[])).unwrap();
    let request = poll.next_request().unwrap();
    assert_eq!(request.url.path(), format!("/2/users/{OWN}/mentions"));
    assert_eq!(query(&request, "start_time").as_deref(), Some("2026-10-25T12:00:00Z"));
    let first = poll.on_response(&network(&request)).unwrap();
    let kept: Value = serde_json::from_str(&poll.cursor().to_string()).unwrap();
    // Nothing newer than the unread rest counts as read.
    assert_eq!(kept["since"], json!({}));
    let rest = run_poll(input(&account, &source, Some(&kept), &[]), &mut network).unwrap();
    assert_eq!((first.items.len(), rest.items.len(), rest.requests.len()), (10, 15, 2));
    // The next poll asks only for what is newer, and reaches back two minutes.
    let again = run_poll(input(&account, &source, Some(&rest.cursor), &rest.known(&account)), &mut network).unwrap();
    let since = query(&again.requests[0], "since_id").unwrap();
    assert_eq!(since, id("2026-11-24T11:57:00Z", 0));
    assert_eq!(again.items.len(), 3, "what the first page brought is not among the known of this story");
}

#[test]
fn a_page_token_that_ran_out_begins_the_list_anew() {
    let (account, source) = (account(), source("mentions"));
    let kept = json!({"v": 1, "source": "mentions", "since": {}, "roots": [], "reread_after": 0,
        "open": {"list": "mentions", "part": 0, "newest": 5, "token": "old"}});
    let mut network = pages(hours(3), 10);
    let polled = run_poll(input(&account, &source, Some(&kept), &[]), |request| {
        match query(request, "pagination_token").as_deref() {
            Some("old") => json_answer(400, &json!({"title": "Invalid Request"})),
            _ => network(request),
        }
    });
    assert_eq!(polled.unwrap().items.len(), 3);
}

#[test]
fn ten_thousand_mentions_come_in_page_by_page() {
    let (account, source) = (account(), source("mentions"));
    let (mut poll, mut read, mut largest) = (start_poll(input(&account, &source, None, &[])).unwrap(), 0, 0);
    let posts: Vec<Value> =
        (0..10_000u64).map(|i| mention(&(2_000_000_000 - i).to_string(), NOW, "@ElmStreetClinic hi")).collect();
    while let Some(request) = poll.next_request() {
        let from: usize = query(&request, "pagination_token").map_or(0, |token| token.parse().unwrap());
        let mut body = json!({"data": posts[from..from + 100], "meta": {"result_count": 100}});
        if from + 100 < posts.len() {
            body["meta"]["next_token"] = (from + 100).to_string().into();
        }
        let page = poll.on_response(&json_answer(200, &body)).unwrap();
        read += page.items.len();
        largest = largest.max(page.items.len());
    }
    assert_eq!((read, largest), (10_000, 100));
}

#[test]
fn edits_and_deletions_are_seen_when_a_post_is_read_again() {
    let account = account();
    let source = json!({"kind": "mentions", "reread_cycle": 1});
    let known: Vec<Known> = ["11", "12", "13", "14"]
        .map(|id| Known { native_id: id.to_owned(), content_hash: "old".to_owned(), published_at: Some(now()) })
        .to_vec();
    let polled = run_poll(input(&account, &source, None, &known), |request| {
        let old = |id: &str, last: &str| {
            let mut post = mention(id, NOW, "@ElmStreetClinic before");
            post["edit_history_tweet_ids"] = json!([id, last]);
            post
        };
        json_answer(200, &match query(request, "ids").as_deref() {
            None => json!({"meta": {"result_count": 0}}),
            Some("11,12,13,14") => json!({"data": [old("11", "21")], "errors": [
                {"resource_id": "12", "type": "https://api.twitter.com/2/problems/resource-not-found", "title": "Not Found Error"},
                {"resource_id": "13", "type": "https://api.twitter.com/2/problems/not-authorized-for-resource", "title": "Authorization Error"},
                {"resource_id": "14", "type": "https://api.twitter.com/2/problems/resource-unavailable", "title": "Passing"}]}),
            Some(ids) => {
                assert_eq!(ids, "21");
                let mut post = old("11", "21");
                post["id"] = "21".into();
                post["text"] = "@ElmStreetClinic after".into();
                json!({"data": [post]})
            }
        })
    })
    .unwrap();
    assert_eq!(polled.gone, ["12", "13"]);
    assert_eq!(polled.ids(), ["11"], "the new version under the id of the first");
    let message = parse(&account, "post", &polled.items[0].body).unwrap();
    assert_eq!(message.text.expose(), "@ElmStreetClinic after");
}

#[test]
fn the_conversations_under_own_posts_are_searched() {
    let (account, source) = (account(), source("posts"));
    let root = id("2026-11-24T08:00:00Z", 1);
    let polled = run_poll(input(&account, &source, None, &[]), |request| {
        let mut post = mention(&root, "2026-11-24T08:00:00Z", "Flu shots from Monday");
        post["author_id"] = OWN.into();
        match request.url.path() {
            "/2/tweets/search/recent" => {
                let wanted = query(request, "query").unwrap();
                assert_eq!(wanted, format!("(conversation_id:{root} OR quotes_of_tweet_id:{root}) -from:{OWN}"));
                assert!(wanted.len() < 512 && query(request, "since_id").is_none());
                let mut reply = mention("9", NOW, "Where?");
                reply["conversation_id"] = root.clone().into();
                json_answer(200, &json!({"data": [reply], "meta": {"result_count": 1}}))
            }
            path => {
                assert_eq!(path, format!("/2/users/{OWN}/tweets"));
                json_answer(200, &json!({"data": [post], "meta": {"result_count": 1}}))
            }
        }
    })
    .unwrap();
    assert_eq!(polled.ids(), [root.as_str(), "9"]);
    assert!(parse(&account, "post", &polled.items[0].body).unwrap().is_own);
    assert_eq!(polled.cursor["open"], Value::Null);
    assert_eq!(polled.cursor["since"]["timeline"].as_u64().unwrap().to_string(), root);
}

#[test]
fn direct_messages_are_private_and_end_where_everything_is_known() {
    let (account, source) = (account(), source("direct_messages"));
    let event = |id: &str| {
        json!({"id": id, "event_type": "MessageCreate", "text": "May I call?", "sender_id": "501", "created_at": NOW,
            "dm_conversation_id": format!("501-{OWN}")})
    };
    let mut network = |request: &HttpRequest| {
        assert_eq!(request.url.path(), "/2/dm_events");
        let page = query(request, "pagination_token").unwrap_or_default();
        let ids = if page.is_empty() { ["40", "30"] } else { ["20", "10"] };
        let mut body = json!({"data": ids.map(event), "meta": {"result_count": 2}, "includes": includes()});
        if page.is_empty() {
            body["meta"]["next_token"] = "2".into();
        }
        json_answer(200, &body)
    };
    let first = run_poll(input(&account, &source, None, &[]), &mut network).unwrap();
    assert_eq!(first.ids(), ["40", "30", "20", "10"]);
    let message = parse(&account, &first.items[0].kind, &first.items[0].body).unwrap();
    assert_eq!((message.visibility, message.thread_native_id), (Visibility::Private, format!("dm:501-{OWN}")));
    let known = first.known(&account);
    let again = run_poll(input(&account, &source, Some(&first.cursor), &known), &mut network).unwrap();
    assert_eq!((again.items.len(), again.requests.len()), (0, 1));
}

#[test]
fn a_poisoned_post_is_kept_and_blocks_nothing() {
    let account = account();
    let polled = run_poll(input(&account, &source("mentions"), None, &[]), |_| {
        json_answer(
            200,
            &json!({"data": [{"id": "../secret", "text": "my scan"}, mention("5", NOW, "hi"), 7],
            "meta": {"result_count": 3}}),
        )
    })
    .unwrap();
    assert!(polled.ids()[0].starts_with("unreadable:") && polled.ids()[2].starts_with("unreadable:"));
    assert_eq!(polled.ids()[1], "5");
    let error = parse(&account, "post", &polled.items[0].body).unwrap_err().to_string();
    assert_eq!(error, "the post has no id, at id");
    assert!(parse(&account, "post", &polled.items[2].body).is_err());
}

#[test]
fn errors_and_odd_answers_say_what_to_do_next() {
    let account = account();
    let fail = |response: HttpResponse| {
        run_poll(input(&account, &source("mentions"), None, &[]), |_| response.clone()).err().unwrap()
    };
    let limited = answer(
        429,
        &[("x-rate-limit-reset", "1795521700"), ("date", "Tue, 24 Nov 2026 12:00:00 GMT")],
        r#"{"title":"Too Many Requests","type":"about:blank"}"#,
    );
    assert_eq!(fail(limited).class(), ErrorClass::RateLimited { after: Some(100) });
    let denied = json_answer(
        403,
        &json!({"title": "Forbidden", "detail": "Rosa", "type": "https://api.twitter.com/2/problems/client-forbidden"}),
    );
    assert_eq!(fail(denied).to_string(), "the network answered 403 (client-forbidden)");
    assert_eq!(fail(answer(401, &[], "")).class(), ErrorClass::Authorisation);
    assert_eq!(fail(answer(402, &[], "")).class(), ErrorClass::RateLimited { after: None });
    assert_eq!(fail(answer(503, &[], "<html>")).class(), ErrorClass::Transient);
    assert_eq!(fail(answer(200, &[], "[1]")).to_string(), "the answer is not an object, at the top level");
    assert_eq!(fail(answer(200, &[], "{}")).to_string(), "the answer holds no list, at data");
}

#[test]
fn a_signed_poll_takes_its_time_from_the_caller() {
    let account = oauth1();
    let poll = start_poll(input(&account, &source("mentions"), None, &[])).unwrap();
    let request = poll.next_request().unwrap();
    let header = request.headers.iter().find(|(name, _)| *name == "authorization").unwrap().1.expose();
    assert!(header.starts_with("OAuth ") && header.contains("oauth_timestamp=\"1795521600\""), "{header}");
    assert_eq!(poll.next_request(), Some(request), "asking twice gives the same request");
}

#[test]
fn the_hash_is_what_it_always_was_under_both_names_of_things() {
    for (history, note) in [("edit_history_tweet_ids", "note_tweet"), ("edit_history_post_ids", "note_post")] {
        let post = json!({
            "id": "101", history: ["100", "101"], "author_id": "7", "text": "A long\u{2026}", "public_metrics": {"likes": 1},
            note: {"text": "A long text & more 🙂"},
        });
        let includes = json!({"includes": {"users": [{"id": "7", "name": "Rosa N.", "location": "Elm Street"}]}});
        let item = post_item(&served(&post), &Includes::of(&served(&includes)));
        let hash = "0264861a349f693fdff85377fe2221fd6a05715aab2a2edcf19495426d75a35e";
        assert_eq!((item.native_id.as_str(), item.content_hash.as_str()), ("100", hash));
        let kept: Value = serde_json::from_slice(&item.body).unwrap();
        assert_eq!((&kept["author"], kept.get("public_metrics")), (&json!({"id": "7", "name": "Rosa N."}), None));
    }
    let event = json!({"id": "5", "event_type": "MessageCreate", "sender_id": "7"});
    let hash = direct_item(&served(&event), &Includes::default()).content_hash;
    assert_eq!(hash, "b2b2d56cce29c9cc90897bfa5b8cde9d068896b3d70f0a9f0ab4edfaab517f7e");
}

proptest! {
    #[test]
    fn parse_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC*", short in "\\PC{0,9}") {
        let account = account();
        let _ = parse(&account, "post", &bytes);
        let _ = parse(&account, "direct_message", &bytes);
        let mut post = mention("1001", NOW, &text);
        post["entities"]["urls"] = json!([{"url": short, "expanded_url": text}]);
        let item = post_item(&served(&post), &Includes::default());
        prop_assert!(parse(&account, "post", &item.body).is_ok());
    }
}
