//! The view of a checkout: what its state looks like to the customer.

use super::Checkout;
use super::state::{Copying, Leaving, PhonePe, Stage, Trip, Trouble, UtrNote};
use super::view::{Amounts, Payee, Screen, Tone, UtrView, View};
use crate::apps::App;
use crate::utr::UtrError;
use crate::wire::CallKind;
use crate::words;

/// Below this the countdown shows seconds, above it hours and minutes.
pub(super) const SECONDS_BELOW_MS: u64 = 3_600_000;
/// From here on the status line says that time is short.
const SHORT_MS: u64 = 60_000;

impl Checkout {
    /// What is to be seen at `now_ms` on the page's clock.
    pub fn view(&self, now_ms: u64) -> View {
        let screen = self.screen();
        let (headline, explanation) = self.message(screen);
        let is_pay = screen == Screen::Pay;
        View {
            screen,
            headline,
            explanation,
            status: self.status(screen, now_ms),
            offline: !self.setup.online && !self.is_paid(),
            apps_first: self.apps_first(now_ms),
            apps_heading: self.apps_heading(now_ms),
            elsewhere: self.elsewhere(now_ms).filter(|_| is_pay),
            payee: self.payee(screen),
            amounts: self.amounts(screen),
            amount_note: if is_pay { self.amount_note() } else { "" },
            apps: if is_pay {
                self.app_buttons()
            } else {
                Vec::new()
            },
            asked: self
                .payer()
                .filter(|_| is_pay)
                .map(words::asked)
                .unwrap_or_default(),
            web_page: self.web_page().filter(|_| is_pay).map(str::to_owned),
            waiting: self.waiting().filter(|_| is_pay),
            qr: self.qr().filter(|_| is_pay),
            countdown: self.left_ms(now_ms).filter(|_| is_pay).map(countdown),
            utr: self.utr_view(screen),
            copy_note: match self.copying {
                Copying::UpiId(Some(worked)) if is_pay => words::copied_upi_id(worked),
                Copying::None | Copying::UpiId(_) | Copying::Address(_) => "",
            },
            continue_to: self
                .success_url()
                .filter(|_| self.is_paid())
                .map(str::to_owned),
            retry: matches!(
                screen,
                Screen::Expired | Screen::Failed | Screen::Unavailable
            ) && self.stage != Stage::Unavailable(Trouble::NoOrder),
            busy: self.in_flight.is_open(self.next_question().kind()),
        }
    }

    pub(super) fn screen(&self) -> Screen {
        match self.stage {
            Stage::Loading => Screen::Loading,
            Stage::Unavailable(_) => Screen::Unavailable,
            Stage::Open if self.offer().is_none() => Screen::Unavailable,
            Stage::Open => Screen::Pay,
            Stage::Expired => Screen::Expired,
            Stage::Failed => Screen::Failed,
            Stage::Paid(_) => Screen::Paid,
        }
    }

    fn trouble(&self) -> Option<Trouble> {
        match (self.stage, &self.known) {
            (Stage::Unavailable(trouble), _) => Some(trouble),
            (Stage::Open, Some(known)) => known.offer.as_ref().err().copied(),
            (Stage::Loading | Stage::Open | Stage::Expired | Stage::Failed | Stage::Paid(_), _) => {
                None
            }
        }
    }

    fn message(&self, screen: Screen) -> (String, String) {
        let server = self
            .known
            .as_ref()
            .and_then(|known| known.order.message.as_deref());
        let (headline, explanation) = match screen {
            Screen::Loading => (words::LOADING, ""),
            Screen::Pay => return self.pay_message(),
            Screen::Paid => (words::PAID, self.paid_explanation()),
            Screen::Expired => (words::EXPIRED, words::EXPIRED_MEANS),
            Screen::Failed => (words::FAILED, server.unwrap_or(words::FAILED_MEANS)),
            Screen::Unavailable => self.trouble().map_or((words::LOADING, ""), words::trouble),
        };
        (headline.to_owned(), explanation.to_owned())
    }

    fn pay_message(&self) -> (String, String) {
        let terms = self.offer().and_then(|offer| offer.terms.clone());
        (words::PAY.to_owned(), terms.unwrap_or_default())
    }

