//! One try to deliver one piece of news, and when the next one is.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use super::{Webhook, sign};
use crate::app::App;
use crate::rails::numbers::WEBHOOKS;
use crate::random;
use crate::store::outbox::{self, Item};
use crate::store::{StoreError, Tx, orders};

/// How long it is tried, in milliseconds: three days.
pub const TRIED_FOR_MS: i64 = 3 * 86_400_000;

/// How long one try has before another may be made, in milliseconds.
const LEASE_MS: i64 = 30_000;

/// How often a merchant without a webhook is looked at: it may get one, in milliseconds.
const NO_WEBHOOK_MS: i64 = 600_000;

const EVERY: Duration = Duration::from_millis(500);

/// The most tries at the same time.
const TRIES_MAX: usize = 16;

/// The gap after a try, in milliseconds: 5 s at first, three times as long each time, at most 8 h.
/// A tenth of it is random.
pub fn gap_ms(tries: u32) -> i64 {
    let whole = 5_000_i64
        .saturating_mul(3_i64.saturating_pow(tries.saturating_sub(1)))
        .min(8 * 3_600_000);
    let tenth = whole / 10;
    whole.saturating_add(tenth.saturating_mul(i64::from(random::byte())) / 255)
}

/// Delivers until `stop` is set, and ends the tries in hand.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut tries = JoinSet::new();
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            _ = ticks.tick() => (),
            Some(_) = tries.join_next() => continue,
        }
        if let Err(error) = begin(&app, &mut tries).await {
            tracing::error!(%error, "news was not delivered; the next round tries again");
        }
    }
    while tries.join_next().await.is_some() {}
}

/// One round: a try for each piece of news that is due. Returns how many there were.
///
/// # Errors
/// Where the database fails.
pub async fn sweep(app: &Arc<App>) -> Result<usize, StoreError> {
    let mut tries = JoinSet::new();
    let count = begin(app, &mut tries).await?;
    while tries.join_next().await.is_some() {}
    Ok(count)
}

async fn begin(app: &Arc<App>, tries: &mut JoinSet<()>) -> Result<usize, StoreError> {
    let room = TRIES_MAX.saturating_sub(tries.len());
    let limit = u32::try_from(room).unwrap_or_default();
    let now_ms = app.now_ms();
    let mut tx = app.store.write().await?;
    let due = outbox::due(&mut tx, now_ms, limit).await?;
    let count = due.len();
    let mut taken = Vec::new();
    for item in due {
        taken.extend(take(app, &mut tx, item, now_ms).await?);
    }
    // From here on nobody else takes them, until their lease is over.
    tx.commit().await?;
    for (item, body) in taken {
        let app = app.clone();
        tries.spawn(async move {
            if let Err(error) = try_once(&app, item, body).await {
                tracing::error!(%error, "a try to deliver news was lost; it is made again");
            }
        });
    }
    Ok(count)
}

/// What a try came to.
enum Answer {
    /// The merchant has it.
    Taken,
    /// The merchant does not have it; why, in a few words.
    NotTaken(String),
}

/// One try with what was taken.
async fn try_once(app: &App, item: Item, body: String) -> Result<(), StoreError> {
    let merchant = app.merchants.get(&item.merchant_id);
    let Some(webhook) = merchant.and_then(|it| it.webhook.as_ref()) else {
        return Ok(());
    };
    let answer = send(app, webhook, &item.id, &body).await;
    let now_ms = app.now_ms();
    let mut tx = app.store.write().await?;
    let outcome = match answer {
        Answer::Taken => {
            outbox::set_delivered(&mut tx, &item.id, now_ms).await?;
            "delivered"
        }
        Answer::NotTaken(why) => {
            let next_at_ms = now_ms.saturating_add(gap_ms(item.tries));
            let ends_at_ms = item.created_at_ms.saturating_add(TRIED_FOR_MS);
            if next_at_ms < ends_at_ms {
                outbox::set_next(&mut tx, &item.id, item.tries, next_at_ms, Some(&why)).await?;
                "failed"
            } else {
                outbox::set_given_up(&mut tx, &item.id, now_ms, &why).await?;
                tracing::error!(
                    merchant = item.merchant_id,
                    kind = item.kind,
                    "news was given up"
                );
                "given-up"
            }
        }
    };
    tx.commit().await?;
    app.rails.numbers.count(WEBHOOKS, "webhook", outcome);
    Ok(())
}

