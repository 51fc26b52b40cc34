//! Answers and moderation, and what became of them.

use bedside_model::Phi;
use serde_json::{Value, json};

use super::{NOW, account, look, own};
use crate::testing::{answer, at, json_answer, outcome, query, request};
use crate::*;

fn reply(visibility: Visibility) -> Operation {
    Operation::Reply {
        thread_native_id: "5:11".to_owned(),
        parent_native_id: Some("13".to_owned()),
        visibility,
        text: Phi::new("We're sorry & <glad> to help".to_owned()),
    }
}

#[test]
fn a_reply_goes_under_its_parent_as_plain_text() {
    let sent = request(&account(), &reply(Visibility::Public), "out_1").unwrap();
    assert_eq!((sent.method, sent.url.path()), (Method::Post, "/news/wp-json/wp/v2/comments"));
    let body: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(body, json!({"post": 5, "parent": 13, "content": "We&#039;re sorry &amp; &lt;glad&gt; to help"}));
    let header = |name| sent.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.expose());
    assert_eq!(header("authorization"), Some("Basic YmVkc2lkZTphYmNkIGVmZ2g="));
    assert_eq!(header("idempotency-key"), Some("out_1"));
}

#[test]
fn a_reply_is_never_more_visible_than_what_it_answers() {
    let held: Value =
        serde_json::from_slice(&request(&account(), &reply(Visibility::Private), "k").unwrap().body).unwrap();
    assert_eq!(held["status"], "hold");
    assert!(matches!(request(&account(), &reply(Visibility::Unlisted), "k"), Err(NetError::Unsupported { .. })));
}

#[test]
fn a_site_without_pretty_permalinks_is_spoken_to_in_its_way() {
    let mut account = account();
    account.config = json!({"rest_base": "https://blog.example.org/news/?rest_route=/"});
    let sent = request(&account, &reply(Visibility::Public), "k").unwrap();
    assert_eq!(sent.url.as_str(), "https://blog.example.org/news/?rest_route=%2Fwp%2Fv2%2Fcomments");
    account.config = json!({"rest_base": "https://elsewhere.example.net/wp-json/"});
    let error = request(&account, &reply(Visibility::Public), "k").unwrap_err();
    assert_eq!(error.to_string(), "rest_base does not lie on the site's own host");
}

#[test]
fn only_what_is_provably_not_accepted_is_sent_again() {
    let operation = reply(Visibility::Public);
    let judge = |response: HttpResponse| match outcome(&account(), &operation, Ok(&response)) {
        Outcome::Delivered { native_id, .. } => format!("delivered {}", native_id.unwrap_or_default()),
        Outcome::Retry { after, .. } => format!("retry {after:?}"),
        Outcome::Unknown { .. } => "unknown".to_owned(),
        Outcome::Dead { .. } => "dead".to_owned(),
        Outcome::Waiting { .. } => "waiting".to_owned(),
        Outcome::Reauthorise { .. } => "reauthorise".to_owned(),
    };
    let code = |status, code: &str| json_answer(status, &json!({"code": code, "message": "x"}));
    let table = [
        (json_answer(201, &json!({"id": 99, "link": "https://blog.example.org/#c99"})), "delivered 99"),
        (answer(200, &[], "<html>ok</html>"), "unknown"),
        (json_answer(200, &json!({})), "unknown"),
        (answer(429, &[("Retry-After", "7")], ""), "retry Some(7)"),
        (code(429, "comment_flood"), "retry None"),
        (answer(503, &[("Retry-After", "600")], ""), "retry Some(600)"),
        (answer(503, &[], ""), "unknown"),
        (answer(500, &[], ""), "unknown"),
        (answer(502, &[], ""), "unknown"),
        (answer(504, &[], ""), "unknown"),
        (code(409, "comment_duplicate"), "unknown"),
        (code(401, "rest_not_logged_in"), "reauthorise"),
        (code(403, "rest_comment_closed"), "dead"),
        (code(400, "rest_invalid_param"), "dead"),
        (answer(301, &[("Location", "https://example.org/")], ""), "dead"),
    ];
    for (response, expected) in table {
        assert_eq!(
            judge(response.clone()),
            expected,
            "{} {}",
            response.status,
            String::from_utf8_lossy(&response.body)
        );
    }
    let never = TransportError::NotSent("connection refused");
    assert!(matches!(outcome(&account(), &operation, Err(&never)), Outcome::Retry { .. }));
    let maybe = TransportError::MaybeSent("timeout");
    assert!(matches!(outcome(&account(), &operation, Err(&maybe)), Outcome::Unknown { .. }));
}

