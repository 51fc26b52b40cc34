//! `bedside demo`: a sample organisation on emulated networks.
//!
//! Everything runs in this one process on loopback: Bedside on an embedded database, the world of
//! nine networks on one port, and beside it a review site and a blog. People write on each of them;
//! Bedside hears it by polls and by signed webhooks, and what is answered can be seen where it was
//! asked. Real, openly licensed feedback arrives on the review site; what stands elsewhere is invented.

mod channels;
mod organisation;
mod writers;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use bedside_engine::http::AllowedHosts;
use bedside_sandbox::blog::{self, Blog};
use bedside_sandbox::review_site::{self, ReviewSite};
use bedside_sandbox::world::{self, World};
use bedside_store::trust;
use serde_json::json;

use crate::cli::{Demo, Role};
use crate::config::Config;
use crate::house::House;
use crate::serve::{Serving, until_told_to_stop};
use crate::{config, output};
use organisation::{EMAIL, PASSWORD, SECOND};
use writers::Writers;

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
    let world = World::new(clock.clone(), demo.seed);
    let reviews = ReviewSite::new("Lakeside Health, reviews", clock.clone());
    let posts = Blog::new("Lakeside Health blog", clock);
    let world_server = world::spawn(world.clone()).await?;
    let review_server = review_site::spawn(reviews.clone()).await?;
    let blog_server = blog::spawn(posts.clone()).await?;
    let (world_url, review_url, blog_url) = (world_server.base_url(), review_server.base_url(), blog_server.base_url());
    let mut writers = Writers::new(world.clone(), reviews, posts)?;

    let networks = [&world_server, &review_server, &blog_server].map(|server| server.addr().to_string());
    let house = House::open_with(config, AllowedHosts::new(networks)).await?;
    let _lock = house.take_over().await?;
    if !trust::organisations(&mut house.store.read().await?).await?.is_empty() {
        bail!(
            "{} holds an organisation already: name a new directory, or none for one that goes with the demo",
            dir.display()
        );
    }
    let org = organisation::add(&house).await?;
    channels::sites(&house, &org, &review_url, &blog_url).await?;
    channels::networks(&house, &org, &world, &world_url).await?;
    writers.begin()?;
    let serving = Serving::start(&house, Role::All).await?;
    channels::webhooks(&house, &org, &world, &serving.url).await?;
    if as_json {
        output::json(&json!({
            "ready": true, "url": serving.url, "email": EMAIL, "password": PASSWORD,
            "second": { "email": SECOND, "password": PASSWORD }, "review_site": review_url, "blog": blog_url,
            "sandbox": world.ready(&world_url),
        }));
    } else {
        println!("Open {}  and sign in as {EMAIL} with {PASSWORD}", serving.url);
        println!("A colleague who can approve: {SECOND} (same password)");
        println!("Where people write, and where answers are seen:");
        println!("  {world_url}  (Facebook, Instagram, YouTube, X, LinkedIn, Google Business Profile, Yelp, Mastodon)");
        println!("  {review_url}  (reviews)  {blog_url}  (the blog)");
        println!("More is written over {} seconds. Ctrl-C ends everything.", demo.seconds);
    }
    let clock = house.clock.clone();
    let over = Duration::from_secs(demo.seconds);
    let writing = tokio::spawn(async move {
        if let Err(error) = writers.go_on(&clock, over).await {
            tracing::error!(%error, "people cannot go on writing");
        }
    });
    until_told_to_stop().await?;
    writing.abort();
    serving.stop().await;
    world_server.stop().await;
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
