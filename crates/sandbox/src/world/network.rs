//! Which network a request is for. The path alone decides; the host only breaks ties.

use serde::{Deserialize, Serialize};

/// An emulated network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// Facebook Pages.
    Facebook,
    /// Instagram, for professional accounts.
    Instagram,
    /// YouTube, and the tokens of all of Google.
    Youtube,
    /// X, formerly Twitter.
    X,
    /// LinkedIn organisations.
    Linkedin,
    /// Google Business Profile.
    GoogleBusiness,
    /// Yelp, and its partner interface.
    Yelp,
    /// Any server that speaks the Mastodon interface.
    Mastodon,
    /// Bluesky, through a server of the AT Protocol.
    Bluesky,
}

impl Network {
    /// All of them, in the order of the ready line.
    pub const ALL: [Self; 9] = [
        Self::Facebook,
        Self::Instagram,
        Self::Youtube,
        Self::X,
        Self::Linkedin,
        Self::GoogleBusiness,
        Self::Yelp,
        Self::Mastodon,
        Self::Bluesky,
    ];

    /// Its name in JSON and in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Facebook => "facebook",
            Self::Instagram => "instagram",
            Self::Youtube => "youtube",
            Self::X => "x",
            Self::Linkedin => "linkedin",
            Self::GoogleBusiness => "google_business",
            Self::Yelp => "yelp",
            Self::Mastodon => "mastodon",
            Self::Bluesky => "bluesky",
        }
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Facebook => "Facebook",
            Self::Instagram => "Instagram",
            Self::Youtube => "YouTube",
            Self::X => "X",
            Self::Linkedin => "LinkedIn",
            Self::GoogleBusiness => "Google Business Profile",
            Self::Yelp => "Yelp",
            Self::Mastodon => "Mastodon",
            Self::Bluesky => "Bluesky",
        }
    }

    /// The network with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|network| network.name() == name)
    }
}

/// Who answers a path. Facebook and Instagram are one interface, the Graph: who owns the object
/// that a path names is for the Graph to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// This network.
    One(Network),
    /// Facebook or Instagram, by the object.
    Graph,
}

/// Who answers a request with this path, `Host` and body.
///
/// The table is read from top to bottom. A version of the Graph has a minor number (`v26.0`), which
/// keeps it apart from the bare `v1` to `v4` of the others.
pub fn answers(path: &str, host: &str, body: &[u8]) -> Answers {
    use Network::{Bluesky, GoogleBusiness, Linkedin, Mastodon, X, Yelp, Youtube};
    let mut segments = path.trim_start_matches('/').split('/');
    let (first, second) = (segments.next().unwrap_or(""), segments.next().unwrap_or(""));
    let one = match (first, second) {
        ("2" | "1.1" | "i", _) => X,
        ("oauth", "request_token" | "authenticate") => X,
        // The steps of OAuth that several networks have under the same path: here the host decides.
        ("oauth", "access_token" | "authorize") if is_x(host) => X,
        ("oauth", "access_token") => return Answers::Graph,
        ("oauth", "authorize") if is(host, "instagram.com") => return Answers::Graph,
        ("oauth", "v2" | "native-pkce") | ("rest" | "v2", _) => Linkedin,
        ("oauth", _) => Mastodon,
        ("youtube", _) | ("upload", "youtube") | ("resumable", "upload") => Youtube,
        // An application's own token is asked for with a grant that Yelp does not know.
        ("oauth2", "token") if is_x(host) || asks_for_application(body) => X,
        ("oauth2", "token" | "authorize") | ("token", "v1") | ("v1", "business_owner") => Yelp,
        ("oauth2", "v3") => GoogleBusiness,
        ("token" | "tokeninfo" | "revoke" | "subscribe", "") | ("o" | "oauth2", _) => Youtube,
        ("xml", "feeds") | ("feeds", "videos.xml") => Youtube,
        ("v1" | "v4", _) | ("upload", "v1") => GoogleBusiness,
        ("v3", _) | ("reviews", "v1") => Yelp,
        ("xrpc", _) => Bluesky,
        ("api" | ".well-known" | "nodeinfo", _) => Mastodon,
        _ => return Answers::Graph,
    };
    Answers::One(one)
}

fn asks_for_application(body: &[u8]) -> bool {
    url::form_urlencoded::parse(body).any(|(name, value)| name == "grant_type" && value == "client_credentials")
}

fn is_x(host: &str) -> bool {
    is(host, "twitter.com") || is(host, "x.com")
}

/// Whether the host is this one or lies under it; a port does not count.
fn is(host: &str, domain: &str) -> bool {
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::{Answers, Network, answers};

    #[test]
    fn the_path_decides() {
        let table = [
            ("/v26.0/123/feed", None),
            ("/123_456/comments", None),
            ("/v2.12/me", None),
            ("/oauth/access_token", None),
            ("/debug_token", None),
            ("/youtube/v3/videos", Some(Network::Youtube)),
            ("/upload/youtube/v3/videos", Some(Network::Youtube)),
            ("/token", Some(Network::Youtube)),
            ("/o/oauth2/v2/auth", Some(Network::Youtube)),
            ("/2/tweets", Some(Network::X)),
            ("/1.1/media/upload.json", Some(Network::X)),
            ("/i/oauth2/authorize", Some(Network::X)),
            ("/oauth/request_token", Some(Network::X)),
            ("/rest/posts", Some(Network::Linkedin)),
            ("/v2/userinfo", Some(Network::Linkedin)),
            ("/oauth/v2/accessToken", Some(Network::Linkedin)),
            ("/v4/accounts/1/locations/1/reviews", Some(Network::GoogleBusiness)),
            ("/v1/accounts", Some(Network::GoogleBusiness)),
            ("/v3/businesses/elm/reviews", Some(Network::Yelp)),
            ("/reviews/v1/abc", Some(Network::Yelp)),
            ("/api/v1/statuses", Some(Network::Mastodon)),
            ("/oauth/token", Some(Network::Mastodon)),
            ("/xrpc/app.bsky.feed.getPosts", Some(Network::Bluesky)),
        ];
        for (path, network) in table {
            assert_eq!(answers(path, "127.0.0.1:4490", b""), network.map_or(Answers::Graph, Answers::One), "{path}");
        }
    }

    #[test]
    fn the_host_only_breaks_ties() {
        assert_eq!(answers("/oauth/access_token", "api.x.com", b""), Answers::One(Network::X));
        assert_eq!(answers("/oauth/access_token", "notx.com", b""), Answers::Graph);
        assert_eq!(answers("/oauth/authorize", "api.instagram.com", b""), Answers::Graph);
        assert_eq!(answers("/oauth2/token", "api.x.com", b""), Answers::One(Network::X));
        assert_eq!(answers("/oauth2/token", "api.yelp.com", b"grant_type=refresh_token"), Answers::One(Network::Yelp));
        let application = b"grant_type=client_credentials";
        assert_eq!(answers("/oauth2/token", "127.0.0.1:4490", application), Answers::One(Network::X));
        assert_eq!(answers("/rest/posts", "graph.facebook.com", b""), Answers::One(Network::Linkedin));
    }
}
