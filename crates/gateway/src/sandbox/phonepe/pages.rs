//! The played PhonePe's pages: where a customer pays, the app in which requests arrive, and the
//! switches for everything that can go wrong.

use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use checkout_core::money::Paise;
use maud::{Markup, html};
use phonepe::answer::Code;
use phonepe::simulator::{Action, Fault, Forgery, Kind, On, Payment, State as Stand, Telling};
use serde::Deserialize;

use super::{Played, gone};
use crate::sandbox::layout::Site;

/// A form may lead away from here: to the merchant whose customer has decided.
const PHONEPE: Site<'static> = Site {
    name: ("PhonePe, played", "/phone"),
    link: ("App", "/phone"),
    style: "/phone/demo.css",
    policy: "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
};

fn rupees(payment: &Payment) -> String {
    let amount = payment.amount.and_then(|paise| Paise::new(paise).ok());
    amount.map_or_else(|| "no money now".to_owned(), Paise::display)
}

fn stand(payment: &Payment) -> &str {
    match &payment.state {
        Stand::Pending => "PENDING",
        Stand::Paid => "PAID",
        Stand::Failed(code) => code.as_str(),
    }
}

#[derive(Deserialize)]
pub(super) struct Token {
    #[serde(default)]
    token: String,
}

/// `GET /transact?token=…`: the page on which a debit is paid.
pub(super) async fn show(
    State(played): State<Arc<Played>>,
    Query(query): Query<Token>,
) -> Response {
    let found = played.books().by_token(&query.token).cloned();
    let Some(payment) = found else {
        return gone();
    };
    PHONEPE.page(
        "Pay",
        html! {
            h1 { "Pay " (rupees(&payment)) }
            p { "It is " strong data-testid="phonepe-state" { (stand(&payment)) } "." }
            form.actions method="post" action="/transact" {
                input type="hidden" name="token" value=(payment.token);
                @for (action, label) in [("approve", "Pay"), ("decline", "Decline"), ("leave", "Leave")] {
                    button name="action" value=(action) data-testid={ "phonepe-" (action) } { (label) }
                }
            }
        },
    )
}

#[derive(Deserialize)]
pub(super) struct Decision {
    token: String,
    action: String,
}

/// `POST /transact`: the customer decides, and returns to the merchant.
pub(super) async fn decide(
    State(played): State<Arc<Played>>,
    Form(form): Form<Decision>,
) -> Response {
    let found = played.books().by_token(&form.token).cloned();
    let Some(payment) = found else {
        return gone();
    };
    if let Some(action) = action(&form.action) {
        let now_ms = played.now_ms();
        let telling = Telling::default();
        played.books().act(now_ms, &payment.id, action, telling);
    }
    let back = payment.redirect_url.as_deref().unwrap_or("/phone");
    Redirect::to(back).into_response()
}

fn action(word: &str) -> Option<Action> {
    Some(match word {
        "approve" => Action::Approve,
        "decline" => Action::Decline,
        "fail" => Action::Fail,
        "expire" => Action::Expire,
        _ => return None,
    })
}

/// How the merchant can be told: word, label, delay in milliseconds, copies.
const TELLINGS: [(&str, &str, i64, u8); 4] = [
    ("once", "told at once", 0, 1),
    ("twice", "told twice", 0, 2),
    ("late", "told 10 s later", 10_000, 1),
    ("never", "not told", 0, 0),
];

/// `GET /phone`: the customer's app, with everything that was asked for.
pub(super) async fn phone(State(played): State<Arc<Played>>) -> Response {
    let payments: Vec<Payment> = played.books().payments().cloned().collect();
    PHONEPE.page(
        "App",
        html! {
            h1 { "Requests" }
            @if payments.is_empty() { p { "None yet." } }
            @for payment in payments.iter().rev() { (request(payment)) }
            h2 { "The next call goes wrong" }
            form.actions method="post" action="/phone/misbehave" {
                select name="on" aria-label="Which call" {
                    @for on in ["start", "status", "vpa"] { option { (on) } }
                }
                @for (fault, label) in FAULTS {
                    button name="fault" value=(fault) data-testid={ "phonepe-fault-" (fault) } { (label) }
                }
            }
        },
    )
}

