//! Each fault as a client sees it, and what the server saw.

use bedside_networks::{
    AccountView, Credentials, HttpRequest, HttpResponse, Network, Operation, Secret, TransportError, Visibility,
    start_send,
};
use serde_json::json;

use super::{Applies, FaultProxy, NetFault, Plan, spawn};
use crate::review_site::{self, LOCATION, ReviewSite, TOKEN, WriteReview};
use crate::testing::{order, send};
use crate::{Running, fixed_clock};

struct Scene {
    site: ReviewSite,
    proxy: FaultProxy,
    _running: (Running, Running),
    reply: HttpRequest,
}

async fn scene(faults: Vec<NetFault>) -> Scene {
    let site = ReviewSite::new("Elm Street Clinic", fixed_clock("2026-11-24T12:00:00Z".parse().unwrap()));
    site.write(WriteReview { author: "Rosa".into(), rating: 3, ..WriteReview::default() });
    let server = review_site::spawn(site.clone()).await.unwrap();
    let proxy = FaultProxy::new(server.addr(), Plan::ordered(faults, Applies::ToWrites));
    let running = spawn(proxy.clone()).await.unwrap();
    let account = AccountView {
        network: Network::GoogleBusiness,
        base_url: running.base_url().parse().unwrap(),
        own_native_id: None,
        credentials: Credentials::Bearer { token: Secret::new(TOKEN) },
        hook_secret: Secret::default(),
        config: json!({"location": LOCATION}),
    };
    let operation = Operation::Reply {
        thread_native_id: format!("{LOCATION}/reviews/review-1"),
        parent_native_id: None,
        visibility: Visibility::Public,
        text: "Thank you.".to_owned().into(),
    };
    let reply = start_send(order(&account, &operation)).unwrap().next_request().unwrap();
    Scene { site, proxy, reply, _running: (server, running) }
}

async fn one(fault: NetFault) -> (Result<HttpResponse, TransportError>, Scene) {
    let scene = scene(vec![fault]).await;
    (send(&scene.reply).await, scene)
}

fn applied(scene: &Scene) -> bool {
    scene.site.reply_to("review-1").is_some()
}

#[tokio::test]
async fn without_a_fault_everything_passes() {
    let (answer, scene) = one(NetFault::None).await;
    assert_eq!(answer.unwrap().status, 200);
    assert!(applied(&scene));
    let log = scene.proxy.log();
    assert_eq!((log[0].method.as_str(), log[0].idempotency_key.as_deref()), ("PUT", Some("out_1")));
    assert_eq!(log[0].upstream_status, Some(200));
}

#[tokio::test]
async fn what_never_reaches_the_server_takes_no_effect() {
    for fault in [NetFault::Drop, NetFault::Reset] {
        let (answer, scene) = one(fault.clone()).await;
        assert!(matches!(answer, Err(TransportError::MaybeSent(_))), "{fault:?}");
        assert!(!applied(&scene) && scene.proxy.log()[0].upstream_status.is_none());
    }
    let (answer, scene) = one(NetFault::Status { status: 429, retry_after: Some(5) }).await;
    assert_eq!(answer.unwrap().retry_after_seconds(), Some(5));
    assert!(!applied(&scene));
}

#[tokio::test]
async fn what_is_lost_after_the_effect_looks_the_same_and_is_not() {
    for fault in [NetFault::LostAfterApply, NetFault::Truncate { bytes: 60 }, NetFault::Truncate { bytes: usize::MAX }]
    {
        let (answer, scene) = one(fault.clone()).await;
        assert!(matches!(answer, Err(TransportError::MaybeSent(_))), "{fault:?}");
        assert!(applied(&scene) && scene.proxy.log()[0].upstream_status == Some(200));
    }
    let (answer, scene) = one(NetFault::OddBody).await;
    assert_eq!(answer.unwrap().header("content-type"), Some("text/html"));
    assert!(applied(&scene));
    let (answer, scene) = one(NetFault::ErrorAfterApply { status: 502 }).await;
    assert_eq!(answer.unwrap().status, 502);
    assert!(applied(&scene));
}

#[tokio::test]
async fn a_half_open_connection_answers_nothing_until_somebody_gives_up() {
    let scene = scene(vec![NetFault::HalfOpen]).await;
    let sending = tokio::spawn({
        let reply = scene.reply.clone();
        async move { send(&reply).await }
    });
    while scene.proxy.log().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(!sending.is_finished());
    sending.abort();
    assert!(!applied(&scene));
}

#[tokio::test]
async fn a_delayed_request_arrives() {
    let (answer, scene) = one(NetFault::Delay { millis: 5 }).await;
    assert_eq!(answer.unwrap().status, 200);
    assert!(applied(&scene));
}

#[test]
fn the_same_seed_gives_the_same_row_of_faults() {
    let draw = |seed| {
        let weights = vec![(3, NetFault::None), (1, NetFault::Reset), (1, NetFault::LostAfterApply)];
        let mut plan = Plan::seeded(seed, weights, Applies::ToWrites);
        assert_eq!(plan.next("GET"), NetFault::None);
        (0..200).map(|_| plan.next("POST")).collect::<Vec<_>>()
    };
    assert_eq!(draw(7), draw(7));
    assert_ne!(draw(7), draw(8));
    for fault in [NetFault::None, NetFault::Reset, NetFault::LostAfterApply] {
        assert!(draw(7).contains(&fault));
    }
}
