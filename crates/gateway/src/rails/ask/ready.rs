//! A request that is ready for a call, and how its answer is read.

use phonepe::answer::{Started, Unreadable};
use phonepe::autopay::AuthRequest;
use phonepe::call::{Account, Call, CallError, WayBack};
use phonepe::collect::Collect;
use phonepe::debit::{self, Debit, Version};
use phonepe::limits::Checked;

use crate::rails::http::Reply;

/// A request that is ready for a call.
#[derive(Clone, Debug)]
pub enum Ready {
    /// A debit.
    Debit(Version, Box<Debit>),
    /// A collect request.
    Collect(Box<Collect>),
    /// A mandate.
    Auth(Box<AuthRequest>),
}

impl Ready {
    /// The call.
    ///
    /// # Errors
    /// The field that PhonePe would not take.
    pub fn call(&self, account: &Account, mut back: WayBack) -> Result<Call, CallError> {
        match self {
            Ready::Debit(version, debit) => debit.call(*version, account, &back),
            Ready::Collect(collect) => {
                back.redirect_url = None;
                collect.call(account, &back)
            }
            Ready::Auth(auth) => {
                back.redirect_url = None;
                auth.call(account, &back)
            }
        }
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// Where it is not PhonePe's.
    pub fn read(&self, reply: &Reply, page_url: &str) -> Result<Started, Unreadable> {
        match self {
            Ready::Debit(Version::V3, _) => {
                let location = reply.location.as_deref();
                debit::read_v3(reply.status, location, &reply.body, page_url)
            }
            Ready::Debit(Version::V4, _) => debit::read_v4(&reply.body, page_url),
            Ready::Collect(collect) => collect.read(&reply.body),
            Ready::Auth(auth) => auth.read(&reply.body, page_url),
        }
    }

    pub(super) fn check(&self) -> Checked {
        match self {
            Ready::Debit(version, debit) => debit.check(*version),
            Ready::Collect(collect) => collect.check(),
            Ready::Auth(auth) => auth.check(),
        }
    }
}
