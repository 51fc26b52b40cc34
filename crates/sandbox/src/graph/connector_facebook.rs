//! Bedside's own connector speaks with the emulated page, over HTTP: two readings of one description.

use bedside_model::{Micros, Phi};
use bedside_networks::{
    AccountView, App, CodeExchange, Credentials, Delivery, Incoming, Known, Media, MediaKind, MessageKind, Metric,
    MetricsOf, Network, Oauth2, Operation, Outcome, OwnKind, ParsedMessage, PollInput, Promise, RawItem,
    ReadbackVerdict, Secret, Visibility, parse, read_webhook, start_exchange, start_metrics, verify_webhook,
};
use serde_json::{Value, json};
use url::Url;

use crate::testing::{deliver, delivered, known, look_at, poll, reply, self_test, send, subscribe, unsubscribe};
use crate::world::testing::{Delivered, Stage, Webhook};
use crate::world::{SECRET, TOKEN};

/// The clock of the stage.
pub(super) const NOW: Micros = 1_795_780_800_000_000;

/// An account of the stage as Bedside would hold it.
pub(super) fn account(stage: &Stage, network: Network, own: &str) -> AccountView {
    AccountView {
        network,
        base_url: Url::parse(&stage.base).unwrap(),
        own_native_id: Some(own.to_owned()),
        credentials: Credentials::Oauth2(Box::new(Oauth2 {
            client_id: stage.world.graph.lock().app.clone(),
            client_secret: Secret::new(SECRET),
            access_token: Secret::new(TOKEN),
            ..Oauth2::default()
        })),
        hook_secret: Secret::new("verify-me"),
        config: json!({"username": "elmstreetclinic"}),
    }
}

fn page(stage: &Stage) -> AccountView {
    account(stage, Network::Facebook, &stage.id("facebook", "page"))
}

pub(super) struct Heard {
    pub(super) items: Vec<RawItem>,
    pub(super) gone: Vec<String>,
    pub(super) cursor: Value,
}

impl Heard {
    pub(super) fn known(&self, account: &AccountView) -> Vec<Known> {
        known(account, &self.items)
    }

    pub(super) fn message(&self, account: &AccountView, id: &str) -> ParsedMessage {
        let item = self.items.iter().find(|item| item.native_id == id).unwrap_or_else(|| panic!("{id} was not heard"));
        parse(account, &item.kind, &item.body).unwrap()
    }
}

/// Polls everything that an account can hear.
pub(super) async fn hear(account: &AccountView, before: Option<&Heard>) -> Heard {
    let known = before.map(|before| before.known(account)).unwrap_or_default();
    let (source, cursor) = (json!({"reread_cycle": 1}), before.map(|before| &before.cursor));
    let (items, gone, cursor) = poll(PollInput { account, source: &source, cursor, known: &known, now: NOW }).await;
    Heard { items, gone, cursor }
}

pub(super) async fn look(account: &AccountView, operation: &Operation) -> ReadbackVerdict {
    look_at(account, operation, NOW).await
}

pub(super) fn read(account: &AccountView, delivered: &Delivered) -> Delivery {
    let pair = |name: &str| (name.to_owned(), delivered.header(name).to_owned());
    let headers = [pair("x-hub-signature-256"), pair("content-type")];
    let incoming = Incoming { headers: &headers, path_secret: "", body: &delivered.body };
    read_webhook(account, verify_webhook(account, &incoming, NOW).unwrap()).unwrap()
}

async fn written(stage: &Stage, kind: &str, extra: Value) -> String {
    let mut body = json!({"network": "facebook", "kind": kind, "author": "Rosa N.", "text": "Is it free?"});
    body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    stage.write(body).await
}

