//! Stories of a review profile, told with canned answers. All people and texts are invented.

mod connect;
mod places;
mod posts;
mod push;

use bedside_model::Phi;
use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use crate::testing::{answer, at, json_answer, outcome, query, request, run_poll};
use crate::*;

const LOCATION: &str = "accounts/1/locations/2";
const NOW: &str = "2026-11-24T12:00:00Z";

fn account() -> AccountView {
    AccountView {
        network: Network::GoogleBusiness,
        base_url: Url::parse("https://reviews.example.org/").unwrap(),
        own_native_id: Some(LOCATION.to_owned()),
        credentials: Credentials::Bearer { token: Secret::new("sandbox") },
        hook_secret: Secret::default(),
        config: json!({"location": LOCATION, "location_title": "Elm Street Clinic"}),
    }
}

fn name(id: u32) -> String {
    format!("{LOCATION}/reviews/r{id}")
}

fn review(id: u32, date: &str, stars: &str, comment: &str) -> Value {
    json!({"name": name(id), "reviewId": format!("r{id}"), "starRating": stars, "comment": comment,
        "reviewer": {"displayName": "Rosa N.", "profilePhotoUrl": "https://photos.example.org/1"},
        "createTime": date, "updateTime": date})
}

fn replied(mut review: Value, text: &str) -> Value {
    review["reviewReply"] = json!({"comment": text, "updateTime": "2026-11-24T11:00:00Z"});
    review
}

/// Plays the network with pages of two reviews.
fn site(reviews: &[Value]) -> impl FnMut(&HttpRequest) -> HttpResponse + '_ {
    move |request| {
        assert_eq!(query(request, "orderBy").as_deref(), Some("updateTime desc"));
        let from: usize = query(request, "pageToken").map_or(0, |token| token.parse().unwrap());
        let page: Vec<&Value> = reviews.iter().skip(from).take(2).collect();
        let mut body = json!({"reviews": page, "totalReviewCount": reviews.len()});
        if from + 2 < reviews.len() {
            body["nextPageToken"] = (from + 2).to_string().into();
        }
        json_answer(200, &body)
    }
}

fn input<'a>(account: &'a AccountView, cursor: Option<&'a Value>, known: &'a [Known]) -> PollInput<'a> {
    static NO_SETTINGS: Value = Value::Null;
    PollInput { account, source: &NO_SETTINGS, cursor, known, now: at(NOW) }
}

fn days() -> Vec<Value> {
    (0..7).map(|i| review(i, &format!("2026-11-{:02}T08:00:00Z", 24 - 3 * i), "FOUR", "Fine")).collect()
}

#[test]
fn reviews_and_replies_come_in_with_stars_and_thread() {
    let account = account();
    let reviews = [replied(review(1, "2026-11-24T08:00:00Z", "TWO", "I waited 3 hours 😞"), "We are sorry.")];
    let polled = run_poll(input(&account, None, &[]), site(&reviews)).unwrap();
    let parse = |at: usize| parse(&account, &polled.items[at].kind, &polled.items[at].body).unwrap();
    let (review, reply) = (parse(0), parse(1));
    assert_eq!(
        (review.kind, review.rating, review.text.expose().as_str()),
        (MessageKind::Review, Some(2.0), "I waited 3 hours 😞")
    );
    assert_eq!(reply.parent_native_id.as_deref(), Some(name(1).as_str()));
    assert_eq!(review.thread_native_id, reply.thread_native_id);
    assert!(reply.is_own && !review.is_own, "a reply written on the network itself is ours");
    assert_eq!(review.context.unwrap().title.expose(), "Elm Street Clinic");
}

#[test]
fn a_later_poll_stops_where_everything_is_old() {
    let account = account();
    let reviews = days();
    let first = run_poll(input(&account, None, &[]), site(&reviews)).unwrap();
    assert_eq!((first.items.len(), first.requests.len()), (7, 4));
    let cursor: Value = serde_json::from_str(&first.cursor.to_string()).unwrap();
    let known = first.known(&account);
    let second = run_poll(input(&account, Some(&cursor), &known), site(&reviews)).unwrap();
    assert_eq!((second.items.len(), second.requests.len()), (0, 2));
    assert!(second.gone.is_empty(), "what was not looked at is not gone");
}

#[test]
fn edits_and_deletions_are_seen() {
    let account = account();
    let mut reviews = days();
    reviews[1] = replied(reviews[1].clone(), "Thank you.");
    let first = run_poll(input(&account, None, &[]), site(&reviews)).unwrap();
    let known = first.known(&account);
    // r0 is edited, the reply to r1 is taken back, r5 is deleted.
    reviews[0]["comment"] = "Not fine".into();
    reviews[1].as_object_mut().unwrap().remove("reviewReply");
    reviews.remove(5);
    let mut cursor = first.cursor.clone();
    cursor["until_full"] = 0.into();
    let second = run_poll(input(&account, Some(&cursor), &known), site(&reviews)).unwrap();
    assert_eq!(second.ids(), [name(0)]);
    let mut gone = second.gone;
    gone.sort();
    assert_eq!(gone, [format!("{}/reply", name(1)), name(5)]);
    assert_eq!(second.cursor["until_full"], 24);
}

