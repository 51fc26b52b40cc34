//! Sessions, the self-test and the counts.

use base64::Engine as _;

use super::*;

/// A token that says when it ends.
fn token(ends: i64) -> String {
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json!({"exp": ends}).to_string());
    format!("e30.{claims}.sig")
}

fn session(access: &str) -> HttpResponse {
    json_answer(
        200,
        &json!({"did": CLINIC, "handle": "clinic.example.org", "active": true, "accessJwt": access,
        "refreshJwt": "refresh-2", "email": "office@example.org"}),
    )
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    request.headers.iter().find(|(name, _)| *name == "authorization").map(|(_, value)| value.expose())
}

#[test]
fn a_session_is_renewed_with_what_the_last_one_left_and_else_with_the_password() {
    let account = account();
    let mut renewal = start_renewal(&account, at(NOW)).unwrap();
    let first = renewal.next_request().unwrap();
    assert!(first.url.path().ends_with("com.atproto.server.refreshSession"));
    assert_eq!(bearer(&first), Some("Bearer refresh"));
    renewal.on_response(&json_answer(400, &json!({"error": "ExpiredToken"}))).unwrap();
    let second = renewal.next_request().unwrap();
    assert!(second.url.path().ends_with("com.atproto.server.createSession") && bearer(&second).is_none());
    assert_eq!(serde_json::from_slice::<Value>(&second.body).unwrap()["password"], "app-password");
    renewal.on_response(&session(&token(1_795_530_000))).unwrap();
    assert!(renewal.next_request().is_none());
    let granted = &renewal.granted()[0];
    assert_eq!(granted.native_id, CLINIC);
    let Credentials::Session(held) = &granted.credentials else { panic!() };
    assert_eq!((held.refresh_token.expose(), held.password.expose()), ("refresh-2", "app-password"));
    assert_eq!(held.expires_at, Some(1_795_530_000_000_000));
    assert!(!format!("{granted:?}").contains("app-password"));
}

#[test]
fn a_refused_password_needs_a_person_and_a_busy_network_does_not() {
    let account = account();
    let mut renewal = start_renewal(&account, at(NOW)).unwrap();
    let busy = renewal.on_response(&answer(502, &[], "")).unwrap_err();
    assert_eq!(busy.class(), ErrorClass::Transient);
    renewal.on_response(&answer(401, &[], r#"{"error":"AuthMissing"}"#)).unwrap();
    let refused = renewal.on_response(&answer(401, &[], r#"{"error":"AuthenticationRequired"}"#)).unwrap_err();
    assert_eq!(refused.class(), ErrorClass::Authorisation);
    let bearer = AccountView { credentials: Credentials::Bearer { token: Secret::new("x") }, ..account };
    assert!(start_renewal(&bearer, at(NOW)).is_none());
    assert_eq!(permissions(Network::Bluesky).map(<[_]>::len), Some(0), "an app password asks for nothing");
}

#[test]
fn the_self_test_begins_its_own_session_where_there_is_none() {
    let mut account = account();
    let Credentials::Session(held) = &mut account.credentials else { panic!() };
    held.access_token = Secret::default();
    let mut test = start_self_test(&account).unwrap();
    assert!(test.next_request().unwrap().url.path().ends_with("createSession"));
    test.on_response(&session("fresh")).unwrap();
    assert_eq!(bearer(&test.next_request().unwrap()), Some("Bearer fresh"));
    test.on_response(&json_answer(200, &json!({"notifications": []}))).unwrap();
    let report = test.report();
    assert!(report.can_read && report.can_write && report.problems.is_empty());
    assert_eq!(
        (report.native_id.as_deref(), report.name.unwrap().expose().as_str()),
        (Some(CLINIC), "clinic.example.org")
    );

    let mut refused = start_self_test(&account).unwrap();
    refused.on_response(&answer(401, &[], r#"{"error":"AuthFactorTokenRequired"}"#)).unwrap();
    assert!(refused.report().problems[0].contains("app password"));
    let mut ended = start_self_test(&super::account()).unwrap();
    assert!(ended.next_request().unwrap().url.path().ends_with("getSession"));
    ended.on_response(&answer(400, &[], r#"{"error":"ExpiredToken"}"#)).unwrap();
    assert!(ended.next_request().unwrap().url.path().ends_with("createSession"));
}

#[test]
fn counts_are_told_as_they_are_and_what_is_missing_stays_out() {
    let account = account();
    let figures = |post: Option<&str>, body: Value| {
        let of = MetricsOf { account: &account, post_native_id: post, since: 0, until: at(NOW) };
        let mut metrics = start_metrics(of).unwrap();
        let figures = metrics.on_response(&json_answer(200, &body)).unwrap();
        assert!(metrics.next_request().is_none());
        figures.into_iter().map(|figure| (figure.metric, figure.value as u32)).collect::<Vec<_>>()
    };
    let shown = json!({"posts": [post(CLINIC, "a", None, "x")]});
    assert_eq!(figures(Some(&uri(CLINIC, "a")), shown), [(Metric::Reactions, 3), (Metric::Comments, 0)]);
    assert_eq!(figures(Some(&uri(CLINIC, "a")), json!({"posts": []})), [], "a post that is gone counts nothing");
    assert_eq!(figures(None, json!({"followersCount": 5})), [(Metric::Followers, 5)]);
}
