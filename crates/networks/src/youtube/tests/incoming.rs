use proptest::prelude::*;
use serde_json::{Value, json};

use super::{CHANNEL, Channel, NOW, account, comment};
use crate::testing::{Polled, answer, at, json_answer, query, run_poll, served};
use crate::youtube::message::{comment_item, video_item};
use crate::*;

fn poll(channel: &Channel, cursor: Option<&Value>, known: &[Known]) -> Polled {
    let account = account();
    let input = PollInput { account: &account, source: &Value::Null, cursor, known, now: at(NOW) };
    run_poll(input, |request| channel.answer(request)).unwrap()
}

fn read(item: &RawItem) -> ParsedMessage {
    parse(&account(), &item.kind, &item.body).unwrap()
}

/// The resources asked for, and by what.
fn asked(polled: &Polled) -> Vec<String> {
    let by = |request: &HttpRequest| {
        ["id", "parentId", "moderationStatus"].iter().find_map(|name| query(request, name)).unwrap_or_default()
    };
    polled.requests.iter().map(|r| format!("{} {}", r.url.path().rsplit('/').next().unwrap(), by(r))).collect()
}

fn talk() -> Channel {
    Channel::with(vec![
        comment("UgA", "rosa", "2026-11-23T08:00:00Z", "I waited 3 hours 😞"),
        comment("UgA.1", CHANNEL, "2026-11-23T09:00:00Z", "We are sorry."),
        comment("UgA.2", "rosa", "2026-11-23T10:00:00Z", "Thank you"),
        comment("UgB", "tom", "2026-11-24T08:00:00Z", "Is there parking?"),
    ])
}

#[test]
fn a_thread_comes_in_with_its_video_the_oldest_comment_first() {
    let polled = poll(&talk(), None, &[]);
    assert_eq!(polled.ids(), ["UgA", "UgA.1", "UgA.2", "UgB"]);
    let messages: Vec<ParsedMessage> = polled.items.iter().map(read).collect();
    assert_eq!((messages[0].kind, messages[0].text.expose().as_str()), (MessageKind::Comment, "I waited 3 hours 😞"));
    assert_eq!(messages[0].permalink.as_deref(), Some("https://www.youtube.com/watch?v=vid1&lc=UgA"));
    assert_eq!(messages[0].context.as_ref().unwrap().title.expose(), "Getting ready for your visit");
    assert_eq!(messages[2].parent_native_id.as_deref(), Some("UgA"));
    assert!(messages[..3].iter().all(|message| message.thread_native_id == "UgA"));
    assert!(messages[1].is_own && !messages[2].is_own, "what our channel wrote comes back as our own");
    let body = String::from_utf8(polled.items[0].body.clone()).unwrap();
    assert!(!body.contains("viewerRating") && !body.contains("likeCount"), "{body}");
}

#[test]
fn each_question_draws_one_unit_and_search_is_never_asked() {
    let polled = poll(&talk(), None, &[]);
    assert_eq!(asked(&polled), ["commentThreads ", "videos vid1", "commentThreads heldForReview"]);
    assert!(polled.requests.iter().all(|request| request.draws == Some(("units", 1))));
    assert!(limits(Network::Youtube).quotas.iter().any(|quota| (quota.bucket, quota.units) == ("units", 10_000)));
}

#[test]
fn replies_that_a_thread_does_not_carry_are_fetched_once() {
    let mut channel = talk();
    channel.carried = 1;
    let first = poll(&channel, None, &[]);
    assert_eq!(first.ids(), ["UgA", "UgA.1", "UgB", "UgA.2"]);
    assert!(asked(&first).contains(&"comments UgA".to_owned()));
    let again = poll(&channel, Some(&first.cursor), &first.known(&account()));
    assert!(again.items.is_empty() && !asked(&again).contains(&"comments UgA".to_owned()), "{:?}", asked(&again));
}

