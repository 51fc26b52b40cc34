//! What an organisation sets: who it is, its hours, clocks, policy, alert channels and rota.

use bedside_model::account::{AlertSettings, Organisation, Settings};
use bedside_model::alert::Rota;
use bedside_model::clock::Clocks;
use bedside_model::draft::Policy;
use bedside_model::hours::Hours;
use bedside_model::{OrgId, UserId};
use serde::{Deserialize, Serialize};

use crate::db::Conn;
use crate::error::Result;
use crate::row::{Row, to_json};
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    [global "an organisation is found by its own id"]
    GET = "select name, kind, country, language, zone, settings, version from organisations where id = $1";
    [global "an organisation is found by its own id"]
    SAVE = "update organisations set name = $2, kind = $3, country = $4, language = $5, zone = $6, settings = $7,
        version = version + 1 where id = $1 and version = $8";
}

/// The name under which the password of the mail server is sealed.
pub const SMTP_PASSWORD: &str = "smtp password";

/// The name under which the signing secret of the alert webhook is sealed.
pub const WEBHOOK_SECRET: &str = "alert webhook secret";

/// The column `settings`: everything but who the organisation is. What is absent has its default.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Stored {
    hours: Hours,
    clocks: Clocks,
    policy: Policy,
    alerts: AlertSettings,
    rota: Rota,
}

fn settings_of(row: &Row) -> Result<(Settings, i64)> {
    let stored: Stored = row.json("settings")?;
    let organisation = Organisation {
        name: row.text("name")?,
        kind: row.parsed("kind")?,
        country: row.text("country")?,
        language: row.text("language")?,
        zone: row.text("zone")?,
    };
    let Stored { hours, clocks, policy, alerts, rota } = stored;
    Ok((Settings { organisation, hours, clocks, policy, alerts, rota }, row.int("version")?))
}

/// The settings of an organisation and their version.
pub async fn load(conn: &mut Conn, org: &OrgId) -> Result<(Settings, i64)> {
    let row = conn.opt_global(&GET, vals![org]).await?;
    settings_of(&row.ok_or(crate::StoreError::NotFound { what: "organisation" })?)
}

/// The settings as the column holds them, for a new organisation.
pub fn to_column(settings: &Settings) -> String {
    let Settings { hours, clocks, policy, alerts, rota, .. } = settings.clone();
    to_json(&Stored { hours, clocks, policy, alerts, rota })
}

/// Saves the settings of the transaction's organisation, if nobody changed them since `version`.
pub async fn save(tx: &mut Tx, settings: &Settings, version: i64) -> Result<()> {
    let org = tx.org()?;
    let who = &settings.organisation;
    let saved = tx
        .run_global(
            &SAVE,
            vals![
                &org,
                &who.name,
                who.kind.as_str(),
                &who.country,
                &who.language,
                &who.zone,
                to_column(settings),
                version
            ],
        )
        .await?;
    if saved == 1 { Ok(()) } else { Err(crate::StoreError::Conflict { what: "settings" }) }
}

/// Takes a user out of the chain, when it may no longer sign in. Answers whether it stood there.
pub fn leave_rota(settings: &mut Settings, user: &UserId) -> bool {
    let before = settings.rota.0.len();
    settings.rota.0.retain(|step| step.user_id != *user);
    settings.rota.0.len() != before
}
