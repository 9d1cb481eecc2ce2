//! The pay events that the server has not acknowledged yet: in order, one at a time, at least once,
//! kept in the tab's storage so that an app switch or a reload loses none.

use std::collections::VecDeque;

use crate::apps::App;

/// More than a customer makes, and little enough to store.
const EVENTS_MAX: usize = 100;

/// What is kept through a reload: the app that was chosen and the events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outbox {
    waiting: VecDeque<String>,
    pub(super) app: Option<App>,
    pub(super) failures: u32,
    /// The next event is not sent before.
    pub(super) due_ms: u64,
}

impl Outbox {
    /// Restores what [`Outbox::save`] wrote; what cannot be read is passed over.
    pub(super) fn restore(saved: &str) -> Self {
        let mut outbox = Self::default();
        for line in saved.lines() {
            match line.split_once(' ') {
                Some(("app", id)) => outbox.app = App::from_id(id),
                Some(("event", content)) => outbox.push(content.to_owned()),
                Some(_) | None => {}
            }
        }
        outbox
    }

    /// One line each; an event holds no line break, because no link does.
    pub(super) fn save(&self) -> String {
        let app = self.app.map(|app| format!("app {}\n", app.id()));
        let events = self
            .waiting
            .iter()
            .map(|content| format!("event {content}\n"));
        app.into_iter().chain(events).collect()
    }

    /// Adds an event. Where there are too many, the order of those that wait counts for more.
    pub(super) fn push(&mut self, content: String) {
        if self.waiting.len() < EVENTS_MAX {
            self.waiting.push_back(content);
        }
    }

    /// The one to send next.
    pub(super) fn head(&self) -> Option<&str> {
        self.waiting.front().map(String::as_str)
    }

    /// The server has it.
    pub(super) fn acknowledge(&mut self) {
        self.waiting.pop_front();
        self.failures = 0;
        self.due_ms = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_restored() {
        let mut outbox = Outbox {
            app: Some(App::PhonePe),
            ..Outbox::default()
        };
        outbox.push("OPEN_LINK phonepe://pay?pa=a@b&pn=A B".to_owned());
        outbox.push("RETURN".to_owned());
        assert_eq!(Outbox::restore(&outbox.save()), outbox);
        outbox.acknowledge();
        assert_eq!(outbox.head(), Some("RETURN"));
    }

    #[test]
    fn nonsense_in_the_storage_does_no_harm() {
        for text in ["", "\n\n", "app nonsense", "{\"json\":1}", "event", "\u{0}"] {
            assert_eq!(Outbox::restore(text), Outbox::default(), "{text:?}");
        }
    }

    #[test]
    fn the_number_of_events_is_bounded() {
        let mut outbox = Outbox::default();
        for number in 0..1_000 {
            outbox.push(number.to_string());
        }
        assert_eq!(outbox.save().lines().count(), EVENTS_MAX);
        assert_eq!(outbox.head(), Some("0"));
    }
}
