//! The connector of Bedside against the emulated LinkedIn.

use bedside_networks::{
    self as networks, AccountView, App, CodeExchange, Credentials, Incoming, Known, Media, MediaKind, Metric,
    MetricsOf, Network, Oauth2, Operation, Outcome, OwnKind, ParsedMessage, PollInput, Promise, ReadbackVerdict,
    Secret, Visibility,
};
use serde_json::{Value, json};
use url::Url;

use crate::kit::testing::{Receiver, Story};
use crate::testing::{NOW, deliver, known, look, parse, poll, self_test, send, subscribe, unsubscribe};
use crate::world::{Action, Fault, FaultKind, Kind, Network as Emulated, Write};

fn account(story: &Story) -> AccountView {
    let ready = story.world.ready("")["networks"]["linkedin"].clone();
    let held = Oauth2 {
        client_id: "sandbox".into(),
        client_secret: Secret::new("sandbox-secret"),
        access_token: Secret::new("sandbox"),
        ..Oauth2::default()
    };
    AccountView {
        network: Network::Linkedin,
        base_url: story.base().parse().unwrap(),
        own_native_id: ready["organization_urn"].as_str().map(str::to_owned),
        credentials: Credentials::Oauth2(Box::new(held)),
        hook_secret: Secret::default(),
        config: json!({}),
    }
}

fn input<'a>(
    account: &'a AccountView,
    source: &'a Value,
    cursor: Option<&'a Value>,
    known: &'a [Known],
) -> PollInput<'a> {
    PollInput { account, source, cursor, known, now: NOW }
}

fn post(text: &str, media: Vec<Media>) -> Operation {
    Operation::Post {
        title: "The new door".to_owned().into(),
        text: text.to_owned().into(),
        link: None,
        media,
        language: None,
    }
}

fn file(kind: MediaKind, mime: &str, bytes: u64) -> Media {
    let alt = (kind == MediaKind::Image).then(|| "A door".to_owned().into());
    Media { id: "m1".into(), kind, mime: mime.into(), bytes, size: None, alt, sha256: None, public_url: None }
}

#[tokio::test]
async fn a_comment_is_heard_answered_changed_and_deleted() {
    let story = Story::begin().await;
    let (account, source) = (account(&story), json!({"kind": "comments", "reread_cycle": 1}));
    let asked = story.write(Emulated::Linkedin, Kind::Comment, "Rosa Nowak", "Is it (really) free?");
    let (items, _, cursor) = poll(input(&account, &source, None, &[])).await;
    let heard: Vec<ParsedMessage> = items.iter().map(|item| parse(&account, item)).collect();
    assert_eq!((heard.len(), heard[0].is_own, heard[0].kind), (2, true, networks::MessageKind::Post));
    let question = &heard[1];
    assert_eq!(
        (json!(question.native_id), question.text.expose().as_str()),
        (asked["id"].clone(), "Is it (really) free?")
    );
    assert_eq!(question.context.as_ref().unwrap().title.expose(), "Flu shots from Monday, without an appointment.");

    let answer = Operation::Reply {
        thread_native_id: question.thread_native_id.clone(),
        parent_native_id: Some(question.native_id.clone()),
        visibility: Visibility::Public,
        text: "Yes, for everybody.".to_owned().into(),
    };
    let Outcome::Delivered { native_id: Some(own), .. } = deliver(&account, &answer).await else { panic!() };
    assert!(matches!(look(&account, &answer).await, ReadbackVerdict::Found { native_id: Some(id), .. } if id == own));
    let edit = Operation::EditOwn {
        kind: OwnKind::Reply,
        native_id: own.clone(),
        text: "Yes, for everybody (from 16).".to_owned().into(),
    };
    assert_eq!(look(&account, &edit).await, ReadbackVerdict::NotThere);
    assert!(matches!(deliver(&account, &edit).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &edit).await, ReadbackVerdict::Found { .. }));

    let mut all = known(&account, &items);
    let (news, gone, cursor) = poll(input(&account, &source, Some(&cursor), &all)).await;
    let reply = parse(&account, &news[0]);
    assert_eq!((news.len(), gone.len(), reply.is_own), (1, 0, true));
    assert_eq!((reply.native_id.as_str(), &reply.thread_native_id), (own.as_str(), &question.thread_native_id));
    all.extend(known(&account, &news));

    // Rosa's comment is deleted by the page, and with it what was said to her.
    let remove = Operation::Remove { native_id: question.native_id.clone() };
    assert!(matches!(deliver(&account, &remove).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &remove).await, ReadbackVerdict::Found { .. }));
    let (_, mut gone, _) = poll(input(&account, &source, Some(&cursor), &all)).await;
    gone.sort();
    let mut expected = [question.native_id.clone(), own];
    expected.sort();
    assert_eq!(gone, expected);
}

