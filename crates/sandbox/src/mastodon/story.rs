//! The connector and this emulator, through HTTP: what one says the other understands.

use std::sync::Arc;

use bedside_model::Phi;
use bedside_networks::watch::Watch;
use bedside_networks::{
    AccountView, AuthorisationRequest, CodeExchange, Credentials, HttpResponse, Known, Operation, Order, Outcome,
    OwnKind, ParsedMessage, PollInput, RawItem, ReadbackVerdict, Registration, Secret, StreamInput, Visibility,
};
use serde_json::{Value, json};
use url::Url;

use crate::kit::testing::Story;
use crate::testing::{NOW, deliver, delivered, known, look, order, parse, poll, reply, self_test, send};
use crate::world::{Action, Kind, Network, Write};

fn account(story: &Story) -> AccountView {
    AccountView {
        network: bedside_networks::Network::Mastodon,
        base_url: Url::parse(&story.base()).unwrap(),
        own_native_id: None,
        credentials: Credentials::Bearer { token: Secret::new("sandbox") },
        hook_secret: Secret::default(),
        config: json!({}),
    }
}

/// The account as it is after its self-test.
async fn connected(story: &Story) -> AccountView {
    let mut account = account(story);
    let report = self_test(&account).await;
    assert!(report.can_read && report.can_write, "{:?}", report.problems);
    assert_eq!(report.config["max_characters"], 500);
    account.own_native_id = report.native_id;
    account.config = report.config.into();
    account
}

async fn heard(account: &AccountView, cursor: Option<&Value>, known: &[Known]) -> (Vec<RawItem>, Vec<String>, Value) {
    let source = json!({"reread_cycle": 1});
    poll(PollInput { account, source: &source, cursor, known, now: NOW }).await
}

#[tokio::test]
async fn a_mention_is_heard_answered_changed_and_taken_back() {
    let story = Story::begin().await;
    let account = connected(&story).await;
    story.write(Network::Mastodon, Kind::Mention, "Rosa N.", "Do you take children?");
    let (items, _, cursor) = heard(&account, None, &[]).await;
    let messages: Vec<ParsedMessage> = items.iter().map(|item| parse(&account, item)).collect();
    let asked = messages.iter().find(|message| !message.is_own).unwrap();
    assert!(asked.text.expose().ends_with("Do you take children?"));
    assert_eq!(messages.len(), 2, "and what the clinic had written before");

    let answer = reply(asked, "Yes, from six months.");
    let sent = delivered(deliver(&account, &answer).await);
    let again = delivered(deliver(&account, &answer).await);
    assert_eq!(sent, again, "the same key is the same status");
    let (items, _, cursor) = heard(&account, Some(&cursor), &known(&account, &items)).await;
    let own = parse(&account, &items[0]);
    assert_eq!((items.len(), own.is_own, own.native_id.as_str()), (1, true, sent.as_str()));
    assert_eq!(own.text.expose(), "Yes, from six months.");
    assert_eq!(
        (&own.thread_native_id, own.parent_native_id.as_ref()),
        (&asked.thread_native_id, Some(&asked.native_id))
    );

    let text = Phi::new("Yes, from a year on.".to_owned());
    let edit = Operation::EditOwn { kind: OwnKind::Reply, native_id: sent.clone(), text };
    delivered(deliver(&account, &edit).await);
    let known = known(&account, &items);
    let (edited, ..) = heard(&account, Some(&cursor), &known).await;
    assert_eq!(parse(&account, &edited[0]).text.expose(), "Yes, from a year on.");
    assert!(parse(&account, &edited[0]).edited_at.is_some());

    delivered(deliver(&account, &Operation::DeleteOwn { kind: OwnKind::Reply, native_id: sent.clone() }).await);
    let (_, gone, _) = heard(&account, Some(&cursor), &known).await;
    assert_eq!(gone, [sent]);
}

