//! The structured data of a page: schema.org as JSON-LD or as microdata, brought into one form.
//!
//! That form is JSON-LD's: an object has `@type`, and its properties under their names. Microdata is
//! read as the HTML standard lays down (5.2.4 Values), less `itemref`.

use std::borrow::Cow;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};
use serde_json::{Map, Value};
use url::Url;

/// Deepest nesting of elements and of objects that is followed.
const DEPTH: usize = 64;
/// Most microdata items of a page.
const ITEMS_MAX: usize = 5_000;

/// What a page holds.
#[derive(Debug, Default)]
pub(super) struct Markup {
    /// Its top-level objects.
    pub(super) objects: Vec<Value>,
    /// The next page of the list, on the same origin.
    pub(super) next: Option<Url>,
    /// JSON-LD that could not be read: how many scripts.
    pub(super) broken: usize,
}

/// Reads a page. Total: any bytes give something, if only nothing.
pub(super) fn read(html: &[u8], page: &Url) -> Markup {
    let mut emitter = DefaultEmitter::default();
    // Without a tree we are told by the tags that what follows is a script.
    emitter.naively_switch_states(true);
    let mut reader = Reader { page, markup: Markup::default(), items: Vec::new(), open: Vec::new(), script: None };
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end(&tag.name),
            Token::String(text) => reader.text(&text),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.finish()
}

/// An element that is open.
struct Open {
    tag: Vec<u8>,
    /// The item it begins.
    begins: Option<usize>,
    /// The property of an item whose value is this element's text.
    collects: Option<(usize, Vec<String>, String)>,
}

struct Item {
    fields: Map<String, Value>,
    /// Where it hangs; `None` at the top.
    parent: Option<(usize, Vec<String>)>,
}

struct Reader<'a> {
    page: &'a Url,
    markup: Markup,
    items: Vec<Item>,
    open: Vec<Open>,
    /// The text of the JSON-LD script that is open.
    script: Option<String>,
}

/// Elements that never have an end tag.
const VOID: [&[u8]; 14] = [
    b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param", b"source",
    b"track", b"wbr",
];

fn attribute<'a>(tag: &'a StartTag<()>, name: &str) -> Option<Cow<'a, str>> {
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value))
}

fn names(attribute: &str) -> Vec<String> {
    attribute.split_ascii_whitespace().map(str::to_owned).collect()
}

