//! `bedside account authorise` and `reauthorise`: the guided flow at a terminal.
//!
//! What is asked for is said first, permission by permission. Then the address is printed; a person
//! opens it, signs in with the network and says yes; the browser comes back to this machine, and the
//! account that was chosen is tested at once.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use bedside_engine::listen::authorise::{Authorised, Begun, Choice, FlowError, Wanted};
use bedside_model::{AccountId, OrgId};
use bedside_networks::{Granted, Network};
use bedside_store::By;
use bedside_store::listen::account::Account;
use serde_json::json;
use url::Url;

use super::loopback::{self, Door};
use super::{allow_host, named, network, prove, registration};
use crate::cli::{Authorise, Browser, Reauthorise, Registration};
use crate::house::{House, readable};
use crate::{input, output};

/// The port of the address that is only pasted; nothing listens there.
const NOBODY_LISTENS: u16 = 8788;

/// An error of the flow at a terminal: with its cause where it is the store's.
pub(super) fn plain(error: FlowError) -> anyhow::Error {
    match error {
        FlowError::Store(e) => readable(e),
        other => anyhow::anyhow!("{other}"),
    }
}

/// Where the browser comes back.
enum Way {
    /// To a listener on this machine.
    Door(Door),
    /// Nowhere: the person pastes the address at which it ended.
    Pasted(Url),
}

impl Way {
    async fn of(browser: &Browser) -> anyhow::Result<Self> {
        if browser.paste {
            return Ok(Self::Pasted(loopback::address(NOBODY_LISTENS)?));
        }
        Door::open(browser.port).await.map(Self::Door)
    }

    fn address(&self) -> &Url {
        match self {
            Self::Door(door) => &door.address,
            Self::Pasted(address) => address,
        }
    }

    /// Waits for the browser, and exchanges what it brings.
    async fn granted(self, house: &House, org: &OrgId) -> anyhow::Result<Authorised> {
        let listen = house.listen();
        let mut door = match self {
            Self::Door(door) => door,
            Self::Pasted(_) => {
                let back = loopback::pasted(&input::line()?)?;
                return listen.returned(org, None, back).await.map_err(plain);
            }
        };
        let granted = loop {
            let visit = door.next().await?;
            let outcome = listen.returned(org, None, visit.back).await;
            let (text, end) = match outcome {
                Ok(granted) => ("It worked. You can close this page and go back to the terminal.", Some(Ok(granted))),
                // Not of this flow: the right one may still come.
                Err(FlowError::Ended) => ("This page was not asked for. Go back to the terminal.", None),
                Err(e) => ("It did not work. The terminal says why.", Some(Err(e))),
            };
            // Whoever closed the browser need not be told.
            let _ = visit.tell.send(text);
            if let Some(end) = end {
                break end;
            }
        };
        door.shut().await;
        granted.map_err(plain)
    }
}

/// Connects a new account.
pub async fn anew(house: &House, new: &Authorise, as_json: bool) -> anyhow::Result<ExitCode> {
    let org = house.organisation(new.organisation.as_deref()).await?;
    let network = network(&new.network)?;
    let flow = Flow { house, org: &org, network, account: None, as_json };
    let granted = flow.ask(&new.registration, &new.browser).await?;
    let chosen = choose(&granted.choices, new.pick.as_deref(), as_json)?;
    let name = new.name.clone().unwrap_or_else(|| chosen.name.expose().clone());
    let choice = Choice { native_id: chosen.native_id.clone(), name };
    flow.connect(&granted, choice).await
}

/// Asks for an account that is connected again.
pub async fn again(house: &House, old: &Reauthorise, as_json: bool) -> anyhow::Result<ExitCode> {
    let org = house.organisation(old.organisation.as_deref()).await?;
    let account = named(house, &org, &old.account).await?;
    let network = network(&account.network)?;
    let flow = Flow { house, org: &org, network, account: Some(account.id.clone()), as_json };
    let granted = flow.ask(&through(&account, &old.registration), &old.browser).await?;
    // Which one it is stands already; only an account that never was tested is chosen.
    let chosen = choose(&granted.choices, account.native_id.as_deref(), as_json)?;
    let choice = Choice { native_id: chosen.native_id.clone(), name: account.name };
    flow.connect(&granted, choice).await
}

