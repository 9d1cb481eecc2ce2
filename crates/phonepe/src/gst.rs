//! The GST parts and the invoice that debit v4 can carry.
//!
//! Source: debit v4, tables "gstBreakup" and "invoiceDetails".

use serde::{Deserialize, Serialize};

use crate::limits::{self, Checked, Rule, broken, maybe};

/// The parts of the goods and services tax, in paise. The type has no negative amounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GstBreakup {
    /// All of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gst: Option<u64>,
    /// The centre's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cgst: Option<u64>,
    /// The cess.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cess: Option<u64>,
    /// The state's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sgst: Option<u64>,
    /// The integrated one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub igst: Option<u64>,
    /// The incentive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gst_incentive: Option<u64>,
    /// The rate in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gst_percentage: Option<u64>,
}

impl GstBreakup {
    pub(crate) fn check(&self) -> Checked {
        for (field, paise) in [
            ("gstBreakup.gst", self.gst),
            ("gstBreakup.cgst", self.cgst),
            ("gstBreakup.cess", self.cess),
            ("gstBreakup.sgst", self.sgst),
            ("gstBreakup.igst", self.igst),
            ("gstBreakup.gstIncentive", self.gst_incentive),
        ] {
            if paise.is_some_and(|paise| paise > checkout_core::money::Paise::MAX.get()) {
                return broken(field, Rule::TooLarge);
            }
        }
        if self.gst_percentage.is_some_and(|percent| percent > 100) {
            return broken("gstBreakup.gstPercentage", Rule::TooLarge);
        }
        Ok(())
    }
}

/// The invoice that a payment settles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InvoiceDetails {
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_number: Option<String>,
    /// Its day and time, `1970-01-01T05:30:00+05:30`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_date: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_name: Option<String>,
}

impl InvoiceDetails {
    pub(crate) fn check(&self) -> Checked {
        maybe(self.invoice_number.as_deref(), |text| {
            limits::text("invoiceDetails.invoiceNumber", text)
        })?;
        maybe(self.invoice_date.as_deref(), |text| {
            if is_timestamp(text) {
                Ok(())
            } else {
                let shape = Rule::BadShape("a time like 1970-01-01T05:30:00+05:30");
                broken("invoiceDetails.invoiceDate", shape)
            }
        })?;
        maybe(self.invoice_name.as_deref(), |text| {
            limits::text("invoiceDetails.invoiceName", text)
        })
    }
}

/// `YYYY-MM-DDThh:mm:ss`, perhaps a fraction, then `Z` or `±hh:mm`. The table asks for an offset; the
/// document's own sample ends in `Z` with milliseconds, so both are good.
fn is_timestamp(text: &str) -> bool {
    let Some((head, tail)) = text.split_at_checked(19) else {
        return false;
    };
    let is_shaped = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(b, s)| match s {
                b'0' => b.is_ascii_digit(),
                b'+' => b == b'+' || b == b'-',
                _ => b == s,
            })
    };
    let number = |from: usize| -> u32 {
        head.get(from..from.saturating_add(2))
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(u32::MAX)
    };
    let is_real = (1..=12).contains(&number(5))
        && (1..=31).contains(&number(8))
        && number(11) < 24
        && number(14) < 60
        && number(17) < 60;
    let fraction = tail.strip_prefix('.').map_or(tail, |digits| {
        digits.trim_start_matches(|c: char| c.is_ascii_digit())
    });
    is_shaped(head, "0000-00-00T00:00:00")
        && is_real
        && (fraction == "Z" || is_shaped(fraction, "+00:00"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_the_document_writes_them() {
        for (text, is_good) in [
            ("1970-01-01T05:30:00+05:30", true),
            ("2021-06-29T10:13:54.022Z", true),
            ("2021-06-29T10:13:54", false),
            ("2021-13-29T10:13:54Z", false),
            ("2021-06-29 10:13:54Z", false),
            ("2021-06-29T10:13:54.022", false),
            ("20210629", false),
            ("é021-06-29T10:13:54Z", false),
            ("", false),
        ] {
            assert_eq!(is_timestamp(text), is_good, "{text}");
        }
    }

    #[test]
    fn no_part_can_be_negative_or_absurd() {
        let negative = serde_json::from_str::<GstBreakup>(r#"{"cgst": -1}"#);
        assert!(negative.is_err());
        let percent = GstBreakup {
            gst_percentage: Some(101),
            ..GstBreakup::default()
        };
        let error = percent.check().unwrap_err();
        assert_eq!(error.field, "gstBreakup.gstPercentage");
        let sum = GstBreakup {
            cess: Some(u64::MAX),
            ..GstBreakup::default()
        };
        assert_eq!(sum.check().unwrap_err().field, "gstBreakup.cess");
        assert!(GstBreakup::default().check().is_ok());
    }
}
