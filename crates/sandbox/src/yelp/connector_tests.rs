//! The connector of Bedside against the emulated Yelp.

use bedside_model::Phi;
use bedside_networks::{
    self as networks, AccountView, Credentials, Handshake, Incoming, Known, Network, Operation, Outcome, PollInput,
    Query, Secret, Visibility,
};
use serde_json::{Value, json};

use crate::kit::testing::{Receiver, Story};
use crate::testing::{NOW, deliver, known, poll, self_test};
use crate::world::{Action, Kind, Network as Emulated, Subscribe, Write};

fn account(story: &Story, mode: &str) -> AccountView {
    let business = story.world.ready("")["networks"]["yelp"]["business"].as_str().unwrap().to_owned();
    AccountView {
        network: Network::Yelp,
        base_url: story.base().parse().unwrap(),
        own_native_id: Some(business.clone()),
        credentials: Credentials::Bearer { token: Secret::new("sandbox") },
        hook_secret: Secret::new("path-secret"),
        config: json!({"business": business, "mode": mode}),
    }
}

fn review(story: &Story, author: &str, text: &str) -> String {
    let (author, text) = (Some(author.to_owned()), Some(text.to_owned()));
    let written = Write { kind: Kind::Review, author, text, rating: Some(2), ..Write::on(Emulated::Yelp) };
    story.world.write(&written).unwrap()["id"].as_str().unwrap().to_owned()
}

fn input<'a>(account: &'a AccountView, known: &'a [Known]) -> PollInput<'a> {
    PollInput { account, source: &Value::Null, cursor: None, known, now: NOW }
}

fn reply(review: &str, text: &str) -> Operation {
    Operation::Reply {
        thread_native_id: review.to_owned(),
        parent_native_id: None,
        visibility: Visibility::Public,
        text: Phi::new(text.to_owned()),
    }
}

#[tokio::test]
async fn excerpts_come_in_and_say_that_they_were_cut() {
    let story = Story::begin().await;
    let account = account(&story, "excerpts");
    review(&story, "Rosa N.", &"I waited. ".repeat(30));
    let (items, _, _) = poll(input(&account, &[])).await;
    let message = networks::parse(&account, &items[0].kind, &items[0].body).unwrap();
    assert_eq!((message.rating, message.published_at), (Some(2.0), Some(NOW)));
    assert!(message.context.unwrap().excerpt.is_some());
    let (again, gone, _) = poll(input(&account, &known(&account, &items))).await;
    assert!(again.is_empty() && gone.is_empty());
}

#[tokio::test]
async fn a_partner_answers_and_the_network_takes_no_emoji() {
    let story = Story::begin().await;
    let account = account(&story, "partner");
    let id = review(&story, "Rosa N.", "I waited three hours");
    let sent = deliver(&account, &reply(&id, "Thank you for telling us.")).await;
    assert!(matches!(sent, Outcome::Delivered { .. }), "{sent:?}");
    let cheerful = reply(&id, "Thank you 👍");
    assert_eq!(networks::objections(&account, &cheerful)[0].code, "emoji");
    assert!(matches!(deliver(&account, &cheerful).await, Outcome::Dead { .. }), "and it would have been refused");
    assert!(matches!(deliver(&account, &reply("nobody", "Hello")).await, Outcome::Dead { .. }));

    let mut revoked = account.clone();
    revoked.credentials = Credentials::Bearer { token: Secret::new("wrong") };
    assert!(matches!(deliver(&revoked, &reply(&id, "Hello")).await, Outcome::Reauthorise { .. }));
}

#[tokio::test]
async fn a_self_test_names_the_missing_photo() {
    let story = Story::begin().await;
    let account = account(&story, "partner");
    let report = || self_test(&account);
    let well = report().await;
    assert!(well.can_read && well.can_write && well.problems.is_empty(), "{:?}", well.problems);
    assert_eq!(
        (well.native_id.as_ref(), &well.config["business_name"]),
        (account.own_native_id.as_ref(), &json!("Elm Street Clinic"))
    );
    assert_eq!(story.call("POST", "/v3/_sandbox/owner").json(&json!({"photo": false})).send().await.0, 204);
    let faceless = report().await;
    assert!(!faceless.can_write && faceless.problems[0].contains("photo"));
}

#[tokio::test]
async fn what_yelp_tells_is_believed_at_the_secret_address_only() {
    let (story, mut receiver) = (Story::begin().await, Receiver::start().await);
    let account = account(&story, "partner");
    let ask: Subscribe = serde_json::from_value(json!({"network": "yelp", "url": receiver.url()})).unwrap();
    story.world.hooks.subscribe(ask).await.unwrap();
    let id = review(&story, "Rosa N.", "I waited three hours");
    let new = receiver.next().await;
    story.world.write(&Write { action: Action::Delete, id: Some(id.clone()), ..Write::on(Emulated::Yelp) }).unwrap();
    let removed = receiver.next().await;
    let read = |body: &[u8], path_secret: &str| {
        let verified = networks::verify_webhook(&account, &Incoming { headers: &[], path_secret, body }, NOW);
        verified.map(|verified| networks::read_webhook(&account, verified).unwrap().parts)
    };
    assert!(read(&new.body, "guessed").is_err());
    let parts = read(&new.body, "path-secret").unwrap();
    assert!(parts[0].poll_now && parts[0].owner.is_none());
    assert_eq!(read(&removed.body, "path-secret").unwrap()[0].gone, [id]);
    let question = [("verification".to_owned(), "abc123".to_owned())];
    assert!(matches!(networks::webhook_handshake(&account, &Query(&question)), Handshake::Answer { .. }));
}