/// Takes a piece of news that is due: counts the try in the database before it is made. Returns what is
/// to be sent, if anything is.
async fn take(
    app: &App,
    tx: &mut Tx,
    mut item: Item,
    now_ms: i64,
) -> Result<Option<(Item, String)>, StoreError> {
    let merchant = app.merchants.get(&item.merchant_id);
    let has_webhook = merchant.is_some_and(|it| it.webhook.is_some());
    let pause_ms = if has_webhook { LEASE_MS } else { NO_WEBHOOK_MS };
    if has_webhook {
        item.tries = item.tries.saturating_add(1);
    } else if now_ms >= item.created_at_ms.saturating_add(TRIED_FOR_MS) {
        outbox::set_given_up(tx, &item.id, now_ms, "there is no webhook").await?;
        return Ok(None);
    }
    let next_at_ms = now_ms.saturating_add(pause_ms);
    let last = item.last_answer.as_deref();
    outbox::set_next(tx, &item.id, item.tries, next_at_ms, last).await?;
    let body = content(tx, &item).await?.to_string();
    Ok(has_webhook.then_some((item, body)))
}

/// What the merchant is told. It is the same at every try: only what cannot change any more.
pub(crate) async fn content(
    conn: &mut crate::store::Conn,
    item: &Item,
) -> Result<Value, StoreError> {
    let order = match &item.order {
        Some(id) => orders::get(conn, id).await?,
        None => None,
    };
    let mut data = serde_json::Map::new();
    if let Some(order) = order {
        data.insert("orderId".to_owned(), order.id.as_str().into());
        data.insert("reference".to_owned(), order.reference.into());
        data.insert("amount".to_owned(), order.amount.to_rupees().into());
        data.insert("flow".to_owned(), order.flow.as_str().into());
    }
    if let Some(utr) = &item.utr {
        data.insert("utr".to_owned(), utr.as_str().into());
    }
    Ok(json!({
        "id": item.id,
        "type": item.kind,
        "createdAt": item.created_at_ms,
        "data": data,
    }))
}

async fn send(app: &App, webhook: &Webhook, id: &str, body: &str) -> Answer {
    let client = match app.webhooks.client(&webhook.url, app.is_sandbox) {
        Ok(client) => client,
        Err(why) => return Answer::NotTaken(why.to_owned()),
    };
    let signature = sign::sign(&webhook.secrets, app.now_ms(), body);
    let sent = client
        .post(webhook.url.clone())
        .header("content-type", "application/json")
        .header("checkout-event", id)
        .header(sign::SIGNATURE, signature)
        .body(body.to_owned())
        .send()
        .await;
    match sent {
        Ok(answer) if answer.status().is_success() => Answer::Taken,
        Ok(answer) => Answer::NotTaken(format!("answered {}", answer.status().as_u16())),
        Err(error) if error.is_timeout() => Answer::NotTaken("no answer in time".to_owned()),
        // The error's text may hold addresses of our network.
        Err(_) => Answer::NotTaken("no connection".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_grow_and_three_days_hold_about_a_dozen_and_a_half() {
        let gaps: Vec<i64> = (1..=9).map(gap_ms).collect();
        for (gap, least) in gaps.iter().zip([5, 15, 45, 135, 405, 1_215, 3_645, 10_935]) {
            assert!((least * 1_000..=least * 1_100).contains(gap), "{gaps:?}");
        }
        assert!(gap_ms(u32::MAX) <= 8 * 3_600_000 * 11 / 10);
        let mut at_ms = 0;
        let tries = (1..).take_while(|tries| {
            at_ms += gap_ms(*tries);
            at_ms < TRIED_FOR_MS
        });
        assert!((14..=18).contains(&tries.count()));
    }
}
