//! Connecting: authorisation, self-test, webhooks, figures.

use proptest::prelude::*;

use super::*;
use crate::linkedin::message::shared_item;
use crate::testing::{answer, json_answer, served};
use crate::webhook::hmac_sha256;

const DAY: i64 = 86_400_000_000;

fn app(config: Value) -> App {
    App {
        base_url: Url::parse("https://api.linkedin.com/").unwrap(),
        client_id: "app".into(),
        client_secret: Secret::new("app secret"),
        config,
    }
}

#[test]
fn the_address_asks_for_what_is_explained() {
    let redirect = Url::parse("http://127.0.0.1:4400/connected").unwrap();
    let request = AuthorisationRequest { redirect: &redirect, state: "st", verifier: "v" };
    let address = authorisation_address(Network::Linkedin, &app(Value::Null), &request).unwrap();
    assert_eq!((address.host_str(), address.path()), (Some("www.linkedin.com"), "/oauth/v2/authorization"));
    let parameter =
        |name: &str| address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(parameter("state").as_deref(), Some("st"));
    for permission in permissions(Network::Linkedin).unwrap() {
        assert!(parameter("scope").unwrap().split(' ').any(|scope| scope == permission.scope));
    }
    let native = authorisation_address(Network::Linkedin, &app(json!({"pkce": true})), &request).unwrap();
    assert!(native.path().contains("native-pkce") && native.query().unwrap().contains("code_challenge_method=S256"));
}

#[test]
fn a_code_becomes_tokens_pages_and_a_day_to_authorise_again() {
    let redirect = Url::parse("http://127.0.0.1:4400/connected").unwrap();
    let exchange = CodeExchange { redirect: &redirect, code: "c0de", verifier: "v", now: now() };
    let numbered = app(json!({"application": "17"}));
    let mut granting = start_exchange(Network::Linkedin, &numbered, &exchange).unwrap();
    let request = granting.next_request().unwrap();
    assert_eq!(request.url.as_str(), "https://www.linkedin.com/oauth/v2/accessToken");
    let tokens = json!({"access_token": "at", "expires_in": 60 * 86_400, "refresh_token": "rt",
        "refresh_token_expires_in": 365 * 86_400, "scope": "r_organization_social,w_organization_social"});
    granting.on_response(&json_answer(200, &tokens)).unwrap();
    assert_eq!(granting.next_request().unwrap().url.path(), "/rest/organizationAcls");
    let acl = |n: u32| json!({"role": "ADMINISTRATOR", "state": "APPROVED", "organization": format!("urn:li:organization:{n}")});
    granting.on_response(&json_answer(200, &list(&[acl(5), acl(6)]))).unwrap();
    assert_eq!(granting.next_request().unwrap().url.query(), Some("ids=List(5,6)"));
    granting
        .on_response(&json_answer(200, &json!({"results": {"5": {"localizedName": "Elm Street Clinic"}}})))
        .unwrap();
    let granted = granting.granted();
    let names: Vec<(&str, &str)> =
        granted.iter().map(|one| (one.native_id.as_str(), one.name.expose().as_str())).collect();
    assert_eq!(names, [("urn:li:organization:5", "Elm Street Clinic"), ("urn:li:organization:6", "6")]);
    assert_eq!(granted[0].credentials.expires_at(), Some(now() + 60 * DAY));
    assert_eq!(granted[0].credentials.reauthorise_by(), Some(now() + 365 * DAY));
    assert_eq!(granted[0].config["application"], "17", "by which LinkedIn can be asked to tell");
}

