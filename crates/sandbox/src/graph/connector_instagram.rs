//! Bedside's own connector speaks with the emulated Instagram account, over HTTP.

use bedside_model::Phi;
use bedside_networks::{
    AccountView, Media, MediaKind, MessageKind, Metric, MetricsOf, Network, Operation, Order, Outcome, OwnKind,
    ReadbackVerdict, Visibility, parse, start_metrics, start_send,
};
use serde_json::{Value, json};

use super::connector_facebook::{NOW, account, hear, look, read};
use crate::testing::{deliver, delivered, order, reply, self_test, send};
use crate::world::testing::{Stage, Webhook};

fn clinic(stage: &Stage) -> AccountView {
    account(stage, Network::Instagram, &stage.id("instagram", "user"))
}

async fn written(stage: &Stage, kind: &str, extra: Value) -> String {
    let mut body = json!({"network": "instagram", "kind": kind, "author": "Rosa N.", "text": "Is it open?"});
    body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    stage.write(body).await
}

#[tokio::test]
async fn comments_and_replies_are_heard_and_told_alike() {
    let stage = Stage::set().await;
    let account = clinic(&stage);
    let mut webhook = Webhook::open(0).await;
    stage.post("/_sandbox/webhook", json!({"network": "instagram", "url": webhook.url})).await;
    let comment = written(&stage, "comment", json!({})).await;
    let answer = written(&stage, "comment", json!({"parent": comment, "own": true, "text": "Yes."})).await;
    let heard = hear(&account, None).await;
    assert_eq!(heard.items.len(), 2);
    for id in [&comment, &answer] {
        let told = read(&account, &webhook.next().await).parts.remove(0);
        assert_eq!(told.owner, account.own_native_id);
        let polled = heard.items.iter().find(|item| item.native_id == **id).unwrap();
        assert_eq!((&told.items[0].native_id, &told.items[0].content_hash), (&polled.native_id, &polled.content_hash));
        let told = parse(&account, &told.items[0].kind, &told.items[0].body).unwrap();
        let polled = heard.message(&account, id);
        assert_eq!(
            (told.thread_native_id, told.author, told.is_own),
            (polled.thread_native_id, polled.author, polled.is_own)
        );
    }
    let answer = heard.message(&account, &answer);
    assert_eq!((answer.is_own, answer.kind, answer.thread_native_id), (true, MessageKind::Reply, comment));
}

#[tokio::test]
async fn a_mention_gets_its_words_with_the_next_poll_and_is_answered() {
    let stage = Stage::set().await;
    let account = clinic(&stage);
    let mut webhook = Webhook::open(0).await;
    stage.post("/_sandbox/webhook", json!({"network": "instagram", "url": webhook.url})).await;
    let media = written(&stage, "mention", json!({"text": "Thanks @elmstreetclinic"})).await;
    let part = read(&account, &webhook.next().await).parts.remove(0);
    assert!(part.poll_now);
    let before = super::connector_facebook::Heard { items: part.items, gone: Vec::new(), cursor: Value::Null };
    let heard = hear(&account, Some(&before)).await;
    let mention = heard.message(&account, &format!("mention:{media}"));
    assert_eq!(mention.text.expose(), "Thanks @elmstreetclinic");
    delivered(deliver(&account, &reply(&mention, "You are welcome.")).await);
    assert_eq!(heard.message(&account, &format!("tag:{media}")).kind, MessageKind::Post);
}

#[tokio::test]
async fn comments_are_answered_hidden_shown_and_deleted() {
    let stage = Stage::set().await;
    let account = clinic(&stage);
    let theirs = written(&stage, "comment", json!({})).await;
    let first = hear(&account, None).await;
    let answer = reply(&first.message(&account, &theirs), "Please call 555-0100.");
    assert_eq!(look(&account, &answer).await, ReadbackVerdict::NotThere);
    let ours = delivered(deliver(&account, &answer).await);
    assert!(matches!(look(&account, &answer).await, ReadbackVerdict::Found { native_id: Some(id), .. } if id == ours));
    let hide = Operation::Hide { native_id: theirs.clone() };
    delivered(deliver(&account, &hide).await);
    assert!(matches!(look(&account, &hide).await, ReadbackVerdict::Found { .. }));
    let hidden = hear(&account, Some(&first)).await;
    assert!(hidden.message(&account, &ours).is_own, "our own words are known as ours");
    assert_eq!(hidden.message(&account, &theirs).visibility, Visibility::Private);
    delivered(deliver(&account, &Operation::Approve { native_id: theirs.clone() }).await);
    for operation in [
        Operation::DeleteOwn { kind: OwnKind::Reply, native_id: ours },
        Operation::Remove { native_id: theirs.clone() },
    ] {
        delivered(deliver(&account, &operation).await);
        assert!(matches!(look(&account, &operation).await, ReadbackVerdict::Found { .. }));
    }
    assert_eq!(hear(&account, Some(&first)).await.gone, [theirs]);
}

