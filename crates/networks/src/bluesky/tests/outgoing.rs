//! What goes out, and what is said before and after.

use bedside_model::Phi;

use super::*;
use crate::testing::{order, outcome, run_send};

pub(super) fn blob(at: usize) -> Value {
    json!({"$type": "blob", "ref": {"$link": format!("bafkrei{at}")}, "mimeType": "image/png", "size": 2_000})
}

pub(super) fn files(kind: MediaKind, count: usize) -> Vec<Media> {
    let mime = if kind == MediaKind::Video { "video/mp4" } else { "image/png" };
    let media = |at: usize| Media {
        id: format!("med_{at}"),
        kind,
        mime: mime.to_owned(),
        bytes: 2_000,
        size: Some((4, 3)),
        alt: (at > 0).then(|| Phi::new("A nurse smiles".to_owned())),
        sha256: None,
        public_url: None,
    };
    (0..count).map(media).collect()
}

fn reply(text: &str) -> Operation {
    Operation::Reply {
        thread_native_id: uri(CLINIC, "a"),
        parent_native_id: Some(uri(ROSA, "b")),
        visibility: Visibility::Public,
        text: Phi::new(text.to_owned()),
    }
}

fn post_of(text: &str, link: Option<&str>, media: Vec<Media>) -> Operation {
    Operation::Post {
        title: Phi::new("Flu shots".to_owned()),
        text: Phi::new(text.to_owned()),
        link: link.map(str::to_owned),
        media,
        language: None,
    }
}

