//! Names of persons, places and facilities as the tagger sees them.

use super::Found;
use super::candidates::{Chain, chains};
use super::crf::Tag;
use super::features::{View, features};
use super::lists::{Lists, flag};
use super::page::Page;
use crate::assessment::IdentifierType as Kind;

/// No span of the tagger is believed more.
const MOST: f64 = 0.955;

/// What the tagger is asked about a text: its chains, and the features of each of their words. For training.
pub fn questions(page: &Page, lists: &Lists) -> Vec<(Chain, Vec<Vec<u64>>)> {
    let chains = chains(page, lists);
    if chains.is_empty() {
        return Vec::new();
    }
    let view = View::new(page, lists);
    chains
        .into_iter()
        .map(|chain| {
            let words = (chain.first..chain.end).map(|at| {
                let mut out = Vec::new();
                features(page, &view, chain, at, &mut out);
                out
            });
            (chain, words.collect())
        })
        .collect()
}

/// Adds what it finds.
pub(super) fn find(page: &Page, lists: &Lists, out: &mut Vec<Found>) {
    let Some(crf) = &lists.crf else { return };
    let chains = chains(page, lists);
    if chains.is_empty() {
        return;
    }
    let view = View::new(page, lists);
    let mut seen = Vec::with_capacity(64);
    for chain in chains {
        let scores: Vec<_> = (chain.first..chain.end)
            .map(|at| {
                features(page, &view, chain, at, &mut seen);
                crf.scores(&seen)
            })
            .collect();
        let tags = crf.decode(&scores);
        let mut at = 0;
        while at < tags.len() {
            let tag = tags[at].0;
            let mut end = at + 1;
            while end < tags.len() && tags[end].0 == tag && !parted(page, chain.first + end, tag) {
                end += 1;
            }
            if tag != Tag::Outside {
                // The least sure of its words decides how sure the whole is.
                let sure = tags[at..end].iter().map(|(_, sure)| *sure).fold(1.0, f32::min);
                // What a form proves outweighs what looks like a name.
                let believed = f64::from(crf.believed(tag, sure)).min(MOST);
                out.extend(emit(page, &view, chain.first + at, chain.first + end - 1, tag, believed));
            }
            at = end;
        }
    }
}

/// A name does not go on over the end of a line or a sentence.
fn parted(page: &Page, at: usize, tag: Tag) -> bool {
    let sign = |c: &char| matches!(c, '\n' | ',' | '/' | '&');
    tag == Tag::Name && (page.tokens[at].opens || page.between(at - 1, at).iter().any(sign))
}

fn emit(page: &Page, view: &View, first: usize, last: usize, tag: Tag, sure: f64) -> Option<Found> {
    let (mut start, mut end) = (page.tokens[first].start, page.tokens[last].end);
    // Unknown words in lower case are no name by themselves.
    let shown = |at: usize| {
        let token = &page.tokens[at];
        token.capital
            || token.digit
            || token.is(flag::KNOWN | flag::BEGINS | flag::STREET | flag::FACILITY)
            || view.phrases[at] != 0
    };
    let announced = first > 0 && page.tokens[first - 1].is(flag::TITLE | flag::ROLE);
    if !announced && !(first..=last).any(shown) {
        return None;
    }
    let kind = match tag {
        Tag::Outside => return None,
        Tag::Name => {
            // "Ludwig's angina", "Ferriman-Gallwey score": a term, not a person.
            let term = last + 1 < page.tokens.len() && page.adjacent(last) && page.tokens[last + 1].is(flag::FINDING);
            if term
                || (first..=last).all(|at| {
                    page.tokens[at].is(flag::EPONYM) && !page.tokens[at].is(flag::GIVEN)
                        || page.tokens[at].is(flag::COMMON) && !page.tokens[at].is(flag::KNOWN)
                })
            {
                return None;
            }
            let no_name = flag::NATION | flag::MEDICAL | flag::CALENDAR | flag::REGION;
            let foreign = |at: usize| page.tokens[at].is(no_name) && !page.tokens[at].is(flag::GIVEN | flag::SURNAME);
            // A strange word that begins a sentence may be a verb of any tongue: a name is one that a list knows, or that
            // something is said to, of or by ("Zorblat, …", "Zorblat's", "Zorblat: …").
            let token = &page.tokens[first];
            let listed = token.is(flag::GIVEN) || token.is(flag::SURNAME) && !token.is(flag::COMMON | flag::LOWER);
            let opening = first == last && token.opens && !listed && {
                let next = page.chars.get(token.end).copied().unwrap_or(' ');
                !(matches!(next, ',' | ':') || page.low(first).ends_with("'s") || page.tokens.len() == 1)
            };
            let letter = first == last && token.end - token.start == 1;
            if (opening || letter) && !(first > 0 && page.tokens[first - 1].is(flag::TITLE) && page.adjacent(first - 1))
            {
                return None;
            }
            // "the Devil": what has an article is no name, unless a list knows it well.
            let article = first > 0
                && first == last
                && matches!(page.low(first - 1), "the" | "a" | "an")
                && !page.tokens[first].is(flag::SURE);
            if article || (first..=last).all(foreign) || page.low(last) == "day" || page.low(last + 1) == "day" {
                return None;
            }
            let (from, to) = name_span(page, first, last);
            (start, end) = (from, to);
            Kind::Name
        }
        Tag::Place => {
            // A state or a country alone is none; with a number or a town beside it, it is.
            let region = |at: usize| {
                let token = &page.tokens[at];
                token.is(flag::REGION) && !token.is(flag::PLACE) || view.phrases[at] & 2 != 0 || token.is(flag::NATION)
            };
            if (first..=last).all(region) {
                return None;
            }
            // "Room 4", "Apt" by themselves are no address.
            let part = |at: usize| {
                let token = &page.tokens[at];
                token.is(flag::UNIT | flag::COMMON) && !token.is(flag::STREET | flag::PLACE)
                    || token.digit
                    || token.end - token.start <= 2
            };
            // "Recommend This Place To Everybody": everyday words with capitals.
            let everyday = |at: usize| page.tokens[at].is(flag::COMMON) && !page.tokens[at].digit;
            if last > first + 1 && (first..=last).all(everyday) {
                return None;
            }
            if (first..=last).all(part) && !beside_address(page, first, last) {
                return None;
            }
            let (from, to) = grown(page, first, last);
            (start, end) = (page.tokens[from].start, page.tokens[to].end);
            Kind::Place
        }
        Tag::Facility => {
            // "Radiology", "Centro de Salud", "Memorial Day".
            let plain = |at: usize| {
                let token = &page.tokens[at];
                let ordinary = super::facilities::GENERIC.contains(&page.low(at))
                    || token.is(flag::JOINT) && !token.capital
                    || !token.capital && token.is(flag::COMMON);
                token.is(flag::FACILITY) && !token.is(flag::FACILITY_PART) || ordinary
            };
            // "admitted to General Hospital", "the Children's Hospital in Leeds" are meant by name all the same.
            let before = page.low_before(first, 1);
            let named = last > first
                && page.tokens[first].capital
                && (matches!(before, "at" | "to" | "from" | "@") && page.tokens[last].capital && !page.shouted
                    || matches!(page.low(last + 1), "in" | "of")
                        && page
                            .tokens
                            .get(last + 2)
                            .is_some_and(|next| next.capital && next.is(flag::PLACE | flag::BEGINS)));
            if !named && (first..=last).all(plain) || page.low(last) == "day" || page.low(last + 1) == "day" {
                return None;
            }
            let mut last = last;
            while last + 1 < page.tokens.len()
                && page.spaced(last)
                && page.tokens[last + 1].capital
                && page.tokens[last + 1].is(flag::FACILITY)
            {
                last += 1;
            }
            end = page.tokens[last].end;
            Kind::Facility
        }
        Tag::Organisation => {
            let works = (first.saturating_sub(3)..first).any(|at| page.tokens[at].is(flag::WORK_CUE));
            if !works {
                return None;
            }
            Kind::OtherId
        }
    };
    Some(Found { kind, start, end, score: sure })
}

