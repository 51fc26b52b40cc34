//! The connector of Bedside against the emulated X.

use bedside_networks::{
    self as networks, AccountView, App, AuthorisationRequest, CodeExchange, Credentials, Incoming, Known, Media,
    MediaKind, Network, Oauth2, Operation, Outcome, OwnKind, PollInput, Promise, ReadbackVerdict, Secret, Visibility,
};
use serde_json::{Value, json};
use url::Url;

use crate::kit::testing::{Receiver, Story};
use crate::testing::{NOW, deliver, known, look, order, parse, poll, reply, self_test, send, subscribe, unsubscribe};
use crate::world::{Action, Fault, FaultKind, Kind, Network as Emulated, Subscribe, Write};

fn account(story: &Story) -> AccountView {
    let ready = story.world.ready("")["networks"]["x"].clone();
    let held = Oauth2 {
        client_id: "sandbox".into(),
        client_secret: Secret::new("sandbox-secret"),
        access_token: Secret::new("sandbox"),
        ..Oauth2::default()
    };
    AccountView {
        network: Network::X,
        base_url: story.base().parse().unwrap(),
        own_native_id: ready["user"].as_str().map(str::to_owned),
        credentials: Credentials::Oauth2(Box::new(held)),
        hook_secret: Secret::default(),
        config: json!({"username": ready["username"]}),
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

fn change(action: Action, id: &Value, text: Option<&str>) -> Write {
    let (id, text) = (id.as_str().map(str::to_owned), text.map(str::to_owned));
    Write { action, id, text, ..Write::on(Emulated::X) }
}

#[tokio::test]
async fn a_question_is_heard_answered_and_its_edit_and_deletion_seen() {
    let story = Story::begin().await;
    let (account, source) = (account(&story), json!({"kind": "mentions", "reread_cycle": 1}));
    let asked = story.write(Emulated::X, Kind::Comment, "Rosa N.", "Open on Sunday & free? example.org/hours");
    let (items, _, cursor) = poll(input(&account, &source, None, &[])).await;
    let question = parse(&account, &items[0]);
    assert_eq!((items.len(), &json!(question.native_id)), (1, &asked["id"]));
    assert_eq!(question.text.expose(), "@elmstreet Open on Sunday & free? http://example.org/hours");
    assert_eq!(question.context.as_ref().unwrap().title.expose(), "Flu shots from Monday, without an appointment.");
    assert_eq!(question.author.handle.as_ref().unwrap().expose(), "rosan");

    let answer = reply(&question, "No, from Monday.");
    let Outcome::Delivered { native_id, .. } = deliver(&account, &answer).await else { panic!() };
    let found = look(&account, &answer).await;
    assert!(matches!(found, ReadbackVerdict::Found { native_id: ref id, .. } if *id == native_id), "{found:?}");
    // Our own answer comes back as ours, in the same thread.
    let (posts, ..) = poll(input(&account, &json!({"kind": "posts"}), None, &[])).await;
    let own = posts.iter().map(|item| parse(&account, item)).find(|post| Some(&post.native_id) == native_id.as_ref());
    let own = own.unwrap();
    assert!(own.is_own && own.thread_native_id == question.thread_native_id);
    assert_eq!(own.parent_native_id, Some(question.native_id.clone()));

    let known = known(&account, &items);
    story.world.write(&change(Action::Edit, &asked["id"], Some("@elmstreet Open on Saturday?"))).unwrap();
    let (edited, ..) = poll(input(&account, &source, Some(&cursor), &known)).await;
    assert_eq!(parse(&account, &edited[0]).text.expose(), "@elmstreet Open on Saturday?");
    story.world.write(&change(Action::Delete, &asked["id"], None)).unwrap();
    let (_, gone, _) = poll(input(&account, &source, Some(&cursor), &known)).await;
    assert_eq!(gone, [question.native_id]);
}

#[tokio::test]
async fn two_hundred_and_fifty_mentions_come_in_and_the_next_poll_asks_for_none_of_them() {
    let story = Story::begin().await;
    let (account, source) = (account(&story), json!({"kind": "mentions"}));
    for number in 0..250 {
        story.write(Emulated::X, Kind::Mention, "Rosa N.", &format!("Number {number}"));
    }
    let (items, _, cursor) = poll(input(&account, &source, None, &[])).await;
    assert_eq!(items.len(), 250);
    let known = known(&account, &items);
    let (again, gone, _) = poll(input(&account, &source, Some(&cursor), &known)).await;
    assert_eq!((again.len(), gone.len()), (0, 0));
}

#[tokio::test]
async fn whom_we_may_not_answer_is_said_before_and_by_x() {
    let story = Story::begin().await;
    let account = account(&story);
    let asked = story.write(Emulated::X, Kind::Comment, "Rosa N.", "Any side effects?");
    let aside = Write {
        kind: Kind::Post,
        author: Some("Tom B.".into()),
        text: Some("My arm was sore".into()),
        parent: asked["id"].as_str().map(str::to_owned),
        ..Write::on(Emulated::X)
    };
    let aside = story.world.write(&aside).unwrap();
    let (items, ..) = poll(input(&account, &json!({"kind": "posts"}), None, &[])).await;
    let heard = items.iter().find(|item| json!(item.native_id) == aside["id"]).unwrap();
    let heard = parse(&account, heard);
    assert!(heard.thread_native_id.ends_with("/aside"), "Tom spoke to Rosa");
    let answer = reply(&heard, "That is usual.");
    assert_eq!(networks::objections(&account, &answer)[0].code, "reply_not_permitted");
    let Outcome::Dead { why } = deliver(&account, &answer).await else { panic!() };
    assert!(why.contains("does not permit this reply"), "{why}");
}

#[tokio::test]
async fn a_post_that_took_effect_without_an_answer_is_found_and_not_sent_twice() {
    let story = Story::begin().await;
    let account = account(&story);
    let post = Operation::Post {
        title: String::new().into(),
        text: "Open on Saturday: see example.org/hours".to_owned().into(),
        link: None,
        media: Vec::new(),
        language: None,
    };
    let lost = Fault { network: Some(Emulated::X), apply: true, ..Fault::next(FaultKind::Reset) };
    story.world.control.add_fault(lost).unwrap();
    assert!(matches!(deliver(&account, &post).await, Outcome::Unknown { .. }));
    let ReadbackVerdict::Found { native_id: Some(id), .. } = look(&account, &post).await else { panic!() };
    // X itself would refuse it a second time, and that says nothing new.
    assert!(matches!(deliver(&account, &post).await, Outcome::Unknown { .. }));
    let delete = Operation::DeleteOwn { kind: OwnKind::Post, native_id: id };
    assert_eq!(look(&account, &delete).await, ReadbackVerdict::NotThere);
    assert!(matches!(deliver(&account, &delete).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &delete).await, ReadbackVerdict::Found { .. }));
}

#[tokio::test]
async fn a_video_is_uploaded_in_pieces_described_and_posted() {
    let story = Story::begin().await;
    let account = account(&story);
    let video = Media {
        id: "m1".into(),
        kind: MediaKind::Video,
        mime: "video/mp4".into(),
        bytes: (4 << 20) + 9,
        size: None,
        alt: Some("The new door".to_owned().into()),
        sha256: None,
        public_url: None,
    };
    let post = Operation::Post {
        title: String::new().into(),
        text: "Come in".to_owned().into(),
        link: None,
        media: vec![video],
        language: None,
    };
    let (mut progress, mut outcome) = (None, None);
    for _ in 0..4 {
        let mut order = order(&account, &post);
        order.progress = progress.as_ref();
        let mut sending = networks::start_send(order).unwrap();
        while let Some(request) = sending.next_request() {
            sending.on_answer(send(&request).await.as_ref());
        }
        (progress, outcome) = (sending.progress(), Some(sending.outcome()));
        if !matches!(outcome, Some(Outcome::Waiting { .. })) {
            break;
        }
    }
    assert!(matches!(outcome, Some(Outcome::Delivered { .. })), "{outcome:?}");
}

/// The account as it is connected with the keys of the application.
fn by_four_keys(story: &Story) -> AccountView {
    let credentials = Credentials::Oauth1 {
        consumer_key: "sandbox".into(),
        consumer_secret: Secret::new("sandbox-secret"),
        token: Secret::new("sandbox"),
        token_secret: Secret::new("sandbox-secret"),
    };
    AccountView { credentials, ..account(story) }
}

fn x_webhook(url: &str) -> Subscribe {
    Subscribe {
        network: Emulated::X,
        url: url.parse().unwrap(),
        secret: "sandbox-secret".to_owned(),
        verify_token: String::new(),
        topic: None,
        fields: None,
    }
}

#[tokio::test]
async fn what_is_signed_by_oauth_1_is_taken_whatever_our_clock_says() {
    let story = Story::begin().await;
    let account = by_four_keys(&story);
    story.write(Emulated::X, Kind::Mention, "Rosa N.", "Hello (again) & again");
    let (items, ..) = poll(input(&account, &json!({"kind": "mentions"}), None, &[])).await;
    let answer = reply(&parse(&account, &items[0]), "Good day!");
    assert!(matches!(deliver(&account, &answer).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &answer).await, ReadbackVerdict::Found { .. }));
    let report = self_test(&account).await;
    assert!(report.can_read && report.can_write, "{report:?}");
    assert_eq!(report.native_id, account.own_native_id);
}

