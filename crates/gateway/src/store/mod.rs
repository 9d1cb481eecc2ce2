//! The database: the only place with SQL, one file per table.
//!
//! SQLite is built in and serves one process; PostgreSQL serves several. One text of SQL for both:
//! [`dialect`] holds where they differ, [`tx`] says why several writers do not hurt each other, and
//! [`changes`] tells each process what the others have changed.
//!
//! What was committed is on the disk: a killed process or a power cut loses nothing that was
//! acknowledged. Reading has connections of its own, so polls never wait for a writer.

pub mod attempts;
pub mod changes;
pub mod claims;
pub mod credits;
pub mod database;
mod dialect;
pub mod events;
pub mod keys;
pub mod meters;
pub mod orders;
pub mod outbox;
pub mod tx;

use std::fmt;
use std::time::Duration;

use sqlx::any::{AnyPoolOptions, AnyRow, install_default_drivers};
use sqlx::migrate::MigrateError;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Connection, Row};

use changes::Teller;
pub use changes::{Change, Changes};
pub use database::Database;
use dialect::{Dialect, Use};
pub use tx::{Lock, Tx};

/// A connection, in a transaction or not.
pub type Conn = AnyConnection;

/// The database of one gateway.
#[derive(Clone, Debug)]
pub struct Store {
    dialect: Dialect,
    writers: AnyPool,
    readers: AnyPool,
    teller: Teller,
}

const READERS_MAX: u32 = 4;
/// PostgreSQL's; SQLite has one.
const WRITERS_MAX: u32 = 8;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

impl Store {
    /// Opens the database, makes the file where it is missing, and brings the schema up to date.
    ///
    /// # Errors
    /// Where it cannot be used, does not keep the promises about durability, or has a newer schema.
    pub async fn open(database: &Database) -> Result<Self, StoreError> {
        install_default_drivers();
        if let Some(folder) = database.path().and_then(std::path::Path::parent) {
            std::fs::create_dir_all(folder).map_err(|error| StoreError::Sql(error.into()))?;
        }
        let dialect = database.dialect();
        // By itself: a pool would try again and again, and then not say why.
        let options = database.options(Use::Migrate)?;
        let mut conn = options.connect().await.map_err(StoreError::Connect)?;
        dialect.set_up(&mut conn, Use::Migrate).await?;
        dialect.migrator().run(&mut conn).await?;
        conn.close().await?;
        let writers_max = match dialect {
            Dialect::Sqlite => 1,
            Dialect::Postgres => WRITERS_MAX,
        };
        Ok(Self {
            dialect,
            writers: pool(database, Use::Write, writers_max)?,
            readers: pool(database, Use::Read, READERS_MAX)?,
            teller: match database.server() {
                None => Teller::alone(),
                Some(server) => Teller::among_others(server).await?,
            },
        })
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        let transaction = self.writers.begin_with(self.dialect.begin()).await?;
        Ok(Tx::new(transaction, self.dialect, self.teller.clone()))
    }

    /// A connection that reads.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn read(&self) -> Result<PoolConnection<Any>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// Whether other processes use the database too.
    pub fn is_shared(&self) -> bool {
        self.dialect == Dialect::Postgres
    }

    /// The orders that change from now on, whichever process changes them.
    pub fn changes(&self) -> Changes {
        self.teller.listen()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    /// Waits for the work in hand and closes the database; SQLite puts everything into the one file.
    pub async fn close(&self) {
        self.readers.close().await;
        if self.dialect == Dialect::Sqlite {
            // Asked for, and not left to the last connection that closes: that may be a reader which
            // a task had begun to open when it was stopped.
            let checkpoint = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)");
            if let Err(error) = checkpoint.execute(&self.writers).await {
                tracing::warn!(%error, "the write-ahead log stays beside the database");
            }
        }
        self.writers.close().await;
    }
}

fn pool(database: &Database, purpose: Use, most: u32) -> Result<AnyPool, StoreError> {
    let dialect = database.dialect();
    Ok(AnyPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(move |conn, _| {
            Box::pin(async move {
                let set_up = dialect.set_up(conn, purpose).await;
                set_up.map_err(|error| match error {
                    StoreError::Sql(error) => error,
                    other => sqlx::Error::Configuration(other.into()),
                })
            })
        })
        .connect_lazy_with(database.options(purpose)?))
}

/// Why the database did not do its work.
#[derive(Debug)]
pub enum StoreError {
    /// The database, or the way to it.
    Sql(sqlx::Error),
    /// There is no way to the database.
    Connect(sqlx::Error),
    /// The schema could not be brought up to date.
    Migrate(MigrateError),
    /// The database does not keep a promise that the gateway needs.
    Unsafe(&'static str),
    /// A row holds what no code of ours writes: table and column.
    Corrupt(&'static str),
    /// No randomness for an id.
    Random(getrandom::Error),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sql(error) => write!(f, "the database failed: {error}"),
            Self::Connect(error) => write!(f, "cannot connect to the database: {error}"),
            Self::Migrate(MigrateError::VersionMissing(version)) => write!(
                f,
                "the database is newer than this program: it has step {version} of a schema that \
                 this program does not know"
            ),
            Self::Migrate(error) => {
                write!(f, "the schema could not be brought up to date: {error}")
            }
            Self::Unsafe(complaint) => write!(f, "the database is not safe to use: {complaint}"),
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

/// A small count from the database: a number, or tries. `column` names the place in an error.
fn small(row: &AnyRow, name: &str, column: &'static str) -> Result<u32, StoreError> {
    let number: i64 = row.try_get(name)?;
    u32::try_from(number).map_err(|_| StoreError::Corrupt(column))
}
