//! The emulated networks as a benchmark reads them: who the account is, and what people write there.

use bedside_networks::{Credentials, Network, Oauth2, Secret};
use bedside_sandbox::world::{Kind, Network as Emulated, SECRET, TOKEN};
use serde_json::{Value, json};

/// An account on an emulated network.
pub struct Emulation {
    /// Its name in the table.
    pub title: &'static str,
    /// The connector.
    pub network: Network,
    /// What the sandbox calls it.
    pub emulated: Emulated,
    /// What is polled.
    pub source: &'static str,
    /// What people write.
    pub kind: Kind,
    /// The account's own id and settings, from the ready line of the world.
    pub account: fn(&Value) -> (Option<String>, Value),
}

impl Emulation {
    fn new(title: &'static str, network: Network, emulated: Emulated, source: &'static str, kind: Kind) -> Self {
        Self { title, network, emulated, source, kind, account: |_| (None, json!({})) }
    }

    fn known_by(mut self, account: fn(&Value) -> (Option<String>, Value)) -> Self {
        self.account = account;
        self
    }
}

fn text(ready: &Value, field: &str) -> Option<String> {
    ready.get(field).and_then(Value::as_str).map(str::to_owned)
}

/// All of them.
pub fn all() -> [Emulation; 8] {
    let everything = "everything";
    [
        Emulation::new("Facebook", Network::Facebook, Emulated::Facebook, everything, Kind::Comment)
            .known_by(|ready| (text(ready, "page"), json!({}))),
        Emulation::new("Instagram", Network::Instagram, Emulated::Instagram, everything, Kind::Comment)
            .known_by(|ready| (text(ready, "user"), json!({}))),
        Emulation::new("YouTube", Network::Youtube, Emulated::Youtube, "comments", Kind::Comment)
            .known_by(|ready| (text(ready, "channel"), json!({}))),
        Emulation::new("X", Network::X, Emulated::X, "mentions", Kind::Mention)
            .known_by(|ready| (text(ready, "user"), json!({"username": ready["username"], "replies": "anyone"}))),
        Emulation::new("LinkedIn", Network::Linkedin, Emulated::Linkedin, "comments", Kind::Comment)
            .known_by(|ready| (text(ready, "organization_urn"), json!({}))),
        Emulation::new(
            "Google Business Profile",
            Network::GoogleBusiness,
            Emulated::GoogleBusiness,
            "reviews",
            Kind::Review,
        )
        .known_by(|ready| {
            let place = text(ready, "location_name").unwrap_or_default();
            let account = place.split("/locations/").next().unwrap_or_default().to_owned();
            (Some(account.clone()), json!({ "account": account }))
        }),
        Emulation::new("Yelp", Network::Yelp, Emulated::Yelp, "reviews", Kind::Review)
            .known_by(|ready| (text(ready, "business"), json!({"business": ready["business"], "mode": "partner"}))),
        Emulation::new("Mastodon", Network::Mastodon, Emulated::Mastodon, "mentions", Kind::Mention),
    ]
}

/// What the sandbox takes: an application for those with OAuth, a token for the others.
pub fn credentials(network: Network) -> Credentials {
    match network {
        Network::GoogleBusiness | Network::Yelp | Network::Mastodon => {
            Credentials::Bearer { token: Secret::new(TOKEN) }
        }
        _ => Credentials::Oauth2(Box::new(Oauth2 {
            client_id: "sandbox".into(),
            client_secret: Secret::new(SECRET),
            access_token: Secret::new(TOKEN),
            ..Oauth2::default()
        })),
    }
}
