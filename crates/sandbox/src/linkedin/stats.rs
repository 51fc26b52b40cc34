//! The organisation, its members, and its numbers. What nobody does here (likes, shares) is 0; how
//! often something was seen is invented, and the id decides it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use serde_json::{Value, json};

use super::restli;
use super::state::Post;
use super::{LinkedIn, Problem, State as World};
use crate::kit::Fields;

type Answer = Result<Json<Value>, Problem>;

/// An invented number of so many digits.
fn invented(state: &World, what: &str, digits: u32) -> u64 {
    state.ids.digits_of("linkedin numbers", what, digits).parse().unwrap_or(0)
}

fn own(state: &World, fields: &Fields, name: &str, finder: &str) -> Result<String, Problem> {
    if fields.text("q").as_deref() != Some(finder) {
        return Err(Problem::bad(&format!("No finder with this name: q has to be `{finder}`")));
    }
    let entity = fields.text(name).unwrap_or_default();
    if entity == state.organization() { Ok(entity) } else { Err(Problem::denied("statistics of this organisation")) }
}

fn numbers(state: &World, posts: &[&Post]) -> Value {
    let of = |post: &Post| state.comments.iter().filter(|comment| comment.post == post.number).count();
    let comments: usize = posts.iter().map(|post| of(post)).sum();
    let seen: u64 = posts.iter().map(|post| invented(state, &post.urn(), 3)).sum();
    let engagement = if seen == 0 { 0.0 } else { comments as f64 / seen as f64 };
    json!({
        "impressionCount": seen, "uniqueImpressionsCount": seen - seen / 4, "clickCount": seen / 20, "likeCount": 0,
        "commentCount": comments, "shareCount": 0, "shareMentionsCount": 0, "commentMentionsCount": 0,
        "engagement": engagement,
    })
}

/// `GET /rest/organizationalEntityShareStatistics`: over all posts, or each of those named.
pub(super) async fn shares(linkedin: State<LinkedIn>, uri: Uri, fields: Fields) -> Answer {
    let state = linkedin.lock();
    let entity = own(&state, &fields, "organizationalEntity", "organizationalEntity")?;
    let posts: Vec<&Post> = state.posts.iter().filter(|post| post.author == entity).collect();
    let mut elements = Vec::new();
    for (parameter, field) in [("shares", "share"), ("ugcPosts", "ugcPost")] {
        for urn in restli::list(&fields.text(parameter).unwrap_or_default()) {
            if let Some(post) = posts.iter().find(|post| post.urn() == urn) {
                elements.push(json!({
                    "organizationalEntity": entity, field: urn, "totalShareStatistics": numbers(&state, &[post]),
                }));
            }
        }
    }
    if fields.value("shares").is_none() && fields.value("ugcPosts").is_none() {
        elements.push(json!({"organizationalEntity": entity, "totalShareStatistics": numbers(&state, &posts)}));
    }
    Ok(Json(restli::page(&fields, &uri, &elements, Value::clone)))
}

/// `GET /rest/organizationalEntityFollowerStatistics`: by country; or gains, where a time is named.
pub(super) async fn followers(linkedin: State<LinkedIn>, uri: Uri, fields: Fields) -> Answer {
    let state = linkedin.lock();
    let entity = own(&state, &fields, "organizationalEntity", "organizationalEntity")?;
    let all = invented(&state, "followers", 4);
    let element = match fields.text("timeIntervals").and_then(|intervals| range_of(&intervals)) {
        Some((start, end)) => json!({
            "organizationalEntity": entity, "timeRange": {"start": start, "end": end},
            "followerGains": {"organicFollowerGain": all / 100, "paidFollowerGain": 0},
        }),
        None => json!({
            "organizationalEntity": entity,
            "followerCountsByGeoCountry": [{
                "geo": "urn:li:geo:103644278", "followerCounts": {"organicFollowerCount": all, "paidFollowerCount": 0},
            }],
            "followerCountsByAssociationType": [], "followerCountsBySeniority": [], "followerCountsByIndustry": [],
            "followerCountsByFunction": [], "followerCountsByStaffCountRange": [], "followerCountsByGeo": [],
        }),
    };
    Ok(Json(restli::page(&fields, &uri, &[element], Value::clone)))
}

/// Start and end of `(timeRange:(start:1,end:2),timeGranularityType:DAY)`.
fn range_of(intervals: &str) -> Option<(i64, i64)> {
    let number = |name: &str| {
        let rest = intervals.split_once(name)?.1;
        rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse::<i64>().ok()
    };
    Some((number("start:")?, number("end:")?))
}

