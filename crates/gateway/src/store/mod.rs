//! The database: the only place with SQL, one file per table.
//!
//! One connection writes, each time in `BEGIN IMMEDIATE`, so a write never fails halfway because
//! another came between. Several others only read, so polls never wait for a writer. What was
//! committed is on the disk (`synchronous=FULL`): a killed process or a power cut loses nothing
//! that was acknowledged.
//!
//! The SQL is kept portable: `$1` binds, no SQLite functions. PostgreSQL comes beside it.

pub mod attempts;
pub mod claims;
pub mod credits;
pub mod events;
pub mod keys;
pub mod orders;
pub mod outbox;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};

/// A connection, in a transaction or not.
pub type Conn = SqliteConnection;

/// A transaction that may write. Dropped without [`Transaction::commit`], it undoes its work.
pub type Tx = Transaction<'static, Sqlite>;

/// The database of one gateway.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
}

const READERS_MAX: u32 = 4;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

impl Store {
    /// Opens the database file, makes it where it is missing, and brings its schema up to date.
    ///
    /// # Errors
    /// Where the file cannot be used, or does not keep the promises about durability.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| StoreError::Sql(error.into()))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(BUSY_TIMEOUT)
            .connect_with(options.clone())
            .await?;
        check_pragmas(&writer).await?;
        migrate(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS_MAX)
            .acquire_timeout(BUSY_TIMEOUT)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self { writer, readers })
    }

    /// Begins a transaction that may write. There is one at a time.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// A connection that reads.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn read(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    /// Waits for the work in hand, puts everything into the one file and closes it.
    pub async fn close(&self) {
        self.readers.close().await;
        // Asked for, and not left to the last connection that closes: that may be a reader which a
        // task had begun to open when it was stopped.
        let checkpoint = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)");
        if let Err(error) = checkpoint.execute(&self.writer).await {
            tracing::warn!(%error, "the write-ahead log stays beside the database");
        }
        self.writer.close().await;
    }
}

/// Reads the settings back: a library or a file system may have refused them silently.
async fn check_pragmas(writer: &SqlitePool) -> Result<(), StoreError> {
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(writer)
        .await?;
    if journal != "wal" {
        return Err(StoreError::Pragma("journal_mode is not WAL"));
    }
    for (pragma, due, complaint) in [
        ("PRAGMA synchronous", 2, "synchronous is not FULL"),
        ("PRAGMA foreign_keys", 1, "foreign_keys is not ON"),
        ("PRAGMA busy_timeout", 5_000, "busy_timeout is not set"),
    ] {
        let found: i64 = sqlx::query_scalar(pragma).fetch_one(writer).await?;
        if found != due {
            return Err(StoreError::Pragma(complaint));
        }
    }
    Ok(())
}

/// Migrations go forward only, and are never edited once they were released.
async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    let migrations = [
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
    ];
    let migrator = Migrator {
        migrations: migrations
            .into_iter()
            .map(|(version, name, sql)| {
                Migration::new(
                    version,
                    name.into(),
                    MigrationType::Simple,
                    sql.into(),
                    false,
                )
            })
            .collect(),
        ..Migrator::DEFAULT
    };
    Ok(migrator.run(writer).await?)
}

/// Why the database did not do its work.
#[derive(Debug)]
pub enum StoreError {
    /// The database, or the way to it.
    Sql(sqlx::Error),
    /// The schema could not be brought up to date.
    Migrate(MigrateError),
    /// The database does not keep a promise that the gateway needs.
    Pragma(&'static str),
    /// A row holds what no code of ours writes: table and column.
    Corrupt(&'static str),
    /// No randomness for an id.
    Random(getrandom::Error),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sql(error) => write!(f, "the database failed: {error}"),
            Self::Migrate(error) => {
                write!(f, "the schema could not be brought up to date: {error}")
            }
            Self::Pragma(complaint) => write!(f, "the database is not safe to use: {complaint}"),
            Self::Corrupt(column) => write!(f, "the database holds a bad value in {column}"),
            Self::Random(error) => write!(f, "the system gives no random bytes: {error}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        Self::Migrate(error)
    }
}

impl From<getrandom::Error> for StoreError {
    fn from(error: getrandom::Error) -> Self {
        Self::Random(error)
    }
}

/// Paise as the database keeps them.
fn to_db(paise: checkout_core::money::Paise) -> i64 {
    // At most twelve digits, so it always fits.
    i64::try_from(paise.get()).unwrap_or(i64::MAX)
}

/// Paise from the database. `column` names the place in an error.
fn from_db(paise: i64, column: &'static str) -> Result<checkout_core::money::Paise, StoreError> {
    u64::try_from(paise)
        .ok()
        .and_then(|paise| checkout_core::money::Paise::new(paise).ok())
        .ok_or(StoreError::Corrupt(column))
}
