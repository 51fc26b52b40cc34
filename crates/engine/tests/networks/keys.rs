//! The keys that a network signs with are fetched beside the polls, and held while they are good.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use bedside_store::listen::source::Health;
use bedside_store::testing::each_engine;
use serde_json::{Value, json};

use crate::support::{Connected, World, serve, tokens};

/// A set of one key, whose name tells how often it was asked for; the second time nobody answers.
async fn reviews_and_keys() -> (String, Arc<AtomicUsize>) {
    let fetched = Arc::new(AtomicUsize::new(0));
    let counted = fetched.clone();
    let keys = move || {
        let time = counted.fetch_add(1, Ordering::SeqCst) + 1;
        async move {
            let key = json!({"kty": "RSA", "alg": "RS256", "kid": format!("k{time}"), "n": "AQ", "e": "AQAB"});
            let set = json!({"keys": [key]}).to_string();
            if time == 2 { StatusCode::SERVICE_UNAVAILABLE.into_response() } else { set.into_response() }
        }
    };
    let router = Router::new()
        .route("/oauth2/v3/certs", get(keys))
        .fallback(async || axum::Json(json!({"reviews": [], "totalReviewCount": 0})));
    (serve(router).await, fetched)
}

#[tokio::test]
async fn keys_are_fetched_with_the_first_poll_and_again_when_they_are_old() {
    for db in each_engine().await {
        let world = World::new(db);
        let (base, fetched) = reviews_and_keys().await;
        let (account, source) = world
            .connect(Connected {
                network: "google_business",
                base_url: &base,
                native_id: "accounts/1/locations/2",
                credentials: tokens("access", "", None),
                config: json!({"location": "accounts/1/locations/2", "push_audience": "https://bedside.example.org/"}),
                kind: "reviews",
            })
            .await;
        let held = async || match &world.account(&account).await.config["push_keys"]["keys"][0]["kid"] {
            Value::String(kid) => kid.clone(),
            other => panic!("{}: no key is held: {other}", world.db.engine),
        };
        let poll = async || world.listen.poll_source_once(&world.db.org, &source).await.unwrap().unwrap();
        assert_eq!(poll().await.health, Health::Ok);
        poll().await;
        assert_eq!((held().await.as_str(), fetched.load(Ordering::SeqCst)), ("k1", 1), "once is enough");

        world.later(Duration::from_secs(2 * 3_600));
        let polled = poll().await;
        assert_eq!((polled.health, held().await.as_str()), (Health::Ok, "k1"), "the old ones stay until there are new");
        poll().await;
        assert_eq!((held().await.as_str(), fetched.load(Ordering::SeqCst)), ("k3", 3));
    }
}
