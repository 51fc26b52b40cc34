//! What the tagger sees of a word and its neighbours, as hashes.

use super::candidates::Chain;
use super::lists::flag;
use super::page::Page;
use crate::weights::pair;

/// Describes each word of a page once, so that neighbours can be asked cheaply.
#[derive(Debug)]
pub struct View {
    shouted: bool,
    typed_low: bool,
    /// Bit 0: inside a place of several words; bit 1: inside a region of several words.
    pub phrases: Vec<u8>,
}

impl View {
    /// Looks over a page.
    pub fn new(page: &Page, lists: &super::lists::Lists) -> Self {
        let mut phrases = vec![0_u8; page.tokens.len()];
        for at in 0..page.tokens.len() {
            if let Some(last) = super::candidates::phrase_at(page, at, lists) {
                let found = lists.phrase(page.tokens[at..=last].iter().map(|token| token.hash));
                let mark = if found & flag::REGION != 0 && found & flag::PLACE == 0 { 2 } else { 1 };
                for one in &mut phrases[at..=last] {
                    *one |= mark;
                }
            }
        }
        let typed_low = !page.tokens.iter().any(|token| token.capital);
        Self { shouted: page.shouted, typed_low, phrases }
    }
}

/// The form of a word, as a small number.
fn shape(page: &Page, at: usize) -> u64 {
    let token = &page.tokens[at];
    let length = token.end - token.start;
    if token.number {
        return 16 + length.min(7) as u64;
    }
    if token.digit {
        return if token.capital { 25 } else { 26 };
    }
    let base = if length == 1 { 0 } else { 4 };
    let inner = page.chars[token.start..token.end].iter().skip(1).any(|c| c.is_uppercase());
    base + if token.upper || length == 1 && token.capital {
        1
    } else if token.capital && inner {
        3
    } else {
        u64::from(token.capital) * 2
    }
}

/// What lies between a word and the one before it.
fn gap(page: &Page, at: usize) -> u64 {
    if at == 0 {
        return 1;
    }
    if at >= page.tokens.len() {
        return 2;
    }
    let between = page.between(at - 1, at);
    let has = |sign: char| between.contains(&sign);
    if has('\n') {
        3
    } else if has('.') && between.len() > 1 || has('!') || has('?') {
        4
    } else if has(',') {
        5
    } else if has(':') || has(';') {
        6
    } else if has('(') || has(')') || has('"') || has('“') {
        7
    } else if has('-') || has('/') || has('–') {
        8
    } else if between.len() <= 1 {
        9
    } else {
        10
    }
}

/// The flags that say what kind of word it is, without how common it is.
fn kind(flags: u32) -> u64 {
    u64::from(flags & !(flag::SURE | flag::BIG | flag::BEGINS | flag::LOWER | flag::STREETLIKE))
}

/// The places, among the features of a word, of those that say which words stand there: some are withheld while
/// learning, so that the kinds of words are learnt, too.
pub const LEXICAL: &[usize] = &[0, 5, 6, 7, 8, 9, 10, 19, 20, 28, 30];

