//! The main job on a real WordPress: a visitor comments, Bedside hears it within one poll and
//! answers in the thread, exactly once; edits, deletions, staff answers and taking back go both ways.
//! Every assertion about the site reads it back through its own REST API.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a story that fails")]

use std::time::Duration;

use base64::Engine as _;
use bedside_engine::clock::Clock;
use bedside_engine::http::{AllowedHosts, Http};
use bedside_engine::listen::Listen;
use bedside_engine::listen::accounts::credentials_bytes;
use bedside_engine::out::Out;
use bedside_model::delivery::OutboxKind;
use bedside_model::{AccountId, ConversationId, MessageId, OutboxId, Phi, SourceId, VerdictId};
use bedside_networks::{Credentials, HttpRequest, HttpResponse, Method, Operation, OwnKind, Secret, Visibility};
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::listen::source::{self, NewSource};
use bedside_store::outbox::{self, NewItem};
use bedside_store::testing::{TestDb, sqlite};
use bedside_store::{By, Entry, Row, settings};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

/// How to reach the site, as the test command hands it over.
#[derive(Debug, Clone, Deserialize)]
struct Access {
    url: String,
    admin_user: String,
    app_password: String,
    second_user: String,
    second_app_password: String,
    post_id: u64,
}

/// The site at hand; `None`, said aloud, where there is none.
#[expect(clippy::disallowed_methods, reason = "the test command hands its peers over in the environment")]
fn access() -> Option<Access> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match set("BEDSIDE_TEST_WORDPRESS") {
        Some(path) => Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()),
        None if set("BEDSIDE_REQUIRE_PEERS").is_some() => {
            panic!("WordPress is required for this test and was not started")
        }
        None => {
            eprintln!("skipped: WordPress (BEDSIDE_TEST_WORDPRESS is not set; `cargo xtask test` starts one)");
            None
        }
    }
}

/// A WordPress, a Bedside that is connected to it, and the checker's own eyes on both.
struct Scene {
    site: Access,
    db: TestDb,
    time: Clock,
    http: Http,
    listen: Listen,
    out: Out,
    account: AccountId,
    source: SourceId,
    /// Makes the words of this run its own: a site may be used by several runs.
    mark: String,
}

impl Scene {
    async fn set(site: Access) -> Self {
        let db = sqlite().await;
        let time = Clock::System;
        let http = Http::new(AllowedHosts::new(["127.0.0.1"])).unwrap();
        let listen = Listen::new(db.store.clone(), time.clone(), http.clone(), "test", db.dir.path());
        let out = Out::new(
            db.store.clone(),
            time.clone(),
            http.clone(),
            "test",
            "https://bedside.example.org/",
            db.dir.path(),
        );
        let ids = db.store.ids();
        let (account, source) = (AccountId::from_bits(ids.bits(time.now())), SourceId::from_bits(ids.bits(time.now())));
        let mark = format!("mark{}", time.now());
        let scene = Self { site, db, time, http, listen, out, account, source, mark };
        scene.connect().await;
        scene
    }

