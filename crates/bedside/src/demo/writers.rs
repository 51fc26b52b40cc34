//! Who writes on the emulated networks, what, and in which order.
//!
//! The reviews are real feedback under an open licence; everything else is invented. The order is
//! that of the files, so the same seed is the same demo.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use bedside_engine::Clock;
use bedside_sandbox::blog::{Blog, WriteComment};
use bedside_sandbox::review_site::{ReviewSite, WriteReview};
use bedside_sandbox::world::{Kind, Network, World, Write};
use serde::Deserialize;

const SAMPLE: &str = include_str!("../../../../data/demo/nhs_sample.jsonl");
const INVENTED: &str = include_str!("../../../../data/demo/invented.jsonl");

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

/// How much is there when the inbox is opened first: something of every network.
const AT_ONCE: usize = 24;

/// A line of `nhs_sample.jsonl`: real feedback, from 1 (very positive) to 5 (very negative).
#[derive(Debug, Deserialize)]
struct Sample {
    text: String,
    sentiment: u8,
}

/// Where somebody writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Site {
    /// The review site, which is not of the world.
    Review,
    /// The blog.
    Blog,
    /// A network of the world.
    #[serde(untagged)]
    On(Network),
}

/// A line of `invented.jsonl`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(rename = "where")]
    site: Site,
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    stars: Option<u8>,
    author: String,
    text: String,
    /// A name for this line, for those that answer it.
    #[serde(default)]
    called: Option<String>,
    /// The line that it answers.
    #[serde(default)]
    under: Option<String>,
}

impl Line {
    fn of(n: usize, real: Sample) -> Self {
        Self {
            site: Site::Review,
            kind: Kind::Review,
            stars: Some(6_u8.saturating_sub(real.sentiment).clamp(1, 5)),
            author: NAMES[n % NAMES.len()].to_owned(),
            text: real.text,
            called: None,
            under: None,
        }
    }
}

fn lines<T: for<'de> Deserialize<'de>>(text: &str) -> anyhow::Result<Vec<T>> {
    text.lines().filter(|l| !l.is_empty()).map(|l| serde_json::from_str(l).context("the sample data")).collect()
}

/// Everything that is written, in its order: the invented lines spread among the real ones, so that
/// each network speaks early and again.
fn script() -> anyhow::Result<Vec<Line>> {
    let (real, invented) = (lines::<Sample>(SAMPLE)?, lines::<Line>(INVENTED)?);
    let mut real = real.into_iter().enumerate().map(|(n, real)| Line::of(n, real)).collect::<Vec<_>>().into_iter();
    let each = real.len() / (invented.len() + 1);
    let mut all = Vec::with_capacity(real.len() + invented.len());
    for line in invented {
        all.push(line);
        all.extend(real.by_ref().take(each));
    }
    all.extend(real);
    Ok(all)
}

/// The people, and the places where they write.
pub struct Writers {
    world: World,
    reviews: ReviewSite,
    posts: Blog,
    /// What was written under a name, by its id on the network.
    called: HashMap<String, String>,
    coming: std::vec::IntoIter<Line>,
}

impl Writers {
    /// Everybody, before the first word.
    ///
    /// Errors: the sample data cannot be read.
    pub fn new(world: World, reviews: ReviewSite, posts: Blog) -> anyhow::Result<Self> {
        Ok(Self { world, reviews, posts, called: HashMap::new(), coming: script()?.into_iter() })
    }

    /// A first handful, so that the inbox is alive when it is opened.
    ///
    /// Errors: an emulated network does not take what is written.
    pub fn begin(&mut self) -> anyhow::Result<()> {
        let first: Vec<Line> = self.coming.by_ref().take(AT_ONCE).collect();
        first.into_iter().try_for_each(|line| self.write(line))
    }

