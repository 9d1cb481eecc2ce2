//! Where the two databases differ. Everything else is one text of SQL for both: `$1` binds, 64-bit
//! integers, texts, and no function that only one of them has.

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, Executor};

use super::StoreError;

/// One of the two databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// A file of this machine, used by one process.
    Sqlite,
    /// A server, used by several processes.
    Postgres,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// To bring the schema up to date, however long that takes.
    Migrate,
    /// To read and write.
    Write,
    /// To read only.
    Read,
}

/// A pause in the middle of a transaction, a wait for a lock, or an answer that does not come within
/// so many milliseconds is an error: the request is lost, the gateway is not.
const WAIT_MAX: &str = "5s";

impl Dialect {
    /// How a transaction that may write begins.
    ///
    /// SQLite takes the one writer's place at once, so a write never fails halfway because another
    /// came between. PostgreSQL lets many write; each statement sees what was committed before it,
    /// and the locks of [`super::Tx`] do the rest.
    pub(super) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        }
    }

    /// Ends a SELECT whose rows nobody else may change before the transaction has ended. It reads
    /// what was committed last. SQLite has one writer, and that is us.
    pub(super) fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    /// Ends a SELECT that takes work: rows that another process is taking are passed over.
    pub(super) fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Sets up a new connection. A library, a server or a file system may refuse a setting silently,
    /// so what money depends on is read back.
    pub(super) async fn set_up(
        self,
        conn: &mut AnyConnection,
        purpose: Use,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite => set_up_sqlite(conn, purpose).await,
            Self::Postgres => set_up_postgres(conn, purpose).await,
        }
    }

    /// The schema, step by step. Steps go forward only, and are never edited once they were released.
    pub(super) fn migrator(self) -> Migrator {
        let steps: &[(i64, &str, &str)] = match self {
            Self::Sqlite => &[
                (
                    1,
                    "orders and money",
                    include_str!("../../migrations/sqlite/0001_orders_and_money.sql"),
                ),
                (
                    2,
                    "phonepe",
                    include_str!("../../migrations/sqlite/0002_phonepe.sql"),
                ),
                (
                    3,
                    "webhooks",
                    include_str!("../../migrations/sqlite/0003_webhooks.sql"),
                ),
                (
                    4,
                    "charged now",
                    include_str!("../../migrations/sqlite/0004_charged_now.sql"),
                ),
                (
                    5,
                    "overdue",
                    include_str!("../../migrations/sqlite/0005_overdue.sql"),
                ),
            ],
            Self::Postgres => &[
                (
                    1,
                    "gateway",
                    include_str!("../../migrations/postgres/0001_gateway.sql"),
                ),
                (
                    2,
                    "limits",
                    include_str!("../../migrations/postgres/0002_limits.sql"),
                ),
            ],
        };
        let migrations: Cow<'static, [Migration]> = steps
            .iter()
            .map(|(version, name, sql)| {
                Migration::new(
                    *version,
                    (*name).into(),
                    MigrationType::Simple,
                    (*sql).into(),
                    false,
                )
            })
            .collect();
        // While one process migrates, the others wait: PostgreSQL by an advisory lock.
        Migrator {
            migrations,
            ..Migrator::DEFAULT
        }
    }
}

async fn set_up_sqlite(conn: &mut AnyConnection, purpose: Use) -> Result<(), StoreError> {
    conn.execute("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON")
        .await?;
    if purpose == Use::Read {
        return Ok(());
    }
    conn.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        .await?;
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut *conn)
        .await?;
    if journal != "wal" {
        return Err(StoreError::Unsafe("journal_mode is not WAL"));
    }
    for (pragma, due, complaint) in [
        ("PRAGMA synchronous", 2, "synchronous is not FULL"),
        ("PRAGMA foreign_keys", 1, "foreign_keys is not ON"),
        ("PRAGMA busy_timeout", 5_000, "busy_timeout is not set"),
    ] {
        let found: i64 = sqlx::query_scalar(pragma).fetch_one(&mut *conn).await?;
        if found != due {
            return Err(StoreError::Unsafe(complaint));
        }
    }
    Ok(())
}

async fn set_up_postgres(conn: &mut AnyConnection, purpose: Use) -> Result<(), StoreError> {
    let (wait_max, read_only) = match purpose {
        Use::Migrate => ("0", "off"),
        Use::Write => (WAIT_MAX, "off"),
        Use::Read => (WAIT_MAX, "on"),
    };
    let settings = format!(
        "SET lock_timeout = '{wait_max}'; SET statement_timeout = '{wait_max}';
         SET idle_in_transaction_session_timeout = '{wait_max}';
         SET default_transaction_read_only = {read_only}"
    );
    conn.execute(settings.as_str()).await?;
    if purpose == Use::Read {
        return Ok(());
    }
    let commit: String = sqlx::query_scalar("SHOW synchronous_commit")
        .fetch_one(&mut *conn)
        .await?;
    // "local" and more all wait for the disk.
    if commit == "off" {
        return Err(StoreError::Unsafe("synchronous_commit is off"));
    }
    Ok(())
}
