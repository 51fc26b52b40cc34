//! The world of networks: all of them on one port, under the paths that their real hosts use.
//!
//! A request finds its network by its path ([`network::answers`]); its body and token say the rest.
//! Every network takes the access token [`TOKEN`] and the app secret [`SECRET`], answers in its own
//! shapes, and gives the same ids for the same seed. What people do comes in by the control API, which
//! is one for the whole world; `docs/sandbox.md` describes it.
//!
//! # Adding a network
//!
//! A module with one `Clone` type, whose clones share their state, and
//!
//! - `new(clock: Clock, seed: u64, hooks: Hooks) -> Self`,
//! - the trait [`Emulator`]: `router`, `write`, `failure`, `ready`, `home`, `reset`.
//!
//! Then a field of [`World`], a line in [`World::new`] and one in `World::emulator`. What is shared:
//! [`Ids`] (ids from the seed), [`Tokens`] (access tokens: handed out, expired, taken back),
//! [`Input`] (parameters, whatever way they were sent), [`Hooks`] (webhooks: handshake, signature,
//! sending again). A router is mounted at the root and asked only for paths of its network, so that two
//! networks never clash.

mod connection;
mod control;
mod emulator;
mod fault;
pub mod hooks;
mod ids;
mod input;
mod log;
mod network;
mod people;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod tokens;

use std::future::Future;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower::ServiceExt as _;

use crate::bluesky::Bluesky;
use crate::google_business::GoogleBusiness;
use crate::graph::{Facebook, Graph, Instagram};
use crate::linkedin::LinkedIn;
use crate::mastodon::Mastodon;
use crate::x::X;
use crate::yelp::Yelp;
use crate::youtube::YouTube;
use crate::{Clock, Running};
use connection::{Connection, Resettable};
use network::Answers;

pub use control::Control;
pub use emulator::{Action, Emulator, Failure, Kind, Refused, Write};
pub use fault::{Fault, FaultKind};
pub use hooks::{Event, Hooks, NotSubscribed, Subscribe, Subscription};
pub use ids::Ids;
pub(crate) use input::base_of;
pub use input::{File, Input, Unreadable};
pub use log::{Direction, Exchange};
pub use network::Network;
pub use tokens::{SECRET, Standing, TOKEN, Tokens};

/// How long open requests may take when the world ends.
const GRACE: Duration = Duration::from_secs(1);

/// All networks. Clones share them.
#[derive(Clone)]
pub struct World {
    /// The log, and faults on demand.
    pub control: Control,
    /// Webhooks.
    pub hooks: Hooks,
    /// Facebook and Instagram, which are one interface.
    pub(crate) graph: Graph,
    facebook: Facebook,
    instagram: Instagram,
    youtube: YouTube,
    x: X,
    linkedin: LinkedIn,
    google_business: GoogleBusiness,
    yelp: Yelp,
    mastodon: Mastodon,
    bluesky: Bluesky,
}

impl World {
    /// A world as it begins: each network with one organisation, which has posted once.
    pub fn new(clock: Clock, seed: u64) -> Self {
        let control = Control::new(clock.clone(), seed);
        let hooks = Hooks::new(control.clone(), seed);
        let graph = Graph::new(clock.clone(), seed, hooks.clone());
        let (facebook, instagram) = (graph.facebook(), graph.instagram());
        let mastodon = Mastodon::new(clock.clone(), seed);
        let bluesky = Bluesky::new(clock.clone(), seed);
        let youtube = YouTube::new(clock.clone(), seed, hooks.clone());
        let linkedin = LinkedIn::new(clock.clone(), seed, hooks.clone());
        let google_business = GoogleBusiness::new(clock.clone(), seed, hooks.clone(), youtube.tokens());
        let yelp = Yelp::new(clock.clone(), seed, hooks.clone());
        let x = X::new(clock, seed, hooks.clone());
        Self {
            control,
            hooks,
            graph,
            facebook,
            instagram,
            youtube,
            x,
            linkedin,
            google_business,
            yelp,
            mastodon,
            bluesky,
        }
    }

