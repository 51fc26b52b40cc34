//! The connector of Bedside against the emulated YouTube.

use bedside_model::Phi;
use bedside_networks::{
    self as networks, AccountView, Credentials, HttpRequest, Incoming, Known, Media, MediaKind, Metric, MetricsOf,
    Network, Oauth2, Operation, Order, Outcome, OwnKind, ParsedMessage, PollInput, Promise, ReadbackVerdict, Secret,
    Visibility,
};
use serde_json::{Value, json};

use crate::kit::testing::{Receiver, Story};
use crate::testing::{NOW, deliver, known, look, order, parse, poll, self_test, send, subscribe, unsubscribe};
use crate::world::{Action, Fault, FaultKind, Kind, Network as Emulated, Write};

fn account(story: &Story) -> AccountView {
    let channel = story.world.ready("")["networks"]["youtube"]["channel"].as_str().map(str::to_owned);
    AccountView {
        network: Network::Youtube,
        base_url: story.base().parse().unwrap(),
        own_native_id: channel,
        credentials: Credentials::Bearer { token: Secret::new("sandbox") },
        hook_secret: Secret::new("hook-secret"),
        config: json!({}),
    }
}

fn comment(story: &Story, author: &str, text: &str, parent: Option<&str>, held: bool) -> String {
    let (author, text, parent) = (Some(author.to_owned()), Some(text.to_owned()), parent.map(str::to_owned));
    let write = Write { kind: Kind::Comment, author, text, parent, held, ..Write::on(Emulated::Youtube) };
    story.world.write(&write).unwrap()["id"].as_str().unwrap().to_owned()
}

fn input<'a>(account: &'a AccountView, cursor: Option<&'a Value>, known: &'a [Known]) -> PollInput<'a> {
    PollInput { account, source: &Value::Null, cursor, known, now: NOW }
}

fn reply(thread: &str, text: &str) -> Operation {
    Operation::Reply {
        thread_native_id: thread.to_owned(),
        parent_native_id: Some(thread.to_owned()),
        visibility: Visibility::Public,
        text: Phi::new(text.to_owned()),
    }
}

#[tokio::test]
async fn a_talk_is_heard_answered_and_comes_back_as_our_own() {
    let story = Story::begin().await;
    let account = account(&story);
    let root = comment(&story, "Rosa N.", "I waited 3 hours 😞", None, false);
    for number in 0..8 {
        comment(&story, "Tom A.", &format!("Me too {number}"), Some(&root), false);
    }
    let (items, _, cursor) = poll(input(&account, None, &[])).await;
    assert_eq!(items.len(), 9, "five replies came with the thread, the others were fetched");
    let first = parse(&account, &items[0]);
    assert_eq!((first.native_id.as_str(), first.text.expose().as_str()), (root.as_str(), "I waited 3 hours 😞"));
    assert_eq!(first.context.unwrap().title.expose(), "A walk through our clinic");
    assert!(items.iter().all(|item| parse(&account, item).thread_native_id == root));

    let answer = reply(&root, "We are sorry.");
    assert_eq!(look(&account, &answer).await, ReadbackVerdict::NotThere);
    let Outcome::Delivered { native_id: Some(own), .. } = deliver(&account, &answer).await else { panic!() };
    assert!(matches!(look(&account, &answer).await, ReadbackVerdict::Found { native_id: Some(id), .. } if id == own));
    let known = known(&account, &items);
    let (echo, gone, _) = poll(input(&account, Some(&cursor), &known)).await;
    assert_eq!((echo.len(), echo[0].native_id.as_str(), gone.len()), (1, own.as_str(), 0));
    assert!(parse(&account, &echo[0]).is_own);

    let text = Phi::new("We are sorry, and we listen.".to_owned());
    let edit = Operation::EditOwn { kind: OwnKind::Reply, native_id: own.clone(), text };
    assert!(matches!(deliver(&account, &edit).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &edit).await, ReadbackVerdict::Found { .. }));
    let delete = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: own };
    assert!(matches!(deliver(&account, &delete).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &delete).await, ReadbackVerdict::Found { .. }));
}

