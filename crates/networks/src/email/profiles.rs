//! Senders whose letters tell of what others wrote elsewhere.
//!
//! The senders change their letters as they like, so a profile is data and a few plain rules: whose
//! letter it is, and which labels stand before which thing. What a profile cannot find is left out; a
//! letter in which it finds nothing stays a letter.

use serde::{Deserialize, Serialize};
use url::Url;

use super::mail::Stored;
use crate::{MessageKind, html_to_text};

/// Something that a letter tells of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) kind: MessageKind,
    /// Whose letter it was.
    pub(super) profile: String,
    pub(super) author: Option<String>,
    pub(super) text: String,
    /// 0 to 5.
    pub(super) rating: Option<f64>,
    pub(super) url: Option<String>,
    /// The doctor, the place or the term it is about.
    pub(super) about: Option<String>,
}

/// How a sender writes.
#[derive(Debug)]
pub(super) struct Profile {
    name: &'static str,
    /// Domains of the sender's address, and of the pages it points to.
    domains: &'static [&'static str],
    /// What it tells of.
    tells: Tells,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tells {
    /// One review.
    Review,
    /// A list of pages with a few lines each.
    Digest,
}

const PROFILES: [Profile; 8] = [
    Profile { name: "Healthgrades", domains: &["healthgrades.com"], tells: Tells::Review },
    Profile { name: "Vitals", domains: &["vitals.com"], tells: Tells::Review },
    Profile { name: "RateMDs", domains: &["ratemds.com"], tells: Tells::Review },
    Profile { name: "Zocdoc", domains: &["zocdoc.com"], tells: Tells::Review },
    Profile { name: "WebMD", domains: &["webmd.com"], tells: Tells::Review },
    Profile { name: "Doctolib", domains: &["doctolib.fr", "doctolib.de"], tells: Tells::Review },
    Profile { name: "Trustpilot", domains: &["trustpilot.com"], tells: Tells::Review },
    Profile { name: "Google Alerts", domains: &["google.com"], tells: Tells::Digest },
];

/// The profile of a letter, by its sender or, where somebody forwarded it, by the sender named inside.
pub(super) fn profile(letter: &Stored) -> Option<&'static Profile> {
    let forwarded = letter.text.lines().take(40).filter_map(|line| {
        let line = line.trim_start_matches(['>', ' ', '*']);
        line.strip_prefix("From:").or_else(|| line.strip_prefix("Von:")).or_else(|| line.strip_prefix("De:"))
    });
    let senders: Vec<&str> = letter.address.as_deref().into_iter().chain(forwarded).collect();
    PROFILES.iter().find(|profile| {
        profile.domains.iter().any(|domain| senders.iter().any(|sender| is_of(sender, domain)))
            && (profile.tells != Tells::Digest || letter.subject.contains("Alert"))
    })
}

