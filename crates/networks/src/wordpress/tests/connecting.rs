//! The self-test.

use serde_json::json;

use super::account;
use crate::testing::{answer, json_answer, query};
use crate::*;

#[test]
fn the_self_test_finds_us_and_the_api() {
    let mut test = start_self_test(&account()).unwrap();
    assert!(test.next_request().unwrap().url.path().ends_with("/news/wp-json/wp/v2/users/me"));
    test.on_response(&answer(404, &[], "<html>nothing</html>")).unwrap();
    assert_eq!(query(&test.next_request().unwrap(), "rest_route").as_deref(), Some("/wp/v2/users/me"));
    let me = json!({"id": 7, "name": "Patient relations", "capabilities": {"moderate_comments": true, "publish_posts": true}});
    test.on_response(&json_answer(200, &me)).unwrap();
    test.on_response(&json_answer(200, &json!([]))).unwrap();
    assert_eq!(query(&test.next_request().unwrap(), "who").as_deref(), Some("authors"));
    test.on_response(&json_answer(200, &json!([{"id": 3}, {"id": 7}]))).unwrap();
    assert!(test.next_request().is_none());
    let report = test.report();
    assert_eq!(report.native_id.as_deref(), Some("7"));
    // The site's other writers are staff, beside the one named by hand.
    assert_eq!(report.config["staff_ids"], json!(["3", "9"]));
    assert!(report.can_read && report.can_write && report.problems.is_empty());
    assert_eq!(report.config["rest_base"], "https://blog.example.org/news/?rest_route=/");
}

#[test]
fn the_self_test_says_what_to_mend() {
    let mut test = start_self_test(&account()).unwrap();
    test.on_response(&json_answer(401, &json!({"code": "rest_not_logged_in"}))).unwrap();
    let report = test.report();
    assert!(!report.can_read && !report.can_write && test.next_request().is_none());
    assert!(report.problems[0].contains("application password"));
}

#[test]
fn who_may_not_moderate_reads_what_is_public() {
    let mut account = account();
    let mut test = start_self_test(&account).unwrap();
    let me = json!({"id": 7, "name": "Pat", "capabilities": {"read": true, "publish_posts": true}});
    test.on_response(&json_answer(200, &me)).unwrap();
    let asked = test.next_request().unwrap();
    assert_eq!((query(&asked, "context").as_deref(), query(&asked, "status")), (Some("view"), None));
    test.on_response(&json_answer(200, &json!([]))).unwrap();
    test.on_response(&answer(403, &[], "")).unwrap();
    let report = test.report();
    assert!(report.can_read && !report.can_write && test.next_request().is_none());
    assert!(report.problems.iter().any(|problem| problem.contains("what is held is not read")));

    account.config["moderates"] = report.config["moderates"].clone();
    let input = PollInput { account: &account, source: &json!({}), cursor: None, known: &[], now: 0 };
    let asked = start_poll(input).unwrap().next_request().unwrap();
    assert_eq!((query(&asked, "context").as_deref(), query(&asked, "status")), (Some("view"), None));
}

#[test]
fn a_site_that_says_no_to_a_moderator_is_asked_for_what_is_public() {
    let mut test = start_self_test(&account()).unwrap();
    let me = json!({"id": 7, "name": "Pat", "capabilities": {"moderate_comments": true, "publish_posts": true}});
    test.on_response(&json_answer(200, &me)).unwrap();
    let no = json_answer(403, &json!({"code": "rest_forbidden_context"}));
    test.on_response(&no).unwrap();
    assert_eq!(query(&test.next_request().unwrap(), "context").as_deref(), Some("view"));
    test.on_response(&no).unwrap();
    assert!(test.next_request().is_none() && !test.report().can_read);
}
