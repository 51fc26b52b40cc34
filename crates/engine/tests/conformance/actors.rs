//! The networks as the stories need them: how an account is connected, how people write, and what the
//! network lets nobody do.

use bedside_networks::{Credentials, Network, Oauth2, Secret};
use bedside_sandbox::world::{Kind, Network as Emulated, SECRET, TOKEN};
use serde_json::{Value, json};

/// One network on the stage.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Its name in the table.
    pub title: &'static str,
    pub network: Network,
    pub emulated: Emulated,
    /// What is polled.
    pub source: &'static str,
    /// What people write.
    pub kind: Kind,
    /// The largest backlog that the network shows at all, where that is less than 10,000.
    pub shows_at_most: Option<usize>,
    /// Stories that cannot be told of the network, and why.
    pub cannot: &'static [(&'static str, &'static str)],
    /// The account's own id and settings, from the ready line of the world.
    pub account: fn(&Value) -> (Option<String>, Value),
    pub credentials: fn() -> Credentials,
}

fn application() -> Credentials {
    Credentials::Oauth2(Box::new(Oauth2 {
        client_id: "sandbox".into(),
        client_secret: Secret::new(SECRET),
        access_token: Secret::new(TOKEN),
        ..Oauth2::default()
    }))
}

fn token() -> Credentials {
    Credentials::Bearer { token: Secret::new(TOKEN) }
}

fn text(ready: &Value, field: &str) -> Option<String> {
    ready.get(field).and_then(Value::as_str).map(str::to_owned)
}

const NO_WEBHOOKS: &str = "the network sends no webhooks";

pub fn facebook() -> Actor {
    Actor {
        title: "Facebook",
        network: Network::Facebook,
        emulated: Emulated::Facebook,
        source: "everything",
        kind: Kind::Comment,
        shows_at_most: None,
        cannot: &[],
        account: |ready| (text(ready, "page"), json!({})),
        credentials: application,
    }
}

pub fn instagram() -> Actor {
    Actor {
        title: "Instagram",
        network: Network::Instagram,
        emulated: Emulated::Instagram,
        account: |ready| (text(ready, "user"), json!({})),
        cannot: &[("edit", "comments cannot be edited on Instagram")],
        ..facebook()
    }
}

pub fn youtube() -> Actor {
    Actor {
        title: "YouTube",
        network: Network::Youtube,
        emulated: Emulated::Youtube,
        source: "comments",
        cannot: &[
            ("webhook twice", "YouTube tells of videos, not of comments"),
            ("webhook and poll", "YouTube tells of videos, not of comments"),
        ],
        account: |ready| (text(ready, "channel"), json!({})),
        ..facebook()
    }
}

pub fn x() -> Actor {
    Actor {
        title: "X",
        network: Network::X,
        emulated: Emulated::X,
        source: "mentions",
        kind: Kind::Mention,
        shows_at_most: Some(800),
        cannot: &[],
        account: |ready| (text(ready, "user"), json!({"username": ready["username"], "replies": "anyone"})),
        ..facebook()
    }
}

pub fn linkedin() -> Actor {
    Actor {
        title: "LinkedIn",
        network: Network::Linkedin,
        emulated: Emulated::Linkedin,
        source: "comments",
        account: |ready| (text(ready, "organization_urn"), json!({})),
        ..facebook()
    }
}

pub fn google_business() -> Actor {
    Actor {
        title: "Google Business Profile",
        network: Network::GoogleBusiness,
        emulated: Emulated::GoogleBusiness,
        source: "reviews",
        kind: Kind::Review,
        cannot: &[
            ("thread order", "a review has one reply"),
            ("webhook twice", "it pushes through Pub/Sub, which asks for a poll"),
            ("webhook and poll", "it pushes through Pub/Sub, which asks for a poll"),
        ],
        account: |ready| {
            let place = text(ready, "location_name").unwrap_or_default();
            let account = place.split("/locations/").next().unwrap_or_default().to_owned();
            (Some(account.clone()), json!({ "account": account }))
        },
        credentials: token,
        ..facebook()
    }
}

pub fn yelp() -> Actor {
    Actor {
        title: "Yelp",
        network: Network::Yelp,
        emulated: Emulated::Yelp,
        source: "reviews",
        kind: Kind::Review,
        shows_at_most: Some(3),
        cannot: &[
            ("thread order", "a review has one reply"),
            ("deletion", "only three excerpts are shown, so an absence tells nothing; partners are told by webhook"),
            ("own echo", "the excerpts do not show replies"),
            ("webhook twice", "partner webhooks ask for a poll"),
            ("webhook and poll", "partner webhooks ask for a poll"),
        ],
        account: |ready| (text(ready, "business"), json!({"business": ready["business"], "mode": "partner"})),
        credentials: token,
    }
}

pub fn mastodon() -> Actor {
    Actor {
        title: "Mastodon",
        network: Network::Mastodon,
        emulated: Emulated::Mastodon,
        source: "mentions",
        kind: Kind::Mention,
        cannot: &[("webhook twice", NO_WEBHOOKS), ("webhook and poll", NO_WEBHOOKS)],
        account: |_| (None, json!({})),
        credentials: token,
        ..facebook()
    }
}
