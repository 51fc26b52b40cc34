//! What was used of the budgets that networks give, per registration or account.

use bedside_model::{Micros, OrgId};

use crate::db::Conn;
use crate::error::Result;
use crate::statements;
use crate::vals;
use crate::writer::Tx;

statements! {
    [operational "a count of requests against a budget of the network"]
    DRAW = "insert into quota_use (org_id, scope, bucket, period_start, period_end, units) values ($1, $2, $3, $4, $5, $6)
        on conflict (org_id, scope, bucket) do update set
        units = case when quota_use.period_end > $7 then quota_use.units + excluded.units else excluded.units end,
        period_start = case when quota_use.period_end > $7 then quota_use.period_start else excluded.period_start end,
        period_end = case when quota_use.period_end > $7 then quota_use.period_end else excluded.period_end end";
    USED = "select bucket, period_end, units from quota_use where org_id = $1 and scope = $2 and period_end > $3";
}

/// What was used of one budget in the period that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// The budget, as the connector names it.
    pub bucket: String,
    /// Units used.
    pub units: i64,
    /// When the budget is full again.
    pub until: Micros,
}

/// Counts units against a budget. A period that runs goes on; otherwise the one that is given begins.
/// `scope` is the registration or the account whose budget it is.
pub async fn draw(tx: &mut Tx, scope: &str, bucket: &str, units: u32, period: (Micros, Micros)) -> Result<()> {
    let at = tx.at();
    tx.run(&DRAW, vals![scope, bucket, period.0, period.1, units, at]).await.map(drop)
}

/// What was used in the periods that run.
pub async fn used(conn: &mut Conn, org: &OrgId, scope: &str, now: Micros) -> Result<Vec<Used>> {
    conn.all(&USED, org, vals![scope, now])
        .await?
        .iter()
        .map(|row| Ok(Used { bucket: row.text("bucket")?, units: row.int("units")?, until: row.int("period_end")? }))
        .collect()
}
