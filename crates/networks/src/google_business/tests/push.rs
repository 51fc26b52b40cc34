use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use super::{LOCATION, NOW, account};
use crate::google::vectors;
use crate::testing::{answer, at, json_answer};
use crate::*;

fn listening() -> AccountView {
    AccountView { hook_secret: Secret::new("path-secret"), ..account() }
}

fn push(notice: &Value) -> String {
    json!({"message": {"data": STANDARD.encode(notice.to_string()), "messageId": "1"}, "subscription": "projects/p/subscriptions/s"})
        .to_string()
}

fn told(notice: &Value) -> Vec<DeliveryPart> {
    read_webhook(&listening(), webhook::Verified(push(notice).as_bytes())).unwrap().parts
}

#[test]
fn a_new_or_changed_review_makes_us_poll() {
    let review = format!("{LOCATION}/reviews/r1");
    for notice in [
        json!({"notificationType": "NEW_REVIEW", "reviewName": review, "locationName": LOCATION}),
        json!({"type": "UPDATED_REVIEW", "review": review, "location": LOCATION}),
    ] {
        assert_eq!(told(&notice), [DeliveryPart { poll_now: true, ..DeliveryPart::default() }]);
    }
    assert!(told(&json!({"notificationType": "GOOGLE_UPDATE", "locationName": LOCATION})).is_empty());
    let other = told(&json!({"notificationType": "NEW_REVIEW", "reviewName": "accounts/9/locations/2/reviews/r1"}));
    assert_eq!(other[0].owner.as_deref(), Some("accounts/9"), "one topic may tell of several accounts");
}

#[test]
fn only_the_secret_address_is_believed() {
    let check = |account: &AccountView, path_secret: &str, authorization: &str| {
        let headers = [("Authorization".to_owned(), authorization.to_owned())];
        verify_webhook(account, &Incoming { headers: &headers, path_secret, body: b"{}" }, at(NOW)).map(|_| ())
    };
    assert!(check(&listening(), "path-secret", "").is_ok());
    assert!(check(&listening(), "path-secre", "").is_err());
    assert!(check(&account(), "", "").is_err(), "an account without a secret hears nothing");
}

/// An account that wants to know who pushes.
fn strict() -> AccountView {
    let mut strict = listening();
    strict.config["push_audience"] = vectors::AUDIENCE.into();
    strict.config["push_email"] = vectors::EMAIL.into();
    strict
}

#[test]
fn who_pushes_is_proved_with_keys_that_are_fetched() {
    let now = at(vectors::DURING);
    let mut account = strict();
    let check = |account: &AccountView, path_secret: &str, authorization: &str| {
        let headers = [("Authorization".to_owned(), authorization.to_owned())];
        verify_webhook(account, &Incoming { headers: &headers, path_secret, body: b"{}" }, now).map(|_| ())
    };
    let token = format!("Bearer {}", vectors::TOKEN);
    assert!(check(&account, "path-secret", &token).is_err(), "without keys nothing is believed");

    let request = webhook_keys(&account, now).unwrap().unwrap();
    assert_eq!(request.url.path(), "/oauth2/v3/certs");
    let mut at_google = account.clone();
    at_google.base_url = Url::parse(home(Network::GoogleBusiness).unwrap()).unwrap();
    let keys = webhook_keys(&at_google, now).unwrap().unwrap();
    assert_eq!(keys.url.as_str(), "https://www.googleapis.com/oauth2/v3/certs");
    assert!(request.headers.iter().all(|(name, _)| *name != "authorization"), "no token of ours goes there");
    assert!(read_webhook_keys(&account, &answer(503, &[], ""), now).is_err());
    let found = read_webhook_keys(&account, &json_answer(200, &vectors::keys()), now).unwrap();
    account.config.as_object_mut().unwrap().extend(found);
    assert!(webhook_keys(&account, now).is_none(), "they are held for a while");
    assert!(webhook_keys(&account, now + 2 * 3_600 * 1_000_000).is_some(), "and then fetched again");

    assert!(check(&account, "path-secret", &token).is_ok());
    for (secret, token) in [("path-secre", &*token), ("path-secret", "Bearer nonsense"), ("path-secret", "")] {
        assert!(check(&account, secret, token).is_err(), "{secret} {token}");
    }
    account.config["push_audience"] = "https://other.example.org".into();
    assert!(check(&account, "path-secret", &token).is_err());
}

#[test]
fn keys_are_fetched_only_where_they_are_wanted_and_only_over_tls() {
    assert!(webhook_keys(&listening(), 0).is_none());
    let mut account = strict();
    account.config["push_keys_url"] = "http://keys.example.org/".into();
    assert!(webhook_keys(&account, 0).unwrap().is_err());
    account.config["push_keys_url"] = "https://keys.example.org/set".into();
    assert_eq!(webhook_keys(&account, 0).unwrap().unwrap().url.as_str(), "https://keys.example.org/set");
}

proptest! {
    #[test]
    fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), data in "\\PC*") {
        let _ = read_webhook(&listening(), webhook::Verified(&bytes));
        let body = json!({"message": {"data": data}}).to_string();
        let _ = read_webhook(&listening(), webhook::Verified(body.as_bytes()));
    }
}
