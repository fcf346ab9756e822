//! A folder in the place of a carrier: for demonstrations and for trying things out. Every letter is a text file that can be read.

use super::{Carrier, Outgoing};
use async_trait::async_trait;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A stand-in on this machine: writes each letter to a file of its own instead of sending it.
pub struct OutboxFolder {
    folder: PathBuf,
}

impl OutboxFolder {
    /// The folder; it is made when the first letter is written.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Written whole beside its name, then renamed: who looks never sees half a letter, and a letter carried twice is one file.
    fn write(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let (whole, part) = (folder.join(format!("{name}.txt")), folder.join(format!(".{name}.part")));
        let mut file = std::fs::File::create(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(part, whole)
    }
}

#[async_trait]
impl Carrier for OutboxFolder {
    fn way(&self) -> &'static str {
        "outbox-folder"
    }

    async fn carry(&self, letter: &Outgoing) -> Result<(), String> {
        // A number stands in plain in no file, invented ones neither.
        let text = format!(
            "Local stand-in: this letter was written to a folder and sent to nobody.\n\
             to: {}\nabout: {}\nwritten: {}\nid: {}\n\n{}\n",
            letter.to.masked(),
            letter.about.word(),
            letter.at,
            letter.id,
            letter.both()
        );
        let (folder, name) = (self.folder.clone(), letter.id.to_string());
        tokio::task::spawn_blocking(move || Self::write(&folder, &name, &text))
            .await
            .map_err(|e| format!("writing was broken off: {e}"))?
            .map_err(|e| format!("writing to the outbox folder: {e}"))
    }
}