#[tokio::test]
async fn whatever_people_write_is_heard_and_told_alike() {
    let stage = Stage::set().await;
    let account = page(&stage);
    let mut webhook = Webhook::open(0).await;
    stage.post("/_sandbox/webhook", json!({"network": "facebook", "url": webhook.url})).await;
    let comment = written(&stage, "comment", json!({})).await;
    let answer = written(&stage, "comment", json!({"parent": comment, "own": true, "text": "Yes."})).await;
    let visit = written(&stage, "post", json!({"text": "Kind staff"})).await;
    let mention = written(&stage, "mention", json!({"text": "Thanks, Elm Street Clinic"})).await;
    let review = written(&stage, "review", json!({"rating": 1, "text": "Two hours"})).await;
    let message = written(&stage, "message", json!({"text": "Are you open?"})).await;
    let heard = hear(&account, None).await;
    for id in [&comment, &answer, &visit, &mention, &review, &message] {
        let told = read(&account, &webhook.next().await).parts.remove(0);
        assert_eq!(told.owner, account.own_native_id);
        let polled = heard.items.iter().find(|item| item.native_id == **id).unwrap();
        let told = &told.items[0];
        assert_eq!((&told.native_id, &told.content_hash), (&polled.native_id, &polled.content_hash));
        let parsed = |item: &RawItem| parse(&account, &item.kind, &item.body).unwrap();
        assert_eq!(parsed(told).thread_native_id, parsed(polled).thread_native_id);
        assert_eq!(parsed(told).published_at, parsed(polled).published_at);
    }
    assert_eq!(heard.items.len(), 6);
    let answer = heard.message(&account, &answer);
    assert_eq!((answer.is_own, answer.kind, &answer.thread_native_id), (true, MessageKind::Reply, &comment));
    assert_eq!(heard.message(&account, &review).rating, Some(1.0));
    assert_eq!(heard.message(&account, &message).visibility, Visibility::Private);
    let context = heard.message(&account, &comment).context.unwrap();
    assert_eq!(context.title.expose(), "Welcome to our page. Tell us what you think.");
}

#[tokio::test]
async fn edits_and_deletions_are_heard() {
    let stage = Stage::set().await;
    let account = page(&stage);
    let (one, two) = (written(&stage, "comment", json!({})).await, written(&stage, "comment", json!({})).await);
    let visit = written(&stage, "post", json!({"text": "Kind staff"})).await;
    let review = written(&stage, "review", json!({"rating": 1, "text": "Two hours"})).await;
    let first = hear(&account, None).await;
    let edit = json!({"network": "facebook", "action": "edit", "id": one, "text": "Is it still free?"});
    assert_eq!(stage.post("/_sandbox/write", edit).await.status, 200);
    let mut deleted = vec![two, visit, review];
    for id in &deleted {
        let delete = json!({"network": "facebook", "action": "delete", "id": id});
        assert_eq!(stage.post("/_sandbox/write", delete).await.status, 200);
    }
    let mut second = hear(&account, Some(&first)).await;
    deleted.sort();
    second.gone.sort();
    assert_eq!((second.items.len(), &second.gone), (1, &deleted));
    assert_eq!(second.message(&account, &one).text.expose(), "Is it still free?");
}

#[tokio::test]
async fn each_message_is_answered_in_its_place_and_the_answer_is_found() {
    let stage = Stage::set().await;
    let account = page(&stage);
    for kind in ["comment", "post", "review", "message", "mention"] {
        written(&stage, kind, json!({"rating": 5})).await;
    }
    let heard = hear(&account, None).await;
    for item in &heard.items {
        let answer = reply(&parse(&account, &item.kind, &item.body).unwrap(), "Please call 555-0100.");
        assert_eq!(look(&account, &answer).await, ReadbackVerdict::NotThere);
        let sent = delivered(deliver(&account, &answer).await);
        let ReadbackVerdict::Found { native_id: Some(found), .. } = look(&account, &answer).await else { panic!() };
        assert_eq!(found, sent);
    }
    assert_eq!(heard.items.len(), 5);
    let again = hear(&account, Some(&heard)).await;
    // What is said under the posts of others elsewhere does not come back.
    assert_eq!(again.items.len(), 4);
    for item in &again.items {
        let echo = parse(&account, &item.kind, &item.body).unwrap();
        assert!(echo.is_own, "our own words are known as ours");
        assert!(heard.items.iter().any(|item| {
            parse(&account, &item.kind, &item.body).unwrap().thread_native_id == echo.thread_native_id
        }));
    }
}

