//! The connector on Bluesky's own development network: a post with facets and an image goes out, a
//! patient answers, is answered, hidden and shown again, and what is taken back is gone.

use bedside_model::Phi;
use bedside_networks::{
    AccountView, Credentials, Media, MediaKind, Network, Operation, Outcome, OwnKind, ReadbackVerdict, Secret, Session,
    Visibility,
};
use serde_json::{Value, json};
use url::Url;

use crate::peer::{Peer, delivered, known, reply};

/// A PNG of one pixel.
const PIXEL: &[u8] = &[
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 31, 21, 196,
    137, 0, 0, 0, 13, 73, 68, 65, 84, 120, 156, 99, 96, 96, 96, 96, 0, 0, 0, 5, 0, 1, 165, 246, 69, 64, 0, 0, 0, 0, 73,
    69, 78, 68, 174, 66, 96, 130,
];

/// An account as a person enters it: handle and app password, and nothing else.
fn account(access: &Value, name: &str) -> AccountView {
    let person = &access["accounts"][name];
    let text = |field: &str| person[field].as_str().unwrap().to_owned();
    AccountView {
        network: Network::Bluesky,
        base_url: Url::parse(access["pds"].as_str().unwrap()).unwrap(),
        own_native_id: None,
        credentials: Credentials::Session(Box::new(Session {
            identifier: text("handle"),
            password: Secret::new(text("app_password")),
            ..Session::default()
        })),
        hook_secret: Secret::default(),
        config: json!({}),
    }
}

#[tokio::test]
async fn heavy_a_post_is_answered_and_the_answer_hidden_on_a_real_network() {
    let Some(peer) = Peer::at_hand("BEDSIDE_TEST_BLUESKY", "Bluesky") else { return };
    let mut clinic = account(&peer.access, "clinic");
    let mut patient = account(&peer.access, "patient");
    for account in [&mut clinic, &mut patient] {
        let report = peer.self_test(account).await;
        assert!(report.can_read && report.can_write, "{:?}", report.problems);
        assert!(peer.renew(account).await, "a session is begun with the app password");
        assert!(peer.renew(account).await, "and renewed with what it left");
    }

    let post = Operation::Post {
        title: Phi::new("Flu shots".to_owned()),
        text: Phi::new("👩‍⚕️ Flu shots at @patient.test's, #flu https://clinic.example.org/flu".to_owned()),
        link: None,
        media: vec![Media {
            id: "pixel".to_owned(),
            kind: MediaKind::Image,
            mime: "image/png".to_owned(),
            bytes: PIXEL.len() as u64,
            size: Some((1, 1)),
            alt: Some(Phi::new("A nurse smiles".to_owned())),
            sha256: None,
            public_url: None,
        }],
        language: Some("en".to_owned()),
    };
    let mark = peer.mark("post");
    let root = delivered(peer.send(&clinic, &post, &mark, PIXEL).await);
    assert_eq!(delivered(peer.send(&clinic, &post, &mark, PIXEL).await), root, "written once");

    let heard = peer.until(&clinic, None, |message| message.native_id == root).await;
    let own = heard.message(&root);
    assert!(own.is_own && own.text.expose().contains("#flu"));
    // Whom it names hears of it.
    peer.until(&patient, None, |message| message.native_id == root).await;

    let question = reply(own, "Is it free?");
    let asked = delivered(peer.send(&patient, &question, &peer.mark("question"), &[]).await);
    let heard = peer.until(&clinic, Some(&heard), |message| message.native_id == asked).await;
    let message = heard.message(&asked);
    assert_eq!((message.thread_native_id.as_str(), message.parent_native_id.as_deref()), (&*root, Some(&*root)));
    assert_eq!(message.author.handle.as_ref().unwrap().expose(), "@patient.test");

    let answer = reply(message, "Yes, it is.");
    let sent = delivered(peer.send(&clinic, &answer, &peer.mark("answer"), &[]).await);
    let verdict = peer.read_back(&clinic, &answer).await;
    assert!(matches!(verdict, ReadbackVerdict::Found { native_id: Some(id), .. } if id == sent));
    let heard = peer.until(&clinic, Some(&heard), |message| message.native_id == sent).await;
    assert_eq!(heard.message(&sent).thread_native_id, root);

    for operation in [Operation::Hide { native_id: asked.clone() }, Operation::Approve { native_id: asked.clone() }] {
        assert!(matches!(peer.send(&clinic, &operation, "k", &[]).await, Outcome::Delivered { .. }));
        assert!(matches!(peer.read_back(&clinic, &operation).await, ReadbackVerdict::Found { .. }));
    }

    let delete = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: sent.clone() };
    assert!(matches!(peer.send(&clinic, &delete, "k", &[]).await, Outcome::Delivered { .. }));
    assert!(matches!(peer.read_back(&clinic, &delete).await, ReadbackVerdict::Found { .. }));
    peer.until_gone(&clinic, &heard.cursor, &known(&clinic, &heard.items), &sent).await;
    let delete = Operation::DeleteOwn { kind: OwnKind::Post, native_id: root };
    assert!(matches!(peer.send(&clinic, &delete, "k", &[]).await, Outcome::Delivered { .. }));
    assert_eq!(message.visibility, Visibility::Public);
}
