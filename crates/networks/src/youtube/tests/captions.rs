use bedside_model::Phi;
use serde_json::{Value, json};

use super::account;
use crate::testing::{answer, at, json_answer, order, query, run_send};
use crate::*;

const VTT: &str = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nWash your hands.\n";

fn captions(language: &str, text: &str) -> Operation {
    Operation::Caption {
        native_id: "vid-1".to_owned(),
        language: language.to_owned(),
        name: Phi::new("English".to_owned()),
        text: Phi::new(text.to_owned()),
    }
}

fn track(id: &str, language: &str, name: &str, kind: &str, updated: &str) -> Value {
    let snippet =
        json!({"videoId": "vid-1", "language": language, "name": name, "trackKind": kind, "lastUpdated": updated});
    json!({"id": id, "snippet": snippet})
}

/// Sends to a video that has these tracks; what was sent, and what came of it.
fn sent(tracks: Value, answer: &HttpResponse) -> (Outcome, Vec<HttpRequest>) {
    let (account, operation) = (account(), captions("en", VTT));
    let (outcome, requests, _) = run_send(order(&account, &operation, "k"), |request| {
        Ok(if request.method == Method::Get {
            json_answer(200, &json!({"items": tracks.clone()}))
        } else {
            answer.clone()
        })
    });
    (outcome, requests)
}

#[test]
fn captions_go_up_with_their_language_and_name() {
    let heard = track("heard", "en", "English", "asr", "2026-11-01T00:00:00Z");
    let spanish = track("c2", "es", "English", "standard", "2026-11-01T00:00:00Z");
    let (outcome, requests) = sent(json!([heard, spanish]), &json_answer(200, &json!({"id": "c9"})));
    assert_eq!(outcome, Outcome::Delivered { native_id: Some("c9".to_owned()), permalink: None });
    let (look, send) = (&requests[0], &requests[1]);
    assert_eq!((query(look, "videoId").as_deref(), look.draws), (Some("vid-1"), Some(("units", 50))));
    assert_eq!((send.method, send.url.path()), (Method::Post, "/upload/youtube/v3/captions"));
    assert_eq!((query(send, "uploadType").as_deref(), send.draws), (Some("multipart"), Some(("units", 400))));
    let body = String::from_utf8(send.body.clone()).unwrap();
    let kind = send.headers.iter().find(|(name, _)| *name == "content-type").unwrap().1.expose();
    let boundary = kind.strip_prefix("multipart/related; boundary=").unwrap();
    let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.len(), 4);
    let (head, resource) = parts[1].trim().split_once("\r\n\r\n").unwrap();
    assert_eq!(head, "content-type: application/json; charset=UTF-8");
    let resource: Value = serde_json::from_str(resource).unwrap();
    let snippet = json!({"videoId": "vid-1", "language": "en", "name": "English", "isDraft": false});
    assert_eq!(resource, json!({"snippet": snippet}));
    assert!(parts[2].ends_with(&format!("\r\n\r\n{VTT}\r\n")), "not a letter is changed");
}

#[test]
fn captions_of_the_same_language_and_name_give_way() {
    let stands = json!([track("c1", "EN", "English", "standard", "2026-11-01T00:00:00Z")]);
    let (outcome, requests) = sent(stands, &json_answer(200, &json!({"id": "c1"})));
    assert!(matches!(outcome, Outcome::Delivered { .. }));
    assert_eq!((requests[1].method, requests[1].draws), (Method::Put, Some(("units", 450))));
    assert!(String::from_utf8_lossy(&requests[1].body).contains("\"id\":\"c1\""));
}

#[test]
fn what_youtube_says_of_captions_decides_what_follows() {
    let refused = |status: u16, reason: &str| json_answer(status, &json!({"error": {"errors": [{"reason": reason}]}}));
    assert!(
        matches!(sent(json!([]), &refused(409, "captionExists")).0, Outcome::Retry { .. }),
        "the next replaces them"
    );
    assert!(matches!(sent(json!([]), &answer(500, &[], "")).0, Outcome::Unknown { .. }));
    assert!(matches!(sent(json!([]), &json_answer(200, &json!({}))).0, Outcome::Unknown { .. }));
    assert!(matches!(sent(json!([]), &refused(401, "authError")).0, Outcome::Reauthorise { .. }));
    let (account, operation) = (account(), captions("en", VTT));
    let look = |answer: HttpResponse| run_send(order(&account, &operation, "k"), |_| Ok(answer.clone())).0;
    assert!(matches!(look(answer(500, &[], "")), Outcome::Retry { .. }), "a look is no effect");
    assert!(matches!(look(refused(404, "videoNotFound")), Outcome::Dead { .. }));
}

#[test]
fn captions_are_read_back_by_when_they_changed() {
    let account = account();
    let look = |tracks: Value| {
        let mut readback = start_readback(&account, &captions("en", VTT), at("2026-11-27T12:00:00Z")).unwrap();
        readback.next_request().unwrap();
        readback.on_response(&json_answer(200, &json!({"items": tracks}))).unwrap();
        readback.verdict()
    };
    let one = |updated| json!([track("c1", "en", "English", "standard", updated)]);
    assert!(
        matches!(look(one("2026-11-27T12:00:05Z")), ReadbackVerdict::Found { native_id: Some(id), .. } if id == "c1")
    );
    assert_eq!(look(one("2026-11-20T12:00:05Z")), ReadbackVerdict::NotThere);
    assert_eq!(look(json!([])), ReadbackVerdict::NotThere);
}

#[test]
fn what_is_no_caption_is_said_before_it_is_sent() {
    let codes = |language: &str, text: &str| -> Vec<&str> {
        objections(&account(), &captions(language, text)).into_iter().map(|against| against.code).collect()
    };
    assert!(codes("en", VTT).is_empty() && codes("pt-BR", "1\n00:00:01,000 --> 00:00:02,000\nHi\n").is_empty());
    assert_eq!(codes("", VTT), ["needs_language"]);
    assert_eq!(codes("english language", VTT), ["needs_language"]);
    assert_eq!(codes("en", "Wash your hands --> often."), ["captions_form"]);
}
