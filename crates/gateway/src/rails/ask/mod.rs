//! What a merchant asks PhonePe for, and the request that comes of it: one file for each flow.
//!
//! The amount, the note and the ids are the order's; here is only what a flow needs besides. It is
//! kept with the attempt, so that the very same request can be made again.

mod autopay;
mod collect;
mod debit;
mod ready;

use std::fmt;

use checkout_core::apps::App;
use phonepe::call::Account;
use phonepe::limits::Checked;
use phonepe::report::Expected;
use phonepe::status::Subject;
use phonepe::vpa::VerifiedVpa;
use serde_json::Value;

use crate::order::{Flow, Order};
use crate::store::{Store, StoreError, attempts};
pub use autopay::{AutopayAsk, Instrument, Os, Workflow};
pub use collect::CollectAsk;
pub use debit::{Api, DebitAsk};
pub use ready::Ready;

/// What PhonePe was asked for, for an order; `None`: nothing.
///
/// # Errors
/// Where the database fails.
pub async fn of(store: &Store, order: &Order) -> Result<Option<Ask>, StoreError> {
    let newest = attempts::newest(&mut *store.read().await?, &order.id).await?;
    newest.map(|attempt| attempt.ask(order.flow)).transpose()
}

/// What is asked for.
#[derive(Clone, PartialEq, Eq)]
pub enum Ask {
    /// A page.
    Debit(DebitAsk),
    /// A request in an app.
    Collect(CollectAsk),
    /// A mandate.
    Autopay(AutopayAsk),
}

/// Personal data: only the flow is printed.
impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ask({} ***)", self.flow().as_str())
    }
}

