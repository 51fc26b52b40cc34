//! Pages by id, with the `Link` header that is the only way to the next one.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use url::form_urlencoded;

use crate::kit::Fields;

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    max_id: Option<u64>,
    since_id: Option<u64>,
    min_id: Option<u64>,
    limit: usize,
}

impl Page {
    /// The part that a request asks for; `usual` and `most` say how long a page is.
    pub(super) fn of(fields: &Fields, usual: usize, most: usize) -> Self {
        let limit = fields.number("limit").and_then(|limit| usize::try_from(limit).ok());
        Self {
            max_id: fields.number("max_id"),
            since_id: fields.number("since_id"),
            min_id: fields.number("min_id"),
            limit: limit.unwrap_or(usual).clamp(1, most),
        }
    }

    /// Cuts the part out of all items: newest first; with `min_id` those next to it.
    pub(super) fn cut<'a, T>(&self, all: impl Iterator<Item = &'a T>, id: impl Fn(&T) -> u64) -> Vec<&'a T> {
        let mut items: Vec<&T> = all
            .filter(|item| self.max_id.is_none_or(|max| id(item) < max))
            .filter(|item| self.since_id.is_none_or(|since| id(item) > since))
            .filter(|item| self.min_id.is_none_or(|min| id(item) > min))
            .collect();
        items.sort_by_key(|item| std::cmp::Reverse(id(item)));
        if self.min_id.is_some() {
            items.drain(..items.len().saturating_sub(self.limit));
        } else {
            items.truncate(self.limit);
        }
        items
    }

    /// The answer with its `Link`: `next` is older, `prev` is newer.
    pub(super) fn answer(&self, base: &str, uri: &Uri, ids: &[u64], shown: Vec<Value>) -> Response {
        let mut links = Vec::new();
        if let (Some(last), true) = (ids.last(), ids.len() == self.limit) {
            links.push(format!("<{}>; rel=\"next\"", address(base, uri, "max_id", *last)));
        }
        if let Some(first) = ids.first() {
            links.push(format!("<{}>; rel=\"prev\"", address(base, uri, "min_id", *first)));
        }
        let mut headers = HeaderMap::new();
        if let Ok(link) = HeaderValue::from_str(&links.join(", "))
            && !links.is_empty()
        {
            headers.insert(header::LINK, link);
        }
        (headers, Json(shown)).into_response()
    }
}

/// The same request, from another id on.
fn address(base: &str, uri: &Uri, name: &str, id: u64) -> String {
    let kept = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .filter(|(name, _)| !matches!(name.as_ref(), "max_id" | "since_id" | "min_id" | "access_token"));
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept);
    query.append_pair(name, &id.to_string());
    format!("{base}{}?{}", uri.path(), query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(max_id: Option<u64>, since_id: Option<u64>, min_id: Option<u64>) -> Vec<u64> {
        let page = Page { max_id, since_id, min_id, limit: 2 };
        page.cut([1, 2, 3, 4, 5].iter(), |id| *id).into_iter().copied().collect()
    }

    #[test]
    fn max_and_since_cut_from_the_newest_and_min_from_the_oldest() {
        assert_eq!(page(None, None, None), [5, 4]);
        assert_eq!(page(Some(4), None, None), [3, 2]);
        assert_eq!(page(None, Some(1), None), [5, 4]);
        assert_eq!(page(None, None, Some(1)), [3, 2]);
    }
}
