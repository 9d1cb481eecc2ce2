//! Client and simulator talk to each other: what one writes the other reads, and what must be refused
//! is refused.

use checkout_core::money::Paise;
use phonepe::answer::{Code, OpeningKind, Started};
use phonepe::autopay::{AuthRequest, Device, Workflow};
use phonepe::call::Account;
use phonepe::collect::{self, Cancelled, Collect, InstrumentType};
use phonepe::debit::{self, Debit, Version};
use phonepe::report::{Expected, Outcome, Report};
use phonepe::salt::{Salt, Salts};
use phonepe::simulator::{Action, Fault, Forgery, On, Telling};
use phonepe::status::{self, Subject};
use phonepe::vpa::Verdict;

use crate::samples;
use crate::talk::{PAGE, Talk, ids};

#[test]
fn each_debit_leads_to_a_page_and_ends_as_its_customer_decides() {
    for (version, action, outcome) in [
        (Version::V3, Action::Approve, Outcome::Paid),
        (Version::V4, Action::Approve, Outcome::Paid),
        (
            Version::V3,
            Action::Decline,
            Outcome::Failed("PAYMENT_DECLINED".to_owned()),
        ),
        (
            Version::V4,
            Action::Fail,
            Outcome::Failed("PAYMENT_ERROR".to_owned()),
        ),
        (
            Version::V4,
            Action::Expire,
            Outcome::Failed("TIMED_OUT".to_owned()),
        ),
    ] {
        let mut talk = Talk::new();
        let Started::Open(opening) = talk.debit("T1", version) else {
            panic!("{version:?}");
        };
        let token = opening.link.split_once("token=").unwrap().1;
        assert_eq!(opening.kind, OpeningKind::Web);
        assert_eq!(talk.phonepe.by_token(token).unwrap().id, "T1");
        assert_eq!(
            talk.status(Subject::Payment, "T1").outcome,
            Outcome::Pending
        );
        assert!(talk.act("T1", action));
        let expected = Expected {
            merchant_id: "MID12345",
            id: "T1",
            amount: Some(Paise::new(100).unwrap()),
            subscription_id: None,
        };
        let told = talk.told();
        let asked = talk.status(Subject::Payment, "T1");
        for report in [told[0].as_ref().unwrap(), &asked] {
            assert_eq!(report.outcome, outcome);
            assert_eq!(report.agrees_with(&expected), Ok(()));
            assert_eq!(report.utr.is_some(), outcome == Outcome::Paid);
        }
    }
}

#[test]
fn a_collect_request_ends_within_its_time() {
    let mut talk = Talk::new();
    assert_eq!(talk.collect("T1"), Started::Asked);
    assert_eq!(talk.collect("T2"), Started::Asked);
    assert!(talk.act("T2", Action::Approve));
    talk.now_ms += 179_999;
    assert_eq!(
        talk.status(Subject::Payment, "T1").outcome,
        Outcome::Pending
    );
    talk.now_ms += 1;
    let timed_out = Outcome::Failed("TIMED_OUT".to_owned());
    assert_eq!(talk.status(Subject::Payment, "T1").outcome, timed_out);
    assert_eq!(talk.status(Subject::Payment, "T2").outcome, Outcome::Paid);
    assert_eq!(
        talk.status(Subject::Payment, "T3").outcome,
        Outcome::NotFound
    );
    // Never for pending: success and failure only.
    assert_eq!(talk.told().len(), 2);
}

#[test]
fn a_collect_request_is_called_off_unless_it_was_paid() {
    let mut talk = Talk::new();
    talk.collect("T1");
    talk.collect("T2");
    talk.act("T2", Action::Approve);
    for (id, cancelled) in [
        ("T1", Cancelled::Done),
        ("T2", Cancelled::PaidAlready),
        ("T3", Cancelled::NoSuchRequest),
    ] {
        let call = collect::cancel(&talk.account, id).unwrap();
        let answer = talk.answer(&call);
        let read = collect::read_cancel(answer.body.as_bytes());
        assert_eq!(read, Ok(cancelled), "{id}");
    }
    assert!(!talk.act("T2", Action::Cancel));
}

