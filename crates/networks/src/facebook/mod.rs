//! Facebook pages, through the Graph API.
//!
//! What comes in: comments and replies under the page's own posts, posts of visitors with what stands
//! under them, posts that mention the page, recommendations, private messages. What goes out: posts
//! (text, a link, images with their texts, a video), answers, hiding, deleting, changing.
//!
//! Threads: a comment that somebody writes under a post begins one, and its id is the thread's; the
//! replies belong to it. What the page itself writes right under a post belongs to that post, for that
//! is how a visitor's post and a recommendation are answered. A share belongs to what it shares. All
//! private messages with a person are one thread, `person:<id>`.
//!
//! Native ids are those of the Graph API. A recommendation has none of its own: it is known by the
//! story that people comment on (`open_graph_story`).
//!
//! A hidden or private comment counts as [`crate::Visibility::Private`]. It is answered only right under
//! itself, where the answer is seen by those alone who see the comment.
//!
//! The network lets us look again only at the newest twenty messages of a conversation and calls the
//! older ones deleted, so private messages are not watched for deletions.
//!
//! Account settings: `api_version`, `staff_ids`, `human_agent` (true where the application has that
//! permission: then a private message may be answered for seven days, not for one). Source settings:
//! `kind` (`everything`, or one of `comments`, `visitor_posts`, `mentions`, `recommendations`,
//! `messages`), `post_days` (default 90), `reread_cycle` (default 12 polls).

mod authorise;
mod message;
mod metrics;
mod outgoing;
mod poll;
mod publish;
mod readback;
mod self_test;
#[cfg(test)]
mod tests;
mod webhook;

use bedside_model::Micros;

use crate::authorise::Authorisation;
use crate::connector::{Connector, Order, PollSteps, ReadbackSteps, SelfTestSteps, SendSteps};
use crate::metrics::{MetricSteps, MetricsOf};
use crate::webhook::Webhooks;
use crate::{
    AccountView, Capabilities, Capability, Counted, ErrorClass, HttpResponse, Limits, MediaKind, MediaLimit, NetError,
    Objection, Operation, ParseError, ParsedMessage, PollInput, ResendSafety, meta,
};

/// A Facebook page.
pub(crate) struct Facebook;

impl Connector for Facebook {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn limits(&self) -> &'static Limits {
        &LIMITS
    }

    fn home(&self) -> Option<&'static str> {
        Some(meta::FACEBOOK)
    }

    fn sources(&self) -> &'static [&'static str] {
        &["everything", "comments", "visitor_posts", "mentions", "recommendations", "messages"]
    }

    fn classify(&self, response: &HttpResponse) -> ErrorClass {
        meta::classify(response)
    }

    fn parse(&self, account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
        message::parse(account, kind, body)
    }

    fn poll(&self, input: PollInput<'_>) -> Result<Box<dyn PollSteps>, NetError> {
        Ok(Box::new(meta::Sweep::start(&poll::Page, "everything", input)?))
    }

    fn self_test(&self, account: &AccountView) -> Result<Box<dyn SelfTestSteps>, NetError> {
        Ok(Box::new(self_test::SelfTest::start(account)?))
    }

    fn objections(&self, _account: &AccountView, operation: &Operation) -> Vec<Objection> {
        outgoing::objections(operation)
    }

    fn send(&self, order: Order<'_>) -> Result<Box<dyn SendSteps>, NetError> {
        outgoing::send(order)
    }

    fn readback(
        &self,
        account: &AccountView,
        operation: &Operation,
        first_sent: Micros,
    ) -> Result<Box<dyn ReadbackSteps>, NetError> {
        let sought = readback::sought(account, operation)?;
        Ok(Box::new(meta::Search::start(account, sought, first_sent)?))
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&webhook::Hooks)
    }

    fn authorisation(&self) -> Option<&'static dyn Authorisation> {
        Some(&authorise::Login)
    }

    fn metrics(&self, of: MetricsOf<'_>) -> Result<Box<dyn MetricSteps>, NetError> {
        Ok(Box::new(metrics::Insights::start(of)?))
    }
}

/// What a Facebook page can do.
pub const CAPABILITIES: Capabilities = Capabilities(&[
    Capability::ReadComments,
    Capability::ReadReviews,
    Capability::ReadPosts,
    Capability::ReadMentions,
    Capability::ReadDirectMessages,
    Capability::SeeDeletions,
    Capability::SeeEdits,
    Capability::Reply,
    Capability::Hide,
    Capability::Approve,
    Capability::Remove,
    Capability::EditOwn,
    Capability::DeleteOwn,
    Capability::PostText,
    Capability::PostLink,
    Capability::PostImage,
    Capability::PostVideo,
    Capability::PostCarousel,
    Capability::AltText,
    Capability::Webhooks,
    Capability::Metrics,
]);

/// The longest private message, in characters (Messenger platform, Send API).
const MESSAGE_MAX: usize = 2_000;

/// The limits of a Facebook page.
pub const LIMITS: Limits = Limits {
    reply_max: Some(8_000),
    post_max: Some(63_206),
    counted: Counted::Chars,
    requests_per_minute: 60,
    // A page with few visitors may ask little: 4800 requests a day for each who did something there.
    poll_min_seconds: 120,
    settle_seconds: 90,
    resend: ResendSafety::Doubles,
    media: &[
        MediaLimit {
            kind: MediaKind::Image,
            most: 10,
            bytes_max: 10_000_000,
            types: &["image/jpeg", "image/png", "image/gif"],
            alt_max: None,
        },
        MediaLimit {
            kind: MediaKind::Video,
            most: 1,
            bytes_max: 10_000_000_000,
            types: &["video/mp4", "video/quicktime"],
            alt_max: None,
        },
    ],
    quotas: &[],
    as_of: "2026-11-27",
    source: "Pages API: posts 63206 characters, photos 10 MB, videos 10 GB; comments 8000 and ten images at once are \
             third-party figures; the request rate is our own caution (business use case limits)",
};
