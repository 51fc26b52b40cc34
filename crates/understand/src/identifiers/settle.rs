//! What is kept where candidates overlap: the surer, and of the other what lies beside it.

use std::collections::BTreeMap;

use super::Found;
use super::lists::flag;
use super::page::Page;
use crate::assessment::{Identifier, IdentifierType as Kind};

/// Names and places may lose a part to another and stay what they are; a number may not.
fn soft(kind: Kind) -> bool {
    matches!(kind, Kind::Name | Kind::Place | Kind::Facility)
}

/// Keeps what is surest, makes one of what belongs together, and reads off the texts.
pub(super) fn settle(page: &Page, mut found: Vec<Found>) -> Vec<Identifier> {
    found.retain(|one| one.start < one.end && one.end <= page.chars.len());
    merge(&mut found);
    found.sort_by(|left, right| {
        right
            .score
            .total_cmp(&left.score)
            .then((right.end - right.start).cmp(&(left.end - left.start)))
            .then(left.start.cmp(&right.start))
    });
    // By start: what is kept never overlaps, so its neighbours decide.
    let mut kept: BTreeMap<usize, Found> = BTreeMap::new();
    for one in found {
        for (start, end) in free(&kept, one.start, one.end) {
            let whole = start == one.start && end == one.end;
            if whole || soft(one.kind) {
                let (start, end) = trimmed(page, start, end);
                if end > start && (whole || end - start > 1) {
                    kept.insert(start, Found { start, end, ..one });
                }
            }
        }
    }
    joined(page, kept.into_values().collect())
        .into_iter()
        .map(|one| Identifier {
            kind: one.kind,
            start: one.start,
            end: one.end,
            text: page.chars[one.start..one.end].iter().collect(),
            score: one.score,
        })
        .collect()
}

/// "Mercy Clinic in Detroit, MI" and "Elm Clinic, Boston" are one facility; the state behind a place belongs to it.
fn joined(page: &Page, found: Vec<Found>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::with_capacity(found.len());
    for mut one in found {
        if matches!(one.kind, Kind::Place | Kind::Facility) {
            one.end = over_dashes(page, one.end);
            one.end = with_state(page, one.end);
        }
        match out.last_mut() {
            Some(last) if last.end >= one.end => {}
            Some(last)
                if last.kind == Kind::Facility
                    && matches!(one.kind, Kind::Place | Kind::Facility)
                    && one.start >= last.end
                    && matches!(
                        page.chars[last.end..one.start],
                        [' ', 'i', 'n', ' '] | [',', ' '] | [' ', '&', ' '] | [' ']
                    ) =>
            {
                last.end = one.end;
            }
            _ => out.push(one),
        }
    }
    out
}

/// "Barrow-in-Furness" is one word to whoever lives there.
fn over_dashes(page: &Page, end: usize) -> usize {
    let mut end = end;
    let mut next = page.token_from(end);
    while let Some(token) = page.tokens.get(next)
        && page.chars[end..token.start] == ['-']
        && !token.digit
    {
        end = token.end;
        next += 1;
    }
    end
}

/// "Detroit, MI", "Mercy Clinic, California", "Mt. Sinai Hospital in NY".
fn with_state(page: &Page, end: usize) -> usize {
    let next = page.token_from(end);
    let Some(token) = page.tokens.get(next) else { return end };
    let region = token.upper && token.is(flag::STATE) && token.end - token.start == 2
        || token.capital && token.is(flag::REGION) && !token.is(flag::COMMON);
    let gap = &page.chars[end..token.start];
    if region && matches!(gap, [',', ' '] | [' ']) || region && token.upper && matches!(gap, [' ', 'i', 'n', ' ']) {
        token.end
    } else {
        end
    }
}

/// Overlapping candidates of one soft kind become one.
fn merge(found: &mut Vec<Found>) {
    found.sort_by_key(|one| (one.start, one.end));
    let mut last: [Option<usize>; 3] = [None; 3];
    for at in 0..found.len() {
        let one = found[at];
        let slot = match one.kind {
            Kind::Name => 0,
            Kind::Place => 1,
            Kind::Facility => 2,
            _ => continue,
        };
        match last[slot] {
            Some(before) if found[before].end > one.start => {
                found[before].end = found[before].end.max(one.end);
                found[before].score = found[before].score.max(one.score);
                found[at].end = found[at].start;
            }
            _ => last[slot] = Some(at),
        }
    }
    found.retain(|one| one.start < one.end);
}

/// The parts of a span that nothing kept covers.
fn free(kept: &BTreeMap<usize, Found>, start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut taken: Vec<(usize, usize)> = kept
        .range(..end)
        .rev()
        .take_while(|(_, other)| other.end > start)
        .map(|(_, other)| (other.start, other.end))
        .collect();
    taken.reverse();
    let mut out = Vec::new();
    let mut from = start;
    for (first, last) in taken {
        if first > from {
            out.push((from, first));
        }
        from = from.max(last);
    }
    if from < end {
        out.push((from, end));
    }
    out
}

/// Without spaces and signs at the ends that a cut left.
fn trimmed(page: &Page, mut start: usize, mut end: usize) -> (usize, usize) {
    let outer = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '/');
    while start < end && outer(page.chars[start]) {
        start += 1;
    }
    while start < end && outer(page.chars[end - 1]) {
        end -= 1;
    }
    (start, end)
}
