//! Small web sites for stories about pages of others: whatever a story wants to serve, on one port
//! of this machine, under any name that ends in `localhost`. Another name, or another port, is
//! another origin.

use crate::Result;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// No request of a browser for such a page is longer.
const REQUEST_MAX: usize = 1 << 16;

/// One thing to serve.
#[derive(Clone, Debug, Default)]
pub struct Served {
    kind: String,
    headers: String,
    body: Vec<u8>,
}

impl Served {
    /// A page.
    pub fn page(body: impl Into<Vec<u8>>) -> Self {
        Self::of("text/html; charset=utf-8", body)
    }

    /// A script.
    pub fn script(body: impl Into<Vec<u8>>) -> Self {
        Self::of("text/javascript; charset=utf-8", body)
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// Something of this content type.
    pub fn of(kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            kind: kind.to_owned(),
            headers: String::new(),
            body: body.into(),
        }
    }
}

/// A web site. It stops when the value goes.
pub struct Site {
    port: u16,
    pages: Arc<Mutex<Pages>>,
    server: JoinHandle<()>,
}

/// What it serves, by path without the query; a path ends in `*` where only its beginning counts.
type Pages = BTreeMap<String, Served>;

impl Site {
    /// Starts on a port, or on any free one, with nothing to serve yet: pages name each other's
    /// origins.
    ///
    /// # Errors
    /// Where the port is taken.
    pub async fn start(port: Option<u16>) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port.unwrap_or(0))).await?;
        let port = listener.local_addr()?.port();
        let pages = Arc::<Mutex<Pages>>::default();
        let shared = Arc::clone(&pages);
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Ok(Self {
            port,
            pages,
            server,
        })
    }

    /// Serves these pages from now on.
    pub fn serves(&self, pages: Pages) {
        *lock(&self.pages) = pages;
    }

    /// Its origin under a name.
    pub fn origin(&self, host: &str) -> String {
        format!("http://{host}:{}", self.port)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// One request on one connection. A browser that hangs up is nobody's failure.
async fn converse(mut stream: TcpStream, pages: Arc<Mutex<Pages>>) {
    let Some(path) = read_path(&mut stream).await else {
        return;
    };
    let fits = |known: &str| match known.strip_suffix('*') {
        Some(beginning) => path.starts_with(beginning),
        None => path == known,
    };
    let found = lock(&pages)
        .iter()
        .find_map(|(known, served)| fits(known).then(|| served.clone()));
    let (status, served) = found.map_or((404, Served::page("not here")), |it| (200, it));
    let head = format!(
        "HTTP/1.1 {status} -\r\nContent-Type: {}\r\n{}Content-Length: {}\r\nConnection: close\r\n\r\n",
        served.kind,
        served.headers,
        served.body.len()
    );
    let whole = [head.as_bytes(), &served.body].concat();
    let _gone = stream.write_all(&whole).await;
}

fn lock(pages: &Mutex<Pages>) -> MutexGuard<'_, Pages> {
    pages.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn read_path(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    while !bytes.windows(4).any(|window| window == b"\r\n\r\n") {
        if bytes.len() > REQUEST_MAX || stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let head = String::from_utf8_lossy(&bytes);
    let target = head.split(' ').nth(1)?;
    Some(target.split('?').next()?.to_owned())
}
