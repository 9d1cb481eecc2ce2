//! The five calls between the page and a back end: requests written, answers read tolerantly.
//!
//! Unknown fields are ignored, optional ones may be absent, `null` or empty, numbers may come as
//! strings and strings as numbers. An unknown status of an order means: keep waiting. What is
//! needed and cannot be read makes the whole answer [`WireError::Malformed`].
//!
//! Source: the original description of the five calls, and the contract's extensions.

use crate::json::{Json, object};
use crate::money::Paise;
use crate::vpa::Vpa;

/// One of the five calls, with what it sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Reads the order. `href`: the page's address; `referrer`: where the customer came from.
    Info {
        /// The page's address.
        href: String,
        /// Where the customer came from; may be empty.
        referrer: String,
    },
    /// Asks for a discount before PhonePe is opened; the same answer for the same order.
    Discount,
    /// Asks whether the order is paid.
    Result,
    /// Tells what the customer did.
    Event {
        /// `VERB detail`.
        content: String,
    },
    /// Claims a bank reference.
    Utr {
        /// Twelve digits.
        utr: String,
    },
}

impl Call {
    /// Which of the five it is.
    pub fn kind(&self) -> CallKind {
        match self {
            Call::Info { .. } => CallKind::Info,
            Call::Discount => CallKind::Discount,
            Call::Result => CallKind::Result,
            Call::Event { .. } => CallKind::Event,
            Call::Utr { .. } => CallKind::Utr,
        }
    }

    /// The JSON that is sent.
    pub fn body(&self, order_id: &str) -> String {
        let id = ("id", order_id);
        match self {
            Call::Info { href, referrer } => object(&[id, ("href", href), ("referrer", referrer)]),
            Call::Discount | Call::Result => object(&[id]),
            Call::Event { content } => object(&[id, ("content", content)]),
            Call::Utr { utr } => object(&[id, ("userUtrNo", utr)]),
        }
    }
}

/// The five calls by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallKind {
    /// Order info.
    Info,
    /// Generate discount amount.
    Discount,
    /// Pay result.
    Result,
    /// Pay event.
    Event,
    /// Submit UTR.
    Utr,
}

/// Where an order stands, as the server says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not paid yet. A status that we do not know reads as this one.
    Pending,
    /// Paid, for ever.
    Success,
    /// The time to pay is over; a late payment can still make it [`Status::Success`].
    Expired,
    /// It went wrong; a late payment can still make it [`Status::Success`].
    Failed,
}

impl Status {
    /// Reads a status; unknown words mean keep waiting, never paid and never the end.
    pub fn read(word: &str) -> Self {
        match word {
            "SUCCESS" => Status::Success,
            "EXPIRED" => Status::Expired,
            "FAILED" => Status::Failed,
            _ => Status::Pending,
        }
    }
}

/// An order as the page knows it. Every field but `status` may be missing from an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Where it stands.
    pub status: Status,
    /// What was ordered, before any discount.
    pub amount: Option<Paise>,
    /// The payee's name.
    pub payee_name: Option<String>,
    /// The payee's UPI id.
    pub upi_id: Option<Vpa>,
    /// The link that pays it, unread.
    pub deeplink: Option<String>,
    /// What the QR code holds, where that is not the deeplink.
    pub qr_data: Option<String>,
    /// Where the customer goes after paying, unjudged.
    pub success_url: Option<String>,
    /// The deadline in milliseconds since 1970, on the server's clock.
    pub expires_at_ms: Option<u64>,
    /// Why it failed, for a person.
    pub message: Option<String>,
    /// Who was asked to approve the payment in their app, masked.
    pub payer: Option<String>,
    /// A discount that was granted before.
    pub discount: Option<Discount>,
    /// What a mandate charges now, where its link does not say (`fam`).
    pub charged_now: Option<Paise>,
}

impl Order {
    fn read(model: &Json, asked_id: &str) -> Result<Self, WireError> {
        check_id(model, asked_id)?;
        let payee = model.get("cardInfo").and_then(|card| card.text("name"));
        Ok(Self {
            status: Status::read(model.text("status").ok_or(WireError::Malformed)?),
            amount: amount(model, "amount")?,
            payee_name: payee.map(str::to_owned),
            upi_id: model
                .text("upiId")
                .map(Vpa::parse)
                .transpose()
                .map_err(|_| WireError::Malformed)?,
            deeplink: owned(model, "deeplink"),
            qr_data: owned(model, "qrData"),
            success_url: owned(model, "successUrl"),
            expires_at_ms: model.whole("expiresAt"),
            message: owned(model, "message"),
            payer: owned(model, "payer"),
            discount: model
                .get("discount")
                .and_then(|discount| Discount::read(discount, asked_id).ok()),
            charged_now: amount(model, "chargedNow")?,
        })
    }

    /// Takes over what a newer answer says and keeps what it leaves out.
    pub fn update(&mut self, newer: Order) {
        fn take<T>(field: &mut Option<T>, newer: Option<T>) {
            if newer.is_some() {
                *field = newer;
            }
        }
        self.status = newer.status;
        take(&mut self.amount, newer.amount);
        take(&mut self.payee_name, newer.payee_name);
        take(&mut self.upi_id, newer.upi_id);
        take(&mut self.deeplink, newer.deeplink);
        take(&mut self.qr_data, newer.qr_data);
        take(&mut self.success_url, newer.success_url);
        take(&mut self.expires_at_ms, newer.expires_at_ms);
        take(&mut self.message, newer.message);
        take(&mut self.discount, newer.discount);
    }
}

