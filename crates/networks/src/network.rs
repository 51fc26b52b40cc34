//! Which networks there are, and what each can do, as data.

use serde::{Deserialize, Serialize};

/// The networks Bedside speaks with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// A WordPress site, through its REST API.
    Wordpress,
    /// An RSS, Atom or JSON feed.
    Feed,
    /// A file of reviews or comments that somebody exported.
    Import,
    /// Reviews of a Google Business Profile location.
    GoogleBusiness,
}

impl Network {
    /// All networks.
    pub const ALL: [Self; 4] = [Self::Wordpress, Self::Feed, Self::Import, Self::GoogleBusiness];

    /// The stable name, as stored and as in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wordpress => "wordpress",
            Self::Feed => "feed",
            Self::Import => "import",
            Self::GoogleBusiness => "google_business",
        }
    }

    /// Reads the stable name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|network| network.as_str() == name)
    }

    /// The name as people say it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Wordpress => "WordPress",
            Self::Feed => "Feed",
            Self::Import => "Imported file",
            Self::GoogleBusiness => "Google Business Profile",
        }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing a network lets us do. There is no like, follow, tag or re-share, on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Comments come in.
    ReadComments,
    /// Reviews come in.
    ReadReviews,
    /// Posts of others come in.
    ReadPosts,
    /// Mentions come in.
    ReadMentions,
    /// Direct messages come in.
    ReadDirectMessages,
    /// A deletion on the network is seen.
    SeeDeletions,
    /// An edit on the network is seen.
    SeeEdits,
    /// An answer can be sent.
    Reply,
    /// Somebody's comment can be hidden.
    Hide,
    /// A held comment can be approved.
    Approve,
    /// An own answer or post can be changed.
    EditOwn,
    /// An own answer or post can be taken back.
    DeleteOwn,
    /// Text can be posted.
    PostText,
    /// A link can be posted.
    PostLink,
    /// An image can be posted.
    PostImage,
    /// A video can be posted.
    PostVideo,
    /// Several images can be posted as one.
    PostCarousel,
    /// An image can carry a text for people who do not see it.
    AltText,
    /// The network itself can hold a post until its time.
    Schedule,
    /// The network tells of new things by webhook.
    Webhooks,
    /// The network pushes over an open connection.
    Push,
    /// The network reports reach.
    Metrics,
}

/// What a network can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Capabilities(pub &'static [Capability]);

impl Capabilities {
    /// Whether the network can do it.
    pub fn has(&self, capability: Capability) -> bool {
        self.0.contains(&capability)
    }
}

/// How a network counts the length of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Unicode scalar values.
    Chars,
    /// Bytes of UTF-8.
    Bytes,
}

impl Counted {
    /// The length of a text in this count.
    pub fn length(self, text: &str) -> usize {
        match self {
            Self::Chars => text.chars().count(),
            Self::Bytes => text.len(),
        }
    }
}

/// What happens when the same request is sent twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ResendSafety {
    /// There may be two effects: only a read-back tells.
    Doubles,
    /// The second puts the same thing in the same place.
    Upsert,
    /// The network drops the second by its idempotency key.
    Key,
}

/// The limits of a network: dated data, because networks change them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// The longest reply, in `counted`; `None` where replies cannot be sent.
    pub reply_max: Option<u32>,
    /// The longest post, in `counted`; `None` where posts cannot be sent.
    pub post_max: Option<u32>,
    /// How length is counted.
    pub counted: Counted,
    /// Requests per minute per account that we allow ourselves.
    pub requests_per_minute: u32,
    /// The shortest sensible time between two polls of a source, in seconds.
    pub poll_min_seconds: u32,
    /// After an unknown outcome, how long to wait before a read-back that does not find the effect
    /// may be believed, in seconds: a slow server may still be at work on the request.
    pub settle_seconds: u32,
    /// What happens when a request is sent twice.
    pub resend: ResendSafety,
    /// The day on which these were last checked, `YYYY-MM-DD`.
    pub as_of: &'static str,
    /// What they rest on.
    pub source: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_one_stable_name() {
        for network in Network::ALL {
            assert_eq!(serde_json::to_value(network).unwrap(), network.as_str());
            assert_eq!(Network::parse(network.as_str()), Some(network));
        }
        assert_eq!(Network::parse("myspace"), None);
    }

    #[test]
    fn length_is_counted_as_the_network_counts() {
        assert_eq!(Counted::Chars.length("né👩‍⚕️"), 6);
        assert_eq!(Counted::Bytes.length("né👩‍⚕️"), 16);
    }
}
