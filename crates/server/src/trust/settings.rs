//! What the organisation sets. A secret goes in and never comes out.

use std::collections::BTreeSet;

use axum::extract::State;
use bedside_model::account::{
    AlertSettings, Organisation, OrganisationKind, Settings, SmtpSettings, SmtpTls, WebhookSettings,
};
use bedside_model::alert::Rota;
use bedside_model::clock::Clocks;
use bedside_model::draft::Policy;
use bedside_model::hours::{Hours, OrgHours};
use bedside_model::role::Action;
use bedside_store::settings::{self, SMTP_PASSWORD, WEBHOOK_SECRET};
use bedside_store::{Conn, Entry, log, people, trust};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::me::MyOrganisation;
use super::settings_shape::{ClockShape, HoursShape, PolicyShape, RotaStepShape};
use super::setup::check_organisation;
use crate::app::{App, Inner};
use crate::extract::{IfMatch, Json, Tagged};
use crate::problem::Problem;
use crate::schema;
use crate::signed_in::SignedIn;

/// Everything that the organisation sets.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllSettings {
    /// Who it is.
    organisation: MyOrganisation,
    /// When it is open.
    #[schema(value_type = HoursShape)]
    hours: Hours,
    /// How fast it answers.
    #[schema(value_type = Vec<ClockShape>)]
    clocks: Clocks,
    /// What needs a second person.
    #[schema(value_type = PolicyShape)]
    policy: Policy,
    /// How alerts leave.
    alerts: Alerts,
    /// Who is alerted, in order.
    #[schema(value_type = Vec<RotaStepShape>)]
    rota: Rota,
}

/// How alerts leave.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alerts {
    /// Mail; null where it is not set up.
    #[schema(required = true)]
    smtp: Option<Smtp>,
    /// Webhook; null where it is not set up.
    #[schema(required = true)]
    webhook: Option<Webhook>,
    /// Minutes after which an unacknowledged alert goes to the next in the chain.
    escalate_after_minutes: u32,
    /// Hosts in private ranges that may be spoken to all the same, by name.
    allowed_private_hosts: Vec<String>,
}

/// The mail server for alerts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Smtp {
    /// Host name.
    host: String,
    /// Port.
    port: u16,
    /// Sender's address.
    from: String,
    /// User name, where the server asks for one.
    #[schema(required = true)]
    username: Option<String>,
    /// A password is stored.
    password_set: bool,
    /// Encryption.
    #[schema(value_type = schema::SmtpTls)]
    tls: SmtpTls,
}

/// The outgoing webhook for alerts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhook {
    /// Where alerts are posted.
    url: String,
    /// A signing secret is stored.
    secret_set: bool,
}

/// What to change; a section that is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeSettings {
    /// Who the organisation is.
    organisation: Option<ChangeOrganisation>,
    /// When it is open.
    #[schema(value_type = Option<HoursShape>)]
    hours: Option<Hours>,
    /// How fast it answers.
    #[schema(value_type = Option<Vec<ClockShape>>)]
    clocks: Option<Clocks>,
    /// What needs a second person.
    #[schema(value_type = Option<PolicyShape>)]
    policy: Option<Policy>,
    /// How alerts leave.
    alerts: Option<ChangeAlerts>,
    /// Who is alerted, in order.
    #[schema(value_type = Option<Vec<RotaStepShape>>)]
    rota: Option<Rota>,
}

/// Who the organisation is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeOrganisation {
    /// Its public name.
    name: Option<String>,
    /// What it is.
    #[schema(value_type = Option<schema::OrganisationKind>)]
    kind: Option<OrganisationKind>,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// BCP 47 tag of the language it writes in.
    language: Option<String>,
    /// IANA time zone.
    zone: Option<String>,
}

/// How alerts leave, as a whole.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeAlerts {
    /// Mail; null switches it off and forgets the password.
    smtp: Option<ChangeSmtp>,
    /// Webhook; null switches it off and forgets the secret.
    webhook: Option<ChangeWebhook>,
    /// Minutes, 1 to 1440.
    #[schema(minimum = 1, maximum = 1440)]
    escalate_after_minutes: u32,
    /// Hosts in private ranges that may be spoken to all the same: `name` or `name:port`.
    #[serde(default)]
    allowed_private_hosts: Vec<String>,
}

/// The mail server for alerts.
#[derive(Deserialize, ToSchema)]
pub struct ChangeSmtp {
    /// Host name.
    host: String,
    /// Port.
    port: u16,
    /// Sender's address.
    from: String,
    /// User name, where the server asks for one.
    username: Option<String>,
    /// A new password. Absent or empty keeps the stored one, as long as host, port and user name stay the same: a
    /// password is meant for one server.
    #[schema(write_only, format = Password)]
    password: Option<String>,
    /// Encryption.
    #[schema(value_type = schema::SmtpTls)]
    tls: SmtpTls,
}

impl std::fmt::Debug for ChangeSmtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChangeSmtp")
    }
}