#[test]
fn a_new_reply_to_an_old_thread_is_heard() {
    let mut channel = Channel::with(vec![comment("UgA", "rosa", "2026-11-10T08:00:00Z", "Is this still so?")]);
    for date in ["2026-11-24T08:00:00Z", "2026-11-15T08:00:00Z"] {
        channel.comments.extend((0..3).map(|i| comment(&format!("Ug{i}of{}", &date[8..10]), "tom", date, "Hello")));
    }
    channel.per_page = 3;
    let first = poll(&channel, None, &[]);
    assert_eq!(first.items.len(), 7);
    channel.comments.push(comment("UgA.1", "ann", "2026-11-24T11:00:00Z", "No, it changed"));
    let second = poll(&channel, Some(&first.cursor), &first.known(&account()));
    assert_eq!(second.ids(), ["UgA.1"]);
    assert!(asked(&second).contains(&"commentThreads UgA".to_owned()), "the sweep did not come so far");
}

#[test]
fn edits_and_deletions_are_seen() {
    let mut channel = talk();
    let first = poll(&channel, None, &[]);
    let known = first.known(&account());
    channel.comments[3]["snippet"]["textOriginal"] = "Is there parking for the disabled?".into();
    channel.comments[3]["snippet"]["updatedAt"] = "2026-11-24T11:00:00Z".into();
    channel.comments.remove(2);
    let second = poll(&channel, Some(&first.cursor), &known);
    assert_eq!((second.ids(), &second.gone[..]), (vec!["UgB"], &["UgA.2".to_owned()][..]));
    assert_eq!(read(&second.items[0]).edited_at, Some(at("2026-11-24T11:00:00Z")));
    channel.comments.clear();
    let third = poll(&channel, Some(&first.cursor), &known);
    for id in ["UgA", "UgA.1", "UgA.2", "UgB"] {
        assert!(third.gone.iter().any(|gone| gone == id), "with its first comment a thread is gone: {:?}", third.gone);
    }
}

#[test]
fn with_its_first_comment_a_long_thread_is_gone_at_once() {
    let date = "2026-11-20T08:00:00Z";
    let mut channel = Channel::with(vec![comment("UgA", "rosa", date, "Hello")]);
    channel.comments.extend((0..300).map(|i| comment(&format!("UgA.{i:03}"), "tom", date, "Me too")));
    let first = poll(&channel, None, &[]);
    assert_eq!(first.items.len(), 301);
    channel.comments.clear();
    let second = poll(&channel, Some(&first.cursor), &first.known(&account()));
    let gone: std::collections::BTreeSet<&String> = second.gone.iter().collect();
    assert_eq!(gone.len(), 301, "its replies are not asked for one by one");
}

#[test]
fn what_waits_for_review_is_private_until_it_is_shown() {
    let mut channel = talk();
    let mut held = comment("UgH", "max", "2026-11-24T09:00:00Z", "Call me at 555-0123");
    held["snippet"]["moderationStatus"] = "heldForReview".into();
    channel.held.push(held.clone());
    let first = poll(&channel, None, &[]);
    let waiting = first.items.iter().find(|item| item.native_id == "UgH").unwrap();
    assert_eq!(read(waiting).visibility, Visibility::Private);
    assert_eq!(read(waiting).standing, Some(bedside_model::moderation::Standing::Held));

    let known = first.known(&account());
    assert!(poll(&channel, Some(&first.cursor), &known).items.is_empty());

    channel.held.clear();
    held["snippet"]["moderationStatus"] = "published".into();
    channel.comments.push(held);
    let shown = poll(&channel, Some(&first.cursor), &known);
    assert_eq!((shown.ids(), read(&shown.items[0]).visibility), (vec!["UgH"], Visibility::Public));

    channel.comments.pop();
    let rejected = poll(&channel, Some(&first.cursor), &known);
    assert_eq!((rejected.items.len(), rejected.gone), (0, vec!["UgH".to_owned()]));
}

/// Ten thousand threads, a hundred to a page.
fn backlog(request: &HttpRequest) -> HttpResponse {
    if query(request, "moderationStatus").is_some() || !request.url.path().ends_with("commentThreads") {
        return json_answer(200, &json!({"items": []}));
    }
    let page: usize = query(request, "pageToken").map_or(0, |token| token.parse().unwrap());
    let thread = |i: usize| {
        let date = format!("2026-11-20T{:02}:{:02}:{:02}Z", 23 - i / 3_600, 59 - i / 60 % 60, 59 - i % 60);
        let id = format!("Ug{i:05}");
        json!({"id": id, "snippet": {"totalReplyCount": 0, "topLevelComment": comment(&id, "rosa", &date, "Fine")}})
    };
    let mut body = json!({"items": (page * 100..page * 100 + 100).map(thread).collect::<Vec<_>>()});
    if page < 99 {
        body["nextPageToken"] = (page + 1).to_string().into();
    }
    json_answer(200, &body)
}

