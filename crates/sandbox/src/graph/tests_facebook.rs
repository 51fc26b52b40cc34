//! Facebook as a client of the Graph sees it.

use serde_json::{Value, json};

use crate::world::hooks::sign::hmac_sha256;
use crate::world::testing::{Stage, Webhook};

fn ids(listing: &Value) -> Vec<String> {
    listing["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

async fn first_post(stage: &Stage) -> String {
    let page = stage.id("facebook", "page");
    ids(&stage.get(&format!("/v26.0/{page}/published_posts")).await.json())[0].clone()
}

#[tokio::test]
async fn somebody_comments_and_the_page_answers_hides_and_deletes() {
    let stage = Stage::set().await;
    let post = first_post(&stage).await;
    let comment =
        stage.write(json!({"network": "facebook", "author": "Rosa N.", "text": "Nobody answers the phone"})).await;

    let path = format!("/v26.0/{post}/comments?fields=id,message,from{{name}},can_hide,is_hidden,parent");
    let listed = stage.get(&path).await.json();
    assert_eq!(
        listed["data"][0],
        json!({"id": comment, "message": "Nobody answers the phone", "from": {"name": "Rosa N.",
            "id": listed["data"][0]["from"]["id"]}, "can_hide": true, "is_hidden": false})
    );

    let reply = stage.form(&format!("/v26.0/{comment}/comments"), &[("message", "Please call 555-0100.")]).await.json();
    let reply = reply["id"].as_str().unwrap().to_owned();
    let replies = stage.get(&format!("/{comment}/comments?fields=message,parent{{id}},can_hide")).await.json();
    assert_eq!(
        replies["data"],
        json!([{"id": reply, "message": "Please call 555-0100.", "parent": {"id": comment}, "can_hide": false}])
    );
    assert_eq!(
        ids(&stage.get(&format!("/{post}/comments?filter=stream")).await.json()),
        [comment.clone(), reply.clone()]
    );

    assert_eq!(stage.post(&format!("/{comment}"), json!({"is_hidden": true})).await.json(), json!({"success": true}));
    assert_eq!(stage.get(&format!("/{comment}?fields=is_hidden")).await.json()["is_hidden"], json!(true));
    assert_eq!(stage.post(&format!("/{reply}"), json!({"message": "Please call 555-0101."})).await.status, 200);
    assert_eq!(stage.get(&format!("/{reply}")).await.json()["message"], json!("Please call 555-0101."));
    assert_eq!(stage.post(&format!("/{comment}"), json!({"message": "All is well"})).await.status, 403);

    assert_eq!(stage.delete(&format!("/{comment}")).await.json(), json!({"success": true}));
    assert!(ids(&stage.get(&format!("/{post}/comments?filter=stream")).await.json()).is_empty());
    let gone = stage.get(&format!("/{reply}")).await;
    assert_eq!((gone.status, &gone.json()["error"]["error_subcode"]), (400, &json!(33)));
}

#[tokio::test]
async fn two_hundred_and_fifty_comments_come_in_pages() {
    let stage = Stage::set().await;
    let post = first_post(&stage).await;
    let writes: Vec<Value> =
        (0..250).map(|number| json!({"network": "facebook", "text": format!("Comment {number}")})).collect();
    assert_eq!(stage.post("/_sandbox/write", json!(writes)).await.status, 201);

    let mut next = Some(format!("/v26.0/{post}/comments?fields=message&limit=100&order=chronological&summary=true"));
    let (mut texts, mut pages) = (Vec::new(), 0);
    while let Some(path) = next {
        let page = stage.get(&path).await.json();
        texts.extend(page["data"].as_array().unwrap().iter().map(|one| one["message"].as_str().unwrap().to_owned()));
        assert_eq!(page["summary"]["total_count"], json!(250));
        next = page["paging"]["next"].as_str().map(str::to_owned);
        pages += 1;
    }
    let expected: Vec<String> = (0..250).map(|number| format!("Comment {number}")).collect();
    assert_eq!((pages, texts), (3, expected));
}

#[tokio::test]
async fn a_wrong_token_a_wrong_proof_and_a_wrong_field_get_the_networks_errors() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    let error = |answer: &crate::world::testing::Answer| {
        let error = answer.json()["error"].clone();
        (answer.status, error["code"].as_u64().unwrap(), error["type"].as_str().unwrap().to_owned())
    };
    let oauth = "OAuthException".to_owned();
    let with_token = |path: String| stage.call(stage.bare("GET", &path));
    let none = with_token(format!("/{page}")).await;
    assert_eq!(error(&none), (400, 104, oauth.clone()));
    let wrong = with_token(format!("/{page}?access_token=wrong")).await;
    assert_eq!(error(&wrong), (400, 190, oauth.clone()));
    assert!(wrong.header("www-authenticate").starts_with("OAuth"));

    let proof = hex::encode(hmac_sha256(b"sandbox-secret", b"sandbox"));
    assert_eq!(with_token(format!("/{page}?access_token=sandbox&appsecret_proof={proof}")).await.status, 200);
    let wrong = with_token(format!("/{page}?access_token=sandbox&appsecret_proof=00")).await;
    assert_eq!(error(&wrong), (400, 100, "GraphMethodException".to_owned()));

    assert_eq!(error(&stage.get(&format!("/{page}?fields=nonsense")).await), (400, 100, oauth.clone()));
    assert_eq!(error(&stage.get(&format!("/{page}/nonsense")).await), (400, 2500, oauth.clone()));
    let metric = stage.get(&format!("/{page}/insights?metric=page_impressions")).await;
    assert_eq!(metric.json()["error"]["message"], json!("(#100) The value must be a valid insights metric"));
    let views = stage.get(&format!("/{page}/insights?metric=page_media_view&period=day")).await.json();
    assert_eq!(
        (&views["data"][0]["name"], views["data"][0]["values"].as_array().unwrap().len()),
        (&json!("page_media_view"), 2)
    );
}

#[tokio::test]
async fn a_post_with_photos_keeps_their_alternative_texts() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    let body = "--b\r\ncontent-disposition: form-data; name=\"published\"\r\n\r\nfalse\r\n\
        --b\r\ncontent-disposition: form-data; name=\"alt_text_custom\"\r\n\r\nA ramp\r\n\
        --b\r\ncontent-disposition: form-data; name=\"source\"; filename=\"ramp.png\"\r\n\r\nPNG\r\n--b--\r\n";
    let request = stage.request("POST", &format!("/v26.0/{page}/photos"));
    let photo = stage.call(request.header("content-type", "multipart/form-data; boundary=b").body(body)).await.json();
    assert_eq!(photo.get("post_id"), None);

    let media = json!([{"media_fbid": photo["id"]}]);
    let posted =
        stage.form(&format!("/{page}/feed"), &[("message", "New ramp"), ("attached_media", &media.to_string())]).await;
    let post = posted.json()["id"].as_str().unwrap().to_owned();
    let fields = "message,attachments,status_type,reactions.type(LIKE).limit(0).summary(true).as(likes_only)";
    let shown = stage.get(&format!("/{post}?fields={fields}")).await.json();
    assert_eq!(shown["likes_only"]["summary"]["total_count"], json!(0));
    assert_eq!(
        (&shown["status_type"], &shown["attachments"]["data"][0]["target"]["id"]),
        (&json!("added_photos"), &photo["id"])
    );
    let shown =
        stage.get(&format!("/{}?fields=alt_text_custom,page_story_id", photo["id"].as_str().unwrap())).await.json();
    assert_eq!((&shown["alt_text_custom"], &shown["page_story_id"]), (&json!("A ramp"), &json!(post)));

    let empty = stage.form(&format!("/{page}/feed"), &[("message", "")]).await;
    assert_eq!(empty.json()["error"]["code"], json!(197));
}

