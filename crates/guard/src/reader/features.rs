//! Features of a sentence: words, word classes, their neighbourhoods, and frames (who, in which tense, to whom).

use std::collections::HashSet;

use super::frames::{about, frames, place, refer};
use super::lexicon::{Tag, Tongue, tag, tongue};
use crate::grammar::Match;
use crate::rules::{FRAME, compiled};
use crate::tokens::Token;
use crate::verdict::Request;

/// A sentence of a draft as the scorer sees it.
#[derive(Debug, Clone)]
pub struct Clause {
    /// First scalar value.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Hashes, as often as they occur.
    pub features: Vec<u64>,
    /// Class of each word, for explanations.
    pub tags: Vec<Tag>,
}

/// Gathers the features of a sentence.
pub(super) struct Reader {
    salt: u64,
    out: Vec<u64>,
}

/// The kinds of features.
pub(super) mod kind {
    pub const G: u64 = 1;
    pub const GR: u64 = 2;
    pub const W: u64 = 3;
    pub const T: u64 = 4;
    pub const W2: u64 = 5;
    pub const T2: u64 = 6;
    pub const WT: u64 = 7;
    pub const TW: u64 = 8;
    pub const W3: u64 = 9;
    pub const SK: u64 = 10;
    pub const T3: u64 = 11;
    pub const TWT: u64 = 12;
    pub const TS: u64 = 13;
    pub const T4: u64 = 14;
    pub const P: u64 = 15;
    pub const ECHO: u64 = 16;
    pub const ECHOB: u64 = 17;
    pub const CORE: u64 = 18;
    pub const PW: u64 = 19;
    pub const CG: u64 = 20;
    pub const REF: u64 = 21;
    pub const REF0: u64 = 22;
    pub const SV: u64 = 23;
    pub const SVO: u64 = 24;
    pub const SVW: u64 = 25;
    pub const SVF: u64 = 26;
    pub const SVOF: u64 = 27;
    pub const OWN: u64 = 28;
    pub const OWNW: u64 = 29;
    pub const OWNF: u64 = 30;
    pub const PLACE: u64 = 31;
    pub const SIZE: u64 = 32;
    pub const ASKED: u64 = 33;
}

const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;

pub(super) fn text_hash(text: &str) -> u64 {
    let mut state = 0xCBF2_9CE4_8422_2325_u64;
    for byte in text.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3);
    }
    mix(state)
}

fn mix(mut value: u64) -> u64 {
    value ^= value >> 31;
    value = value.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value ^ (value >> 29)
}

impl Reader {
    #[inline]
    pub(super) fn add(&mut self, kind: u64, parts: &[u64]) {
        let mut state = self.salt.wrapping_add(kind << 8);
        for part in parts {
            state = (state ^ part).wrapping_mul(PRIME);
            state ^= state >> 29;
        }
        self.out.push(mix(state));
    }
}

/// A word of the sentence.
pub(super) struct Word {
    pub(super) word: u64,
    pub(super) tag: Tag,
    pub(super) of_tag: u64,
    echo: bool,
    lettered: bool,
    grams: (u32, u32),
}

/// Cuts the draft into sentences and reads each.
pub fn clauses(request: &Request, chars: &[char], tokens: &[Token], matches: &[Match]) -> Vec<Clause> {
    let compiled = compiled();
    let tongue = tongue(tokens);
    let message = request.in_reply_to.as_ref();
    let author: Vec<String> = message.map(|m| words(&m.author)).unwrap_or_default();
    let said: HashSet<String> =
        message.map(|m| words(&m.text).into_iter().filter(|w| w.len() > 3).collect()).unwrap_or_default();
    let asks = message.is_some_and(|m| m.text.contains('?'));
    let known = Known::new(request);
    let about = about(tongue, message.map_or("", |m| m.text.as_str()));
    let mut out = Vec::new();
    let mut from = 0;
    let mut pool = Vec::new();
    let whole: Vec<Word> = read(tokens, chars, tongue, &author, &said, &known, &mut pool);
    for at in 0..tokens.len() {
        let ends = tokens[at].text == "." || at + 1 == tokens.len();
        if !ends {
            continue;
        }
        let of_sentence = &tokens[from..=at];
        if of_sentence.iter().any(|t| t.word) && !framed(matches, tokens, from, at) {
            let mut reader = Reader { salt: tongue as u64 + 1, out: Vec::new() };
            sentence(&mut reader, &whole[from..=at], &pool);
            for one in matches.iter().filter(|m| m.from <= at && m.to > from) {
                reader.add(kind::G, &[text_hash(compiled.grammar.line(one.pattern))]);
                reader.add(kind::GR, &[text_hash(&compiled.groups[one.group].0)]);
            }
            refer(&mut reader, &whole[from..=at], &about);
            place(&mut reader, out.len(), at + 1 == tokens.len(), at + 1 - from, asks, message.is_some());
            out.push(Clause {
                start: tokens[from].start,
                end: tokens[at].end,
                features: reader.out,
                tags: whole[from..=at].iter().map(|w| w.tag).collect(),
            });
        }
        from = at + 1;
    }
    out
}