#[test]
fn a_comment_that_youtube_takes_for_spam_is_private() {
    let mut channel = talk();
    let first = poll(&channel, None, &[]);
    let spam = channel.comments.remove(3);
    let account = account();
    let known = first.known(&account);
    let input =
        PollInput { account: &account, source: &Value::Null, cursor: Some(&first.cursor), known: &known, now: at(NOW) };
    let second = run_poll(input, |request| match query(request, "id") {
        Some(id) if id == "UgB" => {
            let mut thread = channel.thread(&spam);
            thread["snippet"]["isPublic"] = false.into();
            json_answer(200, &json!({"items": [thread]}))
        }
        _ => channel.answer(request),
    });
    let second = second.unwrap();
    assert_eq!((second.ids(), read(&second.items[0]).visibility), (vec!["UgB"], Visibility::Private));
}
#[test]
fn a_backlog_goes_on_where_it_was_cut_short() {
    let account = account();
    let input = |cursor| PollInput { account: &account, source: &Value::Null, cursor, known: &[], now: at(NOW) };
    let mut poll = start_poll(input(None)).unwrap();
    let (mut stored, mut cursor) = (Vec::new(), Value::Null);
    for _ in 0..60 {
        let page = poll.on_response(&backlog(&poll.next_request().unwrap())).unwrap();
        assert!(page.items.len() <= 100);
        stored.extend(page.items.into_iter().map(|item| item.native_id));
        cursor = serde_json::from_str(&poll.cursor().to_string()).unwrap();
    }
    drop(poll);
    assert_eq!(stored.len(), 5_900, "one question was for a title");
    let rest = run_poll(input(Some(&cursor)), backlog).unwrap();
    assert!(rest.requests.len() < 50, "what was stored is not read again");
    stored.extend(rest.items.into_iter().map(|item| item.native_id));
    stored.sort();
    stored.dedup();
    assert_eq!(stored.len(), 10_000);
}

#[test]
fn a_page_token_that_ran_out_begins_the_sweep_anew() {
    let channel = Channel { per_page: 2, ..Channel::with(talk().comments) };
    let account = account();
    let cursor = json!({"v": 1, "channel": CHANNEL, "newest": at("2026-10-01T00:00:00Z"), "reread_after": "",
        "held": [], "replies": {}, "sweep": {"token": "old", "horizon": at("2026-10-01T00:00:00Z"), "newest": 0}});
    let input = PollInput { account: &account, source: &Value::Null, cursor: Some(&cursor), known: &[], now: at(NOW) };
    let polled = run_poll(input, |request| match query(request, "pageToken").as_deref() {
        Some("old") => json_answer(400, &json!({"error": {"errors": [{"reason": "invalidPageToken"}]}})),
        _ => channel.answer(request),
    });
    assert_eq!(polled.unwrap().items.len(), 4);
}

#[test]
fn a_poisoned_thread_is_kept_and_blocks_nothing() {
    let account = account();
    let answered = json!({"items": [{"id": "x", "snippet": "secret"}, 7,
        {"id": "UgZ", "snippet": {"topLevelComment": comment("UgZ", "rosa", "yesterday", "Hi")}}]});
    let input = PollInput { account: &account, source: &Value::Null, cursor: None, known: &[], now: at(NOW) };
    let polled = run_poll(input, |request| match query(request, "moderationStatus") {
        None if request.url.path().ends_with("commentThreads") => json_answer(200, &answered),
        _ => json_answer(200, &json!({"items": []})),
    })
    .unwrap();
    let errors: Vec<String> =
        polled.items.iter().map(|item| parse(&account, &item.kind, &item.body).unwrap_err().to_string()).collect();
    assert_eq!(polled.items.iter().filter(|item| item.native_id.starts_with("unreadable:")).count(), 1);
    assert!(errors.contains(&"the date cannot be read, at snippet.publishedAt".to_owned()), "{errors:?}");
    assert!(errors.iter().all(|error| !error.contains("secret") && !error.contains("yesterday")), "{errors:?}");
}

