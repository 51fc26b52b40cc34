use bedside_model::network::Visibility;
use bedside_store::answer::queue;
use serde_json::json;

use super::Story;

#[tokio::test]
async fn the_worst_comes_first_and_the_next_page_goes_on_where_the_last_ended() {
    for story in Story::each_engine().await {
        for priority in [11, 7, 2, 8, 7, 0, 12] {
            story.hears(priority, Visibility::Public).await;
        }
        let mut seen = vec![];
        let mut next = String::new();
        loop {
            let page = story.responder.get(&format!("/conversations?limit=2{next}")).await;
            assert_eq!(page.status, 200, "{}", page.text);
            seen.extend(page.json["items"].as_array().unwrap().iter().map(|i| i["priority"].as_i64().unwrap()));
            let Some(cursor) = page.json["next"].as_str() else { break };
            next = format!("&cursor={cursor}");
        }
        assert_eq!(seen, [0, 2, 7, 7, 8, 11, 12]);
        let urgent = story.responder.get("/conversations?priority_max=2").await;
        assert_eq!(urgent.json["items"].as_array().unwrap().len(), 2);
        assert_eq!(story.responder.get("/conversations?state=bad").await.outcome(), "422 invalid");
        assert_eq!(story.responder.get("/conversations?cursor=bad!").await.outcome(), "400 bad_cursor");
    }
}

#[tokio::test]
async fn the_queue_is_filtered_by_person_state_account_and_words() {
    for story in Story::each_engine().await {
        let first = story.hears(7, Visibility::Public).await;
        let second = story.hears(8, Visibility::Public).await;
        let me = story.responder.user.clone().unwrap();
        story.responder.post(&format!("/conversations/{}/assign", first.id), json!({ "user_id": me })).await;
        let ids = |answer: &crate::testing::Answer| -> Vec<String> {
            let items = answer.json["items"].as_array().unwrap_or_else(|| panic!("{}", answer.text)).iter();
            items.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
        };
        let (one, two) = (first.id.to_string(), second.id.to_string());
        let get = |query: &str| {
            let path = format!("/conversations?{query}");
            let client = story.responder.clone();
            async move { client.get(&path).await }
        };
        assert_eq!(ids(&get("assigned=me").await), [one.as_str()]);
        assert_eq!(ids(&get("assigned=nobody").await), [two.as_str()]);
        assert_eq!(ids(&get(&format!("assigned={me}")).await), [one.as_str()]);
        assert_eq!(ids(&get(&format!("account={}", story.account)).await), [one.as_str(), two.as_str()]);
        assert_eq!(ids(&get("account=acc_00000000000000000000000001").await), Vec::<String>::new());
        let resolve = json!({ "outcome": "no_action", "reason": "x" });
        story.responder.post(&format!("/conversations/{}/resolve", second.id), resolve).await;
        assert_eq!(ids(&get("").await), [one.as_str()]);
        assert_eq!(ids(&get("state=resolved").await), [two.as_str()]);
        assert_eq!(ids(&get("state=all").await), [one.as_str(), two.as_str()]);
        let mut conn = story.server.app.store.read().await.unwrap();
        if story.server.db.engine == "sqlite" {
            story.sql("insert into message_fts (rowid, text) select n, text from messages").await;
        }
        assert_eq!(ids(&get("q=nobody%20HOURS&state=all").await), [one.as_str(), two.as_str()]);
        assert_eq!(ids(&get("q=hours").await), [one.as_str()]);
        assert_eq!(ids(&get("q=parking").await), Vec::<String>::new());
        let counts = story.responder.get("/conversations/counts").await;
        assert_eq!(counts.json, json!({ "open": 1, "due": 0, "unassigned": 0, "mine": 1, "snoozed": 0 }));
        story.server.clock.advance(std::time::Duration::from_secs(900));
        assert_eq!(story.responder.get("/conversations/counts").await.json["due"], 1);
        let late = get("").await;
        assert_eq!(late.json["items"][0]["clock"]["state"], "past_due");
        let counted = queue::counts(&mut conn, &story.server.db.org, &me, story.server.app.now()).await.unwrap();
        assert_eq!(counted.mine, 1);
    }
}

#[tokio::test]
async fn a_page_walks_the_index_and_sorts_nothing() {
    let story = Story::sqlite().await;
    let mut conn = story.server.app.store.read().await.unwrap();
    for stmt in bedside_store::all_statements() {
        if !format!("{stmt:?}").starts_with("PAGE") {
            continue;
        }
        let mut text = stmt.sqlite.to_owned();
        // As a person asks: values in place of the placeholders, the longest names first.
        let values = ["'org'", "'open'", "7", "0", "'cnv'", "12", "null", "50", "'usr'"];
        for (n, value) in values.iter().enumerate().rev() {
            text = text.replace(&format!("${}", n + 1), value);
        }
        let plan: Vec<String> = conn
            .test_rows(&format!("explain query plan {text}"))
            .await
            .unwrap()
            .iter()
            .map(|row| row.text("detail").unwrap())
            .collect();
        let shown = plan.join("\n");
        assert!(shown.contains("SEARCH c USING INDEX conversations_"), "{stmt:?}:\n{shown}");
        assert!(!shown.contains("SCAN c"), "{stmt:?}:\n{shown}");
        // The only thing sorted is the handful of alerts of one conversation.
        assert!(shown.matches("USE TEMP B-TREE").count() <= 1, "{stmt:?}:\n{shown}");
    }
}
