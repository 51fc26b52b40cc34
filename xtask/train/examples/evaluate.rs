//! Five folds of the reader: `evaluate FOLDER_OF_DATASETS [feedback]`.
use bedside_train::datasets::Datasets;
use bedside_train::evaluate::{ALERTS, alerts, intents, sentiment, themes, unseen};
use bedside_train::metrics::{Counts, macro_f1, micro_f1};
use bedside_train::samples::{Set, licensed, own};

fn main() -> anyhow::Result<()> {
    let folder = std::env::args().nth(1).map(Into::into);
    let datasets = Datasets::new(folder, ".".into());
    let mut origins = Vec::new();
    let mut samples = own(&datasets, "train", &mut origins)?;
    samples.extend(licensed(&datasets, &mut origins)?);
    let feedback = std::env::args().nth(2).is_some_and(|word| word == "feedback");
    if feedback {
        samples.retain(|one| matches!(one.set, Set::Nhs | Set::NhsOlder));
    }
    let all = unseen(&samples)?;
    let firsts = || all.iter().filter(|one| one.first);
    let (three, five) = sentiment(firsts());
    let (coarse, fine) = themes(firsts());
    let intents = intents(&all);
    println!("{}", three.figure("sentiment, three, macro-F1", macro_f1).said());
    println!("{}", five.figure("sentiment, five, accuracy", micro_f1).said());
    println!("{}", coarse.figure("themes, categories, micro-F1", micro_f1).said());
    println!("{}", coarse.figure("themes, categories, macro-F1", macro_f1).said());
    println!("{}", fine.figure("themes, subcategories, micro-F1", micro_f1).said());
    println!("{}", fine.figure("themes, subcategories, macro-F1", macro_f1).said());
    println!("{}", intents.figure("intents, micro-F1", micro_f1).said());
    println!("{}", intents.figure("intents, macro-F1", macro_f1).said());
    println!("with the copies of a text within a fold:");
    println!("{}", sentiment(&all).0.figure("sentiment, three, macro-F1", macro_f1).said());
    println!("{}", themes(&all).0.figure("themes, categories, micro-F1", micro_f1).said());
    println!("{}", themes(&all).0.figure("themes, categories, macro-F1", macro_f1).said());
    for table in [&three, &five, &coarse, &fine, &intents] {
        for (name, counts) in table.pooled() {
            println!(
                "  {name}: P {:.3} R {:.3} F1 {:.3}, n {}",
                counts.precision(),
                counts.recall(),
                counts.f1(),
                counts.truths()
            );
        }
    }
    for alert in ALERTS {
        let found = alerts(alert, firsts().map(|one| (one.sample, one.fold, &one.said)));
        let sum = found.own.iter().fold(Counts::default(), |sum, counts| sum.plus(counts));
        println!(
            "{alert:?}: recall {:.3}, n {}; ordinary comments alerted {} of {} ({:.2}%); {:?}",
            sum.recall(),
            sum.truths(),
            found.ordinary.0,
            found.ordinary.1,
            100.0 * found.ordinary.0 as f64 / found.ordinary.1 as f64,
            found.by_label
        );
    }
    Ok(())
}