#[tokio::test]
async fn what_is_scheduled_appears_when_its_time_comes() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    let feed = format!("/{page}/feed");
    let soon = [("message", "Flu shots"), ("published", "false"), ("scheduled_publish_time", "1795780860")];
    assert_eq!(stage.form(&feed, &soon).await.json()["error"]["code"], json!(100));
    let hour = [("message", "Flu shots"), ("published", "false"), ("scheduled_publish_time", "1795784400")];
    let post = stage.form(&feed, &hour).await.json()["id"].as_str().unwrap().to_owned();

    let scheduled = stage.get(&format!("/{page}/scheduled_posts?fields=scheduled_publish_time")).await.json();
    assert_eq!(scheduled["data"], json!([{"id": post, "scheduled_publish_time": 1_795_784_400}]));
    assert_eq!(ids(&stage.get(&format!("/{page}/published_posts")).await.json()).len(), 1);
    stage.clock.forward(3600);
    assert!(ids(&stage.get(&format!("/{page}/published_posts")).await.json()).contains(&post));
    assert!(ids(&stage.get(&format!("/{page}/scheduled_posts")).await.json()).is_empty());
}

#[tokio::test]
async fn a_video_is_uploaded_in_chunks_and_a_reel_by_its_own_address() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    let videos = format!("/v26.0/{page}/videos");
    let start = stage.form(&videos, &[("upload_phase", "start"), ("file_size", "6")]).await.json();
    let session = start["upload_session_id"].as_str().unwrap().to_owned();
    let early = stage.form(&videos, &[("upload_phase", "finish"), ("upload_session_id", &session)]).await;
    assert_eq!(early.status, 400);
    for (offset, chunk) in [("0", "abc"), ("3", "def")] {
        let body = format!(
            "--b\r\ncontent-disposition: form-data; name=\"video_file_chunk\"; filename=\"v\"\r\n\r\n{chunk}\r\n--b--\r\n"
        );
        let path = format!("{videos}?upload_phase=transfer&upload_session_id={session}&start_offset={offset}");
        let request = stage.request("POST", &path).header("content-type", "multipart/form-data; boundary=b");
        assert_eq!(stage.call(request.body(body)).await.status, 200);
    }
    let finish =
        [("upload_phase", "finish"), ("upload_session_id", session.as_str()), ("description", "How to wash hands")];
    assert_eq!(stage.form(&videos, &finish).await.json(), json!({"success": true}));
    let listed = stage.get(&format!("{videos}?fields=description,post_id")).await.json();
    assert_eq!(listed["data"][0]["description"], json!("How to wash hands"));

    let reels = format!("/{page}/video_reels");
    let start = stage.form(&reels, &[("upload_phase", "start")]).await.json();
    let url = start["upload_url"].as_str().unwrap();
    let bytes = stage.request("POST", url).header("offset", "0").header("file_size", "3").body("abc");
    assert_eq!(stage.call(bytes).await.json()["success"], json!(true));
    let id = start["video_id"].as_str().unwrap();
    let finish = [("upload_phase", "finish"), ("video_id", id), ("video_state", "PUBLISHED"), ("title", "Hands")];
    assert_eq!(stage.form(&reels, &finish).await.json()["success"], json!(true));
    assert_eq!(ids(&stage.get(&reels).await.json()), [id]);

    let start = stage.form(&reels, &[("upload_phase", "start")]).await.json();
    let fetched = || {
        let request = stage.request("POST", start["upload_url"].as_str().unwrap());
        let request = request.header("file_url", "https://cdn.example.org/hands.mp4");
        stage.call(request.header("file_size", u64::MAX.to_string()))
    };
    for _ in 0..2 {
        assert_eq!(fetched().await.json()["success"], json!(true), "however large a client says that it is");
    }
}

