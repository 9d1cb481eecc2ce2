//! What the page says, in English. Every word that a customer reads stands here.

use crate::apps::App;
use crate::checkout::{PictureNote, Trouble};
use crate::link::Disagreement;

/// Heading and status while the order is fetched.
pub const LOADING: &str = "Getting your order…";
/// Heading of the pay screen.
pub const PAY: &str = "Pay with UPI";
/// What to do while somebody is asked in their app.
pub const APPROVE: &str = "Approve the request in your UPI app";
/// Status meanwhile, where the server does not say (PhonePe's own words).
pub const APPROVAL_PENDING: &str = "Payment is in progress, please wait for sometime.";
/// The link to the page that takes a payment over.
pub const CONTINUE_ON_WEB: &str = "Continue to PhonePe";
/// Heading once it is paid.
pub const PAID: &str = "Paid";
/// Status once it is paid.
pub const PAID_STATUS: &str = "Your payment has arrived.";
/// Under "Paid", while the page is about to leave.
pub const LEAVING: &str = "Taking you back to the shop…";
/// Under "Paid", once the page has left and was brought back.
pub const LEAVE: &str = "You can go back to the shop.";
/// Under "Paid", where there is nowhere to go.
pub const STAY: &str = "You can close this page.";
/// Heading once the time is over.
pub const EXPIRED: &str = "Time is up";
/// What that means.
pub const EXPIRED_MEANS: &str = "This payment link is closed. Please do not pay now. If you have paid already, your payment will still be found.";
/// Heading of a failed payment.
pub const FAILED: &str = "Payment did not go through";
/// What that means, where the server does not say.
pub const FAILED_MEANS: &str =
    "If money left your account, your bank sends it back or the payment will still be found.";
/// Status after the end.
pub const STILL_WATCHING: &str = "We keep looking for your payment.";
/// Status and banner without a network.
pub const OFFLINE: &str = "You are offline. We check again as soon as you are back.";
/// Status while nothing else is to be said.
pub const WAITING: &str = "Waiting for your payment. This page updates by itself.";
/// Status after several failed requests.
pub const SLOW: &str = "The connection is poor. We keep checking for your payment.";
/// Status in the last minute.
pub const SHORT: &str = "Less than a minute left to pay.";
/// Status while the discount is asked for.
pub const ASKING_DISCOUNT: &str = "Getting your price for PhonePe…";
/// Status where the discount cannot be had.
pub const DISCOUNT_STUCK: &str =
    "Your price for PhonePe could not be fetched. Tap PhonePe to try again, or pay another way.";
/// Status after the way back from an app.
pub const BACK: &str = "Checking your payment. If you have paid, your bank can take up to three minutes: please do not pay twice.";
/// A remark where a signed link leaves the amount open.
pub const TYPE_THE_AMOUNT: &str = "Please type exactly this amount in your UPI app.";
/// A remark where a signed link cannot carry the discount.
pub const DISCOUNT_LOST: &str = "The offer does not apply to this payment.";
/// The label of the countdown.
pub const TIME_LEFT: &str = "Time left";
/// The label of the amount.
pub const AMOUNT: &str = "To pay";
/// The label of the amount before the discount.
pub const ORIGINAL: &str = "Order amount";
/// The label of what is taken off.
pub const DISCOUNT: &str = "Discount";
/// The label of the UPI id.
pub const UPI_ID: &str = "UPI ID";
/// The button that copies the UPI id.
pub const COPY: &str = "Copy";
/// The question before an open payment is closed.
pub const LEAVE_PAYMENT: &str = "Your payment is still open. Close it all the same?";
/// The heading of the apps.
pub const CHOOSE_APP: &str = "Choose your UPI app";
/// The heading of the apps where the code comes first.
pub const OR_APP: &str = "Or open an app on this device";
/// The heading where no app can be opened, but PhonePe's price changes the code.
pub const PHONEPE_PRICE: &str = "Paying with PhonePe? See your price first";
/// The heading of the code.
pub const SCAN: &str = "Scan with any UPI app";
/// The button that brings the code up.
pub const SHOW_QR: &str = "Show QR code";
/// The button that puts it away.
pub const HIDE_QR: &str = "Hide QR code";
/// The button that saves the code.
pub const SAVE_QR: &str = "Save QR code";
/// The button that hands the code to another app.
pub const SHARE_QR: &str = "Share";
/// The button that shows the code large.
pub const ENLARGE_QR: &str = "Tap to fill the screen";
/// The button that ends that.
pub const CLOSE: &str = "Close";
/// What is to be done with a saved code.
pub const SCAN_SAVED: &str = "On this phone: save the code, then in your UPI app choose “Scan” and pick it from the gallery.";
/// A warning for who saves the code of a large amount.
pub const GALLERY_LIMIT: &str = "Above ₹2,000 some apps refuse codes from the gallery. Better scan it with another phone, or open an app.";
/// Heading where app links cannot be opened: in another app, or in a shop's page.
pub const ELSEWHERE: &str = "Open this page in your browser";
/// What that means.
pub const ELSEWHERE_MEANS: &str = "No UPI app opens from here. Use “Open in browser” in the menu, or copy the link into Chrome or Safari. The code below works too.";
/// The button that copies the page's address.
pub const COPY_ADDRESS: &str = "Copy link";
/// What opens the UTR form.
pub const UTR_OPEN: &str = "Paid already? Enter your UTR";
/// The label of the UTR field.
pub const UTR_LABEL: &str = "UTR (12-digit bank reference)";
/// What the UTR is good for.
pub const UTR_MEANS: &str = "We use it to find your payment at the bank.";
/// The button that sends the UTR.
pub const UTR_SUBMIT: &str = "Find my payment";
/// The same while an answer is awaited.
pub const UTR_BUSY: &str = "Sending…";
/// A UTR that has paid another order.
pub const UTR_USED: &str = "This UTR belongs to another order. Please check the 12 digits.";
/// A UTR for an order that takes none any more.
pub const UTR_CLOSED: &str = "This order takes no more UTRs. Please contact the shop.";
/// Too many UTRs.
pub const UTR_TOO_MANY: &str = "Too many tries. Please wait a little and check the 12 digits.";
/// The UTR did not reach the server.
pub const UTR_NOT_SENT: &str = "Your UTR could not be sent. Nothing is lost: please try again.";
/// The button to try again.
pub const RETRY: &str = "Check again";
/// The same while an answer is awaited.
pub const RETRY_BUSY: &str = "Checking…";
/// The button to `successUrl`.
pub const CONTINUE: &str = "Back to the shop";
/// Under everything.
pub const FOOTER: &str = "Your UPI app shows the payee and the amount before you enter your PIN.";

