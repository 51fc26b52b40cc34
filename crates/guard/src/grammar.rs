//! A small grammar of phrases over words: classes of words, options and gaps, matched in one pass.
//!
//! A pattern is a line of elements: `word|other` one of these words, `<class>` a word or phrase of a
//! class, `~` one word that carries meaning (no function word), `..3` up to three words, `!word` or
//! `!<class>` not followed by it; `?` behind an element makes it optional. Nothing crosses the end of
//! a sentence. A pattern that begins a line with `safe:` takes away the matches that lie inside its own; one that begins with `hint:` finds nothing by itself and is a hint for the scorer.

use std::collections::HashMap;

use crate::tokens::Token;

#[derive(Debug, Clone)]
enum What {
    Words(Vec<u32>),
    Class(u16),
    Content,
    Gap(u8),
    NotWords(Vec<u32>),
    NotClass(u16),
}

#[derive(Debug, Clone)]
struct Element {
    what: What,
    optional: bool,
}

#[derive(Debug)]
struct Pattern {
    group: usize,
    safe: bool,
    /// A hit is a hint for the scorer, not a finding.
    hint: bool,
    /// The line it was read from.
    line: String,
    elements: Vec<Element>,
}

/// A match: which group of patterns, and the tokens it spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Index of the group given to [`Builder::group`].
    pub group: usize,
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// Index of the pattern.
    pub pattern: usize,
    /// A hit is a hint for the scorer, not a finding.
    pub hint: bool,
}

/// The compiled patterns.
#[derive(Debug, Default)]
pub struct Grammar {
    words: HashMap<String, u32>,
    classes: HashMap<String, u16>,
    /// First word of a phrase -> (further words, class).
    phrases: HashMap<u32, Vec<(Vec<u32>, u16)>>,
    prefixes: Vec<(String, u16)>,
    suffixes: Vec<(String, u16)>,
    /// Which prefixes begin, and which suffixes end, with a byte.
    by_first: HashMap<u8, Vec<u32>>,
    by_last: HashMap<u8, Vec<u32>>,
    patterns: Vec<Pattern>,
    by_word: HashMap<u32, Vec<u32>>,
    by_class: HashMap<u16, Vec<u32>>,
    /// The same, by the number itself, once all is read.
    of_word: Vec<OfWord>,
    of_class: Vec<Vec<u32>>,
    function: u16,
    stop: u32,
}

/// What begins with a word: patterns, and phrases with their further words and class.
#[derive(Debug, Clone, Default)]
struct OfWord {
    patterns: Vec<u32>,
    phrases: Vec<(Vec<u32>, u16)>,
}

/// What a text is for the grammar: the id of each word and the classes that begin there.
struct Reading {
    ids: Vec<u32>,
    hits: Vec<Vec<(u16, u8)>>,
    word: Vec<bool>,
}

const UNKNOWN: u32 = u32::MAX;

impl Grammar {
    /// An empty grammar; the class `function` tells which words carry no meaning of their own.
    pub fn new() -> Self {
        let mut grammar = Self::default();
        grammar.stop = grammar.word(".");
        grammar.function = grammar.class_id("function");
        grammar
    }

    fn word(&mut self, word: &str) -> u32 {
        let next = u32::try_from(self.words.len()).unwrap_or(UNKNOWN);
        *self.words.entry(word.to_owned()).or_insert(next)
    }

    fn class_id(&mut self, name: &str) -> u16 {
        let next = u16::try_from(self.classes.len()).unwrap_or(u16::MAX);
        *self.classes.entry(name.to_owned()).or_insert(next)
    }

    /// Adds words to a class: `word`, `several_words`, `begin*`, `*end`, separated by white space.
    /// `<other>` takes over the members of a class that was added before.
    pub fn class(&mut self, name: &str, members: &str) {
        let id = self.class_id(name);
        for member in members.split_whitespace() {
            if let Some(other) = member.strip_prefix('<').and_then(|m| m.strip_suffix('>')) {
                let other = self.class_id(other);
                for list in self.phrases.values_mut() {
                    let copies: Vec<_> =
                        list.iter().filter(|(_, c)| *c == other).map(|(w, _)| (w.clone(), id)).collect();
                    list.extend(copies);
                }
                for list in [&mut self.prefixes, &mut self.suffixes] {
                    let copies: Vec<_> =
                        list.iter().filter(|(_, c)| *c == other).map(|(w, _)| (w.clone(), id)).collect();
                    list.extend(copies);
                }
            } else if let Some(begin) = member.strip_suffix('*') {
                self.prefixes.push((begin.into(), id));
            } else if let Some(end) = member.strip_prefix('*') {
                self.suffixes.push((end.into(), id));
            } else {
                let mut ids: Vec<u32> = member.split('_').map(|w| self.word(w)).collect();
                let first = ids.remove(0);
                self.phrases.entry(first).or_default().push((ids, id));
            }
        }
    }

