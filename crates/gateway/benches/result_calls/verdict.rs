//! What the rounds came to: calls a second, their ratio, and how far it spreads.

use crate::servers::Done;

/// One after the other, so that both had about the same machine.
pub(crate) struct Round {
    pub(crate) bare: Done,
    pub(crate) ours: Done,
}

/// What is printed for one database.
pub(crate) fn words(rounds: &[Round]) -> String {
    let line = |name: &str, value: &dyn Fn(&Done) -> f64| {
        let bare = spread(rounds.iter().map(|it| value(&it.bare)));
        let ours = spread(rounds.iter().map(|it| value(&it.ours)));
        let ratio = spread(rounds.iter().map(|it| value(&it.ours) / value(&it.bare)));
        format!(
            "  {name:<26} bare {:>7.0}   gateway {:>7.0}   ratio {:.2} ({:.2} to {:.2})",
            bare.1, ours.1, ratio.1, ratio.0, ratio.2
        )
    };
    let seconds = line("calls a second", &|it| {
        rate(it.calls, it.took.as_secs_f64())
    });
    let worked = line("calls a second of a core", &|it| {
        rate(it.calls, it.worked.as_secs_f64())
    });
    format!("{seconds}\n{worked}")
}

fn rate(calls: u64, seconds: f64) -> f64 {
    // Far from 2⁵³, where numbers would be lost.
    calls as f64 / seconds
}

/// The least, the median and the most.
fn spread(values: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let at = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
    (
        at(0),
        at(values.len() / 2),
        at(values.len().saturating_sub(1)),
    )
}
