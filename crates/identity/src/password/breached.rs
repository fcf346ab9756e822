//! A published list of passwords that are known from leaks: the operator keeps it as one file, and nothing leaves the house to ask it.
//! The form is the one such lists are published in — a line `SHA-1[:count]` for each password, in the order of the hashes — so that a
//! file of 40 GB is asked with some forty short reads. SHA-1 names a line here; it protects nothing.

use sha1::{Digest as _, Sha1};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// A SHA-1 in hexadecimal.
const HEX: usize = 40;
/// More than any line has: the hash, a colon, a count, the end.
const LINE_MAX: usize = 80;

/// Whether the file can be asked: it is there and begins with a hash.
///
/// # Errors
/// What is wrong with it, in a sentence for the operator.
pub(crate) fn check(path: &Path) -> Result<(), String> {
    let mut file = File::open(path).map_err(|e| format!("it cannot be opened: {e}"))?;
    match line_from(&mut file, 0).map_err(|e| format!("it cannot be read: {e}"))? {
        Some((_, _)) => Ok(()),
        None => Err("its first line is no SHA-1 in hexadecimal".to_owned()),
    }
}

/// Whether a password (already in NFKC) is in the list.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn holds(path: &Path, password: &str) -> io::Result<bool> {
    let wanted = hex::encode_upper(Sha1::digest(password.as_bytes()));
    let mut file = File::open(path)?;
    // The line looked for begins in [low, high) if anywhere.
    let (mut low, mut high) = (0, file.metadata()?.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let Some((start, hash)) = line_from(&mut file, middle)?.filter(|(start, _)| *start < high) else {
            high = middle;
            continue;
        };
        match hash.as_str().cmp(wanted.as_str()) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => low = start + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Ok(false)
}

/// The first line that begins at `at` or behind it: where, and its hash; none where no line follows, or it is none.
fn line_from(file: &mut File, at: u64) -> io::Result<Option<(u64, String)>> {
    // A line begins at `at` when the byte before ends one.
    let from = at.saturating_sub(1);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::with_capacity(2 * LINE_MAX);
    file.take(u64::try_from(2 * LINE_MAX).unwrap_or(0)).read_to_end(&mut bytes)?;
    let skip = if at == 0 { Some(0) } else { bytes.iter().position(|b| *b == b'\n').map(|end| end + 1) };
    let Some(skip) = skip else { return Ok(None) };
    let hash = bytes.get(skip..skip + HEX).filter(|hash| hash.iter().all(u8::is_ascii_hexdigit));
    let hash = hash.map(|hash| String::from_utf8_lossy(hash).to_ascii_uppercase());
    Ok(hash.map(|hash| (from + u64::try_from(skip).unwrap_or(0), hash)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn list(passwords: &[String], end: &str, counts: bool) -> tempfile::NamedTempFile {
        let mut lines: Vec<String> = passwords
            .iter()
            .enumerate()
            .map(|(n, p)| {
                let hash = hex::encode_upper(Sha1::digest(p.as_bytes()));
                if counts { format!("{hash}:{}", n * n * n) } else { hash }
            })
            .collect();
        lines.sort();
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(lines.join(end).as_bytes()).unwrap();
        file
    }

    #[test]
    fn every_line_is_found_and_nothing_else() {
        for (end, counts) in [("\n", true), ("\r\n", true), ("\n", false)] {
            for many in [1, 2, 3, 500] {
                let all: Vec<String> = (0..many).map(|n| format!("leaked {n}")).collect();
                let file = list(&all, end, counts);
                check(file.path()).unwrap();
                for password in &all {
                    assert!(holds(file.path(), password).unwrap(), "{password} of {many}");
                }
                for n in many..many + 50 {
                    assert!(!holds(file.path(), &format!("leaked {n}")).unwrap());
                }
            }
        }
    }

    #[test]
    fn what_is_no_list_is_said_at_once() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        assert!(check(file.path()).is_err());
        file.write_all("password\n123456\n".as_bytes()).unwrap();
        assert!(check(file.path()).unwrap_err().contains("SHA-1"));
        assert!(check(Path::new("/nowhere/at/all")).unwrap_err().contains("opened"));
        assert!(holds(Path::new("/nowhere/at/all"), "x").is_err());
    }
}
