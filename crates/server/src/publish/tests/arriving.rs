//! Posts through the real loop into the world of networks: what was approved arrives, once.

use bedside_model::role::Role;
use bedside_networks::Network;
use serde_json::{Value, json};

use super::stage::{Stage, TEXT};
use super::{film, photograph};

#[tokio::test]
async fn a_described_picture_arrives_on_facebook() {
    let stage = Stage::set().await;
    let account = stage.account(Network::Facebook, "page", |_| json!({})).await;
    let door = stage.story.brings(&photograph(1)).await;
    let made = stage.publishes(&account, json!({ "media": [{ "id": door, "alt": "A red door" }] })).await;
    let post = stage.shows(&format!("v26.0/{made}?fields=message,attachments")).await;
    assert_eq!(post["message"], TEXT, "{post}");
    let page = stage.world.ready(&stage.base)["networks"]["facebook"]["page"].clone();
    let photos = stage.shows(&format!("v26.0/{}/photos?fields=alt_text_custom", page.as_str().unwrap())).await;
    assert_eq!(photos["data"][0]["alt_text_custom"], "A red door", "{photos}");
    assert_eq!(stage.published(Network::Facebook, "/feed") + stage.published(Network::Facebook, "/photos"), 2);
}

#[tokio::test]
async fn a_carousel_arrives_on_instagram_in_its_order() {
    let stage = Stage::set().await;
    let account = stage.account(Network::Instagram, "user", |_| json!({})).await;
    let (door, stair) = (stage.story.brings(&photograph(1)).await, stage.story.brings(&photograph(2)).await);
    let media = json!([{ "id": stair, "alt": "A stair" }, { "id": door, "alt": "A red door" }]);
    let made = stage.publishes(&account, json!({ "media": media })).await;
    let post = stage.shows(&format!("v26.0/{made}?fields=media_type,caption,children{{alt_text}}")).await;
    assert_eq!((&post["media_type"], &post["caption"]), (&json!("CAROUSEL_ALBUM"), &json!(TEXT)));
    assert_eq!(post["children"]["data"][0]["alt_text"], "A stair", "{post}");
    assert_eq!(post["children"]["data"][1]["alt_text"], "A red door", "{post}");
    assert_eq!(stage.published(Network::Instagram, "/media_publish"), 1);
}

#[tokio::test]
async fn a_described_picture_arrives_on_x() {
    let stage = Stage::set().await;
    let config = |ready: &Value| json!({ "username": ready["username"], "replies": "anyone" });
    let account = stage.account(Network::X, "user", config).await;
    let door = stage.story.brings(&photograph(1)).await;
    let made = stage.publishes(&account, json!({ "media": [{ "id": door, "alt": "A red door" }] })).await;
    let post = stage.shows(&format!("2/tweets/{made}?expansions=attachments.media_keys&media.fields=alt_text")).await;
    assert_eq!(post["includes"]["media"][0]["alt_text"], "A red door", "{post}");
    assert!(post["data"]["text"].as_str().unwrap().starts_with(TEXT), "{post}");
    assert_eq!(stage.published(Network::X, "/2/tweets"), 1);
}

#[tokio::test]
async fn a_document_arrives_on_linkedin_under_its_title() {
    let stage = Stage::set().await;
    let account = stage.account(Network::Linkedin, "organization_urn", |_| json!({})).await;
    let leaflet = stage.story.brings(b"%PDF-1.7 How to find us").await;
    let made = stage.publishes(&account, json!({ "title": "How to find us", "media": [{ "id": leaflet }] })).await;
    let post = stage.shows(&format!("rest/posts/{}", made.replace(':', "%3A"))).await;
    assert_eq!(post["commentary"], TEXT, "{post}");
    assert_eq!(post["content"]["media"]["title"], "How to find us", "{post}");
    assert_eq!(stage.published(Network::Linkedin, "/rest/posts"), 1);
}

