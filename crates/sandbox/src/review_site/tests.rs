//! The review site as the connector and as people see it.

use bedside_model::Phi;
use bedside_networks::{
    AccountView, Credentials, Network, Operation, Outcome, PollInput, Secret, TransportError, Visibility, parse,
};
use serde_json::{Value, json};

use super::{LOCATION, ReviewSite, TOKEN, spawn};
use crate::fixed_clock;
use crate::testing::{control, deliver, poll, send};

fn site() -> ReviewSite {
    ReviewSite::new("Elm Street Clinic", fixed_clock("2026-11-24T12:00:00Z".parse().unwrap()))
}

fn account(base: &str, token: &str) -> AccountView {
    AccountView {
        network: Network::GoogleBusiness,
        base_url: base.parse().unwrap(),
        own_native_id: None,
        credentials: Credentials::Bearer { token: Secret::new(token) },
        hook_secret: Secret::default(),
        config: json!({"location": LOCATION}),
    }
}

fn input(account: &AccountView) -> PollInput<'_> {
    static NOTHING: Value = Value::Null;
    PollInput { account, source: &NOTHING, cursor: None, known: &[], now: 1_795_521_600_000_000 }
}

#[tokio::test]
async fn a_person_writes_we_answer_and_everybody_sees_it() {
    let running = spawn(site()).await.unwrap();
    let base = running.base_url();
    let write = json!({"author": "Rosa N.", "rating": 2, "text": "I waited <3 hours"});
    let (status, written) = control(&base, "POST", "_sandbox/write", &write).await;
    assert_eq!((status, written["reviewId"].as_str()), (201, Some("review-1")));

    let account = account(&base, TOKEN);
    let (items, _, _) = poll(input(&account)).await;
    let message = parse(&account, &items[0].kind, &items[0].body).unwrap();
    assert_eq!(message.rating, Some(2.0));

    let reply = Operation::Reply {
        thread_native_id: message.thread_native_id,
        parent_native_id: Some(message.native_id),
        visibility: Visibility::Public,
        text: Phi::new("Thank you for telling us.".to_owned()),
    };
    assert!(matches!(deliver(&account, &reply).await, Outcome::Delivered { .. }));

    let (_, page) = control(&base, "GET", "", &Value::Null).await;
    let page = page.as_str().unwrap();
    assert!(page.contains("I waited &lt;3 hours") && page.contains("Thank you for telling us."));
    let (_, log) = control(&base, "GET", "_sandbox/log", &Value::Null).await;
    assert_eq!((log[1]["method"].as_str(), log[1]["idempotency_key"].as_str()), (Some("PUT"), Some("out_1")));
    running.stop().await;
}

#[tokio::test]
async fn a_wrong_token_is_refused() {
    let running = spawn(site()).await.unwrap();
    let account = account(&running.base_url(), "wrong");
    let mut poll = bedside_networks::start_poll(input(&account)).unwrap();
    let answer = send(&poll.next_request().unwrap()).await.unwrap();
    let error = poll.on_response(&answer).unwrap_err();
    assert_eq!(error.to_string(), "the network answered 401 (UNAUTHENTICATED)");
}

#[tokio::test]
async fn reviews_come_in_pages_and_faults_on_demand() {
    let site = site();
    for number in 0..120 {
        site.write(super::WriteReview { author: format!("Person {number}"), rating: 5, ..Default::default() });
    }
    let running = spawn(site.clone()).await.unwrap();
    let account = account(&running.base_url(), TOKEN);
    assert_eq!(poll(input(&account)).await.0.len(), 120);
    assert_eq!(site.control.log().len(), 3);

    let fault = json!({"status": 429, "retry_after": 30, "method": "GET"});
    control(&running.base_url(), "POST", "_sandbox/fault", &fault).await;
    let first = bedside_networks::start_poll(input(&account)).unwrap().next_request().unwrap();
    let limited = send(&first).await.unwrap();
    assert_eq!((limited.status, limited.retry_after_seconds()), (429, Some(30)));
    assert_eq!(send(&first).await.unwrap().status, 200);

    assert_eq!(control(&running.base_url(), "POST", "_sandbox/reset", &json!({})).await.0, 204);
    assert!(poll(input(&account)).await.0.is_empty());
}

#[tokio::test]
async fn a_stopped_site_refuses_connections() {
    let running = spawn(site()).await.unwrap();
    let account = account(&running.base_url(), TOKEN);
    let first = bedside_networks::start_poll(input(&account)).unwrap().next_request().unwrap();
    running.stop().await;
    assert!(matches!(send(&first).await, Err(TransportError::NotSent(_))));
}
