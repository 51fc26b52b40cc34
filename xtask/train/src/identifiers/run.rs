use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use bedside_understand::identifiers::find_with;
use bedside_understand::identifiers::lists::Lists;
use bedside_understand::weights::{Header, Origin};
use serde_json::Value;

use super::crf::{Packed, Random, Settings};
use super::data::{Case, Example, chains};
use super::evaluate::Span;
use super::fill::Filler;
use super::gazetteer::{self, Raw, Seen, Sources};
use crate::datasets::Datasets;

const TEMPLATES: &[(&str, &str)] =
    &[("en", include_str!("templates_en.txt")), ("es", include_str!("templates_es.txt"))];

/// The tables of the lists, and what they were made of.
pub struct Tables {
    /// Words with their flags.
    pub words: BTreeMap<u32, u16>,
    /// Places of several words.
    pub phrases: BTreeMap<u32, u8>,
    /// The raw lists.
    pub raw: Raw,
    /// Files for the card.
    pub origins: Vec<Origin>,
}

/// Licensed files that the tagger and the lists are made with.
const FILES: &[(&str, &str)] = &[
    ("presidio_synth.dev.jsonl", "MIT, names CC BY-SA 3.0"),
    ("asq_phi.dev.jsonl", "MIT"),
    ("nhs_px_v6.train.jsonl", "MIT"),
    ("nhs_px_phase1.train.jsonl", "MIT"),
    ("psytar_sent.train.jsonl", "CC BY 4.0"),
    ("medquad.jsonl", "CC BY 4.0"),
    ("xlmt.train.jsonl", "Apache-2.0"),
];

/// Prose that holds few names: patients' feedback, questions about diseases, requests, sentences about medicines.
pub fn prose(datasets: &Datasets) -> Result<(Vec<String>, Vec<String>, Vec<String>)> {
    let mut english = Vec::new();
    let mut medical = Vec::new();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    for (file, licence) in [
        ("nhs_px_v6.train.jsonl", "MIT"),
        ("nhs_px_phase1.train.jsonl", "MIT"),
        ("psytar_sent.train.jsonl", "CC BY 4.0"),
    ] {
        for row in datasets.licensed::<Value>(file, licence)?.rows {
            english.push(text(&row, "text"));
        }
    }
    for row in datasets.licensed::<Value>("medquad.jsonl", "CC BY 4.0")?.rows {
        medical.push(text(&row, "focus"));
        english.push(text(&row, "question"));
    }
    let others = datasets.licensed::<Value>("xlmt.train.jsonl", "Apache-2.0")?.rows;
    let others = others
        .iter()
        .filter(|row| row["lang"] != "english" && row["lang"] != "en")
        .map(|row| text(row, "text"))
        .collect();
    Ok((english, medical, others))
}

/// Makes the tables from the raw lists and the sets.
pub fn tables(datasets: &Datasets, folder: &Path) -> Result<Tables> {
    let raw = Raw::read(&folder.join("names"))?;
    let (english, medical, others) = prose(datasets)?;
    let bare = Lists::bare();
    let (mut low, mut low_others) = (Seen::default(), Seen::default());
    for one in &english {
        low.add(one, &bare);
    }
    // Long answers tell best which words are ordinary ones.
    for row in datasets.licensed::<Value>("medquad.jsonl", "CC BY 4.0")?.rows {
        low.add(row["answer"].as_str().unwrap_or_default(), &bare);
    }
    for row in datasets.licensed::<Value>("xlmt.train.jsonl", "Apache-2.0")?.rows {
        if row["lang"] == "english" {
            low.add(row["text"].as_str().unwrap_or_default(), &bare);
        }
    }
    for one in &others {
        low_others.add(one, &bare);
    }
    let mut medical = medical;
    medical.extend(super::fill::values("drugs").iter().map(|drug| (*drug).to_owned()));
    let common = std::fs::read_to_string(datasets.repository().join("data/understand/common_words.toml"))?;
    let (words, phrases) = gazetteer::build(&Sources {
        raw: &raw,
        english: &low,
        others: &low_others,
        common: &common,
        medical: &medical,
    });
    let origins = raw.origins.clone();
    Ok(Tables { words, phrases, raw, origins })
}

