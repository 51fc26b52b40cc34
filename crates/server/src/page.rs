//! Keyset pages: `{items, next}`, asked with `?limit=` and `?cursor=`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// What is on this page.
    pub items: Vec<T>,
    /// The cursor of the next page; null on the last.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// Which page is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many, 1 to 200; 50 where absent.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// How many items are asked for, within 1 and 200.
    pub fn limit(&self) -> i64 {
        self.limit.unwrap_or(50).clamp(1, 200)
    }

    /// The key after which the page begins, as [`Page::of`] wrote it.
    pub fn after<K: serde::de::DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let bad = || Problem::new("bad_cursor", "This cursor is not one of ours. Begin again without it.");
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_| bad())
    }
}

/// Writes a key as an opaque cursor.
pub fn cursor<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(bedside_store::to_json(key))
}

impl<T> Page<T> {
    /// A page of rows that were asked for with one more than `limit`: the one too many says that
    /// there is a next page. `key` gives the key of an item.
    pub fn of<K: Serialize>(mut items: Vec<T>, limit: i64, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(|last| cursor(&key(last))) } else { None };
        Self { items, next }
    }

    /// A list that fits on one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_begins_after_the_last_item_of_this_one() {
        let page = Page::of(vec![1, 2, 3], 2, |n| *n);
        assert_eq!(page.items, [1, 2]);
        let query = PageQuery { limit: None, cursor: page.next };
        assert_eq!(query.after::<i32>().unwrap(), Some(2));
        assert_eq!(Page::of(vec![1, 2], 2, |n| *n).next, None);
        let forged = PageQuery { limit: Some(1_000), cursor: Some("x'y".into()) };
        assert_eq!((forged.limit(), forged.after::<i32>().unwrap_err().code()), (200, "bad_cursor"));
    }
}
