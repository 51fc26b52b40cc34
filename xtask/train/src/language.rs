//! Trains and measures the model that tells languages apart.
//!
//! There is no text of every language that we may ship or train on, but there are published counts of n-grams. A Markov
//! chain over them gives words back that look like those of the language, so that a discriminative model can be fitted
//! on drawn texts of any length, with real ones beside them where we have some.

pub mod calibrate;
pub mod classes;
pub mod compile;
pub mod corpora;
pub mod learn;
pub mod measure;
pub mod plain;
pub mod profiles;
pub mod random;
pub mod report;
pub mod texts;

use anyhow::{Context, Result};
use bedside_understand::language::letters::Script;
use bedside_understand::language::model::{FILE, MODELLED, Shared, Sums};
use bedside_understand::weights::{Header, Origin, WeightsFile, write};

use crate::datasets::Datasets;
use calibrate::{Case, sharpness};
use classes::Class;
use compile::{Part, compile};
use corpora::{Corpora, Tweet};
use learn::{Draws, Weights};
use random::Random;
use texts::{Texts, of_script};

/// How a script is trained.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Texts drawn in each pass.
    pub samples: usize,
    /// Passes before n-grams are thrown away.
    pub passes: usize,
    /// How often an n-gram must be drawn.
    pub at_least: u32,
    /// N-grams that are kept at the end.
    pub keep: usize,
    /// Words drawn from a profile of the list, and of one outside.
    pub words: [usize; 2],
}

/// The settings of each script.
fn settings(script: Script) -> Settings {
    match script {
        Script::Latin => {
            Settings { samples: 2_200_000, passes: 2, at_least: 8, keep: 82_000, words: [400_000, 120_000] }
        }
        Script::Han => Settings { samples: 200_000, passes: 2, at_least: 4, keep: 9_000, words: [300_000, 300_000] },
        _ => Settings { samples: 250_000, passes: 2, at_least: 6, keep: 10_000, words: [200_000, 100_000] },
    }
}

/// How much a step changes at first.
const RATE: f32 = 0.2;
/// How much weights are drawn towards nothing.
const DECAY: f32 = 1e-4;
/// By what the number of samples is divided for each of the five models that are only measured.
const OF_FOLDS: usize = 4;

/// A trained model.
#[derive(Debug)]
pub struct Trained {
    /// The file `data/models/language.bin`.
    pub file: Vec<u8>,
    /// What it was made from.
    pub origins: Vec<Origin>,
}

