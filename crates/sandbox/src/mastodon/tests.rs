//! Stories about a server of the Mastodon interface.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::kit::testing::Story;
use crate::world::{Action, Kind, Network, Write};

#[tokio::test]
async fn a_person_answers_and_the_clinic_reads_replies_edits_and_deletes() {
    let story = Story::begin().await;
    let post = json!({"status": "Flu shots from Monday, see https://example.org/flu #Flu", "visibility": "public"});
    let (status, post) = story.call("POST", "/api/v1/statuses").json(&post).send().await;
    assert_eq!(status, 200);
    assert!(post["content"].as_str().unwrap().contains("href=\"https://example.org/flu\""));
    assert_eq!(post["tags"][0]["name"], "flu");

    let ask = Write {
        author: Some("Rosa N.".to_owned()),
        text: Some("Do you take children?".to_owned()),
        on: post["id"].as_str().map(str::to_owned),
        ..Write::on(Network::Mastodon)
    };
    let asked = story.world.write(&ask).unwrap();
    let answer = story.call("GET", "/api/v1/notifications?types[]=mention").answer().await;
    let notifications = answer.json();
    assert_eq!(notifications[0]["type"], "mention");
    assert_eq!(notifications[0]["status"]["id"], asked["id"]);
    assert_eq!(notifications[0]["status"]["in_reply_to_id"], post["id"]);
    assert_eq!(notifications[0]["account"]["acct"], "rosa_n@social.example.org");
    assert_eq!(answer.header("x-ratelimit-remaining"), Some("298"));

    let reply = json!({"status": "@rosa_n@social.example.org Yes.", "in_reply_to_id": asked["id"]});
    let (_, reply) = story.call("POST", "/api/v1/statuses").json(&reply).send().await;
    assert_eq!(reply["mentions"][0]["acct"], "rosa_n@social.example.org");
    let path = format!("/api/v1/statuses/{}", reply["id"].as_str().unwrap());
    story.write(Network::Mastodon, Kind::Mention, "Tom A.", "And I?");
    let text = "status=Yes,+from+six+months.+@tom_a@social.example.org";
    let (_, edited) = story.call("PUT", &path).form(text).send().await;
    assert!(edited["edited_at"].is_string());
    assert_eq!(edited["mentions"][1]["acct"], "tom_a@social.example.org", "whom an edit mentions is mentioned");
    let (_, history) = story.call("GET", &format!("{path}/history")).send().await;
    assert_eq!(history.as_array().map(Vec::len), Some(2));

    let context = format!("/api/v1/statuses/{}/context", post["id"].as_str().unwrap());
    let (_, thread) = story.call("GET", &context).send().await;
    let ids: Vec<&Value> = thread["descendants"].as_array().unwrap().iter().map(|status| &status["id"]).collect();
    assert_eq!(ids, [&asked["id"], &reply["id"]]);

    let (status, deleted) = story.call("DELETE", &path).send().await;
    assert_eq!((status, deleted["text"].as_str()), (200, Some("Yes, from six months. @tom_a@social.example.org")));
    assert_eq!(story.call("GET", &path).send().await, (404, json!({"error": "Record not found"})));
}

#[tokio::test]
async fn what_a_person_edits_or_deletes_is_edited_and_gone() {
    let story = Story::begin().await;
    let written = story.write(Network::Mastodon, Kind::Mention, "Rosa N.", "Closed agian?");
    let id = written["id"].as_str().map(str::to_owned);
    let change = |action, text: Option<&str>| Write {
        action,
        id: id.clone(),
        text: text.map(str::to_owned),
        ..Write::on(Network::Mastodon)
    };
    story.world.write(&change(Action::Edit, Some("@elmstreet Closed again?"))).unwrap();
    let path = format!("/api/v1/statuses/{}", id.clone().unwrap());
    let (_, seen) = story.call("GET", &path).send().await;
    assert!(seen["content"].as_str().unwrap().contains("Closed again?"));
    story.world.write(&change(Action::Delete, None)).unwrap();
    assert_eq!(story.call("GET", &path).send().await.0, 404);
    assert_eq!(story.call("GET", "/api/v1/notifications").send().await.1, json!([]));
    assert!(story.world.write(&change(Action::Delete, None)).is_err());
}

#[tokio::test]
async fn the_same_key_is_the_same_status() {
    let story = Story::begin().await;
    let post = |key: &str| {
        story.call("POST", "/api/v1/statuses").header("idempotency-key", key).json(&json!({"status": "Once"}))
    };
    let (first, again, other) = (post("a").send().await, post("a").send().await, post("b").send().await);
    assert_eq!(first, again);
    assert_ne!(first.1["id"], other.1["id"]);
    let (_, written) = story
        .call("GET", &format!("/api/v1/accounts/{}/statuses", first.1["account"]["id"].as_str().unwrap()))
        .send()
        .await;
    assert_eq!(written.as_array().map(Vec::len), Some(1 + 2), "the first was there before");
}

