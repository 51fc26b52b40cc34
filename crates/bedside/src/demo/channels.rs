//! The accounts of the demo: two sites of their own, and one account on each network of the world.
//!
//! They are connected with the access tokens that the emulated networks take, and linked with the
//! organisation's registration there, so that they can be authorised again by the guided flow. What a
//! person does on a network's own pages once, to be told of new things, is done here as well.

use anyhow::{Context as _, bail};
use bedside_engine::http::AllowedHosts;
use bedside_model::account::Contacts;
use bedside_model::{AccountId, AppId, OrgId};
use bedside_networks::{Credentials, HttpRequest, Method, Network, Oauth2, Secret, Session};
use bedside_sandbox::blog;
use bedside_sandbox::review_site;
use bedside_sandbox::world::{self, SECRET, Subscribe, TOKEN, World};
use bedside_store::listen::account::{self, Profile};
use bedside_store::listen::app::AppInput;
use bedside_store::{By, Entry};
use serde_json::{Value, json};
use url::Url;

use crate::accounts::{Connect, connect, registration};
use crate::house::{House, readable};

/// How a network of the world is connected, as the ready line of the world tells it.
struct Channel {
    network: world::Network,
    /// The account's own id there; found by the self-test where absent.
    native_id: Option<String>,
    config: Value,
    signs: Signs,
}

/// What an account of the demo signs in with.
enum Signs {
    /// A token of the application.
    Application,
    /// A token by itself.
    Token,
    /// A name and a password, without a registration.
    Password(String),
}

fn channel(network: world::Network, ready: &Value) -> Channel {
    let text = |field: &str| ready[field].as_str().map(str::to_owned);
    let (native_id, config, signs) = match network {
        world::Network::Facebook => (text("page"), json!({}), Signs::Application),
        world::Network::Instagram => (text("user"), json!({ "page_id": ready["page"] }), Signs::Application),
        world::Network::Youtube => (text("channel"), json!({}), Signs::Application),
        world::Network::X => (text("user"), json!({ "username": ready["username"] }), Signs::Application),
        world::Network::Linkedin => (text("organization_urn"), json!({}), Signs::Application),
        world::Network::GoogleBusiness => {
            let account = text("account").map(|id| format!("accounts/{id}"));
            (account.clone(), json!({ "account": account }), Signs::Application)
        }
        world::Network::Yelp => {
            (text("business"), json!({ "business": ready["business"], "mode": "partner" }), Signs::Token)
        }
        world::Network::Mastodon => (None, json!({}), Signs::Token),
        world::Network::Bluesky => (text("account"), json!({}), Signs::Password(text("handle").unwrap_or_default())),
    };
    Channel { network, native_id, config, signs }
}

/// What may stand in replies of every account.
fn profile() -> Profile {
    Profile {
        contacts: Contacts {
            phone: Some("555-0142".to_owned()),
            email: Some("listening@lakeside.example.org".to_owned()),
            url: Some("https://lakeside.example.org/talk-to-us".to_owned()),
        },
        sites: ["Lakeside Health", "Lakeside Clinic", "Elm Street Clinic"].map(str::to_owned).to_vec(),
        allowed_urls: vec!["https://lakeside.example.org".to_owned()],
        ..Profile::default()
    }
}

fn new(network: Network, name: &str, url: &str, credentials: Credentials, config: Value) -> Connect {
    Connect {
        network,
        name: name.to_owned(),
        url: url.to_owned(),
        credentials,
        config,
        profile: profile(),
        part2: false,
        interval: None,
        by: By::cli(),
    }
}

fn token() -> Credentials {
    Credentials::Bearer { token: Secret::new(TOKEN) }
}

/// Connects the review site and the blog.
///
/// Errors: the store's, or a site does not answer as it should.
pub async fn sites(house: &House, org: &OrgId, review_url: &str, blog_url: &str) -> anyhow::Result<()> {
    let place = json!({ "location": review_site::LOCATION, "location_title": "Lakeside Health" });
    // These two tell nothing by themselves: they are asked as often as may be.
    let often = |new: Connect| Connect { interval: Some(5), ..new };
    let review = often(new(Network::GoogleBusiness, "Lakeside reviews", review_url, token(), place));
    let editor = Credentials::Basic { user: blog::USER.to_owned(), password: Secret::new(blog::PASSWORD) };
    let blog = often(new(Network::Wordpress, "Lakeside blog", blog_url, editor, json!({})));
    for new in [review, blog] {
        let name = new.name.clone();
        let id = connect(house, org, new).await?;
        prove(house, org, &id, &name).await?;
    }
    Ok(())
}

