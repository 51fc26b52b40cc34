//! From a network's markup to plain text, and back.
//!
//! Comments and feeds come as HTML written by strangers. Bedside shows and analyses plain text
//! only, so nothing needs to be made safe here: everything that is markup goes, and what a reader
//! would have seen stays, with its paragraphs.

mod addresses;
mod entities;

pub(crate) use addresses::address;

/// The text a reader would see: tags removed, entities decoded, paragraphs and lines kept, runs of
/// blanks made one. Total: any text gives a text.
///
/// Text that is not inside a tag keeps its own line breaks, because comment forms send plain lines.
pub fn html_to_text(html: &str) -> String {
    let mut out = Builder { out: String::with_capacity(html.len()), ..Builder::default() };
    let mut rest = html;
    while !rest.is_empty() {
        match rest.bytes().position(|byte| matches!(byte, b'<' | b'&')) {
            None => {
                out.push_str(rest);
                break;
            }
            Some(at) => {
                out.push_str(&rest[..at]);
                rest = &rest[at..];
                rest = if rest.starts_with('<') { tag(rest, &mut out) } else { entity(rest, &mut out) };
            }
        }
    }
    out.finish()
}

/// Makes plain text safe to stand in HTML: it will be shown as it was written.
pub fn html_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#039;"),
            c => out.push(c),
        }
    }
    out
}