#[tokio::test]
async fn edits_and_deletions_of_people_are_seen() {
    let story = Story::begin().await;
    let account = account(&story);
    let (kept, gone) =
        (comment(&story, "Rosa N.", "Hello", None, false), comment(&story, "Tom A.", "Bye", None, false));
    let under = comment(&story, "Ida B.", "Why?", Some(&gone), false);
    let (items, _, cursor) = poll(input(&account, None, &[])).await;
    let edit = Write {
        action: Action::Edit,
        id: Some(kept.clone()),
        text: Some("Hello 👋".to_owned()),
        ..Write::on(Emulated::Youtube)
    };
    story.world.write(&edit).unwrap();
    story
        .world
        .write(&Write { action: Action::Delete, id: Some(gone.clone()), ..Write::on(Emulated::Youtube) })
        .unwrap();
    let (changed, vanished, _) = poll(input(&account, Some(&cursor), &known(&account, &items))).await;
    assert_eq!((changed.len(), changed[0].native_id.as_str()), (1, kept.as_str()));
    assert!(vanished.contains(&gone) && vanished.contains(&under), "{vanished:?}");
}

#[tokio::test]
async fn what_waits_for_review_is_shown_hidden_and_removed() {
    let story = Story::begin().await;
    let account = account(&story);
    let id = comment(&story, "Max O.", "Call me at 555-0123", None, true);
    let (items, _, cursor) = poll(input(&account, None, &[])).await;
    assert_eq!(parse(&account, &items[0]).visibility, Visibility::Private);

    let approve = Operation::Approve { native_id: id.clone() };
    assert_eq!(look(&account, &approve).await, ReadbackVerdict::NotThere);
    assert!(matches!(deliver(&account, &approve).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &approve).await, ReadbackVerdict::Found { .. }));
    let (shown, _, cursor) = poll(input(&account, Some(&cursor), &known(&account, &items))).await;
    assert_eq!(parse(&account, &shown[0]).visibility, Visibility::Public);

    let hide = Operation::Hide { native_id: id.clone() };
    assert!(matches!(deliver(&account, &hide).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &hide).await, ReadbackVerdict::Found { .. }));
    let (hidden, _, cursor) = poll(input(&account, Some(&cursor), &known(&account, &shown))).await;
    assert_eq!(parse(&account, &hidden[0]).visibility, Visibility::Private);

    let remove = Operation::Remove { native_id: id.clone() };
    assert!(matches!(deliver(&account, &remove).await, Outcome::Delivered { .. }));
    let (_, gone, _) = poll(input(&account, Some(&cursor), &known(&account, &hidden))).await;
    assert_eq!(gone, [id]);
}

#[tokio::test]
async fn captions_stand_once_however_often_they_are_sent() {
    let story = Story::begin().await;
    let account = account(&story);
    let video = story.world.ready("")["networks"]["youtube"]["video"].as_str().unwrap().to_owned();
    let captions = |name: &str, words: &str| Operation::Caption {
        native_id: video.clone(),
        language: "en".to_owned(),
        name: Phi::new(name.to_owned()),
        text: Phi::new(format!("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n{words}\n")),
    };
    let first = captions("English", "Wash your hands.");
    assert_eq!(look(&account, &first).await, ReadbackVerdict::NotThere);
    let Outcome::Delivered { native_id: Some(id), .. } = deliver(&account, &first).await else { panic!() };
    assert!(
        matches!(look(&account, &first).await, ReadbackVerdict::Found { native_id: Some(found), .. } if found == id)
    );
    // Other words take their place; another name stands beside them.
    for operation in [first, captions("English", "Wash your hands well.")] {
        let again = deliver(&account, &operation).await;
        assert!(matches!(&again, Outcome::Delivered { native_id: Some(same), .. } if *same == id), "{again:?}");
    }
    let Outcome::Delivered { native_id: Some(other), .. } = deliver(&account, &captions("Easy", "Wash hands.")).await
    else {
        panic!()
    };
    assert_ne!(other, id);
    let gone = Operation::Caption {
        native_id: "nowhere0000".to_owned(),
        language: "en".to_owned(),
        name: Phi::new(String::new()),
        text: Phi::new("WEBVTT".to_owned()),
    };
    assert!(matches!(deliver(&account, &gone).await, Outcome::Dead { .. }));
}

