//! Says in words what in a sentence made the scorer stop.

use super::lexicon::Tag;
use crate::verdict::Decision;

const SIGNS: [(&[Tag], &str); 9] = [
    (&["YOU", "YOUR", "AUTHOR", "PASTTU"], "speaks to the person"),
    (&["HE", "HIS", "KIN"], "speaks of somebody close to them"),
    (&["PAST", "WAS", "HAD", "DID", "PASTYO", "IMPF", "WASPART", "PERF"], "tells of something that happened"),
    (&["TODAY", "DAY", "MONTH", "AGAIN"], "names a time"),
    (&["CARE", "RECORD", "ENC"], "mentions care or records"),
    (&["COND", "BODY"], "mentions health"),
    (&["BILL"], "mentions money or insurance"),
    (&["STAFF", "OURNAME"], "mentions staff"),
    (&["NOT", "NO", "NOONE"], "denies something"),
];

/// The sentence for the writer.
pub(super) fn why(rule: &str, tags: &[Tag], severity: Decision) -> String {
    let said: Vec<&str> =
        SIGNS.iter().filter(|(of, _)| tags.iter().any(|t| of.contains(t))).map(|(_, text)| *text).take(4).collect();
    let rest = if said.is_empty() { String::new() } else { format!(" It {}.", join(&said)) };
    let what = match rule {
        "B4" => "tells something about somebody's health",
        "B5" => "tells something about somebody's insurance or bill",
        "B6" => "argues, blames or belittles",
        "B7" => "advises one person on their health",
        "B8" => "asks for private details",
        "B9" => "presses or rewards the writer over a review",
        _ => {
            "lets a stranger conclude that the person, or somebody they write about, is or was in care here, or was not"
        }
    };
    let sure = if severity == Decision::Block { "This" } else { "Read this again. It may be that it" };
    format!("{sure} {what}.{rest}")
}

fn join(parts: &[&str]) -> String {
    match parts {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