/// Heading and explanation of a trouble.
pub(crate) fn trouble(trouble: Trouble) -> (&'static str, &'static str) {
    match trouble {
        Trouble::NoOrder => (
            "No order here",
            "This address names no order. Please go back to the shop and start again.",
        ),
        Trouble::NotFound => (
            "Order not found",
            "Please check the link, or go back to the shop and start again.",
        ),
        Trouble::Refused => (
            "Order not available",
            "The shop's server does not show this order. Please try again, or contact the shop.",
        ),
        Trouble::Unreachable => (
            "No connection to the shop",
            "We keep trying. Please check your internet connection.",
        ),
        Trouble::Malformed => (
            "Something is wrong at the shop",
            "The shop's server sent an answer that we cannot read. We keep trying; please contact the shop if this stays.",
        ),
        Trouble::NotReady => (
            "One moment",
            "Your payment is being prepared. This page updates by itself.",
        ),
        Trouble::BadLink => (
            "This order cannot be paid here",
            "Its payment link is damaged. Please do not pay, and contact the shop.",
        ),
        Trouble::Mismatch(Disagreement::Payee) => (
            "Please do not pay",
            "The payment link of this order names another payee. Contact the shop.",
        ),
        Trouble::Mismatch(Disagreement::Amount) => (
            "Please do not pay",
            "The payment link of this order names another amount. Contact the shop.",
        ),
    }
}

/// Who was asked.
pub(crate) fn asked(payer: &str) -> String {
    format!(
        "We sent it to {payer}. Open that app, check the payee and the amount, and enter your PIN."
    )
}

/// What became of copying the UPI id.
pub(crate) fn copied_upi_id(worked: bool) -> &'static str {
    if worked {
        "Copied"
    } else {
        "Could not copy: press and hold the UPI ID"
    }
}

/// What became of copying the page's address.
pub(crate) fn copied_address(worked: bool) -> &'static str {
    if worked {
        "Copied. Now open Chrome or Safari and paste it"
    } else {
        "Could not copy: press and hold the address"
    }
}

/// What became of a picture of the code.
pub(crate) fn picture(note: PictureNote) -> &'static str {
    match note {
        PictureNote::Saved => "Done",
        PictureNote::Refused => "Not possible here: take a screenshot instead",
    }
}

/// Status where the discount is known but no app can be opened.
pub(crate) fn scan_with_phonepe(payable: &str) -> String {
    format!("You pay {payable}. Scan the code with PhonePe.")
}

/// Status before PhonePe opens.
pub(crate) fn opening_phonepe(payable: &str) -> String {
    format!("You pay {payable}. Opening PhonePe…")
}

/// Status where one more tap is needed.
pub(crate) fn phonepe_is_ready(payable: &str) -> String {
    format!("You pay {payable}. Tap “Open PhonePe”.")
}

/// Status after an app's launch.
pub(crate) fn opening(app: App) -> String {
    let name = if app == App::Any {
        "your UPI app"
    } else {
        app.name()
    };
    format!("Opening {name}…")
}

/// Status where an app most likely did not open.
pub(crate) fn not_opened(app: App) -> String {
    let name = if app == App::Any {
        "The app"
    } else {
        app.name()
    };
    format!("{name} did not open? Try another app, the QR code, or copy the UPI ID.")
}

/// The button that opens the chosen app once more.
pub fn open_again(app: App) -> String {
    let name = if app == App::Any {
        "your UPI app"
    } else {
        app.name()
    };
    format!("Open {name}")
}

/// Where an app shows the UTR.
pub(crate) fn utr_help(app: App) -> &'static str {
    match app {
        App::PhonePe => "In PhonePe: History, then the payment, then “UTR”.",
        App::GPay => "In Google Pay: the payment, then “UPI transaction ID”.",
        App::Paytm => "In Paytm: the payment, then “View details”, then “Reference ID”.",
        App::Bhim
        | App::Navi
        | App::SuperMoney
        | App::Cred
        | App::AmazonPay
        | App::WhatsApp
        | App::Any => "In your app: the payment's details, then “UTR” or “UPI reference”.",
    }
}

/// A UTR that the server has taken down.
pub(crate) fn utr_claimed(utr: &str) -> String {
    format!("We are looking for the payment with UTR {utr}. You can correct it here.")
}

/// The text alternative of the code.
pub(crate) fn qr_label(amount: &str, payee: &str) -> String {
    if payee.is_empty() {
        format!("QR code to pay {amount}")
    } else {
        format!("QR code to pay {amount} to {payee}")
    }
}

/// A long time.
pub(crate) fn hours_left(hours: u64, minutes: u64) -> String {
    format!("{hours} h {minutes} min")
}
