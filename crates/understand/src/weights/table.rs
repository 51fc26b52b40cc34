//! Rows of numbers found by a hash.

/// Rows of signed bytes, which lie in the file they came in, each found by a hash of 64 bits, of which 32 are kept. A strange word finds a row that is not
/// its own once in some hundred thousand.
#[derive(Debug)]
pub struct Table {
    columns: usize,
    keys: Vec<u32>,
    rows: &'static [u8],
    /// Open addressing: place of the row and one, 0 where empty. A power of two, at most half full.
    slots: Vec<u32>,
}

impl Table {
    /// Builds the index over keys (as [`key`] makes them) and their rows.
    pub fn new(columns: usize, keys: Vec<u32>, rows: &'static [u8]) -> Self {
        let size = (keys.len() * 2).next_power_of_two().max(2);
        let mut slots = vec![0_u32; size];
        for (index, key) in keys.iter().enumerate() {
            let mut slot = *key as usize & (size - 1);
            while slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = index as u32 + 1;
        }
        Self { columns, keys, rows, slots }
    }

    /// How many numbers a row has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// There is no row.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The row of a hash; its bytes are signed.
    #[inline]
    pub fn row(&self, hash: u64) -> Option<&'static [u8]> {
        let key = key(hash);
        let mask = self.slots.len() - 1;
        let mut slot = key as usize & mask;
        loop {
            match self.slots[slot] {
                0 => return None,
                at if self.keys[at as usize - 1] == key => {
                    let from = (at as usize - 1) * self.columns;
                    return Some(&self.rows[from..from + self.columns]);
                }
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}

/// The part of a hash that is kept in a file.
pub fn key(hash: u64) -> u32 {
    (hash >> 32) as u32
}
