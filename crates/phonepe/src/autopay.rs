//! Submit auth request: the customer allows a subscription, in an app, by a request, or by a QR code.
//!
//! `POST /v3/recurring/auth/init`. The subscription was made before, and its `authWorkflowType` is
//! either TRANSACTION, which takes the first amount now, or PENNY_DROP, which must not carry one. A
//! UPI id must have been verified before it is asked, so only [`VerifiedVpa`] gets in.
//!
//! Source: PhonePe, "Submit auth request".

use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Started, Unreadable, read_opening};
use crate::call::{Account, Call, CallError, WayBack};
use crate::limits::{self, Checked, Rule, broken};
use crate::vpa::VerifiedVpa;

/// Its path, which is signed too.
pub const PATH: &str = "/v3/recurring/auth/init";

/// Packages that Android intents may name: PhonePe, Paytm, BHIM.
pub const ANDROID_APPS: [&str; 3] = ["com.phonepe.app", "net.one97.paytm", "in.org.npci.upiapp"];

/// Apps that iOS intents may name.
pub const IOS_APPS: [&str; 3] = ["PHONEPE", "PAYTM", "GPAY"];

/// What the subscription's first step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workflow {
    /// The first amount is taken now, in paise.
    Transaction(u64),
    /// Only the account is tried; no amount is sent.
    PennyDrop,
}

/// The customer's phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deviceOS", rename_all = "UPPERCASE")]
pub enum Device {
    /// Android.
    Android,
    /// iOS, and the URL scheme by which the app finds back.
    Ios {
        /// Without `://`.
        #[serde(rename = "merchantCallBackScheme")]
        callback_scheme: String,
    },
}

/// How the customer is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Instrument {
    #[serde(rename = "UPI_INTENT")]
    Intent {
        #[serde(rename = "targetApp")]
        target_app: String,
    },
    #[serde(rename = "UPI_COLLECT")]
    Collect { vpa: String },
    #[serde(rename = "UPI_QR")]
    Qr,
}

/// Who allows what; the same for all three ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ids {
    /// The merchant's id at PhonePe.
    pub merchant_id: String,
    /// The merchant's id of the customer.
    pub merchant_user_id: String,
    /// PhonePe's id of the subscription.
    pub subscription_id: String,
    /// The merchant's id of this request; never used twice.
    pub auth_request_id: String,
}

/// A submit auth request's payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthRequest {
    merchant_id: String,
    merchant_user_id: String,
    subscription_id: String,
    auth_request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<u64>,
    payment_instrument: Instrument,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_context: Option<Device>,
}

impl AuthRequest {
    /// By an app on the customer's phone. `target_app` is a package on Android and one of
    /// [`IOS_APPS`] on iOS.
    pub fn intent(ids: Ids, workflow: Workflow, target_app: &str, device: Device) -> Self {
        let target_app = target_app.to_owned();
        let instrument = Instrument::Intent { target_app };
        Self::new(ids, workflow, instrument, Some(device))
    }

    /// By a request to a UPI id that was verified.
    pub fn collect(ids: Ids, workflow: Workflow, vpa: &VerifiedVpa) -> Self {
        let vpa = vpa.as_str().to_owned();
        Self::new(ids, workflow, Instrument::Collect { vpa }, None)
    }

    /// By a QR code.
    pub fn qr(ids: Ids, workflow: Workflow) -> Self {
        Self::new(ids, workflow, Instrument::Qr, None)
    }

    fn new(ids: Ids, workflow: Workflow, instrument: Instrument, device: Option<Device>) -> Self {
        Self {
            merchant_id: ids.merchant_id,
            merchant_user_id: ids.merchant_user_id,
            subscription_id: ids.subscription_id,
            auth_request_id: ids.auth_request_id,
            amount: match workflow {
                Workflow::Transaction(paise) => Some(paise),
                Workflow::PennyDrop => None,
            },
            payment_instrument: instrument,
            device_context: device,
        }
    }