/// A form in which a text sent and the same text read back are equal, although the network changed
/// quotes, dashes and blanks on the way (as WordPress does). For comparison only.
pub fn normalise_for_comparison(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c)).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2032}' | '`' => out.push('\''),
                '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => out.push('"'),
                '\u{2010}'..='\u{2015}' => out.push('-'),
                '\u{2026}' => out.push_str("..."),
                c => out.push(c),
            }
        }
    }
    // `--` and `---` become dashes on the way, so runs of hyphens count as one.
    while out.contains("--") {
        out = out.replace("--", "-");
    }
    out
}

/// Characters that change nothing a reader sees and that networks add or drop.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}')
}

/// Reads one tag, comment or stray `<` at the start of `rest`; returns what follows.
fn tag<'a>(rest: &'a str, out: &mut Builder) -> &'a str {
    if let Some(comment) = rest.strip_prefix("<!--") {
        return comment.find("-->").map_or("", |end| &comment[end + 3..]);
    }
    if let Some(data) = rest.strip_prefix("<![CDATA[") {
        let end = data.find("]]>").unwrap_or(data.len());
        out.push_str(&data[..end]);
        return data.get(end + 3..).unwrap_or("");
    }
    let inner = &rest[1..];
    let (closing, named) = inner.strip_prefix('/').map_or((false, inner), |named| (true, named));
    let starts_a_tag = named.starts_with(|c: char| c.is_ascii_alphabetic()) || inner.starts_with(['!', '?']);
    let Some(end) = tag_end(inner).filter(|_| starts_a_tag) else {
        // "a < b" and "<3" are text.
        out.push('<');
        return inner;
    };
    let name = &named[..named.bytes().take_while(u8::is_ascii_alphanumeric).count()];
    let after = &inner[end + 1..];
    match lower(name, &mut [0; 10]) {
        name @ ("script" | "style" | "template" | "iframe" | "object" | "noscript") if !closing => {
            skip_element(after, name)
        }
        "br" => {
            out.line();
            after
        }
        "p" | "div" | "blockquote" | "ul" | "ol" | "pre" | "table" | "section" | "article" | "figure" | "h1" | "h2"
        | "h3" | "h4" | "h5" | "h6" | "hr" => {
            out.paragraph();
            after
        }
        "li" | "tr" | "dt" | "dd" => {
            out.line();
            after
        }
        "td" | "th" => {
            out.push(' ');
            after
        }
        "img" => {
            // Blogs turn emoji into images whose `alt` is the emoji; a described image is read out.
            if let Some(alt) = attribute(&inner[..end], "alt") {
                out.push_str(&html_to_text(alt));
            }
            after
        }
        _ => after,
    }
}

/// The name of a tag in lower case; of those that are longer than any that counts, nothing.
fn lower<'a>(name: &str, room: &'a mut [u8; 10]) -> &'a str {
    let Some(room) = room.get_mut(..name.len()) else { return "" };
    room.copy_from_slice(name.as_bytes());
    room.make_ascii_lowercase();
    std::str::from_utf8(room).unwrap_or_default()
}

/// Where the tag ends: the first `>` outside quotes.
fn tag_end(inner: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in inner.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    // An unclosed quote: the first `>` must do, so that the rest of the text is not lost.
    inner.find('>')
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.find(&format!(" {name}="))? + name.len() + 2;
    let value = &tag[at..];
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = &value[1..];
    value.find(quote).map(|end| &value[..end])
}

fn skip_element<'a>(rest: &'a str, name: &str) -> &'a str {
    let lower = rest.to_ascii_lowercase();
    let Some(at) = lower.find(&format!("</{name}")) else { return "" };
    rest[at..].find('>').map_or("", |end| &rest[at + end + 1..])
}

/// Reads one entity or stray `&` at the start of `rest`; returns what follows.
fn entity<'a>(rest: &'a str, out: &mut Builder) -> &'a str {
    let body = &rest[1..];
    let end = body.bytes().take(33).position(|byte| byte == b';');
    let decoded = end.and_then(|end| entities::decode(&body[..end]).map(|c| (c, end)));
    match decoded {
        Some((c, end)) => {
            out.push(c);
            &body[end + 1..]
        }
        None => {
            out.push('&');
            body
        }
    }
}

/// Collects text, with blanks collapsed and at most one empty line between paragraphs.
#[derive(Default)]
struct Builder {
    out: String,
    /// Line breaks owed before the next visible character.
    breaks: u8,
    blank: bool,
    /// Whether the character before was a line break in the source.
    after_newline: bool,
}

impl Builder {
    fn push_str(&mut self, text: &str) {
        let mut rest = text;
        loop {
            // Most of a text is words of plain letters, which go over as they are.
            let word = rest.bytes().position(|byte| !byte.is_ascii_graphic()).unwrap_or(rest.len());
            if word > 0 {
                self.settle();
                self.out.push_str(&rest[..word]);
            }
            let mut behind = rest[word..].chars();
            let Some(c) = behind.next() else { return };
            self.push(c);
            rest = behind.as_str();
        }
    }

    fn push(&mut self, c: char) {
        match c {
            '\r' => {}
            '\n' => {
                self.breaks = if self.after_newline { 2 } else { self.breaks.max(1) };
                self.after_newline = true;
            }
            c if c.is_whitespace() => self.blank = true,
            c if c.is_control() => {}
            c => {
                self.settle();
                self.out.push(c);
            }
        }
    }

    /// Writes the blanks and breaks that are owed before something visible.
    fn settle(&mut self) {
        if !self.out.is_empty() {
            match self.breaks {
                0 if self.blank => self.out.push(' '),
                0 => {}
                1 => self.out.push('\n'),
                _ => self.out.push_str("\n\n"),
            }
        }
        self.breaks = 0;
        self.blank = false;
        self.after_newline = false;
    }

    fn line(&mut self) {
        self.breaks = self.breaks.max(1);
        // The line break that editors write after `<br>` is not a second one.
        self.after_newline = false;
    }

    fn paragraph(&mut self) {
        self.breaks = 2;
    }

    fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_reader_saw_is_what_stays() {
        for (html, text) in [
            ("<p>Thank you, Dr&nbsp;Amara!</p>\n<p>Second &amp; last.</p>", "Thank you, Dr Amara!\n\nSecond & last."),
            ("one<br />\ntwo<br>three", "one\ntwo\nthree"),
            ("plain lines\nof a form\r\n\r\nand a paragraph", "plain lines\nof a form\n\nand a paragraph"),
            ("a < b && c > d, I <3 this place", "a < b && c > d, I <3 this place"),
            ("It&#8217;s &#x1F600; &hellip; &lt;b&gt;", "It\u{2019}s 😀 \u{2026} <b>"),
            (r#"hi <img class="emoji" alt="🙂" src="x.png"> there"#, "hi 🙂 there"),
            ("<script>alert('x')</script>seen<style>p{}</style>", "seen"),
            (r#"<a title="a > b" href="https://example.org/">link</a> text"#, "link text"),
            ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
            ("&notanentity; &copy 5 &; &#; &#xD800; &#0;", "&notanentity; &copy 5 &; &#; &#xD800; &#0;"),
            ("unfinished <b", "unfinished <b"),
            ("<!-- hidden -->shown<!-- open", "shown"),
            ("  spaces\t and   tabs ", "spaces and tabs"),
            ("", ""),
        ] {
            assert_eq!(html_to_text(html), text, "{html}");
        }
    }

    #[test]
    fn escaping_and_reading_give_the_text_back() {
        let text = "Is 5 < 6 & \"7\" > '6'? <b>no markup</b> 👩‍⚕️";
        assert_eq!(html_to_text(&html_escape(text)), text);
    }

    #[test]
    fn a_text_read_back_equals_the_text_sent() {
        let sent = "We're sorry -- please call \"patient relations\"...\n\nThank you";
        let read = "We\u{2019}re sorry \u{2013} please call \u{201c}patient relations\u{201d}\u{2026} Thank&nbsp;you";
        assert_eq!(normalise_for_comparison(sent), normalise_for_comparison(&html_to_text(read)));
        assert_ne!(normalise_for_comparison("Thank you"), normalise_for_comparison("Thank you!"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC*|[<>&;a-z\"'/! -]*") {
            let read = html_to_text(&text);
            prop_assert!(!read.starts_with(' ') && !read.contains("\n\n\n"));
        }

        #[test]
        fn escaped_text_always_comes_back(text in "[<>&;#a-z0-9\"'é😀]*") {
            prop_assert_eq!(html_to_text(&html_escape(&text)), text);
        }
    }
}
