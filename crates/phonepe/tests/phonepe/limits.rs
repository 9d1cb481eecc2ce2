//! Every limit, one break each: the error names the field, and no call comes of it.

use phonepe::autopay::{AuthRequest, Device, Workflow};
use phonepe::call::{CallError, WayBack};
use phonepe::debit::{Debit, Version};
use phonepe::gst::{GstBreakup, InvoiceDetails};

use crate::samples::{self, text};

fn good_debit() -> Debit {
    Debit {
        mobile_number: text("9999999999"),
        ..samples::debit_v4()
    }
}

fn field(refused: Result<phonepe::call::Call, CallError>) -> &'static str {
    match refused {
        Err(CallError::Field(error)) => error.field,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_debit_that_breaks_a_limit_is_not_sent() {
    let (account, back) = (samples::account("M"), samples::back());
    assert!(good_debit().call(Version::V4, &account, &back).is_ok());
    let long = |length| text(&"a".repeat(length));
    type Break = (&'static str, fn(&mut Debit));
    let breaks: [Break; 16] = [
        ("merchantId", |it| it.merchant_id.clear()),
        ("transactionId", |it| it.transaction_id = "a".repeat(38)),
        ("transactionId", |it| it.transaction_id = "a b".to_owned()),
        ("merchantUserId", |it| {
            it.merchant_user_id = text(&"a".repeat(64))
        }),
        ("merchantUserId", |it| {
            it.merchant_user_id = text("a@b.example")
        }),
        ("userAuthToken", |it| it.user_auth_token = text("")),
        ("amount", |it| it.amount = 0),
        ("merchantOrderId", |it| {
            it.merchant_order_id = text(&"a".repeat(48))
        }),
        // As the sample masks it.
        ("mobileNumber", |it| it.mobile_number = text("9xxxxxxxxx")),
        ("message", |it| it.message = text("a\nb")),
        ("subMerchantId", |it| it.sub_merchant_id = text("a b")),
        ("email", |it| it.email = text("amit")),
        ("shortName", |it| it.short_name = text(" ")),
        ("gstBreakup.gstPercentage", |it| {
            it.gst_breakup = Some(GstBreakup {
                gst_percentage: Some(101),
                ..GstBreakup::default()
            });
        }),
        ("gstBreakup.igst", |it| {
            it.gst_breakup = Some(GstBreakup {
                igst: Some(u64::MAX),
                ..GstBreakup::default()
            });
        }),
        ("invoiceDetails.invoiceDate", |it| {
            it.invoice_details = Some(InvoiceDetails {
                invoice_number: None,
                invoice_date: text("29.06.2021"),
                invoice_name: None,
            });
        }),
    ];
    for (name, change) in breaks {
        let mut debit = good_debit();
        change(&mut debit);
        assert_eq!(field(debit.call(Version::V4, &account, &back)), name);
    }
    // Lengths are met exactly.
    let mut longest = good_debit();
    longest.transaction_id = "a".repeat(37);
    longest.merchant_user_id = long(63);
    longest.merchant_order_id = long(47);
    assert!(longest.call(Version::V4, &account, &back).is_ok());
    // Only v4 knows tax and invoice.
    let mut v3 = good_debit();
    assert_eq!(field(v3.call(Version::V3, &account, &back)), "gstBreakup");
    v3.gst_breakup = None;
    assert_eq!(
        field(v3.call(Version::V3, &account, &back)),
        "invoiceDetails"
    );
    v3.invoice_details = None;
    assert!(v3.call(Version::V3, &account, &back).is_ok());
}

#[test]
fn a_collect_request_that_breaks_a_limit_is_not_sent() {
    use phonepe::collect::{Collect, InstrumentType};
    let (account, back) = (samples::account("M"), samples::back());
    assert!(samples::collect().call(&account, &back).is_ok());
    type Break = (&'static str, fn(&mut Collect));
    let breaks: [Break; 13] = [
        ("merchantId", |it| it.merchant_id.clear()),
        ("transactionId", |it| it.transaction_id.clear()),
        ("merchantOrderId", |it| it.merchant_order_id.clear()),
        ("amount", |it| it.amount = u64::MAX),
        ("instrumentReference", |it| {
            it.instrument_reference = "999".to_owned()
        }),
        ("instrumentReference", |it| {
            it.instrument_type = InstrumentType::Vpa
        }),
        ("message", |it| it.message = text(&"a".repeat(256))),
        ("email", |it| it.email = text("@")),
        ("expiresIn", |it| it.expires_in = Some(0)),
        ("expiresIn", |it| it.expires_in = Some(31 * 86_400)),
        ("shortName", |it| it.short_name = text("")),
        ("storeId", |it| it.store_id = text("store,1")),
        ("terminalId", |it| it.terminal_id = text("till @1")),
    ];
    for (name, change) in breaks {
        let mut collect = samples::collect();
        change(&mut collect);
        assert_eq!(field(collect.call(&account, &back)), name);
    }
    let mut by_vpa = samples::collect();
    by_vpa.instrument_type = InstrumentType::Vpa;
    by_vpa.instrument_reference = "customer@ybl".to_owned();
    assert!(by_vpa.call(&account, &back).is_ok());
}

#[test]
fn an_auth_request_that_breaks_a_limit_is_not_sent() {
    let (account, back) = (samples::account("M"), samples::back());
    let intent = |app: &str, device| {
        AuthRequest::intent(samples::ids(), Workflow::PennyDrop, app, device).call(&account, &back)
    };
    for app in phonepe::autopay::ANDROID_APPS {
        assert!(intent(app, Device::Android).is_ok());
        assert_eq!(
            field(intent(app, samples::iphone())),
            "paymentInstrument.targetApp"
        );
    }
    for app in phonepe::autopay::IOS_APPS {
        assert!(intent(app, samples::iphone()).is_ok());
        assert_eq!(
            field(intent(app, Device::Android)),
            "paymentInstrument.targetApp"
        );
    }
    let odd = Device::Ios {
        callback_scheme: "my app://".to_owned(),
    };
    let named = "deviceContext.merchantCallBackScheme";
    assert_eq!(field(intent("GPAY", odd)), named);

    let qr = |change: fn(&mut phonepe::autopay::Ids), workflow| {
        let mut ids = samples::ids();
        change(&mut ids);
        AuthRequest::qr(ids, workflow).call(&account, &back)
    };
    let nothing = Workflow::Transaction(0);
    assert_eq!(field(qr(|_| (), nothing)), "amount");
    let drop = Workflow::PennyDrop;
    assert_eq!(
        field(qr(|it| it.merchant_user_id.clear(), drop)),
        "merchantUserId"
    );
    assert_eq!(
        field(qr(|it| it.subscription_id.clear(), drop)),
        "subscriptionId"
    );
    let long = |it: &mut phonepe::autopay::Ids| it.auth_request_id = "a".repeat(36);
    assert_eq!(field(qr(long, drop)), "authRequestId");
    let dashed = |it: &mut phonepe::autopay::Ids| it.auth_request_id = "a-b".to_owned();
    assert_eq!(field(qr(dashed, drop)), "authRequestId");
    assert!(qr(|it| it.auth_request_id = "a".repeat(35), drop).is_ok());
}

#[test]
fn the_way_back_is_a_web_address() {
    let account = samples::account("M");
    for (redirect, callback, name) in [
        (
            "javascript:alert(1)",
            "https://pay.example/",
            "X-REDIRECT-URL",
        ),
        ("https://pay.example/", "pay.example", "X-CALLBACK-URL"),
        (
            "https://pay.example/\r\nX-VERIFY: 1",
            "https://pay.example/",
            "X-REDIRECT-URL",
        ),
    ] {
        let back = WayBack {
            redirect_url: text(redirect),
            callback_url: callback.to_owned(),
        };
        assert_eq!(field(good_debit().call(Version::V4, &account, &back)), name);
    }
}
