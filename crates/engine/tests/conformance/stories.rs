//! The stories. Each ends in one word: it holds, or the network cannot be asked for it.

use bedside_store::testing::{self, TestDb};

use crate::actors::Actor;
use crate::ear::Ear;
use crate::place::{NEXT, Said, Trouble, When};
use crate::stage::Stage;

/// What a story came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It holds.
    Holds,
    /// The network does not offer it, and why.
    Cannot(&'static str),
}

/// The stories, in the order of the table.
pub const STORIES: [&str; 15] = [
    "first sync",
    "restart",
    "edit",
    "deletion",
    "thread order",
    "own echo",
    "webhook twice",
    "webhook and poll",
    "429",
    "5xx",
    "expired",
    "revoked",
    "malformed",
    "backlog",
    "emoji",
];

/// Every story of a network on one engine; `None` where the engine is not there.
pub async fn play(actor: &Actor, engine: usize) -> Option<Vec<Told>> {
    let mut row = Vec::new();
    for story in STORIES {
        if let Some((_, why)) = actor.cannot.iter().find(|(name, _)| *name == story) {
            row.push(Told::Cannot(why));
            continue;
        }
        let db: TestDb = testing::each_engine().await.into_iter().nth(engine)?;
        let stage = Stage::set(actor, db).await;
        tell(story, stage).await;
        row.push(Told::Holds);
    }
    Some(row)
}

async fn tell(story: &str, stage: Stage) {
    match story {
        "first sync" => first_sync(stage).await,
        "restart" => restart(stage).await,
        "edit" => edit(stage).await,
        "deletion" => deletion(stage).await,
        "thread order" => thread_order(stage).await,
        "own echo" => own_echo(stage).await,
        "webhook twice" => webhook_twice(stage).await,
        "webhook and poll" => webhook_and_poll(stage).await,
        "429" => passes(stage, Trouble::TooMuch).await,
        "5xx" => passes(stage, Trouble::Down).await,
        "expired" => refused(stage, Trouble::Expired).await,
        "revoked" => refused(stage, Trouble::Revoked).await,
        "malformed" => passes(stage, Trouble::Malformed).await,
        "backlog" => backlog(stage).await,
        "emoji" => emoji(stage).await,
        other => panic!("there is no story of {other}"),
    }
}

/// What was there before we came is heard, once.
async fn first_sync(stage: Stage) {
    for (author, text) in [("Rosa N.", "Is the clinic open?"), ("Tom", "I waited three hours"), ("Ada", "Thank you")] {
        stage.writes(author, text);
    }
    stage.hears().await;
    stage.hears().await;
    for text in ["Is the clinic open?", "I waited three hours", "Thank you"] {
        assert_eq!(stage.heard(text).await, 1, "{text}: {}", stage.told().await);
    }
    assert_eq!(stage.source_error().await, None);
}

/// Another process goes on where the first one stood.
async fn restart(mut stage: Stage) {
    stage.writes("Rosa N.", "The first");
    stage.hears().await;
    stage.writes("Tom", "The second");
    stage.restart();
    stage.hears().await;
    assert_eq!((stage.heard("The first").await, stage.heard("The second").await), (1, 1), "{}", stage.told().await);
}

/// A changed text is the message's text, and there is still one message.
async fn edit(stage: Stage) {
    let id = stage.writes("Rosa N.", "I waited an hour");
    stage.hears().await;
    stage.place.edit(&id, "I waited five hours");
    assert!(stage.hears_until("text like '%five hours%'").await, "{}: the edit was not seen", stage.actor.title);
    assert_eq!(stage.count("text like '%I waited%'").await, 1, "{}", stage.told().await);
}

/// What its author took back is marked as deleted, and stays where it was.
async fn deletion(stage: Stage) {
    let id = stage.writes("Rosa N.", "I should not have written this");
    stage.writes("Tom", "This stays");
    stage.hears().await;
    let mut ear = None;
    if stage.actor.tells_of_deletions {
        ear = Some(Ear::open(&stage).await);
    }
    stage.place.delete(&id);
    if let Some(ear) = ear {
        ear.told(&stage, 1).await;
    }
    let gone = stage.hears_until("text like '%should not have%' and deleted_at is not null").await;
    assert!(gone, "{}: the deletion was not seen", stage.actor.title);
    assert_eq!(stage.count("text like '%This stays%' and deleted_at is null").await, 1, "{}", stage.told().await);
}

/// What belongs together is one conversation, in the order in which it was said.
async fn thread_order(stage: Stage) {
    let first = stage.writes("Rosa N.", "Where is the door?");
    stage.clock.advance(std::time::Duration::from_secs(5));
    stage.place.write(Said { author: "Tom", text: "Behind the house", answers: Some(&first) });
    stage.hears().await;
    stage.hears().await;
    let rows = stage
        .rows("select conversation_id, text from messages where direction = 'inbound' and (text like '%door%' or text like '%Behind%') order by published_at, n")
        .await;
    let texts: Vec<String> = rows.iter().map(|row| row.text("text").unwrap()).collect();
    assert_eq!(rows.len(), 2, "{}: {texts:?}", stage.actor.title);
    assert!(texts[0].contains("door") && texts[1].contains("Behind"), "{}: {texts:?}", stage.actor.title);
    let conversations: Vec<String> = rows.iter().map(|row| row.text("conversation_id").unwrap()).collect();
    assert_eq!(conversations[0], conversations[1], "{}: one thread, one conversation", stage.actor.title);
}

