//! PhonePe's side of the talk, for the sandbox and for tests. Pure: time is an argument, callbacks
//! come out as [`Delivery`]s for somebody else to send.
//!
//! It takes a request as PhonePe would: checksum, headers and fields first. It keeps its own books
//! ([`Simulator::payments`]), so that a test can hold the gateway's against them. Whatever PhonePe may
//! answer can be asked for ([`Simulator::misbehave`]), and so can every way in which a callback goes
//! wrong ([`Telling`], [`Forgery`]).
//!
//! Some names have a meaning, so that each documented code can be had without a switch:
//!
//! | name | what it does |
//! | --- | --- |
//! | a `userAuthToken` that starts with `invalid` | `INVALID_USER_AUTH_TOKEN` |
//! | a UPI id that starts with `invalid` | does not exist |
//! | a subscription that does not start with `OMS` | `SUBSCRIPTION_NOT_FOUND` |
//! | a subscription that ends in `EXPIRED` or `ACTIVE` | `SUBSCRIPTION_EXPIRED`, `INVALID_SUBSCRIPTION_STATE` |
//! | `OMSUPTO99900` | its mandate allows later charges of up to 999 rupees; without, as much as the first |
//! | `OMSPENNY49900` | its workflow is PENNY_DROP, and its mandate allows up to 499 rupees |

mod answers;
mod books;
mod tell;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::answer::Code;
use crate::autopay::AuthRequest;
use crate::call::{
    Account, Method, X_CALL_MODE, X_CALLBACK_URL, X_REDIRECT_MODE, X_REDIRECT_URL, decode,
};
use crate::collect::Collect;
use crate::debit::{Debit, Version};
use crate::salt::X_VERIFY;

use answers::{no, vpa_answer};
pub use books::{Action, Kind, Payment, State};
pub use tell::{Delivery, Forgery, Telling};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// `GET` or `POST`.
    pub method: Method,
    /// The path behind the base address.
    pub path: &'a str,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: &'a [u8],
}

impl Request<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(&name.to_ascii_lowercase())?;
        Some(value.as_str())
    }
}

/// An answer to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Where a 302 leads.
    pub location: Option<String>,
    /// The body.
    pub body: String,
}

/// What may go wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The work is done, and `INTERNAL_SERVER_ERROR` is answered.
    ErrorButDone,
    /// The work is done, and nothing is answered.
    SilenceButDone,
    /// Nothing is done, and nothing is answered.
    Silence,
    /// Nothing is done, and this is answered.
    Answer(Code),
}

/// Which requests a fault waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Debit, request payment, submit auth request.
    Start,
    /// Status checks.
    Status,
    /// VPA verification.
    Vpa,
}

/// PhonePe, played.
#[derive(Debug)]
pub struct Simulator {
    account: Account,
    page_url: String,
    payee: String,
    payments: BTreeMap<String, Payment>,
    verified: BTreeSet<String>,
    faults: VecDeque<(On, Fault)>,
    deliveries: Vec<Delivery>,
    serial: u64,
}

impl Simulator {
    /// A PhonePe with one merchant. `page_url` is where its pages are; `payee` is the UPI id that its
    /// mandates name.
    pub fn new(account: Account, page_url: String, payee: String) -> Self {
        Self {
            account,
            page_url,
            payee,
            payments: BTreeMap::new(),
            verified: BTreeSet::new(),
            faults: VecDeque::new(),
            deliveries: Vec::new(),
            serial: 0,
        }
    }

    /// Its books, by the merchant's id of each payment.
    pub fn payments(&self) -> impl Iterator<Item = &Payment> {
        self.payments.values()
    }

    /// One payment.
    pub fn payment(&self, id: &str) -> Option<&Payment> {
        self.payments.get(id)
    }

    /// The payment whose page has this token.
    pub fn by_token(&self, token: &str) -> Option<&Payment> {
        self.payments.values().find(|it| it.token == token)
    }

    /// Lets the next request of that kind go wrong. Faults wait in line.
    pub fn misbehave(&mut self, on: On, fault: Fault) {
        self.faults.push_back((on, fault));
    }

    fn fault(&mut self, on: On) -> Option<Fault> {
        let place = self.faults.iter().position(|(waits, _)| *waits == on)?;
        self.faults.remove(place).map(|(_, fault)| fault)
    }