#[tokio::test]
async fn only_the_link_leads_through_250_mentions() {
    let story = Story::begin().await;
    for number in 0..250 {
        story.write(Network::Mastodon, Kind::Mention, "Rosa N.", &format!("Number {number}"));
    }
    let mut path = "/api/v1/notifications?limit=80&types[]=mention".to_owned();
    let mut seen = Vec::new();
    loop {
        let answer = story.call("GET", &path).answer().await;
        seen.extend(answer.json().as_array().unwrap().iter().map(|one| one["id"].clone()));
        let link = answer.header("link").unwrap_or_default().to_owned();
        let Some(next) = link.split(", ").find(|link| link.ends_with("rel=\"next\"")) else { break };
        let address = next.trim_start_matches('<').split('>').next().unwrap();
        assert!(address.contains("types"), "the link keeps what was asked for");
        path = address.strip_prefix(&story.base()).unwrap().to_owned();
    }
    seen.dedup();
    assert_eq!(seen.len(), 250);
}

#[tokio::test]
async fn a_status_that_the_server_would_refuse_is_refused() {
    let story = Story::begin().await;
    let long = "x".repeat(501);
    let refused = [
        (json!({"status": ""}), "Validation failed: Text can't be blank"),
        (json!({"status": long}), "Validation failed: Text character limit of 500 exceeded"),
        (
            json!({"status": "x", "media_ids": ["1", "2", "3", "4", "5"]}),
            "Validation failed: Cannot attach more than 4 files",
        ),
        (
            json!({"status": "x", "scheduled_at": "2026-11-24T12:01:00Z"}),
            "Validation failed: Scheduled at must be at least 5 minutes in the future",
        ),
    ];
    for (body, why) in refused {
        let answer = story.call("POST", "/api/v1/statuses").json(&body).send().await;
        assert_eq!(answer, (422, json!({"error": why})));
    }
    let token =
        story.call("POST", "/api/v1/statuses").header("authorization", "Bearer wrong").json(&json!({"status": "x"}));
    assert_eq!(token.send().await, (401, json!({"error": "The access token is invalid"})));
}

#[tokio::test]
async fn a_video_is_ready_when_it_was_asked_for_twice_and_an_image_at_once() {
    let story = Story::begin().await;
    let upload =
        |kind: &str| story.call("POST", "/api/v2/media").file("file", kind, b"bytes", &[("description", "A door")]);
    let (status, image) = upload("image/png").send().await;
    assert_eq!((status, image["type"].as_str(), image["description"].as_str()), (200, Some("image"), Some("A door")));
    let (status, video) = upload("video/mp4").send().await;
    assert_eq!((status, &video["url"]), (202, &Value::Null));
    let attach = story.call("POST", "/api/v1/statuses").json(&json!({"status": "Look", "media_ids": [video["id"]]}));
    assert_eq!(attach.clone().send().await.0, 422);
    let path = format!("/api/v1/media/{}", video["id"].as_str().unwrap());
    assert_eq!(story.call("GET", &path).send().await.0, 206);
    let (status, ready) = story.call("GET", &path).send().await;
    assert_eq!(status, 200);
    let file = ready["url"].as_str().unwrap().strip_prefix(&story.base()).unwrap().to_owned();
    assert_eq!(story.call("GET", &file).without("authorization").answer().await.body, b"bytes");
    let (status, posted) = attach.send().await;
    assert_eq!((status, &posted["media_attachments"][0]["id"]), (200, &video["id"]));
}

