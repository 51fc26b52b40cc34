//! How good a model is: counts first, shares after.

/// How often a label was right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Given and true.
    pub hits: usize,
    /// Given and not true.
    pub false_alarms: usize,
    /// True and not given.
    pub misses: usize,
}

impl Counts {
    /// Counts one case.
    pub fn add(&mut self, truth: bool, given: bool) {
        match (truth, given) {
            (true, true) => self.hits += 1,
            (false, true) => self.false_alarms += 1,
            (true, false) => self.misses += 1,
            (false, false) => {}
        }
    }

    /// Cases in which the label is true.
    pub fn truths(&self) -> usize {
        self.hits + self.misses
    }

    /// The share of the given that is true; 1 where none was given.
    pub fn precision(&self) -> f64 {
        share(self.hits, self.hits + self.false_alarms)
    }

    /// The share of the true that was given; 1 where none is true.
    pub fn recall(&self) -> f64 {
        share(self.hits, self.truths())
    }

    /// The harmonic mean of both; 0 where nothing was hit.
    pub fn f1(&self) -> f64 {
        let all = 2 * self.hits + self.false_alarms + self.misses;
        if all == 0 { 0.0 } else { 2.0 * self.hits as f64 / all as f64 }
    }

    /// Both counts together.
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            hits: self.hits + other.hits,
            false_alarms: self.false_alarms + other.false_alarms,
            misses: self.misses + other.misses,
        }
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Counts of each class where exactly one of `classes` is true and one is given.
pub fn one_of(classes: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Vec<Counts> {
    let mut counts = vec![Counts::default(); classes];
    for (truth, given) in pairs {
        for (class, of_class) in counts.iter_mut().enumerate() {
            of_class.add(truth == class, given == class);
        }
    }
    counts
}

/// The mean of the F1 of the classes that occur.
pub fn macro_f1(counts: &[Counts]) -> f64 {
    let occurring: Vec<f64> = counts.iter().filter(|of_class| of_class.truths() > 0).map(Counts::f1).collect();
    mean(&occurring)
}

/// The F1 of all decisions together.
pub fn micro_f1(counts: &[Counts]) -> f64 {
    counts.iter().fold(Counts::default(), |sum, of_class| sum.plus(of_class)).f1()
}

/// The mean; 0 of nothing.
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// The middle one, and the smallest and largest.
pub fn median_and_range(values: &[f64]) -> (f64, f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => (0.0, 0.0, 0.0),
        n if n % 2 == 1 => (sorted[n / 2], sorted[0], sorted[n - 1]),
        n => ((sorted[n / 2 - 1] + sorted[n / 2]) / 2.0, sorted[0], sorted[n - 1]),
    }
}

/// The threshold on a score that gives the best F1 among the cases, and that F1. Halfway between two scores.
pub fn best_threshold(cases: &[(f32, bool)]) -> (f32, f64) {
    let mut sorted = cases.to_vec();
    sorted.sort_by(|left, right| right.0.total_cmp(&left.0));
    let truths = sorted.iter().filter(|(_, truth)| *truth).count();
    let mut best = (f32::INFINITY, 0.0);
    let mut hits = 0;
    for (at, (score, truth)) in sorted.iter().enumerate() {
        hits += usize::from(*truth);
        let next = sorted.get(at + 1).map(|(score, _)| *score);
        if next == Some(*score) {
            continue;
        }
        let f1 = 2.0 * hits as f64 / (at + 1 + truths) as f64;
        if f1 > best.1 {
            best = (next.map_or(score - 1e-3, |next| (next + score) / 2.0), f1);
        }
    }
    best
}

/// The highest threshold at which at least a share of the true cases is given.
pub fn threshold_at_recall(cases: &[(f32, bool)], recall: f64) -> f32 {
    let mut truths: Vec<f32> = cases.iter().filter(|(_, truth)| *truth).map(|(score, _)| *score).collect();
    truths.sort_by(|left, right| right.total_cmp(left));
    let wanted = (truths.len() as f64 * recall).ceil() as usize;
    wanted.checked_sub(1).and_then(|at| truths.get(at)).map_or(f32::INFINITY, |score| score - 1e-4)
}

/// The lowest threshold at which no more than a share of the scores is reached.
pub fn threshold_at_share(scores: &[f32], share: f64) -> f32 {
    let mut sorted = scores.to_vec();
    sorted.sort_by(|left, right| right.total_cmp(left));
    let allowed = (sorted.len() as f64 * share).floor() as usize;
    sorted.get(allowed).map_or(0.0, |score| score + 1e-5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_small_case() {
        let counts = one_of(3, [(0, 0), (0, 1), (1, 1), (2, 2), (2, 2), (1, 0)]);
        assert_eq!(counts[0], Counts { hits: 1, false_alarms: 1, misses: 1 });
        assert!((macro_f1(&counts) - (0.5 + 0.5 + 1.0) / 3.0).abs() < 1e-9);
        assert!((micro_f1(&counts) - 4.0 / 6.0).abs() < 1e-9);
        assert_eq!(median_and_range(&[3.0, 1.0, 2.0]), (2.0, 1.0, 3.0));
    }

    #[test]
    fn thresholds_are_chosen_on_the_cases_given() {
        let cases = [(0.9, true), (0.8, true), (0.7, false), (0.6, true), (0.2, false)];
        let (threshold, f1) = best_threshold(&cases);
        assert!(threshold > 0.2 && threshold < 0.6, "{threshold}");
        assert!((f1 - 6.0 / 7.0).abs() < 1e-9);
        assert!(threshold_at_recall(&cases, 0.6) > 0.7);
        assert!(threshold_at_recall(&cases, 1.0) < 0.6);
        assert_eq!(threshold_at_recall(&[], 0.9), f32::INFINITY);
    }
}
