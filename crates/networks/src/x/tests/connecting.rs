//! Connecting: authorisation, self-test, webhooks, figures.

use base64::Engine as _;
use proptest::prelude::*;

use super::*;
use crate::testing::{answer, json_answer, query, served};
use crate::webhook::hmac_sha256;
use crate::x::item::{Includes, post_item};

fn app() -> App {
    App {
        base_url: Url::parse("https://api.x.com/").unwrap(),
        client_id: "app id".into(),
        client_secret: Secret::new("s:1"),
        config: Value::Null,
    }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.expose())
}

#[test]
fn the_address_asks_with_pkce_for_what_is_explained() {
    let redirect = Url::parse("http://127.0.0.1:4400/connected").unwrap();
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let request = AuthorisationRequest { redirect: &redirect, state: "st", verifier };
    let address = authorisation_address(Network::X, &app(), &request).unwrap();
    let parameter =
        |name: &str| address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!((address.host_str(), address.path()), (Some("x.com"), "/i/oauth2/authorize"));
    assert_eq!(parameter("code_challenge").as_deref(), Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    assert_eq!(parameter("code_challenge_method").as_deref(), Some("S256"));
    let scopes = parameter("scope").unwrap();
    for permission in permissions(Network::X).unwrap() {
        assert!(scopes.split(' ').any(|scope| scope == permission.scope) && permission.what_for.starts_with("to "));
    }
    assert!(scopes.contains("offline.access") && !scopes.contains("like") && !scopes.contains("follows"));
}

#[test]
fn a_code_becomes_tokens_and_an_account() {
    let redirect = Url::parse("http://127.0.0.1:4400/connected").unwrap();
    let exchange = CodeExchange { redirect: &redirect, code: "c0de", verifier: "v", now: now() };
    let mut granting = start_exchange(Network::X, &app(), &exchange).unwrap();
    let request = granting.next_request().unwrap();
    assert_eq!(request.url.as_str(), "https://api.x.com/2/oauth2/token");
    let sent = String::from_utf8(request.body.clone()).unwrap();
    assert!(sent.contains("grant_type=authorization_code") && sent.contains("code_verifier=v"), "{sent}");
    // "app+id:s%3A1"
    assert_eq!(header(&request, "authorization"), Some("Basic YXBwK2lkOnMlM0Ex"));
    let tokens =
        json!({"access_token": "at", "refresh_token": "rt", "expires_in": 7200, "scope": "tweet.read tweet.write"});
    granting.on_response(&json_answer(200, &tokens)).unwrap();
    assert_eq!(header(&granting.next_request().unwrap(), "authorization"), Some("Bearer at"));
    granting
        .on_response(&json_answer(
            200,
            &json!({"data": {"id": OWN, "name": "Elm Street Clinic", "username": "ElmStreetClinic"}}),
        ))
        .unwrap();
    let granted = granting.granted().remove(0);
    assert_eq!((granted.native_id.as_str(), granted.config["username"].as_str()), (OWN, Some("ElmStreetClinic")));
    assert_eq!(granted.credentials.expires_at(), Some(now() + 7_200_000_000));
}

#[test]
fn each_renewal_takes_the_new_refresh_token_and_never_loses_the_old_one() {
    let renew = |tokens: Value| {
        let mut granting = start_renewal(&account(), now()).unwrap();
        let sent = String::from_utf8(granting.next_request().unwrap().body).unwrap();
        assert!(sent.contains("grant_type=refresh_token&refresh_token=refresh"), "{sent}");
        granting.on_response(&json_answer(200, &tokens)).unwrap();
        assert_eq!(granting.next_request(), None);
        let Credentials::Oauth2(held) = granting.granted().remove(0).credentials else { panic!() };
        held.refresh_token.expose().to_owned()
    };
    assert_eq!(renew(json!({"access_token": "a2", "refresh_token": "r2", "expires_in": 7200})), "r2");
    assert_eq!(renew(json!({"access_token": "a2", "refresh_token": "", "expires_in": 7200})), "refresh");
    let mut revoked = start_renewal(&account(), now()).unwrap();
    let error = revoked
        .on_response(&json_answer(400, &json!({"error": "invalid_grant", "error_description": "x y"})))
        .unwrap_err();
    assert_eq!(
        (error.class(), error.to_string()),
        (ErrorClass::Authorisation, "the network answered 400 (invalid_grant)".to_owned())
    );
    assert!(start_renewal(&oauth1(), now()).is_none(), "what does not end is not renewed");
}

#[test]
fn the_self_test_says_who_we_are_and_what_to_mend() {
    let mut test = start_self_test(&account()).unwrap();
    test.on_response(&json_answer(
        200,
        &json!({"data": {"id": OWN, "name": "Elm Street Clinic", "username": "ElmStreetClinic"}}),
    ))
    .unwrap();
    assert_eq!(test.next_request().unwrap().url.path(), format!("/2/users/{OWN}/mentions"));
    test.on_response(&json_answer(200, &json!({"meta": {"result_count": 0}}))).unwrap();
    let report = test.report();
    assert!(report.can_read && report.can_write && report.problems.is_empty());
    assert_eq!(report.native_id.as_deref(), Some(OWN));
    let problem = |status| {
        let mut test = start_self_test(&account()).unwrap();
        test.on_response(&answer(status, &[], "")).unwrap();
        assert_eq!(test.next_request(), None);
        test.report().problems[0]
    };
    assert!(problem(401).contains("authorise") && problem(402).contains("credit") && problem(403).contains("access"));
}

#[test]
fn a_signed_self_test_learns_the_time_from_the_network_once() {
    let mut test = start_self_test(&oauth1()).unwrap();
    let late = answer(401, &[("Date", "Tue, 24 Nov 2026 12:00:00 GMT")], "");
    test.on_response(&late).unwrap();
    let request = test.next_request().unwrap();
    assert!(header(&request, "authorization").unwrap().contains("oauth_timestamp=\"1795521600\""));
    test.on_response(&late).unwrap();
    assert!(test.report().problems[0].contains("authorise"), "a second refusal is one");
}

fn sign(key: &str, body: &[u8]) -> String {
    format!("sha256={}", base64::engine::general_purpose::STANDARD.encode(hmac_sha256(key.as_bytes(), &[body])))
}

fn deliver(account: &AccountView, body: &[u8], signature: &str) -> Result<Delivery, String> {
    let headers = [("X-Twitter-Webhooks-Signature".to_owned(), signature.to_owned())];
    let incoming = Incoming { headers: &headers, path_secret: "", body };
    let verified = verify_webhook(account, &incoming, now()).map_err(|forged| forged.to_string())?;
    read_webhook(account, verified).map_err(|error| error.to_string())
}

#[test]
fn the_challenge_is_answered_as_x_asks() {
    // HMAC-SHA-256 of RFC 4231, case 2, in base64.
    let mut account = oauth1();
    if let Credentials::Oauth1 { consumer_secret, .. } = &mut account.credentials {
        *consumer_secret = Secret::new("Jefe");
    }
    let query = [("crc_token".to_owned(), "what do ya want for nothing?".to_owned())];
    let Handshake::Answer { body, .. } = webhook_handshake(&account, &Query(&query)) else { panic!() };
    assert_eq!(body, r#"{"response_token":"sha256=W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="}"#);
    assert_eq!(webhook_handshake(&account, &Query(&[])), Handshake::NotOne);
}

#[test]
fn a_post_by_webhook_is_the_one_that_a_poll_brings() {
    let account = account();
    let post = mention("1001", NOW, "@ElmStreetClinic hello");
    let event =
        json!({"data": {"event_type": "post.mention.create", "filter": {"user_id": OWN}, "payload": post}}).to_string();
    let part = deliver(&account, event.as_bytes(), &sign("sandbox-secret", event.as_bytes())).unwrap().parts.remove(0);
    let polled = post_item(&served(&post), &Includes::of(&served(&json!({"includes": includes()}))));
    assert_eq!(part.owner.as_deref(), Some(OWN));
    assert_eq!((&part.items[0].native_id, &part.items[0].content_hash), (&polled.native_id, &polled.content_hash));
    let mut bare = post;
    bare.as_object_mut().unwrap().remove("conversation_id");
    let event = json!({"data": {"event_type": "post.create", "payload": bare}}).to_string();
    let part = deliver(&account, event.as_bytes(), &sign("sandbox-secret", event.as_bytes())).unwrap().parts.remove(0);
    assert!(part.items.is_empty() && part.poll_now, "without a conversation its thread is not known");
}

#[test]
fn the_older_deliveries_say_that_a_poll_is_due_and_what_is_gone() {
    let body = json!({"for_user_id": OWN, "tweet_create_events": [{"id_str": "1001"}],
        "tweet_delete_events": [{"status": {"id": "900", "user_id": "501"}}]})
    .to_string();
    let part = deliver(&account(), body.as_bytes(), &sign("sandbox-secret", body.as_bytes())).unwrap().parts.remove(0);
    assert!(part.poll_now);
    assert_eq!((part.gone, part.owner.as_deref()), (vec!["900".to_owned()], Some(OWN)));
}

#[test]
fn figures_are_named_and_never_made_up() {
    let figures = |post: Option<&str>, counted: Value| {
        let account = account();
        let mut metrics =
            start_metrics(MetricsOf { account: &account, post_native_id: post, since: 0, until: now() }).unwrap();
        assert_eq!(
            query(&metrics.next_request().unwrap(), if post.is_some() { "tweet.fields" } else { "user.fields" })
                .as_deref(),
            Some("public_metrics")
        );
        let figures = metrics.on_response(&json_answer(200, &json!({"data": {"public_metrics": counted}}))).unwrap();
        assert_eq!(metrics.next_request(), None);
        figures.into_iter().map(|figure| (figure.metric, figure.native_name, figure.value)).collect::<Vec<_>>()
    };
    let post = json!({"repost_count": 3, "quote_count": 1, "like_count": 9, "impression_count": 500});
    assert_eq!(
        figures(Some("1001"), post),
        [
            (Metric::Views, "impression_count".to_owned(), 500.0),
            (Metric::Reactions, "like_count".to_owned(), 9.0),
            (Metric::Shares, "repost_count+quote_count".to_owned(), 4.0),
        ]
    );
    assert_eq!(
        figures(None, json!({"followers_count": 812})),
        [(Metric::Followers, "followers_count".to_owned(), 812.0)]
    );
}

proptest! {
    #[test]
    fn nothing_altered_is_accepted(at in 0usize..60, bit in 0u8..8, text in "\\PC{0,20}") {
        let account = account();
        let body = json!({"for_user_id": OWN, "note": text, "pad": "0123456789012345678901234567890123456789"}).to_string().into_bytes();
        let signature = sign("sandbox-secret", &body);
        prop_assert!(deliver(&account, &body, &signature).is_ok());
        let mut altered = body.clone();
        let place = at % altered.len();
        altered[place] ^= 1 << bit;
        prop_assert!(deliver(&account, &altered, &signature).is_err());
        let mut forged = signature.clone().into_bytes();
        let place = 7 + at % 43;
        forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
        // The last sign holds two bits that stand for nothing; another there is no base64 at all.
        prop_assert!(deliver(&account, &body, std::str::from_utf8(&forged).unwrap()).is_err());
    }
}