/// Collects the features of a word within a chain.
pub fn features(page: &Page, view: &View, chain: Chain, at: usize, out: &mut Vec<u64>) {
    out.clear();
    let none = (0_u64, u32::MAX, 31_u64);
    let of = |at: Option<usize>| -> (u64, u32, u64) {
        at.and_then(|at| page.tokens.get(at).map(|token| (word(token), token.flags, shape(page, at)))).unwrap_or(none)
    };
    let token = &page.tokens[at];
    let (this, flags, form) = of(Some(at));
    let (before, before_flags, before_form) = of(at.checked_sub(1));
    let (after, after_flags, after_form) = of(Some(at + 1));
    let (before2, before2_flags, before2_form) = of(at.checked_sub(2));
    let (after2, after2_flags, after2_form) = of(Some(at + 2));
    let (left, right) = (gap(page, at), gap(page, at + 1));
    let typing = u64::from(view.shouted) << 1 | u64::from(view.typed_low);
    let unknown = u64::from(flags & (flag::KNOWN | flag::COMMON | flag::LOWER) == 0);
    let mut number = 0_u64;
    let mut put = |value: u64| {
        number += 1;
        out.push(pair(number, value));
    };
    put(this);
    put(form | typing << 8);
    put(kind(flags));
    put(u64::from(flags) << 8 | form);
    put(kind(flags) << 8 | u64::from(token.opens) << 4 | unknown << 3 | typing);
    put(before);
    put(after);
    put(before2);
    put(after2);
    put(pair(before2, before));
    put(pair(after, after2));
    put(kind(before_flags) << 8 | before_form);
    put(kind(after_flags) << 8 | after_form);
    put(left << 8 | form);
    put(right << 8 | form);
    put(left << 16 | before_form << 8 | form);
    put(right << 16 | after_form << 8 | form);
    put(pair(kind(before_flags), kind(flags)));
    put(pair(kind(flags), kind(after_flags)));
    put(pair(before, kind(flags) << 8 | form));
    put(pair(after, kind(flags) << 8 | form));
    put(before_form << 16 | form << 8 | after_form | left << 24 | right << 32);
    put(kind(before2_flags) << 8 | before2_form);
    put(kind(after2_flags) << 8 | after2_form);
    put(pair(pair(kind(before_flags), before_form), pair(kind(after_flags), after_form)));
    put(u64::from(view.phrases[at]) << 8 | form);
    put(u64::from(view.phrases[at]) << 16 | kind(before_flags & (flag::PLACE_CUE | flag::SEEN_CUE | flag::JOINT)));
    // Place within the chain, and what opens and closes it.
    let place = ((at - chain.first).min(3) << 4 | (chain.end - 1 - at).min(3)) as u64;
    put(place << 8 | form);
    let (outer, outer_flags, _) = of(chain.first.checked_sub(1));
    put(outer);
    put(kind(outer_flags) << 8 | form);
    put(pair(outer, kind(flags)));
    let (_, next_flags, _) = of(Some(chain.end));
    put(kind(next_flags) << 8 | form);
    // Somewhere in the chain: a facility's word, a street's, a number, a company's.
    let mut within = 0_u64;
    for other in chain.first..chain.end {
        let one = &page.tokens[other];
        let side = if other < at { 0 } else { 8 };
        if other.abs_diff(at) <= 6 && other != at {
            within |= u64::from(one.is(flag::FACILITY)) << side
                | u64::from(one.is(flag::STREET | flag::UNIT) && one.end - one.start > 1) << (side + 1)
                | u64::from(one.digit) << (side + 2)
                | u64::from(one.is(flag::COMPANY)) << (side + 3)
                | u64::from(one.is(flag::STATE) && one.upper || one.is(flag::REGION)) << (side + 4);
        }
    }
    put(within);
    put(within << 8 | form);
    put(pair(within, kind(flags)));
    // A role or title shortly before, whatever lies between.
    let mut cues = 0_u32;
    for other in at.saturating_sub(4)..at {
        cues |= page.tokens[other].flags;
    }
    let cues = cues
        & (flag::TITLE
            | flag::ROLE
            | flag::PERSON_CUE
            | flag::PLACE_CUE
            | flag::SEEN_CUE
            | flag::WORK_CUE
            | flag::UNIT);
    put(u64::from(cues) << 4 | form);
    put(pair(u64::from(cues), kind(flags)));
    // Endings and beginnings tell names of strange tongues from ordinary words.
    let low = page.low(at);
    if !token.digit {
        let tail = |count: usize| low.char_indices().rev().nth(count - 1).map_or(low, |(from, _)| &low[from..]);
        let head = |count: usize| low.char_indices().nth(count).map_or(low, |(to, _)| &low[..to]);
        for part in [tail(2), tail(3), tail(4)] {
            put(crate::weights::hash(part));
        }
        put(crate::weights::hash(head(3)));
        put(pair(crate::weights::hash(tail(3)), unknown << 8 | form));
    }
}

/// A word as its neighbours see it: a number by its length only.
fn word(token: &super::page::Token) -> u64 {
    if token.number { (token.end - token.start) as u64 } else { token.hash }
}
