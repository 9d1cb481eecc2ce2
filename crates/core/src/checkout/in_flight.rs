//! The requests that wait for an answer: at most one of each kind, each with a deadline.

use super::event::CallId;
use crate::poll::TIMEOUT_MS;
use crate::wire::CallKind;

#[derive(Clone, Debug, Default)]
pub(super) struct InFlight {
    last_id: u32,
    open: Vec<Open>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    id: CallId,
    kind: CallKind,
    deadline_ms: u64,
}

impl InFlight {
    /// Opens a request of a kind that has none open; `None` otherwise.
    pub(super) fn start(&mut self, now_ms: u64, kind: CallKind) -> Option<CallId> {
        if self.is_open(kind) {
            return None;
        }
        self.last_id = self.last_id.wrapping_add(1);
        let id = CallId(self.last_id);
        self.open.push(Open {
            id,
            kind,
            deadline_ms: now_ms.saturating_add(TIMEOUT_MS),
        });
        Some(id)
    }

    pub(super) fn is_open(&self, kind: CallKind) -> bool {
        self.open.iter().any(|open| open.kind == kind)
    }

    /// Closes a request that was answered; `None` where nobody waits for it any more.
    pub(super) fn finish(&mut self, id: CallId) -> Option<CallKind> {
        let place = self.open.iter().position(|open| open.id == id)?;
        Some(self.open.remove(place).kind)
    }

    /// Closes the request of a kind, answered or not.
    pub(super) fn abandon(&mut self, kind: CallKind) -> Option<CallId> {
        let place = self.open.iter().position(|open| open.kind == kind)?;
        Some(self.open.remove(place).id)
    }

    /// Closes a request whose time is over.
    pub(super) fn take_overdue(&mut self, now_ms: u64) -> Option<(CallId, CallKind)> {
        let place = self
            .open
            .iter()
            .position(|open| open.deadline_ms <= now_ms)?;
        let open = self.open.remove(place);
        Some((open.id, open.kind))
    }

    pub(super) fn next_deadline_ms(&self) -> Option<u64> {
        self.open.iter().map(|open| open.deadline_ms).min()
    }
}