/// A name with the title before it and the dot of an initial, without a possessive behind it.
pub(super) fn name_span(page: &Page, first: usize, last: usize) -> (usize, usize) {
    let mut start = page.tokens[first].start;
    if first > 0 && page.tokens[first - 1].is(flag::TITLE) && page.adjacent(first - 1) {
        start = page.tokens[first - 1].start;
    }
    let mut end = page.tokens[last].end;
    if page.low(last).ends_with("'s") {
        end -= 2;
    } else if page.tokens[last].end - page.tokens[last].start == 1 && page.chars.get(end) == Some(&'.') {
        end += 1;
    }
    (start, end)
}

/// A line of an address lies directly before or behind.
fn beside_address(page: &Page, first: usize, last: usize) -> bool {
    let street = |range: std::ops::Range<usize>| {
        range.into_iter().any(|at| {
            page.tokens[at].is(flag::STREET) && page.tokens[at].end - page.tokens[at].start > 1
                || page.tokens[at].is(flag::PLACE) && page.tokens[at].capital
        })
    };
    street(first.saturating_sub(4)..first) || street(last + 1..(last + 4).min(page.tokens.len()))
}

/// An address with a number in it goes on to its state, its country and its code, and begins with the numbers before it.
fn grown(page: &Page, mut first: usize, mut last: usize) -> (usize, usize) {
    let number = |at: usize| page.tokens[at].number && page.tokens[at].end - page.tokens[at].start <= 6;
    if !(first..=last).any(|at| page.tokens[at].digit) {
        return (first, last);
    }
    let gap = |left: usize| {
        let between = page.between(left, left + 1);
        between.len() <= 5
            && between.iter().all(|c| c.is_whitespace() || matches!(c, ',' | '.' | '>' | '?' | '(' | ')' | '-' | '#'))
    };
    while first > 0 && gap(first - 1) && page.between(first - 1, first).len() == 1 && number(first - 1) {
        first -= 1;
    }
    let mut steps = 0;
    while last + 1 < page.tokens.len() && gap(last) && steps < 5 {
        let next = &page.tokens[last + 1];
        let line = page.between(last, last + 1).iter().any(|c| matches!(c, ',' | '\n'));
        let region = next.is(flag::REGION | flag::NATION) && (next.capital || line) && !next.is(flag::COMMON);
        let state = next.is(flag::STATE) && next.upper;
        // A table writes "nan" where it knows no state.
        let empty = page.low(last + 1) == "nan" && (line || page.tokens[last].capital);
        let code = next.number
            && (4..=6).contains(&(next.end - next.start))
            && (line
                || page.tokens[last].capital
                || page.tokens[last].is(flag::REGION | flag::NATION)
                || page.low(last) == "nan");
        if !(region || state || empty || code) {
            break;
        }
        last += 1;
        steps += 1;
    }
    (first, last)
}
