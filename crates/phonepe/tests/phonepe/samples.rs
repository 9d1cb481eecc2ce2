//! The documents' sample requests, made with our types.

use checkout_core::vpa::Vpa;
use phonepe::autopay::{AuthRequest, Device, Ids, Workflow};
use phonepe::call::{Account, WayBack};
use phonepe::collect::{Collect, InstrumentType};
use phonepe::debit::Debit;
use phonepe::gst::{GstBreakup, InvoiceDetails};
use phonepe::salt::{Salt, Salts};
use phonepe::vpa::{self, Verdict, VerifiedVpa};

pub(crate) fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(crate) fn account(merchant_id: &str) -> Account {
    Account {
        merchant_id: merchant_id.to_owned(),
        salts: Salts::new(Salt::new("golden-salt-key", 1), Vec::new()),
        provider_id: None,
    }
}

pub(crate) fn back() -> WayBack {
    WayBack {
        redirect_url: text("https://pay.example/pay/1"),
        callback_url: "https://pay.example/callbacks/phonepe/shop".to_owned(),
    }
}

pub(crate) fn debit_v3() -> Debit {
    Debit {
        merchant_user_id: text("U123456789"),
        merchant_order_id: text("OD1234"),
        mobile_number: text("9xxxxxxxxx"),
        message: text("payment for order placed OD1234"),
        sub_merchant_id: text("DemoMerchant"),
        email: text("amit***75@gmail.com"),
        short_name: text("Amit"),
        ..Debit::new("UATMERCHANT", "TX123456789", 100)
    }
}

pub(crate) fn debit_v4() -> Debit {
    Debit {
        gst_breakup: Some(GstBreakup {
            gst: Some(100),
            cgst: Some(25),
            cess: Some(25),
            sgst: Some(25),
            igst: Some(25),
            gst_incentive: Some(100),
            gst_percentage: Some(10),
        }),
        invoice_details: Some(InvoiceDetails {
            invoice_number: text("123456fffff##_##"),
            invoice_date: text("2021-06-29T10:13:54.022Z"),
            invoice_name: text("bccbd_cjdcdjc******"),
        }),
        ..debit_v3()
    }
}

pub(crate) fn collect() -> Collect {
    Collect {
        merchant_id: "MERCHANTUAT".to_owned(),
        transaction_id: "TX123456789".to_owned(),
        merchant_order_id: "M123456789".to_owned(),
        amount: 100,
        instrument_type: InstrumentType::Mobile,
        instrument_reference: "9999999999".to_owned(),
        message: text("collect for XXX order"),
        email: text("amitxxx75@gmail.com"),
        expires_in: Some(180),
        short_name: text("DemoCustomer"),
        sub_merchant: None,
        store_id: text("store1"),
        terminal_id: text("terminal1"),
    }
}

pub(crate) fn ids() -> Ids {
    Ids {
        merchant_id: "MID12345".to_owned(),
        merchant_user_id: "U123456789".to_owned(),
        subscription_id: "OMS2006110139450123456789".to_owned(),
        auth_request_id: "TX123456789".to_owned(),
    }
}

fn ios_ids() -> Ids {
    Ids {
        merchant_id: "MERCHANTUAT".to_owned(),
        merchant_user_id: "5330F4FB-C66C-4646-8691-11544B580547".to_owned(),
        subscription_id: "OMS2301191527473651197003".to_owned(),
        auth_request_id: "D2500CEFBBE481095A43D6D5B7A787F".to_owned(),
    }
}

pub(crate) fn iphone() -> Device {
    Device::Ios {
        callback_scheme: "iOSIntentIntegration".to_owned(),
    }
}

pub(crate) fn verified() -> VerifiedVpa {
    let vpa = Vpa::parse("test-vpa@ybl").unwrap();
    let body = br#"{"success":true,"code":"SUCCESS","data":{"exists":true}}"#;
    match vpa::read(body, &vpa) {
        Ok(Verdict::Known(vpa)) => vpa,
        other => panic!("{other:?}"),
    }
}

/// The submit auth request of that sample.
pub(crate) fn auth(name: &str) -> AuthRequest {
    let (way, workflow) = name.rsplit_once(", ").unwrap();
    let workflow = match workflow {
        "TRANSACTION" => Workflow::Transaction(39_900),
        _ => Workflow::PennyDrop,
    };
    match way {
        "intent, Android" => {
            AuthRequest::intent(ids(), workflow, "com.phonepe.app", Device::Android)
        }
        "intent, iOS" => AuthRequest::intent(ios_ids(), workflow, "PHONEPE", iphone()),
        "collect" => AuthRequest::collect(ids(), workflow, &verified()),
        "QR" => AuthRequest::qr(ids(), workflow),
        other => panic!("no sample {other}"),
    }
}
