//! Connecting, the self-test, and figures; on both hosts.

use super::*;
use crate::testing::query;

fn app(host: &str) -> App {
    App {
        base_url: Url::parse(host).unwrap(),
        client_id: "77".to_owned(),
        client_secret: Secret::new("app-secret"),
        config: json!({}),
    }
}

fn granted(app: &App, mut network: impl FnMut(&HttpRequest) -> Value) -> Vec<Granted> {
    let redirect = Url::parse("https://bedside.example.org/connect").unwrap();
    let exchange = CodeExchange { redirect: &redirect, code: "the-code", verifier: "v", now: 1_000_000 };
    let mut granting = start_exchange(Network::Instagram, app, &exchange).unwrap();
    while let Some(request) = granting.next_request() {
        granting.on_response(&json_answer(200, &network(&request))).unwrap();
    }
    granting.granted()
}

#[test]
fn through_facebook_the_account_of_each_page_is_offered() {
    let app = app("https://graph.facebook.com/");
    let redirect = Url::parse("https://bedside.example.org/connect").unwrap();
    let asked = AuthorisationRequest { redirect: &redirect, state: "st", verifier: "v" };
    let address = authorisation_address(Network::Instagram, &app, &asked).unwrap().to_string();
    assert!(address.starts_with("https://www.facebook.com/v26.0/dialog/oauth"), "{address}");
    assert!(address.contains("instagram_manage_comments"), "{address}");
    let granted = granted(&app, |request| match path(request) {
        "oauth/access_token" => json!({"access_token": "long"}),
        "debug_token" => json!({"data": {}}),
        "me/accounts" => json!({"data": [
            {"id": "1000", "name": "Clinic", "access_token": "p1",
                "instagram_business_account": {"id": OWN, "username": "elmstreetclinic"}},
            {"id": "2000", "name": "No account", "access_token": "p2"}]}),
        other => panic!("{other}"),
    });
    assert_eq!(granted.len(), 1);
    assert_eq!((granted[0].native_id.as_str(), &granted[0].config["page_id"]), (OWN, &json!("1000")));
}

#[test]
fn through_instagram_the_token_lasts_sixty_days_and_is_renewed_with_itself() {
    let app = app("https://graph.instagram.com/");
    let redirect = Url::parse("https://bedside.example.org/connect").unwrap();
    let asked = AuthorisationRequest { redirect: &redirect, state: "st", verifier: "v" };
    let address = authorisation_address(Network::Instagram, &app, &asked).unwrap().to_string();
    assert!(address.starts_with("https://www.instagram.com/oauth/authorize?client_id=77"), "{address}");
    assert!(address.contains("instagram_business_manage_comments") && address.contains("code_challenge="), "{address}");
    let granted = granted(&app, |request| match (request.url.host_str().unwrap(), request.url.path()) {
        ("api.instagram.com", "/oauth/access_token") => {
            assert_eq!(request.method, Method::Post);
            json!({"data": [{"access_token": "short", "user_id": "1", "permissions": "instagram_business_basic"}]})
        }
        ("graph.instagram.com", "/access_token") => json!({"access_token": "long", "expires_in": 5_184_000}),
        ("graph.instagram.com", "/me") => json!({"id": "1", "user_id": OWN, "username": "elmstreetclinic"}),
        other => panic!("{other:?}"),
    });
    let Credentials::Oauth2(held) = &granted[0].credentials else { panic!() };
    assert_eq!((granted[0].native_id.as_str(), held.access_token.expose()), (OWN, "long"));
    assert_eq!(held.expires_at, Some(5_184_001_000_000));
    assert_eq!(held.scopes, ["instagram_business_basic"]);

    let mut renewal = start_renewal(&by_itself(), 2_000_000).unwrap();
    while let Some(request) = renewal.next_request() {
        let answer = match request.url.path() {
            "/refresh_access_token" => {
                assert_eq!(query(&request, "grant_type").as_deref(), Some("ig_refresh_token"));
                json!({"access_token": "longer", "expires_in": 60})
            }
            _ => json!({"user_id": OWN}),
        };
        renewal.on_response(&json_answer(200, &answer)).unwrap();
    }
    let renewed = renewal.granted().remove(0).credentials.over(&by_itself().credentials);
    let Credentials::Oauth2(held) = renewed else { panic!() };
    assert_eq!((held.access_token.expose(), held.expires_at), ("longer", Some(62_000_000)));
    assert_eq!(held.client_secret.expose(), "It's a Secret to Everybody");
    assert!(start_renewal(&account(), 0).is_none(), "the token of a page does not end");
    let mut refused = start_renewal(&by_itself(), 0).unwrap();
    assert_eq!(refused.on_response(&error(400, 190, 463)).unwrap_err().class(), ErrorClass::Authorisation);
}

