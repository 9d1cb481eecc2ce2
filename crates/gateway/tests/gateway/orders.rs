//! A merchant's orders: `/v1/orders`.

use std::time::Instant;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::harness::{Gateway, KEY, OTHER_KEY, START_MS, UTR};

#[tokio::test]
async fn an_order_is_made_and_read_back() {
    let gateway = Gateway::start().await;
    let new = json!({
        "amount": "499.5", "reference": "A 1", "successUrl": "https://shop.example",
        "expiresIn": 60, "flow": "upi", "note": "Tea",
    });
    let answer = gateway.post("/v1/orders", new).await;
    assert_eq!(answer.status, 201);
    let order = answer.json();
    let id = order["id"].as_str().unwrap();
    assert_eq!(
        order,
        json!({
            "id": id, "checkoutUrl": format!("https://pay.example/pay/{id}"), "status": "PENDING",
            "amount": "499.50", "userPayAmount": "499.50", "discountAmount": "0.00",
            "reference": "A 1", "flow": "upi", "upiId": "shop@bank", "note": "Tea",
            "deeplink": format!("upi://pay?pa=shop@bank&pn=The%20shop&tr={id}&tn=Tea&am=499.50&mam=499.50&cu=INR"),
            "successUrl": "https://shop.example/", "createdAt": START_MS, "expiresAt": START_MS + 60_000,
        })
    );
    assert_eq!(gateway.get(&format!("/v1/orders/{id}")).await.json(), order);
    gateway.credit(UTR, "499.50", id).await;
    let paid = gateway.get(&format!("/v1/orders/{id}")).await.json();
    assert_eq!(paid["paidUtr"], UTR);
    assert_eq!(paid["closedAt"], START_MS);
}

#[tokio::test]
async fn the_deadline_is_the_merchants_unless_the_order_says_otherwise() {
    let gateway = Gateway::start().await;
    for (expires_in, at) in [
        (json!(null), json!(START_MS + 900_000)),
        (json!(5), json!(START_MS + 5_000)),
        (json!(0), json!(null)),
    ] {
        let id = gateway
            .order_with(json!({"amount": "1", "expiresIn": expires_in}))
            .await;
        let order = gateway.get(&format!("/v1/orders/{id}")).await.json();
        assert_eq!(order["expiresAt"], at);
    }
}

#[tokio::test]
async fn bad_orders_are_refused_with_the_field() {
    let gateway = Gateway::start().await;
    for (change, field) in [
        (json!({"amount": "0"}), "amount"),
        (json!({"amount": "-5"}), "amount"),
        (json!({"amount": "4.999"}), "amount"),
        (json!({"reference": ""}), "reference"),
        (json!({"reference": "a\nb"}), "reference"),
        (json!({"reference": "x".repeat(65)}), "reference"),
        (json!({"note": "x".repeat(51)}), "note"),
        (json!({"flow": "phonepe_debit"}), "flow"),
        (json!({"expiresIn": 4}), "expiresIn"),
        (json!({"expiresIn": -1}), "expiresIn"),
        (json!({"expiresIn": i64::MAX}), "expiresIn"),
        (json!({"successUrl": "http://shop.example/"}), "successUrl"),
        (json!({"successUrl": "javascript:alert(1)"}), "successUrl"),
    ] {
        let mut order = json!({"amount": "499", "reference": "r"});
        for (key, value) in change.as_object().unwrap() {
            order[key] = value.clone();
        }
        let answer = gateway.post("/v1/orders", order).await;
        assert_eq!(answer.code(), (400, "invalid_field".to_owned()), "{change}");
        assert_eq!(answer.json()["error"]["field"], field);
    }
    for body in [
        json!({"amount": "499"}),
        json!({"amount": 499, "reference": "r"}),
        json!({"amount": "499", "reference": "r", "sucessUrl": "https://shop.example/"}),
        json!([]),
    ] {
        let answer = gateway.post("/v1/orders", body.clone()).await;
        assert_eq!(answer.code(), (400, "invalid_body".to_owned()), "{body}");
    }
    let long = json!({"amount": "1", "reference": "x".repeat(17_000)});
    assert_eq!(gateway.post("/v1/orders", long).await.code().0, 413);
    let none = gateway.get("/v1/orders").await.json();
    assert_eq!(none, json!({"data": []}));
}

#[tokio::test]
async fn only_a_registered_host_may_be_returned_to() {
    let gateway = Gateway::with(|app| {
        let mut shop = crate::harness::merchant("shop", "shop@bank", KEY);
        shop.redirect_hosts = vec!["shop.example".to_owned()];
        app.merchants = gateway::merchant::Merchants::new(vec![shop]);
    })
    .await;
    let order = |url: &str| json!({"amount": "1", "reference": url, "successUrl": url});
    let good = gateway
        .post("/v1/orders", order("https://SHOP.example/a"))
        .await;
    assert_eq!(good.json()["successUrl"], "https://shop.example/a");
    let bad = gateway
        .post("/v1/orders", order("https://evil.example/a"))
        .await;
    assert_eq!(bad.code().0, 400);
}

