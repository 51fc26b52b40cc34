//! Every statement is known to both engines and stays within its organisation.

use std::collections::BTreeSet;

use crate::all_statements;
use crate::sql::Scope;
use crate::testing;

/// Tables without an organisation, which no statement of an organisation may touch.
const HOUSE_TABLES: [&str; 5] =
    ["organisations", "system_keys", "system_state", "login_throttles", "schema_migrations"];

#[tokio::test]
async fn both_engines_prepare_every_statement() {
    for db in testing::each_engine().await {
        let mut conn = db.store.read().await.unwrap();
        let mut failed = Vec::new();
        for stmt in all_statements() {
            let mut text = if db.engine == "sqlite" { stmt.sqlite.to_owned() } else { stmt.postgres().to_owned() };
            if text.trim_end().ends_with("values") {
                // A statement for many rows: one row of placeholders, as `insert_many` makes it.
                let columns = text.matches(',').count() + 1;
                let row: Vec<String> = (1..=columns).map(|n| format!("${n}")).collect();
                text.push_str(&format!(" ({})", row.join(", ")));
            }
            if let Err(e) = conn.prepare(stmt, &text).await {
                failed.push(format!("{stmt:?}: {}", e.inner()));
            }
        }
        assert!(failed.is_empty(), "{}:\n{}", db.engine, failed.join("\n"));
    }
}

/// The tables that a statement names, each as often as it names it.
fn tables(text: &str) -> Vec<String> {
    let flat = text.to_lowercase().replace(['(', ')', ','], " ");
    let words: Vec<&str> = flat.split_whitespace().collect();
    words
        .windows(2)
        .filter(|pair| matches!(pair[0], "from" | "join" | "into"))
        .map(|pair| pair[1])
        .chain(words.windows(2).filter(|pair| pair[0] == "update" && pair[1] != "set").map(|pair| pair[1]))
        .filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !matches!(*name, "select" | "skip"))
        .map(str::to_owned)
        .collect()
}

/// Conditions that bind a table to the organisation.
fn bounds(text: &str) -> usize {
    let flat: String = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let by_parameter = flat.matches("org_id = $1").count();
    let by_join = flat.match_indices("org_id = ").filter(|(at, m)| {
        let rest = &flat[at + m.len()..];
        rest.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '_'))
            .next()
            .is_some_and(|word| word.ends_with(".org_id"))
    });
    let by_insert = flat.match_indices("insert into ").filter(|(at, m)| {
        let rest = &flat[at + m.len()..];
        rest.split_once('(').is_some_and(|(_, columns)| columns.trim_start().starts_with("org_id"))
            && (rest.contains("values ($1") || rest.trim_end().ends_with("values") || rest.contains("select $1"))
    });
    by_parameter + by_join.count() + by_insert.count()
}

#[test]
fn every_statement_filters_on_the_organisation() {
    for stmt in all_statements() {
        if stmt.scope != Scope::Org {
            continue;
        }
        let text = stmt.sqlite.replace("/*pg:", "/*").split("/*").next().unwrap_or_default().to_owned();
        let named = tables(&text);
        assert!(!named.is_empty(), "{stmt:?} names no table");
        for table in &named {
            assert!(!HOUSE_TABLES.contains(&table.as_str()), "{stmt:?} of an organisation touches {table}");
        }
        assert!(
            bounds(&text) >= named.len(),
            "{stmt:?} names {named:?} but binds the organisation {} times",
            bounds(&text)
        );
    }
}

#[test]
fn the_check_of_the_organisation_sees_what_is_missing() {
    assert!(
        bounds("select * from a join b on b.x = a.x where a.org_id = $1")
            < tables("select * from a join b on b.x = a.x").len()
    );
    assert_eq!(bounds("select 1 from a join b on b.org_id = a.org_id where a.org_id = $1"), 2);
    assert_eq!(bounds("insert into a (id, org_id) values ($1, $2)"), 0);
}

#[test]
fn global_statements_are_few_and_say_why() {
    let global: BTreeSet<&str> = all_statements().iter().filter(|s| s.scope != Scope::Org).map(|s| s.name).collect();
    for stmt in all_statements() {
        if let Scope::Global(why) = stmt.scope {
            assert!(why.len() >= 15, "{stmt:?} does not say why it is global");
        }
        if let Some(why) = stmt.operational {
            assert!(why.len() >= 15, "{stmt:?} does not say why it needs no audit entry");
        }
    }
    assert!(global.len() <= 40, "too many statements leave their organisation: {global:?}");
}
