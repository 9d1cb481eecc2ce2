//! The UPI apps that the page can open, and how each is reached. Data, with its sources.

/// A UPI app, or the phone's own choice of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum App {
    /// PhonePe. Before it is opened, the discount is asked for.
    PhonePe,
    /// Google Pay.
    GPay,
    /// Paytm.
    Paytm,
    /// BHIM, NPCI's own.
    Bhim,
    /// Navi.
    Navi,
    /// super.money.
    SuperMoney,
    /// CRED.
    Cred,
    /// Amazon Pay.
    AmazonPay,
    /// WhatsApp.
    WhatsApp,
    /// Whatever the phone opens `upi:` links with.
    Any,
}

/// How an app is called and reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The id in configurations, storage and the page's test hooks.
    pub id: &'static str,
    /// The name that the app gives itself.
    pub name: &'static str,
    /// The Android package; empty for [`App::Any`].
    pub package: &'static str,
    /// What stands before the `?` of a link of the app's own that pays.
    pub pay: &'static str,
    /// The same for iOS, where it differs.
    pub pay_ios: &'static str,
    /// The same for a mandate; `None`: no such prefix is known, so the app is not offered for one.
    pub mandate: Option<&'static str>,
}

impl App {
    /// All of them, by market share (NPCI volumes of January 2026), the open choice last.
    pub const ALL: [App; 10] = [
        App::PhonePe,
        App::GPay,
        App::Paytm,
        App::Navi,
        App::SuperMoney,
        App::Bhim,
        App::Cred,
        App::AmazonPay,
        App::WhatsApp,
        App::Any,
    ];

    /// The ones shown where the configuration names none: nearly nine payments in ten, NPCI's own
    /// app, and a way to all others.
    pub const DEFAULT: [App; 5] = [App::PhonePe, App::GPay, App::Paytm, App::Bhim, App::Any];

    /// See [`Facts::id`].
    pub fn id(self) -> &'static str {
        self.facts().id
    }

    /// The app with this id.
    pub fn from_id(id: &str) -> Option<App> {
        Self::ALL.into_iter().find(|app| app.id() == id)
    }

    /// See [`Facts::name`].
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// The app's row.
    ///
    /// Packages: Juspay's list. Pay prefixes: Razorpay's supported apps, Hyperswitch's client list
    /// and notes of tests on devices; Google Pay on iOS: Google's own documentation. Mandate
    /// prefixes: a payment gateway's table, seen in public code. `cred://` and `paytm://` open the
    /// app blank; PhonePe's and Paytm's private routes carry no contract: none of those is used.
    pub const fn facts(self) -> Facts {
        match self {
            App::PhonePe => Facts {
                id: "phonepe",
                name: "PhonePe",
                package: "com.phonepe.app",
                pay: "phonepe://pay",
                pay_ios: "phonepe://pay",
                mandate: Some("phonepe://mandate"),
            },
            App::GPay => Facts {
                id: "gpay",
                name: "Google Pay",
                package: "com.google.android.apps.nbu.paisa.user",
                pay: "tez://upi/pay",
                pay_ios: "gpay://upi/pay",
                mandate: Some("tez://upi/mandate"),
            },
            App::Paytm => Facts {
                id: "paytm",
                name: "Paytm",
                package: "net.one97.paytm",
                pay: "paytmmp://pay",
                pay_ios: "paytmmp://pay",
                mandate: Some("paytmmp://mandate"),
            },
            App::Bhim => Facts {
                id: "bhim",
                name: "BHIM",
                package: "in.org.npci.upiapp",
                pay: "bhim://pay",
                pay_ios: "bhim://pay",
                mandate: Some("bhim://mandate"),
            },
            App::Navi => Facts {
                id: "navi",
                name: "Navi",
                package: "com.naviapp",
                pay: "navipay://pay",
                pay_ios: "navipay://pay",
                mandate: Some("navipay://mandate"),
            },
            App::SuperMoney => Facts {
                id: "supermoney",
                name: "super.money",
                package: "money.super.payments",
                pay: "super://pay",
                pay_ios: "super://pay",
                mandate: Some("super://mandate"),
            },
            App::Cred => Facts {
                id: "cred",
                name: "CRED",
                package: "com.dreamplug.androidapp",
                pay: "credpay://upi/pay",
                pay_ios: "credpay://upi/pay",
                mandate: Some("credpay://upi/mandate"),
            },
            App::AmazonPay => Facts {
                id: "amazonpay",
                name: "Amazon Pay",
                package: "in.amazon.mShop.android.shopping",
                pay: "amazonpay://upi/pay",
                pay_ios: "amazonpay://upi/pay",
                mandate: None,
            },
            App::WhatsApp => Facts {
                id: "whatsapp",
                name: "WhatsApp",
                package: "com.whatsapp",
                pay: "whatsapp://upi/pay",
                pay_ios: "whatsapp://upi/pay",
                mandate: None,
            },
            App::Any => Facts {
                id: "any",
                name: "Any UPI app",
                package: "",
                pay: "upi://pay",
                pay_ios: "upi://pay",
                mandate: Some("upi://mandate"),
            },
        }
    }
}
