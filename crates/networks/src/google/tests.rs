use proptest::prelude::*;
use serde_json::json;
use url::Url;

use super::identity::{Audience, Expected, Keys, verify};
use super::{oauth, refusal, vectors};
use crate::testing::{answer, at, json_answer};
use crate::{ErrorClass, Forged};

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

fn keys() -> Keys {
    Keys::fetched(&json_answer(200, &vectors::keys()), at(vectors::DURING)).unwrap()
}

const EXPECTED: Expected<'static> =
    Expected { audience: Audience::Named(vectors::AUDIENCE), email: Some(vectors::EMAIL) };
const ANOTHER_AUDIENCE: &str =
    "the token is for another audience: leave the audience of the subscription empty, or name it in push_audience";

#[test]
fn a_token_that_google_signed_for_us_is_believed_while_it_lasts() {
    let check = |token: &str, expected: Expected<'_>, when: &str| verify(token, &keys(), expected, at(when));
    let during = vectors::DURING;
    let meant = |audience| Expected { audience, ..EXPECTED };
    assert_eq!(check(vectors::TOKEN, EXPECTED, during), Ok(()));
    let (_, last) = vectors::AUDIENCE.rsplit_once('/').unwrap();
    assert_eq!(check(vectors::TOKEN, meant(Audience::Address { secret: last }), during), Ok(()));
    assert_eq!(check(vectors::TOKEN, EXPECTED, "2026-11-27T12:04:00Z"), Ok(()), "clocks differ a little");
    let table = [
        (vectors::TOKEN, EXPECTED, "2026-11-27T12:06:00Z", "the token has run out"),
        (vectors::TOKEN, EXPECTED, "2026-11-27T10:54:00Z", "the token is not valid yet"),
        (vectors::TOKEN, meant(Audience::Named("https://other.example.org")), during, ANOTHER_AUDIENCE),
        (vectors::TOKEN, meant(Audience::Address { secret: "hook" }), during, ANOTHER_AUDIENCE),
        (vectors::TOKEN, meant(Audience::Address { secret: "" }), during, ANOTHER_AUDIENCE),
        (
            vectors::TOKEN,
            Expected { email: Some("a@example.org"), ..EXPECTED },
            during,
            "the token is of another service account",
        ),
        (vectors::NOT_VERIFIED, EXPECTED, during, "the token is of another service account"),
        (vectors::OF_ANOTHER_ISSUER, EXPECTED, during, "the token is of another issuer"),
        (vectors::OF_ANOTHER_METHOD, EXPECTED, during, "the token is not signed by RS256"),
        (vectors::WITH_AN_EXTENSION, EXPECTED, during, "the token is not signed by RS256"),
        ("nonsense", EXPECTED, during, "the push carries no token that can be read"),
        ("..", EXPECTED, during, "the push carries no token that can be read"),
        ("", EXPECTED, during, "the push carries no token that can be read"),
    ];
    for (token, expected, when, why) in table {
        assert_eq!(check(token, expected, when), Err(Forged(why)), "{token}");
    }
}

#[test]
fn only_the_key_that_a_token_names_counts() {
    let mut other = vectors::keys();
    other["keys"][1]["kid"] = "k2".into();
    let renamed = Keys::fetched(&json_answer(200, &other), 0).unwrap();
    let unknown = Err(Forged("the token is signed with a key that is not known"));
    assert_eq!(verify(vectors::TOKEN, &renamed, EXPECTED, at(vectors::DURING)), unknown);
    other["keys"][1]["kid"] = "k1".into();
    other["keys"][1]["e"] = "Aw".into();
    let changed = Keys::fetched(&json_answer(200, &other), 0).unwrap();
    let wrong = Err(Forged("the signature of the token does not hold"));
    assert_eq!(verify(vectors::TOKEN, &changed, EXPECTED, at(vectors::DURING)), wrong);
    for not_a_set in [json!({}), json!({"keys": []}), json!({"keys": [{"kty": "EC", "kid": "k0"}]}), json!([])] {
        assert!(Keys::fetched(&json_answer(200, &not_a_set), 0).is_err());
    }
}

#[test]
fn keys_are_held_as_long_as_google_says_and_no_longer_than_a_day() {
    let until = |header: &str| {
        let body = vectors::keys().to_string();
        Keys::fetched(&answer(200, &[("Cache-Control", header)], body), 0).unwrap().until / 1_000_000
    };
    assert_eq!(until("public, max-age=21600, must-revalidate"), 21_600);
    assert_eq!((until("max-age=9999999"), until("no-store"), until("max-age=0")), (86_400, 3_600, 3_600));
}

proptest! {
    #[test]
    fn a_changed_token_is_never_believed(at_byte in 0..vectors::TOKEN.len(), other in "[A-Za-z0-9_.=+/-]") {
        let mut changed = vectors::TOKEN.to_owned();
        changed.replace_range(at_byte..=at_byte, &other);
        let verdict = verify(&changed, &keys(), EXPECTED, at(vectors::DURING));
        prop_assert_eq!(verdict.is_ok(), changed == vectors::TOKEN);
    }

    #[test]
    fn no_token_makes_it_panic(token in "\\PC*", parts in proptest::collection::vec("[A-Za-z0-9_-]{0,40}", 0..5)) {
        for token in [token, parts.join(".")] {
            prop_assert!(verify(&token, &keys(), EXPECTED, at(vectors::DURING)).is_err());
        }
    }
}
