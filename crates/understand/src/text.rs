//! The text as every head sees it: words with their place, and one normalised line to match
//! phrases on.
//!
//! The line holds the words in lower case, without accents and apostrophes, contractions written
//! out ("can't", "cant" and "cannot" are all `can not`), filler words dropped ("I *just literally*
//! want to"), one space between words and ` . ` between sentences. So a phrase in a lexicon is
//! written once and found in all its spellings. Because a word is only ever expanded, never joined
//! with its neighbour, text that is added before or after cannot hide a phrase that was found.

mod signs;
mod spelling;

use crate::assessment::Span;
use crate::weights::{Unit, hash};
pub(crate) use signs::{fold, is_alone, is_word};
use signs::{is_apostrophe, is_invisible};
use spelling::{ENDINGS, rewritten, turns, with_digits};
pub(crate) use spelling::{is_filler, word_key};

/// A word as written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    /// First scalar value.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Counts sentences from 0.
    pub sentence: u32,
    /// Counts clauses from 0, over the whole text.
    pub clause: u32,
    /// How it is capitalised.
    pub case: Case,
}

/// How a word is capitalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// No capital.
    Lower,
    /// The first letter only, or mixed (`McDonald`).
    Title,
    /// More than one letter, all of them capitals.
    Upper,
}

/// A word of the normalised line.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// First byte in the line.
    at: u32,
    /// The word it came from.
    word: u32,
    /// Ends of sentences in the line before it.
    stops: u32,
    /// The hash of its letters and digits.
    key: u64,
}

/// A text, prepared once for all heads.
#[derive(Debug)]
pub(crate) struct Text {
    /// Words in order.
    pub words: Vec<Word>,
    /// The normalised line; begins and ends with a space.
    pub line: String,
    /// The words as the models see them: those of the line, and the fillers and marks that are not in it.
    pub units: Vec<Unit>,
    /// The letters of units that are not in the line.
    aside: String,
    pieces: Vec<Piece>,
    /// Ends of sentences in the line.
    stops: u32,
    /// Number of sentences that hold a word.
    pub sentences: u32,
    /// A question mark stands in the text.
    pub question_marks: u32,
    /// Exclamation marks.
    pub exclamations: u32,
    /// Share of the words with two letters or more that are all capitals, and at least four of them.
    pub shouting: bool,
}

/// Marks the place of a unit that is not in the line.
const ASIDE: u32 = 1 << 31;

impl Text {
    /// Reads a text once, from left to right.
    pub fn new(text: &str) -> Self {
        let mut out = Self {
            words: Vec::with_capacity(text.len() / 5),
            line: String::with_capacity(text.len() + 16),
            units: Vec::with_capacity(text.len() / 4),
            aside: String::new(),
            pieces: Vec::with_capacity(text.len() / 5),
            stops: 0,
            sentences: 0,
            question_marks: 0,
            exclamations: 0,
            shouting: false,
        };
        out.line.push(' ');
        let mut reader = Reader::default();
        let mut chars = text.chars().enumerate().peekable();
        let mut before = ' ';
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map_or(' ', |&(_, next)| next);
            if !c.is_ascii() && is_alone(c) {
                reader.flush(&mut out, at);
                reader.begin(at, before);
                reader.push(c);
                reader.flush(&mut out, at + 1);
            } else if is_word(c) || (c == '*' && reader.open() && (is_word(next) || next == '*')) {
                reader.begin(at, before);
                reader.push(c);
            } else if is_apostrophe(c) && reader.open() && is_word(next) {
                reader.apostrophe();
            } else if !is_invisible(c) {
                reader.flush(&mut out, at);
                reader.mark(&mut out, c, before, next, at);
            }
            before = c;
        }
        let end = text.chars().count();
        reader.flush(&mut out, end);
        if out.words.last().is_some_and(|last| last.sentence == reader.sentence) {
            reader.sentence += 1;
        }
        out.sentences = reader.sentence;
        out.shouting = reader.upper >= 4 && reader.upper * 2 > reader.long;
        out
    }

    /// Where a stretch of the line lies in the text.
    pub fn span(&self, from: usize, to: usize) -> Span {
        let first = self.words[self.pieces[from].word as usize];
        let last = self.words[self.pieces[to - 1].word as usize];
        Span { start: first.start as usize, end: last.end as usize }
    }

    /// The hash of a word of the line, digits told apart.
    pub fn key(&self, piece: usize) -> u64 {
        self.pieces[piece].key
    }

    /// How many ends of sentences stand in the line between a word and the one before.
    pub fn stops_before(&self, piece: usize) -> u32 {
        self.pieces[piece].stops - self.pieces[piece - 1].stops
    }

    /// The letters of a unit.
    pub fn unit(&self, unit: &Unit) -> &str {
        let from = (unit.at & !ASIDE) as usize;
        let letters = if unit.at & ASIDE == 0 { &self.line } else { &self.aside };
        &letters[from..from + unit.len as usize]
    }

    /// The clause in which a unit stands.
    pub fn clause_of(&self, unit: usize) -> u32 {
        self.words[self.units[unit].word as usize].clause
    }

    /// Where a unit stands in the text.
    pub fn unit_span(&self, unit: usize) -> Span {
        let word = self.words[self.units[unit].word as usize];
        Span { start: word.start as usize, end: word.end as usize }
    }

    /// A unit that is not in the line.
    fn put_aside(&mut self, letters: &str, word: u32) {
        let at = self.aside.len() as u32 | ASIDE;
        self.aside.push_str(letters);
        self.units.push(Unit { hash: hash(letters), word, at, len: letters.len() as u32 });
    }

    /// How many words the line has.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// A word of the line.
    pub fn piece(&self, index: usize) -> &str {
        let rest = &self.line[self.pieces[index].at as usize..];
        rest.split(' ').next().unwrap_or_default()
    }

    /// The word as written that a word of the line came from.
    pub fn word(&self, piece: usize) -> Word {
        self.words[self.pieces[piece].word as usize]
    }
}

