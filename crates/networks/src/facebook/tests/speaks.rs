//! What goes out, and whether it arrived.

use bedside_model::Phi;

use super::*;
use crate::testing::{order, outcome, query, request, run_send};

fn reply(thread: &str, parent: Option<&str>, visibility: Visibility) -> Operation {
    Operation::Reply {
        thread_native_id: thread.to_owned(),
        parent_native_id: parent.map(str::to_owned),
        visibility,
        text: Phi::new("Please call 555-0100.".to_owned()),
    }
}

fn post(text: &str, link: Option<&str>, media: Vec<Media>) -> Operation {
    Operation::Post {
        title: Phi::new(String::new()),
        text: Phi::new(text.to_owned()),
        link: link.map(str::to_owned),
        media,
        language: None,
    }
}

fn media(id: &str, kind: MediaKind, mime: &str, bytes: u64) -> Media {
    let alt = (kind == MediaKind::Image).then(|| Phi::new(format!("What {id} shows")));
    Media { id: id.to_owned(), kind, mime: mime.to_owned(), bytes, size: None, alt, sha256: None, public_url: None }
}

fn path(request: &HttpRequest) -> &str {
    request.url.path().strip_prefix("/v26.0/").unwrap()
}

fn body(request: &HttpRequest) -> String {
    String::from_utf8(request.body.clone()).unwrap()
}

fn form(request: &HttpRequest) -> Vec<(String, String)> {
    url::form_urlencoded::parse(&request.body).into_owned().collect()
}

#[test]
fn an_answer_stands_where_it_is_seen_by_the_people_who_see_what_it_answers() {
    let account = account();
    let at = |operation: &Operation| request(&account, operation, "k").map(|request| path(&request).to_owned());
    let comment = reply("1_2", Some("1_2"), Visibility::Public);
    assert_eq!(at(&comment).unwrap(), "1_2/comments");
    assert_eq!(
        form(&request(&account, &comment, "k").unwrap()),
        [("message".to_owned(), "Please call 555-0100.".to_owned())]
    );
    assert_eq!(at(&reply("1_2", Some("1_3"), Visibility::Public)).unwrap(), "1_2/comments", "beside the reply");
    assert_eq!(at(&reply("1000_9", Some("1000_9"), Visibility::Public)).unwrap(), "1000_9/comments");
    assert_eq!(at(&reply("1_2", Some("1_2"), Visibility::Private)).unwrap(), "1_2/comments", "a hidden comment");
    let wider = at(&reply("1_2", Some("1_3"), Visibility::Private)).unwrap_err();
    assert!(matches!(wider, NetError::Unsupported { .. }), "a hidden reply under a comment that all see");
    assert!(at(&reply("1_2", None, Visibility::Unlisted)).is_err());
    assert_eq!(at(&reply("../me", None, Visibility::Public)).unwrap_err(), meta::NOT_AN_ID);
}

#[test]
fn a_private_message_is_answered_in_private() {
    let mut account = account();
    let operation = reply("person:501", Some("m_1"), Visibility::Private);
    let sent = request(&account, &operation, "k").unwrap();
    assert_eq!(path(&sent), "1000/messages");
    let json: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(
        json,
        json!({"recipient": {"id": "501"}, "messaging_type": "RESPONSE", "message": {"text": "Please call 555-0100."}})
    );
    account.config = json!({"human_agent": true});
    assert!(body(&request(&account, &operation, "k").unwrap()).contains("HUMAN_AGENT"));
    let late = outcome(&account, &operation, Ok(&error(400, 10, 2_018_278)));
    let Outcome::Dead { why } = late else { panic!("{late:?}") };
    assert!(why.contains("24 hours"), "{why}");
    let answered = json_answer(200, &json!({"recipient_id": "501", "message_id": "m_2"}));
    assert_eq!(
        outcome(&account, &operation, Ok(&answered)),
        Outcome::Delivered { native_id: Some("m_2".to_owned()), permalink: None }
    );
    let long = Operation::Reply {
        thread_native_id: "person:501".to_owned(),
        parent_native_id: None,
        visibility: Visibility::Private,
        text: Phi::new("x".repeat(2_001)),
    };
    assert_eq!(objections(&account, &long).iter().map(|o| o.code).collect::<Vec<_>>(), ["too_long"]);
}

