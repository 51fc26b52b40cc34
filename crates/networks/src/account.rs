//! What a connector may know of a connected account.

use std::fmt;

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
    /// A bearer token: Google Business Profile.
    Bearer {
        /// The access token.
        token: Secret,
    },
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
    /// Settings of the connector, as JSON. Common to all: `staff_ids`, an array of the native ids
    /// of other users of the organisation. The rest is described in each connector's module.
    pub config: serde_json::Value,
}

impl AccountView {
    /// A text setting.
    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        self.config.get(name)?.as_str()
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
}