impl Reader<'_> {
    fn start(&mut self, tag: &StartTag<()>) {
        let name: &[u8] = &tag.name;
        if name == b"script" {
            let kind = attribute(tag, "type").unwrap_or_default();
            self.script = kind.trim().eq_ignore_ascii_case("application/ld+json").then(String::new);
        }
        if matches!(name, b"a" | b"link")
            && attribute(tag, "rel").is_some_and(|rel| names(&rel).contains(&"next".to_owned()))
        {
            let next = attribute(tag, "href").and_then(|href| self.page.join(&href).ok());
            let next = next.filter(|next| next.origin() == self.page.origin() && next != self.page);
            self.markup.next = self.markup.next.take().or(next);
        }
        let parent = self.open.iter().rev().find_map(|open| open.begins);
        let property = attribute(tag, "itemprop").map(|value| names(&value)).filter(|names| !names.is_empty());
        let mut begins = None;
        let mut collects = None;
        if tag.attributes.contains_key(b"itemscope".as_slice()) && self.items.len() < ITEMS_MAX {
            let mut fields = Map::new();
            if let Some(kind) = attribute(tag, "itemtype") {
                fields.insert("@type".into(), names(&kind).into());
            }
            if let Some(id) = attribute(tag, "itemid").and_then(|id| self.page.join(&id).ok()) {
                fields.insert("@id".into(), id.to_string().into());
            }
            begins = Some(self.items.len());
            self.items.push(Item { fields, parent: parent.zip(property) });
        } else if let Some((item, property)) = parent.zip(property) {
            match self.value(tag) {
                Some(value) => self.add(item, &property, value),
                None => collects = Some((item, property, String::new())),
            }
        }
        let is_void = VOID.contains(&name);
        if is_void || (tag.self_closing && begins.is_none() && collects.is_none()) {
            if let Some((item, property, text)) = collects {
                self.add(item, &property, text);
            }
            return;
        }
        if self.open.len() < DEPTH * 16 {
            self.open.push(Open { tag: name.to_vec(), begins, collects });
        }
    }

    /// The value that stands in the tag itself; `None` where it is the element's text.
    fn value(&self, tag: &StartTag<()>) -> Option<String> {
        let text = |name: &str| attribute(tag, name).map(Cow::into_owned);
        let address = |name: &str| {
            let written = attribute(tag, name)?;
            Some(self.page.join(&written).map_or_else(|_| written.into_owned(), String::from))
        };
        let name: &[u8] = &tag.name;
        match name {
            b"meta" => Some(text("content").unwrap_or_default()),
            b"audio" | b"embed" | b"iframe" | b"img" | b"source" | b"track" | b"video" => {
                Some(address("src").unwrap_or_default())
            }
            b"a" | b"area" | b"link" => Some(address("href").unwrap_or_default()),
            b"object" => Some(address("data").unwrap_or_default()),
            b"data" | b"meter" => Some(text("value").unwrap_or_default()),
            b"time" => text("datetime"),
            // Not in the standard, and on every second review page.
            _ => text("content"),
        }
    }

    fn text(&mut self, text: &[u8]) {
        let text = String::from_utf8_lossy(text);
        match &mut self.script {
            Some(script) => script.push_str(&text),
            None => {
                for open in &mut self.open {
                    if let Some((_, _, collected)) = &mut open.collects {
                        collected.push_str(&text);
                    }
                }
            }
        }
    }

    fn end(&mut self, name: &[u8]) {
        if name == b"script"
            && let Some(script) = self.script.take()
        {
            match serde_json::from_str::<Value>(script.trim()) {
                Ok(value) => self.markup.objects.push(value),
                Err(_) => self.markup.broken += 1,
            }
        }
        // An end tag closes what was left open inside; one that opens nowhere closes nothing.
        let Some(at) = self.open.iter().rposition(|open| open.tag == name) else { return };
        for open in self.open.split_off(at) {
            if let Some((item, property, text)) = open.collects {
                self.add(item, &property, text.trim().to_owned());
            }
        }
    }

    fn add(&mut self, item: usize, property: &[String], value: String) {
        for name in property {
            put(&mut self.items[item].fields, name, value.clone().into());
        }
    }

    fn finish(mut self) -> Markup {
        for open in std::mem::take(&mut self.open) {
            if let Some((item, property, text)) = open.collects {
                self.add(item, &property, text.trim().to_owned());
            }
        }
        // Inner items come after those that hold them, so from the last to the first each is whole.
        while let Some(item) = self.items.pop() {
            match item.parent {
                Some((parent, property)) => {
                    let fields = Value::Object(item.fields);
                    for name in &property {
                        put(&mut self.items[parent].fields, name, fields.clone());
                    }
                }
                None => self.markup.objects.push(Value::Object(item.fields)),
            }
        }
        self.markup
    }
}

/// Adds a value to a property; a second makes a list of it.
fn put(fields: &mut Map<String, Value>, name: &str, value: Value) {
    match fields.get_mut(name) {
        None => {
            fields.insert(name.to_owned(), value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(one) => *one = vec![one.take(), value].into(),
    }
}

/// Objects, each with the one that it stands in.
pub(super) type Found<'a> = Vec<(&'a Map<String, Value>, Option<&'a Map<String, Value>>)>;

/// Every object of this type, at any depth. `types` are names of schema.org without their address.
pub(super) fn of_type<'a>(objects: &'a [Value], types: &[&str]) -> Found<'a> {
    let mut found = Vec::new();
    for object in objects {
        walk(object, None, types, DEPTH, &mut found);
    }
    found
}

fn walk<'a>(
    value: &'a Value,
    around: Option<&'a Map<String, Value>>,
    types: &[&str],
    depth: usize,
    found: &mut Found<'a>,
) {
    if depth == 0 {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|one| walk(one, around, types, depth - 1, found)),
        Value::Object(fields) => {
            if is(fields, types) {
                found.push((fields, around));
            }
            let inside = if fields.contains_key("@graph") { around } else { Some(fields) };
            fields.values().for_each(|one| walk(one, inside, types, depth - 1, found));
        }
        _ => {}
    }
}

fn is(fields: &Map<String, Value>, types: &[&str]) -> bool {
    let named = |name: &Value| {
        let Some(name) = name.as_str() else { return false };
        let name = name.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
        let name = name.trim_start_matches("schema.org/").trim_start_matches("schema:");
        types.contains(&name)
    };
    match fields.get("@type") {
        Some(Value::Array(list)) => list.iter().any(named),
        Some(one) => named(one),
        None => false,
    }
}
