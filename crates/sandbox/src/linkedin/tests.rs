//! Stories about LinkedIn.

use serde_json::{Value, json};

use crate::kit::testing::{Call, Receiver, Story};
use crate::world::hooks::sign::hmac_sha256;
use crate::world::{Action, Kind, Network, Write};

/// A request with the headers that LinkedIn wants.
fn call(story: &Story, method: &'static str, path: &str) -> Call {
    story.call(method, path).header("linkedin-version", "202611").header("x-restli-protocol-version", "2.0.0")
}

fn organization(story: &Story) -> String {
    story.world.ready("")["networks"]["linkedin"]["organization_urn"].as_str().unwrap().to_owned()
}

fn encoded(urn: &str) -> String {
    url::form_urlencoded::byte_serialize(urn.as_bytes()).collect()
}

fn post(story: &Story, commentary: &str) -> Value {
    json!({
        "author": organization(story), "commentary": commentary, "visibility": "PUBLIC", "lifecycleState": "PUBLISHED",
        "distribution": {"feedDistribution": "MAIN_FEED"},
    })
}

#[tokio::test]
async fn the_page_posts_a_member_comments_and_the_page_answers() {
    let story = Story::begin().await;
    let made = call(&story, "POST", "/rest/posts").json(&post(&story, "We are hiring")).answer().await;
    let urn = made.header("x-restli-id").unwrap().to_owned();
    assert!(made.status == 201 && urn.starts_with("urn:li:share:"));
    let comment = Write {
        author: Some("Rosa Nowak".to_owned()),
        text: Some("Is it full time?".to_owned()),
        on: Some(urn.clone()),
        ..Write::on(Network::Linkedin)
    };
    let asked = story.world.write(&comment).unwrap();
    let comments = format!("/rest/socialActions/{}/comments", encoded(&urn));
    let (_, seen) = call(&story, "GET", &comments).send().await;
    assert_eq!(seen["elements"][0]["message"]["text"], "Is it full time?");
    assert_eq!(seen["elements"][0]["commentUrn"], asked["id"]);

    let answers = format!("/rest/socialActions/{}/comments", encoded(asked["id"].as_str().unwrap()));
    let reply = json!({"actor": organization(&story), "object": urn, "message": {"text": "Yes."}, "parentComment": asked["id"]});
    let made = call(&story, "POST", &answers).json(&reply).answer().await;
    assert_eq!((made.status, made.json()["parentComment"].clone()), (201, asked["id"].clone()));
    let id = made.header("x-restli-id").unwrap().to_owned();
    let (_, below) = call(&story, "GET", &answers).send().await;
    assert_eq!((&below["elements"][0]["id"], &below["paging"]["total"]), (&json!(id), &json!(1)));
    let deeper = json!({
        "actor": organization(&story), "object": urn, "message": {"text": "And paid."},
        "parentComment": below["elements"][0]["commentUrn"],
    });
    let deeper = call(&story, "POST", &answers).json(&deeper).answer().await;
    assert_eq!(deeper.json()["parentComment"], asked["id"], "an answer to an answer stands beside it");
    let beside =
        format!("{comments}/{}?actor={}", deeper.header("x-restli-id").unwrap(), encoded(&organization(&story)));
    assert_eq!(call(&story, "DELETE", &beside).send().await.0, 204);

    let own = format!("{comments}/{id}?actor={}", encoded(&organization(&story)));
    for (change, text) in [
        (json!({"patch": {"message": {"$set": {"text": "Yes, 40 hours."}}}}), "Yes, 40 hours."),
        (json!({"patch": {"$set": {"message": {"text": "Yes, all week."}}}}), "Yes, all week."),
    ] {
        let (status, changed) =
            call(&story, "POST", &own).header("x-restli-method", "PARTIAL_UPDATE").json(&change).send().await;
        assert_eq!((status, changed["message"]["text"].as_str()), (200, Some(text)));
    }
    assert_eq!(call(&story, "DELETE", &own).send().await.0, 204);
    assert_eq!(call(&story, "DELETE", &own).send().await.0, 404);
    let (_, summary) = call(&story, "GET", &format!("/rest/socialMetadata/{}", encoded(&urn))).send().await;
    assert_eq!(summary["commentSummary"], json!({"count": 1, "topLevelCount": 1}));
}

