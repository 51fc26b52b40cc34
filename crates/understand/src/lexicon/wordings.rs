//! The wordings of a phrase: alternatives, what may be left out, and where a phrase with many is cut in two.

use super::{MAX_GAP, WHOLE_UP_TO};

/// Cuts a phrase with many wordings at the space where the halves have the fewest; at ` ~ ` where it
/// is written, with up to [`MAX_GAP`] words between.
pub(super) fn split(phrase: &str) -> Option<(&str, &str, u8)> {
    if let Some((left, right)) = phrase.split_once(" ~ ") {
        return Some((left, right, MAX_GAP as u8));
    }
    let total = wordings(phrase).0;
    if total <= WHOLE_UP_TO {
        return None;
    }
    let mut depth = 0_i32;
    let mut best: Option<(usize, usize)> = None;
    for (at, byte) in phrase.bytes().enumerate() {
        depth += i32::from(matches!(byte, b'(' | b'[')) - i32::from(matches!(byte, b')' | b']'));
        if byte == b' ' && depth == 0 {
            let ((left, left_empty), (right, right_empty)) = (wordings(&phrase[..at]), wordings(&phrase[at + 1..]));
            let cost = left + right;
            if !left_empty && !right_empty && cost < total && best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, at));
            }
        }
    }
    best.map(|(_, at)| (&phrase[..at], &phrase[at + 1..], 0))
}

/// How many wordings a phrase has, and whether one of them is empty.
pub(super) fn wordings(phrase: &str) -> (usize, bool) {
    let Ok(Some(group)) = Choices::first(phrase) else {
        return (1, phrase.trim().is_empty());
    };
    let (rest, rest_empty) = wordings(group.after);
    let mut count = 0;
    let mut empty = false;
    for choice in &group.choices {
        let (of_choice, choice_empty) = wordings(choice);
        count += of_choice;
        empty |= choice_empty;
    }
    (count * rest, empty && rest_empty && group.before.trim().is_empty())
}

/// The first group of a phrase, with what stands before and after it.
struct Choices<'a> {
    before: &'a str,
    /// The alternatives; the empty one where the group is optional.
    choices: Vec<&'a str>,
    after: &'a str,
}

impl<'a> Choices<'a> {
    fn first(phrase: &'a str) -> Result<Option<Self>, String> {
        let Some(open) = phrase.find(['(', '[']) else {
            return Ok(None);
        };
        let bytes = phrase.as_bytes();
        let (opens, closes) = if bytes[open] == b'(' { (b'(', b')') } else { (b'[', b']') };
        let mut depth = 0_i32;
        let close = (open..bytes.len()).find(|&at| {
            depth += i32::from(bytes[at] == opens) - i32::from(bytes[at] == closes);
            depth == 0
        });
        let close = close.ok_or_else(|| format!("a bracket stays open: {phrase}"))?;
        let marked = opens == b'(' && bytes.get(close + 1) == Some(&b'?');
        let inside = &phrase[open + 1..close];
        let mut choices: Vec<&str> = Vec::new();
        let (mut level, mut from) = (0_i32, 0);
        for (at, byte) in inside.bytes().enumerate() {
            level += i32::from(matches!(byte, b'(' | b'[')) - i32::from(matches!(byte, b')' | b']'));
            if byte == b'|' && level == 0 {
                choices.push(&inside[from..at]);
                from = at + 1;
            }
        }
        choices.push(&inside[from..]);
        if marked || opens == b'[' {
            choices.push("");
        }
        let rest = close + 1 + usize::from(marked);
        Ok(Some(Self { before: &phrase[..open], choices, after: &phrase[rest..] }))
    }
}

/// Writes out the alternatives of a phrase.
pub(crate) fn variants(phrase: &str) -> Result<Vec<String>, String> {
    let Some(group) = Choices::first(phrase)? else {
        return Ok(vec![phrase.to_string()]);
    };
    let rests = variants(group.after)?;
    let mut out = Vec::new();
    for choice in group.choices {
        for middle in variants(choice)? {
            out.extend(rests.iter().map(|rest| format!("{}{middle}{rest}", group.before)));
        }
    }
    Ok(out)
}
