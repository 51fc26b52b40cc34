//! The connector of Bedside against the emulated Google Business Profile.

use bedside_model::Phi;
use bedside_networks::{
    self as networks, AccountView, Credentials, Incoming, Known, Metric, MetricsOf, Network, Operation, Outcome,
    OwnKind, PollInput, ReadbackVerdict, Secret, Visibility,
};
use serde_json::{Value, json};

use crate::kit::testing::{Receiver, Story};
use crate::testing::{NOW, deliver, known, look, parse, poll, self_test, send};
use crate::world::{Action, Kind, Network as Emulated, Subscribe, Write};

const DAY: i64 = 86_400_000_000;

/// An account that has just been connected: the self-test finds its locations.
async fn account(story: &Story) -> AccountView {
    let name = story.world.ready("")["networks"]["google_business"]["account"].as_str().unwrap().to_owned();
    let name = format!("accounts/{name}");
    let mut account = AccountView {
        network: Network::GoogleBusiness,
        base_url: story.base().parse().unwrap(),
        own_native_id: Some(name.clone()),
        credentials: Credentials::Bearer { token: Secret::new("sandbox") },
        hook_secret: Secret::new("path-secret"),
        config: json!({"account": name}),
    };
    let report = self_test(&account).await;
    assert!(report.can_read && report.can_write);
    assert_eq!(report.problems, ["a location is not verified: Google shows no reviews of it"]);
    account.config["locations"] = report.config["locations"].clone();
    account.config["post_location"] = account.config["locations"][0]["name"].clone();
    account
}

fn review(story: &Story, place: usize, text: &str) -> String {
    let places = &story.world.ready("")["networks"]["google_business"]["locations"];
    let on = places[place].as_str().map(str::to_owned);
    let (author, text) = (Some("Rosa N.".to_owned()), Some(text.to_owned()));
    let write = Write { kind: Kind::Review, author, text, on, rating: Some(2), ..Write::on(Emulated::GoogleBusiness) };
    story.world.write(&write).unwrap()["id"].as_str().unwrap().to_owned()
}

fn input<'a>(account: &'a AccountView, cursor: Option<&'a Value>, known: &'a [Known]) -> PollInput<'a> {
    PollInput { account, source: &Value::Null, cursor, known, now: NOW }
}

#[tokio::test]
async fn reviews_of_all_places_are_heard_answered_and_read_back() {
    let story = Story::begin().await;
    let account = account(&story).await;
    let (elm, oak) = (review(&story, 0, "I waited 3 hours 😞"), review(&story, 1, "Kind"));
    let (items, _, cursor) = poll(input(&account, None, &[])).await;
    let mut ids: Vec<&str> = items.iter().map(|item| item.native_id.as_str()).collect();
    ids.sort_unstable();
    let mut expected = [elm.as_str(), oak.as_str()];
    expected.sort_unstable();
    assert_eq!(ids, expected, "the place that is not verified keeps none waiting");
    let titles = items.iter().map(|item| parse(&account, item).context.unwrap().title.into_inner());
    assert!(titles.collect::<Vec<_>>().contains(&"Oak Avenue Clinic".to_owned()));

    let reply = Operation::Reply {
        thread_native_id: elm.clone(),
        parent_native_id: Some(elm.clone()),
        visibility: Visibility::Public,
        text: Phi::new("Thank you for telling us.".to_owned()),
    };
    let sent = deliver(&account, &reply).await;
    assert!(matches!(sent, Outcome::Delivered { .. }), "{sent:?}");
    assert!(matches!(look(&account, &reply).await, ReadbackVerdict::Found { .. }));

    let (echo, _, _) = poll(input(&account, Some(&cursor), &known(&account, &items))).await;
    assert_eq!(echo.len(), 1);
    let own = parse(&account, &echo[0]);
    assert!(own.is_own && own.parent_native_id.as_deref() == Some(elm.as_str()));
}

#[tokio::test]
async fn edits_and_deletions_are_seen_and_two_hundred_reviews_are_paged() {
    let story = Story::begin().await;
    let account = account(&story).await;
    let ids: Vec<String> = (0..200).map(|number| review(&story, 0, &format!("Number {number}"))).collect();
    let (items, _, cursor) = poll(input(&account, None, &[])).await;
    assert_eq!(items.len(), 200);
    let known = known(&account, &items);
    let edit = Write {
        action: Action::Edit,
        id: Some(ids[3].clone()),
        text: Some("Better now".to_owned()),
        ..Write::on(Emulated::GoogleBusiness)
    };
    story.world.write(&edit).unwrap();
    let delete = Write { action: Action::Delete, id: Some(ids[7].clone()), ..Write::on(Emulated::GoogleBusiness) };
    story.world.write(&delete).unwrap();
    let (changed, gone, _) = poll(input(&account, Some(&cursor), &known)).await;
    assert_eq!((changed.len(), changed[0].native_id.as_str()), (1, ids[3].as_str()));
    assert_eq!(gone, [ids[7].clone()]);
}

