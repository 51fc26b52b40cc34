//! Which words the tagger looks at: capitals, words of the gazetteers, and what stands beside them. All other words
//! are no part of a name, and cost nothing.

use super::lists::{Lists, flag};
use super::page::Page;

/// A run of neighbouring words that the tagger labels together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    /// Its first word.
    pub first: usize,
    /// One past the last.
    pub end: usize,
}

/// How many words a chain may reach beyond what is likely by itself.
const REACH: usize = 2;
/// A longer chain is cut, so that a text in capitals costs what its length says.
pub const LONGEST: usize = 48;

/// Finds the chains of a text.
pub fn chains(page: &Page, lists: &Lists) -> Vec<Chain> {
    let count = page.tokens.len();
    let shouted = page.shouted;
    let mut marks = vec![false; count];
    let mut any = false;
    for at in 0..count {
        if likely(page, at, shouted) || cued(page, at) {
            marks[at] = true;
            any = true;
        }
        if let Some(last) = phrase_at(page, at, lists) {
            marks[at..=last].fill(true);
            any = true;
        }
    }
    if !any {
        return Vec::new();
    }
    let strong = marks.clone();
    for at in (0..count).filter(|&at| strong[at]) {
        for next in at + 1..(at + 1 + REACH).min(count) {
            if strong[next] || !near(page, next - 1) || !joins(page, next) {
                break;
            }
            marks[next] = true;
        }
        for before in (at.saturating_sub(REACH)..at).rev() {
            if strong[before] || !near(page, before) || !joins(page, before) {
                break;
            }
            marks[before] = true;
        }
    }
    // "de la" between two names, "of the" between two words of a facility.
    for at in (0..count).filter(|&at| strong[at]) {
        let end = (at + 4).min(count);
        let Some(next) = (at + 1..end).find(|&next| strong[next]) else { continue };
        let between = at + 1..next;
        if between.clone().all(|one| near(page, one) && page.tokens[one].is(flag::PARTICLE | flag::JOINT)) {
            marks[between].fill(true);
        }
    }
    runs(page, &marks)
}

/// A word that may be part of a name by itself.
fn likely(page: &Page, at: usize, shouted: bool) -> bool {
    let token = &page.tokens[at];
    if token.digit {
        return false;
    }
    let known = token.is(flag::KNOWN);
    let common = token.is(flag::COMMON | flag::CALENDAR);
    if token.capital && !(shouted && token.upper) {
        if token.end - token.start == 1 {
            // An initial counts beside another word only.
            return page.low(at) != "i" && page.low(at) != "a" && !token.opens;
        }
        return !common || !token.opens || known || token.is(flag::FACILITY);
    }
    let rare = !token.is(flag::COMMON | flag::LOWER | flag::CALENDAR | flag::MEDICAL);
    // In a text of capitals a strange word may be any word: it takes a list to make it likely.
    rare && known
}

/// An unknown word in lower case where a name must stand: "my name is zorblat", "dr zorblat".
fn cued(page: &Page, at: usize) -> bool {
    let token = &page.tokens[at];
    if at == 0
        || token.number
        || token.is(flag::COMMON | flag::LOWER | flag::CALENDAR | flag::TITLE)
        || !near(page, at - 1)
    {
        return false;
    }
    let before = &page.tokens[at - 1];
    before.is(flag::TITLE)
        || before.is(flag::STREET | flag::ROLE | flag::UNIT)
        || matches!(page.low(at - 1), "named" | "name" | "llamo" | "dear" | "signed")
        || page.low(at - 1) == "is" && at > 1 && page.low(at - 2) == "name"
        || at + 1 < page.tokens.len()
            && near(page, at)
            && page.tokens[at + 1].is(flag::STREET | flag::FACILITY)
            && !page.tokens[at + 1].is(flag::JOINT | flag::PARTICLE)
            && page.low(at + 1).len() > 2
}

/// The last words of the places of several words that begin here.
pub fn phrase_at(page: &Page, at: usize, lists: &Lists) -> Option<usize> {
    if !page.tokens[at].is(flag::BEGINS) {
        return None;
    }
    let mut best = None;
    for last in at + 1..(at + 4).min(page.tokens.len()) {
        if !near(page, last - 1) {
            break;
        }
        let found = lists.phrase(page.tokens[at..=last].iter().map(|token| token.hash));
        // Without a capital only a large town is meant ("new york"), never "the same way".
        if found != 0 && (page.tokens[at].capital || found & (flag::BIG | flag::REGION) != 0) {
            best = Some(last);
        }
    }
    best
}

/// What may stand beside a likely word and belong to it.
fn joins(page: &Page, at: usize) -> bool {
    let token = &page.tokens[at];
    token.number && token.end - token.start <= 6
        || token.digit && token.end - token.start <= 8
        || token.is(flag::STREET | flag::UNIT | flag::FACILITY | flag::STATE)
            && !(token.is(flag::COMMON) && page.low(at).len() < 3)
        || !token.is(flag::COMMON | flag::LOWER | flag::CALENDAR | flag::TITLE)
        || token.capital && !token.is(flag::COMMON)
        || token.capital && token.end - token.start == 1
}

/// Two words so close that they may belong together.
pub fn near(page: &Page, left: usize) -> bool {
    if left + 1 >= page.tokens.len() {
        return false;
    }
    let gap = page.between(left, left + 1);
    gap.len() <= 4
        && gap.iter().all(|c| {
            c.is_whitespace()
                || matches!(
                    c,
                    '.' | ',' | '-' | '–' | '\'' | '’' | '&' | '#' | '/' | 'º' | 'ª' | '>' | '?' | '|' | '(' | ')'
                )
        })
        && !(gap.contains(&'.') && page.tokens[left].end - page.tokens[left].start > 5 && gap.len() > 1)
}

/// Runs of marked words.
fn runs(page: &Page, marks: &[bool]) -> Vec<Chain> {
    let mut out: Vec<Chain> = Vec::new();
    for at in (0..marks.len()).filter(|&at| marks[at]) {
        match out.last_mut() {
            Some(chain) if chain.end == at && at - chain.first < LONGEST && near(page, at - 1) => chain.end = at + 1,
            _ => out.push(Chain { first: at, end: at + 1 }),
        }
    }
    out
}