#[test]
fn a_mandate_is_allowed_in_an_app_by_a_request_or_by_a_code() {
    for (subscription, workflow, amount) in [
        ("OMS1", Workflow::Transaction(39_900), Some(39_900)),
        ("OMSPENNY49900", Workflow::PennyDrop, None),
    ] {
        let mut talk = Talk::new();
        let Verdict::Known(vpa) = talk.verify("customer@ybl") else {
            panic!("a UPI id that exists");
        };
        let android = AuthRequest::intent(
            ids(subscription, "A1"),
            workflow,
            "com.phonepe.app",
            Device::Android,
        );
        let ios = AuthRequest::intent(
            ids(subscription, "A2"),
            workflow,
            "PHONEPE",
            samples::iphone(),
        );
        let qr = AuthRequest::qr(ids(subscription, "A3"), workflow);
        let asked = AuthRequest::collect(ids(subscription, "A4"), workflow, &vpa);
        for (auth, start) in [
            (&android, "upi://mandate?"),
            (&ios, "ppe://mandate?"),
            (&qr, "upi://mandate?"),
        ] {
            match talk.auth(auth) {
                Started::Open(opening) => {
                    assert!(opening.link.starts_with(start));
                    let kind = if auth.is_qr() {
                        OpeningKind::Qr
                    } else {
                        OpeningKind::Intent
                    };
                    assert_eq!(opening.kind, kind);
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(talk.auth(&asked), Started::Asked);
        for id in ["A1", "A2", "A3", "A4"] {
            assert_eq!(talk.status(Subject::Auth, id).outcome, Outcome::Pending);
            assert!(talk.act(id, Action::Approve));
            let expected = Expected {
                merchant_id: "MID12345",
                id,
                amount: amount.map(|paise| Paise::new(paise).unwrap()),
                subscription_id: Some(subscription),
            };
            let asked = talk.status(Subject::Auth, id);
            let told = talk.told();
            for report in [told[0].as_ref().unwrap(), &asked] {
                assert_eq!(report.outcome, Outcome::Paid);
                assert_eq!(report.agrees_with(&expected), Ok(()));
            }
        }
    }
}

#[test]
fn what_phonepe_would_refuse_is_refused() {
    let mut talk = Talk::new();
    let penny = Workflow::PennyDrop;
    let money = Workflow::Transaction(100);
    for (subscription, workflow, code) in [
        ("X1", money, Code::SubscriptionNotFound),
        ("OMSEXPIRED", money, Code::SubscriptionExpired),
        ("OMSACTIVE", money, Code::InvalidSubscriptionState),
        ("OMS1", penny, Code::BadRequest),
        ("OMSPENNY1", money, Code::BadRequest),
    ] {
        let started = talk.auth(&AuthRequest::qr(ids(subscription, "A1"), workflow));
        assert_eq!(started, Started::Refused(code), "{subscription}");
    }
    // Verified once, but not by this PhonePe.
    let asked = AuthRequest::collect(ids("OMS1", "A1"), money, &samples::verified());
    assert_eq!(talk.auth(&asked), Started::Refused(Code::BadRequest));
    assert_eq!(talk.verify("invalid@ybl"), Verdict::NoSuchVpa);

    assert!(matches!(talk.debit("T1", Version::V4), Started::Open(_)));
    assert_eq!(talk.debit("T1", Version::V3), Started::Duplicate);
    assert_eq!(talk.collect("T1"), Started::Duplicate);

    let wrong = Account {
        salts: Salts::new(Salt::new("wrong", 1), Vec::new()),
        ..talk.account.clone()
    };
    let debit = Debit::new("MID12345", "T2", 100);
    let forged = debit.call(Version::V4, &wrong, &samples::back()).unwrap();
    let refused = Started::Refused(Code::AuthorizationFailed);
    let answer = talk.answer(&forged);
    assert_eq!(debit::read_v4(answer.body.as_bytes(), PAGE), Ok(refused));
    let forged = status::call(&wrong, Subject::Payment, "T1").unwrap();
    assert_eq!(talk.answer(&forged).status, 401);
    let foreign = Debit::new("OTHER", "T2", 100);
    let foreign = foreign
        .call(Version::V4, &talk.account, &samples::back())
        .unwrap();
    assert_eq!(talk.answer(&foreign).status, 400);
    let mut guest = debit.clone();
    guest.user_auth_token = samples::text("invalid-token");
    let guest = guest
        .call(Version::V3, &talk.account, &samples::back())
        .unwrap();
    let answer = talk.answer(&guest);
    let refused = debit::read_v3(answer.status, None, answer.body.as_bytes(), PAGE);
    assert_eq!(refused, Ok(Started::Refused(Code::InvalidUserAuthToken)));
    // Headers count too.
    for (name, value) in [("X-REDIRECT-MODE", "PUT"), ("Content-Type", "text/plain")] {
        let mut odd = debit
            .call(Version::V4, &talk.account, &samples::back())
            .unwrap();
        odd.headers.retain(|(it, _)| *it != name);
        odd.headers.push((name, value.to_owned()));
        assert_eq!(talk.answer(&odd).status, 400, "{name}");
    }
    // The path is signed as well.
    let mut moved = debit
        .call(Version::V4, &talk.account, &samples::back())
        .unwrap();
    moved.path = "/v3/debit".to_owned();
    assert_eq!(talk.answer(&moved).status, 401);
    assert!(talk.phonepe.payment("T2").is_none());
}

#[test]
fn an_error_may_have_worked_and_an_answer_may_get_lost() {
    let mut talk = Talk::new();
    for (fault, started, is_done) in [
        (
            Fault::ErrorButDone,
            Some(Started::Unsure(Code::InternalServerError)),
            true,
        ),
        (
            Fault::Answer(Code::InternalServerError),
            Some(Started::Unsure(Code::InternalServerError)),
            false,
        ),
        (Fault::SilenceButDone, None, true),
        (Fault::Silence, None, false),
        (
            Fault::Answer(Code::InvalidTransactionId),
            Some(Started::Duplicate),
            false,
        ),
    ] {
        let id = format!("T{fault:?}").replace(['(', ')'], "");
        talk.phonepe.misbehave(On::Start, fault.clone());
        let debit = Debit::new("MID12345", &id, 100);
        let call = debit
            .call(Version::V4, &talk.account, &samples::back())
            .unwrap();
        let answer = talk.send(&call);
        let read = answer.map(|it| debit::read_v4(it.body.as_bytes(), PAGE).unwrap());
        assert_eq!(read, started, "{fault:?}");
        assert_eq!(talk.phonepe.payment(&id).is_some(), is_done, "{fault:?}");
        // The next one is well again.
        let again = talk.debit(&id, Version::V4);
        assert_eq!(again == Started::Duplicate, is_done, "{fault:?}");
    }
}

#[test]
fn callbacks_come_late_twice_out_of_order_and_forged() {
    let mut talk = Talk::new();
    talk.debit("T1", Version::V4);
    for forgery in [Forgery::Key, Forgery::Content] {
        assert!(talk.phonepe.forge(talk.now_ms, "T1", forgery));
        assert_eq!(talk.told(), [None], "{forgery:?}");
    }
    talk.phonepe.forge(talk.now_ms, "T1", Forgery::Amount);
    let other = talk.told()[0].clone().unwrap();
    assert_eq!(
        (other.outcome, other.amount_paise),
        (Outcome::Paid, Some(101))
    );

    let late = Telling {
        delay_ms: 5_000,
        copies: 2,
    };
    assert!(talk.tell("T1", Action::Fail, late));
    assert!(talk.act("T1", Action::Approve));
    let outcomes = |told: Vec<Option<Report>>| -> Vec<Outcome> {
        told.into_iter().map(|it| it.unwrap().outcome).collect()
    };
    assert_eq!(outcomes(talk.told()), [Outcome::Paid]);
    talk.now_ms += 5_000;
    let failed = Outcome::Failed("PAYMENT_ERROR".to_owned());
    assert_eq!(outcomes(talk.told()), [failed.clone(), failed]);
    assert!(!talk.act("T1", Action::Decline));
    assert_eq!(talk.told(), []);
}

#[test]
fn who_is_asked_by_upi_id_is_in_the_books() {
    let mut talk = Talk::new();
    let collect = Collect {
        transaction_id: "T1".to_owned(),
        merchant_id: "MID12345".to_owned(),
        instrument_type: InstrumentType::Vpa,
        instrument_reference: "customer@ybl".to_owned(),
        expires_in: None,
        ..samples::collect()
    };
    let call = collect.call(&talk.account, &samples::back()).unwrap();
    assert_eq!(talk.answer(&call).status, 200);
    let payment = talk.phonepe.payment("T1").unwrap();
    assert_eq!(payment.asked.as_deref(), Some("customer@ybl"));
    // Without `expiresIn`: thirty days.
    let lifetime = payment.expires_at_ms.unwrap() - talk.now_ms;
    assert_eq!(lifetime, 30 * 86_400_000);
    assert_eq!(talk.phonepe.payments().count(), 1);
}
