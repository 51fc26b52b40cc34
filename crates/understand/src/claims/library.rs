//! The library of `data/claims/`: what is said there, and the checks that every entry must pass.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

/// A statement about health that is wrong, with what is known and where that stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Stable: `topic.short_name`. Stored with the messages, so it is never used for another claim.
    pub id: String,
    /// The topic, the name of its file.
    #[serde(default)]
    pub topic: String,
    /// The wrong statement, one plain sentence.
    pub myth: String,
    /// What is known, one to three plain sentences, with what is uncertain.
    pub known: String,
    /// Where that stands; at least one.
    pub source: Vec<Source>,
    /// When somebody last read it all through, `2026-11-27`.
    pub reviewed_on: String,
    /// Since when it counts.
    pub effective_from: String,
    /// How people say it.
    pub says: Says,
    /// Concepts that must all be there; the first is the one looked for first.
    pub(crate) about: Vec<String>,
    /// Concepts one of which says what the myth says of them.
    #[serde(default)]
    pub(crate) relation: Vec<String>,
    /// Weaker signs of the relation ("after").
    #[serde(default)]
    pub(crate) hint: Vec<String>,
    /// Concepts one of which says the contrary.
    #[serde(default)]
    pub(crate) opposite: Vec<String>,
    /// Concepts that show that something else is meant.
    #[serde(default)]
    pub(crate) unless: Vec<String>,
    /// The concepts say it by standing together, without a relation ("a chip in the vaccine").
    #[serde(default)]
    pub(crate) bare: bool,
}

/// Where a fact stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Who says so.
    pub publisher: String,
    /// Title of the page or paper.
    pub title: String,
    /// Its address, `https` only.
    pub url: String,
}

/// Wordings of a claim, by language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Says {
    /// English.
    pub en: Vec<String>,
    /// Spanish.
    pub es: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicFile {
    topic: String,
    claim: Vec<Claim>,
}

/// A list of wordings by name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordFile {
    source: String,
    reviewed_on: String,
    effective_from: String,
    /// Words that are never taken for misspelt ones.
    #[serde(default)]
    not_misspelt: String,
    #[serde(default)]
    concept: BTreeMap<String, String>,
    #[serde(default)]
    frame: BTreeMap<String, String>,
}

const TOPICS: &[&str] = &[
    include_str!("../../../../data/claims/cancer.toml"),
    include_str!("../../../../data/claims/heart_diabetes.toml"),
    include_str!("../../../../data/claims/infection.toml"),
    include_str!("../../../../data/claims/medicines.toml"),
    include_str!("../../../../data/claims/mental_health.toml"),
    include_str!("../../../../data/claims/nutrition.toml"),
    include_str!("../../../../data/claims/pregnancy_children.toml"),
    include_str!("../../../../data/claims/vaccines.toml"),
];
const CONCEPTS: &str = include_str!("../../../../data/claims/concepts.toml");
const FRAMES: &str = include_str!("../../../../data/claims/frames.toml");

/// What the files hold.
pub(crate) struct Library {
    /// In the order of the files.
    pub claims: Vec<Claim>,
    /// Name and wordings of every concept and frame, frames last.
    pub lists: Vec<(String, String)>,
    /// How many of them are concepts.
    pub concepts: usize,
    /// Words that are never taken for misspelt ones.
    pub not_misspelt: String,
}

impl Library {
    /// Reads the files that are built in, and checks them.
    pub fn read() -> Result<Self, String> {
        let mut claims = Vec::new();
        for content in TOPICS {
            let file: TopicFile = toml::from_str(content).map_err(|error| error.to_string())?;
            for mut claim in file.claim {
                claim.topic.clone_from(&file.topic);
                check(&claim)?;
                claims.push(claim);
            }
        }
        let words: WordFile = toml::from_str(CONCEPTS).map_err(|error| format!("concepts: {error}"))?;
        let frames: WordFile = toml::from_str(FRAMES).map_err(|error| format!("frames: {error}"))?;
        for file in [&words, &frames] {
            if file.source.is_empty() || !is_date(&file.reviewed_on) || !is_date(&file.effective_from) {
                return Err("a list names its source and dates".to_owned());
            }
        }
        let concepts = words.concept.len();
        let lists: Vec<(String, String)> = words.concept.into_iter().chain(frames.frame).collect();
        let library = Self { claims, lists, concepts, not_misspelt: words.not_misspelt };
        library.check_names()?;
        Ok(library)
    }

    fn check_names(&self) -> Result<(), String> {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for claim in &self.claims {
            if seen.insert(&claim.id, 0).is_some() {
                return Err(format!("{}: there twice", claim.id));
            }
            for name in
                [&claim.about, &claim.relation, &claim.hint, &claim.opposite, &claim.unless].into_iter().flatten()
            {
                if !self.lists[..self.concepts].iter().any(|(known, _)| known == name) {
                    return Err(format!("{}: no concept is called {name}", claim.id));
                }
            }
        }
        Ok(())
    }
}

/// What every claim must have.
fn check(claim: &Claim) -> Result<(), String> {
    let no = |what: &str| Err(format!("{}: {what}", claim.id));
    if claim.id.split_once('.').map(|(topic, _)| topic) != Some(claim.topic.as_str()) {
        return no("its id begins with its topic");
    }
    if claim.myth.is_empty() || claim.known.is_empty() {
        return no("it has a myth and what is known");
    }
    if claim.source.is_empty() || claim.source.iter().any(|source| !source.url.starts_with("https://")) {
        return no("it has a source with an https address");
    }
    if claim.source.iter().any(|source| source.publisher.is_empty() || source.title.is_empty()) {
        return no("a source has a publisher and a title");
    }
    if !is_date(&claim.reviewed_on) || !is_date(&claim.effective_from) {
        return no("it has two dates");
    }
    if [&claim.says.en, &claim.says.es].iter().any(|says| !(3..=6).contains(&says.len())) {
        return no("it has three to six wordings in each language");
    }
    if claim.about.is_empty() || (claim.relation.is_empty() && !claim.bare) {
        return no("it has concepts, and a relation unless it is bare");
    }
    Ok(())
}

fn is_date(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u16>().ok());
    text.len() == 10
        && digits(0..4).is_some_and(|year| year >= 2020)
        && digits(5..7).is_some_and(|month| (1..=12).contains(&month))
        && digits(8..10).is_some_and(|day| (1..=31).contains(&day))
}
