//! To which thread a status belongs.
//!
//! The API says what a status answers, never which status began the thread. What was learned is kept
//! in the cursor, so that the answers of a thread meet without asking again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How many statuses' threads are remembered at least.
const KEPT: usize = 1_000;
/// How many at most: the oldest are looked for and forgotten so many at once, which costs each little.
const MOST: usize = 1_200;

/// A status -> the status that began its thread.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Roots(BTreeMap<String, String>);

impl Roots {
    /// The threads that a cursor holds, of a poll or of a stream.
    pub(super) fn of_cursor(cursor: &Value) -> Self {
        cursor.get("roots").and_then(|roots| serde_json::from_value(roots.clone()).ok()).unwrap_or_default()
    }

    /// The beginning of the thread in which a status stands that answers `parent`; a status that
    /// answers nothing begins one.
    pub(super) fn find(&self, id: &str, parent: Option<&str>) -> Option<String> {
        match parent {
            None => Some(id.to_owned()),
            Some(parent) => self.0.get(id).or_else(|| self.0.get(parent)).cloned(),
        }
    }

    pub(super) fn learn(&mut self, id: &str, root: &str) {
        self.0.insert(id.to_owned(), root.to_owned());
        if self.0.len() > MOST {
            let mut ids: Vec<String> = self.0.keys().cloned().collect();
            // Ids rise with time; where they are numbers, the shorter is the smaller.
            ids.sort_unstable_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
            for id in ids.iter().take(ids.len() - KEPT) {
                self.0.remove(id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_meet_in_the_thread_of_what_they_answer_and_the_oldest_are_forgotten() {
        let mut roots = Roots::default();
        assert_eq!(roots.find("1", None).as_deref(), Some("1"));
        assert_eq!(roots.find("2", Some("1")), None);
        roots.learn("1", "1");
        assert_eq!(roots.find("2", Some("1")).as_deref(), Some("1"));
        for id in 2..=MOST {
            roots.learn(&id.to_string(), "1");
        }
        assert_eq!((roots.0.len(), roots.0.contains_key("1")), (MOST, true));
        roots.learn("99", "1");
        roots.learn("1201", "1");
        assert_eq!((roots.0.len(), roots.0.contains_key("201"), roots.0.contains_key("202")), (KEPT, false, true));
    }
}
