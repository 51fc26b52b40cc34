//! Queries of the recent search (`docs.x.com/x-api/posts/search/integrate/operators`), as far as a
//! connector needs them: operators, words, phrases, `-`, `OR` and brackets.

use super::state::{Post, State};
use super::text::{self, EntityKind};

/// A query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Query {
    All(Vec<Query>),
    Any(Vec<Query>),
    Not(Box<Query>),
    Operator(String, String),
    Word(String),
}

/// How deep brackets may stand in each other.
const DEEPEST: usize = 16;

impl Query {
    /// Reads a query; `None` where it cannot be read.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let tokens = tokens(text)?;
        let mut at = 0;
        let query = any(&tokens, &mut at, 0)?;
        (at == tokens.len()).then_some(query)
    }

    /// Whether a post is meant.
    pub(super) fn matches(&self, state: &State, post: &Post) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(state, post)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(state, post)),
            Self::Not(part) => !part.matches(state, post),
            Self::Word(word) => post.text.to_lowercase().contains(&word.to_lowercase()),
            Self::Operator(name, value) => operator(name, value, state, post),
        }
    }
}

fn operator(name: &str, value: &str, state: &State, post: &Post) -> bool {
    let is_user = |id: u64| {
        state.user(id).is_some_and(|user| {
            user.username.eq_ignore_ascii_case(value.trim_start_matches('@')) || user.id.to_string() == value
        })
    };
    let has = |kind: EntityKind| text::entities(&post.text).iter().any(|entity| entity.kind == kind);
    match (name, value) {
        ("conversation_id", id) => post.conversation.to_string() == id,
        ("in_reply_to_tweet_id" | "in_reply_to_status_id", id) => post.reply_to.is_some_and(|to| to.to_string() == id),
        ("quotes_of_tweet_id", id) => post.quotes.is_some_and(|of| of.to_string() == id),
        ("from", _) => is_user(post.author),
        ("to", _) => post.reply_to.and_then(|id| state.post(id)).is_some_and(|parent| is_user(parent.author)),
        ("is", "reply") => post.reply_to.is_some(),
        ("is", "quote") => post.quotes.is_some(),
        ("is", "retweet" | "nullcast") => false,
        ("has", "links") => has(EntityKind::Link),
        ("has", "mentions") => has(EntityKind::Mention),
        ("has", "hashtags") => has(EntityKind::Hashtag),
        ("has", "media" | "images") => !post.media.is_empty(),
        ("url", part) => post.links.iter().any(|link| link.long.contains(part)),
        ("lang", language) => language == "en",
        _ => false,
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Or,
    Not,
    Term(Query),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '-' => (Token::Not, 1),
            '"' => {
                let end = rest[1..].find('"')?;
                (Token::Term(Query::Word(rest[1..=end].to_owned())), end + 2)
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')')).unwrap_or(rest.len());
                // A value in quotation marks may have spaces: `url:"…"`.
                match rest[..end].find(":\"") {
                    Some(colon) => {
                        let value = colon + 2 + rest[colon + 2..].find('"')?;
                        let operator = Query::Operator(rest[..colon].to_owned(), rest[colon + 2..value].to_owned());
                        (Token::Term(operator), value + 1)
                    }
                    None => (term(&rest[..end]), end),
                }
            }
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Some(tokens)
}

fn term(word: &str) -> Token {
    match word.split_once(':') {
        None if word == "OR" => Token::Or,
        Some((name, value))
            if !value.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') =>
        {
            Token::Term(Query::Operator(name.to_owned(), value.to_owned()))
        }
        _ => Token::Term(Query::Word(word.to_owned())),
    }
}

fn any(tokens: &[Token], at: &mut usize, depth: usize) -> Option<Query> {
    let mut parts = vec![all(tokens, at, depth)?];
    while tokens.get(*at) == Some(&Token::Or) {
        *at += 1;
        parts.push(all(tokens, at, depth)?);
    }
    if parts.len() == 1 { parts.pop() } else { Some(Query::Any(parts)) }
}

fn all(tokens: &[Token], at: &mut usize, depth: usize) -> Option<Query> {
    let mut parts = Vec::new();
    let mut negated = false;
    while let Some(token) = tokens.get(*at) {
        let part = match token {
            Token::Or | Token::Close => break,
            Token::Not => {
                negated = true;
                *at += 1;
                continue;
            }
            Token::Open if depth < DEEPEST => {
                *at += 1;
                let inner = any(tokens, at, depth + 1)?;
                if tokens.get(*at) != Some(&Token::Close) {
                    return None;
                }
                inner
            }
            Token::Open => return None,
            Token::Term(query) => query.clone(),
        };
        *at += 1;
        parts.push(if std::mem::take(&mut negated) { Query::Not(Box::new(part)) } else { part });
    }
    match parts.len() {
        _ if negated => None,
        0 => None,
        1 => parts.pop(),
        _ => Some(Query::All(parts)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_words_and_brackets_are_read() {
        let operator = |name: &str, value: &str| Query::Operator(name.to_owned(), value.to_owned());
        let word = |word: &str| Query::Word(word.to_owned());
        assert_eq!(Query::parse("conversation_id:12"), Some(operator("conversation_id", "12")));
        assert_eq!(
            Query::parse("(\"elm street\" OR @elmstreet) -from:elmstreet"),
            Some(Query::All(vec![
                Query::Any(vec![word("elm street"), word("@elmstreet")]),
                Query::Not(Box::new(operator("from", "elmstreet"))),
            ]))
        );
        for broken in ["", "(", "a OR", "-", "\"open", "()"] {
            assert_eq!(Query::parse(broken), None, "{broken}");
        }
        assert_eq!(Query::parse(&"(".repeat(10_000)), None);
    }
}
