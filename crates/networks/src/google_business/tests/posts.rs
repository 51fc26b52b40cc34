use bedside_model::Phi;
use serde_json::{Value, json};

use super::{LOCATION, account};
use crate::testing::{answer, at, json_answer, outcome, query, request};
use crate::*;

const POST: &str = "accounts/1/locations/2/localPosts/p1";

fn image(public_url: Option<&str>) -> Media {
    Media {
        id: "med_1".to_owned(),
        kind: MediaKind::Image,
        mime: "image/jpeg".to_owned(),
        bytes: 90_000,
        size: None,
        alt: None,
        sha256: None,
        public_url: public_url.map(str::to_owned),
    }
}

fn post(text: &str, media: Vec<Media>) -> Operation {
    Operation::Post {
        title: Phi::new(String::new()),
        text: Phi::new(text.to_owned()),
        link: Some("https://clinic.example.org/flu".to_owned()),
        media,
        language: Some("en".to_owned()),
    }
}

#[test]
fn a_local_post_carries_text_link_and_a_photo_that_google_fetches() {
    let sent =
        request(&account(), &post("Flu shots are here.", vec![image(Some("https://b.example.org/m/1"))]), "k").unwrap();
    assert_eq!((sent.method, sent.url.path()), (Method::Post, "/v4/accounts/1/locations/2/localPosts"));
    let body: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(
        body,
        json!({"topicType": "STANDARD", "summary": "Flu shots are here.", "languageCode": "en",
            "callToAction": {"actionType": "LEARN_MORE", "url": "https://clinic.example.org/flu"},
            "media": [{"mediaFormat": "PHOTO", "sourceUrl": "https://b.example.org/m/1"}]})
    );
    assert!(request(&account(), &post("Flu", vec![image(None)]), "k").is_err());
}

#[test]
fn what_became_of_a_post_is_told_by_the_answer() {
    let judge =
        |status: u16, body: Value| outcome(&account(), &post("Flu", Vec::new()), Ok(&json_answer(status, &body)));
    let live = judge(200, json!({"name": POST, "state": "LIVE", "searchUrl": "https://local.example.org/p1"}));
    assert_eq!(
        live,
        Outcome::Delivered {
            native_id: Some(POST.to_owned()),
            permalink: Some("https://local.example.org/p1".to_owned())
        }
    );
    assert!(matches!(judge(200, json!({"name": POST, "state": "REJECTED"})), Outcome::Dead { .. }));
    assert!(matches!(judge(200, json!({})), Outcome::Unknown { .. }));
    assert!(matches!(judge(503, json!({})), Outcome::Unknown { .. }));
    let denied = judge(403, json!({"error": {"status": "PERMISSION_DENIED"}}));
    assert!(matches!(denied, Outcome::Dead { ref why } if why.starts_with("the account may not manage")), "{denied:?}");
}

#[test]
fn a_post_is_changed_and_taken_back_by_its_name() {
    let edit = Operation::EditOwn {
        kind: OwnKind::Post,
        native_id: POST.to_owned(),
        text: Phi::new("Walk in until noon.".to_owned()),
    };
    let sent = request(&account(), &edit, "k").unwrap();
    assert_eq!((sent.method, query(&sent, "updateMask").as_deref()), (Method::Patch, Some("summary")));
    let delete = Operation::DeleteOwn { kind: OwnKind::Post, native_id: POST.to_owned() };
    assert_eq!(request(&account(), &delete, "k").unwrap().url.path(), format!("/v4/{POST}"));
    assert!(matches!(outcome(&account(), &delete, Ok(&answer(404, &[], ""))), Outcome::Delivered { .. }));
    let astray = Operation::DeleteOwn { kind: OwnKind::Post, native_id: LOCATION.to_owned() };
    assert!(request(&account(), &astray, "k").is_err(), "a deletion names a post, not a place");
}

#[test]
fn a_read_back_finds_the_post_by_text_and_time() {
    let look = |operation: &Operation, answer: HttpResponse| {
        let mut readback = start_readback(&account(), operation, at("2026-11-24T12:00:00Z")).unwrap();
        readback.on_response(&answer).unwrap();
        readback.verdict()
    };
    let listed = |text: &str, date: &str| {
        json_answer(200, &json!({"localPosts": [{"name": POST, "summary": text, "createTime": date}]}))
    };
    let made = look(&post("Flu", Vec::new()), listed("Flu", "2026-11-24T12:00:03Z"));
    assert!(matches!(made, ReadbackVerdict::Found { native_id: Some(ref id), .. } if id == POST), "{made:?}");
    assert_eq!(look(&post("Flu", Vec::new()), listed("Flu", "2026-10-24T12:00:03Z")), ReadbackVerdict::NotThere);
    let delete = Operation::DeleteOwn { kind: OwnKind::Post, native_id: POST.to_owned() };
    assert!(matches!(look(&delete, answer(404, &[], "")), ReadbackVerdict::Found { .. }));
    assert_eq!(look(&delete, json_answer(200, &json!({"summary": "Flu"}))), ReadbackVerdict::NotThere);
}

#[test]
fn posts_are_counted_in_characters_and_replies_in_bytes() {
    let codes = |operation: &Operation| -> Vec<&str> {
        objections(&account(), operation).into_iter().map(|objection| objection.code).collect()
    };
    assert!(codes(&post(&"é".repeat(1_500), Vec::new())).is_empty());
    assert_eq!(codes(&post(&"é".repeat(1_501), Vec::new())), ["too_long"]);
    let reply = |text: String, visibility| Operation::Reply {
        thread_native_id: format!("{LOCATION}/reviews/r1"),
        parent_native_id: None,
        visibility,
        text: Phi::new(text),
    };
    assert_eq!(codes(&reply("é".repeat(2_049), Visibility::Public)), ["too_long"]);
    assert_eq!(codes(&reply("Hello".to_owned(), Visibility::Private)), ["always_public"]);
    let mut chain = account();
    chain.config = json!({"account": "accounts/1", "locations": [
        {"name": "accounts/1/locations/2"}, {"name": "accounts/1/locations/3"}]});
    assert_eq!(objections(&chain, &post("Flu", Vec::new()))[0].code, "which_location");
}