#[tokio::test]
async fn a_post_is_changed_in_part_refused_twice_and_deleted_as_often_as_one_likes() {
    let story = Story::begin().await;
    let create = || call(&story, "POST", "/rest/posts").json(&post(&story, "We are hiring")).answer();
    let path = format!("/rest/posts/{}", encoded(create().await.header("x-restli-id").unwrap()));
    let twice = create().await;
    assert!(
        twice.status == 422
            && twice.json()["message"].as_str().unwrap().starts_with("Content is a duplicate of urn:li:share:")
    );
    let change = json!({"patch": {"$set": {"commentary": "We were hiring"}}});
    assert_eq!(
        call(&story, "POST", &path).header("x-restli-method", "PARTIAL_UPDATE").json(&change).send().await.0,
        204
    );
    let (_, seen) = call(&story, "GET", &path).send().await;
    assert_eq!(
        (&seen["commentary"], &seen["lifecycleStateInfo"]["isEditedByAuthor"]),
        (&json!("We were hiring"), &json!(true))
    );
    for _ in 0..2 {
        assert_eq!(call(&story, "DELETE", &path).send().await.0, 204);
    }
    let (status, gone) = call(&story, "GET", &path).send().await;
    assert_eq!((status, &gone["status"]), (404, &json!(404)));
    let long = call(&story, "POST", "/rest/posts").json(&post(&story, &"x".repeat(3_001)));
    assert_eq!(long.send().await.0, 422);
}

#[tokio::test]
async fn every_request_says_its_version_and_writes_urns_in_full() {
    let story = Story::begin().await;
    let path = format!("/rest/posts?q=author&author={}", encoded(&organization(&story)));
    let answer = |version: &str| story.call("GET", &path).header("linkedin-version", version).send();
    let (status, missing) = story.call("GET", &path).send().await;
    assert_eq!((status, missing["code"].as_str()), (400, Some("VERSION_MISSING")));
    assert_eq!(answer("202611").await.0, 200);
    for version in ["202201", "202612", "soon"] {
        let (status, sunset) = answer(version).await;
        assert_eq!((status, sunset["code"].as_str()), (426, Some("NONEXISTENT_VERSION")), "{version}");
    }
    let (status, raw) = call(&story, "GET", "/rest/posts/urn:li:share:1").send().await;
    assert_eq!((status, raw["message"].as_str()), (400, Some("Syntax exception in path variables")));
    let (status, token) = call(&story, "GET", &path).header("authorization", "Bearer wrong").send().await;
    assert_eq!((status, &token["serviceErrorCode"]), (401, &json!(65_600)));
}

#[tokio::test]
async fn links_lead_through_250_comments() {
    let story = Story::begin().await;
    for number in 0..250 {
        story.write(Network::Linkedin, Kind::Comment, "Rosa Nowak", &format!("Number {number}"));
    }
    let first = format!("/rest/posts?q=author&author={}", encoded(&organization(&story)));
    let (_, posts) = call(&story, "GET", &first).send().await;
    let urn = posts["elements"][0]["id"].as_str().unwrap();
    let mut path = format!("/rest/socialActions/{}/comments?count=100", encoded(urn));
    let mut seen = Vec::new();
    loop {
        let (_, page) = call(&story, "GET", &path).send().await;
        seen.extend(
            page["elements"].as_array().unwrap().iter().map(|one| one["message"]["text"].as_str().unwrap().to_owned()),
        );
        let links = page["paging"]["links"].as_array().unwrap().clone();
        let Some(next) = links.into_iter().find(|link| link["rel"] == "next") else { break };
        path = next["href"].as_str().unwrap().to_owned();
    }
    assert!(seen.len() == 250 && seen[249] == "Number 249");
}

#[tokio::test]
async fn a_query_too_long_for_an_address_comes_in_the_body() {
    let story = Story::begin().await;
    let query = format!("q=author&author={}", encoded(&organization(&story)));
    let tunnelled = call(&story, "POST", "/rest/posts").header("x-http-method-override", "GET").form(&query);
    let (status, found) = tunnelled.send().await;
    assert_eq!((status, found["elements"].as_array().map(Vec::len)), (200, Some(1)));
    let body = format!(
        "--b\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nx=1\r\n--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b--",
        post(&story, "Tunnelled")
    );
    let tunnelled = call(&story, "POST", "/rest/posts").header("x-http-method-override", "POST");
    let tunnelled = tunnelled.bytes(body.as_bytes()).header("content-type", "multipart/mixed; boundary=b");
    assert_eq!(tunnelled.send().await.0, 201);
}

