use axum::body::Body;
use bedside_model::network::Visibility;
use bedside_model::role::Role;
use http::{Request, header};
use serde_json::{Value, json};

use super::{Story, Thread};
use crate::testing::{Answer, PUBLIC_URL};

async fn handed_over(story: &Story, thread: &Thread) -> (Value, String) {
    let body = json!({ "owner_role": "patient_relations", "reason": "care_concern", "due_at": "2026-11-25T10:00:00Z" });
    let case = story.responder.post(&format!("/conversations/{}/hand_over", thread.id), body).await;
    assert_eq!(case.status, 201, "{}", case.text);
    let url = case.json["intake_link"]["url"].as_str().unwrap().to_owned();
    assert_eq!(case.json["intake_link"]["expires_at"], "2026-11-27T10:00:00.000000Z");
    (case.json, url.strip_prefix(PUBLIC_URL).unwrap().to_owned())
}

async fn enters(story: &Story, link: &str, text: &str) -> Answer {
    let body = [("name", "Maria"), ("contact", "maria@example.org"), ("text", text)]
        .map(|(name, value)| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
        .concat();
    let request = Request::builder()
        .method("POST")
        .uri(link)
        .header(header::ORIGIN, PUBLIC_URL)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(format!("{body}--x--\r\n")))
        .unwrap();
    story.server.anybody().run(request).await
}

#[tokio::test]
async fn what_a_person_writes_in_private_is_sealed_and_the_link_works_once() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        let (case, link) = handed_over(&story, &thread).await;
        let token = link.rsplit('/').next().unwrap();
        assert_eq!(
            story.number(&format!("select count(*) as n from intake_links where token_hash = '{token}'")).await,
            0
        );

        let page = story.server.anybody().get(&link).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(!page.text.contains("<script") && !page.text.contains("style="));
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.text.contains("Lakeside Health") && page.text.contains("<label for=\"text\">"));
        for word in ["patient", "visit", "Maria", "review", "complaint", "Opening hours"] {
            assert!(!page.text.contains(word), "the page confirms nothing: {word}");
        }
        let spanish = story.server.anybody().with("accept-language", "es-MX,es;q=0.9").get(&link).await;
        assert!(spanish.text.contains("lang=\"es\"") && spanish.text.contains("Escriba en privado"));

        let empty = enters(&story, &link, "  ").await;
        assert_eq!(empty.status, 422);
        assert!(
            empty.text.contains("role=\"alert\"") && empty.text.contains("value=\"Maria\""),
            "nothing typed is lost"
        );
        let sent = enters(&story, &link, "My <b>mother</b> fell on the stairs.").await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        let again = enters(&story, &link, "Once more.").await;
        assert_eq!(again.status, 410);
        assert_eq!(story.server.anybody().get(&link).await.status, 410);
        assert_eq!(story.number("select count(*) as n from messages").await, 1, "it never joins the thread");
        let sealed = {
            let mut conn = story.server.app.store.read().await.unwrap();
            conn.test_rows("select sealed from intake_links where sealed is not null").await.unwrap()[0]
                .bytes("sealed")
                .unwrap()
        };
        assert!(!String::from_utf8_lossy(&sealed).contains("mother"));

        let intake = format!("/cases/{}/intake", case["id"].as_str().unwrap());
        let nurse = story.colleague(&[Role::ClinicalReviewer]).await;
        assert_eq!(nurse.get(&intake).await.outcome(), "403 not_your_case");
        assert_eq!(story.server.logged("case.intake_read").await, 0);
        let officer = story.colleague(&[Role::PrivacyOfficer]).await;
        let opened = officer.get(&intake).await;
        assert_eq!(opened.json["items"][0]["entered"]["text"], "My <b>mother</b> fell on the stairs.");
        assert_eq!(story.responder.get(&intake).await.status, 200, "patient relations owns the case");
        assert_eq!(story.server.logged("case.intake_read").await, 2);
        let whole = story.responder.get(&format!("/conversations/{}", thread.id)).await;
        assert!(!whole.text.contains("mother") && !whole.text.contains(token), "neither text nor token show elsewhere");
        assert_eq!(whole.json["case"]["state"], "open");
    }
}

#[tokio::test]
async fn a_link_expires_after_three_days_and_a_new_one_closes_the_old() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let (case, old) = handed_over(&story, &thread).await;
    let made = story.responder.post(&format!("/cases/{}/link", case["id"].as_str().unwrap()), json!({})).await;
    let new = made.json["intake_link"]["url"].as_str().unwrap().strip_prefix(PUBLIC_URL).unwrap().to_owned();
    assert_eq!((made.status, story.server.anybody().get(&old).await.status), (201, 410));
    assert_eq!(story.server.anybody().get(&new).await.status, 200);
    story.server.clock.advance(std::time::Duration::from_secs(72 * 3600));
    assert_eq!(story.server.anybody().get(&new).await.status, 410);
    assert_eq!(enters(&story, &new, "Too late.").await.status, 410);
    assert_eq!(story.server.anybody().get("/intake/nonsense").await.status, 404);
    assert_eq!(story.server.anybody().get("/intake/style.css").await.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn a_link_is_answered_twenty_times_a_minute() {
    let story = Story::sqlite().await;
    let thread = story.hears(7, Visibility::Public).await;
    let (_, link) = handed_over(&story, &thread).await;
    for _ in 0..20 {
        assert_eq!(story.server.anybody().get(&link).await.status, 200);
    }
    let slow = story.server.anybody().get(&link).await;
    assert_eq!((slow.status, slow.header("retry-after")), (429, "60"));
}

#[tokio::test]
async fn a_case_is_accepted_then_closed_with_an_outcome() {
    for story in Story::each_engine().await {
        let thread = story.hears(7, Visibility::Public).await;
        let (case, _) = handed_over(&story, &thread).await;
        let at = |verb: &str| format!("/cases/{}/{verb}", case["id"].as_str().unwrap());
        let close = json!({ "outcome": "settled" });
        assert_eq!(story.responder.post(&at("close"), close.clone()).await.outcome(), "409 case_not_accepted");
        let taken = story.responder.post(&at("accept"), json!({})).await;
        assert_eq!(taken.json["owner_user"]["id"], json!(story.responder.user), "{}", taken.text);
        assert_eq!(taken.json["intake_link"], Value::Null, "the address is shown once");
        let closed = story.responder.post(&at("close"), close).await;
        assert_eq!((closed.json["state"].as_str(), closed.json["outcome"].as_str()), (Some("closed"), Some("settled")));
        assert_eq!(story.responder.post(&at("link"), json!({})).await.outcome(), "409 case_closed");
        let listed = story.responder.get("/cases?state=closed").await;
        assert_eq!(listed.json["items"][0]["id"], case["id"], "{}", listed.text);
        let late = json!({ "owner_role": "risk_manager", "reason": "safety", "due_at": "2026-11-24T09:00:00Z" });
        let path = format!("/conversations/{}/hand_over", thread.id);
        assert_eq!(story.responder.post(&path, late).await.outcome(), "422 invalid");
        let resolve = json!({ "outcome": "moved_offline", "reason": "Case." });
        story.responder.post(&format!("/conversations/{}/resolve", thread.id), resolve).await;
        let body = json!({ "owner_role": "risk_manager", "reason": "safety" });
        assert_eq!(story.responder.post(&path, body).await.outcome(), "409 already_resolved");
    }
}