#[tokio::test]
async fn a_message_may_be_answered_for_a_day() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    let written =
        json!({"network": "facebook", "kind": "message", "author": "Rosa N.", "text": "Are you open on Friday?"});
    let written = stage.post("/_sandbox/write", written).await.json();
    let path = format!("/{page}/conversations?fields=snippet,unread_count,messages{{message,from{{name}}}}");
    let threads = stage.get(&path).await.json();
    assert_eq!(
        (&threads["data"][0]["snippet"], &threads["data"][0]["messages"]["data"][0]["from"]["name"]),
        (&json!("Are you open on Friday?"), &json!("Rosa N."))
    );
    let answer = json!({"recipient": {"id": written["person"]}, "message": {"text": "Yes, until noon."}});
    let sent = stage.post(&format!("/{page}/messages"), answer.clone()).await.json();
    assert_eq!(sent["recipient_id"], written["person"]);
    stage.clock.forward(25 * 3600);
    let late = stage.post(&format!("/{page}/messages"), answer).await;
    assert_eq!((late.status, &late.json()["error"]["error_subcode"]), (403, &json!(2_018_278)));
}

#[tokio::test]
async fn a_recommendation_is_answered_through_its_story() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    let review =
        json!({"network": "facebook", "kind": "review", "author": "Rosa N.", "text": "Kind nurses", "rating": 5});
    let story = stage.write(review).await;
    let path = format!("/{page}/ratings?fields=reviewer,rating,recommendation_type,review_text,open_graph_story");
    let rating = stage.get(&path).await.json()["data"][0].clone();
    assert_eq!(
        (&rating["recommendation_type"], &rating["review_text"], &rating["open_graph_story"]["id"]),
        (&json!("positive"), &json!("Kind nurses"), &json!(story))
    );
    assert_eq!(stage.form(&format!("/{story}/comments"), &[("message", "Thank you.")]).await.status, 200);
    assert_eq!(stage.get(&format!("/{story}/comments")).await.json()["data"][0]["message"], json!("Thank you."));
}

