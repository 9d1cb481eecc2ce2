//! Links, good and bad.

mod autopay_and_intents;

use proptest::prelude::*;

use super::*;

const PLAIN: &str =
    "upi://pay?pa=boim-561518330444%40boi&pn=SRINIVASA%20TRADERS&tn=BJAA6Z&am=100&mam=100&cu=INR";
const SIGNED: &str =
    "upi://pay?pa=shop@bank&pn=Shop&tr=A1&am=499.00&cu=INR&mode=05&orgid=000000&sign=MEUCIQDx+/=";

fn paise(rupees: &str) -> Paise {
    Paise::from_rupees(rupees).unwrap()
}

fn link(text: &str) -> UpiLink {
    UpiLink::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

#[test]
fn a_plain_link_is_read() {
    let link = link(PLAIN);
    assert_eq!(link.payee().as_str(), "boim-561518330444@boi");
    assert_eq!(link.payee_name().as_deref(), Some("SRINIVASA TRADERS"));
    assert_eq!(link.note().as_deref(), Some("BJAA6Z"));
    assert_eq!(link.amount(), Some(paise("100")));
    assert_eq!(link.min_amount(), Some(paise("100")));
    assert_eq!(link.reference(), None);
    assert!(!link.is_signed());
    assert_eq!(link.as_str(), PLAIN);
}

#[test]
fn sloppy_links_are_forgiven() {
    for text in [
        "UPI://PAY?PA=shop@bank&AM=5",
        "upi://pay/?pa=shop@bank&am=5",
        "upi://pay?pa=shop%40bank&am=5.00",
        "upi://pay?pa=shop@bank&am=5&mam=null&tid=&url=null",
        "upi://pay?&pa=shop@bank&&am=5&",
        "upi://pay?pa=shop@bank&amp;am=5&amp;cu=INR",
        "upi://pay?pa=shop@bank&pn=My+Shop&am=5",
        "upi://pay?pa=shop@bank&pn=My Shop&am=5",
        "upi://pay?pa=shop@bank&pn=My%Shop&am=5&cu=inr",
        "upi://pay?pa=shop@bank&pa=SHOP@bank&am=5&am=5.00",
        "upi://pay?pa=shop@bank&am=5&QRts=2024-03-21T10:59:04.823747522+05:30",
        "tez://upi/pay?pa=shop@bank&am=5",
        "phonepe://pay?pa=shop@bank&am=5",
    ] {
        assert_eq!(link(text).amount(), Some(paise("5")), "{text}");
        assert_eq!(link(text).as_str(), text);
    }
    for text in [
        "My+Shop",
        "My Shop",
        "My%20Shop",
        "My%Shop",
        "%E2%80%AEMy%20Shop%00",
    ] {
        let link = link(&format!("upi://pay?pa=shop@bank&pn={text}"));
        assert_eq!(link.payee_name().as_deref(), Some("My Shop"), "{text}");
    }
}

#[test]
fn an_amount_of_nothing_is_no_amount() {
    for text in ["am=", "am=0", "am=0.00", "am=null", "tn=x"] {
        assert_eq!(
            link(&format!("upi://pay?pa=shop@bank&{text}")).amount(),
            None,
            "{text}"
        );
    }
}

#[test]
fn a_name_that_looks_like_an_address_is_not_shown() {
    for name in ["flipkart@upi", "flipkart%40upi", "flipkart＠upi"] {
        assert_eq!(
            link(&format!("upi://pay?pa=shop@bank&pn={name}")).payee_name(),
            None,
            "{name}"
        );
    }
}

#[test]
fn what_must_not_be_paid_is_refused() {
    for (text, code) in [
        ("", "link-no-query"),
        ("upi://pay", "link-no-query"),
        ("upi://pay?", "link-no-payee"),
        ("upi://pay?am=5", "link-no-payee"),
        ("upi://pay?pa=", "link-no-payee"),
        ("upi://pay?pa=shop", "payee-no-at"),
        ("upi://pay?pa=a@b@c", "payee-two-ats"),
        ("upi://pay?pa=sh%20op@bank", "payee-bad-character"),
        ("upi://pay?pa=shop+x@bank", "payee-bad-character"),
        ("upi://pay?pa=shop%00@bank", "payee-bad-character"),
        ("upi://pay?pa=shop@bank&am=-5", "amount-not-rupees"),
        ("upi://pay?pa=shop@bank&am=1e3", "amount-not-rupees"),
        ("upi://pay?pa=shop@bank&am=1,000", "amount-not-rupees"),
        ("upi://pay?pa=shop@bank&am=%35", "amount-not-rupees"),
        (
            "upi://pay?pa=shop@bank&am=5.001",
            "amount-too-many-decimals",
        ),
        ("upi://pay?pa=shop@bank&am=5&mam=x", "amount-not-rupees"),
        ("upi://pay?pa=shop@bank&cu=USD", "link-currency"),
        ("upi://pay?pa=shop@bank&pa=evil@bank", "link-two-payees"),
        ("upi://pay?pa=shop@bank&PA=evil@bank", "link-two-payees"),
        ("upi://pay?pa=shop@bank&am=5&Am=50", "link-two-amounts"),
        ("upi://pay?pa=shop@bank&tr=1&tr=2", "link-two-references"),
        (
            "upi://pay?pa=shop@bank&cu=INR&cu=USD",
            "link-two-currencies",
        ),
        ("upi://pay?pa=shop@bank&%61m=5", "link-escaped-key"),
        ("upi://pay?pa=shop@bank#am=5", "link-fragment"),
        ("upi://pay?pa=shop@bank\n&am=5", "link-control-character"),
        ("upi://collect?pa=shop@bank", "link-collect"),
        ("upi://mandate?pa=shop@bank", "mandate-terms"),
        ("upi://refund?pa=shop@bank", "link-not-pay"),
        ("upi://upi/pay?pa=shop@bank", "link-not-pay"),
        ("upiGlobal://pay?pa=shop@bank", "link-global"),
        ("https://shop.example/?pa=shop@bank", "link-scheme"),
        ("javascript:alert(1)//pay?pa=shop@bank", "link-scheme"),
        ("phonepe://native?pa=shop@bank", "link-scheme"),
        (" upi://pay?pa=shop@bank", "link-scheme"),
    ] {
        assert_eq!(
            UpiLink::parse(text).map_err(LinkError::code),
            Err(code),
            "{text:?}"
        );
    }
    assert_eq!(UpiLink::parse(&"x".repeat(5_000)), Err(LinkError::TooLong));
}

#[test]
fn a_change_of_amount_touches_nothing_else() {
    let changed = link(PLAIN).with_amount(paise("99.97")).unwrap();
    assert_eq!(changed.as_str(), PLAIN.replace("=100", "=99.97"));

    let raw = "upi://pay?&amp;PA=shop%40bank&pn=A+B C%&aM=5&x=am=5&am=5.0";
    let changed = link(raw).with_amount(paise("4")).unwrap();
    assert_eq!(
        changed.as_str(),
        "upi://pay?&amp;PA=shop%40bank&pn=A+B C%&aM=4.00&x=am=5&am=4.00"
    );

    let appended = link("upi://pay?pa=shop@bank")
        .with_amount(paise("4"))
        .unwrap();
    assert_eq!(appended.as_str(), "upi://pay?pa=shop@bank&am=4.00");

    let filled = link("upi://pay?pa=shop@bank&am=&mam=null&cu=INR")
        .with_amount(paise("4"))
        .unwrap();
    assert_eq!(
        filled.as_str(),
        "upi://pay?pa=shop@bank&am=4.00&mam=null&cu=INR"
    );
}

#[test]
fn a_signed_link_is_opaque() {
    let signed = link(SIGNED);
    assert!(signed.is_signed());
    assert_eq!(signed.with_amount(paise("499")), Ok(signed.clone()));
    assert_eq!(signed.with_amount(paise("498.99")), Err(LinkError::Signed));
    assert_eq!(signed.as_str(), SIGNED);
    assert_eq!(
        signed.for_app(App::PhonePe),
        Some(SIGNED.replace("upi://pay", "phonepe://pay"))
    );
}

#[test]
fn a_link_agrees_with_its_order_or_says_where_not() {
    let link = link("upi://pay?pa=shop@bank&am=499.00");
    let payee = Vpa::parse("SHOP@bank").unwrap();
    let other = Vpa::parse("evil@bank").unwrap();
    assert_eq!(link.agrees_with(Some(&payee), &[paise("499")]), Ok(()));
    assert_eq!(
        link.agrees_with(None, &[paise("499"), paise("498")]),
        Ok(())
    );
    assert_eq!(
        link.agrees_with(Some(&other), &[paise("499")]),
        Err(Disagreement::Payee)
    );
    assert_eq!(
        link.agrees_with(Some(&payee), &[paise("498")]),
        Err(Disagreement::Amount)
    );
    let floor = UpiLink::parse("upi://pay?pa=shop@bank&mam=500").unwrap();
    assert_eq!(
        floor.agrees_with(None, &[paise("499")]),
        Err(Disagreement::Amount)
    );
}

#[test]
fn the_link_that_we_make_says_what_was_asked() {
    let payee = Vpa::parse("shop@bank").unwrap();
    let request = PayRequest {
        payee: &payee,
        payee_name: "Chai & Söhne",
        merchant_code: Some("5812"),
        reference: "0123456789abcdef0123456789abcdef",
        note: Some("Order #7"),
        amount: paise("499"),
    };
    let text = request.to_link();
    assert_eq!(
        text,
        "upi://pay?pa=shop@bank&pn=Chai%20%26%20S%C3%B6hne&mc=5812&tr=0123456789abcdef0123456789abcdef&tn=Order%20%237&am=499.00&mam=499.00&cu=INR"
    );
    let link = link(&text);
    assert_eq!(link.payee_name().as_deref(), Some("Chai & Söhne"));
    assert_eq!(link.note().as_deref(), Some("Order #7"));
    assert_eq!(link.amount(), Some(paise("499")));
}

#[test]
fn what_is_odd_is_warned_of() {
    for (tags, warnings) in [
        ("mc=5411&tr=1&am=5", vec![]),
        ("am=5", vec!["unverified-intent"]),
        ("tr=1", vec!["amount-editable"]),
        ("tr=1&am=5&mam=1", vec!["amount-editable"]),
        ("tr=1&am=5&sign=MEU=&x=1", vec!["tag-after-sign"]),
        ("tr=1&am=5&sign=MEU=&", vec![]),
        ("tr=1&am=500000", vec![]),
        ("tr=1&am=500000.01", vec!["amount-above-limit"]),
        ("tr=1&am=5&pn=a@upi", vec!["name-is-an-address"]),
        ("tr=1&am=5&tn=%E2%80%AEx", vec!["hidden-characters"]),
        (
            "tr=123456789012345678901234567890123456&am=5",
            vec!["reference-too-long"],
        ),
        ("tr=1&am=5&QRexpire=tomorrow", vec!["bad-expiry"]),
    ] {
        assert_eq!(
            link(&format!("upi://pay?pa=shop@bank&{tags}")).warnings(),
            warnings,
            "{tags}"
        );
    }
}

/// Texts close enough to links to reach every rule.
fn almost_a_link() -> impl Strategy<Value = String> {
    let tag = prop_oneof![
        Just("pa=shop@bank".to_owned()),
        Just("am=5".to_owned()),
        Just("mam=5".to_owned()),
        Just("cu=INR".to_owned()),
        Just("sign=MEUC+/=".to_owned()),
        "[a-zA-Z%;]{0,4}=[ -~]{0,6}",
        "\\PC{0,8}",
    ];
    let tags = prop::collection::vec(tag, 0..8);
    (
        prop_oneof![
            Just("upi://pay?"),
            Just("UPI://pay/?"),
            Just("tez://upi/pay?")
        ],
        tags,
    )
        .prop_map(|(head, tags)| format!("{head}{}", tags.join("&")))
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*") {
        let _ = UpiLink::parse(&text);
    }

    #[test]
    fn links_keep_their_bytes_and_amounts_change_in_place(text in almost_a_link(), paise in 1_u64..1_000_000) {
        let Ok(link) = UpiLink::parse(&text) else { return Ok(()) };
        let amount = Paise::new(paise).unwrap();
        prop_assert_eq!(link.as_str(), &text);
        match link.with_amount(amount) {
            Err(error) => prop_assert!(error == LinkError::Signed && link.is_signed()),
            Ok(changed) => {
                prop_assert_eq!(changed.amount(), Some(amount));
                prop_assert_eq!(changed.payee(), link.payee());
                // Back to the same amount and on: everything but the amounts is as it was.
                let other = Paise::new(paise.saturating_add(1)).unwrap();
                if !link.is_signed() {
                    let there = changed.with_amount(other).unwrap();
                    prop_assert_eq!(there.with_amount(amount).unwrap(), changed.clone());
                }
                let tags = |text: &str| text.split('&').filter(|tag| !tag.to_ascii_lowercase().contains("am=")).map(str::to_owned).collect::<Vec<_>>();
                prop_assert_eq!(tags(changed.as_str()), tags(&text));
            }
        }
    }
}
