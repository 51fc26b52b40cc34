use serde_json::{Value, json};
use url::Url;

use super::{NOW, account};
use crate::testing::{answer, at, json_answer, query};
use crate::*;

fn place(id: u32, verified: bool) -> Value {
    json!({"name": format!("locations/{id}"), "title": format!("Clinic {id}"), "metadata": {"hasVoiceOfMerchant": verified}})
}

#[test]
fn an_account_is_connected_with_all_its_locations() {
    let app = App {
        base_url: Url::parse("https://google.example.org/").unwrap(),
        client_id: "app".to_owned(),
        client_secret: Secret::new("app secret"),
        config: Value::Null,
    };
    let redirect = Url::parse("http://127.0.0.1:8080/connected").unwrap();
    let exchange = CodeExchange { redirect: &redirect, code: "code", verifier: "verifier", now: at(NOW) };
    let mut granting = start_exchange(Network::GoogleBusiness, &app, &exchange).unwrap();
    let mut asked = Vec::new();
    while let Some(request) = granting.next_request() {
        asked.push(request.url.path().to_owned());
        let page = query(&request, "pageToken");
        let answered = match (request.url.path(), page.as_deref()) {
            ("/token", _) => json!({"access_token": "at", "refresh_token": "rt", "expires_in": 3599}),
            ("/v1/accounts", _) => json!({"accounts": [
                {"name": "accounts/1", "accountName": "Chris Sample", "type": "PERSONAL"},
                {"name": "accounts/5", "accountName": "Elm Street Clinics", "type": "LOCATION_GROUP"}]}),
            ("/v1/accounts/5/locations", None) => json!({"locations": [place(2, true)], "nextPageToken": "p2"}),
            ("/v1/accounts/5/locations", Some("p2")) => json!({"locations": [place(3, false)]}),
            _ => json!({}),
        };
        granting.on_response(&json_answer(200, &answered)).unwrap();
    }
    assert_eq!(asked.len(), 5, "{asked:?}");
    let granted = granting.granted();
    assert_eq!(granted.len(), 1, "a personal account without locations is not offered");
    assert_eq!(
        (granted[0].native_id.as_str(), granted[0].name.expose().as_str()),
        ("accounts/5", "Elm Street Clinics")
    );
    assert_eq!(
        granted[0].config["locations"],
        json!([{"name": "accounts/5/locations/2", "title": "Clinic 2"}, {"name": "accounts/5/locations/3", "title": "Clinic 3"}])
    );
}

#[test]
fn the_self_test_finds_new_locations_and_names_what_is_not_verified() {
    let mut chain = account();
    chain.config = json!({"account": "accounts/5"});
    let report = |answers: &[HttpResponse]| {
        let mut test = start_self_test(&chain).unwrap();
        for answer in answers {
            assert!(test.next_request().is_some());
            test.on_response(answer).unwrap();
        }
        assert_eq!(test.next_request(), None);
        test.report()
    };
    let places = json_answer(200, &json!({"locations": [place(2, false), place(3, true)]}));
    let well = report(&[places, json_answer(200, &json!({}))]);
    assert!(well.can_read && well.can_write);
    assert_eq!(
        (well.native_id.as_deref(), well.config["locations"].as_array().unwrap().len()),
        (Some("accounts/5"), 2)
    );
    assert!(well.problems[0].contains("not verified"), "{:?}", well.problems);
    assert!(report(&[json_answer(200, &json!({}))]).problems[0].contains("no location"));
    assert!(report(&[answer(401, &[], "{}")]).problems[0].contains("authorise"));
}
