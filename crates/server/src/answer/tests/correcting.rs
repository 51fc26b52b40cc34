//! A person corrects a label: it is shown as theirs, counts for the place, is kept, exported and
//! counted.

use bedside_model::label::{Intent, RiskLabel, RiskLevel};
use bedside_model::role::Role;
use bedside_understand::{
    Assessment, ClaimMatch, Context, IntentScore, Risk, Sentiment, SentimentLabel, SentimentThree, Span, Stance, assess,
};
use serde_json::{Value, json};

use super::{Story, Thread};
use crate::testing::{Answer, TestClient};

const CRISIS: &str = "I want to end my life. I can't do this any more.";
const PRAISE: &str = "Thank you so much to the wonderful nurses, everybody was so kind.";
const COMPLAINT: &str = "I complained about the dirty ward and nobody answered. Terrible service.";

/// Nothing but a language is said of a text.
fn plain(text: &str) -> Assessment {
    Assessment {
        language: "en".to_owned(),
        sentiment: None,
        intents: vec![],
        risk: None,
        risks: vec![],
        themes: vec![],
        hcat: None,
        claims: vec![],
        identifiers: vec![],
        priority: 10,
        needs_reader: false,
        made_by: "rules 1".to_owned(),
        ..assess(text, &Context::default())
    }
}

fn intent(text: &str, label: Intent, priority: u8) -> Assessment {
    let evidence = vec![Span { start: 0, end: 5 }];
    Assessment { intents: vec![IntentScore { label, score: 0.8, evidence }], priority, ..plain(text) }
}

impl Story {
    async fn praise(&self) -> Thread {
        let (label, three) = (SentimentLabel::Positive, SentimentThree::Positive);
        let sentiment = Some(Sentiment { label, three, score: 0.9, evidence: vec![] });
        self.reads(PRAISE, &Assessment { sentiment, ..intent(PRAISE, Intent::Praise, 11) }).await
    }

    async fn complaint(&self) -> Thread {
        self.reads(COMPLAINT, &intent(COMPLAINT, Intent::Complaint, 7)).await
    }

    async fn crisis(&self) -> Thread {
        let evidence = vec![Span { start: 2, end: 21 }];
        let (label, level) = (RiskLabel::CrisisSelfHarm, RiskLevel::C2);
        let risk = Risk { label, level, score: 0.9, evidence: evidence.clone(), because: vec![], icsr: None };
        let sad = Sentiment {
            label: SentimentLabel::VeryNegative,
            three: SentimentThree::Negative,
            score: 0.9,
            evidence: evidence.clone(),
        };
        let said = Assessment {
            sentiment: Some(sad),
            risk: Some(risk.clone()),
            risks: vec![risk],
            ..intent(CRISIS, Intent::CrisisSelfHarm, 2)
        };
        self.reads(CRISIS, &said).await
    }
}

async fn say(client: &TestClient, thread: &Thread, body: Value) -> Answer {
    client.post(&format!("/messages/{}/corrections", thread.message), body).await
}

async fn whole(story: &Story, thread: &Thread) -> Value {
    let whole = story.responder.get(&format!("/conversations/{}", thread.id)).await;
    assert_eq!(whole.status, 200, "{}", whole.text);
    whole.json
}

fn intents(message: &Value) -> Vec<&str> {
    message["assessment"]["intents"].as_array().unwrap().iter().map(|i| i["label"].as_str().unwrap()).collect()
}

/// The first risk of a message, as a correction names it.
fn risk(whole: &Value) -> Value {
    let risk = &whole["messages"][0]["assessment"]["risk"];
    json!({ "label": risk["label"], "detail": risk["level"] })
}

