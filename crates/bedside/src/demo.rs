//! `bedside demo`: a sample organisation on emulated networks.
//!
//! Everything runs in this one process on loopback: Bedside on an embedded database, a review site
//! and a blog. Real, openly licensed feedback arrives on the review site over a minute or two, and a
//! few invented messages show what real ones should not be used for.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use bedside_engine::http::AllowedHosts;
use bedside_model::account::Contacts;
use bedside_model::alert::{Channel, Rota, RotaStep};
use bedside_model::role::{Role as Duty, RoleSet};
use bedside_model::{OrgId, UserId};
use bedside_networks::{Credentials, Network, Secret};
use bedside_sandbox::blog::{self, Blog, WriteComment};
use bedside_sandbox::review_site::{self, ReviewSite, WriteReview};
use bedside_store::listen::account::Profile;
use bedside_store::people::{self, NewUser};
use bedside_store::trust::{self, NewOrganisation};
use bedside_store::{By, Entry, settings};
use serde::Deserialize;
use serde_json::json;

use crate::accounts::{Connect, connect};
use crate::cli::{Demo, Role};
use crate::config::Config;
use crate::house::{House, readable};
use crate::serve::{Serving, until_told_to_stop};
use crate::{config, output};

const SAMPLE: &str = include_str!("../../../data/demo/nhs_sample.jsonl");
const INVENTED: &str = include_str!("../../../data/demo/invented.jsonl");

const EMAIL: &str = "dana@lakeside.example.org";
const SECOND: &str = "robin@lakeside.example.org";
/// The networks of the demo answer only on loopback, and so does Bedside unless told otherwise.
const PASSWORD: &str = "lakeside-demo-2026";

/// Invented names; nobody who wrote the comments is named.
const NAMES: [&str; 12] = [
    "A. Reader",
    "Mia",
    "J. Sample",
    "Lake Walker",
    "Pat M.",
    "Chris",
    "Noor",
    "T. Example",
    "Jo",
    "Sasha",
    "Visitor 7",
    "Ren",
];

#[derive(Debug, Deserialize)]
struct Sample {
    text: String,
    sentiment: u8,
}

#[derive(Debug, Deserialize)]
struct Invented {
    #[serde(rename = "where")]
    place: String,
    #[serde(default)]
    stars: Option<u8>,
    author: String,
    text: String,
}

fn lines<T: for<'de> Deserialize<'de>>(text: &str) -> anyhow::Result<Vec<T>> {
    text.lines().filter(|l| !l.is_empty()).map(|l| serde_json::from_str(l).context("the sample data")).collect()
}

