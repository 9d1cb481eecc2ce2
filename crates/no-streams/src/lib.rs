//! Stands in for `wasm-streams`, which Leptos brings for server functions that the page has none of.
//! The real one exports classes that no linker can leave out: 5 KB of every page, for nothing.

use std::pin::Pin;
use std::task::{Context, Poll};

use wasm_bindgen::JsValue;

/// A browser's stream, which nothing here reads.
pub struct ReadableStream(web_sys::ReadableStream);

/// A stream that is over.
pub struct Over;

impl futures_core::Stream for Over {
    type Item = Result<JsValue, JsValue>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}

impl ReadableStream {
    /// Wraps a browser's stream.
    pub fn from_raw(stream: web_sys::ReadableStream) -> Self {
        Self(stream)
    }

    /// No stream of ours reaches the browser.
    pub fn from_stream<S: 'static>(_: S) -> Self {
        Self(JsValue::NULL.into())
    }

    /// The browser's stream.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// No browser's stream is read.
    pub fn into_stream(self) -> Over {
        Over
    }
}
