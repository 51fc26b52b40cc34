//! What a network answered, as a tree that borrows from the answer.
//!
//! Answers are read once, and of each only what its connector declares ([`Wanted`]): the rest is skipped
//! where it stands, and costs neither memory nor time. Texts are slices of the answer; only one with an
//! escape in it is a copy. Nothing is said of types: a field that holds something else than it should is
//! kept as it came, so that one broken item among good ones ends as a dead letter and loses no other.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// What of a value is read and kept; names of fields are in their order.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// All of it.
    All,
    /// Of an object these fields; of a list this of each element; what is neither, as it is.
    Fields(&'static [(&'static str, Wanted)]),
    /// The same, and further fields.
    More(&'static Wanted, &'static [(&'static str, Wanted)]),
}

impl Wanted {
    /// The field of this name, and what of it is wanted.
    pub(crate) fn field<'a>(&'static self, name: &'a str) -> Option<(&'a str, &'static Self)>
    where
        'static: 'a,
    {
        match self {
            Self::All => Some((name, self)),
            Self::Fields(fields) => listed(fields, name),
            Self::More(base, fields) => listed(fields, name).or_else(|| base.field(name)),
        }
    }

    /// How many fields of an object are wanted; `None` where all are.
    fn most(&self) -> Option<usize> {
        match self {
            Self::All => None,
            Self::Fields(fields) => Some(fields.len()),
            Self::More(base, fields) => Some(base.most()? + fields.len()),
        }
    }
}

fn listed(fields: &'static [(&'static str, Wanted)], name: &str) -> Option<(&'static str, &'static Wanted)> {
    // Every field of every item is looked for here, and most are told apart by their length and beginning.
    let begins_like = |wanted: &str| wanted.len() == name.len() && wanted.as_bytes().first() == name.as_bytes().first();
    fields.iter().find(|(wanted, _)| begins_like(wanted) && *wanted == name).map(|(name, inner)| (*name, inner))
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Self>),
    /// In the order in which they came. Of two fields of one name the last counts.
    Object(Vec<(Cow<'a, str>, Self)>),
}

/// Reads JSON; of it only what is wanted.
pub(crate) fn read<'a>(bytes: &'a [u8], wanted: &'static Wanted) -> Result<Json<'a>, serde_json::Error> {
    // Looked at as a whole, text is known to be text many times faster than string by string.
    let text = std::str::from_utf8(bytes).map_err(|_| serde_json::Error::custom("the text is not UTF-8"))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = wanted.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// Reads a stored item into a type that borrows from it.
pub(crate) fn typed<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, serde_json::Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        // It knows to say where it is not text.
        Err(_) => serde_json::from_slice(bytes),
    }
}

impl<'a> Json<'a> {
    /// A field of an object; nothing of what is no object.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// A text.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a list.
    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The elements of a list in a field; none where there is no such list.
    pub(crate) fn elements(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.get(name).and_then(Self::as_list).into_iter().flatten()
    }

    /// The text in a field.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// A whole number that is not negative.
    pub(crate) fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// A whole number.
    pub(crate) fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(crate) const fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// A field of an object, to be changed.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        match self {
            Self::Object(fields) => fields.iter_mut().rev().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// An object of these fields.
    pub(crate) fn object<const N: usize>(fields: [(&'static str, Self); N]) -> Self {
        Self::Object(fields.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect())
    }

    /// Takes the elements of a list out of an object.
    pub(crate) fn take_list(&mut self, name: &str) -> Option<Vec<Self>> {
        match self.take(name) {
            Some(Self::List(elements)) => Some(elements),
            _ => None,
        }
    }

    /// Takes a field out of an object.
    pub(crate) fn take(&mut self, name: &str) -> Option<Self> {
        match self {
            Self::Object(fields) => {
                let at = fields.iter().rposition(|(key, _)| key == name)?;
                Some(std::mem::replace(&mut fields[at].1, Self::Null))
            }
            _ => None,
        }
    }

    /// Puts a field into an object, in place of one of that name.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<Self>) {
        if let Self::Object(fields) = self {
            fields.push((Cow::Borrowed(name), value.into()));
        }
    }

    /// The same, borrowing nothing: for what must wait for another answer.
    pub(crate) fn into_owned(self) -> Json<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(value),
            Self::Number(number) => Json::Number(number),
            Self::Text(text) => Json::Text(owned(text)),
            Self::List(elements) => Json::List(elements.into_iter().map(Json::into_owned).collect()),
            Self::Object(fields) => {
                Json::Object(fields.into_iter().map(|(name, value)| (owned(name), value.into_owned())).collect())
            }
        }
    }
}