#[tokio::test]
async fn a_private_question_is_answered_in_private() {
    let story = Story::begin().await;
    let (account, source) = (account(&story), json!({"kind": "direct_messages"}));
    story.write(Emulated::X, Kind::Message, "Rosa N.", "May I ask something?");
    let (items, _, cursor) = poll(input(&account, &source, None, &[])).await;
    let asked = parse(&account, &items[0]);
    assert_eq!((asked.visibility, asked.text.expose().as_str()), (Visibility::Private, "May I ask something?"));
    let answer = reply(&asked, "Of course.");
    let Outcome::Delivered { native_id, .. } = deliver(&account, &answer).await else { panic!() };
    assert!(matches!(look(&account, &answer).await, ReadbackVerdict::Found { .. }));
    let known = known(&account, &items);
    let (own, ..) = poll(input(&account, &source, Some(&cursor), &known)).await;
    assert_eq!((Some(own[0].native_id.clone()), parse(&account, &own[0]).is_own), (native_id, true));
}

#[tokio::test]
async fn a_webhook_proves_itself_and_says_what_is_due_and_gone() {
    let (story, mut receiver) = (Story::begin().await, Receiver::start().await);
    let account = by_four_keys(&story);
    for _ in 0..2 {
        assert_eq!(subscribe(&account, &receiver.url()).await, Ok(Promise::Stands { until: None }));
        assert_eq!(story.world.hooks.subscriptions().len(), 1, "asking again changes nothing");
    }
    let written = story.write(Emulated::X, Kind::Mention, "Rosa N.", "Hello?");
    story.world.write(&change(Action::Delete, &written["id"], None)).unwrap();
    let mut parts = Vec::new();
    for _ in 0..2 {
        let told = receiver.next().await;
        let signature = told.header("x-twitter-webhooks-signature").to_owned();
        let headers = [("x-twitter-webhooks-signature".to_owned(), signature)];
        let incoming = Incoming { headers: &headers, path_secret: "", body: &told.body };
        let verified = networks::verify_webhook(&account, &incoming, NOW).unwrap();
        parts.extend(networks::read_webhook(&account, verified).unwrap().parts);
    }
    assert!(parts[0].poll_now && parts.iter().all(|part| part.owner == account.own_native_id));
    assert_eq!(json!(parts[1].gone), json!([written["id"]]));

    unsubscribe(&account, &receiver.url()).await.unwrap();
    assert!(story.world.hooks.subscriptions().is_empty(), "a webhook of nobody goes, too");
    unsubscribe(&account, &receiver.url()).await.unwrap();
}

