//! As much of HTTP/1.1 as a browser needs, and ways to break it that no server offers.

use serde_json::Value;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long a silent server holds the line.
const SILENCE: Duration = Duration::from_secs(30);

/// No request of a page is longer.
const REQUEST_MAX: usize = 1 << 20;

/// A request.
pub(super) struct Request {
    /// Its path, without the query.
    pub(super) path: String,
    /// Its query, without the `?`.
    pub(super) query: String,
    /// Its body.
    pub(super) body: Vec<u8>,
}

/// What the browser gets.
pub(super) enum Reply {
    /// An answer.
    Answer {
        status: u16,
        headers: String,
        body: Vec<u8>,
    },
    /// An answer that ends in the middle, with the connection.
    CutOff { body: Vec<u8> },
    /// None, for 30 s or until the browser gives up.
    Silence,
    /// None: the connection is reset.
    Reset,
}

impl Reply {
    pub(super) fn json(value: &Value) -> Self {
        Self::of("application/json", 200, value.to_string())
    }

    pub(super) fn of(content_type: &str, status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer {
            status,
            headers: format!("Content-Type: {content_type}\r\nCache-Control: no-store\r\n"),
            body: body.into(),
        }
    }
}

/// Reads one request; `None` where the browser opened a connection for later and has no use for it.
pub(super) async fn read(stream: &mut TcpStream) -> io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if bytes.len() > REQUEST_MAX || stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let mut body = bytes.split_off(head_end + 4);
    let head = String::from_utf8_lossy(&bytes);
    let mut lines = head.split("\r\n");
    let target = lines.next().and_then(|line| line.split(' ').nth(1));
    let (path, query) = target
        .unwrap_or("/")
        .split_once('?')
        .unwrap_or((target.unwrap_or("/"), ""));
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0)
        .min(REQUEST_MAX);
    let (path, query) = (path.to_owned(), query.to_owned());
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(Request { path, query, body }))
}

/// Writes a reply and ends the connection in the reply's way.
pub(super) async fn write(mut stream: TcpStream, reply: Reply) -> io::Result<()> {
    match reply {
        Reply::Answer {
            status,
            headers,
            body,
        } => {
            stream
                .write_all(head(status, &headers, body.len()).as_bytes())
                .await?;
            stream.write_all(&body).await?;
            stream.shutdown().await
        }
        Reply::CutOff { body } => {
            let headers = "Content-Type: application/json\r\n";
            stream
                .write_all(head(200, headers, body.len() * 2).as_bytes())
                .await?;
            stream.write_all(&body).await?;
            stream.shutdown().await
        }
        Reply::Silence => {
            // A browser that gives up ends the reading; until then nothing comes.
            let mut rest = [0; 64];
            let reading = stream.read(&mut rest);
            let _either = tokio::time::timeout(SILENCE, reading).await;
            Ok(())
        }
        // Without lingering the kernel sends RST instead of FIN.
        Reply::Reset => stream.set_zero_linger(),
    }
}

fn head(status: u16, headers: &str, length: usize) -> String {
    format!("HTTP/1.1 {status} -\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n")
}
