//! Watch terms: which of the things said in public are about us.
//!
//! An organisation names up to [`TERMS_MAX`] terms: its names, sites, doctors, campaigns, and the
//! ways people misspell them. One automaton looks for all of them in one pass over a text, so a
//! stream of every public post costs the same with ten terms as with ten thousand.
//!
//! A term is found as whole words, in any case, with or without diacritics, as a handle, a hashtag
//! or part of an address; a term of several words is found in a hashtag written without blanks, too.
//! In scripts that write no blanks it is found anywhere. A name that others share is narrowed by
//! `unless`: where one of those stands in the text, the term does not count.
//!
//! What the same text says again is told by [`likeness`].

mod fold;
pub mod likeness;

use std::fmt;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use serde::{Deserialize, Serialize};

use fold::{fold, fold_with_origins};

/// Most terms of an organisation, `unless` not counted.
pub const TERMS_MAX: usize = 10_000;
/// Most characters of a term.
pub const TERM_MAX_CHARS: usize = 200;
/// Most `unless` of a term.
pub const UNLESS_MAX: usize = 20;
/// A hashtag without blanks counts for a term of several words from this length on: `#lakesidehealth`
/// does, `#itis` does not.
const JOINED_MIN: usize = 8;

/// One watch term.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Its id.
    pub id: String,
    /// What is looked for.
    pub text: String,
    /// Where one of these stands in the text, the term does not count.
    #[serde(default)]
    pub unless: Vec<String>,
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A term may be somebody's name.
        f.debug_struct("Term").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why terms cannot be watched for. Holds no term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WatchError {
    /// There are too many.
    #[error("there are {0} watch terms, and at most {TERMS_MAX} are watched for")]
    TooMany(usize),
    /// One is not usable.
    #[error("watch term {index}: {why}")]
    Term {
        /// Which one, counted from 1 in the order given.
        index: usize,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The automaton cannot be built.
    #[error("the watch terms are too large together")]
    TooLarge,
}

/// Where a term stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The id of the term.
    pub term: &'a str,
    /// Begin in the text, in bytes.
    pub start: usize,
    /// End in the text, in bytes.
    pub end: usize,
}

/// The organisation's watch terms, ready to be looked for. Cheap to share, not to build.
#[derive(Default)]
pub struct Watch {
    found: Option<AhoCorasick>,
    /// For each pattern of the automaton what it stands for.
    patterns: Vec<Pattern>,
    /// Ids of the terms.
    ids: Vec<String>,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("terms", &self.ids.len()).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pattern {
    /// A term stands here.
    Term(u32),
    /// What takes the term back stands here.
    Unless(u32),
}

impl Watch {
    /// Gets ready to look for these terms.
    ///
    /// Errors: too many terms, or one that is empty, too long, or of one letter.
    pub fn new(terms: &[Term]) -> Result<Self, WatchError> {
        if terms.len() > TERMS_MAX {
            return Err(WatchError::TooMany(terms.len()));
        }
        let (mut patterns, mut texts, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        for (index, term) in terms.iter().enumerate() {
            let wrong = |why| WatchError::Term { index: index + 1, why };
            if term.unless.len() > UNLESS_MAX {
                return Err(wrong("it has more than 20 exceptions"));
            }
            let number = u32::try_from(index).unwrap_or(u32::MAX);
            for text in forms(&term.text).map_err(wrong)? {
                patterns.push(Pattern::Term(number));
                texts.push(text);
            }
            for unless in &term.unless {
                for text in forms(unless).map_err(wrong)? {
                    patterns.push(Pattern::Unless(number));
                    texts.push(text);
                }
            }
            ids.push(term.id.clone());
        }
        if texts.is_empty() {
            return Ok(Self::default());
        }
        let found = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&texts)
            .map_err(|_| WatchError::TooLarge)?;
        Ok(Self { found: Some(found), patterns, ids })
    }

    /// Whether nothing is watched for.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// How many terms are watched for.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether a term stands in the text and nothing takes it back.
    pub fn is_match(&self, text: &str) -> bool {
        let Some(found) = &self.found else { return false };
        let folded = fold(text);
        // Most texts hold none, and need no list.
        found.is_match(&folded) && self.standing(found, &folded, |_, _, _| ()) > 0
    }

    /// Every term that stands in the text, each where it stands first, in the order of the text.
    pub fn hits(&self, text: &str) -> Vec<Hit<'_>> {
        let Some(found) = &self.found else { return Vec::new() };
        let folded = fold_with_origins(text);
        let mut hits = Vec::new();
        self.standing(found, &folded.text, |term, start, end| {
            // The blanks around a word are not part of it.
            let inside = folded.text[start..end].trim();
            let start = start + usize::from(folded.text[start..end].starts_with(' '));
            if let Some((from, to)) = folded.origin(start, start + inside.len()) {
                hits.push(Hit { term: &self.ids[term as usize], start: from, end: to });
            }
        });
        hits.sort_by_key(|hit| (hit.start, hit.end));
        hits
    }

