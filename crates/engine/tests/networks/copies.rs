//! What is said again stands beside what was said first: nothing is lost by it, nobody's answer goes to
//! somebody else, and a flood of copies costs no more than a flood of anything.

use std::time::Duration;

use bedside_engine::listen::Listen;
use bedside_model::{AccountId, ConversationId, Micros};
use bedside_networks::Credentials;
use bedside_store::answer::thread;
use bedside_store::intake::raw::{self, NewItem};
use bedside_store::listen::watch::{self as terms, NewTerm};
use bedside_store::testing::{TestDb, each_engine, sqlite};
use bedside_store::{By, Entry, Row};
use serde_json::json;

use crate::support::{Connected, HOUR, World};

const TEXT: &str = "I waited four hours at Lakeside with my son before anybody looked at him, and nobody said sorry.";
const EDITED: &str =
    "RT This. I WAITED four hours at Lakeside with my son before anybody looked at him, and nobody said sorry!";
const OTHER: &str = "We waited three hours at Lakeside with my mother, and when somebody came he was very kind to her.";

/// Something that was published.
struct Said<'a> {
    id: &'a str,
    text: &'a str,
    kind: &'a str,
    parent: Option<&'a str>,
    at: Micros,
}

fn post<'a>(id: &'a str, text: &'a str) -> Said<'a> {
    Said { id, text, kind: "post", parent: None, at: 0 }
}

struct Heard {
    world: World,
    account: AccountId,
}

/// An organisation that watches for its name, and hears nothing yet.
async fn watching(db: TestDb) -> Heard {
    let heard = deaf(db).await;
    let (ids, db) = (heard.world.db.store.ids().clone(), &heard.world.db);
    db.store
        .write(&db.org, heard.world.now(), move |tx| {
            Box::pin(async move {
                let term = NewTerm { term: "Lakeside".into(), unless: vec![], kind: "name".into() };
                terms::add(tx, &ids, &[term], None).await?;
                tx.commit(Entry::new(By::cli(), "watch_terms.added", "list"), ())
            })
        })
        .await
        .unwrap();
    heard
}

/// An organisation that watches for nothing.
async fn deaf(db: TestDb) -> Heard {
    let world = World::new(db);
    let (account, _) = world
        .connect(Connected {
            network: "import",
            base_url: "https://import.invalid/",
            native_id: "us",
            credentials: Credentials::None,
            config: json!({}),
            kind: "file",
        })
        .await;
    Heard { world, account }
}

impl Heard {
    async fn stored(&self, said: &[Said<'_>]) {
        let now = self.world.now();
        let item = |said: &Said<'_>| {
            let published = now - HOUR + said.at;
            let body = json!({"id": said.id, "kind": said.kind, "text": said.text, "author": format!("by {}", said.id),
                "published": published, "parent": said.parent});
            NewItem {
                native_id: said.id.into(),
                kind: said.kind.into(),
                content_hash: said.text.into(),
                body: body.to_string().into_bytes(),
                published_at: Some(published),
            }
        };
        let items: Vec<NewItem> = said.iter().map(item).collect();
        let (ids, account) = (self.world.db.store.ids().clone(), self.account.clone());
        self.world
            .db
            .store
            .write(&self.world.db.org, now, move |tx| {
                Box::pin(async move {
                    raw::store(tx, &ids, &account, None, items, &[]).await?;
                    tx.commit(Entry::new(By::system("test"), "listen.stored", &account), ())
                })
            })
            .await
            .unwrap();
    }

    async fn read_by(&self, listen: &Listen) {
        listen.intake_until_idle(&self.world.db.org).await.unwrap();
    }