#[test]
fn only_what_provably_did_not_happen_is_tried_again() {
    let account = account();
    let operation = reply("1_2", Some("1_2"), Visibility::Public);
    let outcome = |answer: &HttpResponse| outcome(&account, &operation, Ok(answer));
    assert!(
        matches!(outcome(&json_answer(200, &json!({"id": "1_9"}))), Outcome::Delivered { native_id: Some(id), .. } if id == "1_9")
    );
    assert!(matches!(outcome(&json_answer(200, &json!({}))), Outcome::Unknown { .. }));
    assert!(matches!(outcome(&error(500, 1, 0)), Outcome::Unknown { .. }));
    assert!(matches!(outcome(&error(503, 2, 0)), Outcome::Unknown { .. }));
    assert!(matches!(outcome(&error(400, 506, 0)), Outcome::Unknown { .. }), "it may be our own earlier attempt");
    assert!(matches!(outcome(&error(400, 32, 0)), Outcome::Retry { .. }));
    assert!(matches!(outcome(&error(400, 190, 460)), Outcome::Reauthorise { .. }));
    assert!(matches!(outcome(&error(400, 100, 33)), Outcome::Dead { .. }));
    assert!(matches!(outcome(&error(403, 200, 0)), Outcome::Dead { .. }));
    let lost = TransportError::MaybeSent("timeout");
    assert!(matches!(testing::outcome(&account, &operation, Err(&lost)), Outcome::Unknown { .. }));
}

#[test]
fn comments_are_hidden_shown_changed_and_deleted() {
    let account = account();
    let id = || "1_2".to_owned();
    let done = json_answer(200, &json!({"success": true}));
    for (operation, method, fields) in [
        (Operation::Hide { native_id: id() }, Method::Post, "is_hidden=true"),
        (Operation::Approve { native_id: id() }, Method::Post, "is_hidden=false"),
        (Operation::Remove { native_id: id() }, Method::Delete, ""),
        (Operation::DeleteOwn { kind: OwnKind::Reply, native_id: id() }, Method::Delete, ""),
        (
            Operation::EditOwn { kind: OwnKind::Post, native_id: id(), text: Phi::new("New".to_owned()) },
            Method::Post,
            "message=New",
        ),
    ] {
        let sent = request(&account, &operation, "k").unwrap();
        assert_eq!((sent.method, path(&sent), body(&sent).as_str()), (method, "1_2", fields));
        assert!(matches!(outcome(&account, &operation, Ok(&done)), Outcome::Delivered { .. }));
    }
    let gone = outcome(&account, &Operation::Remove { native_id: id() }, Ok(&error(400, 100, 33)));
    assert!(matches!(gone, Outcome::Delivered { .. }), "what is no longer there is deleted");
    let message = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: "m_1".to_owned() };
    assert_eq!(objections(&account, &message)[0].code, "not_supported");
}

#[test]
fn a_post_carries_a_link_as_a_card_or_behind_its_text_where_files_stand() {
    let account = account();
    let link = Some("https://clinic.example.org/flu");
    let card = request(&account, &post("Flu shots", link, vec![]), "k").unwrap();
    assert_eq!((path(&card), form(&card)[1].1.as_str()), ("1000/feed", "https://clinic.example.org/flu"));
    let operation = post("Flu shots", link, vec![media("a", MediaKind::Image, "image/png", 5)]);
    let (_, requests, _) = run_send(order(&account, &operation, "k"), |_| Ok(json_answer(200, &json!({"id": "7"}))));
    let fields = form(requests.last().unwrap());
    assert_eq!(fields[0].1, "Flu shots\n\nhttps://clinic.example.org/flu");
    assert!(fields.iter().all(|(name, _)| name != "link"));
}

