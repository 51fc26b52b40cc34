//! Metrics. Those of impressions and fans ended in November 2025 and are refused by name.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::error::GraphError;
use super::listing::{time, written};
use super::show::Look;
use super::state::Node;
use crate::world::Input;

const OF_PAGE: [&str; 8] = [
    "page_media_view",
    "page_total_media_view_unique",
    "page_follows",
    "page_daily_follows",
    "page_daily_unfollows_unique",
    "page_post_engagements",
    "page_views_total",
    "page_actions_post_reactions_total",
];
const OF_POST: [&str; 6] = [
    "post_media_view",
    "post_total_media_view_unique",
    "post_clicks",
    "post_reactions_by_type_total",
    "post_reactions_like_total",
    "post_activity_by_action_type",
];
const OF_ACCOUNT: [&str; 10] = [
    "reach",
    "views",
    "follower_count",
    "profile_views",
    "accounts_engaged",
    "total_interactions",
    "likes",
    "comments",
    "shares",
    "saves",
];
const OF_MEDIA: [&str; 8] =
    ["views", "reach", "likes", "comments", "saved", "shares", "total_interactions", "ig_reels_avg_watch_time"];

/// `GET /{page, post, account or media}/insights?metric&period`.
pub(super) fn answer(look: &Look<'_>, input: &Input, id: &str) -> Result<Value, GraphError> {
    let state = look.state;
    let (known, is_page, is_instagram): (&[&str], bool, bool) = match state.node(id) {
        Some(Node::Post(_) | Node::Video(_) | Node::Photo(_)) => (&OF_POST, false, false),
        Some(Node::Media(_)) => (&OF_MEDIA, false, true),
        None if id == state.page.id => (&OF_PAGE, true, false),
        None if id == state.account.id => (&OF_ACCOUNT, true, true),
        _ => return Err(GraphError::no_object("get", id)),
    };
    let metrics: Vec<String> =
        input.list("metric").iter().filter_map(|metric| metric.as_str().map(str::to_owned)).collect();
    if metrics.is_empty() {
        return Err(GraphError::missing("metric"));
    }
    if metrics.iter().any(|metric| !known.contains(&metric.as_str())) {
        return Err(if is_instagram {
            GraphError::parameter(&format!("metric[0] must be one of the following values: {}", known.join(", ")))
        } else {
            GraphError::metric()
        });
    }
    let period = input.text("period").unwrap_or_else(|| if is_page { "day" } else { "lifetime" }.to_owned());
    let total = input.text("metric_type").as_deref() == Some("total_value");
    let one = |name: &String| {
        let value = measured(look, id, name);
        let shown = if total {
            json!({"total_value": {"value": value}})
        } else if period == "lifetime" {
            json!({"values": [{"value": value}]})
        } else {
            json!({"values": values(look, input, &value)})
        };
        let mut metric = json!({
            "name": name, "period": period, "title": name.replace('_', " "), "description": "", "id": format!("{id}/insights/{name}/{period}"),
        });
        if let (Value::Object(metric), Value::Object(shown)) = (&mut metric, shown) {
            metric.extend(shown);
        }
        metric
    };
    Ok(json!({"data": metrics.iter().map(one).collect::<Vec<Value>>()}))
}

/// One value a day from `since` to `until`; of the last two days, where these are not named.
fn values(look: &Look<'_>, input: &Input, value: &Value) -> Vec<Value> {
    let at = |name: &str, days: i64| {
        let named = input.text(name).and_then(|text| time(&text));
        named.unwrap_or_else(|| look.now - SignedDuration::from_hours(24 * days))
    };
    let (since, until) = (at("since", 2), at("until", 0));
    let days = until.duration_since(since).as_hours().clamp(0, 24 * 93) / 24;
    let day = |number: i64| {
        let end: Timestamp = since + SignedDuration::from_hours(24 * (number + 1));
        json!({"value": value, "end_time": written(end)})
    };
    (0..days).map(day).collect()
}

/// A number that follows from what happened here, so that it can be foretold.
fn measured(look: &Look<'_>, id: &str, name: &str) -> Value {
    let state = look.state;
    let is_whole = id == state.page.id || id == state.account.id;
    let comments = state
        .list(|node| match node {
            Node::Comment(comment) => is_whole && id == state.page.id || comment.on == id,
            Node::IgComment(comment) => is_whole && id == state.account.id || comment.media == id,
            _ => false,
        })
        .len();
    let base = if is_whole { 1204 } else { 240 };
    match name {
        "post_reactions_by_type_total" | "page_actions_post_reactions_total" => json!({"like": 3, "love": 1}),
        "post_activity_by_action_type" => json!({"comment": comments, "like": 4}),
        "page_follows" | "follower_count" => base.into(),
        "comments" => comments.into(),
        "shares" | "saved" | "saves" | "page_daily_unfollows_unique" => 0.into(),
        _ => (base + 10 * comments).into(),
    }
}
