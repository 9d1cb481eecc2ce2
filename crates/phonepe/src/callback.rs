//! What PhonePe tells by itself: `{"response": base64}` with an `X-VERIFY` header.
//!
//! A [`Callback`] has no content until its checksum is proven: the types see to it. The same callback
//! may come twice, late, and after a newer one; all of that is for whoever keeps the order.
//!
//! Source: PhonePe, "Server to server callback" of each request.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;

use crate::answer::Unreadable;
use crate::call::decode;
use crate::report::Report;
use crate::salt::{BadChecksum, Salts};

/// Nobody knows yet who sent it.
#[derive(Clone, Copy, Debug)]
pub enum Unproven {}

/// PhonePe sent it.
#[derive(Clone, Copy, Debug)]
pub enum Proven {}

/// A callback.
pub struct Callback<State> {
    response: String,
    state: PhantomData<State>,
}

impl<State> fmt::Debug for Callback<State> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback(***)")
    }
}

#[derive(Deserialize)]
struct Body {
    response: String,
}

impl Callback<Unproven> {
    /// Takes the body of a callback.
    ///
    /// # Errors
    /// Where it is not `{"response": …}`.
    pub fn take(body: &[u8]) -> Result<Self, Unreadable> {
        let body: Body = serde_json::from_slice(body)
            .map_err(|_| Unreadable("a callback without a `response`"))?;
        Ok(Self {
            response: body.response,
            state: PhantomData,
        })
    }

    /// Proves by its checksum that PhonePe sent it.
    ///
    /// # Errors
    /// [`BadChecksum`]: somebody else did.
    pub fn prove(self, salts: &Salts, x_verify: &str) -> Result<Callback<Proven>, BadChecksum> {
        salts.check_callback(x_verify, &self.response)?;
        Ok(Callback {
            response: self.response,
            state: PhantomData,
        })
    }
}

impl Callback<Proven> {
    /// What it says.
    ///
    /// # Errors
    /// Where the content is no JSON of PhonePe's.
    pub fn report(&self) -> Result<Report, Unreadable> {
        let json = decode(&self.response).ok_or(Unreadable("its `response` is no base64"))?;
        Report::read(&json)
    }
}
