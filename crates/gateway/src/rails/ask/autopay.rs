//! What `phonepe_autopay` needs besides the order: a mandate, allowed in an app, by a request, or by a
//! code.

use checkout_core::apps::App;
use checkout_core::vpa::Vpa;
use phonepe::autopay::{AuthRequest, Device, Ids, Workflow as Step};
use phonepe::limits::{Checked, Rule, broken};
use phonepe::vpa::VerifiedVpa;
use serde::{Deserialize, Serialize};

use crate::order::Order;

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

impl AutopayAsk {
    pub(super) fn check(&self) -> Checked {
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

    /// The app that an intent names; one that the page does not know leaves the choice open.
    pub(super) fn app(&self) -> Option<App> {
        let named = self.app.as_deref()?;
        App::ALL.into_iter().find(|app| match self.os {
            Some(Os::Android) => app.facts().package == named,
            Some(Os::Ios) => app.id().eq_ignore_ascii_case(named),
            None => false,
        })
    }

    pub(super) fn auth(
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
