//! B2 and B3: who is named, and what identifies. What the account has registered, public help
//! numbers and the author's display name as shown are never findings; whatever else identifies and
//! can't be tied to any of these is.

use bedside_understand::{Identifier, IdentifierType};

use crate::numbers::{digits, is_public, national};
use crate::people;
use crate::reading;
use crate::tokens::Token;
use crate::verdict::{Account, Kind, Request};

/// A piece of the draft that names or identifies.
pub(crate) struct Named {
    pub rule: &'static str,
    pub start: usize,
    pub end: usize,
}

/// Letters and digits alone, lower case: what two spellings of a name have in common.
pub(crate) fn squash(text: &str) -> String {
    crate::normal::fold(text).0.iter().map(|f| f.ch).filter(|c| c.is_alphanumeric()).collect()
}

pub(crate) fn words_of(text: &str) -> Vec<String> {
    let folded: String = crate::normal::fold(text).0.iter().map(|f| f.ch).collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// What may be named: built once per check.
pub(crate) struct Known {
    numbers: Vec<String>,
    addresses: Vec<String>,
    hosts: Vec<String>,
    names: Vec<Vec<String>>,
    author: Vec<String>,
    /// The display name in one piece: `runlikehank`.
    handle: String,
    day: Option<String>,
}

impl Known {
    pub fn new(request: &Request) -> Self {
        let account: &Account = &request.account;
        let urls = account.url.iter().chain(&account.allowed_urls);
        let names = std::iter::once(&account.name).chain(&account.staff).chain(&account.sites);
        let contacts = account.phone.iter().chain(account.sites.iter());
        Self {
            numbers: contacts.map(|p| digits_only(p)).filter(|d| !d.is_empty()).collect(),
            addresses: account.email.iter().map(|e| e.to_lowercase()).collect(),
            hosts: urls.map(|u| bare_url(u)).filter(|u| !u.is_empty()).collect(),
            names: names.map(|n| words_of(n)).filter(|w| !w.is_empty()).collect(),
            author: request.in_reply_to.as_ref().map(|m| words_of(&m.author)).unwrap_or_default(),
            handle: request.in_reply_to.as_ref().map(|m| squash(&m.author)).unwrap_or_default(),
            day: request.now.clone(),
        }
    }

    fn number(&self, text: &str) -> bool {
        let found = digits_only(text);
        // The last seven digits are the number as dialled at home.
        let own = |n: &String| national(n) == national(&found) || found.len() == 7 && n.ends_with(&found);
        is_public(text, self.day.as_deref()) || self.numbers.iter().any(own)
    }

    fn url(&self, text: &str) -> bool {
        let found = bare_url(text);
        self.hosts.iter().any(|host| {
            found == *host || found.strip_prefix(host.as_str()).is_some_and(|rest| rest.starts_with(['/', '?', '#']))
        })
    }

    /// Are these words the name of the organisation, of a site, of staff, or the author's as shown?
    pub fn name(&self, text: &str) -> bool {
        let words: Vec<String> = words_of(text).into_iter().filter(|w| !people::is_title(w) && w != "s").collect();
        words.iter().all(|w| self.shown(w)) || self.names.iter().any(|name| words.iter().all(|w| name.contains(w)))
    }

    /// The word stands in the author's display name, or in a handle made of it.
    pub fn shown(&self, word: &str) -> bool {
        self.author.iter().any(|w| w == word) || word.chars().count() >= 3 && self.handle.contains(word)
    }

    /// The word stands in the name of the organisation, a site or somebody of the staff.
    pub fn own(&self, word: &str) -> bool {
        self.names.iter().flatten().any(|w| w == word)
    }
}

fn digits_only(text: &str) -> String {
    digits(&text.chars().filter(|c| !c.is_lowercase()).collect::<String>())
}

fn bare_url(url: &str) -> String {
    let lower = url.trim().to_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
    rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches(['/', '.', ',', '!', ')']).to_owned()
}

/// Finds B2 and B3 in a draft.
pub(crate) fn find(request: &Request, chars: &[char], tokens: &[Token]) -> Vec<Named> {
    let known = Known::new(request);
    let mut out: Vec<Named> = Vec::new();
    for one in reading::identifiers(&request.draft) {
        if let Some(rule) = judge(request, &known, &one, chars, tokens) {
            out.push(Named { rule, start: one.start, end: one.end });
        }
    }
    people::greeted(&known, chars, tokens, &mut out);
    handles(&known, request, chars, &mut out);
    out
}

fn judge(request: &Request, known: &Known, one: &Identifier, chars: &[char], tokens: &[Token]) -> Option<&'static str> {
    let b3 = Some("B3");
    match one.kind {
        IdentifierType::Name => people::is_one(known, one, chars, tokens).then_some("B2"),
        IdentifierType::Handle => (!known.name(one.text.trim_start_matches('@'))).then_some("B2"),
        IdentifierType::Phone | IdentifierType::Fax => {
            if known.number(&one.text) {
                None
            } else {
                b3
            }
        }
        IdentifierType::Email => {
            let lower = one.text.to_lowercase();
            if known.addresses.contains(&lower) { None } else { b3 }
        }
        IdentifierType::Url => {
            let mail = known.addresses.iter().any(|a| a.ends_with(&format!("@{}", bare_url(&one.text))));
            if known.url(&one.text) || mail { None } else { b3 }
        }
        IdentifierType::Place | IdentifierType::Facility => {
            let own = known.name(&one.text);
            // A post may say where something takes place; a reply ties a place to a person where it speaks of one.
            let general = own || request.kind == Kind::Post || general_place(&one.text) || !is_place(one, chars);
            if general || !personal(one, tokens) { None } else { b3 }
        }
        IdentifierType::Date if is_year(&one.text) => None,
        IdentifierType::Date => {
            if request.kind == Kind::Post || !personal(one, tokens) {
                None
            } else {
                b3
            }
        }
        IdentifierType::Ip if looks_like_hours(&one.text) => None,
        // A year alone identifies nobody (45 CFR 164.514(b)(2)(i)(C)).
        _ if is_year(&one.text) => None,
        _ => {
            // A number of the help list may look like another code (741741).
            if known.number(&one.text) || within_known(known, one, chars) { None } else { b3 }
        }
    }
}

