//! `bedside audit verify`.

use std::process::ExitCode;

use bedside_store::checkpoint::Verification;
use bedside_store::trust;
use serde_json::json;

use crate::house::{House, readable};
use crate::output;

/// Verifies the log of every organisation.
pub async fn all(house: &House) -> anyhow::Result<Vec<Verification>> {
    let checkpoints = house.checkpoints.lock().await;
    let mut all = Vec::new();
    for org in trust::organisations(&mut house.store.read().await?).await? {
        all.push(checkpoints.verify(&house.store, &org).await.map_err(readable)?);
    }
    Ok(all)
}

/// Verifies and says so; exit code 1 where a log does not verify.
pub async fn verify(house: House, as_json: bool) -> anyhow::Result<ExitCode> {
    let found = all(&house).await?;
    let whole = found.iter().all(Verification::ok);
    if as_json {
        output::json(&json!({ "ok": whole, "logs": found }));
    } else {
        for log in &found {
            let covered = log.checkpoint.as_ref().map_or(0, |c| c.height);
            match log.alarm() {
                None => println!("{}: {} entries verify; the newest checkpoint is at {covered}", log.org, log.height),
                Some(alarm) => println!("{}: ALARM. {alarm} {} entries before it verify.", log.org, log.height),
            }
            println!("  {} newest entries are not covered by a checkpoint yet", log.uncovered);
        }
    }
    Ok(ExitCode::from(u8::from(!whole)))
}
