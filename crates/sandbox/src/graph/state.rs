//! What there is on a page of Facebook and on an account of Instagram.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::pages::Further;
use crate::kit::Key;

/// Somebody, as the Graph shows them to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) name: String,
}

/// Where a post stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The page wrote it.
    Page,
    /// A visitor wrote it on the page.
    Visitor,
    /// Somebody wrote it elsewhere and named the page.
    Elsewhere,
    /// It carries a recommendation.
    Rating,
}

#[derive(Debug, Clone)]
pub(super) struct Post {
    pub(super) place: Place,
    pub(super) from: Person,
    pub(super) message: String,
    pub(super) link: Option<String>,
    pub(super) photos: Vec<String>,
    pub(super) video: Option<String>,
    pub(super) updated: Timestamp,
    pub(super) is_published: bool,
    pub(super) scheduled: Option<Timestamp>,
    pub(super) is_hidden: bool,
    pub(super) liked: bool,
    pub(super) rating: Option<Rating>,
}

impl Post {
    /// Whether people see it: what was scheduled appears when its time comes.
    pub(super) fn is_out(&self, now: Timestamp) -> bool {
        self.is_published || self.scheduled.is_some_and(|at| at <= now)
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Rating {
    /// Stars, of the older kind of review.
    pub(super) stars: Option<u8>,
    pub(super) is_positive: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Comment {
    /// The post, photo or video that the thread stands under.
    pub(super) on: String,
    /// The comment that it answers; the Graph knows two levels.
    pub(super) parent: Option<String>,
    pub(super) from: Person,
    pub(super) message: String,
    pub(super) attachment: Option<String>,
    pub(super) is_hidden: bool,
    pub(super) liked: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Photo {
    pub(super) caption: String,
    pub(super) alt_text: Option<String>,
    pub(super) source: String,
    pub(super) is_published: bool,
    pub(super) post: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Video {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) is_reel: bool,
    pub(super) is_published: bool,
    pub(super) scheduled: Option<Timestamp>,
    pub(super) post: Option<String>,
    /// Bytes that were announced and that came.
    pub(super) size: Option<u64>,
    pub(super) received: u64,
    pub(super) is_complete: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Thread {
    pub(super) person: Person,
    pub(super) updated: Timestamp,
    /// When the person wrote last: the window in which one may answer begins here.
    pub(super) heard: Option<Timestamp>,
    pub(super) unread: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) thread: String,
    pub(super) is_ours: bool,
    pub(super) text: String,
}

#[derive(Debug, Clone)]
pub(super) struct Media {
    pub(super) owner: Person,
    pub(super) is_ours: bool,
    pub(super) media_type: &'static str,
    pub(super) product: &'static str,
    pub(super) caption: String,
    pub(super) alt_text: Option<String>,
    pub(super) url: String,
    pub(super) shortcode: String,
    pub(super) children: Vec<String>,
    /// Part of an album: it is in no listing by itself.
    pub(super) is_child: bool,
    pub(super) comments_on: bool,
}

#[derive(Debug, Clone)]
pub(super) struct IgComment {
    pub(super) media: String,
    pub(super) parent: Option<String>,
    pub(super) from: Person,
    pub(super) text: String,
    pub(super) is_hidden: bool,
}

/// Media that is being prepared.
#[derive(Debug, Clone)]
pub(super) struct Container {
    pub(super) media_type: &'static str,
    pub(super) product: &'static str,
    pub(super) url: String,
    pub(super) caption: String,
    pub(super) alt_text: Option<String>,
    pub(super) children: Vec<String>,
    pub(super) is_child: bool,
    pub(super) stage: Stage,
}

/// How far the network is with a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It is working on it: said once, and then it is done.
    InProgress,
    Finished,
    Published,
    /// Resumable: the bytes are still missing.
    Waiting,
}

#[derive(Debug, Clone)]
pub(super) enum Node {
    Post(Post),
    Comment(Comment),
    Photo(Photo),
    Video(Video),
    Thread(Thread),
    Message(Message),
    Media(Media),
    IgComment(IgComment),
    Container(Container),
}

impl Node {
    /// The comment that it answers.
    fn parent(&self) -> Option<&str> {
        match self {
            Self::Comment(comment) => comment.parent.as_deref(),
            Self::IgComment(comment) => comment.parent.as_deref(),
            _ => None,
        }
    }
}

/// An object with its place in every listing.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) key: Key,
    pub(super) node: Node,
}

/// Everything.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// The page.
    pub(super) page: Person,
    /// The account of Instagram; its name is the user name.
    pub(super) account: Person,
    /// The user who administers both.
    pub(super) admin: Person,
    pub(super) app: String,
    /// Further pages that the same user administers.
    pub(super) further: Vec<Further>,
    pub(super) objects: BTreeMap<String, Object>,
    /// Ids of everything that ever stood there, as it was made.
    order: Vec<String>,
    /// Ids of what was ever written in reply to a comment, by the comment's.
    replies: BTreeMap<String, Vec<String>>,
    made: u64,
    /// Fields of webhooks that the page passes on to the app; `None` before the app is installed.
    pub(super) subscribed: Option<BTreeSet<String>>,
    /// Fields that the account of Instagram passes on by itself; `None` where it was not asked to.
    pub(super) instagram_subscribed: Option<BTreeSet<String>>,
    /// When something was published on Instagram.
    pub(super) published: Vec<Timestamp>,
    /// How many calls were answered, for the headers that tell of use.
    pub(super) calls: u64,
}

impl State {
    pub(super) fn new(page: Person, account: Person, admin: Person, app: String) -> Self {
        Self {
            page,
            account,
            admin,
            app,
            further: Vec::new(),
            objects: BTreeMap::new(),
            order: Vec::new(),
            replies: BTreeMap::new(),
            made: 0,
            subscribed: None,
            instagram_subscribed: None,
            published: Vec::new(),
            calls: 0,
        }
    }

