//! Stories about Google Business Profile.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::pubsub;
use crate::kit::testing::{Receiver, Story};
use crate::world::{Action, Kind, Network, Write};

/// The account, and its verified places.
fn names(story: &Story) -> (String, String, String) {
    let ready = story.world.ready("")["networks"]["google_business"].clone();
    let named = |kind: &str, value: &Value| format!("{kind}/{}", value.as_str().unwrap());
    assert_eq!(ready["location"], ready["locations"][0]);
    (
        named("accounts", &ready["account"]),
        named("locations", &ready["location"]),
        named("locations", &ready["locations"][1]),
    )
}

fn review(story: &Story, on: &str, rating: u8, text: &str) -> Value {
    let (author, text, on) = (Some("Rosa N.".to_owned()), Some(text.to_owned()), Some(on.to_owned()));
    let write =
        Write { kind: Kind::Review, author, text, on, rating: Some(rating), ..Write::on(Network::GoogleBusiness) };
    story.world.write(&write).unwrap()
}

#[tokio::test]
async fn people_review_two_places_and_the_owner_answers() {
    let story = Story::begin().await;
    let (account, elm, oak) = names(&story);
    let first = review(&story, &elm, 2, "I waited three hours");
    review(&story, &elm, 5, "");
    let other = review(&story, &oak, 4, "Kind");
    let (_, seen) = story.call("GET", &format!("/v4/{account}/{elm}/reviews?orderBy=rating")).send().await;
    assert_eq!(
        (&seen["reviews"][0]["name"], &seen["averageRating"], &seen["totalReviewCount"]),
        (&first["id"], &json!(3.5), &json!(2))
    );
    let batch = json!({"locationNames": [format!("{account}/{elm}"), format!("{account}/{oak}")], "ignoreRatingOnlyReviews": true});
    let (_, both) = story.call("POST", &format!("/v4/{account}/locations:batchGetReviews")).json(&batch).send().await;
    let found: Vec<&Value> =
        both["locationReviews"].as_array().unwrap().iter().map(|one| &one["review"]["name"]).collect();
    assert!(found.len() == 2 && found.contains(&&first["id"]) && found.contains(&&other["id"]));

    let reply = format!("/v4/{}/reply", first["id"].as_str().unwrap());
    let put = |text: &str| story.call("PUT", &reply).json(&json!({"comment": text})).send();
    assert_eq!(put("Thank you for telling us.").await.1["reviewReplyState"], "APPROVED");
    assert_eq!(put(&"x".repeat(4_097)).await.0, 400);
    let judge = story.call("POST", "/v4/_sandbox/replies").json(&json!({"state": "REJECTED"}));
    assert_eq!(judge.send().await.0, 204);
    let (_, seen) = story.call("GET", &format!("/v4/{}", first["id"].as_str().unwrap())).send().await;
    assert_eq!(
        seen["reviewReply"],
        json!({"comment": "Thank you for telling us.", "updateTime": "2026-11-24T12:00:00Z", "reviewReplyState": "REJECTED"})
    );
    assert_eq!(story.call("DELETE", &reply).send().await, (200, json!({})));
    assert_eq!(story.call("DELETE", &reply).send().await.0, 404);
}

#[tokio::test]
async fn tokens_lead_through_250_reviews() {
    let story = Story::begin().await;
    let (account, elm, _) = names(&story);
    for number in 0..250 {
        review(&story, &elm, 3, &format!("Number {number}"));
    }
    let (mut seen, mut token) = (std::collections::BTreeSet::new(), String::new());
    loop {
        let (_, page) = story.call("GET", &format!("/v4/{account}/{elm}/reviews?pageSize=500{token}")).send().await;
        let reviews = page["reviews"].as_array().unwrap();
        assert_eq!(reviews.len(), 50, "a page has 50 at most");
        seen.extend(reviews.iter().map(|review| review["name"].as_str().unwrap().to_owned()));
        let Some(next) = page["nextPageToken"].as_str() else { break };
        token = format!("&pageToken={next}");
    }
    assert_eq!(seen.len(), 250);
}

#[tokio::test]
async fn what_is_wrong_has_googles_form() {
    let story = Story::begin().await;
    let (account, elm, _) = names(&story);
    let status = |answer: (u16, Value)| (answer.0, answer.1["error"]["status"].as_str().unwrap().to_owned());
    let reviews = format!("/v4/{account}/{elm}/reviews");
    let wrong = story.call("GET", &reviews).header("authorization", "Bearer wrong").send().await;
    assert_eq!(status(wrong), (401, "UNAUTHENTICATED".to_owned()));
    assert_eq!(
        status(story.call("GET", &format!("/v4/{account}/locations/1/reviews")).send().await),
        (404, "NOT_FOUND".to_owned())
    );
    let unverified = story.world.ready("")["networks"]["google_business"]["locations"][2].clone();
    let unverified = format!("/v4/{account}/locations/{}/reviews", unverified.as_str().unwrap());
    assert_eq!(status(story.call("GET", &unverified).send().await), (400, "FAILED_PRECONDITION".to_owned()));
    assert_eq!(
        status(story.call("GET", &format!("/v1/{account}/locations")).send().await),
        (400, "INVALID_ARGUMENT".to_owned())
    );
    let (_, places) = story.call("GET", &format!("/v1/{account}/locations?readMask=name,title")).send().await;
    assert_eq!(
        (&places["totalSize"], &places["locations"][0]),
        (&json!(3), &json!({"name": elm, "title": "Elm Street Clinic"}))
    );
    for _ in 4..300 {
        story.call("GET", &reviews).send().await;
    }
    assert_eq!(status(story.call("GET", &reviews).send().await), (429, "RESOURCE_EXHAUSTED".to_owned()));
}

