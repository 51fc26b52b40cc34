//! The connector of Bedside against the emulated Bluesky.

use bedside_networks::{
    self as networks, AccountView, Credentials, Network, Operation, OwnKind, PollInput, ReadbackVerdict, Secret,
    Session,
};
use serde_json::{Value, json};

use crate::kit::testing::Story;
use crate::testing::{NOW, deliver, delivered, known, look, parse, poll, reply, self_test, send};
use crate::world::{Action, Kind, Network as Emulated, SECRET, TOKEN, Write};

fn account(story: &Story, access: &str) -> AccountView {
    let ready = story.world.ready("")["networks"]["bluesky"].clone();
    AccountView {
        network: Network::Bluesky,
        base_url: story.base().parse().unwrap(),
        own_native_id: ready["account"].as_str().map(str::to_owned),
        credentials: Credentials::Session(Box::new(Session {
            identifier: ready["handle"].as_str().unwrap().to_owned(),
            password: Secret::new(SECRET),
            access_token: Secret::new(access),
            ..Session::default()
        })),
        hook_secret: Secret::default(),
        config: json!({}),
    }
}

fn says(story: &Story, kind: Kind, text: &str, parent: Option<&str>) -> String {
    let (author, text) = (Some("Rosa N.".to_owned()), Some(text.to_owned()));
    let write = Write { kind, author, text, parent: parent.map(str::to_owned), ..Write::on(Emulated::Bluesky) };
    story.world.write(&write).unwrap()["id"].as_str().unwrap().to_owned()
}

fn input<'a>(account: &'a AccountView, cursor: Option<&'a Value>, known: &'a [networks::Known]) -> PollInput<'a> {
    PollInput { account, source: &Value::Null, cursor, known, now: NOW }
}

#[tokio::test]
async fn what_is_said_comes_in_with_its_thread_and_is_followed() {
    let story = Story::begin().await;
    let account = account(&story, TOKEN);
    let comment = says(&story, Kind::Comment, "Where do I park?", None);
    let mention = says(&story, Kind::Mention, "are you open?", None);
    says(&story, Kind::Post, "Nobody is named here", None);
    let (items, _, cursor) = poll(input(&account, None, &[])).await;
    let heard: Vec<_> = items.iter().map(|item| parse(&account, item)).filter(|message| !message.is_own).collect();
    assert_eq!(heard.len(), 2);
    let of = |id: &str| heard.iter().find(|message| message.native_id == id).unwrap();
    assert!(of(&comment).parent_native_id.as_ref() == Some(&of(&comment).thread_native_id));
    assert_eq!(of(&mention).thread_native_id, mention);
    assert_eq!(of(&mention).author.handle.as_ref().unwrap().expose(), "@rosa-n.example.org");

    let known = known(&account, &items);
    let (id, text) = (Some(comment.clone()), Some("Where can I park?".to_owned()));
    story.world.write(&Write { action: Action::Edit, id, text, ..Write::on(Emulated::Bluesky) }).unwrap();
    let (id, action) = (Some(mention.clone()), Action::Delete);
    story.world.write(&Write { action, id, ..Write::on(Emulated::Bluesky) }).unwrap();
    let (items, gone, _) = poll(input(&account, Some(&cursor), &known)).await;
    assert_eq!(parse(&account, &items[0]).text.expose(), "Where can I park?");
    assert_eq!((items.len(), gone), (1, vec![mention]));
}

#[tokio::test]
async fn an_answer_is_written_once_found_again_and_taken_back() {
    let story = Story::begin().await;
    let account = account(&story, TOKEN);
    let comment = says(&story, Kind::Comment, "Where do I park?", None);
    let (items, _, _) = poll(input(&account, None, &[])).await;
    let asked = items.iter().map(|item| parse(&account, item)).find(|message| message.native_id == comment).unwrap();
    let answer = reply(&asked, "Behind the house. https://example.org/map");
    let id = delivered(deliver(&account, &answer).await);
    assert_eq!(delivered(deliver(&account, &answer).await), id, "the same delivery finds the first");
    assert!(
        matches!(look(&account, &answer).await, ReadbackVerdict::Found { native_id: Some(found), .. } if found == id)
    );
    let (items, _, _) = poll(input(&account, None, &[])).await;
    let echo = items.iter().map(|item| parse(&account, item)).find(|message| message.native_id == id).unwrap();
    assert!(echo.is_own && echo.parent_native_id.as_ref() == Some(&comment));

    deliver(&account, &Operation::Hide { native_id: comment.clone() }).await;
    let hidden = look(&account, &Operation::Hide { native_id: comment }).await;
    assert!(matches!(hidden, ReadbackVerdict::Found { .. }));
    let back = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: id };
    delivered(deliver(&account, &back).await);
    assert!(matches!(look(&account, &back).await, ReadbackVerdict::Found { .. }));
}

#[tokio::test]
async fn a_session_is_begun_by_password_and_renewed_once_by_what_it_left() {
    let story = Story::begin().await;
    let account = account(&story, "");
    let report = self_test(&account).await;
    assert!(report.can_read && report.can_write && report.problems.is_empty(), "{report:?}");
    let renew = async |account: &AccountView| {
        let mut renewal = networks::start_renewal(account, NOW).unwrap();
        while let Some(request) = renewal.next_request() {
            renewal.on_response(&send(&request).await.unwrap())?;
        }
        Ok::<_, networks::NetError>(renewal.granted().remove(0).credentials.over(&account.credentials))
    };
    let begun = AccountView { credentials: renew(&account).await.unwrap(), ..account.clone() };
    assert!(begun.credentials.expires_at().is_some_and(|ends| ends > NOW));
    assert!(self_test(&begun).await.can_read);
    let renewed = AccountView { credentials: renew(&begun).await.unwrap(), ..begun.clone() };
    assert!(renewed.credentials != begun.credentials && self_test(&renewed).await.can_read);
    // The refresh token of the first session is used up; the password begins another.
    assert!(renew(&begun).await.is_ok());
    let Credentials::Session(mut held) = begun.credentials.clone() else { unreachable!("it is a session") };
    held.password = Secret::default();
    let without = AccountView { credentials: Credentials::Session(held), ..begun };
    assert!(renew(&without).await.is_err());
}
