//! The parameter `fields`: `id,from{name},comments.limit(5).summary(true){message}`.

use super::error::GraphError;

/// Fields that were asked for, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fields(pub(super) Vec<Field>);

/// One field, with its modifiers and what is asked of what it points to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) arguments: Vec<(String, String)>,
    pub(super) inner: Fields,
}

/// How deep fields may be nested: deeper than anything that the Graph has.
const DEEPEST: usize = 12;

impl Fields {
    /// Reads the parameter.
    ///
    /// Errors: it is not of this form, or nested without end.
    pub(super) fn parse(text: &str) -> Result<Self, GraphError> {
        let mut reader = Reader { rest: text };
        let fields = reader.fields(0)?;
        if reader.rest.is_empty() { Ok(fields) } else { Err(GraphError::syntax()) }
    }

    /// Fields by name alone.
    pub(super) fn named(names: &[&str]) -> Self {
        Self(names.iter().map(|name| Field { name: (*name).to_owned(), ..Field::default() }).collect())
    }
}

impl Field {
    /// The value of a modifier.
    pub(super) fn argument(&self, name: &str) -> Option<&str> {
        self.arguments.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn fields(&mut self, depth: usize) -> Result<Fields, GraphError> {
        if depth > DEEPEST {
            return Err(GraphError::syntax());
        }
        let mut fields = Vec::new();
        loop {
            self.skip_space();
            let name = self.word();
            if !name.is_empty() {
                fields.push(self.field(name, depth)?);
            }
            self.skip_space();
            if !self.take(',') {
                return Ok(Fields(fields));
            }
        }
    }

    fn field(&mut self, name: String, depth: usize) -> Result<Field, GraphError> {
        let mut field = Field { name, ..Field::default() };
        loop {
            if self.take('.') {
                let modifier = self.word();
                if !self.take('(') {
                    return Err(GraphError::syntax());
                }
                field.arguments.push((modifier, self.until_closed()?));
            } else if self.take('{') {
                field.inner = self.fields(depth + 1)?;
                if !self.take('}') {
                    return Err(GraphError::syntax());
                }
            } else {
                return Ok(field);
            }
        }
    }

    fn word(&mut self) -> String {
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }

    fn until_closed(&mut self) -> Result<String, GraphError> {
        let (value, rest) = self.rest.split_once(')').ok_or_else(GraphError::syntax)?;
        self.rest = rest;
        Ok(value.trim().to_owned())
    }

    fn take(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, Fields};

    #[test]
    fn fields_nest_and_carry_modifiers() {
        let fields = Fields::parse("id, from{name},comments.limit(5).summary(true){message,from{id}}").unwrap();
        let comments = &fields.0[2];
        assert_eq!((comments.argument("limit"), comments.argument("summary")), (Some("5"), Some("true")));
        assert_eq!(comments.inner.0[0], Field { name: "message".to_owned(), ..Field::default() });
        assert_eq!(fields.0[1].inner, Fields::named(&["name"]));
    }

    #[test]
    fn what_is_not_of_the_form_is_refused() {
        for text in ["id{", "id}", "comments.limit", "comments.limit(5", "a b", &"a{".repeat(40)] {
            assert!(Fields::parse(text).is_err(), "{text}");
        }
    }
}