    async fn hears(&self, said: &[Said<'_>]) {
        self.stored(said).await;
        self.read_by(&self.world.listen).await;
    }

    /// Messages with the same number share a conversation; a `~` marks a copy.
    async fn grouped(&self) -> String {
        let rows =
            self.world.rows("select native_id, conversation_id, likeness from messages order by native_id").await;
        let mut seen: Vec<String> = vec![];
        let shown = |row: &Row| {
            let conversation = row.text("conversation_id").unwrap();
            let place = seen.iter().position(|known| *known == conversation).unwrap_or_else(|| {
                seen.push(conversation);
                seen.len() - 1
            });
            let copy = row.opt_float("likeness").unwrap().is_some_and(|likeness| likeness >= 0.6);
            format!("{}{}{}", row.text("native_id").unwrap(), if copy { "~" } else { "=" }, place + 1)
        };
        rows.iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    async fn conversation_of(&self, native: &str) -> ConversationId {
        let text = format!("select conversation_id from messages where native_id = '{native}'");
        self.world.rows(&text).await[0].parsed("conversation_id").unwrap()
    }

    async fn another_account(&self) -> AccountId {
        let connected = Connected {
            network: "import",
            base_url: "https://import.invalid/",
            native_id: "us too",
            credentials: Credentials::None,
            config: json!({}),
            kind: "file",
        };
        self.world.connect(connected).await.0
    }

    async fn number(&self, text: &str) -> i64 {
        self.world.rows(text).await[0].int("n").unwrap()
    }
}

#[tokio::test]
async fn a_copy_stands_beside_its_original_and_keeps_its_place_on_the_network() {
    for db in each_engine().await {
        let heard = watching(db).await;
        heard.hears(&[post("a", TEXT), post("b", EDITED), post("c", OTHER)]).await;
        // Later, and in another batch.
        heard
            .hears(&[post("d", TEXT), Said { id: "e", text: "Same here.", kind: "reply", parent: Some("d"), at: 9 }])
            .await;
        assert_eq!(heard.grouped().await, "a=1 b~1 c=2 d~1 e=1", "{}", heard.world.db.engine);
        let threads = heard.world.rows("select native_id, thread_native_id from messages order by native_id").await;
        let threads: Vec<_> = threads.iter().map(|row| row.opt_text("thread_native_id").unwrap()).collect();
        let own = |id: &str| Some(id.to_owned());
        assert_eq!(threads, [None, own("b"), None, own("d"), own("d")]);
        let waiting = "select sum(waiting) as n from conversations";
        assert_eq!(
            heard.number(&waiting.replace("sum(waiting)", "cast(sum(waiting) as bigint)")).await,
            5,
            "each waits"
        );
        let shown = heard.world.rows("select author_id, excerpt from conversations where waiting = 4").await;
        assert!(shown[0].text("excerpt").unwrap().starts_with("I waited"), "the original, or the answer to it");
    }
}

#[tokio::test]
async fn what_is_short_or_written_to_us_is_nobodys_copy() {
    for db in each_engine().await {
        let heard = watching(db).await;
        let thanks = "Thank you Lakeside, you are great!";
        let review = |id| Said { kind: "review", ..post(id, TEXT) };
        let reply = |id| Said { kind: "reply", parent: Some("x"), ..post(id, TEXT) };
        heard.hears(&[post("a", thanks), post("b", thanks), review("c"), review("d"), reply("e")]).await;
        assert_eq!(heard.grouped().await, "a=1 b=2 c=3 d=4 e=5");
        assert_eq!(heard.number("select count(*) as n from sketches").await, 0);
    }
    let unwatched = deaf(sqlite().await).await;
    unwatched.hears(&[post("a", TEXT), post("b", TEXT)]).await;
    assert_eq!(unwatched.grouped().await, "a=1 b=2", "only what watch terms find is compared");
}

#[tokio::test]
async fn the_same_words_through_another_account_are_found_whatever_they_are() {
    for db in each_engine().await {
        let mut heard = deaf(db).await;
        let shared = format!("RT @rosa {} https://example.org/p/1", TEXT.to_uppercase());
        let review = |id, text| Said { kind: "review", ..post(id, text) };
        heard.hears(&[review("a", TEXT), review("x", OTHER), post("t", "Thank you, you are great!")]).await;
        heard.account = heard.another_account().await;
        let worse = format!("{TEXT} I want to kill myself.");
        heard.hears(&[post("b", &shared), post("c", &worse), post("u", "Thank you, you are great!")]).await;
        let elsewhere = async |id: &str| {
            let found =
                heard.world.rows(&format!("select conversation_id from messages where native_id = '{id}'")).await;
            let mut conn = heard.world.db.store.read().await.unwrap();
            let conversation = found[0].parsed("conversation_id").unwrap();
            thread::elsewhere(&mut conn, &heard.world.db.org, &conversation).await.unwrap()
        };
        let of_the_first = elsewhere("a").await;
        assert_eq!(of_the_first.len(), 1, "{}: a share is the same said again", heard.world.db.engine);
        assert_eq!(elsewhere("b").await[0].conversation_id, heard.conversation_of("a").await);
        for alone in ["x", "c", "t", "u"] {
            assert_eq!(elsewhere(alone).await, [], "{alone} is said once, or is too short to tell");
        }
        assert_eq!(heard.number("select count(*) as n from conversations").await, 6, "nothing stands behind another");
        assert_eq!(heard.number("select count(*) as n from alerts").await, 1, "and the worst of them wakes somebody");

        heard.hears(&[post("b", "Sorry, wrong place, I meant another house in another town.")]).await;
        assert_eq!(elsewhere("a").await, [], "who says something else by now says nothing again");
    }
}

#[tokio::test]
async fn a_copy_that_is_worse_is_not_hidden_by_its_original() {
    for db in each_engine().await {
        let heard = watching(db).await;
        let worse = format!("{TEXT} I want to kill myself.");
        heard.hears(&[post("a", TEXT)]).await;
        heard.hears(&[post("b", &worse)]).await;
        assert_eq!(heard.grouped().await, "a=1 b~1");
        assert!(heard.number("select priority as n from conversations").await <= 2);
        assert_eq!(heard.number("select count(*) as n from alerts").await, 1, "and somebody is woken");
    }
}

#[tokio::test]
async fn what_is_changed_is_compared_by_its_new_words() {
    for db in each_engine().await {
        let heard = watching(db).await;
        heard.hears(&[post("a", TEXT), post("b", TEXT)]).await;
        heard.hears(&[post("b", "Sorry, wrong place.")]).await;
        assert_eq!(heard.grouped().await, "a=1 b=1", "it stays, and is no longer called a copy");
        heard.hears(&[post("a", OTHER)]).await;
        heard.hears(&[post("c", TEXT)]).await;
        assert_eq!(heard.grouped().await, "a=1 b=1 c=2", "nobody says this any more");
    }
}

#[tokio::test]
async fn a_thousand_copies_are_a_few_conversations_and_none_is_lost() {
    for db in each_engine().await {
        let heard = watching(db).await;
        let names: Vec<String> = (0..1_000).map(|n| format!("{n:04}")).collect();
        heard.hears(&names.iter().map(|id| post(id, TEXT)).collect::<Vec<_>>()).await;
        assert_eq!(heard.number("select count(*) as n from messages").await, 1_000);
        assert_eq!(heard.number("select count(*) as n from conversations").await, 3, "an original takes 400");
        assert_eq!(heard.number("select count(*) as n from sketches").await, 1, "the last one goes on");
        assert_eq!(heard.number("select copies as n from sketches").await, 1_000 - 3 - 2 * 400);
    }
}

#[tokio::test]
async fn what_was_said_long_ago_is_not_said_again() {
    for db in each_engine().await {
        let heard = watching(db).await;
        heard.hears(&[post("a", TEXT)]).await;
        heard.world.later(Duration::from_secs(8 * 86_400));
        heard.hears(&[post("b", TEXT)]).await;
        assert_eq!(heard.grouped().await, "a=1 b=2");
        assert_eq!(heard.number("select count(*) as n from sketches").await, 1, "and the old sketch is gone");
        assert!(heard.number("select count(*) as n from sketch_bands").await <= 16);
    }
}

#[tokio::test]
async fn two_workers_at_once_make_one_original() {
    for db in each_engine().await {
        let heard = watching(db).await;
        let (other, _) = heard.world.others().await;
        for round in 0..10 {
            let text = format!("Number {round}: {TEXT} {}", format!("{round} again ").repeat(round));
            let (one, two) = (format!("{round}a"), format!("{round}b"));
            heard.stored(&[post(&one, &text)]).await;
            let late = async {
                heard.stored(&[post(&two, &text)]).await;
                heard.read_by(&other).await;
            };
            tokio::join!(heard.read_by(&heard.world.listen), late);
            heard.read_by(&heard.world.listen).await;
            let alone =
                format!("select count(distinct conversation_id) as n from messages where native_id like '{round}_'");
            assert_eq!(heard.number(&alone).await, 1, "round {round} on {}", heard.world.db.engine);
        }
        assert_eq!(heard.number("select count(*) as n from messages").await, 20);
    }
}
