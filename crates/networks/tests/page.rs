//! `docs/networks.md` says what the code says: what each network can do, and its limits with their day.

#![expect(clippy::unwrap_used, reason = "what cannot be written as JSON fails the test")]

use std::fs;
use std::path::Path;

use bedside_networks::{Network, capabilities, limits, permissions, sources};

/// The line of a network in the table of what it can do.
fn line(network: Network) -> String {
    let can = serde_json::to_value(capabilities(network)).unwrap();
    let can: Vec<&str> = can.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    let limits = limits(network);
    let most = |most: Option<u32>| most.map_or("–".to_owned(), |most| most.to_string());
    format!(
        "| {} | {} | {} | {} / {} {} | {} |",
        network.title(),
        sources(network).join(", "),
        can.join(", "),
        most(limits.reply_max),
        most(limits.post_max),
        serde_json::to_value(limits.counted).unwrap().as_str().unwrap(),
        limits.as_of,
    )
}

#[test]
fn the_page_names_every_network_with_what_it_can_do() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/networks.md");
    let text = fs::read_to_string(page).unwrap_or_default();
    let lines: Vec<String> = Network::ALL.into_iter().map(line).collect();
    let missing: Vec<&String> = lines.iter().filter(|line| !text.lines().any(|known| known == *line)).collect();
    assert!(
        missing.is_empty(),
        "docs/networks.md lacks these lines:\n{}",
        missing.iter().map(|l| l.as_str()).collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn every_permission_says_in_plain_words_what_it_is_for() {
    for network in Network::ALL {
        for permission in permissions(network).unwrap_or_default() {
            assert!(permission.what_for.split_whitespace().count() >= 3, "{network}: {}", permission.scope);
        }
    }
}

#[test]
fn no_network_offers_a_like_a_follow_a_tag_or_a_share() {
    for network in Network::ALL {
        let can = serde_json::to_string(capabilities(network)).unwrap();
        for never in ["like", "follow", "tag", "share", "repost"] {
            assert!(!can.contains(never), "{network}: {never}");
        }
    }
}
