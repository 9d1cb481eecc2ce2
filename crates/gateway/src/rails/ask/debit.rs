//! What `phonepe_debit` needs besides the order: PhonePe's page.

use phonepe::debit::{Debit, Version};
use phonepe::gst::{GstBreakup, InvoiceDetails};
use serde::{Deserialize, Serialize};

use crate::order::Order;

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
    pub(super) fn version(self) -> Version {
        match self {
            Api::V3 => Version::V3,
            Api::V4 => Version::V4,
        }
    }
}

impl DebitAsk {
    pub(super) fn debit(&self, merchant_id: String, order: &Order, transaction_id: &str) -> Debit {
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