#[tokio::test]
async fn comments_are_hidden_shown_changed_and_deleted() {
    let stage = Stage::set().await;
    let account = page(&stage);
    let theirs = written(&stage, "comment", json!({})).await;
    let first = hear(&account, None).await;
    let hide = Operation::Hide { native_id: theirs.clone() };
    assert_eq!(look(&account, &hide).await, ReadbackVerdict::NotThere);
    delivered(deliver(&account, &hide).await);
    assert!(matches!(look(&account, &hide).await, ReadbackVerdict::Found { .. }));
    let hidden = hear(&account, Some(&first)).await;
    assert_eq!(hidden.message(&account, &theirs).visibility, Visibility::Private);
    let answer = reply(&hidden.message(&account, &theirs), "We are sorry.");
    let ours = delivered(deliver(&account, &answer).await);
    delivered(deliver(&account, &Operation::Approve { native_id: theirs.clone() }).await);
    let edit = Operation::EditOwn {
        kind: OwnKind::Reply,
        native_id: ours.clone(),
        text: Phi::new("We are very sorry.".to_owned()),
    };
    delivered(deliver(&account, &edit).await);
    assert!(matches!(look(&account, &edit).await, ReadbackVerdict::Found { .. }));
    for operation in [
        Operation::DeleteOwn { kind: OwnKind::Reply, native_id: ours },
        Operation::Remove { native_id: theirs.clone() },
    ] {
        assert_eq!(look(&account, &operation).await, ReadbackVerdict::NotThere);
        delivered(deliver(&account, &operation).await);
        assert!(matches!(look(&account, &operation).await, ReadbackVerdict::Found { .. }));
    }
    assert_eq!(hear(&account, Some(&first)).await.gone, [theirs]);
}

fn post(text: &str, media: Vec<Media>) -> Operation {
    let link = media.is_empty().then(|| "https://clinic.example.org/flu".to_owned());
    Operation::Post { title: String::new().into(), text: text.to_owned().into(), link, media, language: None }
}

fn file(id: &str, kind: MediaKind, bytes: u64) -> Media {
    let mime = if kind == MediaKind::Image { "image/png" } else { "video/mp4" };
    let alt = (kind == MediaKind::Image).then(|| Phi::new(format!("What {id} shows")));
    Media { id: id.to_owned(), kind, mime: mime.to_owned(), bytes, size: None, alt, sha256: None, public_url: None }
}

#[tokio::test]
async fn posts_go_out_with_a_link_with_images_and_with_a_video_in_pieces() {
    let stage = Stage::set().await;
    let account = page(&stage);
    let images = vec![file("a", MediaKind::Image, 900), file("b", MediaKind::Image, 700)];
    let video = vec![file("v", MediaKind::Video, (1 << 21) + 5)];
    for (operation, shown) in [
        (post("Flu shots", vec![]), "attachments"),
        (post("Two rooms", images), "attachments"),
        (post("How we wash our hands", video), "video"),
    ] {
        let made = delivered(deliver(&account, &operation).await);
        assert!(matches!(look(&account, &operation).await, ReadbackVerdict::Found { .. }));
        if shown == "attachments" {
            let post = stage.get(&format!("/v26.0/{made}?fields=message,attachments")).await.json();
            assert!(post["attachments"]["data"][0].is_object(), "{post}");
        } else {
            let video = stage.get(&format!("/v26.0/{made}?fields=description,published")).await.json();
            assert_eq!((&video["description"], &video["published"]), (&json!("How we wash our hands"), &json!(true)));
        }
    }
    let photos = stage.get(&format!("/v26.0/{}/photos?fields=alt_text_custom", stage.id("facebook", "page"))).await;
    let texts: Vec<Value> =
        photos.json()["data"].as_array().unwrap().iter().map(|photo| photo["alt_text_custom"].clone()).collect();
    assert!(texts.contains(&json!("What a shows")) && texts.contains(&json!("What b shows")), "{texts:?}");
}