/// What the customer pays instead of the order's amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discount {
    /// What is to be paid now.
    pub payable: Paise,
    /// What was taken off; `None` where that is nothing.
    pub off: Option<Paise>,
    /// Whether the order is paid already.
    pub is_paid: bool,
}

impl Discount {
    fn read(model: &Json, asked_id: &str) -> Result<Self, WireError> {
        check_id(model, asked_id)?;
        let full = amount(model, "amount")?;
        let payable = amount(model, "userPayAmount")?.ok_or(WireError::Malformed)?;
        let off = match model.text("discountAmount") {
            None => full.and_then(|full| full.checked_sub(payable)),
            Some(text) if is_zero(text) => None,
            Some(text) => Some(Paise::from_rupees(text).map_err(|_| WireError::Malformed)?),
        };
        // The three numbers must add up, or the page would show a sum that nobody can follow.
        let sum = off.map_or(Some(payable), |off| payable.checked_add(off));
        if full.is_some() && full != sum {
            return Err(WireError::Malformed);
        }
        let is_paid = model.text("status").map(Status::read) == Some(Status::Success);
        Ok(Self {
            payable,
            off,
            is_paid,
        })
    }
}

/// The answer to a claimed UTR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UtrAnswer {
    /// Where the order stands now.
    pub status: Status,
    /// Where the customer goes after paying, unjudged.
    pub success_url: Option<String>,
}

/// The envelope around every answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope<'a> {
    /// The server's time in milliseconds since 1970, where it tells.
    pub time_ms: Option<u64>,
    model: Option<&'a Json>,
    refusal: Option<Refusal>,
}

/// A back end's "no": a business error, with the code and words that it chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The error code, such as `UTR_USED`.
    pub code: String,
    /// The back end's own words; may be empty.
    pub message: String,
}

/// Why an answer brings nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WireError {
    /// The back end said no.
    Refused(Refusal),
    /// The answer is not what the call promises.
    Malformed,
}

impl<'a> Envelope<'a> {
    /// Reads the envelope; what is in it is read by the call that was made.
    ///
    /// # Errors
    /// [`WireError::Malformed`] where there is no `status`.
    pub fn read(answer: &'a Json) -> Result<Self, WireError> {
        let status = answer.text("status").ok_or(WireError::Malformed)?;
        let refusal = (status != "0").then(|| Refusal {
            code: status.to_owned(),
            message: answer.text("message").unwrap_or_default().to_owned(),
        });
        let model = answer
            .get("model")
            .filter(|model| matches!(model, Json::Object(_)));
        Ok(Self {
            time_ms: answer.whole("time"),
            model,
            refusal,
        })
    }

    /// The order of an info or result answer. `asked_id`: the order that was asked for; an answer
    /// about another one is malformed.
    ///
    /// # Errors
    /// As [`WireError`] says.
    pub fn order(self, asked_id: &str) -> Result<Order, WireError> {
        Order::read(self.model()?, asked_id)
    }

    /// The discount.
    ///
    /// # Errors
    /// As [`WireError`] says.
    pub fn discount(self, asked_id: &str) -> Result<Discount, WireError> {
        Discount::read(self.model()?, asked_id)
    }

    /// The answer to a UTR.
    ///
    /// # Errors
    /// As [`WireError`] says.
    pub fn utr(self, asked_id: &str) -> Result<UtrAnswer, WireError> {
        let model = self.model()?;
        check_id(model, asked_id)?;
        Ok(UtrAnswer {
            status: Status::read(model.text("status").ok_or(WireError::Malformed)?),
            success_url: owned(model, "successUrl"),
        })
    }

    /// The acknowledgement of an event.
    ///
    /// # Errors
    /// Only [`WireError::Refused`]: there is nothing else to read.
    pub fn acknowledged(self) -> Result<(), WireError> {
        self.refusal
            .map_or(Ok(()), |refusal| Err(WireError::Refused(refusal)))
    }

    fn model(self) -> Result<&'a Json, WireError> {
        match self.refusal {
            Some(refusal) => Err(WireError::Refused(refusal)),
            None => self.model.ok_or(WireError::Malformed),
        }
    }
}

/// An answer without an id is taken for the one that was asked.
fn check_id(model: &Json, asked_id: &str) -> Result<(), WireError> {
    match model.text("id") {
        Some(id) if id != asked_id => Err(WireError::Malformed),
        _ => Ok(()),
    }
}

fn amount(model: &Json, key: &str) -> Result<Option<Paise>, WireError> {
    model
        .text(key)
        .map(Paise::from_rupees)
        .transpose()
        .map_err(|_| WireError::Malformed)
}

fn is_zero(text: &str) -> bool {
    matches!(text, "0" | "0.0" | "0.00")
}

fn owned(model: &Json, key: &str) -> Option<String> {
    model.text(key).map(str::to_owned)
}

#[cfg(test)]
mod tests;