    /// Calls `take` for each term that stands in a folded text and is not taken back, once.
    fn standing(&self, found: &AhoCorasick, folded: &str, mut take: impl FnMut(u32, usize, usize)) -> usize {
        let mut terms: Vec<(u32, usize, usize)> = Vec::new();
        let mut back: Vec<u32> = Vec::new();
        for hit in found.find_overlapping_iter(folded) {
            match self.patterns[hit.pattern().as_usize()] {
                Pattern::Term(term) if terms.iter().all(|(known, ..)| *known != term) => {
                    terms.push((term, hit.start(), hit.end()));
                }
                Pattern::Term(_) => {}
                Pattern::Unless(term) => back.push(term),
            }
        }
        terms.retain(|(term, ..)| !back.contains(term));
        for (term, start, end) in &terms {
            take(*term, *start, *end);
        }
        terms.len()
    }
}

/// The patterns of a term.
fn forms(text: &str) -> Result<Vec<String>, &'static str> {
    if text.chars().count() > TERM_MAX_CHARS {
        return Err("it is longer than 200 characters");
    }
    let folded = fold(text);
    let words = folded.trim();
    if words.is_empty() {
        return Err("it has no letter and no digit");
    }
    if writes_no_blanks(words) {
        return Ok(vec![words.to_owned()]);
    }
    if words.chars().count() < 2 {
        return Err("it is a single letter");
    }
    let joined: String = words.split(' ').collect();
    let mut forms = vec![folded.clone()];
    if joined.len() >= JOINED_MIN && joined != words {
        forms.push(format!(" {joined} "));
    }
    Ok(forms)
}

/// Whether a text is in a script in which words are not parted (Han, Kana, Thai, Lao, Khmer, Burmese).
fn writes_no_blanks(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
            | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn term(text: &str) -> Term {
        Term { id: text.to_owned(), text: text.to_owned(), unless: Vec::new() }
    }

    fn watch(terms: &[&str]) -> Watch {
        Watch::new(&terms.iter().map(|text| term(text)).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_name_is_found_however_people_write_it_and_not_inside_another_word() {
        let watch = watch(&["Lakeside Health", "Dr. Ökeş", "lakeside.example.org"]);
        for text in [
            "Never again at lakeside health.",
            "LAKESIDE-HEALTH kept me waiting",
            "so #LakesideHealth it was",
            "Thank you @lakeside health",
            "dr okes is the best",
            "see https://www.lakeside.example.org/news",
        ] {
            assert!(watch.is_match(text), "{text}");
        }
        for text in ["the lakeside was a health resort", "Dr. Okeson", "lakesidehealthy", ""] {
            assert!(!watch.is_match(text), "{text}");
        }
    }

    #[test]
    fn a_hit_shows_the_words_that_were_found() {
        let watch = watch(&["clinica sao jose", "waited"]);
        let text = "¡Clínica São José! I WAITED, and waited.";
        let hits: Vec<&str> = watch.hits(text).iter().map(|hit| &text[hit.start..hit.end]).collect();
        assert_eq!(hits, ["Clínica São José", "WAITED"]);
    }

    #[test]
    fn a_shared_name_is_narrowed() {
        let terms = [Term { unless: vec!["shopping mall".into()], ..term("Lakeside") }];
        let watch = Watch::new(&terms).unwrap();
        assert!(watch.is_match("Lakeside lost my file"));
        assert!(!watch.is_match("Parking at the Lakeside shopping mall"));
    }

    #[test]
    fn scripts_without_blanks_are_searched_anywhere() {
        assert!(watch(&["湖畔クリニック"]).is_match("昨日、湖畔クリニックで待たされた"));
    }

    #[test]
    fn neighbours_that_share_a_blank_are_both_found() {
        assert_eq!(watch(&["lakeside", "clinic", "lakeside clinic"]).hits("lakeside clinic").len(), 3);
    }

    #[test]
    fn what_cannot_be_watched_for_is_said_without_repeating_it() {
        let error = |text: &str| Watch::new(&[term("fine"), term(text)]).unwrap_err().to_string();
        assert_eq!(error("!?"), "watch term 2: it has no letter and no digit");
        assert_eq!(error("a"), "watch term 2: it is a single letter");
        assert_eq!(error(&"long ".repeat(50)), "watch term 2: it is longer than 200 characters");
        let many: Vec<Term> = (0..=TERMS_MAX).map(|n| term(&format!("name {n}"))).collect();
        assert_eq!(Watch::new(&many).unwrap_err(), WatchError::TooMany(TERMS_MAX + 1));
        assert!(!Watch::new(&[]).unwrap().is_match("anything"));
    }

    proptest! {
        #[test]
        fn looking_is_the_same_as_marking_and_marks_lie_on_characters(text in "\\PC{0,60}") {
            let watch = watch(&["lakeside", "elm street clinic", "e"].map(|t| if t == "e" { "ea" } else { t }));
            let hits = watch.hits(&text);
            prop_assert_eq!(watch.is_match(&text), !hits.is_empty());
            for hit in hits {
                prop_assert!(text.get(hit.start..hit.end).is_some());
            }
        }
    }
}
