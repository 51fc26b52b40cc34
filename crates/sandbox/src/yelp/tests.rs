//! Stories about Yelp.

use serde_json::{Value, json};

use crate::kit::testing::{Receiver, Story};
use crate::world::{Action, Network, Subscribe, Write};

fn review(story: &Story, author: &str, rating: u8, text: &str) -> Value {
    let (author, text) = (Some(author.to_owned()), Some(text.to_owned()));
    let kind = crate::world::Kind::Review;
    story.world.write(&Write { kind, author, text, rating: Some(rating), ..Write::on(Network::Yelp) }).unwrap()
}

fn business(story: &Story) -> String {
    story.world.ready("")["networks"]["yelp"]["business"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn everybody_sees_the_beginning_of_the_three_newest() {
    let story = Story::begin().await;
    for (rating, author) in [(1, "Rosa N."), (4, "Tom A."), (5, "Ida B."), (2, "Lee C.")] {
        review(&story, author, rating, &"I waited. ".repeat(30));
    }
    let path = format!("/v3/businesses/{}/reviews", business(&story));
    let answer = story.call("GET", &path).answer().await;
    let seen = answer.json();
    assert_eq!((&seen["total"], seen["reviews"].as_array().map(Vec::len)), (&json!(4), Some(3)));
    let text = seen["reviews"][0]["text"].as_str().unwrap();
    assert!(text.len() == 163 && text.ends_with("..."));
    // Yelp writes the time of California.
    assert_eq!(seen["reviews"][0]["time_created"], "2026-11-24 04:00:00");
    assert_eq!(
        (answer.header("ratelimit-dailylimit"), answer.header("ratelimit-remaining")),
        (Some("300"), Some("299"))
    );
    assert_eq!(answer.header("ratelimit-resettime"), Some("2026-11-25T00:00:00+00:00"));
    let (_, place) = story.call("GET", "/v3/businesses/elm-street-clinic-springfield").send().await;
    assert_eq!((&place["rating"], &place["review_count"]), (&json!(3.0), &json!(4)));
    let (_, french) = story.call("GET", &format!("{path}?locale=fr_FR")).send().await;
    assert_eq!((&french["total"], &french["possible_languages"]), (&json!(0), &json!(["en"])));
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let story = Story::begin().await;
    let code = |answer: (u16, Value)| (answer.0, answer.1["error"]["code"].as_str().unwrap().to_owned());
    let place = format!("/v3/businesses/{}", business(&story));
    let wrong = story.call("GET", &place).header("authorization", "Bearer wrong").send().await;
    assert_eq!(code(wrong), (401, "TOKEN_INVALID".to_owned()));
    assert_eq!(code(story.call("GET", "/v3/businesses/nobody").send().await), (404, "BUSINESS_NOT_FOUND".to_owned()));
    let locale = story.call("GET", &format!("{place}/reviews?locale=english")).send().await;
    assert_eq!(code(locale), (400, "VALIDATION_ERROR".to_owned()));
    for _ in 2..299 {
        story.call("GET", &place).send().await;
    }
    assert_eq!(story.call("GET", &place).send().await.0, 200, "the last of the day");
    assert_eq!(code(story.call("GET", &place).send().await), (429, "ACCESS_LIMIT_REACHED".to_owned()));
}

#[tokio::test]
async fn an_owner_with_a_photo_replies_without_emoji() {
    let story = Story::begin().await;
    let written = review(&story, "Rosa N.", 2, "I waited three hours");
    let reply = |review: &str, text: &str, kind: &str| {
        let body = json!({"response_text": text, "response_type": kind});
        story.call("POST", &format!("/reviews/v1/{review}")).json(&body).send()
    };
    let id = written["id"].as_str().unwrap();
    let refused = |answer: (u16, Value)| (answer.0, answer.1["error"]["id"].as_str().unwrap_or_default().to_owned());
    let table = [
        (reply(id, "Thank you 🙏", "public_comment").await, "R2R_INVALID_RESPONSE_TEXT"),
        (reply(id, "", "public_comment").await, "R2R_INVALID_RESPONSE_TEXT"),
        (reply(id, "Thank you", "direct_message").await, "R2R_INVALID_RESPONSE_TYPE"),
        (reply("unknown", "Thank you", "public_comment").await, "R2R_REVIEW_DOES_NOT_EXIST"),
    ];
    for (answer, expected) in table {
        assert_eq!(refused(answer), (400, expected.to_owned()));
    }
    let photo = |photo: bool| story.call("POST", "/v3/_sandbox/owner").json(&json!({"photo": photo})).send();
    assert_eq!(photo(false).await.0, 204);
    assert_eq!(
        refused(reply(id, "Thank you", "public_comment").await),
        (400, "R2R_PROBLEM_WITH_USER_PHOTO".to_owned())
    );
    photo(true).await;
    assert_eq!(reply(id, "Thank you", "public_comment").await.0, 200);
    let again = reply(id, "Thank you", "public_comment").await;
    assert_eq!(refused(again), (400, "R2R_INVALID_RESPONSE_TEXT".to_owned()), "the same text twice");
    let wrong = story.call("POST", &format!("/reviews/v1/{id}")).header("authorization", "Bearer wrong");
    assert_eq!(refused(wrong.json(&json!({})).send().await), (401, "INVALID_TOKEN".to_owned()));
}

#[tokio::test]
async fn a_code_becomes_a_token_of_the_owner() {
    let story = Story::begin().await;
    let ask = "/oauth2/authorize?response_type=code&client_id=sandbox&redirect_uri=http://127.0.0.1:1/back&state=s";
    let back = story.call("GET", ask).answer().await.header("location").unwrap().parse::<url::Url>().unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let exchange = format!("grant_type=authorization_code&code={code}&client_id=sandbox&client_secret=sandbox-secret");
    let (status, token) = story.call("POST", "/token/v1").form(&exchange).send().await;
    assert_eq!((status, token["expires_in"].as_i64()), (200, Some(604_800)));
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let (_, owner) = story.call("GET", "/v1/business_owner/me/profile").header("authorization", &bearer).send().await;
    assert!(owner["photo_url"].is_string());
    let (status, again) = story.call("POST", "/token/v1").form(&exchange).send().await;
    assert_eq!((status, again["error"]["id"].as_str()), (400, Some("INVALID_GRANT")));
}

#[tokio::test]
async fn a_webhook_that_echoes_hears_of_reviews() {
    let (story, mut receiver) = (Story::begin().await, Receiver::start().await);
    let ask = json!({"network": "yelp", "url": receiver.url()});
    let ask: Subscribe = serde_json::from_value(ask).unwrap();
    story.world.hooks.subscribe(ask).await.unwrap();
    let written = review(&story, "Rosa N.", 2, "I waited three hours");
    let told = receiver.next().await.json();
    assert_eq!((&told["object"], &told["data"]["id"]), (&json!("business"), &json!(business(&story))));
    let update = &told["data"]["updates"][0];
    assert_eq!(
        (&update["event_type"], &update["review_id"], &update["rating"]),
        (&json!("NEW_REVIEW_EVENT"), &written["id"], &json!(2.0))
    );
    let id = written["id"].as_str().map(str::to_owned);
    story.world.write(&Write { action: Action::Delete, id, ..Write::on(Network::Yelp) }).unwrap();
    assert_eq!(receiver.next().await.json()["data"]["updates"][0]["event_type"], "REVIEW_REMOVED_EVENT");
}
