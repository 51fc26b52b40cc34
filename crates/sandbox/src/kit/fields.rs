//! What a request carries, as an argument of a handler.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use serde_json::Value;

use crate::world::{File, Input};

/// Query and body as one set of names, however they were sent; the body wins.
///
/// Reading never fails: what cannot be read is [`Fields::is_malformed`], and each network says so in
/// its own words.
#[derive(Debug)]
pub(crate) struct Fields(Option<Input>);

impl Fields {
    /// Whether the body could not be read in the encoding it claims.
    pub(crate) fn is_malformed(&self) -> bool {
        self.0.is_none()
    }

    /// A value as it came; null is no value.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.value(name).filter(|value| !value.is_null())
    }

    /// A value as text; numbers and flags are written out.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.0.as_ref()?.text(name)
    }

    /// A value as a whole number.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.0.as_ref()?.number(name).and_then(|number| u64::try_from(number).ok())
    }

    /// A value as a flag.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.0.as_ref()?.truth(name)
    }

    /// A list: an array, a repeated name, `name[]`, or words with commas between them.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let values = self.0.as_ref().map_or_else(Vec::new, |input| input.list(name));
        let word = |value: Value| match value {
            Value::String(word) => Some(word),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        values.into_iter().filter_map(word).collect()
    }

    /// The file of a form.
    pub(crate) fn file(&self, name: &str) -> Option<&File> {
        self.0.as_ref()?.files.iter().find(|file| file.field == name)
    }

    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.raw()).unwrap_or_default()
    }

    /// The body as it came; empty for a form with files.
    pub(crate) fn raw(&self) -> Bytes {
        self.0.as_ref().map_or_else(Bytes::new, |input| input.body.clone())
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Input::read(request).await.ok()))
    }
}
