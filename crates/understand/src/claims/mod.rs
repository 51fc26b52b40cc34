//! Misinformation as claim matching: a text is compared with a library of statements that are known to be wrong, each
//! with what is known and where that stands. Nothing here tells true from false by itself; what the library does not
//! hold is not found, and that is meant so.
//!
//! The way of a text:
//!
//! 1. **First look.** One bit a word: does any word occur from which a claim could be built? For almost every text the
//!    answer is no, and nothing more is done.
//! 2. **Concepts.** All wordings of all concepts are found by a walk through a trie over words; a long word may have
//!    one letter wrong.
//! 3. **Meetings.** A claim is a candidate where all its concepts stand together, in one sentence or in neighbours.
//! 4. **Signs.** Each candidate becomes a row of numbers: is there a relation ("cause"), is it turned around ("do
//!    not"), is it asked, called a myth, told of others; is it like a known wording; is it about an appointment.
//! 5. **Decision.** Four small logistic regressions give the probability that the text makes, asks about or denies the
//!    claim. Below a threshold nothing is said.
//!
//! Only English and Spanish are matched. Irony is not understood.

mod library;
mod meetings;
mod model;
mod phrases;
mod reading;
mod signs;
#[cfg(test)]
mod tests;
mod turns;

use std::collections::HashMap;
use std::sync::OnceLock;

pub use library::{Claim, Says, Source};

use crate::assessment::{ClaimMatch, Span, Stance};
use crate::language::{Language, language};
use crate::text::Text;
use library::Library;
use meetings::{Sentences, meetings};
use model::Model;
use phrases::{Phrases, Place};
use reading::Reading;
use signs::{Frames, Matcher, Signs};

/// The languages in which claims are matched.
const LANGUAGES: [&str; 2] = ["en", "es"];
/// A text is taken for English or Spanish, whatever its language was guessed to be, where so large a share of its words
/// stands in the library; a short text is often guessed wrong.
const KNOWN_WORDS: f64 = 0.8;
/// No more claims are reported for one text.
const MOST: usize = 3;

/// The library of claims, and what finds them.
pub struct Claims {
    claims: Vec<Claim>,
    matchers: Vec<Matcher>,
    /// By concept: the claims that begin with it.
    by_anchor: Vec<Vec<u16>>,
    phrases: Phrases,
    frames: Frames,
    model: Model,
}

/// A candidate with its numbers, for fitting the model.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct ClaimCandidate {
    /// Which claim.
    pub id: String,
    /// Its numbers, in the order of [`Claims::signs`].
    pub signs: Vec<f64>,
}

/// One claim in one text, weighed.
struct Weighed {
    claim: usize,
    stance: Stance,
    score: f64,
    about: Vec<Place>,
    spoken: Vec<Place>,
    signs: Signs,
}

