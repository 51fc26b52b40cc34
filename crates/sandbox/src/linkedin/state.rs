//! What LinkedIn knows.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::kit::Windows;
use crate::world::Ids;

#[derive(Debug, Clone)]
pub(super) struct Post {
    /// `share` or `ugcPost`, by what is in it.
    pub(super) kind: &'static str,
    pub(super) number: u64,
    pub(super) author: String,
    pub(super) commentary: String,
    pub(super) content: Option<Value>,
    pub(super) visibility: String,
    pub(super) lifecycle: String,
    pub(super) distribution: Value,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) edited: bool,
    /// Whether nobody may comment any more.
    pub(super) closed: bool,
}

impl Post {
    pub(super) fn urn(&self) -> String {
        format!("urn:li:{}:{}", self.kind, self.number)
    }

    /// The activity of a post, which its comments are named after.
    pub(super) fn activity(&self) -> String {
        format!("urn:li:activity:{}", self.number)
    }
}

#[derive(Debug, Clone)]
pub(super) struct Comment {
    pub(super) number: u64,
    /// The number of the post.
    pub(super) post: u64,
    /// The number of the comment that it answers.
    pub(super) parent: Option<u64>,
    pub(super) actor: String,
    pub(super) text: String,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
}

impl Comment {
    pub(super) fn urn(&self) -> String {
        format!("urn:li:comment:(urn:li:activity:{},{})", self.post, self.number)
    }
}

/// An image, a video or a document.
#[derive(Debug, Clone)]
pub(super) struct Asset {
    pub(super) id: String,
    /// `image`, `video` or `document`.
    pub(super) kind: &'static str,
    pub(super) owner: String,
    /// Bytes announced, for a video.
    pub(super) announced: u64,
    pub(super) parts: BTreeMap<u32, Bytes>,
    pub(super) finished: bool,
}

impl Asset {
    pub(super) fn urn(&self) -> String {
        format!("urn:li:{}:{}", self.kind, self.id)
    }
}

/// Something that the organisation is told of.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    pub(super) number: u64,
    pub(super) action: &'static str,
    pub(super) source: String,
    pub(super) generated: String,
    pub(super) decorated: Value,
    pub(super) at: Timestamp,
}

/// A subscription of a webhook: its key, and where it goes.
#[derive(Debug, Clone)]
pub(super) struct Subscribed {
    pub(super) key: BTreeMap<String, String>,
    pub(super) webhook: String,
    /// The id of the webhook in this world.
    pub(super) hook: String,
    pub(super) expires: Timestamp,
}

/// A code that waits to be exchanged.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) redirect: String,
    pub(super) scope: String,
    /// The challenge of PKCE, of an application that keeps no secret.
    pub(super) challenge: Option<String>,
}

/// Who authorised what, behind a refresh token.
#[derive(Debug, Clone)]
pub(super) struct Refresh {
    pub(super) scope: String,
    /// It ends a year after the member authorised, however often it is used.
    pub(super) until: Timestamp,
}

/// What an access token was given for.
#[derive(Debug, Clone)]
pub(super) struct Issued {
    pub(super) scope: String,
    pub(super) created: Timestamp,
    pub(super) until: Timestamp,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) ids: Ids,
    pub(super) organization: u64,
    pub(super) name: String,
    /// The member behind the token.
    pub(super) member: String,
    /// Members by the id in their URN: their names.
    pub(super) members: BTreeMap<String, String>,
    pub(super) posts: Vec<Post>,
    pub(super) comments: Vec<Comment>,
    pub(super) assets: Vec<Asset>,
    pub(super) notices: Vec<Notice>,
    pub(super) subscribed: Vec<Subscribed>,
    pub(super) grants: HashMap<String, Grant>,
    pub(super) refresh: HashMap<String, Refresh>,
    pub(super) issued: HashMap<String, Issued>,
    pub(super) windows: Windows,
}