impl Tables {
    /// As lists that a text can be looked at with, with a tagger where there is one. Kept for the life of the program.
    pub fn lists(&self, tagger: Option<&Packed>) -> Result<Lists> {
        Ok(Lists::read(self.bytes(tagger, Header::default()).leak())?)
    }

    /// As a model file.
    pub fn bytes(&self, tagger: Option<&Packed>, header: Header) -> Vec<u8> {
        gazetteer::pack(&self.words, &self.phrases, header, tagger)
    }
}

/// The own templates with their language; a line is one, `\n` a line break, `#` a comment.
pub fn templates() -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    for (language, text) in TEMPLATES {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        out.extend(lines.map(|line| (*language, line.replace("\\n", "\n"))));
    }
    out
}

/// Fills the templates that `keep` keeps, so many times each.
pub fn filled(raw: &Raw, times: usize, mut keep: impl FnMut(usize) -> bool) -> Vec<Example> {
    let filler = Filler::new(raw);
    let mut out = Vec::new();
    for (number, (language, template)) in templates().iter().enumerate().filter(|(number, _)| keep(*number)) {
        let mut random = Random(number as u64 * 1_000_003 + 17);
        // A template without a slot says the same each time.
        let times = if template.contains('{') { times } else { 1 };
        for _ in 0..times {
            out.push(filler.fill(template, *language == "es", 100_000 + number as u32, &mut random));
        }
    }
    out
}

/// Trains a tagger on examples.
pub fn train(tables: &Tables, examples: &[Example], settings: Settings) -> Result<(Packed, usize)> {
    let lists = tables.lists(None)?;
    let (chains, unseen) = chains(examples, &lists, FORGET);
    Ok((super::crf::train(&chains, settings), unseen))
}

/// So many of a hundred names lose their entry in the lists while learning.
const FORGET: usize = 25;

/// A system to measure: ours, with these lists.
pub fn ours(lists: &Lists) -> impl FnMut(&str) -> Vec<Span> + '_ {
    |text| {
        let name = |kind| {
            serde_json::to_value(kind).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
        };
        find_with(text, lists).into_iter().map(|one| (one.start, one.end, name(one.kind))).collect()
    }
}

/// Prose as examples in which nothing is marked: one in `every`.
pub fn negatives(texts: &[String], every: usize, group: u32, weight: f32) -> Vec<Example> {
    let some = texts.iter().enumerate().filter(|(at, text)| at % every == 0 && text.len() > 12);
    some.map(|(at, text)| Example { text: text.clone(), marks: Vec::new(), group: group + at as u32, weight }).collect()
}

/// Cases whose group falls into a fold, or into none of it.
pub fn parted<'c>(cases: &'c [Case], fold: &[usize], which: usize, inside: bool) -> Vec<&'c Case> {
    cases.iter().zip(fold).filter(|(_, at)| (**at == which) == inside).map(|(case, _)| case).collect()
}

/// How often each own template is filled for training.
const TIMES: usize = 10;
/// Folds of the cross-validation.
const FOLDS: usize = 5;

/// All cases and prose that training draws on.
pub struct Material {
    /// Lists.
    pub tables: Tables,
    /// presidio-research.
    pub presidio: Vec<Case>,
    /// ASQ-PHI.
    pub asq: Vec<Case>,
    /// Own annotated rows, the half for training.
    pub own: Vec<Case>,
    /// Prose without names.
    pub prose: Vec<Example>,
    /// All files drawn on.
    pub origins: Vec<Origin>,
}

