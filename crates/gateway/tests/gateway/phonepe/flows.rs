//! Each flow from the order to its end.

use phonepe::simulator::{Action, Telling};
use serde_json::{Value, json};

use super::World;
use crate::openapi::{check_answer, document};

#[tokio::test]
async fn a_debit_is_paid_on_phonepes_page() {
    for api in ["v3", "v4"] {
        let world = World::start().await;
        let id = world.order("phonepe_debit", json!({"api": api})).await;
        let order = world.seen(&id).await;
        let payment = world.payment(&id).unwrap();
        let link = order["deeplink"].as_str().unwrap();
        assert!(
            link.ends_with(&format!("/transact?token={}", payment.token)),
            "{link}"
        );
        assert_eq!(order["status"], "PENDING");
        // The customer comes back to the waiting screen.
        let checkout = format!("{}/pay/{id}", world.gateway.app.public_url);
        assert_eq!(payment.redirect_url, Some(checkout));
        assert_eq!(payment.amount, Some(49_900));

        assert_eq!(world.approve(&id).await, [200]);
        let order = world.gateway.get(&format!("/v1/orders/{id}")).await.json();
        assert_eq!(order["status"], "SUCCESS");
        assert_eq!(order["flow"], "phonepe_debit");
        assert_eq!(order["paidUtr"], payment.utr.as_str());
        assert_eq!(world.gateway.news().await, ["order.succeeded"]);
    }
}

#[tokio::test]
async fn a_customer_is_asked_by_number_or_by_upi_id() {
    for (phonepe, payer, asked) in [
        (json!({"mobile": "9876543210"}), "******3210", "9876543210"),
        (json!({"vpa": "customer@ybl"}), "cu***@ybl", "customer@ybl"),
    ] {
        for (action, status, message) in [
            (Action::Approve, "SUCCESS", Value::Null),
            (
                Action::Decline,
                "FAILED",
                json!("You declined the payment."),
            ),
            (Action::Fail, "FAILED", json!("The payment did not work.")),
            (Action::Expire, "EXPIRED", Value::Null),
        ] {
            let world = World::start().await;
            let id = world.order("phonepe_collect", phonepe.clone()).await;
            let order = world.seen(&id).await;
            assert_eq!(order["payer"], payer);
            assert_eq!(order["deeplink"], "");
            let waiting = "Payment is in progress, please wait for sometime.";
            assert_eq!(order["message"], waiting);
            let payment = world.payment(&id).unwrap();
            assert_eq!(payment.asked.as_deref(), Some(asked));
            // It ends when the order ends.
            assert_eq!(payment.expires_at_ms, order["expiresAt"].as_i64());
            world.act(&id, action, Telling::default()).await;
            let order = world.seen(&id).await;
            assert_eq!(
                (&order["status"], &order["message"]),
                (&json!(status), &message)
            );
        }
    }
}

#[tokio::test]
async fn a_mandate_is_allowed_by_each_instrument_in_each_workflow() {
    for (instrument, link) in [
        (
            json!({"instrument": "intent", "os": "ANDROID", "app": "com.phonepe.app"}),
            "upi://mandate?",
        ),
        (
            json!({"instrument": "intent", "os": "IOS", "app": "PHONEPE", "callbackScheme": "shop"}),
            "ppe://mandate?",
        ),
        (json!({"instrument": "qr"}), "upi://mandate?"),
        (json!({"instrument": "collect", "vpa": "customer@ybl"}), ""),
    ] {
        for (workflow, subscription) in [("TRANSACTION", "OMS1"), ("PENNY_DROP", "OMSPENNY49900")] {
            let world = World::start().await;
            let mut phonepe = instrument.clone();
            phonepe["userId"] = json!("U1");
            phonepe["subscriptionId"] = json!(subscription);
            phonepe["workflow"] = json!(workflow);
            let id = world.order("phonepe_autopay", phonepe).await;
            let order = world.seen(&id).await;
            let deeplink = order["deeplink"].as_str().unwrap();
            assert!(deeplink.starts_with(link), "{instrument}: {deeplink}");
            assert_eq!(order["payer"].is_string(), link.is_empty());
            let payment = world.payment(&id).unwrap();
            let is_taken = workflow == "TRANSACTION";
            assert_eq!(payment.amount, is_taken.then_some(49_900));
            assert_eq!(world.approve(&id).await, [200]);
            let order = world.gateway.get(&format!("/v1/orders/{id}")).await.json();
            assert_eq!(order["status"], "SUCCESS", "{instrument} {workflow}");
            // Only money has a UTR.
            assert_eq!(order["paidUtr"].is_string(), is_taken);
        }
    }
}

