//! What a page tells by itself, what connects it, and its figures.

use proptest::prelude::*;

use super::*;
use crate::testing::{query, run_poll};
use crate::webhook::hmac_sha256;

fn signed(body: &[u8]) -> Vec<(String, String)> {
    let signature = hex::encode(hmac_sha256(b"It's a Secret to Everybody", &[body]));
    vec![("X-Hub-Signature-256".to_owned(), format!("sha256={signature}"))]
}

fn incoming<'a>(headers: &'a [(String, String)], body: &'a [u8]) -> Incoming<'a> {
    Incoming { headers, path_secret: "", body }
}

fn feed(value: Value) -> Value {
    json!({"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": [{"field": "feed", "value": value}]}]})
}

fn read(delivery: &Value) -> Delivery {
    let (account, body) = (account(), delivery.to_string().into_bytes());
    let headers = signed(&body);
    let verified = verify_webhook(&account, &incoming(&headers, &body), at(NOW)).unwrap();
    read_webhook(&account, verified).unwrap()
}

fn told(verb: &str) -> Value {
    json!({"item": "comment", "verb": verb, "comment_id": "1_2", "post_id": "1000_1", "parent_id": "1000_1",
        "message": "Is it free?", "created_time": 1_795_510_800, "from": {"id": "501", "name": "Rosa N."}})
}

#[test]
fn a_comment_told_is_the_comment_polled() {
    let delivery = read(&feed(told("add")));
    let [part] = delivery.parts.as_slice() else { panic!("one page") };
    assert_eq!(part.owner.as_deref(), Some(PAGE));
    let served = json!({"id": "1_2", "message": "Is it free?", "created_time": "2026-11-24T09:00:00+0000",
        "from": person(), "is_hidden": false});
    let post = json!({"id": "1000_1", "created_time": "2026-11-24T08:00:00+0000"});
    let account = account();
    let polled = run_poll(input(&account, &json!({"kind": "comments"}), None, &[]), |request| {
        if request.url.path().ends_with("/comments") {
            list(std::slice::from_ref(&served))
        } else {
            list(std::slice::from_ref(&post))
        }
    });
    let (told, polled) = (&part.items[0], &polled.unwrap().items[0]);
    assert_eq!(
        (&told.native_id, &told.content_hash, &told.kind),
        (&polled.native_id, &polled.content_hash, &polled.kind)
    );
    let (told, polled) =
        (parse(&account, &told.kind, &told.body).unwrap(), parse(&account, &polled.kind, &polled.body).unwrap());
    assert_eq!(told.published_at, polled.published_at);
    assert_eq!((told.thread_native_id, told.author), (polled.thread_native_id, polled.author));
}

#[test]
fn edits_hiding_and_deletions_are_told() {
    let hash = |verb: &str, message: &str| {
        let mut value = told(verb);
        value["message"] = message.into();
        read(&feed(value)).parts[0].items[0].content_hash.clone()
    };
    assert_ne!(hash("add", "One"), hash("edited", "Two"));
    assert_ne!(hash("add", "One"), hash("hide", "One"));
    assert_eq!(hash("hide", "One"), hash("hide", "One"));
    assert_eq!(hash("add", "One"), hash("unhide", "One"));
    assert_eq!(read(&feed(told("remove"))).parts[0].gone, ["1_2"]);
    let mut silent = told("hide");
    silent.as_object_mut().unwrap().remove("message");
    let part = read(&feed(silent)).parts.remove(0);
    assert!(part.items.is_empty() && part.poll_now, "what was hidden only a poll can tell");
}

