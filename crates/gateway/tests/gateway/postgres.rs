//! What is PostgreSQL's own: starting on it, and what is said where that cannot be. These have nothing to
//! say about a file, so they end at once where the tests run on SQLite.

use std::time::Duration;

use futures_util::future::join_all;
use gateway::order::OrderId;
use gateway::store::{Change, Database, Store, StoreError};

use crate::database::{TestDatabase, is_postgres};
use crate::harness::{Gateway, UTR};
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

#[tokio::test]
async fn whoever_loses_the_line_says_so_until_it_hears_again() {
    if !is_postgres() {
        return;
    }
    let gateway = Gateway::start().await;
    let other = gateway.beside().await;
    let mut changes = other.app.store.changes();
    let mut next = async || {
        let told = tokio::time::timeout(Duration::from_secs(20), changes.next());
        told.await.unwrap().unwrap()
    };
    let mut tx = gateway.app.store.write().await.unwrap();
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(next().await, Change::Deaf);
    assert_eq!(next().await, Change::Hearing);
    let id = gateway.order("499").await;
    gateway.discounted(&id).await;
    let id = OrderId::parse(&id).unwrap();
    assert_eq!(next().await, Change::Order(id));
}

#[tokio::test]
async fn lost_connections_are_opened_again() {
    if !is_postgres() {
        return;
    }
    let gateway = Gateway::start().await;
    let id = gateway.order("499").await;
    assert_eq!(gateway.status(&id).await, "PENDING");
    // As when the server is started again.
    let end_all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    sql(&gateway.database, end_all).await;
    assert_eq!(gateway.status(&id).await, "PENDING");
    gateway.credit(UTR, "499", &id).await;
    assert_eq!(gateway.status(&id).await, "SUCCESS");
}
