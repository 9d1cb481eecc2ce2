//! What a merchant asks PhonePe for, and the request that comes of it.
//!
//! The amount, the note and the ids are the order's; here is only what a flow needs besides. It is
//! kept with the attempt, so that the very same request can be made again.

use std::fmt;

use checkout_core::vpa::Vpa;
use phonepe::answer::{Started, Unreadable};
use phonepe::autopay::{AuthRequest, Device, Ids, Workflow as Step};
use phonepe::call::{Account, Call, CallError, WayBack};
use phonepe::collect::{Collect, InstrumentType};
use phonepe::debit::{self, Debit, Version};
use phonepe::gst::{GstBreakup, InvoiceDetails};
use phonepe::limits::{Checked, Rule, broken};
use phonepe::report::Expected;
use phonepe::status::Subject;
use phonepe::vpa::VerifiedVpa;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::http::Reply;
use crate::order::{Flow, Order};

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

/// What `phonepe_debit` needs. Everything is optional.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DebitAsk {
    /// Which debit; v4 without it.
    pub api: Api,
    /// The merchant's id of the customer.
    pub user_id: Option<String>,
    /// The token of PhonePe's OTP flow.
    pub user_auth_token: Option<String>,
    /// The customer's number.
    pub mobile: Option<String>,
    /// The customer's mail address.
    pub email: Option<String>,
    /// The customer's name.
    pub name: Option<String>,
    /// Tells several merchants under one id apart.
    pub sub_merchant_id: Option<String>,
    /// The parts of the tax; v4 only.
    pub gst: Option<GstBreakup>,
    /// The invoice; v4 only.
    pub invoice: Option<InvoiceDetails>,
}

/// Which debit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// `/v3/debit`.
    V3,
    /// `/v4/debit`.
    #[default]
    V4,
}

impl Api {
    fn version(self) -> Version {
        match self {
            Api::V3 => Version::V3,
            Api::V4 => Version::V4,
        }
    }
}

/// What `phonepe_collect` needs: a number or a UPI id.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CollectAsk {
    /// The customer's number.
    pub mobile: Option<String>,
    /// The customer's UPI id.
    pub vpa: Option<String>,
    /// The customer's mail address.
    pub email: Option<String>,
    /// The customer's name.
    pub name: Option<String>,
    /// A sub-category of the merchant.
    pub sub_merchant: Option<String>,
    /// The store.
    pub store_id: Option<String>,
    /// The terminal.
    pub terminal_id: Option<String>,
}

/// What `phonepe_autopay` needs. The subscription was made with PhonePe before.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AutopayAsk {
    /// The merchant's id of the customer.
    pub user_id: String,
    /// PhonePe's id of the subscription.
    pub subscription_id: String,
    /// What the subscription's first step is.
    pub workflow: Workflow,
    /// How the customer is asked.
    pub instrument: Instrument,
    /// For an intent: the app's package on Android, `PHONEPE`, `PAYTM` or `GPAY` on iOS.
    #[serde(default)]
    pub app: Option<String>,
    /// For an intent: the customer's phone.
    #[serde(default)]
    pub os: Option<Os>,
    /// For an intent on iOS: the URL scheme by which the app finds back.
    #[serde(default)]
    pub callback_scheme: Option<String>,
    /// For a request: the customer's UPI id.
    #[serde(default)]
    pub vpa: Option<String>,
}

/// A subscription's first step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Workflow {
    /// The order's amount is taken now.
    Transaction,
    /// Only the account is tried; the order's amount is what the mandate allows.
    PennyDrop,
}

/// How the customer is asked for a mandate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Instrument {
    /// By an app on the same phone.
    Intent,
    /// By a request to a UPI id.
    Collect,
    /// By a code.
    Qr,
}

/// The customer's phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Os {
    /// Android.
    Android,
    /// iOS.
    Ios,
}

/// A request that is ready for a call.
#[derive(Clone, Debug)]
pub enum Ready {
    /// A debit.
    Debit(Version, Box<Debit>),
    /// A collect request.
    Collect(Box<Collect>),
    /// A mandate.
    Auth(Box<AuthRequest>),
}

