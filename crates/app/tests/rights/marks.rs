//! What must not be seen, and how it is looked for.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _};

/// One thing that must not be seen: whose and what it is (`person: the address`), and the text by which it is recognised.
#[derive(Debug, Clone)]
pub struct Mark {
    pub what: String,
    pub text: String,
}

/// What a body says: as text, and what lies in it when it is a ZIP.
pub fn readable(bytes: &[u8]) -> String {
    let mut all = String::from_utf8_lossy(bytes).into_owned();
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return all };
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let _ = write!(all, "\n{}\n{}", file.name(), String::from_utf8_lossy(&content));
    }
    all
}

#[test]
fn an_archive_is_read() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut archive, "记号".repeat(99).as_bytes()).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    assert!(!String::from_utf8_lossy(&bytes).contains("记号"), "it is deflated");
    assert!(readable(&bytes).contains("a.txt\n记号记号"));
}
