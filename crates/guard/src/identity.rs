//! B2 and B3: who is named, and what identifies. What the account has registered, public help
//! numbers and the author's display name as shown are never findings; whatever else identifies and
//! can't be tied to any of these is.

use bedside_understand::{Identifier, IdentifierType};

use crate::numbers::{digits, is_public, national};
use crate::reading;
use crate::rules::compiled;
use crate::tokens::Token;
use crate::verdict::{Account, Kind, Request};

/// A piece of the draft that names or identifies.
pub(crate) struct Named {
    pub rule: &'static str,
    pub start: usize,
    pub end: usize,
}

/// Letters and digits alone, lower case: what two spellings of a name have in common.
fn squash(text: &str) -> String {
    crate::normal::fold(text).0.iter().map(|f| f.ch).filter(|c| c.is_alphanumeric()).collect()
}

fn words_of(text: &str) -> Vec<String> {
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
            day: request.now.clone(),
        }
    }

    fn number(&self, text: &str) -> bool {
        let found = digits_only(text);
        is_public(text, self.day.as_deref()) || self.numbers.iter().any(|n| national(n) == national(&found))
    }

    fn url(&self, text: &str) -> bool {
        let found = bare_url(text);
        self.hosts.iter().any(|host| {
            found == *host || found.strip_prefix(host.as_str()).is_some_and(|rest| rest.starts_with(['/', '?', '#']))
        })
    }

    /// Are these words the name of the organisation, of a site, of staff, or the author's as shown?
    fn name(&self, text: &str) -> bool {
        let mut words = words_of(text);
        words.retain(|w| !matches!(w.as_str(), "dr" | "mr" | "mrs" | "ms" | "s"));
        if words.is_empty() {
            return true;
        }
        let as_shown = !self.author.is_empty() && words.iter().all(|w| self.author.contains(w));
        as_shown || self.names.iter().any(|name| words.iter().all(|w| name.contains(w)))
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
    given_names(&known, tokens, chars, &mut out);
    handles(&known, request, chars, &mut out);
    out
}

fn judge(request: &Request, known: &Known, one: &Identifier, chars: &[char], tokens: &[Token]) -> Option<&'static str> {
    let b3 = Some("B3");
    match one.kind {
        IdentifierType::Name => (!known.name(&one.text)).then_some("B2"),
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
            // A post may say where something takes place; a reply ties a place to a person.
            if own || request.kind == Kind::Post || general_place(&one.text) { None } else { b3 }
        }
        IdentifierType::Date => {
            if event_date(request, one, tokens) {
                None
            } else {
                b3
            }
        }
        IdentifierType::Ip if looks_like_hours(&one.text) => None,
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

fn looks_like_hours(text: &str) -> bool {
    text.contains(':')
}

/// Dates of events, opening times and holidays belong to the organisation, not to a person.
fn event_date(request: &Request, one: &Identifier, tokens: &[Token]) -> bool {
    const EVENT: [&str; 40] = [
        "open",
        "opens",
        "opening",
        "closed",
        "closes",
        "hours",
        "hour",
        "event",
        "events",
        "join",
        "webinar",
        "class",
        "classes",
        "workshop",
        "fair",
        "meeting",
        "register",
        "starts",
        "begins",
        "from",
        "holiday",
        "holidays",
        "week",
        "weekdays",
        "daily",
        "every",
        "monday",
        "weekend",
        "abierto",
        "abrimos",
        "horario",
        "lunes",
        "evento",
        "taller",
        "until",
        "policy",
        "effective",
        "starting",
        "desde",
        "hasta",
    ];
    if request.kind == Kind::Post {
        return true;
    }
    let sentence = |t: &&Token| t.text != ".";
    let before: Vec<&Token> =
        tokens.iter().rev().skip_while(|t| t.start >= one.start).take_while(sentence).take(12).collect();
    let after: Vec<&Token> = tokens.iter().skip_while(|t| t.end <= one.start).take_while(sentence).take(12).collect();
    let around = || before.iter().chain(&after);
    let personal = around().any(|t| {
        matches!(
            t.text.as_str(),
            "your" | "saw" | "visited" | "admitted" | "born" | "birth" | "su" | "tu" | "vino" | "seen"
        )
    });
    around().any(|t| EVENT.contains(&t.text.as_str())) && !personal
}

/// Given names in the place of an address or with a capital, which a tagger may miss in short texts.
fn given_names(known: &Known, tokens: &[Token], chars: &[char], out: &mut Vec<Named>) {
    for (from, to) in compiled().grammar.class_hits(tokens, "given") {
        let token = &tokens[from];
        let plain = matches!(
            token.text.as_str(),
            "may"
                | "mark"
                | "rose"
                | "grace"
                | "hope"
                | "joy"
                | "will"
                | "bill"
                | "frank"
                | "amber"
                | "dolores"
                | "mercedes"
                | "kelly"
                | "dan"
                | "ana"
                | "ed"
                | "hal"
                | "jean"
                | "rick"
                | "chen"
                | "mei"
                | "wei"
                | "dana"
                | "sue"
        );
        let greeted = from > 0
            && matches!(
                tokens[from - 1].text.as_str(),
                "hi" | "hello"
                    | "dear"
                    | "hola"
                    | "hey"
                    | "sorry"
                    | "thanks"
                    | "estimado"
                    | "estimada"
                    | "querida"
                    | "querido"
            );
        let opens = from == 0 || tokens[from - 1].text == ".";
        if !token.upper || (plain && opens && !greeted) {
            continue;
        }
        let (start, end) = (token.start, tokens[to - 1].end);
        let text: String = chars[start..end].iter().collect();
        if !known.name(&text) && !out.iter().any(|n| n.start < end && start < n.end) {
            out.push(Named { rule: "B2", start, end });
        }
    }
    // "Hi Zorblat," and "Mr Zorblat": a capital in the place of a name is one, whether listed or not.
    for pair in tokens.windows(2) {
        let [title, name] = pair else { continue };
        let leads = matches!(
            title.text.as_str(),
            "hi" | "hello"
                | "dear"
                | "hola"
                | "hey"
                | "mr"
                | "mrs"
                | "ms"
                | "miss"
                | "sr"
                | "sra"
                | "srta"
                | "senor"
                | "senora"
                | "don"
                | "dona"
                | "estimado"
                | "estimada"
                | "querida"
                | "querido"
                | "dr"
                | "dra"
                | "nurse"
        );
        if !leads || !name.upper || !name.word || is_greeting_word(&name.text) {
            continue;
        }
        let text: String = chars[name.start..name.end].iter().collect();
        if !known.name(&text) && !out.iter().any(|n| n.start < name.end && name.start < n.end) {
            out.push(Named { rule: "B2", start: name.start, end: name.end });
        }
    }
}

fn is_greeting_word(word: &str) -> bool {
    matches!(
        word,
        "there"
            | "everyone"
            | "all"
            | "friend"
            | "friends"
            | "neighbor"
            | "neighbors"
            | "and"
            | "thank"
            | "thanks"
            | "we"
            | "our"
            | "i"
            | "from"
            | "reviewer"
            | "this"
            | "it"
            | "practitioner"
            | "practitioners"
            | "you"
            | "a"
            | "gracias"
            | "le"
            | "buenos"
            | "buenas"
            | "usuario"
            | "usuaria"
            | "lamentamos"
            | "community"
            | "team"
            | "manager"
            | "line"
            | "relations"
    )
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
