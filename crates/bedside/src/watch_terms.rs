//! `bedside watch-terms`: names and words that are looked for in open streams.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use bedside_model::OrgId;
use bedside_networks::watch::{Term, Watch};
use bedside_store::listen::watch::{self, NewTerm, WatchTerm};
use bedside_store::{By, Entry, StoreError};
use serde::Deserialize;
use serde_json::json;

use crate::cli::WatchTerms;
use crate::house::{House, readable};
use crate::output;

/// What sort of term it is; for the people who keep the list.
const KINDS: [&str; 6] = ["name", "site", "doctor", "campaign", "misspelling", "other"];

/// Runs `bedside watch-terms`.
pub async fn run(house: House, command: &WatchTerms, as_json: bool) -> anyhow::Result<ExitCode> {
    match command {
        WatchTerms::List { organisation } => {
            let org = house.organisation(organisation.as_deref()).await?;
            list(&terms(&house, &org).await?, as_json);
        }
        WatchTerms::Add { term, unless, kind, organisation } => {
            let org = house.organisation(organisation.as_deref()).await?;
            let new = NewTerm { term: term.clone(), unless: unless.clone(), kind: known_kind(kind)? };
            added(add(&house, &org, vec![new]).await?, 1, as_json);
        }
        WatchTerms::Import { file, organisation } => {
            let org = house.organisation(organisation.as_deref()).await?;
            let new = read(&text(file)?).with_context(|| file.display().to_string())?;
            let offered = new.len();
            added(add(&house, &org, new).await?, offered, as_json);
        }
        WatchTerms::Remove { term, organisation } => {
            let org = house.organisation(organisation.as_deref()).await?;
            remove(&house, &org, term).await?;
        }
        WatchTerms::Try { text, organisation } => {
            let org = house.organisation(organisation.as_deref()).await?;
            return attempt(&terms(&house, &org).await?, text, as_json);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn terms(house: &House, org: &OrgId) -> anyhow::Result<Vec<WatchTerm>> {
    watch::list(&mut house.store.read().await?, org).await.map_err(readable)
}

fn list(terms: &[WatchTerm], as_json: bool) {
    if as_json {
        for WatchTerm { id, term, unless, kind, .. } in terms {
            output::json(&json!({ "id": id, "term": term, "unless": unless, "kind": kind }));
        }
    } else if terms.is_empty() {
        output::line("No term is watched yet. Add one with `bedside watch-terms add`.");
    } else {
        let row = |term: &WatchTerm| vec![term.term.clone(), term.kind.clone(), term.unless.join(", ")];
        output::table(&["term", "kind", "not beside"], terms.iter().map(row).collect());
    }
}

fn added(new: u64, offered: usize, as_json: bool) {
    if as_json {
        output::json(&json!({ "added": new, "offered": offered }));
    } else {
        let known = (offered as u64).saturating_sub(new);
        output::line(&format!("{new} added, {known} there already"));
    }
}

async fn add(house: &House, org: &OrgId, new: Vec<NewTerm>) -> anyhow::Result<u64> {
    // What cannot be looked for is said before anything is kept.
    let wanted: Vec<Term> = new.iter().map(|new| looked_for(&new.term, &new.unless)).collect();
    Watch::new(&wanted)?;
    let (ids, whose) = (house.store.ids().clone(), org.clone());
    let written = house.store.write(org, house.clock.now(), move |tx| {
        Box::pin(async move {
            match watch::add(tx, &ids, &new, None).await? {
                0 => tx.unchanged(0),
                added => tx.commit(Entry::new(By::cli(), "watch.added", &whose).with("terms", added), added),
            }
        })
    });
    match written.await {
        Err(StoreError::Refused { sentence, .. }) => bail!("{sentence}"),
        other => other.map_err(readable),
    }
}

async fn remove(house: &House, org: &OrgId, wanted: &str) -> anyhow::Result<()> {
    let same = |term: &WatchTerm| term.id.as_str() == wanted || term.term.to_lowercase() == wanted.to_lowercase();
    let found = terms(house, org).await?.into_iter().find(same);
    let id = found.with_context(|| format!("`{wanted}` is not watched; `bedside watch-terms list` shows what is"))?.id;
    house
        .store
        .write(org, house.clock.now(), move |tx| {
            Box::pin(async move {
                watch::remove(tx, &id).await?;
                tx.commit(Entry::new(By::cli(), "watch.removed", &id), ())
            })
        })
        .await
        .map_err(readable)
}

fn looked_for(term: &str, unless: &[String]) -> Term {
    Term { id: term.to_owned(), text: term.to_owned(), unless: unless.to_vec() }
}

fn attempt(terms: &[WatchTerm], text: &str, as_json: bool) -> anyhow::Result<ExitCode> {
    let terms: Vec<Term> = terms.iter().map(|term| looked_for(&term.term, &term.unless)).collect();
    let watch = Watch::new(&terms)?;
    let hits = watch.hits(text);
    if as_json {
        let hits = hits.iter().map(|hit| json!({ "term": hit.term, "start": hit.start, "end": hit.end }));
        output::json(&json!({ "hits": hits.collect::<Vec<_>>() }));
    } else if hits.is_empty() {
        output::line("None of the terms stands in it.");
    } else {
        hits.iter().for_each(|hit| output::line(&format!("{}  at {} to {}", hit.term, hit.start, hit.end)));
    }
    Ok(ExitCode::SUCCESS)
}

fn known_kind(kind: &str) -> anyhow::Result<String> {
    if KINDS.contains(&kind) {
        Ok(kind.to_owned())
    } else {
        bail!("there is no kind `{kind}`; the kinds are {}", KINDS.join(", "))
    }
}

fn text(file: &Path) -> anyhow::Result<String> {
    if file == Path::new("-") {
        return std::io::read_to_string(std::io::stdin()).context("standard input");
    }
    std::fs::read_to_string(file).with_context(|| file.display().to_string())
}

/// A row of a CSV file of terms.
#[derive(Debug, Deserialize)]
struct Row {
    term: String,
    #[serde(default)]
    kind: String,
    /// Words between `|`.
    #[serde(default)]
    unless: String,
}

impl TryFrom<Row> for NewTerm {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> anyhow::Result<Self> {
        let kind = if row.kind.is_empty() { "name".to_owned() } else { known_kind(&row.kind)? };
        let unless = row.unless.split('|').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned);
        Ok(Self { term: row.term, unless: unless.collect(), kind })
    }
}

/// Reads a list of terms: CSV whose first line names the column `term`, or else a term a line.
fn read(text: &str) -> anyhow::Result<Vec<NewTerm>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    if rows.headers().is_ok_and(|names| names.iter().any(|name| name == "term")) {
        return rows.deserialize::<Row>().map(|row| row.context("the list")?.try_into()).collect();
    }
    let bare = |term: &str| NewTerm { term: term.to_owned(), unless: Vec::new(), kind: "name".to_owned() };
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(bare).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_a_term_a_line_or_a_table_with_names() {
        let bare = read("\u{feff}Lakeside Health\r\n\r\n  Okafor, Robin \n").unwrap();
        assert_eq!(bare.iter().map(|new| new.term.as_str()).collect::<Vec<_>>(), ["Lakeside Health", "Okafor, Robin"]);
        let table = read("kind,term,unless\ndoctor,\"Okafor, Robin\",singer | band\n,Lakeside,\n").unwrap();
        assert_eq!((table[0].term.as_str(), table[0].kind.as_str()), ("Okafor, Robin", "doctor"));
        assert_eq!(
            (table[0].unless.as_slice(), table[1].kind.as_str()),
            (&["singer".into(), "band".into()][..], "name")
        );
        let wrong = read("term,kind\nLakeside,boat\n").unwrap_err().to_string();
        assert!(wrong.contains("`boat`") && wrong.contains("campaign"), "{wrong}");
    }
}
