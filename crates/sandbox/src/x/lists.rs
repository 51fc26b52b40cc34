//! Lists of posts: mentions, timeline, search, quotes. All page by token, newest first.

use axum::Json;
use axum::extract::{Path, State};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::problem::missing;
use super::search::Query;
use super::show::{self, View};
use super::state::Post;
use super::{Problem, X, id};
use crate::kit::Fields;

type Answer = Result<Json<Value>, Problem>;

/// Which part of a list is wanted.
struct Part {
    most: usize,
    since: Option<u64>,
    until: Option<u64>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    /// Older than this, or newer than that.
    older: Option<u64>,
    newer: Option<u64>,
}

impl Part {
    fn of(fields: &Fields, least: u64, usual: u64) -> Result<Self, Problem> {
        let most = match fields.text("max_results") {
            None => usual,
            Some(text) => match text.parse::<u64>() {
                Ok(number) if (least..=100).contains(&number) => number,
                _ => {
                    let message =
                        format!("The `max_results` query parameter value [{text}] is not between {least} and 100");
                    return Err(Problem::invalid("max_results", &text, &message));
                }
            },
        };
        let number = |name: &str| fields.text(name).map(|text| id(name, &text)).transpose();
        let time = |name: &str| {
            let Some(text) = fields.text(name) else { return Ok(None) };
            let parsed: Result<Timestamp, _> = text.parse();
            parsed.map(Some).map_err(|_| {
                let message = format!("The `{name}` query parameter value [{text}] is not a valid RFC3339 date-time");
                Problem::invalid(name, &text, &message)
            })
        };
        let (mut older, mut newer) = (None, None);
        if let Some(token) = fields.text("pagination_token").or_else(|| fields.text("next_token")) {
            let at = token.get(1..).and_then(|digits| u64::from_str_radix(digits, 16).ok());
            match (token.chars().next(), at) {
                (Some('n'), Some(at)) => older = Some(at),
                (Some('p'), Some(at)) => newer = Some(at),
                _ => {
                    let message = format!("The `pagination_token` query parameter value [{token}] is not valid");
                    return Err(Problem::invalid("pagination_token", &token, &message));
                }
            }
        }
        Ok(Self {
            most: usize::try_from(most).unwrap_or(100),
            since: number("since_id")?,
            until: number("until_id")?,
            from: time("start_time")?,
            to: time("end_time")?,
            older,
            newer,
        })
    }

    /// The page, newest first, and the tokens of the next and the previous one.
    fn cut<'a>(&self, all: impl Iterator<Item = &'a Post>) -> (Vec<&'a Post>, Option<String>, Option<String>) {
        let mut posts: Vec<&Post> = all
            .filter(|post| self.since.is_none_or(|since| post.id > since))
            .filter(|post| self.until.is_none_or(|until| post.id < until))
            .filter(|post| self.from.is_none_or(|from| post.created >= from))
            .filter(|post| self.to.is_none_or(|to| post.created < to))
            .collect();
        posts.sort_by_key(|post| std::cmp::Reverse(post.id));
        let start = match (self.older, self.newer) {
            (Some(older), _) => posts.partition_point(|post| post.id >= older),
            (None, Some(newer)) => posts.partition_point(|post| post.id > newer).saturating_sub(self.most),
            (None, None) => 0,
        };
        let end = (start + self.most).min(posts.len());
        let page = posts[start..end].to_vec();
        let next = page.last().filter(|_| end < posts.len()).map(|last| format!("n{:x}", last.id));
        let previous = page.first().filter(|_| start > 0).map(|first| format!("p{:x}", first.id));
        (page, next, previous)
    }
}

fn answer<'a>(state: &super::State, part: &Part, fields: &Fields, all: impl Iterator<Item = &'a Post>) -> Json<Value> {
    let (page, next, previous) = part.cut(all);
    let view = View::of(fields);
    let mut meta = json!({"result_count": page.len()});
    if let (Some(newest), Some(oldest)) = (page.first(), page.last()) {
        meta["newest_id"] = newest.id.to_string().into();
        meta["oldest_id"] = oldest.id.to_string().into();
    }
    for (name, token) in [("next_token", next), ("previous_token", previous)] {
        if let Some(token) = token {
            meta[name] = token.into();
        }
    }
    let mut answer = json!({"meta": meta});
    if !page.is_empty() {
        answer["data"] = page.iter().map(|post| show::post(state, post, &view)).collect();
    }
    if let Some(includes) = show::includes(state, &page, &view) {
        answer["includes"] = includes;
    }
    Json(answer)
}

fn no_user(wanted: &str) -> Json<Value> {
    Json(json!({"errors": [missing("user", "id", wanted)]}))
}

/// `GET /2/users/{id}/mentions`
pub(super) async fn mentions(x: State<X>, Path(wanted): Path<String>, fields: Fields) -> Answer {
    let part = Part::of(&fields, 5, 10)?;
    let state = x.lock();
    let Some(user) = state.user(id("id", &wanted)?).map(|user| user.id) else { return Ok(no_user(&wanted)) };
    let named = state.posts.iter().filter(|post| post.author != user && post.names.contains(&user));
    Ok(answer(&state, &part, &fields, named))
}

/// `GET /2/users/{id}/tweets`
pub(super) async fn timeline(x: State<X>, Path(wanted): Path<String>, fields: Fields) -> Answer {
    let part = Part::of(&fields, 5, 10)?;
    let state = x.lock();
    let Some(user) = state.user(id("id", &wanted)?).map(|user| user.id) else { return Ok(no_user(&wanted)) };
    let without_replies = fields.list("exclude").iter().any(|what| what == "replies");
    let written =
        state.posts.iter().filter(|post| post.author == user && !(without_replies && post.reply_to.is_some()));
    Ok(answer(&state, &part, &fields, written))
}

/// `GET /2/tweets/search/recent`: the last seven days.
pub(super) async fn search(x: State<X>, fields: Fields) -> Answer {
    let part = Part::of(&fields, 10, 10)?;
    let text = fields.text("query").unwrap_or_default();
    let query = Query::parse(&text).filter(|_| text.len() <= 4_096);
    let query = query.ok_or_else(|| {
        Problem::invalid("query", &text, "There were errors processing your request: the query cannot be read")
    })?;
    let since = x.now().saturating_sub(SignedDuration::from_hours(7 * 24)).unwrap_or(Timestamp::MIN);
    let state = x.lock();
    let found = state.posts.iter().filter(|post| post.created >= since && query.matches(&state, post));
    Ok(answer(&state, &part, &fields, found))
}

/// `GET /2/tweets/{id}/quote_tweets`
pub(super) async fn quotes(x: State<X>, Path(wanted): Path<String>, fields: Fields) -> Answer {
    let part = Part::of(&fields, 10, 10)?;
    let state = x.lock();
    let quoted = id("id", &wanted)?;
    if state.post(quoted).is_none() {
        return Ok(Json(json!({"errors": [missing("tweet", "id", &wanted)]})));
    }
    Ok(answer(&state, &part, &fields, state.posts.iter().filter(|post| post.quotes == Some(quoted))))
}