#[test]
fn a_renewal_never_moves_the_day_to_authorise_again() {
    let renew = |ends: Option<i64>, tokens: Value| {
        let mut account = account();
        if let Credentials::Oauth2(held) = &mut account.credentials {
            held.reauthorise_by = ends;
        }
        let mut granting = start_renewal(&account, now()).unwrap();
        granting.on_response(&json_answer(200, &tokens)).unwrap();
        assert_eq!(granting.next_request(), None);
        let Credentials::Oauth2(held) = granting.granted().remove(0).credentials else { panic!() };
        (held.refresh_token.expose().to_owned(), held.reauthorise_by)
    };
    let day_59 = json!({"access_token": "a2", "expires_in": 60 * 86_400, "refresh_token": "r2", "refresh_token_expires_in": 306 * 86_400});
    assert_eq!(renew(None, day_59.clone()), ("r2".to_owned(), Some(now() + 306 * DAY)));
    assert_eq!(renew(Some(now() + 300 * DAY), day_59).1, Some(now() + 300 * DAY));
    let bare = json!({"access_token": "a2", "expires_in": 60 * 86_400});
    assert_eq!(renew(Some(now() + 300 * DAY), bare), ("refresh".to_owned(), Some(now() + 300 * DAY)));
    let mut revoked = start_renewal(&account(), now()).unwrap();
    let error = revoked.on_response(&json_answer(400, &json!({"error": "invalid_grant"}))).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Authorisation);
}

fn self_test(answers: &[HttpResponse]) -> SelfReport {
    let mut test = start_self_test(&account()).unwrap();
    for answer in answers {
        test.next_request().expect("the self-test goes on");
        test.on_response(answer).unwrap();
    }
    assert_eq!(test.next_request(), None);
    test.report()
}

#[test]
fn the_self_test_says_which_page_and_what_to_mend() {
    let acl = |role: &str, page: &str| json_answer(200, &list(&[json!({"role": role, "organization": page})]));
    let name = json_answer(200, &json!({"localizedName": "Elm Street Clinic"}));
    let posts = json_answer(200, &list(&[]));
    let report = self_test(&[acl("ADMINISTRATOR", PAGE), name.clone(), posts.clone()]);
    assert!(report.can_read && report.can_write && report.problems.is_empty());
    assert_eq!(report.name.unwrap().expose(), "Elm Street Clinic");
    let report = self_test(&[acl("ANALYST", PAGE), name, posts]);
    assert!(report.can_read && !report.can_write);
    assert!(self_test(&[acl("ADMINISTRATOR", "urn:li:organization:5")]).problems[0].contains("no role"));
    let ended = json_answer(426, &json!({"status": 426, "code": "NONEXISTENT_VERSION"}));
    assert!(self_test(&[ended]).problems[0].contains("api_version"));
    assert!(self_test(&[answer(401, &[], "")]).problems[0].contains("authorise"));
}

#[test]
fn the_version_is_configuration() {
    let mut account = account();
    account.config["api_version"] = "202611".into();
    let request = start_self_test(&account).unwrap().next_request().unwrap();
    assert_eq!(header(&request, "linkedin-version"), Some("202611"));
    account.config["api_version"] = "newest".into();
    assert!(start_self_test(&account).is_err());
}

fn sign(body: &[u8]) -> String {
    hex::encode(hmac_sha256(b"sandbox-secret", &[b"hmacsha256=", body]))
}

fn deliver(body: &[u8], signature: &str) -> Result<Delivery, String> {
    let headers = [("X-LI-Signature".to_owned(), signature.to_owned())];
    let incoming = Incoming { headers: &headers, path_secret: "", body };
    let verified = verify_webhook(&account(), &incoming, now()).map_err(|forged| forged.to_string())?;
    read_webhook(&account(), verified).map_err(|error| error.to_string())
}

#[test]
fn the_challenge_is_answered_in_hexadecimal() {
    // RFC 4231, case 2.
    let mut account = account();
    if let Credentials::Oauth2(held) = &mut account.credentials {
        held.client_secret = Secret::new("Jefe");
    }
    let query = [("challengeCode".to_owned(), "what do ya want for nothing?".to_owned())];
    let Handshake::Answer { body, content_type } = webhook_handshake(&account, &Query(&query)) else { panic!() };
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["challengeResponse"], "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_eq!(
        (body["challengeCode"].as_str(), content_type),
        (Some("what do ya want for nothing?"), "application/json")
    );
}

