//! What happens without a request: orders expire; old idempotency keys and meters are forgotten.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::ledger;
use crate::store::{StoreError, keys, meters, orders};

const EVERY: Duration = Duration::from_secs(1);
const FORGET_EVERY: Duration = Duration::from_secs(3_600);
const BATCH_MAX: usize = 100;
const KEYS_KEPT_MS: i64 = 48 * 3_600_000;

/// Works until `stop` is set.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut sweeps = tokio::time::interval(EVERY);
    sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut forgets = tokio::time::interval(FORGET_EVERY);
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            _ = sweeps.tick() => if let Err(error) = sweep(&app).await {
                tracing::error!(%error, "orders did not expire; the next sweep tries again");
            },
            _ = forgets.tick() => if let Err(error) = forget(&app).await {
                tracing::error!(%error, "old idempotency keys or meters are still there");
            },
        }
    }
}

/// Closes the orders whose time is over, as far as nobody else is doing so. Returns how many.
///
/// # Errors
/// Where the database fails; what was closed before that stays closed.
pub async fn sweep(app: &App) -> Result<usize, ledger::LedgerError> {
    let now_ms = app.now_ms();
    // One transaction each: a payment never waits for a long list.
    for closed in 0..BATCH_MAX {
        let mut tx = app.store.write().await?;
        let Some(id) = orders::take_overdue(&mut tx, now_ms).await? else {
            return Ok(closed);
        };
        ledger::current(&mut tx, &id, now_ms).await?;
        tx.commit().await?;
    }
    Ok(BATCH_MAX)
}

/// Forgets what was answered two days ago, and who asked too much before now.
///
/// # Errors
/// Where the database fails.
pub async fn forget(app: &App) -> Result<(), StoreError> {
    let now_ms = app.now_ms();
    let mut tx = app.store.write().await?;
    keys::forget_before(&mut tx, now_ms.saturating_sub(KEYS_KEPT_MS)).await?;
    if app.store.is_shared() {
        meters::forget_before(&mut tx, now_ms).await?;
    }
    tx.commit().await
}
