//! Runs of digits and codes as they are written: groups, separators, letters among digits.

/// A code or a group of digits: letters only together with digits, single separators inside.
pub(super) struct Run {
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Its digits.
    pub digits: Vec<u32>,
    /// How many letters there are among them.
    pub letters: usize,
    /// How many signs each group has.
    pub groups: Vec<usize>,
    /// It begins with a plus.
    pub plus: bool,
    /// Some groups are parted by a dash.
    pub dashes: bool,
    /// Some groups are parted by a space.
    pub spaces: bool,
}

/// No code or number is longer.
const LONGEST: usize = 64;

impl Run {
    /// Reads the run that begins at a character.
    pub fn read(chars: &[char], start: usize) -> Self {
        let mut run = Self {
            start,
            end: start,
            digits: vec![],
            letters: 0,
            groups: vec![0],
            plus: false,
            dashes: false,
            spaces: false,
        };
        let mut at = start;
        if matches!(chars[at], '+' | '(' | '#') {
            run.plus = chars[at] == '+';
            at += 1;
        }
        while at < chars.len() && at - start < LONGEST {
            let c = chars[at];
            if let Some(digit) = c.to_digit(10) {
                run.digits.push(digit);
                if let Some(last) = run.groups.last_mut() {
                    *last += 1;
                }
                run.end = at + 1;
                at += 1;
            } else if c.is_ascii_alphabetic() {
                // Letters belong to a code only within its own word.
                // Looked at no further than a code can be long, so that a text of one word costs what its length says.
                let window = &chars[at..chars.len().min(at + LONGEST)];
                let word_end = at + window.iter().position(|c| !c.is_ascii_alphanumeric()).unwrap_or(window.len());
                let word = &chars[at..word_end];
                let has_digit = word.iter().any(char::is_ascii_digit);
                let joined = at <= start + 1 || chars[at - 1].is_ascii_alphanumeric() || chars[at - 1] == '-';
                let dashed = chars.get(word_end) == Some(&'-')
                    && chars[word_end + 1..]
                        .iter()
                        .take(5)
                        .take_while(|c| c.is_ascii_alphanumeric())
                        .any(char::is_ascii_digit);
                if !(has_digit || dashed && word.len() <= 5) || !joined || word_end - at > 32 {
                    // A short group of letters may close a code ("87342-GH").
                    if joined
                        && at > start
                        && word.len() <= 3
                        && run.digits.len() >= 3
                        && chars[at - 1] != ' '
                        && !has_digit
                    {
                        run.letters += word.len();
                        run.end = word_end;
                    }
                    break;
                }
                run.letters += 1;
                run.end = at + 1;
                at += 1;
            } else {
                let next = chars.get(at + 1).copied().unwrap_or(' ');
                let after = chars.get(at + 2).copied().unwrap_or(' ');
                let step = match c {
                    '-' | '.' | '/'
                        if next.is_ascii_alphanumeric() && !run.digits.is_empty()
                            || c == '-' && next.is_ascii_digit() =>
                    {
                        1
                    }
                    ' ' | '\u{a0}' if next.is_ascii_digit() && run.letters == 0 => 1,
                    ' ' if next == '(' && after.is_ascii_digit() && run.letters == 0 => 2,
                    ' ' if next == '-'
                        && after == ' '
                        && chars.get(at + 3).is_some_and(char::is_ascii_digit)
                        && run.letters == 0 =>
                    {
                        3
                    }
                    '(' if next.is_ascii_digit() && !run.digits.is_empty() && run.letters == 0 => 1,
                    ')' if next.is_ascii_digit() => 1,
                    ')' if matches!(next, ' ' | '-') && after.is_ascii_digit() => 2,
                    _ => break,
                };
                run.dashes |= c == '-' || next == '-';
                run.spaces |= c == ' ';
                if run.groups.last() != Some(&0) {
                    run.groups.push(0);
                }
                at += step;
            }
        }
        if run.groups.last() == Some(&0) {
            run.groups.pop();
        }
        run
    }
}
