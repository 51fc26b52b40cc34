//! Our webhook, at an address of its own.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::accept::Acceptor;
use bedside_engine::listen::account_view;
use bedside_engine::listen::hooks::{Hooks, Posted};
use bedside_networks::{Handshake, HttpRequest, Method, Secret, Wish, start_subscription};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, yield_now};

use crate::stage::Stage;

/// Our webhook, and what it answered.
pub struct Webhook {
    answers: mpsc::UnboundedReceiver<u16>,
    task: JoinHandle<()>,
}

impl Webhook {
    /// Opens it, and has the network told of it: by our own requests where there are such, else as a person does
    /// on the network's pages.
    pub async fn open(stage: &Stage) -> Self {
        let (db, title) = (&stage.db, stage.actor.title);
        let acceptor = Acceptor::start(db.store.clone(), stage.time.clone());
        let hooks = Hooks::new(db.store.clone(), stage.time.clone(), acceptor);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (told, answers) = mpsc::unbounded_channel();
        let app = Router::new().route("/hooks/{id}/{secret}", get(shake).post(take)).with_state(Heard { hooks, told });
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let sql = format!("select hook_id from accounts where id = '{}'", stage.account);
        let hook = stage.rows(&sql).await[0].text("hook_id").unwrap();
        let view = account_view(&db.store, &db.org, &stage.account).await.unwrap();
        let secret = &view.hook_secret;
        // Networks that sign nothing are told of an address that nobody can guess.
        let callback = format!("http://{address}/hooks/{hook}/{}", secret.expose());
        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
        let ask = async |order: &HttpRequest| http.send(order, &AllowedHosts::default()).await.unwrap();
        let callback_url = callback.parse().unwrap();
        let wish = Wish { account: &view, callback: &callback_url, now: stage.time.now() };
        // What we cannot ask for ourselves, with what this account proves itself with, a person does there.
        match start_subscription(wish) {
            Some(Ok(mut asking)) => {
                while let Some(order) = asking.next_request() {
                    let answer = ask(&order).await;
                    let said = asking.on_response(&answer);
                    assert!(said.is_ok(), "{title}: the network promised nothing: {said:?}");
                }
            }
            None | Some(Err(_)) => {
                let by_a_person = HttpRequest {
                    headers: vec![("content-type", Secret::new("application/json"))],
                    body: stage.place.webhook(&callback, secret).to_string().into_bytes(),
                    method: Method::Post,
                    url: format!("{}_sandbox/webhook", stage.place.base()).parse().unwrap(),
                    piece: None,
                    draws: None,
                };
                let answer = ask(&by_a_person).await;
                assert!(answer.is_success(), "{title}: the network shook no hands: {}", answer.status);
            }
        }
        // Keys that a network signs with are fetched beside the first poll.
        stage.listen.run_until_idle().await.unwrap();
        // A hub answers before it has shaken hands.
        while stage.place.told() == 0 {
            yield_now().await;
        }
        Self { answers, task }
    }

    /// Waits until so many deliveries were answered; the answers.
    pub async fn answered(&mut self, count: usize) -> Vec<u16> {
        let mut seen = Vec::new();
        while seen.len() < count {
            seen.push(self.answers.recv().await.unwrap());
        }
        seen
    }
}

impl Drop for Webhook {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Heard {
    hooks: Hooks,
    told: mpsc::UnboundedSender<u16>,
}

async fn shake(
    State(heard): State<Heard>,
    Path((id, _)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    match heard.hooks.handshake(&id, &query).await {
        Ok(Handshake::Answer { body, content_type }) => ([("content-type", content_type)], body).into_response(),
        _ => StatusCode::FORBIDDEN.into_response(),
    }
}

async fn take(
    State(heard): State<Heard>,
    Path((id, secret)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect();
    let posted = Posted { hook_id: &id, path_secret: &secret, headers: &headers, body: &body };
    let status = if heard.hooks.deliver(posted).await.is_ok() { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
    heard.told.send(status.as_u16()).unwrap();
    status
}
