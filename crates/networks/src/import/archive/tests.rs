//! Stories of archives. All people and texts are invented; the forms are those of the files.

use proptest::prelude::*;

use super::super::{Format, ImportRow, guess, rows};
use super::Archive;
use crate::testing::at;
use crate::*;

fn account() -> AccountView {
    AccountView {
        network: Network::Import,
        base_url: url::Url::parse("https://import.example.org/").unwrap(),
        own_native_id: None,
        credentials: Credentials::None,
        hook_secret: Secret::default(),
        config: serde_json::json!({}),
    }
}

fn read(file: &str) -> (Archive, Vec<ImportRow>) {
    let (settings, columns) = guess(file.as_bytes(), MessageKind::Post, "Europe/London").unwrap();
    assert!(columns.is_empty(), "an archive needs no map of columns");
    let Format::Archive { archive } = settings.format else { panic!("not taken for an archive") };
    (archive, rows(file.as_bytes(), &settings).unwrap().map(Result::unwrap).collect())
}

fn messages(file: &str) -> Vec<ParsedMessage> {
    let taken = |row: &ImportRow| {
        let item = row.result.as_ref().unwrap();
        parse(&account(), &item.kind, &item.body).unwrap()
    };
    read(file).1.iter().map(taken).collect()
}

#[test]
fn a_twitter_archive_brings_own_posts_and_replies_but_no_retweets() {
    let file = r#"window.YTD.tweets.part0 = [
      {"tweet": {"id_str": "11", "full_text": "Flu clinic &amp; tea", "created_at": "Wed Oct 10 20:19:24 +0000 2018"}},
      {"tweet": {"id_str": "12", "full_text": "@rosa Sorry!", "in_reply_to_status_id_str": "9", "created_at": "Wed Oct 10 20:20:24 +0000 2018"}},
      {"tweet": {"id_str": "13", "full_text": "RT @who: words of others"}}
    ]"#;
    let messages = messages(file);
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].text.expose(), "Flu clinic & tea");
    assert_eq!(messages[0].published_at, Some(at("2018-10-10T20:19:24Z")));
    assert!(messages.iter().all(|message| message.is_own), "our own past waits for no answer");
    assert_eq!((messages[1].kind, messages[1].parent_native_id.as_deref()), (MessageKind::Reply, Some("9")));
    assert_eq!(messages[1].thread_native_id, "9");
}

#[test]
fn reviews_from_google_takeout_come_in_as_others_with_our_reply_under_them() {
    let file = r#"{"reviews": [{"name": "accounts/1/locations/2/reviews/a", "reviewer": {"displayName": "Rosa"},
      "starRating": "TWO", "comment": "I waited.", "createTime": "2026-11-01T08:00:00Z",
      "reviewReply": {"comment": "We are sorry.", "updateTime": "2026-11-02T08:00:00Z"}}]}"#;
    let messages = messages(file);
    assert_eq!((messages[0].is_own, messages[0].rating), (false, Some(2.0)));
    assert_eq!((messages[1].is_own, messages[1].thread_native_id.as_str()), (true, messages[0].native_id.as_str()));
}

#[test]
fn facebooks_broken_letters_are_mended() {
    let file = r#"{"comments_v2": [{"timestamp": 1793527200, "title": "x", "data": [{"comment":
      {"timestamp": 1793527200, "comment": "Gr\u00c3\u00bc\u00c3\u009fe \u00e2\u009d\u00a4", "author": "Elm Street"}}]},
      {"timestamp": 1793527201, "attachments": []}]}"#;
    let messages = messages(file);
    assert_eq!((messages.len(), messages[0].text.expose().as_str()), (1, "Grüße ❤"));
}

#[test]
fn a_mastodon_outbox_brings_notes_and_not_boosts() {
    let file = r#"{"@context": ["https://www.w3.org/ns/activitystreams", {}], "type": "OrderedCollection", "orderedItems": [
      {"type": "Create", "published": "2026-01-02T03:04:05Z", "actor": "https://m.example.org/users/elm",
       "object": {"id": "https://m.example.org/1", "type": "Note", "content": "<p>Hello<br>you</p>", "inReplyTo": null}},
      {"type": "Announce", "object": "https://m.example.org/2"}]}"#;
    let messages = messages(file);
    assert_eq!((messages.len(), messages[0].text.expose().as_str()), (1, "Hello\nyou"));
    assert_eq!(messages[0].permalink.as_deref(), Some("https://m.example.org/1"));
}

#[test]
fn activities_of_myspace_are_read_from_atom() {
    let file = r#"<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:activity="http://activitystrea.ms/schema/1.0/">
      <title>Activities</title>
      <entry><id>tag:myspace.com,2009:/1</id><published>2009-10-05T19:01:00Z</published><title>Elm posted</title>
        <author><name>Elm Street Clinic</name></author><activity:verb>http://activitystrea.ms/schema/1.0/post</activity:verb>
        <activity:object><activity:object-type>http://activitystrea.ms/schema/1.0/status</activity:object-type>
          <content type="html">Flu shots &lt;b&gt;today&lt;/b&gt; &amp;amp; tomorrow</content>
          <link rel="alternate" href="http://myspace.example.org/elm/1"/></activity:object></entry>
      <entry><id>tag:myspace.com,2009:/2</id><activity:verb>http://activitystrea.ms/schema/1.0/play</activity:verb><title>A song</title></entry>
    </feed>"#;
    let messages = messages(file);
    assert_eq!(messages.len(), 1, "playing a song says nothing");
    assert_eq!(messages[0].text.expose(), "Flu shots today & tomorrow");
    assert_eq!(messages[0].published_at, Some(at("2009-10-05T19:01:00Z")));
    assert_eq!(messages[0].permalink.as_deref(), Some("http://myspace.example.org/elm/1"));
}

#[test]
fn a_broken_element_is_rejected_with_its_line_and_blocks_nothing() {
    let file = "window.YTD.tweets.part0 = [\n{\"tweet\": {\"id_str\": \"1\"}},\n{oops},\n{\"tweet\": {\"id_str\": \"2\", \"full_text\": \"Fine\"}}]";
    let (archive, rows) = read(file);
    assert_eq!(archive, Archive::Twitter);
    let seen: Vec<(u64, Option<String>)> =
        rows.iter().map(|row| (row.line, row.result.as_ref().err().map(|r| r.reason.to_string()))).collect();
    assert_eq!(
        seen,
        [
            (2, Some("the text is missing".into())),
            (3, Some("the line is not a JSON object (column 2)".into())),
            (4, None)
        ],
    );
}

#[test]
fn an_ordinary_file_is_not_taken_for_an_archive() {
    for file in ["{\"text\": \"x\", \"timestamp\": 1}\n", "text,date\nx,2026-01-01\n"] {
        assert_eq!(Archive::guess(file.as_bytes()), None, "{file}");
    }
}

proptest! {
    #[test]
    fn no_archive_can_stop_us(archive in prop::sample::select(Archive::ALL.to_vec()), file in "([{}\\[\\]<>/\":, a]|\\\\|entry|tweet|reviews|items){0,60}") {
        let settings = super::super::ImportSettings {
            format: Format::Archive { archive },
            columns: super::super::ColumnMap::default(),
            kind: MessageKind::Post,
            zone: "UTC".into(),
            date_order: super::super::DateOrder::DayFirst,
            rating_max: 5.0,
        };
        if let Ok(rows) = rows(file.as_bytes(), &settings) {
            for row in rows.take(1_000).flatten() {
                drop(row.result.map(|item| parse(&account(), &item.kind, &item.body)));
            }
        }
    }
}