impl<'a> From<&'a str> for Json<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Json<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<Json<'_>> for serde_json::Value {
    fn from(value: Json<'_>) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => Self::Number(number),
            Json::Text(text) => Self::String(text.into_owned()),
            Json::List(elements) => Self::Array(elements.into_iter().map(Self::from).collect()),
            Json::Object(fields) => {
                Self::Object(fields.into_iter().map(|(name, value)| (name.into_owned(), value.into())).collect())
            }
        }
    }
}

impl<'a> DeserializeSeed<'a> for &'static Wanted {
    type Value = Json<'a>;

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<Json<'a>, D::Error> {
        reader.deserialize_any(Reader(self))
    }
}

struct Reader(&'static Wanted);

impl<'a> Visitor<'a> for Reader {
    type Value = Json<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json<'a>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'a>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'a>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'a>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'a>, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Json<'a>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'a>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<Json<'a>, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element_seed(self.0)? {
            elements.push(element);
        }
        Ok(Json::List(elements))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut object: A) -> Result<Json<'a>, A::Error> {
        let mut fields = Vec::with_capacity(self.0.most().unwrap_or(0));
        while let Some(field) = object.next_key_seed(Field(self.0))? {
            match field {
                Some((name, inner)) => fields.push((name, object.next_value_seed(inner)?)),
                None => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Json::Object(fields))
    }
}

