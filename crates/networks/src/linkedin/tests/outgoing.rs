//! What goes out.

use super::*;
use crate::testing::{answer, json_answer, order, outcome, request, run_send};

fn body(request: &HttpRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

fn reply(thread: &str, text: &str) -> Operation {
    Operation::Reply {
        thread_native_id: thread.to_owned(),
        parent_native_id: Some(thread.to_owned()),
        visibility: Visibility::Public,
        text: Phi::new(text.to_owned()),
    }
}

fn post(text: &str, link: Option<&str>, media: Vec<Media>) -> Operation {
    Operation::Post {
        title: Phi::new("Flu season".to_owned()),
        text: Phi::new(text.to_owned()),
        link: link.map(str::to_owned),
        media,
        language: None,
    }
}

fn file(kind: MediaKind, bytes: u64) -> Media {
    let mime = match kind {
        MediaKind::Image => "image/png",
        MediaKind::Video => "video/mp4",
        MediaKind::Document => "application/pdf",
    };
    let alt = (kind == MediaKind::Image).then(|| Phi::new("A queue".to_owned()));
    Media { id: "m1".into(), kind, mime: mime.into(), bytes, size: None, alt, sha256: None, public_url: None }
}

#[test]
fn an_answer_goes_under_the_comment_that_began_the_thread() {
    let sent = request(&account(), &reply(&urn(70, 1), "At Elm St. (door 2)"), "k").unwrap();
    assert_eq!(sent.url.path(), "/rest/socialActions/urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A70%2C1%29/comments");
    let expected = json!({"actor": PAGE, "object": "urn:li:activity:70", "parentComment": urn(70, 1),
        "message": {"text": "At Elm St. (door 2)"}});
    assert_eq!(body(&sent), expected);
    let made = answer(201, &[("x-restli-id", "5")], "{}");
    let Outcome::Delivered { native_id, permalink } = outcome(&account(), &reply(&urn(70, 1), "x"), Ok(&made)) else {
        panic!()
    };
    assert_eq!(native_id, Some(urn(70, 5)));
    assert!(
        permalink.unwrap().starts_with("https://www.linkedin.com/feed/update/urn:li:activity:70/?commentUrn=urn%3Ali")
    );
    // Under somebody's post that mentions the page.
    let sent = request(&account(), &reply("urn:li:share:91", "Thank you"), "k").unwrap();
    assert_eq!(body(&sent)["object"], "urn:li:share:91");
    let made = json_answer(201, &json!({"id": "6", "object": "urn:li:activity:910"}));
    let judged = outcome(&account(), &reply("urn:li:share:91", "x"), Ok(&made));
    assert!(matches!(judged, Outcome::Delivered { native_id: Some(id), .. } if id == urn(910, 6)));
}

#[test]
fn what_is_public_is_never_answered_in_private() {
    let mut private = reply(&urn(70, 1), "x");
    if let Operation::Reply { visibility, .. } = &mut private {
        *visibility = Visibility::Private;
    }
    assert!(matches!(request(&account(), &private, "k"), Err(NetError::Unsupported { .. })));
    let hide = Operation::Hide { native_id: urn(70, 1) };
    assert!(matches!(request(&account(), &hide, "k"), Err(NetError::Unsupported { .. })));
    assert_eq!(objections(&account(), &hide)[0].code, "not_supported");
}

#[test]
fn a_text_is_escaped_in_a_post_and_a_link_is_its_card() {
    let sent =
        request(&account(), &post("Open (8-5) #FluShots", Some("https://blog.example.org/flu"), Vec::new()), "k")
            .unwrap();
    let body = body(&sent);
    assert_eq!((sent.url.path(), body["commentary"].as_str()), ("/rest/posts", Some(r"Open \(8-5\) #FluShots")));
    assert_eq!(body["content"], json!({"article": {"source": "https://blog.example.org/flu", "title": "Flu season"}}));
    assert_eq!((body["author"].as_str(), body["lifecycleState"].as_str()), (Some(PAGE), Some("PUBLISHED")));
    let made = answer(201, &[("X-RestLi-Id", "urn:li:share:8")], "");
    let judged = outcome(&account(), &post("x", None, Vec::new()), Ok(&made));
    let permalink = Some("https://www.linkedin.com/feed/update/urn:li:share:8/".to_owned());
    assert_eq!(judged, Outcome::Delivered { native_id: Some("urn:li:share:8".to_owned()), permalink });
}

#[test]
fn changing_and_taking_back() {
    let edit = |kind, native_id: String| Operation::EditOwn { kind, native_id, text: Phi::new("(new)".to_owned()) };
    let sent = request(&account(), &edit(OwnKind::Reply, urn(70, 5)), "k").unwrap();
    assert_eq!(sent.url.path(), "/rest/socialActions/urn%3Ali%3Aactivity%3A70/comments/5");
    assert_eq!(sent.url.query(), Some("actor=urn%3Ali%3Aorganization%3A2414183"));
    assert_eq!(header(&sent, "x-restli-method"), Some("PARTIAL_UPDATE"));
    assert_eq!(body(&sent), json!({"patch": {"message": {"$set": {"text": "(new)"}}}}));
    let sent = request(&account(), &edit(OwnKind::Post, "urn:li:share:8".to_owned()), "k").unwrap();
    assert_eq!(body(&sent), json!({"patch": {"$set": {"commentary": r"\(new\)"}}}));
    let remove = Operation::Remove { native_id: urn(70, 1) };
    assert_eq!(request(&account(), &remove, "k").unwrap().method, Method::Delete);
    for status in [204, 404] {
        assert!(matches!(outcome(&account(), &remove, Ok(&answer(status, &[], ""))), Outcome::Delivered { .. }));
    }
    for id in ["urn:li:comment:(urn:li:activity:70,1/2)", "urn:li:share:8", "7"] {
        assert!(request(&account(), &Operation::Remove { native_id: id.to_owned() }, "k").is_err(), "{id}");
    }
}

#[test]
fn answers_say_what_became_of_it() {
    let judge = |response: HttpResponse| outcome(&account(), &reply(&urn(70, 1), "x"), Ok(&response));
    for (status, expected) in [
        (201, "Unknown"),
        (401, "Reauthorise"),
        (403, "Dead"),
        (404, "Dead"),
        (429, "Retry"),
        (500, "Unknown"),
        (504, "Unknown"),
    ] {
        let judged = judge(answer(status, &[], ""));
        assert!(format!("{judged:?}").starts_with(expected), "{status}: {judged:?}");
    }
    let duplicate = json!({"status": 422, "message": "Content is a duplicate of urn:li:share:8"});
    assert!(matches!(judge(json_answer(422, &duplicate)), Outcome::Unknown { .. }));
    let Outcome::Dead { why } = judge(json_answer(426, &json!({"code": "NONEXISTENT_VERSION"}))) else { panic!() };
    assert!(why.contains("api_version"), "{why}");
}

#[test]
fn what_linkedin_will_not_take_is_said_before_sending() {
    let codes =
        |operation: &Operation| objections(&account(), operation).into_iter().map(|o| o.code).collect::<Vec<_>>();
    assert_eq!(codes(&reply(&urn(70, 1), &"a".repeat(1_250))), Vec::<&str>::new());
    assert_eq!(codes(&reply(&urn(70, 1), &"a".repeat(1_251))), ["too_long"]);
    assert_eq!(codes(&post(&"(".repeat(3_000), None, Vec::new())), Vec::<&str>::new(), "what is escaped counts once");
    let mixed = vec![file(MediaKind::Image, 9), file(MediaKind::Video, 9)];
    assert_eq!(codes(&post("x", None, mixed)), ["mixed_media"]);
    assert_eq!(codes(&post("x", None, vec![file(MediaKind::Document, 0)])), ["media_empty"]);
    assert_eq!(codes(&post("x", None, vec![file(MediaKind::Document, 100_000_001)])), ["media_too_large"]);
}

/// Plays the uploads of LinkedIn; `steps` notes what was asked.
fn uploads(steps: &mut Vec<String>, ready: bool) -> impl FnMut(&HttpRequest) -> Result<HttpResponse, TransportError> {
    move |request| {
        let piece = request.piece.as_ref().map(|piece| format!(" {}+{}", piece.from, piece.bytes)).unwrap_or_default();
        let path = request.url.path().trim_start_matches('/');
        steps.push(format!("{} {path}{piece}", request.method.as_str()));
        let to = |n: u32| format!("https://li.example.org/up/{n}");
        Ok(match path {
            "rest/images" => json_answer(200, &json!({"value": {"uploadUrl": to(0), "image": "urn:li:image:C4"}})),
            "rest/videos" if request.url.query() == Some("action=finalizeUpload") => {
                assert_eq!(
                    body(request),
                    json!({"finalizeUploadRequest":
                    {"video": "urn:li:video:V1", "uploadToken": "t", "uploadedPartIds": ["e1", "e2"]}})
                );
                answer(200, &[], "")
            }
            "rest/videos" => json_answer(
                200,
                &json!({"value": {"video": "urn:li:video:V1", "uploadToken": "t", "uploadInstructions": [
                {"uploadUrl": to(1), "firstByte": 0, "lastByte": 5}, {"uploadUrl": to(2), "firstByte": 6, "lastByte": 9}]}}),
            ),
            "up/0" => answer(201, &[], ""),
            "up/1" => answer(200, &[("ETag", "\"e1\"")], ""),
            "up/2" => answer(200, &[("ETag", "e2")], ""),
            "rest/posts" => answer(201, &[("x-restli-id", "urn:li:ugcPost:8")], ""),
            _ => json_answer(200, &json!({"status": if ready { "AVAILABLE" } else { "PROCESSING" }})),
        })
    }
}

#[test]
fn pictures_are_uploaded_and_described() {
    let (account, operation) =
        (account(), post("Look", None, vec![file(MediaKind::Image, 9), file(MediaKind::Image, 9)]));
    let mut steps = Vec::new();
    let (done, requests, _) = run_send(order(&account, &operation, "k"), uploads(&mut steps, true));
    assert!(matches!(done, Outcome::Delivered { native_id: Some(id), .. } if id == "urn:li:ugcPost:8"));
    let image = ["POST rest/images", "PUT up/0 0+9", "GET rest/images/urn%3Ali%3Aimage%3AC4"];
    assert_eq!(steps, [&image[..], &image[..], &["POST rest/posts"]].concat());
    let image = json!({"id": "urn:li:image:C4", "altText": "A queue"});
    assert_eq!(body(requests.last().unwrap())["content"], json!({"multiImage": {"images": [image, image]}}));
}

#[test]
fn a_video_goes_in_pieces_and_the_post_waits_for_it() {
    let (account, operation) =
        (account(), post("Look", Some("https://blog.example.org/"), vec![file(MediaKind::Video, 10)]));
    let mut steps = Vec::new();
    // The first attempt breaks off before the second piece.
    let mut network = uploads(&mut steps, false);
    let (broken, _, progress) = run_send(order(&account, &operation, "k"), |request| {
        if request.url.path() == "/up/2" { Err(TransportError::MaybeSent("reset")) } else { network(request) }
    });
    drop(network);
    assert!(matches!(broken, Outcome::Retry { .. }), "{broken:?}");
    let mut again = order(&account, &operation, "k");
    again.progress = progress.as_ref();
    let (waiting, _, progress) = run_send(again, uploads(&mut steps, false));
    assert!(matches!(waiting, Outcome::Waiting { after: 5, .. }), "{waiting:?}");
    let mut again = order(&account, &operation, "k");
    again.progress = progress.as_ref();
    let (done, requests, _) = run_send(again, uploads(&mut steps, true));
    assert!(matches!(done, Outcome::Delivered { .. }), "{done:?}");
    let look = "GET rest/videos/urn%3Ali%3Avideo%3AV1";
    assert_eq!(
        steps,
        ["POST rest/videos", "PUT up/1 0+6", "PUT up/2 6+4", "POST rest/videos", look, look, "POST rest/posts"]
    );
    let sent = body(requests.last().unwrap());
    assert_eq!(sent["content"], json!({"media": {"id": "urn:li:video:V1", "title": "Flu season"}}));
    assert_eq!(sent["commentary"], "Look\nhttps://blog.example.org/");
}

#[test]
fn files_and_tokens_go_to_linkedin_only() {
    let (account, operation) = (account(), post("Look", None, vec![file(MediaKind::Image, 9)]));
    let elsewhere = json!({"value": {"uploadUrl": "https://evil.example.com/up", "image": "urn:li:image:C4"}});
    let (outcome, requests, progress) =
        run_send(order(&account, &operation, "k"), |_| Ok(json_answer(200, &elsewhere)));
    assert!(matches!(outcome, Outcome::Retry { .. }));
    assert_eq!((requests.len(), progress), (1, None));
}

#[test]
fn a_read_back_finds_by_author_text_and_time() {
    let look = |operation: &Operation, things: &[Value]| {
        let mut readback = start_readback(&account(), operation, now() - 3_600_000_000).unwrap();
        readback.on_response(&json_answer(200, &list(things))).unwrap();
        assert_eq!(readback.next_request(), None);
        readback.verdict()
    };
    let sent = reply(&urn(70, 1), "At Elm St.");
    let found = look(&sent, &[comment(70, 4, ROSA, "At Elm St."), comment(70, 5, PAGE, "At  Elm St.")]);
    assert!(matches!(found, ReadbackVerdict::Found { native_id: Some(id), .. } if id == urn(70, 5)));
    assert_eq!(look(&sent, &[comment(70, 5, PAGE, "Elsewhere")]), ReadbackVerdict::NotThere);
    let mut old = comment(70, 5, PAGE, "At Elm St.");
    old["created"]["time"] = 5.into();
    assert_eq!(look(&sent, &[old]), ReadbackVerdict::NotThere);
    let published = post("Open (8-5)", Some("https://blog.example.org/"), vec![file(MediaKind::Image, 9)]);
    let stands = own_post(
        8,
        NOW,
        r"Open \(8-5\)
https://blog.example.org/",
    );
    assert!(matches!(look(&published, &[stands]), ReadbackVerdict::Found { .. }));
    assert_eq!(look(&published, &[own_post(8, "2026-11-20T12:00:00Z", "Open")]), ReadbackVerdict::NotThere);
}

#[test]
fn a_change_or_deletion_is_read_back_by_id() {
    let look = |operation: &Operation, response: HttpResponse| {
        let mut readback = start_readback(&account(), operation, now()).unwrap();
        readback.on_response(&response).unwrap();
        readback.verdict()
    };
    let remove = Operation::Remove { native_id: urn(70, 1) };
    assert!(matches!(look(&remove, answer(404, &[], "")), ReadbackVerdict::Found { .. }));
    assert_eq!(look(&remove, json_answer(200, &comment(70, 1, ROSA, "x"))), ReadbackVerdict::NotThere);
    let edit = Operation::EditOwn { kind: OwnKind::Reply, native_id: urn(70, 5), text: Phi::new("new".to_owned()) };
    assert!(matches!(look(&edit, json_answer(200, &comment(70, 5, PAGE, "new"))), ReadbackVerdict::Found { .. }));
    assert_eq!(look(&edit, json_answer(200, &comment(70, 5, PAGE, "old"))), ReadbackVerdict::NotThere);
    assert_eq!(look(&edit, answer(404, &[], "")), ReadbackVerdict::CannotTell);
}
