//! Making a pay link.

use crate::money::Paise;
use crate::vpa::Vpa;

/// What a pay link says.
#[derive(Clone, Copy)]
pub struct PayRequest<'a> {
    /// Who is paid.
    pub payee: &'a Vpa,
    /// The payee's name; apps show the one that the bank has registered.
    pub payee_name: &'a str,
    /// The merchant category code, four digits.
    pub merchant_code: Option<&'a str>,
    /// The order's reference: at most 35 letters and digits, unique for each attempt to pay.
    pub reference: &'a str,
    /// A note that the customer sees; cut to 50 characters, which every app keeps.
    pub note: Option<&'a str>,
    /// What is to be paid.
    pub amount: Paise,
}

impl PayRequest<'_> {
    /// The `upi://pay` link. Spaces are `%20`, never `+`, and the payee's `@` stays as it is: some
    /// apps show or misread the other forms. `mam` repeats the amount, so that it is not editable.
    pub fn to_link(&self) -> String {
        let mut link = format!(
            "upi://pay?pa={}&pn={}",
            self.payee.as_str(),
            escape(self.payee_name, 99)
        );
        if let Some(code) = self.merchant_code {
            link.push_str(&format!("&mc={}", escape(code, 4)));
        }
        link.push_str(&format!("&tr={}", escape(self.reference, 35)));
        if let Some(note) = self.note {
            link.push_str(&format!("&tn={}", escape(note, 50)));
        }
        let rupees = self.amount.to_rupees();
        link.push_str(&format!("&am={rupees}&mam={rupees}&cu=INR"));
        link
    }
}

/// At most `length_max` characters, all but unreserved ones as `%XX` (RFC 3986).
fn escape(text: &str, length_max: usize) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars().take(length_max) {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~') {
            escaped.push(c);
        } else {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                escaped.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    escaped
}