    /// The network.
    fn emulator(&self, network: Network) -> &dyn Emulator {
        match network {
            Network::Facebook => &self.facebook,
            Network::Instagram => &self.instagram,
            Network::Youtube => &self.youtube,
            Network::X => &self.x,
            Network::Linkedin => &self.linkedin,
            Network::GoogleBusiness => &self.google_business,
            Network::Yelp => &self.yelp,
            Network::Mastodon => &self.mastodon,
            Network::Bluesky => &self.bluesky,
        }
    }

    /// Every network, in the order of the ready line.
    pub fn networks(&self) -> impl Iterator<Item = (Network, &dyn Emulator)> {
        Network::ALL.into_iter().map(|network| (network, self.emulator(network)))
    }

    /// A person writes, edits or deletes.
    ///
    /// Errors: [`Refused`].
    pub fn write(&self, write: &Write) -> Result<Value, Refused> {
        self.emulator(write.network).write(write)
    }

    /// Gives the administrator of the Facebook page another one; its id and name.
    pub fn add_page(&self, name: &str) -> Value {
        self.graph.add_page(name)
    }

    /// Everything as at the start, webhooks and tokens included.
    pub fn reset(&self) {
        self.control.reset();
        self.hooks.reset();
        for (_, emulator) in self.networks() {
            emulator.reset();
        }
    }

    /// What a client has to know to begin, as the ready line says it. `base_url` is without a slash
    /// at its end.
    pub fn ready(&self, base_url: &str) -> Value {
        let networks: Map<String, Value> =
            self.networks().map(|(network, emulator)| (network.name().to_owned(), emulator.ready())).collect();
        json!({"ready": true, "base_url": base_url.trim_end_matches('/'), "networks": networks})
    }

    /// All of it: the control API, the pages for people, and every network.
    pub fn router(&self) -> Router {
        let routers = self.networks().map(|(network, emulator)| (network, emulator.router())).collect();
        let dispatch = Dispatch { world: self.clone(), routers };
        people::routes().fallback(dispatch_request).with_state(dispatch)
    }
}

/// The routers of the networks, made once.
#[derive(Clone)]
struct Dispatch {
    world: World,
    routers: Vec<(Network, Router)>,
}

async fn dispatch_request(State(dispatch): State<Dispatch>, request: Request) -> Response {
    // A body that no handler reads would end the connection under the client's next request.
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, input::LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).or(parts.uri.host()).unwrap_or("");
    let network = match network::answers(parts.uri.path(), host, &body) {
        Answers::One(network) => network,
        Answers::Graph => dispatch.world.graph.network_of(parts.uri.path(), host),
    };
    let router = dispatch.routers.iter().find(|(known, _)| *known == network);
    // There is a router for each network.
    let Some((_, router)) = router else { return StatusCode::NOT_FOUND.into_response() };
    let emulator = dispatch.world.emulator(network);
    let answer = |request: Request<Body>| async {
        // A router answers every request.
        router.clone().oneshot(request).await.unwrap_or_else(|never| match never {})
    };
    let request = Request::from_parts(parts, Body::from(body));
    let failure = |failure, path: &str| emulator.failure(failure, path);
    dispatch.world.control.watch(network, request, answer, failure).await
}

/// Serves the world until `shutdown` is ready.
///
/// Errors: the listener fails.
pub async fn serve(
    listener: TcpListener,
    world: World,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (control, mastodon) = (world.control.clone(), world.mastodon.clone());
    let service = world.router().into_make_service_with_connect_info::<Connection>();
    let (stop, stopped) = oneshot::channel::<()>();
    let until = async move { drop(stopped.await) };
    let serving = async move { axum::serve(Resettable(listener), service).with_graceful_shutdown(until).await };
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        served = &mut serving => return served,
        () = shutdown => {}
    }
    // What stalls on purpose would hold up the end, and so would a stream, or a client that reads slowly.
    control.release();
    mastodon.end_streams();
    drop(stop);
    tokio::time::timeout(GRACE, serving).await.unwrap_or(Ok(()))
}

/// Serves the world in the background, on a free port of loopback.
///
/// Errors: no port can be had.
pub async fn spawn(world: World) -> std::io::Result<Running> {
    Running::start(|listener, stopped| serve(listener, world, stopped.wait())).await
}
