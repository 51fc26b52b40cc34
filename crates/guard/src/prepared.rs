//! Prepared safe replies: reviewed texts per language and class, with the account's own contacts and
//! the country's current numbers filled in.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::numbers::current;
use crate::verdict::Account;

/// What a prepared reply answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyClass {
    /// Anything.
    General,
    /// A complaint.
    Complaint,
    /// Praise.
    Praise,
    /// A question.
    Question,
    /// Somebody may harm themselves.
    Crisis,
    /// Somebody may be in danger of life.
    Emergency,
    /// Private information stands in public.
    Privacy,
}

/// A prepared reply, filled in for an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreparedText {
    /// Stable id of the template.
    pub id: String,
    /// What it answers.
    pub class: ReplyClass,
    /// `en` or `es`.
    pub language: String,
    /// Ready to send.
    pub text: String,
}

#[derive(Debug, Deserialize)]
struct File {
    language: String,
    reply: Vec<Template>,
}

#[derive(Debug, Deserialize)]
struct Template {
    id: String,
    class: ReplyClass,
    text: String,
}

fn files() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| {
        [include_str!("../../../data/replies/en.toml"), include_str!("../../../data/replies/es.toml")]
            .iter()
            .map(|text| toml::from_str(text).expect("the replies are part of the program"))
            .collect()
    })
}

/// The prepared replies of a class in a language for an account. A template whose contacts or
/// numbers the account or its country does not have is left out.
pub fn prepared(account: &Account, class: ReplyClass, language: &str) -> Vec<PreparedText> {
    let tag = language.split(['-', '_']).next().unwrap_or(language);
    files()
        .iter()
        .filter(|file| file.language == tag)
        .flat_map(|file| file.reply.iter().map(move |reply| (file, reply)))
        .filter(|(_, reply)| reply.class == class)
        .filter_map(|(file, reply)| {
            let text = fill(&reply.text, account)?;
            Some(PreparedText { id: reply.id.clone(), class, language: file.language.clone(), text })
        })
        .collect()
}

/// Is the text one of the prepared replies for the account, unchanged but for white space? Such a
/// text needs no second person.
pub fn is_prepared(account: &Account, text: &str) -> bool {
    files().iter().flat_map(|file| &file.reply).any(|reply| {
        fill(&reply.text, account).is_some_and(|ready| ready.split_whitespace().eq(text.split_whitespace()))
    })
}

/// The safe skeleton of a reply, with the account's own contact filled in: what a writer can start from where the gate has
/// stopped a draft. English where there is none in the language. An account without a contact gets the text that names
/// none. A programme under 42 CFR Part 2 gets the first of its fixed texts, and an empty one where it has none, since
/// nothing else may leave.
///
/// ```
/// let account = bedside_guard::Account { phone: Some("555-0100".into()), ..Default::default() };
/// assert!(bedside_guard::skeleton(&account, "es-MX").ends_with("Llame a nuestro equipo al 555-0100."));
/// ```
pub fn skeleton(account: &Account, language: &str) -> String {
    if account.part2 {
        return account.fixed_texts.first().cloned().unwrap_or_default();
    }
    let in_language = |tag: &str| {
        [ReplyClass::Complaint, ReplyClass::General]
            .iter()
            .find_map(|class| prepared(account, *class, tag).into_iter().next())
    };
    in_language(language).or_else(|| in_language("en")).map(|ready| ready.text).unwrap_or_default()
}

fn fill(template: &str, account: &Account) -> Option<String> {
    let country = account.country.as_deref().unwrap_or("US");
    let mut out = template.trim().to_owned();
    let first = |kind: &str| current(country, kind, None).first().map(|n| n.number.clone());
    let name = Some(account.name.clone()).filter(|n| !n.is_empty());
    let values = [
        ("{name}", name),
        ("{phone}", account.phone.clone()),
        ("{email}", account.email.clone()),
        ("{url}", account.url.clone()),
        ("{crisis_number}", first("crisis")),
        ("{emergency_number}", first("emergency")),
    ];
    for (place, value) in values {
        if out.contains(place) {
            out = out.replace(place, &value.filter(|v| !v.trim().is_empty())?);
        }
    }
    Some(out)
}
