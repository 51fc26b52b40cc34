//! Rows of bytes found by a hash, used as they lie in the file: nothing is built and nothing copied.
//!
//! Layout, little-endian: number of buckets, rows and bytes in a row (32 bits each); where the rows of each bucket begin
//! (32 bits each, and one more for the end); of each row 16 bits of its hash; the rows. A strange n-gram finds a row
//! that is not its own once in some ten thousand look-ups.

/// A table in a file.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    starts: &'static [u8],
    marks: &'static [u8],
    rows: &'static [u8],
    buckets: u64,
    width: usize,
}

/// Rows in a bucket, on average.
const IN_BUCKET: usize = 4;

impl Rows {
    /// Takes a table apart, if it is whole.
    pub fn read(bytes: &'static [u8]) -> Option<Self> {
        let number = |at: usize| {
            bytes.get(at * 4..at * 4 + 4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]) as usize)
        };
        let (buckets, rows, width) = (number(0)?, number(1)?, number(2)?);
        let (starts, rest) = bytes.get(12..)?.split_at_checked(buckets.checked_add(1)?.checked_mul(4)?)?;
        let (marks, rows_of) = rest.split_at_checked(rows.checked_mul(2)?)?;
        let last = number(3 + buckets)?;
        let whole = buckets > 0 && last == rows && rows_of.len() == rows.checked_mul(width)?;
        whole.then_some(Self { starts, marks, rows: rows_of, buckets: buckets as u64, width })
    }

    /// How many bytes a row has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The row of a hash.
    #[inline]
    pub fn row(&self, hash: u64) -> Option<&'static [u8]> {
        let bucket = bucket(hash, self.buckets) * 4;
        let starts = self.starts.get(bucket..bucket + 8)?;
        let from = u32::from_le_bytes([starts[0], starts[1], starts[2], starts[3]]) as usize;
        let to = u32::from_le_bytes([starts[4], starts[5], starts[6], starts[7]]) as usize;
        let mark = mark(hash).to_le_bytes();
        let found = self.marks.get(from * 2..to * 2)?.chunks_exact(2).position(|of| of == mark)?;
        self.rows.get((from + found) * self.width..(from + found + 1) * self.width)
    }
}

#[inline]
fn bucket(hash: u64, buckets: u64) -> usize {
    (((hash >> 32) * buckets) >> 32) as usize
}

#[inline]
fn mark(hash: u64) -> u16 {
    (hash >> 32) as u16
}

/// Lays a table out. Of two rows with one mark in one bucket the first is kept.
pub fn layout(width: usize, rows: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let buckets = rows.len().div_ceil(IN_BUCKET).max(1);
    let place = |hash: u64| (bucket(hash, buckets as u64), mark(hash));
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&at| (place(rows[at].0), at));
    order.dedup_by_key(|at| place(rows[*at].0));
    let mut starts = vec![0_u32; buckets + 1];
    for &at in &order {
        starts[place(rows[at].0).0 + 1] += 1;
    }
    for at in 0..buckets {
        starts[at + 1] += starts[at];
    }
    let mut out = Vec::new();
    for number in [buckets, order.len(), width] {
        out.extend((number as u32).to_le_bytes());
    }
    out.extend(starts.iter().flat_map(|start| start.to_le_bytes()));
    out.extend(order.iter().flat_map(|&at| place(rows[at].0).1.to_le_bytes()));
    out.extend(order.iter().flat_map(|&at| rows[at].1.iter().copied()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(at: u64) -> u64 {
        at.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    #[test]
    fn what_is_laid_out_is_found() {
        let rows: Vec<(u64, Vec<u8>)> = (1..=1_000).map(|at| (hash(at), vec![at as u8, 7])).collect();
        let table = Rows::read(layout(2, &rows).leak()).expect("it is whole");
        assert_eq!(table.width(), 2);
        let lost = rows.iter().filter(|(of, row)| table.row(*of) != Some(&row[..])).count();
        assert!(lost <= 1, "{lost}");
        let strange = (2_000..12_000).filter(|at| table.row(hash(*at)).is_some()).count();
        assert!(strange <= 5, "{strange}");
    }

    #[test]
    fn a_broken_table_is_refused() {
        let whole: &'static [u8] = layout(2, &[(hash(1), vec![1, 2]), (hash(2), vec![3, 4])]).leak();
        assert!(Rows::read(whole).is_some());
        assert!((0..whole.len()).all(|end| Rows::read(&whole[..end]).is_none()));
        assert!(Rows::read(layout(2, &[]).leak()).is_some_and(|empty| empty.row(1).is_none()));
    }
}
