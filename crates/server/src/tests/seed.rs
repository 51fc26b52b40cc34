//! One thing of each kind in the organisation of a story.

use bedside_model::role::Role;
use bedside_model::{
    AccountId, AlertId, AppId, AuthorId, AuthorisationId, CaseId, ConversationId, DraftId, ImportId, MediaId,
    MessageId, OutboxId, RawId, SourceId, UserId, VerdictId, WatchTermId,
};
use bedside_store::testing::NOON;
use bedside_store::{By, Entry};

use crate::testing::{TestClient, TestServer};

/// The ids of what was made.
pub struct Seed {
    pub account: AccountId,
    pub app: AppId,
    pub media: MediaId,
    pub authorisation: AuthorisationId,
    pub watch_term: WatchTermId,
    pub source: SourceId,
    pub raw: RawId,
    pub import: ImportId,
    pub author: AuthorId,
    pub conversation: ConversationId,
    pub message: MessageId,
    pub draft: DraftId,
    pub post: DraftId,
    pub outbox: OutboxId,
    pub case: CaseId,
    pub alert: AlertId,
    pub user: UserId,
}

impl Seed {
    /// Makes one thing of each kind.
    pub async fn sow(server: &TestServer) -> Self {
        let user = server.sign_in(&[Role::Author]).await.user.expect("a user");
        let mut bits = 7_000_000_u128;
        let mut next = || {
            bits += 1;
            bits
        };
        let seed = Self {
            account: AccountId::from_bits(next()),
            app: AppId::from_bits(next()),
            media: MediaId::from_bits(next()),
            authorisation: AuthorisationId::from_bits(next()),
            watch_term: WatchTermId::from_bits(next()),
            source: SourceId::from_bits(next()),
            raw: RawId::from_bits(next()),
            import: ImportId::from_bits(next()),
            author: AuthorId::from_bits(next()),
            conversation: ConversationId::from_bits(next()),
            message: MessageId::from_bits(next()),
            draft: DraftId::from_bits(next()),
            post: DraftId::from_bits(next()),
            outbox: OutboxId::from_bits(next()),
            case: CaseId::from_bits(next()),
            alert: AlertId::from_bits(next()),
            user,
        };
        let verdict = VerdictId::from_bits(next());
        let sql = seed.sql(server.db.org.as_str(), verdict.as_str());
        server
            .app
            .store
            .write(&server.db.org, NOON, move |tx| {
                Box::pin(async move {
                    tx.conn().test_sql(&sql).await?;
                    tx.commit(Entry::new(By::cli(), "test.seeded", "test"), ())
                })
            })
            .await
            .expect("the seed fits the schema");
        let mut file = server.app.blobs.incoming(&server.db.org, &seed.media).await.expect("a file can be kept");
        file.write(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;").await.expect("a file can be written");
        file.finish().await.expect("it is a picture");
        seed
    }

    /// The flow in which an account is asked for is this person's: nobody else may go on with it.
    pub async fn is_asked_by(&self, server: &TestServer, who: &TestClient) {
        let user = who.user.as_ref().expect("somebody who is signed in");
        let sql = format!("update authorisations set user_id = '{user}' where id = '{}'", self.authorisation);
        server
            .app
            .store
            .write(&server.db.org, NOON, move |tx| {
                Box::pin(async move {
                    tx.conn().test_sql(&sql).await?;
                    tx.commit(Entry::new(By::cli(), "test.seeded", "test"), ())
                })
            })
            .await
            .expect("the flow is there");
    }

    fn sql(&self, org: &str, verdict: &str) -> String {
        let Self {
            account,
            app,
            media,
            authorisation,
            watch_term,
            source,
            raw,
            import,
            author,
            conversation,
            message,
            draft,
            post,
            outbox,
            case,
            alert,
            user,
        } = self;
        format!(
            "insert into accounts (org_id, id, network, name, base_url, state, part2, profile, config, created_at, updated_at, version)
                values ('{org}', '{account}', 'wordpress', 'Blog', 'http://127.0.0.1:9/', 'connected', false, '{{}}', '{{}}', 1, 1, 1);
            insert into media (org_id, id, sha256, kind, mime, bytes, created_at, version)
                values ('{org}', '{media}', 'h', 'image', 'image/png', 1, 1, 1);
            insert into apps (org_id, id, network, name, base_url, client_id, config, created_at, updated_at, version)
                values ('{org}', '{app}', 'facebook', 'App', 'http://127.0.0.1:9/', 'c', '{{}}', 1, 1, 1);
            insert into authorisations (org_id, id, state_hash, network, app_id, redirect, verifier, created_at, expires_at)
                values ('{org}', '{authorisation}', '{authorisation}', 'facebook', '{app}', 'http://127.0.0.1:9/', '', 1, 9000000000000000);
            insert into watch_terms (org_id, id, term, term_key, unless, kind, created_at)
                values ('{org}', '{watch_term}', 'Lakeside', 'lakeside', '[]', 'name', 1);
            insert into sources (org_id, id, account_id, kind, name, url, config, interval_seconds, paused, next_poll_at, items, failures, created_at, version)
                values ('{org}', '{source}', '{account}', 'comments', 'Blog', 'http://127.0.0.1:9/', '{{}}', 60, false, 1, 0, 0, 1, 1);
            insert into raw_items (org_id, id, account_id, source_id, native_id, kind, body, content_hash, revision, state, reason, attempts, received_at, updated_at)
                values ('{org}', '{raw}', '{account}', '{source}', '1', 'comment', '', 'h', 1, 'dead', 'no text', 1, 1, 1);
            insert into imports (org_id, id, account_id, name, format, columns, file, state, total_bytes, done_bytes, line, accepted, known, rejected, created_at, updated_at, version)
                values ('{org}', '{import}', '{account}', 'may.csv', 'csv', '{{}}', 'none', 'done', 1, 1, 1, 0, 0, 0, 1, 1, 1);
            insert into authors (org_id, id, account_id, native_id, display_name, messages, first_seen_at, last_seen_at)
                values ('{org}', '{author}', '{account}', '9', 'Maria G.', 1, 1, 1);
            insert into conversations (org_id, id, account_id, thread_native_id, author_id, excerpt, visibility, state, priority, c0, needs_reader,
                labels, due_sort, waiting, waiting_list, past_due_alerted, answered, first_message_at, last_message_at, opened_at, updated_at, version)
                values ('{org}', '{conversation}', '{account}', 't', '{author}', 'Waited', 'public', 'open', 7, false, false, '{{}}', 1, 0, '[]',
                false, false, 1, 1, 1, 1, 1);
            insert into messages (org_id, id, conversation_id, account_id, native_id, author_id, direction, kind, visibility, text, priority, published_at, received_at)
                values ('{org}', '{message}', '{conversation}', '{account}', 'n', '{author}', 'inbound', 'comment', 'public', 'Waited', 7, 1, 1);
            insert into verdicts (org_id, id, kind, decision, findings, text_hash, at) values ('{org}', '{verdict}', 'reply', 'allow', '[]', 'h', 1);
            insert into drafts (org_id, id, conversation_id, account_id, kind, text, text_hash, visibility, state, written_by, verdict_id, acknowledgements, prepared, created_at, updated_at, version)
                values ('{org}', '{draft}', '{conversation}', '{account}', 'reply', 'Thank you.', 'h', 'public', 'ready', '[\"{user}\"]', '{verdict}', '[]', false, 1, 1, 1);
            insert into drafts (org_id, id, account_id, kind, title, text, text_hash, visibility, state, written_by, verdict_id, acknowledgements, prepared, created_at, updated_at, version)
                values ('{org}', '{post}', '{account}', 'post', 'Hours', 'Open.', 'h', 'public', 'ready', '[\"{user}\"]', '{verdict}', '[]', false, 1, 1, 1);
            insert into outbox (org_id, id, kind, account_id, conversation_id, verdict_id, payload, idempotency_key, state, priority, attempts, due_at, needs_human, created_at, updated_at, version)
                values ('{org}', '{outbox}', 'reply', '{account}', '{conversation}', '{verdict}', '{{}}', 'k', 'dead', 7, 1, 1, true, 1, 1, 1);
            insert into cases (org_id, id, conversation_id, owner_role, reason, state, created_by, created_at, version)
                values ('{org}', '{case}', '{conversation}', 'privacy_officer', 'privacy', 'open', '{user}', 1, 1);
            insert into alerts (org_id, id, conversation_id, class, state, step, exhausted, raised_at, version)
                values ('{org}', '{alert}', '{conversation}', 'crisis', 'raised', 0, false, 1, 1);"
        )
    }

    /// The id of the thing that a route's `{id}` names.
    pub fn id_for(&self, path: &str) -> String {
        match path.split('/').nth(1).unwrap_or("") {
            "users" => self.user.to_string(),
            "alerts" => self.alert.to_string(),
            "accounts" => self.account.to_string(),
            "media" => self.media.to_string(),
            "registrations" => self.app.to_string(),
            "authorisations" => self.authorisation.to_string(),
            "watch_terms" => self.watch_term.to_string(),
            "sources" => self.source.to_string(),
            "dead_letters" => self.raw.to_string(),
            "imports" => self.import.to_string(),
            "conversations" => self.conversation.to_string(),
            "people" => self.author.to_string(),
            "cases" => self.case.to_string(),
            "drafts" => self.draft.to_string(),
            "messages" => self.message.to_string(),
            "outbox" => self.outbox.to_string(),
            "posts" => self.post.to_string(),
            other => panic!("no seed for /{other}"),
        }
    }

    /// Every id, for looking whether one leaked.
    pub fn ids(&self) -> Vec<String> {
        let rooms = [
            "users",
            "alerts",
            "accounts",
            "media",
            "registrations",
            "authorisations",
            "watch_terms",
            "sources",
            "dead_letters",
            "imports",
            "conversations",
            "people",
            "cases",
            "drafts",
            "messages",
            "outbox",
            "posts",
        ];
        rooms.iter().map(|room| self.id_for(&format!("/{room}"))).collect()
    }
}
