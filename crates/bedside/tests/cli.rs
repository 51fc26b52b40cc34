//! The program as it is run: what it prints, how it ends, what it leaves.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use bedside_model::delivery::OutboxKind;
use bedside_model::{AccountId, OrgId, OutboxId, VerdictId};
use bedside_store::outbox::{self, NewItem};
use bedside_store::testing::{self, NOON};
use bedside_store::{By, Entry, Ids, MasterKey, Store, Target, trust};
use serde_json::{Value, json};

fn bedside(data: &Path, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bedside"))
        .args(args)
        .env("BEDSIDE_DATA", data)
        .env_remove("BEDSIDE_DATABASE")
        .env_remove("BEDSIDE_CONFIG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// An installation with an organisation, as the first run leaves it.
async fn installed(data: &Path) -> (Store, OrgId) {
    let ids = Arc::new(Ids::seeded(5));
    let master = MasterKey::load(&MasterKey::default_path(data), Some(&ids)).expect("a fresh installation");
    let store =
        Store::open(&Target::Sqlite(data.join("bedside.db")), master, ids.clone()).await.expect("a fresh installation");
    let org = store
        .add_organisation(testing::organisation(&ids, "Lakeside Health"), By::cli(), NOON)
        .await
        .expect("a fresh installation");
    (store, org)
}

#[test]
fn understand_answers_line_by_line_with_the_fixed_fields() {
    let dir = tempfile::tempdir().unwrap();
    let input = concat!(
        "{\"id\":\"a\",\"text\":\"I want to end my life tonight, I have the pills here.\"}\n",
        "{\"id\":\"b\",\"text\":\"Thank you, everybody was so kind!\",\"rating\":5,\"kind\":\"review\"}\n",
        "not json\n",
        "{\"id\":\"d\",\"text\":\"\"}\n",
    );
    let output = bedside(dir.path(), &["understand", "--jsonl"], input);
    let lines = lines(&output);
    assert_eq!(output.status.code(), Some(1), "a line was no JSON");
    assert_eq!(lines.len(), 4);
    for line in [&lines[0], &lines[1], &lines[3]] {
        for field in [
            "id",
            "language",
            "sentiment",
            "intents",
            "risk",
            "risks",
            "themes",
            "identifiers",
            "readability",
            "priority",
        ] {
            assert!(line.get(field).is_some(), "{field} is missing in {line}");
        }
    }
    assert_eq!((&lines[0]["priority"], &lines[0]["risk"]["level"]), (&json!(0), &json!("C3")));
    assert_eq!(lines[0]["risk"], lines[0]["risks"][0]);
    assert_eq!((&lines[1]["priority"], &lines[1]["sentiment"]["three"]), (&json!(11), &json!("positive")));
    assert!(lines[2]["error"].is_string());
    // Nothing was made on the way: the two interfaces need no installation.
    assert_eq!(dir.path().read_dir().unwrap().count(), 0);
}

#[test]
fn guard_stops_what_confirms_a_visit_and_lets_the_skeleton_pass() {
    let dir = tempfile::tempdir().unwrap();
    let account = json!({ "name": "Lakeside Health", "network": "google", "phone": "555-0142", "email": "care@lakeside.example.org", "url": "https://lakeside.example.org/contact" });
    let review = json!({ "author": "J. Sample", "rating": 1, "text": "Waited three hours and nobody told us anything.", "visibility": "public" });
    let skeleton = "Thank you for raising this. Privacy rules mean we can't talk about anyone's care here, or say whether a person is a patient. We want to listen. Please reach our patient relations team at 555-0142.";
    let input = format!(
        "{}\n{}\n",
        json!({ "id": 1, "account": account, "in_reply_to": review, "draft": "We are sorry about your visit on Tuesday, Jane." }),
        json!({ "id": 2, "account": account, "in_reply_to": review, "draft": skeleton }),
    );
    let output = bedside(dir.path(), &["guard", "--jsonl"], &input);
    let lines = lines(&output);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(lines[0]["verdict"], "block");
    let rules: Vec<&str> =
        lines[0]["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap()).collect();
    assert!(rules.contains(&"B1") && rules.contains(&"B2"), "{rules:?}");
    for field in ["rule", "start", "end", "evidence", "why", "instead"] {
        assert!(lines[0]["findings"][0].get(field).is_some(), "{field}");
    }
    assert_eq!(lines[1]["verdict"], "allow", "{}", lines[1]);
}

#[tokio::test]
async fn a_tampered_log_is_told_with_exit_code_1() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = installed(dir.path()).await;
    let whole = bedside(dir.path(), &["audit", "verify", "--json"], "");
    assert_eq!((whole.status.code(), &lines(&whole)[0]["ok"]), (Some(0), &json!(true)));
    let mut conn = store.read().await.unwrap();
    conn.test_sql("pragma query_only = off; update audit_entries set action = 'nothing.happened'").await.unwrap();
    drop(conn);
    let broken = bedside(dir.path(), &["audit", "verify"], "");
    assert_eq!(broken.status.code(), Some(1));
    assert!(said(&broken).contains("ALARM"), "{}", said(&broken));
}

#[tokio::test]
async fn somebody_is_added_and_gets_a_new_password() {
    let dir = tempfile::tempdir().unwrap();
    let (_store, _) = installed(dir.path()).await;
    let args = ["user", "add", "--email", "Kim@example.org", "--name", "Kim", "--roles", "responder,on_call", "--json"];
    let added = bedside(dir.path(), &args, "");
    assert!(added.status.success(), "{}", said(&added));
    assert!(lines(&added)[0]["password"].as_str().unwrap().len() >= 12);
    let again = bedside(dir.path(), &args, "");
    assert!(said(&again).contains("signs in with this address already"), "{}", said(&again));
    let wrong = bedside(dir.path(), &["user", "add", "--email", "x@example.org", "--name", "X", "--roles", "boss"], "");
    assert!(said(&wrong).contains("there is no role `boss`"), "{}", said(&wrong));
    let reset =
        bedside(dir.path(), &["user", "reset-password", "--email", "kim@example.org", "--password-stdin"], "short\n");
    assert!(said(&reset).contains("at least 12 characters"));
    let reset = bedside(
        dir.path(),
        &["user", "reset-password", "--email", "kim@example.org", "--password-stdin"],
        "a long enough one\n",
    );
    assert!(reset.status.success(), "{}", said(&reset));
    assert!(!said(&reset).contains("long enough one"), "a given password is not printed");
}

#[test]
fn the_doctor_says_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let never = bedside(&dir.path().join("nowhere"), &["doctor", "--json"], "");
    assert_eq!(never.status.code(), Some(1));
    assert_eq!(lines(&never)[0]["ok"], json!(false));
    assert!(!dir.path().join("nowhere").exists(), "a doctor makes nothing");
}

#[tokio::test]
async fn a_file_is_read_once_and_its_bad_rows_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let (store, org) = installed(dir.path()).await;
    let file = dir.path().join("reviews.csv");
    std::fs::write(&file, "Review,Name,Date,Stars\n\"Kind staff, thank you\",Mia,2026-11-01,5\nWaited three hours,Noor,not a day,1\n,,,\nParking is dear,Jo,2026-11-03,2\n").unwrap();
    let rejected = dir.path().join("rejected.csv");
    let args = ["import", file.to_str().unwrap(), "--rejected", rejected.to_str().unwrap(), "--json"];
    let first = bedside(dir.path(), &args, "");
    assert!(first.status.success(), "{}", said(&first));
    let done = &lines(&first)[0];
    assert_eq!((&done["state"], &done["accepted"]), (&json!("done"), &json!(2)), "{done}");
    let reasons = std::fs::read_to_string(&rejected).unwrap();
    assert!(reasons.contains("the date cannot be read"), "{reasons}");
    let second = bedside(dir.path(), &args, "");
    let again = &lines(&second)[0];
    assert_eq!((&again["accepted"], &again["known"]), (&json!(0), &json!(2)), "{again}");
    let mut conn = store.read().await.unwrap();
    let rows = conn.test_rows("select count(*) as n from messages").await.unwrap();
    assert_eq!(rows[0].int("n").unwrap(), 2);
    drop(org);
}