/// Runs the demo until told to stop.
pub async fn run(demo: &Demo, data: Option<&str>, config: Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let (dir, _removed_at_the_end) = directory(data)?;
    let listen =
        demo.listen.parse().with_context(|| format!("--listen {} is no address like 127.0.0.1:8787", demo.listen))?;
    // The settings of an installation on this machine do not reach into the demo.
    let log = config.log;
    let mut config = Config::load(None, &[("data", dir.display().to_string()), ("database", "sqlite".to_owned())])?;
    (config.listen, config.log) = (listen, log);

    let clock: bedside_sandbox::Clock = {
        let clock = config.clock.clone();
        Arc::new(move || clock.timestamp())
    };
    let reviews = ReviewSite::new("Lakeside Health, reviews", clock.clone());
    let posts = Blog::new("Lakeside Health blog", clock);
    let review_server = review_site::spawn(reviews.clone()).await?;
    let blog_server = blog::spawn(posts.clone()).await?;
    let (review_url, blog_url) = (review_server.base_url(), blog_server.base_url());

    let allowed = AllowedHosts::new([review_server.addr().to_string(), blog_server.addr().to_string()]);
    let house = House::open_with(config, allowed).await?;
    let _lock = house.take_over().await?;
    if trust::organisations(&mut house.store.read().await?).await?.is_empty() {
        let org = organisation(&house).await?;
        channels(&house, &org, &review_url, &blog_url).await?;
    }
    let serving = Serving::start(&house, Role::All).await?;
    let ready = json!({
        "ready": true, "url": serving.url, "email": EMAIL, "password": PASSWORD,
        "second": { "email": SECOND, "password": PASSWORD }, "review_site": review_url, "blog": blog_url,
    });
    if as_json {
        output::json(&ready);
    } else {
        println!("Open {}  and sign in as {EMAIL} with {PASSWORD}", serving.url);
        println!(
            "A colleague who can approve: {SECOND} (same password). Where people write: {review_url} and {blog_url}"
        );
        println!("Feedback arrives over {} seconds. Ctrl-C ends everything.", demo.seconds);
    }
    let arriving = tokio::spawn(arrive(house.clock.clone(), reviews, posts, demo.seconds));
    until_told_to_stop().await?;
    arriving.abort();
    serving.stop().await;
    review_server.stop().await;
    blog_server.stop().await;
    house.store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The data directory: the one that was named, or a temporary one that goes with the demo.
fn directory(named: Option<&str>) -> anyhow::Result<(PathBuf, Option<Removed>)> {
    match named {
        Some(path) => Ok((PathBuf::from(path), None)),
        None => {
            let base = config::environment("TMPDIR").map_or_else(|| PathBuf::from("/tmp"), PathBuf::from);
            let path = base.join(format!("bedside-demo-{}", std::process::id()));
            Ok((path.clone(), Some(Removed(path))))
        }
    }
}

/// Removes a directory when it goes out of scope.
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        if let Err(e) = std::fs::remove_dir_all(&self.0) {
            eprintln!("{} could not be removed: {e}", self.0.display());
        }
    }
}

async fn organisation(house: &House) -> anyhow::Result<OrgId> {
    let now = house.clock.now();
    let ids = house.store.ids().clone();
    let keyring = house.store.keyring().clone();
    let org = OrgId::from_bits(ids.bits(now));
    let hash =
        bedside_server::password::hash(&ids, PASSWORD).map_err(|_| anyhow::anyhow!("the password cannot be hashed"))?;
    let person = |email: &str, name: &str, roles: RoleSet| NewUser {
        id: UserId::from_bits(ids.bits(now)),
        email: email.to_owned(),
        name: name.to_owned(),
        password_hash: hash.clone(),
        roles,
    };
    let dana = person(EMAIL, "Dana Whitfield", RoleSet::all());
    let duties = [Duty::Responder, Duty::PrivacyOfficer, Duty::ClinicalReviewer, Duty::OnCall, Duty::Manager];
    let robin = person(SECOND, "Robin Okafor", duties.into_iter().collect());
    let new = NewOrganisation {
        id: org.clone(),
        name: "Lakeside Health".to_owned(),
        kind: "hospital".to_owned(),
        country: "US".to_owned(),
        language: "en".to_owned(),
        zone: "America/New_York".to_owned(),
        settings: "{}".to_owned(),
    };
    house
        .store
        .write(&org, now, move |tx| {
            Box::pin(async move {
                people::take_first_run(tx).await?;
                trust::add_organisation(tx, &keyring, &new).await?;
                let rota =
                    [&dana, &robin].map(|user| RotaStep { user_id: user.id.clone(), channels: vec![Channel::Browser] });
                people::add(tx, &dana).await?;
                people::add(tx, &robin).await?;
                let org = tx.org()?;
                let (mut all, version) = settings::load(tx.conn(), &org).await?;
                all.rota = Rota(rota.to_vec());
                settings::save(tx, &all, version).await?;
                tx.commit(Entry::new(By::cli(), "organisation.added", &new.id).with("kind", "demo"), ())
            })
        })
        .await
        .map_err(readable)?;
    Ok(org)
}