impl State {
    pub(super) fn new(ids: Ids, now: Timestamp) -> Self {
        let organization = ids.digits_of("linkedin organization", "Elm Street Clinic", 8).parse().unwrap_or(1);
        let member = ids.letters_of("linkedin member", "Ada Byrne", 10);
        let mut state = Self {
            organization,
            name: "Elm Street Clinic".to_owned(),
            members: BTreeMap::from([(member.clone(), "Ada Byrne".to_owned())]),
            member,
            ids,
            posts: Vec::new(),
            comments: Vec::new(),
            assets: Vec::new(),
            notices: Vec::new(),
            subscribed: Vec::new(),
            grants: HashMap::new(),
            refresh: HashMap::new(),
            issued: HashMap::new(),
            windows: Windows::default(),
        };
        let yesterday = now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(now);
        let author = state.organization();
        state.publish(Draft { author, commentary: super::WELCOME.to_owned(), ..Draft::default() }, yesterday);
        state
    }

    /// The URN of the organisation.
    pub(super) fn organization(&self) -> String {
        format!("urn:li:organization:{}", self.organization)
    }

    /// The URN of a member with this name, made if nobody has it yet.
    pub(super) fn person(&mut self, name: &str) -> String {
        let id = self.ids.letters_of("linkedin member", name, 10);
        self.members.entry(id.clone()).or_insert_with(|| name.to_owned());
        format!("urn:li:person:{id}")
    }

    /// The post that a URN names, by itself or as activity.
    pub(super) fn post(&self, urn: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.urn() == urn || post.activity() == urn)
    }

    pub(super) fn post_at(&mut self, urn: &str) -> Option<&mut Post> {
        self.posts.iter_mut().find(|post| post.urn() == urn || post.activity() == urn)
    }

    /// The comment that a URN names, under any name of its post.
    pub(super) fn comment(&self, urn: &str) -> Option<&Comment> {
        let inner = urn.strip_prefix("urn:li:comment:(")?.strip_suffix(')')?;
        let (post, number) = inner.rsplit_once(',')?;
        let post = self.post(post)?.number;
        self.comments.iter().find(|comment| comment.post == post && comment.number.to_string() == number)
    }

    pub(super) fn publish(&mut self, draft: Draft, at: Timestamp) -> String {
        let number = self.ids.rising("linkedin post", at);
        let moves = draft.content.as_ref().is_some_and(|content| {
            content["media"]["id"].as_str().is_some_and(|id| id.starts_with("urn:li:video:"))
                || content["multiImage"].is_object()
        });
        let or = |text: String, usual: &str| if text.is_empty() { usual.to_owned() } else { text };
        let post = Post {
            kind: if moves { "ugcPost" } else { "share" },
            number,
            author: draft.author,
            commentary: draft.commentary,
            content: draft.content,
            visibility: or(draft.visibility, "PUBLIC"),
            lifecycle: or(draft.lifecycle, "PUBLISHED"),
            distribution: draft.distribution.unwrap_or_else(
                || json!({"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []}),
            ),
            created: at,
            modified: at,
            edited: false,
            closed: false,
        };
        let urn = post.urn();
        self.posts.push(post);
        urn
    }

    /// Adds a comment. There are two levels: what answers an answer stands beside it.
    pub(super) fn say(
        &mut self,
        post: u64,
        parent: Option<u64>,
        actor: String,
        text: String,
        at: Timestamp,
    ) -> Comment {
        let parent = parent.map(|answered| {
            let above = self.comments.iter().find(|comment| comment.number == answered);
            above.and_then(|comment| comment.parent).unwrap_or(answered)
        });
        let number = self.ids.rising("linkedin comment", at);
        let comment = Comment { number, post, parent, actor, text, created: at, modified: at };
        self.comments.push(comment.clone());
        comment
    }
}

/// A post before it has an id.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) author: String,
    pub(super) commentary: String,
    pub(super) content: Option<Value>,
    pub(super) visibility: String,
    pub(super) lifecycle: String,
    pub(super) distribution: Option<Value>,
}
