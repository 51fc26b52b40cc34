//! What lies in the folder of the sets, and the training texts of every class made of it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bedside_understand::language::letters::Script;
use bedside_understand::weights::Origin;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::classes::{self, Class, NOISE};
use super::profiles::Chain;
use super::random::Random;
use super::texts::{Letters, Pool, Texts, of_script};
use crate::datasets::Datasets;

/// What is said where the profiles are absent.
const HOW_TO_GET: &str = "\
The profiles that languages are learnt from are not part of the repository. They come out of three public packages and
lie in the folder language/ of BEDSIDE_DATASETS:
  lingua-<name>-language-model/   of the crate lingua 1.8.0 (Apache-2.0): `cargo new fetch && cd fetch && cargo add
                                  lingua@=1.8.0 && cargo vendor`, then the folders vendor/lingua-*-language-model
  langdetect-profiles/            of langdetect 1.0.9 (Apache-2.0): `pip download --no-deps langdetect==1.0.9`, then the
                                  folder langdetect/profiles out of the archive
  interface/                      of home-assistant-frontend 20250109.2 (Apache-2.0): `pip download --no-deps
                                  home-assistant-frontend==20250109.2`, then hass_frontend/static/translations";

/// A tweet of the set.
#[derive(Debug, Clone)]
pub struct Tweet {
    /// Its text.
    pub text: String,
    /// The language that the set gives it.
    pub tag: &'static str,
}

#[derive(Deserialize)]
struct TweetRow {
    text: String,
    lang: String,
}

impl TweetRow {
    fn tagged(self) -> Result<Tweet> {
        let tag = match self.lang.as_str() {
            "arabic" => "ar",
            "english" => "en",
            "french" => "fr",
            "german" => "de",
            "hindi" => "hi-Latn",
            "italian" => "it",
            "portuguese" => "pt",
            "spanish" => "es",
            other => bail!("a tweet is in {other}"),
        };
        Ok(Tweet { text: self.text, tag })
    }
}

/// A row of the own set.
#[derive(Debug, Clone, Deserialize)]
pub struct Own {
    /// The text.
    pub text: String,
    /// Its tag.
    pub lang: String,
    /// `sentence`, `pair`, `words`, `gibberish`.
    pub kind: String,
}

#[derive(Deserialize)]
struct Comment {
    text: String,
}

/// What was read.
#[derive(Debug)]
pub struct Corpora {
    /// The folder `language/`.
    pub folder: PathBuf,
    /// All tweets.
    pub tweets: Vec<Tweet>,
    own: Vec<Own>,
    english: Vec<String>,
    /// By code of the language: key and text.
    interface: BTreeMap<String, BTreeMap<String, String>>,
    hindi_words: HashSet<String>,
    english_words: HashSet<String>,
    /// What goes onto the card.
    pub origins: Vec<Origin>,
}

/// Words of the Hindi list that are English words as well, and so do not tell which a tweet is.
const ALSO_ENGLISH: &str = "me the to se or so log hi main are he be do in is us on no as an am of at time school \
doctor hospital injection report operation office train bus car cycle film picture match bill vote police nurse insurance \
naan jay team party cricket tel ram nor uncle mar note hum hare park ice mat chat char par pet pair sab tab jab din bat \
land bell ball wall game take sake maze band hero pass per teen das";

