//! When the gateway asks for the status by itself.

use phonepe::simulator::{Action, Telling};

use super::{NOT_TOLD, World};

#[tokio::test]
async fn a_payment_that_nobody_tells_of_is_found_by_the_first_check() {
    let world = World::start().await;
    let id = world.debit().await;
    world.act(&id, Action::Approve, NOT_TOLD).await;
    world.pass_ms(19_999).await;
    assert_eq!(world.seen(&id).await["status"], "PENDING");
    assert_eq!(world.status_checks().await, 0);
    world.pass_ms(5_001).await;
    assert_eq!(world.seen(&id).await["status"], "SUCCESS");
    assert_eq!(world.status_checks().await, 1);
    world.pass_ms(3_600_000).await;
    assert_eq!(world.status_checks().await, 1);
}

#[tokio::test]
async fn the_checks_are_as_far_apart_as_phonepe_wants_them() {
    let world = World::start().await;
    world.debit().await;
    let mut at = Vec::new();
    for second in 1..=360_u64 {
        let before = world.status_checks().await;
        world.pass_ms(1_000).await;
        if world.status_checks().await > before {
            at.push(second);
        }
    }
    assert!((20..=25).contains(&at[0]), "{at:?}");
    let gaps: Vec<u64> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps.is_sorted(), "{gaps:?}");
    let count = |gap| gaps.iter().filter(|it| **it == gap).count();
    for (gap, least, most) in [(3, 8, 10), (6, 9, 11), (10, 5, 7), (30, 2, 3), (60, 1, 3)] {
        assert!((least..=most).contains(&count(gap)), "{gap} s: {gaps:?}");
    }
}

#[tokio::test]
async fn after_the_deadline_late_money_is_still_looked_for() {
    let world = World::start().await;
    let id = world.debit().await;
    world.pass_ms(900_000).await;
    assert_eq!(world.seen(&id).await["status"], "EXPIRED");
    world.act(&id, Action::Approve, NOT_TOLD).await;
    world.pass_ms(60_000).await;
    assert_eq!(world.seen(&id).await["status"], "SUCCESS");
    assert_eq!(
        world.gateway.news().await,
        ["order.expired", "order.succeeded"]
    );
}

#[tokio::test]
async fn twenty_minutes_after_the_deadline_nobody_looks_any_more() {
    let world = World::start().await;
    let id = world.debit().await;
    world.pass_ms(900_000 + 1_200_000).await;
    let checks = world.status_checks().await;
    world.pass_ms(86_400_000).await;
    assert_eq!(world.status_checks().await, checks);
    // A callback is still believed.
    assert_eq!(world.approve(&id).await, [200]);
    assert_eq!(world.seen(&id).await["status"], "SUCCESS");
}

#[tokio::test]
async fn a_collect_request_that_nobody_answers_ends_with_the_order() {
    let world = World::start().await;
    let id = world.collect().await;
    world.pass_ms(25_000).await;
    assert_eq!(world.seen(&id).await["status"], "PENDING");
    world.pass_ms(875_000).await;
    assert_eq!(world.seen(&id).await["status"], "EXPIRED");
    // PhonePe's own word about it comes late and changes nothing.
    let now_ms = world.phonepe.now_ms();
    world.phonepe.books().pass(now_ms);
    assert_eq!(world.phonepe.deliver().await, [200]);
    assert_eq!(world.seen(&id).await["status"], "EXPIRED");
    let late = Telling::default();
    world.act(&id, Action::Approve, late).await;
    assert_eq!(world.seen(&id).await["status"], "SUCCESS");
}
