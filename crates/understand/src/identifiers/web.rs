//! E-mail addresses, web addresses, IP addresses, handles.

use super::Found;
use super::page::Page;
use crate::assessment::IdentifierType as Kind;

const TLDS: &[&str] = &[
    "com", "org", "net", "gov", "edu", "uk", "us", "io", "co", "info", "health", "me", "ca", "eu", "de", "fr", "es",
    "it", "pt", "pl", "nl", "be", "se", "no", "dk", "fi", "ie", "ch", "at", "au", "nz", "in", "cn", "jp", "br", "mx",
    "biz", "app", "dev", "care", "clinic", "hospital", "example", "test", "ly", "gl", "tv", "cz", "gr", "hu", "ro",
    "ru", "ua", "link", "site", "online", "social", "blog",
];

/// A top-level domain that is known.
pub(super) fn is_ending(word: &str) -> bool {
    TLDS.contains(&word)
}

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
    named_handles(page, out);
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
        if page.between(index - 1, index) != ['.'] || !is_ending(page.low(index)) {
            continue;
        }
        let before = &page.tokens[index - 1];
        if page.low(index - 1).len() < 2 || before.number {
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
        let plain = matches!(page.low(index), "com" | "org" | "net" | "gov" | "edu" | "uk" | "example" | "info");
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
        // "Version 2.0.14.1" has the form of an address.
        let before = page.before(start, 1).next().map_or("", |at| page.low(at));
        if matches!(before, "version" | "v" | "release" | "build" | "update" | "firmware" | "ios" | "android" | "app") {
            continue;
        }
        if run.parse::<std::net::IpAddr>().is_ok() && run.len() >= 7 {
            out.push(Found { kind: Kind::Ip, start, end: start + run.chars().count(), score: 0.97 });
        }
    }
}

/// "find me on insta: dougie.runs.far", "my username is sam_k88": a handle without its sign, behind the word for it.
fn named_handles(page: &Page, out: &mut Vec<Found>) {
    for at in 0..page.tokens.len() {
        let network = matches!(
            page.low(at),
            "insta"
                | "instagram"
                | "ig"
                | "tiktok"
                | "snap"
                | "snapchat"
                | "twitter"
                | "telegram"
                | "discord"
                | "handle"
                | "username"
                | "usuario"
                | "screenname"
                | "threads"
                | "bluesky"
        );
        if !network {
            continue;
        }
        let mut next = at + 1;
        while next < page.tokens.len()
            && next - at < 4
            && matches!(
                page.low(next),
                "is" | "handle" | "name" | "username" | "my" | "at" | "as" | "es" | "account" | "under" | "user"
            )
        {
            next += 1;
        }
        let Some(token) = page.tokens.get(next) else { continue };
        if page.chars[page.tokens[next - 1].end..token.start].iter().any(|c| !matches!(c, ' ' | ':' | '@' | '"' | '-'))
        {
            continue;
        }
        let mut end = token.end;
        while end < page.chars.len()
            && (page.chars[end].is_alphanumeric() || matches!(page.chars[end], '.' | '_' | '-'))
        {
            end += 1;
        }
        while matches!(page.chars[end - 1], '.' | '-') {
            end -= 1;
        }
        // An ordinary word is none: a handle shows itself by a sign or a digit inside.
        let odd = page.chars[token.start..end].iter().any(|c| matches!(c, '.' | '_') || c.is_ascii_digit());
        if odd && end - token.start >= 4 && page.chars[token.start..end].iter().any(|c| c.is_alphabetic()) {
            out.push(Found { kind: Kind::Handle, start: token.start, end, score: 0.85 });
        }
    }
}