/// `GET /rest/organizationPageStatistics`
pub(super) async fn page(linkedin: State<LinkedIn>, uri: Uri, fields: Fields) -> Answer {
    let state = linkedin.lock();
    let entity = own(&state, &fields, "organization", "organization")?;
    let views = invented(&state, "page", 3);
    let all = json!({"pageViews": views, "uniquePageViews": views - views / 3});
    let element = json!({
        "organization": entity,
        "totalPageStatistics": {"views": {"allPageViews": all, "overviewPageViews": all}, "clicks": {}},
    });
    Ok(Json(restli::page(&fields, &uri, &[element], Value::clone)))
}

/// `GET /rest/networkSizes/{urn}?edgeType=COMPANY_FOLLOWED_BY_MEMBER`
pub(super) async fn network_size(linkedin: State<LinkedIn>, Path(urn): Path<String>, fields: Fields) -> Answer {
    let state = linkedin.lock();
    let edge = fields.text("edgeType").unwrap_or_default();
    if !matches!(edge.as_str(), "COMPANY_FOLLOWED_BY_MEMBER" | "CompanyFollowedByMember") {
        return Err(Problem::bad("edgeType has to be COMPANY_FOLLOWED_BY_MEMBER"));
    }
    if urn != state.organization() {
        return Err(Problem::not_found());
    }
    Ok(Json(json!({"firstDegreeSize": invented(&state, "followers", 4)})))
}

/// `GET /rest/organizations/{id}`
pub(super) async fn organization(linkedin: State<LinkedIn>, Path(id): Path<String>) -> Answer {
    let state = linkedin.lock();
    if id != state.organization.to_string() {
        return Err(Problem::not_found());
    }
    let locale = json!({"country": "US", "language": "en"});
    Ok(Json(json!({
        "id": state.organization, "$URN": state.organization(), "localizedName": state.name, "vanityName": "elmstreet",
        "name": {"localized": {"en_US": state.name}, "preferredLocale": locale}, "primaryOrganizationType": "NONE",
        "localizedWebsite": "https://elmstreet.example.org", "defaultLocale": locale, "organizationType": "NON_PROFIT",
    })))
}

/// `GET /rest/organizationAcls?q=roleAssignee`: what the member may do for whom.
pub(super) async fn roles(linkedin: State<LinkedIn>, uri: Uri, fields: Fields) -> Answer {
    let state = linkedin.lock();
    if !matches!(fields.text("q").as_deref(), Some("roleAssignee" | "organization")) {
        return Err(Problem::bad("No finder with this name: q has to be `roleAssignee` or `organization`"));
    }
    let role = json!({
        "organization": state.organization(), "organizationTarget": state.organization(), "role": "ADMINISTRATOR",
        "roleAssignee": format!("urn:li:person:{}", state.member), "state": "APPROVED",
    });
    Ok(Json(restli::page(&fields, &uri, &[role], Value::clone)))
}

fn profile(state: &World, id: &str) -> Option<Value> {
    let name = state.members.get(id)?;
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    Some(json!({"id": id, "localizedFirstName": first, "localizedLastName": last}))
}

/// `GET /rest/people/(id:…)`
pub(super) async fn person(linkedin: State<LinkedIn>, Path(key): Path<String>) -> Answer {
    let state = linkedin.lock();
    let id = restli::record(&key).and_then(|fields| fields.into_iter().find(|(name, _)| name == "id"));
    let id = id.map_or(key, |(_, id)| id);
    Ok(Json(profile(&state, &id).ok_or_else(Problem::not_found)?))
}

/// `GET /v2/me`, `GET /rest/me`
pub(super) async fn me(linkedin: State<LinkedIn>) -> Answer {
    let state = linkedin.lock();
    Ok(Json(profile(&state, &state.member).ok_or_else(Problem::not_found)?))
}

/// `GET /v2/userinfo`, of OpenID Connect
pub(super) async fn user_info(linkedin: State<LinkedIn>) -> Answer {
    let state = linkedin.lock();
    let name = state.members.get(&state.member).ok_or_else(Problem::not_found)?;
    let (given, family) = name.split_once(' ').unwrap_or((name, ""));
    Ok(Json(json!({
        "sub": state.member, "name": name, "given_name": given, "family_name": family, "email_verified": true,
        "email": "ada.byrne@elmstreet.example.org", "locale": {"country": "US", "language": "en"},
    })))
}