#[tokio::test]
async fn a_corrected_label_is_shown_as_set_by_a_person_and_counts_for_the_place() {
    for story in Story::each_engine().await {
        let thread = story.praise().await;
        let before = whole(&story, &thread).await;
        assert_eq!((before["priority"].as_i64(), intents(&before["messages"][0])), (Some(11), vec!["praise"]));

        let body = json!({ "kind": "intent", "act": "change", "shown": { "label": "praise" },
            "says": { "label": "complaint" }, "note": "It is meant bitterly." });
        let said = say(&story.responder, &thread, body.clone()).await;
        assert_eq!(said.status, 201, "{}", said.text);
        assert_eq!((said.json["rank_before"].as_i64(), said.json["rank_after"].as_i64()), (Some(11), Some(7)));
        assert!(said.json["score"].as_f64().unwrap() > 0.0, "with the score that was shown");

        let after = whole(&story, &thread).await;
        assert_eq!((after["priority"].as_i64(), intents(&after["messages"][0])), (Some(7), vec!["complaint"]));
        assert!(!after["due_at"].is_null(), "and its clock runs");
        assert_eq!(after["labels"]["intents"][0]["label"], "complaint", "the queue shows it, too");
        let kept = &after["messages"][0]["corrections"][0];
        assert_eq!(kept["by"]["id"], json!(story.responder.user), "{kept}");
        assert_eq!((kept["note"].as_str(), kept["counts"].as_bool()), (Some("It is meant bitterly."), Some(true)));
        assert_eq!(after["messages"][0]["assessment"]["intents"][0]["score"], 1.0);
        assert_eq!(
            after["messages"][0]["assessment"]["intents"][0]["evidence"],
            before["messages"][0]["assessment"]["intents"][0]["evidence"],
            "the words that had decided it are still to be seen"
        );
        assert!(after["why"]["parts"].as_array().unwrap().iter().any(|part| part["kind"] == "changed_by_hand"));
        assert!(after["timeline"].as_array().unwrap().iter().any(|entry| entry["kind"] == "priority_changed"));

        // Said again it is the same word, not a second one.
        let again = say(&story.responder, &thread, body).await;
        assert_eq!((again.status, &again.json["id"]), (201, &said.json["id"]), "{}", again.text);
        assert_eq!(story.number("select count(*) as n from corrections").await, 1);
        assert_eq!(story.server.logged("label.corrected").await, 1);
        let log = story.text("select coalesce(string_agg(detail, ' '), '') as t from audit_entries").await;
        assert!(log.contains("complaint") && !log.contains("bitterly"), "codes, and no words of anybody: {log}");
    }
}

#[tokio::test]
async fn a_crisis_is_lowered_only_with_a_reason_by_whoever_may_and_never_out_of_sight() {
    for story in Story::each_engine().await {
        let thread = story.crisis().await;
        let before = whole(&story, &thread).await;
        assert!(before["priority"].as_i64().unwrap() <= 2);
        assert_eq!(before["alert"]["state"], "raised");
        let remove =
            |note: Option<&str>| json!({ "kind": "risk", "act": "remove", "shown": risk(&before), "note": note });

        let author = story.colleague(&[Role::Author]).await;
        let refused = say(&author, &thread, remove(Some("A line of a song."))).await;
        assert_eq!(refused.outcome(), "403 role_missing", "who may not change places may not lower a crisis");
        for silent in [None, Some("  ")] {
            assert_eq!(say(&story.responder, &thread, remove(silent)).await.outcome(), "422 reason_missing");
        }
        let untouched = whole(&story, &thread).await;
        assert_eq!((&untouched["priority"], &untouched["risk"]), (&before["priority"], &before["risk"]));

        let done = say(&story.responder, &thread, remove(Some("A line of a song."))).await;
        assert_eq!(done.status, 201, "{}", done.text);
        let after = whole(&story, &thread).await;
        assert!(after["priority"].as_i64().unwrap() > 2 && after["messages"][0]["assessment"]["risk"].is_null());
        assert_eq!((after["state"].as_str(), after["waiting"].as_i64()), (Some("open"), Some(1)), "it still waits");
        let kept = &after["messages"][0]["corrections"][0];
        assert_eq!((kept["act"].as_str(), &kept["shown"]["label"]), (Some("remove"), &json!("crisis_self_harm")));
        let entry = after["timeline"].as_array().unwrap().iter().find(|entry| entry["kind"] == "priority_changed");
        assert_eq!(entry.unwrap()["detail"]["from"], before["priority"], "who moved it stands with it");
        assert_eq!(entry.unwrap()["actor"]["id"], json!(story.responder.user));
        assert_eq!(story.server.logged("label.corrected").await, 1);
    }
}

#[tokio::test]
async fn a_word_on_another_label_does_not_move_a_crisis() {
    let story = Story::sqlite().await;
    let thread = story.crisis().await;
    let before = whole(&story, &thread).await;
    let sentiment = before["messages"][0]["assessment"]["sentiment"]["label"].clone();
    let body = json!({ "kind": "sentiment", "act": "change", "shown": { "label": sentiment }, "says": { "label": "positive" } });
    assert_eq!(say(&story.responder, &thread, body).await.status, 201);
    let after = whole(&story, &thread).await;
    assert_eq!(after["priority"], before["priority"]);
    assert_eq!(after["messages"][0]["assessment"]["sentiment"]["three"], "positive");
}

