//! Health information that must not reach a log.

use serde::{Deserialize, Serialize};

/// A value that may hold protected health information: message text, raw payloads, author names,
/// handles, avatars, profile URLs.
///
/// `Debug` prints `[phi]` and there is no `Display`, so a value cannot slip into a log line, an
/// error or a panic message. Take it out with [`Phi::expose`] where it is shown to a person or sent
/// to the network it came from, and nowhere else. It serialises transparently, because the API
/// shows it to people who may read it.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Each call is a place to look at in a review.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Takes the value out.
    pub fn into_inner(self) -> T {
        self.0
    }

    /// Applies a function inside the wrapper.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Phi<U> {
        Phi(f(self.0))
    }
}

impl<T> From<T> for Phi<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> std::fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[phi]")
    }
}

#[cfg(test)]
mod tests {
    use super::Phi;

    #[test]
    fn debug_never_shows_the_text() {
        #[derive(Debug)]
        #[expect(dead_code, reason = "only its Debug output is looked at")]
        struct Message {
            text: Phi<String>,
        }
        let message = Message { text: Phi::new("my scan on Tuesday".to_owned()) };
        assert_eq!(format!("{message:?}"), "Message { text: [phi] }");
    }
}
