//! The discount that tells one order from the others on the bank's statement.

use std::collections::BTreeSet;

use checkout_core::money::Paise;

use crate::order::Discount;

/// The smallest discount, from one paisa to `max_paise`, that leaves an amount nobody else owes.
///
/// `taken`: what the payee's other live orders may still be paid with, discounted or in full.
pub fn smallest_free(amount: Paise, max_paise: u64, taken: &BTreeSet<Paise>) -> Discount {
    (1..=max_paise)
        .filter_map(|off| Paise::new(off).ok())
        .map_while(|off| Some((off, amount.checked_sub(off)?)))
        .find(|(_, payable)| !taken.contains(payable))
        .map_or(Discount::NoneLeft, |(off, _)| Discount::Off(off))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paise(paise: u64) -> Paise {
        Paise::new(paise).unwrap()
    }

    #[test]
    fn the_smallest_free_amount_is_taken() {
        for (amount, max, taken, discount) in [
            (49_900, 99, vec![], Discount::Off(paise(1))),
            (49_900, 99, vec![49_900], Discount::Off(paise(1))),
            (49_900, 99, vec![49_899, 49_898], Discount::Off(paise(3))),
            (49_900, 2, vec![49_899, 49_898], Discount::NoneLeft),
            (49_900, 0, vec![], Discount::NoneLeft),
            // Something must be left to pay.
            (1, 99, vec![], Discount::NoneLeft),
            (2, 99, vec![1], Discount::NoneLeft),
        ] {
            let taken = taken.into_iter().map(paise).collect();
            assert_eq!(smallest_free(paise(amount), max, &taken), discount);
        }
    }
}