#[tokio::test]
async fn a_video_arrives_on_youtube_with_its_title_and_language() {
    let stage = Stage::set().await;
    let account = stage.account(Network::Youtube, "channel", |_| json!({})).await;
    let film = stage.story.brings(&film()).await;
    let post = json!({ "title": "Our new door", "language": "en", "media": [{ "id": film }] });
    let made = stage.publishes(&account, post).await;
    let video = stage.shows(&format!("youtube/v3/videos?id={made}&part=snippet,status")).await;
    let snippet = &video["items"][0]["snippet"];
    assert_eq!((&snippet["title"], &snippet["description"]), (&json!("Our new door"), &json!(TEXT)), "{video}");
    assert_eq!(stage.published(Network::Youtube, "/youtube/v3/videos"), 1);
}

/// Captions in both forms.
const VTT: &str = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nCome in by the garden.\n";
const SRT: &str = "1\n00:00:01,000 --> 00:00:03,000\nEntre por el jardín.\n";

#[tokio::test]
async fn a_video_that_stands_there_gets_captions_whose_every_word_was_read() {
    let stage = Stage::set().await;
    let account = stage.account(Network::Youtube, "channel", |_| json!({})).await;
    let film = stage.story.brings(&film()).await;
    let made = stage.publishes(&account, json!({ "title": "Our new door", "media": [{ "id": film }] })).await;
    let author = &stage.story.author;
    let post = author.get("/posts").await.json["items"][0]["id"].as_str().unwrap().to_owned();
    let captions = format!("/posts/{post}/captions");
    let reviewer = stage.story.server.sign_in(&[Role::ClinicalReviewer]).await;
    let english = json!({ "language": "en", "text": VTT });
    assert_eq!(reviewer.post(&captions, english.clone()).await.outcome(), "403 role_missing");

    let broken = json!({ "language": "en", "text": "WEBVTT\n\nCome in by the garden.\n" });
    let no = author.post(&captions, broken).await;
    assert_eq!(no.outcome(), "422 invalid");
    assert!(no.json["detail"].as_str().unwrap().contains("line 3: there is no time such as"), "{}", no.text);
    let endless = json!({ "language": "en", "text": VTT.repeat(10_000) });
    let no = author.post(&captions, endless).await;
    assert!(no.json["detail"].as_str().unwrap().contains("more than 500 kB"), "{}", no.text);
    let nameless = author.post(&captions, json!({ "language": "", "text": VTT })).await;
    assert_eq!(nameless.outcome(), "409 needs_language");
    let numbered = VTT.replace("Come in by the garden.", "Mr. Okafor, MRN 4471882, was here.");
    let stopped = author.post(&captions, json!({ "language": "en", "text": numbered })).await;
    assert_eq!(stopped.outcome(), "422 guard_blocked");
    assert!(stopped.json["verdict"]["findings"].as_array().is_some_and(|found| !found.is_empty()), "{}", stopped.text);
    let named = json!({ "language": "en", "name": "MRN 4471882", "text": VTT });
    let stopped = author.post(&captions, named).await;
    assert_eq!(stopped.json["verdict"]["findings"][0]["part"], "title", "viewers read the name, too: {}", stopped.text);

    for (language, text) in [("en", VTT), ("es", SRT)] {
        let body = json!({ "language": language, "text": text, "acknowledged": true });
        let asked = author.post(&captions, body).await;
        assert_eq!((asked.status, &asked.json["kind"]), (202, &json!("caption")), "{}", asked.text);
        stage.out.run_until_idle().await.unwrap();
    }
    let listed = author.get(&captions).await.json;
    let told = |n: usize| (listed["items"][n]["language"].clone(), listed["items"][n]["outbox"]["state"].clone());
    assert_eq!((told(0), told(1)), ((json!("en"), json!("delivered")), (json!("es"), json!("delivered"))), "{listed}");
    let tracks = stage.shows(&format!("youtube/v3/captions?videoId={made}&part=snippet")).await;
    assert_eq!(tracks["items"].as_array().unwrap().len(), 2, "{tracks}");
    let now = author.get(&format!("/posts/{post}")).await.json;
    assert_eq!(now["outbox"]["kind"], "post", "the post is shown with what became of the post");

    let other = stage.account(Network::Mastodon, "account", |_| json!({})).await;
    stage.publishes(&other, json!({})).await;
    let post = author.get("/posts").await.json["items"][0]["id"].as_str().unwrap().to_owned();
    let no = author.post(&format!("/posts/{post}/captions"), english).await;
    assert_eq!(no.outcome(), "409 network_cannot");
}