#[tokio::test]
async fn an_application_registers_somebody_authorises_and_the_token_is_taken_back() {
    let story = Story::begin().await;
    let register = "client_name=Bedside&redirect_uris=http://127.0.0.1:1/back&scopes=read+write";
    let (_, app) = story.call("POST", "/api/v1/apps").without("authorization").form(register).send().await;
    let (id, secret) = (app["client_id"].as_str().unwrap(), app["client_secret"].as_str().unwrap());
    // The challenge of RFC 7636, appendix B.
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let ask = format!(
        "/oauth/authorize?response_type=code&client_id={id}&redirect_uri=http://127.0.0.1:1/back&scope=read+write&state=s\
         &code_challenge={challenge}&code_challenge_method=S256"
    );
    let code = |answer: crate::kit::testing::Answer| {
        let back = answer.header("location").unwrap().parse::<url::Url>().unwrap();
        assert!(back.query_pairs().any(|pair| pair == ("state".into(), "s".into())));
        back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
    };
    let exchange = |code: String, verifier: &str| {
        story.call("POST", "/oauth/token").without("authorization").form(&format!(
            "grant_type=authorization_code&client_id={id}&client_secret={secret}&redirect_uri=http://127.0.0.1:1/back\
             &code={code}&code_verifier={verifier}"
        ))
    };
    let wrong = code(story.call("GET", &ask).without("authorization").answer().await);
    assert_eq!(exchange(wrong, "wrong").send().await.0, 400);
    let right = code(story.call("GET", &ask).without("authorization").answer().await);
    let (_, token) = exchange(right.clone(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").send().await;
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let verify = story.call("GET", "/api/v1/accounts/verify_credentials").header("authorization", &bearer);
    assert_eq!(verify.clone().send().await.1["acct"], "elmstreet");
    assert_eq!(exchange(right, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").send().await.0, 400);

    let back = format!("client_id={id}&client_secret={secret}&token={}", token["access_token"].as_str().unwrap());
    assert_eq!(story.call("POST", "/oauth/revoke").without("authorization").form(&back).send().await.0, 200);
    assert_eq!(verify.send().await.0, 401);
}

#[tokio::test]
async fn a_token_does_no_more_than_its_scopes() {
    let story = Story::begin().await;
    let ask = "grant_type=client_credentials&client_id=sandbox&client_secret=sandbox-secret&scope=read";
    let (_, token) = story.call("POST", "/oauth/token").without("authorization").form(ask).send().await;
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let post = story.call("POST", "/api/v1/statuses").header("authorization", &bearer).json(&json!({"status": "x"}));
    assert_eq!(post.send().await, (403, json!({"error": "This action is outside the authorized scopes"})));
    let verify = story.call("GET", "/api/v1/accounts/verify_credentials").header("authorization", &bearer);
    assert_eq!(verify.send().await.1["error"], "This method requires an authenticated user");
}

#[tokio::test]
async fn the_stream_tells_of_a_mention_as_it_is_written() {
    let story = Story::begin().await;
    let host = story.base().strip_prefix("http://").unwrap().to_owned();
    let mut stream = tokio::net::TcpStream::connect(&host).await.unwrap();
    let ask = format!("GET /api/v1/streaming/user HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer sandbox\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut heard = String::new();
    let mut buffer = [0; 4_096];
    let mut written = Value::Null;
    while !heard.contains("event: notification") {
        let read = stream.read(&mut buffer).await.unwrap();
        heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
        if written.is_null() && heard.contains("text/event-stream") {
            written = story.write(Network::Mastodon, Kind::Message, "Rosa N.", "May I ask something?");
        }
    }
    assert!(heard.contains(written["id"].as_str().unwrap()));
    assert_eq!(written["visibility"], "direct");
}

#[tokio::test]
async fn a_body_that_nobody_needs_does_not_end_the_connection() {
    let story = Story::begin().await;
    let host = story.base().strip_prefix("http://").unwrap().to_owned();
    let mut stream = tokio::net::TcpStream::connect(&host).await.unwrap();
    let head = |method: &str, path: &str, length: usize| {
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer sandbox\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    // Many clients send the body after the head.
    stream.write_all(head("POST", "/api/v1/notifications/clear", 2).as_bytes()).await.unwrap();
    stream.write_all(b"{}").await.unwrap();
    let mut heard = String::new();
    let mut buffer = [0; 4_096];
    while heard.matches("HTTP/1.1 200").count() < 2 {
        let read = stream.read(&mut buffer).await.unwrap();
        assert!(read > 0, "the connection ended after the first answer");
        heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
        if heard.matches("HTTP/1.1 200").count() == 1 {
            stream.write_all(head("GET", "/api/v1/custom_emojis", 0).as_bytes()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_server_that_is_told_to_end_ends_its_streams() {
    let story = Story::begin().await;
    let host = story.base().strip_prefix("http://").unwrap().to_owned();
    let mut stream = tokio::net::TcpStream::connect(&host).await.unwrap();
    let ask = format!("GET /api/v1/streaming/public HTTP/1.1\r\nhost: {host}\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    assert!(stream.read(&mut [0; 4_096]).await.unwrap() > 0, "it has begun");
    story.end().await;
    while stream.read(&mut [0; 4_096]).await.is_ok_and(|read| read > 0) {}
}

#[tokio::test]
async fn what_is_private_is_seen_by_those_it_concerns() {
    let story = Story::begin().await;
    let message = story.write(Network::Mastodon, Kind::Message, "Rosa N.", "Only for you");
    let path = format!("/api/v1/statuses/{}", message["id"].as_str().unwrap());
    assert_eq!(story.call("GET", &path).send().await.0, 200);
    assert_eq!(story.call("GET", &path).without("authorization").send().await.0, 404);
    let (_, timeline) = story.call("GET", "/api/v1/timelines/public").send().await;
    assert_eq!(timeline.as_array().map(Vec::len), Some(1), "only what the clinic wrote");
}
