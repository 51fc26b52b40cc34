//! The pages that people look at: plain HTML without a script, which reloads itself.

/// Text made safe to stand in HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A whole page; `title` is text, `main` is HTML.
pub(crate) fn page(title: &str, note: &str, main: &str) -> String {
    let (title, note) = (escape(title), escape(note));
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 44rem; padding: 1.5rem; color: #1d2530; background: #fbfbf9; }}
header p {{ color: #4a5563; margin-top: 0; }}
article {{ border-top: 1px solid #c9ced6; padding: 1rem 0; }}
.meta {{ color: #4a5563; font-size: .875rem; margin: 0; }}
.text {{ white-space: pre-wrap; margin: .25rem 0 0; }}
.reply {{ border-left: 4px solid #1f6f5c; margin: .75rem 0 0 1rem; padding: .25rem .75rem; background: #eef5f2; }}
</style>
</head>
<body>
<header><h1>{title}</h1><p>{note}</p></header>
<main>{main}</main>
</body>
</html>
"#
    )
}

/// How many stars of five somebody gave, as HTML.
pub(crate) fn stars(rating: u8) -> String {
    let full = usize::from(rating.min(5));
    let (full_ones, empty_ones) = ("★".repeat(full), "☆".repeat(5 - full));
    format!("<span role=\"img\" aria-label=\"{full} of 5 stars\">{full_ones}{empty_ones}</span>")
}

/// A time, as people read it.
pub(crate) fn time(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Something that somebody wrote.
pub(crate) struct Note<'a> {
    /// Who wrote it.
    pub(crate) author: &'a str,
    /// When.
    pub(crate) at: jiff::Timestamp,
    /// A word on it, such as that it is hidden; may be empty.
    pub(crate) what: &'a str,
    /// The text.
    pub(crate) text: &'a str,
    /// Whether the organisation answers somebody.
    pub(crate) is_reply: bool,
}

/// What somebody wrote and stands for itself, as HTML.
pub(crate) fn article(wrote: &Note<'_>) -> String {
    format!("<article>{}</article>", note(wrote))
}

/// What somebody wrote, as HTML.
pub(crate) fn note(note: &Note<'_>) -> String {
    let what = if note.what.is_empty() { String::new() } else { format!(" · {}", escape(note.what)) };
    format!(
        "<div class=\"{}\"><p class=\"meta\">{} · {}{what}</p><p class=\"text\">{}</p></div>",
        if note.is_reply { "reply" } else { "note" },
        escape(note.author),
        time(note.at),
        escape(note.text),
    )
}
