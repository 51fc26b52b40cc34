//! Registering, authorising, the self-test and the counts.

use super::*;

fn app() -> App {
    App {
        base_url: Url::parse("https://social.example.org/").unwrap(),
        client_id: "client".to_owned(),
        client_secret: Secret::new("app-secret"),
        config: Value::Null,
    }
}

#[test]
fn registering_comes_first_then_a_person_authorises_then_the_token_is_theirs() {
    let redirect = Url::parse("http://127.0.0.1:4499/back").unwrap();
    let base_url = app().base_url;
    let registration = Registration { base_url: &base_url, redirect: &redirect, name: "Bedside", website: None };
    let mut registering = start_registration(Network::Mastodon, &registration).unwrap().unwrap();
    let request = registering.next_request().unwrap();
    assert_eq!(request.url.as_str(), "https://social.example.org/api/v1/apps");
    assert!(String::from_utf8_lossy(&request.body).contains("write:statuses"));
    let made = json!({"id": "1", "name": "Bedside", "client_id": "client", "client_secret": "app-secret"});
    registering.on_response(&json_answer(200, &made)).unwrap();
    let app = registering.registered().unwrap();
    assert!(start_registration(Network::GoogleBusiness, &registration).is_none());

    let request = AuthorisationRequest { redirect: &redirect, state: "st", verifier: &"v".repeat(43) };
    let address = authorisation_address(Network::Mastodon, &app, &request).unwrap();
    assert!(
        address.as_str().starts_with("https://social.example.org/oauth/authorize?response_type=code&client_id=client")
    );
    assert!(!address.as_str().contains(&"v".repeat(43)) && address.as_str().contains("code_challenge_method=S256"));
    let unregistered = App { client_id: String::new(), ..app.clone() };
    let refused = authorisation_address(Network::Mastodon, &unregistered, &request).unwrap_err();
    assert!(refused.to_string().contains("register first"));

    let exchange = CodeExchange { redirect: &redirect, code: "c0de", verifier: request.verifier, now: at(NOW) };
    let mut granting = start_exchange(Network::Mastodon, &app, &exchange).unwrap();
    let asked: Value = serde_json::from_slice(&granting.next_request().unwrap().body).unwrap();
    assert_eq!((&asked["code"], &asked["code_verifier"]), (&json!("c0de"), &json!("v".repeat(43))));
    let token = json!({"access_token": "tok", "token_type": "Bearer", "scope": "read:statuses write:statuses"});
    granting.on_response(&json_answer(200, &token)).unwrap();
    let whose = granting.next_request().unwrap();
    assert!(whose.headers.iter().any(|(name, value)| *name == "authorization" && value.expose() == "Bearer tok"));
    granting.on_response(&json_answer(200, &json!({"id": "1", "acct": "clinic", "display_name": ""}))).unwrap();
    let granted = &granting.granted()[0];
    assert_eq!((granted.native_id.as_str(), granted.name.expose().as_str()), ("1", "clinic"));
    let Credentials::Oauth2(held) = &granted.credentials else { panic!() };
    assert_eq!((held.client_id.as_str(), held.expires_at, held.scopes.len()), ("client", None, 2));
    assert!(start_renewal(&account(), at(NOW)).is_none(), "these tokens do not end");
}

#[test]
fn a_refused_code_is_an_error_without_words() {
    let redirect = Url::parse("http://127.0.0.1:4499/back").unwrap();
    let exchange = CodeExchange { redirect: &redirect, code: "c0de", verifier: "v", now: at(NOW) };
    let mut granting = start_exchange(Network::Mastodon, &app(), &exchange).unwrap();
    let refused = json_answer(400, &json!({"error": "invalid_grant", "error_description": "Rosa"}));
    let error = granting.on_response(&refused).unwrap_err().to_string();
    assert_eq!(error, "the network answered 400 (invalid_grant)");
}

fn self_test(account: &AccountView, network: impl Fn(&str) -> HttpResponse) -> SelfReport {
    let mut test = start_self_test(account).unwrap();
    while let Some(request) = test.next_request() {
        test.on_response(&network(request.url.path())).unwrap();
    }
    test.report()
}

#[test]
fn the_self_test_learns_the_servers_limits_in_either_version() {
    let me = json_answer(200, &json!({"id": "1", "acct": "clinic", "display_name": "Elm Street Clinic"}));
    let statuses = json!({"max_characters": 1_000, "characters_reserved_per_url": 23, "max_media_attachments": 8});
    let newer = json!({"configuration": {"statuses": statuses, "urls": {"streaming": "wss://stream.example.org"},
        "media_attachments": {"image_size_limit": 5, "supported_mime_types": ["image/png"]}}});
    let report = self_test(&account(), |path| match path {
        "/api/v1/accounts/verify_credentials" => me.clone(),
        "/api/v2/instance" => json_answer(200, &newer),
        _ => json_answer(200, &json!([])),
    });
    assert!(report.can_read && report.can_write && report.problems.is_empty());
    assert_eq!((report.native_id.as_deref(), &report.config["max_characters"]), (Some("1"), &json!(1_000)));
    assert_eq!(report.config["streaming"], "wss://stream.example.org");

    let older = json!({"uri": "small.example.org", "max_toot_chars": 100_000, "urls": {"streaming_api": ""}});
    let report = self_test(&account(), |path| match path {
        "/api/v1/accounts/verify_credentials" => me.clone(),
        "/api/v2/instance" => json_answer(404, &json!({"error": "Record not found"})),
        "/api/v1/instance" => json_answer(200, &older),
        _ => json_answer(200, &json!([])),
    });
    assert_eq!((&report.config["max_characters"], &report.config["streaming"]), (&json!(100_000), &Value::Null));
    assert!(report.can_read);

    let report = self_test(&account(), |path| match path {
        "/api/v1/accounts/verify_credentials" => me.clone(),
        "/api/v2/instance" => {
            let mut here = newer.clone();
            here["configuration"]["urls"]["streaming"] = "wss://social.example.org".into();
            json_answer(200, &here)
        }
        "/api/v1/streaming/health" => answer(404, &[], "<h1>404 Not Found</h1>"),
        _ => json_answer(200, &json!([])),
    });
    assert_eq!(report.config["streaming"], Value::Null, "it tells an address where nothing streams");

    let refused = self_test(&account(), |_| answer(401, &[], "{}"));
    assert!(!refused.can_read && refused.problems[0].contains("authorise"));
}

#[test]
fn counts_are_told_as_they_are_and_what_is_missing_stays_out() {
    let account = account();
    let figures = |post: Option<&str>, body: Value| {
        let of = MetricsOf { account: &account, post_native_id: post, since: 0, until: at(NOW) };
        let mut metrics = start_metrics(of).unwrap();
        assert!(metrics.next_request().is_some());
        let figures = metrics.on_response(&json_answer(200, &body)).unwrap();
        assert!(metrics.next_request().is_none());
        figures.into_iter().map(|figure| (figure.metric, figure.value as u32)).collect::<Vec<_>>()
    };
    let shown = with(status(10, CLINIC, None, "x"), "replies_count", 4);
    assert_eq!(figures(Some("10"), shown), [(Metric::Reactions, 3), (Metric::Comments, 4), (Metric::Shares, 2)]);
    assert_eq!(figures(None, json!({"followers_count": 5})), [(Metric::Followers, 5)]);
}
