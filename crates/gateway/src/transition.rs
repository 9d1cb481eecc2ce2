//! What may become of an order: the one function that decides.
//!
//! `PENDING → SUCCESS | EXPIRED | FAILED`, and, because money can come late,
//! `EXPIRED | FAILED → SUCCESS`. Nothing leaves SUCCESS. What is not listed is refused.

use checkout_core::utr::Utr;

use crate::order::Status;

/// What the world says about an order: a bank, a merchant, PhonePe's callback, its status check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Its money has come, or its mandate was allowed.
    Paid {
        /// The bank's reference of that money, where it is known.
        utr: Option<Utr>,
    },
    /// Its time is over.
    TimeIsUp,
    /// The payment was declined, or the merchant has called it off.
    Declined {
        /// Why, for the customer.
        reason: String,
    },
}

/// What the merchant is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// An order was paid.
    OrderSucceeded,
    /// An order's time ran out.
    OrderExpired,
    /// An order was declined.
    OrderFailed,
    /// Money came that fits no order.
    CreditUnmatched,
}

impl News {
    /// The type of the event that the merchant receives.
    pub fn as_str(self) -> &'static str {
        match self {
            News::OrderSucceeded => "order.succeeded",
            News::OrderExpired => "order.expired",
            News::OrderFailed => "order.failed",
            News::CreditUnmatched => "credit.unmatched",
        }
    }
}

/// A change that is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where the order goes.
    pub to: Status,
    /// What the merchant hears about it.
    pub news: News,
}

/// The input does not move an order that stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// Says what an input makes of an order.
///
/// # Errors
/// [`Refused`] for everything that is not on the list.
pub fn transition(from: Status, input: &Input) -> Result<Change, Refused> {
    let change = |to, news| Ok(Change { to, news });
    match (from, input) {
        (Status::Pending | Status::Expired | Status::Failed, Input::Paid { .. }) => {
            change(Status::Success, News::OrderSucceeded)
        }
        (Status::Pending, Input::TimeIsUp) => change(Status::Expired, News::OrderExpired),
        (Status::Pending, Input::Declined { .. }) => change(Status::Failed, News::OrderFailed),
        (Status::Success, _)
        | (Status::Expired | Status::Failed, Input::TimeIsUp | Input::Declined { .. }) => {
            Err(Refused)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inputs() -> [Input; 3] {
        [
            Input::Paid {
                utr: Utr::parse("435268791234").ok(),
            },
            Input::TimeIsUp,
            Input::Declined {
                reason: String::new(),
            },
        ]
    }

    #[test]
    fn the_table_is_this_one() {
        use Status::*;
        let allowed = [
            (Pending, [Some(Success), Some(Expired), Some(Failed)]),
            (Expired, [Some(Success), None, None]),
            (Failed, [Some(Success), None, None]),
            (Success, [None, None, None]),
        ];
        for (from, goals) in allowed {
            for (input, goal) in inputs().iter().zip(goals) {
                let to = transition(from, input).ok().map(|change| change.to);
                assert_eq!(to, goal, "{from:?} {input:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_paid_order_stays_paid_and_no_order_goes_back(history in prop::collection::vec(0_usize..3, 0..64)) {
            let mut status = Status::Pending;
            for step in history {
                let before = status;
                if let Ok(change) = transition(status, &inputs()[step]) {
                    status = change.to;
                }
                prop_assert!(before != Status::Success || status == Status::Success);
                prop_assert!(before == Status::Pending || status != Status::Pending);
            }
        }
    }
}