#[tokio::test]
async fn a_reference_names_one_order_of_each_merchant() {
    let gateway = Gateway::start().await;
    let order = json!({"amount": "1", "reference": "A1"});
    assert_eq!(gateway.post("/v1/orders", order.clone()).await.status, 201);
    let again = gateway.post("/v1/orders", order.clone()).await;
    assert_eq!(again.code(), (409, "reference_used".to_owned()));
    let other = gateway.post_as(OTHER_KEY, "/v1/orders", order).await;
    assert_eq!(other.status, 201);
}

#[tokio::test]
async fn a_merchant_sees_its_own_orders_only() {
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    for path in [
        format!("/v1/orders/{id}"),
        format!("/v1/orders/{id}/events"),
    ] {
        let answer = gateway.get_as(OTHER_KEY, &path).await;
        assert_eq!(answer.code(), (404, "order_not_found".to_owned()));
        let unknown = gateway
            .get_as(OTHER_KEY, &path.replace(&id, &"0".repeat(32)))
            .await;
        assert_eq!(answer.text, unknown.text);
    }
    let list = gateway.get_as(OTHER_KEY, "/v1/orders").await.json();
    assert_eq!(list, json!({"data": []}));
    let theirs = gateway
        .get_as(OTHER_KEY, &format!("/v1/orders?after={id}"))
        .await
        .json();
    assert_eq!(theirs, json!({"data": []}));
}

/// Whoever measures learns nothing. One is asked for right after the other, in each order of theirs, so
/// that a busy machine is busy for all of them.
#[tokio::test]
async fn somebody_elses_order_takes_as_long_as_none() {
    const TURNS: usize = 1_800;
    const ORDERS: [[usize; 3]; 6] = [
        [0, 1, 2],
        [1, 2, 0],
        [2, 0, 1],
        [0, 2, 1],
        [2, 1, 0],
        [1, 0, 2],
    ];
    /// How many times as long as the other one may take in the middle one of all turns.
    const ALIKE: f64 = 1.15;
    let gateway = Gateway::start().await;
    let overdue = gateway
        .order_with(json!({"amount": "20", "expiresIn": 600}))
        .await;
    gateway.pass_ms(700_000);
    let open = gateway.order("499").await;
    let paths = ["0".repeat(32), open, overdue].map(|id| format!("/v1/orders/{id}"));
    let mut turns = Vec::with_capacity(TURNS);
    for order in ORDERS.iter().cycle().take(TURNS) {
        let mut seconds = [0.0; 3];
        for which in order {
            let started = Instant::now();
            let answer = gateway.get_as(OTHER_KEY, &paths[*which]).await;
            seconds[*which] = started.elapsed().as_secs_f64();
            assert_eq!(answer.status, 404);
        }
        turns.push(seconds);
    }
    for (theirs, name) in [(1, "open"), (2, "overdue")] {
        let mut ratios: Vec<f64> = turns.iter().map(|it| it[theirs] / it[0]).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        let ratio = ratios[TURNS / 2];
        assert!((1.0 / ALIKE..ALIKE).contains(&ratio), "{name}: {ratio}");
    }
}

#[tokio::test]
async fn nothing_is_told_without_a_key() {
    let gateway = Gateway::start().await;
    for value in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Basic uck_shop",
        "uck_shop",
    ] {
        let request = Request::get("/v1/orders").header("authorization", value);
        let answer = gateway.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.code(), (401, "unauthorized".to_owned()), "{value}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let post = Request::post("/v1/orders").body(Body::from("{}")).unwrap();
    assert_eq!(gateway.send(post).await.code().0, 401);
    assert_eq!(gateway.open("/v1/credits").await.code().0, 401);
}

#[tokio::test]
async fn lists_come_in_pages_and_can_be_filtered() {
    let gateway = Gateway::start().await;
    let mut ids = Vec::new();
    for number in 1..=5 {
        let order = json!({"amount": number.to_string(), "reference": format!("r{number}")});
        ids.insert(0, gateway.order_with(order).await);
    }
    gateway.credit(UTR, "2.00", &ids[3]).await;

    let mut seen: Vec<Value> = Vec::new();
    let mut path = "/v1/orders?limit=2".to_owned();
    loop {
        let page = gateway.get(&path).await.json();
        seen.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|order| order["id"].clone()),
        );
        match page["next"].as_str() {
            Some(next) => path = format!("/v1/orders?limit=2&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ids);

    for (query, found) in [
        ("status=SUCCESS", vec![&ids[3]]),
        ("status=EXPIRED", vec![]),
        ("reference=r1", vec![&ids[4]]),
        ("reference=r1&status=SUCCESS", vec![]),
    ] {
        let page = gateway.get(&format!("/v1/orders?{query}")).await.json();
        let data = page["data"].as_array().unwrap();
        let found_ids: Vec<&str> = data
            .iter()
            .map(|order| order["id"].as_str().unwrap())
            .collect();
        assert_eq!(found_ids, found, "{query}");
    }
    for query in [
        "limit=0",
        "limit=101",
        "limit=x",
        "status=PAID",
        "after=1",
        "page=2",
    ] {
        let answer = gateway.get(&format!("/v1/orders?{query}")).await;
        assert_eq!(answer.code(), (400, "invalid_field".to_owned()), "{query}");
    }
}
