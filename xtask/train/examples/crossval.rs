//! Cross-validation of the heads on the training halves of the own sets, and what the licensed comments are given.
use bedside_train::datasets::{Datasets, folded, folds};
use bedside_train::logistic::{Settings, Target, train};
use bedside_train::metrics;
use bedside_train::samples::*;
use bedside_train::vocabulary::{Choice, Vocabulary};
use std::collections::BTreeMap;

fn main() -> anyhow::Result<()> {
    let datasets = Datasets::new(Some("../shared/data".into()), ".".into());
    let mut origins = vec![];
    let mut all = own(&datasets, "train", &mut origins)?;
    all.extend(licensed(&datasets, &mut origins)?);
    let heads: Vec<&'static str> = CRISIS
        .into_iter()
        .chain(EMERGENCY)
        .chain(SAFETY)
        .chain([PRIVACY, ADVERSE])
        .chain(INTENTS)
        .chain(ADDED_THEMES.map(|t| t.0))
        .collect();
    let keys: Vec<_> = all.iter().map(|s| (s.group.clone(), folded(&s.text))).collect();
    let fold = folds(&keys, 5);
    let a: Vec<f32> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    let choice = Choice { words_from: 1, pairs_from: 2, grams_from: 3, gram_value: a[1], pair_value: a[2] };
    let mut scores: Vec<Vec<f32>> = vec![vec![]; all.len()];
    for k in 0..5 {
        let part = a.get(3).copied().unwrap_or(1.0);
        let own_set = |s: Set| matches!(s, Set::Crisis | Set::Emergency | Set::Safety | Set::Privacy | Set::Intents);
        let tr: Vec<usize> = (0..all.len())
            .filter(|&i| fold[i] != k && (!own_set(all[i].set) || (i * 7919 % 1000) as f32 / 1000.0 < part))
            .collect();
        let texts: Vec<_> = tr.iter().map(|&i| &all[i].units).collect();
        let v = Vocabulary::new(&texts, choice);
        let x: Vec<_> = tr.iter().map(|&i| v.row(&all[i].units)).collect();
        let y: Vec<Target> =
            tr.iter().flat_map(|&i| heads.iter().map(move |h| (i, h))).map(|(i, h)| all[i].target(h)).collect();
        let w = train(&x, &y, v.len(), heads.len(), Settings { cost: a[0], passes: 12 });
        if k == 0 {
            println!("{}", v.sizes());
        }
        for i in (0..all.len()).filter(|&i| fold[i] == k) {
            scores[i] = w.score(&v.row(&all[i].units));
            if a.get(4).copied().unwrap_or(0.0) > 0.0 {
                let parts: Vec<_> = all[i]
                    .text
                    .split_inclusive(['.', '!', '?', '\n'])
                    .filter(|p| p.trim().len() > 2)
                    .map(|p| bedside_understand::weights::units(p))
                    .filter(|u| u.len() > 2)
                    .collect();
                if parts.len() > 1 {
                    for p in &parts {
                        for (s, t) in scores[i].iter_mut().zip(w.score(&v.row(p))) {
                            if t > *s {
                                *s = t;
                            }
                        }
                    }
                }
            }
        }
    }
    for (h, name) in heads.iter().enumerate() {
        let cases: Vec<(f32, bool)> =
            (0..all.len()).filter_map(|i| all[i].known.get(name).map(|k| (scores[i][h], k.0))).collect();
        let (t, f1) = metrics::best_threshold(&cases);
        let t95 = metrics::threshold_at_recall(&cases, 0.95);
        let mut by: BTreeMap<(Set, String), (usize, usize, usize)> = BTreeMap::new();
        for i in 0..all.len() {
            let lab = if matches!(all[i].set, Set::Crisis | Set::Emergency | Set::Safety | Set::Privacy) {
                all[i].label.clone()
            } else {
                String::new()
            };
            let e = by.entry((all[i].set, lab)).or_default();
            e.0 += 1;
            e.1 += usize::from(scores[i][h] >= t);
            e.2 += usize::from(scores[i][h] >= t95);
        }
        let nhs: Vec<f32> = (0..all.len()).filter(|&i| all[i].set == Set::Nhs).map(|i| scores[i][h]).collect();
        let mut sorted = nhs.clone();
        sorted.sort_by(|x, y| y.total_cmp(x));
        let t05 = sorted[sorted.len() / 200];
        let (r, ft, n) = {
            let y: Vec<f32> = cases.iter().filter(|c| c.1).map(|c| c.0).collect();
            (
                y.iter().filter(|s| **s >= t05).count() as f32 / y.len().max(1) as f32,
                cases.iter().filter(|c| !c.1 && c.0 >= t05).count(),
                cases.len(),
            )
        };
        print!("recall at 0.5% of NHS: {r:.3} (other alarms {ft} of {n}) ");
        println!("{name:18} yes {} best F1 {f1:.3} t {t:.2}  t95 {t95:.2}", cases.iter().filter(|c| c.1).count());
        if h < 10 {
            for ((s, l), (n, a, b)) in by {
                print!("   {s:?}/{l} {n}: {:.1}% {:.1}%;", 100.0 * a as f64 / n as f64, 100.0 * b as f64 / n as f64);
            }
            println!();
        }
    }
    Ok(())
}
