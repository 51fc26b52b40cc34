//! Connecting a channel, and proving that it works.

use axum::extract::State;
use axum::response::IntoResponse;
use bedside_engine::listen::accounts::{credentials_bytes, first_sources};
use bedside_model::AccountId;
use bedside_model::role::Action;
use bedside_networks::{self as networks, Credentials, Network, Secret};
use bedside_store::Entry;
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::listen::source;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::accounts::{Account, ContactsShape};
use crate::app::App;
use crate::extract::{Id, Json};
use crate::problem::Problem;
use crate::signed_in::SignedIn;

/// A channel to connect.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Connect {
    /// The network; `/networks` lists them.
    network: String,
    /// What the team calls it.
    name: String,
    /// The root of the site or API; not needed where the network has one address for all.
    #[serde(default)]
    base_url: String,
    /// How it proves who it is; not needed for public feeds and imported files.
    credentials: Option<AccountCredentials>,
    /// A programme under 42 CFR Part 2: only fixed texts may leave.
    #[serde(default)]
    part2: bool,
    /// Public contacts.
    #[serde(default)]
    contacts: ContactsShape,
    /// Names of staff who appear in public.
    #[serde(default)]
    staff: Vec<String>,
    /// Names and addresses of its sites.
    #[serde(default)]
    sites: Vec<String>,
    /// Web addresses that may be named.
    #[serde(default)]
    allowed_urls: Vec<String>,
    /// ISO 3166-1 alpha-2; the organisation's where absent.
    country: Option<String>,
    /// Settings of the connector, as its documentation names them.
    #[schema(value_type = Option<Object>)]
    config: Option<serde_json::Map<String, serde_json::Value>>,
}

/// How an account proves who it is. Goes in and never comes out.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AccountCredentials {
    /// The four keys of OAuth 1.0a: X.
    Oauth1 {
        /// The application's key.
        consumer_key: String,
        /// The application's secret.
        #[schema(format = Password)]
        consumer_secret: String,
        /// The account's token.
        #[schema(format = Password)]
        access_token: String,
        /// The account's token secret.
        #[schema(format = Password)]
        access_token_secret: String,
    },
    /// A token together with the application that it was given to, which signs and renews.
    Application {
        /// The application's id.
        client_id: String,
        /// The application's secret.
        #[schema(format = Password)]
        client_secret: String,
        /// The access token.
        #[schema(format = Password)]
        access_token: String,
        /// The refresh token, where there is one.
        #[serde(default)]
        #[schema(format = Password)]
        refresh_token: String,
    },
    /// User name and a password for applications: WordPress, Bluesky, a mailbox.
    Password {
        /// The user name on the network.
        username: String,
        /// The password.
        #[schema(format = Password)]
        password: String,
    },
    /// A token or key by itself.
    Token {
        /// The token.
        #[schema(format = Password)]
        token: String,
    },
}

impl std::fmt::Debug for AccountCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccountCredentials")
    }
}

impl AccountCredentials {
    /// The credentials as the network's connector takes them.
    pub(super) fn for_network(self, network: Network) -> Credentials {
        match self {
            Self::Password { username, password } => Credentials::of_password(network, username, Secret::new(password)),
            Self::Token { token } => Credentials::Bearer { token: Secret::new(token) },
            Self::Application { client_id, client_secret, access_token, refresh_token } => {
                Credentials::Oauth2(Box::new(networks::Oauth2 {
                    client_id,
                    client_secret: Secret::new(client_secret),
                    access_token: Secret::new(access_token),
                    refresh_token: Secret::new(refresh_token),
                    ..networks::Oauth2::default()
                }))
            }
            Self::Oauth1 { consumer_key, consumer_secret, access_token, access_token_secret } => Credentials::Oauth1 {
                consumer_key,
                consumer_secret: Secret::new(consumer_secret),
                token: Secret::new(access_token),
                token_secret: Secret::new(access_token_secret),
            },
        }
    }
}

/// Checks the address of an account: that of a mailbox, or of a site.
pub(super) fn check_address(network: Network, field: &str, url: &str) -> Result<(), Problem> {
    if network != Network::Email {
        return check_url(field, url);
    }
    if whole(url, &["imaps", "imap"]) {
        Ok(())
    } else {
        Err(Problem::invalid(field, "Give the address of the mail server, like imaps://mail.example.org/."))
    }
}

/// Checks the address of a site: whole, and spoken over HTTP.
pub(super) fn check_url(field: &str, url: &str) -> Result<(), Problem> {
    if whole(url, &["http", "https"]) {
        Ok(())
    } else {
        Err(Problem::invalid(field, "Give a whole address, like https://blog.example.org/."))
    }
}

/// Whether an address has a host, no user, and one of these schemes.
fn whole(url: &str, schemes: &[&str]) -> bool {
    url.len() <= 2_000
        && url.parse::<http::Uri>().is_ok_and(|uri| {
            uri.scheme_str().is_some_and(|scheme| schemes.contains(&scheme))
                && uri
                    .authority()
                    .is_some_and(|authority| !authority.as_str().contains('@') && !authority.host().is_empty())
        })
}

