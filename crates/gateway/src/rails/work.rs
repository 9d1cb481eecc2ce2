//! Takes the attempts that are due, each in a task of its own.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use super::step::{LEASE_MS, begin as begin_first, step};
use crate::app::App;
use crate::order::{Flow, Order};
use crate::store::{StoreError, attempts};

const EVERY: Duration = Duration::from_millis(500);

/// The most steps at the same time.
const STEPS_MAX: usize = 32;

/// Works until `stop` is set, and ends the steps in hand.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut steps = JoinSet::new();
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            _ = ticks.tick() => (),
            () = app.rails.wake.notified() => (),
            Some(_) = steps.join_next() => continue,
        }
        if let Err(error) = begin(&app, &mut steps).await {
            tracing::error!(%error, "PhonePe's payments were not looked at; the next round tries again");
        }
    }
    while steps.join_next().await.is_some() {}
}

/// Takes the attempts that are due, as far as there is room, and begins a step for each.
async fn begin(app: &Arc<App>, steps: &mut JoinSet<()>) -> Result<usize, StoreError> {
    let room = STEPS_MAX.saturating_sub(steps.len());
    let limit = u32::try_from(room).unwrap_or_default();
    let now_ms = app.now_ms();
    let lease_ends_ms = now_ms.saturating_add(LEASE_MS);
    let mut tx = app.store.write().await?;
    let due = attempts::take_due(&mut tx, now_ms, lease_ends_ms, limit).await?;
    tx.commit().await?;
    let count = due.len();
    for id in due {
        let app = app.clone();
        steps.spawn(async move {
            if let Err(error) = step(&app, &id, lease_ends_ms).await {
                tracing::error!(%error, "a step towards PhonePe was lost; it is taken again");
            }
        });
    }
    Ok(count)
}

/// Asks PhonePe for a new order before its merchant is answered, so that a customer who is sent to the
/// checkout at once finds the link there. The order is kept already: whatever happens now, it is taken
/// up again.
pub async fn start(app: &Arc<App>, order: &Order) {
    if order.flow == Flow::Upi {
        return;
    }
    // A task of its own: a merchant who hangs up does not stop it.
    let (app, id) = (app.clone(), order.id);
    let first = tokio::spawn(async move { begin_first(&app, id.as_str()).await });
    match first.await {
        Ok(Ok(())) => (),
        Ok(Err(error)) => tracing::error!(%error, "PhonePe was not asked; it is tried again"),
        Err(error) => tracing::error!(%error, "asking PhonePe ended early; it is tried again"),
    }
}

/// One round: a step for each attempt that is due. Returns how many there were.
///
/// # Errors
/// Where the database fails.
pub async fn sweep(app: &Arc<App>) -> Result<usize, StoreError> {
    let mut steps = JoinSet::new();
    let count = begin(app, &mut steps).await?;
    while steps.join_next().await.is_some() {}
    Ok(count)
}
