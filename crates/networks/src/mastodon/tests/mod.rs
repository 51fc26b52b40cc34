//! Stories of an account on a Mastodon server, told with canned answers. All people are invented.

mod connecting;
mod incoming;
mod outgoing;
mod streaming;

use serde_json::{Value, json};
use url::Url;

use crate::testing::{answer, at, json_answer, query};
use crate::*;

const NOW: &str = "2026-11-24T12:00:00Z";
/// Our own id on the server, and that of somebody else.
const CLINIC: &str = "1";
const ROSA: &str = "2";

fn account() -> AccountView {
    AccountView {
        network: Network::Mastodon,
        base_url: Url::parse("https://social.example.org/").unwrap(),
        own_native_id: Some(CLINIC.to_owned()),
        credentials: Credentials::Bearer { token: Secret::new("sandbox") },
        hook_secret: Secret::default(),
        config: json!({"staff_ids": ["9"]}),
    }
}

fn status(id: u64, author: &str, answers: Option<u64>, text: &str) -> Value {
    let acct = if author == CLINIC { "clinic" } else { "rosa@people.example.org" };
    json!({
        "id": id.to_string(), "created_at": format!("2026-11-24T10:{:02}:{:02}.000Z", id / 60 % 60, id % 60),
        "in_reply_to_id": answers.map(|id| id.to_string()), "visibility": "public", "language": "en",
        "spoiler_text": "", "sensitive": false, "content": format!("<p>{text}</p>"), "edited_at": null,
        "uri": format!("https://social.example.org/users/{acct}/statuses/{id}"),
        "url": format!("https://social.example.org/@{acct}/{id}"), "replies_count": 0, "reblogs_count": 2,
        "favourites_count": 3, "media_attachments": [], "mentions": [], "tags": [], "emojis": [], "reblog": null,
        "account": {"id": author, "username": acct.split('@').next(), "acct": acct, "display_name": "Rosa N.",
            "url": format!("https://social.example.org/@{acct}"), "avatar": "https://social.example.org/a.png",
            "note": "<p>About me</p>", "followers_count": 5},
    })
}

fn with(mut status: Value, name: &str, value: impl Into<Value>) -> Value {
    status[name] = value.into();
    status
}

/// A server that answers as Mastodon does.
#[derive(Clone, Default)]
struct Server {
    statuses: Vec<Value>,
    /// Statuses that we were notified of, from old to new; the id of a notification is its place.
    notified: Vec<u64>,
    /// An older server: no several statuses at once, no `Link`.
    plain: bool,
}

impl Server {
    fn find(&self, id: &str) -> Option<&Value> {
        self.statuses.iter().find(|status| status["id"] == id)
    }

    fn above(&self, id: &str) -> Vec<Value> {
        let mut above = Vec::new();
        let mut next = self.find(id).and_then(|status| status["in_reply_to_id"].as_str());
        while let Some(status) = next.and_then(|id| self.find(id)) {
            above.insert(0, status.clone());
            next = status["in_reply_to_id"].as_str();
        }
        above
    }

    fn below(&self, id: &str) -> Vec<Value> {
        let answers = self.statuses.iter().filter(|status| status["in_reply_to_id"] == id);
        answers.flat_map(|a| std::iter::once(a.clone()).chain(self.below(a["id"].as_str().unwrap()))).collect()
    }

    fn show(&self, status: &Value) -> Value {
        let id = status["id"].as_str().unwrap();
        let answers = self.statuses.iter().filter(|other| other["in_reply_to_id"] == id).count();
        with(status.clone(), "replies_count", answers)
    }

    fn on(&self, request: &HttpRequest) -> HttpResponse {
        assert_eq!(request.url.host_str(), Some("social.example.org"), "the token stays with the server");
        let number = |name: &str| query(request, name).map(|id| id.parse::<u64>().unwrap());
        let missing = || json_answer(404, &json!({"error": "Record not found"}));
        let path = request.url.path().to_owned();
        let parts: Vec<&str> = path.trim_start_matches("/api/").split('/').collect();
        match parts[..] {
            ["v1", "notifications"] => {
                let (after, limit) = (number("min_id").unwrap(), number("limit").unwrap() as usize);
                let last = self.notified.len().min(after as usize + limit);
                let ids = (after as usize + 1..=last).rev();
                let shown: Vec<Value> = ids
                    .map(|id| {
                        let status = self.find(&self.notified[id - 1].to_string());
                        json!({"id": id.to_string(), "type": "mention", "status": status.map(|s| self.show(s))})
                    })
                    .collect();
                self.page(shown, "prev", "min_id")
            }
            ["v1", "accounts", id, "statuses"] => {
                let below = number("max_id").unwrap_or(u64::MAX);
                let number = |status: &Value| status["id"].as_str().unwrap().parse::<u64>().unwrap();
                let own = self.statuses.iter().rev().filter(|s| s["account"]["id"] == id && number(s) < below);
                let shown = own.take(40).map(|s| self.show(s)).collect();
                self.page(shown, "next", "max_id")
            }
            ["v1", "statuses"] if self.plain => answer(404, &[], "{}"),
            ["v1", "statuses"] => {
                let ids: Vec<String> =
                    request.url.query_pairs().filter(|(n, _)| n == "id[]").map(|(_, id)| id.into_owned()).collect();
                assert!(ids.len() <= 20);
                let found = ids.iter().filter_map(|id| self.find(id)).map(|s| self.show(s)).collect::<Vec<_>>();
                json_answer(200, &found.into())
            }
            ["v1", "statuses", id] => self.find(id).map_or_else(missing, |s| json_answer(200, &self.show(s))),
            ["v1", "statuses", id, "context"] if self.find(id).is_some() => {
                json_answer(200, &json!({"ancestors": self.above(id), "descendants": self.below(id)}))
            }
            _ => missing(),
        }
    }

    fn page(&self, shown: Vec<Value>, rel: &str, parameter: &str) -> HttpResponse {
        let edge = if rel == "prev" { shown.first() } else { shown.last() };
        let link = edge.map(|edge| {
            let id = edge["id"].as_str().unwrap();
            format!("<https://elsewhere.example.org/x?limit=80&{parameter}={id}>; rel=\"{rel}\"")
        });
        let headers: Vec<(&str, &str)> = link.iter().map(|link| ("Link", link.as_str())).collect();
        answer(200, if self.plain { &[] } else { &headers }, Value::from(shown).to_string())
    }
}

fn input<'a>(account: &'a AccountView, cursor: Option<&'a Value>, known: &'a [Known]) -> PollInput<'a> {
    static NO_SETTINGS: Value = Value::Null;
    PollInput { account, source: &NO_SETTINGS, cursor, known, now: at(NOW) }
}
