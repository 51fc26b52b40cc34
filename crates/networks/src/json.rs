//! What a network answered, as a tree that borrows from the answer.
//!
//! Answers are read once, and of each only what its connector declares ([`Wanted`]): the rest is skipped
//! where it stands, and costs neither memory nor time. Texts are slices of the answer; only one with an
//! escape in it is a copy. Nothing is said of types: a field that holds something else than it should is
//! kept as it came, so that one broken item among good ones ends as a dead letter and loses no other.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// What of a value is read, or kept.
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
    pub(crate) fn field<'a>(&'static self, name: &'a str) -> Option<(&'a str, &'static Self)> {
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
        let mut fields = Vec::new();
        while let Some(field) = object.next_key_seed(Field(self.0))? {
            let Some((name, inner)) = field else {
                object.next_value::<IgnoredAny>()?;
                continue;
            };
            if fields.is_empty() {
                // Room for all, and none for an object that has none of them.
                fields.reserve(self.0.most().unwrap_or(0));
            }
            fields.push((name, object.next_value_seed(inner)?));
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
