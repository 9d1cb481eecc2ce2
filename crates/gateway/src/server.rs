//! The listening side: connections in, requests to whoever answers, and nobody who can hold it up.
//!
//! A connection costs a slow client nothing and us a file handle. So there is a most of them, and
//! beyond it the one that has waited longest for its client makes room: a thousand connections on
//! which nothing happens keep no customer out.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// The most connections at one time: half of the file handles that systems give a process.
const CONNECTIONS_MAX: usize = 512;

/// How long a client may take for the head of a request, the wait for its next request included.
const HEAD_MAX: Duration = Duration::from_secs(15);

/// The most headers of a request, and the most bytes of its head. Browsers send a tenth.
const HEADERS_MAX: usize = 64;
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// How long to wait where the system has no file handle left.
const PAUSE: Duration = Duration::from_millis(20);

/// Serves until it is told to stop, and then until the requests in hand are answered. `answer` is given
/// each request and the address at the other end of its connection.
pub(crate) async fn run<F: Future<Output = Response> + Send>(
    listener: TcpListener,
    answer: impl Fn(Request, IpAddr) -> F + Clone + Send + 'static,
    mut stopped: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = Connections::default();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            // An error means that the sender is gone, which is a stop too.
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                connections.make_room(CONNECTIONS_MAX);
                let answer = answer.clone();
                connections.add(|is_busy| converse(stream, peer, answer, is_busy, &graceful));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                connections.make_room(CONNECTIONS_MAX / 2);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

/// Starts to serve one connection.
fn converse<F: Future<Output = Response> + Send>(
    stream: TcpStream,
    peer: SocketAddr,
    answer: impl Fn(Request, IpAddr) -> F + Send + 'static,
    is_busy: Arc<AtomicBool>,
    graceful: &GracefulShutdown,
) -> AbortHandle {
    // Refused only where the client is gone already.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let is_busy = is_busy.clone();
        let answer = answer(request.map(Body::new), peer.ip());
        async move {
            is_busy.store(true, Ordering::Relaxed);
            let answer = answer.await;
            is_busy.store(false, Ordering::Relaxed);
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_MAX)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // Clients hang up in the middle, or speak no HTTP: nobody's failure.
        let _ = connection.await;
    })
    .abort_handle()
}

/// The open connections, the oldest first.
#[derive(Default)]
struct Connections(VecDeque<Connection>);

struct Connection {
    task: AbortHandle,
    /// Whether a handler is at work for it.
    is_busy: Arc<AtomicBool>,
}

impl Connections {
    fn add(&mut self, start: impl FnOnce(Arc<AtomicBool>) -> AbortHandle) {
        let is_busy = Arc::<AtomicBool>::default();
        let task = start(is_busy.clone());
        self.0.push_back(Connection { task, is_busy });
    }

    /// Ends the oldest connections until there are fewer than `most`: those that wait for their
    /// client before those at work.
    fn make_room(&mut self, most: usize) {
        if self.0.len() < most {
            return;
        }
        self.0.retain(|connection| !connection.task.is_finished());
        while self.0.len() >= most {
            let is_idle = |it: &Connection| !it.is_busy.load(Ordering::Relaxed);
            let place = self.0.iter().position(is_idle).unwrap_or(0);
            let Some(connection) = self.0.remove(place) else {
                return;
            };
            connection.task.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server and a client that sends this, on a clock that jumps to whatever is waited for;
    /// what the client gets, and how long it took.
    async fn exchange(request: &[u8]) -> (String, Duration) {
        use crate::http::slow;
        use axum::response::IntoResponse;
        use http_body_util::BodyExt;
        use tokio::io::{AsyncReadExt, AsyncWriteExt};

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let echo = |request: Request, _peer| {
            slow::limit(async {
                let body = request.into_body().collect().await.unwrap().to_bytes();
                body.into_response()
            })
        };
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(run(listener, echo, stopped));
        let mut client = TcpStream::connect(address).await.unwrap();
        let began = tokio::time::Instant::now();
        client.write_all(request).await.unwrap();
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.unwrap();
        let took = began.elapsed();
        stop.send_replace(true);
        server.await.unwrap();
        (String::from_utf8(answer).unwrap(), took)
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_go_on_is_left() {
        let (answer, took) = exchange(b"POST / HTTP/1.1\r\nhost: x\r\n").await;
        assert!(!answer.contains("200 OK"), "{answer}");
        assert!(took >= HEAD_MAX && took < HEAD_MAX * 2, "{took:?}");
        let silent = exchange(b"").await;
        assert!(silent.1 < HEAD_MAX * 2, "{silent:?}");
        let head = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\nconnection: close\r\n\r\n";
        let (answer, took) = exchange(format!("{head}pay").as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(took >= Duration::from_secs(30), "{took:?}");
        let (answer, _) = exchange(format!("{head}hello").as_bytes()).await;
        assert!(answer.ends_with("hello"), "{answer}");
    }

    #[tokio::test]
    async fn room_is_made_by_whoever_has_waited_longest() {
        let mut connections = Connections::default();
        let tasks: Vec<_> = (0..4)
            .map(|_| tokio::spawn(std::future::pending::<()>()))
            .collect();
        for (number, task) in tasks.iter().enumerate() {
            connections.add(|is_busy| {
                is_busy.store(number == 0, Ordering::Relaxed);
                task.abort_handle()
            });
        }
        connections.make_room(5);
        assert_eq!(connections.0.len(), 4);
        connections.make_room(3);
        assert_eq!(connections.0.len(), 2);
        // The first is at work; the second and the third have waited longest.
        let mut tasks = tasks.into_iter();
        let (first, second, third) = (tasks.next(), tasks.next(), tasks.next());
        for task in [second, third].into_iter().flatten() {
            assert!(task.await.unwrap_err().is_cancelled());
        }
        assert!(!first.unwrap().is_finished() && !tasks.next().unwrap().is_finished());
        // Where all are at work, the oldest goes.
        for connection in &connections.0 {
            connection.is_busy.store(true, Ordering::Relaxed);
        }
        connections.make_room(2);
        assert_eq!(connections.0.len(), 1);
    }
}
