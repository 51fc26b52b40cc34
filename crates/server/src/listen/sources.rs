//! What is read within an account, how often, and how it does.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_model::account::AccountState;
use bedside_model::role::Action;
use bedside_model::{AccountId, Micros, SourceId};
use bedside_networks::Network;
use bedside_store::Entry;
use bedside_store::listen::account;
use bedside_store::listen::source::{self, NewSource, SourceChange};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change_account::site;
use super::connect::check_address;
use crate::app::{App, Inner};
use crate::extract::{Id, Json, Tagged};
use crate::page::Page;
use crate::problem::Problem;
use crate::signed_in::SignedIn;
use crate::time::Instant;

/// One thing that is read within an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Source {
    /// Its id.
    #[schema(value_type = String)]
    id: SourceId,
    /// The account.
    #[schema(value_type = String)]
    account_id: AccountId,
    /// What is read, as the network names it: `comments`, `feed`, `reviews`, …
    kind: String,
    /// What the team calls it.
    name: String,
    /// Its address.
    url: String,
    /// Seconds between two polls.
    interval_seconds: i64,
    /// How it does. `silent`: read without an error, but nothing has come for much longer than is normal.
    #[schema(inline)]
    state: SourceState,
    /// When it was last tried.
    #[schema(required = true)]
    last_polled_at: Option<Instant>,
    /// When it was last read without an error.
    #[schema(required = true)]
    last_ok_at: Option<Instant>,
    /// When something new last came.
    #[schema(required = true)]
    last_item_at: Option<Instant>,
    /// When it is read next.
    next_poll_at: Instant,
    /// Failures in a row.
    failures: i64,
    /// What the last failure was.
    #[schema(required = true)]
    error: Option<String>,
    /// The normal time between two items.
    #[schema(required = true)]
    normal_gap_seconds: Option<i64>,
    /// How long nothing has come.
    #[schema(required = true)]
    silence_seconds: Option<i64>,
    /// For `If-Match`.
    version: i64,
}

/// How a source does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// It is read, and things come as they normally do.
    Ok,
    /// It is read without an error, but nothing has come for much longer than is normal.
    Silent,
    /// The last poll failed.
    Failing,
    /// It, or its account, is left alone.
    Paused,
}

impl Source {
    fn new(is: source::Source, now: Micros) -> Self {
        Self {
            state: match is.health(now) {
                source::Health::Ok => SourceState::Ok,
                source::Health::Silent => SourceState::Silent,
                source::Health::Failing => SourceState::Failing,
                source::Health::Paused => SourceState::Paused,
            },
            normal_gap_seconds: is.normal_gap_seconds(),
            silence_seconds: is.silence_seconds(now),
            id: is.id,
            account_id: is.account_id,
            kind: is.kind,
            name: is.name,
            url: is.url,
            interval_seconds: is.interval_seconds,
            last_polled_at: is.last_polled_at.map(Instant),
            last_ok_at: is.last_ok_at.map(Instant),
            last_item_at: is.last_item_at.map(Instant),
            next_poll_at: Instant(is.next_poll_at),
            failures: is.failures,
            error: is.error,
            version: is.version,
        }
    }
}

/// A source to add.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AddSource {
    /// The account.
    #[schema(value_type = String)]
    account_id: AccountId,
    /// What is read, as the network names it: one of its `sources`.
    kind: String,
    /// What the team calls it.
    name: String,
    /// Its address; the account's where absent.
    url: Option<String>,
    /// Seconds between two polls, at most a day.
    interval_seconds: Option<i64>,
    /// Settings of the connector.
    #[schema(value_type = Option<Object>)]
    config: Option<serde_json::Map<String, serde_json::Value>>,
}

/// What to change of a source; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeSource {
    /// What the team calls it.
    name: Option<String>,
    /// Its address.
    url: Option<String>,
    /// Seconds between two polls, at most a day.
    interval_seconds: Option<i64>,
    /// `paused` leaves it alone, `ok` goes on at once.
    #[schema(inline)]
    state: Option<SourceState>,
}

/// The sources
#[utoipa::path(get, path = "/sources", tag = "listen", operation_id = "sources", responses((status = 200, body = Page<Source>)))]
pub(crate) async fn list(State(app): State<App>, who: SignedIn) -> Result<Json<Page<Source>>, Problem> {
    app.allow_role(&who, Action::ReadAccounts)?;
    let found = source::list(&mut app.read().await?, who.org()).await?;
    let now = app.now();
    Ok(Json(Page::whole(found.into_iter().map(|source| Source::new(source, now)).collect())))
}

/// An account that can be read, with its network.
async fn readable(app: &Inner, who: &SignedIn, id: &AccountId) -> Result<(account::Account, Network), Problem> {
    let account = account::get(&mut app.read().await?, who.org(), id).await?;
    match Network::parse(&account.network) {
        Some(Network::Import) | None => Err(Problem::invalid("account_id", "Files are imported, not polled.")),
        Some(_) if account.state == AccountState::Removed => Err(Problem::not_found("account")),
        Some(network) => Ok((account, network)),
    }
}

