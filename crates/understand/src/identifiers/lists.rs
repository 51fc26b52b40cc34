//! What is known of words: gazetteers of names and places from the model file, classes of words from `names.toml`.

use std::collections::HashSet;
use std::sync::OnceLock;

use serde::Deserialize;

use super::crf::Crf;
use crate::weights::{BadWeights, Table, WeightsFile, hash, key, pair};

const CLASSES: &str = include_str!("../../../../data/understand/names.toml");
const MODEL: &[u8] = include_bytes!("../../../../data/models/names.bin");

/// What a word may be; several may hold.
pub mod flag {
    /// A given name.
    pub const GIVEN: u32 = 1;
    /// A surname.
    pub const SURNAME: u32 = 1 << 1;
    /// A given name or surname so common that it needs no capital.
    pub const SURE: u32 = 1 << 2;
    /// A town or county.
    pub const PLACE: u32 = 1 << 3;
    /// A town of more than 100,000 people.
    pub const BIG: u32 = 1 << 4;
    /// Begins the name of a place of several words.
    pub const BEGINS: u32 = 1 << 5;
    /// A state, a country, a continent: no identifier.
    pub const REGION: u32 = 1 << 6;
    /// An everyday word.
    pub const COMMON: u32 = 1 << 7;
    /// A word that is also seen in lower case.
    pub const LOWER: u32 = 1 << 8;
    /// The name of a disease, a medicine, a test.
    pub const MEDICAL: u32 = 1 << 9;
    /// A people or a language.
    pub const NATION: u32 = 1 << 10;
    /// Occurs in names of streets.
    pub const STREETLIKE: u32 = 1 << 11;
    /// Stands before a name: "Mrs".
    pub const TITLE: u32 = 1 << 12;
    /// Says what somebody is: "nurse", "uncle".
    pub const ROLE: u32 = 1 << 13;
    /// Names stand near: "named", "dear", "thanks".
    pub const PERSON_CUE: u32 = 1 << 14;
    /// Places stand near: "from", "live".
    pub const PLACE_CUE: u32 = 1 << 15;
    /// Facilities stand near: "admitted", "at".
    pub const SEEN_CUE: u32 = 1 << 16;
    /// Employers stand near.
    pub const WORK_CUE: u32 = 1 << 17;
    /// A month or a day of the week.
    pub const CALENDAR: u32 = 1 << 18;
    /// A kind of street.
    pub const STREET: u32 = 1 << 19;
    /// A part of an address: "apt".
    pub const UNIT: u32 = 1 << 20;
    /// Ends or begins the name of a facility: "clinic".
    pub const FACILITY: u32 = 1 << 21;
    /// Stands within the name of a facility: "saint", "regional".
    pub const FACILITY_PART: u32 = 1 << 22;
    /// Stands in the name of a company: "inc".
    pub const COMPANY: u32 = 1 << 23;
    /// Stands within a surname: "van".
    pub const PARTICLE: u32 = 1 << 24;
    /// Joins the words of a name of a place: "of", "sur".
    pub const JOINT: u32 = 1 << 25;
    /// The letters of a state: "oh".
    pub const STATE: u32 = 1 << 26;
    /// A digit as a word.
    pub const SPOKEN: u32 = 1 << 27;
    /// A sign or a mail host as a word: "arroba", "gmail".
    pub const WRITTEN: u32 = 1 << 28;
    /// Says what the number behind it is.
    pub const CODE_CUE: u32 = 1 << 29;
    /// Names a disease, a test or a sign after a person: "Parkinson".
    pub const EPONYM: u32 = 1 << 30;
    /// Stands behind the name of a person that is part of a term: "sign", "disease".
    pub const FINDING: u32 = 1 << 31;
    /// Some list of names or places has it.
    pub const KNOWN: u32 = GIVEN | SURNAME | PLACE;
}

#[derive(Deserialize)]
struct File {
    class: Vec<Class>,
}