#[tokio::test]
async fn two_hundred_and_fifty_threads_are_paged() {
    let story = Story::begin().await;
    let account = account(&story);
    for number in 0..250 {
        comment(&story, "Rosa N.", &format!("Number {number}"), None, false);
    }
    let (items, _, cursor) = poll(input(&account, None, &[])).await;
    assert_eq!(items.len(), 250);
    let known = known(&account, &items);
    let (again, gone, _) = poll(input(&account, Some(&cursor), &known)).await;
    assert!(again.is_empty() && gone.is_empty());
}

/// Puts the bytes of a piece where they belong, as the engine does.
fn filled(request: &HttpRequest) -> HttpRequest {
    let mut request = request.clone();
    if let Some(piece) = request.piece.take() {
        let bytes = vec![7_u8; usize::try_from(piece.bytes).unwrap()];
        request.body.splice(piece.at..piece.at, bytes);
    }
    request
}

fn video(bytes: u64) -> Operation {
    Operation::Post {
        title: Phi::new("Getting ready for your visit".to_owned()),
        text: Phi::new("What to bring.".to_owned()),
        link: None,
        media: vec![Media {
            id: "med_1".to_owned(),
            kind: MediaKind::Video,
            mime: "video/mp4".to_owned(),
            bytes,
            size: None,
            alt: None,
            sha256: None,
            public_url: None,
        }],
        language: Some("en".to_owned()),
    }
}

async fn upload(order: Order<'_>) -> (Outcome, Option<Value>) {
    let mut sending = networks::start_send(order).unwrap();
    while let Some(request) = sending.next_request() {
        sending.on_answer(send(&filled(&request)).await.as_ref());
    }
    (sending.outcome(), sending.progress())
}

#[tokio::test]
async fn a_video_goes_up_once_though_a_connection_broke() {
    let story = Story::begin().await;
    let account = account(&story);
    let operation = video(9 * 1_024 * 1_024);
    let broken = Fault { method: Some("PUT".to_owned()), ..Fault::next(FaultKind::Reset) };
    story.world.control.add_fault(broken).unwrap();
    let (outcome, progress) = upload(order(&account, &operation)).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    let again = Order { progress: progress.as_ref(), ..order(&account, &operation) };
    let (outcome, _) = upload(again).await;
    let Outcome::Delivered { native_id: Some(id), .. } = outcome else { panic!("{outcome:?}") };
    assert!(
        matches!(look(&account, &operation).await, ReadbackVerdict::Found { native_id: Some(found), .. } if found == id)
    );

    let source = json!({"kind": "uploads"});
    let (uploads, _, _) = poll(PollInput { source: &source, ..input(&account, None, &[]) }).await;
    let own: Vec<ParsedMessage> = uploads.iter().map(|item| parse(&account, item)).collect();
    assert_eq!(own.iter().filter(|video| video.native_id == id).count(), 1);
    assert!(own.iter().all(|video| video.is_own));

    let edit = Operation::EditOwn {
        kind: OwnKind::Post,
        native_id: id.clone(),
        text: Phi::new("Bring your card.".to_owned()),
    };
    assert!(matches!(deliver(&account, &edit).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &edit).await, ReadbackVerdict::Found { .. }));
    let of = MetricsOf { account: &account, post_native_id: Some(&id), since: 0, until: NOW };
    let mut metrics = networks::start_metrics(of).unwrap();
    let figures = metrics.on_response(&send(&metrics.next_request().unwrap()).await.unwrap()).unwrap();
    assert!(figures.iter().any(|figure| figure.metric == Metric::Views), "{figures:?}");
    let delete = Operation::DeleteOwn { kind: OwnKind::Post, native_id: id };
    assert!(matches!(deliver(&account, &delete).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &delete).await, ReadbackVerdict::Found { .. }));
}

