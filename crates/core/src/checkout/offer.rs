//! What the customer is offered to pay with: derived from the order, checked against it.
//!
//! Always holds: the payee, currency and amount of every link and code in an [`Offer`] are those
//! that the page shows.

use super::state::Trouble;
use crate::link::{LinkError, UpiLink};
use crate::money::Paise;
use crate::redirect;
use crate::wire::Order;

/// One order's way to be paid.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offer {
    /// What is to be paid now.
    pub(super) payable: Paise,
    /// The amount before the discount and what is taken off, where there is a discount.
    pub(super) discount: Option<(Paise, Paise)>,
    /// The link with that amount; `None`: only the UPI id is known.
    pub(super) link: Option<UpiLink>,
    /// Whether a discount was granted that the signed link cannot carry.
    pub(super) discount_lost: bool,
    /// Whether the customer has to type the amount, because a signed link leaves it open.
    pub(super) amount_open: bool,
    /// The terms of a mandate, in words.
    pub(super) terms: Option<String>,
    /// Who takes the payment over, instead of a link or a code.
    pub(super) handover: Option<Handover>,
    /// What the code holds; `None` where no code says what the page shows, or there is no link.
    pub(super) qr_text: Option<String>,
}

/// Who takes a payment over. Money that came by any other way would not be found, so no link, no
/// code, no UPI id and no UTR stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Handover {
    /// A page on which it goes on (PhonePe's `redirectType: WEB`).
    Page(String),
    /// The payer, masked, who was asked in their app (a collect request).
    Payer(String),
}

impl Handover {
    fn of(order: &Order) -> Result<Option<Self>, Trouble> {
        match (&order.deeplink, &order.payer) {
            (Some(link), _) if is_page(link) => redirect::judge(link, &[])
                .map(|()| Some(Handover::Page(link.clone())))
                .map_err(|_| Trouble::BadLink),
            (None, Some(payer)) => Ok(Some(Handover::Payer(payer.clone()))),
            (Some(_) | None, _) => Ok(None),
        }
    }
}

fn is_page(link: &str) -> bool {
    let starts_with = |scheme: &str| {
        link.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    starts_with("https:") || starts_with("http:")
}

impl Offer {
    /// Derives the offer, or says why the order cannot be paid here.
    pub(super) fn derive(order: &Order) -> Result<Offer, Trouble> {
        if let Some(handover) = Handover::of(order)? {
            return Ok(Offer {
                payable: order.amount.ok_or(Trouble::Malformed)?,
                discount: None,
                link: None,
                discount_lost: false,
                amount_open: false,
                terms: None,
                handover: Some(handover),
                qr_text: None,
            });
        }
        let read = |text: &String| UpiLink::parse(text).map_err(|_| Trouble::BadLink);
        let link = order.deeplink.as_ref().map(read).transpose()?;
        let amount = order
            .amount
            .or(link.as_ref().and_then(UpiLink::amount))
            .ok_or(Trouble::Malformed)?;
        if link.is_none() && order.upi_id.is_none() {
            return Err(Trouble::NotReady);
        }

        // The terms of a mandate are the merchant's: nothing is taken off.
        let mut mandate = link.as_ref().and_then(UpiLink::mandate).copied();
        let granted = order
            .discount
            .filter(|discount| mandate.is_none() && discount.payable < amount);
        let mut accepted = vec![amount];
        accepted.extend(granted.map(|discount| discount.payable));
        if let Some(mandate) = &mut mandate {
            mandate.first = mandate.first.or(order.charged_now);
            // The order is the first charge, and the link names the ceiling of the later ones.
            let is_first = mandate.first == Some(amount) && amount <= mandate.amount;
            accepted.extend(is_first.then_some(mandate.amount));
        }
        let agrees = |link: &UpiLink| {
            link.agrees_with(order.upi_id.as_ref(), &accepted)
                .map_err(Trouble::Mismatch)
        };
        link.as_ref().map_or(Ok(()), agrees)?;

        let wanted = granted.map_or(amount, |discount| discount.payable);
        let (payable, link) = match link {
            None => (wanted, None),
            Some(link) => match link.with_amount(wanted) {
                Ok(changed) => (wanted, Some(changed)),
                // Signed, or a mandate: it is used as it is, and what it charges is what is paid.
                Err(_) => (
                    mandate
                        .and_then(|mandate| mandate.first)
                        .or(link.amount())
                        .unwrap_or(amount),
                    Some(link),
                ),
            },
        };
        let amount_open = link.as_ref().is_some_and(|link| link.amount().is_none());
        let qr_text = match &order.qr_data {
            Some(data) => qr_text(data, payable, &agrees)?,
            None => link.as_ref().map(|link| link.as_str().to_owned()),
        };
        Ok(Offer {
            payable,
            discount: granted.and_then(|_| Some((amount, amount.checked_sub(payable)?))),
            terms: mandate.map(|mandate| mandate.words()),
            discount_lost: granted.is_some_and(|discount| discount.payable != payable),
            amount_open,
            handover: None,
            link,
            qr_text,
        })
    }
}

/// What the code holds where the order says so: a link that agrees, with the amount to pay, or
/// a Bharat QR payload as it is (its first tag is always `000201`).
fn qr_text(
    data: &str,
    payable: Paise,
    agrees: &impl Fn(&UpiLink) -> Result<(), Trouble>,
) -> Result<Option<String>, Trouble> {
    if data.starts_with("000201") {
        return Ok(Some(data.to_owned()));
    }
    let link = UpiLink::parse(data).map_err(|_| Trouble::BadLink)?;
    agrees(&link)?;
    match link.with_amount(payable) {
        Ok(changed) => Ok(Some(changed.as_str().to_owned())),
        // Signed, with the amount before the discount: not what the page shows.
        Err(LinkError::Signed) if link.amount().is_some() => Ok(None),
        Err(_) => Ok(Some(data.to_owned())),
    }
}
