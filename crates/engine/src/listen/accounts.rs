//! Accounts as the connectors see them, and the test of a connection.

use bedside_model::{Micros, Phi, SourceId};
use bedside_networks::{Secret, SelfReport, limits, start_self_test};
use bedside_store::listen::account::{NewAccount, PlainCredentials};
use bedside_store::listen::hook;
use bedside_store::listen::source::NewSource;
use bedside_store::{By, Entry, Ids};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::http::Http;
use crate::mailbox::{self, Mailbox};
use crate::quota::Purpose;
use crate::room::{Line, Silent};
use crate::upkeep::subscribe_now;

use super::{AccountId, AccountView, Credentials, Listen, Network, OrgId, Store, StoreError, Url, account};

/// The credentials as [`account::NewAccount`] and [`account::AccountChange`] want them. Empty ones
/// give nothing, so that they never overwrite what is stored.
pub fn credentials_bytes(credentials: &Credentials) -> PlainCredentials {
    if credentials.is_empty() {
        return PlainCredentials::default();
    }
    PlainCredentials {
        json: Zeroizing::new(serde_json::to_vec(credentials).unwrap_or_default()),
        expires_at: credentials.expires_at(),
        reauthorise_by: credentials.reauthorise_by(),
    }
}

/// Seconds between two polls where nothing else is said and the network allows it.
const INTERVAL: i64 = 15;

/// The sources that a new account begins with, as often as its network may be asked politely.
pub fn first_sources(ids: &Ids, now: Micros, account: &NewAccount) -> Vec<NewSource> {
    let Some(network) = Network::parse(&account.network) else { return Vec::new() };
    let new = |kind: &str| NewSource {
        id: SourceId::from_bits(ids.bits(now)),
        account_id: account.id.clone(),
        kind: kind.to_owned(),
        name: account.name.clone(),
        url: account.base_url.clone(),
        config: serde_json::json!({}),
        interval_seconds: INTERVAL.max(i64::from(limits(network).poll_min_seconds)),
    };
    bedside_networks::first_sources(network).map(new).collect()
}

/// An account with its opened credentials, for the connectors.
pub async fn account_view(store: &Store, org: &OrgId, id: &AccountId) -> Result<AccountView, StoreError> {
    let mut conn = store.read().await?;
    let account = account::get(&mut conn, org, id).await?;
    let opened = account::credentials(&mut conn, store.keyring(), org, id).await?;
    let hook_secret = hook::secret(&mut conn, store.keyring(), org, id).await?;
    let unreadable = |column: &str, why: &str| StoreError::Column { column: column.into(), why: why.into() };
    let credentials = match opened {
        None => Credentials::None,
        Some(json) => {
            serde_json::from_slice(&json).map_err(|_| unreadable("credentials", "they are of an unknown form"))?
        }
    };
    let network = Network::parse(&account.network).ok_or_else(|| unreadable("network", "it is not known"))?;
    // A file has no address.
    let base_url = if account.base_url.is_empty() { "https://import.invalid/" } else { &account.base_url };
    Ok(AccountView {
        network,
        base_url: Url::parse(base_url).map_err(|_| unreadable("base_url", "it is no address"))?,
        own_native_id: account.native_id,
        credentials,
        hook_secret: hook_secret.map(|secret| Secret::new(secret.as_str())).unwrap_or_default(),
        config: account.config,
    })
}

/// One thing that a self-test looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// `connect`, `read`, `write` or `webhooks`.
    pub name: &'static str,
    /// It works.
    pub ok: bool,
    /// For a person: what was found, or what to mend. Without content.
    pub detail: String,
}

/// What a self-test found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tested {
    /// Everything that the account needs works.
    pub ok: bool,
    /// One by one.
    pub checks: Vec<Check>,
}

