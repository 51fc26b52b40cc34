//! The examples: filled templates, the licensed sets, the annotated rows, and prose without names.

use anyhow::Result;
use bedside_understand::identifiers::crf::Tag;
use bedside_understand::identifiers::features::LEXICAL;
use bedside_understand::identifiers::lists::{Lists, flag};
use bedside_understand::identifiers::page::Page;
use bedside_understand::identifiers::tagger::questions;
use serde::Deserialize;

use super::crf::{Chain, Random};
use crate::datasets::Datasets;

/// A part of a text that is something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What it is.
    pub tag: Tag,
}

/// A text with its marks.
#[derive(Debug, Clone)]
pub struct Example {
    /// The text.
    pub text: String,
    /// Names, places, facilities, organisations.
    pub marks: Vec<Mark>,
    /// Template or message.
    pub group: u32,
    /// How much it counts.
    pub weight: f32,
}

/// An identifier that a set says is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gold {
    /// The set's name of its type.
    pub kind: String,
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What the tagger should say of it.
    pub tag: Tag,
    /// It is an identifier under 45 CFR 164.514(b)(2), in our reading.
    pub counts: bool,
}

/// A text with what is to be found in it.
#[derive(Debug, Clone)]
pub struct Case {
    /// The text.
    pub text: String,
    /// What is to be found.
    pub gold: Vec<Gold>,
    /// Rows of a group stay in one fold.
    pub group: String,
}

#[derive(Deserialize)]
struct PresidioRow {
    text: String,
    spans: Vec<PresidioSpan>,
    template_id: i64,
}

#[derive(Deserialize)]
struct PresidioSpan {
    entity_type: String,
    entity_value: String,
    start_position: usize,
    end_position: usize,
}

/// The sentences of presidio-research. A standing date of four digits is a year; a region by itself is no identifier;
/// ages up to 89, titles, peoples and organisations are none.
pub fn presidio(datasets: &Datasets, lists: &Lists) -> Result<Vec<Case>> {
    let rows = datasets.licensed::<PresidioRow>("presidio_synth.dev.jsonl", "MIT, names CC BY-SA 3.0")?.rows;
    let region = |value: &str| {
        let page = Page::new(value, lists);
        let phrase = page.tokens.len() > 1 && lists.phrase(page.tokens.iter().map(|one| one.hash)) & flag::REGION != 0;
        phrase
            || !page.tokens.is_empty()
                && page.tokens.iter().all(|one| one.is(flag::REGION | flag::NATION) && !one.is(flag::PLACE))
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let chars: Vec<char> = row.text.chars().collect();
            let gold = row.spans.iter().map(|span| {
                let value = span.entity_value.as_str();
                let alone = region(value)
                    && !chars[span.end_position.min(chars.len())..]
                        .iter()
                        .find(|c| !c.is_whitespace())
                        .is_some_and(char::is_ascii_digit);
                let (tag, counts) = match span.entity_type.as_str() {
                    "PERSON" => (Tag::Name, true),
                    "STREET_ADDRESS" | "ZIP_CODE" => (Tag::Place, true),
                    "GPE" if alone => (Tag::Outside, false),
                    "GPE" => (Tag::Place, !region(value)),
                    "ORGANIZATION" => (Tag::Organisation, false),
                    "TITLE" | "AGE" | "NRP" => (Tag::Outside, false),
                    "DATE_TIME" => (Tag::Outside, value.len() > 9),
                    _ => (Tag::Outside, true),
                };
                Gold { kind: span.entity_type.clone(), start: span.start_position, end: span.end_position, tag, counts }
            });
            Case { gold: gold.collect(), text: row.text, group: format!("t{}", row.template_id) }
        })
        .collect())
}

#[derive(Deserialize)]
struct AsqRow {
    text: String,
    phi: Vec<AsqSpan>,
}

#[derive(Deserialize)]
struct AsqSpan {
    identifier_type: String,
    value: String,
}

/// The clinicians' queries of ASQ-PHI.
pub fn asq(datasets: &Datasets, lists: &Lists) -> Result<Vec<Case>> {
    let rows = datasets.licensed::<AsqRow>("asq_phi.dev.jsonl", "MIT")?.rows;
    Ok(rows
        .into_iter()
        .enumerate()
        .map(|(at, row)| {
            let mut from = 0;
            let gold = row.phi.iter().filter_map(|span| {
                let found =
                    row.text[from..].find(&span.value).map(|at| at + from).or_else(|| row.text.find(&span.value))?;
                from = found + span.value.len();
                let start = row.text[..found].chars().count();
                let tag = match span.identifier_type.as_str() {
                    "NAME" => Tag::Name,
                    "GEOGRAPHIC_LOCATION" => {
                        let page = Page::new(&span.value, lists);
                        let care =
                            page.tokens.iter().any(|one| one.is(flag::FACILITY | flag::FACILITY_PART) && one.capital);
                        let known = page.tokens.iter().any(|one| one.is(flag::PLACE | flag::BEGINS));
                        if care || !known { Tag::Facility } else { Tag::Place }
                    }
                    _ => Tag::Outside,
                };
                let end = start + span.value.chars().count();
                Some(Gold { kind: span.identifier_type.clone(), start, end, tag, counts: true })
            });
            let gold = gold.collect();
            Case { gold, group: format!("q{at}"), text: row.text }
        })
        .collect())
}

