//! A database for each test: a file, or one on a PostgreSQL of these tests' own.
//!
//! The whole suite runs on SQLite, and with `UPI_CHECKOUT_TEST_DATABASE=postgres` on PostgreSQL
//! (`cargo xtask test` does both). The server is started for the first test that needs it and ends
//! with this process, however that ends: it holds the pipe on which the server's shell waits.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use gateway::store::Database;
use tempfile::TempDir;

/// Removed with the test.
pub(crate) struct TestDatabase {
    url: String,
    folder: Option<TempDir>,
}

impl TestDatabase {
    /// An empty one.
    pub(crate) fn new() -> Self {
        if is_postgres() {
            let server = Server::get();
            Self {
                url: server.url(&server.make_database()),
                folder: None,
            }
        } else {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("gateway.db");
            Self {
                url: format!("sqlite:{}", path.display()),
                folder: Some(folder),
            }
        }
    }

    /// As on the command line.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// As the store is given it.
    pub(crate) fn database(&self) -> Database {
        Database::parse(&self.url).unwrap()
    }

    /// The folder of the file, where it is one.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_ref().map(TempDir::path)
    }
}

/// Whether the tests run on PostgreSQL.
pub(crate) fn is_postgres() -> bool {
    match std::env::var("UPI_CHECKOUT_TEST_DATABASE").as_deref() {
        Err(_) | Ok("sqlite") => false,
        Ok("postgres") => true,
        Ok(other) => panic!("UPI_CHECKOUT_TEST_DATABASE is sqlite or postgres, not {other}"),
    }
}

/// A PostgreSQL that listens on a socket in a folder of its own.
struct Server {
    programs: PathBuf,
    folder: String,
    databases: AtomicU64,
    /// Held with its standard input: the server ends when that closes.
    _shell: Child,
}

impl Server {
    fn get() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(Self::start)
    }

    fn start() -> Self {
        let programs = programs();
        let mut shell = as_plain_user("sh")
            .args(["-c", include_str!("postgres.sh"), "sh"])
            .arg(&programs)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut folder = String::new();
        let mut output = BufReader::new(shell.stdout.take().unwrap());
        output.read_line(&mut folder).unwrap();
        assert!(!folder.is_empty(), "PostgreSQL did not start");
        Self {
            programs,
            folder: folder.trim().to_owned(),
            databases: AtomicU64::new(0),
            _shell: shell,
        }
    }

    fn make_database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::SeqCst));
        let made = Command::new(self.programs.join("createdb"))
            .args(["--username", "postgres", "--host", &self.folder, &name])
            .status()
            .unwrap();
        assert!(made.success());
        name
    }

    fn url(&self, database: &str) -> String {
        format!(
            "postgres://postgres@localhost/{database}?host={}",
            self.folder
        )
    }
}

/// Where the server's programs are: Debian keeps them off the PATH, one folder for each version.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let debian = debian.map(|version| version.unwrap().path().join("bin"));
    let folders = debian.chain(std::env::split_paths(&path));
    let mut found = folders.filter(|folder| folder.join("initdb").is_file());
    found.next().unwrap_or_else(|| {
        panic!("PostgreSQL is not there: install it, on Debian `apt-get install postgresql`")
    })
}

/// PostgreSQL does not run as root; Debian's package brings a user for it.
fn as_plain_user(program: &str) -> Command {
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout.trim_ascii() != b"0" {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=postgres", "--regid=postgres", "--init-groups"])
        .args(["--", program]);
    command
}