#[tokio::test]
async fn danger_that_a_person_sees_is_told_at_once_even_after_an_answer() {
    for story in Story::each_engine().await {
        let thread = story.praise().await;
        let resolve = json!({ "outcome": "no_action", "reason": "Nothing to do." });
        story.responder.post(&format!("/conversations/{}/resolve", thread.id), resolve).await;
        let complaint = json!({ "kind": "intent", "act": "add", "says": { "label": "complaint" } });
        assert_eq!(say(&story.responder, &thread, complaint).await.status, 201);
        assert_eq!(whole(&story, &thread).await["state"], "resolved", "what is no danger stays resolved");
        let says = json!({ "label": "crisis_self_harm", "detail": "C3" });
        let said = say(&story.responder, &thread, json!({ "kind": "risk", "act": "add", "says": says })).await;
        assert_eq!(said.status, 201, "{}", said.text);
        let after = whole(&story, &thread).await;
        assert_eq!((after["state"].as_str(), after["priority"].as_i64()), (Some("open"), Some(0)));
        assert_eq!(after["alert"]["state"], "raised", "and somebody is told");
    }
}

#[tokio::test]
async fn what_is_not_shown_or_does_not_exist_cannot_be_judged() {
    let story = Story::sqlite().await;
    let thread = story.praise().await;
    for (body, outcome) in [
        (json!({ "kind": "intent", "act": "remove", "shown": { "label": "complaint" } }), "409 label_not_shown"),
        (json!({ "kind": "intent", "act": "add", "says": { "label": "praise" } }), "409 label_shown_already"),
        (json!({ "kind": "sentiment", "act": "add", "says": { "label": "neutral" } }), "409 label_shown_already"),
        (json!({ "kind": "intent", "act": "add", "says": { "label": "fury" } }), "422 invalid"),
        (json!({ "kind": "intent", "act": "change", "shown": { "label": "praise" } }), "409 correction_incomplete"),
        (json!({ "kind": "language", "act": "remove", "shown": { "label": "en" } }), "422 invalid"),
        (json!({ "kind": "intent", "act": "wish", "says": { "label": "praise" } }), "400 malformed"),
    ] {
        assert_eq!(say(&story.responder, &thread, body.clone()).await.outcome(), outcome, "{body}");
    }
    let auditor = story.colleague(&[Role::Auditor]).await;
    let body = json!({ "kind": "intent", "act": "confirm", "shown": { "label": "praise" } });
    assert_eq!(say(&auditor, &thread, body).await.outcome(), "403 role_missing");
    assert_eq!(story.number("select count(*) as n from corrections").await, 0);
}

#[tokio::test]
async fn what_was_said_about_an_old_text_does_not_count_for_the_new_one() {
    let story = Story::sqlite().await;
    let thread = story.praise().await;
    let body = json!({ "kind": "intent", "act": "remove", "shown": { "label": "praise" } });
    say(&story.responder, &thread, body).await;
    story.sql(&format!("update messages set text = 'Thank you all!' where id = '{}'", thread.message)).await;
    let after = whole(&story, &thread).await;
    assert_eq!(intents(&after["messages"][0]), ["praise"]);
    assert_eq!(after["messages"][0]["corrections"][0]["counts"], false);
    let list = story.responder.get("/corrections").await;
    assert_eq!(list.json["items"][0]["counts"], false, "the list says so, too: {}", list.text);
}

