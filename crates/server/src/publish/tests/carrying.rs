//! What a post carries is judged, approved and kept together with its words, on both engines.

use bedside_model::role::Role;
use bedside_networks::{Network, Titles};
use serde_json::json;

use super::{Story, bring, codes, film, path, photograph};
use crate::testing::TestServer;

#[tokio::test]
async fn a_post_shows_what_it_carries_in_its_order() {
    for story in Story::each_engine().await {
        let account = story.account(Network::Mastodon).await;
        let (door, stair) = (story.brings(&photograph(1)).await, story.brings(&photograph(2)).await);
        let media = json!([{ "id": stair, "alt": "A stair" }, { "id": door, "alt": "A red door" }]);
        let made = story.writes(&account, json!({ "media": media, "language": "en" })).await;
        assert_eq!(made["media"][0]["alt"], "A stair");
        assert_eq!((&made["media"][1]["id"], &made["media"][1]["kind"]), (&json!(door), &json!("image")));
        assert_eq!((&made["media"][1]["width"], &made["media"][1]["height"]), (&json!(3), &json!(2)));
        assert_eq!((&made["language"], &made["link"], &made["can_send"]), (&json!("en"), &json!(null), &json!(true)));
        let turned = json!([{ "id": door }, { "id": stair, "alt": "A stair" }]);
        let changed = story.changes(&made, json!({ "media": turned })).await.json;
        assert_eq!((&changed["media"][0]["id"], &changed["media"][0]["alt"]), (&json!(door), &json!(null)));
        assert_eq!((&changed["text"], &changed["language"]), (&made["text"], &json!("en")), "what is not named stays");
        assert_ne!(changed["text_hash"], made["text_hash"]);
        let bare = story.changes(&changed, json!({ "media": [], "language": "" })).await.json;
        assert_eq!((&bare["media"], &bare["language"]), (&json!([]), &json!(null)));
    }
}

#[tokio::test]
async fn a_file_that_is_not_ours_or_stands_there_twice_is_named() {
    for story in Story::each_engine().await {
        let account = story.account(Network::Mastodon).await;
        let ours = story.brings(&photograph(1)).await;
        let elsewhere = story.server.other_organisation().await;
        let stranger = story.server.sign_in_to(&elsewhere, &[Role::Author]).await;
        let theirs = bring(&stranger, &photograph(2), None).await.json["id"].clone();
        for (media, field) in [
            (json!([{ "id": theirs }]), "media.0.id"),
            (json!([{ "id": ours }, { "id": "med_01k0000000e0000000000000zz" }]), "media.1.id"),
            (json!([{ "id": ours }, { "id": ours }]), "media.1.id"),
            (json!([{ "id": ours, "alt": "a".repeat(2_001) }]), "media.0.alt"),
        ] {
            let refused = story.begins(&account, json!({ "media": media })).await;
            assert_eq!(refused.outcome(), "422 invalid", "{}", refused.text);
            assert_eq!(refused.json["fields"][0]["field"], field, "{}", refused.text);
        }
        for (name, wrong) in [("link", "lakeside"), ("language", "Spanish"), ("title", "A title")] {
            let refused = story.begins(&account, json!({ name: wrong })).await;
            assert_eq!(refused.outcome(), "422 invalid", "{name}");
            assert_eq!(refused.json["fields"][0]["field"], name);
        }
    }
}

#[tokio::test]
async fn a_picture_that_nobody_described_waits_for_its_description() {
    for story in Story::each_engine().await {
        let account = story.account(Network::Mastodon).await;
        let door = story.brings(&photograph(1)).await;
        let silent = story.writes(&account, json!({ "media": [{ "id": door }] })).await;
        assert_eq!((codes(&silent), &silent["can_send"]), (vec!["alt_text_missing"], &json!(false)));
        let said = silent["refusals"][0]["sentence"].as_str().unwrap();
        assert!(said.starts_with("People who cannot see the picture"), "{said}");
        assert_eq!(story.sends(&silent).await.outcome(), "409 alt_text_missing");
        story.author.patch(&format!("/media/{door}"), json!({ "alt": "A red door" })).await;
        let described = story.changes(&silent, json!({ "media": [{ "id": door }] })).await.json;
        assert_eq!(described["media"][0]["alt"], "A red door", "the file's own description is taken");
        assert_eq!(codes(&described), Vec::<&str>::new());
        let unshown = story.account(Network::GoogleBusiness).await;
        let there = story.writes(&unshown, json!({ "media": [{ "id": door, "alt": "" }] })).await;
        assert!(!codes(&there).contains(&"alt_text_missing"), "a network that shows no descriptions asks for none");
    }
}

