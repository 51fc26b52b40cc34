//! What goes out, and what is said before and after.

use bedside_model::Phi;

use super::*;
use crate::testing::{order, outcome, run_send};

fn reply(visibility: Visibility, text: &str) -> Operation {
    Operation::Reply {
        thread_native_id: "10".to_owned(),
        parent_native_id: Some("11".to_owned()),
        visibility,
        text: Phi::new(text.to_owned()),
    }
}

fn post(media: Vec<Media>) -> Operation {
    Operation::Post {
        title: Phi::new("Flu".to_owned()),
        text: Phi::new("Flu shots from Monday".to_owned()),
        link: Some("https://clinic.example.org/flu".to_owned()),
        media,
        language: Some("en-GB".to_owned()),
    }
}

fn image(id: &str) -> Media {
    Media {
        id: id.to_owned(),
        kind: MediaKind::Image,
        mime: "image/png".to_owned(),
        bytes: 2_000,
        size: None,
        alt: Some(Phi::new("A nurse smiles".to_owned())),
        sha256: None,
        public_url: None,
    }
}

fn body(request: &HttpRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.expose())
}

/// A server that shows status 11 of Rosa, seen by `visibility`, and takes everything.
fn takes(visibility: &'static str) -> impl FnMut(&HttpRequest) -> Result<HttpResponse, TransportError> {
    move |request| {
        Ok(match request.method {
            Method::Get => json_answer(200, &with(status(11, ROSA, Some(10), "free?"), "visibility", visibility)),
            _ => json_answer(200, &status(77, CLINIC, Some(11), "x")),
        })
    }
}

#[test]
fn a_reply_names_whom_it_answers_and_is_never_seen_by_more() {
    let account = account();
    for (asked, shown, sent) in [
        (Visibility::Public, "public", "public"),
        (Visibility::Public, "unlisted", "unlisted"),
        (Visibility::Unlisted, "public", "unlisted"),
        (Visibility::Private, "public", "direct"),
        (Visibility::Public, "direct", "direct"),
        (Visibility::Public, "private", "direct"),
    ] {
        let operation = reply(asked, "Yes, it is.");
        let (done, requests, _) = run_send(order(&account, &operation, "out_1"), takes(shown));
        assert_eq!(requests.len(), 2);
        let effect = &requests[1];
        assert_eq!((effect.method, effect.url.path()), (Method::Post, "/api/v1/statuses"));
        assert_eq!(header(effect, "idempotency-key"), Some("out_1"), "the same in each attempt");
        let expected =
            json!({"status": "@rosa@people.example.org Yes, it is.", "in_reply_to_id": "11", "visibility": sent});
        assert_eq!(body(effect), expected);
        assert!(matches!(done, Outcome::Delivered { native_id: Some(id), permalink: Some(_) } if id == "77"));
    }
    let named = reply(Visibility::Public, "Yes @Rosa@people.example.org, it is.");
    let (_, requests, _) = run_send(order(&account, &named, "k"), takes("public"));
    assert_eq!(body(&requests[1])["status"], "Yes @Rosa@people.example.org, it is.", "named once is enough");
}

#[test]
fn what_is_answered_may_be_gone_and_a_text_too_long_with_the_name() {
    let account = account();
    let gone = |_: &HttpRequest| Ok(json_answer(404, &json!({"error": "Record not found"})));
    let short = reply(Visibility::Public, "Yes");
    let (done, requests, _) = run_send(order(&account, &short, "k"), gone);
    assert!(matches!(done, Outcome::Dead { .. }) && requests.len() == 1, "nothing was sent");
    let long = reply(Visibility::Public, &"x".repeat(499));
    let (done, _, _) = run_send(order(&account, &long, "k"), takes("public"));
    assert_eq!(
        done,
        Outcome::Dead { why: "with the names it begins with the text has 505 of at most 500 characters".to_owned() }
    );
}

#[test]
fn answers_to_the_effect_are_judged() {
    let account = account();
    let deletion = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: "77".to_owned() };
    for (status, expected) in [
        (401, "Reauthorise"),
        (403, "Dead"),
        (422, "Dead"),
        (429, "Retry"),
        (408, "Unknown"),
        (500, "Unknown"),
        (503, "Unknown"),
        (200, "Unknown"),
    ] {
        let judged = outcome(&account, &post(vec![]), Ok(&answer(status, &[("Retry-After", "3")], "")));
        assert!(format!("{judged:?}").starts_with(expected), "{status}: {judged:?}");
    }
    let lost = TransportError::MaybeSent("reset");
    assert!(matches!(outcome(&account, &deletion, Err(&lost)), Outcome::Unknown { .. }));
    let never = TransportError::NotSent("refused");
    assert!(matches!(outcome(&account, &post(vec![]), Err(&never)), Outcome::Retry { .. }));
    let other = json_answer(200, &status(78, CLINIC, None, "x"));
    assert!(matches!(outcome(&account, &deletion, Ok(&other)), Outcome::Unknown { .. }));
}