#[tokio::test]
async fn a_restore_sends_nothing_until_somebody_releases_it() {
    let dir = tempfile::tempdir().unwrap();
    let (store, org) = installed(dir.path()).await;
    let (item, verdict) = (OutboxId::from_bits(9), VerdictId::from_bits(8));
    let queued = NewItem {
        id: item.clone(),
        kind: OutboxKind::Reply,
        account_id: Some(AccountId::from_bits(7)),
        conversation_id: None,
        draft_id: None,
        message_id: None,
        alert_id: None,
        verdict_id: verdict.clone(),
        payload: "{}".to_owned().into(),
        idempotency_key: "once".into(),
        priority: 7,
        due_at: NOON,
    };
    store
        .write(&org, NOON, move |tx| {
            Box::pin(async move {
                outbox::verdict::add_fixed(tx, &verdict, "removal").await?;
                outbox::enqueue(tx, &queued).await?;
                tx.commit(Entry::new(By::cli(), "story.queued", &queued.id), ())
            })
        })
        .await
        .unwrap();

    let copy = dir.path().join("copy");
    let made = bedside(dir.path(), &["backup", copy.to_str().unwrap(), "--json"], "");
    assert!(made.status.success(), "{}", said(&made));
    assert!(!copy.join("master.key").exists(), "the key is never in a backup");

    let elsewhere = tempfile::tempdir().unwrap();
    let without_key = bedside(elsewhere.path(), &["restore", copy.to_str().unwrap()], "");
    assert!(said(&without_key).contains("master key"), "{}", said(&without_key));
    std::fs::copy(dir.path().join("master.key"), elsewhere.path().join("master.key")).unwrap();
    let restored = bedside(elsewhere.path(), &["restore", copy.to_str().unwrap(), "--json"], "");
    assert!(restored.status.success(), "{}", said(&restored));
    assert_eq!(lines(&restored)[0]["held"], json!(1));

    let master = MasterKey::load(&MasterKey::default_path(elsewhere.path()), None).unwrap();
    let again =
        Store::open(&Target::Sqlite(elsewhere.path().join("bedside.db")), master, Ids::seeded(6).into()).await.unwrap();
    let mut conn = again.read().await.unwrap();
    assert_eq!(trust::state(&mut conn, trust::OUTBOX_HELD).await.unwrap().as_deref(), Some("held"));
    assert_eq!(outbox::get(&mut conn, &org, &item).await.unwrap().item.state.as_str(), "held");
    drop(conn);
    again.close().await;
    let doctor = bedside(elsewhere.path(), &["doctor"], "");
    assert!(said(&doctor).contains("1 held"), "{}", said(&doctor));
    let twice = bedside(elsewhere.path(), &["restore", copy.to_str().unwrap()], "");
    assert!(said(&twice).contains("--replace"), "{}", said(&twice));

    std::fs::write(copy.join("bedside.db"), "something else").unwrap();
    let changed = bedside(elsewhere.path(), &["restore", copy.to_str().unwrap(), "--replace"], "");
    assert!(said(&changed).contains("not what was backed up"), "{}", said(&changed));
}