/// Whether an address (perhaps with a name around it) is of a domain or below it.
fn is_of(sender: &str, domain: &str) -> bool {
    let Some((_, host)) = sender.rsplit_once('@') else { return false };
    let host = host.trim_end_matches(['>', ']', ' ', '\r']).to_ascii_lowercase();
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

impl Profile {
    /// What a letter of this sender tells of.
    pub(super) fn read(&self, letter: &Stored, html: &str) -> Vec<Told> {
        match self.tells {
            Tells::Review => self.review(letter, html).into_iter().collect(),
            Tells::Digest => digest(self.name, letter, html),
        }
    }

    fn review(&self, letter: &Stored, html: &str) -> Option<Told> {
        let words = letter.text.as_str();
        let rating = rating(words).or_else(|| rating(&letter.subject));
        let text = quoted(words).or_else(|| after(words, &["Review:", "Comment:", "Comments:", "What they said:"]));
        if rating.is_none() && text.is_none() {
            return None;
        }
        let ours = |url: &Url| {
            self.domains.iter().any(|domain| {
                url.host_str().is_some_and(|host| {
                    host == *domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
                })
            })
        };
        let addresses = addresses(words).chain(links(html));
        Some(Told {
            kind: MessageKind::Review,
            profile: self.name.to_owned(),
            author: after(words, &["Reviewer:", "Patient:", "Reviewed by:", "Submitted by:", "From patient:"])
                .map(|name| name.lines().next().unwrap_or_default().trim().to_owned()),
            text: text.unwrap_or_default(),
            rating,
            url: addresses.filter(ours).max_by_key(|url| url.path().len()).map(String::from),
            about: after(words, &["Provider:", "Doctor:", "Practice:", "About:"])
                .map(|name| name.lines().next().unwrap_or_default().trim().to_owned()),
        })
    }
}

/// Stars out of five: `4 out of 5`, `4/5`, `4.5 of 5 stars`, `4-star review`, `★★★★☆`.
fn rating(words: &str) -> Option<f64> {
    let full = words.chars().filter(|c| *c == '★').count();
    let empty = words.chars().filter(|c| *c == '☆').count();
    if (1..=5).contains(&full) && (full + empty == 5 || empty == 0) {
        return Some(full as f64);
    }
    let lower = words.to_lowercase();
    for mark in [" out of 5", "/5", " of 5 star", " / 5"] {
        if let Some(at) = lower.find(mark) {
            let before = lower[..at].rsplit(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).next()?;
            let stars: f64 = before.replace(',', ".").parse().ok().filter(|stars| (0.0..=5.0).contains(stars))?;
            return Some(stars);
        }
    }
    let at =
        ["-star review", " star review", "-star rating", " star rating"].iter().find_map(|mark| lower.find(mark))?;
    lower[..at].chars().next_back()?.to_digit(10).filter(|stars| (1..=5).contains(stars)).map(f64::from)
}

/// The longest passage in quotation marks; short ones are names and titles.
fn quoted(words: &str) -> Option<String> {
    let mut best: Option<&str> = None;
    for (open, close) in [('“', '”'), ('"', '"'), ('«', '»'), ('„', '“')] {
        let mut rest = words;
        while let Some((from, to)) = rest.find(open).and_then(|from| {
            let inside = from + open.len_utf8();
            rest[inside..].find(close).map(|length| (inside, inside + length))
        }) {
            let passage = rest[from..to].trim();
            if passage.chars().count() >= 20 && best.is_none_or(|best| best.len() < passage.len()) {
                best = Some(passage);
            }
            rest = &rest[to + close.len_utf8()..];
        }
    }
    best.map(str::to_owned)
}

/// What stands behind a label, up to the next empty line.
fn after(words: &str, labels: &[&str]) -> Option<String> {
    let lines: Vec<&str> = words.lines().map(|line| line.trim_start_matches(['>', ' '])).collect();
    for (n, line) in lines.iter().enumerate() {
        let Some(first) = labels.iter().find_map(|label| line.strip_prefix(label)) else { continue };
        let mut found = vec![first.trim()];
        found.extend(lines[n + 1..].iter().map(|line| line.trim()).take_while(|line| !line.is_empty()));
        let text = found.join("\n").trim().to_owned();
        if !text.is_empty() {
            return Some(text);
        }
    }
    None
}

/// Web addresses that stand in plain text.
fn addresses(words: &str) -> impl Iterator<Item = Url> + '_ {
    words
        .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | '[' | ']'))
        .filter(|word| word.starts_with("https://") || word.starts_with("http://"))
        .filter_map(|word| Url::parse(word.trim_end_matches(['.', ',', ';'])).ok())
}

/// The addresses of links in HTML.
fn links(html: &str) -> impl Iterator<Item = Url> + '_ {
    anchors(html).into_iter().map(|(url, _)| url)
}

/// Links with what stands behind them up to the next.
fn anchors(html: &str) -> Vec<(Url, String)> {
    let mut found = Vec::new();
    let mut pieces = html.split("<a ");
    pieces.next();
    for piece in pieces {
        let Some(href) = piece.split("href=").nth(1) else { continue };
        let Some(quote) = href.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some(written) = href[1..].split(quote).next() else { continue };
        let Ok(url) = Url::parse(&written.replace("&amp;", "&")) else { continue };
        let body = piece.split_once('>').map_or("", |(_, body)| body);
        found.push((url, html_to_text(body)));
    }
    found
}

/// The pages that an alert lists: the address behind Google's redirect, the title and the lines after it.
fn digest(name: &str, letter: &Stored, html: &str) -> Vec<Told> {
    let about = letter.subject.rsplit(" - ").next().map(str::trim).filter(|term| !term.is_empty());
    let page = |(url, text): (Url, String)| {
        let behind =
            url.query_pairs().find(|(key, _)| matches!(key.as_ref(), "url" | "q")).map(|(_, url)| url.into_owned());
        let target = behind.filter(|_| url.path() == "/url").and_then(|target| Url::parse(&target).ok())?;
        let is_web = matches!(target.scheme(), "http" | "https");
        (is_web && text.chars().count() >= 20).then(|| Told {
            kind: MessageKind::Post,
            profile: name.to_owned(),
            author: target.host_str().map(|host| host.trim_start_matches("www.").to_owned()),
            text,
            rating: None,
            url: Some(target.into()),
            about: about.map(str::to_owned),
        })
    };
    let mut told: Vec<Told> = Vec::new();
    for one in anchors(html).into_iter().filter_map(page) {
        if told.iter().all(|known| known.url != one.url) {
            told.push(one);
        }
    }
    told
}