#[tokio::test]
async fn a_page_that_is_named_elsewhere_is_a_guest_there() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    let post =
        stage.write(json!({"network": "facebook", "kind": "mention", "text": "Thanks, Elm Street Clinic!"})).await;
    let tagged = stage.get(&format!("/{page}/tagged?fields=message,message_tags")).await.json();
    assert_eq!(tagged["data"][0]["message_tags"][0]["offset"], json!(8));
    let comment = stage.write(json!({"network": "facebook", "text": "Same here", "on": post})).await;
    assert_eq!(stage.delete(&format!("/{comment}")).await.status, 403);
    assert_eq!(stage.form(&format!("/{comment}/comments"), &[("message", "Thank you.")]).await.status, 200);
}

#[tokio::test]
async fn a_token_is_exchanged_inspected_and_ends() {
    let stage = Stage::set().await;
    let exchange = "/oauth/access_token?grant_type=fb_exchange_token&client_id=1&fb_exchange_token=sandbox";
    assert_eq!(stage.get(&format!("{exchange}&client_secret=wrong")).await.status, 400);
    let token = stage.get(&format!("{exchange}&client_secret=sandbox-secret")).await.json();
    assert_eq!(token["expires_in"], json!(5_183_944));
    let token = token["access_token"].as_str().unwrap().to_owned();
    let pages = stage.call(stage.bare("GET", "/v26.0/me/accounts").bearer_auth(&token)).await.json();
    let granted = stage.get("/v26.0/me/permissions").await.json();
    assert_eq!(granted["data"][0], json!({"permission": "pages_show_list", "status": "granted"}));
    assert_eq!(pages["data"][0]["access_token"], json!("sandbox"));
    stage.clock.forward(5_183_944);
    let inspected = stage.get(&format!("/debug_token?input_token={token}")).await.json();
    assert_eq!((&inspected["data"]["is_valid"], &inspected["data"]["error"]["subcode"]), (&json!(false), &json!(463)));
}