    /// Adds the patterns of a group, one a line. Says which line cannot be read.
    pub fn group(&mut self, group: usize, lines: &str) -> Result<(), String> {
        for line in lines.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let (safe, body) = line.strip_prefix("safe:").map_or((false, line), |rest| (true, rest.trim()));
            let (hint, body) = body.strip_prefix("hint:").map_or((false, body), |rest| (true, rest.trim()));
            let mut elements = Vec::new();
            for part in body.split_whitespace() {
                let (part, optional) = part.strip_suffix('?').map_or((part, false), |p| (p, true));
                let what = self.element(part).ok_or_else(|| format!("unknown element {part:?} in {line:?}"))?;
                elements.push(Element { what, optional });
            }
            let index = u32::try_from(self.patterns.len()).unwrap_or(UNKNOWN);
            match elements.first() {
                Some(Element { what: What::Words(ids), optional: false }) => {
                    for id in ids.clone() {
                        self.by_word.entry(id).or_default().push(index);
                    }
                }
                Some(Element { what: What::Class(id), optional: false }) => {
                    self.by_class.entry(*id).or_default().push(index)
                }
                _ => return Err(format!("{line:?} must begin with a word or a class")),
            }
            self.patterns.push(Pattern { group, safe, hint, line: body.to_owned(), elements });
        }
        Ok(())
    }

    fn element(&mut self, part: &str) -> Option<What> {
        if part == "~" {
            return Some(What::Content);
        }
        if let Some(count) = part.strip_prefix("..") {
            return count.parse().ok().map(What::Gap);
        }
        let (not, part) = part.strip_prefix('!').map_or((false, part), |p| (true, p));
        if let Some(name) = part.strip_prefix('<').and_then(|p| p.strip_suffix('>')) {
            let id = *self.classes.get(name)?;
            return Some(if not { What::NotClass(id) } else { What::Class(id) });
        }
        let ids = part.split('|').map(|w| self.word(w)).collect();
        Some(if not { What::NotWords(ids) } else { What::Words(ids) })
    }

    /// The line of a pattern, as it stands in the data.
    pub fn line(&self, pattern: usize) -> &str {
        self.patterns.get(pattern).map_or("", |p| p.line.as_str())
    }

    /// The id of a class.
    pub fn class_named(&self, name: &str) -> Option<u16> {
        self.classes.get(name).copied()
    }

    /// Where in the text the words of one class stand, as token ranges.
    pub fn class_hits(&self, tokens: &[Token], name: &str) -> Vec<(usize, usize)> {
        let Some(id) = self.class_named(name) else { return Vec::new() };
        let reading = self.read(tokens);
        reading
            .hits
            .iter()
            .enumerate()
            .flat_map(|(at, hits)| hits.iter().filter(|h| h.0 == id).map(move |h| (at, at + usize::from(h.1))))
            .collect()
    }

    fn read(&self, tokens: &[Token]) -> Reading {
        let ids: Vec<u32> = tokens.iter().map(|t| self.words.get(&t.text).copied().unwrap_or(UNKNOWN)).collect();
        let hits = ids
            .iter()
            .enumerate()
            .map(|(at, id)| {
                let mut hits: Vec<(u16, u8)> = Vec::new();
                for (rest, class) in self.of_word.get(*id as usize).into_iter().flat_map(|w| &w.phrases) {
                    if ids[at + 1..].starts_with(rest) {
                        hits.push((*class, u8::try_from(rest.len() + 1).unwrap_or(1)));
                    }
                }
                let text = tokens[at].text.as_str();
                if tokens[at].word {
                    self.affixes(text, &mut hits);
                }
                // The longest member of a class first: "emergency room visit" before "emergency room".
                hits.sort_unstable_by_key(|h| (h.0, std::cmp::Reverse(h.1)));
                hits.dedup();
                hits
            })
            .collect();
        Reading { ids, hits, word: tokens.iter().map(|t| t.word).collect() }
    }

    /// The classes that a word belongs to by its beginning or end.
    fn affixes(&self, text: &str, hits: &mut Vec<(u16, u8)>) {
        let (Some(first), Some(last)) = (text.bytes().next(), text.bytes().last()) else { return };
        let begin = self.by_first.get(&first).into_iter().flatten().map(|at| &self.prefixes[*at as usize]);
        hits.extend(begin.filter(|(p, _)| text.starts_with(p.as_str())).map(|(_, c)| (*c, 1)));
        let end = self.by_last.get(&last).into_iter().flatten().map(|at| &self.suffixes[*at as usize]);
        hits.extend(end.filter(|(s, _)| text.len() > s.len() && text.ends_with(s.as_str())).map(|(_, c)| (*c, 1)));
    }

    /// To be called when all classes and patterns are there: prepares the look-ups.
    pub fn ready(&mut self) {
        let bucket = |list: &[(String, u16)], byte: fn(&str) -> Option<u8>| {
            let mut out: HashMap<u8, Vec<u32>> = HashMap::new();
            for (at, (text, _)) in list.iter().enumerate() {
                if let Some(byte) = byte(text) {
                    out.entry(byte).or_default().push(u32::try_from(at).unwrap_or(UNKNOWN));
                }
            }
            out
        };
        self.of_word = vec![OfWord::default(); self.words.len()];
        for (id, of) in self.of_word.iter_mut().enumerate() {
            let id = u32::try_from(id).unwrap_or(UNKNOWN);
            of.patterns = self.by_word.remove(&id).unwrap_or_default();
            of.phrases = self.phrases.remove(&id).unwrap_or_default();
        }
        self.of_class = vec![Vec::new(); self.classes.len()];
        for (id, of) in self.of_class.iter_mut().enumerate() {
            *of = u16::try_from(id).ok().and_then(|id| self.by_class.remove(&id)).unwrap_or_default();
        }
        self.by_first = bucket(&self.prefixes, |t| t.bytes().next());
        self.by_last = bucket(&self.suffixes, |t| t.bytes().last());
    }

    /// All matches that no safe pattern of the same group covers, in the order of the text.
    pub fn find(&self, tokens: &[Token]) -> Vec<Match> {
        let reading = self.read(tokens);
        let mut found = Vec::new();
        let mut safe: Vec<Match> = Vec::new();
        for from in 0..tokens.len() {
            let words = self.of_word.get(reading.ids[from] as usize).into_iter().flat_map(|w| &w.patterns);
            let mut classes: Vec<u16> = reading.hits[from].iter().map(|h| h.0).collect();
            classes.dedup();
            let by_class = classes.iter().filter_map(|c| self.of_class.get(usize::from(*c))).flatten();
            for &index in words.chain(by_class) {
                let pattern = &self.patterns[index as usize];
                if let Some(to) = self.follow(&reading, &pattern.elements, from) {
                    let one = Match { group: pattern.group, from, to, pattern: index as usize, hint: pattern.hint };
                    if pattern.safe { safe.push(one) } else { found.push(one) }
                }
            }
        }
        found.retain(|m| !safe.iter().any(|s| s.group == m.group && s.from <= m.from && m.to <= s.to));
        found
    }

    fn follow(&self, reading: &Reading, elements: &[Element], at: usize) -> Option<usize> {
        let Some((first, rest)) = elements.split_first() else { return Some(at) };
        let here = |id: &u32| reading.ids.get(at) == Some(id);
        let is = |class: &u16| reading.hits.get(at).is_some_and(|h| h.iter().any(|h| h.0 == *class));
        let taken = match &first.what {
            What::Words(ids) => ids.iter().any(here).then(|| self.follow(reading, rest, at + 1)).flatten(),
            What::Class(class) => reading
                .hits
                .get(at)
                .into_iter()
                .flatten()
                .filter(|h| h.0 == *class)
                .find_map(|h| self.follow(reading, rest, at + usize::from(h.1))),
            What::Content => (reading.word.get(at) == Some(&true) && !is(&self.function))
                .then(|| self.follow(reading, rest, at + 1))
                .flatten(),
            What::Gap(most) => {
                let mut reached = at;
                loop {
                    // A gap at the end takes all it can: a safe pattern then covers what it excuses.
                    let more = reached - at < usize::from(*most)
                        && reading.ids.get(reached).is_some_and(|id| *id != self.stop);
                    if rest.is_empty() && more {
                        reached += 1;
                        continue;
                    }
                    if let Some(end) = self.follow(reading, rest, reached) {
                        return Some(end);
                    }
                    if reached - at == usize::from(*most) || reading.ids.get(reached).is_none_or(|id| *id == self.stop)
                    {
                        return None;
                    }
                    reached += 1;
                }
            }
            What::NotWords(ids) => (!ids.iter().any(here)).then(|| self.follow(reading, rest, at)).flatten(),
            What::NotClass(class) => (!is(class)).then(|| self.follow(reading, rest, at)).flatten(),
        };
        taken.or_else(|| if first.optional { self.follow(reading, rest, at) } else { None })
    }
}