#[tokio::test]
async fn a_webhook_that_no_longer_answers_makes_way_for_the_one_that_does() {
    let (story, receiver) = (Story::begin().await, Receiver::start().await);
    let account = by_four_keys(&story);
    // Both addresses are of one installation; behind the first nobody answers any more.
    let (gone, ours) = (format!("{}s/gone", receiver.url()), format!("{}s/ours", receiver.url()));
    story.world.hooks.subscribe(x_webhook(&receiver.url())).await.unwrap();
    assert_eq!(subscribe(&account, &ours).await, Ok(Promise::Stands { until: None }));
    let stands =
        |story: &Story| story.world.hooks.subscriptions().iter().map(|hook| hook.url.to_string()).collect::<Vec<_>>();
    assert_eq!(stands(&story), [receiver.url(), ours.clone()], "one of somebody else's is left");
    receiver.forget("/hooks/ours");
    assert_eq!(subscribe(&account, &gone).await, Ok(Promise::Stands { until: None }));
    assert_eq!(stands(&story), [receiver.url(), gone]);
}

#[tokio::test]
async fn a_plan_without_webhooks_is_said_and_so_is_a_connection_without_keys() {
    let (story, receiver) = (Story::begin().await, Receiver::start().await);
    let why = subscribe(&account(&story), &receiver.url()).await.unwrap_err().to_string();
    assert!(why.contains("API key"), "{why}");
    let fault = json!({"network": "x", "kind": "forbidden", "method": "POST", "path": "/2/webhooks"});
    story.call("POST", "/_sandbox/fault").json(&fault).send().await;
    let why = subscribe(&by_four_keys(&story), &receiver.url()).await.unwrap_err().to_string();
    assert!(why.contains("Account Activity API"), "{why}");
}