/// The throw-away cluster of the tests, if there is one, and a fresh database on it.
fn setting(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the test command hands its peers over in the environment")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[tokio::test]
async fn a_postgresql_database_is_dumped_and_put_back_with_the_outbox_held() {
    if setting("BEDSIDE_TEST_POSTGRES").is_none() {
        assert!(setting("BEDSIDE_REQUIRE_PEERS").is_none(), "PostgreSQL is required for this test and was not started");
        eprintln!("skipped: backup of PostgreSQL (BEDSIDE_TEST_POSTGRES is not set)");
        return;
    }
    let dbs = testing::each_engine().await;
    let db = dbs.into_iter().find(|db| db.engine == "postgres").expect("both engines");
    let Target::Postgres(url) = &db.target else { panic!("a PostgreSQL database") };
    std::fs::write(db.dir.path().join("master.key"), "07".repeat(32)).unwrap();
    let copy = db.dir.path().join("copy");
    let database = ["--database", url.0.as_str()];
    let made = bedside(db.dir.path(), &[&database[..], &["backup", copy.to_str().unwrap(), "--json"]].concat(), "");
    assert!(made.status.success(), "{}", said(&made));
    assert!(copy.join("database.dump").exists());
    let args = [&database[..], &["restore", copy.to_str().unwrap(), "--replace", "--json"]].concat();
    let restored = bedside(db.dir.path(), &args, "");
    assert!(restored.status.success(), "{}", said(&restored));
    let mut conn = db.store.read().await.unwrap();
    assert_eq!(trust::state(&mut conn, trust::OUTBOX_HELD).await.unwrap().as_deref(), Some("held"));
}

#[tokio::test]
async fn watch_terms_are_listed_tried_and_taken_away() {
    let dir = tempfile::tempdir().unwrap();
    let (_store, _) = installed(dir.path()).await;
    let run = |args: &[&str], input: &str| {
        let output = bedside(dir.path(), &[&["watch-terms"][..], args, &["--json"]].concat(), input);
        assert!(output.status.success(), "{}", said(&output));
        lines(&output)
    };
    run(&["add", "Lakeside", "--unless", "shopping mall"], "");
    let table = "term,kind\nDr. Robin Okafor,doctor\nlakeside,name\n";
    assert_eq!(run(&["import", "-"], table), [json!({ "added": 1, "offered": 2 })]);
    let found = run(&["try", "dr robin okafor at Lakeside was kind"], "");
    assert_eq!(found[0]["hits"].as_array().unwrap().len(), 2, "{found:?}");
    assert_eq!(run(&["try", "the lakeside shopping mall"], ""), [json!({ "hits": [] })]);
    run(&["remove", "LAKESIDE"], "");
    let left: Vec<Value> = run(&["list"], "");
    assert_eq!((left.len(), &left[0]["kind"]), (1, &json!("doctor")), "{left:?}");
    let gone = bedside(dir.path(), &["watch-terms", "remove", "Lakeside"], "");
    assert!(said(&gone).contains("`Lakeside` is not watched"), "{}", said(&gone));
}
