//! Stories of a channel, told with canned answers. All people and texts are invented.

mod captions;
mod connect;
mod incoming;
mod outgoing;
mod push;
mod uploading;

use serde_json::{Value, json};
use url::Url;

use crate::testing::{json_answer, query};
use crate::*;

const CHANNEL: &str = "UCclinic";
const NOW: &str = "2026-11-24T12:00:00Z";

fn account() -> AccountView {
    AccountView {
        network: Network::Youtube,
        base_url: Url::parse("https://youtube.example.org/").unwrap(),
        own_native_id: Some(CHANNEL.to_owned()),
        credentials: Credentials::Bearer { token: Secret::new("sandbox") },
        hook_secret: Secret::new("hook secret"),
        config: json!({"uploads_playlist": "UUclinic"}),
    }
}

/// A comment as YouTube serves it; a reply has `root.` before its own id.
fn comment(id: &str, author: &str, date: &str, text: &str) -> Value {
    let mut comment = json!({"kind": "youtube#comment", "etag": "e", "id": id, "snippet": {
        "authorChannelId": {"value": author}, "authorDisplayName": format!("@{author}"),
        "authorProfileImageUrl": "https://pictures.example.org/1", "channelId": CHANNEL, "videoId": "vid1",
        "textDisplay": text, "textOriginal": text, "publishedAt": date, "updatedAt": date,
        "viewerRating": "none", "likeCount": 2}});
    if let Some((root, _)) = id.split_once('.') {
        comment["snippet"]["parentId"] = root.into();
    }
    comment
}

/// A channel on YouTube: its comments, in any order, and how many replies a thread carries.
#[derive(Default, Clone)]
struct Channel {
    comments: Vec<Value>,
    held: Vec<Value>,
    carried: usize,
    per_page: usize,
}

impl Channel {
    fn with(comments: Vec<Value>) -> Self {
        Self { comments, held: Vec::new(), carried: 5, per_page: 100 }
    }

    fn replies<'a>(&'a self, root: &'a str) -> impl Iterator<Item = &'a Value> + 'a {
        self.comments.iter().filter(move |c| c["snippet"]["parentId"] == root)
    }

    fn thread(&self, first: &Value) -> Value {
        let root = first["id"].as_str().unwrap();
        let carried: Vec<&Value> = self.replies(root).take(self.carried).collect();
        let mut thread = json!({"id": root, "snippet": {"channelId": CHANNEL, "videoId": "vid1",
            "topLevelComment": first, "totalReplyCount": self.replies(root).count()}});
        if !carried.is_empty() {
            thread["replies"] = json!({"comments": carried});
        }
        thread
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let ids = query(request, "id");
        let asked = |comment: &&Value| ids.as_ref().is_none_or(|ids| ids.split(',').any(|id| comment["id"] == id));
        let mut found: Vec<Value> = match request.url.path() {
            "/youtube/v3/commentThreads" if query(request, "moderationStatus").is_some() => {
                self.held.iter().map(|comment| self.thread(comment)).collect()
            }
            "/youtube/v3/commentThreads" => {
                let mut roots: Vec<&Value> =
                    self.comments.iter().filter(|c| c["snippet"].get("parentId").is_none()).filter(asked).collect();
                roots.sort_by_key(|c| std::cmp::Reverse(c["snippet"]["publishedAt"].as_str()));
                roots.into_iter().map(|root| self.thread(root)).collect()
            }
            "/youtube/v3/comments" => match query(request, "parentId") {
                Some(root) => self.replies(&root).cloned().collect(),
                None => self.comments.iter().filter(asked).cloned().collect(),
            },
            "/youtube/v3/videos" => vec![json!({"id": "vid1", "snippet": {"title": "Getting ready for your visit"}})],
            path => panic!("nobody asks for {path}"),
        };
        let from: usize = query(request, "pageToken").map_or(0, |token| token.parse().unwrap());
        let more = found.len() > from + self.per_page;
        found = found.into_iter().skip(from).take(self.per_page).collect();
        let mut body = json!({"items": found});
        if more {
            body["nextPageToken"] = (from + self.per_page).to_string().into();
        }
        json_answer(200, &body)
    }
}
