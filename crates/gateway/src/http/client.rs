//! A client's address, as far as it is known.
//!
//! Behind a proxy every request comes from the proxy, which names the client in `X-Forwarded-For`.
//! Anybody can write that header, so it is believed only from proxies that are ours: those on this
//! machine and those in `trusted_proxies`.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::app::App;

/// Who is at the other end of the connection.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The client's address; `None` where no server has named the peer.
pub(crate) struct Client(pub(crate) Option<IpAddr>);

impl FromRequestParts<Arc<App>> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().copied();
        let is_ours =
            |address: IpAddr| address.is_loopback() || app.trusted_proxies.contains(&address);
        Ok(Self(
            peer.map(|Peer(peer)| address(peer, &parts.headers, is_ours)),
        ))
    }
}

/// Each proxy adds the address that it sees at the end; the last one that is no proxy of ours is
/// the client's.
fn address(peer: IpAddr, headers: &HeaderMap, is_ours: impl Fn(IpAddr) -> bool) -> IpAddr {
    let mut client = peer.to_canonical();
    let named: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .collect();
    for name in named.into_iter().rev() {
        if !is_ours(client) {
            break;
        }
        let Ok(address) = name.trim().parse::<IpAddr>() else {
            break;
        };
        client = address.to_canonical();
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_our_own_proxies_are_believed() {
        for (peer, forwarded, client) in [
            ("203.0.113.7", "", "203.0.113.7"),
            ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
            ("127.0.0.1", "", "127.0.0.1"),
            ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("::1", "2001:db8::1", "2001:db8::1"),
            ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
            ("127.0.0.1", "198.51.100.1, 10.0.0.7", "198.51.100.1"),
            (
                "10.0.0.7",
                "6.6.6.6,198.51.100.1 , 127.0.0.1",
                "198.51.100.1",
            ),
            ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
            let ours: IpAddr = "10.0.0.7".parse().unwrap();
            let found = address(peer.parse().unwrap(), &headers, |address| {
                address.is_loopback() || address == ours
            });
            assert_eq!(found.to_string(), client, "{peer} {forwarded}");
        }
    }
}