impl Ready {
    /// The call.
    ///
    /// # Errors
    /// The field that PhonePe would not take.
    pub fn call(&self, account: &Account, mut back: WayBack) -> Result<Call, CallError> {
        match self {
            Ready::Debit(version, debit) => debit.call(*version, account, &back),
            Ready::Collect(collect) => {
                back.redirect_url = None;
                collect.call(account, &back)
            }
            Ready::Auth(auth) => {
                back.redirect_url = None;
                auth.call(account, &back)
            }
        }
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// Where it is not PhonePe's.
    pub fn read(&self, reply: &Reply, page_url: &str) -> Result<Started, Unreadable> {
        match self {
            Ready::Debit(Version::V3, _) => {
                let location = reply.location.as_deref();
                debit::read_v3(reply.status, location, &reply.body, page_url)
            }
            Ready::Debit(Version::V4, _) => debit::read_v4(&reply.body, page_url),
            Ready::Collect(collect) => collect.read(&reply.body),
            Ready::Auth(auth) => auth.read(&reply.body, page_url),
        }
    }

    fn check(&self) -> Checked {
        match self {
            Ready::Debit(version, debit) => debit.check(*version),
            Ready::Collect(collect) => collect.check(),
            Ready::Auth(auth) => auth.check(),
        }
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
            Self::Autopay(ask) => {
                let is_taken = ask.workflow == Workflow::Transaction;
                (
                    is_taken.then_some(order.amount),
                    Some(ask.subscription_id.as_str()),
                )
            }
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
            Self::Collect(ask) => match (&ask.mobile, &ask.vpa) {
                (None, None) => broken("mobile", Rule::Missing),
                (Some(_), Some(_)) => broken("vpa", Rule::NotHere("there is a mobile number")),
                (Some(_), None) | (None, Some(_)) => Ok(()),
            },
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

impl DebitAsk {
    fn debit(&self, merchant_id: String, order: &Order, transaction_id: &str) -> Debit {
        Debit {
            merchant_user_id: self.user_id.clone(),
            user_auth_token: self.user_auth_token.clone(),
            merchant_order_id: Some(order.id.to_string()),
            mobile_number: self.mobile.clone(),
            message: order.note.clone(),
            sub_merchant_id: self.sub_merchant_id.clone(),
            email: self.email.clone(),
            short_name: self.name.clone(),
            gst_breakup: self.gst.clone(),
            invoice_details: self.invoice.clone(),
            ..Debit::new(merchant_id, transaction_id, order.amount.get())
        }
    }
}

impl CollectAsk {
    fn collect(
        &self,
        merchant_id: String,
        order: &Order,
        transaction_id: &str,
        expires_in_s: u32,
    ) -> Collect {
        let (instrument_type, reference) = match (&self.vpa, &self.mobile) {
            (Some(vpa), _) => (InstrumentType::Vpa, vpa.clone()),
            (None, mobile) => (InstrumentType::Mobile, mobile.clone().unwrap_or_default()),
        };
        Collect {
            merchant_id,
            transaction_id: transaction_id.to_owned(),
            merchant_order_id: order.id.to_string(),
            amount: order.amount.get(),
            instrument_type,
            instrument_reference: reference,
            message: order.note.clone(),
            email: self.email.clone(),
            expires_in: Some(expires_in_s),
            short_name: self.name.clone(),
            sub_merchant: self.sub_merchant.clone(),
            store_id: self.store_id.clone(),
            terminal_id: self.terminal_id.clone(),
        }
    }
}

impl AutopayAsk {
    fn check(&self) -> Checked {
        let intent_only = Rule::NotHere("only an intent has it");
        if self.instrument == Instrument::Intent {
            if self.os.is_none() {
                return broken("os", Rule::Missing);
            }
            if self.app.is_none() {
                return broken("app", Rule::Missing);
            }
        } else if self.app.is_some() {
            return broken("app", intent_only);
        } else if self.os.is_some() {
            return broken("os", intent_only);
        }
        if self.os != Some(Os::Ios) && self.callback_scheme.is_some() {
            return broken("callbackScheme", Rule::NotHere("only iOS has it"));
        }
        match (self.instrument, self.vpa.as_deref().map(Vpa::parse)) {
            (Instrument::Collect, None) => broken("vpa", Rule::Missing),
            (Instrument::Collect, Some(Err(_))) => {
                broken("vpa", Rule::BadShape("a UPI id, like name@bank"))
            }
            (Instrument::Collect, Some(Ok(_))) | (_, None) => Ok(()),
            (_, Some(_)) => broken("vpa", Rule::NotHere("only a collect request has it")),
        }
    }

    fn auth(
        &self,
        merchant_id: String,
        order: &Order,
        transaction_id: &str,
        verified: Option<&VerifiedVpa>,
    ) -> AuthRequest {
        let ids = Ids {
            merchant_id,
            merchant_user_id: self.user_id.clone(),
            subscription_id: self.subscription_id.clone(),
            auth_request_id: transaction_id.to_owned(),
        };
        let step = match self.workflow {
            Workflow::Transaction => Step::Transaction(order.amount.get()),
            Workflow::PennyDrop => Step::PennyDrop,
        };
        match (self.instrument, self.os, verified) {
            (Instrument::Intent, os, _) => {
                let app = self.app.as_deref().unwrap_or_default();
                let device = match os {
                    Some(Os::Ios) => Device::Ios {
                        callback_scheme: self.callback_scheme.clone().unwrap_or_default(),
                    },
                    Some(Os::Android) | None => Device::Android,
                };
                AuthRequest::intent(ids, step, app, device)
            }
            (Instrument::Collect, _, Some(vpa)) => AuthRequest::collect(ids, step, vpa),
            // Without a UPI id that was verified there is nothing but the rest to check.
            (Instrument::Collect, _, None) | (Instrument::Qr, _, _) => AuthRequest::qr(ids, step),
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