#[tokio::test]
async fn the_hub_tells_of_an_upload() {
    let (story, mut receiver) = (Story::begin().await, Receiver::start().await);
    let account = account(&story);
    assert_eq!(subscribe(&account, &receiver.url()).await, Ok(Promise::AsksBack));
    let write =
        Write { kind: Kind::Post, own: true, text: Some("Flu shots".to_owned()), ..Write::on(Emulated::Youtube) };
    // The hub asks back before it subscribes.
    for _ in 0..1_000_000 {
        if !story.world.hooks.subscriptions().is_empty() {
            break;
        }
        tokio::task::yield_now().await;
    }
    story.world.write(&write).unwrap();
    let told = receiver.next().await;
    let headers = [("x-hub-signature".to_owned(), told.header("x-hub-signature").to_owned())];
    let incoming = Incoming { headers: &headers, path_secret: "", body: &told.body };
    let verified = networks::verify_webhook(&account, &incoming, NOW).unwrap();
    assert!(networks::read_webhook(&account, verified).unwrap().parts[0].poll_now);
    let mut other = account.clone();
    other.hook_secret = Secret::new("another");
    assert!(networks::verify_webhook(&other, &incoming, NOW).is_err());

    assert_eq!(unsubscribe(&account, &receiver.url()).await, Ok(Promise::AsksBack));
    for _ in 0..1_000_000 {
        if story.world.hooks.subscriptions().is_empty() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the hub goes on");
}

#[tokio::test]
async fn tokens_are_renewed_and_a_spent_quota_waits_for_midnight() {
    let story = Story::begin().await;
    let mut account = account(&story);
    account.credentials = Credentials::Oauth2(Box::new(Oauth2 {
        client_id: "app".to_owned(),
        client_secret: Secret::new("sandbox-secret"),
        access_token: Secret::new("too old"),
        refresh_token: Secret::new("sandbox"),
        ..Oauth2::default()
    }));
    let first = send(&networks::start_poll(input(&account, None, &[])).unwrap().next_request().unwrap()).await.unwrap();
    assert_eq!(networks::classify(Network::Youtube, &first), networks::ErrorClass::Authorisation);
    let mut renewal = networks::start_renewal(&account, NOW).unwrap();
    renewal.on_response(&send(&renewal.next_request().unwrap()).await.unwrap()).unwrap();
    account.credentials = renewal.granted().remove(0).credentials;
    let root = comment(&story, "Rosa N.", "Hello", None, false);
    assert_eq!(poll(input(&account, None, &[])).await.0.len(), 1);

    story.world.control.add_fault(Fault::next(FaultKind::QuotaExceeded)).unwrap();
    let spent = deliver(&account, &reply(&root, "Hello")).await;
    assert!(matches!(spent, Outcome::Retry { ref why, .. } if why.starts_with("today's quota is spent")), "{spent:?}");
}

#[tokio::test]
async fn a_self_test_finds_the_channel_and_its_uploads() {
    let story = Story::begin().await;
    let account = account(&story);
    let report = self_test(&account).await;
    assert!(report.can_read && report.can_write && report.problems.is_empty(), "{:?}", report.problems);
    assert_eq!(report.native_id, account.own_native_id);
    assert!(report.config["uploads_playlist"].as_str().unwrap().starts_with("UU"));
}