#[test]
fn one_delivery_speaks_of_several_pages_and_of_all_that_is_subscribed() {
    let rating = json!({"item": "rating", "verb": "add", "open_graph_story_id": "4000", "reviewer_id": "501",
        "reviewer_name": "Rosa N.", "recommendation_type": "POSITIVE", "review_text": "Kind", "created_time": 1_795_510_800});
    let mention = json!({"item": "post", "verb": "add", "post_id": "501_7", "sender_id": "501", "message": "Look"});
    let visit = json!({"item": "status", "verb": "add", "post_id": "1000_9", "from": person(), "message": "Hello"});
    let ours = json!({"item": "status", "verb": "add", "post_id": "1000_8", "from": {"id": PAGE}, "message": "Ours"});
    let message = |from: &str, to: &str, what: Value| {
        let mut message = json!({"sender": {"id": from}, "recipient": {"id": to}, "timestamp": 1_795_510_800_000_i64});
        message.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
        message
    };
    let delivery = read(&json!({"object": "page", "entry": [
        {"id": PAGE, "changes": [{"field": "ratings", "value": rating}, {"field": "mention", "value": mention},
            {"field": "feed", "value": visit}, {"field": "feed", "value": ours},
            {"field": "feed", "value": {"item": "reaction", "verb": "add", "post_id": "1000_1"}}]},
        {"id": "2000", "messaging": [
            message("501", "2000", json!({"postback": {"mid": "m_0", "title": "Get started", "payload": "START"}})),
            message("501", "2000", json!({"message": {"mid": "m_1", "text": "Are you open?"}})),
            message("2000", "501", json!({"message": {"mid": "m_2", "text": "Yes", "is_echo": true}})),
            message("501", "2000", json!({"delivery": {"mids": ["m_2"]}})),
            message("501", "2000", json!({"message": {"mid": "m_1", "is_deleted": true}}))]},
    ]}));
    let ids = |part: &DeliveryPart| part.items.iter().map(|item| item.native_id.clone()).collect::<Vec<_>>();
    assert_eq!(
        (delivery.parts[0].owner.as_deref(), ids(&delivery.parts[0])),
        (Some(PAGE), vec!["4000".to_owned(), "501_7".into(), "1000_9".into()])
    );
    assert_eq!(
        (delivery.parts[1].owner.as_deref(), ids(&delivery.parts[1])),
        (Some("2000"), vec!["m_0".to_owned(), "m_1".into(), "m_2".into()])
    );
    assert_eq!(delivery.parts[1].gone, ["m_1"]);
    assert!(delivery.parts.iter().all(|part| !part.poll_now));
    let mut other = account();
    other.own_native_id = Some("2000".to_owned());
    let parsed: Vec<ParsedMessage> =
        delivery.parts[1].items.iter().map(|item| parse(&other, &item.kind, &item.body).unwrap()).collect();
    assert_eq!(parsed[0].text.expose(), "Get started", "the pressed button is what the person said");
    assert!(parsed.iter().all(|message| message.thread_native_id == "person:501"));
    assert_eq!((parsed[1].is_own, parsed[2].is_own), (false, true));
    let review = &delivery.parts[0].items[0];
    assert_eq!(parse(&account(), &review.kind, &review.body).unwrap().rating, Some(5.0));
}

#[test]
fn the_address_proves_itself_with_the_token_we_made() {
    let handshake = |token: &str, mode: &str| {
        let query = [("hub.mode", mode), ("hub.verify_token", token), ("hub.challenge", "1158201444")];
        let query: Vec<(String, String)> = query.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        webhook_handshake(&account(), &Query(&query))
    };
    let echo = Handshake::Answer { content_type: "text/plain", body: "1158201444".to_owned() };
    assert_eq!(handshake("verify-me", "subscribe"), echo);
    assert_eq!(handshake("guess", "subscribe"), Handshake::Refused);
    assert_eq!(handshake("verify-me", "unsubscribe"), Handshake::NotOne);
    let mut without = account();
    without.hook_secret = Secret::default();
    let query = [("hub.mode".to_owned(), "subscribe".to_owned()), ("hub.challenge".to_owned(), "1".to_owned())];
    assert_eq!(webhook_handshake(&without, &Query(&query)), Handshake::Refused, "no secret is no open door");
}

#[test]
fn the_published_vector_holds() {
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let headers = [("x-hub-signature-256".to_owned(), signature.to_owned())];
    assert!(verify_webhook(&account(), &incoming(&headers, b"Hello, World!"), 0).is_ok());
    assert!(verify_webhook(&account(), &incoming(&headers, b"Hello, World"), 0).is_err());
    assert!(verify_webhook(&account(), &incoming(&[], b"Hello, World!"), 0).is_err());
    let mut bearer = account();
    bearer.credentials = Credentials::Bearer { token: Secret::new("t") };
    assert!(verify_webhook(&bearer, &incoming(&headers, b"Hello, World!"), 0).is_err());
}

