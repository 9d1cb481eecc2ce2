//! The demo shop: makes orders as a shop's back end would, and thanks for them.

use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use checkout_core::money::Paise;
use maud::html;
use serde::Deserialize;
use serde_json::{Value, json};

use super::MERCHANT;
use super::layout::{DemoError, page};
use crate::app::App;
use crate::config::ORDER_LIFETIME_MS;
use crate::ledger::{self, NewOrder};
use crate::order::{Flow, Order, Status};
use crate::rails::ask::Ask;
use crate::rails::work;
use crate::random;
use crate::store::{StoreError, orders};
use crate::success_url;

/// What is sold: id, name, about, rupees.
const GOODS: [(&str, &str, &str, &str); 3] = [
    ("chai", "Masala chai", "A cup, with ginger", "20"),
    ("shirt", "T-shirt", "Hand-printed cotton", "499"),
    ("phone", "Phone", "More than you need", "100000"),
];

/// How long an order waits: id, name, milliseconds.
const DEADLINES: [(&str, &str, Option<i64>); 3] = [
    ("normal", "15 minutes", Some(900_000)),
    ("short", "2 minutes", Some(120_000)),
    ("none", "no deadline", None),
];

/// How an order can be paid: id, name.
const WAYS: [(&str, &str); 6] = [
    ("upi", "by a link or a code"),
    ("debit", "on PhonePe's page"),
    ("collect", "by a request to customer@ybl"),
    ("intent", "autopay, in the PhonePe app"),
    ("qr", "autopay, by a code"),
    ("mandate", "autopay, by a request to customer@ybl"),
];

/// What PhonePe is asked for; nothing for a way that does without it.
fn ask(way: &str) -> Option<Ask> {
    let autopay = |more: Value| {
        let mut ask = json!({"userId": "demo-customer", "subscriptionId": "OMSDEMO",
            "workflow": "TRANSACTION"});
        if let (Some(ask), Value::Object(more)) = (ask.as_object_mut(), more) {
            ask.extend(more);
        }
        ask
    };
    let (flow, json) = match way {
        "debit" => (Flow::PhonepeDebit, json!({})),
        "collect" => (Flow::PhonepeCollect, json!({"vpa": CUSTOMER})),
        "intent" => (
            Flow::PhonepeAutopay,
            autopay(json!({"instrument": "intent", "os": "ANDROID", "app": "com.phonepe.app"})),
        ),
        "qr" => (Flow::PhonepeAutopay, autopay(json!({"instrument": "qr"}))),
        "mandate" => (
            Flow::PhonepeAutopay,
            autopay(json!({"instrument": "collect", "vpa": CUSTOMER})),
        ),
        _ => return None,
    };
    Ask::read(flow, json).ok().flatten()
}

/// Who is asked in the app.
const CUSTOMER: &str = "customer@ybl";

/// `GET /demo`.
pub(super) async fn show(State(app): State<Arc<App>>) -> Response {
    let merchant = app.merchants.get(MERCHANT);
    let has_phonepe = merchant.is_some_and(|it| it.phonepe.is_some());
    page(
        "Demo Shop",
        html! {
            h1 { "What will it be?" }
            form.shop method="post" action="/demo/orders" {
                fieldset.goods {
                    legend { "Goods" }
                    @for (id, name, about, rupees) in GOODS {
                        label.good {
                            input type="radio" name="goods" value=(id) checked[id == "shirt"]
                                data-testid={ "goods-" (id) };
                            span.good-name { (name) }
                            span.good-about { (about) }
                            span.good-price { (price(rupees)) }
                        }
                    }
                }
                fieldset.choices {
                    legend { "Time to pay" }
                    @for (id, name, _) in DEADLINES {
                        label.choice {
                            input type="radio" name="deadline" value=(id) checked[id == "normal"]
                                data-testid={ "deadline-" (id) };
                            (name)
                        }
                    }
                }
                @if has_phonepe {
                    fieldset.choices {
                        legend { "How" }
                        @for (id, name) in WAYS {
                            label.choice {
                                input type="radio" name="way" value=(id) checked[id == "upi"]
                                    data-testid={ "way-" (id) };
                                (name)
                            }
                        }
                    }
                }
                label.choice {
                    input type="checkbox" name="back" value="yes" checked data-testid="back";
                    "Come back to the shop after paying"
                }
                button.main type="submit" data-testid="buy" { "Pay by UPI" }
            }
            p.hint { "Then pay as the customer's bank would: " a href="/demo/bank" { "demo bank" } "." }
        },
    )
}

