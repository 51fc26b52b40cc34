use serde_json::json;
use url::Url;

use super::{oauth, refusal};
use crate::ErrorClass;
use crate::testing::{answer, at, json_answer};

#[test]
fn the_reason_is_found_wherever_google_puts_it() {
    let reason = |body: serde_json::Value| refusal::reason(&json_answer(403, &body));
    let one = json!({"error": {"status": "PERMISSION_DENIED", "errors": [{"reason": "forbidden"}]}});
    assert_eq!(reason(one).as_deref(), Some("forbidden"));
    let newer =
        json!({"error": {"status": "PERMISSION_DENIED", "details": [{"@type": "x"}, {"reason": "SERVICE_DISABLED"}]}});
    assert_eq!(reason(newer).as_deref(), Some("SERVICE_DISABLED"));
    assert_eq!(reason(json!({"error": {"status": "NOT_FOUND"}})).as_deref(), Some("NOT_FOUND"));
    assert_eq!(reason(json!({"error": "invalid_grant"})).as_deref(), Some("invalid_grant"));
    assert_eq!(reason(json!({"error": {"status": "Rosa said so"}})), None, "what is no plain word may be content");
}

#[test]
fn a_spent_quota_is_not_a_missing_permission() {
    let class =
        |reason: &str| refusal::classify(&json_answer(403, &json!({"error": {"errors": [{"reason": reason}]}})));
    assert_eq!(class("quotaExceeded"), ErrorClass::RateLimited { after: None });
    assert_eq!(class("rateLimitExceeded"), ErrorClass::RateLimited { after: None });
    assert_eq!(class("forbidden"), ErrorClass::Forbidden);
    assert_eq!(
        refusal::classify(&answer(429, &[("Retry-After", "7")], "")),
        ErrorClass::RateLimited { after: Some(7) }
    );
}

#[test]
fn a_day_of_quota_ends_at_midnight_in_california() {
    let hours = |now: &str| refusal::seconds_to_pacific_midnight(at(now)).unwrap() / 3_600;
    assert_eq!(hours("2026-11-24T12:00:00Z"), 20, "winter: UTC-8");
    assert_eq!(hours("2026-07-01T12:00:00Z"), 19, "summer: UTC-7");
    assert_eq!(hours("2026-11-01T08:00:00Z"), 24, "the day that the clocks go back has 25 hours, one is gone");
    assert_eq!(hours("2026-11-24T08:00:00Z"), 24, "at midnight a whole day lies ahead");
}

#[test]
fn an_emulator_has_all_of_google_in_one_place() {
    let home = "https://youtube.googleapis.com/";
    let at = |base: &str| {
        oauth::at(home, &Url::parse(base).unwrap(), "https://oauth2.googleapis.com/token").unwrap().to_string()
    };
    assert_eq!(at(home), "https://oauth2.googleapis.com/token");
    assert_eq!(at("http://127.0.0.1:4490/"), "http://127.0.0.1:4490/token");
    assert_eq!(at("http://127.0.0.1:4490/google"), "http://127.0.0.1:4490/google/token");
}
