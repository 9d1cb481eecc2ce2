//! One order of the scripted back end, and its answers to the five calls.

use super::http::Reply;
use super::{Call, Misbehaviour, Record, Shared};
use crate::Result;
use crate::wait::until;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What an order is about.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Rupees.
    pub amount: String,
    /// What is paid instead, once PhonePe was chosen.
    pub pay_amount: String,
    /// The difference.
    pub discount: String,
    /// The payee's name.
    pub payee: String,
    /// The payee's UPI id.
    pub upi_id: String,
    /// The link that pays it.
    pub deeplink: String,
    /// Where the customer goes then.
    pub success_url: Option<String>,
}

impl Default for Terms {
    /// With a link as real back ends make them: an escaped `@`, an amount without paise.
    fn default() -> Self {
        Self {
            amount: "499".into(),
            pay_amount: "498.97".into(),
            discount: "0.03".into(),
            payee: "SRINIVASA TRADERS".into(),
            upi_id: "boim-561518330444@boi".into(),
            deeplink: "upi://pay?pa=boim-561518330444%40boi&pn=SRINIVASA%20TRADERS&tn=BJAA6Z&am=499&mam=499&cu=INR".into(),
            success_url: None,
        }
    }
}

/// An order as the back end keeps it.
pub(super) struct Entry {
    id: String,
    terms: Terms,
    status: String,
    extensions: BTreeMap<String, Value>,
    misbehaviours: BTreeMap<Call, Misbehaviour>,
}

/// The right answer, and the same as if the order were paid.
pub(super) struct Answers {
    pub(super) right: Value,
    pub(super) tempting: Value,
}

impl Entry {
    pub(super) fn new(id: &str, terms: Terms) -> Self {
        Self {
            id: id.to_owned(),
            terms,
            status: "PENDING".into(),
            extensions: BTreeMap::new(),
            misbehaviours: BTreeMap::new(),
        }
    }

    pub(super) fn misbehaviour(&self, call: Call) -> Option<Misbehaviour> {
        self.misbehaviours.get(&call).copied()
    }

    pub(super) fn answers(&self, call: Call, now_ms: u64) -> Answers {
        let envelope = |status: &str| {
            json!({
                "time": now_ms, "status": "0", "message": "", "model": self.model(call, status),
            })
        };
        Answers {
            right: envelope(&self.status),
            tempting: envelope("SUCCESS"),
        }
    }

    fn model(&self, call: Call, status: &str) -> Value {
        let terms = &self.terms;
        let mut model = json!({ "id": self.id, "status": status, "amount": terms.amount });
        match call {
            Call::Event => return Value::Null,
            Call::Discount => {
                model["userPayAmount"] = json!(terms.pay_amount);
                model["discountAmount"] = json!(terms.discount);
                return model;
            }
            Call::Info | Call::Result => {
                model["cardInfo"] = json!({ "name": terms.payee });
                model["upiId"] = json!(terms.upi_id);
                model["deeplink"] = json!(terms.deeplink);
                for (key, value) in &self.extensions {
                    model[key] = value.clone();
                }
            }
            Call::Utr => (),
        }
        if let Some(url) = &terms.success_url {
            model["successUrl"] = json!(url);
        }
        model
    }
}

/// An order of the scripted back end, from outside.
#[derive(Clone)]
pub struct Order {
    shared: Arc<Shared>,
    id: String,
}

impl Order {
    pub(super) fn new(shared: Arc<Shared>, id: String) -> Self {
        Self { shared, id }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its page.
    pub fn checkout(&self) -> String {
        format!("{}/pay/{}", self.shared.address, self.id)
    }

    /// Its money arrives.
    pub fn is_paid(&self) {
        self.has_status("SUCCESS");
    }

    /// From now on the back end says this of it.
    pub fn has_status(&self, status: &str) {
        self.change(|entry| entry.status = status.to_owned());
    }

    /// From now on the back end says this too, which the base contract does not know.
    pub fn has_extension(&self, key: &str, value: Value) {
        self.change(|entry| {
            entry.extensions.insert(key.to_owned(), value);
        });
    }

    /// From now on it has a deadline that is so far away by the back end's clock.
    pub fn expires_in(&self, left: Duration) {
        let clock_ms = self.shared.state().clock_ms;
        let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        let at_ms = now_ms().saturating_add_signed(clock_ms) + left_ms;
        self.has_extension("expiresAt", json!(at_ms));
    }

    /// From now on a call goes wrong.
    pub fn misbehaves(&self, call: Call, how: Misbehaviour) {
        self.change(|entry| {
            entry.misbehaviours.insert(call, how);
        });
    }

    /// From now on all calls go well.
    pub fn heals(&self) {
        self.change(|entry| entry.misbehaviours.clear());
    }

    /// The requests so far, in order.
    pub fn records(&self, call: Call) -> Vec<Record> {
        let state = self.shared.state();
        let own = state.log.iter();
        own.filter(|record| record.order == self.id && record.call == call)
            .cloned()
            .collect()
    }

    /// What the page has told so far, each event that was acknowledged, in order.
    pub fn events(&self) -> Vec<String> {
        let told = self.records(Call::Event).into_iter();
        told.filter(|record| record.answered)
            .filter_map(|record| record.body["content"].as_str().map(str::to_owned))
            .collect()
    }

    /// Waits until a call was made this many times, and returns its requests.
    ///
    /// # Errors
    /// Where it was not.
    pub async fn is_asked(
        &self,
        call: Call,
        times: usize,
        within: Duration,
    ) -> Result<Vec<Record>> {
        let what = format!("{call:?} of {} to be asked {times} times", self.id);
        until(within, &what, async || {
            let records = self.records(call);
            Ok(if records.len() >= times {
                Ok(records)
            } else {
                Err(format!("{} times", records.len()))
            })
        })
        .await
    }

    /// Waits until the back end has acknowledged an event.
    ///
    /// # Errors
    /// Where it does not come.
    pub async fn is_told(&self, event: &str, within: Duration) -> Result {
        let what = format!("the event {event:?} of {}", self.id);
        until(within, &what, async || {
            let events = self.events();
            Ok(if events.iter().any(|told| told == event) {
                Ok(())
            } else {
                Err(format!("{events:?}"))
            })
        })
        .await
    }

    fn change(&self, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.shared.state().orders.get_mut(&self.id) {
            change(entry);
        }
    }
}

/// What a back end says of an order that it does not know.
pub(super) fn unknown(now_ms: u64) -> Reply {
    Reply::json(&json!({
        "time": now_ms, "status": "1", "message": "no such order", "model": null,
    }))
}

pub(super) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(0))
}
