//! A data directory with an organisation that nobody has written to yet, and its channels.

use std::path::Path;
use std::sync::Arc;

use bedside_engine::clock::Clock;
use bedside_engine::listen::accounts::credentials_bytes;
use bedside_model::{AccountId, OrgId, SourceId};
use bedside_networks::{Credentials, Oauth2, Secret, Session};
use bedside_store::listen::account::{self, NewAccount, Profile};
use bedside_store::listen::source::{self, NewSource};
use bedside_store::listen::watch::{self, NewTerm};
use bedside_store::testing::organisation;
use bedside_store::{By, Entry, Ids, MasterKey, Row, Store, Target, settings};
use serde_json::json;

/// The master key; there is nothing to protect here.
const KEY: [u8; 32] = [7; 32];
/// What the application and Meta know.
pub const APP_SECRET: &str = "a secret that both sides know";
/// Facebook's id of the page.
pub const PAGE: &str = "100";

/// The directory and the checker's own eye on its database.
pub struct House {
    /// The directory, as `bedside --data` takes it; removed at the end.
    pub dir: tempfile::TempDir,
    store: Store,
    org: OrgId,
}

impl House {
    /// A new one, under `target/bench`: on the disk that everything else is measured on.
    pub async fn build() -> Self {
        let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench");
        std::fs::create_dir_all(&bench).unwrap();
        let dir = tempfile::Builder::new().prefix("run-").tempdir_in(&bench).unwrap();
        std::fs::write(dir.path().join("master.key"), hex::encode(KEY)).unwrap();
        let target = Target::Sqlite(dir.path().join("bedside.db"));
        let ids = Arc::new(Ids::random());
        let store = Store::open(&target, MasterKey::new(KEY), ids.clone()).await.unwrap();
        let now = Clock::System.now();
        let org = store.add_organisation(organisation(&ids, "Lakeside Health"), By::cli(), now).await.unwrap();
        Self { dir, store, org }
    }

    /// Connects a page of Facebook that is told of comments and polls nothing; the address of its webhook.
    pub async fn connect_page(&self) -> String {
        let credentials = Credentials::Oauth2(Box::new(Oauth2 {
            client_id: "app".into(),
            client_secret: Secret::new(APP_SECRET),
            access_token: Secret::new("token"),
            ..Oauth2::default()
        }));
        let account = self.connect("facebook", PAGE, &credentials, None).await;
        let rows = self.rows(&format!("select hook_id from accounts where id = '{account}'")).await;
        format!("/hooks/{}", rows[0].text("hook_id").unwrap())
    }

    /// Connects an account of Bluesky that listens to this Jetstream for these terms.
    pub async fn connect_jetstream(&self, url: &str, terms: &[String]) {
        let session = Session {
            identifier: "lakeside.example.org".into(),
            password: Secret::new("app-password"),
            access_token: Secret::new("access"),
            refresh_token: Secret::new("refresh"),
            expires_at: None,
        };
        self.watch(terms).await;
        self.connect("bluesky", "did:plc:lakeside", &Credentials::Session(Box::new(session)), Some(url)).await;
    }

    async fn connect(&self, network: &str, own: &str, credentials: &Credentials, stream: Option<&str>) -> AccountId {
        let (ids, now) = (self.store.ids(), Clock::System.now());
        let new = NewAccount {
            id: AccountId::from_bits(ids.bits(now)),
            network: network.into(),
            name: "Ours".into(),
            // Nobody answers there, and nobody is asked.
            base_url: "http://127.0.0.1:9/".into(),
            part2: false,
            profile: Profile::default(),
            config: stream.map_or_else(|| json!({}), |url| json!({ "jetstream": url })),
            credentials: credentials_bytes(credentials),
        };
        let source = stream.map(|_| NewSource {
            id: SourceId::from_bits(ids.bits(now)),
            account_id: new.id.clone(),
            kind: "stream".into(),
            name: "Jetstream".into(),
            url: String::new(),
            config: json!({}),
            interval_seconds: 86_400,
        });
        let (keyring, id, own) = (self.store.keyring().clone(), new.id.clone(), own.to_owned());
        let write = self.store.write(&self.org, now, move |tx| {
            Box::pin(async move {
                let org = tx.org()?;
                let (mut all, version) = settings::load(tx.conn(), &org).await?;
                all.alerts.allowed_private_hosts = vec!["127.0.0.1".to_owned()];
                settings::save(tx, &all, version).await?;
                account::add(tx, &keyring, &new).await?;
                account::connected(tx, &new.id, Some(&own), None, &new.config).await?;
                if let Some(source) = source {
                    source::add(tx, &source).await?;
                }
                tx.commit(Entry::new(By::cli(), "account.added", &new.id), ())
            })
        });
        write.await.unwrap();
        id
    }

    async fn watch(&self, terms: &[String]) {
        let ids = self.store.ids().clone();
        let new = |term: &String| NewTerm { term: term.clone(), unless: vec![], kind: "name".into() };
        let terms: Vec<NewTerm> = terms.iter().map(new).collect();
        let write = self.store.write(&self.org, Clock::System.now(), move |tx| {
            Box::pin(async move {
                watch::add(tx, &ids, &terms, None).await?;
                tx.commit(Entry::new(By::cli(), "watch.changed", "-"), ())
            })
        });
        write.await.unwrap();
    }

    /// Rows of a question of the checker's own, past all code that is measured.
    pub async fn rows(&self, sql: &str) -> Vec<Row> {
        self.store.read().await.unwrap().test_rows(sql).await.unwrap()
    }

    /// A count, as `n`.
    pub async fn count(&self, sql: &str) -> u64 {
        self.rows(&format!("select count(*) as n from {sql}")).await[0].int("n").unwrap().cast_unsigned()
    }
}
