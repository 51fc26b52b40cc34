//! The networks as the stories need them: where they are emulated, what is polled, and what they let
//! nobody do.

use bedside_engine::clock::Clock;
use bedside_networks::Network;
use bedside_sandbox::world::{Kind, Network as Emulated};
use serde_json::{Value, json};

use crate::place::{Open, Place};
use crate::places::blog;
use crate::places::world::{self, Manner, application, session, text, token};
use crate::places::{mailbox, pages};

/// A story, and what is to be said of it.
pub type Note = (&'static str, &'static str);

/// Where a network is emulated.
#[derive(Debug, Clone, Copy)]
pub enum Where {
    /// In the world of the sandbox.
    World(Manner),
    Elsewhere(Open),
}

impl Where {
    /// Opens it at the time of a clock.
    pub async fn open(self, clock: Clock) -> Box<dyn Place> {
        match self {
            Self::World(manner) => world::open(clock, manner).await,
            Self::Elsewhere(open) => open(clock).await,
        }
    }
}

/// One network on the stage.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Its name in the table.
    pub title: &'static str,
    pub network: Network,
    pub place: Where,
    /// What is polled, and its settings.
    pub source: &'static str,
    pub settings: fn() -> Value,
    /// The largest backlog that the network shows at all, where that is less than 10,000.
    pub shows_at_most: Option<usize>,
    /// A deletion is told by webhook; polls cannot see it.
    pub tells_of_deletions: bool,
    /// It tells by a stream and not by webhook.
    pub streams: bool,
    /// Stories that cannot be told of the network, and why.
    pub cannot: &'static [Note],
    /// What a story means on this network, where it is not plain.
    pub means: &'static [Note],
}

const ONE_REPLY: &str = "a review has one reply";

fn everything_again() -> Value {
    json!({"reread_cycle": 1, "full_every": 1})
}

pub fn facebook() -> Actor {
    Actor {
        title: "Facebook",
        network: Network::Facebook,
        place: Where::World(Manner {
            network: Emulated::Facebook,
            kind: Kind::Comment,
            account: |ready| (text(ready, "page"), json!({})),
            credentials: application,
        }),
        source: "everything",
        settings: everything_again,
        shows_at_most: None,
        tells_of_deletions: false,
        streams: false,
        cannot: &[],
        means: &[],
    }
}

pub fn instagram() -> Actor {
    Actor {
        title: "Instagram",
        network: Network::Instagram,
        place: Where::World(Manner {
            network: Emulated::Instagram,
            kind: Kind::Comment,
            account: |ready| (text(ready, "user"), json!({})),
            credentials: application,
        }),
        cannot: &[("edit", "comments cannot be edited on Instagram")],
        ..facebook()
    }
}

pub fn youtube() -> Actor {
    const TOLD: &str = "the hub tells of a video, which asks for a poll, which hears the comment";
    Actor {
        title: "YouTube",
        network: Network::Youtube,
        place: Where::World(Manner {
            network: Emulated::Youtube,
            kind: Kind::Comment,
            account: |ready| (text(ready, "channel"), json!({})),
            credentials: application,
        }),
        source: "comments",
        means: &[("webhook twice", TOLD), ("webhook and poll", TOLD)],
        ..facebook()
    }
}

pub fn x() -> Actor {
    Actor {
        title: "X",
        network: Network::X,
        place: Where::World(Manner {
            network: Emulated::X,
            kind: Kind::Mention,
            account: |ready| (text(ready, "user"), json!({"username": ready["username"], "replies": "anyone"})),
            credentials: application,
        }),
        source: "mentions",
        shows_at_most: Some(800),
        ..facebook()
    }
}

pub fn linkedin() -> Actor {
    Actor {
        title: "LinkedIn",
        network: Network::Linkedin,
        place: Where::World(Manner {
            network: Emulated::Linkedin,
            kind: Kind::Comment,
            account: |ready| (text(ready, "organization_urn"), json!({"application": "1"})),
            credentials: application,
        }),
        source: "comments",
        ..facebook()
    }
}

pub fn google_business() -> Actor {
    const TOLD: &str = "a push through Pub/Sub asks for a poll";
    Actor {
        title: "Google Business Profile",
        network: Network::GoogleBusiness,
        place: Where::World(Manner {
            network: Emulated::GoogleBusiness,
            kind: Kind::Review,
            account: |ready| {
                let place = text(ready, "location_name").unwrap_or_default();
                let account = place.split("/locations/").next().unwrap_or_default().to_owned();
                (Some(account.clone()), json!({ "account": account }))
            },
            credentials: token,
        }),
        source: "reviews",
        cannot: &[("thread order", ONE_REPLY)],
        means: &[("webhook twice", TOLD), ("webhook and poll", TOLD)],
        ..facebook()
    }
}

