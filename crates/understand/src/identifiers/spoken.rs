//! Identifiers written out so that no machine should read them: "five five five 0142", "j dot smith at gmail",
//! "ana punto ruiz arroba correo punto com".

use super::Found;
use super::lists::flag;
use super::page::Page;
use super::web::is_ending;
use crate::assessment::IdentifierType as Kind;

/// Adds what it finds.
pub(super) fn find(page: &Page, out: &mut Vec<Found>) {
    numbers(page, out);
    mails(page, out);
}

/// "five five five oh one four two", with digits among the words.
fn numbers(page: &Page, out: &mut Vec<Found>) {
    let mut at = 0;
    while at < page.tokens.len() {
        let mut end = at;
        let (mut digits, mut words, mut twice) = (0, 0, 0);
        while end < page.tokens.len() && end - at < 24 {
            let token = &page.tokens[end];
            if end > at && page.between(end - 1, end).iter().any(|c| !matches!(c, ' ' | '-' | ',' | '.')) {
                break;
            }
            if token.number {
                digits += token.end - token.start;
            } else if matches!(page.low(end), "double" | "triple" | "doble") {
                twice += if page.low(end) == "triple" { 2 } else { 1 };
            } else if token.is(flag::SPOKEN) {
                digits += 1 + twice;
                twice = 0;
                words += 1;
            } else {
                break;
            }
            end += 1;
        }
        if words >= 3 && (7..=15).contains(&digits) {
            let (start, end) = (page.tokens[at].start, page.tokens[end - 1].end);
            out.push(Found { kind: Kind::Phone, start, end, score: 0.85 });
        }
        at = end.max(at + 1);
    }
}

/// A word that joins two parts of an address.
fn joint(word: &str) -> bool {
    matches!(word, "dot" | "punto" | "punkt" | "point" | "underscore" | "dash" | "hyphen" | "guion" | "bajo")
}

/// "j dot smith at gmail dot com".
fn mails(page: &Page, out: &mut Vec<Found>) {
    for at in 1..page.tokens.len().saturating_sub(1) {
        if !matches!(page.low(at), "at" | "arroba") {
            continue;
        }
        let sure = page.low(at) == "arroba";
        let bracketed =
            page.tokens[at].start.checked_sub(1).is_some_and(|before| matches!(page.chars[before], '(' | '[' | '{'));
        // To the right: a host, its parts joined by the word for a dot or by a dot.
        let mut last = at + 1;
        let mut dots = 0;
        while last + 1 < page.tokens.len() && last - at < 8 {
            if matches!(page.low(last + 1), "dot" | "punto" | "punkt" | "point") && last + 2 < page.tokens.len() {
                last += 2;
            } else if page.between(last, last + 1) == ['.'] {
                last += 1;
            } else {
                break;
            }
            dots += 1;
        }
        let known = page.tokens[at + 1].is(flag::WRITTEN) && !joint(page.low(at + 1));
        let ending = dots > 0 && is_ending(page.low(last));
        if !(known || ending && (sure || bracketed || dots > 0)) {
            continue;
        }
        // To the left: words joined by such a word, or by a dot or a line.
        let mut first = at - 1;
        while first > 0 && at - first < 10 {
            if joint(page.low(first - 1)) && first >= 2 {
                first -= if page.low(first - 1) == "bajo" && first >= 3 { 3 } else { 2 };
            } else if matches!(page.between(first - 1, first), ['.' | '_' | '-']) {
                first -= 1;
            } else {
                break;
            }
        }
        // "look at nhs.uk" is no address of a person.
        let plain = first == at - 1 && !sure && !bracketed && !known && page.tokens[first].is(flag::COMMON);
        if plain {
            continue;
        }
        let (start, end) = (page.tokens[first].start, page.tokens[last].end);
        out.push(Found { kind: Kind::Email, start, end, score: if sure || known || dots > 0 { 0.965 } else { 0.8 } });
    }
}
