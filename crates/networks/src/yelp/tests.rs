//! Stories of a business on Yelp, told with canned answers. All people and texts are invented.

use bedside_model::Phi;
use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use crate::testing::{Polled, answer, at, json_answer, outcome, query, request, run_poll};
use crate::*;

const NOW: &str = "2026-11-24T12:00:00Z";
const BUSINESS: &str = "3l54GTr8-E3XPpxxnF_sAA";

fn account(mode: &str) -> AccountView {
    AccountView {
        network: Network::Yelp,
        base_url: Url::parse("https://yelp.example.org/").unwrap(),
        own_native_id: Some(BUSINESS.to_owned()),
        credentials: Credentials::Bearer { token: Secret::new("sandbox") },
        hook_secret: Secret::new("path-secret"),
        config: json!({"business": "elm-street-clinic", "business_name": "Elm Street Clinic", "mode": mode}),
    }
}

fn review(id: &str, text: &str) -> Value {
    json!({"id": id, "url": format!("https://www.yelp.com/biz/elm-street-clinic?adjust_creative=x&hrid={id}&utm_source=y"),
        "text": text, "rating": 2, "time_created": "2026-11-23 19:32:11",
        "user": {"id": "u1", "name": "Rosa N.", "image_url": null, "profile_url": "https://www.yelp.com/user_details?userid=u1"}})
}

fn reviews(count: usize) -> Vec<Value> {
    (0..count).map(|i| review(&format!("rev{i:03}"), "Fine")).collect()
}

/// Yelp's list: as many as asked for, three at most without a contract.
fn listed(reviews: &[Value], partner: bool) -> impl FnMut(&HttpRequest) -> HttpResponse + '_ {
    move |request| {
        assert_eq!(request.url.path(), "/v3/businesses/elm-street-clinic/reviews");
        assert_eq!(request.draws, Some(("calls", 1)));
        let number = |name: &str| query(request, name).map_or(0, |text| text.parse::<usize>().unwrap());
        let most = if partner { number("limit") } else { 3 };
        let shown: Vec<&Value> = reviews.iter().skip(number("offset")).take(most).collect();
        json_answer(200, &json!({"reviews": shown, "total": reviews.len(), "possible_languages": ["en"]}))
    }
}

fn poll(mode: &str, cursor: Option<&Value>, known: &[Known], reviews: &[Value]) -> Polled {
    let account = account(mode);
    let input = PollInput { account: &account, source: &Value::Null, cursor, known, now: at(NOW) };
    run_poll(input, listed(reviews, mode == "partner")).unwrap()
}

#[test]
fn three_excerpts_come_in_with_stars_and_a_link_to_the_whole() {
    let cut = [review("rev1", "I waited three hours and then they told me to..."), review("rev2", "All good 👍")];
    let polled = poll("excerpts", None, &[], &cut);
    let parse = |at: usize| parse(&account("excerpts"), &polled.items[at].kind, &polled.items[at].body).unwrap();
    let (first, second) = (parse(0), parse(1));
    assert_eq!((first.kind, first.rating), (MessageKind::Review, Some(2.0)));
    assert_eq!(first.permalink.as_deref(), Some("https://www.yelp.com/biz/elm-street-clinic?hrid=rev1"));
    assert_eq!(first.published_at, Some(at("2026-11-24T03:32:11Z")), "Yelp writes Pacific time");
    let context = first.context.unwrap();
    assert_eq!(context.title.expose(), "Elm Street Clinic");
    assert!(context.excerpt.unwrap().expose().contains("only the beginning"), "that it was cut is said");
    assert!(second.context.unwrap().excerpt.is_none());
}

#[test]
fn what_is_no_longer_among_the_three_is_not_gone() {
    let all = reviews(5);
    let first = poll("excerpts", None, &[], &all);
    assert_eq!((first.items.len(), first.requests.len()), (3, 1));
    let known = first.known(&account("excerpts"));
    let second = poll("excerpts", Some(&first.cursor), &known, &all[2..]);
    assert_eq!((second.ids(), second.gone.len()), (vec!["rev003", "rev004"], 2), "of three that exist all were shown");
    let hidden = poll("excerpts", Some(&first.cursor), &known, &[&all[2..], &all[..1]].concat());
    assert!(hidden.gone.is_empty());
}

