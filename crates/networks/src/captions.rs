//! Captions of a video as people bring them: WebVTT (<https://www.w3.org/TR/webvtt1/>) and SubRip, read as
//! far as it takes to say what is wrong with a file, and in which line, before a network refuses it.

use std::fmt;

/// What is wrong with a file of captions, and where. Holds nothing of what is said in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaptionsError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, for a person.
    pub what: &'static str,
}

impl fmt::Display for CaptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for CaptionsError {}

/// The words that are shown, one line of text a line, without times and markup.
///
/// Errors: there is nothing to show; a piece has no time, a time that cannot be read, or one that ends before
/// it begins.
pub fn words(text: &str) -> Result<String, CaptionsError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = text.lines().collect();
    let mut words = String::new();
    let mut at = 0;
    while at < lines.len() {
        let length = lines[at..].iter().take_while(|line| !line.trim().is_empty()).count();
        if length > 0 && !is_aside(lines[at], at) {
            cue(&lines[at..at + length], at, &mut words)?;
        }
        at += length.max(1);
    }
    if words.is_empty() {
        return Err(CaptionsError { line: 1, what: "there is nothing to show in this file" });
    }
    Ok(words)
}

/// The head of a WebVTT file, its comments, styles and regions.
fn is_aside(first: &str, at: usize) -> bool {
    let begins =
        |word: &str| first.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    (at == 0 && begins("WEBVTT")) || begins("NOTE") || begins("STYLE") || begins("REGION")
}

/// Reads one piece: perhaps its number or name, its time, and its words.
fn cue(lines: &[&str], at: usize, words: &mut String) -> Result<(), CaptionsError> {
    let wrong = |line: usize, what| Err(CaptionsError { line: at + line + 1, what });
    let Some(timing) = lines.iter().take(2).position(|line| line.contains("-->")) else {
        return wrong(0, "there is no time such as 00:00:01.000 --> 00:00:03.000");
    };
    let Some((from, to)) = lines[timing].split_once("-->") else { return Ok(()) };
    let to = to.split_whitespace().next().unwrap_or_default();
    match (millis(from.trim()), millis(to)) {
        (Some(from), Some(to)) if from >= to => return wrong(timing, "it ends before it begins"),
        (Some(_), Some(_)) => {}
        (None, _) | (_, None) => return wrong(timing, "the time cannot be read; it looks like 00:00:01.000"),
    }
    for line in &lines[timing + 1..] {
        let said = without_tags(line);
        if !said.trim().is_empty() {
            words.push_str(said.trim());
            words.push('\n');
        }
    }
    Ok(())
}

/// `hh:mm:ss.mmm` or `mm:ss.mmm`, with a comma in SubRip, in milliseconds.
fn millis(time: &str) -> Option<u64> {
    let (clock, fraction) = time.split_once(['.', ','])?;
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    let parts: Vec<u64> = clock.split(':').map(number).collect::<Option<_>>()?;
    let seconds = match parts.as_slice() {
        [m, s] if *m < 60 && *s < 60 => m * 60 + s,
        [h, m, s] if *h < 1_000 && *m < 60 && *s < 60 => (h * 60 + m) * 60 + s,
        _ => return None,
    };
    (fraction.len() == 3).then(|| number(fraction)).flatten().map(|fraction| seconds * 1_000 + fraction)
}

/// A line without `<b>`, `<v Name>` and the like.
fn without_tags(line: &str) -> String {
    let mut said = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, tag)) = rest.split_once('<') {
        let Some((_, after)) = tag.split_once('>') else { break };
        said.push_str(before);
        rest = after;
    }
    said.push_str(rest);
    said
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_shown_is_read_out_of_both_forms() {
        let vtt = "\u{feff}WEBVTT - hands\n\nNOTE for us\nnot shown\n\nfirst\n00:01.000 --> 00:03.500 align:start\n<v Ana>Wash your <b>hands</b>.\n\n00:00:04.000 --> 00:00:05.000\nWith soap.\nAnd 3 < 4.\n";
        assert_eq!(words(vtt).unwrap(), "Wash your hands.\nWith soap.\nAnd 3 < 4.\n");
        let srt = "1\r\n00:00:01,000 --> 00:00:03,000\r\nLávese las manos.\r\n\r\n2\r\n00:00:04,000 --> 00:00:05,000\r\nCon jabón.\r\n";
        assert_eq!(words(srt).unwrap(), "Lávese las manos.\nCon jabón.\n");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let of = |text: &str| words(text).unwrap_err().to_string();
        assert_eq!(of(""), "line 1: there is nothing to show in this file");
        assert_eq!(
            of("WEBVTT\n\nWash your hands.\n"),
            "line 3: there is no time such as 00:00:01.000 --> 00:00:03.000"
        );
        assert_eq!(of("1\n00:00:03,000 --> 00:00:01,000\nHands.\n"), "line 2: it ends before it begins");
        assert_eq!(
            of("1\n00:61:03,000 --> 01:00:01,000\nHands.\n"),
            "line 2: the time cannot be read; it looks like 00:00:01.000"
        );
        assert_eq!(of("00:00:01.000 --> 00:00:03.000\n"), "line 1: there is nothing to show in this file");
        assert_eq!(of("%PDF-1.7\nobj"), "line 1: there is no time such as 00:00:01.000 --> 00:00:03.000");
    }

    proptest! {
        #[test]
        fn nothing_that_is_brought_breaks_it(text in "[\\x00-\\x7f<>\u{e9}\\-: \n0-9.,]{0,200}") {
            let _ = words(&text);
        }
    }
}
