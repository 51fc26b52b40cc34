//! Which networks there are, what each can do, and how one is connected.

use axum::extract::State;
use bedside_model::role::Action;
use bedside_networks::{self as networks, Capabilities, Network, Permission, Titles, Way};
use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::Limits;
use crate::app::App;
use crate::extract::Json;
use crate::page::Page;
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// A network.
#[derive(Debug, Serialize, ToSchema)]
pub struct NetworkShape {
    /// Its stable name.
    name: &'static str,
    /// Its name as people say it.
    title: &'static str,
    /// Where its API is; null where each account has an address of its own.
    #[schema(required = true)]
    home: Option<&'static str>,
    /// How an account is connected, the way to offer first: `open`, `password`, `token`,
    /// `authorisation`, `oauth1`.
    #[schema(value_type = Vec<String>)]
    ways: &'static [Way],
    /// What can be read of an account.
    sources: &'static [&'static str],
    /// What it does with the title of a post: `needed`, `sometimes` (on a link, a video or a document), `unseen`.
    #[schema(value_type = String)]
    titles: Titles,
    /// What the network lets us do.
    #[schema(value_type = Vec<String>)]
    capabilities: Capabilities,
    /// Its limits, with their day and source.
    limits: Limits,
    /// What is asked for when an account is authorised.
    #[schema(value_type = Vec<PermissionShape>)]
    permissions: &'static [Permission],
    /// Bedside registers itself with a server of this network: a person names the server and nothing else.
    registers_by_itself: bool,
}

/// A permission that is asked for.
#[derive(Debug, Serialize, ToSchema)]
struct PermissionShape {
    /// The network's own name of it.
    scope: String,
    /// What Bedside does with it.
    what_for: String,
}

/// The networks
#[utoipa::path(get, path = "/networks", tag = "listen", operation_id = "networks",
    responses((status = 200, body = Page<NetworkShape>)))]
pub(crate) async fn list(State(app): State<App>, who: SignedIn) -> Result<Json<Page<NetworkShape>>, Problem> {
    app.allow_role(&who, Action::ReadAccounts)?;
    let shape = |network: Network| NetworkShape {
        name: network.as_str(),
        title: network.title(),
        home: networks::home(network),
        ways: network.ways(),
        sources: networks::sources(network),
        titles: network.titles(),
        capabilities: *networks::capabilities(network),
        limits: (*networks::limits(network)).into(),
        permissions: networks::permissions(network).unwrap_or_default(),
        registers_by_itself: networks::registers_by_itself(network),
    };
    Ok(Json(Page::whole(Network::ALL.into_iter().map(shape).collect())))
}
