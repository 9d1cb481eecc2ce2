//! Which orders have changed, told to whoever keeps an answer about them.
//!
//! A change is told after it is committed: at once in the process that made it, and a moment later
//! in every other one. The news travels with the transaction (`NOTIFY`): it comes if and only if the
//! change was committed. A new order is no change, because nobody keeps an answer about it.
//!
//! Whoever keeps an answer must mark its place before reading from the database, and drop the answer
//! where the order changed in between: the news may come before the answer is put away.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::broadcast::{Receiver, Sender, channel};
use tokio::task::AbortHandle;
use url::Url;

use super::StoreError;
use crate::order::OrderId;

/// The name under which PostgreSQL carries the news.
const CHANNEL: &str = "order_changed";

/// How many changes may wait for one slow reader before it is told that it missed some.
const WAITING_MAX: usize = 4_096;

/// How long the server may be silent before it is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(5);

/// The pause before the next try to hear again.
const PAUSE: Duration = Duration::from_secs(1);

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// This order is no longer what it was.
    Order(OrderId),
    /// Changes of other processes may have been missed, and are until [`Change::Hearing`]: what is
    /// kept may be wrong, and nothing is to be kept.
    Deaf,
    /// Changes were missed until now, and none is from now on: all that is kept may be wrong.
    Hearing,
}

/// What changes from now on.
#[derive(Debug)]
pub struct Changes(Receiver<Change>);

impl Changes {
    /// Changes of a test's own making; eight of them can wait.
    #[cfg(test)]
    pub(crate) fn for_tests() -> (Sender<Change>, Self) {
        let (sender, receiver) = channel(8);
        (sender, Self(receiver))
    }

    /// The next change that was told before this call; `None`: there is none.
    pub fn told(&mut self) -> Option<Change> {
        match self.0.try_recv() {
            Ok(change) => Some(change),
            Err(TryRecvError::Lagged(_)) => Some(Change::Hearing),
            Err(TryRecvError::Empty | TryRecvError::Closed) => None,
        }
    }

    /// The next change; `None`: the store is gone.
    pub async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(change) => Some(change),
            Err(RecvError::Lagged(_)) => Some(Change::Hearing),
            Err(RecvError::Closed) => None,
        }
    }
}

/// Where changes are told.
#[derive(Clone, Debug)]
pub(super) struct Teller {
    sender: Sender<Change>,
    /// Ends with the store.
    _ear: Option<Arc<Ear>>,
}

#[derive(Debug)]
struct Ear(AbortHandle);

impl Drop for Ear {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Teller {
    /// For a database that only this process uses.
    pub(super) fn alone() -> Self {
        Self {
            sender: channel(WAITING_MAX).0,
            _ear: None,
        }
    }

    /// For a database that other processes use too.
    ///
    /// # Errors
    /// Where the server does not let us listen.
    pub(super) async fn among_others(server: &Url) -> Result<Self, StoreError> {
        let sender = channel(WAITING_MAX).0;
        let mut listener = listen(server).await?;
        let (told, server) = (sender.clone(), server.clone());
        let task = tokio::spawn(async move {
            loop {
                let error = hear(&mut listener, &told).await;
                tracing::warn!(%error, "changes of other processes are not heard for a while");
                let _ = told.send(Change::Deaf);
                listener = loop {
                    tokio::time::sleep(PAUSE).await;
                    if let Ok(again) = listen(&server).await {
                        break again;
                    }
                };
                let _ = told.send(Change::Hearing);
            }
        });
        Ok(Self {
            sender,
            _ear: Some(Arc::new(Ear(task.abort_handle()))),
        })
    }

    /// Tells this process. Nobody has to listen.
    pub(super) fn tell(&self, order: OrderId) {
        let _ = self.sender.send(Change::Order(order));
    }

    pub(super) fn listen(&self) -> Changes {
        Changes(self.sender.subscribe())
    }
}

/// Tells the other processes, with the transaction.
pub(super) async fn notify(conn: &mut super::Conn, order: &OrderId) -> Result<(), StoreError> {
    sqlx::query("SELECT pg_notify($1, $2)")
        .bind(CHANNEL)
        .bind(order.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

async fn listen(server: &Url) -> Result<PgListener, StoreError> {
    let mut listener = PgListener::connect(server.as_str())
        .await
        .map_err(StoreError::Connect)?;
    // A connection that is lost is an error here: what it did not bring is missing.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Passes changes on until the connection is lost; why.
async fn hear(listener: &mut PgListener, told: &Sender<Change>) -> sqlx::Error {
    loop {
        match tokio::time::timeout(SILENCE, listener.try_recv()).await {
            Ok(Ok(Some(news))) => {
                if let Some(order) = OrderId::parse(news.payload()) {
                    let _ = told.send(Change::Order(order));
                }
            }
            Ok(Ok(None)) => return sqlx::Error::WorkerCrashed,
            Ok(Err(error)) => return error,
            // A connection may die without a word.
            Err(_) => {
                let ping = sqlx::query("SELECT 1").execute(&mut *listener);
                match tokio::time::timeout(SILENCE, ping).await {
                    Ok(Ok(_)) => (),
                    Ok(Err(error)) => return error,
                    Err(_) => return sqlx::Error::PoolTimedOut,
                }
            }
        }
    }
}
