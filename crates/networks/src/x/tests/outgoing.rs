//! What goes out.

use super::*;
use crate::testing::{answer, json_answer, order, outcome, query, request, run_send};

fn body(request: &HttpRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

fn made(id: &str) -> HttpResponse {
    json_answer(201, &json!({"data": {"id": id, "text": "…"}}))
}

#[test]
fn a_reply_goes_under_what_it_answers() {
    let sent = request(&account(), &reply("500", "1001", "Please call 555-0134."), "out_1").unwrap();
    assert_eq!((sent.method, sent.url.path()), (Method::Post, "/2/tweets"));
    assert_eq!(body(&sent), json!({"text": "Please call 555-0134.", "reply": {"in_reply_to_tweet_id": "1001"}}));
    let done = outcome(&account(), &reply("500", "1001", "x"), Ok(&made("1002")));
    let permalink = Some("https://x.com/i/web/status/1002".to_owned());
    assert_eq!(done, Outcome::Delivered { native_id: Some("1002".to_owned()), permalink });
}

#[test]
fn answers_say_what_became_of_a_reply() {
    let judge = |response: HttpResponse| outcome(&account(), &reply("500", "1001", "x"), Ok(&response));
    for (status, expected) in [
        (200, "Unknown"),
        (401, "Reauthorise"),
        (402, "Retry"),
        (403, "Dead"),
        (404, "Dead"),
        (500, "Unknown"),
        (503, "Unknown"),
    ] {
        let judged = judge(answer(status, &[], ""));
        assert!(format!("{judged:?}").starts_with(expected), "{status}: {judged:?}");
    }
    let limited = answer(429, &[("x-rate-limit-reset", "1795521610"), ("Date", "Tue, 24 Nov 2026 12:00:00 GMT")], "");
    assert!(matches!(judge(limited), Outcome::Retry { after: Some(10), .. }));
    let duplicate = json_answer(
        403,
        &json!({"title": "Forbidden", "detail": "You are not allowed to create a Tweet with duplicate content."}),
    );
    assert!(matches!(judge(duplicate), Outcome::Unknown { .. }), "an attempt without an answer may have been accepted");
    let Outcome::Dead { why } = judge(answer(403, &[], "")) else { panic!() };
    assert!(why.contains("does not permit this reply"), "{why}");
    let app = json!({"type": "https://api.twitter.com/2/problems/client-forbidden", "title": "Client Forbidden"});
    let Outcome::Dead { why } = judge(json_answer(403, &app)) else { panic!() };
    assert!(why.contains("developer console"), "{why}");
    let gone = TransportError::MaybeSent("the connection was reset");
    assert!(matches!(outcome(&account(), &reply("500", "1001", "x"), Err(&gone)), Outcome::Unknown { .. }));
}

#[test]
fn a_reply_that_x_will_not_take_is_said_before_sending() {
    let codes = |account: &AccountView, operation: &Operation| {
        objections(account, operation).into_iter().map(|objection| objection.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&account(), &reply("500", "1001", "Thank you")), Vec::<&str>::new());
    assert_eq!(codes(&account(), &reply("500/aside", "1001", "Thank you")), ["reply_not_permitted"]);
    let mut anyone = account();
    anyone.config["replies"] = "anyone".into();
    assert_eq!(codes(&anyone, &reply("500/aside", "1001", "Thank you")), Vec::<&str>::new());
    assert_eq!(codes(&account(), &reply("500", "1001", &format!("@rosa_n {}", "a".repeat(280)))), Vec::<&str>::new());
    assert_eq!(codes(&account(), &reply("500", "1001", &"中".repeat(141))), ["too_long"]);
    let mut linked = post(&"a".repeat(257), Vec::new());
    assert_eq!(codes(&account(), &linked), Vec::<&str>::new());
    if let Operation::Post { link, .. } = &mut linked {
        *link = Some("https://blog.example.org/flu".to_owned());
    }
    assert_eq!(codes(&account(), &linked), ["too_long"], "a line break and the link count 24");
    let mut two = vec![picture("m1", 10, None), picture("m2", 10, None)];
    two[1].mime = "image/gif".to_owned();
    assert_eq!(codes(&account(), &post("", two)), ["mixed_media"]);
}

#[test]
fn what_a_call_costs_is_known_before() {
    let price = |operation: &Operation| crate::price(&account(), operation);
    assert_eq!(price(&post("Flu shots from Monday", Vec::new())), Some(15_000));
    assert_eq!(price(&post("We are in room 3.b", Vec::new())), Some(15_000));
    assert_eq!(price(&post("See blog.example.org", Vec::new())), Some(200_000));
    assert_eq!(price(&reply("500", "1001", "Thank you")), Some(10_000));
    assert_eq!(price(&Operation::Hide { native_id: "5".to_owned() }), None);
}

#[test]
fn private_is_answered_in_private_only() {
    let direct = |visibility| Operation::Reply {
        thread_native_id: format!("dm:501-{OWN}"),
        parent_native_id: Some("40".to_owned()),
        visibility,
        text: Phi::new("Yes, please.".to_owned()),
    };
    let sent = request(&account(), &direct(Visibility::Private), "k").unwrap();
    assert_eq!(sent.url.path(), format!("/2/dm_conversations/501-{OWN}/messages"));
    let done = json_answer(201, &json!({"data": {"dm_conversation_id": "1-2", "dm_event_id": "41"}}));
    let judged = outcome(&account(), &direct(Visibility::Private), Ok(&done));
    assert_eq!(judged, Outcome::Delivered { native_id: Some("41".to_owned()), permalink: None });
    assert!(matches!(request(&account(), &direct(Visibility::Public), "k"), Err(NetError::Unsupported { .. })));
    let private = Operation::Reply {
        thread_native_id: "500".to_owned(),
        parent_native_id: None,
        visibility: Visibility::Private,
        text: Phi::new("x".to_owned()),
    };
    assert!(matches!(request(&account(), &private, "k"), Err(NetError::Unsupported { .. })));
}

#[test]
fn hiding_and_taking_back() {
    let hide = Operation::Hide { native_id: "1001".to_owned() };
    let sent = request(&account(), &hide, "k").unwrap();
    assert_eq!(
        (sent.method, sent.url.path(), body(&sent)),
        (Method::Put, "/2/tweets/1001/hidden", json!({"hidden": true}))
    );
    let hidden = |now: bool| json_answer(200, &json!({"data": {"hidden": now}}));
    assert!(matches!(outcome(&account(), &hide, Ok(&hidden(true))), Outcome::Delivered { .. }));
    assert!(matches!(outcome(&account(), &hide, Ok(&hidden(false))), Outcome::Unknown { .. }));
    let show = Operation::Approve { native_id: "1001".to_owned() };
    assert!(matches!(outcome(&account(), &show, Ok(&hidden(false))), Outcome::Delivered { .. }));
    let delete = Operation::DeleteOwn { kind: OwnKind::Post, native_id: "1001".to_owned() };
    assert_eq!(request(&account(), &delete, "k").unwrap().method, Method::Delete);
    assert!(matches!(outcome(&account(), &delete, Ok(&answer(404, &[], ""))), Outcome::Delivered { .. }));
    for id in ["", "1/2", "12345678901234567890", "a"] {
        assert!(request(&account(), &Operation::Hide { native_id: id.to_owned() }, "k").is_err(), "{id}");
    }
}

fn picture(id: &str, bytes: u64, alt: Option<&str>) -> Media {
    Media {
        id: id.to_owned(),
        kind: MediaKind::Image,
        mime: "image/jpeg".to_owned(),
        bytes,
        size: None,
        alt: alt.map(|alt| Phi::new(alt.to_owned())),
        sha256: None,
        public_url: None,
    }
}

/// Plays the upload of X; `steps` notes what was asked.
fn uploads(steps: &mut Vec<String>) -> impl FnMut(&HttpRequest) -> Result<HttpResponse, TransportError> {
    let mut checks = 0;
    move |request| {
        let piece = request.piece.as_ref().map(|piece| format!(" {}+{}", piece.from, piece.bytes)).unwrap_or_default();
        steps.push(format!("{} {}{piece}", request.method.as_str(), request.url.path()));
        let state =
            |state: &str| json!({"data": {"id": "900", "processing_info": {"state": state, "check_after_secs": 7}}});
        Ok(json_answer(
            200,
            &match request.url.path() {
                "/2/media/upload/initialize" => json!({"data": {"id": "900"}}),
                "/2/media/upload/900/finalize" => state("pending"),
                "/2/media/upload" => {
                    assert_eq!(query(request, "media_id").as_deref(), Some("900"));
                    checks += 1;
                    state(if checks == 1 { "in_progress" } else { "succeeded" })
                }
                "/2/media/metadata" => {
                    assert_eq!(body(request), json!({"id": "900", "metadata": {"alt_text": {"text": "A queue"}}}));
                    json!({"data": {"id": "900"}})
                }
                "/2/tweets" => {
                    assert_eq!(body(request), json!({"text": "Look", "media": {"media_ids": ["900"]}}));
                    json!({"data": {"id": "1002", "text": "Look"}})
                }
                _ => json!({}),
            },
        ))
    }
}

#[test]
fn a_file_goes_in_pieces_and_the_post_waits_for_it() {
    let (account, operation) = (account(), post("Look", vec![picture("m1", (4 << 20) + 5, Some("A queue"))]));
    let mut steps = Vec::new();
    let mut network = uploads(&mut steps);
    let (waiting, _, progress) = run_send(order(&account, &operation, "k"), &mut network);
    assert_eq!(waiting, Outcome::Waiting { after: 7, why: "X is still at work on a file".to_owned() });
    // Each attempt goes on where the last one was.
    let mut again = order(&account, &operation, "k");
    again.progress = progress.as_ref();
    let (waiting, _, progress) = run_send(again, &mut network);
    assert!(matches!(waiting, Outcome::Waiting { .. }));
    let mut again = order(&account, &operation, "k");
    again.progress = progress.as_ref();
    let (done, ..) = run_send(again, &mut network);
    drop(network);
    assert!(matches!(done, Outcome::Delivered { native_id: Some(id), .. } if id == "1002"));
    assert_eq!(
        steps,
        [
            "POST /2/media/upload/initialize",
            "POST /2/media/upload/900/append 0+4194304",
            "POST /2/media/upload/900/append 4194304+5",
            "POST /2/media/upload/900/finalize",
            "GET /2/media/upload",
            "GET /2/media/upload",
            "POST /2/media/metadata",
            "POST /2/tweets",
        ]
    );
}

#[test]
fn only_the_post_itself_can_have_an_unknown_outcome() {
    let (account, operation) = (account(), post("Look", vec![picture("m1", 5, Some("A queue"))]));
    for (path, expected) in [("/2/media/upload/900/append", "Retry"), ("/2/tweets", "Unknown")] {
        let mut steps = Vec::new();
        let mut network = uploads(&mut steps);
        let ready = json!({"uploads": [{"id": "900", "sent": if path == "/2/tweets" { 5 } else { 0 },
            "finalized": path == "/2/tweets", "ready": true, "described": true}]});
        let mut order = order(&account, &operation, "k");
        order.progress = Some(&ready);
        let (outcome, ..) = run_send(order, |request| {
            if request.url.path() == path { Err(TransportError::MaybeSent("timeout")) } else { network(request) }
        });
        assert!(format!("{outcome:?}").starts_with(expected), "{path}: {outcome:?}");
    }
}

#[test]
fn what_x_forgot_is_uploaded_anew() {
    let (account, operation) = (account(), post("Look", vec![picture("m1", 5, None)]));
    let kept = json!({"uploads": [{"id": "900", "sent": 5, "finalized": true, "ready": true, "described": false}]});
    let mut order = order(&account, &operation, "k");
    order.progress = Some(&kept);
    let (outcome, _, progress) = run_send(order, |_| Ok(json_answer(400, &json!({"title": "Invalid Request"}))));
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    assert_eq!(progress, None);
}

#[test]
fn a_read_back_finds_by_text_place_and_time() {
    let look = |operation: &Operation, posts: Value| {
        let mut readback = start_readback(&account(), operation, now()).unwrap();
        assert!(readback.next_request().unwrap().url.path().ends_with("/tweets"));
        readback.on_response(&json_answer(200, &json!({"data": posts, "meta": {"result_count": 1}}))).unwrap();
        readback.verdict()
    };
    let stands = |text: &str, date: &str| {
        json!([{"id": "1002", "text": text, "created_at": date,
            "referenced_tweets": [{"type": "replied_to", "id": "1001"}]}])
    };
    let sent = reply("500", "1001", "Thank you & well");
    let found = look(&sent, stands("@rosa_n Thank you &amp; well", NOW));
    assert!(matches!(found, ReadbackVerdict::Found { native_id: Some(id), .. } if id == "1002"));
    assert_eq!(look(&sent, stands("@rosa_n Something else", NOW)), ReadbackVerdict::NotThere);
    assert_eq!(
        look(&reply("500", "999", "Thank you & well"), stands("Thank you &amp; well", NOW)),
        ReadbackVerdict::NotThere
    );
    // X takes no text twice, so an old post of the same words would refuse every attempt: a person must look.
    assert_eq!(look(&sent, stands("Thank you &amp; well", "2026-11-20T12:00:00Z")), ReadbackVerdict::CannotTell);
}

#[test]
fn a_deletion_is_read_back_by_id() {
    let delete = Operation::DeleteOwn { kind: OwnKind::Post, native_id: "1001".to_owned() };
    let look = |response: HttpResponse| {
        let mut readback = start_readback(&account(), &delete, now()).unwrap();
        readback.on_response(&response).unwrap();
        readback.verdict()
    };
    let missing = json!({"errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found"}]});
    assert!(matches!(look(json_answer(200, &missing)), ReadbackVerdict::Found { .. }));
    assert_eq!(look(json_answer(200, &json!({"data": {"id": "1001"}}))), ReadbackVerdict::NotThere);
    let hide = Operation::Hide { native_id: "1001".to_owned() };
    let readback = start_readback(&account(), &hide, now()).unwrap();
    assert_eq!((readback.next_request(), readback.verdict()), (None, ReadbackVerdict::CannotTell));
}