/// A frame that binds nobody covers the sentence from end to end.
fn framed(matches: &[Match], tokens: &[Token], from: usize, at: usize) -> bool {
    let compiled = compiled();
    let mut of_frames = matches.iter().filter(|m| compiled.groups[m.group].0 == FRAME);
    of_frames.any(|m| {
        let before = tokens.get(from..m.from).is_some_and(|t| t.iter().all(|t| !t.word));
        let after = tokens.get(m.to..=at).is_some_and(|t| t.iter().all(|t| !t.word)) || m.to > at;
        before && after && m.from >= from
    })
}

fn words(text: &str) -> Vec<String> {
    let folded: String = crate::normal::fold(text).0.iter().map(|f| f.ch).collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Names and contacts of the account, which stand for themselves.
struct Known {
    staff: Vec<String>,
    own: Vec<String>,
}

impl Known {
    fn new(request: &Request) -> Self {
        let account = &request.account;
        let contacts = account.phone.iter().chain(&account.email).chain(&account.url).chain(&account.allowed_urls);
        let own = contacts.chain(&account.sites).chain(std::iter::once(&account.name));
        Self {
            staff: account.staff.iter().flat_map(|s| words(s)).filter(|w| w.len() > 2).collect(),
            own: own.flat_map(|s| words(s)).filter(|w| w.len() > 2).collect(),
        }
    }
}

fn read(
    tokens: &[Token],
    chars: &[char],
    tongue: Tongue,
    author: &[String],
    said: &HashSet<String>,
    known: &Known,
    pool: &mut Vec<u64>,
) -> Vec<Word> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut opens = true;
    for token in tokens {
        let raw: String = chars[token.start..token.end].iter().flat_map(|c| c.to_lowercase()).collect();
        let raw = if token.word && !raw.chars().all(char::is_alphanumeric) { token.text.clone() } else { raw };
        let mut found = tag(tongue, token, &raw, opens);
        if token.word && author.contains(&token.text) && token.text.len() > 1 && !matches!(found, "A" | "I" | "THE") {
            found = "AUTHOR";
        } else if known.staff.contains(&token.text) && token.upper {
            found = "OURNAME";
        } else if known.own.contains(&token.text) && matches!(found, "NUM" | "NAME" | "X" | "XS") {
            found = "OWN";
        }
        if matches!(tongue, Tongue::En) && found == "PAST" {
            found = english_past(&out, found);
        }
        let lettered = !matches!(found, "AUTHOR" | "OURNAME" | "OWN" | "NUM" | "YEAR" | "NAME");
        let word = if lettered { text_hash(&raw) } else { text_hash(found) };
        out.push(Word {
            word,
            tag: found,
            of_tag: text_hash(found),
            echo: said.contains(&token.text),
            lettered,
            grams: if lettered { grams(&raw, pool) } else { (0, 0) },
        });
        let quote = || matches!(chars.get(token.start), Some('"' | '\u{201C}' | '\u{bf}' | '\u{a1}'));
        opens = !token.word && (opens || token.text == "." || quote());
    }
    out
}

/// The runs of three to five letters of a word, its ends marked, into the pool; of a long word those of its beginning.
fn grams(raw: &str, pool: &mut Vec<u64>) -> (u32, u32) {
    let from = pool.len() as u32;
    let mut letters = [' '; 26];
    let mut count = 1;
    letters[0] = '<';
    for c in raw.chars().take(24) {
        if !c.is_alphabetic() {
            return (from, from);
        }
        letters[count] = c;
        count += 1;
    }
    if count < 5 {
        return (from, from);
    }
    if count < 25 {
        letters[count] = '>';
        count += 1;
    }
    for size in 3..=5 {
        for run in letters[..count].windows(size) {
            let state = run
                .iter()
                .fold(size as u64, |state, c| (state ^ u64::from(u32::from(*c))).wrapping_mul(PRIME).rotate_left(23));
            pool.push(mix(state));
        }
    }
    (from, pool.len() as u32)
}

