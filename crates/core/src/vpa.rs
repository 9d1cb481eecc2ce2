//! The virtual payment address (VPA, "UPI id"): `name@handle`.

use std::fmt;

/// A VPA as it was written. Two are the same without regard to case: compare with [`Vpa::is_same`].
#[derive(Clone, PartialEq, Eq)]
pub struct Vpa(String);

impl Vpa {
    /// The longest VPA that community validators accept; the specification names no limit.
    pub const LENGTH_MAX: usize = 255;

    /// Reads a VPA: one `@`, before it letters, digits, `.`, `_` or `-`, behind it letters, digits,
    /// `.` or `-`. Handles are not held against a list: new ones appear without notice, and real
    /// ones hold digits and dots (`kotak811`, `SBIN0000001.ifsc.npci`).
    ///
    /// # Errors
    /// Which of these rules was broken; the text is not repeated.
    pub fn parse(text: &str) -> Result<Self, VpaError> {
        if text.is_empty() {
            return Err(VpaError::Empty);
        }
        if text.len() > Self::LENGTH_MAX {
            return Err(VpaError::TooLong);
        }
        let (name, handle) = text.split_once('@').ok_or(VpaError::NoAt)?;
        if handle.contains('@') {
            return Err(VpaError::TwoAts);
        }
        let name_ok = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
        let handle_ok = |b: u8| b.is_ascii_alphanumeric() || b".-".contains(&b);
        if name.is_empty() || handle.is_empty() {
            return Err(VpaError::Empty);
        }
        if !name.bytes().all(name_ok) || !handle.bytes().all(handle_ok) {
            return Err(VpaError::BadCharacter);
        }
        Ok(Self(text.to_owned()))
    }

    /// The address as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both name one account: case does not count.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// The form to store and compare by: lower case.
    pub fn normalized(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// Personal data: not printed by accident.
impl fmt::Debug for Vpa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vpa(***)")
    }
}

/// Why a text is not a VPA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VpaError {
    /// Nothing at all, or nothing on one side of the `@`.
    Empty,
    /// More than [`Vpa::LENGTH_MAX`] bytes.
    TooLong,
    /// No `@`.
    NoAt,
    /// More than one `@`.
    TwoAts,
    /// A space, a control character, or another that no VPA holds.
    BadCharacter,
}

impl VpaError {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "payee-empty",
            Self::TooLong => "payee-too-long",
            Self::NoAt => "payee-no-at",
            Self::TwoAts => "payee-two-ats",
            Self::BadCharacter => "payee-bad-character",
        }
    }
}

impl fmt::Display for VpaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the UPI id needs a name and a handle, like shop@bank",
            Self::TooLong => "the UPI id is longer than 255 characters",
            Self::NoAt => "the UPI id has no @, write it like shop@bank",
            Self::TwoAts => "the UPI id has more than one @",
            Self::BadCharacter => "the UPI id may hold letters, digits, '.', '_' and '-' only",
        })
    }
}

impl std::error::Error for VpaError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_addresses_are_read() {
        for text in [
            "shop@upi",
            "boim-561518330444@boi",
            "a.b_c-d@kotak811",
            "9876543210@UBIN0570583.ifsc.npci",
            "x@s2b",
        ] {
            assert!(Vpa::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for (text, why) in [
            ("", VpaError::Empty),
            ("@upi", VpaError::Empty),
            ("shop@", VpaError::Empty),
            ("shop", VpaError::NoAt),
            ("shop@@upi", VpaError::TwoAts),
            ("a@b@c", VpaError::TwoAts),
            ("my shop@upi", VpaError::BadCharacter),
            ("shop@u pi", VpaError::BadCharacter),
            ("shop\n@upi", VpaError::BadCharacter),
            ("दुकान@upi", VpaError::BadCharacter),
            ("shop@upi\u{202e}", VpaError::BadCharacter),
        ] {
            assert_eq!(Vpa::parse(text), Err(why), "{text:?}");
        }
        let long = format!("{}@upi", "a".repeat(260));
        assert_eq!(Vpa::parse(&long), Err(VpaError::TooLong));
    }

    #[test]
    fn case_does_not_count_and_nothing_is_printed() {
        let a = Vpa::parse("Shop@UPI").unwrap();
        assert!(a.is_same(&Vpa::parse("shop@upi").unwrap()));
        assert!(!a.is_same(&Vpa::parse("shop2@upi").unwrap()));
        assert_eq!(format!("{a:?}"), "Vpa(***)");
    }
}
