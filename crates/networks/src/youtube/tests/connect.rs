use serde_json::{Value, json};
use url::Url;

use super::{CHANNEL, account};
use crate::testing::{answer, at, json_answer, query};
use crate::*;

const NOW: &str = "2026-11-24T12:00:00Z";

fn app() -> App {
    App {
        base_url: Url::parse("https://youtube.example.org/").unwrap(),
        client_id: "app".to_owned(),
        client_secret: Secret::new("app secret"),
        config: Value::Null,
    }
}

fn channels() -> HttpResponse {
    json_answer(
        200,
        &json!({"items": [{"id": CHANNEL, "snippet": {"title": "Elm Street Clinic"},
            "contentDetails": {"relatedPlaylists": {"uploads": "UUclinic"}}}]}),
    )
}

#[test]
fn a_channel_is_connected_for_access_while_nobody_is_there() {
    let redirect = Url::parse("http://127.0.0.1:8080/connected").unwrap();
    let request = AuthorisationRequest { redirect: &redirect, state: "st", verifier: &"v".repeat(43) };
    let address = authorisation_address(Network::Youtube, &app(), &request).unwrap();
    let value = |name: &str| address.query_pairs().find(|(key, _)| key == name).map(|(_, v)| v.into_owned());
    assert_eq!(value("access_type").as_deref(), Some("offline"));
    assert_eq!(value("prompt").as_deref(), Some("consent"));
    assert_eq!(value("code_challenge_method").as_deref(), Some("S256"));
    assert!(value("scope").unwrap().contains("youtube.force-ssl") && !address.as_str().contains("vvv"));

    let exchange = CodeExchange { redirect: &redirect, code: "code", verifier: "verifier", now: at(NOW) };
    let mut granting = start_exchange(Network::Youtube, &app(), &exchange).unwrap();
    let first = granting.next_request().unwrap();
    assert_eq!(first.url.as_str(), "https://youtube.example.org/token");
    assert!(String::from_utf8(first.body).unwrap().contains("code_verifier=verifier"));
    let tokens = json!({"access_token": "at", "refresh_token": "rt", "expires_in": 3599, "scope": "a b"});
    granting.on_response(&json_answer(200, &tokens)).unwrap();
    assert_eq!(query(&granting.next_request().unwrap(), "mine").as_deref(), Some("true"));
    granting.on_response(&channels()).unwrap();
    let granted = granting.granted();
    assert_eq!((granted[0].native_id.as_str(), granted[0].name.expose().as_str()), (CHANNEL, "Elm Street Clinic"));
    assert_eq!(granted[0].config["uploads_playlist"], "UUclinic");
    assert_eq!(granted[0].credentials.expires_at(), Some(at(NOW) + 3_599_000_000));
}

#[test]
fn a_renewal_keeps_the_refresh_token() {
    let mut account = account();
    assert!(start_renewal(&account, at(NOW)).is_none(), "a fixed token needs none");
    account.credentials = Credentials::Oauth2(Box::new(Oauth2 {
        client_id: "app".to_owned(),
        client_secret: Secret::new("app secret"),
        access_token: Secret::new("old"),
        refresh_token: Secret::new("keep me"),
        ..Oauth2::default()
    }));
    let mut renewal = start_renewal(&account, at(NOW)).unwrap();
    renewal.on_response(&json_answer(200, &json!({"access_token": "new", "expires_in": 3599}))).unwrap();
    let Credentials::Oauth2(renewed) = renewal.granted()[0].credentials.clone() else { panic!() };
    assert_eq!((renewed.access_token.expose(), renewed.refresh_token.expose()), ("new", "keep me"));

    let mut revoked = start_renewal(&account, at(NOW)).unwrap();
    let error = revoked.on_response(&json_answer(400, &json!({"error": "invalid_grant"}))).unwrap_err();
    assert_eq!((error.class(), revoked.granted().len()), (ErrorClass::Authorisation, 0));
}

#[test]
fn the_self_test_says_what_to_mend() {
    let report = |answers: &[HttpResponse]| {
        let mut test = start_self_test(&account()).unwrap();
        for answer in answers {
            assert!(test.next_request().is_some());
            test.on_response(answer).unwrap();
        }
        assert_eq!(test.next_request(), None);
        test.report()
    };
    let empty = json_answer(200, &json!({"items": []}));
    let forbidden = json_answer(403, &json!({"error": {"errors": [{"reason": "forbidden"}]}}));
    let well = report(&[channels(), empty.clone(), empty.clone()]);
    assert!(well.can_read && well.can_write && well.problems.is_empty());
    assert_eq!((well.native_id.as_deref(), &well.config["uploads_playlist"]), (Some(CHANNEL), &json!("UUclinic")));
    assert!(report(std::slice::from_ref(&empty)).problems[0].contains("no YouTube channel"));
    assert!(report(&[answer(401, &[], "{}")]).problems[0].contains("authorise"));
    let reader = report(&[channels(), empty, forbidden]);
    assert!(reader.can_read && !reader.can_write && reader.problems[0].contains("manager"));
}

#[test]
fn figures_are_those_that_youtube_tells() {
    let account = account();
    let figures = |post: Option<&str>, statistics: Value| {
        let of = MetricsOf { account: &account, post_native_id: post, since: 0, until: at(NOW) };
        let mut metrics = start_metrics(of).unwrap();
        assert_eq!(metrics.next_request().unwrap().draws, Some(("units", 1)));
        let figures = metrics.on_response(&json_answer(200, &json!({"items": [{"statistics": statistics}]}))).unwrap();
        assert_eq!(metrics.next_request(), None);
        figures.into_iter().map(|figure| (figure.metric, figure.value)).collect::<Vec<_>>()
    };
    let of_video = figures(Some("vid1"), json!({"viewCount": "1200", "commentCount": "7"}));
    assert_eq!(of_video, [(Metric::Views, 1_200.0), (Metric::Comments, 7.0)], "likes are switched off: left out");
    let hidden = json!({"viewCount": "9", "subscriberCount": "5", "hiddenSubscriberCount": true});
    assert_eq!(figures(None, hidden), [(Metric::Views, 9.0)]);
}
