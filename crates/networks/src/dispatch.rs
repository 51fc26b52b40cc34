//! The questions every network answers.

use bedside_model::Micros;
use url::Url;

use crate::authorise::{
    App, AuthorisationRequest, CodeExchange, GrantSteps, Granted, Permission, RegisterSteps, Registration,
};
use crate::connector::{Connector, Order};
use crate::metrics::{Figure, MetricSteps, MetricsOf};
use crate::objection::Objection;
use crate::stream::{StreamInput, StreamStart};
use crate::subscription::{Subscribing, Wish};
use crate::webhook::{Delivery, Forged, Handshake, Incoming, Query, Verified};
use crate::{
    AccountView, Capabilities, ErrorClass, HttpRequest, HttpResponse, Limits, NetError, Network, Operation, ParseError,
    ParsedMessage, Poll, PollInput, Readback, SelfTest, Sending, bluesky, email, facebook, feeds, google_business,
    import, instagram, linkedin, mastodon, review_page, wordpress, x, yelp, youtube,
};

/// The one place that knows which connector is which. Exhaustive: a network without one does not
/// compile.
const fn connector(network: Network) -> &'static dyn Connector {
    match network {
        Network::Wordpress => &wordpress::Wordpress,
        Network::Feed => &feeds::Feed,
        Network::Import => &import::Import,
        Network::GoogleBusiness => &google_business::GoogleBusiness,
        Network::Facebook => &facebook::Facebook,
        Network::Instagram => &instagram::Instagram,
        Network::Youtube => &youtube::Youtube,
        Network::X => &x::X,
        Network::Linkedin => &linkedin::Linkedin,
        Network::Yelp => &yelp::Yelp,
        Network::Mastodon => &mastodon::Mastodon,
        Network::Bluesky => &bluesky::Bluesky,
        Network::Email => &email::Email,
        Network::ReviewPage => &review_page::ReviewPage,
    }
}

/// What the network can do.
pub fn capabilities(network: Network) -> &'static Capabilities {
    connector(network).capabilities()
}

/// The limits of the network.
pub fn limits(network: Network) -> &'static Limits {
    connector(network).limits()
}

/// Where the network's API is, where there is one address for all.
pub fn home(network: Network) -> Option<&'static str> {
    connector(network).home()
}

/// The names of what can be polled of an account (`kind` in a source's settings), the usual first.
pub fn sources(network: Network) -> &'static [&'static str] {
    connector(network).sources()
}

/// The sources that an account begins with: all that the network has, so that nothing is lost, less
/// the open streams, which a person turns on. Where one source reads everything, it alone.
pub fn first_sources(network: Network) -> impl Iterator<Item = &'static str> {
    let all = sources(network);
    let most = if all.first() == Some(&"everything") { 1 } else { all.len() };
    all[..most].iter().copied().filter(|kind| *kind != "stream")
}

/// Begins a poll of a source.
///
/// Errors: the account or source lacks a setting, or the network is not polled.
pub fn start_poll(input: PollInput<'_>) -> Result<Poll, NetError> {
    connector(input.account.network).poll(input).map(Poll)
}

/// Parses one stored item: the `kind` and `body` of a [`crate::RawItem`].
///
/// Errors say what is missing and where, never what stands there.
pub fn parse(account: &AccountView, kind: &str, body: &[u8]) -> Result<ParsedMessage, ParseError> {
    connector(account.network).parse(account, kind, body)
}

/// What speaks against an operation before it is sent. Empty where nothing does.
pub fn objections(account: &AccountView, operation: &Operation) -> Vec<Objection> {
    connector(account.network).objections(account, operation)
}

/// What an operation costs, in millionths of a US dollar; `None` where it costs nothing.
pub fn price(account: &AccountView, operation: &Operation) -> Option<u64> {
    connector(account.network).price(account, operation)
}

/// Begins to send. An operation is sent again only when it provably was not accepted; that rule
/// lives in the outcome, and nowhere else.
///
/// Errors: the network cannot do it, or an id or setting is not of the right form.
pub fn start_send(order: Order<'_>) -> Result<Sending, NetError> {
    connector(order.account.network).send(order).map(Sending)
}