#[tokio::test]
async fn two_hundred_and_fifty_comments_and_a_mention_come_in() {
    let story = Story::begin().await;
    let (account, comments) = (account(&story), json!({"kind": "comments"}));
    for number in 0..250 {
        story.write(Emulated::Linkedin, Kind::Comment, "Rosa Nowak", &format!("Number {number}"));
    }
    let (items, _, cursor) = poll(input(&account, &comments, None, &[])).await;
    // Pages overlap by one, so that a deletion while they are read is noticed; the store takes each once.
    let distinct: std::collections::BTreeSet<&str> = items.iter().map(|item| item.native_id.as_str()).collect();
    assert_eq!(distinct.len(), 251);
    let known = known(&account, &items);
    let (again, gone, _) = poll(input(&account, &comments, Some(&cursor), &known)).await;
    assert_eq!((again.len(), gone.len()), (0, 0));

    let mention = story.write(Emulated::Linkedin, Kind::Mention, "Tom Berger", "Thanks to the clinic");
    let (items, ..) = poll(input(&account, &json!({"kind": "mentions"}), None, &[])).await;
    let heard = parse(&account, &items[0]);
    assert_eq!((json!(heard.native_id), heard.text.expose().as_str()), (mention["id"].clone(), "Thanks to the clinic"));
}

#[tokio::test]
async fn a_post_that_took_effect_without_an_answer_is_found() {
    let story = Story::begin().await;
    let (account, post) = (account(&story), post("Open (8-5) #FluShots", Vec::new()));
    let lost = Fault { network: Some(Emulated::Linkedin), apply: true, ..Fault::next(FaultKind::Reset) };
    story.world.control.add_fault(lost).unwrap();
    assert!(matches!(deliver(&account, &post).await, Outcome::Unknown { .. }));
    let ReadbackVerdict::Found { native_id: Some(id), .. } = look(&account, &post).await else { panic!() };
    assert!(matches!(deliver(&account, &post).await, Outcome::Unknown { .. }), "the same words are taken once");
    let delete = Operation::DeleteOwn { kind: OwnKind::Post, native_id: id };
    assert!(matches!(deliver(&account, &delete).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &delete).await, ReadbackVerdict::Found { .. }));
}

#[tokio::test]
async fn pictures_a_video_and_a_document_go_out() {
    let story = Story::begin().await;
    let account = account(&story);
    let picture = || file(MediaKind::Image, "image/png", 9);
    let video = file(MediaKind::Video, "video/mp4", 4_194_306);
    let document = file(MediaKind::Document, "application/pdf", 9);
    for (text, media) in [
        ("One", vec![picture()]),
        ("Several", vec![picture(), picture()]),
        ("A video", vec![video]),
        ("A document", vec![document]),
    ] {
        let outcome = deliver(&account, &post(text, media)).await;
        assert!(matches!(outcome, Outcome::Delivered { .. }), "{text}: {outcome:?}");
    }
}

#[tokio::test]
async fn too_many_requests_and_dead_tokens_are_told_apart() {
    let story = Story::begin().await;
    let (account, source) = (account(&story), json!({"kind": "mentions"}));
    for (kind, expected) in [
        (FaultKind::RateLimited, networks::ErrorClass::RateLimited { after: Some(30) }),
        (FaultKind::TokenExpired, networks::ErrorClass::Authorisation),
        (FaultKind::TokenRevoked, networks::ErrorClass::Authorisation),
        (FaultKind::Forbidden, networks::ErrorClass::Forbidden),
    ] {
        story.world.control.add_fault(Fault { retry_after: Some(30), ..Fault::next(kind) }).unwrap();
        let mut poll = networks::start_poll(input(&account, &source, None, &[])).unwrap();
        let refused = poll.on_response(&send(&poll.next_request().unwrap()).await.unwrap()).unwrap_err();
        assert_eq!(refused.class(), expected, "{kind:?}");
        // The poll stands where it was.
        assert!(poll.on_response(&send(&poll.next_request().unwrap()).await.unwrap()).is_ok());
    }
}