#[tokio::test]
async fn files_are_announced_put_and_attached() {
    let story = Story::begin().await;
    let owner = organization(&story);
    let ask = json!({"initializeUploadRequest": {"owner": owner}});
    let (_, image) = call(&story, "POST", "/rest/images?action=initializeUpload").json(&ask).send().await;
    let urn = image["value"]["image"].as_str().unwrap().to_owned();
    let mut with_image = post(&story, "The new door");
    with_image["content"] = json!({"media": {"id": urn, "altText": "A door"}});
    let publish = call(&story, "POST", "/rest/posts").json(&with_image);
    assert_eq!(publish.clone().send().await.0, 422, "nothing is there yet");
    let address = image["value"]["uploadUrl"].as_str().unwrap().strip_prefix(&story.base()).unwrap().to_owned();
    assert_eq!(story.call("PUT", &address).bytes(b"PNG").send().await.0, 201);
    assert_eq!(publish.send().await.0, 201);

    let ask = json!({"initializeUploadRequest": {"owner": owner, "fileSizeBytes": 4_194_306, "uploadCaptions": false}});
    let (_, video) = call(&story, "POST", "/rest/videos?action=initializeUpload").json(&ask).send().await;
    let parts = video["value"]["uploadInstructions"].as_array().unwrap().clone();
    assert_eq!((parts.len(), &parts[1]["firstByte"], &parts[1]["lastByte"]), (2, &json!(4_194_304), &json!(4_194_305)));
    let huge = json!({"initializeUploadRequest": {"owner": owner, "fileSizeBytes": u64::MAX}});
    assert_eq!(call(&story, "POST", "/rest/videos?action=initializeUpload").json(&huge).send().await.0, 422);
    let mut marks = Vec::new();
    for part in &parts {
        let address = part["uploadUrl"].as_str().unwrap().strip_prefix(&story.base()).unwrap().to_owned();
        let size = part["lastByte"].as_u64().unwrap() - part["firstByte"].as_u64().unwrap() + 1;
        let put = story.call("PUT", &address).bytes(&vec![7; usize::try_from(size).unwrap()]).answer().await;
        marks.push(put.header("etag").unwrap().to_owned());
    }
    let finish = |marks: &[String]| {
        let ask = json!({"finalizeUploadRequest": {"video": video["value"]["video"], "uploadToken": "", "uploadedPartIds": marks}});
        call(&story, "POST", "/rest/videos?action=finalizeUpload").json(&ask).send()
    };
    assert_eq!(finish(&marks[..1]).await.0, 422);
    assert_eq!(finish(&marks).await.0, 200);
}

#[tokio::test]
async fn a_webhook_that_answers_the_challenge_hears_of_comments() {
    let (story, mut receiver) = (Story::begin().await, Receiver::start().await);
    let key = format!(
        "(developerApplication:{},user:{},entity:{},eventType:ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS)",
        encoded("urn:li:developerApplication:1"),
        encoded("urn:li:person:abc"),
        encoded(&organization(&story))
    );
    let path = format!("/rest/eventSubscriptions/{key}");
    let put = |url: String| call(&story, "PUT", &path).json(&json!({"webhook": url})).send();
    assert_eq!(put(format!("{}/none", story.base())).await.0, 422);
    assert_eq!(put(receiver.url()).await.0, 204);
    let written = story.write(Network::Linkedin, Kind::Comment, "Rosa Nowak", "Hello?");
    let told = receiver.next().await;
    let signed = [b"hmacsha256=", &told.body[..]].concat();
    assert_eq!(told.header("x-li-signature"), hex::encode(hmac_sha256(b"sandbox-secret", &signed)));
    let notice = &told.json()["notifications"][0];
    assert_eq!((&notice["action"], &notice["generatedActivity"]), (&json!("COMMENT"), &written["id"]));

    let id = written["id"].as_str().map(str::to_owned);
    story.world.write(&Write { action: Action::Delete, id, ..Write::on(Network::Linkedin) }).unwrap();
    assert_eq!(receiver.next().await.json()["notifications"][0]["action"], "COMMENT_DELETE");
    let asked = format!(
        "/rest/organizationalEntityNotifications?q=criteria&actions=List(COMMENT)&organizationalEntity={}",
        encoded(&organization(&story))
    );
    let (_, kept) = call(&story, "GET", &asked).send().await;
    assert_eq!(
        (&kept["elements"][0]["notificationId"], &kept["paging"]["total"]),
        (&notice["notificationId"], &json!(1))
    );
    assert_eq!(call(&story, "DELETE", &path).send().await.0, 204);
}