#[test]
fn refusals_say_what_to_do_next() {
    let account = account();
    let input = PollInput { account: &account, source: &Value::Null, cursor: None, known: &[], now: at(NOW) };
    let fail = |response: HttpResponse| run_poll(input, |_| response.clone()).err().unwrap();
    let spent = answer(
        403,
        &[("Date", "Tue, 24 Nov 2026 12:00:00 GMT")],
        json!({"error": {"code": 403, "errors": [{"domain": "youtube.quota", "reason": "quotaExceeded"}]}}).to_string(),
    );
    assert_eq!(fail(spent).class(), ErrorClass::RateLimited { after: Some(20 * 3_600) }, "midnight is at 8:00 UTC");
    let off = json_answer(403, &json!({"error": {"errors": [{"reason": "commentsDisabled"}], "message": "Rosa"}}));
    assert_eq!(fail(off).to_string(), "the network answered 403 (commentsDisabled)");
    assert_eq!(fail(answer(401, &[], "{}")).class(), ErrorClass::Authorisation);
    assert_eq!(fail(answer(503, &[], "<html>")).class(), ErrorClass::Transient);
    assert_eq!(fail(answer(200, &[], "[]")).to_string(), "the answer is not a list, at the top level");
    let looping = fail(json_answer(200, &json!({"items": 1})));
    assert_eq!(looping.to_string(), "the items are not a list, at items");
}

#[test]
fn the_channels_videos_come_from_its_uploads() {
    let account = account();
    let listed = |id: &str, title: &str| {
        json!({"snippet": {"title": title, "description": "All about it", "channelId": CHANNEL,
            "publishedAt": "2026-11-20T08:00:00Z"}, "status": {"privacyStatus": "public"},
            "contentDetails": {"videoId": id, "videoPublishedAt": "2026-11-20T08:00:00Z"}})
    };
    let source = json!({"kind": "uploads"});
    let input = |known| PollInput { account: &account, source: &source, cursor: None, known, now: at(NOW) };
    let videos = json!({"items": [listed("v2", "Flu shots"), listed("v1", "Parking")]});
    let first = run_poll(input(&[]), |_| json_answer(200, &videos)).unwrap();
    assert_eq!(first.ids(), ["v1", "v2"]);
    let message = read(&first.items[1]);
    assert_eq!((message.text.expose().as_str(), message.is_own), ("Flu shots\n\nAll about it", true));

    let known = first.known(&account);
    let again = run_poll(input(&known), |request| match request.url.path() {
        "/youtube/v3/playlistItems" => json_answer(200, &json!({"items": [listed("v2", "Flu shots 2026")]})),
        _ => json_answer(200, &json!({"items": []})),
    });
    let again = again.unwrap();
    assert_eq!((again.ids(), &again.gone[..]), (vec!["v2"], &["v1".to_owned()][..]));
}

#[test]
fn the_hash_is_what_it_always_was() {
    let comment = json!({"id": "c1", "etag": "x", "snippet": {
        "authorChannelId": {"value": "UCrosa"}, "publishedAt": "2026-11-24T08:00:00Z", "textOriginal": "Danke 🙂",
        "textDisplay": "Danke", "parentId": null, "likeCount": 4, "moderationStatus": "heldForReview",
    }});
    let item = comment_item(&served(&comment), true, Some("Flu"));
    assert_eq!(item.content_hash, "67d80326aa6ed943ad415f60f60bf12f76f788df4744ffe5b1758077d9dedaa4");
    let kept: Value = serde_json::from_slice(&item.body).unwrap();
    assert_eq!((&kept["video_title"], kept["snippet"].get("likeCount")), (&json!("Flu"), None));
    let video = json!({"contentDetails": {"videoId": "v1"}, "snippet": {"title": "Flu"}, "status": {"privacyStatus": "public"}});
    let hash = video_item(&served(&video)).content_hash;
    assert_eq!(hash, "8501362ef46c97576bf54d1d3fe8ddb2d3e4e3da94febaf5d46d86e696b3d603");
}

proptest! {
    #[test]
    fn parse_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC*", id in "\\PC*") {
        let account = account();
        for kind in ["comment", "video", "else"] {
            let _ = parse(&account, kind, &bytes);
        }
        let item = comment_item(&served(&comment(&id, "rosa", "2026-11-24T08:00:00Z", &text)), false, None);
        let parsed = parse(&account, &item.kind, &item.body);
        prop_assert_eq!(parsed.is_err(), item.native_id.starts_with("unreadable:"));
    }
}