pub fn yelp() -> Actor {
    const TOLD: &str = "a webhook for partners asks for a poll";
    Actor {
        title: "Yelp",
        network: Network::Yelp,
        place: Where::World(Manner {
            network: Emulated::Yelp,
            kind: Kind::Review,
            account: |ready| (text(ready, "business"), json!({"business": ready["business"], "mode": "partner"})),
            credentials: token,
        }),
        source: "reviews",
        shows_at_most: Some(3),
        tells_of_deletions: true,
        cannot: &[("thread order", ONE_REPLY), ("own echo", "the excerpts do not show replies")],
        means: &[
            ("deletion", "only three excerpts are shown, so an absence tells nothing; a webhook tells partners"),
            ("webhook twice", TOLD),
            ("webhook and poll", TOLD),
        ],
        ..facebook()
    }
}

pub fn mastodon() -> Actor {
    Actor {
        title: "Mastodon",
        network: Network::Mastodon,
        place: Where::World(Manner {
            network: Emulated::Mastodon,
            kind: Kind::Mention,
            account: |_| (None, json!({})),
            credentials: token,
        }),
        source: "mentions",
        streams: true,
        cannot: &[("webhook twice", "there are no webhooks, and the stream tells once")],
        means: &[("webhook and poll", "the stream tells")],
        ..facebook()
    }
}

pub fn wordpress() -> Actor {
    Actor {
        title: "WordPress",
        network: Network::Wordpress,
        place: Where::Elsewhere(blog::open),
        source: "comments",
        cannot: &[
            ("webhook twice", "a site sends no webhooks"),
            ("webhook and poll", "a site sends no webhooks"),
            ("expired", "an application password has no end; it can be taken back"),
        ],
        ..facebook()
    }
}

pub fn bluesky() -> Actor {
    Actor {
        title: "Bluesky",
        network: Network::Bluesky,
        place: Where::World(Manner {
            network: Emulated::Bluesky,
            kind: Kind::Mention,
            account: |ready| (text(ready, "account"), json!({})),
            credentials: session,
        }),
        source: "notifications",
        streams: true,
        means: &[
            ("webhook twice", "Jetstream tells, and after a break tells the last seconds again"),
            ("webhook and poll", "Jetstream tells"),
            ("expired", "the app password was taken back, too; else it begins a new session"),
        ],
        ..facebook()
    }
}

pub fn feed() -> Actor {
    Actor {
        title: "Feed",
        network: Network::Feed,
        place: Where::Elsewhere(pages::feed),
        source: "feed",
        settings: || json!({"kind": "comment", "max_pages": 100}),
        cannot: &[
            ("deletion", "a feed shows what is new, so an absence tells nothing"),
            ("own echo", "nothing can be said in a feed"),
            ("expired", "a password has no end; it can be changed"),
        ],
        means: &[
            ("webhook twice", "the hub that the feed names tells (WebSub)"),
            ("webhook and poll", "the hub that the feed names tells (WebSub)"),
            ("backlog", "in a feed that names the page behind each page; where none does, that page is all"),
        ],
        ..facebook()
    }
}

pub fn email() -> Actor {
    Actor {
        title: "E-mail",
        network: Network::Email,
        place: Where::Elsewhere(mailbox::open),
        source: "mailbox",
        settings: || json!({}),
        cannot: &[
            ("edit", "a letter that was sent stays as it is"),
            ("deletion", "a letter that was received stays received"),
            ("webhook twice", "a mailbox tells nobody"),
            ("webhook and poll", "a mailbox tells nobody"),
        ],
        means: &[
            ("own echo", "a copy of the answer comes into the mailbox"),
            ("429", "the server refuses with LIMIT (RFC 5530)"),
            ("5xx", "the server refuses with UNAVAILABLE, or says BYE"),
        ],
        ..facebook()
    }
}

pub fn review_page() -> Actor {
    const PUBLIC: &str = "the page is public";
    Actor {
        title: "Review page",
        network: Network::ReviewPage,
        place: Where::Elsewhere(pages::reviews),
        source: "page",
        settings: || json!({"max_pages": 100}),
        cannot: &[
            ("deletion", "a page shows a choice of reviews, so an absence tells nothing"),
            ("thread order", "a review on a page has no reply"),
            ("own echo", "nothing can be said on a page"),
            ("webhook twice", "a page tells nobody"),
            ("webhook and poll", "a page tells nobody"),
            ("expired", PUBLIC),
            ("revoked", PUBLIC),
        ],
        ..facebook()
    }
}
