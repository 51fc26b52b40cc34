//! A hub (W3C WebSub, 2018-01-23) with room for one subscriber.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use bedside_engine::http::{AllowedHosts, Http};
use bedside_networks::{HttpRequest, HttpResponse, Method, Secret};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use url::Url;

#[derive(Debug, Clone)]
struct Subscriber {
    callback: Url,
    secret: String,
}

#[derive(Debug, Default)]
struct Known {
    subscriber: Option<Subscriber>,
    /// Whether the next delivery goes out twice.
    twice: bool,
}

/// A hub. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Hub(Arc<Mutex<Known>>);

async fn ask(method: Method, url: Url, headers: Vec<(&'static str, Secret)>, body: String) -> HttpResponse {
    let request = HttpRequest { method, url, headers, body: body.into_bytes(), piece: None, draws: None };
    let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
    http.send(&request, &AllowedHosts::default()).await.unwrap()
}

impl Hub {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap()
    }

    /// Where it is asked.
    pub fn router(&self) -> Router {
        Router::new().route("/hub", post(subscribe)).with_state(self.clone())
    }

    pub fn subscribers(&self) -> usize {
        usize::from(self.known().subscriber.is_some())
    }

    /// The next delivery goes out twice.
    pub fn stutter(&self) {
        self.known().twice = true;
    }

    /// Tells the subscriber, if there is one.
    pub fn publish(&self, kind: &'static str, body: String) {
        let Some(Subscriber { callback, secret }) = self.known().subscriber.clone() else { return };
        let twice = std::mem::take(&mut self.known().twice);
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        tokio::spawn(async move {
            for _ in 0..=usize::from(twice) {
                let headers = vec![("content-type", Secret::new(kind)), ("x-hub-signature", Secret::new(&*signature))];
                ask(Method::Post, callback.clone(), headers, body.clone()).await;
            }
        });
    }
}

/// Takes a subscription, and makes sure of it before it counts.
async fn subscribe(State(hub): State<Hub>, body: String) -> StatusCode {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let field = |name: &str| form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value).to_owned();
    let subscriber = Subscriber { callback: field("hub.callback").parse().unwrap(), secret: field("hub.secret") };
    let mut question = subscriber.callback.clone();
    question
        .query_pairs_mut()
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.topic", &field("hub.topic"))
        .append_pair("hub.challenge", "c-1")
        .append_pair("hub.lease_seconds", &field("hub.lease_seconds"));
    tokio::spawn(async move {
        let answer = ask(Method::Get, question, Vec::new(), String::new()).await;
        if answer.is_success() && answer.body == b"c-1" {
            hub.known().subscriber = Some(subscriber);
        }
    });
    StatusCode::ACCEPTED
}
