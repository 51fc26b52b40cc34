//! What X knows.

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use super::text::{self, EntityKind};
use crate::kit::Windows;
use crate::world::Ids;

#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) username: String,
    pub(super) name: String,
    pub(super) created: Timestamp,
}

/// A link as it stands in a text: shortened, with what it leads to.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) short: String,
    pub(super) long: String,
    /// The file it stands for.
    pub(super) media: Option<u64>,
}

#[derive(Debug, Clone)]
pub(super) struct Post {
    pub(super) id: u64,
    pub(super) author: u64,
    /// With links shortened, as X stores it.
    pub(super) text: String,
    /// As it was sent, for the rule against doing so twice.
    pub(super) sent: String,
    pub(super) links: Vec<Link>,
    pub(super) created: Timestamp,
    pub(super) conversation: u64,
    pub(super) reply_to: Option<u64>,
    pub(super) quotes: Option<u64>,
    /// How many answer it, and how many quote it.
    pub(super) replied: usize,
    pub(super) quoted: usize,
    pub(super) media: Vec<u64>,
    /// The users that it names.
    pub(super) names: Vec<u64>,
    pub(super) reply_settings: String,
    pub(super) hidden: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Media {
    pub(super) id: u64,
    pub(super) media_type: String,
    pub(super) category: String,
    pub(super) segments: HashMap<u64, Bytes>,
    pub(super) alt_text: Option<String>,
    /// Bytes announced; 0 where none were.
    pub(super) announced: u64,
    pub(super) finalized: bool,
    /// How often it must still be asked for before it is ready.
    pub(super) processing: u8,
}

impl Media {
    pub(super) fn size(&self) -> usize {
        self.segments.values().map(Bytes::len).sum()
    }

    pub(super) fn is_video(&self) -> bool {
        self.media_type.starts_with("video/") || self.category.ends_with("video")
    }

    pub(super) fn is_gif(&self) -> bool {
        self.media_type == "image/gif" || self.category.ends_with("gif")
    }

    /// X puts the kind before the id: 3 a picture, 16 a moving one, 7 a video.
    pub(super) fn key(&self) -> String {
        let kind = match () {
            () if self.is_video() => 7,
            () if self.is_gif() => 16,
            () => 3,
        };
        format!("{kind}_{}", self.id)
    }
}

/// A direct message.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) id: u64,
    pub(super) sender: u64,
    /// The two who speak, the lower id first.
    pub(super) between: (u64, u64),
    pub(super) text: String,
    pub(super) media: Vec<u64>,
    pub(super) created: Timestamp,
}

impl Message {
    pub(super) fn conversation(&self) -> String {
        format!("{}-{}", self.between.0, self.between.1)
    }
}

/// Who may be answered by an application, which changed in February 2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Replies {
    /// Those who mentioned or quoted the account.
    #[default]
    Summoned,
    /// Everybody.
    Everybody,
}

/// A code that waits to be exchanged.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) client: String,
    pub(super) redirect: String,
    pub(super) scope: String,
    pub(super) challenge: String,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) ids: Ids,
    pub(super) me: u64,
    pub(super) users: Vec<User>,
    pub(super) posts: Vec<Post>,
    pub(super) media: Vec<Media>,
    pub(super) messages: Vec<Message>,
    pub(super) replies: Replies,
    pub(super) grants: HashMap<String, Grant>,
    /// Refresh tokens that were not used yet: client and scope.
    pub(super) refresh: HashMap<String, (String, String)>,
    pub(super) windows: Windows,
    /// Tokens of the application itself.
    pub(super) applications: BTreeSet<String>,
    /// Webhooks that the account's activity goes to.
    pub(super) subscribed: BTreeSet<String>,
    /// Webhooks that were registered by the interface, and when.
    pub(super) webhooks: HashMap<String, Timestamp>,
}

impl State {
    pub(super) fn new(ids: Ids, now: Timestamp) -> Self {
        let clinic = User::named(&ids, "elmstreet", "Elm Street Clinic", now);
        let mut state = Self {
            me: clinic.id,
            users: vec![clinic],
            ids,
            posts: Vec::new(),
            media: Vec::new(),
            messages: Vec::new(),
            replies: Replies::default(),
            grants: HashMap::new(),
            refresh: HashMap::new(),
            windows: Windows::default(),
            applications: BTreeSet::new(),
            subscribed: BTreeSet::new(),
            webhooks: HashMap::new(),
        };
        let welcome = Draft {
            author: state.me,
            text: super::WELCOME.to_owned(),
            reply_settings: "everyone".to_owned(),
            ..Draft::default()
        };
        let yesterday = now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(now);
        state.publish(welcome, yesterday);
        state
    }