fn price(rupees: &str) -> String {
    Paise::from_rupees(rupees).map_or_else(|_| rupees.to_owned(), Paise::display)
}

#[derive(Deserialize)]
pub(super) struct Basket {
    goods: String,
    #[serde(default)]
    deadline: String,
    #[serde(default)]
    way: String,
    back: Option<String>,
}

/// `POST /demo/orders`: makes an order and goes to its checkout.
pub(super) async fn order(
    State(app): State<Arc<App>>,
    Form(basket): Form<Basket>,
) -> Result<Response, DemoError> {
    let Some((_, name, _, rupees)) = GOODS.iter().find(|(id, ..)| *id == basket.goods) else {
        return Ok(Redirect::to("/demo").into_response());
    };
    let lifetime_ms = DEADLINES
        .iter()
        .find(|(id, ..)| *id == basket.deadline)
        .map_or(Some(900_000), |(_, _, lifetime_ms)| *lifetime_ms);
    let reference = random::hex::<6>().map_err(StoreError::from)?;
    let thanks = format!("{}/demo/thanks?order={reference}", app.public_url);
    let (Some(merchant), Ok(amount)) = (app.merchants.get(MERCHANT), Paise::from_rupees(rupees))
    else {
        return Ok(Redirect::to("/demo").into_response());
    };
    let ask = merchant.phonepe.as_ref().and_then(|_| ask(&basket.way));
    let new = NewOrder {
        amount,
        reference,
        // On a plain address in the local network there is no way back: it must be https.
        success_url: basket
            .back
            .and_then(|_| success_url::normalize(&thanks, &merchant.redirect_hosts).ok()),
        note: Some((*name).to_owned()),
        // PhonePe's orders have a deadline.
        lifetime_ms: lifetime_ms.or(ask.as_ref().map(|_| ORDER_LIFETIME_MS)),
        ask,
    };
    let mut tx = app.store.write().await?;
    let order = match ledger::create(&mut tx, merchant, new, app.now_ms()).await {
        Ok(order) => order,
        Err(error) => return refused(error),
    };
    tx.commit().await?;
    work::start(&app, &order).await;
    Ok(Redirect::to(&format!("/pay/{}", order.id)).into_response())
}

fn refused(error: ledger::LedgerError) -> Result<Response, DemoError> {
    match DemoError::try_from(error) {
        Ok(error) => Err(error),
        Err(words) => Ok(page(
            "Demo Shop",
            html! { h1 { "Not this time" } p { (words) } },
        )),
    }
}

#[derive(Deserialize)]
pub(super) struct Thanks {
    #[serde(default)]
    order: String,
}

/// `GET /demo/thanks?order={reference}`: the shop believes its gateway, not the address.
pub(super) async fn thanks(
    State(app): State<Arc<App>>,
    Query(query): Query<Thanks>,
) -> Result<Response, DemoError> {
    let filter = orders::Filter {
        reference: Some(query.order),
        ..orders::Filter::default()
    };
    let mut conn = app.store.read().await?;
    let order = orders::list(&mut conn, MERCHANT, &filter, 1).await?.pop();
    Ok(page(
        "Thank you",
        html! {
            div.thanks data-testid="thanks" data-status=[order.as_ref().map(|o| o.status.as_str())] {
                @match order {
                    Some(order) => (receipt(&order)),
                    None => {
                        h1 { "We do not know this order" }
                        p { a href="/demo" { "Back to the shop" } }
                    }
                }
            }
        },
    ))
}

fn receipt(order: &Order) -> maud::Markup {
    html! {
        @match order.status {
            Status::Success => h1 { "Thank you! It is paid." },
            Status::Pending => h1 { "We are still waiting for your payment" },
            Status::Expired => h1 { "The time to pay is over" },
            Status::Failed => h1 { "The payment did not work" },
        }
        dl {
            dt { "Order" } dd data-testid="thanks-order" { (order.reference) }
            dt { "Goods" } dd { (order.note.as_deref().unwrap_or("–")) }
            dt { "Amount" } dd { (order.amount.display()) }
            @if let Some(utr) = &order.paid_utr {
                dt { "UTR" } dd data-testid="thanks-utr" { (utr.as_str()) }
            }
        }
        p {
            @if order.status != Status::Success {
                a.main href={ "/pay/" (order.id) } { "Back to the payment" } " "
            }
            a href="/demo" { "Buy something else" }
        }
    }
}