/// Brings a phrase of a lexicon into the form of the line, with its surrounding spaces.
pub(crate) fn normalise(phrase: &str) -> String {
    Text::new(phrase).line
}

#[derive(Default)]
struct Reader {
    /// The folded word so far.
    word: String,
    /// Where an apostrophe stood, in bytes of `word`.
    tail: Option<usize>,
    start: usize,
    last: usize,
    sentence: u32,
    clause: u32,
    capitals: u32,
    letters: u32,
    first_capital: bool,
    upper: u32,
    long: u32,
}

impl Reader {
    fn open(&self) -> bool {
        !self.word.is_empty()
    }

    fn begin(&mut self, at: usize, _before: char) {
        if self.word.is_empty() {
            self.start = at;
            self.capitals = 0;
            self.letters = 0;
            self.first_capital = false;
            self.tail = None;
        }
        self.last = at;
    }

    fn push(&mut self, c: char) {
        self.letters += 1;
        if c.is_uppercase() {
            self.capitals += 1;
            self.first_capital |= self.letters == 1;
        }
        if let Some(folded) = fold(c) {
            self.word.push(folded);
        } else if self.word.is_empty() {
            // A word that begins with a mark that is dropped still has a place.
            self.word.push('\u{b7}');
        }
    }

    fn apostrophe(&mut self) {
        self.tail = Some(self.word.len());
    }