#[tokio::test]
async fn what_the_network_would_not_take_is_said_before_anything_is_sent() {
    let story = Story::on(TestServer::sqlite().await).await;
    let (door, stair) = (story.brings(&photograph(1)).await, story.brings(&photograph(2)).await);
    let (film, leaflet) = (story.brings(&film()).await, story.brings(b"%PDF-1.7 How to find us").await);
    let of = |files: &[&String]| -> serde_json::Value {
        files.iter().map(|id| json!({ "id": id, "alt": "What it shows" })).collect()
    };
    let more =
        [story.brings(&photograph(3)).await, story.brings(&photograph(4)).await, story.brings(&photograph(5)).await];
    let five = [&door, &stair, &more[0], &more[1], &more[2]];
    for (network, media, code) in [
        (Network::Mastodon, of(&[&leaflet]), "not_supported"),
        (Network::Bluesky, of(&[&door, &film]), "media_mixed"),
        (Network::Instagram, of(&[]), "not_supported"),
        (Network::Youtube, of(&[&door]), "needs_video"),
        (Network::GoogleBusiness, of(&five[..2]), "not_supported"),
        (Network::X, of(&five), "too_many_media"),
    ] {
        let account = story.account(network).await;
        let title = if network.titles() == Titles::Needed { "Our new door" } else { "" };
        let made = story.writes(&account, json!({ "title": title, "media": media })).await;
        assert!(codes(&made).contains(&code), "{network}: {}", made["refusals"]);
        assert_eq!(made["can_send"], false, "{network}");
        assert_eq!(story.sends(&made).await.status, 409, "{network}");
    }
}

#[tokio::test]
async fn a_description_and_a_link_are_judged_like_the_text() {
    for story in Story::each_engine().await {
        let account = story.account(Network::Mastodon).await;
        let (door, stair) = (story.brings(&photograph(1)).await, story.brings(&photograph(2)).await);
        let media = json!([{ "id": door, "alt": "A red door" }, { "id": stair, "alt": "The chart of MRN 4471882" }]);
        let made = story.begins(&account, json!({ "media": media })).await.json;
        assert_eq!(made["state"], "blocked");
        let findings = made["verdict"]["findings"].as_array().unwrap();
        let found = findings.iter().find(|finding| finding["rule"] == "B3").expect("an identifier is found");
        assert_eq!((&found["part"], &found["file"]), (&json!("alt"), &json!(1)));
        let (start, end) = (found["start"].as_u64().unwrap(), found["end"].as_u64().unwrap());
        assert!(start < end && end <= 24, "{start}..{end} stands in the description itself");
        assert_eq!(story.sends(&made).await.outcome(), "422 guard_blocked");
        let link = "https://lakeside.example.org/visit?mrn=4471882";
        let tried = json!({ "account_id": account, "kind": "post", "text": "Come in.", "link": link, "alts": [null, "MRN 4471882"] });
        let tried = story.author.post("/guard/check", tried).await.json;
        let places: Vec<_> = tried["findings"].as_array().unwrap().iter().map(|finding| &finding["part"]).collect();
        assert!(places.contains(&&json!("alt")), "{tried}");
    }
}

