//! The UTR: the 12-digit reference that a bank gives a UPI payment.
//!
//! A UTR that a customer types is a claim, never proof. People paste it with spaces, labels or
//! whole messages around it; [`Utr::from_pasted`] finds it or says what was pasted instead.

use std::fmt;

/// Exactly twelve ASCII digits that can be a bank's reference.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Utr(String);

impl Utr {
    /// Reads a UTR that a program wrote: twelve ASCII digits, nothing else.
    ///
    /// # Errors
    /// [`UtrError::NoNumber`] for another shape, [`UtrError::Repeated`] for `000000000000`.
    pub fn parse(text: &str) -> Result<Self, UtrError> {
        if text.len() != DIGITS || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(UtrError::NoNumber);
        }
        Self::checked(text)
    }

    /// Finds the one UTR in what a person typed or pasted: `4352 6879 1234`, `UTR: 435268791234`,
    /// native digits, or a whole bank message.
    ///
    /// # Errors
    /// What stands there instead, so that the page can say where to look.
    pub fn from_pasted(text: &str) -> Result<Self, UtrError> {
        let runs = numbers(&clean(text));
        let mut found: Option<&String> = None;
        for run in runs.iter().filter(|run| run.len() == DIGITS) {
            if found.is_some_and(|first| first != run) {
                return Err(UtrError::SeveralNumbers);
            }
            found = Some(run);
        }
        match found {
            Some(digits) => Self::checked(digits),
            None => Err(reason(text, &runs)),
        }
    }

    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn checked(digits: &str) -> Result<Self, UtrError> {
        let first = digits.bytes().next();
        if digits.bytes().all(|digit| Some(digit) == first) {
            return Err(UtrError::Repeated);
        }
        Ok(Self(digits.to_owned()))
    }
}

const DIGITS: usize = 12;

/// No message of a bank is longer; the rest is not read.
const PASTE_MAX: usize = 2_000;

/// ASCII digits for those of India's scripts; everything else as it is.
fn clean(text: &str) -> String {
    text.chars()
        .take(PASTE_MAX)
        .map(|c| native_digit(c).unwrap_or(c))
        .collect()
}

/// The first digit of each decimal block in use in India, and of full-width digits.
const ZEROS: [char; 13] = [
    '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '٠', '۰', '꯰', '０',
];

fn native_digit(c: char) -> Option<char> {
    ZEROS.iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(*zero))?;
        char::from_digit(value, 10)
    })
}

/// The standalone numbers of a text. One space or hyphen between two digits belongs to the number;
/// a letter beside it does not let it stand alone (`T2401…`, `CICAgK…7`).
fn numbers(text: &str) -> Vec<String> {
    let whole = grouped(text);
    // `4352 6879 1234` is one number, but `Rs 499 435268791234` is two: joined they have the wrong
    // length, so the parts are looked at by themselves.
    if whole.iter().any(|run| run.len() == DIGITS) {
        return whole;
    }
    let parts = words(text);
    if parts.iter().any(|run| run.len() == DIGITS) {
        parts
    } else {
        whole
    }
}

fn grouped(text: &str) -> Vec<String> {
    let mut runs = Vec::new();
    let mut run = String::new();
    let mut tainted = false;
    let mut previous = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let joins = (c == ' ' || c == '-')
            && previous.is_ascii_digit()
            && chars.peek().is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() {
            tainted |= run.is_empty() && previous.is_alphabetic();
            run.push(c);
        } else if !joins {
            if !run.is_empty() && !tainted && !c.is_alphabetic() {
                runs.push(std::mem::take(&mut run));
            }
            run.clear();
            tainted = false;
        }
        previous = c;
    }
    if !run.is_empty() && !tainted {
        runs.push(run);
    }
    runs
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

