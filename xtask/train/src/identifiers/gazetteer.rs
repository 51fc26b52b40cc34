//! The lists of names and places: read from the raw ones, sorted into flags, written as tables.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use bedside_understand::identifiers::lists::{Lists, class_words, flag};
use bedside_understand::identifiers::page::Page;
use bedside_understand::weights::{Header, Origin, key, pair, write};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// What is said where the raw lists are absent.
const HOW_TO_GET: &str =
    "The raw lists of names are not part of the repository. With the packages named at its head installed,
  python3 data/models/names_lists.py \"$BEDSIDE_DATASETS/names\"
writes them.";

/// The raw lists, and what fills templates.
#[derive(Debug, Default)]
pub struct Raw {
    /// Given names by locale.
    pub given: BTreeMap<String, Vec<String>>,
    /// Surnames by locale; `census` for those of the census, most common first.
    pub surnames: BTreeMap<String, Vec<String>>,
    /// Towns with country and people.
    pub towns: Vec<(String, String, u64)>,
    /// Further towns by locale.
    pub more_towns: Vec<(String, String)>,
    /// Streets by locale.
    pub streets: Vec<(String, String)>,
    /// States and countries.
    pub regions: Vec<String>,
    /// Counties of the United States.
    pub counties: Vec<String>,
    /// States of the United States, name and letters.
    pub states: Vec<(String, String)>,
    /// Names of countries.
    pub countries: Vec<String>,
    /// Census rank of given names.
    census_given: Vec<String>,
    /// What goes onto the card.
    pub origins: Vec<Origin>,
}

fn rows(folder: &Path, name: &str, licence: &str, origins: &mut Vec<Origin>) -> Result<Vec<Vec<String>>> {
    let path = folder.join(name);
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}.\n{HOW_TO_GET}", path.display()))?;
    let text = std::str::from_utf8(&bytes).with_context(|| format!("{name} is not UTF-8"))?;
    let rows: Vec<Vec<String>> = text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    origins.push(Origin {
        file: format!("names/{name}"),
        sha256: hex::encode(Sha256::digest(&bytes)),
        rows: rows.len(),
        licence: licence.to_owned(),
    });
    Ok(rows)
}

impl Raw {
    /// Reads the folder that `names_lists.py` wrote.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut raw = Self::default();
        let mut origins = Vec::new();
        let mut get = |name: &str, licence: &str| rows(folder, name, licence, &mut origins);
        let two = |row: &[String]| (row[0].clone(), row.get(1).cloned().unwrap_or_default());
        for row in get("given.tsv", "MIT (Faker)")? {
            let (locale, name) = two(&row);
            raw.given.entry(locale).or_default().push(name);
        }
        for row in get("surnames.tsv", "MIT (Faker)")? {
            let (locale, name) = two(&row);
            raw.surnames.entry(locale).or_default().push(name);
        }
        let census = get("census.all.last.tsv", "public domain (US Census 1990)")?;
        raw.surnames.insert("census".into(), census.iter().map(|row| two(row).1).collect());
        for name in ["census.female.first.tsv", "census.male.first.tsv"] {
            let list = get(name, "public domain (US Census 1990)")?;
            raw.census_given.extend(list.iter().take(1200).map(|row| two(row).1));
            raw.given.entry("census".into()).or_default().extend(list.iter().map(|row| two(row).1));
        }
        raw.towns = get("geonames.tsv", "CC BY 4.0 (GeoNames)")?
            .iter()
            .map(|row| (row[0].clone(), row[1].clone(), row[2].parse().unwrap_or(0)))
            .collect();
        raw.more_towns = get("towns.tsv", "MIT (Faker)")?.iter().map(|row| two(row)).collect();
        raw.streets = get("streets.tsv", "MIT (Faker)")?.iter().map(|row| two(row)).collect();
        raw.counties = get("counties.tsv", "CC BY 4.0 (GeoNames)")?.into_iter().map(|row| row[0].clone()).collect();
        raw.states = get("states.tsv", "CC BY 4.0 (GeoNames)")?.iter().map(|row| two(row)).collect();
        raw.countries = get("countries.tsv", "CC BY 4.0 (GeoNames)")?.into_iter().map(|row| row[0].clone()).collect();
        raw.regions = get("regions.tsv", "MIT (Faker)")?.iter().map(|row| two(row).1).collect();
        raw.origins = origins;
        Ok(raw)
    }
}

