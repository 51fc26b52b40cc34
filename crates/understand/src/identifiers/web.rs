//! E-mail addresses, web addresses, IP addresses, handles; also written out ("j dot smith at
//! gmail dot com").

use super::{Found, Page};
use crate::assessment::IdentifierType as Kind;

const TLDS: &[&str] = &[
    "com", "org", "net", "gov", "edu", "uk", "us", "io", "co", "info", "health", "me", "ca", "eu", "de", "fr", "es",
    "it", "pt", "pl", "nl", "be", "se", "no", "dk", "fi", "ie", "ch", "at", "au", "nz", "in", "cn", "jp", "br", "mx",
    "biz", "app", "dev", "care", "clinic", "hospital", "example", "test", "ly", "gl", "tv", "cz", "gr", "hu", "ro",
    "ru", "ua", "link", "site", "online", "social", "blog",
];

/// Adds what it finds.
pub(super) fn find(page: &Page, out: &mut Vec<Found>) {
    let chars = &page.chars;
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '@' => at = mail_or_handle(chars, at, out),
            ':' if starts(chars, at, "://") => at = address(chars, at, out),
            'w' | 'W'
                if starts(chars, at, "www.") && (at == 0 || !chars[at - 1].is_alphanumeric()) && !inside(out, at) =>
            {
                at = until_space(chars, at, at, out);
            }
            _ => at += 1,
        }
    }
    domains(page, out);
    addresses(page, out);
    spoken(page, out);
}

fn starts(chars: &[char], at: usize, with: &str) -> bool {
    with.chars().enumerate().all(|(index, c)| chars.get(at + index).is_some_and(|found| found.eq_ignore_ascii_case(&c)))
}

fn inside(out: &[Found], at: usize) -> bool {
    out.last().is_some_and(|last| last.start <= at && at < last.end)
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-')
}

fn mail_or_handle(chars: &[char], at: usize, out: &mut Vec<Found>) -> usize {
    // The part before the sign never reaches back over another sign, so this stays linear.
    let mut start = at;
    while start > 0 && at - start < 64 && is_local(chars[start - 1]) {
        start -= 1;
    }
    while start < at && matches!(chars[start], '.' | '-') {
        start += 1;
    }
    let mut end = at + 1;
    while end < chars.len() && (chars[end].is_alphanumeric() || matches!(chars[end], '.' | '-' | '_')) {
        end += 1;
    }
    while end > at + 1 && matches!(chars[end - 1], '.' | '-') {
        end -= 1;
    }
    let host = &chars[at + 1..end];
    let dotted = host.iter().rposition(|&c| c == '.').is_some_and(|dot| {
        let ending = &host[dot + 1..];
        dot > 0 && ending.len() >= 2 && ending.len() <= 12 && ending.iter().all(|c| c.is_alphabetic())
    });
    if start < at && chars[start..at].iter().any(|c| c.is_alphanumeric()) {
        if dotted {
            out.push(Found { kind: Kind::Email, start, end, score: 0.99 });
            return end;
        }
        return end.max(at + 1);
    }
    if host.len() >= 2 && host.iter().any(|c| c.is_alphanumeric()) {
        let mut end = end;
        // A fediverse handle has its host behind a second sign.
        if chars.get(end) == Some(&'@') {
            let from = end + 1;
            let mut to = from;
            while to < chars.len() && (chars[to].is_alphanumeric() || matches!(chars[to], '.' | '-')) {
                to += 1;
            }
            if to > from {
                end = to;
            }
        }
        out.push(Found { kind: Kind::Handle, start: at, end, score: 0.95 });
        return end;
    }
    at + 1
}

fn address(chars: &[char], at: usize, out: &mut Vec<Found>) -> usize {
    let mut start = at;
    while start > 0 && at - start < 8 && chars[start - 1].is_ascii_alphabetic() {
        start -= 1;
    }
    if start == at { at + 3 } else { until_space(chars, start, at + 3, out) }
}

