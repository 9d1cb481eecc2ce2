//! Counts for operators: calls to PhonePe, its callbacks, and what merchants were told.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

/// What is counted: the metric's name, its help, and its two labels.
type Metric = (&'static str, &'static str, [&'static str; 2]);

/// Calls to PhonePe.
pub const CALLS: Metric = (
    "gateway_phonepe_calls_total",
    "Calls to PhonePe by kind and by what was learnt.",
    ["call", "outcome"],
);

/// What PhonePe told, in callbacks and in answers to status checks.
pub const REPORTS: Metric = (
    "gateway_phonepe_reports_total",
    "What PhonePe told of payments, by how, and by what became of it.",
    ["source", "outcome"],
);

/// Tries to tell merchants.
pub const WEBHOOKS: Metric = (
    "gateway_news_total",
    "Tries to tell merchants, by how, and by what came of it.",
    ["way", "outcome"],
);

/// The counts.
#[derive(Debug, Default)]
pub struct Numbers(Mutex<BTreeMap<(Metric, &'static str, &'static str), u64>>);

impl Numbers {
    /// Counts one.
    pub fn count(&self, metric: Metric, first: &'static str, second: &'static str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((metric, first, second)).or_default();
        *count = count.saturating_add(1);
    }

    /// The counts as Prometheus reads them.
    pub fn render(&self, text: &mut String) {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut last = None;
        for (((name, help, labels), first, second), count) in counts.iter() {
            // Writing to a String cannot fail.
            if last != Some(name) {
                let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter");
                last = Some(name);
            }
            let [one, two] = labels;
            let _ = writeln!(
                text,
                "{name}{{{one}=\"{first}\",{two}=\"{second}\"}} {count}"
            );
        }
    }
}