#[test]
fn a_poisoned_review_is_kept_and_blocks_nothing() {
    let account = account();
    let reviews = [json!({"name": "../../etc", "comment": "secret"}), review(1, "2026-11-24T08:00:00Z", "SIX", "")];
    let polled = run_poll(input(&account, None, &[]), site(&reviews)).unwrap();
    let error = |at: usize| parse(&account, &polled.items[at].kind, &polled.items[at].body).unwrap_err().to_string();
    assert!(polled.items[0].native_id.starts_with("unreadable:"));
    assert_eq!(error(0), "the review has no name, at name");
    assert_eq!(error(1), "the rating is not one of ONE to FIVE, at starRating");
}

#[test]
fn what_the_person_wrote_is_read_and_not_its_translation() {
    let account = account();
    let text = |comment: &str| {
        let body = review(1, "2026-11-24T08:00:00Z", "FIVE", comment).to_string();
        parse(&account, "review", body.as_bytes()).unwrap().text.into_inner()
    };
    assert_eq!(text("(Translated by Google) Very good\n\n(Original)\nMuy bien"), "Muy bien");
    assert_eq!(text("Muy bien\n\n(Translated by Google)\nVery good"), "Muy bien");
    assert_eq!(text(""), "");
}

fn reply() -> Operation {
    Operation::Reply {
        thread_native_id: name(1),
        parent_native_id: Some(name(1)),
        visibility: Visibility::Public,
        text: Phi::new("Thank you.".to_owned()),
    }
}

#[test]
fn a_reply_is_put_in_place() {
    let sent = request(&account(), &reply(), "out_1").unwrap();
    assert_eq!((sent.method, sent.url.path()), (Method::Put, "/v4/accounts/1/locations/2/reviews/r1/reply"));
    assert_eq!(sent.body, br#"{"comment":"Thank you."}"#);
    let done = outcome(&account(), &reply(), Ok(&json_answer(200, &json!({"comment": "Thank you."}))));
    assert!(matches!(done, Outcome::Delivered { native_id: Some(id), .. } if id == format!("{}/reply", name(1))));
    for (status, expected) in [(200, "Unknown"), (401, "Reauthorise"), (403, "Dead"), (429, "Retry"), (503, "Unknown")]
    {
        let judged = outcome(&account(), &reply(), Ok(&answer(status, &[("Retry-After", "3")], "")));
        assert!(format!("{judged:?}").starts_with(expected), "{status}: {judged:?}");
    }
}

#[test]
fn ids_cannot_lead_a_request_elsewhere() {
    for id in [
        "accounts/1/locations/2/reviews/../../x",
        "accounts/1/locations/2",
        "x?y",
        "accounts/1/locations/2/reviews/a%2f",
    ] {
        let operation = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: id.to_owned() };
        assert!(request(&account(), &operation, "k").is_err(), "{id}");
    }
}

#[test]
fn a_read_back_compares_what_stands_there() {
    let look = |operation: &Operation, answer: HttpResponse| {
        let mut readback = start_readback(&account(), operation, at(NOW)).unwrap();
        assert!(readback.next_request().unwrap().url.path().ends_with("/reviews/r1"));
        readback.on_response(&answer).unwrap();
        readback.verdict()
    };
    let bare = review(1, "2026-11-24T08:00:00Z", "TWO", "x");
    let stands = |text: &str| json_answer(200, &replied(bare.clone(), text));
    assert!(matches!(look(&reply(), stands("Thank  you.")), ReadbackVerdict::Found { .. }));
    assert_eq!(look(&reply(), stands("An older answer")), ReadbackVerdict::NotThere);
    assert_eq!(look(&reply(), json_answer(200, &bare)), ReadbackVerdict::NotThere);
    assert_eq!(look(&reply(), answer(404, &[], "")), ReadbackVerdict::CannotTell);
    let delete = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: format!("{}/reply", name(1)) };
    assert!(matches!(look(&delete, json_answer(200, &bare)), ReadbackVerdict::Found { .. }));
    assert_eq!(look(&delete, stands("Still there")), ReadbackVerdict::NotThere);
}

#[test]
fn errors_and_odd_answers_say_what_to_do_next() {
    let account = account();
    let fail = |response: HttpResponse| run_poll(input(&account, None, &[]), |_| response.clone()).err().unwrap();
    let denied = json_answer(403, &json!({"error": {"status": "PERMISSION_DENIED", "message": "Rosa"}}));
    assert_eq!(fail(denied).to_string(), "the network answered 403 (PERMISSION_DENIED)");
    assert_eq!(fail(answer(429, &[], "")).class(), ErrorClass::RateLimited { after: None });
    assert_eq!(fail(answer(200, &[], "[]")).to_string(), "the answer is not a list of reviews, at the top level");
    let looping = json_answer(200, &json!({"nextPageToken": "x"}));
    assert_eq!(fail(looping).to_string(), "the next page is this page, at nextPageToken");
}

#[test]
fn the_self_test_says_what_to_mend() {
    let report = |response: HttpResponse| {
        let mut test = start_self_test(&account()).unwrap();
        test.on_response(&response).unwrap();
        test.report()
    };
    assert!(report(json_answer(200, &json!({}))).can_write);
    assert!(report(answer(401, &[], "")).problems[0].contains("authorise"));
}

proptest! {
    #[test]
    fn parse_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), comment in "\\PC*") {
        let account = account();
        let _ = parse(&account, "review", &bytes);
        let _ = parse(&account, "reply", &bytes);
        let body = review(1, "2026-11-24T08:00:00Z", "FIVE", &comment).to_string();
        prop_assert!(parse(&account, "review", body.as_bytes()).is_ok());
    }
}
