//! What goes out, and whether it arrived.

use bedside_model::Phi;

use super::*;
use crate::testing::{order, outcome, query, request, run_send};

fn reply(thread: &str, visibility: Visibility) -> Operation {
    Operation::Reply {
        thread_native_id: thread.to_owned(),
        parent_native_id: Some(thread.to_owned()),
        visibility,
        text: Phi::new("Please call 555-0100.".to_owned()),
    }
}

fn post(text: &str, media: Vec<Media>) -> Operation {
    Operation::Post { title: String::new().into(), text: text.to_owned().into(), link: None, media, language: None }
}

fn media(id: &str, kind: MediaKind) -> Media {
    let mime = if kind == MediaKind::Image { "image/jpeg" } else { "video/mp4" };
    let alt = (kind == MediaKind::Image).then(|| Phi::new(format!("What {id} shows")));
    let public_url = Some(format!("https://media.example.org/{id}"));
    Media { id: id.to_owned(), kind, mime: mime.to_owned(), bytes: 9, size: None, alt, sha256: None, public_url }
}

fn form(request: &HttpRequest) -> Vec<(String, String)> {
    url::form_urlencoded::parse(&request.body).into_owned().collect()
}

fn field(request: &HttpRequest, name: &str) -> Option<String> {
    form(request).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// The network makes containers and needs some looks until a video is finished.
#[derive(Default)]
struct Containers {
    made: u32,
    looks_needed: u32,
    published: u32,
    used: u32,
}

impl Containers {
    fn answer(&mut self, request: &HttpRequest) -> HttpResponse {
        match path(request) {
            "17841/content_publishing_limit" => {
                json_answer(200, &json!({"data": [{"quota_usage": self.used, "config": {"quota_total": 25}}]}))
            }
            "17841/media" => {
                self.made += 1;
                json_answer(200, &json!({"id": (100 + self.made).to_string()}))
            }
            "17841/media_publish" => {
                self.published += 1;
                json_answer(200, &json!({"id": "900"}))
            }
            _ => {
                let working = self.looks_needed > 0;
                self.looks_needed = self.looks_needed.saturating_sub(1);
                json_answer(200, &json!({"status_code": if working { "IN_PROGRESS" } else { "FINISHED" }}))
            }
        }
    }
}

#[test]
fn an_image_is_published_with_caption_and_text() {
    let account = account();
    let operation = post("Our new ward", vec![media("a", MediaKind::Image)]);
    let mut network = Containers::default();
    let (done, requests, _) = run_send(order(&account, &operation, "k"), |request| Ok(network.answer(request)));
    assert!(matches!(done, Outcome::Delivered { native_id: Some(ref id), .. } if id == "900"), "{done:?}");
    let paths: Vec<&str> = requests.iter().map(path).collect();
    assert_eq!(paths, ["17841/content_publishing_limit", "17841/media", "101", "17841/media_publish"]);
    assert_eq!(field(&requests[1], "image_url").as_deref(), Some("https://media.example.org/a"));
    assert_eq!(field(&requests[1], "alt_text").as_deref(), Some("What a shows"));
    assert_eq!(field(&requests[1], "caption").as_deref(), Some("Our new ward"));
    assert_eq!(form(&requests[3]), [("creation_id".to_owned(), "101".to_owned())]);
    assert!(!format!("{:?}", start_send(order(&account, &operation, "k")).unwrap()).contains("ward"));
}

#[test]
fn a_carousel_waits_for_its_files_and_makes_no_container_twice() {
    let account = account();
    let operation = post("Two ways", vec![media("a", MediaKind::Image), media("b", MediaKind::Video)]);
    let mut network = Containers { looks_needed: 2, ..Containers::default() };
    let mut progress = None;
    for attempt in 0..3 {
        let order = Order { progress: progress.as_ref(), ..order(&account, &operation, "k") };
        let (outcome, requests, kept) = run_send(order, |request| Ok(network.answer(request)));
        if attempt < 2 {
            assert!(matches!(outcome, Outcome::Waiting { after: 30, .. }), "{outcome:?}");
        } else {
            let made = requests.iter().find(|r| field(r, "media_type").as_deref() == Some("CAROUSEL")).unwrap();
            assert_eq!(field(made, "children").as_deref(), Some("101,102"));
            assert!(matches!(outcome, Outcome::Delivered { .. }), "{outcome:?}");
        }
        // What is kept survives being written down.
        progress = kept.map(|kept| serde_json::from_str(&kept.to_string()).unwrap());
    }
    assert_eq!((network.made, network.published), (3, 1));
}

#[test]
fn how_much_may_be_published_is_asked_and_not_assumed() {
    let account = account();
    let operation = post("One more", vec![media("a", MediaKind::Image)]);
    let mut network = Containers { used: 25, ..Containers::default() };
    let (full, _, _) = run_send(order(&account, &operation, "k"), |request| Ok(network.answer(request)));
    let Outcome::Retry { after: Some(3_600), why } = full else { panic!("{full:?}") };
    assert!(why.contains("25 of the 25"), "{why}");
    assert_eq!((network.made, network.published), (0, 0));
    let (unasked, ..) = run_send(order(&account, &operation, "k"), |request| {
        Ok(if path(request).ends_with("limit") { error(403, 10, 0) } else { network.answer(request) })
    });
    assert!(matches!(unasked, Outcome::Delivered { .. }), "who may not ask may publish all the same");
}

/// Publishes a reel whose container was made by an earlier attempt.
fn resumed(mut network: impl FnMut(&HttpRequest) -> Result<HttpResponse, TransportError>) -> (Outcome, Option<Value>) {
    let account = account();
    let operation = post("Hands", vec![media("v", MediaKind::Video)]);
    let before = json!({"containers": {"v": "101"}});
    let order = Order { progress: Some(&before), ..order(&account, &operation, "k") };
    let (outcome, _, progress) = run_send(order, |request| match path(request) {
        "17841/content_publishing_limit" => Ok(list(&[])),
        _ => network(request),
    });
    (outcome, progress)
}

#[test]
fn what_expired_is_made_anew_and_what_failed_is_given_up() {
    let status = |code: &str| json_answer(200, &json!({"status_code": code}));
    let (expired, progress) = resumed(|_| Ok(status("EXPIRED")));
    assert!(matches!(expired, Outcome::Retry { .. }), "{expired:?}");
    assert_eq!(progress, Some(json!({"containers": {}, "finished": []})), "the old container is forgotten");
    assert!(matches!(resumed(|_| Ok(status("ERROR"))).0, Outcome::Dead { .. }));
    assert!(matches!(resumed(|_| Ok(status("IN_PROGRESS"))).0, Outcome::Waiting { .. }));
    let gone = resumed(|_| Ok(error(400, 100, 33)));
    assert!(matches!(gone.0, Outcome::Retry { .. }), "{gone:?}");
}

#[test]
fn nothing_is_published_twice() {
    let status = |code: &str| json_answer(200, &json!({"status_code": code}));
    let (already, _) = resumed(|request| match path(request) {
        "17841/media_publish" => panic!("it is published already"),
        _ => Ok(status("PUBLISHED")),
    });
    assert!(matches!(already, Outcome::Unknown { .. }), "an earlier attempt succeeded: read back");
    let publishing = |answer: Result<HttpResponse, TransportError>| {
        let (outcome, _) = resumed(|request| match path(request) {
            "17841/media_publish" => answer.clone(),
            _ => Ok(status("FINISHED")),
        });
        outcome
    };
    assert!(matches!(publishing(Err(TransportError::MaybeSent("timeout"))), Outcome::Unknown { .. }));
    assert!(matches!(publishing(Err(TransportError::NotSent("refused"))), Outcome::Retry { .. }));
    assert!(matches!(publishing(Ok(error(500, -1, 2_207_001))), Outcome::Unknown { .. }));
    assert!(matches!(publishing(Ok(error(400, 24, 2_207_006))), Outcome::Unknown { .. }));
    assert!(
        matches!(publishing(Ok(error(400, 9_007, 2_207_027))), Outcome::Waiting { .. }),
        "not ready: not published"
    );
    assert!(matches!(publishing(Ok(error(403, 9, 2_207_042))), Outcome::Retry { .. }));
    assert!(matches!(publishing(Ok(error(400, 190, 463))), Outcome::Reauthorise { .. }));
}

#[test]
fn a_file_that_cannot_be_fetched_is_said_so() {
    let account = account();
    let operation = post("Hands", vec![media("a", MediaKind::Image)]);
    let (dead, ..) = run_send(order(&account, &operation, "k"), |request| match path(request) {
        "17841/media" => Ok(error(400, 9_004, 2_207_052)),
        _ => Ok(list(&[])),
    });
    let Outcome::Dead { why } = dead else { panic!("{dead:?}") };
    assert!(why.contains("public address"), "{why}");
    let mut unreachable = media("a", MediaKind::Image);
    unreachable.public_url = None;
    let operation = post("Hands", vec![unreachable]);
    assert!(matches!(start_send(order(&account, &operation, "k")), Err(NetError::Config { .. })));
}

#[test]
fn answers_go_where_the_network_takes_them_and_never_wider() {
    let account = account();
    let sent = |thread: &str| request(&account, &reply(thread, Visibility::Public), "k").unwrap();
    assert_eq!(path(&sent("2")), "2/replies");
    assert_eq!(form(&sent("2")), [("message".to_owned(), "Please call 555-0100.".to_owned())]);
    let mention = sent("mention:900:901");
    assert_eq!(path(&mention), "17841/mentions");
    let fields = ["media_id", "comment_id", "message"].map(|name| field(&mention, name).unwrap());
    assert_eq!(fields, ["900", "901", "Please call 555-0100."]);
    for (thread, visibility) in
        [("2", Visibility::Private), ("2", Visibility::Unlisted), ("tag:900", Visibility::Public)]
    {
        let operation = reply(thread, visibility);
        assert!(matches!(start_send(order(&account, &operation, "k")), Err(NetError::Unsupported { .. })));
        assert_eq!(objections(&account, &operation)[0].code, "not_supported");
    }
    let edit = Operation::EditOwn { kind: OwnKind::Reply, native_id: "2".into(), text: String::new().into() };
    assert!(start_send(order(&account, &edit, "k")).is_err());
    assert!(start_send(order(&account, &reply("mention:../x", Visibility::Public), "k")).is_err());
}

#[test]
fn comments_are_hidden_shown_and_deleted() {
    let account = account();
    let id = || "2".to_owned();
    for (operation, method, body) in [
        (Operation::Hide { native_id: id() }, Method::Post, "hide=true"),
        (Operation::Approve { native_id: id() }, Method::Post, "hide=false"),
        (Operation::Remove { native_id: id() }, Method::Delete, ""),
        (Operation::DeleteOwn { kind: OwnKind::Reply, native_id: id() }, Method::Delete, ""),
    ] {
        let sent = request(&account, &operation, "k").unwrap();
        assert_eq!(
            (sent.method, path(&sent), String::from_utf8(sent.body.clone()).unwrap().as_str()),
            (method, "2", body)
        );
        let done = outcome(&account, &operation, Ok(&json_answer(200, &json!({"success": true}))));
        assert_eq!(done, Outcome::Delivered { native_id: Some(id()), permalink: None });
        assert!(matches!(outcome(&account, &operation, Ok(&json_answer(200, &json!({})))), Outcome::Unknown { .. }));
    }
}

#[test]
fn what_the_network_will_not_take_is_said_before() {
    let codes =
        |operation: &Operation| objections(&account(), operation).into_iter().map(|o| o.code).collect::<Vec<_>>();
    let image = || media("a", MediaKind::Image);
    assert_eq!(codes(&post("Fine", vec![image()])), Vec::<&str>::new());
    assert_eq!(codes(&post("Words alone", vec![])), ["not_supported"]);
    assert_eq!(codes(&post(&"x".repeat(2_201), vec![image()])), ["too_long"]);
    assert_eq!(codes(&post(&"#care ".repeat(31), vec![image()])), ["too_many_tags"]);
    assert_eq!(
        codes(&post("Mixed", (0..6).flat_map(|_| [image(), media("v", MediaKind::Video)]).collect())),
        ["too_many_media"]
    );
    let png = Media { mime: "image/png".into(), ..image() };
    assert_eq!(codes(&post("A png", vec![png])), ["media_type"]);
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
fn a_read_back_finds_what_was_sent() {
    let ours = json!({"id": "3", "text": "Please call 555-0100.", "timestamp": "2026-11-24T11:59:30+0000",
        "username": "elmstreetclinic"});
    let found = verdict(&reply("2", Visibility::Public), |request| {
        assert_eq!(path(request), "2/replies");
        list(std::slice::from_ref(&ours))
    });
    assert!(matches!(found, ReadbackVerdict::Found { native_id: Some(ref id), .. } if id == "3"), "{found:?}");
    let mut theirs = ours.clone();
    theirs["username"] = "rosa.n".into();
    assert_eq!(
        verdict(&reply("2", Visibility::Public), |_| list(std::slice::from_ref(&theirs))),
        ReadbackVerdict::NotThere
    );
    let medium = json!({"id": "900", "caption": "Hands", "timestamp": "2026-11-24T11:59:30+0000",
        "permalink": "https://www.instagram.com/p/900/"});
    let found = verdict(&post("Hands", vec![media("a", MediaKind::Image)]), |request| {
        assert_eq!(query(request, "fields").as_deref(), Some("id,caption,permalink,timestamp"));
        list(std::slice::from_ref(&medium))
    });
    assert!(matches!(found, ReadbackVerdict::Found { permalink: Some(_), .. }), "{found:?}");
    let out_of_sight = verdict(&reply("mention:900:901", Visibility::Public), |_| panic!("nothing can be looked at"));
    assert_eq!(out_of_sight, ReadbackVerdict::CannotTell);
    let hide = Operation::Hide { native_id: "2".into() };
    assert!(matches!(
        verdict(&hide, |_| json_answer(200, &json!({"id": "2", "hidden": true}))),
        ReadbackVerdict::Found { .. }
    ));
}