/// The outgoing webhook for alerts.
#[derive(Deserialize, ToSchema)]
pub struct ChangeWebhook {
    /// Where alerts are posted.
    url: String,
    /// A new signing secret. Absent or empty keeps the stored one.
    #[schema(write_only, format = Password)]
    secret: Option<String>,
}

impl std::fmt::Debug for ChangeWebhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChangeWebhook")
    }
}

async fn view(conn: &mut Conn, who: &SignedIn) -> Result<Tagged<AllSettings>, Problem> {
    let (all, version) = settings::load(conn, who.org()).await?;
    let secrets = log::secret_names(conn, who.org()).await?;
    let has = |name: &str| secrets.iter().any(|secret| secret == name);
    let Settings { organisation, hours, clocks, policy, alerts, rota } = all;
    let AlertSettings { smtp, webhook, escalate_after_minutes, allowed_private_hosts } = alerts;
    let smtp = smtp.map(|SmtpSettings { host, port, from, username, tls }| Smtp {
        host,
        port,
        from,
        username,
        password_set: has(SMTP_PASSWORD),
        tls,
    });
    let webhook = webhook.map(|WebhookSettings { url }| Webhook { url, secret_set: has(WEBHOOK_SECRET) });
    let organisation = MyOrganisation::new(who.org(), organisation);
    let alerts = Alerts { smtp, webhook, escalate_after_minutes, allowed_private_hosts };
    Ok(Tagged(version, AllSettings { organisation, hours, clocks, policy, alerts, rota }))
}

/// The settings
#[utoipa::path(get, path = "/settings", tag = "trust", operation_id = "settings",
    responses((status = 200, body = AllSettings, headers(("ETag" = String, description = "For If-Match")))))]
pub(crate) async fn show(State(app): State<App>, who: SignedIn) -> Result<Tagged<AllSettings>, Problem> {
    app.allow_role(&who, Action::ReadSettings)?;
    view(&mut app.read().await?, &who).await
}

/// The secrets that a change stores or forgets.
#[derive(Default)]
struct Secrets {
    put: Vec<(&'static str, String)>,
    remove: Vec<&'static str>,
}

fn change_alerts(now: &mut AlertSettings, change: ChangeAlerts) -> Secrets {
    let mut secrets = Secrets::default();
    match change.smtp {
        None => {
            now.smtp = None;
            secrets.remove.push(SMTP_PASSWORD);
        }
        Some(ChangeSmtp { host, port, from, username, password, tls }) => {
            let same_server =
                now.smtp.as_ref().is_some_and(|old| old.host == host && old.port == port && old.username == username);
            match password.filter(|password| !password.is_empty()) {
                Some(password) => secrets.put.push((SMTP_PASSWORD, password)),
                None if same_server => {}
                None => secrets.remove.push(SMTP_PASSWORD),
            }
            now.smtp = Some(SmtpSettings { host, port, from, username, tls });
        }
    }
    match change.webhook {
        None => {
            now.webhook = None;
            secrets.remove.push(WEBHOOK_SECRET);
        }
        Some(ChangeWebhook { url, secret }) => {
            secrets.put.extend(secret.filter(|secret| !secret.is_empty()).map(|secret| (WEBHOOK_SECRET, secret)));
            now.webhook = Some(WebhookSettings { url });
        }
    }
    now.escalate_after_minutes = change.escalate_after_minutes;
    now.allowed_private_hosts = change.allowed_private_hosts;
    secrets
}

fn check_alerts(alerts: &AlertSettings) -> Result<(), Problem> {
    if !(1..=1440).contains(&alerts.escalate_after_minutes) {
        return Err(Problem::invalid("alerts.escalate_after_minutes", "Give 1 to 1440 minutes."));
    }
    let host = |text: &str| {
        !text.is_empty()
            && text.len() <= 260
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b))
    };
    if !alerts.allowed_private_hosts.iter().all(|text| host(text)) {
        return Err(Problem::invalid(
            "alerts.allowed_private_hosts",
            "Give names like mail.internal or mail.internal:25.",
        ));
    }
    if let Some(smtp) = &alerts.smtp {
        if !host(&smtp.host) || smtp.port == 0 {
            return Err(Problem::invalid("alerts.smtp.host", "Give the name and port of the mail server."));
        }
        super::setup::check_person("alerts.smtp.", "sender", Some(&smtp.from))
            .map_err(|_| Problem::invalid("alerts.smtp.from", "Give an e-mail address."))?;
        if smtp.tls == SmtpTls::None && !matches!(smtp.host.as_str(), "localhost" | "127.0.0.1" | "[::1]" | "::1") {
            return Err(Problem::invalid(
                "alerts.smtp.tls",
                "Mail without encryption is only for a server on the same machine.",
            ));
        }
    }
    if let Some(webhook) = &alerts.webhook {
        let fine = webhook.url.parse::<http::Uri>().is_ok_and(|url| {
            url.host().is_some_and(|host| !host.is_empty()) && matches!(url.scheme_str(), Some("https" | "http"))
        });
        if !fine {
            return Err(Problem::invalid("alerts.webhook.url", "Give an address that begins with https://."));
        }
    }
    Ok(())
}

