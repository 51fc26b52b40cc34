//! The accounts, and how one is shown. Credentials never leave.

use axum::extract::State;
use bedside_model::AccountId;
use bedside_model::account::{AccountState, Contacts};
use bedside_model::role::Action;
use bedside_networks::{Capabilities, Capability, Counted, Limits as NetworkLimits, MediaKind, MediaLimit, Network};
use bedside_store::listen::account;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::names;
use crate::app::App;
use crate::extract::{Id, Json, Tagged};
use crate::page::Page;
use crate::problem::Problem;
use crate::schema;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// A connected channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    /// Its id.
    #[schema(value_type = String)]
    id: AccountId,
    /// The network; `/networks` lists them.
    network: String,
    /// What the team calls it.
    name: String,
    /// Where it stands.
    #[schema(value_type = schema::AccountState)]
    state: AccountState,
    /// The root of the site or API; empty for imported files.
    base_url: String,
    /// The name under which it answers there.
    #[schema(required = true)]
    connected_as: Option<String>,
    /// Credentials are stored.
    has_credentials: bool,
    /// A programme under 42 CFR Part 2: only fixed texts may leave.
    part2: bool,
    /// Public contacts.
    contacts: ContactsShape,
    /// Names of staff who appear in public.
    staff: Vec<String>,
    /// Names and addresses of its sites.
    sites: Vec<String>,
    /// Web addresses that may be named.
    allowed_urls: Vec<String>,
    /// ISO 3166-1 alpha-2; the organisation's where absent.
    #[schema(required = true)]
    country: Option<String>,
    /// What the network lets us do.
    #[schema(value_type = Vec<String>)]
    capabilities: Capabilities,
    /// The limits of the network.
    #[schema(required = true)]
    limits: Option<Limits>,
    /// When one of its sources was last read without an error.
    #[schema(required = true)]
    last_heard_at: Option<Instant>,
    /// When its credentials end by themselves; null where they do not, or nobody knows.
    #[schema(required = true)]
    credentials_end_at: Option<Instant>,
    /// Until when a person must authorise it again, whatever is renewed before.
    #[schema(required = true)]
    reauthorise_by: Option<Instant>,
    /// Why its credentials could not be renewed.
    #[schema(required = true)]
    renewal_error: Option<String>,
    /// Where the network is to send its webhooks, under the public address.
    #[schema(required = true)]
    webhook_path: Option<String>,
    /// When a webhook last came.
    #[schema(required = true)]
    webhook_seen_at: Option<Instant>,
    /// Whether that webhook was the network's.
    #[schema(required = true)]
    webhook_ok: Option<bool>,
    /// When the network was asked to send them that has not asked back yet.
    #[schema(required = true)]
    webhook_asked_at: Option<Instant>,
    /// Since when the network has promised to send them, where it is asked to.
    #[schema(required = true)]
    webhook_since: Option<Instant>,
    /// Until when it has; it is asked again before.
    #[schema(required = true)]
    webhook_until: Option<Instant>,
    /// Why it does not send them, and what to do.
    #[schema(required = true)]
    webhook_error: Option<String>,
    /// For `If-Match`.
    version: i64,
}

/// How the public reaches the organisation. These may stand in a reply.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = Contacts)]
pub struct ContactsShape {
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Page or secure form.
    pub url: Option<String>,
}

impl From<Contacts> for ContactsShape {
    fn from(Contacts { phone, email, url }: Contacts) -> Self {
        Self { phone, email, url }
    }
}

impl From<ContactsShape> for Contacts {
    fn from(ContactsShape { phone, email, url }: ContactsShape) -> Self {
        let said = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Self { phone: said(phone), email: said(email), url: said(url) }
    }
}

