//! `bedside import`: a file of reviews or comments.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use bedside_engine::listen::imports::{Begin, ImportFile};
use bedside_model::{AccountId, OrgId};
use bedside_networks::import::{self, ImportSettings};
use bedside_networks::{Credentials, MessageKind, Network};
use bedside_store::listen::account::{self, Profile};
use bedside_store::listen::import as stored;
use bedside_store::{By, settings};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::accounts::{Connect, connect};
use crate::cli::Import;
use crate::house::{House, readable};
use crate::output;

/// Bytes of the file that are looked at to propose how to read it.
const LOOK: u64 = 65_536;

fn read_settings(file: &Path, command: &Import, zone: &str) -> anyhow::Result<ImportSettings> {
    let mut start = Vec::new();
    let opened = std::fs::File::open(file).with_context(|| file.display().to_string())?;
    opened.take(LOOK).read_to_end(&mut start).with_context(|| file.display().to_string())?;
    let (guessed, names) = import::guess(&start, MessageKind::Review, zone)?;
    let mut wanted = serde_json::to_value(guessed)?;
    for column in &command.columns {
        let (field, name) = column.split_once('=').context("--column takes field=name, like text=Review")?;
        if !names.iter().any(|known| known == name) {
            bail!("the file has no column `{name}`; it has {}", names.join(", "));
        }
        let fields = wanted["columns"].as_object_mut().context("the settings of the import")?;
        if !["text", "author", "date", "rating", "id", "url", "title"].contains(&field) {
            bail!("there is no field `{field}`; the fields are text, author, date, rating, id, url, title");
        }
        fields.insert(field.to_owned(), json!(name));
    }
    let settings: ImportSettings = serde_json::from_value(wanted).context("the columns do not fit together")?;
    if let Some(format) = &command.format {
        let found = settings.format.as_str();
        if format != found {
            bail!("the file looks like {found}, not {format}");
        }
    }
    Ok(settings)
}

async fn account(house: &House, org: &OrgId, command: &Import) -> anyhow::Result<AccountId> {
    let name = command.account.clone().unwrap_or_else(|| {
        let stem = command.file.file_stem().unwrap_or_default().to_string_lossy();
        format!("Import {stem}")
    });
    if let Ok(id) = AccountId::parse(&name) {
        return Ok(id);
    }
    let all = account::list(&mut house.store.read().await?, org).await.map_err(readable)?;
    if let Some(known) = all.iter().find(|a| a.name == name && a.network == Network::Import.as_str()) {
        return Ok(known.id.clone());
    }
    let new = Connect {
        network: Network::Import,
        name,
        url: "https://import.invalid/".to_owned(),
        credentials: Credentials::None,
        config: json!({}),
        profile: Profile::default(),
        part2: false,
        interval: Some(3_600),
        by: By::cli(),
    };
    connect(house, org, new).await
}

/// Reads a file into an account, with progress, and says what came of it.
pub async fn run(house: House, command: &Import, as_json: bool) -> anyhow::Result<ExitCode> {
    let org = house.organisation(None).await?;
    let (all, _) = settings::load(&mut house.store.read().await?, &org).await.map_err(readable)?;
    let how = read_settings(&command.file, command, &all.organisation.zone)?;
    let begin = Begin {
        account_id: account(&house, &org, command).await?,
        name: command.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        settings: how,
        file: ImportFile::Path(command.file.clone()),
        by: By::cli(),
        user: None,
    };
    let listen = house.listen();
    let id = listen.begin_import(&org, begin).await.map_err(readable)?;
    let bar = if as_json { ProgressBar::hidden() } else { ProgressBar::new(command.file.metadata()?.len()) };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {msg}") {
        bar.set_style(style);
    }
    let ended = listen
        .run_import(&org, &id, &mut |step| {
            bar.set_position(step.done_bytes.unsigned_abs());
            bar.set_message(format!("{} taken, {} known, {} rejected", step.accepted, step.known, step.rejected));
        })
        .await
        .map_err(readable)?;
    bar.finish_and_clear();
    let Some(done) = ended else { bail!("another process reads this file; it goes on there ({id})") };
    if let Some(path) = &command.rejected {
        write_rejected(&house, &org, &done.id, path).await?;
    }
    if as_json {
        output::json(&json!({
            "id": id, "state": done.state, "accepted": done.accepted, "known": done.known, "rejected": done.rejected, "error": done.error,
        }));
    } else {
        println!("{}: {} taken, {} known already, {} rejected", done.state, done.accepted, done.known, done.rejected);
        if done.rejected > 0 && command.rejected.is_none() {
            println!("--rejected FILE writes the rejected rows with their reasons.");
        }
        if let Some(error) = &done.error {
            println!("It ended early: {error}");
        }
    }
    house.store.close().await;
    Ok(ExitCode::from(u8::from(done.error.is_some())))
}

async fn write_rejected(house: &House, org: &OrgId, id: &bedside_model::ImportId, path: &Path) -> anyhow::Result<()> {
    let mut out = String::from("line,reason,row\n");
    let mut after = 0;
    loop {
        let rows = stored::rejects(&mut house.store.read().await?, org, id, after, 500).await.map_err(readable)?;
        let Some(last) = rows.last() else { break };
        after = last.line;
        for row in &rows {
            out.push_str(&format!("{},{},{}\n", row.line, quoted(&row.reason), quoted(row.row.expose())));
        }
    }
    std::fs::write(path, out).with_context(|| path.display().to_string())
}

/// A value of a CSV file. What a spreadsheet would take for a formula is made text.
fn quoted(value: &str) -> String {
    let guarded =
        if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{value}") } else { value.to_owned() };
    format!("\"{}\"", guarded.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_rejected_row_is_no_formula() {
        assert_eq!(quoted("=cmd()"), "\"'=cmd()\"");
        assert_eq!(quoted("said \"no\""), "\"said \"\"no\"\"\"");
    }
}
