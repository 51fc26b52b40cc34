//! Connecting an account by asking its owner, and asking again when what was given ends. The pages
//! and the command line go the same way.
//!
//! The browser is sent to the network with a state that nobody can guess and the hash of a verifier
//! ([`Listen::begin_authorisation`]); the network sends it back with that state and a code, which is
//! exchanged for tokens ([`Listen::returned`]). What is granted waits, sealed, until the person
//! chooses which account it is for ([`Listen::connect_authorised`]). A state is good once, for half an
//! hour, and for the person who began.

use bedside_model::{AccountId, AppId, AuthorisationId, OrgId, UserId};
use bedside_networks::{
    self as networks, App, AuthorisationRequest, CodeExchange, Granted, Network, Registration, Secret,
};
use bedside_store::listen::account::{self, Account, AccountChange, NewAccount, Profile};
use bedside_store::listen::app as registration;
use bedside_store::listen::authorisation::{self, Authorisation, NewAuthorisation};
use bedside_store::listen::source;
use bedside_store::{By, Entry, StoreError};
use url::Url;

use super::accounts::{credentials_bytes, first_sources};
use super::{Listen, account_view, poller::said};

/// A flow to begin.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The registration that asks.
    pub app: AppId,
    /// The account to authorise again; `None` to connect a new one.
    pub account: Option<AccountId>,
    /// Who asks; `None` for the command line.
    pub user: Option<UserId>,
    /// Where the network sends the browser back to. The registration must allow it.
    pub redirect: Url,
}

/// A flow that was begun.
#[derive(Clone)]
pub struct Begun {
    /// Its id.
    pub id: AuthorisationId,
    /// The network.
    pub network: Network,
    /// Where to send the browser. Holds the state.
    pub address: Url,
}

impl std::fmt::Debug for Begun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Begun").field("id", &self.id).field("network", &self.network).finish_non_exhaustive()
    }
}

/// What the network sent back through the browser.
#[derive(Clone, Default)]
pub struct Returned {
    /// The state.
    pub state: String,
    /// The code; absent where the person refused.
    pub code: Option<String>,
    /// The network's error, where it gave one.
    pub error: Option<String>,
}

impl std::fmt::Debug for Returned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[state and code]")
    }
}

/// What was granted.
#[derive(Debug, Clone)]
pub struct Authorised {
    /// The flow's id.
    pub id: AuthorisationId,
    /// The network, as the networks crate names it.
    pub network: String,
    /// The account that is authorised again; `None` where a new one is connected.
    pub account: Option<AccountId>,
    /// The accounts to choose from.
    pub choices: Vec<Granted>,
}

/// Which of the granted accounts is connected.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its id on the network.
    pub native_id: String,
    /// What the team calls it; of no use where an account is authorised again.
    pub name: String,
}

/// Why a flow does not go on. Holds no code, no state and no token.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The database, or there is no such thing.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registration and the account belong to different networks.
    #[error("This registration is with another network.")]
    OtherNetwork,
    /// The registration's address cannot be read.
    #[error("The registration has no usable address.")]
    NoAddress,
    /// The network cannot be asked through this registration.
    #[error("{0}.")]
    NotAsked(networks::NetError),
    /// Nobody knows the state, it was used, it ran out, or somebody else began.
    #[error("This request to connect has ended or was used already. Begin again.")]
    Ended,
    /// The person, or the network, said no. What the network says of the reason may be anything.
    #[error("The network says that access was not given.")]
    Denied,
    /// The network sent the browser back without anything.
    #[error("No code came back.")]
    NoCode,
    /// The code was not exchanged: what the network or the way there refused.
    #[error("Connecting failed: {0}.")]
    NotGranted(String),
    /// A server does not let us register: what it or the way there refused.
    #[error("Registering with this server failed: {0}.")]
    NotRegistered(String),
    /// It is not among what was granted.
    #[error("Choose one of the accounts that were offered.")]
    NotOffered,
    /// Another account was authorised than the one that is to go on.
    #[error("This is another account than the one that is connected.")]
    AnotherAccount,
}

fn mine(flow: &Authorisation, user: Option<&UserId>) -> bool {
    flow.user_id.as_ref() == user
}

fn authorised(flow: Authorisation, choices: Vec<Granted>) -> Authorised {
    Authorised { id: flow.id, network: flow.network, account: flow.account_id, choices }
}

impl Listen {
    /// The registration as a connector takes it.
    async fn app_of(&self, org: &OrgId, id: &AppId) -> Result<(Network, App), FlowError> {
        let mut conn = self.store.read().await?;
        let found = registration::get(&mut conn, org, id).await?;
        let secret = registration::secret(&mut conn, self.store.keyring(), org, id).await?;
        let network = Network::parse(&found.network).ok_or(StoreError::NotFound { what: "registration" })?;
        let base_url = found.base_url.parse().map_err(|_| FlowError::NoAddress)?;
        let client_secret = Secret::new(secret.as_str());
        Ok((network, App { base_url, client_id: found.client_id, client_secret, config: found.config }))
    }

