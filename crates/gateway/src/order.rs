//! An order, and the words for where it stands.

use std::fmt;

use checkout_core::money::Paise;
use checkout_core::utr::Utr;
use checkout_core::vpa::Vpa;

use crate::random;

/// An order's id: 128 random bits. Knowing it is the right to see and to pay the order.
///
/// Kept as its 32 digits, in place: every call of the page reads, looks up and drops one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrderId([u8; 32]);

impl OrderId {
    /// Draws a new one.
    ///
    /// # Errors
    /// Where the operating system has no randomness to give.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut digits = [0; 32];
        for (digit, drawn) in digits.iter_mut().zip(random::hex::<16>()?.bytes()) {
            *digit = drawn;
        }
        Ok(Self(digits))
    }

    /// Reads 32 lower-case hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        let digits: [u8; 32] = text.as_bytes().try_into().ok()?;
        digits.into_iter().all(is_hex).then_some(Self(digits))
    }

    /// The 32 digits.
    pub fn as_str(&self) -> &str {
        // Digits are UTF-8: nothing else gets in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The id opens the order, so a log holds its beginning only.
impl fmt::Debug for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}…", self.as_str())
    }
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Waiting for its money.
    Pending,
    /// Paid, for ever.
    Success,
    /// Its time is over; money may still come.
    Expired,
    /// Declined; money may still come.
    Failed,
}

impl Status {
    /// All of them.
    pub const ALL: [Status; 4] = [
        Status::Pending,
        Status::Success,
        Status::Expired,
        Status::Failed,
    ];

    /// The word in answers and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Pending => "PENDING",
            Status::Success => "SUCCESS",
            Status::Expired => "EXPIRED",
            Status::Failed => "FAILED",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// How an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// By a link or a code of ours; the bank's credits say when.
    Upi,
    /// On PhonePe's page; PhonePe says when.
    PhonepeDebit,
    /// By a request in the customer's app; PhonePe says when.
    PhonepeCollect,
    /// By a mandate; PhonePe says when it is allowed.
    PhonepeAutopay,
}

impl Flow {
    const ALL: [Flow; 4] = [
        Flow::Upi,
        Flow::PhonepeDebit,
        Flow::PhonepeCollect,
        Flow::PhonepeAutopay,
    ];

    /// The word in answers and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Flow::Upi => "upi",
            Flow::PhonepeDebit => "phonepe_debit",
            Flow::PhonepeCollect => "phonepe_collect",
            Flow::PhonepeAutopay => "phonepe_autopay",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flow| flow.as_str() == word)
    }
}

/// What is taken off an order's amount so that the bank's statement tells it from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discount {
    /// The page has not asked for one.
    NotAsked,
    /// It has asked, and no amount was free. That stays so.
    NoneLeft,
    /// This much is taken off.
    Off(Paise),
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its id; `tr` in the pay link.
    pub id: OrderId,
    /// Whose it is.
    pub merchant_id: String,
    /// The merchant's own name for it.
    pub reference: String,
    /// How it is paid.
    pub flow: Flow,
    /// Where it stands.
    pub status: Status,
    /// What was ordered.
    pub amount: Paise,
    /// What is taken off.
    pub discount: Discount,
    /// Who is paid.
    pub payee: Vpa,
    /// The payee's name.
    pub payee_name: String,
    /// The link that pays it, with the full amount. Ours is the same for ever; PhonePe's is empty until
    /// PhonePe has answered, and stays empty where the customer is asked in the app.
    pub deeplink: String,
    /// Who is asked in the app, masked.
    pub payer: Option<String>,
    /// What a mandate charges now; `None`: nothing, or it is no mandate.
    pub charged_now: Option<Paise>,
    /// Where the customer goes after paying; judged when the order was made.
    pub success_url: Option<String>,
    /// A note that the customer sees in the app.
    pub note: Option<String>,
    /// Why it failed, for a person.
    pub reason: Option<String>,
    /// The money that paid it.
    pub paid_utr: Option<Utr>,
    /// When it was made, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// Its deadline; `None`: it waits for ever.
    pub expires_at_ms: Option<i64>,
    /// When it last stopped being pending or changed after that.
    pub closed_at_ms: Option<i64>,
}

impl Order {
    /// What is to be paid now.
    pub fn payable(&self) -> Paise {
        match self.discount {
            // A discount is always less than the amount; the database checks it too.
            Discount::Off(off) => self.amount.checked_sub(off).unwrap_or(self.amount),
            Discount::NotAsked | Discount::NoneLeft => self.amount,
        }
    }

    /// Whether this much pays it: the discounted amount, or the full one that the QR code shows.
    pub fn expects(&self, amount: Paise) -> bool {
        amount == self.payable() || amount == self.amount
    }

    /// Whether its time is over and nobody has said so yet.
    pub fn is_overdue(&self, now_ms: i64) -> bool {
        self.overdue_at_ms().is_some_and(|at_ms| at_ms <= now_ms)
    }

    /// When its time is over, in milliseconds since 1970; `None`: never, or it has ended.
    pub fn overdue_at_ms(&self) -> Option<i64> {
        self.expires_at_ms
            .filter(|_| self.status == Status::Pending)
    }
}
