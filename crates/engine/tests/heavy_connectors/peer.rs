//! A connector and a real server, without a database between: what the stories share.

use std::time::Duration;

use bedside_engine::clock::Clock;
use bedside_engine::http::{AllowedHosts, Http};
use bedside_model::Phi;
use bedside_networks::{
    AccountView, HttpRequest, HttpResponse, Known, Method, Operation, Order, Outcome, ParsedMessage, PollInput,
    RawItem, ReadbackVerdict, Secret, SelfReport, TransportError, parse, start_poll, start_readback, start_renewal,
    start_self_test, start_send,
};
use serde_json::{Value, json};
use url::Url;

/// How long a network may take to show what was written.
const PATIENCE: Duration = Duration::from_secs(60);

/// A real server.
pub struct Peer {
    /// What the test command tells of it.
    pub access: Value,
    http: Http,
    clock: Clock,
}

/// What was heard so far.
pub struct Heard {
    pub items: Vec<RawItem>,
    pub messages: Vec<ParsedMessage>,
    pub cursor: Value,
}

impl Heard {
    pub fn message(&self, id: &str) -> &ParsedMessage {
        self.messages.iter().find(|message| message.native_id == id).unwrap()
    }
}

impl Peer {
    /// The server of this variable; `None`, said aloud, where there is none.
    #[expect(clippy::disallowed_methods, reason = "the test command hands its peers over in the environment")]
    pub fn at_hand(variable: &str, name: &str) -> Option<Self> {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let Some(path) = set(variable) else {
            assert!(set("BEDSIDE_REQUIRE_PEERS").is_none(), "{name} is required for this test and was not started");
            eprintln!("skipped: {name} ({variable} is not set; `cargo xtask test` starts one)");
            return None;
        };
        let access = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let http = Http::new(AllowedHosts::new(["127.0.0.1", "localhost"])).unwrap();
        Some(Self { access, http, clock: Clock::System })
    }

    /// A key that is this run's own.
    pub fn mark(&self, what: &str) -> String {
        format!("{what} {}", self.clock.now())
    }

    /// Sends one request.
    pub async fn ask(&self, request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut request = request.clone();
        // snac2 closes each connection without saying so: one that is used again breaks.
        request.headers.push(("connection", Secret::new("close")));
        self.http.send(&request, &AllowedHosts::new(["127.0.0.1", "localhost"])).await
    }

    /// What a person does on a server itself, with the token of `access`: the answer as JSON.
    pub async fn raw(&self, method: &str, access: &Value, path: &str, body: &Value) -> Value {
        let text = |field: &str| access[field].as_str().unwrap();
        let (method, body) = match method {
            "GET" => (Method::Get, Vec::new()),
            _ => (Method::Post, body.to_string().into_bytes()),
        };
        let headers = vec![
            ("authorization", Secret::new(format!("Bearer {}", text("access_token")))),
            ("content-type", Secret::new("application/json")),
        ];
        let url = Url::parse(&format!("{}{path}", text("url"))).unwrap();
        let answer = self.ask(&HttpRequest { method, url, headers, body, piece: None, draws: None }).await.unwrap();
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }

    /// Asks until there is an answer.
    pub async fn wait_for<T>(&self, ask: impl AsyncFn() -> Option<T>) -> T {
        let waiting = async {
            loop {
                if let Some(answer) = ask().await {
                    return answer;
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap()
    }

    /// Runs the self-test and keeps what it found, as the product does.
    pub async fn self_test(&self, account: &mut AccountView) -> SelfReport {
        let mut test = start_self_test(account).unwrap();
        while let Some(request) = test.next_request() {
            test.on_response(&self.ask(&request).await.unwrap()).unwrap();
        }
        let report = test.report();
        account.own_native_id.clone_from(&report.native_id);
        account.config = report.config.clone().into();
        report
    }

    /// Renews the session; whether there was one to renew.
    pub async fn renew(&self, account: &mut AccountView) -> bool {
        let Some(mut renewal) = start_renewal(account, self.clock.now()) else { return false };
        while let Some(request) = renewal.next_request() {
            renewal.on_response(&self.ask(&request).await.unwrap()).unwrap();
        }
        let granted = renewal.granted().remove(0);
        account.credentials = granted.credentials;
        account.own_native_id.as_ref() == Some(&granted.native_id)
    }

    /// Sends an operation to its end; `file` is the one file that it may carry.
    pub async fn send(&self, account: &AccountView, operation: &Operation, key: &str, file: &[u8]) -> Outcome {
        let order = Order { account, operation, idempotency_key: key, progress: None, now: self.clock.now() };
        let mut sending = start_send(order).unwrap();
        while let Some(mut request) = sending.next_request() {
            if let Some(piece) = request.piece.take() {
                request.body.splice(piece.at..piece.at, file.iter().copied());
            }
            sending.on_answer(self.ask(&request).await.as_ref());
        }
        sending.outcome()
    }

    pub async fn read_back(&self, account: &AccountView, operation: &Operation) -> ReadbackVerdict {
        let mut readback = start_readback(account, operation, self.clock.now() - 60_000_000).unwrap();
        while let Some(request) = readback.next_request() {
            readback.on_response(&self.ask(&request).await.unwrap()).unwrap();
        }
        readback.verdict()
    }

    async fn poll(
        &self,
        account: &AccountView,
        cursor: Option<&Value>,
        known: &[Known],
    ) -> (Vec<RawItem>, Vec<String>, Value) {
        let source = json!({"reread_cycle": 1});
        let input = PollInput { account, source: &source, cursor, known, now: self.clock.now() };
        let mut poll = start_poll(input).unwrap();
        let (mut items, mut gone) = (Vec::new(), Vec::new());
        while let Some(request) = poll.next_request() {
            let page = poll.on_response(&self.ask(&request).await.unwrap()).unwrap();
            items.extend(page.items);
            gone.extend(page.gone);
        }
        (items, gone, poll.cursor())
    }

    /// Polls until such a message is heard.
    pub async fn until(
        &self,
        account: &AccountView,
        before: Option<&Heard>,
        wanted: impl Fn(&ParsedMessage) -> bool,
    ) -> Heard {
        let mut items: Vec<RawItem> = before.map(|before| before.items.clone()).unwrap_or_default();
        let mut cursor = before.map(|before| before.cursor.clone());
        let waiting = async {
            loop {
                let (new, _, next) = self.poll(account, cursor.as_ref(), &known(account, &items)).await;
                items.extend(new);
                let messages: Vec<ParsedMessage> = items.iter().map(|item| read(account, item)).collect();
                if messages.iter().any(&wanted) {
                    return Heard { items, messages, cursor: next };
                }
                cursor = Some(next);
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap()
    }

    /// Polls until this is said to be gone.
    pub async fn until_gone(&self, account: &AccountView, cursor: &Value, known: &[Known], id: &str) {
        let waiting = async { while !self.poll(account, Some(cursor), known).await.1.iter().any(|gone| gone == id) {} };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    }
}

fn read(account: &AccountView, item: &RawItem) -> ParsedMessage {
    parse(account, &item.kind, &item.body).unwrap()
}

/// The items as the store would know them.
pub fn known(account: &AccountView, items: &[RawItem]) -> Vec<Known> {
    let known = |item: &RawItem| Known {
        native_id: item.native_id.clone(),
        content_hash: item.content_hash.clone(),
        published_at: read(account, item).published_at,
    };
    items.iter().map(known).collect()
}

/// An answer to a message.
pub fn reply(to: &ParsedMessage, text: &str) -> Operation {
    Operation::Reply {
        thread_native_id: to.thread_native_id.clone(),
        parent_native_id: Some(to.native_id.clone()),
        visibility: to.visibility,
        text: Phi::new(text.to_owned()),
    }
}

/// The id of what was delivered.
pub fn delivered(outcome: Outcome) -> String {
    match outcome {
        Outcome::Delivered { native_id: Some(native_id), .. } => native_id,
        other => panic!("not delivered: {other:?}"),
    }
}
