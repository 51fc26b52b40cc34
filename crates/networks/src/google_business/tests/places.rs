use serde_json::{Value, json};

use super::{NOW, account, replied};
use crate::testing::{Polled, answer, at, json_answer, run_poll};
use crate::*;

/// An account of several locations.
fn chain(places: &[u32]) -> AccountView {
    let place = |id: &u32| json!({"name": format!("accounts/1/locations/{id}"), "title": format!("Clinic {id}")});
    AccountView {
        own_native_id: Some("accounts/1".to_owned()),
        config: json!({"account": "accounts/1", "locations": places.iter().map(place).collect::<Vec<_>>()}),
        ..account()
    }
}

/// One review at each location, as long as the location is open.
fn reviews(request: &HttpRequest, closed: Option<u32>) -> HttpResponse {
    let location = request.url.path().trim_start_matches("/v4/").trim_end_matches("/reviews");
    if closed.is_some_and(|id| location == format!("accounts/1/locations/{id}")) {
        return json_answer(400, &json!({"error": {"status": "FAILED_PRECONDITION"}}));
    }
    let review = json!({"name": format!("{location}/reviews/r1"), "starRating": "FOUR", "comment": "Fine",
        "reviewer": {"displayName": "Rosa N."}, "createTime": "2026-11-20T08:00:00Z", "updateTime": "2026-11-20T08:00:00Z"});
    json_answer(200, &json!({"reviews": [replied(review, "Thank you.")], "totalReviewCount": 1}))
}

fn poll(account: &AccountView, cursor: Option<&Value>, closed: Option<u32>) -> Result<Polled, NetError> {
    let input = PollInput { account, source: &Value::Null, cursor, known: &[], now: at(NOW) };
    run_poll(input, |request| reviews(request, closed))
}

#[test]
fn every_location_of_the_account_is_heard_under_its_own_name() {
    let account = chain(&[2, 3]);
    let polled = poll(&account, None, None).unwrap();
    assert_eq!((polled.items.len(), polled.requests.len()), (4, 2));
    let titles = polled.items.iter().map(|item| {
        let message = parse(&account, &item.kind, &item.body).unwrap();
        message.context.unwrap().title.into_inner()
    });
    assert_eq!(titles.collect::<Vec<_>>(), ["Clinic 2", "Clinic 2", "Clinic 3", "Clinic 3"]);
    let own = parse(&account, &polled.items[1].kind, &polled.items[1].body).unwrap();
    assert!(own.is_own && own.author.native_id == "accounts/1");
}

#[test]
fn a_closed_location_keeps_none_waiting_unless_it_is_the_only_one() {
    let polled = poll(&chain(&[2, 3, 4]), None, Some(3)).unwrap();
    assert_eq!((polled.items.len(), polled.requests.len()), (4, 3));
    assert_eq!(poll(&chain(&[3]), None, Some(3)).err().unwrap().class(), ErrorClass::Forbidden);
}

#[test]
fn a_long_chain_is_read_part_by_part() {
    let account = chain(&(100..220).collect::<Vec<_>>());
    let first = poll(&account, None, None).unwrap();
    let second = poll(&account, Some(&first.cursor), None).unwrap();
    let third = poll(&account, Some(&second.cursor), None).unwrap();
    assert_eq!([first.requests.len(), second.requests.len(), third.requests.len()], [50, 50, 50]);
    let first_of = |polled: &Polled| polled.requests[0].url.path().to_owned();
    assert_eq!(first_of(&second), "/v4/accounts/1/locations/150/reviews");
    assert_eq!(first_of(&third), "/v4/accounts/1/locations/200/reviews");
    assert!(third.requests[20].url.path().contains("/100/"), "and then from the beginning again");
}

#[test]
fn an_account_without_a_location_says_so() {
    assert!(matches!(poll(&chain(&[]), None, None), Err(NetError::Config { .. })));
}

#[test]
fn figures_of_all_locations_are_added_up_day_by_day() {
    let account = chain(&[2, 3]);
    let of = MetricsOf {
        account: &account,
        post_native_id: None,
        since: at("2026-11-20T00:00:00Z"),
        until: at("2026-11-22T00:00:00Z"),
    };
    let mut metrics = start_metrics(of).unwrap();
    let calls = json!({"multiDailyMetricTimeSeries": [{"dailyMetricTimeSeries": [
        {"dailyMetric": "CALL_CLICKS", "timeSeries": {"datedValues": [
            {"date": {"year": 2026, "month": 11, "day": 20}, "value": "7"},
            {"date": {"year": 2026, "month": 11, "day": 21}}]}},
        {"dailyMetric": "BUSINESS_CONVERSATIONS", "timeSeries": {"datedValues": []}}]}]});
    let mut figures = Vec::new();
    let mut asked = Vec::new();
    while let Some(request) = metrics.next_request() {
        assert!(request.url.query().unwrap().contains("dailyRange.endDate.day=21"), "the end is exclusive");
        asked.push(request.url.path().to_owned());
        figures.extend(metrics.on_response(&json_answer(200, &calls)).unwrap());
    }
    assert_eq!(
        asked,
        ["/v1/locations/2:fetchMultiDailyMetricsTimeSeries", "/v1/locations/3:fetchMultiDailyMetricsTimeSeries"]
    );
    let told: Vec<_> = figures.iter().map(|figure| (figure.metric, figure.day, figure.value)).collect();
    assert_eq!(
        told,
        [
            (Metric::Actions, Some(at("2026-11-20T00:00:00Z")), 14.0),
            (Metric::Actions, Some(at("2026-11-21T00:00:00Z")), 0.0)
        ],
        "what Google does not tell is left out, and a day without a value is a day of nothing"
    );
    let mut failing = start_metrics(of).unwrap();
    assert!(failing.on_response(&answer(429, &[], "")).is_err());
}