/// What was pasted, where it holds no UTR.
fn reason(text: &str, runs: &[String]) -> UtrError {
    let text = text.trim();
    let one_word = !text.contains(char::is_whitespace);
    let has_letter = text.chars().any(|c| c.is_ascii_alphabetic());
    let has_digit = text.chars().any(|c| c.is_ascii_digit());
    if text.is_empty() {
        return UtrError::Empty;
    }
    if one_word && text.starts_with(['T', 't']) && text.len() > DIGITS {
        return UtrError::PhonePeId;
    }
    if one_word && has_letter && has_digit && text.len() >= DIGITS {
        return UtrError::AppId;
    }
    match runs.first().map(String::len) {
        Some(10) => UtrError::Phone,
        Some(1..DIGITS) => UtrError::TooShort,
        Some(_) => UtrError::TooLong,
        None => UtrError::NoNumber,
    }
}

/// Why there is no UTR in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UtrError {
    /// Nothing was typed.
    Empty,
    /// No number stands in the text.
    NoNumber,
    /// A ten-digit number: most likely a phone's.
    Phone,
    /// PhonePe's own transaction id, `T` and digits.
    PhonePeId,
    /// Letters and digits mixed: an app's own transaction id, such as Google Pay's.
    AppId,
    /// Fewer than twelve digits.
    TooShort,
    /// More than twelve digits.
    TooLong,
    /// Two different twelve-digit numbers.
    SeveralNumbers,
    /// Twelve times the same digit.
    Repeated,
}

impl fmt::Display for UtrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Enter the 12-digit UTR of your payment.",
            Self::NoNumber => "There is no number in this. The UTR has 12 digits.",
            Self::Phone => "This looks like a phone number. The UTR has 12 digits.",
            Self::PhonePeId => {
                "This is PhonePe's transaction ID. Look for “UTR” below it: it has 12 digits."
            }
            Self::AppId => {
                "This is the app's own transaction ID. Look for “UTR” or “UPI transaction ID”: it has 12 digits."
            }
            Self::TooShort => "Some digits are missing: the UTR has 12.",
            Self::TooLong => "There are too many digits: the UTR has 12.",
            Self::SeveralNumbers => "There are several 12-digit numbers. Enter only the UTR.",
            Self::Repeated => "This is not a real UTR. Copy it from your UPI app.",
        })
    }
}

impl std::error::Error for UtrError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_paste_is_found() {
        for text in [
            "435268791234",
            " 435268791234 \n",
            "4352 6879 1234",
            "4352-6879-1234",
            "UTR: 435268791234",
            "UTR:435268791234.",
            "UPI transaction ID 435268791234",
            "४३५२६८७९१२३४",
            "４３５２６８７９１２３４",
            "Rs 499 paid. UPI Ref 435268791234. Not you? Call 18001234567",
            "Rs 499 435268791234",
            "435268791234 435268791234",
        ] {
            assert_eq!(
                Utr::from_pasted(text).as_ref().map(Utr::as_str),
                Ok("435268791234"),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_is_no_utr_is_named() {
        for (text, why) in [
            ("", UtrError::Empty),
            ("   ", UtrError::Empty),
            ("paid", UtrError::NoNumber),
            ("9876543210", UtrError::Phone),
            ("T2409121532412345678901", UtrError::PhonePeId),
            ("CICAgKDw7ZHdAg12", UtrError::AppId),
            ("12345", UtrError::TooShort),
            ("1234567890123", UtrError::TooLong),
            ("435268791234 435268791235", UtrError::SeveralNumbers),
            ("000000000000", UtrError::Repeated),
        ] {
            assert_eq!(Utr::from_pasted(text), Err(why), "{text:?}");
        }
    }

    #[test]
    fn programs_write_twelve_digits_and_nothing_else() {
        assert!(Utr::parse("435268791234").is_ok());
        for text in [
            "4352 6879 1234",
            "43526879123",
            "४३५२६८७९१२३४",
            "111111111111",
        ] {
            assert!(Utr::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,200}") {
            if let Ok(utr) = Utr::from_pasted(&text) {
                prop_assert_eq!(Utr::parse(utr.as_str()), Ok(utr));
            }
        }

        #[test]
        fn a_utr_in_a_sentence_is_found(utr in "[1-9][0-8]{10}9", before in "[a-zA-Z ,.]{0,30} ", after in "[ ,.][a-zA-Z ,.]{0,30}") {
            let found = Utr::from_pasted(&format!("{before}{utr}{after}"));
            prop_assert_eq!(found.map(|utr| utr.as_str().to_owned()), Ok(utr));
        }
    }
}