    /// Answers a request. `None`: the connection ends without an answer.
    pub fn handle(&mut self, now_ms: i64, request: &Request<'_>) -> Option<Response> {
        self.pass(now_ms);
        let parts: Vec<&str> = request.path.split('/').skip(1).collect();
        match (request.method, parts.as_slice()) {
            (Method::Post, ["v3", "debit"]) => self.start(now_ms, request, Self::debit_v3),
            (Method::Post, ["v4", "debit"]) => self.start(now_ms, request, Self::debit_v4),
            (Method::Post, ["v3", "charge"]) => self.start(now_ms, request, Self::charge),
            (Method::Post, ["v3", "recurring", "auth", "init"]) => {
                self.start(now_ms, request, Self::auth)
            }
            (Method::Get, ["v3", "transaction", merchant, id, "status"])
            | (Method::Get, ["v3", "recurring", "auth", "status", merchant, id]) => {
                let is_auth = parts.get(1) == Some(&"recurring");
                self.bare(request, merchant, On::Status, |it| it.status(id, is_auth))
            }
            (Method::Get, ["v3", "vpa", merchant, vpa, "validate"]) => {
                self.bare(request, merchant, On::Vpa, |it| it.validate(vpa))
            }
            (Method::Post, ["v3", "charge", merchant, id, "cancel"]) => {
                let id = (*id).to_owned();
                self.bare(request, merchant, On::Start, |it| it.cancel(now_ms, &id))
            }
            _ => Some(no(404, &Code::BadRequest)),
        }
    }

    /// A request without a payload: checksum over the path, then the work.
    fn bare(
        &mut self,
        request: &Request<'_>,
        merchant: &str,
        on: On,
        work: impl FnOnce(&mut Self) -> Response,
    ) -> Option<Response> {
        let given = request.header(X_VERIFY).unwrap_or_default();
        let salts = &self.account.salts;
        if salts.check_path(given, request.path).is_err() {
            return Some(no(401, &Code::AuthorizationFailed));
        }
        if merchant != self.account.merchant_id {
            return Some(no(400, &Code::BadRequest));
        }
        match self.fault(on) {
            None => Some(work(self)),
            Some(fault) => self.go_wrong(fault, work),
        }
    }

    fn go_wrong(
        &mut self,
        fault: Fault,
        work: impl FnOnce(&mut Self) -> Response,
    ) -> Option<Response> {
        match fault {
            Fault::Answer(code) => Some(no(answers::http_status(&code), &code)),
            Fault::Silence => None,
            Fault::SilenceButDone => {
                work(self);
                None
            }
            Fault::ErrorButDone => {
                work(self);
                Some(no(500, &Code::InternalServerError))
            }
        }
    }