async fn channels(house: &House, org: &OrgId, review_url: &str, blog_url: &str) -> anyhow::Result<()> {
    let profile = Profile {
        contacts: Contacts {
            phone: Some("555-0142".to_owned()),
            email: Some("listening@lakeside.example.org".to_owned()),
            url: Some("https://lakeside.example.org/talk-to-us".to_owned()),
        },
        sites: vec!["Lakeside Health".to_owned(), "Lakeside Clinic".to_owned()],
        allowed_urls: vec!["https://lakeside.example.org".to_owned()],
        ..Profile::default()
    };
    let review = Connect {
        network: Network::GoogleBusiness,
        name: "Lakeside reviews".to_owned(),
        url: review_url.to_owned(),
        credentials: Credentials::Bearer { token: Secret::new("sandbox") },
        config: json!({ "location": "accounts/1/locations/1", "location_title": "Lakeside Health" }),
        profile: profile.clone(),
        part2: false,
        interval: 5,
        by: By::cli(),
    };
    let blog = Connect {
        network: Network::Wordpress,
        name: "Lakeside blog".to_owned(),
        url: blog_url.to_owned(),
        credentials: Credentials::Basic { user: "bedside".to_owned(), password: Secret::new("sandbox") },
        config: json!({}),
        profile,
        part2: false,
        interval: 5,
        by: By::cli(),
    };
    for new in [review, blog] {
        let id = connect(house, org, new).await?;
        let tested = house.listen().self_test(org, &id, By::cli()).await.map_err(readable)?;
        if !tested.ok {
            anyhow::bail!("an emulated network does not answer as it should");
        }
    }
    Ok(())
}

/// Lets people write: a first handful at once, so that the inbox is alive when it is opened.
async fn arrive(clock: bedside_engine::Clock, reviews: ReviewSite, posts: Blog, seconds: u64) {
    let (Ok(sample), Ok(invented)) = (lines::<Sample>(SAMPLE), lines::<Invented>(INVENTED)) else { return };
    let mut writers: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
    for (n, real) in sample.into_iter().enumerate() {
        let reviews = reviews.clone();
        writers.push(Box::new(move || {
            let author = NAMES[n % NAMES.len()].to_owned();
            let rating = 6_u8.saturating_sub(real.sentiment).clamp(1, 5);
            reviews.write(WriteReview { author, rating, text: real.text, ..WriteReview::default() });
        }));
    }
    let step = (writers.len() / (invented.len() + 1)).max(1);
    for (n, one) in invented.into_iter().enumerate() {
        let (reviews, posts) = (reviews.clone(), posts.clone());
        let place = ((n + 1) * step + n).min(writers.len());
        writers.insert(
            place,
            Box::new(move || {
                if one.place == "blog" {
                    let comment = WriteComment { author: one.author, text: one.text, ..WriteComment::default() };
                    if posts.write(comment).is_err() {
                        tracing::warn!("the emulated blog could not keep a comment");
                    }
                } else {
                    let rating = one.stars.unwrap_or(3);
                    reviews.write(WriteReview { author: one.author, rating, text: one.text, ..WriteReview::default() });
                }
            }),
        );
    }
    let count = writers.len().max(1) as u64;
    let pause = std::time::Duration::from_millis(seconds * 1_000 / count);
    for (n, write) in writers.into_iter().enumerate() {
        write();
        if n >= 8 {
            clock.wait(pause).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_reads_and_has_something_of_everything() {
        let sample = lines::<Sample>(SAMPLE).unwrap();
        assert!(sample.len() >= 40);
        for sentiment in 1..=5 {
            assert!(sample.iter().any(|s| s.sentiment == sentiment), "nobody is at {sentiment}");
        }
        let invented = lines::<Invented>(INVENTED).unwrap();
        let ranks: Vec<u8> = invented
            .iter()
            .map(|one| bedside_understand::assess(&one.text, &bedside_understand::Context::default()).priority)
            .collect();
        assert!(ranks.iter().any(|r| *r <= 2), "a crisis comes first: {ranks:?}");
        assert!(ranks.contains(&1), "an emergency is among them: {ranks:?}");
    }
}