/// The registration through which an account is authorised again, where none is named: the same, or a new
/// one with its server where Bedside registers by itself.
fn through(account: &Account, given: &Registration) -> Registration {
    let mut registration = given.clone();
    let named = given.registration.is_some() || given.client_id.is_some();
    let by_itself = Network::parse(&account.network).is_some_and(bedside_networks::registers_by_itself);
    if by_itself && !named {
        registration.url.get_or_insert_with(|| account.base_url.clone());
    } else if !named {
        registration.registration = account.app_id.as_ref().map(ToString::to_string);
    }
    registration
}

/// One account on its way.
struct Flow<'a> {
    house: &'a House,
    org: &'a OrgId,
    network: Network,
    account: Option<AccountId>,
    as_json: bool,
}

impl Flow<'_> {
    /// Says what is asked for, sends the person to the network, and waits for what is granted.
    async fn ask(&self, given: &Registration, browser: &Browser) -> anyhow::Result<Authorised> {
        let Self { house, org, network, account, as_json: _ } = self;
        if bedside_networks::permissions(*network).is_none() {
            bail!("{} does not ask in a browser: use `bedside account add --network {network}`", network.title());
        }
        let way = Way::of(browser).await?;
        if let (true, Some(url)) = (given.allow_private, &given.url) {
            allow_host(house, org, url, By::cli()).await?;
        }
        let app = registration::wanted(house, org, *network, given, way.address()).await?;
        if given.allow_private && given.url.is_none() {
            allow_host(house, org, &app.base_url, By::cli()).await?;
        }
        let wanted = Wanted { app: app.id, account: account.clone(), user: None, redirect: way.address().clone() };
        let begun = house.listen().begin_authorisation(org, wanted).await.map_err(plain)?;
        self.tell(&begun, &way);
        way.granted(house, org).await
    }

    fn tell(&self, begun: &Begun, way: &Way) {
        let permissions = bedside_networks::permissions(self.network).unwrap_or_default();
        if self.as_json {
            output::json(&json!({
                "address": begun.address, "return": way.address(),
                "permissions": permissions,
            }));
            return;
        }
        output::line(&format!("{} will ask whether Bedside may", self.network.title()));
        for permission in permissions {
            output::line(&format!("  {:<34} {}", permission.scope, permission.what_for));
        }
        output::line(&format!("It sends the browser back to {}, which the registration must allow.", way.address()));
        output::line("Open this address, signed in as somebody who manages the account:");
        output::line(&format!("\n  {}\n", begun.address));
        output::line(match way {
            Way::Door(_) => "Waiting up to half an hour for the browser to come back. Ctrl-C gives up.",
            Way::Pasted(_) => "The browser will end at a page that cannot be shown. Paste its address here:",
        });
    }

    async fn connect(&self, granted: &Authorised, choice: Choice) -> anyhow::Result<ExitCode> {
        let listen = self.house.listen();
        let connected =
            listen.connect_authorised(self.org, By::cli(), None, &granted.id, choice).await.map_err(plain)?;
        prove(self.house, self.org, &connected.id, self.as_json).await
    }
}

/// The account that is meant: the one named, the only one, or the one that the person says.
fn choose<'a>(granted: &'a [Granted], wanted: Option<&str>, as_json: bool) -> anyhow::Result<&'a Granted> {
    let list = || granted.iter().map(|one| format!("{} ({})", one.native_id, one.name.expose())).collect::<Vec<_>>();
    if let Some(id) = wanted {
        let found = granted.iter().find(|one| one.native_id == id);
        return found.with_context(|| format!("{id} was not granted; granted were {}", list().join(", ")));
    }
    if let [only] = granted {
        return Ok(only);
    }
    if as_json {
        bail!("several accounts were granted; say which with --pick: {}", list().join(", "));
    }
    output::line("Granted were");
    for (n, one) in granted.iter().enumerate() {
        output::line(&format!("  {}  {}  {}", n + 1, one.name.expose(), one.native_id));
    }
    output::line(&format!("Which one? (1 to {})", granted.len()));
    let said = input::line()?;
    let picked = said.trim().parse::<usize>().ok().and_then(|n| granted.get(n.checked_sub(1)?));
    picked.with_context(|| format!("there is no number `{}`; nothing was connected", said.trim()))
}