fn request(payment: &Payment) -> Markup {
    let what = match payment.kind {
        Kind::Debit => "Pay on the page",
        Kind::Collect => "Asks for",
        Kind::Auth => "Autopay",
    };
    html! {
        article.order data-testid="phonepe-request" data-id=(payment.id) data-state=(stand(payment)) {
            p { strong { (what) " " (rupees(payment)) } " " span.status { (stand(payment)) } }
            @if let Some(asked) = &payment.asked { p.hint { (asked) } }
            @if payment.state != Stand::Paid {
                form.actions method="post" action="/phone" {
                    input type="hidden" name="id" value=(payment.id);
                    select name="telling" aria-label="How the merchant is told" {
                        @for (word, label, ..) in TELLINGS { option value=(word) { (label) } }
                    }
                    @for (action, label) in [("approve", "Approve"), ("decline", "Decline"), ("fail", "Fail"), ("expire", "Expire")] {
                        button name="action" value=(action) data-testid={ "phonepe-" (action) } { (label) }
                    }
                }
                form.actions method="post" action="/phone/forge" {
                    input type="hidden" name="id" value=(payment.id);
                    @for (word, label) in [("key", "Forge the key"), ("content", "Forge the content"), ("amount", "Tell another amount")] {
                        button name="forgery" value=(word) data-testid={ "phonepe-forge-" (word) } { (label) }
                    }
                }
            }
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Tap {
    id: String,
    action: String,
    #[serde(default)]
    telling: String,
}

/// `POST /phone`: the customer decides in the app.
pub(super) async fn tap(State(played): State<Arc<Played>>, Form(form): Form<Tap>) -> Response {
    let Some(action) = action(&form.action) else {
        return gone();
    };
    let telling = TELLINGS.iter().find(|(word, ..)| *word == form.telling);
    let telling = telling.map_or_else(Telling::default, |(_, _, delay_ms, copies)| Telling {
        delay_ms: *delay_ms,
        copies: *copies,
    });
    let now_ms = played.now_ms();
    if played.books().act(now_ms, &form.id, action, telling) {
        Redirect::to("/phone").into_response()
    } else {
        gone()
    }
}

#[derive(Deserialize)]
pub(super) struct Forge {
    id: String,
    forgery: String,
}

/// `POST /phone/forge`: somebody tells of a payment that was not made.
pub(super) async fn forge(State(played): State<Arc<Played>>, Form(form): Form<Forge>) -> Response {
    let forgery = match form.forgery.as_str() {
        "key" => Forgery::Key,
        "content" => Forgery::Content,
        "amount" => Forgery::Amount,
        _ => return gone(),
    };
    let now_ms = played.now_ms();
    if played.books().forge(now_ms, &form.id, forgery) {
        Redirect::to("/phone").into_response()
    } else {
        gone()
    }
}

/// What may go wrong: word and label. A word of PhonePe's is answered as it is.
const FAULTS: [(&str, &str); 13] = [
    ("error-but-done", "Error, but it worked"),
    ("silence-but-done", "No answer, but it worked"),
    ("silence", "No answer"),
    ("INTERNAL_SERVER_ERROR", "Error"),
    ("INVALID_TRANSACTION_ID", "Duplicate"),
    ("AUTHORIZATION_FAILED", "Bad checksum"),
    ("BAD_REQUEST", "Bad request"),
    ("PAYMENT_PENDING", "Pending"),
    ("TRANSACTION_NOT_FOUND", "Not found"),
    ("INVALID_USER_AUTH_TOKEN", "Bad token"),
    ("SUBSCRIPTION_NOT_FOUND", "No subscription"),
    ("SUBSCRIPTION_EXPIRED", "Subscription expired"),
    (
        "INVALID_SUBSCRIPTION_STATE",
        "Subscription in a wrong state",
    ),
];

#[derive(Deserialize)]
pub(super) struct Misbehave {
    on: String,
    fault: String,
}

/// `POST /phone/misbehave`: the next call of that kind goes wrong.
pub(super) async fn misbehave(
    State(played): State<Arc<Played>>,
    Form(form): Form<Misbehave>,
) -> Response {
    let on = match form.on.as_str() {
        "start" => On::Start,
        "status" => On::Status,
        "vpa" => On::Vpa,
        _ => return gone(),
    };
    let fault = match form.fault.as_str() {
        "error-but-done" => Fault::ErrorButDone,
        "silence-but-done" => Fault::SilenceButDone,
        "silence" => Fault::Silence,
        word => Fault::Answer(Code::from(word.to_owned())),
    };
    played.books().misbehave(on, fault);
    Redirect::to("/phone").into_response()
}
