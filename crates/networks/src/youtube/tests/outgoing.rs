use bedside_model::Phi;
use serde_json::{Value, json};

use super::{CHANNEL, Channel, account, comment};
use crate::testing::{answer, at, json_answer, order, outcome, query, request, run_send};
use crate::*;

const SENT: &str = "2026-11-24T12:00:00Z";

fn reply() -> Operation {
    Operation::Reply {
        thread_native_id: "UgA".to_owned(),
        parent_native_id: Some("UgA.2".to_owned()),
        visibility: Visibility::Public,
        text: Phi::new("Thank you for telling us.".to_owned()),
    }
}

fn of(kind: OwnKind, id: &str) -> Operation {
    Operation::DeleteOwn { kind, native_id: id.to_owned() }
}

#[test]
fn a_reply_goes_under_the_first_comment_of_its_thread() {
    let sent = request(&account(), &reply(), "out_1").unwrap();
    assert_eq!((sent.method, sent.url.path(), sent.draws), (Method::Post, "/youtube/v3/comments", Some(("units", 50))));
    let body: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(body, json!({"snippet": {"parentId": "UgA", "textOriginal": "Thank you for telling us."}}));
    let made = json_answer(200, &json!({"id": "UgA.9", "snippet": {"videoId": "vid1"}}));
    let permalink = Some("https://www.youtube.com/watch?v=vid1&lc=UgA.9".to_owned());
    assert_eq!(
        outcome(&account(), &reply(), Ok(&made)),
        Outcome::Delivered { native_id: Some("UgA.9".to_owned()), permalink }
    );
}

#[test]
fn only_what_was_provably_not_accepted_is_sent_again() {
    let refusal = |status: u16, reason: &str| {
        let body = json!({"error": {"code": status, "errors": [{"reason": reason}]}}).to_string();
        outcome(&account(), &reply(), Ok(&answer(status, &[("Retry-After", "3")], body)))
    };
    for (status, reason, expected) in [
        (200, "", "Unknown"),
        (401, "authError", "Reauthorise"),
        (403, "quotaExceeded", "Retry"),
        (403, "rateLimitExceeded", "Retry"),
        (403, "commentsDisabled", "Dead"),
        (429, "", "Retry"),
        (500, "backendError", "Unknown"),
        (503, "", "Unknown"),
    ] {
        let judged = refusal(status, reason);
        assert!(format!("{judged:?}").starts_with(expected), "{status} {reason}: {judged:?}");
    }
    let Outcome::Dead { why } = refusal(403, "commentsDisabled") else { panic!() };
    assert_eq!(why, "comments are switched off under this video (Google answered 403, commentsDisabled)");
    let lost = outcome(&account(), &reply(), Err(&TransportError::MaybeSent("the time was up")));
    assert!(matches!(lost, Outcome::Unknown { .. }));
}

#[test]
fn what_waits_for_review_is_not_answered_in_public() {
    let Operation::Reply { thread_native_id, parent_native_id, text, .. } = reply() else { panic!() };
    let held = Operation::Reply { thread_native_id, parent_native_id, visibility: Visibility::Private, text };
    assert!(matches!(request(&account(), &held, "k"), Err(NetError::Unsupported { .. })));
    assert_eq!(objections(&account(), &held)[0].code, "held_for_review");
}

#[test]
fn moderation_sets_the_status() {
    let id = "UgA.2".to_owned();
    for (operation, status) in [
        (Operation::Hide { native_id: id.clone() }, "heldForReview"),
        (Operation::Approve { native_id: id.clone() }, "published"),
        (Operation::Remove { native_id: id.clone() }, "rejected"),
    ] {
        let sent = request(&account(), &operation, "k").unwrap();
        assert_eq!(sent.url.path(), "/youtube/v3/comments/setModerationStatus");
        assert_eq!(query(&sent, "moderationStatus").as_deref(), Some(status));
        assert_eq!(query(&sent, "banAuthor"), None, "nobody is banned by the way");
        let done = outcome(&account(), &operation, Ok(&answer(204, &[], "")));
        assert!(matches!(done, Outcome::Delivered { native_id: Some(done), .. } if done == id));
    }
}

#[test]
fn deleting_what_is_gone_is_done() {
    let sent = request(&account(), &of(OwnKind::Post, "vid1"), "k").unwrap();
    assert_eq!((sent.method, sent.url.path()), (Method::Delete, "/youtube/v3/videos"));
    let gone = outcome(&account(), &of(OwnKind::Reply, "UgA.1"), Ok(&answer(404, &[], "{}")));
    assert!(matches!(gone, Outcome::Delivered { .. }));
    assert!(request(&account(), &of(OwnKind::Reply, "UgA&id=UgB"), "k").is_err());
}