/// Reads everything.
pub fn material(datasets: &Datasets, folder: &Path) -> Result<Material> {
    let tables = tables(datasets, folder)?;
    let lists = tables.lists(None)?;
    let (english, medical, others) = prose(datasets)?;
    let mut none = negatives(&english, 4, 1_000_000, 0.5);
    none.extend(negatives(&medical, 8, 2_000_000, 0.5));
    let _ = others;
    let mut origins = tables.origins.clone();
    for (file, licence) in FILES {
        origins.push(datasets.licensed::<Value>(file, licence)?.origin);
    }
    let own = datasets.annotated::<Value>("identifiers", "train")?;
    origins.push(own.origin);
    Ok(Material {
        presidio: super::data::presidio(datasets, &lists)?,
        asq: super::data::asq(datasets, &lists)?,
        own: super::data::annotated(datasets, "train")?,
        origins,
        prose: none,
        tables,
    })
}

fn fold_of(cases: &[Case]) -> Vec<usize> {
    let keys: Vec<_> = cases.iter().map(|case| (case.group.clone(), case.text.clone())).collect();
    crate::datasets::folds(&keys, FOLDS)
}

/// Three words in a row, folded.
fn threes(text: &str) -> Vec<String> {
    let folded = crate::datasets::folded(text);
    let words: Vec<&str> = folded.split(' ').collect();
    words.windows(3).map(|three| three.join(" ")).collect()
}

/// What stands between the slots of a template.
fn literal(template: &str) -> Vec<String> {
    template.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest).to_owned()).collect()
}

/// The examples of a training run: everything but one fold, or everything.
pub fn examples(material: &Material, without: Option<usize>) -> Vec<Example> {
    let inside = |fold: usize| without != Some(fold);
    // Own templates were written by somebody who had read the sets: those that share three words in a row with a text
    // that is held out do not help to find it.
    let mut held: std::collections::HashSet<String> = std::collections::HashSet::new();
    for cases in [&material.presidio, &material.asq] {
        for (case, _) in cases.iter().zip(fold_of(cases)).filter(|(_, fold)| !inside(*fold)) {
            held.extend(threes(&case.text));
        }
    }
    let like: Vec<bool> = templates()
        .iter()
        .map(|(_, template)| literal(template).iter().any(|part| threes(part).iter().any(|three| held.contains(three))))
        .collect();
    let mut out = filled(&material.tables.raw, TIMES, |number| inside(number % FOLDS) && !like[number]);
    let mut group = 200_000;
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    for (cases, weight) in [(&material.presidio, 1.0), (&material.asq, 1.0), (&material.own, 2.0)] {
        for (case, fold) in cases.iter().zip(fold_of(cases)) {
            if inside(fold) {
                let number = *numbers.entry(case.group.clone()).or_insert_with(|| {
                    group += 1;
                    group
                });
                out.push(case.example(number, weight));
            }
        }
    }
    out.extend(material.prose.iter().cloned());
    out
}

/// What a tagger that has not seen a text said of it, and whether it was right: by label.
pub type Pairs = [Vec<(f32, bool)>; super::crf::TAGS];

/// Few places of a rising curve through pairs: neighbours are put together until the shares rise (pool adjacent
/// violators), in groups of at least a thirtieth of all.
fn curve(pairs: &[(f32, bool)]) -> Vec<f32> {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|left, right| left.0.total_cmp(&right.0));
    let least = (sorted.len() / 12).max(25);
    let mut groups: Vec<(f64, f64, usize)> = Vec::new();
    for chunk in sorted.chunks(least) {
        let raw = chunk.iter().map(|one| f64::from(one.0)).sum::<f64>();
        let right = chunk.iter().filter(|one| one.1).count() as f64;
        groups.push((raw, right, chunk.len()));
        while let [.., before, last] = groups[..]
            && before.1 / before.2 as f64 >= last.1 / last.2 as f64
        {
            groups.pop();
            groups.pop();
            groups.push((before.0 + last.0, before.1 + last.1, before.2 + last.2));
        }
    }
    groups
        .iter()
        .flat_map(|(raw, right, count)| [(raw / *count as f64) as f32, ((right + 0.5) / (*count as f64 + 1.0)) as f32])
        .collect()
}