#[test]
fn an_edited_review_is_seen() {
    let mut all = reviews(2);
    let first = poll("excerpts", None, &[], &all);
    all[0]["rating"] = 4.into();
    let second = poll("excerpts", Some(&first.cursor), &first.known(&account("excerpts")), &all);
    assert_eq!(second.ids(), ["rev000"]);
}

#[test]
fn a_partner_reads_page_by_page_and_goes_on_where_it_was_cut_short() {
    let all = reviews(120);
    let account = account("partner");
    let input = |cursor| PollInput { account: &account, source: &Value::Null, cursor, known: &[], now: at(NOW) };
    let mut network = listed(&all, true);
    let mut poll = start_poll(input(None)).unwrap();
    let page = poll.on_response(&network(&poll.next_request().unwrap())).unwrap();
    let cursor = poll.cursor();
    let rest = run_poll(input(Some(&cursor)), network).unwrap();
    assert_eq!((page.items.len(), rest.items.len(), rest.requests.len()), (50, 70, 2));
    assert_eq!(rest.cursor["offset"], 0);
}

#[test]
fn a_poisoned_review_is_kept_and_blocks_nothing() {
    let odd =
        [json!({"text": "secret"}), json!({"id": "rev1", "rating": 6}), json!({"id": "rev2", "time_created": "soon"})];
    let polled = poll("excerpts", None, &[], &odd);
    let error = |at: usize| {
        parse(&account("excerpts"), &polled.items[at].kind, &polled.items[at].body).unwrap_err().to_string()
    };
    assert!(polled.items[0].native_id.starts_with("unreadable:"));
    assert_eq!(
        [error(0), error(1), error(2)],
        [
            "the review has no id, at id",
            "the rating is not between 0 and 5, at rating",
            "the date cannot be read, at time_created"
        ]
    );
}

fn reply(text: &str) -> Operation {
    Operation::Reply {
        thread_native_id: "9CNz4nWU59PIZsiDV9sSVQ".to_owned(),
        parent_native_id: None,
        visibility: Visibility::Public,
        text: Phi::new(text.to_owned()),
    }
}

#[test]
fn a_partner_answers_in_public() {
    let sent = request(&account("partner"), &reply("Thank you."), "k").unwrap();
    assert_eq!((sent.method, sent.url.path()), (Method::Post, "/reviews/v1/9CNz4nWU59PIZsiDV9sSVQ"));
    let body: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(body, json!({"response_text": "Thank you.", "response_type": "public_comment"}));
    let mut at_home = account("partner");
    at_home.base_url = Url::parse(home(Network::Yelp).unwrap()).unwrap();
    let sent = request(&at_home, &reply("Thank you."), "k").unwrap();
    assert_eq!(sent.url.host_str(), Some("partner-api.yelp.com"));
}

#[test]
fn only_what_was_provably_not_accepted_is_sent_again() {
    for (status, code, expected) in [
        (201, "", "Delivered"),
        (400, "R2R_PROBLEM_WITH_USER_PHOTO", "Dead"),
        (400, "R2R_COMMENT_QUOTA_EXCEEDED", "Retry"),
        (400, "INSUFFICIENT_SCOPE", "Reauthorise"),
        (401, "INVALID_TOKEN", "Reauthorise"),
        (429, "TOO_MANY_REQUESTS_PER_SECOND", "Retry { after: Some(1)"),
        (500, "", "Unknown"),
        (503, "", "Unknown"),
    ] {
        let answered = json_answer(status, &json!({"error": {"id": code, "description": "Rosa"}}));
        let judged = outcome(&account("partner"), &reply("Thank you."), Ok(&answered));
        let shown = format!("{judged:?}");
        assert!(shown.starts_with(expected) && !shown.contains("Rosa"), "{status} {code}: {shown}");
    }
    let readback = start_readback(&account("partner"), &reply("Thank you."), at(NOW)).unwrap();
    assert_eq!((readback.next_request(), readback.verdict()), (None, ReadbackVerdict::CannotTell));
}

