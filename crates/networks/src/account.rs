//! What a connector may know of a connected account.

use std::fmt;

use bedside_model::Micros;
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

use crate::Network;

/// A password, token or header value. `Debug` prints `[secret]`, and the memory is wiped on drop.
///
/// It serialises to its value, because credentials are sealed as JSON; that sealed box is the only
/// place it may be serialised into.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The value itself. Each call is a place to look at in a review.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing is in it. A stored secret is never overwritten by an empty one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// How an account proves who it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Credentials {
    /// Nothing is needed: public feeds, imports.
    #[default]
    None,
    /// User name and password: WordPress with an application password.
    Basic {
        /// The user name on the network.
        user: String,
        /// The application password; spaces in it are not significant.
        password: Secret,
    },
    /// A bearer token that does not end, or an API key.
    Bearer {
        /// The access token.
        token: Secret,
    },
    /// Tokens of OAuth 2.0, with the application they were given to.
    Oauth2(Box<Oauth2>),
    /// OAuth 1.0a (RFC 5849).
    Oauth1 {
        /// The application's key.
        consumer_key: String,
        /// The application's secret.
        consumer_secret: Secret,
        /// The account's token.
        token: Secret,
        /// The account's token secret.
        token_secret: Secret,
    },
    /// A session begun with a password of its own for applications: Bluesky.
    Session(Box<Session>),
}

/// Tokens of OAuth 2.0.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Oauth2 {
    /// The application's id.
    pub client_id: String,
    /// The application's secret; empty for a public client. Signs requests and webhooks on Meta.
    #[serde(default)]
    pub client_secret: Secret,
    /// The access token.
    pub access_token: Secret,
    /// The refresh token; empty where there is none.
    #[serde(default)]
    pub refresh_token: Secret,
    /// When the access token ends; `None` where it does not.
    #[serde(default)]
    pub expires_at: Option<Micros>,
    /// Until when a person must authorise again, whatever is renewed before; `None` where the
    /// network sets no such day.
    #[serde(default)]
    pub reauthorise_by: Option<Micros>,
    /// What was granted.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// A session begun with a password.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Session {
    /// The handle or address.
    pub identifier: String,
    /// The password made for this application.
    pub password: Secret,
    /// The access token; empty before the first session.
    #[serde(default)]
    pub access_token: Secret,
    /// The refresh token.
    #[serde(default)]
    pub refresh_token: Secret,
    /// When the access token ends.
    #[serde(default)]
    pub expires_at: Option<Micros>,
}

impl Credentials {
    /// A user name and a password, as the network takes them.
    pub fn of_password(network: Network, user: String, password: Secret) -> Self {
        match network {
            Network::Bluesky => Self::Session(Box::new(Session { identifier: user, password, ..Session::default() })),
            _ => Self::Basic { user, password },
        }
    }

    /// When what is held ends by itself; `None` where it does not, or nobody knows.
    pub fn expires_at(&self) -> Option<Micros> {
        match self {
            Self::Oauth2(held) => held.expires_at,
            Self::Session(held) => held.expires_at,
            Self::None | Self::Basic { .. } | Self::Bearer { .. } | Self::Oauth1 { .. } => None,
        }
    }

    /// Until when a person must authorise again.
    pub fn reauthorise_by(&self) -> Option<Micros> {
        match self {
            Self::Oauth2(held) => held.reauthorise_by,
            Self::None | Self::Basic { .. } | Self::Bearer { .. } | Self::Oauth1 { .. } | Self::Session(_) => None,
        }
    }

    /// Whether there is nothing in it. What is stored is never overwritten by nothing.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::None => true,
            Self::Basic { password, .. } => password.is_empty(),
            Self::Bearer { token } => token.is_empty(),
            Self::Oauth2(held) => held.access_token.is_empty() && held.refresh_token.is_empty(),
            Self::Oauth1 { token, token_secret, .. } => token.is_empty() || token_secret.is_empty(),
            Self::Session(held) => held.password.is_empty() && held.refresh_token.is_empty(),
        }
    }

    /// These credentials, with every secret that is empty taken from `held` where that is of the
    /// same kind: a network that leaves out the refresh token does not take it away.
    #[must_use]
    pub fn over(self, held: &Self) -> Self {
        let keep = |new: Secret, old: &Secret| if new.is_empty() { old.clone() } else { new };
        match (self, held) {
            (Self::Oauth2(new), Self::Oauth2(old)) => Self::Oauth2(Box::new(Oauth2 {
                client_id: if new.client_id.is_empty() { old.client_id.clone() } else { new.client_id },
                client_secret: keep(new.client_secret, &old.client_secret),
                access_token: keep(new.access_token, &old.access_token),
                refresh_token: keep(new.refresh_token, &old.refresh_token),
                expires_at: new.expires_at,
                reauthorise_by: new.reauthorise_by.or(old.reauthorise_by),
                scopes: if new.scopes.is_empty() { old.scopes.clone() } else { new.scopes },
            })),
            (Self::Session(new), Self::Session(old)) => Self::Session(Box::new(Session {
                identifier: if new.identifier.is_empty() { old.identifier.clone() } else { new.identifier },
                password: keep(new.password, &old.password),
                access_token: keep(new.access_token, &old.access_token),
                refresh_token: keep(new.refresh_token, &old.refresh_token),
                expires_at: new.expires_at,
            })),
            (new, old) if new.is_empty() => old.clone(),
            (new, _) => new,
        }
    }

    /// The token that a request carries as `Bearer`.
    pub(crate) fn bearer(&self) -> Option<&Secret> {
        match self {
            Self::Bearer { token } => Some(token),
            Self::Oauth2(held) => Some(&held.access_token),
            Self::Session(held) => Some(&held.access_token),
            Self::None | Self::Basic { .. } | Self::Oauth1 { .. } => None,
        }
        .filter(|token| !token.is_empty())
    }
}

