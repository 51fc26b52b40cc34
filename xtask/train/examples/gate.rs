//! What the guard says of the annotated replies: `gate HALF` prints a line of JSON for each row.
use bedside_guard::{Account, InReplyTo, Policy, Request, check};
use serde_json::{Value, json};

fn main() -> anyhow::Result<()> {
    let half = std::env::args().nth(1).unwrap_or("train".into());
    let account = Account {
        name: "Lakeside Health".into(),
        phone: Some("(312) 555-0148".into()),
        email: Some("care@lakesidehealth.example".into()),
        url: Some("https://lakesidehealth.example/contact".into()),
        staff: vec!["Dr. Priya Raman".into(), "Tom Okafor".into()],
        sites: vec!["Lakeside Health North Clinic".into(), "410 Shoreline Avenue".into()],
        allowed_urls: vec!["lakesidehealth.example".into(), "cdc.gov".into(), "medlineplus.gov".into()],
        country: Some("US".into()),
        ..Account::default()
    };
    for line in std::fs::read_to_string(format!("data/annotated/replies/{half}.jsonl"))?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let message = &row["message"];
        let in_reply_to =
            (!text(&message["author"]).is_empty() || !text(&message["text"]).is_empty()).then(|| InReplyTo {
                author: text(&message["author"]),
                text: text(&message["text"]),
                rating: message["rating"].as_f64(),
                ..InReplyTo::default()
            });
        let request = Request {
            account: account.clone(),
            in_reply_to,
            kind: Default::default(),
            visibility: Default::default(),
            now: None,
            draft: text(&row["draft"]),
        };
        let verdict = check(&request, &Policy::default());
        let mut rules: Vec<&str> = verdict
            .findings
            .iter()
            .filter(|f| f.severity == bedside_guard::Decision::Block)
            .map(|f| f.rule.as_str())
            .collect();
        rules.sort_unstable();
        rules.dedup();
        println!(
            "{}",
            json!({"id": row["id"], "label": row["label"], "lang": row["lang"], "gold": row["rules"], "rules": rules, "findings": verdict.findings.iter().map(|f| json!([f.rule, f.evidence])).collect::<Vec<_>>(), "draft": row["draft"], "message": message, "kind": row["kind"]})
        );
    }
    Ok(())
}
