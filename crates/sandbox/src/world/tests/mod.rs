//! Stories of the world as a whole: faults, webhooks, log, determinism.

use serde_json::{Value, json};

use super::testing::{Stage, Webhook};
use super::{Kind, Network, World, Write};
use crate::fixed_clock;

#[tokio::test]
async fn a_limit_is_told_in_the_networks_own_shape() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    stage.fault(json!({"network": "facebook", "kind": "rate_limited", "retry_after": 600})).await;
    let limited = stage.get(&format!("/{page}")).await;
    assert_eq!((limited.status, &limited.json()["error"]["code"]), (400, &json!(80_001)));
    let usage: Value = serde_json::from_str(limited.header("x-business-use-case-usage")).unwrap();
    assert_eq!(usage[&page][0]["estimated_time_to_regain_access"], json!(10));
    stage.fault(json!({"network": "facebook", "kind": "numbered", "code": 32})).await;
    assert_eq!(stage.get(&format!("/{page}")).await.status, 403);
    stage.fault(json!({"network": "facebook", "kind": "token_revoked"})).await;
    assert_eq!(stage.get(&format!("/{page}")).await.json()["error"]["error_subcode"], json!(458));
    assert_eq!(stage.get(&format!("/{page}")).await.status, 200);
}

#[tokio::test]
async fn a_reset_says_nothing_of_whether_it_took_effect() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    stage.fault(json!({"network": "facebook", "kind": "reset", "apply": true, "path": "/feed"})).await;
    let lost = stage.request("POST", &format!("/{page}/feed?message=Once")).send().await;
    assert!(lost.is_err());
    let posts = stage.get(&format!("/{page}/published_posts?fields=message")).await.json();
    assert_eq!(posts["data"][0]["message"], json!("Once"));
    stage.fault(json!({"network": "facebook", "kind": "reset", "path": "/feed"})).await;
    assert!(stage.request("POST", &format!("/{page}/feed?message=Never")).send().await.is_err());
    assert_eq!(stage.get(&format!("/{page}/published_posts")).await.json()["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_body_is_cut_and_a_stall_ends_with_the_world() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    stage.fault(json!({"kind": "malformed"})).await;
    let cut = stage.get(&format!("/{page}")).await;
    assert_eq!((cut.status, cut.json()), (200, Value::Null));
    stage.fault(json!({"kind": "stall"})).await;
    let path = format!("/{page}");
    let (stalled, reset) = tokio::join!(stage.try_get(&path), async {
        // The stall has begun when its fault is used up.
        while stage.world.control.waits() {
            tokio::task::yield_now().await;
        }
        stage.post("/_sandbox/reset", json!({})).await.status
    });
    assert!(stalled.is_err());
    assert_eq!(reset, 204);
}

#[tokio::test]
async fn the_log_shows_every_exchange_and_no_secret() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    let answer = stage.get(&format!("/{page}?access_token=sandbox&fields=name")).await;
    let log = stage.get("/_sandbox/log").await.json();
    assert_eq!(log.as_array().unwrap().len(), 1);
    assert_eq!(
        (&log[0]["path"], &log[0]["status"], &log[0]["network"]),
        (&json!(format!("/{page}?access_token=***&fields=name")), &json!(200), &json!("facebook"))
    );
    assert_eq!(log[0]["request_id"], json!(answer.header("x-request-id")));
}

#[tokio::test]
async fn an_event_arrives_at_least_once() {
    let stage = Stage::set().await;
    let mut webhook = Webhook::open(1).await;
    stage.post("/_sandbox/webhook", json!({"network": "facebook", "url": webhook.url})).await;
    stage.write(json!({"network": "facebook", "text": "Hello"})).await;
    let refused = webhook.next().await.body;
    stage.post("/_sandbox/redeliver", json!({})).await;
    assert_eq!(webhook.next().await.body, refused);

    stage.fault(json!({"kind": "webhook_twice"})).await;
    stage.write(json!({"network": "facebook", "text": "Again"})).await;
    assert_eq!(webhook.next().await.body, webhook.next().await.body);
    stage.fault(json!({"kind": "webhook_lost"})).await;
    stage.write(json!({"network": "facebook", "text": "Lost"})).await;
    stage.write(json!({"network": "facebook", "text": "Not lost"})).await;
    let told = webhook.next().await.json();
    assert_eq!(told["entry"][0]["changes"][0]["value"]["message"], json!("Not lost"));
    stage.fault(json!({"kind": "webhook_forged"})).await;
    stage.write(json!({"network": "facebook", "text": "Forged"})).await;
    let forged = webhook.next().await;
    let signature = super::hooks::sign::signature(Network::Facebook, super::SECRET, &forged.body).unwrap().1;
    assert_ne!(forged.header("x-hub-signature-256"), signature);
}

#[tokio::test]
async fn a_webhook_has_to_prove_itself_and_to_be_near() {
    let stage = Stage::set().await;
    let webhook = Webhook::open(0).await;
    let ask = |network: &str, url: &str| json!({"network": network, "url": url});
    let far = stage.post("/_sandbox/webhook", ask("facebook", "https://clinic.example.org/hook")).await;
    assert_eq!((far.status, &far.json()["error"]["code"]), (422, &json!("not_loopback")));
    // This one echoes the challenge of Meta, and knows nothing of X.
    assert_eq!(stage.post("/_sandbox/webhook", ask("x", &webhook.url)).await.status, 502);
    assert_eq!(stage.post("/_sandbox/webhook", ask("facebook", &webhook.url)).await.status, 201);
    let known = stage.get("/_sandbox/webhook").await.json();
    assert_eq!((known.as_array().unwrap().len(), known[0].get("secret")), (1, None));
}

