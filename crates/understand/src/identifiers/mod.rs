//! The 18 identifiers of 45 CFR 164.514(b)(2)(i), each with its place and its right type.
//!
//! A text without a digit, a sign of an address, a strange capital or a word that announces something is let through by
//! [`prefilter`] at once. What is left is read once into a [`page`] of words, each with what the lists know of it. Numbers
//! are told apart by their shape, by the word before them and by their check digits. Names of persons, places and
//! facilities are found by a small trained [`tagger`], which looks at capitals and at words of the lists only, and by
//! rules where the form says it all ("Dr. Ruiz", "12 Elm Street", "Mercy Hospital"). Ages up to 89, years alone, states
//! and countries are not identifiers and are not reported; organisations are none, but for the employer a text names.

mod addresses;
mod ages;
mod announced;
pub mod candidates;
mod codes;
pub mod crf;
mod dates;
mod facilities;
pub mod features;
pub mod lists;
mod names;
pub mod page;
mod prefilter;
mod runs;
mod settle;
mod spoken;
pub mod tagger;
mod validators;
mod web;

use crate::assessment::{Identifier, IdentifierType};
use lists::Lists;
use page::Page;

/// Finds the identifiers in a text, in order; no two of them overlap.
///
/// ```
/// let found = bedside_understand::identifiers("Call Mary Green at 202-555-0142.");
/// assert_eq!(found[0].text, "Mary Green");
/// assert_eq!(found[1].kind, bedside_understand::IdentifierType::Phone);
/// ```
pub fn identifiers(text: &str) -> Vec<Identifier> {
    find_with(text, Lists::get())
}

/// The same with other lists: for training and measuring.
pub fn find_with(text: &str, lists: &Lists) -> Vec<Identifier> {
    if prefilter::worth_a_look(text, lists) { look(text, lists) } else { Vec::new() }
}

/// There may be an identifier: what the look at the bytes says.
pub fn worth_a_look(text: &str, lists: &Lists) -> bool {
    prefilter::worth_a_look(text, lists)
}

/// All that is found, whether or not it seemed worth a look.
fn look(text: &str, lists: &Lists) -> Vec<Identifier> {
    let page = Page::new(text, lists);
    let mut found: Vec<Found> = Vec::new();
    web::find(&page, &mut found);
    spoken::find(&page, &mut found);
    dates::find(&page, &mut found);
    ages::find(&page, &mut found);
    codes::find(&page, &mut found);
    addresses::find(&page, &mut found);
    facilities::find(&page, lists, &mut found);
    names::find(&page, &mut found);
    tagger::find(&page, lists, &mut found);
    settle::settle(&page, found)
}

/// What the tagger alone says, with its raw scores where the lists hold no calibration: for training and measuring.
pub fn tagged(text: &str, lists: &Lists) -> Vec<Identifier> {
    let page = Page::new(text, lists);
    let mut found: Vec<Found> = Vec::new();
    tagger::find(&page, lists, &mut found);
    settle::settle(&page, found)
}

/// A candidate.
#[derive(Debug, Clone, Copy)]
struct Found {
    kind: IdentifierType,
    start: usize,
    end: usize,
    score: f64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words that rules ask for, and others.
    fn texts() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec![
            "the",
            "The",
            "nurse",
            "Nurse",
            "dr",
            "name",
            "is",
            "my",
            "kayleigh",
            "Zorblat",
            "zorblat",
            "new",
            "york",
            "New",
            "York",
            "san",
            "francisco",
            "street",
            "Elm",
            "clinic",
            "Clinic",
            "hospital",
            "St",
            "of",
            "de",
            "la",
            "calle",
            "arroba",
            "punto",
            "com",
            "at",
            "dot",
            "gmail",
            "five",
            "cinco",
            "ninety",
            "two",
            "she",
            "lives",
            "in",
            "Reading",
            "Hope",
            "hope",
            "May",
            "I",
            "NHS",
            "GREAT",
            "CARE",
            "Mercy",
            "General",
            "county",
            "County",
            "Texas",
            "hundred",
            "and",
            "one",
            "mr",
            "Mrs",
            "sister",
            "J",
            "o'neill",
            "’s",
            "é",
            "Ünal",
            "insta",
            "sam",
            "bill",
            "will",
            "mark",
            "grace",
            "señora",
            "María",
            "López",
            "colonia",
            "Roma",
            "St.",
            "Joseph's",
            "works",
        ]);
        let gap = prop::sample::select(vec![
            " ", " ", " ", ", ", ". ", "\n", "-", ".", ": ", "! ", "'", " (", ") ", "\u{a0}",
        ]);
        prop::collection::vec((words, gap), 0..14)
            .prop_map(|pairs| pairs.into_iter().map(|(word, gap)| format!("{word}{gap}")).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_tagger_looks_at_each_word_once(text in prop_oneof![texts(), any::<String>()], times in 1_usize..40) {
            // Steps are words: as many as there are at most, so a text twice as long costs twice as much.
            let lists = Lists::get();
            let page = Page::new(&text.repeat(times), lists);
            prop_assert!(page.tokens.len() <= page.chars.len());
            let chains = candidates::chains(&page, lists);
            prop_assert!(chains.windows(2).all(|pair| pair[0].end <= pair[1].first));
            prop_assert!(chains.iter().all(|chain| chain.first < chain.end && chain.end <= page.tokens.len()));
            prop_assert!(chains.iter().all(|chain| chain.end - chain.first <= candidates::LONGEST + 1));
        }

        #[test]
        fn what_is_let_through_holds_nothing(text in prop_oneof![texts(), any::<String>()]) {
            let lists = Lists::get();
            if !prefilter::worth_a_look(&text, lists) {
                let found = look(&text, lists);
                prop_assert!(found.is_empty(), "{text:?}: {found:?}");
            }
        }
    }
}