    pub(super) fn user(&self, id: u64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(super) fn named(&self, username: &str) -> Option<&User> {
        self.users.iter().find(|user| user.username.eq_ignore_ascii_case(username))
    }

    pub(super) fn post(&self, id: u64) -> Option<&Post> {
        self.posts.iter().find(|post| post.id == id)
    }

    pub(super) fn media(&self, id: u64) -> Option<&Media> {
        self.media.iter().find(|media| media.id == id)
    }

    /// The user with this name for people, made if nobody has it yet.
    pub(super) fn person(&mut self, name: &str, now: Timestamp) -> u64 {
        let username: String = match name.strip_prefix('@') {
            Some(username) => username.to_owned(),
            None => name.chars().filter(char::is_ascii_alphanumeric).take(15).collect::<String>().to_lowercase(),
        };
        let username = if username.is_empty() { "somebody" } else { &username };
        if let Some(known) = self.named(username) {
            return known.id;
        }
        let user = User::named(&self.ids, username, name.trim_start_matches('@'), now);
        let id = user.id;
        self.users.push(user);
        id
    }

    /// The users that a text names.
    pub(super) fn named_in(&self, text: &str) -> Vec<u64> {
        let names = text::entities(text).into_iter().filter(|entity| entity.kind == EntityKind::Mention);
        names.filter_map(|name| self.named(&name.text)).map(|user| user.id).collect()
    }

    /// Whether the rules let the account answer a post.
    pub(super) fn may_answer(&self, post: &Post) -> bool {
        let quoted = post.quotes.and_then(|id| self.post(id)).is_some_and(|quoted| quoted.author == self.me);
        self.replies == Replies::Everybody || post.author == self.me || quoted || post.names.contains(&self.me)
    }

    /// Puts a post into the world: links are shortened, a reply gets the name of whom it answers.
    pub(super) fn publish(&mut self, draft: Draft, at: Timestamp) -> u64 {
        let id = self.ids.rising("x post", at);
        let parent = draft.reply_to.and_then(|id| self.post(id)).map(|post| (post.conversation, post.author));
        let mut text = draft.text.clone();
        if let Some(name) = parent.and_then(|(_, author)| self.user(author)).map(|user| format!("@{}", user.username))
            && !text.split_whitespace().any(|word| word.eq_ignore_ascii_case(&name))
            && parent.is_some_and(|(_, author)| author != draft.author)
        {
            text = format!("{name} {text}");
        }
        let mut links = Vec::new();
        let chars: Vec<char> = text.chars().collect();
        let (mut shortened, mut copied) = (String::new(), 0);
        for link in text::entities(&text).into_iter().filter(|entity| entity.kind == EntityKind::Link) {
            let short = self.short();
            shortened.extend(&chars[copied..link.start]);
            shortened.push_str(&short);
            copied = link.end;
            let long = if link.text.contains("://") { link.text } else { format!("http://{}", link.text) };
            links.push(Link { short, long, media: None });
        }
        shortened.extend(&chars[copied..]);
        let username = self.user(draft.author).map(|user| user.username.clone()).unwrap_or_default();
        let pictured =
            draft.media.first().map(|media| (format!("https://x.com/{username}/status/{id}/photo/1"), Some(*media)));
        let quoted = draft.quotes.map(|id| (format!("https://x.com/i/status/{id}"), None));
        for (long, media) in pictured.into_iter().chain(quoted) {
            let short = self.short();
            shortened = format!("{shortened} {short}").trim_start().to_owned();
            links.push(Link { short, long, media });
        }
        self.posts.push(Post {
            id,
            author: draft.author,
            text: shortened,
            sent: draft.text,
            links,
            created: at,
            conversation: parent.map_or(id, |(conversation, _)| conversation),
            reply_to: draft.reply_to,
            quotes: draft.quotes,
            replied: 0,
            quoted: 0,
            media: draft.media,
            names: self.named_in(&text),
            reply_settings: draft.reply_settings,
            hidden: false,
        });
        self.count(draft.reply_to, draft.quotes, |count| count + 1);
        id
    }

    /// Takes a post out of the world.
    pub(super) fn remove(&mut self, id: u64) -> Option<Post> {
        let at = self.posts.iter().position(|post| post.id == id)?;
        let gone = self.posts.remove(at);
        self.count(gone.reply_to, gone.quotes, |count| count.saturating_sub(1));
        Some(gone)
    }

    /// Counts anew what was answered or quoted.
    fn count(&mut self, replied: Option<u64>, quoted: Option<u64>, change: impl Fn(usize) -> usize) {
        for post in &mut self.posts {
            if Some(post.id) == replied {
                post.replied = change(post.replied);
            }
            if Some(post.id) == quoted {
                post.quoted = change(post.quoted);
            }
        }
    }

    fn short(&self) -> String {
        format!("https://t.co/{}", self.ids.letters("x link", 10))
    }

    /// Adds a direct message between somebody and the account.
    pub(super) fn tell(&mut self, sender: u64, other: u64, text: String, media: Vec<u64>, at: Timestamp) -> &Message {
        let id = self.ids.rising("x message", at);
        let between = (sender.min(other), sender.max(other));
        self.messages.push(Message { id, sender, between, text, media, created: at });
        &self.messages[self.messages.len() - 1]
    }
}

impl User {
    /// The id follows from the name alone, so that it is the same in every world of one seed.
    fn named(ids: &Ids, username: &str, name: &str, created: Timestamp) -> Self {
        let id = ids.digits_of("x user", &username.to_lowercase(), 18).parse().unwrap_or(1);
        Self { id, username: username.to_owned(), name: name.to_owned(), created }
    }
}

/// A post before it has an id.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) author: u64,
    pub(super) text: String,
    pub(super) reply_to: Option<u64>,
    pub(super) quotes: Option<u64>,
    pub(super) media: Vec<u64>,
    pub(super) reply_settings: String,
}