    /// Whether PhonePe would take every field.
    ///
    /// # Errors
    /// The first field that it would not take.
    pub fn check(&self) -> Checked {
        limits::id("merchantId", &self.merchant_id, limits::TRANSACTION_ID_MAX)?;
        limits::id(
            "merchantUserId",
            &self.merchant_user_id,
            limits::USER_ID_MAX,
        )?;
        limits::id("subscriptionId", &self.subscription_id, limits::USER_ID_MAX)?;
        limits::alphanumeric(
            "authRequestId",
            &self.auth_request_id,
            limits::AUTH_REQUEST_ID_MAX,
        )?;
        if let Some(paise) = self.amount {
            limits::amount("amount", paise)?;
        }
        self.check_instrument()
    }

    fn check_instrument(&self) -> Checked {
        let field = "paymentInstrument.targetApp";
        match (&self.payment_instrument, &self.device_context) {
            (Instrument::Intent { target_app }, Some(Device::Android)) => {
                one_of(field, target_app, &ANDROID_APPS)
            }
            (Instrument::Intent { target_app }, Some(Device::Ios { callback_scheme })) => {
                one_of(field, target_app, &IOS_APPS)?;
                scheme(callback_scheme)
            }
            (Instrument::Intent { .. }, None) => broken("deviceContext", Rule::Missing),
            (Instrument::Collect { .. } | Instrument::Qr, Some(_)) => {
                broken("deviceContext", Rule::NotHere("no app is opened"))
            }
            (Instrument::Collect { vpa }, None) => limits::vpa("paymentInstrument.vpa", vpa),
            (Instrument::Qr, None) => Ok(()),
        }
    }

    /// The request.
    ///
    /// # Errors
    /// The field that PhonePe would not take.
    pub fn call(&self, account: &Account, back: &WayBack) -> Result<Call, CallError> {
        self.check()?;
        Call::post(account, PATH, self, back)
    }

    /// Reads the answer: a link to open or to draw, or nothing where the customer was asked.
    ///
    /// # Errors
    /// Where the answer is no JSON of PhonePe's, or its link pays nothing.
    pub fn read(&self, body: &[u8], page_url: &str) -> Result<Started, Unreadable> {
        if !matches!(self.payment_instrument, Instrument::Collect { .. }) {
            return read_opening(body, page_url);
        }
        let answer = Answer::read(body)?;
        Ok(if answer.code.is_success() {
            Started::Asked
        } else {
            Started::refusal(answer.code)
        })
    }

    /// The merchant's id at PhonePe.
    pub fn merchant_id(&self) -> &str {
        &self.merchant_id
    }

    /// The merchant's id of this request.
    pub fn auth_request_id(&self) -> &str {
        &self.auth_request_id
    }

    /// PhonePe's id of the subscription.
    pub fn subscription_id(&self) -> &str {
        &self.subscription_id
    }

    /// What is taken now, in paise; `None` for PENNY_DROP.
    pub fn amount(&self) -> Option<u64> {
        self.amount
    }

    /// Whom a collect request asks.
    pub fn vpa(&self) -> Option<&str> {
        match &self.payment_instrument {
            Instrument::Collect { vpa } => Some(vpa),
            Instrument::Intent { .. } | Instrument::Qr => None,
        }
    }

    /// Whether the answer is a code to draw.
    pub fn is_qr(&self) -> bool {
        self.payment_instrument == Instrument::Qr
    }

    /// The app that an intent opens.
    pub fn target_app(&self) -> Option<&str> {
        match &self.payment_instrument {
            Instrument::Intent { target_app } => Some(target_app),
            Instrument::Collect { .. } | Instrument::Qr => None,
        }
    }
}

fn one_of(field: &'static str, app: &str, apps: &[&str; 3]) -> Checked {
    if apps.contains(&app) {
        return Ok(());
    }
    let shape = if *apps == IOS_APPS {
        "PHONEPE, PAYTM or GPAY"
    } else {
        "com.phonepe.app, net.one97.paytm or in.org.npci.upiapp"
    };
    broken(field, Rule::BadShape(shape))
}

/// A URL scheme: a letter, then letters, digits, `+`, `-`, `.`.
fn scheme(text: &str) -> Checked {
    let is_good = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() <= limits::USER_ID_MAX
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    if is_good {
        Ok(())
    } else {
        let shape = Rule::BadShape("a URL scheme, without ://");
        broken("deviceContext.merchantCallBackScheme", shape)
    }
}
