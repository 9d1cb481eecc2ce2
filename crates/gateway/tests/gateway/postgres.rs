//! What is PostgreSQL's own: starting on it, and what is said where that cannot be. These have nothing to
//! say about a file, so they end at once where the tests run on SQLite.

use futures_util::future::join_all;
use gateway::store::{Database, Store, StoreError};

use crate::database::{TestDatabase, is_postgres};
use crate::process::run;

/// What keeps a gateway from starting on this database.
fn refused(url: &str) -> String {
    let output = run(
        &["serve", "--listen", "127.0.0.1:0", "--database", url],
        b"",
    );
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

async fn sql(database: &TestDatabase, sql: &str) {
    let store = Store::open(&database.database()).await.unwrap();
    let mut tx = store.write().await.unwrap();
    sqlx::query(sql).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn three_may_start_at_once_on_an_empty_database() {
    if !is_postgres() {
        return;
    }
    let database = TestDatabase::new();
    let opened = [(), (), ()].map(|()| async { Store::open(&database.database()).await });
    for store in join_all(opened).await {
        store.unwrap();
    }
}

#[tokio::test]
async fn a_newer_schema_is_left_alone() {
    if !is_postgres() {
        return;
    }
    let database = TestDatabase::new();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, \
                 execution_time) VALUES (99, 'of tomorrow', true, '', 0)";
    sql(&database, newer).await;
    let words = refused(database.url());
    assert!(
        words.contains("the database is newer than this program"),
        "{words}"
    );
}

#[tokio::test]
async fn a_wrong_password_is_said_and_not_shown() {
    if !is_postgres() {
        return;
    }
    let database = TestDatabase::new();
    sql(
        &database,
        "CREATE ROLE keeper LOGIN PASSWORD 'right' IN ROLE pg_write_all_data",
    )
    .await;
    let url = database.url().replace("postgres@", "keeper:wr0ngw0rd@");
    let words = refused(&url);
    assert!(words.contains("cannot connect to the database"), "{words}");
    assert!(words.contains("password authentication failed"), "{words}");
    assert!(!words.contains("wr0ngw0rd"), "{words}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said() {
    if !is_postgres() {
        return;
    }
    let words = refused("postgres://me:wr0ngw0rd@127.0.0.1:1/shop");
    assert!(words.contains("cannot connect to the database"), "{words}");
    assert!(!words.contains("wr0ngw0rd"), "{words}");
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_it_must_have_it() {
    if !is_postgres() {
        return;
    }
    let database = TestDatabase::new();
    let url = format!("{}&sslmode=verify-full", database.url());
    let error = Store::open(&Database::parse(&url).unwrap())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Connect(_)), "{error}");
}

#[tokio::test]
async fn a_server_that_does_not_wait_for_the_disk_is_refused() {
    if !is_postgres() {
        return;
    }
    let database = TestDatabase::new();
    let url = format!("{}&options=-c%20synchronous_commit=off", database.url());
    let words = refused(&url);
    assert!(words.contains("synchronous_commit is off"), "{words}");
}