/// Begins to look whether an operation took effect. `first_sent` is the time of the first attempt.
///
/// Errors: the network cannot do the operation at all.
pub fn start_readback(account: &AccountView, operation: &Operation, first_sent: Micros) -> Result<Readback, NetError> {
    connector(account.network).readback(account, operation, first_sent).map(Readback)
}

/// Whether an answer says that the budget on which its request drew is used up, whatever we counted.
pub fn is_spent(network: Network, response: &HttpResponse) -> bool {
    connector(network).is_spent(response)
}

/// Says what an answer means, for reads and writes alike.
pub fn classify(network: Network, response: &HttpResponse) -> ErrorClass {
    connector(network).classify(response)
}

/// Begins a self-test of the connection.
///
/// Errors: the account lacks a setting.
pub fn start_self_test(account: &AccountView) -> Result<SelfTest, NetError> {
    connector(account.network).self_test(account).map(SelfTest)
}

/// Begins to ask the network to deliver to an address of ours, for networks that are asked so; repeating it
/// renews, and looks whether all still stands.
pub fn start_subscription(wish: Wish<'_>) -> Option<Result<Subscribing, NetError>> {
    Some(connector(wish.account.network).webhooks()?.subscribe(wish)?.map(Subscribing))
}

/// Begins to ask the network to deliver nothing more for an account; `None` where nothing has to be asked.
pub fn end_subscription(wish: Wish<'_>) -> Option<Result<Subscribing, NetError>> {
    Some(connector(wish.account.network).webhooks()?.unsubscribe(wish)?.map(Subscribing))
}

/// Answers the request with which a network makes sure that we want a subscription to end, once we asked for it.
pub fn webhook_farewell(account: &AccountView, query: &Query<'_>) -> Handshake {
    connector(account.network).webhooks().map_or(Handshake::NotOne, |webhooks| webhooks.farewell(account, query))
}

/// Answers the request with which a network makes sure that a webhook address is ours.
pub fn webhook_handshake(account: &AccountView, query: &Query<'_>) -> Handshake {
    connector(account.network).webhooks().map_or(Handshake::NotOne, |webhooks| webhooks.handshake(account, query))
}

/// The request for the public keys that an account's deliveries are checked with, where those that it holds
/// are missing or old.
pub fn webhook_keys(account: &AccountView, now: Micros) -> Option<Result<HttpRequest, NetError>> {
    connector(account.network).webhooks()?.keys(account, now)
}

/// Reads the answer to [`webhook_keys`]: settings to merge into [`AccountView::config`].
///
/// Errors: it holds no keys. Those that the account has go on being used.
pub fn read_webhook_keys(
    account: &AccountView,
    response: &HttpResponse,
    now: Micros,
) -> Result<serde_json::Map<String, serde_json::Value>, NetError> {
    let webhooks = connector(account.network).webhooks();
    webhooks.ok_or(NetError::Unsupported { what: "this network has no webhooks" })?.keys_of(response, now)
}

/// Verifies a delivery over its raw body, in constant time.
///
/// Errors: the delivery is not the network's, or the network has no webhooks.
pub fn verify_webhook<'a>(account: &AccountView, delivery: &Incoming<'a>, now: Micros) -> Result<Verified<'a>, Forged> {
    let webhooks = connector(account.network).webhooks().ok_or(Forged("this network has no webhooks"))?;
    webhooks.verify(account, delivery, now)?;
    Ok(Verified(delivery.body))
}

/// Reads a delivery whose signature holds.
///
/// Errors: the body is not what the network sends.
pub fn read_webhook(account: &AccountView, verified: Verified<'_>) -> Result<Delivery, ParseError> {
    let webhooks = connector(account.network).webhooks();
    let webhooks = webhooks.ok_or_else(|| ParseError::new("this network has no webhooks", "the account"))?;
    webhooks.read(account, verified.0)
}

/// Whether the network pushes over an open connection, for some source at least.
pub fn pushes(network: Network) -> bool {
    connector(network).streaming().is_some()
}