/// The name of a field, if it is wanted, and what of the field is.
struct Field(&'static Wanted);

impl<'a> DeserializeSeed<'a> for Field {
    type Value = Option<(Cow<'a, str>, &'static Wanted)>;

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Field {
    type Value = Option<(Cow<'a, str>, &'static Wanted)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_borrowed_str<E>(self, name: &'a str) -> Result<Self::Value, E> {
        Ok(self.0.field(name).map(|(name, inner)| (Cow::Borrowed(name), inner)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.field(name).map(|(name, inner)| (Cow::Owned(name.to_owned()), inner)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::raw::Object;
    use crate::{canonical_json, content_hash, raw};

    const WANTED: Wanted = Wanted::Fields(&[
        ("b", Wanted::All),
        ("a", Wanted::Fields(&[("y", Wanted::All), ("x", Wanted::All)])),
        ("more", Wanted::More(&Wanted::Fields(&[("x", Wanted::All)]), &[("z", Wanted::All)])),
    ]);

    fn canonical(text: &str, wanted: &'static Wanted) -> String {
        let value = read(text.as_bytes(), wanted).unwrap();
        String::from_utf8(Object::of(&value, wanted).canonical()).unwrap()
    }

    #[test]
    fn only_what_is_wanted_is_read() {
        let served = r#" {"c": {"deep": [1, "}"]}, "a": [{"x": 1, "n": 2}, {"y": 2}], "b": {"any": [true, null]},
            "more": {"z": 1.50, "x": -3, "y": 0}} "#;
        let read = r#"{"a":[{"x":1},{"y":2}],"b":{"any":[true,null]},"more":{"x":-3,"z":1.5}}"#;
        assert_eq!(canonical(served, &WANTED), read);
    }

    #[test]
    fn texts_are_slices_of_the_answer_unless_they_hold_an_escape() {
        let served = r#"["Grüße 🙂", "a\"b\u00e9\n", "\ud83d\ude42", "\/"]"#;
        let value = read(served.as_bytes(), &Wanted::All).unwrap();
        let texts: Vec<&Json<'_>> = value.as_list().unwrap().iter().collect();
        assert!(matches!(texts[0], Json::Text(Cow::Borrowed("Grüße 🙂"))));
        for (text, meant) in texts[1..].iter().zip(["a\"b\u{e9}\n", "🙂", "/"]) {
            assert!(matches!(text, Json::Text(Cow::Owned(text)) if text == meant), "{meant}");
        }
        assert!(read(br#"["\ud83d"]"#, &Wanted::All).is_err(), "half a character");
    }

    #[test]
    fn a_field_that_holds_something_else_is_kept_as_it_came_and_no_other_is_lost() {
        let served = r#"[{"a": {"x": "1"}, "b": 2}, {"a": "none", "b": null}, {"b": "3", "a": null}, 4, {}]"#;
        let value = read(served.as_bytes(), &WANTED).unwrap();
        let fields: Vec<_> =
            value.as_list().unwrap().iter().map(|one| (one.get("a").is_some(), one.text("b"))).collect();
        assert_eq!(fields, [(true, None), (true, None), (true, Some("3")), (false, None), (false, None)]);
        // What was declared to be an object is written as one or not at all.
        assert_eq!(canonical(r#"{"a": "none", "b": 1}"#, &WANTED), r#"{"a":null,"b":1}"#);
    }

    #[test]
    fn of_two_fields_of_one_name_the_last_counts() {
        let served = r#"{"b": 1, "b": 2, "a": {"x": 1, "x": "2"}}"#;
        let mut value = read(served.as_bytes(), &WANTED).unwrap();
        assert_eq!(value.get("b").and_then(Json::as_u64), Some(2));
        assert_eq!(canonical(served, &WANTED), r#"{"a":{"x":"2"},"b":2}"#);
        value.set("b", "three");
        assert_eq!(value.text("b"), Some("three"));
        assert_eq!(value.take("b"), Some(Json::Text("three".into())));
        assert_eq!(value.get("b"), Some(&Json::Null));
    }

    #[test]
    fn what_is_no_json_is_an_error_that_says_where() {
        for (bytes, at) in [(&b"{\"b\":"[..], (1, 5)), (b"{} {}", (1, 4)), (b"\"\xff\"", (0, 0)), (b"", (1, 0))] {
            let error = read(bytes, &WANTED).unwrap_err();
            assert_eq!((error.line(), error.column()), at);
        }
        assert!(read("[".repeat(100_000).as_bytes(), &Wanted::All).is_err());
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let number = prop_oneof![any::<i64>().prop_map(Value::from), any::<f64>().prop_map(Value::from)];
        let leaf =
            prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number, ".*".prop_map(Value::from)];
        leaf.prop_recursive(4, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("[abxyz]|.{0,3}", inner, 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_serde_reads(value in any_json(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
            let read = read(text.as_bytes(), &Wanted::All).unwrap().into_owned();
            let whole = json!({"whole": serde_json::from_str::<Value>(&text).unwrap()});
            let ours = Object::default().with("whole", &read);
            prop_assert_eq!(ours.clone().canonical(), canonical_json(&whole));
            prop_assert_eq!(raw::hash_of(ours), content_hash(&whole));
        }

        #[test]
        fn reading_what_is_wanted_is_reading_all_and_keeping_that(value in any_json()) {
            let text = json!({"a": value, "b": value, "more": value, "n": value}).to_string();
            let all = read(text.as_bytes(), &Wanted::All).unwrap();
            prop_assert_eq!(canonical(&text, &WANTED).into_bytes(), Object::of(&all, &WANTED).canonical());
        }

        #[test]
        fn any_bytes_are_read_or_refused(
            bytes in prop::collection::vec(any::<u8>(), 0..100),
            text in "[{}\\[\\],:\"ab0-9\\\\u]*",
        ) {
            prop_assert_eq!(read(&bytes, &Wanted::All).is_ok(), serde_json::from_slice::<Value>(&bytes).is_ok());
            prop_assert_eq!(read(text.as_bytes(), &Wanted::All).is_ok(), serde_json::from_str::<Value>(&text).is_ok());
        }
    }
}