fn body(request: &HttpRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

fn method(request: &HttpRequest) -> &str {
    request.url.path().rsplit('.').next().unwrap()
}

/// A network that takes everything; Rosa's post `b` stands in the thread of our `a`.
fn takes() -> impl FnMut(&HttpRequest) -> Result<HttpResponse, TransportError> {
    let mut uploads = 0;
    move |request| {
        Ok(match method(request) {
            "resolveHandle" if query(request, "handle").as_deref() == Some("rosa.example.org") => {
                json_answer(200, &json!({"did": ROSA}))
            }
            "resolveHandle" => json_answer(400, &json!({"error": "InvalidRequest", "message": "Unable to resolve"})),
            "getPosts" => {
                let root = uri(CLINIC, "a");
                json_answer(200, &json!({"posts": [post(ROSA, "b", Some((&root, &root)), "free?")]}))
            }
            "uploadBlob" => {
                uploads += 1;
                json_answer(200, &json!({"blob": blob(uploads - 1)}))
            }
            "putRecord" => {
                let key = body(request)["rkey"].as_str().unwrap().to_owned();
                json_answer(200, &json!({"uri": uri(CLINIC, &key), "cid": "bafynew"}))
            }
            _ => json_answer(200, &json!({})),
        })
    }
}

/// The record that is written for an operation.
pub(super) fn posted(operation: &Operation) -> Value {
    let account = account();
    let (_, requests, _) = run_send(order(&account, operation, "k"), takes());
    body(requests.last().unwrap())["record"].clone()
}

#[test]
fn a_reply_names_the_thread_and_what_it_answers() {
    let account = account();
    let operation = reply("👩‍⚕️ Yes @rosa.example.org, see https://clinic.example.org @nobody.example.org");
    let (done, requests, _) = run_send(order(&account, &operation, "out_1"), takes());
    let methods: Vec<&str> = requests.iter().map(method).collect();
    assert_eq!(methods, ["resolveHandle", "resolveHandle", "getPosts", "putRecord"]);
    let sent = body(&requests[3]);
    lexicon::check(&sent["record"]);
    assert_eq!((&sent["repo"], &sent["swapRecord"]), (&json!(CLINIC), &Value::Null));
    assert!(sent.as_object().unwrap().contains_key("swapRecord"), "written only where nothing stands");
    let root = strong(&uri(CLINIC, "a"));
    assert_eq!(sent["record"]["reply"], json!({"root": root, "parent": strong(&uri(ROSA, "b"))}));
    let facets = sent["record"]["facets"].as_array().unwrap();
    assert_eq!(facets.len(), 2, "nobody is no mention");
    assert_eq!(facets[0]["index"], json!({"byteStart": 18, "byteEnd": 35}));
    assert_eq!(facets[0]["features"][0]["did"], ROSA);
    let key = sent["rkey"].as_str().unwrap();
    let permalink = format!("https://bsky.app/profile/{CLINIC}/post/{key}");
    assert_eq!(done, Outcome::Delivered { native_id: Some(uri(CLINIC, key)), permalink: Some(permalink) });
}

#[test]
fn a_second_attempt_writes_to_the_same_place_and_finds_the_first() {
    let account = account();
    let operation = post_of("Flu shots", None, vec![]);
    let lost = |_: &HttpRequest| Err(TransportError::MaybeSent("reset"));
    let (done, first, progress) = run_send(order(&account, &operation, "out_1"), lost);
    assert!(matches!(done, Outcome::Unknown { .. }));
    let later = at("2026-11-24T15:00:00Z");
    let again = Order { progress: progress.as_ref(), now: later, ..order(&account, &operation, "out_1") };
    let stands = json!({"uri": "x", "cid": "y", "value": {"text": "Flu shots"}});
    let (done, second, _) = run_send(again, |request| {
        Ok(match method(request) {
            "putRecord" => json_answer(400, &json!({"error": "InvalidSwap", "message": "Record was at bafy"})),
            _ => json_answer(200, &stands),
        })
    });
    assert_eq!(body(&first[0]), body(&second[0]), "the same record in the same place");
    assert!(matches!(done, Outcome::Delivered { native_id: Some(_), .. }), "{done:?}");
    let nothing_kept = Order { now: at("2026-11-24T12:59:59Z"), ..order(&account, &operation, "out_1") };
    let (_, third, _) = run_send(nothing_kept, lost);
    assert_eq!(body(&first[0])["rkey"], body(&third[0])["rkey"], "even if the program forgot");
    let (_, other, _) = run_send(order(&account, &operation, "out_2"), lost);
    assert_ne!(body(&first[0])["rkey"], body(&other[0])["rkey"]);
}

#[test]
fn files_go_up_first_and_are_kept_for_a_later_attempt() {
    let account = account();
    let operation = post_of("Flu shots", None, files(MediaKind::Image, 2));
    let mut uploads = 0;
    let (done, requests, progress) = run_send(order(&account, &operation, "k"), |_| {
        uploads += 1;
        Ok(if uploads == 1 { json_answer(200, &json!({"blob": blob(0)})) } else { answer(502, &[], "") })
    });
    assert!(matches!(done, Outcome::Retry { .. }));
    let piece = requests[0].piece.as_ref().unwrap();
    assert_eq!((piece.media.as_str(), piece.at, requests[0].body.len()), ("med_0", 0, 0));
    let later = Order { progress: progress.as_ref(), ..order(&account, &operation, "k") };
    let (done, requests, progress) = run_send(later, takes());
    assert!(matches!(done, Outcome::Delivered { .. }));
    assert_eq!(requests.iter().map(method).collect::<Vec<_>>(), ["uploadBlob", "putRecord"]);
    let stale = Order { progress: progress.as_ref(), ..order(&account, &operation, "k") };
    let (done, _, progress) =
        run_send(stale, |_| Ok(json_answer(400, &json!({"error": "BlobNotFound", "message": "…"}))));
    assert!(matches!(done, Outcome::Retry { .. }));
    assert_eq!(progress.unwrap()["blobs"], json!([]), "they go up again");
}

#[test]
fn answers_to_the_effect_are_judged() {
    let account = account();
    let plain = post_of("Flu shots", None, vec![]);
    for (status, code, expected) in [
        (400, "InvalidRequest", "Dead"),
        (400, "ExpiredToken", "Retry"),
        (400, "InvalidToken", "Reauthorise"),
        (401, "AuthMissing", "Reauthorise"),
        (403, "Forbidden", "Dead"),
        (429, "RateLimitExceeded", "Retry"),
        (500, "InternalServerError", "Unknown"),
        (502, "UpstreamFailure", "Unknown"),
        (200, "", "Unknown"),
    ] {
        let judged = outcome(&account, &plain, Ok(&json_answer(status, &json!({"error": code, "message": "Rosa"}))));
        assert!(format!("{judged:?}").starts_with(expected), "{status} {code}: {judged:?}");
        assert!(!format!("{judged:?}").contains("Rosa"));
    }
    let gone = run_send(order(&account, &reply("Yes"), "k"), |_| Ok(json_answer(200, &json!({"posts": []})))).0;
    assert_eq!(gone, Outcome::Dead { why: "what is answered is no longer there".to_owned() });
    let mut closed = post(ROSA, "b", None, "x");
    closed["viewer"] = json!({"replyDisabled": true});
    let refused =
        run_send(order(&account, &reply("Yes"), "k"), |_| Ok(json_answer(200, &json!({"posts": [closed]})))).0;
    assert!(matches!(refused, Outcome::Dead { why } if why.contains("does not let us answer")));
}

#[test]
fn only_what_is_ours_is_deleted_and_nothing_private_is_said() {
    let account = account();
    let delete = |uri: &str| Operation::DeleteOwn { kind: OwnKind::Post, native_id: uri.to_owned() };
    let (done, requests, _) = run_send(order(&account, &delete(&uri(CLINIC, "a")), "k"), takes());
    assert_eq!((method(&requests[0]), &body(&requests[0])["rkey"]), ("deleteRecord", &json!("a")));
    assert!(matches!(done, Outcome::Delivered { .. }));
    for id in [uri(ROSA, "b"), "at://did:plc:clinic/app.bsky.feed.like/a".into(), "a".into(), uri(CLINIC, "a/../b")] {
        assert!(start_send(order(&account, &delete(&id), "k")).is_err(), "{id}");
    }
    let Operation::Reply { thread_native_id, parent_native_id, text, .. } = reply("psst") else { panic!() };
    let private = Operation::Reply { thread_native_id, parent_native_id, text, visibility: Visibility::Private };
    assert!(start_send(order(&account, &private, "k")).is_err());
    assert_eq!(objections(&account, &private)[0].code, "not_private");
}

fn hide() -> Operation {
    Operation::Hide { native_id: uri(ROSA, "b") }
}

#[test]
fn hiding_a_reply_changes_the_gate_of_our_thread_and_loses_nothing_in_it() {
    let account = account();
    let gate = json!({"cid": "bafygate", "value": {"$type": "app.bsky.feed.threadgate", "post": uri(CLINIC, "a"),
        "createdAt": "2026-11-24T10:00:00Z", "allow": [], "hiddenReplies": [uri(ROSA, "x")]}});
    let mut swaps = 0;
    let (done, requests, _) = run_send(order(&account, &hide(), "k"), |request| match method(request) {
        "getPosts" => takes()(request),
        "getRecord" => Ok(json_answer(200, &gate)),
        _ => {
            swaps += 1;
            let changed = json_answer(400, &json!({"error": "InvalidSwap"}));
            Ok(if swaps == 1 { changed } else { json_answer(200, &json!({"uri": "x", "cid": "y"})) })
        }
    });
    let methods: Vec<&str> = requests.iter().map(method).collect();
    assert_eq!(methods, ["getPosts", "getRecord", "putRecord", "getRecord", "putRecord"], "read again when it changed");
    let sent = body(&requests[4]);
    assert_eq!((&sent["rkey"], &sent["swapRecord"]), (&json!("a"), &json!("bafygate")));
    assert_eq!(sent["record"]["hiddenReplies"], json!([uri(ROSA, "x"), uri(ROSA, "b")]));
    assert_eq!(sent["record"]["allow"], json!([]));
    assert!(matches!(done, Outcome::Delivered { .. }));

    let missing = |request: &HttpRequest| match method(request) {
        "getRecord" => Ok(json_answer(400, &json!({"error": "RecordNotFound"}))),
        _ => takes()(request),
    };
    let (_, requests, _) = run_send(order(&account, &hide(), "k"), missing);
    let sent = body(requests.last().unwrap());
    assert_eq!((&sent["swapRecord"], &sent["record"]["post"]), (&Value::Null, &json!(uri(CLINIC, "a"))));
    let show = Operation::Approve { native_id: uri(ROSA, "b") };
    let (done, requests, _) = run_send(order(&account, &show, "k"), missing);
    assert!(matches!(done, Outcome::Delivered { .. }) && requests.len() == 2, "it is not hidden");
}

#[test]
fn in_threads_of_others_nothing_is_hidden() {
    let account = account();
    let theirs = uri("did:plc:ana", "a");
    let (done, _, _) = run_send(order(&account, &hide(), "k"), |_| {
        Ok(json_answer(200, &json!({"posts": [post(ROSA, "b", Some((&theirs, &theirs)), "x")]})))
    });
    assert!(matches!(done, Outcome::Dead { why } if why.starts_with("only in a thread that we began")));
    let mut readback = start_readback(&account, &hide(), at(NOW)).unwrap();
    readback.on_response(&takes()(&readback.next_request().unwrap()).unwrap()).unwrap();
    assert_eq!(method(&readback.next_request().unwrap()), "getRecord");
    readback.on_response(&json_answer(200, &json!({"value": {"hiddenReplies": [uri(ROSA, "b")]}}))).unwrap();
    assert!(matches!(readback.verdict(), ReadbackVerdict::Found { .. }));
}

#[test]
fn a_read_back_looks_at_our_own_repository() {
    let account = account();
    let record = |key: &str, text: &str, when: &str| {
        let root = strong(&uri(CLINIC, "a"));
        json!({"uri": uri(CLINIC, key), "cid": "x", "value": {"text": text, "createdAt": when,
            "reply": {"root": root, "parent": strong(&uri(ROSA, "b"))}}})
    };
    let look = |records: Vec<Value>| {
        let mut readback = start_readback(&account, &reply("Yes."), at("2026-11-24T11:00:00Z")).unwrap();
        assert_eq!(method(&readback.next_request().unwrap()), "listRecords");
        readback.on_response(&json_answer(200, &json!({"records": records}))).unwrap();
        readback.verdict()
    };
    let found = look(vec![record("3a", "Other", "2026-11-24T11:05:00Z"), record("3b", "Yes.", "2026-11-24T11:00:02Z")]);
    assert!(matches!(found, ReadbackVerdict::Found { native_id: Some(id), .. } if id == uri(CLINIC, "3b")));
    assert_eq!(look(vec![record("3b", "Yes.", "2026-11-20T11:00:02Z")]), ReadbackVerdict::NotThere);
    assert_eq!(look(vec![]), ReadbackVerdict::NotThere);
    let mut endless = start_readback(&account, &reply("Yes."), at("2026-11-24T11:00:00Z")).unwrap();
    let mut pages = 0;
    while endless.next_request().is_some() {
        pages += 1;
        let page = json!({"cursor": pages.to_string(), "records": [record("self", "Other", NOW)]});
        endless.on_response(&json_answer(200, &page)).unwrap();
    }
    assert_eq!((pages, endless.verdict()), (5, ReadbackVerdict::CannotTell));
    let delete = Operation::DeleteOwn { kind: OwnKind::Post, native_id: uri(CLINIC, "a") };
    let mut readback = start_readback(&account, &delete, at(NOW)).unwrap();
    readback.on_response(&json_answer(400, &json!({"error": "RecordNotFound"}))).unwrap();
    assert!(matches!(readback.verdict(), ReadbackVerdict::Found { .. }));
}

#[test]
fn what_bluesky_does_not_take_is_said_before() {
    let codes = |operation: &Operation| -> Vec<&'static str> {
        objections(&account(), operation).into_iter().map(|objection| objection.code).collect()
    };
    assert!(codes(&reply(&"é".repeat(300))).is_empty());
    assert_eq!(codes(&reply(&"é".repeat(301))), ["too_long"]);
    assert_eq!(codes(&reply(&"👩‍⚕️".repeat(240))), ["too_long"], "240 characters, and 3120 bytes");
    let link = Some("https://clinic.example.org/flu");
    assert!(codes(&post_of(&"x".repeat(300), link, vec![])).is_empty(), "the card does not count");
    assert_eq!(codes(&post_of(&"x".repeat(300), link, files(MediaKind::Image, 1))), ["too_long"]);
    assert_eq!(codes(&post_of("x", None, files(MediaKind::Image, 5))), ["too_many_media"]);
    let mixed = [files(MediaKind::Image, 1), files(MediaKind::Video, 1)].concat();
    assert_eq!(codes(&post_of("x", None, mixed)), ["media_mixed"]);
    let edit = Operation::EditOwn { kind: OwnKind::Post, native_id: uri(CLINIC, "a"), text: Phi::new("y".into()) };
    assert_eq!(codes(&edit), ["not_supported"]);
    assert!(start_send(order(&account(), &edit, "k")).is_err());
}