/// A source is read with the account's credentials, which are meant for the account's site.
fn check_place(network: Network, account: &account::Account, url: &str) -> Result<(), Problem> {
    check_address(network, "url", url)?;
    if account.has_credentials && site(url) != site(&account.base_url) {
        return Err(Problem::invalid("url", "Another site needs an account of its own."));
    }
    Ok(())
}

fn check_interval(network: Network, seconds: i64) -> Result<(), Problem> {
    let least = i64::from(bedside_networks::limits(network).poll_min_seconds).max(1);
    if (least..=86_400).contains(&seconds) {
        return Ok(());
    }
    Err(Problem::invalid("interval_seconds", format!("Give {least} to 86400 seconds.")))
}

/// Adds a source; it is read at once
#[utoipa::path(post, path = "/sources", tag = "listen", operation_id = "add_source", request_body = AddSource,
    responses((status = 201, body = Source)))]
pub(crate) async fn create(
    State(app): State<App>,
    who: SignedIn,
    Json(new): Json<AddSource>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::ManageSources)?;
    let (account, network) = readable(&app, &who, &new.account_id).await?;
    crate::trust::setup::check_person("", &new.name, None)?;
    let kinds = bedside_networks::sources(network);
    if !kinds.contains(&new.kind.as_str()) {
        return Err(Problem::invalid("kind", format!("{} has {}.", network.title(), kinds.join(", "))));
    }
    let url = new.url.unwrap_or_else(|| account.base_url.clone());
    check_place(network, &account, &url)?;
    let least = i64::from(bedside_networks::limits(network).poll_min_seconds).max(60);
    let interval_seconds = new.interval_seconds.unwrap_or(least);
    check_interval(network, interval_seconds)?;
    let now = app.now();
    let source = NewSource {
        id: SourceId::from_bits(app.store.ids().bits(now)),
        account_id: account.id,
        kind: new.kind,
        name: new.name.trim().to_owned(),
        url,
        config: new.config.unwrap_or_default().into(),
        interval_seconds,
    };
    let (by, org) = (who.by(), who.org().clone());
    let added = app
        .store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                source::add(tx, &source).await?;
                let added = source::get(tx.conn(), &org, &source.id).await?;
                tx.commit(Entry::new(by, "source.added", &source.id).with("account", &source.account_id), added)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(Source::new(added, now))))
}

/// Changes a source
#[utoipa::path(patch, path = "/sources/{id}", tag = "listen", operation_id = "change_source", request_body = ChangeSource,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header, description = "The version that was changed.")),
    responses((status = 200, body = Source)))]
pub(crate) async fn change(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<SourceId>,
    headers: HeaderMap,
    Json(change): Json<ChangeSource>,
) -> Result<Tagged<Source>, Problem> {
    app.allow_role(&who, Action::ManageSources)?;
    let old = source::get(&mut app.read().await?, who.org(), &id).await?;
    let (account, network) = readable(&app, &who, &old.account_id).await?;
    if let Some(name) = &change.name {
        crate::trust::setup::check_person("", name, None)?;
    }
    if let Some(url) = &change.url {
        check_place(network, &account, url)?;
    }
    if let Some(seconds) = change.interval_seconds {
        check_interval(network, seconds)?;
    }
    let paused = match change.state {
        None => None,
        Some(SourceState::Ok) => Some(false),
        Some(SourceState::Paused) => Some(true),
        Some(SourceState::Silent | SourceState::Failing) => {
            return Err(Problem::invalid("state", "Choose ok or paused."));
        }
    };
    // Pausing is one switch; who sends the version is protected all the same.
    let expected = headers.get(header::IF_MATCH).and_then(|v| v.to_str().ok()?.trim_matches('"').parse::<i64>().ok());
    let change = SourceChange {
        name: change.name.map(|name| name.trim().to_owned()),
        url: change.url,
        config: None,
        interval_seconds: change.interval_seconds,
        paused,
    };
    let by = who.by();
    let now = app.now();
    let changed = app
        .store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                let changed = source::change(tx, &id, change, expected).await?;
                let entry = Entry::new(by, "source.changed", &id)
                    .with("paused", changed.paused)
                    .with("interval_seconds", changed.interval_seconds);
                tx.commit(entry, changed)
            })
        })
        .await?;
    Ok(Tagged(changed.version, Source::new(changed, now)))
}

/// Reads a source now
#[utoipa::path(post, path = "/sources/{id}/poll", tag = "listen", operation_id = "poll_source", params(("id" = String, Path)),
    responses((status = 202, body = Source, description = "It is due at once; the live pages tell what came.")))]
pub(crate) async fn poll(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<SourceId>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::ManageSources)?;
    let (by, org, now) = (who.by(), who.org().clone(), app.now());
    let polled = app
        .store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                source::poll_now(tx, &id).await?;
                let polled = source::get(tx.conn(), &org, &id).await?;
                tx.commit(Entry::new(by, "source.poll_asked", &id), polled)
            })
        })
        .await?;
    Ok((StatusCode::ACCEPTED, Json(Source::new(polled, now))))
}
