//! The demo bank: lets money come in every way it can come in, and not come in.

use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use checkout_core::money::Paise;
use checkout_core::utr::Utr;
use maud::{Markup, html};
use serde::Deserialize;

use super::MERCHANT;
use super::layout::{DemoError, page};
use crate::app::App;
use crate::credit::{Credit, CreditReport, CreditState};
use crate::ledger::{self, LedgerError, Refusal};
use crate::merchant::Merchant;
use crate::order::{Order, OrderId, Status};
use crate::random;
use crate::store::{StoreError, claims, credits, orders};
use crate::transition::Input;

const SHOWN_MAX: u32 = 20;

#[derive(Deserialize)]
pub(super) struct Said {
    said: Option<String>,
}

/// `GET /demo/bank`.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Query(query): Query<Said>,
) -> Result<Response, DemoError> {
    let mut conn = app.store.read().await?;
    let filter = orders::Filter::default();
    let mut rows = Vec::new();
    for order in orders::list(&mut conn, MERCHANT, &filter, SHOWN_MAX).await? {
        let claimed = claims::of_order(&mut conn, &order).await?;
        rows.push(order_row(&order, &claimed));
    }
    let credits = credits::list(&mut conn, MERCHANT, None, None, SHOWN_MAX).await?;
    let utr = fresh_utr()?;
    Ok(page(
        "Demo bank",
        html! {
            h1 { "Demo bank" }
            @if let Some(said) = query.said {
                p.said role="status" data-testid="said" { (said) }
            }
            h2 { "Orders" }
            @if rows.is_empty() { p { "None yet. " a href="/demo" { "Buy something" } "." } }
            @for row in rows { (row) }
            h2 { "Money with a UTR of your choice" }
            form.credit method="post" action="/demo/bank/credit" {
                label { "UTR" input name="utr" value=(utr.as_str()) inputmode="numeric" required; }
                label { "Rupees" input name="amount" placeholder="499.00" inputmode="decimal" required; }
                label { "Note" input name="note" placeholder="none: type the UTR on the page"; }
                button type="submit" data-testid="bank-credit" { "Send" }
            }
            h2 { "Money that came" }
            @for credit in &credits { (credit_row(credit)) }
        },
    ))
}

fn order_row(order: &Order, claimed: &[Utr]) -> Markup {
    let is_open = order.status != Status::Success;
    html! {
        article.order data-testid="bank-order" data-order=(order.id) data-status=(order.status.as_str()) {
            p {
                strong { (order.payable().display()) }
                @if order.payable() != order.amount { " " del { (order.amount.display()) } }
                " " span.status { (order.status.as_str()) }
            }
            p.hint {
                a href={ "/pay/" (order.id) } { (order.reference) }
                @if let Some(note) = &order.note { " · " (note) }
                @if let Some(utr) = &order.paid_utr { " · paid by " code { (utr.as_str()) } }
                @for utr in claimed { " · claims " code { (utr.as_str()) } }
            }
            @if is_open {
                form.actions method="post" action="/demo/bank/order" {
                    input type="hidden" name="order" value=(order.id);
                    @for (action, label) in actions(order.status) {
                        button name="action" value=(action) data-testid={ "bank-" (action) } { (label) }
                    }
                }
            }
        }
    }
}

/// What the bank can do with an order that is not paid: action and label.
fn actions(status: Status) -> Vec<(&'static str, &'static str)> {
    let exact = if status == Status::Pending {
        "Pay"
    } else {
        "Pay late"
    };
    let mut actions = vec![
        ("exact", exact),
        ("amount", "Pay, no note"),
        ("wrong", "Pay ₹1 too much"),
    ];
    if status == Status::Pending {
        actions.extend([("decline", "Decline"), ("expire", "Expire now")]);
    }
    actions
}

fn credit_row(credit: &Credit) -> Markup {
    html! {
        p.credit-row data-testid="bank-credit-row" data-utr=(credit.report.utr.as_str()) {
            code { (credit.report.utr.as_str()) } " " (credit.report.amount.display()) " "
            span.status { (outcome(&credit.state)) }
        }
    }
}

fn outcome(state: &CreditState) -> String {
    match state {
        CreditState::Matched { by, .. } => format!("paid an order, found by {}", by.as_str()),
        CreditState::Unmatched(why) => format!("kept, {}", why.as_str()),
    }
}

#[derive(Deserialize)]
pub(super) struct Action {
    order: String,
    action: String,
}

