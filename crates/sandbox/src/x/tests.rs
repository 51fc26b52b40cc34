//! Stories about X.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::oauth1;
use crate::kit::testing::{Answer, Receiver, Story};
use crate::world::hooks::sign::hmac_sha256;
use crate::world::{Action, Kind, Network, Write};

const PNG: &[u8] = &[0x89, b'P', b'N', b'G', 1, 2, 3];

fn me(story: &Story) -> String {
    story.world.ready("")["networks"]["x"]["user"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn somebody_asks_and_the_clinic_reads_answers_hides_and_deletes() {
    let story = Story::begin().await;
    let asked = story.write(Network::X, Kind::Comment, "Rosa N.", "Open on Sunday?");
    let path = format!(
        "/2/users/{}/mentions?tweet.fields=conversation_id,public_metrics,referenced_tweets&expansions=author_id,referenced_tweets.id",
        me(&story)
    );
    let (_, seen) = story.call("GET", &path).send().await;
    let one = &seen["data"][0];
    assert_eq!((&one["id"], &one["text"]), (&asked["id"], &json!("@elmstreet Open on Sunday?")));
    assert_eq!(seen["includes"]["users"][0]["username"], "rosan");
    let root = &seen["includes"]["tweets"][0];
    assert_eq!(
        (&one["conversation_id"], &one["referenced_tweets"][0]),
        (&root["id"], &json!({"type": "replied_to", "id": root["id"]}))
    );
    assert_eq!(root["public_metrics"]["reply_count"], 1);

    let body = json!({"text": "No, from Monday.", "reply": {"in_reply_to_tweet_id": asked["id"]}});
    let (status, made) = story.call("POST", "/2/tweets").json(&body).send().await;
    assert_eq!((status, made["data"]["text"].as_str()), (201, Some("@rosan No, from Monday.")));
    let search = format!(
        "/2/tweets/search/recent?query=conversation_id:{}%20from:elmstreet",
        one["conversation_id"].as_str().unwrap()
    );
    let (_, found) = story.call("GET", &search).send().await;
    assert_eq!((&found["data"][0]["id"], &found["meta"]["result_count"]), (&made["data"]["id"], &json!(2)));

    let hide = format!("/2/tweets/{}/hidden", asked["id"].as_str().unwrap());
    let hidden = story.call("PUT", &hide).json(&json!({"hidden": true})).send().await;
    assert_eq!(hidden, (200, json!({"data": {"hidden": true}})));
    let delete = format!("/2/tweets/{}", made["data"]["id"].as_str().unwrap());
    assert_eq!(story.call("DELETE", &delete).send().await, (200, json!({"data": {"deleted": true}})));
    let (status, gone) = story.call("GET", &delete).send().await;
    assert_eq!(
        (status, gone["errors"][0]["title"].as_str(), &gone["data"]),
        (200, Some("Not Found Error"), &Value::Null)
    );
}

#[tokio::test]
async fn an_answer_says_post_where_the_question_does() {
    let story = Story::begin().await;
    story.write(Network::X, Kind::Comment, "Rosa N.", "Hello");
    let path = |fields: &str| format!("/2/users/{}/mentions?{fields}", me(&story));
    let (_, old) = story.call("GET", &path("tweet.fields=public_metrics&expansions=referenced_tweets.id")).send().await;
    let (_, new) = story.call("GET", &path("post.fields=public_metrics&expansions=referenced_posts")).send().await;
    let has = |answer: &Value, name: &str| answer["data"][0].get(name).is_some();
    assert!(has(&old, "referenced_tweets") && has(&old, "edit_history_tweet_ids") && !has(&old, "referenced_posts"));
    assert!(has(&new, "referenced_posts") && has(&new, "edit_history_post_ids") && !has(&new, "referenced_tweets"));
    assert_eq!(old["data"][0]["public_metrics"]["retweet_count"], 0);
    assert_eq!(new["data"][0]["public_metrics"]["repost_count"], 0);
    assert!(old["includes"]["tweets"].is_array() && new["includes"]["posts"].is_array());
}

#[tokio::test]
async fn what_x_does_not_permit_is_said() {
    let story = Story::begin().await;
    let stranger = story.write(Network::X, Kind::Post, "Rosa N.", "Elm Street never answers the phone");
    let post = |body: Value| story.call("POST", "/2/tweets").json(&body).send();
    let reply = json!({"text": "Sorry.", "reply": {"in_reply_to_tweet_id": stranger["id"]}});
    let (status, refused) = post(reply.clone()).await;
    assert_eq!((status, refused["title"].as_str()), (403, Some("Forbidden")));
    assert!(refused["detail"].as_str().unwrap().starts_with("Reply to this conversation is not allowed"));
    let permit = story.call("POST", "/2/_sandbox/replies").json(&json!({"permitted": "everybody"}));
    assert_eq!(permit.send().await.0, 204);
    assert_eq!(post(reply).await.0, 201);

    assert_eq!(post(json!({"text": "Twice"})).await.0, 201);
    let (status, twice) = post(json!({"text": "Twice"})).await;
    assert_eq!(
        (status, twice["detail"].as_str()),
        (403, Some("You are not allowed to create a Tweet with duplicate content."))
    );
    assert_eq!(post(json!({"text": "字".repeat(140)})).await.0, 201);
    let (status, long) = post(json!({"text": "字".repeat(141)})).await;
    assert_eq!((status, long["detail"].as_str()), (403, Some("Your Tweet text is too long.")));
    assert_eq!(post(json!({"txt": "x"})).await.0, 400);
    let wrong = story.call("GET", "/2/users/me").header("authorization", "Bearer wrong").send().await;
    assert_eq!(
        wrong,
        (401, json!({"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}))
    );
}

#[tokio::test]
async fn tokens_lead_through_250_mentions_and_back() {
    let story = Story::begin().await;
    for number in 0..250 {
        story.write(Network::X, Kind::Mention, "Rosa N.", &format!("Number {number}"));
    }
    let path = format!("/2/users/{}/mentions?max_results=100", me(&story));
    let (mut ids, mut token) = (Vec::new(), String::new());
    let back = loop {
        let (_, page) = story.call("GET", &format!("{path}{token}")).send().await;
        ids.extend(page["data"].as_array().unwrap().iter().map(|post| post["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["meta"]["next_token"].as_str() else {
            break page["meta"]["previous_token"].clone();
        };
        token = format!("&pagination_token={next}");
    };
    assert!(ids.len() == 250 && ids.is_sorted_by(|a, b| a > b));
    let (_, previous) = story.call("GET", &format!("{path}&pagination_token={}", back.as_str().unwrap())).send().await;
    assert_eq!(previous["data"][0]["id"].as_str(), Some(ids[100].as_str()));
    let (_, since) = story.call("GET", &format!("{path}&since_id={}", ids[1])).send().await;
    assert_eq!(since["meta"]["result_count"], 1);
    let (status, wrong) = story.call("GET", &format!("/2/users/{}/mentions?max_results=4", me(&story))).send().await;
    assert_eq!((status, wrong["title"].as_str()), (400, Some("Invalid Request")));
}

#[tokio::test]
async fn the_request_after_the_last_is_refused_and_every_answer_says_what_is_left() {
    let story = Story::begin().await;
    let call = || story.call("GET", "/2/users/me").answer();
    assert_eq!(call().await.header("x-rate-limit-remaining"), Some("74"));
    for _ in 1..75 {
        assert_eq!(call().await.status, 200);
    }
    let refused = call().await;
    assert_eq!((refused.status, refused.header("x-rate-limit-reset")), (429, Some("1795522500")));
    assert_eq!(refused.json()["title"], "Too Many Requests");
}

#[tokio::test]
async fn a_picture_with_a_text_for_those_who_do_not_see_it_goes_out_with_a_post() {
    let story = Story::begin().await;
    let (_, whole) = story
        .call("POST", "/2/media/upload")
        .json(&json!({"media": STANDARD.encode(PNG), "media_category": "tweet_image"}))
        .send()
        .await;
    let id = whole["data"]["id"].as_str().unwrap();
    assert_eq!(whole["data"]["media_key"], format!("3_{id}"));
    let describe = json!({"id": id, "metadata": {"alt_text": {"text": "The new door"}}});
    assert_eq!(story.call("POST", "/2/media/metadata").json(&describe).send().await.0, 200);
    let (_, made) = story
        .call("POST", "/2/tweets")
        .json(&json!({"text": "Come in: example.org/door", "media": {"media_ids": [id]}}))
        .send()
        .await;
    assert!(made["data"]["text"].as_str().unwrap().starts_with("Come in: https://t.co/"));
    let path = format!(
        "/2/tweets/{}?tweet.fields=entities,attachments&expansions=attachments.media_keys&media.fields=alt_text",
        made["data"]["id"].as_str().unwrap()
    );
    let (_, seen) = story.call("GET", &path).send().await;
    assert_eq!(seen["includes"]["media"][0]["alt_text"], "The new door");
    assert_eq!(seen["data"]["entities"]["urls"][0]["expanded_url"], "http://example.org/door");
}

#[tokio::test]
async fn a_video_is_announced_sent_in_parts_finished_and_waited_for() {
    let story = Story::begin().await;
    let announce = json!({"media_type": "video/mp4", "total_bytes": 6, "media_category": "tweet_video"});
    let (_, begun) = story.call("POST", "/2/media/upload/initialize").json(&announce).send().await;
    let id = begun["data"]["id"].as_str().unwrap().to_owned();
    let path = format!("/2/media/upload/{id}");
    for (index, part) in ["0", "1"].iter().zip([b"abc", b"def"]) {
        let append =
            story.call("POST", &format!("{path}/append")).file("media", "video/mp4", part, &[("segment_index", index)]);
        assert_eq!(append.send().await.0, 200);
    }
    let (_, done) = story.call("POST", &format!("{path}/finalize")).send().await;
    assert_eq!(done["data"]["processing_info"]["state"], "pending");
    let attach = story.call("POST", "/2/tweets").json(&json!({"text": "Look", "media": {"media_ids": [id]}}));
    assert_eq!(attach.clone().send().await.0, 400);
    let status = || story.call("GET", &format!("/2/media/upload?command=STATUS&media_id={id}")).send();
    assert_eq!(status().await.1["data"]["processing_info"]["state"], "in_progress");
    assert_eq!(status().await.1["data"]["processing_info"]["state"], "succeeded");
    assert_eq!(attach.send().await.0, 201);
}

#[tokio::test]
async fn a_signature_of_oauth_1_is_checked() {
    let story = Story::begin().await;
    let signed = |signed_path: &str, path: &str| {
        let header = oauth1::header("GET", &format!("https://api.twitter.com{signed_path}"), &[]);
        story.call("GET", path).header("authorization", &header).send()
    };
    let (status, seen) = signed("/2/users/me?user.fields=created_at", "/2/users/me?user.fields=created_at").await;
    assert_eq!((status, seen["data"]["username"].as_str()), (200, Some("elmstreet")));
    assert_eq!(signed("/2/users/me", "/2/users/me?user.fields=url").await.0, 401);

    let (address, form) = ("https://upload.twitter.com/1.1/media/upload.json", [("media_data", "iVBORw==")]);
    let header = oauth1::header("POST", address, &form);
    let upload =
        |body: &str| story.call("POST", "/1.1/media/upload.json").header("authorization", &header).form(body).send();
    let (status, media) = upload("media_data=iVBORw%3D%3D").await;
    assert_eq!((status, media["image"]["image_type"].as_str()), (200, Some("image/png")));
    let describe = story.call("POST", "/1.1/media/metadata/create.json");
    let describe = describe.json(&json!({"media_id": media["media_id"], "alt_text": {"text": "The new door"}}));
    assert_eq!(describe.send().await.0, 200);
    let (status, wrong) = upload("media_data=changed").await;
    assert_eq!((status, &wrong["errors"][0]["code"]), (401, &json!(32)));
}

#[tokio::test]
async fn a_refresh_token_is_good_for_one_use() {
    let story = Story::begin().await;
    // The challenge of RFC 7636, appendix B.
    let ask = "/i/oauth2/authorize?response_type=code&client_id=sandbox&redirect_uri=http://127.0.0.1:1/back&state=s\
               &scope=tweet.read+offline.access&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    let code = |answer: Answer| {
        let back = answer.header("location").unwrap().parse::<url::Url>().unwrap();
        back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
    };
    let code = code(story.call("GET", ask).without("authorization").answer().await);
    let basic = format!("Basic {}", STANDARD.encode("sandbox:sandbox-secret"));
    let token = |body: String| story.call("POST", "/2/oauth2/token").header("authorization", &basic).form(&body).send();
    let exchange = format!(
        "grant_type=authorization_code&code={code}&redirect_uri=http://127.0.0.1:1/back&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );
    let (status, first) = token(exchange.clone()).await;
    assert_eq!((status, first["expires_in"].as_i64()), (200, Some(7_200)));
    assert_eq!(token(exchange).await.0, 400, "a code is good for one use, too");
    let refresh = format!("grant_type=refresh_token&refresh_token={}", first["refresh_token"].as_str().unwrap());
    let (_, second) = token(refresh.clone()).await;
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(token(refresh).await.0, 400);
    let bearer = format!("Bearer {}", second["access_token"].as_str().unwrap());
    assert_eq!(story.call("GET", "/2/users/me").header("authorization", &bearer).send().await.0, 200);
}

#[tokio::test]
async fn a_webhook_that_answers_the_crc_hears_of_posts_deletions_and_messages() {
    let (story, mut receiver) = (Story::begin().await, Receiver::start().await);
    let (status, wrong) =
        story.call("POST", "/2/webhooks").json(&json!({"url": format!("{}/none", story.base())})).send().await;
    assert_eq!((status, wrong["title"].as_str()), (400, Some("Invalid Request")));
    let (_, webhook) = story.call("POST", "/2/webhooks").json(&json!({"url": receiver.url()})).send().await;
    let subscribe =
        format!("/2/account_activity/webhooks/{}/subscriptions/all", webhook["data"]["id"].as_str().unwrap());
    assert_eq!(story.call("POST", &subscribe).send().await, (200, json!({"data": {"subscribed": true}})));

    let written = story.write(Network::X, Kind::Mention, "Rosa N.", "Hello?");
    let told = receiver.next().await;
    let expected = format!("sha256={}", STANDARD.encode(hmac_sha256(b"sandbox-secret", &told.body)));
    assert_eq!(told.header("x-twitter-webhooks-signature"), expected);
    let event = told.json();
    assert_eq!(
        (&event["for_user_id"], &event["tweet_create_events"][0]["id_str"]),
        (&json!(me(&story)), &written["id"])
    );
    story.write(Network::X, Kind::Message, "Rosa N.", "May I ask something?");
    assert_eq!(
        receiver.next().await.json()["direct_message_events"][0]["message_create"]["message_data"]["text"],
        "May I ask something?"
    );
    let id = written["id"].as_str().map(str::to_owned);
    story.world.write(&Write { action: Action::Delete, id, ..Write::on(Network::X) }).unwrap();
    assert_eq!(receiver.next().await.json()["tweet_delete_events"][0]["status"]["id"], written["id"]);
}

#[tokio::test]
async fn a_private_message_is_read_and_answered() {
    let story = Story::begin().await;
    story.write(Network::X, Kind::Message, "Rosa N.", "May I ask something?");
    let (_, seen) = story
        .call("GET", "/2/dm_events?dm_event.fields=sender_id,dm_conversation_id&expansions=sender_id")
        .send()
        .await;
    let sender = seen["data"][0]["sender_id"].as_str().unwrap();
    assert_eq!(seen["includes"]["users"][0]["id"], sender);
    let send = format!("/2/dm_conversations/with/{sender}/messages");
    let (status, sent) = story.call("POST", &send).json(&json!({"text": "Of course."})).send().await;
    assert_eq!((status, &sent["data"]["dm_conversation_id"]), (201, &seen["data"][0]["dm_conversation_id"]));
    let (_, both) = story.call("GET", &format!("/2/dm_conversations/with/{sender}/dm_events")).send().await;
    assert_eq!(both["meta"]["result_count"], 2);
}
