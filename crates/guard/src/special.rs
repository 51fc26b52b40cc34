//! Rules that look at the whole draft or at the message: C1, C2, F1, L1, W2, W3, W6.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::numbers::{current, digits, is_retired, national, runs};
use crate::reading::{self, MessageClass};
use crate::rules::compiled;
use crate::tokens::Token;
use crate::verdict::{Account, Kind, Request};

/// A rule and where; an empty span is about the whole.
pub(crate) type Hit = (&'static str, usize, usize);

/// C1 and C2: the help numbers of an answer.
pub(crate) fn help_numbers(request: &Request, class: MessageClass, chars: &[char], out: &mut Vec<Hit>) {
    let day = request.now.as_deref();
    let found = runs(chars);
    let texts: Vec<String> = found.iter().map(|(a, b)| chars[*a..*b].iter().collect()).collect();
    for ((start, end), text) in found.iter().zip(&texts) {
        if is_retired(text, day) {
            out.push(("C2", *start, *end));
        }
    }
    if !(class.crisis || class.distress || class.emergency) {
        return;
    }
    let country = request.account.country.as_deref().unwrap_or("US");
    let mut wanted = current(country, "emergency", day);
    if class.crisis || class.distress {
        // In a crisis the crisis line is the answer; an emergency number alone answers an emergency.
        let crisis = current(country, "crisis", day);
        if !class.emergency && !crisis.is_empty() {
            wanted.clear();
        }
        wanted.extend(crisis);
    }
    let given = texts.iter().any(|t| {
        let text = digits(t);
        wanted.iter().any(|n| national(&n.digits) == national(&text))
    });
    if !given {
        out.push(("C1", 0, 0));
    }
}

/// F1: a product and a benefit need a risk and a link.
pub(crate) fn product_claims(request: &Request, tokens: &[Token], out: &mut Vec<Hit>) {
    if request.kind != Kind::Post {
        return;
    }
    let grammar = &compiled().grammar;
    let draft = &request.draft;
    let mut products = grammar.class_hits(tokens, "drug");
    let severity = |t: &Token| matches!(t.text.as_str(), "mild" | "moderate" | "severe" | "relief" | "treatment");
    // "NoFocus for mild to moderate memory loss": a name with capitals, for something.
    let named =
        tokens.windows(3).enumerate().filter(|(_, w)| w[0].upper && w[0].word && w[1].text == "for" && severity(&w[2]));
    let claims: Vec<(usize, usize)> = named.map(|(at, _)| (at, at + 3)).collect();
    let marked = draft.contains(['®', '™']);
    let mut benefits = grammar.class_hits(tokens, "benefit");
    benefits.extend(&claims);
    products.extend(&claims);
    if products.is_empty() && marked {
        products.push((0, tokens.len().min(1)));
    }
    let (Some(product), Some(_)) = (products.first(), benefits.first()) else { return };
    // A word of the link ("/risk") is not the risk itself.
    let in_link = |token: &Token| {
        let chars = draft.chars().collect::<Vec<_>>();
        let start = chars[..token.start].iter().rposition(|c| c.is_whitespace()).map_or(0, |at| at + 1);
        let word: String = chars[start..].iter().take_while(|c| !c.is_whitespace()).collect();
        word.starts_with("www.") || word.contains("://") || word.contains('/')
    };
    let risk = grammar.class_hits(tokens, "risk").iter().any(|(at, _)| !in_link(&tokens[*at]));
    let lower = draft.to_lowercase();
    let link = lower.contains("http")
        || lower.contains("www.")
        || request.account.allowed_urls.iter().any(|u| lower.contains(&u.to_lowercase()));
    if !(risk && link)
        && let (Some(a), Some(b)) = (tokens.get(product.0), tokens.get(product.1.saturating_sub(1)))
    {
        out.push(("F1", a.start, b.end));
    }
}

/// L1: sentences in a language without rules.
pub(crate) fn languages(request: &Request, chars: &[char], out: &mut Vec<Hit>) {
    let foreign = |c: char| {
        c.is_alphabetic()
            && !matches!(u32::from(c), 0..0x0250 | 0x1E00..0x1F00 | 0x2100..0x2190 | 0xFF21..0xFF5B | 0x1D400..0x1D800 | 0x1D00..0x1D80 | 0x02B0..0x0300 | 0xA720..0xA7B0 | 0xFB00..0xFB07)
    };
    let author: Vec<char> = request.in_reply_to.as_ref().map(|m| m.author.chars().collect()).unwrap_or_default();
    let shown = |from: usize, to: usize| !author.is_empty() && author.windows(to - from).any(|w| *w == chars[from..to]);
    let mut at = 0;
    while at < chars.len() {
        if !foreign(chars[at]) {
            at += 1;
            continue;
        }
        let len = chars[at..].iter().take_while(|c| c.is_alphabetic()).count();
        if len >= 2 && !shown(at, at + len) {
            out.push(("L1", at, at + len));
            return;
        }
        at += len;
    }
    // Each sentence by itself, so that one foreign sentence does not hide among others.
    let mut start = 0;
    for end in (0..=chars.len()).filter(|i| *i == chars.len() || matches!(chars[*i], '.' | '!' | '?' | '\n')) {
        if end > start {
            let sentence: String = chars[start..end].iter().collect();
            if unruled(&sentence) {
                let lead = sentence.chars().take_while(|c| c.is_whitespace()).count();
                out.push(("L1", start + lead, end));
                return;
            }
        }
        start = end + 1;
    }
}

/// The words of a sentence are those of another language than English and Spanish.
fn unruled(sentence: &str) -> bool {
    let folded: String = crate::normal::fold(sentence).0.iter().map(|f| f.ch).collect();
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    if words.len() < 3 {
        return false;
    }
    let [own, others] = function_words();
    let function = words.iter().filter(|w| own.contains(**w)).count();
    let foreign = words.iter().filter(|w| others.contains(**w)).count();
    if foreign >= 2 && foreign > function {
        return true;
    }
    if function * 6 >= words.len() {
        return false;
    }
    let (tag, score) = reading::language(sentence);
    !matches!(tag, "en" | "es")
        && (tag != "und" && score >= 0.6 && words.len() >= 4 || words.len() >= 6 && function == 0)
}

/// [`FUNCTION`] and [`FOREIGN`], to look words up.
fn function_words() -> &'static [HashSet<&'static str>; 2] {
    static WORDS: OnceLock<[HashSet<&'static str>; 2]> = OnceLock::new();
    WORDS.get_or_init(|| [FUNCTION.into_iter().collect(), FOREIGN.into_iter().collect()])
}

const FUNCTION: [&str; 96] = [
    "the",
    "and",
    "to",
    "of",
    "you",
    "we",
    "our",
    "your",
    "is",
    "are",
    "for",
    "with",
    "this",
    "that",
    "have",
    "please",
    "thank",
    "thanks",
    "not",
    "can",
    "will",
    "it",
    "here",
    "at",
    "us",
    "about",
    "any",
    "or",
    "if",
    "be",
    "they",
    "their",
    "has",
    "was",
    "were",
    "do",
    "what",
    "when",
    "how",
    "from",
    "by",
    "as",
    "who",
    "it's",
    "they're",
    "hi",
    "hello",
    "call",
    "sorry",
    "all",
    "more",
    "my",
    "i",
    "get",
    "need",
    "should",
    "must",
    "el",
    "la",
    "los",
    "las",
    "que",
    "por",
    "para",
    "con",
    "su",
    "sus",
    "una",
    "un",
    "es",
    "y",
    "nos",
    "le",
    "lo",
    "se",
    "del",
    "gracias",
    "si",
    "no",
    "nuestro",
    "nuestra",
    "al",
    "como",
    "usted",
    "a",
    "en",
    "de",
    "fue",
    "te",
    "tu",
    "lamentamos",
    "esta",
    "ha",
    "su",
    "muy",
    "mas",
];

const FOREIGN: [&str; 92] = [
    "der",
    "die",
    "das",
    "und",
    "ist",
    "sie",
    "wir",
    "ihre",
    "ihren",
    "ihrem",
    "ihnen",
    "fur",
    "nicht",
    "bei",
    "mit",
    "uns",
    "haben",
    "bitte",
    "vielen",
    "dank",
    "unsere",
    "unserer",
    "waren",
    "sind",
    "dass",
    "auf",
    "einen",
    "eine",
    "les",
    "des",
    "vous",
    "nous",
    "votre",
    "notre",
    "est",
    "pour",
    "avec",
    "dans",
    "merci",
    "avez",
    "etes",
    "vos",
    "nos",
    "une",
    "chez",
    "il",
    "di",
    "che",
    "per",
    "grazie",
    "sua",
    "suo",
    "nostro",
    "nostra",
    "abbiamo",
    "della",
    "nel",
    "lei",
    "voce",
    "obrigado",
    "obrigada",
    "nao",
    "sua",
    "seu",
    "nossa",
    "nosso",
    "em",
    "uma",
    "foi",
    "para",
    "het",
    "een",
    "uw",
    "wij",
    "bedankt",
    "bij",
    "ons",
    "van",
    "dziekujemy",
    "za",
    "jest",
    "pana",
    "pani",
    "naszej",
    "w",
    "sie",
    "salamat",
    "po",
    "inyong",
    "aming",
    "sa",
    "ng",
];

/// W2: hard to read. Texts of 100 words or more by grade, shorter ones by sentence and word.
pub(crate) fn reading_ease(request: &Request, chars: &[char], out: &mut Vec<Hit>) {
    let found = reading::readability(&request.draft);
    if let Some(grade) = found.fk_grade.filter(|_| found.words >= 100) {
        if grade > 8.0 {
            out.push(("W2", 0, 0));
        }
        return;
    }
    if found.longest_sentence > 25 {
        let (start, end) = longest(chars);
        out.push(("W2", start, end));
    }
    for word in &found.hard_words {
        out.push(("W2", word.span.start, word.span.end));
    }
}

fn longest(chars: &[char]) -> (usize, usize) {
    let mut best = (0, 0, 0);
    let mut start = 0;
    for end in (0..=chars.len()).filter(|i| *i == chars.len() || matches!(chars[*i], '.' | '!' | '?' | '\n')) {
        let from = start + chars[start.min(end)..end].iter().take_while(|c| c.is_whitespace()).count();
        let words = chars[from.min(end)..end].split(|c| c.is_whitespace()).filter(|w| !w.is_empty()).count();
        if words > best.0 {
            best = (words, from.min(end), end);
        }
        start = (end + 1).min(chars.len());
    }
    (best.1, best.2)
}

/// W3: an answer to a complaint names a way to go on in private.
pub(crate) fn offline_route(request: &Request, class: MessageClass, chars: &[char], out: &mut Vec<Hit>) {
    if !class.complaint || class.crisis || class.distress || class.emergency {
        return;
    }
    let Account { phone, email, url, .. } = &request.account;
    let draft = request.draft.to_lowercase();
    let holds =
        |part: &Option<String>| part.as_deref().is_some_and(|p| !p.is_empty() && draft.contains(&p.to_lowercase()));
    let number = runs(chars).iter().any(|(a, b)| chars[*a..*b].iter().filter(|c| c.is_ascii_digit()).count() >= 7);
    if !(holds(phone)
        || holds(email)
        || holds(url)
        || number
        || draft.contains('@')
        || draft.contains("http")
        || draft.contains("www."))
    {
        out.push(("W3", 0, 0));
    }
}

/// W6: emoji and exclamation marks in an answer to a crisis.
pub(crate) fn light_tone(class: MessageClass, chars: &[char], out: &mut Vec<Hit>) {
    if !(class.crisis || class.emergency) {
        return;
    }
    for (at, c) in chars.iter().enumerate() {
        if *c == '!' || matches!(u32::from(*c), 0x1F300..=0x1FAFF | 0x2600..=0x27BF | 0x2B50) {
            out.push(("W6", at, at + 1));
        }
    }
}