/// Our answer comes back as ours and makes nobody any work.
async fn own_echo(stage: Stage) {
    stage.writes("Rosa N.", "Are you open on Monday?");
    stage.hears().await;
    stage.answers("Monday", "Please call us on 555-0100.").await;
    assert!(stage.sent().await.starts_with("delivered"), "{}: {}", stage.actor.title, stage.sent().await);
    stage.hears().await;
    stage.hears().await;
    assert_eq!(stage.count("direction = 'inbound' and text like '%555-0100%'").await, 0, "{}", stage.told().await);
    assert_eq!(stage.count("text like '%555-0100%'").await, 1, "{}", stage.told().await);
}

/// A network that tells twice is heard once, and at once.
async fn webhook_twice(stage: Stage) {
    let ear = Ear::open(&stage).await;
    stage.place.stutter();
    stage.writes("Rosa N.", "Told twice");
    stage.place.ring();
    ear.told(&stage, 2).await;
    stage.listen.run_until_idle().await.unwrap();
    assert_eq!(stage.heard("Told twice").await, 1, "{}", stage.told().await);
    stage.hears().await;
    assert_eq!(stage.heard("Told twice").await, 1, "{}", stage.told().await);
}

/// What a network told by itself and a poll shows is one message.
async fn webhook_and_poll(stage: Stage) {
    let ear = Ear::open(&stage).await;
    stage.writes("Rosa N.", "Told and shown");
    stage.place.ring();
    ear.told(&stage, 1).await;
    stage.listen.run_until_idle().await.unwrap();
    assert_eq!(stage.heard("Told and shown").await, 1, "{}", stage.told().await);
    stage.hears().await;
    stage.hears().await;
    assert_eq!(stage.heard("Told and shown").await, 1, "{}", stage.told().await);
}

/// A fault passes, is shown while it lasts, and costs nothing that was said meanwhile.
async fn passes(stage: Stage, trouble: Trouble) {
    stage.writes("Rosa N.", "Before");
    stage.hears().await;
    stage.place.trouble(trouble, NEXT);
    stage.writes("Tom", "Meanwhile");
    stage.hears().await;
    assert!(stage.source_error().await.is_some(), "{}: nothing was shown", stage.actor.title);
    assert_eq!(stage.account_state().await, "connected", "{}", stage.told().await);
    stage.clock.advance(std::time::Duration::from_secs(7_200));
    stage.listen.run_until_idle().await.unwrap();
    assert_eq!(stage.source_error().await, None, "{}", stage.told().await);
    assert_eq!((stage.heard("Before").await, stage.heard("Meanwhile").await), (1, 1), "{}", stage.told().await);
}

/// What we sign in with no longer holds: it is asked for anew, and nothing is lost.
async fn refused(stage: Stage, trouble: Trouble) {
    stage.writes("Rosa N.", "Before");
    stage.hears().await;
    stage.place.trouble(trouble, When { after: 0, times: 100 });
    stage.writes("Tom", "Meanwhile");
    stage.hears().await;
    assert_eq!(stage.account_state().await, "needs_reauthorisation", "{}", stage.told().await);
    assert_eq!(stage.heard("Before").await, 1, "{}: history does not hang on a connection", stage.actor.title);
    // A person authorises again.
    stage.place.well();
    stage.reauthorise().await;
    stage.hears().await;
    stage.hears().await;
    assert_eq!((stage.heard("Before").await, stage.heard("Meanwhile").await), (1, 1), "{}", stage.told().await);
}

/// Much that waited is read to its end, whatever breaks on the way. Only what is stored is counted
/// here: reading thousands of texts for their sense is another story.
async fn backlog(stage: Stage) {
    // Ten thousand rows are a story of the connector, told once; a thousand are enough for the other engine.
    let many = if stage.db.engine == "sqlite" { 10_000 } else { 1_000 };
    let wanted = stage.actor.shows_at_most.unwrap_or(many);
    for n in 0..wanted {
        stage.writes(&format!("Person {}", n % 50), &format!("Backlog number {n}"));
    }
    let count = async || {
        let rows = stage.rows("select count(distinct native_id) as n from raw_items where state <> 'dead'").await;
        usize::try_from(rows[0].int("n").unwrap()).unwrap()
    };
    let before = count().await;
    // Each poll but the last breaks off, earlier or later.
    for after in 0..20 {
        let trouble = if after % 2 == 0 { Trouble::Down } else { Trouble::TooMuch };
        stage.place.trouble(trouble, When { after: after * 3, times: 1 });
        stage.clock.advance(std::time::Duration::from_secs(300));
        stage.listen.poll_source_once(&stage.db.org, &stage.source).await.unwrap();
        if count().await - before >= wanted {
            break;
        }
    }
    stage.place.well();
    stage.clock.advance(std::time::Duration::from_secs(300));
    stage.listen.poll_source_once(&stage.db.org, &stage.source).await.unwrap();
    assert!(count().await - before >= wanted, "{}: {} of {wanted}", stage.actor.title, count().await - before);
}

/// What people write arrives as they wrote it.
async fn emoji(stage: Stage) {
    let text = "Grüße 👩🏽‍⚕️ नमस्ते مرحبا – “naïve” 🏥";
    stage.writes("Zoë Ñ.", text);
    stage.hears().await;
    assert_eq!(stage.heard(text).await, 1, "{}", stage.told().await);
}
