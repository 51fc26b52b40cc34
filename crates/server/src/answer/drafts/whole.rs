//! Everything that a draft says as one text, and which part of it stands where. The guard reads the
//! whole, so that nothing is said in two halves of which each is harmless; what it finds is shown in
//! the part where it stands.

use std::ops::Range;

use bedside_model::draft::Carried;
use bedside_store::drafts::StoredDraft;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::guarding::FindingView;

/// A part of what a draft says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The title of a post.
    Title,
    /// The text.
    #[default]
    Text,
    /// The link.
    Link,
    /// The description of a file.
    Alt,
}

/// Everything that is said.
#[derive(Debug)]
pub struct Whole {
    text: String,
    /// Each part with its file, and where it stands, in scalar values.
    parts: Vec<(Part, Option<usize>, Range<usize>)>,
}

impl Whole {
    /// Of a title, a text, a link and the descriptions of files, in this order.
    pub fn of<'a>(
        title: Option<&'a str>,
        text: &'a str,
        link: Option<&'a str>,
        alts: impl IntoIterator<Item = Option<&'a str>>,
    ) -> Self {
        let mut whole = Self { text: String::new(), parts: Vec::new() };
        let mut length = 0;
        let mut add = |part, file, said: &str| {
            if !whole.parts.is_empty() {
                whole.text.push_str("\n\n");
                length += 2;
            }
            let start = length;
            length += said.chars().count();
            whole.text.push_str(said);
            whole.parts.push((part, file, start..length));
        };
        if let Some(title) = title {
            add(Part::Title, None, title);
        }
        add(Part::Text, None, text);
        if let Some(link) = link {
            add(Part::Link, None, link);
        }
        for (file, alt) in alts.into_iter().enumerate() {
            if let Some(alt) = alt {
                add(Part::Alt, Some(file), alt);
            }
        }
        whole
    }

    /// Of a draft.
    pub fn of_draft(draft: &StoredDraft) -> Self {
        let Carried { media, link, .. } = &draft.carried;
        let alts = media.iter().map(|file| file.alt.as_ref().map(|alt| alt.expose().as_str()));
        let link = link.as_ref().map(|link| link.expose().as_str());
        Self::of(draft.title.as_ref().map(|title| title.expose().as_str()), draft.text.expose(), link, alts)
    }

    /// As one text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The words alone: the title and the text.
    fn words(draft: &StoredDraft) -> Self {
        Self::of(draft.title.as_ref().map(|title| title.expose().as_str()), draft.text.expose(), None, [])
    }

    /// Shows a finding in the whole as one in the part where it begins.
    pub fn placed(&self, finding: FindingView) -> FindingView {
        let here = |(_, _, range): &&(Part, Option<usize>, Range<usize>)| finding.start <= range.end;
        let Some((part, file, range)) = self.parts.iter().find(here) else { return finding };
        let start = finding.start.max(range.start) - range.start;
        let end = finding.end.clamp(range.start + start, range.end) - range.start;
        FindingView { part: *part, file: *file, start, end, ..finding }
    }
}

/// The hash of everything that a draft would say.
pub fn hash_of(draft: &StoredDraft) -> String {
    draft.carried.hash_with(Whole::words(draft).text())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: usize, end: usize) -> FindingView {
        FindingView {
            rule: "B1".into(),
            severity: "block".into(),
            part: Part::default(),
            file: None,
            start,
            end,
            evidence: String::new(),
            why: String::new(),
            instead: String::new(),
        }
    }

    #[test]
    fn a_finding_is_shown_in_the_part_where_it_stands() {
        let whole = Whole::of(Some("Évening"), "Come in.", Some("https://a.example.org/"), [None, Some("A door")]);
        assert_eq!(whole.text(), "Évening\n\nCome in.\n\nhttps://a.example.org/\n\nA door");
        let placed = |start, end| {
            let shown = whole.placed(at(start, end));
            (shown.part, shown.file, shown.start, shown.end)
        };
        assert_eq!(placed(0, 7), (Part::Title, None, 0, 7));
        assert_eq!(placed(9, 13), (Part::Text, None, 0, 4));
        assert_eq!(placed(14, 25), (Part::Text, None, 5, 8), "what goes on into the next part ends with its own");
        assert_eq!(placed(19, 24), (Part::Link, None, 0, 5));
        let end = whole.text().chars().count();
        assert_eq!(placed(end - 4, end), (Part::Alt, Some(1), 2, 6));
        assert_eq!(placed(end + 5, end + 9), (Part::Text, None, end + 5, end + 9), "beyond the whole nothing is moved");
    }
}
