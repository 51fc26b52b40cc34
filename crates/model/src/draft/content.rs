//! What a draft would say: its words, the files that it carries with their descriptions, its link and
//! its language. All of it is approved, so all of it is in the hash.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::text_hash;
use crate::names::text_enum;
use crate::{MediaId, Phi};

text_enum! {
    /// What sort of file it is.
    pub enum MediaKind {
        /// A still image, or an animated one.
        Image = "image",
        /// A video.
        Video = "video",
        /// A document of pages.
        Document = "document",
    }
}

text_enum! {
    /// A part of what a draft says.
    #[derive(Default)]
    pub enum Part {
        /// The title of a post.
        Title = "title",
        /// The text.
        #[default]
        Text = "text",
        /// The link.
        Link = "link",
        /// The description of a file.
        Alt = "alt",
    }
}

/// A file as a draft carries it. Its description is the draft's own: a later change of the file's
/// description in the library changes nothing that was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The file.
    pub id: MediaId,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    /// What sort of file it is.
    pub kind: MediaKind,
    /// The media type.
    pub mime: String,
    /// Its size.
    pub bytes: u64,
    /// Width and height in pixels, where known.
    pub size: Option<(u32, u32)>,
    /// The text for people who do not see it.
    pub alt: Option<Phi<String>>,
}

/// What a draft carries beside its words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The files, in the order in which they are shown.
    pub media: Vec<Attachment>,
    /// The link that is shown as a card.
    pub link: Option<Phi<String>>,
    /// The language of the words, a BCP 47 tag.
    pub language: Option<String>,
}

/// No text has this byte, so that no text has the hash of something that says more than a text.
const MORE_THAN_TEXT: u8 = 0xff;

impl Carried {
    /// Whether there is nothing beside the words.
    pub fn is_nothing(&self) -> bool {
        self.media.is_empty() && self.link.is_none() && self.language.is_none()
    }

    /// The hash that a text with all this is known by: [`text_hash`] where there is only the text, else
    /// SHA-256 over the title, the text, the link, the language, and of each file in its order the bytes and
    /// the description. Each part stands in its place behind its length, so nothing can move from one into
    /// the next: a title is not the first line of a text.
    pub fn hash_with(&self, title: Option<&str>, text: &str) -> String {
        if title.is_none() && self.is_nothing() {
            return text_hash(text);
        }
        let mut hash = Sha256::new();
        hash.update([MORE_THAN_TEXT]);
        let mut part = |part: Option<&str>| match part {
            Some(text) => {
                hash.update([1]);
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text);
            }
            None => hash.update([0]),
        };
        part(title);
        part(Some(text));
        part(self.link.as_ref().map(|link| link.expose().as_str()));
        part(self.language.as_deref());
        for file in &self.media {
            part(Some(&file.sha256));
            part(file.alt.as_ref().map(|alt| alt.expose().as_str()));
        }
        hex::encode(hash.finalize())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn picture(n: u128, alt: Option<&str>) -> Attachment {
        Attachment {
            id: MediaId::from_bits(n),
            sha256: text_hash(&n.to_string()),
            kind: MediaKind::Image,
            mime: "image/png".into(),
            bytes: 9,
            size: Some((3, 3)),
            alt: alt.map(|alt| Phi::new(alt.to_owned())),
        }
    }

    fn hash(media: &[Attachment], link: Option<&str>, language: Option<&str>) -> String {
        let link = link.map(|link| Phi::new(link.to_owned()));
        Carried { media: media.to_vec(), link, language: language.map(str::to_owned) }.hash_with(None, "Come and see.")
    }

    #[test]
    fn words_alone_keep_the_hash_that_they_always_had() {
        assert_eq!(Carried::default().hash_with(None, "Come and see."), text_hash("Come and see."));
    }

    #[test]
    fn whatever_a_reader_could_notice_changes_the_hash() {
        let (one, two) = (picture(1, Some("A door")), picture(2, Some("A stair")));
        let swapped =
            [Attachment { alt: two.alt.clone(), ..one.clone() }, Attachment { alt: one.alt.clone(), ..two.clone() }];
        let all = [
            hash(&[], None, None),
            hash(&[one.clone(), two.clone()], None, None),
            hash(&[two.clone(), one.clone()], None, None),
            hash(&swapped, None, None),
            hash(std::slice::from_ref(&one), None, None),
            hash(&[picture(1, Some("A gate"))], None, None),
            hash(&[picture(1, Some(""))], None, None),
            hash(&[picture(1, None)], None, None),
            hash(&[Attachment { sha256: two.sha256.clone(), ..one.clone() }], None, None),
            hash(std::slice::from_ref(&one), Some("https://lakeside.example.org/"), None),
            hash(std::slice::from_ref(&one), None, Some("en")),
            hash(std::slice::from_ref(&one), Some("en"), None),
            hash(&[], Some("https://lakeside.example.org/"), None),
        ];
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn a_title_is_not_the_first_line_of_a_text() {
        let none = Carried::default();
        let all = [
            none.hash_with(Some("Come"), "And see."),
            none.hash_with(None, "Come\n\nAnd see."),
            none.hash_with(Some("Come\n\nAnd"), "see."),
            none.hash_with(Some(""), "Come\n\nAnd see."),
            none.hash_with(Some("Come\n\nAnd see."), ""),
        ];
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn what_is_only_known_about_a_file_is_in_its_bytes_already() {
        let one = picture(1, Some("A door"));
        let renamed = Attachment { id: MediaId::from_bits(9), size: None, ..one.clone() };
        assert_eq!(hash(&[one], None, None), hash(&[renamed], None, None));
    }
}