    /// Begins: the answer says where to send the browser.
    pub async fn begin_authorisation(&self, org: &OrgId, wanted: Wanted) -> Result<Begun, FlowError> {
        let (network, app) = self.app_of(org, &wanted.app).await?;
        if let Some(id) = &wanted.account {
            let account = account::get(&mut self.store.read().await?, org, id).await?;
            if account.network != network.as_str() {
                return Err(FlowError::OtherNetwork);
            }
        }
        let now = self.clock.now();
        let id = AuthorisationId::from_bits(self.store.ids().bits(now));
        let new = NewAuthorisation {
            id: id.clone(),
            network: network.as_str().to_owned(),
            app_id: wanted.app,
            account_id: wanted.account,
            user_id: wanted.user,
            redirect: wanted.redirect.to_string(),
        };
        let keyring = self.store.keyring().clone();
        let begun = self
            .store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    let begun = authorisation::begin(tx, &keyring, &new).await?;
                    tx.operational(begun)
                })
            })
            .await?;
        let request =
            AuthorisationRequest { redirect: &wanted.redirect, state: &begun.state, verifier: &begun.verifier };
        let address = networks::authorisation_address(network, &app, &request).map_err(FlowError::NotAsked)?;
        Ok(Begun { id, network, address })
    }

    /// Takes what came back: the state is used up, the code is exchanged, and what was granted is
    /// kept until [`Self::connect_authorised`].
    pub async fn returned(&self, org: &OrgId, user: Option<&UserId>, back: Returned) -> Result<Authorised, FlowError> {
        let found = authorisation::find(&mut self.store.read().await?, &back.state).await?;
        let (_, flow) = found.filter(|(whose, flow)| whose == org && mine(flow, user)).ok_or(FlowError::Ended)?;
        let Some(code) = back.code.filter(|code| !code.is_empty()) else {
            return Err(if back.error.is_some() { FlowError::Denied } else { FlowError::NoCode });
        };
        let id = flow.id.clone();
        let taken = self
            .store
            .write(org, self.clock.now(), move |tx| {
                Box::pin(async move {
                    let taken = authorisation::take(tx, &id).await?;
                    tx.operational(taken)
                })
            })
            .await?;
        if !taken {
            return Err(FlowError::Ended);
        }
        let (network, app) = self.app_of(org, &flow.app_id).await?;
        let verifier = flow.verifier(self.store.keyring(), org)?;
        let redirect = flow.redirect.parse().map_err(|_| FlowError::Ended)?;
        let exchange = CodeExchange { redirect: &redirect, code: &code, verifier: &verifier, now: self.clock.now() };
        let granted = self.exchange(org, network, &app, &exchange).await?;
        let kept = serde_json::to_vec(&granted).unwrap_or_default();
        let (keyring, id) = (self.store.keyring().clone(), flow.id.clone());
        self.store
            .write(org, self.clock.now(), move |tx| {
                Box::pin(async move {
                    authorisation::keep(tx, &keyring, &id, &kept).await?;
                    tx.operational(())
                })
            })
            .await?;
        Ok(authorised(flow, granted))
    }

    /// Exchanges a code. The answer are the accounts that may be connected with what was granted.
    async fn exchange(
        &self,
        org: &OrgId,
        network: Network,
        app: &App,
        exchange: &CodeExchange<'_>,
    ) -> Result<Vec<Granted>, FlowError> {
        let refused = |e: networks::NetError| FlowError::NotGranted(e.to_string());
        let allowed = self.allowed_hosts(org).await?;
        let mut granting = networks::start_exchange(network, app, exchange).map_err(refused)?;
        while let Some(request) = granting.next_request() {
            let answer = self.http.send(&request, &allowed).await;
            let answer = answer.map_err(|e| FlowError::NotGranted(said(&e).to_owned()))?;
            granting.on_response(&answer).map_err(refused)?;
        }
        let granted = granting.granted();
        if granted.is_empty() {
            return Err(FlowError::NotGranted("the network offers no account that could be connected".to_owned()));
        }
        Ok(granted)
    }

    /// Registers Bedside with a server of a network where everybody may; see
    /// [`bedside_networks::registers_by_itself`].
    pub async fn register(
        &self,
        org: &OrgId,
        network: Network,
        registration: &Registration<'_>,
    ) -> Result<App, FlowError> {
        let refused = |why: &str| FlowError::NotRegistered(why.to_owned());
        let by_hand = || refused("this network is registered with by hand");
        let allowed = self.allowed_hosts(org).await?;
        let begun = networks::start_registration(network, registration).ok_or_else(by_hand)?;
        let mut registering = begun.map_err(|e| refused(&e.to_string()))?;
        while let Some(request) = registering.next_request() {
            let answer = self.http.send(&request, &allowed).await.map_err(|e| refused(said(&e)))?;
            registering.on_response(&answer).map_err(|e| refused(&e.to_string()))?;
        }
        registering.registered().ok_or_else(|| refused("the server registered nothing"))
    }

    /// What was granted in a flow that waits for the choice.
    pub async fn authorised(
        &self,
        org: &OrgId,
        user: Option<&UserId>,
        id: &AuthorisationId,
    ) -> Result<Authorised, FlowError> {
        let (flow, granted) = self.waiting(org, user, id).await?;
        Ok(authorised(flow, granted))
    }

    async fn waiting(
        &self,
        org: &OrgId,
        user: Option<&UserId>,
        id: &AuthorisationId,
    ) -> Result<(Authorisation, Vec<Granted>), FlowError> {
        let flow = authorisation::get(&mut self.store.read().await?, org, id).await?;
        if !mine(&flow, user) || flow.expires_at <= self.clock.now() {
            return Err(StoreError::NotFound { what: "authorisation" }.into());
        }
        let sealed = flow.granted(self.store.keyring(), org)?.ok_or(FlowError::Ended)?;
        let granted = serde_json::from_slice(&sealed).map_err(|_| FlowError::Ended)?;
        Ok((flow, granted))
    }

    /// Connects the chosen account, or authorises the one that was there again: then everything heard
    /// and said so far stays.
    pub async fn connect_authorised(
        &self,
        org: &OrgId,
        by: By,
        user: Option<&UserId>,
        id: &AuthorisationId,
        choice: Choice,
    ) -> Result<Account, FlowError> {
        let (flow, granted) = self.waiting(org, user, id).await?;
        let chosen = granted.into_iter().find(|one| one.native_id == choice.native_id).ok_or(FlowError::NotOffered)?;
        match flow.account_id.clone() {
            Some(account) => self.again(org, by, flow, account, chosen).await,
            None => self.anew(org, by, flow, choice.name, chosen).await,
        }
    }

    async fn again(
        &self,
        org: &OrgId,
        by: By,
        flow: Authorisation,
        id: AccountId,
        chosen: Granted,
    ) -> Result<Account, FlowError> {
        let old = account::get(&mut self.store.read().await?, org, &id).await?;
        if old.native_id.as_ref().is_some_and(|known| *known != chosen.native_id) {
            return Err(FlowError::AnotherAccount);
        }
        let held = account_view(&self.store, org, &id).await?.credentials;
        let mut config = old.config;
        if let Some(fields) = config.as_object_mut() {
            fields.extend(chosen.config);
        }
        let credentials = credentials_bytes(&chosen.credentials.over(&held));
        let change = AccountChange { config: Some(config), credentials, ..AccountChange::default() };
        let keyring = self.store.keyring().clone();
        let changed = self
            .store
            .write(org, self.clock.now(), move |tx| {
                Box::pin(async move {
                    let changed = account::change(tx, &keyring, &id, change, None).await?;
                    account::authorised_through(tx, &id, &flow.app_id).await?;
                    authorisation::finish(tx, &flow.id).await?;
                    tx.commit(Entry::new(by, "account.authorised_again", &id), changed)
                })
            })
            .await?;
        Ok(changed)
    }

    async fn anew(
        &self,
        org: &OrgId,
        by: By,
        flow: Authorisation,
        name: String,
        chosen: Granted,
    ) -> Result<Account, FlowError> {
        let (network, app) = self.app_of(org, &flow.app_id).await?;
        let (ids, now) = (self.store.ids(), self.clock.now());
        let new = NewAccount {
            id: AccountId::from_bits(ids.bits(now)),
            network: network.as_str().to_owned(),
            name,
            base_url: app.base_url.into(),
            part2: false,
            profile: Profile::default(),
            config: chosen.config.clone().into(),
            credentials: credentials_bytes(&chosen.credentials),
        };
        let sources = first_sources(ids, now, &new);
        let (keyring, whose) = (self.store.keyring().clone(), org.clone());
        let added = self
            .store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    account::add(tx, &keyring, &new).await?;
                    account::authorised_through(tx, &new.id, &flow.app_id).await?;
                    let name = chosen.name.expose();
                    account::connected(tx, &new.id, Some(&chosen.native_id), Some(name), &new.config).await?;
                    let mut entries =
                        vec![Entry::new(by.clone(), "account.added", &new.id).with("network", &new.network)];
                    for source in &sources {
                        source::add(tx, source).await?;
                        entries.push(Entry::new(by.clone(), "source.added", &source.id).with("account", &new.id));
                    }
                    authorisation::finish(tx, &flow.id).await?;
                    let added = account::get(tx.conn(), &whose, &new.id).await?;
                    tx.commit_all(entries, added)
                })
            })
            .await?;
        Ok(added)
    }
}