impl Claims {
    /// The library that this program carries.
    pub fn get() -> &'static Self {
        static CLAIMS: OnceLock<Claims> = OnceLock::new();
        CLAIMS.get_or_init(|| Self::compile().expect("the library is part of the program and a test compiles it"))
    }

    fn compile() -> Result<Self, String> {
        let Library { claims, lists, concepts, not_misspelt } = Library::read()?;
        let index: HashMap<&str, u16> =
            lists.iter().enumerate().map(|(at, (name, _))| (name.as_str(), at as u16)).collect();
        let ids = |names: &[String]| -> Vec<u16> {
            names.iter().filter_map(|name| index.get(name.as_str()).copied()).collect()
        };
        let frames = Frames::find(|name| index.get(name).copied().filter(|at| usize::from(*at) >= concepts))?;
        let mut anchors = vec![false; lists.len()];
        let mut things = vec![false; lists.len()];
        let mut by_anchor = vec![Vec::new(); lists.len()];
        for (at, claim) in claims.iter().enumerate() {
            let about = ids(&claim.about);
            anchors[usize::from(about[0])] = true;
            by_anchor[usize::from(about[0])].push(at as u16);
            about.iter().for_each(|concept| things[usize::from(*concept)] = true);
        }
        let wordings: Vec<String> = lists.iter().map(|(_, list)| list.clone()).collect();
        let mut phrases = Phrases::compile(&wordings, &anchors, &things, &not_misspelt)?;
        claims.iter().flat_map(|claim| claim.says.en.iter().chain(&claim.says.es)).for_each(|says| phrases.learn(says));
        let rarity = signs::rarity(claims.iter().flat_map(|claim| claim.says.en.iter().chain(&claim.says.es)));
        let matchers = claims
            .iter()
            .map(|claim| {
                let about = ids(&claim.about);
                let says = claim.says.en.iter().chain(&claim.says.es);
                let first_first = signs::first_first(says.clone(), &about, &phrases);
                let says = says.map(|says| signs::wording(says, &about, &phrases, &rarity)).collect();
                Matcher {
                    relation: ids(&claim.relation),
                    hint: ids(&claim.hint),
                    opposite: ids(&claim.opposite),
                    unless: ids(&claim.unless),
                    bare: claim.bare,
                    first_first,
                    about,
                    says,
                }
            })
            .collect();
        Ok(Self { claims, matchers, by_anchor, phrases, frames, model: Model::read()? })
    }

    /// All claims, in the order of the files.
    pub fn all(&self) -> &[Claim] {
        &self.claims
    }

    /// A claim by its id.
    pub fn claim(&self, id: &str) -> Option<&Claim> {
        self.claims.iter().find(|claim| claim.id == id)
    }

    /// The names of the numbers that a candidate is weighed by.
    #[doc(hidden)]
    pub fn signs() -> &'static [&'static str] {
        &signs::SIGNS
    }

    /// Every candidate of a text, for fitting. `without` names a wording of a claim (its place among the English and
    /// then the Spanish ones) that is not to be compared with.
    #[doc(hidden)]
    pub fn candidates(&self, text: &str, without: Option<(&str, usize)>) -> Vec<ClaimCandidate> {
        let text = Text::new(text);
        if !self.phrases.may_be_there(&text) {
            return Vec::new();
        }
        let weighed = self.weigh(&text, without);
        weighed
            .into_iter()
            .map(|one| ClaimCandidate { id: self.claims[one.claim].id.clone(), signs: one.signs.to_vec() })
            .collect()
    }

    /// The best meeting of every claim whose concepts are all there.
    fn weigh(&self, text: &Text, without: Option<(&str, usize)>) -> Vec<Weighed> {
        let found = self.phrases.find(text);
        let mut reading: Option<Reading<'_>> = None;
        let mut out = Vec::new();
        for (anchor, claims) in self.by_anchor.iter().enumerate() {
            if claims.is_empty() || !found.has(anchor as u16) {
                continue;
            }
            for &at in claims {
                let matcher = &self.matchers[usize::from(at)];
                if !matcher.about.iter().all(|concept| found.has(*concept)) {
                    continue;
                }
                let without = without.filter(|(id, _)| *id == self.claims[usize::from(at)].id).map(|(_, says)| says);
                let reading = reading.get_or_insert_with(|| Reading {
                    text,
                    found: &found,
                    sentences: Sentences::new(text),
                    frames: &self.frames,
                });
                let best = meetings(text, &found, &matcher.about)
                    .into_iter()
                    .map(|meeting| {
                        let (signs, spoken) = reading.signs(matcher, &meeting, without);
                        let (stance, score) = self.model.decide(&signs);
                        Weighed { claim: usize::from(at), stance, score, about: meeting.about, spoken, signs }
                    })
                    .reduce(|best, next| if next.score > best.score { next } else { best });
                out.extend(best);
            }
        }
        out.sort_by(|left, right| right.score.total_cmp(&left.score).then(left.claim.cmp(&right.claim)));
        out
    }

    /// What a text does with the claims of the library. The language is asked for only where something was found.
    pub(crate) fn find(&self, text: &Text, language: impl FnOnce() -> Language) -> Vec<ClaimMatch> {
        if !self.phrases.may_be_there(text) {
            return Vec::new();
        }
        let mut weighed = self.weigh(text, None);
        weighed.retain(|one| one.score >= self.model.threshold);
        if weighed.is_empty() {
            return Vec::new();
        }
        if !LANGUAGES.contains(&language().tag) && self.phrases.known(text) < KNOWN_WORDS {
            return Vec::new();
        }
        let mut out: Vec<Weighed> = Vec::new();
        for one in weighed {
            // The same words make one claim, the likeliest.
            let spoken_for = out
                .iter()
                .any(|other| one.about.iter().all(|place| other.spoken.iter().any(|said| said.meets(*place))));
            if !spoken_for && out.len() < MOST {
                out.push(one);
            }
        }
        out.into_iter()
            .map(|one| ClaimMatch {
                id: self.claims[one.claim].id.clone(),
                stance: one.stance,
                score: one.score,
                evidence: evidence(text, one.spoken),
            })
            .collect()
    }
}

/// The words that decided, in order, touching ones joined.
fn evidence(text: &Text, mut places: Vec<Place>) -> Vec<Span> {
    places.sort_unstable();
    let mut out: Vec<Place> = Vec::new();
    for place in places {
        match out.last_mut() {
            Some(last) if place.from <= last.to => last.to = last.to.max(place.to),
            _ => out.push(place),
        }
    }
    out.into_iter().map(|place| text.span(place.from as usize, place.to as usize)).collect()
}

/// The claims of the library that a text makes, asks about or denies, likeliest first.
///
/// ```
/// use bedside_understand::{Stance, claims};
///
/// let found = claims("They told me the MMR shot gives kids autism. Wake up people!");
/// assert_eq!((found[0].id.as_str(), found[0].stance), ("vaccines.mmr_autism", Stance::Asserts));
/// assert_eq!(claims("No, vaccines do not cause autism.")[0].stance, Stance::Denies);
/// assert!(claims("When can my autistic son have his MMR vaccine?").is_empty());
/// ```
pub fn claims(text: &str) -> Vec<ClaimMatch> {
    Claims::get().find(&Text::new(text), || language(text))
}
