//! The blog as the connector, as people and as a checker see it.

use bedside_networks::{
    AccountView, Credentials, Known, Network, Operation, Outcome, OwnKind, ParsedMessage, PollInput, ReadbackVerdict,
    Secret, Visibility, parse,
};
use serde_json::{Value, json};

use super::{Blog, PASSWORD, USER, USER_ID, WriteComment, read_effects, spawn};
use crate::fault_proxy::{self, Applies, FaultProxy, NetFault, Plan};
use crate::testing::{NOW, control, deliver, delivered, known, look, poll, reply, self_test};
use crate::{Clock, fixed_clock, sink};

fn clock() -> Clock {
    fixed_clock("2026-11-24T12:00:00Z".parse().unwrap())
}

fn account(base: &str) -> AccountView {
    AccountView {
        network: Network::Wordpress,
        base_url: base.parse().unwrap(),
        own_native_id: Some(USER_ID.to_string()),
        credentials: Credentials::Basic { user: USER.to_owned(), password: Secret::new(PASSWORD) },
        hook_secret: Secret::default(),
        config: json!({}),
    }
}

fn input<'a>(account: &'a AccountView, cursor: Option<&'a Value>, known: &'a [Known]) -> PollInput<'a> {
    static NOTHING: Value = Value::Null;
    PollInput { account, source: &NOTHING, cursor, known, now: NOW }
}

async fn only_message(account: &AccountView) -> ParsedMessage {
    let (items, _, _) = poll(input(account, None, &[])).await;
    parse(account, &items[0].kind, &items[0].body).unwrap()
}

#[tokio::test]
async fn a_comment_comes_in_and_the_answer_stands_under_it() {
    let blog = Blog::new("Elm Street blog", clock());
    let running = spawn(blog.clone()).await.unwrap();
    let account = account(&running.base_url());
    let write = json!({"author": "Rosa N.", "text": "When are you <b>open</b>?"});
    assert_eq!(control(&running.base_url(), "POST", "_sandbox/write", &write).await.0, 201);

    let (items, _, cursor) = poll(input(&account, None, &[])).await;
    let stored = String::from_utf8_lossy(&items[0].body);
    assert!(!stored.contains("192.0.2.1") && !stored.contains("visitor@"));
    let message = parse(&account, &items[0].kind, &items[0].body).unwrap();
    assert_eq!(message.text.expose(), "When are you open?");
    assert_eq!(message.context.as_ref().unwrap().title.expose(), "Welcome to our blog");

    let made = delivered(deliver(&account, &reply(&message, "Every day, 8 < 18 o'clock.")).await);
    let (items, gone, _) = poll(input(&account, Some(&cursor), &[])).await;
    let echo = items.iter().find(|item| item.native_id == made).unwrap();
    let echo = parse(&account, &echo.kind, &echo.body).unwrap();
    assert!(echo.is_own && gone.is_empty());
    assert_eq!(
        (echo.text.expose().as_str(), echo.thread_native_id),
        ("Every day, 8 < 18 o'clock.", message.thread_native_id)
    );
    let (_, page) = control(&running.base_url(), "GET", "", &Value::Null).await;
    assert!(page.as_str().unwrap().contains("Every day, 8 &lt; 18 o&#039;clock."));
}

#[tokio::test]
async fn edits_and_deletions_of_people_are_seen() {
    let blog = Blog::new("Elm Street blog", clock());
    for text in ["one", "two", "three"] {
        blog.write(WriteComment { author: "Rosa".into(), text: text.into(), ..Default::default() }).unwrap();
    }
    let running = spawn(blog.clone()).await.unwrap();
    let account = account(&running.base_url());
    let (items, _, cursor) = poll(input(&account, None, &[])).await;
    let known = known(&account, &items);
    blog.write(WriteComment { id: Some(1), text: "one, changed".into(), ..Default::default() }).unwrap();
    blog.delete(2, false).unwrap();
    blog.delete(3, true).unwrap();
    let (items, mut gone, _) = poll(input(&account, Some(&cursor), &known)).await;
    gone.sort();
    assert_eq!((items.len(), items[0].native_id.as_str(), gone), (1, "1", vec!["2".to_owned(), "3".to_owned()]));
}

