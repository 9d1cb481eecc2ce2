//! An impatient customer.

use checkout_core::apps::App;
use checkout_core::checkout::Event;
use checkout_core::platform::Room;

use crate::Chance;

/// What the customer does.
pub(crate) enum Act {
    /// Goes to another app or tab, or comes back.
    Switched,
    /// Enters a tunnel, or leaves it.
    NetworkSwitched,
    /// Reloads the page.
    Reloaded,
    /// Taps or types, or the browser does on the customer's behalf.
    Did(Event),
}

impl Act {
    /// Anything, at any time.
    pub(crate) fn draw(chance: &mut Chance) -> Self {
        let apps = App::DEFAULT;
        let event = match chance.below(28) {
            0..3 => return Act::Switched,
            3 => return Act::NetworkSwitched,
            4 => return Act::Reloaded,
            5..9 => Event::AppTapped(App::PhonePe),
            9..12 => Event::AppTapped(apps[usize::try_from(chance.below(5)).unwrap()]),
            12 => Event::OpenAgainTapped,
            13 => Event::QrTapped,
            14 => Event::CopyTapped,
            15 => Event::UtrTyped(
                (if chance.percent(50) {
                    "435268791234"
                } else {
                    "4352"
                })
                .to_owned(),
            ),
            16 | 17 => Event::UtrSubmitted,
            18 => Event::RetryTapped,
            19 => Event::NotOpened,
            20 => Event::QrEnlarged(true),
            21 => Event::QrEnlarged(false),
            22 => Event::QrSaveTapped,
            23 => Event::QrShareTapped,
            24 => Event::Focused(false),
            25 => Event::Focused(true),
            26 => Event::Resized(Room {
                width: 320,
                height: 240,
                device_pixels: 1_500,
            }),
            _ => Event::ContinueTapped,
        };
        Act::Did(event)
    }
}