/// Connects an account on each network of the world.
///
/// Errors: the store's, or a network does not answer as it should.
pub async fn networks(house: &House, org: &OrgId, world: &World, base_url: &str) -> anyhow::Result<()> {
    let ready = world.ready(base_url);
    install(house, base_url, &ready).await?;
    for (emulated, _) in world.networks() {
        let ready = &ready["networks"][emulated.name()];
        let Channel { network, native_id, config, signs } = channel(emulated, ready);
        let client_id = ready["app"].as_str().unwrap_or(TOKEN).to_owned();
        let is_registered = !matches!(signs, Signs::Password(_));
        let credentials = match signs {
            Signs::Application => Credentials::Oauth2(Box::new(Oauth2 {
                client_id: client_id.clone(),
                client_secret: Secret::new(SECRET),
                access_token: Secret::new(TOKEN),
                ..Oauth2::default()
            })),
            Signs::Token => token(),
            Signs::Password(identifier) => Credentials::Session(Box::new(Session {
                identifier,
                password: Secret::new(SECRET),
                ..Session::default()
            })),
        };
        let name = format!("Elm Street on {}", network.title());
        let network = Network::parse(network.name()).context("an emulated network that nobody speaks")?;
        let mut app = None;
        if is_registered {
            app = Some(registration::add(house, org, network, application(network, base_url, client_id)).await?);
        }
        let id = connect(house, org, new(network, &name, base_url, credentials, config)).await?;
        know(house, org, &id, native_id, app).await?;
        prove(house, org, &id, &name).await?;
    }
    Ok(())
}

/// The organisation's registration with a network of the world, all of whose accounts are authorised.
fn application(network: Network, base_url: &str, client_id: String) -> AppInput {
    AppInput {
        name: format!("Lakeside on {}", network.title()),
        base_url: base_url.to_owned(),
        client_id,
        client_secret: SECRET.to_owned().into(),
        config: json!({}),
    }
}

/// The page installs the application, as its administrator does once on Facebook's own pages.
async fn install(house: &House, base_url: &str, ready: &Value) -> anyhow::Result<()> {
    let page = ready["networks"]["facebook"]["page"].as_str().context("the emulated page has no id")?;
    let mut url = Url::parse(base_url)?.join(&format!("/{page}/subscribed_apps"))?;
    url.query_pairs_mut()
        .append_pair("subscribed_fields", "feed,mention,ratings,messages,messaging_postbacks,message_echoes");
    let request = HttpRequest {
        method: Method::Post,
        url,
        headers: vec![("authorization", Secret::new(format!("Bearer {TOKEN}")))],
        body: Vec::new(),
        piece: None,
        draws: None,
    };
    match house.http.send(&request, &AllowedHosts::default()).await {
        Ok(answer) if answer.status == 200 => Ok(()),
        _ => bail!("the emulated page does not install the application"),
    }
}

/// Keeps who the account is and which registration it was authorised through, if any.
async fn know(
    house: &House,
    org: &OrgId,
    id: &AccountId,
    native_id: Option<String>,
    app: Option<AppId>,
) -> anyhow::Result<()> {
    let id = id.clone();
    house
        .store
        .write(org, house.clock.now(), move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                let config = account::get(tx.conn(), &org, &id).await?.config;
                account::connected(tx, &id, native_id.as_deref(), None, &config).await?;
                if let Some(app) = &app {
                    account::authorised_through(tx, &id, app).await?;
                }
                tx.commit(Entry::new(By::cli(), "account.changed", &id), ())
            })
        })
        .await
        .map_err(readable)
}

async fn prove(house: &House, org: &OrgId, id: &AccountId, name: &str) -> anyhow::Result<()> {
    let tested = house.listen().self_test(org, id, By::cli()).await.map_err(readable)?;
    if let Some(wrong) = tested.checks.iter().find(|check| !check.ok) {
        bail!("{name} does not answer as it should: {}", wrong.detail);
    }
    Ok(())
}

/// Tells the networks where Bedside hears webhooks. Where Bedside does not answer on loopback, the
/// emulated networks tell nothing, and everything is heard by polls.
///
/// Errors: the store's, or a handshake fails.
pub async fn webhooks(house: &House, org: &OrgId, world: &World, public_url: &str) -> anyhow::Result<()> {
    let accounts = account::list(&mut house.store.read().await?, org).await?;
    for account in accounts {
        let Some(network) = world::Network::named(&account.network) else { continue };
        let Some(hook_id) = account.health.hook_id else { continue };
        let view = bedside_engine::listen::account_view(&house.store, org, &account.id).await.map_err(readable)?;
        let own = view.hook_secret.expose();
        let mut path = format!("/hooks/{hook_id}");
        match network {
            world::Network::Facebook | world::Network::Instagram | world::Network::X | world::Network::Linkedin => {}
            // It signs nothing: the address itself is the secret.
            world::Network::Yelp => path = format!("{path}/{own}"),
            // These tell nothing of what people write, or only through another service.
            world::Network::Youtube
            | world::Network::GoogleBusiness
            | world::Network::Mastodon
            | world::Network::Bluesky => continue,
        }
        let ask = Subscribe {
            network,
            url: Url::parse(public_url)?.join(&path)?,
            secret: SECRET.to_owned(),
            verify_token: own.to_owned(),
            topic: None,
            fields: None,
        };
        match world.hooks.subscribe(ask).await {
            Ok(_) => {}
            Err(world::NotSubscribed::NotLoopback) => return Ok(()),
            Err(e) => return Err(e).with_context(|| format!("the webhook of {}", network.title())),
        }
    }
    Ok(())
}