#[test]
fn files_go_up_first_and_a_later_attempt_goes_on_where_this_one_stopped() {
    let account = account();
    let operation = post(vec![image("med_1"), image("med_2")]);
    let mut uploads = 0;
    let (done, requests, progress) = run_send(order(&account, &operation, "k"), |request| {
        Ok(match request.url.path() {
            "/api/v2/media" => {
                uploads += 1;
                // The second is still being processed.
                json_answer(if uploads == 1 { 200 } else { 202 }, &json!({"id": format!("m{uploads}")}))
            }
            "/api/v1/media/m2" => json_answer(206, &json!({"id": "m2", "url": null})),
            _ => panic!("nothing else yet"),
        })
    });
    assert!(matches!(done, Outcome::Waiting { after: 5, .. }), "{done:?}");
    let upload = &requests[0];
    assert_eq!(upload.piece.as_ref().map(|piece| (piece.media.as_str(), piece.bytes)), Some(("med_1", 2_000)));
    assert!(String::from_utf8_lossy(&upload.body).contains("name=\"description\"\r\n\r\nA nurse smiles"));
    assert_eq!(upload.draws, Some(("media", 1)));

    let later = Order { progress: progress.as_ref(), ..order(&account, &operation, "k") };
    let (done, requests, _) = run_send(later, |request| {
        Ok(match request.url.path() {
            "/api/v1/media/m2" => json_answer(200, &json!({"id": "m2", "url": "https://files.example.org/m2"})),
            _ => json_answer(200, &status(78, CLINIC, None, "x")),
        })
    });
    assert!(matches!(done, Outcome::Delivered { .. }));
    assert_eq!(requests.len(), 2, "nothing is uploaded again");
    assert_eq!(
        body(&requests[1]),
        json!({"status": "Flu shots from Monday\n\nhttps://clinic.example.org/flu", "visibility": "public",
            "media_ids": ["m1", "m2"], "language": "en"})
    );
}

#[test]
fn an_older_server_takes_files_in_the_first_version_and_an_upload_may_be_repeated() {
    let account = account();
    let operation = post(vec![image("med_1")]);
    let (done, requests, _) = run_send(order(&account, &operation, "k"), |request| {
        Ok(match request.url.path() {
            "/api/v2/media" => answer(404, &[], ""),
            "/api/v1/media" => json_answer(200, &json!({"id": "m1"})),
            _ => json_answer(200, &status(78, CLINIC, None, "x")),
        })
    });
    assert!(matches!(done, Outcome::Delivered { .. }) && requests.len() == 3);
    let lost = |_: &HttpRequest| Err(TransportError::MaybeSent("reset"));
    let (done, _, _) = run_send(order(&account, &operation, "k"), lost);
    assert!(matches!(done, Outcome::Retry { .. }), "nobody saw the file: {done:?}");
}

#[test]
fn an_edit_keeps_files_and_names_and_a_deletion_is_believed_only_when_it_is_gone() {
    let account = account();
    let edit = Operation::EditOwn {
        kind: OwnKind::Reply,
        native_id: "77".to_owned(),
        text: Phi::new("It is free.".to_owned()),
    };
    let mut stands = status(77, CLINIC, Some(11), "@rosa Yes, ask @ana");
    stands["media_attachments"] = json!([{"id": "m1", "type": "image"}]);
    stands["mentions"] = json!([{"id": "2", "username": "rosa", "acct": "rosa@people.example.org"},
        {"id": "3", "username": "ana", "acct": "ana"}]);
    let (_, requests, _) = run_send(order(&account, &edit, "k"), |_| Ok(json_answer(200, &stands)));
    assert_eq!((requests[1].method, requests[1].url.path()), (Method::Put, "/api/v1/statuses/77"));
    let sent = body(&requests[1]);
    assert_eq!((&sent["status"], &sent["media_ids"]), (&json!("@rosa@people.example.org It is free."), &json!(["m1"])));

    let renamed = with(stands.clone(), "id", "78");
    let (done, _, _) = run_send(order(&account, &edit, "k"), |request| {
        Ok(json_answer(200, if request.method == Method::Put { &renamed } else { &stands }))
    });
    assert!(
        matches!(done, Outcome::Delivered { native_id: Some(id), .. } if id == "77"),
        "it is the same by its address"
    );

    let delete = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: "77".to_owned() };
    for status in [400, 404, 405] {
        let cannot = |request: &HttpRequest| {
            Ok(if request.method == Method::Delete { answer(status, &[], "") } else { json_answer(200, &stands) })
        };
        let (done, _, _) = run_send(order(&account, &delete, "k"), cannot);
        assert!(matches!(done, Outcome::Dead { why } if why.starts_with("this server cannot delete")), "{status}");
    }
    let (done, _, _) = run_send(order(&account, &delete, "k"), |_| Ok(answer(404, &[], "")));
    assert!(matches!(done, Outcome::Delivered { .. }), "it was gone already");
}