#[tokio::test]
async fn a_post_is_made_changed_and_taken_back() {
    let story = Story::begin().await;
    let account = account(&story).await;
    let post = Operation::Post {
        title: Phi::new(String::new()),
        text: Phi::new("Flu shots are here.".to_owned()),
        link: Some("https://elmstreet.example.org/flu".to_owned()),
        media: Vec::new(),
        language: Some("en".to_owned()),
    };
    let Outcome::Delivered { native_id: Some(id), .. } = deliver(&account, &post).await else { panic!() };
    assert!(
        matches!(look(&account, &post).await, ReadbackVerdict::Found { native_id: Some(found), .. } if found == id)
    );
    let text = Phi::new("Flu shots until noon.".to_owned());
    let edit = Operation::EditOwn { kind: OwnKind::Post, native_id: id.clone(), text };
    assert!(matches!(deliver(&account, &edit).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &edit).await, ReadbackVerdict::Found { .. }));
    let delete = Operation::DeleteOwn { kind: OwnKind::Post, native_id: id };
    assert_eq!(look(&account, &delete).await, ReadbackVerdict::NotThere);
    assert!(matches!(deliver(&account, &delete).await, Outcome::Delivered { .. }));
    assert!(matches!(look(&account, &delete).await, ReadbackVerdict::Found { .. }));
}

#[tokio::test]
async fn figures_are_read_and_a_wrong_token_asks_for_a_person() {
    let story = Story::begin().await;
    let mut account = account(&story).await;
    let verified: Vec<Value> = account.config["locations"].as_array().unwrap()[..2].to_vec();
    account.config["locations"] = verified.into();
    let of = MetricsOf { account: &account, post_native_id: None, since: NOW - 9 * DAY, until: NOW - 5 * DAY };
    let mut metrics = networks::start_metrics(of).unwrap();
    let mut figures = Vec::new();
    while let Some(request) = metrics.next_request() {
        figures.extend(metrics.on_response(&send(&request).await.unwrap()).unwrap());
    }
    assert!(figures.iter().any(|figure| figure.metric == Metric::Actions && figure.day.is_some()), "{figures:?}");
    let of_one_day = figures.iter().filter(|figure| figure.native_name == "CALL_CLICKS").count();
    assert!(of_one_day <= 5, "one figure a day for all places together");

    account.credentials = Credentials::Bearer { token: Secret::new("wrong") };
    let poll = networks::start_poll(input(&account, None, &[])).unwrap();
    let answer = send(&poll.next_request().unwrap()).await.unwrap();
    assert_eq!(networks::classify(Network::GoogleBusiness, &answer), networks::ErrorClass::Authorisation);
}

#[tokio::test]
async fn a_notice_makes_us_poll() {
    let (story, mut receiver) = (Story::begin().await, Receiver::start().await);
    let mut account = account(&story).await;
    account.config["push_audience"] = receiver.url().into();
    let ask: Subscribe = serde_json::from_value(json!({"network": "google_business", "url": receiver.url()})).unwrap();
    story.world.hooks.subscribe(ask).await.unwrap();
    review(&story, 0, "I waited three hours");
    let told = receiver.next().await;
    // The keys are fetched, as the engine does.
    let request = networks::webhook_keys(&account, NOW).unwrap().unwrap();
    let found = networks::read_webhook_keys(&account, &send(&request).await.unwrap(), NOW).unwrap();
    account.config.as_object_mut().unwrap().extend(found);
    let headers = [("authorization".to_owned(), told.header("authorization").to_owned())];
    let check = |path_secret| {
        let incoming = Incoming { headers: &headers, path_secret, body: &told.body };
        networks::verify_webhook(&account, &incoming, NOW)
    };
    assert!(check("guessed").is_err());
    let mut other = account.clone();
    other.config["push_audience"] = "https://other.example.org/".into();
    let incoming = Incoming { headers: &headers, path_secret: "path-secret", body: &told.body };
    assert!(networks::verify_webhook(&other, &incoming, NOW).is_err(), "it is signed for another audience");
    let parts = networks::read_webhook(&account, check("path-secret").unwrap()).unwrap().parts;
    assert!(parts[0].poll_now && parts[0].owner.is_none());
}
