//! What the machine is told, and what it asks for.

use std::sync::Arc;

use super::parent::Message;
use crate::apps::App;
use crate::config::Config;
use crate::json::Json;
use crate::platform::{Browser, Platform, Room};
use crate::qr::Qr;
use crate::wire::Call;

/// What the page knows when it starts. Everything random or of the browser comes in here.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The order, from the page's address.
    pub order_id: String,
    /// The configuration.
    pub config: Config,
    /// What the page runs on.
    pub platform: Platform,
    /// The window's size.
    pub room: Room,
    /// Whether the browser can share a picture.
    pub can_share: bool,
    /// Whether the page stands in a frame of another page.
    pub framed: bool,
    /// The page's address, for the info call.
    pub href: String,
    /// Where the customer came from, for the info call; may be empty.
    pub referrer: String,
    /// What an earlier visit in this tab has saved (see [`Effect::Save`]).
    pub saved: Option<String>,
    /// Any random number; it spreads the polls of pages that opened together.
    pub seed: u32,
    /// Whether the page can be seen.
    pub visible: bool,
    /// Whether the browser thinks that it is online.
    pub online: bool,
}

impl Setup {
    /// Whether apps can be opened from here at all.
    pub(super) fn can_launch(&self) -> bool {
        self.platform.is_phone() && self.platform.browser != Browser::InApp && !self.config.in_app
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The page has started. `inline`: an order-info answer that the page came with.
    Started {
        /// The whole envelope, where there is one.
        inline: Option<Json>,
    },
    /// The moment of the last [`Effect::Wake`] has come.
    Woke,
    /// A request has ended.
    Answered {
        /// Which request.
        id: CallId,
        /// What came of it.
        reply: Reply,
    },
    /// The page can no longer be seen.
    Hidden,
    /// The page can be seen again: a tab switch, the way back from an app, the back/forward cache.
    Shown,
    /// The browser thinks that it is online, or that it is not.
    Online(bool),
    /// The window has another size, or the page another zoom.
    Resized(Room),
    /// The window has lost the focus (a question such as "Open PhonePe?" has it), or has it again.
    Focused(bool),
    /// The loader in the merchant's page has answered (docs/embed.md).
    ParentAnswered,
    /// The Esc key.
    EscPressed,
    /// The customer chose an app.
    AppTapped(App),
    /// The customer goes on to the page that takes the payment over; the browser follows its link.
    ContinuedOnWeb,
    /// The customer wants the chosen app opened once more.
    OpenAgainTapped,
    /// The browser says that the app is not there: it took the launch's way back.
    NotOpened,
    /// The customer wants to see the QR code, or no longer.
    QrTapped,
    /// The customer wants the code to fill the screen, or no longer.
    QrEnlarged(bool),
    /// The customer wants the code as a picture.
    QrSaveTapped,
    /// The customer wants to hand the code as a picture to another app.
    QrShareTapped,
    /// Whether a picture was saved or shared.
    QrSaved(bool),
    /// The customer wants the UPI id on the clipboard.
    CopyTapped,
    /// The customer wants the page's address on the clipboard, to open it in a browser of its own.
    CopyAddressTapped,
    /// Whether what was copied last is on the clipboard.
    Copied(bool),
    /// The customer opened or closed the UTR form.
    UtrTapped,
    /// The customer typed into the UTR form: its whole text.
    UtrTyped(String),
    /// The customer sent the UTR form.
    UtrSubmitted,
    /// The customer wants to try again.
    RetryTapped,
    /// The customer wants to go to `successUrl` at once.
    ContinueTapped,
}

/// One request; the answer carries the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallId(pub(super) u32);

/// What came of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Nothing: the network failed.
    Lost,
    /// An answer.
    Answer {
        /// The HTTP status.
        http: u16,
        /// The `Retry-After` header, in milliseconds.
        retry_after_ms: Option<u64>,
        /// The body; `None` where it is no JSON, or too long to be an answer.
        body: Option<Json>,
    },
}

/// The code as a picture for a phone's gallery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The code.
    pub code: Arc<Qr>,
    /// The lines under it: payee and amount.
    pub lines: Vec<String>,
    /// The name of the file.
    pub file_name: String,
}

/// Work for the shell. The shell does it after `handle` has returned, never inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send a request; tell its end as [`Event::Answered`].
    Send {
        /// Repeated in the answer.
        id: CallId,
        /// What to send.
        call: Call,
    },
    /// Give up a request; its answer is no longer wanted.
    Abort(CallId),
    /// Send [`Event::Woke`] at this moment of the page's clock, in milliseconds, instead of the one
    /// asked for before; `None`: at no time.
    Wake(Option<u64>),
    /// Open a UPI app by its link.
    Launch(String),
    /// Put a text on the clipboard; tell whether it worked as [`Event::Copied`].
    Copy(String),
    /// Make a picture of the code, with these lines under it, and save it; tell whether it worked
    /// as [`Event::QrSaved`].
    SaveQr(Picture),
    /// The same, handed to another app.
    ShareQr(Picture),
    /// Keep the screen awake, or no longer.
    StayAwake(bool),
    /// Keep a text for this order in this tab, through reloads.
    Save(String),
    /// Say something to the loader in the merchant's page.
    TellParent(Message),
    /// Leave for this address, in place of the page's entry in the history.
    Go(String),
}
