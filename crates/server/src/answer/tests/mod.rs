//! The main job as stories, on both engines.

mod copies;
mod correcting;
mod door;
mod drafting;
mod hand_over;
mod inbox;
mod moderating;
mod posts;
mod queue;
mod taking_back;

use bedside_model::conversation::Event;
use bedside_model::network::{Direction, Visibility};
use bedside_model::role::Role;
use bedside_model::time::from_micros;
use bedside_model::{AccountId, AuthorId, ConversationId, MessageId, Phi};
use bedside_store::conversation::{Step, apply};
use bedside_store::own::{OwnMessage, add_message};
use bedside_store::{By, Entry};
use serde_json::{Value, json};

use crate::testing::{TestClient, TestServer};

/// A text that says nothing about anybody.
pub(super) const SAFE: &str = "Thank you for telling us. We take every concern seriously. \
    Please call our patient relations team at 555-0100.";

/// A text that confirms a visit (B1): stopped, and open to an exception.
pub(super) const CONFIRMS: &str = "We are sorry about your visit on Tuesday. Please call us at 555-0100.";

/// A text with a record number (B3): stopped for good.
pub(super) const NUMBERED: &str = "Please call us about MRN 4471882 at 555-0100.";

/// A text with a conditional apology (W5): allowed when it is acknowledged.
pub(super) const CONDITIONAL: &str =
    "We are sorry if anything was unclear. Please call our patient relations team at 555-0100.";

/// A story's server with a blog and somebody who answers.
pub(super) struct Story {
    pub server: TestServer,
    pub responder: TestClient,
    pub account: AccountId,
}

/// A conversation of a story.
pub(super) struct Thread {
    pub id: ConversationId,
    pub message: MessageId,
    pub author: AuthorId,
}

impl Story {
    pub(super) async fn on(server: TestServer) -> Self {
        let account = AccountId::from_bits(server.app.store.ids().bits(server.app.now()));
        let responder = server.sign_in(&[Role::Responder]).await;
        let story = Self { server, responder, account };
        story.sql(&format!(
            "insert into accounts (org_id, id, network, name, base_url, connected_as, state, part2, profile, config, created_at, updated_at, version)
            values ('{}', '{}', 'wordpress', 'Lakeside blog', 'https://blog.lakeside.example.org/', 'Lakeside Health', 'connected', false,
            '{{\"contacts\":{{\"phone\":\"555-0100\"}}}}', '{{}}', 1, 1, 1)",
            story.server.db.org, story.account,
        ))
        .await;
        story
    }

    pub(super) async fn each_engine() -> Vec<Self> {
        let mut all = vec![];
        for server in TestServer::each_engine().await {
            all.push(Self::on(server).await);
        }
        all
    }

    pub(super) async fn sqlite() -> Self {
        Self::on(TestServer::sqlite().await).await
    }

    pub(super) async fn sql(&self, text: &str) {
        self.server.app.store.read().await.unwrap();
        let text = text.to_owned();
        self.server
            .app
            .store
            .write(&self.server.db.org, self.server.app.now(), move |tx| {
                Box::pin(async move {
                    tx.conn().test_sql(&text).await?;
                    tx.commit(Entry::new(By::cli(), "test.sql", "test"), ())
                })
            })
            .await
            .unwrap();
    }

    pub(super) async fn colleague(&self, roles: &[Role]) -> TestClient {
        self.server.sign_in(roles).await
    }

    /// A message of somebody outside arrives and begins a conversation of this rank.
    pub(super) async fn hears(&self, priority: u8, visibility: Visibility) -> Thread {
        let ids = self.server.app.store.ids();
        let now = self.server.app.now();
        let thread = Thread {
            id: ConversationId::from_bits(ids.bits(now)),
            message: MessageId::from_bits(ids.bits(now)),
            author: AuthorId::from_bits(ids.bits(now)),
        };
        let (org, account) = (&self.server.db.org, &self.account);
        let Thread { id, author, .. } = &thread;
        self.sql(&format!(
            "insert into authors (org_id, id, account_id, native_id, display_name, messages, first_seen_at, last_seen_at)
                values ('{org}', '{author}', '{account}', '{author}', 'Maria G.', 1, {now}, {now});
            insert into conversations (org_id, id, account_id, thread_native_id, place, author_id, excerpt, language, visibility, state,
                priority, c0, needs_reader, labels, due_sort, waiting, waiting_list, past_due_alerted, answered, first_message_at,
                last_message_at, opened_at, updated_at, version)
                values ('{org}', '{id}', '{account}', 'thread-{id}', 'Opening hours', '{author}', 'Waited three hours', 'en',
                '{visibility}', 'open', 12, false, false, '{{\"intents\":[{{\"label\":\"complaint\",\"score\":0.9}}]}}', {no_due}, 0, '[]', false,
                false, {now}, {now}, {now}, {now}, 1)",
            no_due = i64::MAX,
        ))
        .await;
        self.writes_again(&thread, &thread.message, priority, visibility).await;
        thread
    }