fn check_clocks(clocks: &Clocks) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    for rule in &clocks.0 {
        if rule.priority > 12 || !seen.insert(rule.priority) || rule.minutes == Some(0) {
            return Err(Problem::invalid(
                "clocks",
                "Give each priority from 0 to 12 at most once, with at least one minute.",
            ));
        }
        // The model holds a crisis to its clock; here a person is told instead of being overruled.
        if clocks.rule(rule.priority) != *rule {
            return Err(Problem::invalid(
                "clocks",
                "The clocks of priorities 0 to 2 can be shorter than ten minutes, not longer or off.",
            ));
        }
    }
    Ok(())
}

async fn check_rota(app: &Inner, who: &SignedIn, rota: &Rota) -> Result<(), Problem> {
    let mut conn = app.read().await?;
    for step in &rota.0 {
        let known = people::get(&mut conn, who.org(), &step.user_id).await.is_ok_and(|found| found.user.active);
        if !known {
            return Err(Problem::invalid("rota", "Everybody in the chain must be a user who may sign in."));
        }
    }
    Ok(())
}

/// Changes the settings
///
/// Managers may change the rota; everything else is the administrator's.
#[utoipa::path(patch, path = "/settings", tag = "trust", operation_id = "change_settings", request_body = ChangeSettings,
    params(("If-Match" = String, Header, description = "The version that was changed.")),
    responses((status = 200, body = AllSettings, headers(("ETag" = String, description = "For If-Match")))))]
pub(crate) async fn change(
    State(app): State<App>,
    who: SignedIn,
    if_match: IfMatch,
    Json(change): Json<ChangeSettings>,
) -> Result<Tagged<AllSettings>, Problem> {
    let ChangeSettings { organisation, hours, clocks, policy, alerts, rota } = change;
    let only_rota =
        organisation.is_none() && hours.is_none() && clocks.is_none() && policy.is_none() && alerts.is_none();
    app.allow_role(&who, if only_rota { Action::ManageRota } else { Action::ManageSettings })?;
    let (before, version) = settings::load(&mut app.read().await?, who.org()).await?;
    if_match.check(version, "settings")?;
    let mut all = before.clone();
    let mut secrets = Secrets::default();
    if let Some(ChangeOrganisation { name, kind, country, language, zone }) = organisation {
        let old = all.organisation;
        all.organisation = Organisation {
            name: name.map_or(old.name, |name| name.trim().to_owned()),
            kind: kind.unwrap_or(old.kind),
            country: country.unwrap_or(old.country),
            language: language.unwrap_or(old.language),
            zone: zone.unwrap_or(old.zone),
        };
        check_organisation("organisation.", &all.organisation)?;
    }
    all.hours = hours.unwrap_or(all.hours);
    OrgHours::new(&all.hours, &all.organisation.zone).map_err(|e| Problem::invalid("hours", e.to_string()))?;
    if let Some(clocks) = clocks {
        check_clocks(&clocks)?;
        all.clocks = clocks;
    }
    if let Some(policy) = policy {
        if policy.second_person_priorities.iter().any(|&priority| priority > 12) {
            return Err(Problem::invalid("policy.second_person_priorities", "Give priorities from 0 to 12."));
        }
        all.policy = policy;
    }
    if let Some(alerts) = alerts {
        secrets = change_alerts(&mut all.alerts, alerts);
        check_alerts(&all.alerts)?;
    }
    if let Some(rota) = rota {
        check_rota(&app, &who, &rota).await?;
        all.rota = rota;
    }
    let sections = changed_sections(&before, &all, &secrets);
    if !sections.is_empty() {
        let keyring = app.store.keyring().clone();
        let (by, org) = (who.by(), who.org().clone());
        app.store
            .write(who.org(), app.now(), move |tx| {
                Box::pin(async move {
                    settings::save(tx, &all, version).await?;
                    for (name, value) in &secrets.put {
                        trust::put_secret(tx, &keyring, name, value).await?;
                    }
                    for name in secrets.remove {
                        trust::remove_secret(tx, name).await?;
                    }
                    tx.commit(Entry::new(by, "settings.changed", &org).with("sections", sections.join(" ")), ())
                })
            })
            .await?;
    }
    view(&mut app.read().await?, &who).await
}

fn changed_sections(before: &Settings, after: &Settings, secrets: &Secrets) -> Vec<&'static str> {
    [
        ("organisation", before.organisation != after.organisation),
        ("hours", before.hours != after.hours),
        ("clocks", before.clocks != after.clocks),
        ("policy", before.policy != after.policy),
        ("alerts", before.alerts != after.alerts || !secrets.put.is_empty()),
        ("rota", before.rota != after.rota),
    ]
    .into_iter()
    .filter_map(|(name, changed)| changed.then_some(name))
    .collect()
}

#[cfg(test)]
mod tests;
