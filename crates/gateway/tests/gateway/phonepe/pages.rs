//! The played PhonePe's pages: a person can be the customer there, and let everything go wrong.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use phonepe::simulator::State;
use tower::ServiceExt;

use super::World;

/// HTTP status, where it leads, and what it shows.
struct Shown(u16, String, String);

impl World {
    async fn browse(&self, request: Request<Body>) -> Shown {
        let router = self.phonepe.clone().router();
        let answer = router.oneshot(request).await.unwrap();
        let location = answer.headers().get("location");
        let location = location.map_or("", |it| it.to_str().unwrap()).to_owned();
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        Shown(status, location, String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn open(&self, path: &str) -> Shown {
        self.browse(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    async fn fill(&self, path: &str, form: String) -> Shown {
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form));
        self.browse(request.unwrap()).await
    }
}

#[tokio::test]
async fn a_customer_pays_declines_or_leaves_on_the_page() {
    let world = World::start().await;
    for (action, status) in [
        ("leave", "PENDING"),
        ("decline", "FAILED"),
        ("approve", "SUCCESS"),
    ] {
        let id = world.debit().await;
        let token = world.payment(&id).unwrap().token;
        let Shown(code, _, page) = world.open(&format!("/transact?token={token}")).await;
        assert_eq!(code, 200);
        assert!(
            page.contains("₹499.00") && page.contains("PENDING"),
            "{page}"
        );
        let form = format!("token={token}&action={action}");
        let Shown(code, location, _) = world.fill("/transact", form).await;
        // Back to the waiting screen, whatever was decided.
        let checkout = format!("{}/pay/{id}", world.gateway.app.public_url);
        assert_eq!((code, location), (303, checkout));
        world.phonepe.deliver().await;
        assert_eq!(world.seen(&id).await["status"], status);
    }
    assert_eq!(world.open("/transact?token=x").await.0, 404);
}

#[tokio::test]
async fn requests_arrive_in_the_app_and_can_be_told_of_in_every_way() {
    let world = World::start().await;
    let id = world.collect().await;
    let page = world.open("/phone").await.2;
    assert!(
        page.contains("customer@ybl") && page.contains(&id),
        "{page}"
    );
    let forged = world
        .fill("/phone/forge", format!("id={id}&forgery=key"))
        .await;
    assert_eq!(forged.0, 303);
    assert_eq!(world.phonepe.deliver().await, [401]);
    let form = format!("id={id}&action=approve&telling=late");
    assert_eq!(world.fill("/phone", form).await.0, 303);
    assert_eq!(world.payment(&id).unwrap().state, State::Paid);
    assert_eq!(world.seen(&id).await["status"], "PENDING");
    world.gateway.pass_ms(10_000);
    // The forged one is tried again as well.
    assert_eq!(world.phonepe.deliver().await, [401, 200]);
    assert_eq!(world.seen(&id).await["status"], "SUCCESS");

    let form = "on=start&fault=error-but-done".to_owned();
    assert_eq!(world.fill("/phone/misbehave", form).await.0, 303);
    let lost = world.debit().await;
    assert_eq!(world.seen(&lost).await["deeplink"], "");
    for bad in ["id=x&action=approve", "id=x&action=dance"] {
        assert_eq!(world.fill("/phone", bad.to_owned()).await.0, 404, "{bad}");
    }
}
