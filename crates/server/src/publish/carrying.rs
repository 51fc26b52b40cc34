//! What a post carries beside its words: files with their descriptions, a link, a language; as it is
//! asked for, and as it is shown.

use bedside_model::draft::{Attachment, Carried, MediaKind};
use bedside_model::{MediaId, OrgId, Phi};
use bedside_store::media::{self, MediaFile};
use bedside_store::{Conn, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::media::described;
use crate::answer::names;
use crate::problem::Problem;

/// Most files of one post; networks take fewer.
const MOST_FILES: usize = 20;
/// Longest link, in characters.
const LINK_MAX: usize = 2_000;

/// A file to carry.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAttachment {
    /// The file.
    #[schema(value_type = String)]
    pub id: MediaId,
    /// What people hear who do not see it; the file's own description where absent, none where empty.
    pub alt: Option<String>,
}

/// A file that a draft carries.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachmentView {
    /// The file.
    id: String,
    /// What sort of file it is.
    #[schema(value_type = names::MediaKind)]
    kind: MediaKind,
    /// The media type, as its bytes say.
    mime: String,
    /// Its size in bytes.
    bytes: u64,
    /// Width in pixels, where known.
    #[schema(required = true)]
    width: Option<u32>,
    /// Height in pixels, where known.
    #[schema(required = true)]
    height: Option<u32>,
    /// What people hear who do not see it.
    #[schema(required = true)]
    alt: Option<String>,
}

impl From<&Attachment> for AttachmentView {
    fn from(file: &Attachment) -> Self {
        Self {
            id: file.id.to_string(),
            kind: file.kind,
            mime: file.mime.clone(),
            bytes: file.bytes,
            width: file.size.map(|(width, _)| width),
            height: file.size.map(|(_, height)| height),
            alt: file.alt.as_ref().map(|alt| alt.expose().clone()),
        }
    }
}

/// What is asked for; what is absent stays as it was.
#[derive(Debug, Default)]
pub struct Asked {
    /// The files in their order.
    pub media: Option<Vec<NewAttachment>>,
    /// The link; an empty one takes it away.
    pub link: Option<String>,
    /// The language; an empty one takes it away.
    pub language: Option<String>,
}

impl Asked {
    /// Whether anything is asked for.
    pub fn is_nothing(&self) -> bool {
        self.media.is_none() && self.link.is_none() && self.language.is_none()
    }

    /// What is carried from now on.
    ///
    /// Errors: a file is not there, or stands there twice; there are too many; the link is no address; the
    /// language is no tag.
    pub async fn after(self, conn: &mut Conn, org: &OrgId, before: &Carried) -> Result<Carried, Problem> {
        let media = match self.media {
            None => before.media.clone(),
            Some(asked) => attached(conn, org, asked).await?,
        };
        let link = match self.link {
            None => before.link.clone(),
            Some(link) => addressed(&link)?,
        };
        let language = match self.language {
            None => before.language.clone(),
            Some(language) => tagged(&language)?,
        };
        Ok(Carried { media, link, language })
    }
}

async fn attached(conn: &mut Conn, org: &OrgId, asked: Vec<NewAttachment>) -> Result<Vec<Attachment>, Problem> {
    if asked.len() > MOST_FILES {
        return Err(Problem::invalid("media", format!("Take at most {MOST_FILES} files.")));
    }
    let mut files: Vec<Attachment> = Vec::with_capacity(asked.len());
    for (at, one) in asked.into_iter().enumerate() {
        if files.iter().any(|file| file.id == one.id) {
            return Err(Problem::invalid(&format!("media.{at}.id"), "This file is there already. Take it out once."));
        }
        let file = match media::get(conn, org, &one.id).await {
            Err(StoreError::NotFound { .. }) => {
                let text = "There is no such file, or it is not yours to use. Bring it again.";
                return Err(Problem::invalid(&format!("media.{at}.id"), text));
            }
            found => found?,
        };
        let alt = match one.alt {
            None => file.alt.clone(),
            Some(alt) => described(Some(alt), &format!("media.{at}.alt"))?,
        };
        files.push(attachment(file, alt));
    }
    Ok(files)
}

fn attachment(file: MediaFile, alt: Option<Phi<String>>) -> Attachment {
    let pixels = |length: Option<i64>| length.and_then(|length| u32::try_from(length).ok());
    Attachment {
        id: file.id,
        sha256: file.sha256,
        kind: file.kind,
        mime: file.mime,
        bytes: u64::try_from(file.bytes).unwrap_or_default(),
        size: pixels(file.width).zip(pixels(file.height)),
        alt,
    }
}

/// A link that a network can show as a card: a public web address with nothing secret in it.
fn addressed(link: &str) -> Result<Option<Phi<String>>, Problem> {
    let link = link.trim();
    if link.is_empty() {
        return Ok(None);
    }
    let wrong = || Problem::invalid("link", "Write a whole web address, such as https://lakeside.example.org/clinic.");
    let uri: http::Uri = link.parse().map_err(|_| wrong())?;
    let is_web = matches!(uri.scheme_str(), Some("https" | "http"));
    let host_only = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    if !is_web || !host_only || link.chars().count() > LINK_MAX {
        return Err(wrong());
    }
    Ok(Some(Phi::new(link.to_owned())))
}

/// A BCP 47 tag, as far as its form goes: `es`, `pt-BR`, `zh-Hant-TW`.
fn tagged(language: &str) -> Result<Option<String>, Problem> {
    let language = language.trim();
    if language.is_empty() {
        return Ok(None);
    }
    let mut subtags = language.split('-');
    let primary = subtags.next().unwrap_or_default();
    let is_tag = matches!(primary.len(), 2 | 3)
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && subtags.all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric()))
        && language.len() <= 35;
    if !is_tag {
        return Err(Problem::invalid("language", "Name the language by its tag, such as en or es."));
    }
    Ok(Some(language.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_a_whole_web_address_without_a_password() {
        let taken = |link| addressed(link).ok().flatten().map(Phi::into_inner);
        assert_eq!(
            taken(" https://lakeside.example.org/clinic?day=sat "),
            Some("https://lakeside.example.org/clinic?day=sat".into())
        );
        assert!(addressed("").is_ok_and(|link| link.is_none()));
        for wrong in
            ["lakeside.example.org", "/clinic", "javascript:alert(1)", "https://u:p@lakeside.example.org/", "https:// "]
        {
            assert!(addressed(wrong).is_err(), "{wrong}");
        }
        assert!(addressed(&format!("https://lakeside.example.org/{}", "a".repeat(LINK_MAX))).is_err());
    }

    #[test]
    fn a_language_is_a_tag() {
        for tag in ["es", "pt-BR", "zh-Hant-TW", "fil"] {
            assert_eq!(tagged(tag).ok().flatten().as_deref(), Some(tag));
        }
        for wrong in ["Spanish", "e", "en_US", "en-", "123"] {
            assert!(tagged(wrong).is_err(), "{wrong}");
        }
    }
}
