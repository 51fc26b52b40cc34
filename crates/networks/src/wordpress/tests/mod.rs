//! Stories of a blog, told with canned answers. All people and texts are invented.

mod connecting;
mod hears;
mod posts;
mod speaks;

use serde_json::{Value, json};
use url::Url;

use crate::testing::{answer, at, json_answer, query};
use crate::*;

fn account() -> AccountView {
    AccountView {
        network: Network::Wordpress,
        base_url: Url::parse("https://blog.example.org/news").unwrap(),
        own_native_id: Some("7".to_owned()),
        credentials: Credentials::Basic { user: "bedside".to_owned(), password: Secret::new("abcd efgh") },
        hook_secret: Secret::default(),
        config: json!({"staff_ids": [9]}),
    }
}

fn comment(id: u64, date: &str, text: &str) -> Value {
    json!({
        "id": id, "post": 5, "parent": 0, "author": 0, "author_name": "Rosa N.", "author_url": "",
        "author_email": "rosa@example.org", "author_ip": "192.0.2.7", "author_user_agent": "Mozilla",
        "author_avatar_urls": {"24": "https://avatars.example.org/0bc83cb571cd1c50ba6f3e8a78ef1346"},
        "date": "2026-11-20T23:59:59", "date_gmt": date, "status": "approved", "type": "comment",
        "link": format!("https://blog.example.org/news/flu/#comment-{id}"),
        "content": {"rendered": format!("<p>{text}</p>"), "raw": text},
        "_links": {"up": [{"href": "https://blog.example.org/news/wp-json/wp/v2/posts/5"}]},
        "_embedded": {"up": [{"id": 5, "type": "post", "title": {"rendered": "Flu shots &#8211; when?"},
            "link": "https://blog.example.org/news/flu/", "excerpt": {"rendered": "<p>From October.</p>"}, "author": 1}]}
    })
}

fn with(mut comment: Value, changes: &[(&str, Value)]) -> Value {
    for (name, value) in changes {
        comment[*name] = value.clone();
    }
    comment
}

/// A site that answers as WordPress does, from a list of comments.
fn site(comments: &[Value]) -> impl FnMut(&HttpRequest) -> HttpResponse + '_ {
    // Times of one form are in the order of their letters.
    let date = |comment: &Value| comment["date_gmt"].as_str().unwrap_or_default().to_owned();
    let mut by_date: Vec<(String, &Value)> = comments.iter().map(|comment| (date(comment), comment)).collect();
    by_date.sort_by(|one, other| one.0.cmp(&other.0));
    move |request| {
        let matching: Vec<&Value> = match query(request, "include") {
            Some(ids) => {
                let ids: Vec<u64> = ids.split(',').map(|id| id.parse().unwrap()).collect();
                comments.iter().filter(|c| ids.contains(&c["id"].as_u64().unwrap_or(0))).collect()
            }
            None => {
                let after = query(request, "after").unwrap_or_default();
                let from = by_date.partition_point(|(date, _)| date.as_str() <= after.trim_end_matches('Z'));
                by_date[from..].iter().map(|(_, comment)| *comment).collect()
            }
        };
        let page: usize = query(request, "page").map_or(1, |page| page.parse().unwrap());
        let pages = matching.len().div_ceil(100).max(1);
        if page > pages {
            return json_answer(400, &json!({"code": "rest_post_invalid_page_number", "data": {"status": 400}}));
        }
        let body: Vec<&Value> = matching.iter().skip((page - 1) * 100).take(100).copied().collect();
        let (total, pages) = (matching.len().to_string(), pages.to_string());
        answer(200, &[("X-WP-Total", &total), ("X-WP-TotalPages", &pages)], serde_json::to_vec(&body).unwrap())
    }
}

fn input<'a>(account: &'a AccountView, cursor: Option<&'a Value>, known: &'a [Known], now: &str) -> PollInput<'a> {
    static NO_SETTINGS: Value = Value::Null;
    PollInput { account, source: &NO_SETTINGS, cursor, known, now: at(now) }
}

const NOW: &str = "2026-11-24T12:00:00Z";

fn look(operation: &Operation, answers: &[HttpResponse]) -> ReadbackVerdict {
    let mut readback = start_readback(&account(), operation, at(NOW)).unwrap();
    for answer in answers {
        readback.next_request().expect("another request");
        readback.on_response(answer).unwrap();
    }
    assert!(readback.next_request().is_none());
    readback.verdict()
}

fn own(id: u64, date: &str, raw: &str, status: &str) -> Value {
    json!({"id": id, "author": 7, "date_gmt": date, "status": status, "content": {"raw": raw, "rendered": ""},
        "link": "https://blog.example.org/#c"})
}
