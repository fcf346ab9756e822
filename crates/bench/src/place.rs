//! Where one database under measurement lies, and how the program is told of it.

use crate::door::Trouble;
use app::config::Config;
use harness::postgres::Database;
use std::path::{Path, PathBuf};

/// Where one database under measurement lies; everything in it goes away with it.
pub struct Place {
    /// `sqlite` or `postgres`.
    pub name: String,
    folder: tempfile::TempDir,
}

/// A fresh database with its data folder.
pub struct Site {
    /// The data folder.
    pub data: PathBuf,
    /// The item packs, and the city that is served.
    pub packs: PathBuf,
    /// The database on PostgreSQL.
    pub database: Option<Database>,
}

impl Place {
    /// Prepares the database server.
    ///
    /// # Errors
    /// When PostgreSQL cannot be told to write durably.
    pub async fn new(name: &str) -> Result<Self, Trouble> {
        match name {
            "sqlite" => {}
            "postgres" => durable(true).await?,
            other => return Err(format!("{other}: sqlite or postgres").into()),
        }
        Ok(Self { name: name.to_owned(), folder: tempfile::tempdir()? })
    }

    /// Leaves the database server as the tests want it.
    pub async fn remove(&self) {
        if self.name == "postgres" {
            let _ = durable(false).await;
        }
    }

    /// A fresh database and data folder.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub async fn fresh(&self, label: &str, packs: &Path) -> Result<Site, Trouble> {
        let data = self.folder.path().join(label);
        std::fs::create_dir_all(&data)?;
        let database = if self.name == "postgres" { Some(Database::empty().await) } else { None };
        Ok(Site { data, packs: packs.to_owned(), database })
    }

    /// A folder of its own, for what is made beside the data.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn beside(&self, label: &str) -> Result<PathBuf, Trouble> {
        let folder = self.folder.path().join(label);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

impl Site {
    /// The URL on PostgreSQL.
    pub fn url(&self) -> Option<String> {
        self.database.as_ref().map(Database::url)
    }

    /// SQLite's file.
    pub fn file(&self) -> PathBuf {
        self.data.join("yimen.db")
    }

    /// The configuration that the program is opened with in this process.
    pub fn config(&self) -> Config {
        Config {
            data: self.data.clone(),
            database: self.url(),
            shared_files: true,
            packs: self.packs.clone(),
            demo: true,
            ..Config::default()
        }
    }

    /// Makes the tables of all rooms, and nothing in them.
    ///
    /// # Errors
    /// When the database does not open.
    pub async fn tables(&self) -> Result<(), Trouble> {
        app::wiring::wire(&self.config()).await?;
        Ok(())
    }

    /// Takes the database away.
    pub async fn remove(self) {
        if let Some(database) = self.database {
            database.remove().await;
        }
        let _ = std::fs::remove_dir_all(self.data);
    }
}

/// The private test cluster skips fsync; while we measure it does not.
///
/// # Errors
/// When the cluster does not let us.
pub async fn durable(on: bool) -> Result<(), Trouble> {
    let (client, driver) =
        tokio_postgres::connect(&harness::cluster::admin_url(), tokio_postgres::NoTls).await?;
    tokio::spawn(driver);
    let word = if on { "on" } else { "off" };
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let value = if setting == "synchronous_commit" { "on" } else { word };
        client.batch_execute(&format!("ALTER SYSTEM SET {setting} = {value}")).await?;
    }
    client.batch_execute("SELECT pg_reload_conf()").await?;
    Ok(())
}