impl Corpora {
    /// Reads all but the profiles.
    pub fn read(datasets: &Datasets) -> Result<Self> {
        let folder = datasets.folder("language").context(HOW_TO_GET)?;
        let mut origins = Vec::new();
        let tweets = datasets.licensed::<TweetRow>("xlmt.train.jsonl", "Apache-2.0")?;
        origins.push(tweets.origin);
        let mut english = Vec::new();
        for (file, licence) in [
            ("nhs_px_v6.train.jsonl", "MIT"),
            ("nhs_px_phase1.train.jsonl", "MIT"),
            ("clinc150.train.jsonl", "CC BY 3.0"),
        ] {
            let loaded = datasets.licensed::<Comment>(file, licence)?;
            origins.push(loaded.origin);
            english.extend(loaded.rows.into_iter().map(|row| row.text));
        }
        let own = datasets.annotated::<Own>("language", "train")?;
        origins.push(own.origin);
        let (interface, origin) = interface(&folder.join("interface"))?;
        origins.push(origin);
        let also: HashSet<&str> = ALSO_ENGLISH.split(' ').collect();
        let lists = own.rows.iter().filter(|row| row.kind == "words").flat_map(|row| row.text.split(' '));
        let hindi_words = lists.filter(|word| !also.contains(word)).map(str::to_owned).collect();
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for word in english.iter().flat_map(|text| of_script(text, Script::Latin)) {
            *counts.entry(word.into_iter().collect()).or_default() += 1;
        }
        let english_words = counts.into_iter().filter(|(_, count)| *count >= 5).map(|(word, _)| word).collect();
        let tweets = tweets.rows.into_iter().map(TweetRow::tagged).collect::<Result<_>>()?;
        let own = own.rows;
        Ok(Self { folder, tweets, own, english, interface, hindi_words, english_words, origins })
    }

    /// What a tweet of the set is. Half of those called Hindi are English or both, so that their words decide; `None`
    /// where they do not.
    pub fn language_of(&self, tweet: &Tweet) -> Option<&'static str> {
        if tweet.tag != "hi-Latn" {
            return Some(tweet.tag);
        }
        let (mut hindi, mut english) = (0, 0);
        for word in of_script(&tweet.text, Script::Latin) {
            let word: String = word.into_iter().collect();
            if self.hindi_words.contains(&word) {
                hindi += 1;
            } else if self.english_words.contains(&word) {
                english += 1;
            }
        }
        match hindi {
            0 if english >= 4 => Some("en"),
            2.. if hindi * 100 >= (hindi + english) * 34 => Some("hi-Latn"),
            _ => None,
        }
    }

    /// Translations that differ from the English original, without variables: the quarter that is held out, or the rest.
    fn translations(&self, code: &str, held: bool) -> Vec<String> {
        let none = BTreeMap::new();
        let original: HashSet<&String> = self.interface.get("en").unwrap_or(&none).values().collect();
        let mut texts = BTreeSet::new();
        for (key, text) in self.interface.get(code).unwrap_or(&none) {
            let of_quarter = Sha256::digest(key.as_bytes())[0] & 3 == 0;
            if of_quarter == held && (code.starts_with("en") || !original.contains(text)) {
                let text = without_variables(text);
                if text.chars().filter(|c| c.is_alphabetic()).count() >= 3 {
                    texts.insert(text);
                }
            }
        }
        texts.into_iter().collect()
    }

    fn pools(&mut self, class: &Class, script: Script, sizes: [usize; 2]) -> Result<Vec<Pool>> {
        let size = sizes[usize::from(class.is_outside())];
        let mut random = Random::new(1);
        let mut out = Vec::new();
        for name in class.lingua {
            let file = format!("lingua-{name}-language-model/models/ngrams.fst");
            let chain = Chain::lingua(&self.profile(&file)?)?;
            out.push(Pool::new(&chain, script, size, &mut random));
        }
        for name in class.langdetect {
            let chain = Chain::langdetect(&self.profile(&format!("langdetect-profiles/{name}"))?)?;
            out.push(Pool::new(&chain, script, size, &mut random));
        }
        Ok(out)
    }

    fn profile(&mut self, file: &str) -> Result<PathBuf> {
        let path = self.folder.join(file);
        if !path.is_file() {
            bail!("{} is not there.\n{HOW_TO_GET}", path.display());
        }
        let sha256 = hex::encode(Sha256::digest(fs::read(&path)?));
        self.origins.push(Origin { file: file.to_owned(), sha256, rows: 1, licence: "Apache-2.0".into() });
        Ok(path)
    }

    /// The training texts of each class of a script, without real ones. `sizes`: how many words are drawn from a
    /// profile of the list, and of one outside.
    pub fn drawn(&mut self, script: Script, sizes: [usize; 2]) -> Result<Vec<Texts>> {
        let mut out = Vec::new();
        for class in classes::of(script) {
            let noise = class.name == NOISE;
            out.push(Texts { pools: self.pools(class, script, sizes)?, noise, ..Texts::default() });
        }
        Ok(out)
    }

    /// Puts real texts beside the drawn ones: the tweets given, and the translations that are not held out.
    pub fn add_real(&self, script: Script, tweets: &[&Tweet], texts: &mut [Texts]) {
        for (class, texts) in classes::of(script).iter().zip(texts) {
            let mut real: Vec<String> =
                class.interface.iter().flat_map(|code| self.translations(code, false)).collect();
            let of_class = tweets.iter().filter(|tweet| self.language_of(tweet) == Some(class.name));
            real.extend(of_class.map(|tweet| tweet.text.clone()));
            if class.name == "en" {
                real.extend(self.english.iter().cloned());
            }
            // Written for a language without a profile: as weighty as the tweets.
            let own = self.own.iter().filter(|row| row.lang == class.name);
            for row in own {
                real.extend(std::iter::repeat_n(row.text.clone(), 12));
            }
            texts.real = real.iter().map(|text| of_script(text, script)).filter(|words| !words.is_empty()).collect();
            texts.share = if texts.real.len() > 500 { 0.3 } else { 0.05 };
        }
    }

    /// Texts of a script that were not trained on, with the place of their class: translations, as
    /// they are, and their longer words alone and in pairs.
    pub fn held_out(&self, script: Script, each: usize) -> Vec<(usize, Vec<Letters>)> {
        let mut random = Random::new(2);
        let mut out = Vec::new();
        for (at, class) in classes::of(script).iter().enumerate() {
            let texts: Vec<Vec<Letters>> = class
                .interface
                .iter()
                .flat_map(|code| self.translations(code, true))
                .map(|text| of_script(&text, script))
                .collect();
            let words: BTreeSet<Letters> = texts.iter().flatten().filter(|word| word.len() >= 4).cloned().collect();
            let words: Vec<Letters> = words.into_iter().collect();
            if words.len() < 20 {
                continue;
            }
            for _ in 0..each {
                let pick = |random: &mut Random| words[random.below(words.len())].clone();
                out.push((at, vec![pick(&mut random)]));
                out.push((at, vec![pick(&mut random), pick(&mut random)]));
                out.push((at, texts[random.below(texts.len())].clone()));
            }
        }
        out
    }
}

