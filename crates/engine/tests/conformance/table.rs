//! The table in `docs/networks.md`.

use std::fs;
use std::path::Path;

use crate::actors::Actor;
use crate::stories::{STORIES, Told};

fn page() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/networks.md")
}

/// The row of a network, as it stands in the table.
fn row(actor: &Actor, told: &[Told]) -> String {
    let cells: Vec<&str> = told.iter().map(|told| if *told == Told::Holds { "✓" } else { "–" }).collect();
    format!("| {} | {} |", actor.title, cells.join(" | "))
}

/// What a network does not offer, and what is not plain, as it stands under the table.
fn notes(actor: &Actor) -> Vec<String> {
    let mut notes: Vec<String> = actor
        .cannot
        .iter()
        .chain(actor.means)
        .map(|(story, why)| format!("- {}, {story}: {why}.", actor.title))
        .collect();
    if let Some(most) = actor.shows_at_most {
        notes.push(format!("- {}, backlog: the network shows {most}, so that many were told.", actor.title));
    }
    notes
}

/// Fails where the page says something else than what was found.
pub fn holds(actor: &Actor, told: &[Told]) {
    assert_eq!(told.len(), STORIES.len());
    let (row, notes) = (row(actor, told), notes(actor));
    let text = fs::read_to_string(page()).unwrap_or_default();
    let head = format!("| network | {} |", STORIES.join(" | "));
    assert!(text.contains(&head), "docs/networks.md lacks the head of the table:\n{head}");
    let missing: Vec<&String> =
        std::iter::once(&row).chain(&notes).filter(|line| !text.lines().any(|known| known == **line)).collect();
    assert!(missing.is_empty(), "docs/networks.md lacks these lines; look at them and put them in:\n{missing:#?}");
}
