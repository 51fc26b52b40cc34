//! Stories of a Bluesky account, told with canned answers. All people are invented.

mod connecting;
mod incoming;
mod lexicon;
mod listening;
mod outgoing;

use serde_json::{Value, json};
use url::Url;

use crate::testing::{answer, at, json_answer, query};
use crate::*;

const NOW: &str = "2026-11-24T12:00:00Z";
const CLINIC: &str = "did:plc:clinic";
const ROSA: &str = "did:plc:rosa";

fn account() -> AccountView {
    AccountView {
        network: Network::Bluesky,
        base_url: Url::parse("https://pds.example.org/").unwrap(),
        own_native_id: Some(CLINIC.to_owned()),
        credentials: Credentials::Session(Box::new(Session {
            identifier: "clinic.example.org".to_owned(),
            password: Secret::new("app-password"),
            access_token: Secret::new("access"),
            refresh_token: Secret::new("refresh"),
            expires_at: None,
        })),
        hook_secret: Secret::default(),
        config: json!({"staff_ids": ["did:plc:nurse"]}),
    }
}

fn uri(did: &str, key: &str) -> String {
    format!("at://{did}/app.bsky.feed.post/{key}")
}

fn strong(uri: &str) -> Value {
    json!({"uri": uri, "cid": format!("bafy{}", &uri[uri.len() - 2..])})
}

/// A post as the network shows it; `answers` are the first post of the thread and the one answered.
fn post(did: &str, key: &str, answers: Option<(&str, &str)>, text: &str) -> Value {
    let handle = if did == CLINIC { "clinic.example.org" } else { "rosa.example.org" };
    let minute = key.len() + usize::from(key.as_bytes()[key.len() - 1] - b'a');
    let when = format!("2026-11-24T10:{minute:02}:00.000Z");
    let mut record = json!({"$type": "app.bsky.feed.post", "text": text, "createdAt": when, "langs": ["en"]});
    if let Some((root, parent)) = answers {
        record["reply"] = json!({"root": strong(root), "parent": strong(parent)});
    }
    let uri = uri(did, key);
    json!({"uri": uri, "cid": strong(&uri)["cid"], "record": record, "indexedAt": when, "replyCount": 0,
        "likeCount": 3, "author": {"did": did, "handle": handle, "displayName": "Rosa N.", "viewer": {"muted": false}}})
}

/// A network that shows these posts, those in `notified` to us.
#[derive(Clone, Default)]
struct Village {
    posts: Vec<Value>,
    notified: Vec<&'static str>,
}

impl Village {
    fn show(&self, post: &Value) -> Value {
        let mut shown = post.clone();
        let answers = |other: &&Value| other["record"]["reply"]["parent"]["uri"] == post["uri"];
        shown["replyCount"] = self.posts.iter().filter(answers).count().into();
        shown
    }

    fn thread(&self, post: &Value) -> Value {
        let below = self.posts.iter().filter(|other| other["record"]["reply"]["parent"]["uri"] == post["uri"]);
        json!({"$type": "app.bsky.feed.defs#threadViewPost", "post": self.show(post),
            "replies": below.map(|below| self.thread(below)).collect::<Vec<_>>()})
    }

    fn on(&self, request: &HttpRequest) -> HttpResponse {
        assert_eq!(request.url.host_str(), Some("pds.example.org"));
        let find = |uri: &str| self.posts.iter().find(|post| post["uri"] == uri);
        match request.url.path().trim_start_matches("/xrpc/") {
            "app.bsky.notification.listNotifications" => {
                // Pages of two, from new to old.
                let from: usize = query(request, "cursor").map_or(0, |at| at.parse().unwrap());
                let there = self.notified.iter().filter_map(|key| find(&uri(ROSA, key)));
                let mut shown: Vec<Value> = there.skip(from).take(2).cloned().collect();
                for one in &mut shown {
                    one["reason"] = "reply".into();
                }
                let mut body = json!({"notifications": shown});
                if from + 2 < self.notified.len() {
                    body["cursor"] = (from + 2).to_string().into();
                }
                json_answer(200, &body)
            }
            "app.bsky.feed.getAuthorFeed" => {
                let own = self.posts.iter().rev().filter(|post| post["author"]["did"] == CLINIC);
                let mut feed: Vec<Value> = own.map(|post| json!({"post": self.show(post)})).collect();
                feed.push(json!({"post": {"uri": uri(ROSA, "zz")}, "reason": {"$type": "…#reasonRepost"}}));
                json_answer(200, &json!({"feed": feed}))
            }
            "app.bsky.feed.getPostThread" => match find(&query(request, "uri").unwrap()) {
                Some(post) => json_answer(200, &json!({"thread": self.thread(post)})),
                None => json_answer(400, &json!({"error": "NotFound", "message": "Post not found"})),
            },
            "app.bsky.feed.getPosts" => {
                let uris: Vec<String> =
                    request.url.query_pairs().filter(|(n, _)| n == "uris").map(|(_, uri)| uri.into_owned()).collect();
                assert!(uris.len() <= 25);
                let posts: Vec<Value> = uris.iter().filter_map(|uri| find(uri)).map(|post| self.show(post)).collect();
                json_answer(200, &json!({"posts": posts}))
            }
            other => panic!("{other} is not asked"),
        }
    }
}

fn input<'a>(account: &'a AccountView, cursor: Option<&'a Value>, known: &'a [Known]) -> PollInput<'a> {
    static NO_SETTINGS: Value = Value::Null;
    PollInput { account, source: &NO_SETTINGS, cursor, known, now: at(NOW) }
}
