//! What the organisation is told of: asked for, and sent to webhooks.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::restli;
use super::state::{Comment, Notice, Post};
use super::{LinkedIn, Problem, State as World};
use crate::kit::Fields;
use crate::world::{Event, Network};

/// How long a notice is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(60 * 24);

impl World {
    /// Notes what happened to a comment on a post of the organisation; `None` elsewhere.
    pub(super) fn notice_of(&mut self, comment: &Comment, action: &'static str, at: Timestamp) -> Option<Notice> {
        let post = self.posts.iter().find(|post| post.number == comment.post)?;
        if post.author != self.organization() {
            return None;
        }
        let decorated = json!({"comment": {
            "owner": comment.actor, "text": comment.text, "entity": post.activity(), "attributes": [],
        }});
        let source = post.urn();
        Some(self.note(action, source, comment.urn(), decorated, at))
    }

    /// Notes that a member named the organisation in a post.
    pub(super) fn notice_of_mention(&mut self, post: &Post, at: Timestamp) -> Notice {
        let decorated = json!({"share": {"owner": post.author, "text": post.commentary, "entity": post.urn()}});
        self.note("SHARE_MENTION", post.urn(), post.urn(), decorated, at)
    }

    fn note(
        &mut self,
        action: &'static str,
        source: String,
        generated: String,
        decorated: Value,
        at: Timestamp,
    ) -> Notice {
        let number = self.ids.rising("linkedin notice", at);
        let notice = Notice { number, action, source, generated, decorated, at };
        self.notices.push(notice.clone());
        notice
    }

    /// Changes the text of a comment.
    pub(super) fn reword(&mut self, number: u64, text: String, at: Timestamp) -> Option<Comment> {
        let comment = self.comments.iter_mut().find(|comment| comment.number == number)?;
        (comment.text, comment.modified) = (text, at);
        Some(comment.clone())
    }

    /// Takes a comment away, and the answers to it.
    pub(super) fn remove(&mut self, number: u64) {
        self.comments.retain(|comment| comment.number != number && comment.parent != Some(number));
    }
}

fn shown(state: &World, notice: &Notice) -> Value {
    json!({
        "notificationId": notice.number, "organizationalEntity": state.organization(), "action": notice.action,
        "sourcePost": notice.source, "generatedActivity": notice.generated,
        "decoratedGeneratedActivity": notice.decorated, "lastModifiedAt": notice.at.as_millisecond(),
        "subscriber": format!("urn:li:person:{}", state.member),
    })
}

impl LinkedIn {
    /// Tells a notice to the webhooks that are subscribed, and to those registered by control.
    pub(super) fn tell(&self, notice: Option<Notice>) {
        let Some(notice) = notice else { return };
        let state = self.lock();
        let body =
            json!({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [shown(&state, &notice)]});
        drop(state);
        self.hooks.publish(Network::Linkedin, &Event::json(&body), |_| true);
    }
}

/// `GET /rest/organizationalEntityNotifications?q=criteria`: newest first, of the last 60 days.
pub(super) async fn list(linkedin: State<LinkedIn>, uri: Uri, fields: Fields) -> Result<Json<Value>, Problem> {
    if fields.text("q").as_deref() != Some("criteria") {
        return Err(Problem::bad("No finder with this name: q has to be `criteria`"));
    }
    let state = linkedin.lock();
    let entity = fields.text("organizationalEntity").unwrap_or_default();
    if entity != state.organization() {
        return Err(Problem::denied("organizationalEntityNotifications.FINDER-criteria"));
    }
    let actions = restli::list(&fields.text("actions").unwrap_or_default());
    let range = fields.text("timeRange").and_then(|range| restli::record(&range)).unwrap_or_default();
    let bound = |name: &str| range.iter().find(|(known, _)| known == name).and_then(|(_, at)| at.parse::<i64>().ok());
    let (from, to) = (bound("start").unwrap_or(i64::MIN), bound("end").unwrap_or(i64::MAX));
    let now = linkedin.now();
    let wanted = state.notices.iter().rev().filter(|notice| {
        let at = notice.at.as_millisecond();
        (actions.is_empty() || actions.iter().any(|action| action == notice.action))
            && (from..to).contains(&at)
            && now.duration_since(notice.at) < KEPT
    });
    let wanted: Vec<&Notice> = wanted.collect();
    Ok(Json(restli::page(&fields, &uri, &wanted, |notice| shown(&state, notice))))
}