proptest! {
    #[test]
    fn nothing_that_was_touched_is_accepted(at_byte: prop::sample::Index, flip in 1_u8.., in_signature: bool) {
        let mut body = feed(told("add")).to_string().into_bytes();
        let mut headers = signed(&body);
        if in_signature {
            let mut signature = hex::decode(&headers[0].1["sha256=".len()..]).unwrap();
            let at_byte = at_byte.index(signature.len());
            signature[at_byte] ^= flip;
            headers[0].1 = format!("sha256={}", hex::encode(signature));
        } else {
            let at_byte = at_byte.index(body.len());
            body[at_byte] ^= flip;
        }
        prop_assert!(verify_webhook(&account(), &incoming(&headers, &body), 0).is_err());
    }

    #[test]
    fn reading_survives_whatever_is_signed(field in "feed|mention|ratings|x", text in ".*", number: i64) {
        for body in [
            feed(json!({"item": text, "comment_id": number, "created_time": number, "message": {"x": text}})),
            json!({"object": "page", "entry": [{"id": number, "changes": [{"field": field, "value": text}],
                "messaging": [text, {"sender": {"id": number}, "recipient": {"id": text}, "timestamp": number,
                    "message": {"mid": text}}]}]}),
            json!({"object": text, "entry": text}),
        ] {
            let body = body.to_string().into_bytes();
            let headers = signed(&body);
            let verified = verify_webhook(&account(), &incoming(&headers, &body), 0).unwrap();
            if let Ok(delivery) = read_webhook(&account(), verified) {
                for item in delivery.parts.iter().flat_map(|part| &part.items) {
                    let _ = parse(&account(), &item.kind, &item.body);
                }
            }
        }
    }
}

fn self_test(account: &AccountView, mut network: impl FnMut(&str) -> HttpResponse) -> SelfReport {
    let mut test = start_self_test(account).unwrap();
    for _ in 0..10 {
        let Some(request) = test.next_request() else { return test.report() };
        assert_eq!(request.method, Method::Get, "a self-test changes nothing");
        test.on_response(&network(request.url.path().strip_prefix("/v26.0/").unwrap())).unwrap();
    }
    panic!("a self-test must end")
}

fn healthy(path: &str) -> HttpResponse {
    match path {
        "me" => json_answer(200, &json!({"id": PAGE, "name": "Elm Street Clinic"})),
        "debug_token" => json_answer(
            200,
            &json!({"data": {"type": "PAGE", "is_valid": true, "scopes":
            ["pages_read_user_content", "pages_manage_engagement", "pages_manage_posts", "pages_messaging"]}}),
        ),
        "1000/published_posts" => list(&[]),
        "1000/subscribed_apps" => list(&[json!({"id": "77", "subscribed_fields":
                ["feed", "mention", "ratings", "messages", "messaging_postbacks", "message_echoes"]})]),
        other => panic!("{other}"),
    }
}

#[test]
fn a_healthy_page_is_said_to_be_so() {
    let report = self_test(&account(), healthy);
    assert_eq!((report.native_id.as_deref(), report.can_read, report.can_write), (Some(PAGE), true, true));
    assert_eq!((report.webhooks, report.problems), (Some(true), Vec::new()));
}

#[test]
fn a_page_that_is_not_subscribed_looks_healthy_and_is_told() {
    let report = self_test(&account(), |path| match path {
        "1000/subscribed_apps" => list(&[
            json!({"id": "77", "subscribed_fields":
                ["feed", "mention", "ratings", "messages", "message_echoes"]}),
            json!({"id": "99", "subscribed_fields": ["messaging_postbacks"]}),
        ]),
        path => healthy(path),
    });
    assert_eq!(report.webhooks, Some(false));
    assert!(report.problems.len() == 1 && report.problems[0].contains("Get started"), "{:?}", report.problems);
}

#[test]
fn what_a_token_lacks_is_named() {
    let report = self_test(&account(), |path| match path {
        "debug_token" => json_answer(200, &json!({"data": {"type": "USER", "scopes": ["pages_read_user_content"]}})),
        path => healthy(path),
    });
    assert!(report.can_read && !report.can_write);
    assert_eq!(report.problems.len(), 4);
    let refused = self_test(&account(), |_| error(400, 190, 463));
    assert!(!refused.can_read && refused.problems[0].contains("authorise"));
    let other = self_test(&account(), |_| json_answer(200, &json!({"id": "3000", "name": "Another"})));
    assert!(!other.can_read && other.native_id.is_none() && other.problems[0].contains("another page"));
}