#[tokio::test]
async fn people_see_how_often_they_agree_with_each_label() {
    for story in Story::each_engine().await {
        let confirm = |label: &str| json!({ "kind": "intent", "act": "confirm", "shown": { "label": label } });
        for _ in 0..3 {
            let thread = story.praise().await;
            assert_eq!(say(&story.responder, &thread, confirm("praise")).await.status, 201);
        }
        let wrong = story.praise().await;
        let change = json!({ "kind": "intent", "act": "change", "shown": { "label": "praise" }, "says": { "label": "suggestion" } });
        say(&story.responder, &wrong, change).await;
        story.complaint().await;

        let agreement = story.responder.get("/corrections/agreement").await;
        assert_eq!(agreement.json["messages"], 5, "{}", agreement.text);
        let items = agreement.json["items"].as_array().unwrap();
        let of = |label: &str| items.iter().find(|item| item["kind"] == "intent" && item["label"] == label).unwrap();
        let praise = of("praise");
        assert_eq!(
            (praise["shown"].as_i64(), praise["agreed"].as_i64(), praise["corrected"].as_i64()),
            (Some(4), Some(3), Some(1))
        );
        assert_eq!(praise["share"], 0.75);
        let (low, high) = (praise["low"].as_f64().unwrap(), praise["high"].as_f64().unwrap());
        assert!(low < 0.35 && high > 0.94, "four judgements say little: {low} to {high}");
        assert_eq!(of("suggestion")["missed"], 1);
        assert!(of("complaint")["share"].is_null(), "nobody judged it");

        let list = story.responder.get("/corrections?kind=intent&label=praise&limit=2").await;
        assert_eq!(list.json["items"].as_array().unwrap().len(), 2);
        assert_eq!(list.json["items"][0]["act"], "change", "the newest first");
        let next = list.json["next"].as_str().unwrap();
        let rest = story.responder.get(&format!("/corrections?kind=intent&label=praise&limit=2&cursor={next}")).await;
        assert_eq!((rest.json["items"].as_array().unwrap().len(), rest.json["next"].is_null()), (2, true));
        assert!(!list.text.contains("wonderful"), "the list holds no text of a message");
    }
}

#[tokio::test]
async fn corrections_leave_as_training_data_by_whoever_may_export_and_that_stands_in_the_log() {
    for story in Story::each_engine().await {
        let thread = story.praise().await;
        let change = json!({ "kind": "intent", "act": "change", "shown": { "label": "praise" }, "says": { "label": "suggestion" } });
        say(&story.responder, &thread, change).await;
        let says = json!({ "label": "medical_emergency", "detail": "past" });
        say(&story.responder, &thread, json!({ "kind": "risk", "act": "add", "says": says })).await;
        let gone = story.crisis().await;
        let lower =
            json!({ "kind": "risk", "act": "remove", "shown": risk(&whole(&story, &gone).await), "note": "A song." });
        assert_eq!(say(&story.responder, &gone, lower).await.status, 201);
        story.sql(&format!("update messages set deleted_at = 5 where id = '{}'", gone.message)).await;

        assert_eq!(story.responder.get("/corrections/export").await.outcome(), "403 role_missing");
        assert_eq!(story.server.logged("corrections.exported").await, 0);
        let officer = story.colleague(&[Role::PrivacyOfficer]).await;
        let file = officer.get("/corrections/export").await;
        assert_eq!(file.header("content-type"), "application/x-ndjson; charset=utf-8");
        assert!(file.header("content-disposition").contains("REAL-PERSONS-TEXTS"));
        let rows: Vec<Value> = file.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let sets: Vec<_> = rows.iter().map(|row| row["set"].as_str().unwrap()).collect();
        assert_eq!(sets, ["emergency", "intents"], "what its author took down is not learnt from");
        assert_eq!((rows[0]["label"].as_str(), rows[0]["lang"].as_str()), (Some("past"), Some("en")));
        assert_eq!(rows[1]["intents"], json!(["suggestion"]));
        assert!(
            rows.iter().all(|row| row["text"] == PRAISE && row["origin"].as_str().unwrap().contains("real person"))
        );
        assert_eq!(rows[0]["by"], json!(story.responder.user));
        assert_eq!(story.server.logged("corrections.exported").await, 1);
    }
}

#[tokio::test]
async fn why_is_told_step_by_step_with_what_decided_and_who_changed_it() {
    for story in Story::each_engine().await {
        story.crisis().await;
        let thread = story.praise().await;
        let why = |thread: &Thread| format!("/conversations/{}/why", thread.id);
        let page = story.responder.get(&why(&thread)).await;
        assert_eq!((page.status, page.json["ahead"].as_i64()), (200, Some(1)), "{}", page.text);
        let first = &page.json["steps"][0];
        assert_eq!((first["label"].as_str(), first["rank"].as_i64()), (Some("praise"), Some(11)));
        assert_eq!((first["decides"].as_bool(), first["set_by"].is_null()), (Some(true), true));
        assert!(!first["evidence"].as_array().unwrap().is_empty());

        let says = json!({ "label": "crisis_self_harm", "detail": "C3" });
        say(&story.responder, &thread, json!({ "kind": "risk", "act": "add", "says": says })).await;
        let page = story.responder.get(&why(&thread)).await;
        let first = &page.json["steps"][0];
        assert_eq!((first["label"].as_str(), first["level"].as_str()), (Some("crisis_self_harm"), Some("C3")));
        assert_eq!(first["set_by"]["id"], json!(story.responder.user));
        assert_eq!((first["score"].is_null(), page.json["ahead"].as_i64()), (true, Some(0)));
    }
}

