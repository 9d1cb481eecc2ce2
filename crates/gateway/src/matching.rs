//! Which order a credit pays. Pure: the evidence comes in, a verdict goes out.
//!
//! Whatever the evidence, payee and amount must agree. The bank's word goes before the customer's:
//! an order that the note names is the only one that the credit can pay; else the one that claims
//! the credit's UTR; else the only live one that expects this amount. A guess is never made: with
//! two that fit, or a named one that does not, the credit waits for the merchant.

use crate::credit::{CreditReport, MatchedBy, Mismatch};
use crate::order::{Order, OrderId, Status};

/// The orders that a credit may pay; all of its merchant.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Those whose id stands in the note.
    pub named: Vec<Order>,
    /// Those whose customer typed the UTR.
    pub claiming: Vec<Order>,
    /// Live ones of the payee that expect the amount, discounted or in full. Two are enough.
    pub expecting: Vec<Order>,
}

/// The most order ids that are read from a note.
const NAMED_MAX: usize = 4;

/// The order ids that stand in a note, each as a word of its own.
pub fn ids_in_note(note: &str) -> Vec<OrderId> {
    let mut ids: Vec<OrderId> = note
        .split(|c: char| !c.is_alphanumeric())
        .filter_map(|word| OrderId::parse(&word.to_ascii_lowercase()))
        .take(NAMED_MAX)
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Chooses the order that a credit pays.
///
/// # Errors
/// Why it pays none.
pub fn choose(
    credit: &CreditReport,
    evidence: &Evidence,
) -> Result<(OrderId, MatchedBy), Mismatch> {
    match evidence.named.as_slice() {
        [] => (),
        [order] => return fits(credit, order).map(|()| (order.id, MatchedBy::Reference)),
        _ => return Err(Mismatch::Ambiguous),
    }
    let claiming: Vec<&Order> = evidence
        .claiming
        .iter()
        .filter(|order| fits(credit, order).is_ok())
        .collect();
    let expected_by = match evidence.expecting.as_slice() {
        [order] => Some(order),
        _ => None,
    };
    match (claiming.as_slice(), expected_by) {
        ([order], _) => Ok((order.id, MatchedBy::Claim)),
        ([], Some(order)) => fits(credit, order).map(|()| (order.id, MatchedBy::Amount)),
        ([], None) if evidence.expecting.is_empty() => Err(Mismatch::NoOrder),
        // Several claim it: the amount decides, where it can.
        (several, Some(order)) if several.iter().any(|claiming| claiming.id == order.id) => {
            Ok((order.id, MatchedBy::Claim))
        }
        _ => Err(Mismatch::Ambiguous),
    }
}

/// Whether a credit can pay an order at all.
fn fits(credit: &CreditReport, order: &Order) -> Result<(), Mismatch> {
    if order.status == Status::Success {
        Err(Mismatch::AlreadyPaid)
    } else if order.payee.normalized() != credit.payee_key {
        Err(Mismatch::PayeeDiffers)
    } else if !order.expects(credit.amount) {
        Err(Mismatch::AmountDiffers)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::{Discount, Flow};
    use checkout_core::money::Paise;
    use checkout_core::utr::Utr;
    use checkout_core::vpa::Vpa;

    fn paise(paise: u64) -> Paise {
        Paise::new(paise).unwrap()
    }

    /// An order of ₹499.00, with one paisa off where it is odd.
    fn order(number: u8, status: Status) -> Order {
        Order {
            id: OrderId::parse(&format!("{number:032x}")).unwrap(),
            merchant_id: "shop".into(),
            reference: String::new(),
            flow: Flow::Upi,
            payer: None,
            charged_now: None,
            status,
            amount: paise(49_900),
            discount: if number % 2 == 1 {
                Discount::Off(paise(1))
            } else {
                Discount::NotAsked
            },
            payee: Vpa::parse("Shop@Bank").unwrap(),
            payee_name: String::new(),
            deeplink: String::new(),
            success_url: None,
            note: None,
            reason: None,
            paid_utr: None,
            created_at_ms: 0,
            expires_at_ms: None,
            closed_at_ms: None,
        }
    }

    fn credit(amount: u64, payee: &str) -> CreditReport {
        CreditReport {
            utr: Utr::parse("435268791234").unwrap(),
            amount: paise(amount),
            payee_key: payee.into(),
            payer: None,
            received_at_ms: None,
            note: None,
        }
    }

    #[test]
    fn the_table_of_evidence() {
        use MatchedBy::*;
        use Mismatch::*;
        let open = |number| order(number, Status::Pending);
        let paid = |number| order(number, Status::Success);
        let late = |number| order(number, Status::Expired);
        let none = Vec::new;
        // named, claiming, expecting, amount -> verdict
        for (name, named, claiming, expecting, amount, verdict) in [
            ("nothing", none(), none(), none(), 49_900, Err(NoOrder)),
            (
                "the note",
                vec![open(2)],
                none(),
                none(),
                49_900,
                Ok((2, Reference)),
            ),
            (
                "discounted",
                vec![open(1)],
                none(),
                none(),
                49_899,
                Ok((1, Reference)),
            ),
            (
                "in full all the same",
                vec![open(1)],
                none(),
                none(),
                49_900,
                Ok((1, Reference)),
            ),
            (
                "late",
                vec![late(2)],
                none(),
                none(),
                49_900,
                Ok((2, Reference)),
            ),
            (
                "declined",
                vec![order(2, Status::Failed)],
                none(),
                none(),
                49_900,
                Ok((2, Reference)),
            ),
            (
                "wrong amount",
                vec![open(2)],
                none(),
                none(),
                49_899,
                Err(AmountDiffers),
            ),
            (
                "paid twice",
                vec![paid(2)],
                none(),
                vec![open(4)],
                49_900,
                Err(AlreadyPaid),
            ),
            (
                "two are named",
                vec![open(2), open(4)],
                none(),
                none(),
                49_900,
                Err(Ambiguous),
            ),
            (
                "a stranger's claim",
                vec![open(2)],
                vec![open(4)],
                none(),
                49_900,
                Ok((2, Reference)),
            ),
            (
                "a claim",
                none(),
                vec![open(2)],
                none(),
                49_900,
                Ok((2, Claim)),
            ),
            (
                "a claim, late",
                none(),
                vec![late(2)],
                none(),
                49_900,
                Ok((2, Claim)),
            ),
            (
                "a claim among equals",
                none(),
                vec![open(2)],
                vec![open(2), open(4)],
                49_900,
                Ok((2, Claim)),
            ),
            (
                "a mistyped claim",
                none(),
                vec![open(2)],
                vec![open(1)],
                49_899,
                Ok((1, Amount)),
            ),
            (
                "a mistyped claim alone",
                none(),
                vec![open(2)],
                none(),
                49_899,
                Err(NoOrder),
            ),
            (
                "a claim of a paid one",
                none(),
                vec![paid(2)],
                none(),
                49_900,
                Err(NoOrder),
            ),
            (
                "two claims, amount decides",
                none(),
                vec![open(1), open(2)],
                vec![open(1)],
                49_899,
                Ok((1, Claim)),
            ),
            (
                "two claims, one is live",
                none(),
                vec![late(2), open(4)],
                vec![open(4)],
                49_900,
                Ok((4, Claim)),
            ),
            (
                "two equal claims",
                none(),
                vec![open(2), open(4)],
                vec![open(2), open(4)],
                49_900,
                Err(Ambiguous),
            ),
            (
                "two claims, a third expects",
                none(),
                vec![late(2), late(4)],
                vec![open(6)],
                49_900,
                Err(Ambiguous),
            ),
            (
                "the amount",
                none(),
                none(),
                vec![open(1)],
                49_899,
                Ok((1, Amount)),
            ),
            (
                "the amount, twice",
                none(),
                none(),
                vec![open(2), open(4)],
                49_900,
                Err(Ambiguous),
            ),
        ] {
            let evidence = Evidence {
                named,
                claiming,
                expecting,
            };
            let chosen = choose(&credit(amount, "shop@bank"), &evidence);
            let verdict = verdict.map(|(number, by)| (order(number, Status::Pending).id, by));
            assert_eq!(chosen, verdict, "{name}");
        }
    }

    #[test]
    fn another_payee_is_never_paid() {
        let open = order(2, Status::Pending);
        let other = credit(49_900, "other@bank");
        let named = Evidence {
            named: vec![open.clone()],
            ..Evidence::default()
        };
        assert_eq!(choose(&other, &named), Err(Mismatch::PayeeDiffers));
        let claimed = Evidence {
            claiming: vec![open],
            ..Evidence::default()
        };
        assert_eq!(choose(&other, &claimed), Err(Mismatch::NoOrder));
    }

    #[test]
    fn an_id_in_a_note_stands_alone() {
        let id = "0123456789abcdef0123456789abcdef";
        for (note, found) in [
            (id.to_owned(), 1),
            (format!("UPI/4352/{id}/Payment"), 1),
            (format!("Order {}.", id.to_uppercase()), 1),
            (format!("{id} {id}"), 1),
            (format!("{id}0"), 0),
            (format!("x{id}"), 0),
            ("Order 12".to_owned(), 0),
        ] {
            assert_eq!(ids_in_note(&note).len(), found, "{note}");
        }
    }
}