/// Begins to listen on an open connection; `None` where the network does not push.
///
/// Errors: the account or source lacks a setting.
pub fn start_stream(input: StreamInput<'_>) -> Option<Result<StreamStart, NetError>> {
    connector(input.account.network).streaming().map(|streaming| streaming.start(input))
}

/// What is asked for when an account of this network is connected; `None` where it is connected
/// with a password or key instead.
pub fn permissions(network: Network) -> Option<&'static [Permission]> {
    connector(network).authorisation().map(|authorisation| authorisation.permissions())
}

const NO_AUTHORISATION: NetError = NetError::Unsupported { what: "this network is connected without authorisation" };

/// Where the browser is sent to authorise.
///
/// Errors: the network has no such flow, or the application's settings are not of the right form.
pub fn authorisation_address(network: Network, app: &App, request: &AuthorisationRequest<'_>) -> Result<Url, NetError> {
    connector(network).authorisation().ok_or(NO_AUTHORISATION)?.address(app, request)
}

/// Begins to exchange the code that came back for tokens.
///
/// Errors: the network has no such flow.
pub fn start_exchange(network: Network, app: &App, exchange: &CodeExchange<'_>) -> Result<Granting, NetError> {
    connector(network).authorisation().ok_or(NO_AUTHORISATION)?.exchange(app, exchange).map(Granting)
}

/// Whether Bedside registers itself with a server of this network, so that a person names the server and
/// nothing else.
pub fn registers_by_itself(network: Network) -> bool {
    connector(network).authorisation().is_some_and(|flow| flow.registers_by_itself())
}

/// Begins to register us with a server of a network that has many; `None` where an organisation
/// registers by hand. What it gives is the [`App`] of the exchange.
///
/// Errors: what is told of us is not of the right form.
pub fn start_registration(network: Network, registration: &Registration<'_>) -> Option<Result<Registering, NetError>> {
    connector(network).authorisation()?.register(registration).map(|steps| steps.map(Registering))
}

/// Begins to renew what an account holds; `None` where there is nothing to renew.
pub fn start_renewal(account: &AccountView, now: Micros) -> Option<Granting> {
    connector(account.network).authorisation()?.renew(account, now).map(Granting)
}

/// Begins to read figures of reach.
///
/// Errors: the network tells none, or the account lacks a setting.
pub fn start_metrics(of: MetricsOf<'_>) -> Result<Metrics, NetError> {
    connector(of.account.network).metrics(of).map(Metrics)
}

/// An exchange or a renewal under way. Use it like a [`crate::Poll`].
#[derive(Debug)]
pub struct Granting(Box<dyn GrantSteps>);

impl Granting {
    /// The next request, or `None` when the accounts stand.
    pub fn next_request(&self) -> Option<HttpRequest> {
        self.0.next_request()
    }

    /// Takes the answer to the last request.
    pub fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.0.on_response(response)
    }

    /// The accounts that may be connected; a renewal gives one.
    pub fn granted(&self) -> Vec<Granted> {
        self.0.granted()
    }
}

/// A registration under way. Use it like a [`crate::Poll`].
#[derive(Debug)]
pub struct Registering(Box<dyn RegisterSteps>);

impl Registering {
    /// The next request, or `None` when the registration stands.
    pub fn next_request(&self) -> Option<HttpRequest> {
        self.0.next_request()
    }

    /// Takes the answer to the last request.
    pub fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.0.on_response(response)
    }

    /// The registration, once there is no further request.
    pub fn registered(&self) -> Option<App> {
        self.0.registered()
    }
}

/// Figures being read. Use it like a [`crate::Poll`].
#[derive(Debug)]
pub struct Metrics(Box<dyn MetricSteps>);

impl Metrics {
    /// The next request, or `None` when all figures were given.
    pub fn next_request(&self) -> Option<HttpRequest> {
        self.0.next_request()
    }

    /// Takes the answer and gives the figures in it.
    pub fn on_response(&mut self, response: &HttpResponse) -> Result<Vec<Figure>, NetError> {
        self.0.on_response(response)
    }
}