fn checks(report: &SelfReport, can_reply: bool) -> Tested {
    let problems = report.problems.join(" ");
    let said = |ok: bool, fine: &str| match (ok, problems.as_str()) {
        (true, _) => fine.to_owned(),
        (false, "") => "The network does not offer this to the account as it is connected.".to_owned(),
        (false, problems) => problems.to_owned(),
    };
    let mut checks = vec![
        Check { name: "connect", ok: true, detail: "The network answers.".to_owned() },
        Check { name: "read", ok: report.can_read, detail: said(report.can_read, "Everything can be read.") },
    ];
    if can_reply {
        checks.push(Check {
            name: "write",
            ok: report.can_write,
            detail: said(report.can_write, "Replies can be sent."),
        });
    }
    if let Some(ok) = report.webhooks {
        checks.push(Check { name: "webhooks", ok, detail: said(ok, "The network tells of new things by itself.") });
    }
    Tested { ok: checks.iter().all(|check| check.ok), checks }
}

/// What a mailbox tells of itself, or what is wrong with it. Signing in and opening the folder is reading.
async fn look_into(http: &Http, line: &Line<'_>) -> Result<SelfReport, String> {
    let view = &line.view;
    Mailbox::open(http, view, line.allowed(), None).await.map_err(|e| format!("{e}."))?.close().await;
    let can_write = view.config.get("from").is_some() && view.config.get("smtp").is_some();
    let user = mailbox::user_of(view).map(str::to_owned);
    Ok(SelfReport {
        native_id: user.clone(),
        name: user.map(Phi::new),
        can_read: true,
        can_write,
        problems: if can_write { vec![] } else { vec!["To answer, set `from` and the mail server `smtp`."] },
        ..SelfReport::default()
    })
}

/// What a network tells of the account, or what is wrong with the connection.
async fn ask(line: &Line<'_>) -> Result<Result<SelfReport, String>, StoreError> {
    let mut test = match start_self_test(&line.view) {
        Ok(test) => test,
        Err(e) => return Ok(Err(e.to_string())),
    };
    while let Some(request) = test.next_request() {
        let answer = match line.ask(&request).await {
            Ok(answer) => answer,
            Err(Silent::Transport(e)) => return Ok(Err(super::poller::said(&e).to_owned())),
            Err(Silent::Spent(spent)) => return Ok(Err(spent.to_string())),
            Err(Silent::Store(e)) => return Err(e),
        };
        if let Err(e) = test.on_response(&answer) {
            return Ok(Err(e.to_string()));
        }
    }
    Ok(Ok(test.report()))
}

impl Listen {
    /// Tests the connection of an account with reading requests only, and keeps what it found (who
    /// we are there, settings of the connector) where reading works. `by` asked for it.
    ///
    /// Errors are those of the store; what is wrong with the connection stands in the answer.
    pub async fn self_test(&self, org: &OrgId, id: &AccountId, by: By) -> Result<Tested, StoreError> {
        let room = self.room();
        let line = Line::open(&room, org, id, Purpose::Sending).await?;
        let network = line.view.network;
        let asked = if network == Network::Email { Ok(look_into(&self.http, &line).await) } else { ask(&line).await };
        let report = match asked? {
            Ok(report) => report,
            Err(detail) => {
                return Ok(Tested { ok: false, checks: vec![Check { name: "connect", ok: false, detail }] });
            }
        };
        let tested = checks(&report, bedside_networks::limits(network).reply_max.is_some());
        let is_untold = report.can_read && report.webhooks == Some(false);
        if report.can_read {
            let (id, by, ok) = (id.clone(), by.clone(), tested.ok);
            self.store
                .write(org, self.clock.now(), move |tx| {
                    Box::pin(async move {
                        let org = tx.org()?;
                        let mut config = account::get(tx.conn(), &org, &id).await?.config;
                        if let Some(fields) = config.as_object_mut() {
                            fields.extend(report.config);
                        }
                        let name = report.name.as_ref().map(Phi::expose);
                        account::connected(tx, &id, report.native_id.as_deref(), name.map(String::as_str), &config)
                            .await?;
                        tx.commit(Entry::new(by, "account.tested", &id).with("ok", ok), ())
                    })
                })
                .await?;
        }
        // A network that is not asked yet to tell us is asked now; what a person reads is how it stands then.
        if is_untold && subscribe_now(&room, org, id, &self.public_url).await? {
            return Box::pin(self.self_test(org, id, by)).await;
        }
        Ok(tested)
    }
}
