//! Listings of the Graph: cursors, limits, order, and the links to the neighbouring pages.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::error::GraphError;
use crate::kit::Key;

/// How a listing is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ask {
    /// How many at most.
    pub(super) limit: usize,
    after: Option<Key>,
    before: Option<Key>,
    /// Only what was made at this time or later.
    pub(super) since: Option<Timestamp>,
    /// Only what was made before this time.
    pub(super) until: Option<Timestamp>,
    /// `chronological` or `reverse_chronological`.
    pub(super) order: Option<String>,
    /// `toplevel` or `stream`.
    pub(super) filter: Option<String>,
    /// Whether counts are wanted beside the data.
    pub(super) summary: bool,
}

/// A part of a listing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) ids: Vec<String>,
    first: Option<Key>,
    last: Option<Key>,
    has_next: bool,
    has_previous: bool,
}

impl Ask {
    /// Reads what is asked from parameters or modifiers. `most` is the network's limit for a page.
    ///
    /// Errors: a value that cannot be read.
    pub(super) fn read(value: impl Fn(&str) -> Option<String>, most: usize) -> Result<Self, GraphError> {
        let cursor = |name: &str| match value(name).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => Key::read(&text).map(Some).ok_or_else(|| GraphError::parameter("Invalid cursors values")),
        };
        let time = |name: &str| match value(name) {
            None => Ok(None),
            Some(text) => time(&text).map(Some).ok_or_else(|| GraphError::parameter("Invalid time")),
        };
        let limit = match value("limit") {
            None => 25,
            Some(text) => text.trim().parse().map_err(|_| GraphError::parameter("limit is not a number"))?,
        };
        Ok(Self {
            limit: most.min(limit),
            after: cursor("after")?,
            before: cursor("before")?,
            since: time("since")?,
            until: time("until")?,
            order: value("order"),
            filter: value("filter"),
            summary: value("summary").is_some_and(|text| !matches!(text.as_str(), "false" | "0" | "")),
        })
    }

    /// The part of a listing that is asked for; `newest_first` is the order where none is named.
    pub(super) fn part(&self, mut all: Vec<(Key, String)>, newest_first: bool) -> Part {
        let reverse = self.order.as_deref().map_or(newest_first, |order| order == "reverse_chronological");
        all.retain(|(key, _)| self.since.is_none_or(|since| key.at >= since));
        all.retain(|(key, _)| self.until.is_none_or(|until| key.at < until));
        all.sort_by_key(|(key, _)| *key);
        if reverse {
            all.reverse();
        }
        let is_past = |key: Key, cursor: Key| if reverse { key < cursor } else { key > cursor };
        let (from, to) = match (self.after, self.before) {
            (Some(after), _) => {
                let from = all.iter().position(|(key, _)| is_past(*key, after)).unwrap_or(all.len());
                (from, all.len().min(from + self.limit))
            }
            (None, Some(before)) => {
                let to = all.iter().position(|(key, _)| !is_past(before, *key)).unwrap_or(all.len());
                (to.saturating_sub(self.limit), to)
            }
            (None, None) => (0, all.len().min(self.limit)),
        };
        let part = &all[from..to];
        Part {
            ids: part.iter().map(|(_, id)| id.clone()).collect(),
            first: part.first().map(|(key, _)| *key),
            last: part.last().map(|(key, _)| *key),
            has_next: to < all.len() && !part.is_empty(),
            has_previous: from > 0 && !part.is_empty(),
        }
    }
}

impl Part {
    /// `{"cursors","next","previous"}`, or `None` where there is nothing to page through. `link`
    /// makes the address of a neighbour from the name and value of its cursor.
    pub(super) fn paging(&self, link: impl Fn(&str, &str) -> String) -> Option<Value> {
        let (before, after) = (self.first?.cursor(), self.last?.cursor());
        let mut paging = json!({"cursors": {"before": before, "after": after}});
        if self.has_next {
            paging["next"] = link("after", &after).into();
        }
        if self.has_previous {
            paging["previous"] = link("before", &before).into();
        }
        Some(paging)
    }
}

/// A time as clients send it: seconds since 1970, or ISO 8601 with any of its ways to write a zone.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return Timestamp::from_second(seconds).ok();
    }
    text.parse().ok().or_else(|| Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", text).ok()).or_else(|| {
        let day: jiff::civil::Date = text.parse().ok()?;
        Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    })
}

/// A time as the Graph writes it.
pub(super) fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Ask, time};
    use crate::kit::Key;

    fn all(count: u64) -> Vec<(Key, String)> {
        // A clock gives nanoseconds: a cursor that held less would point before its own element.
        let at = Timestamp::new(1_795_000_000, 123_456_789).unwrap();
        (1..=count).map(|number| (Key { at, number }, number.to_string())).collect()
    }

    fn ask(pairs: &[(&str, &str)]) -> Ask {
        let value = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Ask::read(value, 100).unwrap()
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_repetition() {
        let (mut after, mut seen) = (String::new(), Vec::new());
        loop {
            let part = ask(&[("limit", "100"), ("after", &after)]).part(all(250), true);
            seen.extend(part.ids.clone());
            let Some(paging) = part.paging(|name, cursor| format!("{name}={cursor}")) else { break };
            let Some(next) = paging["next"].as_str() else { break };
            after = next.strip_prefix("after=").unwrap().to_owned();
        }
        let newest_first: Vec<String> = (1..=250).rev().map(|number: u64| number.to_string()).collect();
        assert_eq!(seen, newest_first);
    }

    #[test]
    fn a_cursor_stays_good_when_its_element_is_deleted() {
        let part = ask(&[("limit", "2")]).part(all(5), false);
        let after = part.paging(|_, _| String::new()).unwrap()["cursors"]["after"].as_str().unwrap().to_owned();
        let mut rest = all(5);
        rest.remove(1);
        assert_eq!(ask(&[("limit", "2"), ("after", &after)]).part(rest, false).ids, ["3", "4"]);
    }

    #[test]
    fn one_can_go_back() {
        let cursor = |number| Key { at: Timestamp::new(1_795_000_000, 123_456_789).unwrap(), number }.cursor();
        let part = ask(&[("limit", "2"), ("before", &cursor(4))]).part(all(5), false);
        assert_eq!(part.ids, ["2", "3"]);
        assert!(Ask::read(|name| (name == "after").then(|| "!".to_owned()), 100).is_err());
    }

    #[test]
    fn times_are_read_however_they_are_written() {
        let at = "2026-11-27T12:00:00Z".parse::<Timestamp>().ok();
        for text in ["1795780800", "2026-11-27T12:00:00+0000", "2026-11-27T12:00:00Z", "2026-11-27T13:00:00+01:00"] {
            assert_eq!(time(text), at, "{text}");
        }
        assert_eq!(time("tomorrow"), None);
    }
}