#[test]
fn taking_back_what_is_already_gone_is_done() {
    let operation = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: "99".to_owned() };
    let sent = request(&account(), &operation, "k").unwrap();
    assert_eq!((sent.method, sent.url.query()), (Method::Delete, Some("force=false")));
    for status in [404, 410] {
        let judged = outcome(&account(), &operation, Ok(&answer(status, &[], "")));
        assert!(matches!(judged, Outcome::Delivered { .. }));
    }
}

#[test]
fn a_read_back_finds_the_reply_although_the_site_changed_its_quotes() {
    let raw = "We\u{2019}re sorry &amp; &lt;glad&gt; to  help";
    let list = json!([
        own(50, "2026-11-24T12:00:05", "Another answer", "approved"),
        own(51, "2026-11-24T12:00:06", raw, "approved")
    ]);
    let found = look(&reply(Visibility::Public), &[json_answer(200, &list)]);
    assert!(matches!(found, ReadbackVerdict::Found { native_id: Some(id), .. } if id == "51"));

    let other = json!([own(50, "2026-11-24T12:00:05", "Another answer", "approved")]);
    assert_eq!(look(&reply(Visibility::Public), &[json_answer(200, &other)]), ReadbackVerdict::NotThere);

    let readback = start_readback(&account(), &reply(Visibility::Public), at(NOW)).unwrap();
    let asked = readback.next_request().unwrap();
    assert_eq!(
        (query(&asked, "author"), query(&asked, "parent"), query(&asked, "status")),
        (Some("7".to_owned()), Some("13".to_owned()), Some("any".to_owned()))
    );
}

#[test]
fn a_reply_taken_back_long_ago_is_not_mistaken_for_the_new_one() {
    let raw = "We&#039;re sorry &amp; &lt;glad&gt; to help";
    let old = json!([own(40, "2026-11-20T12:00:00", raw, "trash")]);
    assert_eq!(look(&reply(Visibility::Public), &[json_answer(200, &old)]), ReadbackVerdict::NotThere);
}

#[test]
fn a_read_back_pages_on_and_gives_up_visibly() {
    let page = answer(200, &[("X-WP-TotalPages", "9")], "[]");
    assert_eq!(look(&reply(Visibility::Public), &vec![page; 5]), ReadbackVerdict::CannotTell);
    let mut unknown = account();
    unknown.own_native_id = None;
    assert!(start_readback(&unknown, &reply(Visibility::Public), at(NOW)).is_err());
}

#[test]
fn edits_deletions_and_moderation_are_read_back_from_the_thing_itself() {
    let thing = |status: &str, raw: &str| [json_answer(200, &own(99, "2026-11-20T12:00:00", raw, status))];
    let edit = Operation::EditOwn { kind: OwnKind::Reply, native_id: "99".into(), text: Phi::new("New".into()) };
    assert!(matches!(look(&edit, &thing("approved", "New")), ReadbackVerdict::Found { .. }));
    assert_eq!(look(&edit, &thing("approved", "Old")), ReadbackVerdict::NotThere);
    assert_eq!(look(&edit, &[answer(404, &[], "")]), ReadbackVerdict::CannotTell);
    let delete = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: "99".into() };
    assert!(matches!(look(&delete, &thing("trash", "x")), ReadbackVerdict::Found { .. }));
    assert_eq!(look(&delete, &thing("approved", "x")), ReadbackVerdict::NotThere);
    assert!(matches!(look(&delete, &[answer(404, &[], "")]), ReadbackVerdict::Found { .. }));
    let hide = Operation::Hide { native_id: "99".into() };
    assert!(matches!(look(&hide, &thing("hold", "x")), ReadbackVerdict::Found { .. }));
    let spam = Operation::Spam { native_id: "99".into() };
    let sent = request(&account(), &spam, "k").unwrap();
    assert_eq!((sent.method, sent.url.path()), (Method::Post, "/news/wp-json/wp/v2/comments/99"));
    assert_eq!(serde_json::from_slice::<Value>(&sent.body).unwrap(), json!({"status": "spam"}));
    assert!(matches!(look(&spam, &thing("spam", "x")), ReadbackVerdict::Found { .. }));
    assert_eq!(look(&spam, &thing("hold", "x")), ReadbackVerdict::NotThere);
}
