use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{LOCATION, NOW, account};
use crate::testing::at;
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

    let mut strict = listening();
    strict.config["push_audience"] = "https://bedside.example.org/hooks".into();
    strict.config["push_email"] = "push@project.iam.example.org".into();
    let token = |audience: &str, email: &str, seconds: i64| {
        let claims =
            json!({"aud": audience, "email": email, "email_verified": true, "exp": at(NOW) / 1_000_000 + seconds});
        format!("Bearer e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()))
    };
    let (audience, email) = ("https://bedside.example.org/hooks", "push@project.iam.example.org");
    assert!(check(&strict, "path-secret", &token(audience, email, 60)).is_ok());
    for wrong in [
        token("https://other.example.org", email, 60),
        token(audience, "somebody@example.org", 60),
        token(audience, email, -3_600),
        "Bearer nonsense".to_owned(),
        String::new(),
    ] {
        assert!(check(&strict, "path-secret", &wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), data in "\\PC*") {
        let _ = read_webhook(&listening(), webhook::Verified(&bytes));
        let body = json!({"message": {"data": data}}).to_string();
        let _ = read_webhook(&listening(), webhook::Verified(body.as_bytes()));
    }
}