#[tokio::test]
async fn a_code_becomes_an_account_that_tests_itself_and_tells_figures() {
    let story = Story::begin().await;
    let redirect = Url::parse("http://127.0.0.1:1/back").unwrap();
    let app = App {
        base_url: story.base().parse().unwrap(),
        client_id: "sandbox".into(),
        client_secret: Secret::new("sandbox-secret"),
        config: Value::Null,
    };
    let ask = networks::AuthorisationRequest { redirect: &redirect, state: "st", verifier: "v" };
    let address = networks::authorisation_address(Network::Linkedin, &app, &ask).unwrap();
    let path = &address[url::Position::BeforePath..url::Position::AfterQuery];
    let back = story.call("GET", path).answer().await.header("location").unwrap().parse::<Url>().unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let exchange = CodeExchange { redirect: &redirect, code: &code, verifier: "v", now: NOW };
    let mut granting = networks::start_exchange(Network::Linkedin, &app, &exchange).unwrap();
    while let Some(request) = granting.next_request() {
        granting.on_response(&send(&request).await.unwrap()).unwrap();
    }
    let granted = granting.granted().remove(0);
    assert_eq!(granted.credentials.reauthorise_by(), Some(NOW + 365 * 86_400_000_000));

    let account =
        AccountView { credentials: granted.credentials, own_native_id: Some(granted.native_id), ..account(&story) };
    let report = self_test(&account).await;
    assert!(report.can_read && report.can_write && report.problems.is_empty(), "{report:?}");
    assert_eq!(report.name.unwrap().expose(), "Elm Street Clinic");
    let mut metrics =
        networks::start_metrics(MetricsOf { account: &account, post_native_id: None, since: 0, until: NOW }).unwrap();
    let mut figures = Vec::new();
    while let Some(request) = metrics.next_request() {
        figures.extend(metrics.on_response(&send(&request).await.unwrap()).unwrap());
    }
    for metric in [Metric::Views, Metric::Reach, Metric::Followers] {
        assert!(figures.iter().any(|figure| figure.metric == metric), "{metric:?}");
    }
}

#[tokio::test]
async fn a_version_that_ended_is_said() {
    let story = Story::begin().await;
    let mut account = account(&story);
    account.config = json!({"api_version": "202201"});
    let mut test = networks::start_self_test(&account).unwrap();
    test.on_response(&send(&test.next_request().unwrap()).await.unwrap()).unwrap();
    assert!(test.report().problems[0].contains("api_version"));
    let Outcome::Dead { why } = deliver(&account, &post("Hello", Vec::new())).await else { panic!() };
    assert!(why.contains("api_version"), "{why}");
}

#[tokio::test]
async fn a_webhook_says_what_is_due_gone_and_new() {
    let (story, mut receiver) = (Story::begin().await, Receiver::start().await);
    let account = AccountView { config: json!({"application": "1"}), ..account(&story) };
    let page = account.own_native_id.clone().unwrap();
    for _ in 0..2 {
        let stands = subscribe(&account, &receiver.url()).await.unwrap();
        assert!(matches!(stands, Promise::Stands { until: Some(until) } if until > NOW), "{stands:?}");
        assert_eq!(story.world.hooks.subscriptions().len(), 1, "asking again changes nothing");
    }
    let written = story.write(Emulated::Linkedin, Kind::Comment, "Rosa Nowak", "Hello?");
    let id = written["id"].as_str().map(str::to_owned);
    story.world.write(&Write { action: Action::Delete, id, ..Write::on(Emulated::Linkedin) }).unwrap();
    let mention = story.write(Emulated::Linkedin, Kind::Mention, "Tom Berger", "Thanks");
    let mut parts = Vec::new();
    for _ in 0..3 {
        let told = receiver.next().await;
        let headers = [("X-LI-Signature".to_owned(), told.header("x-li-signature").to_owned())];
        let incoming = Incoming { headers: &headers, path_secret: "", body: &told.body };
        let verified = networks::verify_webhook(&account, &incoming, NOW).unwrap();
        parts.extend(networks::read_webhook(&account, verified).unwrap().parts);
    }
    assert!(parts[0].poll_now && parts.iter().all(|part| part.owner.as_ref() == Some(&page)));
    assert_eq!(
        (json!(parts[1].gone), json!(parts[2].items[0].native_id)),
        (json!([written["id"]]), mention["id"].clone())
    );
    let (polled, ..) = poll(input(&account, &json!({"kind": "mentions"}), None, &[])).await;
    assert_eq!(parts[2].items, polled, "the same item by both ways");

    for _ in 0..2 {
        unsubscribe(&account, &receiver.url()).await.unwrap();
        assert!(story.world.hooks.subscriptions().is_empty());
    }
}

#[tokio::test]
async fn what_linkedin_needs_or_does_not_permit_is_said() {
    let (story, receiver) = (Story::begin().await, Receiver::start().await);
    let unnumbered = account(&story);
    let why = subscribe(&unnumbered, &receiver.url()).await.unwrap_err().to_string();
    assert!(why.contains("number of your application"), "{why}");
    let account = AccountView { config: json!({"application": "1"}), ..unnumbered };
    let fault = json!({"network": "linkedin", "kind": "forbidden", "method": "PUT"});
    story.call("POST", "/_sandbox/fault").json(&fault).send().await;
    let why = subscribe(&account, &receiver.url()).await.unwrap_err().to_string();
    assert!(why.contains("not approved"), "{why}");
}