/// `POST /demo/bank/order`: what the bank does with one order.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    Form(form): Form<Action>,
) -> Result<Response, DemoError> {
    let Some(id) = OrderId::parse(&form.order) else {
        return Ok(say("no such order"));
    };
    said(run(&app, &id, &form.action).await)
}

async fn run(app: &App, id: &OrderId, action: &str) -> Result<String, LedgerError> {
    let now_ms = app.now_ms();
    let order = ledger::read(&app.store, id, now_ms).await?;
    let mut tx = app.store.write().await?;
    let pay = |amount: Paise, note: Option<String>| {
        let report = CreditReport {
            utr: fresh_utr()?,
            amount,
            payee_key: order.payee.normalized(),
            payer: None,
            received_at_ms: Some(now_ms),
            note,
        };
        Ok::<_, StoreError>(report)
    };
    let note = Some(format!("UPI/{id}/Demo"));
    let payable = order.payable();
    let report = match action {
        "exact" => pay(payable, note)?,
        "amount" => pay(payable, None)?,
        "wrong" => {
            let rupee = Paise::new(100).ok();
            let more = rupee.and_then(|rupee| payable.checked_add(rupee));
            pay(more.unwrap_or(payable), note)?
        }
        _ => {
            let (input, words) = match action {
                "decline" => {
                    let reason = "The bank has declined the payment.".to_owned();
                    (Input::Declined { reason }, "declined")
                }
                "expire" => (Input::TimeIsUp, "expired"),
                _ => return Err(Refusal::OrderClosed.into()),
            };
            ledger::apply(&mut tx, id, &input, &format!("bank:{action}"), now_ms).await?;
            tx.commit().await?;
            return Ok(words.to_owned());
        }
    };
    let credit = ledger::record(&mut tx, &order.merchant_id, &report, now_ms).await?;
    tx.commit().await?;
    let utr = credit.report.utr.as_str();
    Ok(format!("UTR {utr}: {}", outcome(&credit.state)))
}

#[derive(Deserialize)]
pub(super) struct FreeCredit {
    utr: String,
    amount: String,
    #[serde(default)]
    note: String,
}

/// `POST /demo/bank/credit`: money with a chosen UTR.
pub(super) async fn credit(
    State(app): State<Arc<App>>,
    Form(form): Form<FreeCredit>,
) -> Result<Response, DemoError> {
    let amount = match Paise::from_rupees(form.amount.trim()) {
        Ok(amount) => amount,
        Err(error) => return Ok(say(&error.to_string())),
    };
    let utr = match Utr::from_pasted(&form.utr) {
        Ok(utr) => utr,
        Err(error) => return Ok(say(&error.to_string())),
    };
    let Some(merchant) = app.merchants.get(MERCHANT) else {
        return Ok(say("the demo shop is closed"));
    };
    said(receive(&app, merchant, utr, amount, form.note).await)
}

async fn receive(
    app: &App,
    merchant: &Merchant,
    utr: Utr,
    amount: Paise,
    note: String,
) -> Result<String, LedgerError> {
    let now_ms = app.now_ms();
    let report = CreditReport {
        utr,
        amount,
        payee_key: merchant.vpa.normalized(),
        payer: None,
        received_at_ms: None,
        note: Some(note.trim().to_owned()).filter(|note| !note.is_empty()),
    };
    let mut tx = app.store.write().await?;
    let credit = ledger::record(&mut tx, &merchant.id, &report, now_ms).await?;
    tx.commit().await?;
    let utr = credit.report.utr.as_str();
    Ok(format!("UTR {utr}: {}", outcome(&credit.state)))
}

/// Back to the bank's page, with what has happened.
fn said(done: Result<String, LedgerError>) -> Result<Response, DemoError> {
    match done.map_err(DemoError::try_from) {
        Ok(words) | Err(Err(words)) => Ok(say(&words)),
        Err(Ok(error)) => Err(error),
    }
}

fn say(words: &str) -> Response {
    let words: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    Redirect::to(&format!("/demo/bank?said={words}")).into_response()
}

/// Twelve random digits.
fn fresh_utr() -> Result<Utr, StoreError> {
    let hex = random::hex::<5>()?;
    let number = u64::from_str_radix(&hex, 16).unwrap_or_default() % 100_000_000_000;
    // The first digit of a real one is the year's last: never 0 here, so twelve equal digits
    // would have to be all ones.
    let text = format!("6{number:011}");
    Utr::parse(&text)
        .or_else(|_| Utr::parse("612345678901"))
        .map_err(|_| StoreError::Corrupt("the demo bank's UTR"))
}
