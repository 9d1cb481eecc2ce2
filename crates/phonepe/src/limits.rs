//! The limits of PhonePe's fields, held before anything is sent.
//!
//! Where the documents name a limit it is theirs ("less than 38 characters" is 37 here). Where they
//! name none, texts end at [`TEXT_MAX`]: ours, so that nothing is unbounded.

use std::fmt;

use checkout_core::money::Paise;
use checkout_core::vpa::Vpa;

/// `transactionId`: less than 38 characters (debit v3).
pub const TRANSACTION_ID_MAX: usize = 37;
/// `merchantUserId`: less than 64 characters (debit v3).
pub const USER_ID_MAX: usize = 63;
/// `merchantOrderId`: less than 48 characters (debit v3).
pub const ORDER_ID_MAX: usize = 47;
/// `authRequestId`: less than 36 characters, letters and digits only (submit auth request).
pub const AUTH_REQUEST_ID_MAX: usize = 35;
/// `storeId`, `terminalId`: the documents' number is lost; the one of `transactionId` is used.
pub const STORE_ID_MAX: usize = 37;
/// Texts for which the documents name no limit.
pub const TEXT_MAX: usize = 255;
/// A collect request without `expiresIn` lives 30 days; more than that makes no sense. Seconds.
pub const EXPIRES_IN_MAX_S: u32 = 30 * 86_400;

/// A field that PhonePe would not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in PhonePe's JSON, with dots: `paymentInstrument.vpa`.
    pub field: &'static str,
    /// What it breaks.
    pub rule: Rule,
}

/// What a field breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It must be there and not be empty.
    Missing,
    /// It has more than this many characters.
    TooLong(usize),
    /// It holds a character that it must not hold.
    BadCharacter,
    /// It must look like this.
    BadShape(&'static str),
    /// It must be more than zero.
    Zero,
    /// It is larger than any real one.
    TooLarge,
    /// It must not be there, because of this.
    NotHere(&'static str),
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.field)?;
        match self.rule {
            Rule::Missing => f.write_str("is missing"),
            Rule::TooLong(max) => write!(f, "has more than {max} characters"),
            Rule::BadCharacter => f.write_str("holds a character that is not allowed"),
            Rule::BadShape(shape) => write!(f, "write {shape}"),
            Rule::Zero => f.write_str("must be more than zero"),
            Rule::TooLarge => f.write_str("is too large"),
            Rule::NotHere(why) => write!(f, "must be left out: {why}"),
        }
    }
}

impl std::error::Error for FieldError {}

/// What a check answers.
pub type Checked = Result<(), FieldError>;

/// Makes the error of a field.
pub fn broken(field: &'static str, rule: Rule) -> Checked {
    Err(FieldError { field, rule })
}

/// An id: 1 to `max` letters, digits, `-` or `_`.
pub(crate) fn id(field: &'static str, text: &str, max: usize) -> Checked {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    plain(field, text, max, is_plain)
}

/// 1 to `max` letters and digits.
pub(crate) fn alphanumeric(field: &'static str, text: &str, max: usize) -> Checked {
    plain(field, text, max, |b| b.is_ascii_alphanumeric())
}

fn plain(field: &'static str, text: &str, max: usize, is_good: fn(u8) -> bool) -> Checked {
    if text.is_empty() {
        return broken(field, Rule::Missing);
    }
    if text.chars().count() > max {
        return broken(field, Rule::TooLong(max));
    }
    if !text.bytes().all(is_good) {
        return broken(field, Rule::BadCharacter);
    }
    Ok(())
}

/// A text for people: not empty, not long, no control characters.
pub(crate) fn text(field: &'static str, text: &str) -> Checked {
    if text.trim().is_empty() {
        return broken(field, Rule::Missing);
    }
    if text.chars().count() > TEXT_MAX {
        return broken(field, Rule::TooLong(TEXT_MAX));
    }
    if text.chars().any(char::is_control) {
        return broken(field, Rule::BadCharacter);
    }
    Ok(())
}

/// Checks a field that may be absent.
pub(crate) fn maybe<T: ?Sized>(value: Option<&T>, check: impl FnOnce(&T) -> Checked) -> Checked {
    value.map_or(Ok(()), check)
}

/// An amount to be paid, in paise: more than zero, and no more than an order can cost.
pub(crate) fn amount(field: &'static str, paise: u64) -> Checked {
    match paise {
        0 => broken(field, Rule::Zero),
        paise if paise > Paise::MAX.get() => broken(field, Rule::TooLarge),
        _ => Ok(()),
    }
}

/// An Indian mobile number: ten digits, the first from 6 to 9.
pub(crate) fn mobile(field: &'static str, text: &str) -> Checked {
    let is_good = text.len() == 10
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.starts_with(['6', '7', '8', '9']);
    if is_good {
        Ok(())
    } else {
        broken(field, Rule::BadShape("the ten digits of a mobile number"))
    }
}

/// A UPI id.
pub(crate) fn vpa(field: &'static str, text: &str) -> Checked {
    match Vpa::parse(text) {
        Ok(_) => Ok(()),
        Err(_) => broken(field, Rule::BadShape("a UPI id, like name@bank")),
    }
}

/// A mail address: one `@` with something on both sides, nothing that is not printable ASCII.
pub(crate) fn email(field: &'static str, address: &str) -> Checked {
    text(field, address)?;
    let is_good = address.bytes().all(|b| b.is_ascii_graphic())
        && address
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && address.matches('@').count() == 1;
    if is_good {
        Ok(())
    } else {
        broken(field, Rule::BadShape("a mail address"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_met_exactly() {
        assert!(id("f", &"a".repeat(37), 37).is_ok());
        let too_long = broken("f", Rule::TooLong(37));
        assert_eq!(id("f", &"a".repeat(38), 37), too_long);
        assert_eq!(id("f", "", 37), broken("f", Rule::Missing));
        assert_eq!(id("f", "a b", 37), broken("f", Rule::BadCharacter));
        assert_eq!(id("f", "ä", 37), broken("f", Rule::BadCharacter));
        assert!(id("f", "a_b-C9", 37).is_ok());
        assert_eq!(
            alphanumeric("f", "a-b", 35),
            broken("f", Rule::BadCharacter)
        );
        assert_eq!(amount("f", 0), broken("f", Rule::Zero));
        assert!(amount("f", Paise::MAX.get()).is_ok());
        assert_eq!(
            amount("f", Paise::MAX.get() + 1),
            broken("f", Rule::TooLarge)
        );
    }

    #[test]
    fn people_are_written_as_they_should_be() {
        for (mobile_number, is_good) in [
            ("9999999999", true),
            ("5999999999", false),
            ("999999999", false),
            ("+919999999999", false),
            ("9xxxxxxxxx", false),
        ] {
            assert_eq!(
                mobile("f", mobile_number).is_ok(),
                is_good,
                "{mobile_number}"
            );
        }
        for (address, is_good) in [
            ("a@b", true),
            ("amit***75@gmail.com", true),
            ("a@b@c", false),
            ("@b", false),
            ("a b@c", false),
        ] {
            assert_eq!(email("f", address).is_ok(), is_good, "{address}");
        }
    }

    #[test]
    fn an_error_names_its_field_and_says_what_to_write() {
        let error = vpa("paymentInstrument.vpa", "nobody").unwrap_err();
        assert_eq!(
            error.to_string(),
            "paymentInstrument.vpa: write a UPI id, like name@bank"
        );
    }
}