/// The limits of a network, dated, because networks change them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Limits {
    /// The longest reply; null where replies cannot be sent.
    #[schema(required = true)]
    reply_max: Option<u32>,
    /// The longest post; null where posts cannot be sent.
    #[schema(required = true)]
    post_max: Option<u32>,
    /// `chars` (Unicode scalar values), `bytes`, `utf16`, `graphemes`, or a network's own `weighted` and `mastodon`.
    #[schema(value_type = String)]
    counted: Counted,
    /// What files a post may carry; empty for none.
    #[schema(value_type = Vec<MediaLimitShape>)]
    media: &'static [MediaLimit],
    /// Requests a minute that we allow ourselves.
    requests_per_minute: u32,
    /// The shortest sensible time between two polls, in seconds.
    poll_min_seconds: u32,
    /// The day on which these were last checked.
    as_of: &'static str,
    /// What they rest on.
    source: &'static str,
}

/// What a network takes of one sort of file.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the shape of the connector's own data for the document")]
struct MediaLimitShape {
    /// Which sort.
    #[schema(value_type = names::MediaKind)]
    kind: MediaKind,
    /// Most of them in one post.
    most: u32,
    /// Largest file, in bytes.
    bytes_max: u64,
    /// Media types taken.
    types: Vec<String>,
    /// The longest description, in characters; null where none is shown.
    #[schema(required = true)]
    alt_max: Option<u32>,
}

impl From<NetworkLimits> for Limits {
    fn from(limits: NetworkLimits) -> Self {
        let NetworkLimits {
            reply_max,
            post_max,
            counted,
            media,
            requests_per_minute,
            poll_min_seconds,
            as_of,
            source,
            ..
        } = limits;
        Self { reply_max, post_max, counted, media, requests_per_minute, poll_min_seconds, as_of, source }
    }
}

const NOTHING: &[Capability] = &[];

impl From<account::Account> for Account {
    fn from(is: account::Account) -> Self {
        let network = Network::parse(&is.network);
        Self {
            id: is.id,
            network: is.network,
            name: is.name,
            state: is.state,
            base_url: is.base_url,
            connected_as: is.connected_as,
            has_credentials: is.has_credentials,
            part2: is.part2,
            contacts: is.profile.contacts.into(),
            staff: is.profile.staff,
            sites: is.profile.sites,
            allowed_urls: is.profile.allowed_urls,
            country: is.profile.country,
            capabilities: network.map_or(Capabilities(NOTHING), |network| *bedside_networks::capabilities(network)),
            limits: network.map(|network| (*bedside_networks::limits(network)).into()),
            last_heard_at: is.last_heard_at.map(Instant),
            credentials_end_at: is.health.expires_at.map(Instant),
            reauthorise_by: is.health.reauthorise_by.map(Instant),
            renewal_error: is.health.renew_failed,
            webhook_path: is
                .health
                .hook_id
                .filter(|_| is.state != AccountState::Removed)
                .map(|id| format!("/hooks/{id}")),
            webhook_seen_at: is.health.hook_seen_at.map(Instant),
            webhook_ok: is.health.hook_ok,
            webhook_asked_at: is.health.hook_asked_at.map(Instant),
            webhook_since: is.health.hook_since.map(Instant),
            webhook_until: is.health.hook_until.map(Instant),
            webhook_error: is.health.hook_failed,
            version: is.version,
        }
    }
}

/// The connected channels, the removed ones among them
#[utoipa::path(get, path = "/accounts", tag = "listen", operation_id = "accounts", responses((status = 200, body = Page<Account>)))]
pub(crate) async fn list(State(app): State<App>, who: SignedIn) -> Result<Json<Page<Account>>, Problem> {
    app.allow_role(&who, Action::ReadAccounts)?;
    let found = account::list(&mut app.read().await?, who.org()).await?;
    Ok(Json(Page::whole(found.into_iter().map(Account::from).collect())))
}

/// One connected channel
#[utoipa::path(get, path = "/accounts/{id}", tag = "listen", operation_id = "account", params(("id" = String, Path)),
    responses((status = 200, body = Account, headers(("ETag" = String, description = "For If-Match")))))]
pub(crate) async fn show(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<AccountId>,
) -> Result<Tagged<Account>, Problem> {
    app.allow_role(&who, Action::ReadAccounts)?;
    let found = account::get(&mut app.read().await?, who.org(), &id).await?;
    Ok(Tagged(found.version, found.into()))
}
