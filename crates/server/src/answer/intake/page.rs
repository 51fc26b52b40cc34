//! The HTML of the page. Everything that is not our own words is escaped.

use axum::extract::multipart::Multipart;
use bedside_model::Micros;
use bedside_model::time::from_micros;
use bedside_networks::html_escape;

use super::words::Words;

/// The longest text, in characters.
const LONGEST_TEXT: usize = 10_000;

/// The longest name or address, in characters.
const LONGEST_LINE: usize = 300;

/// What was entered. It may hold health information: there is no `Debug`.
#[derive(Default)]
pub(super) struct Form {
    pub name: String,
    pub contact: String,
    pub text: String,
}

impl Form {
    /// Reads the fields; `None` where they cannot be read or are larger than any form of ours.
    pub(super) async fn read(mut fields: Multipart) -> Option<Self> {
        let mut form = Self::default();
        while let Some(field) = fields.next_field().await.ok()? {
            let name = field.name().unwrap_or("").to_owned();
            let value = field.text().await.ok()?;
            match name.as_str() {
                "name" => form.name = value.trim().to_owned(),
                "contact" => form.contact = value.trim().to_owned(),
                "text" => form.text = value.trim().to_owned(),
                _ => {}
            }
        }
        Some(form)
    }

    /// What is wrong with it, in words for the person who entered it.
    pub(super) fn wrong(&self, words: &'static Words) -> Option<&'static str> {
        let too_long = |text: &str, most| text.chars().count() > most;
        if self.text.is_empty() {
            Some(words.no_text)
        } else if too_long(&self.text, LONGEST_TEXT)
            || too_long(&self.name, LONGEST_LINE)
            || too_long(&self.contact, LONGEST_LINE)
        {
            Some(words.too_long)
        } else {
            None
        }
    }
}

fn whole(words: &Words, title: &str, main: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
        <meta name=\"robots\" content=\"noindex\"><title>{title}</title>\
        <link rel=\"stylesheet\" href=\"/intake/style.css\"></head><body><main><h1>{title}</h1>{main}</main></body></html>\n",
        words.lang
    )
}

/// A page that says one thing.
pub(super) fn notice(words: &Words, title: &str, text: &str) -> String {
    whole(words, title, &format!("<p>{text}</p>"))
}

/// Date and time in UTC, which the page says.
fn until(at: Micros) -> String {
    from_micros(at).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The form, with what was entered before and what is wrong with it.
pub(super) fn form(
    words: &Words,
    org: &str,
    token: &str,
    expires_at: Micros,
    entered: &Form,
    wrong: Option<&str>,
) -> String {
    let (org, token) = (html_escape(org), html_escape(token));
    let happens: String = words.what_happens.iter().map(|line| format!("<li>{line}</li>")).collect();
    let (alert, invalid) = match wrong {
        Some(text) => (
            format!("<p class=\"wrong\" role=\"alert\" id=\"wrong\">{text}</p>"),
            " aria-invalid=\"true\" aria-describedby=\"wrong text-hint\"",
        ),
        None => (String::new(), " aria-describedby=\"text-hint\""),
    };
    let line = |id: &str, label: &str, hint: &str, value: &str, complete: &str| {
        let value = html_escape(value);
        format!(
            "<label for=\"{id}\">{label}</label><p class=\"hint\" id=\"{id}-hint\">{hint}</p>\
            <input id=\"{id}\" name=\"{id}\" maxlength=\"{LONGEST_LINE}\" autocomplete=\"{complete}\" \
            aria-describedby=\"{id}-hint\" value=\"{value}\">"
        )
    };
    let main = format!(
        "<p>{who}</p><h2>{title}</h2><ul>{happens}</ul><p>{once}</p><p class=\"emergency\">{emergency}</p>{alert}\
        <form method=\"post\" action=\"/intake/{token}\" enctype=\"multipart/form-data\">{name}{contact}\
        <label for=\"text\">{text}</label><p class=\"hint\" id=\"text-hint\">{text_hint}</p>\
        <textarea id=\"text\" name=\"text\" rows=\"10\" maxlength=\"{LONGEST_TEXT}\" required{invalid}>{value}</textarea>\
        <button type=\"submit\">{send}</button></form>",
        who = words.who.replace("{org}", &org),
        title = words.what_happens_title,
        once = words.once.replace("{until}", &until(expires_at)),
        emergency = words.emergency,
        name = line("name", words.name, words.name_hint, &entered.name, "name"),
        contact = line("contact", words.contact, words.contact_hint, &entered.contact, "email"),
        text = words.text,
        text_hint = words.text_hint,
        value = html_escape(&entered.text),
        send = words.send,
    );
    whole(words, words.title, &main)
}
