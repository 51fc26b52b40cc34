//! Adding up rows of small numbers.

/// Sums of rows of signed bytes. They are added up in 16 bits, many at once, and carried over to 32 before they overflow.
#[derive(Debug)]
pub(super) struct Steps {
    /// A multiple of [`AT_ONCE`]; those beyond the columns hold what came with rows from the next one.
    narrow: Vec<i16>,
    wide: Vec<i32>,
    /// Rows in `narrow`.
    rows: usize,
    columns: usize,
}

/// So many numbers are added at once.
const AT_ONCE: usize = 16;
/// So many signed bytes always fit into 16 bits.
const MOST: usize = 255;

impl Steps {
    /// Nothing yet.
    pub fn new(columns: usize) -> Self {
        let width = columns.next_multiple_of(AT_ONCE);
        Self { narrow: vec![0; width], wide: vec![0; columns], rows: 0, columns }
    }

    /// How many bytes of a row are best given at once.
    #[inline]
    pub fn width(&self) -> usize {
        self.narrow.len()
    }

    /// Adds a row.
    #[inline]
    pub fn add(&mut self, row: &[u8]) {
        if self.rows == MOST {
            self.carry();
        }
        self.rows += 1;
        let (sums, _) = self.narrow.as_chunks_mut::<AT_ONCE>();
        let (steps, rest) = row.as_chunks::<AT_ONCE>();
        for (sums, steps) in sums.iter_mut().zip(steps) {
            for at in 0..AT_ONCE {
                sums[at] += i16::from(steps[at] as i8);
            }
        }
        if !rest.is_empty() {
            for (sum, step) in self.narrow[row.len() - rest.len()..].iter_mut().zip(rest) {
                *sum += i16::from(*step as i8);
            }
        }
    }

    /// The sum of each column.
    pub fn sums(&mut self) -> &[i32] {
        self.carry();
        &self.wide
    }

    /// Begins anew.
    pub fn clear(&mut self) {
        self.narrow.fill(0);
        self.wide.fill(0);
        self.rows = 0;
    }

    fn carry(&mut self) {
        self.wide.iter_mut().zip(&self.narrow).for_each(|(wide, narrow)| *wide += i32::from(*narrow));
        self.narrow.fill(0);
        self.rows = 0;
        debug_assert_eq!(self.wide.len(), self.columns);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        for value in [-128_i8, 127] {
            let mut steps = Steps::new(19);
            let row = [value as u8; 32];
            for _ in 0..1_000 {
                steps.add(&row);
                steps.add(&row[..19]);
            }
            assert_eq!(steps.sums(), [2_000 * i32::from(value); 19]);
            steps.clear();
            assert_eq!(steps.sums(), [0; 19]);
        }
    }
}