    /// Puts a new object in place.
    pub(super) fn put(&mut self, id: String, at: Timestamp, node: Node) {
        self.made += 1;
        let key = Key { at, number: self.made };
        if let Some(parent) = node.parent() {
            self.replies.entry(parent.to_owned()).or_default().push(id.clone());
        }
        self.order.push(id.clone());
        self.objects.insert(id, Object { key, node });
    }

    pub(super) fn node(&self, id: &str) -> Option<&Node> {
        self.objects.get(id).map(|object| &object.node)
    }

    pub(super) fn node_mut(&mut self, id: &str) -> Option<&mut Node> {
        self.objects.get_mut(id).map(|object| &mut object.node)
    }

    /// Keys and ids of what `wanted` says, for a listing.
    pub(super) fn list(&self, wanted: impl Fn(&Node) -> bool) -> Vec<(Key, String)> {
        let wanted = self.objects.iter().filter(|(_, object)| wanted(&object.node));
        wanted.map(|(id, object)| (object.key, id.clone())).collect()
    }

    /// The one of these that was made first.
    pub(super) fn first(&self, wanted: impl Fn(&Node) -> bool) -> Option<String> {
        self.order.iter().find(|id| self.node(id).is_some_and(&wanted)).cloned()
    }

    pub(super) fn post(&self, id: &str) -> Option<&Post> {
        match self.node(id) {
            Some(Node::Post(post)) => Some(post),
            _ => None,
        }
    }

    pub(super) fn comment(&self, id: &str) -> Option<&Comment> {
        match self.node(id) {
            Some(Node::Comment(comment)) => Some(comment),
            _ => None,
        }
    }

    /// Comments under something, replies included or not.
    pub(super) fn comments_on(&self, on: &str, with_replies: bool) -> Vec<(Key, String)> {
        self.list(|node| matches!(node, Node::Comment(c) if c.on == on && (with_replies || c.parent.is_none())))
    }

    /// Replies to a comment.
    pub(super) fn replies_to(&self, parent: &str) -> Vec<(Key, String)> {
        let replies = self.replies.get(parent).into_iter().flatten();
        replies.filter_map(|id| Some((self.objects.get(id)?.key, id.clone()))).collect()
    }

    /// Takes an object away, with everything that stands under it.
    pub(super) fn remove(&mut self, id: &str) -> bool {
        let found = self.objects.remove(id).is_some();
        self.replies.remove(id);
        let stands_under = |node: &Node| match node {
            Node::Comment(comment) => comment.on == id || node.parent() == Some(id),
            Node::IgComment(comment) => comment.media == id || node.parent() == Some(id),
            Node::Message(message) => message.thread == id,
            _ => false,
        };
        self.objects.retain(|_, object| !stands_under(&object.node));
        found
    }
}
