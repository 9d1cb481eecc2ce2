//! The numbers for Prometheus. Requests are counted here; orders and credits are counted by the
//! database when somebody asks, so these numbers survive a restart and cannot drift.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

/// How many requests went where, and how they ended.
#[derive(Debug, Default)]
pub struct Requests(Mutex<BTreeMap<String, Counts>>);

/// By method and status.
type Counts = BTreeMap<(&'static str, u16), u64>;

impl Requests {
    /// Counts a request. `route` is the pattern, never the address itself.
    pub fn count(&self, method: &axum::http::Method, route: &str, status: u16) {
        // Methods are an open set; ours are these.
        let method = match method.as_str() {
            "GET" => "GET",
            "POST" => "POST",
            "HEAD" => "HEAD",
            _ => "other",
        };
        let mut routes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !routes.contains_key(route) {
            routes.insert(route.to_owned(), Counts::new());
        }
        let Some(counts) = routes.get_mut(route) else {
            return;
        };
        let count = counts.entry((method, status)).or_default();
        *count = count.saturating_add(1);
    }

    /// The counts as Prometheus reads them.
    pub fn render(&self, text: &mut String) {
        text.push_str(
            "# HELP gateway_requests_total Requests by route, method and status.\n\
             # TYPE gateway_requests_total counter\n",
        );
        let routes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (route, counts) in routes.iter() {
            for ((method, status), count) in counts {
                // Writing to a String cannot fail.
                let _ = writeln!(
                    text,
                    "gateway_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}"
                );
            }
        }
    }
}

/// One gauge with one label, as Prometheus reads it.
pub fn render_gauge(
    text: &mut String,
    name: &str,
    help: &str,
    label: &str,
    values: &BTreeMap<String, i64>,
) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
    for (word, value) in values {
        let _ = writeln!(text, "{name}{{{label}=\"{word}\"}} {value}");
    }
}
