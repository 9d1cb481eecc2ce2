//! The UPI apps that the page can open, and how.

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

    /// The id in configurations, storage and the page's test hooks.
    pub fn id(self) -> &'static str {
        self.facts().0
    }

    /// The app with this id.
    pub fn from_id(id: &str) -> Option<App> {
        Self::ALL.into_iter().find(|app| app.id() == id)
    }

    /// The name that the app gives itself.
    pub fn name(self) -> &'static str {
        self.facts().1
    }

    /// What stands before the `?` of a link that opens this app to pay.
    pub fn pay_prefix(self) -> &'static str {
        self.facts().2
    }

    /// Id, name, prefix. Prefixes: Razorpay's list of supported apps, Google's iOS documentation,
    /// Hyperswitch's client list and notes of tests on devices. `cred://` and `paytm://` open the
    /// app blank; PhonePe's and Paytm's private routes carry no contract: none of those is used.
    fn facts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            App::PhonePe => ("phonepe", "PhonePe", "phonepe://pay"),
            App::GPay => ("gpay", "Google Pay", "tez://upi/pay"),
            App::Paytm => ("paytm", "Paytm", "paytmmp://pay"),
            App::Bhim => ("bhim", "BHIM", "bhim://pay"),
            App::Navi => ("navi", "Navi", "navipay://pay"),
            App::SuperMoney => ("supermoney", "super.money", "super://pay"),
            App::Cred => ("cred", "CRED", "credpay://upi/pay"),
            App::AmazonPay => ("amazonpay", "Amazon Pay", "amazonpay://upi/pay"),
            App::WhatsApp => ("whatsapp", "WhatsApp", "whatsapp://upi/pay"),
            App::Any => ("any", "Any UPI app", "upi://pay"),
        }
    }
}