fn post(text: &str, media: Vec<Media>) -> Operation {
    Operation::Post { title: String::new().into(), text: text.to_owned().into(), link: None, media, language: None }
}

fn file(id: &str, kind: MediaKind) -> Media {
    let alt = (kind == MediaKind::Image).then(|| Phi::new(format!("What {id} shows")));
    let mime = if kind == MediaKind::Image { "image/jpeg" } else { "video/mp4" };
    let public_url = Some(format!("https://media.example.org/{id}"));
    Media { id: id.to_owned(), kind, mime: mime.to_owned(), bytes: 9, size: None, alt, sha256: None, public_url }
}

/// Sends in as many attempts as the network needs; the last outcome, how often it was waited for, and
/// what was prepared.
async fn publish(
    account: &AccountView,
    operation: &Operation,
    mut progress: Option<Value>,
) -> (Outcome, u32, Option<Value>) {
    let mut waited = 0;
    loop {
        let mut sending =
            start_send(Order { progress: progress.as_ref(), ..order(account, operation) }).expect("it can be sent");
        while let Some(request) = sending.next_request() {
            sending.on_answer(send(&request).await.as_ref());
        }
        progress = sending.progress();
        match sending.outcome() {
            Outcome::Waiting { .. } if waited < 10 => waited += 1,
            outcome => return (outcome, waited, progress),
        }
    }
}

#[tokio::test]
async fn an_image_a_carousel_and_a_reel_are_published_and_found() {
    let stage = Stage::set().await;
    let account = clinic(&stage);
    let carousel = vec![file("a", MediaKind::Image), file("v", MediaKind::Video)];
    for (operation, kind, waits) in [
        (post("Our new ward", vec![file("a", MediaKind::Image)]), "IMAGE", false),
        (post("Two ways in", carousel), "CAROUSEL_ALBUM", true),
        (post("Hands", vec![file("v", MediaKind::Video)]), "VIDEO", true),
    ] {
        let (outcome, waited, _) = publish(&account, &operation, None).await;
        let made = delivered(outcome);
        assert!(waited > 0 || !waits, "a video is worked on");
        let media = stage.get(&format!("/v26.0/{made}?fields=media_type,caption")).await.json();
        assert_eq!(media["media_type"], json!(kind));
        let ReadbackVerdict::Found { native_id, permalink } = look(&account, &operation).await else { panic!() };
        assert!(native_id == Some(made) && permalink.is_some());
    }
}

#[tokio::test]
async fn what_was_published_without_an_answer_is_found_and_not_published_again() {
    let stage = Stage::set().await;
    let account = clinic(&stage);
    let operation = post("Our new ward", vec![file("a", MediaKind::Image)]);
    stage.fault(json!({"network": "instagram", "kind": "reset", "apply": true, "path": "/media_publish"})).await;
    let (lost, _, progress) = publish(&account, &operation, None).await;
    assert!(matches!(lost, Outcome::Unknown { .. }), "{lost:?}");
    assert!(matches!(look(&account, &operation).await, ReadbackVerdict::Found { .. }));
    let (again, ..) = publish(&account, &operation, progress).await;
    assert!(matches!(again, Outcome::Unknown { .. }), "the container says that it is published: {again:?}");
    let media = stage.get(&format!("/v26.0/{}/media?fields=caption", stage.id("instagram", "user"))).await.json();
    let captions = media["data"].as_array().unwrap().iter().filter(|one| one["caption"] == "Our new ward").count();
    assert_eq!(captions, 1);
}

#[tokio::test]
async fn a_connection_tests_itself_and_figures_are_told() {
    let stage = Stage::set().await;
    let mut account = clinic(&stage);
    account.own_native_id = None;
    let report = self_test(&account).await;
    assert_eq!(report.native_id, Some(stage.id("instagram", "user")));
    assert!(report.can_read && report.can_write, "{report:?}");
    assert_eq!(report.webhooks, Some(false), "the page has not installed the application");
    let of = MetricsOf { account: &clinic(&stage), post_native_id: None, since: NOW - 2 * 86_400_000_000, until: NOW };
    let mut metrics = start_metrics(of).unwrap();
    let mut told = Vec::new();
    while let Some(request) = metrics.next_request() {
        told.extend(metrics.on_response(&send(&request).await.unwrap()).unwrap());
    }
    assert_eq!(told.iter().filter(|figure| figure.metric == Metric::Views && figure.day.is_some()).count(), 2);
    assert!(told.iter().any(|figure| figure.metric == Metric::Followers));
}