fn until_space(chars: &[char], start: usize, from: usize, out: &mut Vec<Found>) -> usize {
    let mut end = from;
    while end < chars.len() && !chars[end].is_whitespace() && !matches!(chars[end], '<' | '>' | '"' | '”') {
        end += 1;
    }
    let next = end;
    while end > from && matches!(chars[end - 1], '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '\'') {
        end -= 1;
    }
    if end > from {
        out.push(Found { kind: Kind::Url, start, end, score: 0.98 });
    }
    next
}

/// `example.org/page`, without a scheme.
fn domains(page: &Page, out: &mut Vec<Found>) {
    let taken = out.len();
    let mut seen = 0;
    for index in 1..page.tokens.len() {
        let token = &page.tokens[index];
        if page.between(index - 1, index) != ['.'] || !TLDS.contains(&token.lower.as_str()) {
            continue;
        }
        let before = &page.tokens[index - 1];
        if before.lower.len() < 2 || (before.digit && before.lower.chars().all(|c| c.is_ascii_digit())) {
            continue;
        }
        // "hospital.It was" is a missing space, "hospital.it" may be an address.
        if token.capital != before.upper && token.capital {
            continue;
        }
        let mut first = index - 1;
        while first > 0 && index - first < 6 && matches!(page.between(first - 1, first), ['.'] | ['-']) {
            first -= 1;
        }
        let start = page.tokens[first].start;
        while seen < taken && out[seen].end <= start {
            seen += 1;
        }
        if seen < taken && out[seen].start <= token.start {
            continue;
        }
        let mut end = token.end;
        if page.chars.get(end) == Some(&'/') {
            while end < page.chars.len()
                && !page.chars[end].is_whitespace()
                && !matches!(page.chars[end], ')' | '"' | '>')
            {
                end += 1;
            }
            while matches!(page.chars[end - 1], '.' | ',' | '!' | '?') {
                end -= 1;
            }
        }
        let plain = matches!(token.lower.as_str(), "com" | "org" | "net" | "gov" | "edu" | "uk" | "example" | "info");
        if plain || page.chars.get(token.end) == Some(&'/') {
            out.push(Found { kind: Kind::Url, start, end, score: 0.85 });
        }
    }
}

/// IP addresses of both versions, checked by the parser of the standard library.
fn addresses(page: &Page, out: &mut Vec<Found>) {
    let chars = &page.chars;
    let mut at = 0;
    while at < chars.len() {
        let hex = |c: char| c.is_ascii_hexdigit() || c == ':' || c == '.';
        if !hex(chars[at]) || (at > 0 && chars[at - 1].is_alphanumeric()) {
            at += 1;
            continue;
        }
        let start = at;
        while at < chars.len() && hex(chars[at]) {
            at += 1;
        }
        if at - start < 7 || at - start > 46 || chars.get(at).is_some_and(|c| c.is_alphanumeric()) {
            continue;
        }
        let run: String = chars[start..at].iter().collect();
        let run = run.trim_end_matches(['.', ':']);
        if run.parse::<std::net::IpAddr>().is_ok() && run.len() >= 7 {
            out.push(Found { kind: Kind::Ip, start, end: start + run.chars().count(), score: 0.97 });
        }
    }
}

/// "j dot smith at gmail dot com".
fn spoken(page: &Page, out: &mut Vec<Found>) {
    let words: Vec<&str> = page.tokens.iter().map(|token| token.lower.as_str()).collect();
    for at in 1..words.len().saturating_sub(1) {
        if words[at] != "at" {
            continue;
        }
        let host_known = matches!(
            words[at + 1],
            "gmail" | "hotmail" | "yahoo" | "outlook" | "icloud" | "aol" | "proton" | "protonmail"
        );
        let dotted = words.get(at + 2) == Some(&"dot") && words.get(at + 3).is_some_and(|ending| TLDS.contains(ending));
        if !host_known && !dotted {
            continue;
        }
        let mut first = at - 1;
        while first >= 2 && matches!(words[first - 1], "dot" | "underscore" | "dash") && at - first < 8 {
            first -= 2;
        }
        let last = if dotted { at + 3 } else { at + 1 };
        out.push(Found { kind: Kind::Email, start: page.tokens[first].start, end: page.tokens[last].end, score: 0.8 });
    }
}
