use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use super::{LOCATION, account};
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

/// What is said of a push of [`vectors::TOKEN`] to an address with this secret part.
fn pushed(account: &AccountView, path_secret: &str, authorization: &str) -> Result<(), Forged> {
    let headers = [("Authorization".to_owned(), authorization.to_owned())];
    let incoming = Incoming { headers: &headers, path_secret, body: b"{}" };
    verify_webhook(account, &incoming, at(vectors::DURING)).map(drop)
}

fn with_keys(account: AccountView) -> AccountView {
    let found = read_webhook_keys(&account, &json_answer(200, &vectors::keys()), at(vectors::DURING)).unwrap();
    let mut account = account;
    account.config.as_object_mut().unwrap().extend(found);
    account
}

#[test]
fn without_any_setting_google_must_have_signed_that_the_push_is_for_our_address() {
    // The tokens of the tests are for https://bedside.example.org/hooks.
    let of_secret = |secret: &str| with_keys(AccountView { hook_secret: Secret::new(secret), ..account() });
    let token = format!("Bearer {}", vectors::TOKEN);
    assert_eq!(pushed(&of_secret("hooks"), "hooks", &token), Ok(()));
    let refused = |account: &AccountView, secret: &str, token: &str| pushed(account, secret, token).unwrap_err().0;
    let another = refused(&of_secret("path-secret"), "path-secret", &token);
    assert!(another.contains("for another audience") && another.contains("push_audience"), "{another}");
    let none = refused(&of_secret("hooks"), "hooks", "");
    assert!(none.contains("no token") && none.contains("turn on authentication"), "{none}");
    assert!(refused(&of_secret("hooks"), "hook", &token).contains("secret part of the address"));
    assert!(refused(&with_keys(account()), "", &token).contains("no secret part"), "such an account hears nothing");
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
    let token = format!("Bearer {}", vectors::TOKEN);
    assert!(pushed(&account, "path-secret", &token).is_err(), "without keys nothing is believed");

    let request = webhook_keys(&account, now).unwrap().unwrap();
    assert_eq!(request.url.path(), "/oauth2/v3/certs");
    let mut at_google = account.clone();
    at_google.base_url = Url::parse(home(Network::GoogleBusiness).unwrap()).unwrap();
    let keys = webhook_keys(&at_google, now).unwrap().unwrap();
    assert_eq!(keys.url.as_str(), "https://www.googleapis.com/oauth2/v3/certs");
    assert!(request.headers.iter().all(|(name, _)| *name != "authorization"), "no token of ours goes there");
    assert!(read_webhook_keys(&account, &answer(503, &[], ""), now).is_err());
    account = with_keys(account);
    assert!(webhook_keys(&account, now).is_none(), "they are held for a while");
    assert!(webhook_keys(&account, now + 2 * 3_600 * 1_000_000).is_some(), "and then fetched again");

    assert!(pushed(&account, "path-secret", &token).is_ok());
    for (secret, token) in [("path-secre", &*token), ("path-secret", "Bearer nonsense"), ("path-secret", "")] {
        assert!(pushed(&account, secret, token).is_err(), "{secret} {token}");
    }
    account.config["push_audience"] = "https://other.example.org".into();
    assert!(pushed(&account, "path-secret", &token).is_err());
}

#[test]
fn keys_are_fetched_only_over_tls() {
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