#[tokio::test]
async fn own_things_can_be_changed_taken_back_and_posted() {
    let blog = Blog::new("Elm Street blog", clock());
    blog.write(WriteComment { author: "Rosa".into(), text: "Hi".into(), ..Default::default() }).unwrap();
    let running = spawn(blog.clone()).await.unwrap();
    let mut account = account(&running.base_url());
    let message = only_message(&account).await;
    let made = delivered(deliver(&account, &reply(&message, "Hello")).await);

    let edit = Operation::EditOwn { kind: OwnKind::Reply, native_id: made.clone(), text: "Hello!".to_owned().into() };
    assert_eq!(look(&account, &edit).await, ReadbackVerdict::NotThere);
    delivered(deliver(&account, &edit).await);
    assert!(matches!(look(&account, &edit).await, ReadbackVerdict::Found { .. }));

    let delete = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: made };
    delivered(deliver(&account, &delete).await);
    assert!(matches!(deliver(&account, &delete).await, Outcome::Delivered { .. }), "already in the trash");
    assert!(matches!(look(&account, &delete).await, ReadbackVerdict::Found { .. }));

    // The same site, without pretty permalinks.
    account.config = json!({"rest_base": format!("{}?rest_route=/", running.base_url())});
    let post = Operation::Post {
        title: "Flu shots".to_owned().into(),
        text: "From October.".to_owned().into(),
        link: None,
        media: vec![],
        language: None,
    };
    assert_eq!(look(&account, &post).await, ReadbackVerdict::NotThere);
    delivered(deliver(&account, &post).await);
    assert!(matches!(look(&account, &post).await, ReadbackVerdict::Found { .. }));
    assert_eq!(blog.posts()[1].status, "publish");
}

#[tokio::test]
async fn a_post_carries_a_described_picture_once() {
    let blog = Blog::new("Elm Street blog", clock());
    let running = spawn(blog.clone()).await.unwrap();
    let account = account(&running.base_url());
    let picture = json!({"id": "m1", "kind": "image", "mime": "image/png", "bytes": 3, "alt": "A \"cup\""});
    let post = Operation::Post {
        title: "Flu shots".to_owned().into(),
        text: "From October.".to_owned().into(),
        link: None,
        media: vec![serde_json::from_value(picture).unwrap()],
        language: None,
    };
    delivered(deliver(&account, &post).await);
    let [file] = blog.files().try_into().unwrap();
    assert_eq!((file.alt.as_str(), file.title.as_str(), file.bytes.len()), ("A \"cup\"", "Flu shots", 3));
    assert!(
        blog.posts()[1].content.contains(&file.path()) && blog.posts()[1].content.contains("alt=\"A &quot;cup&quot;\"")
    );
    // The same delivery again finds its file.
    deliver(&account, &post).await;
    assert_eq!(blog.files().len(), 1);
    let edit =
        Operation::EditOwn { kind: OwnKind::Post, native_id: "2".to_owned(), text: "From May.".to_owned().into() };
    delivered(deliver(&account, &edit).await);
    let content = &blog.posts()[1].content;
    assert!(content.starts_with("<p>From May.</p>") && content.contains(&file.path()));
    let spam = blog.write(WriteComment { author: "Rosa".into(), text: "Pills".into(), ..Default::default() }).unwrap();
    let spam = Operation::Spam { native_id: spam.unwrap().id.to_string() };
    delivered(deliver(&account, &spam).await);
    assert!(matches!(look(&account, &spam).await, ReadbackVerdict::Found { .. }));
    assert_eq!(blog.comments()[0].status, "spam");
}

#[tokio::test]
async fn a_held_comment_is_answered_in_hold() {
    let blog = Blog::new("Elm Street blog", clock());
    let held =
        WriteComment { author: "Rosa".into(), text: "Hi".into(), status: Some("hold".into()), ..Default::default() };
    blog.write(held).unwrap();
    let running = spawn(blog.clone()).await.unwrap();
    let account = account(&running.base_url());
    let message = only_message(&account).await;
    assert_eq!(message.visibility, Visibility::Private);
    delivered(deliver(&account, &reply(&message, "Hello")).await);
    assert_eq!(blog.comments()[1].status, "hold");
    let approve = Operation::Approve { native_id: message.native_id };
    delivered(deliver(&account, &approve).await);
    assert_eq!(blog.comments()[0].status, "approved");
}

#[tokio::test]
async fn a_duplicate_is_refused_and_found_by_reading_back() {
    let blog = Blog::new("Elm Street blog", clock());
    blog.write(WriteComment { author: "Rosa".into(), text: "Hi".into(), ..Default::default() }).unwrap();
    let running = spawn(blog).await.unwrap();
    let account = account(&running.base_url());
    let operation = reply(&only_message(&account).await, "Hello");
    let made = delivered(deliver(&account, &operation).await);
    assert!(matches!(deliver(&account, &operation).await, Outcome::Unknown { .. }));
    assert!(
        matches!(look(&account, &operation).await, ReadbackVerdict::Found { native_id: Some(id), .. } if id == made)
    );
}