#[tokio::test]
async fn whatever_changes_after_approval_voids_it() {
    for story in Story::each_engine().await {
        let account = story.account(Network::Mastodon).await;
        let approver = story.server.sign_in(&[Role::ClinicalReviewer]).await;
        let (door, stair) = (story.brings(&photograph(1)).await, story.brings(&photograph(2)).await);
        let two = json!([{ "id": door, "alt": "A door" }, { "id": stair, "alt": "A stair" }]);
        let turned = json!([{ "id": stair, "alt": "A stair" }, { "id": door, "alt": "A door" }]);
        let reworded = json!([{ "id": door, "alt": "A gate" }, { "id": stair, "alt": "A stair" }]);
        for change in [
            json!({ "media": reworded }),
            json!({ "media": turned }),
            json!({ "media": [{ "id": door, "alt": "A door" }] }),
            json!({ "link": "https://lakeside.example.org/other" }),
            json!({ "language": "es" }),
        ] {
            let made = story.writes(&account, json!({ "media": two, "language": "en" })).await;
            story.author.post(&path(&made, "submit"), json!({})).await;
            let approved = approver.post(&path(&made, "approve"), json!({ "text_hash": made["text_hash"] })).await.json;
            assert_eq!(approved["state"], "approved", "{approved}");
            let changed = story.changes(&approved, change.clone()).await.json;
            let said = changed["approvals"].as_array().unwrap();
            assert!(said.iter().all(|said| said["stands"] == false), "{change}");
            assert_eq!(said.last().unwrap()["decision"], "voided", "{change}");
            assert_ne!(changed["state"], "approved", "{change}");
            assert_eq!(story.sends(&approved).await.outcome(), "409 text_changed", "{change}");
        }
    }
}

#[tokio::test]
async fn what_was_changed_past_the_program_does_not_leave() {
    for story in Story::each_engine().await {
        let account = story.account(Network::Mastodon).await;
        let door = story.brings(&photograph(1)).await;
        let post = json!({ "media": [{ "id": door, "alt": "A red door" }] });
        let in_the_draft = story.writes(&account, post.clone()).await;
        let id = in_the_draft["id"].as_str().unwrap();
        story
            .sql(format!(
                "update drafts set carried = replace(carried, 'A red door', 'Something else') where id = '{id}'"
            ))
            .await;
        assert_eq!(story.sends(&in_the_draft).await.outcome(), "409 text_changed");
        let in_the_library = story.writes(&account, post.clone()).await;
        story.sql(format!("update media set sha256 = 'another' where id = '{door}'")).await;
        assert_eq!(story.sends(&in_the_library).await.outcome(), "409 text_changed");
        story.sql(format!("delete from media where id = '{door}'")).await;
        assert_eq!(story.sends(&in_the_library).await.outcome(), "409 file_gone");
    }
}

#[tokio::test]
async fn a_file_stays_while_a_post_needs_it() {
    for story in Story::each_engine().await {
        let account = story.account(Network::Mastodon).await;
        let door = story.brings(&photograph(1)).await;
        let file = format!("/media/{door}");
        let made = story.writes(&account, json!({ "media": [{ "id": door, "alt": "A red door" }] })).await;
        assert_eq!(story.author.delete(&file).await.outcome(), "409 file_in_use", "it is being written");
        let sent = story.sends(&made).await;
        assert_eq!(sent.status, 202, "{}", sent.text);
        assert_eq!(story.author.delete(&file).await.outcome(), "409 file_in_use", "it waits to leave");
        let given_up = format!("/outbox/{}/decide", sent.json["id"].as_str().unwrap());
        let decided = story.author.post(&given_up, json!({ "decision": "give_up", "reason": "Another day." })).await;
        assert_eq!(decided.status, 200, "{}", decided.text);
        let discarded = story.author.post(&path(&made, "discard"), json!({})).await;
        assert_eq!(discarded.status, 200, "{}", discarded.text);
        assert_eq!(story.author.delete(&file).await.status, 204);
        assert_eq!(story.author.get(&format!("{file}/file")).await.status, 404);
    }
}

#[tokio::test]
async fn an_answer_carries_words_only() {
    let story = Story::on(TestServer::sqlite().await).await;
    let account = story.account(Network::Mastodon).await;
    let made = story.writes(&account, json!({})).await;
    let id = made["id"].as_str().unwrap();
    story.sql(format!("update drafts set kind = 'edit' where id = '{id}'")).await;
    let responder = story.server.sign_in(&[Role::Responder]).await;
    let version = format!("\"{}\"", made["version"]);
    let refused =
        responder.with("if-match", &version).patch(&format!("/drafts/{id}"), json!({ "language": "es" })).await;
    assert_eq!(refused.outcome(), "422 invalid", "{}", refused.text);
}