/// The curves of all labels, as numbers of the model file.
pub fn calibration(pairs: &Pairs) -> BTreeMap<String, Vec<f32>> {
    pairs
        .iter()
        .enumerate()
        .filter(|(_, pairs)| pairs.len() >= 50)
        .map(|(tag, pairs)| (format!("tagger_believed_{tag}"), curve(pairs)))
        .collect()
}

fn tag_of(kind: bedside_understand::IdentifierType) -> Option<usize> {
    use bedside_understand::IdentifierType as Kind;
    match kind {
        Kind::Name => Some(1),
        Kind::Place => Some(2),
        Kind::Facility => Some(3),
        _ => None,
    }
}

/// What a cross-validation gave.
#[derive(Debug, Default)]
pub struct Crossed {
    /// What was said and whether it was right, for the calibration.
    pub pairs: Pairs,
    /// The folds of each set: `presidio`, `asq`, `own rows`, `own templates`.
    pub reports: BTreeMap<&'static str, Vec<super::evaluate::Report>>,
    /// A line for each miss.
    pub misses: String,
}

/// Five-fold cross-validation.
pub fn crossed(material: &Material, settings: Settings) -> Result<Crossed> {
    let mut pairs: Pairs = Default::default();
    let mut file = String::new();
    let mut reports: BTreeMap<&'static str, Vec<super::evaluate::Report>> = BTreeMap::new();
    let own_folds = fold_of(&material.own);
    let (presidio_folds, asq_folds) = (fold_of(&material.presidio), fold_of(&material.asq));
    for fold in 0..FOLDS {
        let (packed, unseen) = train(&material.tables, &examples(material, Some(fold)), settings)?;
        let lists = material.tables.lists(Some(&packed))?;
        eprintln!("fold {fold}: {} features, {unseen} words of names not looked at", packed.keys.len());
        let templates = filled(&material.tables.raw, 6, |number| number % FOLDS == fold);
        let templates: Vec<Case> = templates.iter().map(super::data::as_case).collect();
        let sets: [(&'static str, Vec<&Case>); 4] = [
            ("presidio", parted(&material.presidio, &presidio_folds, fold, true)),
            ("asq", parted(&material.asq, &asq_folds, fold, true)),
            ("own rows", parted(&material.own, &own_folds, fold, true)),
            ("own templates", templates.iter().collect()),
        ];
        for (name, cases) in sets {
            for case in &cases {
                for one in bedside_understand::identifiers::tagged(&case.text, &lists) {
                    if let Some(tag) = tag_of(one.kind) {
                        let right = case
                            .gold
                            .iter()
                            .any(|gold| gold.tag as usize == tag && gold.start < one.end && one.start < gold.end);
                        pairs[tag].push((one.score as f32, right));
                    }
                }
            }
            let report = super::evaluate::score(&cases, ours(&lists), |miss| {
                file.push_str(&format!("{name}\t{}\t{:?}\t{:?}\t{:?}\n", miss.kind, miss.value, miss.text, miss.found));
            });
            reports.entry(name).or_default().push(report);
        }
    }
    Ok(Crossed { pairs, reports, misses: file })
}

/// Cross-validation, told; misses go to a file.
fn cross_validate(material: &Material, settings: Settings, misses: &Path) -> Result<Pairs> {
    let Crossed { pairs, reports, misses: file } = crossed(material, settings)?;
    for (name, folds) in &reports {
        let mut all = super::evaluate::Report::default();
        for report in folds {
            all.plus(report);
        }
        println!("{name}\n{all}");
        let figures: [(&str, Figure); 4] = [
            ("recall", super::evaluate::Report::recall),
            ("recall with doubtful", super::evaluate::Report::recall_of_all),
            ("fully covered", super::evaluate::Report::full),
            ("clean untouched", super::evaluate::Report::untouched),
        ];
        for (title, figure) in figures {
            let values: Vec<f64> = folds.iter().map(figure).collect();
            let (median, least, most) = crate::metrics::median_and_range(&values);
            println!("  folds: {title} median {median:.3} ({least:.3} to {most:.3})");
        }
    }
    std::fs::write(misses, file)?;
    Ok(pairs)
}

/// Trains on everything, with the calibration that the folds gave, and makes the model file.
pub fn model(material: &Material, pairs: &Pairs, settings: Settings) -> Result<Vec<u8>> {
    let (mut packed, _) = train(&material.tables, &examples(material, None), settings)?;
    packed.numbers.extend(calibration(pairs));
    let header = Header { name: "names".into(), made_from: material.origins.clone(), ..Header::default() };
    Ok(material.tables.bytes(Some(&packed), header))
}

/// A figure of a report.
type Figure = fn(&super::evaluate::Report) -> f64;

/// The share that is right among the reported with a score near each tenth.
fn reliability(material: &Material, lists: &Lists) {
    let mut bins: BTreeMap<(String, u8), (usize, usize)> = BTreeMap::new();
    let templates: Vec<Case> = filled(&material.tables.raw, 2, |_| true).iter().map(super::data::as_case).collect();
    for case in material.presidio.iter().chain(&material.asq).chain(&material.own).chain(&templates) {
        for one in find_with(&case.text, lists) {
            let right = case.gold.iter().any(|gold| gold.start < one.end && one.start < gold.end);
            let bin = bins.entry((format!("{:?}", one.kind), (one.score * 20.0) as u8)).or_default();
            bin.0 += 1;
            bin.1 += usize::from(right);
        }
    }
    for ((kind, bin), (all, right)) in bins {
        println!("{kind:14} {:.2} {right}/{all} = {:.2}", f64::from(bin) / 20.0, right as f64 / all as f64);
    }
}

/// What the example `identifiers` does.
pub fn workshop(args: &[String]) -> Result<()> {
    let folder = Path::new(args.get(1).map_or("", String::as_str));
    let datasets = Datasets::new(Some(folder.to_owned()), ".".into());
    match args.first().map(String::as_str) {
        Some("cv") => {
            let material = material(&datasets, folder)?;
            cross_validate(
                &material,
                Settings::shipped(),
                Path::new(args.get(2).map_or("misses.tsv", String::as_str)),
            )?;
            Ok(())
        }
        Some("train") => {
            let material = material(&datasets, folder)?;
            let pairs = cross_validate(&material, Settings::shipped(), Path::new("/dev/null"))?;
            let bytes = model(&material, &pairs, Settings::shipped())?;
            std::fs::write(args.get(2).map_or("data/models/names.bin", String::as_str), &bytes)?;
            println!("{} bytes", bytes.len());
            reliability(&material, &Lists::read(bytes.leak())?);
            Ok(())
        }
        Some("speed") => speed(&datasets),
        Some("show") => {
            let lists = Lists::get();
            for text in &args[1..] {
                let page = bedside_understand::identifiers::page::Page::new(text, lists);
                for at in 0..page.tokens.len() {
                    println!("{:20} {:032b} opens {}", page.low(at), page.tokens[at].flags, page.tokens[at].opens);
                }
                println!("tagger {:?}", bedside_understand::identifiers::tagged(text, lists));
                println!("{:?}", find_with(text, lists));
            }
            Ok(())
        }
        Some("test") => {
            let cases = super::data::annotated(&datasets, args.get(2).map_or("test", String::as_str))?;
            let cases: Vec<&Case> = cases.iter().collect();
            let report = super::evaluate::score(&cases, ours(Lists::get()), |miss| {
                if args.get(3).is_some() {
                    println!("{}\t{:?}\t{:?}\t{:?}", miss.kind, miss.value, miss.text, miss.found);
                }
            });
            println!("{report}");
            Ok(())
        }
        Some("touch") => {
            let material = material(&datasets, folder)?;
            let (packed, _) = train(&material.tables, &examples(&material, None), Settings::shipped())?;
            let lists = material.tables.lists(Some(&packed))?;
            touched(&datasets, &lists)
        }
        _ => anyhow::bail!("identifiers cv|train|touch|test FOLDER [FILE]"),
    }
}

/// How often something is reported in patients' feedback, which holds few names; what, goes to the output.
fn touched(datasets: &Datasets, lists: &Lists) -> Result<()> {
    let rows = datasets.licensed::<Value>("nhs_px_v6.train.jsonl", "MIT")?.rows;
    let (mut all, mut some) = (0, 0);
    for (at, row) in rows.iter().enumerate() {
        let text = row["text"].as_str().unwrap_or_default();
        let found = find_with(text, lists);
        // One in four was learnt from.
        if at % 4 == 0 {
            continue;
        }
        all += 1;
        some += usize::from(!found.is_empty());
        for one in &found {
            let before: String = text.chars().skip(one.start.saturating_sub(30)).take(one.start.min(30)).collect();
            let after: String = text.chars().skip(one.end).take(30).collect();
            println!("{:?}\t{:.2}\t{:?}\t{before}[[{}]]{after}", one.kind, one.score, one.text, one.text);
        }
    }
    println!("{some} of {all} comments touched");
    Ok(())
}

/// How long a comment, a draft and a long text take.
fn speed(datasets: &Datasets) -> Result<()> {
    use std::time::Instant;
    let start = Instant::now();
    let lists = Lists::get();
    println!("lists read in {:?}", start.elapsed());
    let comment = "The staff were friendly and helpful but the waiting area was cold and dirty.";
    let draft: String = "Dear Mrs. Adeyemi, thank you for writing on March 3rd. We are sorry that your visit to Elm Grove Clinic went badly and that nobody from our Boston office called (617) 555-0142. ".chars().cycle().take(5000).collect();
    let plain: String = "we are sorry to read this and would like to hear more about what went wrong on the day. "
        .chars()
        .cycle()
        .take(5000)
        .collect();
    for (name, text, times) in [
        ("comment of 76 characters", comment, 4_000),
        ("draft of 5,000, dense", draft.as_str(), 6),
        ("draft of 5,000, plain", plain.as_str(), 80),
    ] {
        let mut sum = 0;
        let best = (0..60)
            .map(|_| {
                let start = Instant::now();
                for _ in 0..times {
                    sum += find_with(std::hint::black_box(text), lists).len();
                }
                start.elapsed() / times
            })
            .min()
            .unwrap_or_default();
        println!("{name} ({}): {best:?} each, {} found", text.chars().count(), sum / times as usize / 60);
    }
    let comments = datasets.licensed::<Value>("nhs_px_phase1.train.jsonl", "MIT")?.rows;
    let texts: Vec<&str> = comments.iter().filter_map(|row| row["text"].as_str()).collect();
    let mut found = 0;
    let best = (0..5)
        .map(|_| {
            let start = Instant::now();
            found = texts.iter().map(|text| find_with(text, lists).len()).sum();
            start.elapsed() / texts.len() as u32
        })
        .min()
        .unwrap_or_default();
    let looked = texts.iter().filter(|text| bedside_understand::identifiers::worth_a_look(text, lists)).count();
    println!(
        "{} comments, {} characters in the mean: {best:?} each, {looked} looked at, {found} found",
        texts.len(),
        texts.iter().map(|text| text.len()).sum::<usize>() / texts.len()
    );
    for unit in [
        "a",
        "A",
        "1",
        "a1",
        "1-",
        "Ab ",
        "Smith, ",
        "@",
        "a.",
        "é",
        "名",
        ".",
        "'a",
        "1 ",
        "(",
        "x@",
        "St. ",
        "de la ",
        "New York ",
        "five ",
        "dot ",
        "calle ",
        "\n",
        "Dr. A. ",
        "12 Elm Street, ",
        "a-",
        "://",
    ] {
        let times: Vec<f64> = [250_000, 1_000_000]
            .iter()
            .map(|length| {
                let text: String = unit.chars().cycle().take(*length).collect();
                let start = Instant::now();
                std::hint::black_box(find_with(&text, lists));
                start.elapsed().as_secs_f64()
            })
            .collect();
        println!("{unit:?} 250 k {:.3} s, 1 M {:.3} s, ratio {:.1}", times[0], times[1], times[1] / times[0]);
    }
    Ok(())
}
