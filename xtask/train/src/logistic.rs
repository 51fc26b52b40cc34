//! Logistic regression for many labels at once, by coordinate ascent in the dual (Yu, Huang and Lin, "Dual coordinate
//! descent methods for logistic regression and maximum entropy models", Machine Learning 85, 2011). It has one knob, the
//! cost of a mistake, and no learning rate. Everything runs in a fixed order and with functions that are the same on every
//! machine, so that the same data give the same weights.

/// One text as numbers: features in any order, each once.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Feature and value.
    pub features: Vec<(u32, f32)>,
}

/// What a row says about a head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// Nothing: the row is not used for this head.
    Missing,
    /// The label holds.
    Yes(f32),
    /// It does not; like [`Target::Yes`] with what a mistake costs, relative to the others.
    No(f32),
}

/// What is trained: weights by feature, then head, and a bias for each head.
#[derive(Debug, Clone)]
pub struct Weights {
    /// How many heads.
    pub heads: usize,
    /// `rows[feature * heads + head]`.
    pub rows: Vec<f32>,
    /// One for each head.
    pub bias: Vec<f32>,
}

/// How to train.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Cost of a mistake (the C of other programs); larger fits closer.
    pub cost: f32,
    /// Passes over all rows.
    pub passes: usize,
}

/// Value of the feature that every row has, whose weight is the bias.
const BIAS: f32 = 1.0;

/// Trains all heads. `targets[row * heads + head]`.
pub fn train(rows: &[Row], targets: &[Target], features: usize, heads: usize, settings: Settings) -> Weights {
    assert_eq!(targets.len(), rows.len() * heads, "one target for each row and head");
    let mut weights = vec![0.0_f32; features * heads];
    let mut bias = vec![0.0_f32; heads];
    let mut alphas = vec![0.0_f32; targets.len()];
    // Each row starts with a little weight, since the dual has none at zero.
    for (index, row) in rows.iter().enumerate() {
        let of_row = &targets[index * heads..][..heads];
        let mut steps = vec![0.0_f32; heads];
        for (head, target) in of_row.iter().enumerate() {
            let (sign, cost) = signed(*target, settings.cost);
            let alpha = (0.001 * cost).min(1e-8);
            alphas[index * heads + head] = alpha;
            steps[head] = sign * alpha;
        }
        apply(row, &steps, heads, &mut weights, &mut bias);
    }
    let mut dots = vec![0.0_f32; heads];
    let mut steps = vec![0.0_f32; heads];
    for pass in 0..settings.passes {
        for place in 0..rows.len() {
            let index = shuffled(place, rows.len(), pass);
            let row = &rows[index];
            let square = row.features.iter().map(|(_, value)| value * value).sum::<f32>() + BIAS * BIAS;
            dots.copy_from_slice(&bias);
            for &(feature, value) in &row.features {
                let of_feature = &weights[feature as usize * heads..][..heads];
                for (dot, weight) in dots.iter_mut().zip(of_feature) {
                    *dot += value * weight;
                }
            }
            let mut moved = false;
            for head in 0..heads {
                let (sign, cost) = signed(targets[index * heads + head], settings.cost);
                steps[head] = 0.0;
                if cost <= 0.0 {
                    continue;
                }
                let alpha = &mut alphas[index * heads + head];
                let better = best_alpha(*alpha, cost, square, sign * dots[head]);
                steps[head] = sign * (better - *alpha);
                *alpha = better;
                moved |= steps[head].abs() > 1e-7;
            }
            if moved {
                apply(row, &steps, heads, &mut weights, &mut bias);
            }
        }
    }
    Weights { heads, rows: weights, bias }
}

fn signed(target: Target, cost: f32) -> (f32, f32) {
    match target {
        Target::Missing => (0.0, 0.0),
        Target::Yes(weight) => (1.0, cost * weight),
        Target::No(weight) => (-1.0, cost * weight),
    }
}

