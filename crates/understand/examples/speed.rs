//! How long a message takes, stage by stage: `speed FILE...` reads lines of JSON with a `text`, without evidence for the
//! trained labels, as many messages are sorted, and then with it.
use std::time::{Duration, Instant};

use bedside_understand::{Context, Engine, STAGES, Stage, Watch, assess};

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

/// How long this thread has been working; where the system does not say so, how long it has been.
fn busy() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let of_thread = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = of_thread.and_then(|line| line.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

fn main() {
    let mut texts: Vec<String> = Vec::new();
    for path in std::env::args().skip(1) {
        let content = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let rows = content.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        texts.extend(rows.filter_map(|row| row["text"].as_str().map(str::to_owned)));
    }
    let context = Context::default();
    let engine = Engine::default();
    let micros = |took: Duration| took.as_secs_f64() * 1e6 / texts.len() as f64;
    for pass in 0..5 {
        let mut clock = Clock { last: Instant::now(), sums: Default::default() };
        for text in &texts {
            clock.last = Instant::now();
            std::hint::black_box(engine.read_watched(text, &context, &mut clock));
        }
        let stages: Vec<String> =
            STAGES.iter().zip(clock.sums).map(|(stage, took)| format!("{stage:?} {:.2}", micros(took))).collect();
        println!("pass {pass}, µs a message by stage: {}", stages.join(", "));
        for (what, run) in [
            ("without evidence", &(|text: &str| engine.read(text, &context)) as &dyn Fn(&str) -> _),
            ("with evidence", &|text: &str| assess(text, &context)),
        ] {
            let start = busy();
            for text in &texts {
                std::hint::black_box(run(text));
            }
            let each = micros(busy().saturating_sub(start));
            println!("pass {pass}, {what}: {each:.2} µs a message, {:.0} messages a second", 1e6 / each);
        }
    }
}