#[derive(Deserialize)]
struct Class {
    name: String,
    words: String,
}

/// All lists, and the tagger.
#[derive(Debug)]
pub struct Lists {
    /// What is known of each word, by the gazetteers and the classes together: one look a word.
    known: Flags,
    /// Places of several words: `flag::PLACE | flag::BIG` or `flag::REGION`.
    phrases: Option<Table>,
    /// Classes of words: flags from the twelfth on.
    classes: Table,
    /// Institutions that are known by a name without a word for what they are.
    institutions: Table,
    /// The trained tagger; none while it is being trained.
    pub crf: Option<Crf>,
}

impl Lists {
    /// Those that this program carries.
    pub fn get() -> &'static Self {
        static LISTS: OnceLock<Lists> = OnceLock::new();
        LISTS.get_or_init(|| Self::read(MODEL).expect("the model is part of the program and a test reads it"))
    }

    /// The classes of words alone, while gazetteers are made.
    pub fn bare() -> Self {
        let classes = classes();
        Self { known: Flags::new(None, &classes), phrases: None, classes, institutions: institutions(), crf: None }
    }

    /// Reads a model file; tables that it lacks stay empty.
    pub fn read(bytes: &'static [u8]) -> Result<Self, BadWeights> {
        let file = WeightsFile::read(bytes)?;
        let crf = if file.table("tagger").is_ok() { Some(Crf::read(&file)?) } else { None };
        let classes = classes();
        Ok(Self {
            known: Flags::new(file.table("words").ok().as_ref(), &classes),
            phrases: file.table("phrases").ok(),
            classes,
            institutions: institutions(),
            crf,
        })
    }

    /// What is known of a word, given as folded, without its possessive, and as the hash of the latter.
    pub fn flags(&self, lower: &str, bare: &str, hash: u64) -> u32 {
        let mut flags = self.known.get(hash);
        // "Bell's", "children's" stand in the classes as they are.
        if lower.len() != bare.len()
            && let Some(row) = self.classes.row(crate::weights::hash(lower))
        {
            flags |= unpack(row);
        }
        flags
    }

    /// What is known of several words as one place, by the hashes of its words.
    pub fn phrase(&self, words: impl Iterator<Item = u64>) -> u32 {
        let Some(table) = &self.phrases else { return 0 };
        let Some(all) = words.reduce(pair) else { return 0 };
        table.row(all).map_or(0, |row| u32::from(row[0]))
    }

    /// The words are the name of an institution that is known by it.
    pub fn institution(&self, words: impl Iterator<Item = u64>) -> bool {
        words.reduce(pair).is_some_and(|all| self.institutions.row(all).is_some())
    }
}

/// The flags of words, found by the part of their hash that tables keep.
#[derive(Debug)]
struct Flags {
    /// Open addressing, a power of two, at most half full: key and flags, no flag where empty.
    slots: Vec<(u32, u32)>,
}

impl Flags {
    /// Of the words of the gazetteers, with sixteen flags each, and those of the classes.
    fn new(words: Option<&Table>, classes: &Table) -> Self {
        let keys = words.into_iter().chain([classes]).flat_map(Table::keys);
        let size = (keys.clone().count() * 2).next_power_of_two().max(2);
        let mut out = Self { slots: vec![(0, 0); size] };
        for key in keys {
            let hash = u64::from(key) << 32;
            let listed =
                words.and_then(|table| table.row(hash)).map_or(0, |row| u32::from(row[0]) | u32::from(row[1]) << 8);
            let flags = listed | classes.row(hash).map_or(0, unpack);
            let slot = out.slot(key);
            out.slots[slot] = (key, flags);
        }
        out
    }

    #[inline]
    fn get(&self, hash: u64) -> u32 {
        self.slots[self.slot(key(hash))].1
    }

