//! The connector on two real servers that know each other (snac2): a patient on one answers the clinic on
//! the other, is heard and answered, and hears the answer.

use bedside_model::Phi;
use bedside_networks::{
    AccountView, Credentials, Network, Operation, Outcome, OwnKind, ReadbackVerdict, Secret, Visibility,
};
use serde_json::{Value, json};
use url::Url;

use crate::peer::{Peer, delivered, reply};

fn account(access: &Value, name: &str) -> AccountView {
    let text = |field: &str| access[name][field].as_str().unwrap();
    AccountView {
        network: Network::Mastodon,
        base_url: Url::parse(text("url")).unwrap(),
        own_native_id: None,
        credentials: Credentials::Bearer { token: Secret::new(text("access_token")) },
        hook_secret: Secret::default(),
        config: json!({}),
    }
}

fn post(text: String) -> Operation {
    Operation::Post {
        title: Phi::new(String::new()),
        text: Phi::new(text),
        link: None,
        media: vec![],
        language: Some("en".to_owned()),
    }
}

#[tokio::test]
async fn heavy_an_answer_crosses_two_real_servers_and_ours_comes_back() {
    let Some(peer) = Peer::at_hand("BEDSIDE_TEST_SNAC", "snac2") else { return };
    let mut clinic = account(&peer.access, "clinic");
    let mut patient = account(&peer.access, "patient");
    for account in [&mut clinic, &mut patient] {
        let report = peer.self_test(account).await;
        assert!(report.can_read && report.can_write, "{:?}", report.problems);
        assert!(account.config["max_characters"].as_u64() > Some(500), "its own limit");
        assert_eq!(account.config["streaming"], Value::Null, "it does not stream, and is polled");
    }

    let patients = &peer.access["patient"];
    let get = async |path: &str| peer.raw("GET", patients, path, &Value::Null).await;
    // What a person does on the network itself: follows the clinic, and reads what it writes.
    let found =
        get(&format!("/api/v2/search?resolve=true&q={}", peer.access["clinic"]["actor"].as_str().unwrap())).await;
    let id = found["accounts"][0]["id"].as_str().unwrap();
    peer.raw("POST", patients, &format!("/api/v1/accounts/{id}/follow"), &json!({})).await;
    let followed = || peer.raw("GET", &peer.access["clinic"], "/api/v1/notifications", &Value::Null);
    peer.wait_for(async || followed().await.as_array()?.iter().any(|one| one["type"] == "follow").then_some(())).await;

    let mark = peer.mark("Flu shots from Monday, word");
    let root = delivered(peer.send(&clinic, &post(mark.clone()), &peer.mark("k"), &[]).await);
    let theirs = peer
        .wait_for(async || {
            let home = get("/api/v1/timelines/home").await;
            let status = home
                .as_array()?
                .iter()
                .find(|status| status["content"].as_str().is_some_and(|text| text.contains(&mark)))?;
            status["id"].as_str().map(str::to_owned)
        })
        .await;
    let words = format!("Is it free? {mark}");
    let question = Operation::Reply {
        thread_native_id: theirs.clone(),
        parent_native_id: Some(theirs),
        visibility: Visibility::Public,
        text: Phi::new(words.clone()),
    };
    delivered(peer.send(&patient, &question, &peer.mark("k"), &[]).await);
    let heard = peer.until(&clinic, None, |message| message.text.expose().contains(&words)).await;
    let message = heard.messages.iter().find(|message| message.text.expose().contains(&words)).unwrap();
    assert!(!message.is_own && message.published_at.is_some());
    assert_eq!((message.thread_native_id.as_str(), message.parent_native_id.as_deref()), (&*root, Some(&*root)));

    let words = format!("Yes, from eight. {}", peer.mark("answer"));
    let answer = reply(message, &words);
    let sent = delivered(peer.send(&clinic, &answer, &peer.mark("k"), &[]).await);
    let verdict = peer.read_back(&clinic, &answer).await;
    assert!(matches!(&verdict, ReadbackVerdict::Found { native_id: Some(id), .. } if *id == sent), "{verdict:?}");
    let heard = peer.until(&clinic, Some(&heard), |message| message.native_id == sent).await;
    let own = heard.message(&sent);
    assert!(own.is_own);
    assert_eq!((own.text.expose(), &own.thread_native_id), (&words, &message.thread_native_id));
    // The one who asked is named, and so hears of it on the other server.
    peer.until(&patient, None, |message| message.text.expose().contains(&words)).await;

    let edit = Operation::EditOwn {
        kind: OwnKind::Reply,
        native_id: sent.clone(),
        text: Phi::new(format!("{words} Really.")),
    };
    delivered(peer.send(&clinic, &edit, &peer.mark("k"), &[]).await);
    assert!(matches!(peer.read_back(&clinic, &edit).await, ReadbackVerdict::Found { .. }));
    peer.until(&clinic, Some(&heard), |message| message.text.expose().ends_with("Really.")).await;

    // A server that cannot delete says so, and one that can does.
    let delete = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: sent };
    match peer.send(&clinic, &delete, &peer.mark("k"), &[]).await {
        Outcome::Delivered { .. } => {
            assert!(matches!(peer.read_back(&clinic, &delete).await, ReadbackVerdict::Found { .. }))
        }
        Outcome::Dead { why } => assert!(why.starts_with("this server cannot delete"), "{why}"),
        other => panic!("neither deleted nor refused: {other:?}"),
    }
}
