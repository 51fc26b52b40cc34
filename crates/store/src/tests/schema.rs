//! Both engines have the same tables and columns.

use std::collections::BTreeMap;

use crate::testing;

const SQLITE: &str = "select m.name as t, p.name as c, lower(p.type) as k, p.\"notnull\" as required
    from sqlite_master m join pragma_table_info(m.name) p
    where m.type = 'table' and m.name not like 'message_fts%' and m.name not like 'sqlite_%' order by 1, 2";
const POSTGRES: &str = "select table_name::text as t, column_name::text as c, data_type::text as k,
    case when is_nullable = 'NO' then 1::bigint else 0::bigint end as required
    from information_schema.columns where table_schema = 'public' order by 1, 2";

type Columns = BTreeMap<(String, String), (String, bool)>;

async fn columns(db: &testing::TestDb) -> Columns {
    let mut conn = db.store.read().await.unwrap();
    let text = if db.engine == "sqlite" { SQLITE } else { POSTGRES };
    let mut columns = BTreeMap::new();
    for row in conn.test_rows(text).await.unwrap() {
        let kind = match row.text("k").unwrap().as_str() {
            "integer" => "bigint".to_owned(),
            "bytea" => "blob".to_owned(),
            other => other.to_owned(),
        };
        columns.insert((row.text("t").unwrap(), row.text("c").unwrap()), (kind, row.int("required").unwrap() != 0));
    }
    columns
}

#[tokio::test]
async fn the_engines_have_one_schema() {
    let dbs = testing::each_engine().await;
    let first = columns(&dbs[0]).await;
    assert!(first.len() > 200, "the schema was read");
    for db in &dbs[1..] {
        let other = columns(db).await;
        let missing: Vec<_> = first.iter().filter(|(k, v)| other.get(*k) != Some(*v)).collect();
        let extra: Vec<_> = other.iter().filter(|(k, v)| first.get(*k) != Some(*v)).collect();
        assert!(missing.is_empty() && extra.is_empty(), "sqlite has {missing:?}; {} has {extra:?}", db.engine);
    }
}

#[tokio::test]
async fn no_column_says_that_anybody_is_a_patient() {
    let db = testing::sqlite().await;
    for (table, column) in columns(&db).await.keys() {
        for word in ["patient", "diagnos", "medical_record", "mrn", "ehr"] {
            assert!(!table.contains(word) && !column.contains(word), "{table}.{column}");
        }
    }
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let db = testing::sqlite().await;
    let mut conn = db.store.pools.write().await.unwrap();
    conn.test_sql("insert into schema_migrations (version, name, checksum) values (999, 'later', '')").await.unwrap();
    drop(conn);
    db.store.close().await;
    let again = crate::Store::open(&db.target, crate::MasterKey::new([7; 32]), crate::Ids::seeded(1).into()).await;
    let said = again.unwrap_err().to_string();
    assert!(said.contains("newer than this program"), "{said}");
}