    /// A request with a payload: checksum and headers, then the fields, then the work.
    fn start(
        &mut self,
        now_ms: i64,
        request: &Request<'_>,
        work: fn(&mut Self, i64, &[u8], &Headers) -> Result<Response, Code>,
    ) -> Option<Response> {
        let base64 = serde_json::from_slice::<serde_json::Value>(request.body)
            .ok()
            .and_then(|body| body.get("request")?.as_str().map(str::to_owned))
            .unwrap_or_default();
        let given = request.header(X_VERIFY).unwrap_or_default();
        let salts = &self.account.salts;
        if salts.check_payload(given, &base64, request.path).is_err() {
            return Some(no(401, &Code::AuthorizationFailed));
        }
        let is_json = request
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("application/json"));
        let is_mode = |name| matches!(request.header(name), None | Some("GET" | "POST"));
        let is_whole = is_json && is_mode(X_REDIRECT_MODE) && is_mode(X_CALL_MODE);
        let payload = decode(&base64).filter(|_| is_whole);
        let headers = Headers {
            redirect_url: request.header(X_REDIRECT_URL).map(str::to_owned),
            callback_url: request.header(X_CALLBACK_URL).map(str::to_owned),
        };
        let run = |it: &mut Self| match payload {
            None => no(400, &Code::BadRequest),
            Some(payload) => work(it, now_ms, &payload, &headers)
                .unwrap_or_else(|code| no(answers::http_status(&code), &code)),
        };
        match self.fault(On::Start) {
            None => Some(run(self)),
            Some(fault) => self.go_wrong(fault, run),
        }
    }

    fn debit_v3(&mut self, _: i64, payload: &[u8], headers: &Headers) -> Result<Response, Code> {
        let payment = self.debit(payload, headers, Version::V3)?;
        let location = format!("/transact?token={}", payment.token);
        Ok(Response {
            status: 302,
            body: format!("Found. Redirecting to {location}"),
            location: Some(location),
        })
    }

    fn debit_v4(&mut self, _: i64, payload: &[u8], headers: &Headers) -> Result<Response, Code> {
        let payment = self.debit(payload, headers, Version::V4)?;
        let url = format!("{}/transact?token={}", self.page_url, payment.token);
        Ok(answers::opening("WEB", "redirectURL", &url))
    }

    fn debit(
        &mut self,
        payload: &[u8],
        headers: &Headers,
        version: Version,
    ) -> Result<Payment, Code> {
        let debit: Debit = serde_json::from_slice(payload).map_err(|_| Code::BadRequest)?;
        debit.check(version).map_err(|_| Code::BadRequest)?;
        let token = debit.user_auth_token.as_deref().unwrap_or_default();
        if token.starts_with("invalid") {
            return Err(Code::InvalidUserAuthToken);
        }
        let merchant = &debit.merchant_id;
        let payment = Payment {
            redirect_url: headers.redirect_url.clone(),
            ..self.new_payment(Kind::Debit, merchant, &debit.transaction_id, headers)?
        };
        let payment = Payment {
            amount: Some(debit.amount),
            ..payment
        };
        self.keep(payment)
    }

    fn charge(&mut self, now_ms: i64, payload: &[u8], headers: &Headers) -> Result<Response, Code> {
        let collect: Collect = serde_json::from_slice(payload).map_err(|_| Code::BadRequest)?;
        collect.check().map_err(|_| Code::BadRequest)?;
        let merchant = &collect.merchant_id;
        let payment =
            self.new_payment(Kind::Collect, merchant, &collect.transaction_id, headers)?;
        let lifetime_s = collect.expires_in.unwrap_or(30 * 86_400);
        let payment = self.keep(Payment {
            amount: Some(collect.amount),
            asked: Some(collect.instrument_reference),
            expires_at_ms: Some(now_ms.saturating_add(i64::from(lifetime_s) * 1_000)),
            ..payment
        })?;
        Ok(answers::collected(&self.account.merchant_id, &payment))
    }

    fn auth(&mut self, _: i64, payload: &[u8], headers: &Headers) -> Result<Response, Code> {
        let auth: AuthRequest = serde_json::from_slice(payload).map_err(|_| Code::BadRequest)?;
        auth.check().map_err(|_| Code::BadRequest)?;
        if headers.callback_url.is_none() {
            return Err(Code::BadRequest);
        }
        let subscription = auth.subscription_id().to_owned();
        let ceiling = books::subscription(&subscription, auth.amount())?;
        // Only a UPI id that was verified may be asked.
        let is_unverified = |vpa: &str| !self.verified.contains(&vpa.to_ascii_lowercase());
        if auth.vpa().is_some_and(is_unverified) {
            return Err(Code::BadRequest);
        }
        let id = auth.auth_request_id();
        let payment = self.new_payment(Kind::Auth, auth.merchant_id(), id, headers)?;
        let payment = self.keep(Payment {
            amount: auth.amount(),
            asked: auth.vpa().map(str::to_owned),
            subscription_id: Some(subscription),
            ..payment
        })?;
        Ok(if auth.vpa().is_some() {
            answers::taken()
        } else {
            answers::mandate(&auth, &payment, &self.payee, ceiling)
        })
    }

    fn validate(&mut self, vpa: &str) -> Response {
        let exists = checkout_core::vpa::Vpa::parse(vpa).is_ok() && !vpa.starts_with("invalid");
        if exists {
            self.verified.insert(vpa.to_ascii_lowercase());
        }
        vpa_answer(vpa, exists)
    }

    fn status(&self, id: &str, is_auth: bool) -> Response {
        let payment = self.payments.get(id);
        let found = payment.filter(|it| (it.kind == Kind::Auth) == is_auth);
        found.map_or_else(
            || no(404, &Code::TransactionNotFound),
            |payment| answers::told(&self.account.merchant_id, payment),
        )
    }

    fn cancel(&mut self, now_ms: i64, id: &str) -> Response {
        let found = self.payments.get(id);
        match found.map(|it| (it.kind, it.state.clone())) {
            Some((Kind::Collect, State::Pending)) => {
                self.act(now_ms, id, Action::Cancel, Telling::default());
                answers::taken()
            }
            Some((Kind::Collect, State::Paid)) => no(200, &Code::PaymentAlreadyCompleted),
            _ => no(417, &Code::InvalidTransactionId),
        }
    }
}

/// What the headers of a request with a payload say.
#[derive(Clone, Debug)]
struct Headers {
    redirect_url: Option<String>,
    callback_url: Option<String>,
}
