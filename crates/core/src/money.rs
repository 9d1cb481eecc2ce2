//! Money: whole paise, read strictly, printed the Indian way.
//!
//! Every amount in the product is a [`Paise`]: an integer of at least one paisa and at most
//! [`Paise::MAX`], so sums of two never overflow. There is no zero, no sign and no float.

use std::fmt;

/// An amount of Indian rupees in paise (1 rupee = 100 paise); from 1 to [`Paise::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Paise(u64);

impl Paise {
    /// The largest amount, ₹9,99,99,99,999.99: thirteen characters in a link, which is what a
    /// QR code's amount field holds (Bharat QR, tag 54).
    pub const MAX: Paise = Paise(999_999_999_999);

    /// Takes an amount in paise.
    ///
    /// # Errors
    /// [`AmountError::Zero`] and [`AmountError::TooLarge`].
    pub fn new(paise: u64) -> Result<Self, AmountError> {
        match paise {
            0 => Err(AmountError::Zero),
            1..=999_999_999_999 => Ok(Self(paise)),
            _ => Err(AmountError::TooLarge),
        }
    }

    /// Reads rupees as links and answers write them: ASCII digits, no leading zero, at most two
    /// decimals; no sign, exponent, separator or space.
    ///
    /// # Errors
    /// Which of these rules was broken.
    pub fn from_rupees(text: &str) -> Result<Self, AmountError> {
        let (rupees, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(rupees) || !all_digits(decimals) {
            return Err(AmountError::NotRupees);
        }
        if rupees.len() > 1 && rupees.starts_with('0') {
            return Err(AmountError::LeadingZero);
        }
        let whole: u64 = rupees.parse().map_err(|_| AmountError::TooLarge)?;
        let part: u64 = match decimals.len() {
            1 => decimals.parse::<u64>().map(|tens| tens.saturating_mul(10)),
            2 => decimals.parse(),
            _ => return Err(AmountError::TooManyDecimals),
        }
        .map_err(|_| AmountError::NotRupees)?;
        Self::new(whole.saturating_mul(100).saturating_add(part))
    }

    /// The number of paise.
    pub fn get(self) -> u64 {
        self.0
    }

    /// Rupees for a link or an answer, always with two decimals: `499.00`.
    pub fn to_rupees(self) -> String {
        format!("{}.{:02}", self.whole(), self.part())
    }

    /// Rupees for a person, in every language with Latin digits, lakh grouping and two decimals:
    /// `₹1,00,000.00`. Hand-made, because `Intl` groups or digits ten Indian languages wrongly.
    pub fn display(self) -> String {
        let digits = self.whole().to_string();
        let mut text = String::from("₹");
        for (place, digit) in digits.chars().enumerate() {
            let left = digits.len().saturating_sub(place);
            // A comma stands before the last three digits, and before each pair further left.
            if place > 0 && (left == 3 || (left > 3 && left % 2 == 1)) {
                text.push(',');
            }
            text.push(digit);
        }
        text.push_str(&format!(".{:02}", self.part()));
        text
    }

    /// The sum; `None` where it is more than [`Paise::MAX`].
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::new(self.0.saturating_add(other.0)).ok()
    }

    /// The difference; `None` where nothing or less than nothing is left.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self::new(self.0.checked_sub(other.0)?).ok()
    }

    fn whole(self) -> u64 {
        self.0.checked_div(100).unwrap_or_default()
    }

    fn part(self) -> u64 {
        self.0.checked_rem(100).unwrap_or_default()
    }
}

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// Something other than digits with at most one point between them.
    NotRupees,
    /// `007`: zeros that a careless reader could take for another base or length.
    LeadingZero,
    /// More than two decimals.
    TooManyDecimals,
    /// Nothing to pay.
    Zero,
    /// More than [`Paise::MAX`].
    TooLarge,
}

impl AmountError {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotRupees => "amount-not-rupees",
            Self::LeadingZero => "amount-leading-zero",
            Self::TooManyDecimals => "amount-too-many-decimals",
            Self::Zero => "amount-zero",
            Self::TooLarge => "amount-too-large",
        }
    }
}

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotRupees => "write the amount in rupees with ASCII digits, like 499 or 499.50",
            Self::LeadingZero => "write the amount without leading zeros, like 499.50",
            Self::TooManyDecimals => "write at most two decimals: a paisa is the smallest amount",
            Self::Zero => "the amount must be more than zero",
            Self::TooLarge => "the amount is too large: check for extra digits",
        })
    }
}

impl std::error::Error for AmountError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rupees_are_read() {
        for (text, paise) in [
            ("1", 100),
            ("499", 49_900),
            ("499.5", 49_950),
            ("499.00", 49_900),
            ("0.01", 1),
            ("9999999999.99", 999_999_999_999),
        ] {
            assert_eq!(
                Paise::from_rupees(text).map(Paise::get),
                Ok(paise),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_not_rupees_is_refused() {
        use AmountError::*;
        for (text, why) in [
            ("", NotRupees),
            (".", NotRupees),
            ("5.", NotRupees),
            (".5", NotRupees),
            ("-5", NotRupees),
            ("+5", NotRupees),
            ("1e3", NotRupees),
            ("0x10", NotRupees),
            ("1,000", NotRupees),
            ("1 000", NotRupees),
            (" 5", NotRupees),
            ("5\n", NotRupees),
            ("५", NotRupees),
            ("５", NotRupees),
            ("1.2.3", NotRupees),
            ("NaN", NotRupees),
            ("007", LeadingZero),
            ("00.50", LeadingZero),
            ("499.505", TooManyDecimals),
            ("0", Zero),
            ("0.00", Zero),
            ("10000000000", TooLarge),
            ("99999999999999999999999999", TooLarge),
        ] {
            assert_eq!(Paise::from_rupees(text), Err(why), "{text:?}");
        }
    }

    #[test]
    fn amounts_are_printed_with_lakh_grouping() {
        for (paise, text) in [
            (1, "₹0.01"),
            (49_900, "₹499.00"),
            (99_999, "₹999.99"),
            (100_000, "₹1,000.00"),
            (9_999_900, "₹99,999.00"),
            (10_000_000, "₹1,00,000.00"),
            (123_456_789, "₹12,34,567.89"),
            (1_000_000_000, "₹1,00,00,000.00"),
            (999_999_999_999, "₹9,99,99,99,999.99"),
        ] {
            assert_eq!(Paise(paise).display(), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(paise in 1_u64..=999_999_999_999) {
            let amount = Paise::new(paise).unwrap();
            prop_assert_eq!(Paise::from_rupees(&amount.to_rupees()), Ok(amount));
        }

        #[test]
        fn the_display_holds_the_same_digits(paise in 1_u64..=999_999_999_999) {
            let amount = Paise::new(paise).unwrap();
            let digits: String = amount.display().chars().filter(|c| *c != ',' && *c != '₹').collect();
            prop_assert_eq!(digits, amount.to_rupees());
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            let _ = Paise::from_rupees(&text);
        }

        #[test]
        fn sums_and_differences_agree(a in 1_u64..=999_999_999_999, b in 1_u64..=999_999_999_999) {
            let (a, b) = (Paise(a), Paise(b));
            if let Some(sum) = a.checked_add(b) {
                prop_assert_eq!(sum.checked_sub(b), Some(a));
            }
            prop_assert_eq!(a.checked_sub(b).is_some(), a > b);
        }
    }
}