/// An account as a connector sees it: where it is, who it is, and how it proves that.
#[derive(Debug, Clone)]
pub struct AccountView {
    /// The network it belongs to.
    pub network: Network,
    /// The root of the site or API, e.g. `https://blog.example.org/`.
    pub base_url: Url,
    /// The account's own user id on the network, once the self-test has found it. Messages of this
    /// author are ours ([`crate::ParsedMessage::is_own`]).
    pub own_native_id: Option<String>,
    /// How it proves who it is.
    pub credentials: Credentials,
    /// Made by us for this account's webhooks: the verify token of a handshake, the secret of a
    /// subscription, the secret part of the address. Empty where there are none.
    pub hook_secret: Secret,
    /// Settings of the connector, as JSON. Common to all: `staff_ids`, an array of the native ids
    /// of other users of the organisation. The rest is described in each connector's module.
    pub config: serde_json::Value,
}

impl AccountView {
    /// A text setting.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.config.get(name)?.as_str()
    }

    /// The version of the API: configuration, with the connector's own as the default.
    pub(crate) fn api_version<'a>(&'a self, default: &'a str) -> &'a str {
        self.setting("api_version").unwrap_or(default)
    }

    /// The root on another host of the same network, such as one for uploads. An account whose
    /// `base_url` is not at `home` (an emulator, a proxy) has everything there.
    pub(crate) fn root_at(&self, home: &str, other: &str) -> Url {
        let at_home = Url::parse(home).is_ok_and(|home| home.origin() == self.base_url.origin());
        at_home.then(|| Url::parse(other).ok()).flatten().unwrap_or_else(|| self.base_url.clone())
    }

    /// Whether the author is this account.
    pub(crate) fn is_own(&self, author: &str) -> bool {
        !author.is_empty() && self.own_native_id.as_deref() == Some(author)
    }

    /// Whether the author is named in `staff_ids`; ids may stand there as text or as numbers.
    pub(crate) fn is_staff(&self, author: &str) -> bool {
        let Some(ids) = self.config.get("staff_ids").and_then(|ids| ids.as_array()) else { return false };
        !author.is_empty()
            && ids.iter().any(|id| match id {
                serde_json::Value::String(id) => id == author,
                serde_json::Value::Number(id) => id.to_string() == author,
                _ => false,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_holds_no_secret() {
        let account = AccountView {
            network: Network::Wordpress,
            base_url: Url::parse("https://blog.example.org/").unwrap(),
            own_native_id: Some("7".to_owned()),
            credentials: Credentials::Basic { user: "bedside".into(), password: Secret::new("abcd efgh") },
            hook_secret: Secret::default(),
            config: serde_json::json!({"staff_ids": ["3", 4]}),
        };
        let shown = format!("{account:?}");
        assert!(shown.contains("[secret]") && !shown.contains("abcd"), "{shown}");
        assert!(account.is_own("7") && !account.is_own(""));
        assert!(account.is_staff("3") && account.is_staff("4") && !account.is_staff("5") && !account.is_staff(""));
    }

    #[test]
    fn credentials_survive_sealing_as_json() {
        let credentials = Credentials::Bearer { token: Secret::new("sandbox") };
        let sealed = serde_json::to_string(&credentials).unwrap();
        assert_eq!(sealed, r#"{"type":"bearer","token":"sandbox"}"#);
        assert_eq!(serde_json::from_str::<Credentials>(&sealed).unwrap(), credentials);
    }

    #[test]
    fn an_empty_secret_never_overwrites_a_stored_one() {
        let held = Credentials::Oauth2(Box::new(Oauth2 {
            client_id: "app".into(),
            client_secret: Secret::new("app secret"),
            access_token: Secret::new("old"),
            refresh_token: Secret::new("keep me"),
            reauthorise_by: Some(9),
            ..Oauth2::default()
        }));
        let renewed = Oauth2 { access_token: Secret::new("new"), expires_at: Some(7), ..Oauth2::default() };
        let Credentials::Oauth2(kept) = Credentials::Oauth2(Box::new(renewed)).over(&held) else { panic!() };
        assert_eq!((kept.access_token.expose(), kept.refresh_token.expose()), ("new", "keep me"));
        assert_eq!((kept.expires_at, kept.reauthorise_by), (Some(7), Some(9)));
        assert_eq!(Credentials::Bearer { token: Secret::default() }.over(&held), held);
    }
}