#[test]
fn images_go_up_with_their_texts_and_never_twice() {
    let account = account();
    let images = vec![media("a", MediaKind::Image, "image/png", 5), media("b", MediaKind::Image, "image/jpeg", 7)];
    let operation = post("Our new ward", None, images);
    let mut photos = 0;
    let (first, _, progress) = run_send(order(&account, &operation, "k"), |request| {
        assert_eq!(path(request), "1000/photos");
        photos += 1;
        if photos == 2 {
            return Err(TransportError::MaybeSent("the connection broke"));
        }
        let shown = body(request);
        assert!(shown.contains("What a shows") && shown.contains("published"), "{shown}");
        assert_eq!(request.piece.as_ref().map(|piece| (piece.media.as_str(), piece.bytes)), Some(("a", 5)));
        Ok(json_answer(200, &json!({"id": "9001"})))
    });
    assert!(matches!(first, Outcome::Retry { .. }), "nobody saw anything yet");
    let again = Order { progress: progress.as_ref(), ..order(&account, &operation, "k") };
    let (second, requests, _) = run_send(again, |request| {
        let id = if path(request) == "1000/feed" { "1000_5" } else { "9002" };
        Ok(json_answer(200, &json!({"id": id})))
    });
    assert_eq!(requests.iter().map(path).collect::<Vec<_>>(), ["1000/photos", "1000/feed"]);
    let attached: Vec<(String, String)> = form(&requests[1]).split_off(1);
    assert_eq!(attached[0], ("attached_media[0]".to_owned(), r#"{"media_fbid":"9001"}"#.to_owned()));
    assert_eq!(attached[1].1, r#"{"media_fbid":"9002"}"#);
    assert!(matches!(second, Outcome::Delivered { native_id: Some(id), .. } if id == "1000_5"));
    assert!(!format!("{:?}", start_send(order(&account, &operation, "k")).unwrap()).contains("ward"));
}

/// Plays the upload of a video in pieces of four bytes.
fn video(request: &HttpRequest, size: u64) -> HttpResponse {
    let text = body(request);
    let field = |name: &str| {
        let at = text.find(&format!("name=\"{name}\"\r\n\r\n")).map(|at| at + name.len() + 11);
        at.map(|at| text[at..].split("\r\n").next().unwrap().to_owned())
    };
    if text.contains("upload_phase=start") {
        return json_answer(
            200,
            &json!({"upload_session_id": "s", "video_id": "88", "start_offset": "0", "end_offset": "4"}),
        );
    }
    if text.contains("upload_phase=finish") {
        return json_answer(200, &json!({"success": true}));
    }
    let from: u64 = field("start_offset").unwrap().parse().unwrap();
    let piece = request.piece.as_ref().unwrap();
    assert_eq!((piece.from, field("upload_session_id").as_deref()), (from, Some("s")));
    let (from, to) = (from + piece.bytes, (from + piece.bytes + 4).min(size));
    json_answer(200, &json!({"start_offset": from.to_string(), "end_offset": to.to_string()}))
}

#[test]
fn a_video_goes_up_in_pieces_and_goes_on_where_it_broke_off() {
    let account = account();
    let operation = post("How we wash our hands", None, vec![media("v", MediaKind::Video, "video/mp4", 10)]);
    let mut left = 2;
    let (broken, _, progress) = run_send(order(&account, &operation, "k"), |request| {
        assert_eq!(request.url.host_str(), Some("graph-video.facebook.com"));
        if left == 0 {
            return Err(TransportError::MaybeSent("the connection broke"));
        }
        left -= 1;
        Ok(video(request, 10))
    });
    assert!(matches!(broken, Outcome::Retry { .. }), "{broken:?}");
    let again = Order { progress: progress.as_ref(), ..order(&account, &operation, "k") };
    let (done, requests, _) = run_send(again, |request| Ok(video(request, 10)));
    assert_eq!(requests.iter().filter_map(|r| r.piece.as_ref()).map(|p| p.from).collect::<Vec<_>>(), [4, 8]);
    assert!(matches!(done, Outcome::Delivered { native_id: Some(ref id), .. } if id == "88"), "{done:?}");
    // What broke off may have ended on the network meanwhile: then it is begun anew, once.
    let mut refusals = 0;
    let again = Order { progress: progress.as_ref(), ..order(&account, &operation, "k") };
    let (done, requests, _) = run_send(again, |request| {
        let stale = refusals == 0 && request.piece.is_some();
        refusals += u32::from(stale);
        Ok(if stale { error(400, 100, 0) } else { video(request, 10) })
    });
    assert!(matches!(done, Outcome::Delivered { .. }), "{done:?}");
    assert_eq!(requests.len(), 6);
}

#[test]
fn a_video_beside_an_image_is_objected_to() {
    let both = vec![media("v", MediaKind::Video, "video/mp4", 10), media("a", MediaKind::Image, "image/png", 5)];
    let operation = post("Both", None, both);
    assert!(objections(&account(), &operation).iter().any(|objection| objection.code == "mixed_media"));
    assert!(start_send(order(&account(), &operation, "k")).is_err());
}

fn verdict(operation: &Operation, mut network: impl FnMut(&HttpRequest) -> HttpResponse) -> ReadbackVerdict {
    let account = account();
    let mut readback = start_readback(&account, operation, at("2026-11-24T11:59:00Z")).unwrap();
    for _ in 0..20 {
        let Some(request) = readback.next_request() else { return readback.verdict() };
        readback.on_response(&network(&request)).unwrap();
    }
    panic!("a read-back must end")
}

#[test]
fn a_read_back_finds_the_answer_by_text_time_and_author() {
    let ours = json!({"id": "1_9", "message": "Please call  555-0100.", "created_time": "2026-11-24T11:59:30+0000",
        "from": {"id": PAGE}, "permalink_url": "https://www.facebook.com/1_9"});
    let operation = reply("1_2", Some("1_2"), Visibility::Public);
    let found = verdict(&operation, |request| {
        assert_eq!(path(request), "1_2/comments");
        list(std::slice::from_ref(&ours))
    });
    assert!(matches!(found, ReadbackVerdict::Found { native_id: Some(id), .. } if id == "1_9"));
    let with = |field: &str, value: Value| {
        let mut other = ours.clone();
        other[field] = value;
        verdict(&operation, move |_| list(&[other.clone()]))
    };
    assert_eq!(with("from", person()), ReadbackVerdict::NotThere);
    assert_eq!(with("created_time", json!("2026-11-23T11:59:30+0000")), ReadbackVerdict::NotThere);
    assert_eq!(with("message", json!("Something else")), ReadbackVerdict::NotThere);
    let endless = verdict(&operation, |request| {
        let page: u32 = query(request, "after").map_or(0, |after| after.parse().unwrap());
        json_answer(200, &json!({"data": [], "paging": {"next": format!("https://x.example.org/?after={}", page + 1)}}))
    });
    assert_eq!(endless, ReadbackVerdict::CannotTell);
}

#[test]
fn a_read_back_looks_into_the_conversation_and_at_the_thing_itself() {
    let said = json!({"id": "m_2", "message": "Please call 555-0100.", "created_time": "2026-11-24T11:59:30+0000",
        "from": {"id": PAGE}});
    let found = verdict(&reply("person:501", None, Visibility::Private), |request| match path(request) {
        "1000/conversations" => list(&[json!({"id": "t_1"})]),
        "t_1/messages" => list(std::slice::from_ref(&said)),
        other => panic!("{other}"),
    });
    assert!(matches!(found, ReadbackVerdict::Found { native_id: Some(id), .. } if id == "m_2"));
    let hide = Operation::Hide { native_id: "1_2".to_owned() };
    let hidden = |so: bool| verdict(&hide, move |_| json_answer(200, &json!({"id": "1_2", "is_hidden": so})));
    assert!(matches!((hidden(true), hidden(false)), (ReadbackVerdict::Found { .. }, ReadbackVerdict::NotThere)));
    let delete = Operation::Remove { native_id: "1_2".to_owned() };
    assert!(matches!(verdict(&delete, |_| error(400, 100, 33)), ReadbackVerdict::Found { .. }));
    assert_eq!(verdict(&delete, |_| json_answer(200, &json!({"id": "1_2"}))), ReadbackVerdict::NotThere);
    assert_eq!(verdict(&hide, |_| error(400, 100, 33)), ReadbackVerdict::CannotTell);
}