#[test]
fn a_read_back_finds_what_was_sent_although_the_server_shows_it_otherwise() {
    let account = account();
    let look = |operation: &Operation, shown: Vec<Value>| {
        let mut readback = start_readback(&account, operation, at("2026-11-24T10:30:00Z")).unwrap();
        let mut pages = 0;
        while let Some(request) = readback.next_request() {
            pages += 1;
            assert!(pages < 9);
            let body = if query(&request, "max_id").is_some() { json!([]) } else { shown.clone().into() };
            readback.on_response(&json_answer(200, &body)).unwrap();
        }
        readback.verdict()
    };
    let operation = reply(Visibility::Public, "Yes, @ana@people.example.org knows.");
    let at_11 = with(status(80, CLINIC, Some(11), "@rosa Yes, @ana knows."), "created_at", "2026-11-24T10:31:00Z");
    assert!(
        matches!(look(&operation, vec![at_11.clone()]), ReadbackVerdict::Found { native_id: Some(id), .. } if id == "80")
    );
    let elsewhere = with(at_11.clone(), "in_reply_to_id", "12");
    assert_eq!(look(&operation, vec![elsewhere]), ReadbackVerdict::NotThere);
    let long_ago = with(at_11.clone(), "created_at", "2026-11-20T10:00:00Z");
    assert_eq!(look(&operation, vec![long_ago]), ReadbackVerdict::NotThere);
    let mut endless = start_readback(&account, &operation, at("2026-11-24T09:00:00Z")).unwrap();
    while endless.next_request().is_some() {
        let full = vec![with(at_11.clone(), "in_reply_to_id", "12"); 40];
        endless.on_response(&json_answer(200, &full.into())).unwrap();
    }
    assert_eq!(endless.verdict(), ReadbackVerdict::CannotTell, "the list was not seen to its end");
    let delete = Operation::DeleteOwn { kind: OwnKind::Post, native_id: "80".to_owned() };
    let mut readback = start_readback(&account, &delete, at(NOW)).unwrap();
    readback.on_response(&answer(404, &[], "")).unwrap();
    assert!(matches!(readback.verdict(), ReadbackVerdict::Found { .. }));
}

#[test]
fn what_this_server_does_not_take_is_said_before() {
    let mut account = account();
    let codes = |account: &AccountView, operation: &Operation| -> Vec<&'static str> {
        objections(account, operation).into_iter().map(|objection| objection.code).collect()
    };
    let link = "https://clinic.example.org/a/very/long/address/that/counts/as/23";
    let text = format!("{} {link}", "x".repeat(500 - 24));
    let words = |text: &str| Operation::EditOwn {
        kind: OwnKind::Post,
        native_id: "1".to_owned(),
        text: Phi::new(text.to_owned()),
    };
    assert!(codes(&account, &words(&text)).is_empty());
    assert_eq!(codes(&account, &words(&format!("x{text}"))), ["too_long"]);
    assert!(codes(&account, &reply(Visibility::Public, &"x".repeat(468))).is_empty());
    assert_eq!(codes(&account, &reply(Visibility::Public, &"x".repeat(469))), ["too_long"]);
    assert_eq!(codes(&account, &Operation::Hide { native_id: "11".to_owned() }), ["not_supported"]);
    let video = Media { kind: MediaKind::Video, mime: "video/mp4".to_owned(), ..image("v") };
    assert_eq!(codes(&account, &post(vec![image("a"), video])), ["media_mixed"]);
    assert_eq!(codes(&account, &post(vec![image("a"); 5])), ["too_many_media"]);

    account.config = json!({"max_characters": 100_000, "max_media_attachments": 8, "image_size_limit": 1_000});
    assert!(codes(&account, &words(&"x".repeat(9_000))).is_empty(), "the server's own limit counts");
    assert_eq!(codes(&account, &post(vec![image("a"); 5])), ["media_too_large"; 5]);
}

#[test]
fn ids_cannot_lead_a_request_elsewhere() {
    for native_id in ["../../oauth/revoke", "1?x", "", "1/2", "1%2f2", "."] {
        let operation = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: native_id.to_owned() };
        assert!(start_send(order(&account(), &operation, "k")).is_err(), "{native_id}");
    }
}
