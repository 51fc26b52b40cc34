//! How fast a message is read, in turns with the Python stack.

use std::time::{Duration, Instant};

use anyhow::Result;
use bedside_train::metrics::median_and_range;
use bedside_train::nhs;
use bedside_understand::{Context, Engine, STAGES, Stage, Watch, assess};

use crate::Workshop;
use crate::page::{Check, Part, Row, SPEED};
use crate::python::Python;

/// Pairs of a block of ours and one of Python's.
const PAIRS: usize = 7;

/// Processor time of the main thread; where the kernel does not say, time by the clock.
struct Spent {
    begin: Instant,
    ran: Option<u64>,
}

impl Spent {
    fn start() -> Self {
        Self { begin: Instant::now(), ran: ran() }
    }

    fn seconds(&self) -> f64 {
        match (self.ran, ran()) {
            (Some(before), Some(after)) if after > before => (after - before) as f64 / 1e9,
            _ => self.begin.elapsed().as_secs_f64(),
        }
    }
}

fn ran() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

/// Reads texts by turns.
struct Ring<'t> {
    texts: &'t [String],
    at: usize,
}

impl Ring<'_> {
    /// Messages a second in a block of at least a second.
    fn rate(&mut self, read: &dyn Fn(&str)) -> f64 {
        let (begin, spent) = (Instant::now(), Spent::start());
        let mut count = 0;
        while begin.elapsed() < Duration::from_millis(1_100) {
            for _ in 0..100 {
                read(&self.texts[self.at]);
                self.at = (self.at + 1) % self.texts.len();
            }
            count += 100;
        }
        f64::from(count) / spent.seconds()
    }
}

/// A block of the Python stack: messages a second of processor time.
fn theirs(python: &mut Python, count: usize) -> Result<f64> {
    Ok(count as f64 / python.seconds(count)?)
}

/// Seven pairs, ours and theirs in the order A B B A.
pub fn measure(workshop: &mut Workshop) -> Result<Part> {
    let texts: Vec<String> = nhs::older(&workshop.datasets)?.rows.into_iter().map(|row| row.text).collect();
    let python = &mut workshop.python;
    python.load(&texts.iter().map(String::as_str).collect::<Vec<_>>())?;
    // Warm, and long enough for more than a second.
    theirs(python, 200)?;
    let count = (theirs(python, 400)? * 1.3) as usize;
    let (engine, context) = (Engine::default(), Context::default());
    let read = |text: &str| drop(std::hint::black_box(engine.read(text, &context)));
    let assessed = |text: &str| drop(std::hint::black_box(assess(text, &context)));
    let mut ring = Ring { texts: &texts, at: 0 };
    ring.rate(&read);
    let (mut ours, mut explained, mut stack) = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..PAIRS {
        if pair % 2 == 1 {
            stack.push(theirs(python, count)?);
        }
        ours.push(ring.rate(&read));
        explained.push(ring.rate(&assessed));
        if pair % 2 == 0 {
            stack.push(theirs(python, count)?);
        }
    }
    let ratios = |ours: &[f64]| -> Vec<f64> { ours.iter().zip(&stack).map(|(ours, theirs)| ours / theirs).collect() };
    let whole = |values: &[f64]| {
        let (median, low, high) = median_and_range(values);
        format!("{median:.0} ({low:.0}–{high:.0})")
    };
    let (rate, ratio) = (median_and_range(&ours).0, median_and_range(&ratios(&ours)).0);
    let row = Row {
        measured: format!("{}/s, {}x", whole(&ours), whole(&ratios(&ours))),
        n: format!("{} texts, {PAIRS} pairs", texts.len()),
        baseline: format!("VADER + Presidio patterns {}/s", whole(&stack)),
        checks: vec![
            Check::at_least("messages a second", rate, 50_000.0),
            Check::at_least("times the Python stack", ratio, 40.0),
        ],
        ..Row::owed(SPEED)
    };
    let with_evidence = Row {
        baseline: format!("{}x the Python stack", whole(&ratios(&explained))),
        ..Row::further("`assess` with the evidence of every label, messages/s", whole(&explained), texts.len())
    };
    Ok(Part { rows: vec![row], more: vec![with_evidence], details: vec![stages(&texts)], ..Part::default() })
}

/// Adds up the time of each stage.
struct Clock {
    last: Instant,
    sums: [Duration; STAGES.len()],
}

impl Watch for Clock {
    fn over(&mut self, stage: Stage) {
        let now = Instant::now();
        let at = STAGES.iter().position(|one| *one == stage).unwrap_or_default();
        self.sums[at] += now - self.last;
        self.last = now;
    }
}

/// Microseconds a message by stage: the pass of three that took the least, by the clock.
fn stages(texts: &[String]) -> String {
    let (engine, context) = (Engine::default(), Context::default());
    let pass = |_| {
        let mut clock = Clock { last: Instant::now(), sums: Default::default() };
        for text in texts {
            clock.last = Instant::now();
            std::hint::black_box(engine.read_watched(text, &context, &mut clock));
        }
        clock.sums
    };
    let best = (0..3).map(pass).min_by_key(|sums| sums.iter().sum::<Duration>()).unwrap_or_default();
    let micros = |took: Duration| took.as_secs_f64() * 1e6 / texts.len() as f64;
    let said: Vec<String> =
        STAGES.iter().zip(best).map(|(stage, took)| format!("{stage:?} {:.2}", micros(took))).collect();
    format!(
        "**Time by stage**, µs a message, the best of three passes by the clock: {}; together {:.2}. Rates above are by processor \
         time of one thread, blocks of more than a second in the order A B B A.",
        said.join(", "),
        micros(best.iter().sum())
    )
}
