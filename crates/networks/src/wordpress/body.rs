//! The body of a post: paragraphs of what was written, and a block for each file.
//!
//! The blocks are those of WordPress' own editor, so that a person can go on with the post there; a
//! site without that editor shows the markup between the comments all the same.

use serde_json::Value;

use crate::{Media, MediaKind, html_escape};

/// A file that is on the site.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'a> {
    /// Its id among the site's files.
    pub(super) id: u64,
    /// Its address.
    pub(super) url: &'a str,
    /// What was sent.
    pub(super) media: &'a Media,
}

/// What a post says, as a person reads it: the text, and the link behind it where it does not stand
/// there already.
pub(super) fn words(text: &str, link: Option<&str>) -> String {
    match link {
        Some(link) if !text.contains(link) => format!("{text}\n\n{link}"),
        _ => text.to_owned(),
    }
}

/// The markup of a post.
pub(super) fn body<'a>(title: &str, text: &str, link: Option<&str>, files: impl Iterator<Item = Placed<'a>>) -> String {
    let link = link.filter(|link| !text.contains(link)).map(|link| {
        let link = html_escape(link);
        format!("<p><a href=\"{link}\">{link}</a></p>")
    });
    let parts = paragraphs(text).chain(link).chain(files.map(|file| block(&file, title)));
    parts.collect::<Vec<_>>().join("\n\n")
}

/// The markup of a post that gets other words and keeps its files.
pub(super) fn reworded(old: &str, text: &str) -> String {
    paragraphs(text).chain(files_of(old).map(str::to_owned)).collect::<Vec<_>>().join("\n\n")
}

/// A post's markup without the blocks of its files.
pub(super) fn without_files(markup: &str) -> String {
    files_of(markup).fold(markup.to_owned(), |left, block| left.replace(block, ""))
}

fn paragraphs(text: &str) -> impl Iterator<Item = String> {
    let text = text.replace("\r\n", "\n");
    let paragraphs: Vec<String> = text
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| format!("<p>{}</p>", html_escape(paragraph).replace('\n', "<br>")))
        .collect();
    paragraphs.into_iter()
}

/// The block of a file. A document is named by its description, else by the title of the post.
fn block(file: &Placed<'_>, title: &str) -> String {
    let (id, url) = (file.id, html_escape(file.url));
    let alt = file.media.alt.as_ref().map(|alt| html_escape(alt.expose())).unwrap_or_default();
    match file.media.kind {
        MediaKind::Image => format!(
            "<!-- wp:image {{\"id\":{id},\"sizeSlug\":\"full\",\"linkDestination\":\"none\"}} -->\n\
             <figure class=\"wp-block-image size-full\"><img src=\"{url}\" alt=\"{alt}\" class=\"wp-image-{id}\"/></figure>\n\
             <!-- /wp:image -->"
        ),
        MediaKind::Video => format!(
            "<!-- wp:video {{\"id\":{id}}} -->\n\
             <figure class=\"wp-block-video\"><video controls src=\"{url}\"></video></figure>\n\
             <!-- /wp:video -->"
        ),
        MediaKind::Document => {
            let name = if alt.is_empty() { html_escape(title) } else { alt };
            // Two hyphens would end the comment that the address stands in.
            let href = Value::from(file.url).to_string().replace("--", "\\u002d\\u002d");
            format!(
                "<!-- wp:file {{\"id\":{id},\"href\":{href}}} -->\n\
                 <div class=\"wp-block-file\"><a href=\"{url}\">{name}</a></div>\n\
                 <!-- /wp:file -->"
            )
        }
    }
}

/// The blocks of files in a post, whoever put them there, in their order.
fn files_of(markup: &str) -> impl Iterator<Item = &str> {
    let mut rest = markup;
    std::iter::from_fn(move || {
        loop {
            let begin = rest.find("<!-- wp:")?;
            let block = &rest[begin..];
            let name = block["<!-- wp:".len()..].split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or("");
            let is_file = matches!(name, "image" | "gallery" | "video" | "audio" | "file");
            let end = format!("<!-- /wp:{name} -->");
            match block.find(&end).filter(|_| is_file) {
                Some(at) => {
                    let (whole, behind) = block.split_at(at + end.len());
                    rest = behind;
                    return Some(whole);
                }
                None => rest = &block["<!-- wp:".len()..],
            }
        }
    })
}