    fn mark(&mut self, out: &mut Text, c: char, before: char, next: char, at: usize) {
        match c {
            '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '।' => {
                out.question_marks += u32::from(matches!(c, '?' | '？' | '؟'));
                out.exclamations += u32::from(matches!(c, '!' | '！'));
                self.loud(out, c);
                let inside = c == '.' && (next.is_alphanumeric() || self.initial(out, at));
                if !inside {
                    self.end_sentence(out);
                }
            }
            '\n' if before == '\n' => self.end_sentence(out),
            ')' if matches!(before, ':' | '-' | ';') => self.emoticon(out, at, "🙂"),
            '(' if matches!(before, ':' | '-') => self.emoticon(out, at, "🙁"),
            ',' | ';' | ':' | '(' | ')' | '–' | '—' | '\n' => self.clause += 1,
            _ => {}
        }
    }

    /// Marks that say something are seen by the models, a run of them once.
    fn loud(&mut self, out: &mut Text, c: char) {
        let mark = match c {
            '!' | '！' => "!",
            '?' | '？' | '؟' => "?",
            _ => return,
        };
        let word = (out.words.len() as u32).saturating_sub(1);
        let again = out.units.last().is_some_and(|last| out.unit(last) == mark);
        if !again && !out.words.is_empty() {
            out.put_aside(mark, word);
        }
    }

    /// "Dr." and "J." do not end a sentence.
    fn initial(&self, out: &Text, at: usize) -> bool {
        out.words.last().is_some_and(|last| {
            last.end as usize == at
                && last.case != Case::Lower
                && (last.end - last.start == 1
                    || out.units.last().is_some_and(|unit| {
                        matches!(out.unit(unit), "dr" | "mr" | "mrs" | "ms" | "prof" | "st" | "sr" | "sra")
                    }))
        })
    }

    fn emoticon(&mut self, out: &mut Text, at: usize, stands_for: &str) {
        self.start = at.saturating_sub(1);
        self.word.push_str(stands_for);
        self.letters = 0;
        self.capitals = 0;
        self.flush(out, at + 1);
    }

    fn end_sentence(&mut self, out: &mut Text) {
        if out.words.last().is_some_and(|last| last.sentence == self.sentence) {
            self.sentence += 1;
            self.clause += 1;
            out.line.push_str(". ");
            out.stops += 1;
        }
    }

    fn flush(&mut self, out: &mut Text, at: usize) {
        if self.word.is_empty() {
            return;
        }
        // Trailing dropped marks belong to the word, trailing apostrophes do not.
        let end = at.min(self.last.max(self.start) + 1).max(self.start + 1);
        self.shorten();
        let case = match (self.capitals, self.letters) {
            (0, _) => Case::Lower,
            (capitals, letters) if letters > 1 && capitals == letters => Case::Upper,
            _ if self.first_capital || self.capitals > 0 => Case::Title,
            _ => Case::Lower,
        };
        if self.letters > 1 {
            self.long += 1;
            self.upper += u32::from(case == Case::Upper);
        }
        if turns(&self.word) {
            self.clause += 1;
        }
        let index = out.words.len() as u32;
        out.words.push(Word {
            start: self.start as u32,
            end: end as u32,
            sentence: self.sentence,
            clause: self.clause,
            case,
        });
        self.write(out, index);
        self.word.clear();
        self.tail = None;
    }

    /// A letter drawn out ("helppp", "soooo") is written once at the end of a word, twice inside.
    fn shorten(&mut self) {
        let bytes = self.word.as_bytes();
        if !bytes.windows(3).any(|three| three[0] == three[1] && three[1] == three[2] && three[0].is_ascii_lowercase())
        {
            return;
        }
        let mut short = String::with_capacity(self.word.len());
        let chars: Vec<char> = self.word.chars().collect();
        let mut at = 0;
        while at < chars.len() {
            let run = chars[at..].iter().take_while(|&&c| c == chars[at]).count();
            let keep = if run < 3 || !chars[at].is_ascii_lowercase() {
                run
            } else if at + run == chars.len() {
                1
            } else {
                2
            };
            short.extend(std::iter::repeat_n(chars[at], keep));
            at += run;
        }
        self.word = short;
        self.tail = None;
    }

    fn write(&self, out: &mut Text, index: u32) {
        let mut put = |piece: &str| {
            let at = out.line.len() as u32;
            let hash = hash(piece);
            out.pieces.push(Piece { at, word: index, stops: out.stops, key: with_digits(hash, piece) });
            out.units.push(Unit { hash, word: index, at, len: piece.len() as u32 });
            out.line.push_str(piece);
            out.line.push(' ');
        };
        let word = self.word.as_str();
        if is_filler(word) {
            out.put_aside(word, index);
            return;
        }
        if let Some(tail) = self.tail {
            let (stem, ending) = word.split_at(tail);
            if ending == "t" && stem.len() > 1 && stem.ends_with('n') {
                let verb = match stem {
                    "can" => "can",
                    "won" => "will",
                    "shan" => "shall",
                    _ => &stem[..stem.len() - 1],
                };
                put(verb);
                put("not");
                return;
            }
            if let Some((_, full)) = ENDINGS.iter().find(|(short, _)| *short == ending) {
                put(stem);
                put(full);
                return;
            }
            if ending == "s"
                && matches!(stem, "it" | "he" | "she" | "that" | "there" | "what" | "where" | "who" | "how" | "here")
            {
                put(stem);
                put("is");
                return;
            }
        }
        match rewritten(word) {
            Some(words) => words.split(' ').for_each(put),
            None => put(word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> String {
        Text::new(text).line.trim().to_string()
    }

    #[test]
    fn spellings_meet_in_one_line() {
        let expected = "i can not do this any more .";
        for text in [
            "I can't do this anymore.",
            "i CANT do this any more!",
            "I cannot just do this ANY more…",
            "I can’t do this anymore?",
        ] {
            assert_eq!(line(text), expected, "{text}");
        }
        assert_eq!(line("I'll be ill"), "i will be ill");
        assert_eq!(line("No podía más"), "no podia mas");
        assert_eq!(line("heeelp, helppppp"), "heelp help");
        assert_eq!(line("我不想活了"), "我 不 想 活 了");
    }

    #[test]
    fn a_stretch_of_the_line_leads_back_to_the_text() {
        let raw = "Hello 🙂 — I CAN'T breathe.";
        let text = Text::new(raw);
        let from = (0..text.len()).find(|&at| text.piece(at) == "can").expect("the word is there");
        let span = text.span(from, from + 3);
        let found: String = raw.chars().skip(span.start).take(span.end - span.start).collect();
        assert_eq!(found, "CAN'T breathe");
    }

    #[test]
    fn titles_and_numbers_do_not_end_a_sentence() {
        assert_eq!(Text::new("Dr. Green waited 3.5 hours. Then left.").sentences, 2);
        assert_eq!(Text::new("... !!! ???").sentences, 0);
        // A filler alone is in no line, and ends a sentence all the same.
        assert_eq!(Text::new("Really. Just. No").sentences, 3);
    }
}
