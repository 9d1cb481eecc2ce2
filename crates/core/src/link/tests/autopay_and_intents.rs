//! Mandates, and links that Android's intents wrap.

use super::*;

const MANDATE: &str = "upi://mandate?pa=shop@bank&pn=Shop&mc=5968&tr=M1&am=299.00&fam=2.00&cu=INR&mn=Music&validitystart=17012026&validityend=17012027&amrule=MAX&recur=MONTHLY&recurvalue=17&recurtype=ON&rev=Y&purpose=14&mode=04&txnType=CREATE&QRexpire=2026-11-21T22:33:00.000%2B05:30";

#[test]
fn a_mandate_says_what_is_charged_now_and_what_may_be_later() {
    let mandate = link(MANDATE);
    assert_eq!(mandate.kind(), Kind::Mandate);
    assert_eq!(mandate.charged_now(), Some(paise("2")));
    assert_eq!(mandate.amount(), Some(paise("299")));
    assert_eq!(
        mandate.mandate().unwrap().words(),
        "₹2.00 now, then up to ₹299.00 a month until 17 Jan 2027"
    );
    assert_eq!(mandate.expires_at_ms(), Some(1_795_280_580_000));
    assert_eq!(mandate.warnings(), [""; 0]);
    assert_eq!(mandate.agrees_with(None, &[paise("2")]), Ok(()));
    assert_eq!(mandate.agrees_with(None, &[paise("299")]), Ok(()));
    assert_eq!(
        mandate.agrees_with(None, &[paise("3")]),
        Err(Disagreement::Amount)
    );
    assert_eq!(
        mandate.with_amount(paise("1")),
        Err(LinkError::MandateTerms)
    );
    assert_eq!(
        mandate.for_app(App::GPay),
        Some(MANDATE.replace("upi://mandate", "tez://upi/mandate"))
    );
    assert_eq!(mandate.for_app(App::AmazonPay), None);

    for (tag, instead) in [("&am=299.00", ""), ("recur=MONTHLY", "recur=OFTEN")] {
        assert_eq!(
            UpiLink::parse(&MANDATE.replace(tag, instead)),
            Err(LinkError::MandateTerms),
            "{tag}"
        );
    }
    let odd = link(&MANDATE.replace("fam=2.00", "fam=300"));
    assert_eq!(odd.warnings(), ["first-above-ceiling"]);
}

#[test]
fn intents_are_read_strictly_as_the_link_that_they_wrap() {
    let query = "pa=shop@bank&am=5.00&tr=1&pn=A%20B";
    for (parts, scheme) in [
        ("scheme=upi;package=com.phonepe.app;end", "upi://pay"),
        ("scheme=upi;end", "upi://pay"),
        (
            "scheme=upi;action=android.intent.action.VIEW;S.browser_fallback_url=https%3A%2F%2Fx.example;end",
            "upi://pay",
        ),
        (
            "package=net.one97.paytm;scheme=paytmmp;end",
            "paytmmp://pay",
        ),
    ] {
        let text = format!("intent://pay?{query}#Intent;{parts}");
        assert_eq!(link(&text).as_str(), format!("{scheme}?{query}"), "{text}");
    }
    for (text, code) in [
        (format!("intent://pay?{query}"), "intent-shape"),
        (
            format!("intent://pay?{query}#Intent;scheme=upi"),
            "intent-shape",
        ),
        (format!("intent://pay?{query}#Intent;end"), "intent-shape"),
        (
            format!("intent://pay?{query}#Intent;;scheme=upi;end"),
            "intent-shape",
        ),
        (
            format!("intent://pay?{query}#Intent;scheme=upi;scheme=upi;end"),
            "intent-shape",
        ),
        (
            format!("intent://pay?{query}#Intent;scheme=upi;end#Intent;scheme=upi;end"),
            "intent-shape",
        ),
        (
            format!("intent:pay?{query}#Intent;scheme=upi;end"),
            "intent-shape",
        ),
        (
            format!("intent://pay?{query}#Intent;scheme=upi;component=com.evil/.A;end"),
            "intent-key",
        ),
        (
            format!("intent://pay?{query}#Intent;scheme=upi;SEL;end"),
            "intent-shape",
        ),
        (
            format!("intent://pay?{query}#Intent;scheme=upi;S.extra=1;end"),
            "intent-key",
        ),
        (
            format!("intent://pay?{query}#Intent;scheme=upi;launchFlags=0x1;end"),
            "intent-key",
        ),
        (
            format!("intent://pay?{query}#Intent;scheme=upi;category=x;end"),
            "intent-key",
        ),
        (
            format!("intent://pay?{query}#Intent;scheme=upi;action=android.intent.action.CALL;end"),
            "intent-key",
        ),
        (
            format!("intent://pay?{query}#Intent;scheme=upi;package=com.evil;end"),
            "intent-package",
        ),
        (
            format!("intent://pay?{query}#Intent;scheme=upi;package=;end"),
            "intent-package",
        ),
        (
            format!("intent://pay?{query}#Intent;scheme=javascript;end"),
            "link-scheme",
        ),
        (
            format!("intent://pay?{query}#Intent;scheme=https;end"),
            "link-scheme",
        ),
        (
            format!("intent://upi/pay?{query}#Intent;scheme=upi;end"),
            "link-not-pay",
        ),
    ] {
        assert_eq!(
            UpiLink::parse(&text).map_err(LinkError::code),
            Err(code),
            "{text}"
        );
    }
}
