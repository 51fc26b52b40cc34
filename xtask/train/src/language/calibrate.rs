//! How sure a sum of weights is, found on texts that were not trained on.

use bedside_understand::language::model::COLUMNS;

/// A text that was held out: the logits of the classes, how many places were read, and which class it is.
#[derive(Debug, Clone)]
pub struct Case {
    /// From the model as it lies in the file.
    pub logits: [f32; COLUMNS],
    /// Letters and ends of words.
    pub places: usize,
    /// Its class.
    pub class: usize,
}

/// The sharpness and the length from which on it falls that make the held-out texts likeliest. Each class counts the
/// same.
pub fn sharpness(cases: &[Case], classes: usize) -> [f32; 2] {
    let mut of_class = vec![0_usize; classes];
    cases.iter().for_each(|case| of_class[case.class] += 1);
    let mut best = ([1.0, 1e6], f64::INFINITY);
    for length in [3.0_f32, 6.0, 12.0, 25.0, 50.0, 100.0, 200.0, 400.0, 1e6] {
        for step in 0..60 {
            let sharp = 0.1 + 0.05 * step as f32;
            let loss: f64 = cases
                .iter()
                .map(|case| {
                    let by = sharp / (1.0 + case.places as f32 / length).sqrt();
                    let of = &case.logits[..classes];
                    let most = of.iter().copied().fold(f32::MIN, f32::max);
                    let sum: f32 = of.iter().map(|logit| libm::expf(by * (logit - most))).sum();
                    f64::from(libm::logf(sum) - by * (of[case.class] - most)) / of_class[case.class] as f64
                })
                .sum();
            if loss < best.1 {
                best = ([sharp, length], loss);
            }
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boasting_is_taken_down() {
        // Logits say 20 to 1 where every third is wrong.
        let mut cases = Vec::new();
        for at in 0..300 {
            let mut logits = [0.0; COLUMNS];
            logits[0] = 3.0;
            cases.push(Case { logits, places: 10, class: usize::from(at % 3 == 0) });
        }
        let [sharp, length] = sharpness(&cases, 2);
        let by = sharp / (1.0 + 10.0 / length).sqrt();
        // Each class counts the same, so that one in two is right.
        assert!(by < 0.2, "{by}");
    }
}