#[tokio::test]
async fn using_a_refresh_token_gives_it_no_day_more() {
    let now = std::sync::Arc::new(std::sync::Mutex::new("2026-11-24T12:00:00Z".parse::<jiff::Timestamp>().unwrap()));
    let clock = std::sync::Arc::clone(&now);
    let story = Story::with_clock(std::sync::Arc::new(move || *clock.lock().unwrap())).await;
    let ask = "/oauth/v2/authorization?response_type=code&client_id=sandbox&redirect_uri=http://127.0.0.1:1/back&state=s&scope=r_organization_social";
    let back = story.call("GET", ask).answer().await.header("location").unwrap().parse::<url::Url>().unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let client = "client_id=sandbox&client_secret=sandbox-secret";
    let token = |body: String| story.call("POST", "/oauth/v2/accessToken").form(&format!("{client}&{body}")).send();
    let (_, first) =
        token(format!("grant_type=authorization_code&code={code}&redirect_uri=http://127.0.0.1:1/back")).await;
    assert_eq!(
        (first["expires_in"].as_i64(), first["refresh_token_expires_in"].as_i64()),
        (Some(5_184_000), Some(31_536_000))
    );
    *now.lock().unwrap() += jiff::SignedDuration::from_hours(59 * 24);
    let refresh = format!("grant_type=refresh_token&refresh_token={}", first["refresh_token"].as_str().unwrap());
    let (_, second) = token(refresh.clone()).await;
    assert_eq!(
        (&second["refresh_token"], second["refresh_token_expires_in"].as_i64()),
        (&first["refresh_token"], Some(306 * 86_400))
    );
    let old = format!("Bearer {}", first["access_token"].as_str().unwrap());
    *now.lock().unwrap() += jiff::SignedDuration::from_hours(2 * 24);
    let (status, expired) = story.call("GET", "/v2/userinfo").header("authorization", &old).send().await;
    assert_eq!((status, &expired["serviceErrorCode"]), (401, &json!(65_602)));
    *now.lock().unwrap() += jiff::SignedDuration::from_hours(305 * 24);
    assert_eq!(token(refresh).await.0, 400);
}

#[tokio::test]
async fn numbers_are_given_for_the_page_and_for_a_post() {
    let story = Story::begin().await;
    story.write(Network::Linkedin, Kind::Comment, "Rosa Nowak", "Hello");
    let entity = encoded(&organization(&story));
    let (_, posts) = call(&story, "GET", &format!("/rest/posts?q=author&author={entity}")).send().await;
    let urn = encoded(posts["elements"][0]["id"].as_str().unwrap());
    let path = format!(
        "/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={entity}&shares=List({urn})"
    );
    let (_, numbers) = call(&story, "GET", &path).send().await;
    assert_eq!(numbers["elements"][0]["totalShareStatistics"]["commentCount"], 1);
    let (status, size) =
        call(&story, "GET", &format!("/rest/networkSizes/{entity}?edgeType=COMPANY_FOLLOWED_BY_MEMBER")).send().await;
    assert!(status == 200 && size["firstDegreeSize"].is_u64());
}

#[tokio::test]
async fn an_application_without_a_secret_shows_the_verifier_of_its_challenge() {
    let story = Story::begin().await;
    // The challenge of RFC 7636, appendix B.
    let ask = "/oauth/native-pkce/authorization?response_type=code&client_id=sandbox&redirect_uri=http://127.0.0.1:1/back\
               &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    let token = async |verifier: &str| {
        let back = story.call("GET", ask).answer().await.header("location").unwrap().parse::<url::Url>().unwrap();
        let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        let body = format!(
            "grant_type=authorization_code&client_id=sandbox&code={code}&redirect_uri=http://127.0.0.1:1/back{verifier}"
        );
        story.call("POST", "/oauth/v2/accessToken").form(&body).send().await.0
    };
    assert_eq!(token("&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").await, 200);
    assert_eq!(token("&code_verifier=another").await, 400);
    assert_eq!(token("").await, 401);
}