#[test]
fn the_prefix_is_inside_what_is_signed() {
    let body = br#"{"notifications":[]}"#;
    assert!(deliver(body, &sign(body)).is_ok());
    let bare = hex::encode(hmac_sha256(b"sandbox-secret", &[body]));
    assert_eq!(deliver(body, &bare).unwrap_err(), "the signature does not fit the body");
}

#[test]
fn notifications_say_what_is_new_gone_or_due_and_twice_is_once() {
    let one = |id: u32, action: &str, activity: &str| {
        json!({"notificationId": id, "action": action, "organizationalEntity": PAGE, "sourcePost": "urn:li:activity:70",
            "generatedActivity": activity, "lastModifiedAt": now() / 1_000,
            "decoratedGeneratedActivity": {"share": {"entity": "urn:li:share:91", "owner": ROSA, "text": "Thanks"}}})
    };
    let mention = one(3, "SHARE_MENTION", "urn:li:share:91");
    let body = json!({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [
        one(1, "COMMENT", "urn:li:comment:(activity:70,1)"),
        one(2, "COMMENT_DELETE", "urn:li:comment:(activity:70,2)"),
        mention, mention, one(4, "LIKE", "urn:li:activity:1")]})
    .to_string();
    let delivery = deliver(body.as_bytes(), &sign(body.as_bytes())).unwrap();
    assert_eq!(delivery.parts.len(), 1);
    let part = &delivery.parts[0];
    assert_eq!((part.owner.as_deref(), part.poll_now, &part.gone), (Some(PAGE), true, &vec![urn(70, 2)]));
    let polled = shared_item(&served(&mention)).unwrap();
    assert_eq!(part.items, [polled], "one item, and the one that a poll brings");
}

#[test]
fn figures_are_of_a_day_and_never_made_up() {
    let account = account();
    let of = MetricsOf { account: &account, post_native_id: None, since: now() - DAY, until: now() };
    let mut metrics = start_metrics(of).unwrap();
    let asked = metrics.next_request().unwrap().url.query().unwrap().to_owned();
    assert!(asked.contains("timeGranularityType:DAY") && asked.contains("organizationalEntity=urn%3Ali"), "{asked}");
    let day = json!({"timeRange": {"start": now() / 1_000, "end": now() / 1_000},
        "totalShareStatistics": {"impressionCount": 40, "likeCount": 3}});
    let figures = metrics.on_response(&json_answer(200, &list(&[day]))).unwrap();
    let shown: Vec<_> = figures.iter().map(|figure| (figure.metric, figure.value, figure.day)).collect();
    assert_eq!(shown, [(Metric::Views, 40.0, Some(now())), (Metric::Reactions, 3.0, Some(now()))]);
    assert!(metrics.next_request().unwrap().url.path().starts_with("/rest/networkSizes/urn%3Ali"));
    let followers = metrics.on_response(&json_answer(200, &json!({"firstDegreeSize": 812}))).unwrap();
    assert_eq!((followers[0].metric, followers[0].value, metrics.next_request()), (Metric::Followers, 812.0, None));
    let of = MetricsOf { account: &account, post_native_id: Some("urn:li:ugcPost:8"), since: 0, until: now() };
    let asked = start_metrics(of).unwrap().next_request().unwrap();
    assert!(asked.url.query().unwrap().ends_with("ugcPosts=List(urn%3Ali%3AugcPost%3A8)"));
}

proptest! {
    #[test]
    fn nothing_altered_is_accepted(at in 0usize..64, bit in 0u8..8, text in "\\PC{0,20}") {
        let body = json!({"notifications": [], "note": text, "pad": "0123456789012345678901234567890123456789"}).to_string().into_bytes();
        let signature = sign(&body);
        prop_assert!(deliver(&body, &signature).is_ok());
        let mut altered = body.clone();
        let place = at % altered.len();
        altered[place] ^= 1 << bit;
        prop_assert!(deliver(&altered, &signature).is_err());
        let mut forged = signature.into_bytes();
        forged[at] = if forged[at] == b'0' { b'1' } else { b'0' };
        prop_assert!(deliver(&body, std::str::from_utf8(&forged).unwrap()).is_err());
    }
}