/// A form in -ed behind a form of be or have is no simple past.
fn english_past(before: &[Word], found: Tag) -> Tag {
    for word in before.iter().rev().take(3) {
        match word.tag {
            "IS" | "BE" => return "PASSIVE",
            "WAS" => return "WASPART",
            "HAVE" | "BEEN" | "HAD" => return "PERF",
            "." => break,
            _ => {}
        }
    }
    found
}

pub(super) const EDGE: u64 = 0x5EED;

fn sentence(reader: &mut Reader, words: &[Word], pool: &[u64]) {
    let n = words.len() + 2;
    let w = |i: usize| if i == 0 || i + 1 >= n { EDGE } else { words[i - 1].word };
    let t = |i: usize| if i == 0 || i + 1 >= n { EDGE } else { words[i - 1].of_tag };
    for i in 0..n {
        reader.add(kind::W, &[w(i)]);
        reader.add(kind::T, &[t(i)]);
        if i + 1 < n {
            reader.add(kind::W2, &[w(i), w(i + 1)]);
            reader.add(kind::T2, &[t(i), t(i + 1)]);
            reader.add(kind::WT, &[w(i), t(i + 1)]);
            reader.add(kind::TW, &[t(i), w(i + 1)]);
        }
        if i + 2 < n {
            reader.add(kind::W3, &[w(i), w(i + 1), w(i + 2)]);
            reader.add(kind::SK, &[w(i), w(i + 2)]);
            reader.add(kind::T3, &[t(i), t(i + 1), t(i + 2)]);
            reader.add(kind::TWT, &[t(i), w(i + 1), t(i + 2)]);
            reader.add(kind::TS, &[t(i), t(i + 2)]);
        }
        if i + 3 < n {
            reader.add(kind::T4, &[t(i), t(i + 1), t(i + 2), t(i + 3)]);
        }
    }
    let mut present: Vec<u64> =
        words.iter().filter(|w| !matches!(w.tag, "X" | "XS" | "," | ".")).map(|w| w.of_tag).collect();
    present.sort_unstable();
    present.dedup();
    for (at, a) in present.iter().enumerate() {
        for b in &present[at + 1..] {
            reader.add(kind::P, &[*a, *b]);
        }
    }
    for (at, one) in words.iter().enumerate() {
        if one.echo && one.tag != "AUTHOR" {
            reader.add(kind::ECHO, &[]);
            reader.add(kind::ECHO, &[one.of_tag]);
            reader.add(kind::ECHOB, &[if at > 0 { words[at - 1].of_tag } else { EDGE }]);
        }
    }
    frames(reader, words);
    // What carries the sense of a sentence, without what stands between.
    let core: Vec<u64> = words
        .iter()
        .filter(|w| !matches!(w.tag, "X" | "XS" | "LY" | "THE" | "A" | "," | "." | "\u{1}" | "!" | "AND"))
        .map(|w| w.of_tag)
        .collect();
    for k in 2..=4 {
        for run in core.windows(k) {
            reader.add(kind::CORE, run);
        }
    }
    let people: Vec<u64> = {
        let mut p: Vec<u64> = words
            .iter()
            .filter(|w| {
                matches!(
                    w.tag,
                    "YOU"
                        | "YOUR"
                        | "HE"
                        | "HIS"
                        | "WE"
                        | "I"
                        | "ANY"
                        | "IF"
                        | "KIN"
                        | "AUTHOR"
                        | "PAST"
                        | "WAS"
                        | "DAY"
                        | "TODAY"
                        | "WILL"
                        | "AGAIN"
                )
            })
            .map(|w| w.of_tag)
            .collect();
        p.sort_unstable();
        p.dedup();
        p
    };
    for word in words.iter().filter(|w| w.lettered) {
        for person in &people {
            reader.add(kind::PW, &[*person, word.word]);
        }
        for gram in &pool[word.grams.0 as usize..word.grams.1 as usize] {
            reader.add(kind::CG, &[*gram]);
        }
    }
}
