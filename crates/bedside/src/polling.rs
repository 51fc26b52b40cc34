//! `bedside listen once`.

use std::process::ExitCode;

use anyhow::bail;
use bedside_model::SourceId;
use serde_json::json;

use crate::cli::Listen;
use crate::house::{House, readable};
use crate::output;

/// Runs `bedside listen once`.
pub async fn run(house: House, command: &Listen, as_json: bool) -> anyhow::Result<ExitCode> {
    let Listen::Once { source } = command;
    let listen = house.listen();
    if let Some(id) = source {
        let id = SourceId::parse(id)?;
        let org = house.organisation(None).await?;
        if listen.poll_source_once(&org, &id).await.map_err(readable)?.is_none() {
            bail!("somebody else polls this source right now, or it is paused");
        }
    }
    let done = listen.run_until_idle().await.map_err(readable)?;
    if as_json {
        output::json(&json!({ "polls": done.polls, "items": done.items, "imports": done.imports }));
    } else {
        println!("{} sources polled, {} items read", done.polls, done.items);
    }
    house.store.close().await;
    Ok(ExitCode::SUCCESS)
}
