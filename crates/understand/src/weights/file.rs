//! The file of a model: a header in JSON that says what it is and what it was made from, then tables of bytes.
//!
//! Layout: the eight bytes `BSWEIGHT`, the length of the header as a 32-bit little-endian number, the header, then each
//! section in the order of the header: its keys (32-bit little-endian), then its rows. What does not fit together is an
//! error that says what, never a panic.

use serde::{Deserialize, Serialize};

use super::table::Table;

const MAGIC: &[u8; 8] = b"BSWEIGHT";

/// What a model file says of itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Name of the model.
    pub name: String,
    /// What it was trained on.
    pub made_from: Vec<Origin>,
    /// What it scores, in the order of the columns.
    pub heads: Vec<HeadInfo>,
    /// The tables that follow.
    pub sections: Vec<Section>,
    /// Further numbers that a model needs, by name (second stages, calibration).
    #[serde(default)]
    pub numbers: std::collections::BTreeMap<String, Vec<f32>>,
    /// Further words that a model needs, by name.
    #[serde(default)]
    pub words: std::collections::BTreeMap<String, Vec<String>>,
}

/// A file that a model was trained on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Its name.
    pub file: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Rows used.
    pub rows: usize,
    /// Its licence.
    pub licence: String,
}

/// One head of a model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HeadInfo {
    /// Its name.
    pub name: String,
    /// The logit of a text without a word.
    pub bias: f32,
    /// What a step of a word's number is worth.
    pub word_scale: f32,
    /// What a step of a pair's number is worth.
    pub pair_scale: f32,
    /// Logits are multiplied by this before they become probabilities (1 / temperature).
    pub sharpness: f32,
    /// Added to a logit after that.
    pub shift: f32,
    /// From which probability the label is given.
    pub threshold: f32,
}

/// One table of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: usize,
    /// Signed bytes in a row.
    pub columns: usize,
}

/// A model file that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadWeights(String);

impl BadWeights {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl std::fmt::Display for BadWeights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the model file cannot be used: {}", self.0)
    }
}

impl std::error::Error for BadWeights {}

/// A file, taken apart. Models live as long as the program, so that their tables need not be copied.
#[derive(Debug)]
pub struct WeightsFile {
    /// What it says of itself.
    pub header: Header,
    bodies: Vec<(&'static [u8], &'static [u8])>,
}

impl WeightsFile {
    /// Takes a file apart and checks that it is whole.
    pub fn read(bytes: &'static [u8]) -> Result<Self, BadWeights> {
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| BadWeights::new("it does not begin with BSWEIGHT"))?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(|| BadWeights::new("it ends too soon"))?;
        let length = u32::from_le_bytes(*length) as usize;
        if rest.len() < length {
            return Err(BadWeights::new("it ends within its header"));
        }
        let (header, mut rest) = rest.split_at(length);
        let header: Header =
            serde_json::from_slice(header).map_err(|error| BadWeights::new(format!("its header: {error}")))?;
        let mut bodies = Vec::new();
        for section in &header.sections {
            let keys = section.rows.checked_mul(4);
            let rows = section.rows.checked_mul(section.columns);
            let (Some(keys), Some(rows)) = (keys, rows) else {
                return Err(BadWeights::new("a table is larger than any file"));
            };
            if rest.len() < keys || rest.len() - keys < rows {
                return Err(BadWeights::new(format!("it ends within the table {}", section.name)));
            }
            let (of_keys, after) = rest.split_at(keys);
            let (of_rows, after) = after.split_at(rows);
            bodies.push((of_keys, of_rows));
            rest = after;
        }
        if !rest.is_empty() {
            return Err(BadWeights::new("something follows its last table"));
        }
        Ok(Self { header, bodies })
    }

    /// A table by its name.
    pub fn table(&self, name: &str) -> Result<Table, BadWeights> {
        let at = self.header.sections.iter().position(|section| section.name == name);
        let at = at.ok_or_else(|| BadWeights::new(format!("it has no table {name}")))?;
        let (keys, rows) = self.bodies[at];
        let keys = keys.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect();
        Ok(Table::new(self.header.sections[at].columns, keys, rows))
    }
}

/// Writes a file: the header, whose sections are set from the tables given as name, keys and rows.
pub fn write(mut header: Header, tables: &[(&str, Vec<u32>, Vec<u8>)]) -> Vec<u8> {
    header.sections = tables
        .iter()
        .map(|(name, keys, rows)| Section {
            name: (*name).to_owned(),
            rows: keys.len(),
            columns: rows.len().checked_div(keys.len()).unwrap_or(header.heads.len()),
        })
        .collect();
    let json = serde_json::to_vec(&header).unwrap_or_default();
    let mut out = MAGIC.to_vec();
    out.extend((json.len() as u32).to_le_bytes());
    out.extend(json);
    for (_, keys, rows) in tables {
        out.extend(keys.iter().flat_map(|key| key.to_le_bytes()));
        out.extend_from_slice(rows);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Vec<u8> {
        let header = Header { name: "small".into(), heads: vec![HeadInfo::default(); 2], ..Header::default() };
        write(header, &[("words", vec![7, 9], vec![1, 255, 3, 4]), ("pairs", vec![], vec![])])
    }

    #[test]
    fn what_is_written_is_read() {
        let file = WeightsFile::read(small().leak()).expect("it is whole");
        let words = file.table("words").expect("it is there");
        assert_eq!(words.row(9 << 32), Some(&[3, 4][..]));
        assert_eq!(words.row(7 << 32).map(|row| row[1] as i8), Some(-1));
        assert_eq!(words.row(8 << 32), None);
        assert_eq!(file.table("pairs").expect("it is there").row(1), None);
        assert!(file.table("others").is_err());
    }

    #[test]
    fn a_broken_file_says_what_is_wrong() {
        let bytes: &'static [u8] = small().leak();
        for end in 0..bytes.len() {
            assert!(WeightsFile::read(&bytes[..end]).is_err(), "{end}");
        }
        let longer = [bytes, &[0]].concat().leak();
        let said = WeightsFile::read(longer).expect_err("it is too long").to_string();
        assert_eq!(said, "the model file cannot be used: something follows its last table");
    }
}
