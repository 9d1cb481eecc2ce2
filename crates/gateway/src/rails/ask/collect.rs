//! What `phonepe_collect` needs besides the order: a request in the customer's app.

use phonepe::collect::{Collect, InstrumentType};
use phonepe::limits::{Checked, Rule, broken};
use serde::{Deserialize, Serialize};

use crate::order::Order;

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

impl CollectAsk {
    pub(super) fn check(&self) -> Checked {
        match (&self.mobile, &self.vpa) {
            (None, None) => broken("mobile", Rule::Missing),
            (Some(_), Some(_)) => broken("vpa", Rule::NotHere("there is a mobile number")),
            (Some(_), None) | (None, Some(_)) => Ok(()),
        }
    }

    pub(super) fn collect(
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