#[tokio::test]
async fn the_app_hears_what_the_page_passes_on() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    let app = stage.get("/debug_token?input_token=sandbox").await.json()["data"]["app_id"].as_str().unwrap().to_owned();
    let mut webhook = Webhook::open(0).await;
    let subscription = [
        ("object", "page"),
        ("callback_url", webhook.url.as_str()),
        ("fields", "feed,mention"),
        ("verify_token", "mine"),
    ];
    assert_eq!(stage.form(&format!("/{app}/subscriptions"), &subscription).await.json(), json!({"success": true}));
    let own = stage.bare("GET", "/1234/subscriptions?access_token=1234%7Csandbox-secret");
    assert_eq!(stage.call(own).await.json()["data"][0]["object"], json!("page"));
    let other = stage.bare("GET", "/1235/subscriptions?access_token=1234%7Csandbox-secret");
    assert_eq!(stage.call(other).await.status, 400);
    // The page passes nothing on yet, so that this is told to nobody.
    stage.write(json!({"network": "facebook", "text": "Unheard"})).await;
    assert_eq!(stage.form(&format!("/{page}/subscribed_apps"), &[("subscribed_fields", "feed")]).await.status, 200);
    let comment = stage.write(json!({"network": "facebook", "author": "Rosa N.", "text": "Heard"})).await;

    let told = webhook.next().await;
    assert_eq!(
        told.header("x-hub-signature-256"),
        format!("sha256={}", hex::encode(hmac_sha256(b"sandbox-secret", &told.body)))
    );
    let told = told.json();
    let change = &told["entry"][0]["changes"][0];
    assert_eq!(
        (&told["object"], &told["entry"][0]["id"], &change["field"]),
        (&json!("page"), &json!(page), &json!("feed"))
    );
    let value = &change["value"];
    assert_eq!(
        (&value["item"], &value["verb"], &value["comment_id"], &value["message"], &value["from"]["name"]),
        (&json!("comment"), &json!("add"), &json!(comment), &json!("Heard"), &json!("Rosa N."))
    );
    stage.post(&format!("/{comment}"), json!({"is_hidden": true})).await;
    assert_eq!(webhook.next().await.json()["entry"][0]["changes"][0]["value"]["verb"], json!("hide"));
    stage.delete(&format!("/{comment}")).await;
    assert_eq!(webhook.next().await.json()["entry"][0]["changes"][0]["value"]["verb"], json!("remove"));
    assert!(webhook.is_empty());
}

#[tokio::test]
async fn each_kind_of_event_has_the_networks_form() {
    let stage = Stage::set().await;
    let page = stage.id("facebook", "page");
    let mut webhook = Webhook::open(0).await;
    assert_eq!(stage.post("/_sandbox/webhook", json!({"network": "facebook", "url": webhook.url})).await.status, 201);
    let written = |kind: &'static str, text: &'static str| {
        stage.write(json!({"network": "facebook", "kind": kind, "author": "Rosa N.", "text": text, "rating": 2}))
    };

    let post = written("post", "Where is the entrance?").await;
    let change = webhook.next().await.json()["entry"][0]["changes"][0].clone();
    assert_eq!(
        (&change["field"], &change["value"]["item"], &change["value"]["post_id"]),
        (&json!("feed"), &json!("post"), &json!(post))
    );
    let post = written("mention", "Thanks, Elm Street Clinic!").await;
    let change = webhook.next().await.json()["entry"][0]["changes"][0].clone();
    assert_eq!((&change["field"], &change["value"]["post_id"]), (&json!("mention"), &json!(post)));
    let story = written("review", "Two hours").await;
    let change = webhook.next().await.json()["entry"][0]["changes"][0].clone();
    assert_eq!(
        (&change["field"], &change["value"]["recommendation_type"], &change["value"]["open_graph_story_id"]),
        (&json!("ratings"), &json!("NEGATIVE"), &json!(story))
    );
    let message = written("message", "Are you open?").await;
    let told = webhook.next().await.json()["entry"][0]["messaging"][0].clone();
    assert_eq!(
        (&told["message"], &told["recipient"]["id"]),
        (&json!({"mid": message, "text": "Are you open?"}), &json!(page))
    );
    let answer = json!({"recipient": {"id": told["sender"]["id"]}, "message": {"text": "Yes."}});
    assert_eq!(stage.post(&format!("/{page}/messages"), answer).await.status, 200);
    assert_eq!(webhook.next().await.json()["entry"][0]["messaging"][0]["message"]["is_echo"], json!(true));
}
