//! `cargo xtask train`.
use bedside_train::datasets::{Datasets, folded, folds};
use bedside_train::logistic::{Settings, Target, train};
use bedside_train::vocabulary::{Choice, Vocabulary};
use bedside_train::{metrics, nhs};

fn main() -> anyhow::Result<()> {
    let datasets = Datasets::new(Some("/work/shared/data".into()), ".".into());
    let loaded = nhs::comments(&datasets)?;
    let rows: Vec<_> = loaded.rows.into_iter().filter(|row| row.sentiment.is_some()).collect();
    let keys: Vec<_> = rows.iter().map(|row| (row.respondent.clone(), folded(&row.text))).collect();
    let fold = folds(&keys, 5);
    let first = bedside_train::datasets::firsts(rows.iter().map(|r| r.text.as_str()));
    let units: Vec<_> = rows.iter().map(|row| bedside_understand::weights::units(&row.text)).collect();
    let class = |s: u8| match s {
        1 | 2 => 0,
        3 => 1,
        _ => 2,
    };
    for (cost, gram, pair) in [(1.0, 0.3, 1.0), (0.3, 0.3, 1.0), (0.1, 0.3, 1.0), (0.3, 0.2, 0.7), (0.3, 0.5, 1.0)] {
        let choice = Choice { words_from: 1, pairs_from: 2, grams_from: 2, gram_value: gram, pair_value: pair };
        let start = std::time::Instant::now();
        let mut f = vec![];
        for k in 0..5 {
            let tr: Vec<usize> = (0..rows.len()).filter(|&i| fold[i] != k && first[i]).collect();
            let te: Vec<usize> = (0..rows.len()).filter(|&i| fold[i] == k && first[i]).collect();
            let texts: Vec<_> = tr.iter().map(|&i| &units[i]).collect();
            let v = Vocabulary::new(&texts, choice);
            let x: Vec<_> = tr.iter().map(|&i| v.row(&units[i])).collect();
            let y: Vec<Target> = tr
                .iter()
                .flat_map(|&i| {
                    let c = class(rows[i].sentiment.unwrap());
                    (0..3).map(move |h| {
                        if h == c {
                            Target::Yes(if c == 1 { 2.0 } else { 1.0 })
                        } else {
                            Target::No(if c == 1 { 2.0 } else { 1.0 })
                        }
                    })
                })
                .collect();
            let w = train(&x, &y, v.len(), 3, Settings { cost, passes: 15 });
            let counts = metrics::one_of(
                3,
                te.iter().map(|&i| {
                    let s = w.score(&v.row(&units[i]));
                    (class(rows[i].sentiment.unwrap()), (0..3).max_by(|&a, &b| s[a].total_cmp(&s[b])).unwrap())
                }),
            );
            f.push(metrics::macro_f1(&counts));
            if k == 0 {
                println!("{} n={}", v.sizes(), te.len());
                for c in &counts {
                    print!("{:.3} ", c.f1());
                }
            }
        }
        println!(
            "cost {cost} gram {gram} pair {pair}: {:?} {:.3}  {:?}",
            metrics::median_and_range(&f),
            metrics::mean(&f),
            start.elapsed()
        );
    }
    Ok(())
}