#[tokio::test]
async fn what_nobody_can_read_says_so_among_the_steps() {
    let story = Story::sqlite().await;
    let text = "Napakabait ng mga nars, maraming salamat po sa inyong lahat.";
    let said = Assessment { language: "tl".to_owned(), needs_reader: true, priority: 7, ..plain(text) };
    let thread = story.reads(text, &said).await;
    let page = story.responder.get(&format!("/conversations/{}/why", thread.id)).await;
    let steps = page.json["steps"].as_array().unwrap();
    let reader = steps.iter().find(|step| step["kind"] == "needs_reader").expect("a step");
    assert_eq!(reader["rank"], 7);
    assert!(reader["sentence"].as_str().unwrap().contains("a person must read it"), "{reader}");
}

#[tokio::test]
async fn the_safe_skeleton_carries_the_accounts_own_contact_and_passes_the_guard() {
    for story in Story::each_engine().await {
        let thread = story.complaint().await;
        let path = format!("/guard/skeleton?conversation_id={}", thread.id);
        let skeleton = story.responder.get(&path).await;
        let text = skeleton.json["text"].as_str().unwrap_or_else(|| panic!("{}", skeleton.text)).to_owned();
        assert!(text.contains("555-0100"), "{text}");
        assert_eq!(
            (&skeleton.json["contacts"], &skeleton.json["needs_contact"]),
            (&json!(["555-0100"]), &json!(false))
        );
        let draft = story.drafts(&thread, &text).await;
        assert_ne!(draft["verdict"]["verdict"], "block");

        story.sql("update accounts set profile = '{}'").await;
        let without = story.responder.get(&path).await;
        assert_eq!((&without.json["needs_contact"], &without.json["contacts"]), (&json!(true), &json!([])));
        assert!(without.json["text"].is_string(), "and still a text that names none: {}", without.text);
    }
}

#[tokio::test]
async fn the_library_of_claims_is_searched_by_words_in_any_order() {
    let story = Story::sqlite().await;
    let all = story.responder.get("/claims").await;
    let all = all.json["items"].as_array().unwrap();
    assert!(all.len() >= 60);
    for claim in all {
        assert!(!claim["known"].as_str().unwrap().is_empty() && !claim["sources"].as_array().unwrap().is_empty());
    }
    let found = story.responder.get("/claims?q=autism%20VACCINE").await;
    let found = found.json["items"].as_array().unwrap();
    assert!(!found.is_empty() && found.len() < all.len());
    let spanish = story.responder.get("/claims?q=azucar%20cancer").await;
    assert!(!spanish.json["items"].as_array().unwrap().is_empty(), "also in Spanish, without the accents");
}

#[tokio::test]
async fn a_claim_is_corrected_in_what_the_message_does_with_it() {
    let story = Story::sqlite().await;
    let text = "Vaccines cause autism, everybody knows that. Ask for Mary Green.";
    let id = bedside_understand::Claims::get().all()[0].id.clone();
    let read = ClaimMatch { id: id.clone(), stance: Stance::Asserts, score: 0.9, evidence: vec![] };
    let thread = story.reads(text, &Assessment { claims: vec![read], ..plain(text) }).await;
    let shown = json!({ "label": id, "detail": "asserts" });
    let says = json!({ "label": id, "detail": "denies" });
    let body = json!({ "kind": "claim", "act": "change", "shown": shown, "says": says });
    assert_eq!(say(&story.responder, &thread, body).await.status, 201);
    let after = whole(&story, &thread).await;
    let now = &after["messages"][0]["assessment"]["claims"][0];
    assert_eq!((now["id"].as_str(), now["stance"].as_str()), (Some(id.as_str()), Some("denies")));

    let name = json!({ "kind": "identifier", "act": "add", "says": { "label": "name", "span": [53, 63] } });
    assert_eq!(say(&story.responder, &thread, name).await.status, 201);
    let officer = story.colleague(&[Role::PrivacyOfficer]).await;
    let file = officer.get("/corrections/export").await;
    let rows: Vec<Value> = file.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |set: &str| rows.iter().find(|row| row["set"] == set).unwrap_or_else(|| panic!("{set}: {}", file.text));
    assert_eq!((of("claims")["claim"].as_str(), of("claims")["stance"].as_str()), (Some(id.as_str()), Some("denies")));
    assert!(of("identifiers")["text"].as_str().unwrap().contains("[[name:Mary Green]]"), "{}", file.text);
}