#[test]
fn a_code_becomes_tokens_of_pages() {
    let app = App {
        base_url: Url::parse("https://graph.facebook.com/").unwrap(),
        client_id: "77".to_owned(),
        client_secret: Secret::new("app-secret"),
        config: json!({}),
    };
    let redirect = Url::parse("https://bedside.example.org/connect").unwrap();
    let asked = AuthorisationRequest {
        redirect: &redirect,
        state: "st",
        verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    };
    let address = authorisation_address(Network::Facebook, &app, &asked).unwrap();
    assert!(address.as_str().starts_with("https://www.facebook.com/v26.0/dialog/oauth?client_id=77"), "{address}");
    assert!(address.as_str().contains("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    assert!(address.as_str().contains("state=st") && !address.as_str().contains("app-secret"));
    let exchange = CodeExchange { redirect: &redirect, code: "the-code", verifier: asked.verifier, now: 0 };
    let mut granting = start_exchange(Network::Facebook, &app, &exchange).unwrap();
    while let Some(request) = granting.next_request() {
        let path = request.url.path().strip_prefix("/v26.0/").unwrap().to_owned();
        let answer =
            match (path.as_str(), query(&request, "grant_type").as_deref(), query(&request, "after").as_deref()) {
                ("oauth/access_token", None, _) => {
                    assert_eq!(query(&request, "code").as_deref(), Some("the-code"));
                    json!({"access_token": "short", "expires_in": 3600})
                }
                ("oauth/access_token", Some("fb_exchange_token"), _) => {
                    json!({"access_token": "long", "expires_in": 5_183_944})
                }
                ("debug_token", ..) => {
                    json!({"data": {"data_access_expires_at": 1_800_000_000, "scopes": ["pages_messaging"]}})
                }
                ("me/accounts", _, None) => {
                    json!({"data": [{"id": "1000", "name": "Elm Street Clinic", "access_token": "p1",
                "tasks": ["MODERATE"]}], "paging": {"next": "https://graph.facebook.com/x?after=2"}})
                }
                ("me/accounts", _, Some("2")) => {
                    json!({"data": [{"id": "2000", "name": "Oak Ward", "access_token": "p2"},
                {"id": "3000", "name": "No token"}]})
                }
                other => panic!("{other:?}"),
            };
        granting.on_response(&json_answer(200, &answer)).unwrap();
    }
    let granted = granting.granted();
    assert_eq!(granted.iter().map(|one| one.native_id.as_str()).collect::<Vec<_>>(), ["1000", "2000"]);
    let Credentials::Oauth2(held) = &granted[0].credentials else { panic!() };
    assert_eq!((held.access_token.expose(), held.expires_at), ("p1", None), "the token of a page does not end");
    assert_eq!(held.reauthorise_by, Some(1_800_000_000_000_000));
    assert!(!format!("{granting:?}").contains("app-secret"));
    assert!(start_renewal(&account(), 0).is_none());
}

fn figures(post: Option<&str>, mut network: impl FnMut(&HttpRequest) -> HttpResponse) -> Vec<Figure> {
    let account = account();
    let of = MetricsOf { account: &account, post_native_id: post, since: at("2026-11-22T00:00:00Z"), until: at(NOW) };
    let mut metrics = start_metrics(of).unwrap();
    let mut figures = Vec::new();
    while let Some(request) = metrics.next_request() {
        figures.extend(metrics.on_response(&network(&request)).unwrap());
    }
    figures
}

#[test]
fn figures_are_asked_for_by_their_new_names_only() {
    let day = figures(None, |request| {
        let asked = query(request, "metric").unwrap();
        assert_eq!(asked, "page_media_view,page_total_media_view_unique,page_follows");
        list(&[json!({"name": "page_media_view", "period": "day", "values": [
            {"value": 12, "end_time": "2026-11-23T08:00:00+0000"}, {"value": {"a": 1}, "end_time": "2026-11-24T08:00:00+0000"}]})])
    });
    assert_eq!(day.len(), 1, "what is not a number, and what is not told, is left out");
    assert_eq!((day[0].metric, day[0].value, day[0].day), (Metric::Views, 12.0, Some(at("2026-11-22T08:00:00Z"))));
    let post = figures(Some("1000_1"), |request| match request.url.path() {
        "/v26.0/1000_1/insights" => list(&[json!({"name": "post_total_media_view_unique", "values": [{"value": 9}]})]),
        _ => json_answer(200, &json!({"shares": {"count": 2}, "comments": {"summary": {"total_count": 4}}})),
    });
    let told: Vec<(Metric, f64)> = post.iter().map(|figure| (figure.metric, figure.value)).collect();
    assert_eq!(told, [(Metric::Comments, 4.0), (Metric::Shares, 2.0), (Metric::Reach, 9.0)]);
}
