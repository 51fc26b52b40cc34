//! Which networks there are, and what each can do, as data.

pub use bedside_model::draft::MediaKind;
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation as _;

/// The networks Bedside speaks with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// A WordPress site, through its REST API.
    Wordpress,
    /// An RSS, Atom or JSON feed.
    Feed,
    /// A file that somebody exported: reviews or comments, or an archive of another network.
    Import,
    /// Reviews of a Google Business Profile location.
    GoogleBusiness,
    /// A Facebook Page.
    Facebook,
    /// An Instagram professional account.
    Instagram,
    /// A YouTube channel.
    Youtube,
    /// An X (Twitter) account.
    X,
    /// A LinkedIn organisation page.
    Linkedin,
    /// A business on Yelp.
    Yelp,
    /// An account on any server that speaks the Mastodon API.
    Mastodon,
    /// A Bluesky account.
    Bluesky,
    /// A mailbox: forwarded alerts and review notifications come in, mail goes out.
    Email,
    /// A web page that marks up its reviews with schema.org.
    ReviewPage,
}

impl Network {
    /// All networks.
    pub const ALL: [Self; 14] = [
        Self::Wordpress,
        Self::Feed,
        Self::Import,
        Self::GoogleBusiness,
        Self::Facebook,
        Self::Instagram,
        Self::Youtube,
        Self::X,
        Self::Linkedin,
        Self::Yelp,
        Self::Mastodon,
        Self::Bluesky,
        Self::Email,
        Self::ReviewPage,
    ];

    /// The stable name, as stored and as in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wordpress => "wordpress",
            Self::Feed => "feed",
            Self::Import => "import",
            Self::GoogleBusiness => "google_business",
            Self::Facebook => "facebook",
            Self::Instagram => "instagram",
            Self::Youtube => "youtube",
            Self::X => "x",
            Self::Linkedin => "linkedin",
            Self::Yelp => "yelp",
            Self::Mastodon => "mastodon",
            Self::Bluesky => "bluesky",
            Self::Email => "email",
            Self::ReviewPage => "review_page",
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
            Self::Facebook => "Facebook",
            Self::Instagram => "Instagram",
            Self::Youtube => "YouTube",
            Self::X => "X",
            Self::Linkedin => "LinkedIn",
            Self::Yelp => "Yelp",
            Self::Mastodon => "Mastodon",
            Self::Bluesky => "Bluesky",
            Self::Email => "E-mail",
            Self::ReviewPage => "Review page",
        }
    }
}

/// How an account of a network proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Nothing is needed.
    Open,
    /// A user name, and a password made for applications.
    Password,
    /// An access token or key that the network shows.
    Token,
    /// The network asks the account's owner, through a registration of the organisation's.
    Authorisation,
    /// The four keys of OAuth 1.0a.
    Oauth1,
}

impl Network {
    /// The ways in which an account is connected, the one to offer first.
    pub const fn ways(self) -> &'static [Way] {
        match self {
            Self::Feed | Self::Import | Self::ReviewPage => &[Way::Open],
            Self::Wordpress | Self::Bluesky | Self::Email => &[Way::Password],
            Self::Yelp => &[Way::Token, Way::Authorisation],
            Self::X => &[Way::Authorisation, Way::Oauth1, Way::Token],
            Self::GoogleBusiness
            | Self::Facebook
            | Self::Instagram
            | Self::Youtube
            | Self::Linkedin
            | Self::Mastodon => &[Way::Authorisation, Way::Token],
        }
    }
}

/// What a network does with the title of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Titles {
    /// Nothing goes out without one.
    Needed,
    /// It stands on a link, a video or a document, where there is one.
    Sometimes,
    /// Nobody would see it.
    Unseen,
}

impl Network {
    /// What it does with the title of a post.
    pub const fn titles(self) -> Titles {
        match self {
            Self::Wordpress | Self::Youtube => Titles::Needed,
            Self::Facebook | Self::Linkedin | Self::Bluesky => Titles::Sometimes,
            Self::Feed
            | Self::Import
            | Self::GoogleBusiness
            | Self::Instagram
            | Self::X
            | Self::Yelp
            | Self::Mastodon
            | Self::Email
            | Self::ReviewPage => Titles::Unseen,
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
    /// A held or hidden comment can be shown.
    Approve,
    /// Somebody's comment can be deleted.
    Remove,
    /// Somebody's comment can be marked as spam.
    Spam,
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
    /// A document can be posted.
    PostDocument,
    /// Several images can be posted as one.
    PostCarousel,
    /// An image can carry a text for people who do not see it.
    AltText,
    /// A video can carry captions.
    Captions,
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
    /// Code units of UTF-16.
    Utf16,
    /// What a reader sees as one character (extended grapheme clusters, UAX 29).
    Graphemes,
    /// As X weighs it: see [`crate::x`].
    Weighted,
    /// As Mastodon does: graphemes, where each address counts 23 and a remote handle its local part.
    Mastodon,
}

impl Counted {
    /// The length of a text in this count.
    pub fn length(self, text: &str) -> usize {
        match self {
            Self::Chars => text.chars().count(),
            Self::Bytes => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Weighted => crate::x::weighted::length(text),
            Self::Mastodon => crate::mastodon::length(text, crate::mastodon::PER_ADDRESS),
            Self::Graphemes => text.graphemes(true).count(),
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

/// What a network takes of one sort of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MediaLimit {
    /// Which sort.
    pub kind: MediaKind,
    /// Most of them in one post.
    pub most: u32,
    /// Largest file, in bytes.
    pub bytes_max: u64,
    /// Media types taken.
    pub types: &'static [&'static str],
    /// The longest text for people who do not see it, in characters; `None` where there is none.
    pub alt_max: Option<u32>,
}

/// A budget that a network gives an account or an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Quota {
    /// The name by which requests say what they draw on ([`crate::HttpRequest::draws`]).
    pub bucket: &'static str,
    /// Units in a period.
    pub units: u32,
    /// The period.
    pub per: Period,
}

/// A period after which a budget is full again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// So many seconds from the first use.
    Seconds(u32),
    /// A calendar day in this IANA zone.
    DayIn(&'static str),
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
    /// What files a post may carry; empty for none.
    pub media: &'static [MediaLimit],
    /// Budgets beside the rate; empty for none.
    pub quotas: &'static [Quota],
    /// The day on which these were last checked, `YYYY-MM-DD`.
    pub as_of: &'static str,
    /// What they rest on.
    pub source: &'static str,
}

impl Limits {
    /// What may be posted of this sort of file.
    pub fn media_of(&self, kind: MediaKind) -> Option<&'static MediaLimit> {
        self.media.iter().find(|limit| limit.kind == kind)
    }
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
        assert_eq!(Counted::Utf16.length("né👩‍⚕️"), 7);
        assert_eq!(Counted::Graphemes.length("né👩‍⚕️"), 3);
        assert_eq!(Counted::Weighted.length("né👩‍⚕️"), 4);
    }
}