    /// The others, one after the other over this time.
    ///
    /// Errors: an emulated network does not take what is written.
    pub async fn go_on(mut self, clock: &Clock, over: Duration) -> anyhow::Result<()> {
        let pause = over / u32::try_from(self.coming.len().max(1)).unwrap_or(u32::MAX);
        while let Some(line) = self.coming.next() {
            clock.wait(pause).await;
            self.write(line)?;
        }
        Ok(())
    }

    fn write(&mut self, line: Line) -> anyhow::Result<()> {
        let Line { site, kind, stars, author, text, called, under } = line;
        match site {
            Site::Review => {
                let rating = stars.unwrap_or(3);
                self.reviews.write(WriteReview { author, rating, text, ..WriteReview::default() });
            }
            Site::Blog => {
                let comment = WriteComment { author, text, ..WriteComment::default() };
                self.posts.write(comment).context("the emulated blog")?;
            }
            Site::On(network) => {
                let parent = under.and_then(|name| self.called.get(&name).cloned());
                let (author, text) = (Some(author), Some(text));
                let write = Write { kind, author, text, parent, rating: stars, ..Write::on(network) };
                let written = self.world.write(&write).with_context(|| format!("the emulated {}", network.title()))?;
                if let (Some(name), Some(id)) = (called, written["id"].as_str()) {
                    self.called.insert(name, id.to_owned());
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bedside_store::testing::NOON;
    use bedside_understand::{Context, assess};

    use super::*;

    fn everybody(seed: u64) -> (World, Writers) {
        let (time, _) = Clock::mock(NOON);
        let clock = || -> bedside_sandbox::Clock {
            let time = time.clone();
            Arc::new(move || time.timestamp())
        };
        let world = World::new(clock(), seed);
        let (reviews, posts) = (ReviewSite::new("Reviews", clock()), Blog::new("Blog", clock()));
        (world.clone(), Writers::new(world, reviews, posts).unwrap())
    }

    #[test]
    fn the_sample_has_something_of_every_sentiment() {
        let sample = lines::<Sample>(SAMPLE).unwrap();
        assert!(sample.len() >= 40);
        for sentiment in 1..=5 {
            assert!(sample.iter().any(|s| s.sentiment == sentiment), "nobody is at {sentiment}");
        }
    }

    #[test]
    fn people_ask_worry_praise_and_cry_for_help_in_two_languages() {
        let invented = lines::<Line>(INVENTED).unwrap();
        let read = |line: &Line| assess(&line.text, &Context::default());
        let ranks: Vec<u8> = invented.iter().map(|line| read(line).priority).collect();
        assert!(ranks.contains(&0) && ranks.contains(&1), "a crisis and an emergency are among them: {ranks:?}");
        assert!(ranks.iter().any(|rank| *rank >= 10), "somebody is content: {ranks:?}");
        let spanish = invented.iter().filter(|line| read(line).language == "es").count();
        assert!((4..invented.len() / 2).contains(&spanish), "{spanish} of {} in Spanish", invented.len());
    }

    #[test]
    fn every_network_speaks_at_once_and_again() {
        let script = script().unwrap();
        let (at_once, later) = script.split_at(AT_ONCE);
        for network in Network::ALL {
            let speaks = |lines: &[Line]| lines.iter().any(|line| line.site == Site::On(network));
            assert!(speaks(at_once), "{} is silent at first", network.title());
            assert!(speaks(later), "{} falls silent", network.title());
        }
    }

    #[tokio::test]
    async fn everything_is_taken_and_the_same_seed_writes_the_same() {
        let told = async |seed| {
            let (world, mut writers) = everybody(seed);
            writers.begin().unwrap();
            let (time, _) = Clock::mock(NOON);
            writers.go_on(&time, Duration::ZERO).await.unwrap();
            world.networks().map(|(_, network)| network.home()).collect::<Vec<String>>()
        };
        assert_eq!(told(7).await, told(7).await);
        assert_ne!(told(7).await, told(8).await);
    }
}