#[tokio::test]
async fn described_pictures_and_a_language_arrive_on_mastodon() {
    let stage = Stage::set().await;
    let account = stage.account(Network::Mastodon, "account", |_| json!({})).await;
    let (door, stair) = (stage.story.brings(&photograph(1)).await, stage.story.brings(&photograph(2)).await);
    let media = json!([{ "id": stair, "alt": "A stair" }, { "id": door, "alt": "A red door" }]);
    let made = stage.publishes(&account, json!({ "media": media, "language": "en" })).await;
    let post = stage.shows(&format!("api/v1/statuses/{made}")).await;
    assert_eq!(post["media_attachments"][0]["description"], "A stair", "{post}");
    assert_eq!(post["media_attachments"][1]["description"], "A red door", "{post}");
    assert_eq!(post["language"], "en", "{post}");
    assert!(post["content"].as_str().unwrap().contains(TEXT), "{post}");
    assert_eq!(stage.published(Network::Mastodon, "/api/v1/statuses"), 1);
}

#[tokio::test]
async fn a_post_that_stands_there_is_taken_back_once() {
    let stage = Stage::set().await;
    let account = stage.account(Network::Mastodon, "account", |_| json!({})).await;
    let made = stage.publishes(&account, json!({})).await;
    let author = &stage.story.author;
    let listed = author.get("/posts").await.json;
    let take_back = format!("/posts/{}/take_back", listed["items"][0]["id"].as_str().unwrap());
    let reviewer = stage.story.server.sign_in(&[Role::ClinicalReviewer]).await;
    assert_eq!(reviewer.post(&take_back, json!({})).await.outcome(), "403 role_missing");
    let taken = author.post(&take_back, json!({})).await;
    assert_eq!((taken.status, &taken.json["kind"]), (202, &json!("delete")), "{}", taken.text);
    assert_eq!(author.post(&take_back, json!({})).await.outcome(), "409 already_queued");
    stage.out.run_until_idle().await.unwrap();
    let now = author.get("/posts").await.json;
    assert_eq!(now["items"][0]["outbox"]["state"], "delivered", "{now}");
    assert_eq!(author.post(&take_back, json!({})).await.outcome(), "409 already_taken_back");
    let known = bedside_sandbox::world::Network::Mastodon;
    let deleted = |exchange: &bedside_sandbox::world::Exchange| {
        exchange.network == known && exchange.method == "DELETE" && exchange.path.ends_with(&made)
    };
    assert_eq!(stage.world.control.log().into_iter().filter(deleted).count(), 1);
    let draft = stage.story.writes(&account, json!({})).await;
    let early = format!("/posts/{}/take_back", draft["id"].as_str().unwrap());
    assert_eq!(author.post(&early, json!({})).await.outcome(), "409 not_sent");
}

#[tokio::test]
async fn other_bytes_than_those_that_were_approved_do_not_leave() {
    let stage = Stage::set().await;
    let account = stage.account(Network::Mastodon, "account", |_| json!({})).await;
    let door = stage.story.brings(&photograph(1)).await;
    let draft = stage.story.writes(&account, json!({ "media": [{ "id": door, "alt": "A red door" }] })).await;
    let sent = stage.story.sends(&draft).await;
    let server = &stage.story.server;
    let on_the_disk = server.db.dir.path().join("media").join(server.db.org.as_str()).join(&door);
    std::fs::write(on_the_disk, photograph(9)).unwrap();
    stage.out.run_until_idle().await.unwrap();
    let now = stage.story.author.get(&format!("/outbox/{}", sent.json["id"].as_str().unwrap())).await.json;
    assert_eq!((&now["state"], &now["needs_human"]), (&json!("dead"), &json!(true)), "{now}");
    assert!(now["why"].as_str().unwrap().contains("no longer the one that was approved"), "{now}");
    assert_eq!(stage.published(Network::Mastodon, "/api/v1/statuses"), 0);
}
