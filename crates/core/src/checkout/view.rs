//! What is to be seen: plain data, worded and formatted, for components that decide nothing.

use std::sync::Arc;

use crate::apps::App;
use crate::qr::Qr;

/// The whole page.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Which screen.
    pub screen: Screen,
    /// The screen's heading.
    pub headline: String,
    /// A sentence or two under it: what it means and what to do; may be empty.
    pub explanation: String,
    /// What goes on, for the live region.
    pub status: String,
    /// Whether the customer is told to be offline.
    pub offline: bool,
    /// Whether the apps come before the code.
    pub apps_first: bool,
    /// The heading of the apps.
    pub apps_heading: &'static str,
    /// Where app links cannot be opened: the way to a browser that can.
    pub elsewhere: Option<Elsewhere>,
    /// Who is paid.
    pub payee: Option<Payee>,
    /// What is paid.
    pub amounts: Option<Amounts>,
    /// A remark on the amount; may be empty.
    pub amount_note: &'static str,
    /// The apps, in order; none where there is no link.
    pub apps: Vec<AppButton>,
    /// Who was asked to approve the payment, and what to do there; empty where nobody was.
    pub asked: String,
    /// The page that takes the payment over, where there is one.
    pub web_page: Option<String>,
    /// The app that was chosen, with a way to open it once more.
    pub waiting: Option<Waiting>,
    /// The code.
    pub qr: Option<QrView>,
    /// The time left, `4:59`.
    pub countdown: Option<String>,
    /// The UTR form.
    pub utr: Option<UtrView>,
    /// What became of copying the UPI id; may be empty.
    pub copy_note: &'static str,
    /// Where "Continue" leads, where there is such a button.
    pub continue_to: Option<String>,
    /// Whether there is a button to try again.
    pub retry: bool,
    /// Whether an answer to that is awaited.
    pub busy: bool,
}

/// The six screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The order is being fetched.
    Loading,
    /// The order can be paid.
    Pay,
    /// It is paid.
    Paid,
    /// The time is over.
    Expired,
    /// It failed.
    Failed,
    /// It cannot be shown or paid here.
    Unavailable,
}

impl Screen {
    /// The word in the page's `data-screen`.
    pub fn name(self) -> &'static str {
        match self {
            Screen::Loading => "loading",
            Screen::Pay => "pay",
            Screen::Paid => "paid",
            Screen::Expired => "expired",
            Screen::Failed => "failed",
            Screen::Unavailable => "unavailable",
        }
    }
}

/// Who is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payee {
    /// The name; empty where none is known.
    pub name: String,
    /// The UPI id; `None` where it must not be offered.
    pub upi_id: Option<String>,
}

/// What is paid, formatted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// What is to be paid now.
    pub payable: String,
    /// Before the discount, and what is taken off.
    pub discount: Option<(String, String)>,
}

/// One app's button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppButton {
    /// The app.
    pub app: App,
    /// The link behind it; `None`: a button, because there is work to do before.
    pub href: Option<String>,
    /// Whether that work is going on.
    pub busy: bool,
}

/// The way out of a browser that opens no apps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The page's own address.
    pub address: String,
    /// What became of copying it; may be empty.
    pub note: &'static str,
}

/// After an app was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The app.
    pub app: App,
    /// The link that opens it again; `None`: a button.
    pub href: Option<String>,
    /// Whether it is being opened just now.
    pub opening: bool,
    /// How to find the UTR in this app, once the customer is back; may be empty.
    pub utr_help: &'static str,
}

/// The code.
#[derive(Clone, Debug, PartialEq)]
pub struct QrView {
    /// What to draw; `None`: the code is one tap away.
    pub drawn: Option<Arc<Qr>>,
    /// Its text alternative.
    pub label: String,
    /// How wide it is drawn, in CSS pixels.
    pub width: String,
    /// How wide where it fills the screen.
    pub width_large: String,
    /// What stands under it there: lines.
    pub lines: String,
    /// What a picture of it is good for; may be empty.
    pub picture_help: &'static str,
    /// What became of saving or sharing it; may be empty.
    pub picture_note: &'static str,
    /// Whether it can be shared.
    pub can_share: bool,
}

/// The UTR form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UtrView {
    /// Whether the form is unfolded.
    pub open: bool,
    /// What was typed.
    pub draft: String,
    /// Whether an answer is awaited.
    pub busy: bool,
    /// What became of it; may be empty.
    pub message: String,
    /// What kind of message that is.
    pub tone: Tone,
}

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// For information.
    Plain,
    /// Something has to be corrected.
    Problem,
}