#[derive(Deserialize)]
struct Common {
    words: String,
}

/// How often words are seen, in lower case and otherwise, in texts that hold few names.
#[derive(Debug, Default)]
pub struct Seen {
    low: HashMap<u64, u32>,
    high: HashMap<u64, u32>,
}

impl Seen {
    /// Counts the words of a text.
    pub fn add(&mut self, text: &str, bare: &Lists) {
        let page = Page::new(text, bare);
        for token in page.tokens.iter().filter(|token| !token.digit) {
            if !token.capital {
                *self.low.entry(token.hash).or_default() += 1;
            } else if !token.opens {
                *self.high.entry(token.hash).or_default() += 1;
            }
        }
    }

    fn mostly_low(&self, hash: u64, times: u32) -> bool {
        let low = self.low.get(&hash).copied().unwrap_or(0);
        low >= times && low * 2 > self.high.get(&hash).copied().unwrap_or(0)
    }
}

/// What the tables are made of.
pub struct Sources<'a> {
    /// The raw lists.
    pub raw: &'a Raw,
    /// English and medical prose.
    pub english: &'a Seen,
    /// Prose of other languages.
    pub others: &'a Seen,
    /// Everyday English, Spanish words, peoples: `data/understand/common_words.toml`, and lists of this crate.
    pub common: &'a str,
    /// Names of diseases and medicines.
    pub medical: &'a [String],
}

const NATIONS: &str = include_str!("nations.txt");
const EVERYDAY: &str = include_str!("everyday.txt");
/// Regions of several or single words that no list has.
const REGIONS: &str = "usa us uk u.s. u.s.a. england scotland wales britain great_britain northern_ireland ulster america europe asia africa
north_america south_america latin_america central_america middle_east united_states united_kingdom estados_unidos eeuu reino_unido españa méxico
korea south_korea north_korea russia iran syria vietnam taiwan czech_republic czechia holland ivory_coast midwest new_england scandinavia
puerto_rico washington_dc cymru éire deutschland frankreich france allemagne italia brasil polska norge sverige danmark suomi schweiz suisse
österreich nederland belgië belgique magyarország greenland kalaallit_nunaat andalucía cataluña galicia castilla_y_león país_vasco";