#[test]
fn what_yelp_would_not_take_is_said_before() {
    let codes = |mode: &str, text: &str| -> Vec<&str> {
        objections(&account(mode), &reply(text)).into_iter().map(|objection| objection.code).collect()
    };
    assert!(codes("partner", "Thank you – we are sorry. ★ №5 naïve 中文").is_empty());
    assert_eq!(codes("partner", "Thank you 👍"), ["emoji"]);
    assert_eq!(codes("partner", "Thank you ❤\u{fe0f}"), ["emoji"]);
    assert_eq!(codes("partner", &"a".repeat(5_001)), ["too_long"]);
    assert_eq!(codes("excerpts", "Thank you"), ["partner_only"]);
    assert!(request(&account("excerpts"), &reply("Thank you"), "k").is_err());
}

#[test]
fn a_spent_day_of_calls_ends_when_yelp_says() {
    let spent = answer(
        429,
        &[("Date", "Tue, 24 Nov 2026 23:00:00 GMT"), ("RateLimit-ResetTime", "2026-11-25T00:00:00+00:00")],
        json!({"error": {"code": "ACCESS_LIMIT_REACHED"}}).to_string(),
    );
    assert_eq!(classify(Network::Yelp, &spent), ErrorClass::RateLimited { after: Some(3_600) });
    let account = account("excerpts");
    let input = PollInput { account: &account, source: &Value::Null, cursor: None, known: &[], now: at(NOW) };
    let fail = |response: HttpResponse| run_poll(input, |_| response.clone()).err().unwrap();
    assert_eq!(fail(spent).to_string(), "the network answered 429 (ACCESS_LIMIT_REACHED)");
    assert_eq!(fail(answer(200, &[], "{}")).to_string(), "the answer is not a list of reviews, at reviews");
}