fn apply(row: &Row, steps: &[f32], heads: usize, weights: &mut [f32], bias: &mut [f32]) {
    for (bias, step) in bias.iter_mut().zip(steps) {
        *bias += BIAS * step;
    }
    for &(feature, value) in &row.features {
        let of_feature = &mut weights[feature as usize * heads..][..heads];
        for (weight, step) in of_feature.iter_mut().zip(steps) {
            *weight += value * step;
        }
    }
}

/// The value of one dual variable that is best while all others stay: the root of
/// `ln(z / (cost - z)) + square * (z - old) + margin`, by Newton steps on the side of the smaller of `z`, `cost - z`.
fn best_alpha(old: f32, cost: f32, square: f32, margin: f32) -> f32 {
    let (old, cost, square, margin) = (f64::from(old), f64::from(cost), f64::from(square), f64::from(margin));
    // The function to make zero grows in z from minus infinity to infinity, so that a bracket always exists.
    let (mut low, mut high) = (0.0, cost);
    let mut z = if old > 0.0 && old < cost { old } else { cost / 2.0 };
    for _ in 0..40 {
        let slope = libm::log(z / (cost - z)) + square * (z - old) + margin;
        if slope.abs() < 1e-6 {
            break;
        }
        if slope > 0.0 {
            high = z
        } else {
            low = z
        }
        let next = z - slope / (cost / (z * (cost - z)) + square);
        // A Newton step that leaves the bracket is replaced by its middle on the scale of the logarithm.
        z = if next > low && next < high {
            next
        } else if low == 0.0 {
            high * 0.1
        } else if high == cost {
            cost - (cost - low) * 0.1
        } else {
            (low + high) / 2.0
        };
    }
    (z as f32).clamp(f32::MIN_POSITIVE, cost as f32)
}

/// An order that differs from pass to pass and needs no table: steps of a number that shares no factor with the length.
fn shuffled(place: usize, length: usize, pass: usize) -> usize {
    const STEPS: [usize; 8] = [7919, 104_729, 15_485_863, 611_953, 32_452_843, 1_299_709, 49_979_687, 86_028_121];
    let mut step = STEPS[pass % STEPS.len()] % length.max(1);
    while step == 0 || gcd(step, length) != 1 {
        step += 1;
    }
    (place * step + pass * 31) % length
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl Weights {
    /// The logits of a row.
    pub fn score(&self, row: &Row) -> Vec<f32> {
        let mut out = self.bias.clone();
        for &(feature, value) in &row.features {
            let of_feature = &self.rows[feature as usize * self.heads..][..self.heads];
            for (sum, weight) in out.iter_mut().zip(of_feature) {
                *sum += value * weight;
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_optimum_is_reached() {
        // Two features, three rows; at the optimum the gradient of the primal is zero.
        let rows: Vec<Row> = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
            .map(|values| Row { features: vec![(0, values[0]), (1, values[1])] })
            .to_vec();
        let targets = [Target::Yes(1.0), Target::No(1.0), Target::Yes(2.0)];
        let trained = train(&rows, &targets, 2, 1, Settings { cost: 3.0, passes: 200 });
        let mut gradient = [trained.rows[0], trained.rows[1], trained.bias[0]];
        for (row, (sign, cost)) in rows.iter().zip([(1.0, 3.0), (-1.0, 3.0), (1.0, 6.0)]) {
            let margin = sign * trained.score(row)[0];
            let pull = sign * cost / (1.0 + margin.exp());
            gradient[0] -= pull * row.features[0].1;
            gradient[1] -= pull * row.features[1].1;
            gradient[2] -= pull;
        }
        assert!(gradient.iter().all(|part| part.abs() < 1e-3), "{gradient:?}");
    }

    #[test]
    fn every_row_has_its_turn_in_every_pass() {
        for length in [1, 2, 7919, 100] {
            for pass in 0..9 {
                let mut seen: Vec<usize> = (0..length).map(|place| shuffled(place, length, pass)).collect();
                seen.sort_unstable();
                assert!(seen.into_iter().eq(0..length));
            }
        }
    }
}