#[tokio::test]
async fn whatever_breaks_the_answer_goes_out_once() {
    let faults = [
        NetFault::Drop,
        NetFault::Reset,
        NetFault::Truncate { bytes: 40 },
        NetFault::LostAfterApply,
        NetFault::OddBody,
        NetFault::ErrorAfterApply { status: 502 },
        NetFault::Status { status: 429, retry_after: Some(1) },
        NetFault::Status { status: 500, retry_after: None },
    ];
    let folder = tempfile::tempdir().unwrap();
    for (number, fault) in faults.into_iter().enumerate() {
        let file = folder.path().join(format!("{number}.jsonl"));
        let recording = Blog::recording("Sink", clock(), &file).unwrap();
        recording.write(WriteComment { author: "Rosa".into(), text: "Hi".into(), ..Default::default() }).unwrap();
        let server = spawn(recording).await.unwrap();
        let proxy = FaultProxy::new(server.addr(), Plan::ordered([fault.clone()], Applies::ToWrites));
        let proxy = fault_proxy::spawn(proxy).await.unwrap();
        let account = account(&proxy.base_url());
        let operation = reply(&only_message(&account).await, "We're \u{201c}sorry\u{201d}.");
        // The rule of the outbox: again only what provably was not accepted, after a read-back
        // where nobody knows.
        let mut attempts = 0;
        loop {
            attempts += 1;
            assert!(attempts < 5, "{fault:?}");
            match deliver(&account, &operation).await {
                Outcome::Delivered { .. } => break,
                Outcome::Retry { .. } => {}
                Outcome::Unknown { .. } => match look(&account, &operation).await {
                    ReadbackVerdict::Found { .. } => break,
                    ReadbackVerdict::NotThere => {}
                    ReadbackVerdict::CannotTell => panic!("{fault:?}"),
                },
                other => panic!("{fault:?}: {other:?}"),
            }
        }
        let accepted = read_effects(&file).unwrap().into_iter().filter(|e| e.method == "POST" && e.accepted).count();
        assert_eq!(accepted, 1, "{fault:?}");
    }
}

#[tokio::test]
async fn the_sink_has_every_effect_on_disk_before_it_answers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sink.jsonl");
    let running = sink::spawn(&file, clock()).await.unwrap();
    let write = json!({"author": "Rosa", "text": "Hi"});
    control(&running.base_url(), "POST", "_sandbox/write", &write).await;
    let operation = reply(&only_message(&account(&running.base_url())).await, "Hello");
    delivered(deliver(&account(&running.base_url()), &operation).await);
    delivered(deliver(&account(&running.base_url()), &operation).await);
    let effects = read_effects(&file).unwrap();
    assert_eq!(effects.len(), 3, "the sink takes the same comment twice, and the file tells");
    assert_eq!(effects[1].idempotency_key.as_deref(), Some("out_1"));
    assert_eq!(effects[1].body_sha256, effects[2].body_sha256);
    assert_eq!((effects[1].path.as_str(), effects[1].native_id.as_deref()), ("/wp/v2/comments", Some("2")));

    // Killed in the middle of a line, it goes on with all that it had answered.
    running.stop().await;
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.extend_from_slice(br#"{"number":4,"method":"PO"#);
    std::fs::write(&file, bytes).unwrap();
    let again = Blog::recording("Sink", clock(), &file).unwrap();
    assert_eq!(again.comments().len(), 3);
    again.write(WriteComment { author: "Rosa".into(), text: "Still here".into(), ..Default::default() }).unwrap();
    assert_eq!(read_effects(&file).unwrap().len(), 4);
}

#[tokio::test]
async fn the_self_test_passes_and_a_wrong_password_is_said() {
    let running = spawn(Blog::new("Elm Street blog", clock())).await.unwrap();
    let mut account = account(&running.base_url());
    for (password, works) in [(PASSWORD, true), ("wrong", false)] {
        account.credentials = Credentials::Basic { user: USER.to_owned(), password: Secret::new(password) };
        let report = self_test(&account).await;
        assert_eq!((report.can_read, report.can_write, report.problems.is_empty()), (works, works, works));
    }
}
