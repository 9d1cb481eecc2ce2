//! The orders that are asked for, some of them ended.

use std::error::Error;

use checkout_core::money::Paise;
use checkout_core::vpa::Vpa;
use gateway::clock::{Clock, SystemClock};
use gateway::ledger::{self, NewOrder};
use gateway::merchant::{Brand, Merchant};
use gateway::store::{Database, Store};
use gateway::transition::Input;

/// How many orders. With fewer, each would be asked for so often that the rate limits had to look into
/// PostgreSQL: real customers ask every five seconds.
pub(crate) const COUNT: usize = 100_000;

/// One in so many is paid.
const PAID: usize = 10;

/// How many are made in one transaction.
const AT_ONCE: usize = 5_000;

/// Makes them; their ids.
pub(crate) fn make(database: &Database) -> Result<Vec<String>, Box<dyn Error>> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let store = Store::open(database).await?;
            let merchant = merchant()?;
            let now_ms = SystemClock.now_ms();
            let mut ids = Vec::new();
            while ids.len() < COUNT {
                let mut tx = store.write().await?;
                // Orders change together only under the lock of the matching.
                let merchant_id = &merchant.id;
                tx.lock(gateway::store::Lock::Matching { merchant_id })
                    .await?;
                for number in ids.len()..ids.len() + AT_ONCE {
                    let new = order(number)?;
                    let order = ledger::create(&mut tx, &merchant, new, now_ms).await?;
                    if number % PAID == 0 {
                        let paid = Input::Paid { utr: None };
                        ledger::apply(&mut tx, &order.id, &paid, "bench", now_ms).await?;
                    }
                    ids.push(order.id.to_string());
                }
                // What merchants are told of them is no part of what is measured.
                sqlx::query("UPDATE outbox SET delivered_at_ms = $1 WHERE delivered_at_ms IS NULL")
                    .bind(now_ms)
                    .execute(&mut *tx)
                    .await?;
                tx.commit().await?;
            }
            store.close().await;
            Ok(ids)
        })
}

fn order(number: usize) -> Result<NewOrder, Box<dyn Error>> {
    Ok(NewOrder {
        amount: Paise::from_rupees("499.00")?,
        reference: format!("order {number}"),
        success_url: Some("https://shop.example/thanks".to_owned()),
        note: Some("Order 1234".to_owned()),
        lifetime_ms: Some(3_600_000),
        ask: None,
    })
}

fn merchant() -> Result<Merchant, Box<dyn Error>> {
    Ok(Merchant {
        id: "shop".to_owned(),
        name: "Srinivasa Traders".to_owned(),
        vpa: Vpa::parse("shop@bank")?,
        mcc: Some("5411".to_owned()),
        api_key_hashes: Vec::new(),
        redirect_hosts: Vec::new(),
        parent_origins: Vec::new(),
        brand: Brand::default(),
        discount_max_paise: 99,
        order_lifetime_ms: 900_000,
        phonepe: None,
        webhook: None,
    })
}