    /// A further message in a conversation.
    pub(super) async fn writes_again(
        &self,
        thread: &Thread,
        message: &MessageId,
        priority: u8,
        visibility: Visibility,
    ) {
        let now = self.server.app.now();
        let (org, account) = (&self.server.db.org, &self.account);
        let Thread { id, author, .. } = thread;
        self.sql(&format!(
            "insert into messages (org_id, id, conversation_id, account_id, native_id, author_id, direction, kind, visibility, text,
                priority, published_at, received_at)
                values ('{org}', '{message}', '{id}', '{account}', 'native-{message}', '{author}', '{direction}', 'comment', '{visibility}',
                'Waited three hours and nobody told us anything.', {priority}, {now}, {now})",
            direction = Direction::Inbound,
        ))
        .await;
        let ids = self.server.app.store.ids().clone();
        let (id, message) = (id.clone(), message.clone());
        self.server
            .app
            .store
            .write(org, now, move |tx| {
                Box::pin(async move {
                    let at = from_micros(now);
                    let due = (priority <= 8).then(|| from_micros(now + 600_000_000));
                    let event = Event::MessageIn { message, priority, at, due };
                    let by = By::system("intake");
                    let step = Step { id: &id, event, by: &by, detail: json!({}), reason: None, if_version: None };
                    apply(tx, &ids, step).await?;
                    tx.commit(Entry::new(by, "message.received", &id), ())
                })
            })
            .await
            .unwrap();
    }

    /// A message arrives of which this is said. What is said is given, so that a story about people does not
    /// hang on what a model reads today.
    pub(super) async fn reads(&self, text: &str, said: &bedside_understand::Assessment) -> Thread {
        let thread = self.hears(said.priority, Visibility::Public).await;
        let (org, quoted) = (&self.server.db.org, text.replace('\'', "''"));
        let json = serde_json::to_string(said).unwrap().replace('\'', "''");
        self.sql(&format!(
            "update messages set text = '{quoted}', assessment = '{json}' where org_id = '{org}' and id = '{}'",
            thread.message,
        ))
        .await;
        thread
    }

    /// A draft of an answer, as the responder begins it.
    pub(super) async fn drafts(&self, thread: &Thread, text: &str) -> Value {
        let made = self.responder.post(&format!("/conversations/{}/drafts", thread.id), json!({ "text": text })).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.json
    }

    /// An own reply that stands on the network.
    pub(super) async fn replied(&self, thread: &Thread, text: &str) -> MessageId {
        let draft = self.drafts(thread, text).await;
        let sent = send(&self.responder, &draft).await;
        assert_eq!(sent.status, 202, "{}", sent.text);
        let ids = self.server.app.store.ids().clone();
        let message = MessageId::from_bits(ids.bits(self.server.app.now()));
        let own = OwnMessage {
            id: message.clone(),
            conversation_id: thread.id.clone(),
            account_id: self.account.clone(),
            outbox_id: sent.json["id"].as_str().unwrap().parse().unwrap(),
            native_id: format!("own-{message}"),
            parent_native_id: Some(format!("native-{}", thread.message)),
            visibility: "public".into(),
            permalink: None,
            text: Phi::new(text.to_owned()),
        };
        let store = &self.server.app.store;
        store
            .write(&self.server.db.org, self.server.app.now(), move |tx| {
                Box::pin(async move {
                    add_message(tx, &own).await?;
                    tx.commit(Entry::new(By::system("outbox"), "outbox.delivered", &own.outbox_id), ())
                })
            })
            .await
            .unwrap();
        self.sql(&format!(
            "update outbox set state = 'delivered', next_at = null where id = '{}'",
            sent.json["id"].as_str().unwrap()
        ))
        .await;
        message
    }

    /// One number that the story asks the database for.
    pub(super) async fn number(&self, text: &str) -> i64 {
        let mut conn = self.server.app.store.read().await.unwrap();
        conn.test_rows(text).await.unwrap()[0].int("n").unwrap()
    }

    /// One text that the story asks the database for.
    pub(super) async fn text(&self, text: &str) -> String {
        let mut conn = self.server.app.store.read().await.unwrap();
        conn.test_rows(text).await.unwrap()[0].text("t").unwrap()
    }
}

pub(super) fn path(draft: &Value, verb: &str) -> String {
    format!("/drafts/{}/{verb}", draft["id"].as_str().unwrap())
}

pub(super) async fn send(client: &TestClient, draft: &Value) -> crate::testing::Answer {
    client.post(&path(draft, "send"), json!({ "text_hash": draft["text_hash"] })).await
}

pub(super) async fn change(client: &TestClient, draft: &Value, text: &str) -> crate::testing::Answer {
    let version = format!("\"{}\"", draft["version"]);
    let path = format!("/drafts/{}", draft["id"].as_str().unwrap());
    client.with("if-match", &version).patch(&path, json!({ "text": text })).await
}