/// The code is a part of a registered number or address ("555-0100" inside a longer one).
fn within_known(known: &Known, one: &Identifier, chars: &[char]) -> bool {
    let start = chars[..one.start].iter().rposition(|c| c.is_whitespace()).map_or(0, |at| at + 1);
    let end = chars[one.end..].iter().position(|c| c.is_whitespace()).map_or(chars.len(), |at| one.end + at);
    let word: String = chars[start..end].iter().collect();
    known.url(&word) || known.number(&word) || known.addresses.contains(&word.to_lowercase())
}

fn general_place(text: &str) -> bool {
    matches!(
        squash(text).as_str(),
        "emergencyroom"
            | "emergencydepartment"
            | "patientrelations"
            | "hospital"
            | "clinic"
            | "urgentcare"
            | "frontdesk"
    )
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20")) && text.bytes().all(|b| b.is_ascii_digit())
}

fn looks_like_hours(text: &str) -> bool {
    text.contains(':')
}

/// A place has a capital, and does not run over the end of a sentence.
fn is_place(one: &Identifier, chars: &[char]) -> bool {
    let text = &chars[one.start..one.end];
    let inner = text.iter().position(|c| matches!(c, '.' | '!' | '?' | '(' | ')'));
    let capital = text.iter().find(|c| c.is_alphabetic()).is_some_and(|c| c.is_uppercase());
    let number = text.first().is_some_and(|c| c.is_ascii_digit());
    // "5. Walk-ins": a number that ends a sentence, and the next one.
    let runs_over = inner.is_some_and(|at| number || text.get(at + 1) == Some(&' ') && at > 3);
    (capital || number) && !runs_over
}

/// The sentence speaks to or about a person: then a date or a place in it is theirs.
fn personal(one: &Identifier, tokens: &[Token]) -> bool {
    const PERSON: [&str; 46] = [
        "you",
        "your",
        "yours",
        "he",
        "she",
        "his",
        "her",
        "him",
        "mother",
        "father",
        "mom",
        "mum",
        "dad",
        "son",
        "daughter",
        "wife",
        "husband",
        "brother",
        "sister",
        "grandma",
        "grandmother",
        "grandpa",
        "saw",
        "visited",
        "admitted",
        "born",
        "birth",
        "seen",
        "usted",
        "su",
        "sus",
        "tu",
        "tus",
        "te",
        "le",
        "lo",
        "vino",
        "vio",
        "vimos",
        "madre",
        "padre",
        "hijo",
        "hija",
        "mama",
        "esposa",
        "esposo",
    ];
    const EVERYBODY: [&str; 12] = [
        "anyone",
        "everyone",
        "anybody",
        "everybody",
        "all",
        "cualquier",
        "cualquiera",
        "todos",
        "todas",
        "abierto",
        "open",
        "gratis",
    ];
    let sentence = |t: &&Token| t.text != ".";
    let before: Vec<&Token> =
        tokens.iter().rev().skip_while(|t| t.start >= one.start).take_while(sentence).take(15).collect();
    let after: Vec<&Token> = tokens.iter().skip_while(|t| t.end <= one.start).take_while(sentence).take(15).collect();
    let has = |list: &[&str]| before.iter().chain(&after).any(|t| list.contains(&t.text.as_str()));
    has(&PERSON) && !has(&EVERYBODY)
}

/// `@name` in a draft is a person unless it is the author as shown or the organisation.
fn handles(known: &Known, request: &Request, chars: &[char], out: &mut Vec<Named>) {
    for (at, c) in chars.iter().enumerate() {
        if *c != '@' || at > 0 && chars[at - 1].is_alphanumeric() {
            continue;
        }
        let len = chars[at + 1..].iter().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-')).count();
        let text: String = chars[at + 1..at + 1 + len].iter().collect();
        let text = text.trim_end_matches(['.', '-']);
        let shown = request.in_reply_to.as_ref().is_some_and(|m| squash(&m.author) == squash(text));
        let end = at + 1 + text.chars().count();
        if !text.is_empty() && !shown && !known.name(text) && !out.iter().any(|n| n.start < end && at < n.end) {
            out.push(Named { rule: "B2", start: at, end });
        }
    }
}
