//! Rows of numbers found by a hash.

/// Rows of signed bytes, which lie in the file they came in, each found by a hash of 64 bits, of which 32 are kept. A strange word finds a row that is not
/// its own once in some hundred thousand.
#[derive(Debug)]
pub struct Table {
    columns: usize,
    len: usize,
    rows: &'static [u8],
    /// Open addressing, a power of two, at most half full: key, and place of the row and one, 0 where empty. They lie
    /// together, so that a hash without a row costs one look.
    slots: Vec<(u32, u32)>,
}

impl Table {
    /// Builds the index over keys (as [`key`] makes them) and their rows.
    pub fn new(columns: usize, keys: Vec<u32>, rows: &'static [u8]) -> Self {
        let size = (keys.len() * 2).next_power_of_two().max(2);
        let mut slots = vec![(0_u32, 0_u32); size];
        for (index, key) in keys.iter().enumerate() {
            let mut slot = *key as usize & (size - 1);
            while slots[slot].1 != 0 {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = (*key, index as u32 + 1);
        }
        Self { columns, len: keys.len(), rows, slots }
    }

    /// How many numbers a row has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The keys of all rows, in no order that means anything.
    pub fn keys(&self) -> impl Iterator<Item = u32> + Clone + '_ {
        self.slots.iter().filter(|(_, at)| *at != 0).map(|(key, _)| *key)
    }

    /// There is no row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The row of a hash; its bytes are signed.
    #[inline]
    pub fn row(&self, hash: u64) -> Option<&'static [u8]> {
        self.place(hash).map(|from| &self.rows[from..from + self.columns])
    }

    /// The rows of many hashes. Each comes with what lies behind it, up to `width` bytes in all, where there is so much:
    /// whoever adds up rows can do so in steps of one size, and leave out what came from the next row. All slots are
    /// fetched before the first is looked at, so that the memory is waited for once and not for each.
    pub fn rows(&self, hashes: &[u64], width: usize) -> Vec<Option<&'static [u8]>> {
        let mask = self.slots.len() - 1;
        let slots: Vec<(u32, u32)> = hashes.iter().map(|hash| self.slots[key(*hash) as usize & mask]).collect();
        let found = hashes.iter().zip(slots).map(|(hash, slot)| match slot {
            (_, 0) => None,
            (of, at) if of == key(*hash) => self.wide((at as usize - 1) * self.columns, width),
            _ => self.row_and_more(*hash, width),
        });
        found.collect()
    }

    /// One of [`Table::rows`].
    #[inline]
    pub fn row_and_more(&self, hash: u64, width: usize) -> Option<&'static [u8]> {
        self.wide(self.place(hash)?, width)
    }

    #[inline]
    fn wide(&self, from: usize, width: usize) -> Option<&'static [u8]> {
        self.rows.get(from..from + width).or_else(|| self.rows.get(from..from + self.columns))
    }

    /// There is a row.
    #[inline]
    pub fn has(&self, hash: u64) -> bool {
        self.place(hash).is_some()
    }

    /// Where the row of a hash begins.
    #[inline]
    fn place(&self, hash: u64) -> Option<usize> {
        let key = key(hash);
        let mask = self.slots.len() - 1;
        let mut slot = key as usize & mask;
        loop {
            match self.slots[slot] {
                (_, 0) => return None,
                (of, at) if of == key => return Some((at as usize - 1) * self.columns),
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}

/// The part of a hash that is kept in a file.
pub fn key(hash: u64) -> u32 {
    (hash >> 32) as u32
}