    fn paid_explanation(&self) -> &'static str {
        match (self.stage, self.success_url()) {
            (Stage::Paid(Leaving::At(_)), _) => words::LEAVING,
            (_, Some(_)) => words::LEAVE,
            (_, None) => words::STAY,
        }
    }

    fn status(&self, screen: Screen, now_ms: u64) -> String {
        match screen {
            Screen::Pay => self.pay_status(now_ms),
            Screen::Loading => words::LOADING.to_owned(),
            Screen::Paid => words::PAID_STATUS.to_owned(),
            Screen::Expired | Screen::Failed => words::STILL_WATCHING.to_owned(),
            Screen::Unavailable => String::new(),
        }
    }

    /// The one sentence that matters most just now.
    fn pay_status(&self, now_ms: u64) -> String {
        let payable = self
            .offer()
            .map(|offer| offer.payable.display())
            .unwrap_or_default();
        if !self.setup.online {
            return words::OFFLINE.to_owned();
        }
        match self.phonepe {
            PhonePe::Asking { .. } | PhonePe::AskAgain { .. } => {
                return words::ASKING_DISCOUNT.to_owned();
            }
            PhonePe::Opening { .. } => return words::opening_phonepe(&payable),
            PhonePe::Ready => return words::phonepe_is_ready(&payable),
            PhonePe::Stuck => return words::DISCOUNT_STUCK.to_owned(),
            PhonePe::Idle => {}
        }
        if let Some(launched) = self.launched {
            return match launched.trip {
                _ if self.did_not_open(now_ms) => words::not_opened(launched.app),
                Trip::Back => words::BACK.to_owned(),
                Trip::Here | Trip::Missing | Trip::Asked | Trip::Away => {
                    words::opening(launched.app)
                }
            };
        }
        if self.payer().is_some() {
            let server = self
                .known
                .as_ref()
                .and_then(|known| known.order.message.clone());
            return server.unwrap_or_else(|| words::APPROVAL_PENDING.to_owned());
        }
        let has_discount = self.offer().is_some_and(|offer| offer.discount.is_some());
        if has_discount && self.link_for(App::PhonePe).is_none() {
            return words::scan_with_phonepe(&payable);
        }
        if self.asking.failures > 1 {
            return words::SLOW.to_owned();
        }
        if self.left_ms(now_ms).is_some_and(|left| left < SHORT_MS) {
            return words::SHORT.to_owned();
        }
        words::WAITING.to_owned()
    }

    /// The payee's name: the order's, else the link's, else the brand's; empty where none is known.
    pub(super) fn payee_name(&self) -> String {
        let known = self.known.as_ref();
        let in_order = known.and_then(|known| known.order.payee_name.clone());
        let in_link = || known?.offer.as_ref().ok()?.link.as_ref()?.payee_name();
        let in_brand = || self.setup.config.brand.name.clone();
        in_order
            .or_else(in_link)
            .or_else(in_brand)
            .unwrap_or_default()
    }

    /// While a link lies about its payee, no payee is shown at all.
    fn payee(&self, screen: Screen) -> Option<Payee> {
        if matches!(screen, Screen::Loading | Screen::Unavailable) {
            return None;
        }
        self.known.as_ref()?;
        let name = self.payee_name();
        Some(Payee {
            name,
            upi_id: self
                .payee_address()
                .filter(|_| screen == Screen::Pay && self.takes_money_by_upi_id()),
        })
    }

    /// Money for a mandate, and for a payment that somebody took over, is not found by the payee's
    /// UPI id.
    fn takes_money_by_upi_id(&self) -> bool {
        let Some(Ok(offer)) = self.known.as_ref().map(|known| &known.offer) else {
            return true;
        };
        let is_mandate = offer
            .link
            .as_ref()
            .is_some_and(|link| link.mandate().is_some());
        offer.handover.is_none() && !is_mandate
    }

    fn amounts(&self, screen: Screen) -> Option<Amounts> {
        if matches!(screen, Screen::Loading | Screen::Unavailable) {
            return None;
        }
        let known = self.known.as_ref()?;
        let Ok(offer) = &known.offer else {
            let amount = known.order.amount?;
            return Some(Amounts {
                payable: amount.display(),
                discount: None,
            });
        };
        Some(Amounts {
            payable: offer.payable.display(),
            discount: offer
                .discount
                .map(|(amount, off)| (amount.display(), off.display())),
        })
    }

    fn amount_note(&self) -> &'static str {
        match self.offer() {
            Some(offer) if offer.amount_open => words::TYPE_THE_AMOUNT,
            Some(offer) if offer.discount_lost => words::DISCOUNT_LOST,
            Some(_) | None => "",
        }
    }

    fn left_ms(&self, now_ms: u64) -> Option<u64> {
        self.deadline_ms()?.checked_sub(now_ms)
    }

    /// Whoever has paid can say so, whatever the screen: money may be on its way.
    fn utr_view(&self, screen: Screen) -> Option<UtrView> {
        let is_asked = matches!(screen, Screen::Pay | Screen::Expired | Screen::Failed);
        if !is_asked || !self.takes_money_by_upi_id() {
            return None;
        }
        let (message, tone) = self
            .utr
            .note
            .as_ref()
            .map_or((String::new(), Tone::Plain), utr_message);
        Some(UtrView {
            open: self.utr.open,
            draft: self.utr.draft.clone(),
            busy: self.in_flight.is_open(CallKind::Utr),
            message,
            tone,
        })
    }
}

fn utr_message(note: &UtrNote) -> (String, Tone) {
    let problem = |text: &str| (text.to_owned(), Tone::Problem);
    match note {
        UtrNote::Claimed(utr) => (words::utr_claimed(utr.as_str()), Tone::Plain),
        UtrNote::NotOne(error) => problem(&error.to_string()),
        UtrNote::Invalid => problem(&UtrError::Repeated.to_string()),
        UtrNote::Used => problem(words::UTR_USED),
        UtrNote::Closed => problem(words::UTR_CLOSED),
        UtrNote::TooMany => problem(words::UTR_TOO_MANY),
        UtrNote::Refused(message) if !message.trim().is_empty() => problem(message),
        UtrNote::Refused(_) | UtrNote::NotSent => problem(words::UTR_NOT_SENT),
    }
}

/// `4:59`, or `23 h 59 min` where seconds do not matter. Rounded up: zero means over.
fn countdown(left_ms: u64) -> String {
    let seconds = left_ms.div_ceil(1_000);
    let of = |value: u64, unit: u64| value.checked_div(unit).unwrap_or_default();
    let rest = |value: u64, unit: u64| value.checked_rem(unit).unwrap_or_default();
    if left_ms > SECONDS_BELOW_MS {
        let minutes = left_ms.div_ceil(60_000);
        return words::hours_left(of(minutes, 60), rest(minutes, 60));
    }
    format!("{}:{:02}", of(seconds, 60), rest(seconds, 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countdown_rounds_up() {
        for (left_ms, text) in [
            (0, "0:00"),
            (1, "0:01"),
            (59_001, "1:00"),
            (299_000, "4:59"),
            (3_600_000, "60:00"),
            (3_600_001, "1 h 1 min"),
            (86_400_000, "24 h 0 min"),
        ] {
            assert_eq!(countdown(left_ms), text, "{left_ms}");
        }
    }
}
