//! A bare axum handler, served as the gateway serves: the same settings of hyper, nothing around it.

use std::error::Error;
use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

/// The word on the command line.
pub(crate) const WORD: &str = "bare";

/// Serves until it is killed; says where on standard output.
pub(crate) fn serve(body: String) -> Result<(), Box<dyn Error>> {
    // Lives as long as the process.
    let body: &'static str = body.leak();
    let handler = move || async move { ([(CONTENT_TYPE, "application/json")], body) };
    let router: Router = Router::new().route(crate::load::PATH, post(handler));
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            println!("listening on http://{}", listener.local_addr()?);
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(Duration::from_secs(15))
                    .max_headers(64)
                    .max_buf_size(16 * 1024)
                    .serve_connection(
                        TokioIo::new(stream),
                        TowerToHyperService::new(router.clone()),
                    );
                tokio::spawn(connection);
            }
        })
}
