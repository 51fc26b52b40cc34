//! YouTube as a client of the Data API sees it.

use serde_json::{Value, json};

use crate::world::hooks::sign::hmac_sha1;
use crate::world::testing::{Answer, Stage, Webhook};

fn texts(listing: &Value) -> Vec<String> {
    let text = |one: &Value| one["snippet"]["topLevelComment"]["snippet"]["textDisplay"].as_str().unwrap().to_owned();
    listing["items"].as_array().unwrap().iter().map(text).collect()
}

fn reason(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["error"]["errors"][0]["reason"].as_str().unwrap_or_default().to_owned())
}

fn threads(stage: &Stage) -> String {
    format!("/youtube/v3/commentThreads?part=snippet,replies&videoId={}", stage.id("youtube", "video"))
}

#[tokio::test]
async fn somebody_comments_and_the_channel_answers() {
    let stage = Stage::set().await;
    let thread = stage.write(json!({"network": "youtube", "author": "Rosa N.", "text": "Is it <free>?"})).await;
    let listed = stage.get(&threads(&stage)).await.json();
    assert_eq!(
        (&listed["kind"], texts(&listed)),
        (&json!("youtube#commentThreadListResponse"), vec!["Is it &lt;free&gt;?".to_owned()])
    );

    let body = json!({"snippet": {"parentId": thread, "textOriginal": "Yes, on Fridays."}});
    let reply = stage.post("/youtube/v3/comments?part=snippet", body).await.json();
    assert_eq!(reply["snippet"]["parentId"], json!(thread));
    let listed = stage.get(&format!("{}&textFormat=plainText", threads(&stage))).await.json();
    assert_eq!(listed["items"][0]["snippet"]["topLevelComment"]["snippet"]["textDisplay"], json!("Is it <free>?"));
    assert_eq!(listed["items"][0]["replies"]["comments"][0]["id"], reply["id"]);

    stage.clock.forward(60);
    let change = json!({"network": "youtube", "action": "edit", "id": thread, "text": "Is it free for children?"});
    stage.write(change).await;
    let shown = stage.get(&format!("/youtube/v3/comments?part=snippet&id={thread}")).await.json();
    let snippet = &shown["items"][0]["snippet"];
    assert_eq!(
        (&snippet["publishedAt"], &snippet["updatedAt"]),
        (&json!("2026-11-27T12:00:00Z"), &json!("2026-11-27T12:01:00Z"))
    );
    let theirs = json!({"id": thread, "snippet": {"textOriginal": "All is well"}});
    let put = stage.request("PUT", "/youtube/v3/comments?part=snippet").header("content-type", "application/json");
    assert_eq!(stage.call(put.body(theirs.to_string())).await.status, 403);

    let gone = stage.delete(&format!("/youtube/v3/comments?id={thread}")).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert!(texts(&stage.get(&threads(&stage)).await.json()).is_empty());
    assert_eq!(
        reason(&stage.delete(&format!("/youtube/v3/comments?id={thread}")).await),
        (404, "commentNotFound".to_owned())
    );
}

#[tokio::test]
async fn what_is_held_waits_for_a_moderator() {
    let stage = Stage::set().await;
    let held = stage.write(json!({"network": "youtube", "text": "Call me on 555-0100", "held": true})).await;
    let seen = stage.write(json!({"network": "youtube", "text": "Thank you"})).await;
    stage.write(json!({"network": "youtube", "text": "Me too", "parent": seen, "held": true})).await;
    assert_eq!(texts(&stage.get(&threads(&stage)).await.json()), ["Thank you"]);
    let waiting = stage.get(&format!("{}&moderationStatus=heldForReview", threads(&stage))).await.json();
    assert_eq!(texts(&waiting), ["Thank you", "Call me on 555-0100"]);
    assert_eq!(waiting["items"][0]["replies"]["comments"][0]["snippet"]["textDisplay"], json!("Me too"));

    let (stage, held) = (&stage, held.as_str());
    let set = |status: &'static str| async move {
        let path = format!("/youtube/v3/comments/setModerationStatus?id={held}&moderationStatus={status}");
        stage.post(&path, Value::Null).await
    };
    assert_eq!(set("published").await.status, 204);
    assert_eq!(texts(&stage.get(&threads(stage)).await.json()).len(), 2);
    assert_eq!(set("rejected&banAuthor=true").await.status, 204);
    assert_eq!(texts(&stage.get(&threads(stage)).await.json()), ["Thank you"]);
    assert_eq!(reason(&set("published&banAuthor=true").await), (400, "banWithoutReject".to_owned()));
}

