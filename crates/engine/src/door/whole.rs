//! Everything that a draft says as one text, and which part of it stands where. The guard reads the
//! whole, so that nothing is said in two halves of which each is harmless; what it finds is shown in
//! the part where it stands.

use std::ops::Range;

use bedside_model::draft::{Carried, Part};
use bedside_store::drafts::StoredDraft;

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

    /// Where words of the whole stand: in the part where they begin, and in which file's description. `None`
    /// beyond the whole.
    pub fn place(&self, words: Range<usize>) -> Option<Placed> {
        let here = |(_, _, range): &&(Part, Option<usize>, Range<usize>)| words.start <= range.end;
        let (part, file, range) = self.parts.iter().find(here)?;
        let start = words.start.max(range.start) - range.start;
        let end = words.end.clamp(range.start + start, range.end) - range.start;
        Some(Placed { part: *part, file: *file, words: start..end })
    }
}

/// Words in a part of what is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The part.
    pub part: Part,
    /// Which file it is where it is in a description, from 0.
    pub file: Option<usize>,
    /// Where they stand in that part, in scalar values.
    pub words: Range<usize>,
}

/// The hash of everything that a draft would say.
pub fn hash_of(draft: &StoredDraft) -> String {
    draft.carried.hash_with(draft.title.as_ref().map(|title| title.expose().as_str()), draft.text.expose())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_shown_in_the_part_where_it_stands() {
        let whole = Whole::of(Some("Évening"), "Come in.", Some("https://a.example.org/"), [None, Some("A door")]);
        assert_eq!(whole.text(), "Évening\n\nCome in.\n\nhttps://a.example.org/\n\nA door");
        let placed = |start, end| {
            let Placed { part, file, words } = whole.place(start..end)?;
            Some((part, file, words.start, words.end))
        };
        assert_eq!(placed(0, 7), Some((Part::Title, None, 0, 7)));
        assert_eq!(placed(9, 13), Some((Part::Text, None, 0, 4)));
        assert_eq!(placed(14, 25), Some((Part::Text, None, 5, 8)), "what goes on into the next part ends with its own");
        assert_eq!(placed(19, 24), Some((Part::Link, None, 0, 5)));
        let end = whole.text().chars().count();
        assert_eq!(placed(end - 4, end), Some((Part::Alt, Some(1), 2, 6)));
        assert_eq!(placed(end + 5, end + 9), None, "beyond the whole nothing stands");
    }
}