/// Makes the tables `words` and `phrases`.
pub fn build(sources: &Sources) -> (BTreeMap<u32, u16>, BTreeMap<u32, u8>) {
    let bare = Lists::bare();
    let classes = class_words();
    let mut words: HashMap<u64, u32> = HashMap::new();
    let mut phrases: HashMap<u64, u32> = HashMap::new();
    let hashes = |name: &str| -> Vec<(u64, bool, usize)> {
        let page = Page::new(name, &bare);
        page.tokens.iter().enumerate().map(|(at, one)| (one.hash, one.digit, page.low(at).chars().count())).collect()
    };
    let common: HashSet<u64> = {
        let file: Common = toml::from_str(sources.common).expect("the list is part of the repository");
        let names: HashSet<u64> = sources
            .raw
            .given
            .get("census")
            .into_iter()
            .flatten()
            .flat_map(|name| hashes(name))
            .map(|(hash, ..)| hash)
            .collect();
        // Some of the listed words were counted in requests typed in lower case, which hold names and towns: of those that
        // are names of something, only what other prose writes in lower case is an everyday word.
        let mut proper: HashSet<u64> = names.clone();
        let census = sources.raw.surnames.get("census").into_iter().flatten().take(30_000);
        let towns = sources.raw.towns.iter().map(|town| &town.0).chain(sources.raw.countries.iter());
        let states = sources.raw.states.iter().map(|state| &state.0);
        for name in census.chain(towns).chain(states) {
            if let [(hash, ..)] = hashes(name)[..] {
                proper.insert(hash);
            }
        }
        let listed = file.words.split_whitespace().flat_map(&hashes).map(|(hash, ..)| hash);
        let mut all: HashSet<u64> =
            listed.filter(|hash| !proper.contains(hash) || sources.english.mostly_low(*hash, 3)).collect();
        all.extend(EVERYDAY.split_whitespace().flat_map(&hashes).map(|(hash, ..)| hash));
        all.extend(
            sources.english.low.keys().filter(|&&hash| sources.english.mostly_low(hash, 12) && !names.contains(&hash)),
        );
        all.extend(
            sources.others.low.keys().filter(|&&hash| sources.others.mostly_low(hash, 8) && !names.contains(&hash)),
        );
        all
    };
    let lower: HashSet<u64> = {
        let seen = |seen: &Seen, times| {
            seen.low.keys().copied().filter(|&hash| seen.mostly_low(hash, times)).collect::<Vec<_>>()
        };
        seen(sources.english, 3).into_iter().chain(seen(sources.others, 3)).collect()
    };
    // Names.
    let mut sources_of: HashMap<u64, u32> = HashMap::new();
    let mut name = |text: &str, bit: u32, sure: bool, keep_common: bool, words: &mut HashMap<u64, u32>| {
        for (hash, digit, length) in hashes(text) {
            if digit || length < 2 || common.contains(&hash) && !keep_common {
                continue;
            }
            let times = sources_of.entry(hash).or_default();
            *times += 1;
            let sure = (sure || *times >= 3) && length > 2 && !common.contains(&hash) && !lower.contains(&hash);
            *words.entry(hash).or_default() |= bit | if sure { flag::SURE } else { 0 };
        }
    };
    for (locale, list) in &sources.raw.given {
        let near = matches!(locale.as_str(), "en_US" | "en_GB" | "es_ES" | "es_MX" | "en");
        for one in list {
            name(one, flag::GIVEN, near, false, &mut words);
        }
    }
    for one in &sources.raw.census_given {
        name(one, flag::GIVEN, true, true, &mut words);
    }
    for (locale, list) in &sources.raw.surnames {
        for (rank, one) in list.iter().enumerate() {
            let census = locale == "census";
            if census && rank > 30_000 {
                break;
            }
            name(one, flag::SURNAME, census && rank < 6000, census && rank < 1200, &mut words);
        }
    }
    // Places.
    let articles: Vec<u64> =
        ["the", "of", "in", "at", "to", "on", "and", "a", "for", "is"].iter().map(|word| hashes(word)[0].0).collect();
    let mut place = |text: &str, bits: u32, keep_common: bool, words: &mut HashMap<u64, u32>| {
        let all = hashes(text);
        match all.len() {
            1 => {
                let (hash, _, length) = all[0];
                if length > 2 && (!common.contains(&hash) || keep_common) {
                    *words.entry(hash).or_default() |= bits;
                }
            }
            // "The Hague" is no reason to stop at each "the".
            2..=4 if articles.contains(&all[0].0) => {}
            2..=4 => {
                *words.entry(all[0].0).or_default() |= flag::BEGINS;
                if let Some(joined) = all.iter().map(|one| one.0).reduce(pair) {
                    *phrases.entry(joined).or_default() |= bits;
                }
            }
            _ => {}
        }
    };
    let close = ["US", "GB", "IE", "ES", "MX", "CA", "AU", "NZ", "DE", "FR", "IT", "PT", "NL", "BE", "CH", "AT"];
    for (town, country, people) in &sources.raw.towns {
        let big = *people > 100_000;
        if big || *people > 30_000 || close.contains(&country.as_str()) && *people > 5_000 {
            place(town, flag::PLACE | if big { flag::BIG } else { 0 }, big, &mut words);
        }
    }
    for (locale, town) in &sources.raw.more_towns {
        if !matches!(locale.as_str(), "ja_JP" | "zh_CN" | "zh_TW" | "it_IT" | "ko_KR" | "pl_PL")
            || town.split(' ').count() == 1
        {
            place(town, flag::PLACE, false, &mut words);
        }
    }
    for town in ["nyc", "philly", "vegas", "cdmx"] {
        place(town, flag::PLACE | flag::BIG, true, &mut words);
    }
    for county in &sources.raw.counties {
        let own = county.trim_end_matches(" County").trim_end_matches(" Parish").trim_end_matches(" Borough");
        place(own, flag::PLACE, false, &mut words);
    }
    let listed = REGIONS.split_whitespace().map(|region| region.replace('_', " "));
    let states = sources.raw.states.iter().map(|(name, _)| name.clone());
    for region in
        listed.chain(states).chain(sources.raw.countries.iter().cloned()).chain(sources.raw.regions.iter().cloned())
    {
        place(&region, flag::REGION, true, &mut words);
    }
    for (_, street) in &sources.raw.streets {
        for (hash, digit, length) in hashes(street) {
            if !digit && length > 2 && !common.contains(&hash) {
                *words.entry(hash).or_default() |= flag::STREETLIKE;
            }
        }
    }
    // A village may be called as a country or a state is; whoever writes the word means the latter.
    let both = [
        "new york",
        "washington",
        "georgia",
        "mexico",
        "luxembourg",
        "singapore",
        "panama",
        "guatemala",
        "monaco",
        "san marino",
        "djibouti",
    ];
    let large = REGIONS.split_whitespace().map(|region| region.replace('_', " "));
    let large = large
        .chain(sources.raw.states.iter().map(|(name, _)| name.clone()))
        .chain(sources.raw.countries.iter().cloned());
    for region in large.filter(|region| !both.contains(&region.to_lowercase().as_str())) {
        let all = hashes(&region);
        if let [(hash, ..)] = all[..] {
            *words.entry(hash).or_default() &= !(flag::PLACE | flag::BIG);
        } else if let Some(joined) = all.iter().map(|one| one.0).reduce(pair) {
            *phrases.entry(joined).or_default() &= !(flag::PLACE | flag::BIG);
        }
    }
    let medical: HashSet<u64> =
        sources.medical.iter().flat_map(|name| hashes(name)).filter(|one| one.2 > 3).map(|(hash, ..)| hash).collect();
    for hash in &medical {
        *words.entry(*hash).or_default() |= flag::MEDICAL;
    }
    for word in NATIONS.split_whitespace() {
        for (hash, ..) in hashes(word) {
            *words.entry(hash).or_default() |= flag::NATION;
        }
    }
    for hash in &common {
        *words.entry(*hash).or_default() |= flag::COMMON;
    }
    for hash in &lower {
        *words.entry(*hash).or_default() |= flag::LOWER;
    }
    // A word that is only the part of an address needs no entry of names.
    for word in &classes {
        if let Some(flags) = words.get_mut(&hashes(word).first().map_or(0, |one| one.0)) {
            *flags &= !flag::SURE;
        }
    }
    // Two words may share the half of a hash that is kept: both their flags hold then, in whatever order they came.
    let mut kept_words: BTreeMap<u32, u16> = BTreeMap::new();
    for (hash, flags) in words.into_iter().filter(|(_, flags)| *flags != 0) {
        *kept_words.entry(key(hash)).or_default() |= flags as u16;
    }
    let mut kept_phrases: BTreeMap<u32, u8> = BTreeMap::new();
    for (hash, flags) in phrases.into_iter().filter(|(_, flags)| *flags != 0) {
        let kept = if flags & flag::PLACE != 0 { flags & !flag::REGION } else { flags };
        *kept_phrases.entry(key(hash)).or_default() |= (kept & 0xff) as u8;
    }
    (kept_words, kept_phrases)
}

/// The tables as the bytes of a model file, with a tagger where one is given.
pub fn pack(
    words: &BTreeMap<u32, u16>,
    phrases: &BTreeMap<u32, u8>,
    header: Header,
    tagger: Option<&super::crf::Packed>,
) -> Vec<u8> {
    let mut header = header;
    let mut tables: Vec<(&str, Vec<u32>, Vec<u8>)> = vec![
        ("words", words.keys().copied().collect(), words.values().flat_map(|flags| flags.to_le_bytes()).collect()),
        ("phrases", phrases.keys().copied().collect(), phrases.values().copied().collect()),
    ];
    if let Some(tagger) = tagger {
        header.numbers.extend(tagger.numbers.clone());
        tables.push(("tagger", tagger.keys.clone(), tagger.rows.clone()));
    }
    write(header, &tables)
}