impl Ask {
    /// Reads what a merchant sends, or what was kept.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(flow: Flow, json: Value) -> Result<Option<Self>, serde_json::Error> {
        Ok(Some(match flow {
            Flow::Upi => return Ok(None),
            Flow::PhonepeDebit => Self::Debit(serde_json::from_value(json)?),
            Flow::PhonepeCollect => Self::Collect(serde_json::from_value(json)?),
            Flow::PhonepeAutopay => Self::Autopay(serde_json::from_value(json)?),
        }))
    }

    /// What is kept.
    ///
    /// # Errors
    /// None of ours meets one.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        match self {
            Self::Debit(ask) => serde_json::to_string(ask),
            Self::Collect(ask) => serde_json::to_string(ask),
            Self::Autopay(ask) => serde_json::to_string(ask),
        }
    }

    /// The flow.
    pub fn flow(&self) -> Flow {
        match self {
            Self::Debit(_) => Flow::PhonepeDebit,
            Self::Collect(_) => Flow::PhonepeCollect,
            Self::Autopay(_) => Flow::PhonepeAutopay,
        }
    }

    /// What its status check asks about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Debit(_) | Self::Collect(_) => Subject::Payment,
            Self::Autopay(_) => Subject::Auth,
        }
    }

    /// Whether the customer needs a link: if it got lost, nobody can pay.
    pub fn needs_link(&self) -> bool {
        match self {
            Self::Debit(_) => true,
            Self::Collect(_) => false,
            Self::Autopay(ask) => ask.instrument != Instrument::Collect,
        }
    }

    /// The UPI id that must be verified first.
    pub fn to_verify(&self) -> Option<&str> {
        match self {
            Self::Autopay(ask) if ask.instrument == Instrument::Collect => ask.vpa.as_deref(),
            Self::Debit(_) | Self::Collect(_) | Self::Autopay(_) => None,
        }
    }

    /// Whether it is a mandate that takes the order's amount now, and not only the right to take it.
    pub fn charges_mandate_now(&self) -> bool {
        matches!(self, Self::Autopay(ask) if ask.workflow == Workflow::Transaction)
    }

    /// The one app that its link is made for; `None`: there is none, or any will do.
    pub fn app(&self) -> Option<App> {
        match self {
            Self::Debit(_) | Self::Collect(_) => None,
            Self::Autopay(ask) => ask.app(),
        }
    }

    /// Whether PhonePe takes it back when it is asked to; a payment on its page and a mandate it does not.
    pub fn can_be_cancelled(&self) -> bool {
        matches!(self, Self::Collect(_))
    }

    /// Who is asked in the app, masked for the customer's own eyes: `cu***@ybl`, `******4321`.
    pub fn payer(&self) -> Option<String> {
        let asked = match self {
            Self::Debit(_) => None,
            Self::Collect(ask) => ask.vpa.as_deref().or(ask.mobile.as_deref()),
            Self::Autopay(_) => self.to_verify(),
        };
        asked.map(mask)
    }

    /// What a report must say to be believed.
    pub fn expected<'a>(
        &'a self,
        account: &'a Account,
        order: &Order,
        transaction_id: &'a str,
    ) -> Expected<'a> {
        let (amount, subscription_id) = match self {
            Self::Debit(_) | Self::Collect(_) => (Some(order.amount), None),
            Self::Autopay(ask) => (
                self.charges_mandate_now().then_some(order.amount),
                Some(ask.subscription_id.as_str()),
            ),
        };
        Expected {
            merchant_id: &account.merchant_id,
            id: transaction_id,
            amount,
            subscription_id,
        }
    }

    /// Whether PhonePe would take it for this order. `verified`: the UPI id of a mandate's request.
    ///
    /// # Errors
    /// The field that it would not take, in PhonePe's words.
    pub fn check(&self, account: &Account, order: &Order) -> Checked {
        self.check_choices()?;
        // Any id will do: ours are all alike.
        self.ready(account, order, order.id.as_str(), 1, None)
            .check()
    }

    fn check_choices(&self) -> Checked {
        match self {
            Self::Debit(_) => Ok(()),
            Self::Collect(ask) => ask.check(),
            Self::Autopay(ask) => ask.check(),
        }
    }

    /// The request for one attempt. `expires_in_s`: the seconds that the order still has.
    pub fn ready(
        &self,
        account: &Account,
        order: &Order,
        transaction_id: &str,
        expires_in_s: u32,
        verified: Option<&VerifiedVpa>,
    ) -> Ready {
        let merchant_id = account.merchant_id.clone();
        match self {
            Self::Debit(ask) => Ready::Debit(
                ask.api.version(),
                Box::new(ask.debit(merchant_id, order, transaction_id)),
            ),
            Self::Collect(ask) => {
                let collect = ask.collect(merchant_id, order, transaction_id, expires_in_s);
                Ready::Collect(Box::new(collect))
            }
            Self::Autopay(ask) => {
                let auth = ask.auth(merchant_id, order, transaction_id, verified);
                Ready::Auth(Box::new(auth))
            }
        }
    }
}

fn mask(asked: &str) -> String {
    if let Some((name, handle)) = asked.split_once('@') {
        let start: String = name.chars().take(2).collect();
        return format!("{start}***@{handle}");
    }
    let end = asked.get(asked.len().saturating_sub(4)..);
    format!("******{}", end.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn who_is_asked_is_masked() {
        for (asked, masked) in [
            ("customer@ybl", "cu***@ybl"),
            ("c@ybl", "c***@ybl"),
            ("9876543210", "******3210"),
        ] {
            assert_eq!(mask(asked), masked);
        }
    }

    #[test]
    fn what_is_kept_is_read_back() {
        for (flow, json) in [
            (Flow::PhonepeDebit, json!({"api": "v3", "userId": "u"})),
            (Flow::PhonepeCollect, json!({"vpa": "a@b"})),
            (
                Flow::PhonepeAutopay,
                json!({"userId": "u", "subscriptionId": "OMS1", "workflow": "PENNY_DROP",
                    "instrument": "intent", "os": "IOS", "app": "GPAY", "callbackScheme": "a"}),
            ),
        ] {
            let ask = Ask::read(flow, json).unwrap().unwrap();
            let kept = serde_json::from_str(&ask.to_json().unwrap()).unwrap();
            assert_eq!(Ask::read(flow, kept).unwrap(), Some(ask.clone()));
            assert_eq!(ask.flow(), flow);
        }
        assert!(Ask::read(Flow::PhonepeDebit, json!({"amount": 1})).is_err());
        assert_eq!(Ask::read(Flow::Upi, json!({})).unwrap(), None);
    }
}