    #[inline]
    fn slot(&self, key: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = key as usize & mask;
        while self.slots[slot].1 != 0 && self.slots[slot].0 != key {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

fn unpack(row: &[u8]) -> u32 {
    u32::from_le_bytes([row[0], row[1], row[2], row[3]])
}

/// The classes of `names.toml` as a table.
fn classes() -> Table {
    let file: File = toml::from_str(CLASSES).expect("the list is part of the program and a test reads it");
    let mut words: std::collections::BTreeMap<u32, u32> = std::collections::BTreeMap::new();
    for class in &file.class {
        let Some(bit) = bit(&class.name) else { continue };
        for word in class.words.split_whitespace() {
            let folded: String = word.chars().filter_map(crate::text::fold).collect();
            *words.entry(key(hash(&folded))).or_default() |= bit;
        }
    }
    let rows: Vec<u8> = words.values().flat_map(|flags| flags.to_le_bytes()).collect();
    // Once in the life of the program.
    Table::new(4, words.into_keys().collect(), rows.leak())
}

/// The institutions of `names.toml`; their words are joined by `_`.
fn institutions() -> Table {
    let file: File = toml::from_str(CLASSES).expect("the list is part of the program and a test reads it");
    let names =
        file.class.iter().filter(|class| class.name == "institution").flat_map(|class| class.words.split_whitespace());
    let keys: std::collections::BTreeSet<u32> = names
        .filter_map(|name| {
            let folded: String = name.chars().filter_map(crate::text::fold).collect();
            folded.split('_').map(|word| hash(word.strip_suffix("'s").unwrap_or(word))).reduce(pair)
        })
        .map(key)
        .collect();
    let rows = vec![0_u8; keys.len()];
    Table::new(1, keys.into_iter().collect(), rows.leak())
}

/// The flag of a class by its name in the file.
fn bit(name: &str) -> Option<u32> {
    Some(match name {
        "title" => flag::TITLE,
        "role" => flag::ROLE,
        "person_cue" => flag::PERSON_CUE,
        "place_cue" => flag::PLACE_CUE,
        "seen_cue" => flag::SEEN_CUE,
        "work_cue" => flag::WORK_CUE,
        "month" | "day" => flag::CALENDAR,
        "street" => flag::STREET,
        "unit" => flag::UNIT,
        "facility_end" => flag::FACILITY,
        "facility_part" => flag::FACILITY_PART,
        "company" => flag::COMPANY,
        "particle" => flag::PARTICLE,
        "joint" => flag::JOINT,
        "state" => flag::STATE,
        "spoken" => flag::SPOKEN,
        "written" => flag::WRITTEN,
        "code_cue" => flag::CODE_CUE,
        "eponym" => flag::EPONYM,
        "finding" => flag::FINDING,
        _ => return None,
    })
}

/// The words of the classes that are no everyday words by themselves; for building the gazetteers.
pub fn class_words() -> HashSet<String> {
    let file: File = toml::from_str(CLASSES).expect("the list is part of the program and a test reads it");
    let words = file.class.iter().flat_map(|class| class.words.split_whitespace());
    words.map(|word| word.chars().filter_map(crate::text::fold).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_of_the_file_has_a_flag_and_the_model_is_whole() {
        let file: File = toml::from_str(CLASSES).expect("it is TOML");
        for class in &file.class {
            assert!(bit(&class.name).is_some() || class.name == "institution", "{}", class.name);
            assert!(class.words.split_whitespace().count() > 3, "{}", class.name);
        }
        let lists = Lists::get();
        assert!(lists.crf.is_some());
        let of = |word: &str| lists.flags(word, word, hash(word));
        assert!(of("maria") & flag::GIVEN != 0 && of("garcia") & flag::SURNAME != 0);
        assert!(of("chicago") & flag::PLACE != 0 && of("texas") & flag::REGION != 0);
        assert!(of("waited") & flag::COMMON != 0 && of("waited") & flag::KNOWN == 0);
    }
}