#[tokio::test]
async fn an_order_that_makes_no_sense_is_refused_with_a_reason() {
    let stage = Stage::set().await;
    for (path, body, status, code) in [
        ("write", json!({"network": "myspace", "text": "Hello"}), 422, "invalid"),
        ("write", json!({"network": "facebook", "texts": "Hello"}), 422, "invalid"),
        ("write", json!({"network": "facebook", "action": "edit", "text": "Hello"}), 422, "invalid"),
        ("write", json!({"network": "facebook", "action": "delete", "id": "1"}), 404, "unknown"),
        ("write", json!({"network": "instagram", "kind": "review", "rating": 1}), 422, "unsupported"),
        ("fault", json!({"kind": "status"}), 422, "invalid"),
        ("fault", json!({"kind": "earthquake"}), 422, "invalid"),
    ] {
        let answer = stage.post(&format!("/_sandbox/{path}"), body.clone()).await;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (status, &json!(code)), "{body}");
    }
}

#[tokio::test]
async fn people_see_what_was_said() {
    let stage = Stage::set().await;
    let comment = stage.write(json!({"network": "facebook", "author": "Rosa <N>", "text": "I waited <3 hours"})).await;
    stage.post(&format!("/{comment}"), json!({"is_hidden": true})).await;
    assert!(stage.get("/").await.text.contains("/_sandbox/home/facebook"));
    let page = stage.get("/_sandbox/home/facebook").await.text;
    assert!(page.contains("Rosa &lt;N&gt;") && page.contains("I waited &lt;3 hours") && page.contains("· hidden"));
    assert!(stage.get("/_sandbox/home/instagram").await.text.contains("@elmstreetclinic"));
    assert_eq!(stage.get("/_sandbox/home/myspace").await.status, 404);
}

/// What Rosa says on a network: a review where there are only these, else a comment.
fn said(network: Network, text: &str) -> Write {
    let is_reviewed = matches!(network, Network::GoogleBusiness | Network::Yelp);
    let (kind, rating) = if is_reviewed { (Kind::Review, Some(2)) } else { (Kind::Comment, None) };
    let (author, text) = (Some("Rosa <N>".to_owned()), Some(text.to_owned()));
    Write { kind, rating, author, text, ..Write::on(network) }
}

#[tokio::test]
async fn every_network_has_a_page_on_which_people_see_what_was_said() {
    let stage = Stage::set().await;
    for network in Network::ALL {
        stage.world.write(&said(network, "I waited <3 hours")).unwrap();
        let page = stage.get(&format!("/_sandbox/home/{}", network.name())).await.text;
        assert!(page.contains("I waited &lt;3 hours") && !page.contains("Rosa <"), "{}", network.name());
        assert!(page.contains(" · 2026-11-27 12:00 UTC"), "{}", network.name());
    }
}

#[test]
fn the_same_seed_is_the_same_world() {
    let world = |seed| {
        let world = World::new(fixed_clock("2026-11-27T12:00:00Z".parse().unwrap()), seed);
        let mut written = Vec::new();
        for network in Network::ALL {
            written.push(world.write(&said(network, "Hello")).unwrap());
        }
        (world.ready("http://127.0.0.1:1"), written)
    };
    assert_eq!(world(7), world(7));
    assert_ne!(world(7), world(8));
}

#[tokio::test]
async fn after_a_reset_the_world_is_as_at_the_start() {
    let stage = Stage::set().await;
    let first = stage.write(json!({"network": "facebook", "text": "Hello"})).await;
    assert_eq!(stage.post("/_sandbox/reset", json!({})).await.status, 204);
    assert_eq!(stage.world.ready(&stage.base)["networks"], stage.ready);
    assert_eq!(stage.get(&format!("/{first}")).await.status, 400);
    assert_eq!(stage.write(json!({"network": "facebook", "text": "Hello"})).await, first);
}

#[test]
fn the_description_names_everything_that_can_be_ordered() {
    use super::{Action, FaultKind};
    const TEXT: &str = include_str!("../../../../../docs/sandbox.md");
    let name = |value: Value| value.as_str().unwrap().to_owned();
    let kinds = [Kind::Comment, Kind::Post, Kind::Mention, Kind::Review, Kind::Message].map(|kind| name(json!(kind)));
    let actions = [Action::Add, Action::Edit, Action::Delete].map(|action| name(json!(action)));
    let faults = [
        FaultKind::Status,
        FaultKind::Reset,
        FaultKind::Stall,
        FaultKind::Malformed,
        FaultKind::TokenExpired,
        FaultKind::TokenRevoked,
        FaultKind::RateLimited,
        FaultKind::QuotaExceeded,
        FaultKind::Forbidden,
        FaultKind::Numbered,
        FaultKind::WebhookTwice,
        FaultKind::WebhookLost,
        FaultKind::WebhookForged,
    ];
    let faults = faults.map(|fault| name(json!(fault)));
    let networks = Network::ALL.map(|network| network.name().to_owned());
    let all = kinds.iter().chain(&actions).chain(&faults).chain(&networks);
    let missing: Vec<&String> = all.filter(|name| !TEXT.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn a_stream_does_not_hold_up_the_end_of_the_world() {
    let stage = Stage::set().await;
    let stream = stage.request("GET", "/api/v1/streaming/user").send().await.unwrap();
    assert_eq!(stream.status().as_u16(), 200);
    // This would wait for ever, if the end waited for the stream.
    stage.end().await;
    drop(stream);
}