    async fn connect(&self) {
        let password = Secret::new(&self.site.app_password);
        let new = NewAccount {
            id: self.account.clone(),
            network: "wordpress".into(),
            name: "Blog".into(),
            base_url: format!("{}/", self.site.url.trim_end_matches('/')),
            part2: false,
            profile: Profile::default(),
            // The self-test finds the colleagues who answer on the site itself.
            config: json!({}),
            credentials: credentials_bytes(&Credentials::Basic { user: self.site.admin_user.clone(), password }),
        };
        let polled = NewSource {
            id: self.source.clone(),
            account_id: self.account.clone(),
            kind: "comments".into(),
            name: "Comments".into(),
            url: String::new(),
            config: json!({ "reread_cycle": 1 }),
            interval_seconds: 10,
        };
        let keyring = self.db.store.keyring().clone();
        let write = self.db.store.write(&self.db.org, self.time.now(), move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                let (mut all, version) = bedside_store::settings::load(tx.conn(), &org).await?;
                all.alerts.allowed_private_hosts = vec!["127.0.0.1".to_owned()];
                settings::save(tx, &all, version).await?;
                account::add(tx, &keyring, &new).await?;
                source::add(tx, &polled).await?;
                tx.commit(Entry::new(By::cli(), "account.added", &new.id), ())
            })
        });
        write.await.unwrap();
        let tested = self.listen.self_test(&self.db.org, &self.account, By::cli()).await.unwrap();
        assert!(tested.ok, "the self-test finds a site that works: {tested:?}");
    }

    async fn ask(&self, request: HttpRequest) -> HttpResponse {
        self.http.send(&request, &AllowedHosts::default()).await.unwrap()
    }

    fn at(&self, path: &str) -> Url {
        Url::parse(&self.site.url).unwrap().join(path).unwrap()
    }

    /// The site's own REST API, as somebody of the site.
    async fn rest(&self, user: &str, password: &str, method: Method, route: &str, body: Value) -> Value {
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        let mut request = HttpRequest {
            method,
            url: self.at(&format!("/wp-json/wp/v2/{route}")),
            headers: vec![("authorization", Secret::new(format!("Basic {basic}")))],
            body: vec![],
            piece: None,
            draws: None,
        };
        if !body.is_null() {
            request.headers.push(("content-type", Secret::new("application/json")));
            request.body = body.to_string().into_bytes();
        }
        let answer = self.ask(request).await;
        assert!(answer.is_success(), "{route}: {}", answer.status);
        serde_json::from_slice(&answer.body).unwrap()
    }

    async fn read(&self, route: &str) -> Value {
        self.rest(&self.site.admin_user, &self.site.app_password, Method::Get, route, Value::Null).await
    }

    /// An own comment or post as the site has it, with its source.
    async fn standing(&self, route: &str) -> Value {
        self.read(&format!("{route}?context=edit")).await
    }

    async fn as_second(&self, method: Method, route: &str, body: Value) -> Value {
        self.rest(&self.site.second_user, &self.site.second_app_password, method, route, body).await
    }

    /// Somebody without an account comments, through the form that every visitor uses.
    async fn visitor_comments(&self, author: &str, text: &str) -> u64 {
        let post = self.site.post_id.to_string();
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("author", author),
                ("email", "visitor@example.org"),
                ("url", ""),
                ("comment", text),
                ("comment_post_ID", post.as_str()),
                ("comment_parent", "0"),
                ("submit", "Post Comment"),
            ])
            .finish();
        let form = HttpRequest {
            method: Method::Post,
            url: self.at("/wp-comments-post.php"),
            headers: vec![("content-type", Secret::new("application/x-www-form-urlencoded"))],
            body: form.into_bytes(),
            piece: None,
            draws: None,
        };
        let answer = self.ask(form).await;
        assert_eq!(answer.status, 302, "WordPress takes the comment and shows it");
        let found = self.read(&format!("comments?post={post}&context=edit&status=any&per_page=100")).await;
        let found = found.as_array().unwrap().iter().find(|comment| comment["content"]["raw"] == text);
        found.unwrap_or_else(|| panic!("the comment stands on the site"))["id"].as_u64().unwrap()
    }

    /// One poll of the source, and the intake behind it.
    async fn poll(&self) {
        let polled = self.listen.poll_source_once(&self.db.org, &self.source).await.unwrap().unwrap();
        assert_eq!(polled.error, None);
        self.listen.intake_until_idle(&self.db.org).await.unwrap();
    }

    async fn rows(&self, text: &str) -> Vec<Row> {
        self.db.store.read().await.unwrap().test_rows(text).await.unwrap()
    }

    async fn message(&self, native_id: u64) -> Row {
        let text = format!(
            "select m.id, m.text, m.direction, m.edited_at, m.deleted_at, m.answered_at, m.conversation_id, m.outbox_id,
            c.state, c.thread_native_id, c.answered from messages m join conversations c on c.id = m.conversation_id
            where m.native_id = '{native_id}'"
        );
        let mut rows = self.rows(&text).await;
        assert_eq!(rows.len(), 1, "comment {native_id} stands in the inbox once");
        rows.remove(0)
    }

    /// Queues an operation as the server does, sends it, and answers the network's id.
    async fn sends(&self, kind: OutboxKind, about: Option<&Row>, own: Option<MessageId>, what: &Operation) -> String {
        let (now, ids) = (self.time.now(), self.db.store.ids());
        let id = OutboxId::from_bits(ids.bits(now));
        let item = NewItem {
            id: id.clone(),
            kind,
            account_id: Some(self.account.clone()),
            conversation_id: about.map(|row| row.parsed::<ConversationId>("conversation_id").unwrap()),
            draft_id: None,
            message_id: own,
            alert_id: None,
            verdict_id: VerdictId::from_bits(ids.bits(now)),
            payload: outbox::payload(what),
            idempotency_key: id.to_string(),
            priority: 8,
            due_at: now,
        };
        let queued = self.db.store.write(&self.db.org, now, move |tx| {
            Box::pin(async move {
                outbox::verdict::add_fixed(tx, &item.verdict_id, "check").await?;
                outbox::enqueue(tx, &item).await?;
                tx.commit(Entry::new(By::cli(), "draft.sent", &item.id), ())
            })
        });
        queued.await.unwrap();
        self.out.run_until_idle().await.unwrap();
        let row = self.rows(&format!("select state, why, native_id from outbox where id = '{id}'")).await.remove(0);
        assert_eq!(row.text("state").unwrap(), "delivered", "{:?}", row.opt_text("why"));
        row.opt_text("native_id").unwrap().unwrap_or_default()
    }

    async fn replies(&self, to: u64, text: &str) -> u64 {
        let row = self.message(to).await;
        let reply = Operation::Reply {
            thread_native_id: row.text("thread_native_id").unwrap(),
            parent_native_id: Some(to.to_string()),
            visibility: Visibility::Public,
            text: Phi::new(text.to_owned()),
        };
        self.sends(OutboxKind::Reply, Some(&row), None, &reply).await.parse().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn heavy_the_main_job_on_a_real_wordpress() {
    let Some(site) = access() else { return };
    let scene = Scene::set(site).await;
    let mark = scene.mark.clone();
    scene.poll().await;

    // In: an anonymous visitor's comment is a message after one poll.
    let text = format!("Are you open on Saturdays? {mark}");
    let question = scene.visitor_comments("Sam Visitor", &text).await;
    scene.poll().await;
    let heard = scene.message(question).await;
    assert_eq!((heard.text("text").unwrap(), heard.text("direction").unwrap()), (text, "inbound".into()));
    assert_eq!(heard.text("thread_native_id").unwrap(), format!("{}:{question}", scene.site.post_id));
    let raw = scene.rows(&format!("select body from raw_items where native_id = '{question}'")).await;
    let raw = String::from_utf8_lossy(&raw[0].bytes("body").unwrap()).into_owned();
    assert!(!raw.contains("visitor@example.org") && !raw.contains("127.0.0.1\""), "address and e-mail are dropped");

    // Out: the answer stands under the question, once, by the account's user, as it was written.
    let answer = format!("Thank you & see <our page>: \"Saturdays\", 9-12. {mark}");
    let reply = scene.replies(question, &answer).await;
    let standing = scene.standing(&format!("comments/{reply}")).await;
    let me = scene.read("users/me").await;
    assert_eq!(standing["parent"].as_u64(), Some(question), "threaded");
    assert_eq!((standing["author"].as_u64(), standing["status"].as_str()), (me["id"].as_u64(), Some("approved")));
    let shown = standing["content"]["rendered"].as_str().unwrap();
    assert!(shown.contains("&lt;our page&gt;") && shown.contains(&mark), "the words arrive as words: {shown}");
    let post = scene.site.post_id;
    let all = scene.read(&format!("comments?post={post}&parent={question}&per_page=100")).await;
    assert_eq!(all.as_array().unwrap().len(), 1, "once");

    // The own reply comes back with the next poll and is no new question.
    scene.poll().await;
    let echo = scene.message(reply).await;
    assert_eq!(echo.text("direction").unwrap(), "own_reply");
    assert!(echo.opt_text("outbox_id").unwrap().is_some());
    let answered = scene.message(question).await;
    assert!(answered.bool("answered").unwrap() && answered.opt_int("answered_at").unwrap().is_some());
    assert_eq!(echo.text("conversation_id").unwrap(), answered.text("conversation_id").unwrap());

    // The visitor's comment is edited on the site: seen.
    let edited = format!("Are you open on Sundays? {mark}");
    scene.as_second(Method::Post, &format!("comments/{question}"), json!({ "content": edited })).await;
    scene.poll().await;
    let row = scene.message(question).await;
    assert_eq!(row.text("text").unwrap(), edited);
    assert!(row.opt_int("edited_at").unwrap().is_some());

    // A colleague answers directly on WordPress: that is the answer.
    let second = scene.visitor_comments("Kim Visitor", &format!("Is there parking? {mark}")).await;
    scene.poll().await;
    assert!(!scene.message(second).await.bool("answered").unwrap());
    let body = json!({ "post": post, "parent": second, "content": format!("Yes, behind the house. {mark}") });
    let staff = scene.as_second(Method::Post, "comments", body).await["id"].as_u64().unwrap();
    scene.poll().await;
    assert_eq!(scene.message(staff).await.text("direction").unwrap(), "staff_elsewhere");
    assert!(scene.message(second).await.bool("answered").unwrap(), "answered elsewhere");

    // A comment goes into the trash: seen as deleted.
    scene.as_second(Method::Delete, &format!("comments/{second}"), Value::Null).await;
    scene.poll().await;
    assert!(scene.message(second).await.opt_int("deleted_at").unwrap().is_some());

    // Taking back: first other words, then nothing. A sealed copy of each stays.
    let own: MessageId = echo.parsed("id").unwrap();
    let better = format!("We are open on Saturdays from 9 to 12. {mark}");
    let edit =
        Operation::EditOwn { kind: OwnKind::Reply, native_id: reply.to_string(), text: Phi::new(better.clone()) };
    scene.sends(OutboxKind::Edit, Some(&echo), Some(own.clone()), &edit).await;
    assert_eq!(scene.standing(&format!("comments/{reply}")).await["content"]["raw"], better.as_str());
    assert_eq!(scene.message(reply).await.text("text").unwrap(), better);
    let delete = Operation::DeleteOwn { kind: OwnKind::Reply, native_id: reply.to_string() };
    scene.sends(OutboxKind::Delete, Some(&echo), Some(own), &delete).await;
    assert_eq!(scene.standing(&format!("comments/{reply}")).await["status"], "trash");
    assert!(scene.message(reply).await.opt_int("deleted_at").unwrap().is_some());
    assert_eq!(scene.rows("select id from sealed_copies").await.len(), 2);
    scene.poll().await;
    assert!(scene.message(reply).await.opt_int("deleted_at").unwrap().is_some(), "and it stays taken back");

    // A post.
    let (title, text) =
        (format!("Flu season & you {mark}"), "Wash your hands.\n\nStay at home if you cough.".to_owned());
    let post =
        Operation::Post { title: Phi::new(title), text: Phi::new(text), link: None, media: vec![], language: None };
    let id = scene.sends(OutboxKind::Post, None, None, &post).await;
    let standing = scene.standing(&format!("posts/{id}")).await;
    assert_eq!(standing["status"], "publish");
    let shown = standing["content"]["rendered"].as_str().unwrap();
    assert!(
        shown.contains("<p>Wash your hands.</p>") && shown.contains("<p>Stay at home if you cough.</p>"),
        "{shown}"
    );
    assert!(standing["title"]["rendered"].as_str().unwrap().contains(&mark));
}

#[tokio::test(flavor = "multi_thread")]
async fn heavy_a_reply_whose_answer_is_lost_is_found_on_a_real_wordpress() {
    let Some(site) = access() else { return };
    let scene = Scene::set(site).await;
    let question = scene.visitor_comments("Alex Visitor", &format!("Do you take walk-ins? {}", scene.mark)).await;
    scene.poll().await;
    // The site takes the reply, and the sender hears nothing: the same words by the account's user,
    // and a row that a worker left in the middle.
    let row = scene.message(question).await;
    let words = format!("Yes, we do; it's quickest before 10. {}", scene.mark);
    let body = json!({ "post": scene.site.post_id, "parent": question, "content": words });
    let (user, password) = (scene.site.admin_user.clone(), scene.site.app_password.clone());
    let there = scene.rest(&user, &password, Method::Post, "comments", body).await["id"].as_u64().unwrap();
    let (now, ids) = (scene.time.now(), scene.db.store.ids());
    let id = OutboxId::from_bits(ids.bits(now));
    let reply = Operation::Reply {
        thread_native_id: row.text("thread_native_id").unwrap(),
        parent_native_id: Some(question.to_string()),
        visibility: Visibility::Public,
        text: Phi::new(words),
    };
    let item = NewItem {
        id: id.clone(),
        kind: OutboxKind::Reply,
        account_id: Some(scene.account.clone()),
        conversation_id: Some(row.parsed("conversation_id").unwrap()),
        draft_id: None,
        message_id: None,
        alert_id: None,
        verdict_id: VerdictId::from_bits(ids.bits(now)),
        payload: outbox::payload(&reply),
        idempotency_key: id.to_string(),
        priority: 8,
        due_at: now,
    };
    let cut = format!(
        "update outbox set state = 'sending', attempts = 1, sent_at = {now}, lease_until = {now}, next_at = null where id = '{id}'"
    );
    let left = scene.db.store.write(&scene.db.org, now, move |tx| {
        Box::pin(async move {
            outbox::verdict::add_fixed(tx, &item.verdict_id, "check").await?;
            outbox::enqueue(tx, &item).await?;
            tx.conn().test_sql(&cut).await?;
            tx.commit(Entry::new(By::cli(), "draft.sent", &item.id), ())
        })
    });
    left.await.unwrap();
    // Ninety seconds later.
    let later = Clock::Ahead(Duration::from_secs(100));
    let out = Out::new(
        scene.db.store.clone(),
        later,
        scene.http.clone(),
        "next",
        "https://bedside.example.org/",
        scene.db.dir.path(),
    );
    out.run_until_idle().await.unwrap();
    let row = scene.rows(&format!("select state, native_id, attempts from outbox where id = '{id}'")).await.remove(0);
    assert_eq!(row.text("state").unwrap(), "delivered");
    assert_eq!(row.text("native_id").unwrap(), there.to_string(), "read back, not sent again");
    assert_eq!(row.int("attempts").unwrap(), 1);
    let all = scene.read(&format!("comments?post={}&parent={question}", scene.site.post_id)).await;
    assert_eq!(all.as_array().unwrap().len(), 1);
}