#[test]
fn a_new_description_keeps_the_rest_of_the_video() {
    let operation = Operation::EditOwn {
        kind: OwnKind::Post,
        native_id: "vid1".to_owned(),
        text: Phi::new("New hours".to_owned()),
    };
    let account = account();
    let (outcome, requests, _) = run_send(order(&account, &operation, "k"), |request| {
        Ok(match request.method {
            Method::Get => json_answer(
                200,
                &json!({"items": [{"id": "vid1", "snippet": {"title": "Visits", "categoryId": "27",
                    "tags": ["clinic"], "description": "Old hours", "publishedAt": "2026-01-01T00:00:00Z"}}]}),
            ),
            _ => json_answer(200, &json!({"id": "vid1"})),
        })
    });
    assert!(matches!(outcome, Outcome::Delivered { .. }));
    let body: Value = serde_json::from_slice(&requests[1].body).unwrap();
    assert_eq!(
        body["snippet"],
        json!({"title": "Visits", "categoryId": "27", "tags": ["clinic"], "description": "New hours"})
    );
    assert_eq!((requests[0].draws, requests[1].draws), (Some(("units", 1)), Some(("units", 50))));

    let (failed, requests, _) = run_send(order(&account, &operation, "k"), |_| Ok(answer(503, &[], "")));
    assert!(matches!(failed, Outcome::Retry { .. }) && requests.len() == 1, "reading first has no effect: {failed:?}");
}

#[test]
fn what_youtube_would_not_take_is_said_before() {
    let codes = |operation: Operation| -> Vec<&str> {
        objections(&account(), &operation).into_iter().map(|objection| objection.code).collect()
    };
    let post = |title: &str, text: &str, media: Vec<Media>| Operation::Post {
        title: Phi::new(title.to_owned()),
        text: Phi::new(text.to_owned()),
        link: None,
        media,
        language: None,
    };
    assert_eq!(codes(post("Flu", "Come", Vec::new())), ["not_supported", "needs_video"]);
    let video = super::uploading::video(10);
    assert!(codes(post("Flu", "Come", vec![video.clone()])).is_empty());
    assert_eq!(codes(post(&"é".repeat(101), "a < b", vec![video.clone()])), ["title_too_long", "angle_brackets"]);
    assert_eq!(codes(post("Flu", &"é".repeat(2_501), vec![video])), ["too_long"], "a description counts bytes");
}

#[test]
fn a_read_back_finds_our_own_reply_and_nobody_elses() {
    let look = |channel: &Channel, operation: &Operation| {
        let mut readback = start_readback(&account(), operation, at(SENT)).unwrap();
        while let Some(request) = readback.next_request() {
            readback.on_response(&channel.answer(&request)).unwrap();
        }
        readback.verdict()
    };
    let text = "Thank you for telling us.";
    let mut channel = Channel::with(vec![
        comment("UgA", "rosa", "2026-11-23T08:00:00Z", "Hello"),
        comment("UgA.1", CHANNEL, "2026-11-20T08:00:00Z", text),
        comment("UgA.2", "ann", "2026-11-24T12:00:01Z", text),
    ]);
    channel.per_page = 2;
    assert_eq!(look(&channel, &reply()), ReadbackVerdict::NotThere, "an older one, and one of another person");
    channel.comments.push(comment("UgA.3", CHANNEL, "2026-11-24T12:00:02Z", "Thank  you for telling us."));
    let found = look(&channel, &reply());
    assert!(matches!(found, ReadbackVerdict::Found { native_id: Some(ref id), .. } if id == "UgA.3"), "{found:?}");

    assert_eq!(look(&channel, &of(OwnKind::Reply, "UgA.3")), ReadbackVerdict::NotThere);
    assert!(matches!(look(&channel, &of(OwnKind::Reply, "UgX")), ReadbackVerdict::Found { .. }));

    let hide = Operation::Hide { native_id: "UgA".to_owned() };
    let approve = Operation::Approve { native_id: "UgA".to_owned() };
    assert_eq!(look(&channel, &hide), ReadbackVerdict::NotThere);
    assert!(matches!(look(&channel, &approve), ReadbackVerdict::Found { .. }));
    channel.held.push(channel.comments[0].clone());
    assert!(matches!(look(&channel, &hide), ReadbackVerdict::Found { .. }));
    assert_eq!(look(&channel, &approve), ReadbackVerdict::NotThere);
}