#[derive(Deserialize)]
struct AnnotatedRow {
    text: String,
    kind: String,
}

/// The annotated rows: `[[type:value]]`.
pub fn annotated(datasets: &Datasets, half: &str) -> Result<Vec<Case>> {
    let rows = datasets.annotated::<AnnotatedRow>("identifiers", half)?.rows;
    Ok(rows.into_iter().map(|row| marked(&row.text, &row.kind)).collect())
}

/// Takes the marks out of a text.
pub fn marked(with_marks: &str, group: &str) -> Case {
    let mut text = String::new();
    let mut gold = Vec::new();
    let mut rest = with_marks;
    while let Some((open, close)) = rest.find("[[").and_then(|open| Some((open, open + rest[open..].find("]]")?))) {
        text.push_str(&rest[..open]);
        let inner = &rest[open + 2..close];
        let (kind, value) = inner.split_once(':').unwrap_or(("name", inner));
        let start = text.chars().count();
        text.push_str(value);
        let tag = match kind {
            "name" => Tag::Name,
            "place" => Tag::Place,
            "facility" => Tag::Facility,
            _ => Tag::Outside,
        };
        gold.push(Gold { kind: kind.to_owned(), start, end: text.chars().count(), tag, counts: true });
        rest = &rest[close + 2..];
    }
    text.push_str(rest);
    Case { text, gold, group: group.to_owned() }
}

/// A filled template as a case.
pub fn as_case(example: &Example) -> Case {
    let kind = |tag: Tag| match tag {
        Tag::Name => "name",
        Tag::Place => "place",
        Tag::Facility => "facility",
        _ => "organisation",
    };
    let gold = example.marks.iter().map(|mark| Gold {
        kind: kind(mark.tag).to_owned(),
        start: mark.start,
        end: mark.end,
        tag: mark.tag,
        counts: mark.tag != Tag::Organisation,
    });
    Case { text: example.text.clone(), gold: gold.collect(), group: example.group.to_string() }
}

impl Case {
    /// As an example for training.
    pub fn example(&self, group: u32, weight: f32) -> Example {
        let marks = self.gold.iter().filter(|one| one.tag != Tag::Outside);
        let marks = marks.map(|one| Mark { start: one.start, end: one.end, tag: one.tag }).collect();
        Example { text: self.text.clone(), marks, group, weight }
    }
}

/// In so many of a hundred examples the words themselves are withheld.
const WITHHELD: usize = 40;

/// What the tagger learns from: the chains of the examples with their labels. Of the names and places some lose their
/// entry in the lists, so that strange ones are learnt by what stands around them.
pub fn chains(examples: &[Example], lists: &Lists, forget: usize) -> (Vec<Chain>, usize) {
    let mut out = Vec::new();
    let mut unseen = 0;
    for (number, example) in examples.iter().enumerate() {
        let mut random = Random(number as u64 * 31 + 5);
        let mut page = Page::new(&example.text, lists);
        let of = |start: usize, end: usize| {
            example.marks.iter().find(|mark| mark.start < end && start < mark.end).map(|mark| mark.tag)
        };
        for mark in &example.marks {
            if random.percent(forget) {
                for token in page
                    .tokens
                    .iter_mut()
                    .filter(|token| mark.start <= token.start && token.end <= mark.end && token.capital)
                {
                    token.flags &= !(flag::KNOWN | flag::SURE | flag::BIG | flag::BEGINS | flag::STREETLIKE);
                }
            }
        }
        let mut looked_at = vec![false; page.tokens.len()];
        let withheld = random.percent(WITHHELD);
        for (chain, mut words) in questions(&page, lists) {
            if withheld {
                for features in &mut words {
                    for &place in LEXICAL {
                        features[place] = 0;
                    }
                }
            }
            looked_at[chain.first..chain.end].fill(true);
            let tags: Vec<u8> = page.tokens[chain.first..chain.end]
                .iter()
                .map(|token| {
                    // Titles before a name are taken along by rule.
                    let tag = of(token.start, token.end).unwrap_or(Tag::Outside);
                    if tag == Tag::Name && token.is(flag::TITLE) && !token.is(flag::GIVEN) { 0 } else { tag as u8 }
                })
                .collect();
            out.push(Chain { words, tags, group: example.group, weight: example.weight });
        }
        unseen += page
            .tokens
            .iter()
            .zip(&looked_at)
            .filter(|(token, looked)| !**looked && !token.is(flag::TITLE) && of(token.start, token.end).is_some())
            .count();
    }
    (out, unseen)
}