type Interface = BTreeMap<String, BTreeMap<String, String>>;

/// Reads `<code>-<hash>.json` of a folder and of the folders in it.
fn interface(folder: &Path) -> Result<(Interface, Origin)> {
    let mut files = Vec::new();
    let entries = |folder: &Path| -> Result<Vec<PathBuf>> {
        let read = fs::read_dir(folder).with_context(|| format!("{} is not there.\n{HOW_TO_GET}", folder.display()))?;
        read.map(|entry| Ok(entry?.path())).collect()
    };
    for path in entries(folder)? {
        if path.is_dir() { files.extend(entries(&path)?) } else { files.push(path) }
    }
    files.sort();
    let mut out = Interface::new();
    let mut hash = Sha256::new();
    let mut rows = 0;
    for path in files {
        let name = path.file_stem().and_then(|name| name.to_str()).and_then(|name| name.rsplit_once('-'));
        let Some((code, _)) = name else { continue };
        let bytes = fs::read(&path)?;
        hash.update(&bytes);
        let texts: BTreeMap<String, Value> =
            serde_json::from_slice(&bytes).with_context(|| format!("{} is no translation", path.display()))?;
        rows += texts.len();
        let strings = texts.into_iter().filter_map(|(key, text)| Some((key, text.as_str()?.to_owned())));
        out.entry(code.to_owned()).or_default().extend(strings);
    }
    let file = "interface/ (all files, one after another)".to_owned();
    let origin = Origin { file, sha256: hex::encode(hash.finalize()), rows, licence: "Apache-2.0".into() };
    Ok((out, origin))
}

/// Without the names of variables and marks of style.
fn without_variables(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '{' | '<' => depth += 1,
            '}' | '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_no_words() {
        assert_eq!(without_variables("{count, plural, one {# item}} in <b>Haus</b>"), " in Haus");
    }
}