#[tokio::test]
async fn an_effect_whose_answer_is_lost_is_unknown_and_found() {
    let stage = Stage::set().await;
    let account = page(&stage);
    written(&stage, "comment", json!({})).await;
    let heard = hear(&account, None).await;
    let message = parse(&account, &heard.items[0].kind, &heard.items[0].body).unwrap();
    let answer = reply(&message, "Please call 555-0100.");
    stage.fault(json!({"network": "facebook", "kind": "reset", "apply": true, "path": "/comments"})).await;
    assert!(matches!(deliver(&account, &answer).await, Outcome::Unknown { .. }));
    assert!(matches!(look(&account, &answer).await, ReadbackVerdict::Found { .. }));
    stage.fault(json!({"network": "facebook", "kind": "rate_limited", "retry_after": 600})).await;
    assert!(matches!(deliver(&account, &answer).await, Outcome::Retry { after: Some(600), .. }));
    for kind in ["token_expired", "token_revoked"] {
        stage.fault(json!({"network": "facebook", "kind": kind})).await;
        assert!(matches!(deliver(&account, &answer).await, Outcome::Reauthorise { .. }));
    }
    stage.fault(json!({"network": "facebook", "kind": "forbidden"})).await;
    assert!(matches!(deliver(&account, &answer).await, Outcome::Dead { .. }));
}

#[tokio::test]
async fn two_hundred_and_fifty_comments_are_paged_through() {
    let stage = Stage::set().await;
    let account = page(&stage);
    let many: Vec<Value> = (0..250)
        .map(|n| json!({"network": "facebook", "author": format!("Person {n}"), "text": format!("Number {n}")}))
        .collect();
    assert_eq!(stage.post("/_sandbox/write", Value::Array(many)).await.status, 201);
    let heard = hear(&account, None).await;
    let ids: std::collections::BTreeSet<&str> = heard.items.iter().map(|item| item.native_id.as_str()).collect();
    assert_eq!((heard.items.len(), ids.len()), (250, 250));
    assert!(hear(&account, Some(&heard)).await.items.is_empty());
}

#[tokio::test]
async fn a_connection_tests_itself_and_tokens_are_got() {
    let stage = Stage::set().await;
    let account = page(&stage);
    let report = self_test(&account).await;
    assert_eq!((report.native_id, report.can_read, report.can_write), (account.own_native_id.clone(), true, true));
    assert_eq!((report.webhooks, report.problems.len()), (Some(false), 6), "nothing is subscribed yet");
    let fields = "feed,mention,ratings,messages,messaging_postbacks,message_echoes";
    let page = stage.id("facebook", "page");
    stage.post(&format!("/{page}/subscribed_apps?subscribed_fields={fields}"), json!({})).await;
    assert_eq!(self_test(&account).await.webhooks, Some(true));
    let app = App {
        base_url: account.base_url.clone(),
        client_id: stage.world.graph.lock().app.clone(),
        client_secret: Secret::new(SECRET),
        config: json!({}),
    };
    let redirect = Url::parse("https://bedside.example.org/connect").unwrap();
    let exchange = CodeExchange { redirect: &redirect, code: "a-code", verifier: "v", now: NOW };
    let mut granting = start_exchange(Network::Facebook, &app, &exchange).unwrap();
    while let Some(request) = granting.next_request() {
        granting.on_response(&send(&request).await.unwrap()).unwrap();
    }
    assert_eq!(granting.granted()[0].native_id, page);
}

#[tokio::test]
async fn figures_are_told() {
    let stage = Stage::set().await;
    let account = page(&stage);
    let posts = stage.get(&format!("/{}/published_posts", stage.id("facebook", "page"))).await.json();
    let post = posts["data"][0]["id"].as_str().unwrap();
    for of in [None, Some(post)] {
        let of = MetricsOf { account: &account, post_native_id: of, since: NOW - 2 * 86_400_000_000, until: NOW };
        let mut metrics = start_metrics(of).unwrap();
        let mut told = Vec::new();
        while let Some(request) = metrics.next_request() {
            told.extend(metrics.on_response(&send(&request).await.unwrap()).unwrap());
        }
        assert!(told.iter().any(|figure| figure.metric == Metric::Views && figure.value > 0.0), "{told:?}");
    }
}