#[tokio::test]
async fn two_hundred_and_fifty_threads_come_in_pages() {
    let stage = Stage::set().await;
    // All of them at one time, which is finer than a microsecond.
    let at = "2026-11-27T12:00:00.123456789Z";
    let writes: Vec<Value> =
        (0..250).map(|number| json!({"network": "youtube", "text": format!("Comment {number}"), "at": at})).collect();
    stage.post("/_sandbox/write", json!(writes)).await;
    let (mut token, mut seen, mut pages) = (String::new(), Vec::new(), 0);
    loop {
        let page = stage.get(&format!("{}&maxResults=100&pageToken={token}", threads(&stage))).await.json();
        seen.extend(texts(&page));
        pages += 1;
        match page["nextPageToken"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    let expected: Vec<String> = (0..250).rev().map(|number| format!("Comment {number}")).collect();
    assert_eq!((pages, seen), (3, expected));
    assert_eq!(
        reason(&stage.get(&format!("{}&pageToken=!", threads(&stage))).await),
        (400, "invalidPageToken".to_owned())
    );
    assert_eq!(
        reason(&stage.get(&format!("{}&maxResults=101", threads(&stage))).await),
        (400, "invalidParameter".to_owned())
    );
}

#[tokio::test]
async fn the_quota_is_three_buckets_of_a_day() {
    let stage = Stage::set().await;
    let search = "/youtube/v3/search?part=snippet&q=walk";
    for _ in 0..100 {
        assert_eq!(stage.get(search).await.status, 200);
    }
    let over = stage.get(search).await;
    assert_eq!(reason(&over), (403, "quotaExceeded".to_owned()));
    assert_eq!(over.json()["error"]["errors"][0]["domain"], json!("youtube.quota"));
    assert_eq!(stage.get(&threads(&stage)).await.status, 200);
    // Noon in Greenwich is four in the morning in California: twenty hours to go.
    stage.clock.forward(20 * 3600 - 1);
    assert_eq!(stage.get(search).await.status, 403);
    stage.clock.forward(1);
    assert_eq!(stage.get(search).await.status, 200);
}

#[tokio::test]
async fn a_video_is_uploaded_in_pieces_and_told_by_the_hub() {
    let stage = Stage::set().await;
    let channel = stage.id("youtube", "channel");
    let mut webhook = Webhook::open(0).await;
    let topic = format!("https://www.youtube.com/xml/feeds/videos.xml?channel_id={channel}");
    let subscribe = [
        ("hub.mode", "subscribe"),
        ("hub.topic", topic.as_str()),
        ("hub.callback", webhook.url.as_str()),
        ("hub.secret", "ours"),
        ("hub.verify", "sync"),
    ];
    assert_eq!(stage.form("/subscribe", &subscribe).await.status, 204);

    let metadata = json!({"snippet": {"title": "Hands & soap", "tags": ["hands"], "categoryId": "26"}, "status": {"privacyStatus": "public"}});
    let begun = stage.post("/upload/youtube/v3/videos?part=snippet,status&uploadType=resumable", metadata).await;
    let session = begun.header("location").to_owned();
    assert!(session.starts_with(&stage.base), "{session}");
    let piece = |range: &'static str, bytes: &'static str| {
        stage.call(stage.request("PUT", &session).header("content-range", range).body(bytes))
    };
    assert_eq!(piece("bytes */6", "").await.headers.get("range"), None);
    let first = piece("bytes 0-2/6", "abc").await;
    assert_eq!((first.status, first.header("range")), (308, "bytes=0-2"));
    assert_eq!(piece("bytes 4-5/6", "ef").await.status, 400);
    assert_eq!(piece("bytes 0-18446744073709551615/*", "abc").await.status, 400);
    let asked = piece("bytes */6", "").await;
    assert_eq!((asked.status, asked.header("range")), (308, "bytes=0-2"));
    let last = piece("bytes 3-5/6", "def").await;
    let video = last.json();
    assert_eq!(
        (last.status, &video["snippet"]["title"], &video["status"]["uploadStatus"]),
        (200, &json!("Hands & soap"), &json!("uploaded"))
    );
    // Whoever did not hear the answer asks again, and nothing is made twice.
    assert_eq!(piece("bytes */6", "").await.json()["id"], video["id"]);

    let told = webhook.next().await;
    assert_eq!(told.header("x-hub-signature"), format!("sha1={}", hex::encode(hmac_sha1(b"ours", &told.body))));
    let feed = String::from_utf8(told.body.to_vec()).unwrap();
    let id = video["id"].as_str().unwrap();
    assert!(feed.contains(&format!("<yt:videoId>{id}</yt:videoId>")) && feed.contains("Hands &amp; soap"));
    assert!(told.header("link").contains("rel=self"));

    let uploads = stage.get("/youtube/v3/channels?part=contentDetails&mine=true").await.json();
    let playlist = uploads["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"].as_str().unwrap().to_owned();
    let items = stage.get(&format!("/youtube/v3/playlistItems?part=contentDetails&playlistId={playlist}")).await.json();
    assert_eq!(
        (&items["items"][0]["contentDetails"]["videoId"], &items["pageInfo"]["totalResults"]),
        (&json!(id), &json!(2))
    );
    let status = format!("/youtube/v3/videos?part=status,statistics&id={id}");
    assert_eq!(stage.get(&status).await.json()["items"][0]["status"]["uploadStatus"], json!("uploaded"));
    assert_eq!(stage.get(&status).await.json()["items"][0]["status"]["uploadStatus"], json!("processed"));
}

#[tokio::test]
async fn captions_come_with_their_metadata_in_one_body() {
    let stage = Stage::set().await;
    let video = stage.id("youtube", "video");
    let metadata = json!({"snippet": {"videoId": video, "language": "es", "name": ""}});
    let body = format!(
        "--xx\r\nContent-Type: application/json\r\n\r\n{metadata}\r\n--xx\r\nContent-Type: text/vtt\r\n\r\nWEBVTT\r\n--xx--"
    );
    let upload = || {
        let path = "/upload/youtube/v3/captions?part=snippet&uploadType=multipart";
        stage.request("POST", path).header("content-type", "multipart/related; boundary=\"xx\"").body(body.clone())
    };
    let made = stage.call(upload()).await.json();
    assert_eq!((&made["kind"], &made["snippet"]["status"]), (&json!("youtube#caption"), &json!("serving")));
    assert_eq!(reason(&stage.call(upload()).await), (400, "captionExists".to_owned()));
    let listed = stage.get(&format!("/youtube/v3/captions?part=snippet&videoId={video}")).await.json();
    assert_eq!(listed["items"][0]["snippet"]["language"], json!("es"));

    let path = format!("/youtube/v3/captions/{}", made["id"].as_str().unwrap());
    assert_eq!(stage.get(&format!("{path}?alt=media&tfmt=vtt")).await.text, "WEBVTT");
    assert_eq!(reason(&stage.get(&format!("{path}?tfmt=srt")).await), (400, "couldNotConvert".to_owned()));
    assert_eq!(reason(&stage.get("/youtube/v3/captions/none").await), (404, "captionNotFound".to_owned()));
}

#[tokio::test]
async fn metadata_that_the_network_would_not_take_is_refused() {
    let stage = Stage::set().await;
    let video = stage.id("youtube", "video");
    for (part, refusal) in [
        (json!({"snippet": {"title": "a".repeat(101), "categoryId": "22"}}), "invalidTitle"),
        (json!({"snippet": {"title": "a", "description": "a".repeat(5001), "categoryId": "22"}}), "invalidDescription"),
        (json!({"snippet": {"title": "a", "tags": vec!["health"; 80], "categoryId": "22"}}), "invalidTags"),
        (json!({"snippet": {"title": "a"}}), "invalidCategoryId"),
        (json!({"status": {"privacyStatus": "private", "publishAt": "2026-11-27T11:00:00Z"}}), "invalidPublishAt"),
    ] {
        let mut body = part;
        body["id"] = json!(video);
        let put =
            stage.request("PUT", "/youtube/v3/videos?part=snippet,status").header("content-type", "application/json");
        assert_eq!(reason(&stage.call(put.body(body.to_string())).await), (400, refusal.to_owned()));
    }
}

#[tokio::test]
async fn tokens_of_google_are_refreshed_end_and_are_taken_back() {
    let stage = Stage::set().await;
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", "sandbox"), ("client_secret", "sandbox-secret")];
    let token = stage.form("/token", &refresh).await.json();
    assert_eq!((&token["expires_in"], &token["token_type"]), (&json!(3599), &json!("Bearer")));
    let token = token["access_token"].as_str().unwrap().to_owned();
    let path = threads(&stage);
    let with = |token: &str| stage.call(stage.bare("GET", &path).bearer_auth(token));
    assert_eq!(with(&token).await.status, 200);
    stage.clock.forward(3599);
    let late = with(&token).await;
    assert_eq!(
        (reason(&late), late.json()["error"]["status"].as_str()),
        ((401, "authError".to_owned()), Some("UNAUTHENTICATED"))
    );
    assert_eq!(stage.call(stage.bare("GET", &path)).await.status, 403);

    stage.fault(json!({"network": "youtube", "kind": "token_revoked", "path": "/token"})).await;
    assert_eq!(stage.form("/token", &refresh).await.json()["error"], json!("invalid_grant"));
    let code = [("grant_type", "authorization_code"), ("code", "4/abc"), ("client_secret", "sandbox-secret")];
    let granted = stage.form("/token", &code).await.json();
    assert!(granted["refresh_token"].as_str().unwrap().starts_with("1//"));
    let wrong = [("grant_type", "refresh_token"), ("refresh_token", "sandbox"), ("client_secret", "wrong")];
    assert_eq!(stage.form("/token", &wrong).await.json()["error"], json!("invalid_client"));
    stage.fault(json!({"network": "youtube", "kind": "rate_limited", "retry_after": 30})).await;
    let limited = stage.get(&path).await;
    assert_eq!((reason(&limited), limited.header("retry-after")), ((429, "rateLimitExceeded".to_owned()), "30"));
}

#[tokio::test]
async fn the_sandbox_can_be_told_to_ask_for_consent() {
    let stage = Stage::set().await;
    let back = format!("{}/_sandbox/log", stage.base);
    for path in ["/o/oauth2/v2/auth", "/v26.0/dialog/oauth"] {
        let answer = stage.get(&format!("{path}?client_id=1&state=s-1&redirect_uri={back}")).await;
        let target = answer.header("location");
        assert!(target.starts_with(&back) && target.contains("code=") && target.ends_with("state=s-1"), "{target}");
    }
}
