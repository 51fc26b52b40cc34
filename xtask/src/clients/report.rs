//! What the scripts say of their stories, and the table that is made of it.

use serde_json::Value;

/// The stories, in the order in which each client tells them.
pub const STORIES: [&str; 7] = ["publish", "read back", "comment", "reply", "hide or delete", "250 items", "429"];

/// How a story ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Which one.
    name: String,
    end: End,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum End {
    /// As it should.
    Holds,
    /// The network, or its client, has no such thing.
    NotThere,
    /// Otherwise than it should: how.
    Misses(String),
}

impl Story {
    /// Reads a line of a script, such as `{"story": "reply", "end": "holds"}`.
    pub fn read(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        let end = match value["end"].as_str()? {
            "holds" => End::Holds,
            "not there" => End::NotThere,
            _ => End::Misses(value["how"].as_str().unwrap_or_default().to_owned()),
        };
        Some(Self { name: value["story"].as_str()?.to_owned(), end })
    }

    /// Whether it does not miss.
    pub fn holds(&self) -> bool {
        !matches!(self.end, End::Misses(_))
    }
}

/// What missed, a line each.
pub fn misses(client: &str, stories: &[Story]) -> Vec<String> {
    let missing = stories.iter().filter_map(|story| match &story.end {
        End::Misses(how) => Some(format!("{client}, {}: {how}", story.name)),
        End::Holds | End::NotThere => None,
    });
    missing.collect()
}

/// One line per client, one column per story.
pub fn table(told: &[(&str, Vec<Story>)]) -> String {
    let width = told.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let line = |name: &str, cells: &[&str]| {
        let cells = STORIES.iter().zip(cells).map(|(story, cell)| format!("  {cell:<0$}", story.len()));
        format!("  {name:<width$}{}", cells.collect::<String>()).trim_end().to_owned()
    };
    let rows = told.iter().map(|(name, stories)| {
        let cell = |story: &str| match stories.iter().find(|told| told.name == *story).map(|told| &told.end) {
            Some(End::Holds) => "ok",
            Some(End::NotThere) => "-",
            Some(End::Misses(_)) | None => "MISS",
        };
        line(name, &STORIES.iter().map(|story| cell(story)).collect::<Vec<_>>())
    });
    std::iter::once(line("", &STORIES)).chain(rows).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_script_says_becomes_a_row() {
        let lines = [
            r#"{"story": "publish", "end": "holds"}"#,
            "a warning of some library",
            r#"{"story": "read back", "end": "holds"}"#,
            r#"{"story": "comment", "end": "not there"}"#,
            r#"{"story": "reply", "end": "misses", "how": "HttpError: 404"}"#,
        ];
        let stories: Vec<Story> = lines.iter().filter_map(|line| Story::read(line)).collect();
        assert_eq!(misses("yelp", &stories), ["yelp, reply: HttpError: 404"]);
        let expected = "        publish  read back  comment  reply  hide or delete  250 items  429\n  \
                        yelp  ok       ok         -        MISS   MISS            MISS       MISS";
        assert_eq!(table(&[("yelp", stories)]), expected);
    }
}
