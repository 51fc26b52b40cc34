//! Every record that goes out keeps the rules of its lexicon.
//!
//! The rules stand here in our own words, from `app.bsky.feed.post`, `app.bsky.richtext.facet`,
//! `app.bsky.embed.*` and `com.atproto.repo.strongRef`.

use bedside_model::Phi;
use proptest::prelude::*;

use super::outgoing::{blob, files, posted};
use super::*;

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is a text"))
}

fn strong_ref(value: &Value) {
    assert!(text(value, "uri").starts_with("at://did:") && !text(value, "cid").is_empty());
}

fn is_blob(value: &Value) {
    assert_eq!(value["$type"], "blob");
    assert!(value["ref"]["$link"].is_string() && value["mimeType"].is_string() && value["size"].is_u64());
}

fn ratio(value: &Value) {
    if let Some(ratio) = value.get("aspectRatio") {
        assert!(ratio["width"].as_u64() > Some(0) && ratio["height"].as_u64() > Some(0));
    }
}

/// Fails where a record breaks a rule.
pub(super) fn check(record: &Value) {
    let known = ["$type", "text", "createdAt", "facets", "reply", "langs", "embed"];
    assert!(record.as_object().unwrap().keys().all(|name| known.contains(&name.as_str())));
    assert_eq!(record["$type"], "app.bsky.feed.post");
    let said = text(record, "text");
    assert!(said.len() <= 3_000 && Counted::Graphemes.length(said) <= 300);
    assert!(time::rfc3339(text(record, "createdAt")).is_some() && text(record, "createdAt").ends_with('Z'));
    for facet in record["facets"].as_array().into_iter().flatten() {
        let edge = |name: &str| facet["index"][name].as_u64().unwrap() as usize;
        let part = &said[edge("byteStart")..edge("byteEnd")];
        let feature = &facet["features"][0];
        match text(feature, "$type").split_once('#').unwrap() {
            ("app.bsky.richtext.facet", "link") => assert_eq!(text(feature, "uri"), part),
            ("app.bsky.richtext.facet", "tag") => {
                assert_eq!(text(feature, "tag"), part.trim_start_matches(['#', '＃']));
                assert!(text(feature, "tag").len() <= 640);
            }
            ("app.bsky.richtext.facet", "mention") => {
                assert!(part.starts_with('@') && text(feature, "did").starts_with("did:"));
            }
            other => panic!("{other:?} is no feature"),
        }
    }
    if let Some(reply) = record.get("reply") {
        strong_ref(&reply["root"]);
        strong_ref(&reply["parent"]);
    }
    if let Some(langs) = record.get("langs") {
        assert!(langs.as_array().unwrap().len() <= 3);
    }
    let Some(embed) = record.get("embed") else { return };
    match text(embed, "$type") {
        "app.bsky.embed.images" => {
            let images = embed["images"].as_array().unwrap();
            assert!((1..=4).contains(&images.len()));
            for image in images {
                is_blob(&image["image"]);
                assert!(image["alt"].is_string(), "the text for people who do not see it is required, if empty");
                ratio(image);
            }
        }
        "app.bsky.embed.video" => {
            is_blob(&embed["video"]);
            ratio(embed);
        }
        "app.bsky.embed.external" => {
            let card = &embed["external"];
            assert!(text(card, "uri").starts_with("https://") && !text(card, "title").is_empty());
            assert!(card["description"].is_string());
        }
        other => panic!("{other} is no embed of ours"),
    }
}

fn words(text: String, link: bool, media: Vec<Media>) -> Operation {
    Operation::Post {
        title: Phi::new(String::new()),
        text: Phi::new(text),
        link: link.then(|| "https://clinic.example.org/flu".to_owned()),
        media,
        language: Some("en".to_owned()),
    }
}

#[test]
fn files_and_cards_are_embedded() {
    let images = posted(&words("Flu".into(), false, files(MediaKind::Image, 4)));
    check(&images);
    assert_eq!(images["embed"]["images"][3]["image"], blob(3));
    assert_eq!(images["embed"]["images"][0]["aspectRatio"], json!({"width": 4, "height": 3}));
    let video = posted(&words("Flu".into(), true, files(MediaKind::Video, 1)));
    check(&video);
    assert_eq!(video["text"], "Flu\n\nhttps://clinic.example.org/flu", "the file takes the place of the card");
    let card = posted(&words("Flu".into(), true, vec![]));
    check(&card);
    assert_eq!(card["embed"]["external"]["title"], "clinic.example.org/flu", "without a title its address is one");
}

proptest! {
    #[test]
    fn whatever_is_written_keeps_the_rules(
        text in "([@#]|https://|[a-z.é (]|👩‍⚕️|@rosa.example.org |#flu){0,60}",
        link: bool,
        images in 0_usize..=4,
    ) {
        let operation = words(text, link, files(MediaKind::Image, images));
        if objections(&account(), &operation).is_empty() {
            check(&posted(&operation));
        }
    }
}