/// Checks what the guard and the composer may name.
pub(super) fn check_profile(profile: &Profile) -> Result<(), Problem> {
    let lists = [("staff", &profile.staff), ("sites", &profile.sites), ("allowed_urls", &profile.allowed_urls)];
    for (field, list) in lists {
        if list.len() > 1_000 || list.iter().any(|text| text.trim().is_empty() || text.len() > 2_000) {
            return Err(Problem::invalid(field, "Give at most 1,000 entries, none of them empty."));
        }
    }
    if profile.country.as_ref().is_some_and(|c| c.len() != 2 || !c.bytes().all(|b| b.is_ascii_uppercase())) {
        return Err(Problem::invalid("country", "Give a country of two capital letters, like US."));
    }
    Ok(())
}

/// What an account hears is one of two words; another would be taken for everything.
pub(super) fn check_hears(config: Option<&serde_json::Map<String, serde_json::Value>>) -> Result<(), Problem> {
    let hears = config.and_then(|config| config.get("hears"));
    match hears.map(serde_json::Value::as_str) {
        None | Some(Some("everything" | "watch_terms")) => Ok(()),
        _ => Err(Problem::invalid("config.hears", "Choose everything or watch_terms.")),
    }
}

/// Connects a channel
///
/// Its first source is read at once. Prove it with `self_test`.
#[utoipa::path(post, path = "/accounts", tag = "listen", operation_id = "add_account", request_body = Connect,
    responses((status = 201, body = Account)))]
pub(crate) async fn create(
    State(app): State<App>,
    who: SignedIn,
    Json(new): Json<Connect>,
) -> Result<impl IntoResponse, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let network = Network::parse(&new.network).ok_or_else(|| {
        let known: Vec<&str> = Network::ALL.iter().map(|network| network.as_str()).collect();
        Problem::invalid("network", format!("The networks are {}.", known.join(", ")))
    })?;
    crate::trust::setup::check_person("", &new.name, None)?;
    let home = bedside_networks::home(network).unwrap_or_default();
    let base_url = if new.base_url.is_empty() { home.to_owned() } else { new.base_url };
    if network != Network::Import {
        check_address(network, "base_url", &base_url)?;
    }
    let profile = Profile {
        contacts: new.contacts.into(),
        staff: new.staff,
        sites: new.sites,
        allowed_urls: new.allowed_urls,
        country: new.country,
    };
    check_profile(&profile)?;
    check_hears(new.config.as_ref())?;
    let now = app.now();
    let ids = app.store.ids();
    let name = new.name.trim().to_owned();
    let account = NewAccount {
        id: AccountId::from_bits(ids.bits(now)),
        network: network.as_str().to_owned(),
        name,
        base_url,
        part2: new.part2,
        profile,
        config: new.config.unwrap_or_default().into(),
        credentials: credentials_bytes(&new.credentials.map_or(Credentials::None, |given| given.for_network(network))),
    };
    let sources = first_sources(ids, now, &account);
    let keyring = app.store.keyring().clone();
    let (by, org) = (who.by(), who.org().clone());
    let added = app
        .store
        .write(who.org(), now, move |tx| {
            Box::pin(async move {
                account::add(tx, &keyring, &account).await?;
                let added = Entry::new(by.clone(), "account.added", &account.id).with("network", &account.network);
                let mut entries = vec![added];
                for source in &sources {
                    source::add(tx, source).await?;
                    entries.push(Entry::new(by.clone(), "source.added", &source.id).with("account", &account.id));
                }
                let added = account::get(tx.conn(), &org, &account.id).await?;
                tx.commit_all(entries, added)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(Account::from(added))))
}

/// What a test of a connection found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SelfTest {
    /// Everything that the account needs works.
    ok: bool,
    /// One by one.
    checks: Vec<SelfTestCheck>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct SelfTestCheck {
    /// `connect`, `read` or `write`.
    name: &'static str,
    /// It works.
    ok: bool,
    /// What was found, or what to mend.
    detail: String,
}

/// Proves reading and writing, without writing
#[utoipa::path(post, path = "/accounts/{id}/self_test", tag = "listen", operation_id = "self_test",
    params(("id" = String, Path)), responses((status = 200, body = SelfTest)))]
pub(crate) async fn self_test(
    State(app): State<App>,
    who: SignedIn,
    Id(id): Id<AccountId>,
) -> Result<Json<SelfTest>, Problem> {
    app.allow_role(&who, Action::ManageAccounts)?;
    let tested = app.listen.self_test(who.org(), &id, who.by()).await?;
    let checks = tested
        .checks
        .into_iter()
        .map(|check| SelfTestCheck { name: check.name, ok: check.ok, detail: check.detail })
        .collect();
    Ok(Json(SelfTest { ok: tested.ok, checks }))
}