#[tokio::test]
async fn who_administers_two_pages_is_offered_both_and_each_is_connected_by_itself() {
    let stage = Stage::set().await;
    let second = stage.post("/_sandbox/pages", json!({"name": "Lakeside Dental"})).await.json();
    assert_eq!(stage.post("/_sandbox/pages", json!({"name": " "})).await.status, 422);
    let first = page(&stage);
    let app = App {
        base_url: first.base_url.clone(),
        client_id: stage.world.graph.lock().app.clone(),
        client_secret: Secret::new(SECRET),
        config: json!({}),
    };
    let redirect = Url::parse("https://bedside.example.org/connect").unwrap();
    let exchange = CodeExchange { redirect: &redirect, code: "a-code", verifier: "v", now: NOW };
    let mut granting = start_exchange(Network::Facebook, &app, &exchange).unwrap();
    while let Some(request) = granting.next_request() {
        granting.on_response(&send(&request).await.unwrap()).unwrap();
    }
    let granted = granting.granted();
    let names: Vec<&str> = granted.iter().map(|one| one.name.expose().as_str()).collect();
    assert_eq!(names, ["Elm Street Clinic", "Lakeside Dental"]);
    assert_eq!(json!(granted[1].native_id), second["id"]);

    let dental = AccountView {
        own_native_id: Some(granted[1].native_id.clone()),
        credentials: granted[1].credentials.clone(),
        ..first
    };
    let report = self_test(&dental).await;
    assert_eq!((report.native_id, report.can_read), (dental.own_native_id.clone(), true));
    assert_eq!(report.name.unwrap().expose(), "Lakeside Dental");
    written(&stage, "comment", json!({"text": "Is it open?"})).await;
    assert!(hear(&dental, None).await.items.is_empty(), "what is said to the one page is not said to the other");
    let webhook = Webhook::open(0).await;
    subscribe(&dental, &webhook.url).await.unwrap();
    assert_eq!(self_test(&dental).await.webhooks, Some(true));
}

/// What the application tells, and where.
async fn told(stage: &Stage, object: &str) -> Option<String> {
    let app = stage.world.graph.lock().app.clone();
    let request = stage.bare("GET", &format!("/{app}/subscriptions?access_token={app}%7C{SECRET}"));
    let hooks = stage.call(request).await.json();
    let hook = hooks["data"].as_array().unwrap().iter().find(|hook| hook["object"] == object)?.clone();
    Some(hook["callback_url"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn page_and_instagram_are_asked_to_tell_and_one_leaves_the_other_what_it_needs() {
    let stage = Stage::set().await;
    let (page, mut webhook) = (page(&stage), Webhook::open(0).await);
    let instagram = account(&stage, Network::Instagram, &stage.id("instagram", "user"));
    for account in [&page, &instagram, &page, &instagram] {
        assert_eq!(subscribe(account, &webhook.url).await, Ok(Promise::Stands { until: None }));
        assert_eq!(
            stage.world.hooks.subscriptions().iter().filter(|hook| hook.network == world_of(account)).count(),
            1
        );
    }
    assert_eq!(self_test(&page).await.webhooks, Some(true), "what the page tells is not lost to Instagram's wish");
    stage.write(json!({"network": "instagram", "kind": "comment", "author": "Rosa N.", "text": "Is it open?"})).await;
    assert_eq!(read(&instagram, &webhook.next().await).parts.len(), 1);

    unsubscribe(&instagram, &webhook.url).await.unwrap();
    assert_eq!(told(&stage, "instagram").await, None);
    assert_eq!(self_test(&page).await.webhooks, Some(true), "the page goes on");
    assert!(told(&stage, "page").await.is_some());
    for _ in 0..2 {
        unsubscribe(&page, &webhook.url).await.unwrap();
        assert_eq!((told(&stage, "page").await, self_test(&page).await.webhooks), (None, Some(false)));
    }
    // Alone, the account of Instagram installs the application on its page, and takes it away again.
    subscribe(&instagram, &webhook.url).await.unwrap();
    assert_eq!(stage.world.graph.lock().subscribed.clone().unwrap_or_default().len(), 1);
    unsubscribe(&instagram, &webhook.url).await.unwrap();
    assert_eq!(stage.world.graph.lock().subscribed, None);
}

#[tokio::test]
async fn an_application_that_tells_somebody_else_is_left_alone() {
    let stage = Stage::set().await;
    let (page, theirs, ours) = (page(&stage), Webhook::open(0).await, Webhook::open(0).await);
    subscribe(&page, &theirs.url).await.unwrap();
    let why = subscribe(&page, &ours.url).await.unwrap_err().to_string();
    assert!(why.contains("another address"), "{why}");
    assert_eq!(told(&stage, "page").await, Some(theirs.url));
}

fn world_of(account: &AccountView) -> crate::world::Network {
    crate::world::Network::named(account.network.as_str()).unwrap()
}