/// Drawn texts by script; the same for every split of the real ones.
#[derive(Debug)]
pub struct Drawn(Vec<(Script, &'static str, Vec<Texts>)>);

/// Draws the texts of scripts.
pub fn draw(corpora: &mut Corpora, scripts: &[Script]) -> Result<Drawn> {
    let drawn = MODELLED.iter().filter(|(script, _)| scripts.contains(script)).map(|&(script, name)| {
        let texts = corpora.drawn(script, settings(script).words)?;
        Ok((script, name, texts))
    });
    drawn.collect::<Result<_>>().map(Drawn)
}

/// Trains the model. One tweet in ten and a quarter of the translations are held out, and tell how sure the model may
/// be of itself.
pub fn train(datasets: &Datasets, say: &mut dyn FnMut(&str)) -> Result<Trained> {
    let mut corpora = Corpora::read(datasets)?;
    say("drawing words from profiles");
    let mut drawn = draw(&mut corpora, &MODELLED.map(|(script, _)| script))?;
    let (mut held, mut kept) = (Vec::new(), Vec::new());
    for (at, tweet) in corpora.tweets.iter().enumerate() {
        if at % 10 == 0 { held.push(tweet) } else { kept.push(tweet) }
    }
    let file = fit(&corpora, &mut drawn, &kept, &held, 1, say)?;
    Ok(Trained { file, origins: corpora.origins })
}

/// Trains the scripts whose texts were drawn, and gives a file with the others as they are built in. `divide`: by what the number of samples is divided, where quick is enough.
pub fn fit(
    corpora: &Corpora,
    drawn: &mut Drawn,
    kept: &[&Tweet],
    held: &[&Tweet],
    divide: usize,
    say: &mut dyn FnMut(&str),
) -> Result<Vec<u8>> {
    let mut header = Header { name: "language".into(), made_from: corpora.origins.clone(), ..Header::default() };
    let mut tables = Vec::new();
    for (_, name) in MODELLED.iter().filter(|(_, name)| drawn.0.iter().all(|(_, of, _)| of != name)) {
        tables.push((*name, vec![0], built_in(&mut header, name)?));
    }
    for (script, name, texts) in &mut drawn.0 {
        corpora.add_real(*script, kept, texts);
        let part = fit_script(*script, texts, divide, say);
        let sharp = calibrated(corpora, *script, &part, held)?;
        say(&format!("{name}: sharpness {sharp:?}"));
        into(&mut header, name, &part, sharp);
        tables.push((*name, vec![0], part.bytes));
    }
    Ok(write(header, &tables))
}

fn built_in(header: &mut Header, name: &str) -> Result<Vec<u8>> {
    let file = WeightsFile::read(FILE).context("the model that is built in")?;
    let of_name = |key: &&String| *key == name || key.starts_with(&format!("{name} "));
    header.words.extend(file.header.words.iter().filter(|(key, _)| of_name(key)).map(|(k, v)| (k.clone(), v.clone())));
    header
        .numbers
        .extend(file.header.numbers.iter().filter(|(key, _)| of_name(key)).map(|(k, v)| (k.clone(), v.clone())));
    Ok(file.table(name)?.row(0).context("a table of one row")?.to_vec())
}

fn into(header: &mut Header, name: &str, part: &Part, sharp: [f32; 2]) {
    header.words.insert(name.to_owned(), part.tags.clone());
    header.numbers.insert(format!("{name} bias"), part.bias.clone());
    header.numbers.insert(format!("{name} step"), vec![part.step]);
    header.numbers.insert(format!("{name} sharpness"), sharp.to_vec());
}

fn fit_script(script: Script, texts: &[Texts], divide: usize, say: &mut dyn FnMut(&str)) -> Part {
    let settings = settings(script);
    let samples = settings.samples / divide;
    let classes = classes::of(script);
    let draws = Draws {
        texts,
        often: classes.iter().map(Class::often).collect(),
        plain: classes.iter().map(Class::plain).collect(),
    };
    let mut random = Random::new(7);
    let mut weights =
        Weights::new(&draws, samples / 3, settings.at_least.div_ceil(3 * divide as u32).max(2), &mut random);
    for pass in 0..settings.passes {
        let loss = weights.fit(&draws, samples, RATE / (1 + pass) as f32, DECAY, &mut random);
        say(&format!("{script:?}: {} n-grams, loss {loss:.4}", weights.grams.len()));
    }
    // In two steps, so that those that stay take over from those that go.
    for keep in [settings.keep * 5 / 2, settings.keep] {
        weights.prune(keep);
        let loss = weights.fit(&draws, samples * 2 / 3, RATE / 3.0, DECAY, &mut random);
        say(&format!("{script:?}: {} n-grams, loss {loss:.4}", weights.grams.len()));
    }
    let tags: Vec<&str> = classes.iter().map(|class| class.name).collect();
    compile(&weights, &tags)
}

fn calibrated(corpora: &Corpora, script: Script, part: &Part, held: &[&Tweet]) -> Result<[f32; 2]> {
    let classes = classes::of(script);
    let mut header = Header::default();
    into(&mut header, "part", part, [1.0, 1.0]);
    let file = write(header, &[("part", vec![0], part.bytes.clone())]);
    // A few megabytes for each script, once.
    let shared = Shared::from_file(file.leak(), "part").context("a part that was just written")?;
    let mut texts = corpora.held_out(script, 400);
    for tweet in held {
        let class = corpora.language_of(tweet).and_then(|tag| classes.iter().position(|class| class.name == tag));
        if let Some(class) = class {
            texts.push((class, of_script(&tweet.text, script)));
        }
    }
    let cases: Vec<Case> = texts
        .into_iter()
        .filter(|(_, words)| !words.is_empty())
        .map(|(class, words)| {
            let mut sums = Sums::EMPTY;
            words.iter().for_each(|word| shared.add(word, &mut sums));
            Case { logits: shared.logits(&sums), places: sums.places, class }
        })
        .collect();
    if cases.is_empty() {
        return Ok([1.0, 100.0]);
    }
    Ok(sharpness(&cases, classes.len()))
}