#[test]
fn the_handshake_gives_back_what_yelp_sent() {
    let ask = |name: &str, value: &str| {
        webhook_handshake(&account("partner"), &Query(&[(name.to_owned(), value.to_owned())]))
    };
    let Handshake::Answer { content_type, body } = ask("verification", "abc123") else { panic!() };
    assert_eq!((content_type, body.as_str()), ("application/json", r#"{"verification":"abc123"}"#));
    assert_eq!(ask("verification", "<script>"), Handshake::Refused);
    assert_eq!(ask("hub.mode", "subscribe"), Handshake::NotOne);
}

#[test]
fn what_yelp_tells_makes_us_look_and_a_removal_is_taken_at_its_word() {
    let told = |business: &str, events: &[(&str, &str)]| {
        let updates: Vec<Value> =
            events.iter().map(|(event, id)| json!({"event_type": event, "review_id": id, "rating": 5.0})).collect();
        let body =
            json!({"time": "2026-11-24T12:00:00", "object": "business", "data": {"id": business, "updates": updates}});
        let body = body.to_string();
        let incoming = Incoming { headers: &[], path_secret: "path-secret", body: body.as_bytes() };
        let account = account("partner");
        read_webhook(&account, verify_webhook(&account, &incoming, at(NOW)).unwrap()).unwrap().parts
    };
    let parts = told(BUSINESS, &[("NEW_REVIEW_EVENT", "rev1"), ("REVIEW_REMOVED_EVENT", "rev2")]);
    assert_eq!(parts, [DeliveryPart { gone: vec!["rev2".to_owned()], poll_now: true, ..DeliveryPart::default() }]);
    let other = told("anotherBusiness", &[("REVIEW_EDITED_EVENT", "rev1")]);
    assert_eq!((other[0].owner.as_deref(), other[0].poll_now), (Some("anotherBusiness"), true));
    assert!(told(BUSINESS, &[("NEW_EVENT", "lead")]).is_empty(), "a lead is no review");
}

#[test]
fn an_owner_is_connected_and_told_when_to_come_back() {
    let app = App {
        base_url: Url::parse("https://yelp.example.org/").unwrap(),
        client_id: "app".to_owned(),
        client_secret: Secret::new("app secret"),
        config: Value::Null,
    };
    let redirect = Url::parse("http://127.0.0.1:8080/connected").unwrap();
    let request = AuthorisationRequest { redirect: &redirect, state: "st", verifier: &"v".repeat(43) };
    let address = authorisation_address(Network::Yelp, &app, &request).unwrap();
    assert_eq!(address.path(), "/oauth2/authorize");
    assert!(!address.as_str().contains("code_challenge"), "Yelp refuses what it does not know");

    let exchange = CodeExchange { redirect: &redirect, code: "code", verifier: "v", now: at(NOW) };
    let mut granting = start_exchange(Network::Yelp, &app, &exchange).unwrap();
    granting
        .on_response(&json_answer(200, &json!({"access_token": "at", "refresh_token": "rt", "expires_in": 604_800})))
        .unwrap();
    assert_eq!(granting.next_request().unwrap().url.path(), "/v1/business_owner/me/profile");
    granting
        .on_response(&json_answer(200, &json!({"id": "ziUn,iIXzXAuv-h", "first_name": "Chris", "last_name": "Sample"})))
        .unwrap();
    let granted = granting.granted().remove(0);
    assert_eq!((granted.name.expose().as_str(), &granted.config["mode"]), ("Chris Sample", &json!("partner")));
    assert_eq!(granted.credentials.reauthorise_by(), Some(at("2027-11-24T12:00:00Z")));

    let mut held = account("partner");
    held.credentials = granted.credentials;
    let mut renewal = start_renewal(&held, at("2026-12-01T12:00:00Z")).unwrap();
    renewal.on_response(&json_answer(200, &json!({"access_token": "new", "expires_in": 604_800}))).unwrap();
    let Credentials::Oauth2(renewed) = renewal.granted()[0].credentials.clone() else { panic!() };
    assert_eq!((renewed.access_token.expose(), renewed.refresh_token.expose()), ("new", "rt"));
    assert_eq!(renewed.reauthorise_by, Some(at("2027-11-24T12:00:00Z")), "a renewal moves that day no further");
}

#[test]
fn the_self_test_says_what_to_mend() {
    let report = |mode: &str, answers: &[HttpResponse]| {
        let mut test = start_self_test(&account(mode)).unwrap();
        for answer in answers {
            assert!(test.next_request().is_some());
            test.on_response(answer).unwrap();
        }
        assert_eq!(test.next_request(), None);
        test.report()
    };
    let business =
        json_answer(200, &json!({"id": BUSINESS, "name": "Elm Street Clinic", "url": "https://www.yelp.com/biz/x"}));
    let list = json_answer(200, &json!({"reviews": [], "total": 0}));
    let plain = report("excerpts", &[business.clone(), list.clone()]);
    assert!(plain.can_read && !plain.can_write && plain.problems.is_empty());
    assert_eq!(
        (plain.native_id.as_deref(), &plain.config["business_name"]),
        (Some(BUSINESS), &json!("Elm Street Clinic"))
    );
    let faceless = report("partner", &[business, list, json_answer(200, &json!({"id": "o"}))]);
    assert!(faceless.problems[0].contains("photo") && !faceless.can_write);
    assert!(report("excerpts", &[answer(401, &[], "{}")]).problems[0].contains("API key"));
    assert!(report("excerpts", &[answer(404, &[], "{}")]).problems[0].contains("no such business"));
}

proptest! {
    #[test]
    fn parse_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC*", url in "\\PC*") {
        let account = account("excerpts");
        let _ = parse(&account, "review", &bytes);
        let body = json!({"id": "rev1", "text": text, "url": url}).to_string();
        prop_assert!(parse(&account, "review", body.as_bytes()).is_ok());
        let _ = read_webhook(&account, webhook::Verified(&bytes));
    }

    #[test]
    fn a_guessed_address_is_never_accepted(guess in "[a-z-]{0,12}") {
        let incoming = Incoming { headers: &[], path_secret: &guess, body: b"{}" };
        prop_assert_eq!(verify_webhook(&account("partner"), &incoming, at(NOW)).is_ok(), guess == "path-secret");
        let mut open = account("partner");
        open.hook_secret = Secret::default();
        prop_assert!(verify_webhook(&open, &incoming, at(NOW)).is_err());
    }
}
