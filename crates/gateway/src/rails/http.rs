//! The way to PhonePe: one try, with time limits, no redirects, and an end to every body.

use std::sync::OnceLock;
use std::time::Duration;

use phonepe::call::{Call, Method};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

/// A whole call.
const CALL_MAX: Duration = Duration::from_secs(10);

/// Its first part.
const CONNECT_MAX: Duration = Duration::from_secs(4);

/// PhonePe's answers are a fraction of this.
const BODY_MAX: usize = 64 * 1024;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Where a redirect would lead.
    pub location: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why nothing came back. It may have arrived all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoReply {
    /// There is no client: the system has no TLS to give.
    NoClient,
    /// The connection or the time ended.
    Broken,
    /// The body does not end.
    TooLong,
}

/// A client for calls of ours, made when it is first needed: it reads the system's certificates.
#[derive(Debug, Default)]
pub struct Http(OnceLock<Option<Client>>);

/// What all our clients have in common: they follow nothing, go through no proxy and do not wait long.
pub(crate) fn builder() -> ClientBuilder {
    // A second call finds it installed: both are the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT_MAX)
        .timeout(CALL_MAX)
        .user_agent("upi-checkout")
}

pub(crate) fn build(builder: ClientBuilder) -> Option<Client> {
    builder
        .build()
        .inspect_err(|error| tracing::error!(%error, "there is no way out for calls"))
        .ok()
}

impl Http {
    /// Sends a call.
    ///
    /// # Errors
    /// Where no whole answer came.
    pub async fn send(&self, base_url: &str, call: &Call) -> Result<Reply, NoReply> {
        let client = self.0.get_or_init(|| build(builder()));
        let client = client.as_ref().ok_or(NoReply::NoClient)?;
        let url = format!("{base_url}{}", call.path);
        let mut request = match call.method {
            Method::Get => client.get(url),
            Method::Post => client.post(url),
        };
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        // The error's text may hold the address, and that holds ids: it is not kept.
        let mut response = request.send().await.map_err(|_| NoReply::Broken)?;
        let location = response.headers().get("location");
        let location = location.and_then(|it| it.to_str().ok()).map(str::to_owned);
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| NoReply::Broken)? {
            body.extend_from_slice(&chunk);
            if body.len() > BODY_MAX {
                return Err(NoReply::TooLong);
            }
        }
        Ok(Reply {
            status,
            location,
            body,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use phonepe::call::Account;
    use phonepe::salt::{Salt, Salts};
    use phonepe::status::{Subject, call};

    #[tokio::test]
    async fn it_speaks_tls_and_believes_nobody_without_a_certificate() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let account = Account {
            merchant_id: "M".to_owned(),
            salts: Salts::new(Salt::new("k", 1), Vec::new()),
            provider_id: None,
        };
        let call = call(&account, Subject::Payment, "T").unwrap();
        let answer = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            stream.readable().await.unwrap();
            let mut first = [0; 1];
            let read = stream.try_read(&mut first).unwrap();
            // A TLS handshake, and nothing of the call in the open.
            (read, first)
        });
        let sent = Http::default().send(&url, &call).await;
        assert_eq!(answer.await.unwrap(), (1, [22]));
        assert_eq!(sent.map(|reply| reply.status), Err(NoReply::Broken));
    }
}