#[tokio::test]
async fn the_page_is_told_what_a_mandate_charges_and_which_app_allows_it() {
    let intent = |os: &str, app: &str| {
        let mut ask = json!({"instrument": "intent", "os": os, "app": app});
        if os == "IOS" {
            ask["callbackScheme"] = json!("shop");
        }
        ask
    };
    for (mut ask, subscription, now, app) in [
        (
            intent("ANDROID", "com.phonepe.app"),
            "OMSUPTO99900",
            json!("499.00"),
            r#""phonepe""#,
        ),
        (
            intent("ANDROID", "in.org.npci.upiapp"),
            "OMSPENNY49900",
            json!(null),
            r#""bhim""#,
        ),
        (
            intent("IOS", "PHONEPE"),
            "OMS1",
            json!("499.00"),
            r#""phonepe""#,
        ),
        (
            intent("IOS", "GPAY"),
            "OMSPENNY49900",
            json!(null),
            r#""gpay""#,
        ),
        (json!({"instrument": "qr"}), "OMS1", json!("499.00"), ""),
    ] {
        let world = World::start().await;
        ask["userId"] = json!("U1");
        ask["subscriptionId"] = json!(subscription);
        ask["workflow"] = json!(if now.is_null() {
            "PENNY_DROP"
        } else {
            "TRANSACTION"
        });
        let id = world.order("phonepe_autopay", ask.clone()).await;
        let answer = world.gateway.call("result", json!({"id": id})).await;
        check_answer(&document(), "post", "/api/order/result", &answer);
        let order = &answer.json()["model"];
        assert_eq!(order["chargedNow"], now, "{ask}");
        // A code is for every app: its link begins as all of them expect.
        let link = order["deeplink"].as_str().unwrap();
        let own = link.strip_prefix("ppe:");
        assert_eq!(own.is_some(), ask["app"] == "PHONEPE", "{link}");
        let code = own.map(|rest| format!("upi:{rest}"));
        assert_eq!(order["qrData"].as_str(), code.as_deref(), "{ask}");
        let page = world.gateway.open(&format!("/pay/{id}")).await.text;
        let apps = format!(r#""apps":[{app}]"#);
        assert_eq!(page.contains(&apps), !app.is_empty(), "{ask}: {page}");
        assert_eq!(page.contains(r#""apps":"#), !app.is_empty(), "{ask}");
    }
}

#[tokio::test]
async fn a_mandate_that_fails_is_told_with_success_and_still_fails() {
    let world = World::start().await;
    for (workflow, subscription) in [("TRANSACTION", "OMS1"), ("PENNY_DROP", "OMSPENNY1")] {
        let phonepe = json!({"instrument": "qr", "userId": "U1", "workflow": workflow,
            "subscriptionId": subscription});
        let id = world.order("phonepe_autopay", phonepe).await;
        world.act(&id, Action::Decline, Telling::default()).await;
        assert_eq!(world.seen(&id).await["status"], "FAILED", "{workflow}");
    }
}

#[tokio::test]
async fn a_upi_id_that_does_not_exist_is_never_asked() {
    let world = World::start().await;
    let phonepe = json!({"instrument": "collect", "vpa": "invalid@ybl", "userId": "U1",
        "workflow": "TRANSACTION", "subscriptionId": "OMS1"});
    let id = world.order("phonepe_autopay", phonepe).await;
    let order = world.seen(&id).await;
    assert_eq!(order["status"], "FAILED");
    assert_eq!(order["message"], "This UPI ID does not exist.");
    assert!(world.payment(&id).is_none());
}

#[tokio::test]
async fn what_phonepe_refuses_has_failed() {
    let world = World::start().await;
    for subscription in ["X1", "OMSEXPIRED", "OMSACTIVE", "OMSPENNY1"] {
        let phonepe = json!({"instrument": "qr", "userId": "U1", "workflow": "TRANSACTION",
            "subscriptionId": subscription});
        let id = world.order("phonepe_autopay", phonepe).await;
        let order = world.seen(&id).await;
        assert_eq!(order["status"], "FAILED", "{subscription}");
        assert_eq!(order["message"], "The payment could not be started.");
    }
    assert_eq!(world.gateway.news().await, ["order.failed"; 4]);
}

#[tokio::test]
async fn money_at_the_bank_and_discounts_are_not_for_phonepes_orders() {
    let world = World::start().await;
    let debit = world.debit().await;
    assert_eq!(world.gateway.discounted(&debit).await, "499.00");
    // Of this amount there is only PhonePe's order, and it does not wait for credits.
    let credit = world.gateway.credit(crate::harness::UTR, "499", "").await;
    assert_eq!(credit["state"], "unmatched");
    assert_eq!(world.seen(&debit).await["status"], "PENDING");
}

#[tokio::test]
async fn the_demo_shop_offers_each_way() {
    let world = World::start().await;
    let demo = gateway::sandbox::merchants(
        &gateway::secret::Secret::new("uck_sandbox"),
        world.shop().phonepe.clone(),
        None,
        Vec::new(),
    );
    let app = gateway::App {
        is_sandbox: true,
        public_url: world.gateway.app.public_url.clone(),
        ..gateway::App::new(
            world.gateway.app.store.clone(),
            demo,
            String::new(),
            world.gateway.app.clock.clone(),
            world.gateway.app.assets.clone(),
        )
    };
    let shop = gateway::Gateway::new(std::sync::Arc::new(app));
    for (way, deeplink, payer) in [
        ("upi", "upi://pay?", None),
        ("debit", "http://127.0.0.1", None),
        ("collect", "", Some("cu***@ybl")),
        ("intent", "upi://mandate?", None),
        ("qr", "upi://mandate?", None),
        ("mandate", "", Some("cu***@ybl")),
    ] {
        let form = axum::http::Request::post("/demo/orders")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::from(format!(
                "goods=shirt&deadline=none&way={way}"
            )))
            .unwrap();
        let answer = shop.answer(form, None).await;
        let to = answer.headers()["location"].to_str().unwrap().to_owned();
        let order = world.seen(to.strip_prefix("/pay/").unwrap()).await;
        let link = order["deeplink"].as_str().unwrap();
        assert!(link.starts_with(deeplink), "{way}: {link}");
        assert_eq!(order["payer"].as_str(), payer, "{way}");
        assert_eq!(order["status"], "PENDING", "{way}");
    }
}