#[tokio::test]
async fn a_local_post_is_made_changed_in_part_and_deleted() {
    let story = Story::begin().await;
    let (account, elm, _) = names(&story);
    let posts = format!("/v4/{account}/{elm}/localPosts");
    let create = |body: Value| story.call("POST", &posts).json(&body).send();
    let (status, made) = create(json!({"summary": "Flu shots", "languageCode": "en", "topicType": "STANDARD"})).await;
    assert_eq!((status, made["state"].as_str()), (200, Some("LIVE")));
    assert_eq!(create(json!({"summary": "x".repeat(1_501)})).await.0, 400);
    assert_eq!(create(json!({"summry": "x"})).await.0, 400);
    assert_eq!(create(json!({"summary": "x", "topicType": "EVENT"})).await.0, 400);
    let path = format!("/v4/{}", made["name"].as_str().unwrap());
    let change = json!({"summary": "Flu shots from Monday", "topicType": "ALERT"});
    let (_, changed) = story.call("PATCH", &format!("{path}?updateMask=summary")).json(&change).send().await;
    assert_eq!((&changed["summary"], &changed["topicType"]), (&json!("Flu shots from Monday"), &json!("STANDARD")));
    assert_eq!(story.call("GET", &posts).send().await.1["localPosts"][0], changed);
    assert_eq!(story.call("DELETE", &path).send().await, (200, json!({})));
    assert_eq!(story.call("GET", &posts).send().await.1, json!({}));
}

#[tokio::test]
async fn numbers_come_day_by_day() {
    let story = Story::begin().await;
    let (_, elm, _) = names(&story);
    let range = "dailyRange.startDate.year=2026&dailyRange.startDate.month=11&dailyRange.startDate.day=29\
                 &dailyRange.endDate.year=2026&dailyRange.endDate.month=12&dailyRange.endDate.day=2";
    let path = format!(
        "/v1/{elm}:fetchMultiDailyMetricsTimeSeries?dailyMetrics=CALL_CLICKS&dailyMetrics=WEBSITE_CLICKS&{range}"
    );
    let (_, seen) = story.call("GET", &path).send().await;
    let series = &seen["multiDailyMetricTimeSeries"][0]["dailyMetricTimeSeries"];
    assert_eq!(series[1]["dailyMetric"], "WEBSITE_CLICKS");
    let dates = series[0]["timeSeries"]["datedValues"].as_array().unwrap();
    assert_eq!((dates.len(), &dates[2]["date"]), (4, &json!({"year": 2026, "month": 12, "day": 1})));
    assert_eq!(story.call("GET", &path.replace("CALL_CLICKS", "LIKES")).send().await.0, 400);
}

#[tokio::test]
async fn a_push_says_who_pushes_in_a_token_that_can_be_checked() {
    let (story, mut receiver) = (Story::begin().await, Receiver::start().await);
    let (account, elm, _) = names(&story);
    let topic = "projects/clinic/topics/reviews";
    story.call("PUT", &format!("/v1/{topic}")).json(&json!({})).send().await;
    let push = json!({"topic": topic, "pushConfig": {
        "pushEndpoint": receiver.url(), "oidcToken": {"audience": "bedside", "serviceAccountEmail": "push@clinic.example.org"},
    }});
    assert_eq!(story.call("PUT", "/v1/projects/clinic/subscriptions/s").json(&push).send().await.0, 200);
    let setting = json!({"pubsubTopic": topic, "notificationTypes": ["NEW_REVIEW"]});
    let set = format!("/v1/{account}/notificationSetting?updateMask=pubsubTopic,notificationTypes");
    let (_, kept) = story.call("PATCH", &set).json(&setting).send().await;
    assert_eq!(kept["pubsubTopic"], topic);

    let first = review(&story, &elm, 1, "Rude");
    let edit = Write {
        action: Action::Edit,
        id: first["id"].as_str().map(str::to_owned),
        rating: Some(2),
        ..Write::on(Network::GoogleBusiness)
    };
    story.world.write(&edit).unwrap();
    let second = review(&story, &elm, 5, "Kind");
    let told = receiver.next().await;
    let data = |told: &crate::kit::testing::Told| -> Value {
        serde_json::from_slice(&STANDARD.decode(told.json()["message"]["data"].as_str().unwrap()).unwrap()).unwrap()
    };
    assert_eq!((&data(&told)["notificationType"], &data(&told)["reviewName"]), (&json!("NEW_REVIEW"), &first["id"]));
    let token = told.header("authorization").strip_prefix("Bearer ").unwrap();
    let (_, keys) = story.call("GET", "/oauth2/v3/certs").without("authorization").send().await;
    assert!(pubsub::is_signed(token, &keys) && !pubsub::is_signed(&token.replace('.', ".e"), &keys));
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap();
    assert_eq!(
        (&claims["aud"], &claims["email"], &claims["iss"]),
        (&json!("bedside"), &json!("push@clinic.example.org"), &json!("https://accounts.google.com"))
    );
    // The edit was of a type that the account does not want to hear of.
    assert_eq!(data(&receiver.next().await)["reviewName"], second["id"]);
}