#[tokio::test]
async fn a_code_becomes_an_account_and_each_renewal_a_new_refresh_token() {
    let story = Story::begin().await;
    let redirect = Url::parse("http://127.0.0.1:1/back").unwrap();
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let app = App {
        base_url: story.base().parse().unwrap(),
        client_id: "sandbox".into(),
        client_secret: Secret::new("sandbox-secret"),
        config: Value::Null,
    };
    let ask = AuthorisationRequest { redirect: &redirect, state: "st", verifier };
    let address = networks::authorisation_address(Network::X, &app, &ask).unwrap();
    let path = &address[url::Position::BeforePath..url::Position::AfterQuery];
    let back = story.call("GET", path).answer().await.header("location").unwrap().parse::<Url>().unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let exchange = CodeExchange { redirect: &redirect, code: &code, verifier, now: NOW };
    let mut granting = networks::start_exchange(Network::X, &app, &exchange).unwrap();
    while let Some(request) = granting.next_request() {
        granting.on_response(&send(&request).await.unwrap()).unwrap();
    }
    let granted = granting.granted().remove(0);
    assert_eq!(
        (&granted.config["username"], granted.name.expose().as_str()),
        (&json!("elmstreet"), "Elm Street Clinic")
    );
    let refresh_token = |credentials: &Credentials| {
        let Credentials::Oauth2(held) = credentials else { panic!() };
        held.refresh_token.expose().to_owned()
    };
    let mut account = AccountView { credentials: granted.credentials, ..account(&story) };
    let mut used = vec![refresh_token(&account.credentials)];
    for _ in 0..2 {
        let mut renewing = networks::start_renewal(&account, NOW).unwrap();
        while let Some(request) = renewing.next_request() {
            renewing.on_response(&send(&request).await.unwrap()).unwrap();
        }
        account.credentials = renewing.granted().remove(0).credentials.over(&account.credentials);
        assert!(!used.contains(&refresh_token(&account.credentials)));
        used.push(refresh_token(&account.credentials));
    }
    // The last access token works; a refresh token that was used does not.
    assert_eq!(poll(input(&account, &json!({"kind": "mentions"}), None, &[])).await.0.len(), 0);
    if let Credentials::Oauth2(held) = &mut account.credentials {
        held.refresh_token = Secret::new(used[0].clone());
    }
    let mut renewing = networks::start_renewal(&account, NOW).unwrap();
    let refused = renewing.on_response(&send(&renewing.next_request().unwrap()).await.unwrap()).unwrap_err();
    assert_eq!(refused.class(), networks::ErrorClass::Authorisation);
}

#[tokio::test]
async fn too_many_requests_and_dead_tokens_are_told_apart() {
    let story = Story::begin().await;
    let (account, source) = (account(&story), json!({"kind": "mentions"}));
    for (kind, expected) in [
        (FaultKind::RateLimited, networks::ErrorClass::RateLimited { after: Some(30) }),
        (FaultKind::TokenExpired, networks::ErrorClass::Authorisation),
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