fn self_test(account: &AccountView, mut network: impl FnMut(&str) -> HttpResponse) -> SelfReport {
    let mut test = start_self_test(account).unwrap();
    for _ in 0..10 {
        let Some(request) = test.next_request() else { return test.report() };
        assert_eq!(request.method, Method::Get, "a self-test changes nothing");
        test.on_response(&network(path(&request))).unwrap();
    }
    panic!("a self-test must end")
}

#[test]
fn the_account_is_found_through_its_page_and_its_installation_is_looked_at() {
    let mut account = account();
    (account.own_native_id, account.config) = (None, json!({}));
    let network = |installed: bool| {
        move |path: &str| match path {
            "me" => json_answer(
                200,
                &json!({"id": "1000",
                "instagram_business_account": {"id": OWN, "username": "elmstreetclinic"}}),
            ),
            "debug_token" => json_answer(
                200,
                &json!({"data": {"scopes": ["instagram_basic", "instagram_manage_comments",
                "instagram_content_publish"]}}),
            ),
            "17841/media" => list(&[]),
            "1000/subscribed_apps" if installed => list(&[json!({"id": "77"})]),
            "1000/subscribed_apps" => list(&[json!({"id": "99"})]),
            other => panic!("{other}"),
        }
    };
    let report = self_test(&account, network(true));
    assert_eq!((report.native_id.as_deref(), report.can_read, report.can_write), (Some(OWN), true, true));
    assert_eq!((&report.config["username"], &report.config["page_id"]), (&json!("elmstreetclinic"), &json!("1000")));
    assert_eq!((report.webhooks, report.problems), (Some(true), Vec::new()));
    let silent = self_test(&account, network(false));
    assert_eq!((silent.webhooks, silent.problems.len()), (Some(false), 1));
    let none = self_test(&account, |_| json_answer(200, &json!({"id": "1000"})));
    assert!(none.native_id.is_none() && none.problems[0].contains("no Instagram account"));
}

#[test]
fn by_itself_the_account_is_subscribed_to_fields() {
    let report = self_test(&by_itself(), |path| match path {
        "me" => json_answer(200, &json!({"id": "1", "user_id": OWN, "username": "elmstreetclinic"})),
        "17841/media" => list(&[]),
        "17841/subscribed_apps" => list(&[json!({"id": "77", "subscribed_fields": ["messages"]})]),
        other => panic!("{other}"),
    });
    assert_eq!((report.can_read, report.webhooks), (true, Some(false)));
    assert!(report.problems[0].contains("field comments"), "{:?}", report.problems);
    let refused = self_test(&by_itself(), |_| error(400, 190, 460));
    assert!(!refused.can_read && refused.problems[0].contains("authorise"));
}

#[test]
fn requests_to_the_other_host_carry_no_proof() {
    let proof =
        |account: &AccountView| query(&start_self_test(account).unwrap().next_request().unwrap(), "appsecret_proof");
    assert!(proof(&account()).is_some());
    assert_eq!(proof(&by_itself()), None);
}

fn figures(post: Option<&str>, mut network: impl FnMut(&HttpRequest) -> HttpResponse) -> Vec<Figure> {
    let account = account();
    let of = MetricsOf {
        account: &account,
        post_native_id: post,
        since: at("2026-11-22T00:00:00Z"),
        until: at("2026-11-24T00:00:00Z"),
    };
    let mut metrics = start_metrics(of).unwrap();
    let mut figures = Vec::new();
    while let Some(request) = metrics.next_request() {
        figures.extend(metrics.on_response(&network(&request)).unwrap());
    }
    figures
}

#[test]
fn figures_are_of_a_day_or_of_a_medium_and_followers_are_a_total() {
    let days = figures(None, |request| match path(request) {
        "17841/insights" => {
            assert_eq!(query(request, "metric_type").as_deref(), Some("total_value"));
            assert!(!query(request, "metric").unwrap().contains("impressions"));
            list(&[json!({"name": "views", "period": "day", "total_value": {"value": 12}}), json!({"name": "reach"})])
        }
        _ => json_answer(200, &json!({"followers_count": 812})),
    });
    let told: Vec<(Metric, Option<bedside_model::Micros>, f64)> =
        days.iter().map(|f| (f.metric, f.day, f.value)).collect();
    let day = |text: &str| Some(at(text));
    assert_eq!(
        told,
        [
            (Metric::Views, day("2026-11-23T00:00:00Z"), 12.0),
            (Metric::Views, day("2026-11-22T00:00:00Z"), 12.0),
            (Metric::Followers, None, 812.0)
        ]
    );
    let medium = figures(Some("900"), |_| list(&[json!({"name": "likes", "values": [{"value": 4}]})]));
    assert_eq!((medium.len(), medium[0].metric, medium[0].value), (1, Metric::Reactions, 4.0));
}
