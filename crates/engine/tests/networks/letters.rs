//! An answer by mail, on its way to the mail server.

use bedside_engine::listen::accept::Acceptor;
use bedside_model::Phi;
use bedside_model::delivery::{OutboxKind, OutboxState};
use bedside_networks::{Credentials, Operation, Secret, Visibility, email};
use bedside_store::intake::raw::NewItem;
use bedside_store::testing::sqlite;
use serde_json::json;

use crate::support::{Connected, World};

const LETTER: &[u8] = b"From: Rosa N. <rosa@example.org>\r\nTo: care@example.org\r\nSubject: My visit\r\n\
    Message-ID: <1@example.org>\r\n\r\nI waited three hours.\r\n";

#[tokio::test]
async fn a_letter_and_its_password_do_not_cross_the_internet_in_the_open() {
    let world = World::new(sqlite().await);
    let (account, _) = world
        .connect(Connected {
            network: "email",
            base_url: "imaps://mail.example.org/",
            native_id: "care@example.org",
            credentials: Credentials::Basic { user: "care@example.org".into(), password: Secret::new("s3cret") },
            config: json!({
                "from": "care@example.org",
                "smtp": {"host": "mail.example.org", "port": 25, "tls": "none"},
            }),
            kind: "mailbox",
        })
        .await;
    let read = email::read(LETTER).remove(0);
    let letter = read.native_id.clone();
    let item = NewItem {
        native_id: read.native_id,
        kind: read.kind,
        body: read.body,
        content_hash: read.content_hash,
        published_at: None,
    };
    let acceptor = Acceptor::start(world.db.store.clone(), world.time.clone());
    acceptor.offer(&world.db.org, &account, item).await.unwrap();
    let answer = Operation::Reply {
        thread_native_id: letter.clone(),
        parent_native_id: Some(letter),
        visibility: Visibility::Private,
        text: Phi::new("We are sorry to read this. Please call 555-0100.".into()),
    };
    let id = world.send(&account, OutboxKind::Reply, &answer).await;
    world.out.run_until_idle().await.unwrap();
    let refused = world.item(&id).await;
    assert_eq!(refused.item.state, OutboxState::Dead, "{:?}", refused.why);
    assert_eq!(refused.why.as_deref(), Some("letters leave over TLS: set `tls` to `starttls` or `tls`"));
}