#[tokio::test]
async fn what_a_person_edits_or_deletes_is_seen_and_250_mentions_come_once() {
    let story = Story::begin().await;
    let account = connected(&story).await;
    for number in 0..250 {
        story.write(Network::Mastodon, Kind::Mention, "Rosa N.", &format!("Number {number}"));
    }
    let (items, _, cursor) = heard(&account, None, &[]).await;
    let mut ids: Vec<&str> = items.iter().map(|item| item.native_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((items.len(), ids.len()), (251, 251));
    let change = |action, at: usize| Write {
        action,
        id: Some(items[at].native_id.clone()),
        text: Some("@elmstreet Otherwise".to_owned()),
        ..Write::on(Network::Mastodon)
    };
    story.world.write(&change(Action::Edit, 7)).unwrap();
    story.world.write(&change(Action::Delete, 8)).unwrap();
    let (changed, gone, _) = heard(&account, Some(&cursor), &known(&account, &items)).await;
    assert_eq!(changed.iter().map(|item| &item.native_id).collect::<Vec<_>>(), [&items[7].native_id]);
    assert_eq!(gone, [items[8].native_id.as_str()]);
}

#[tokio::test]
async fn a_private_word_is_answered_in_private_and_read_back() {
    let story = Story::begin().await;
    let account = connected(&story).await;
    story.write(Network::Mastodon, Kind::Message, "Rosa N.", "Only for you");
    let (items, ..) = heard(&account, None, &[]).await;
    let messages: Vec<ParsedMessage> = items.iter().map(|item| parse(&account, item)).collect();
    let asked = messages.iter().find(|message| !message.is_own).unwrap();
    assert_eq!(asked.visibility, Visibility::Private);
    let answer = reply(asked, "Thank you, we call you.");
    let sent = delivered(deliver(&account, &answer).await);
    let (_, shown) = story.call("GET", &format!("/api/v1/statuses/{sent}")).send().await;
    assert_eq!(
        (&shown["visibility"], &shown["mentions"][0]["acct"]),
        (&json!("direct"), &json!("rosa_n@social.example.org"))
    );
    let verdict = look(&account, &answer).await;
    assert!(matches!(verdict, ReadbackVerdict::Found { native_id: Some(id), .. } if id == sent));
}

#[tokio::test]
async fn a_person_lets_us_in_and_the_stream_tells_what_the_poll_tells() {
    let story = Story::begin().await;
    let base_url = Url::parse(&story.base()).unwrap();
    let redirect = Url::parse("http://127.0.0.1:9/back").unwrap();
    let registration = Registration { base_url: &base_url, redirect: &redirect, name: "Bedside", website: None };
    let mut registering =
        bedside_networks::start_registration(bedside_networks::Network::Mastodon, &registration).unwrap().unwrap();
    registering.on_response(&send(&registering.next_request().unwrap()).await.unwrap()).unwrap();
    let app = registering.registered().unwrap();
    let verifier = "v".repeat(43);
    let asked = AuthorisationRequest { redirect: &redirect, state: "st", verifier: &verifier };
    let network = bedside_networks::Network::Mastodon;
    let address = bedside_networks::authorisation_address(network, &app, &asked).unwrap();
    let path = format!("{}?{}", address.path(), address.query().unwrap());
    let back = story.call("GET", &path).answer().await;
    let back = Url::parse(back.header("location").unwrap()).unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let exchange = CodeExchange { redirect: &redirect, code: &code, verifier: &verifier, now: NOW };
    let mut granting = bedside_networks::start_exchange(network, &app, &exchange).unwrap();
    while let Some(request) = granting.next_request() {
        let answer: HttpResponse = send(&request).await.unwrap();
        granting.on_response(&answer).unwrap();
    }
    let granted = granting.granted().remove(0);
    let mut account = connected(&story).await;
    assert_eq!(Some(&granted.native_id), account.own_native_id.as_ref());
    account.credentials = granted.credentials;

    story.write(Network::Mastodon, Kind::Mention, "Rosa N.", "Are you open?");
    let (items, _, cursor) = heard(&account, None, &[]).await;
    let watch = Arc::new(Watch::default());
    let input = StreamInput { account: &account, source: &Value::Null, cursor: Some(&cursor), watch };
    let mut stream = bedside_networks::start_stream(input).unwrap().unwrap();
    assert!(stream.url.as_str().ends_with("/api/v1/streaming/user"));
    let asked = items.iter().find(|item| !parse(&account, item).is_own).unwrap();
    let (_, notifications) = story.call("GET", "/api/v1/notifications").send().await;
    let page = stream.reader.on_frame(format!("notification\n{}", notifications[0]).as_bytes()).unwrap();
    assert_eq!(page.items, std::slice::from_ref(asked));
}

#[tokio::test]
async fn a_limit_and_a_lost_answer_are_told_apart() {
    let story = Story::begin().await;
    let account = connected(&story).await;
    let post = Operation::Post {
        title: Phi::new(String::new()),
        text: Phi::new("Open on Sunday".to_owned()),
        link: None,
        media: vec![],
        language: None,
    };
    for _ in 0..300 {
        story.call("GET", "/api/v1/notifications").send().await;
    }
    let Outcome::Retry { after, .. } = deliver(&account, &post).await else { panic!("refused, and not accepted") };
    assert!(after.is_some_and(|after| after <= 301), "{after:?}");
    let late = Order { now: NOW + 1, ..order(&account, &post) };
    assert!(bedside_networks::start_send(late).is_ok());
}
