//! The four properties of an electronic archive: 真实 authentic, 完整 complete, 可用 usable, 安全 safe.

use super::Package;
use super::pack::{self, FORMAT, Listed, MANIFEST, Manifest};
use kernel::Text;
use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// An entry that unpacks to more than this is an attack or a mistake.
const ENTRY_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// One of the four properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Property {
    /// 真实: it is what was packed, and says so itself.
    Authentic,
    /// 完整: everything listed is there unchanged, and nothing else.
    Complete,
    /// 可用: everything opens, in a format that will be readable.
    Usable,
    /// 安全: it holds nothing that acts by itself, and lies sealed.
    Safe,
}

impl Property {
    /// Every property, in the usual order.
    pub const ALL: [Self; 4] = [Self::Authentic, Self::Complete, Self::Usable, Self::Safe];

    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::Authentic => Text::new("真实性", "authentic"),
            Self::Complete => Text::new("完整性", "complete"),
            Self::Usable => Text::new("可用性", "usable"),
            Self::Safe => Text::new("安全性", "safe"),
        }
    }
}

/// What a check found about one property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which property.
    pub property: Property,
    /// Whether it holds.
    pub ok: bool,
    /// What was found.
    pub say: Text,
}

/// Collects findings; a property without a bad one gets its good one at the end.
struct Findings(Vec<Finding>);

impl Findings {
    fn bad(&mut self, property: Property, zh: impl Into<String>, en: impl Into<String>) {
        self.0.push(Finding { property, ok: false, say: Text::new(zh, en) });
    }

    fn close(mut self, checked: usize) -> Vec<Finding> {
        for property in Property::ALL {
            if self.0.iter().all(|f| f.property != property) {
                let say = match property {
                    Property::Authentic => Text::new(
                        "与归档时记录的摘要和说明一致。",
                        "It is as recorded when it was packed, and says the same of itself.",
                    ),
                    Property::Complete => Text::new(
                        format!("清单所列{checked}件齐全，摘要一致。"),
                        format!("All {checked} things listed are there, with the right digests."),
                    ),
                    Property::Usable => Text::new(
                        "全部可以打开，格式可以长期保存。",
                        "Everything opens, in formats that last.",
                    ),
                    Property::Safe => Text::new(
                        "加密保存，不含可执行内容和不安全路径。",
                        "It lies sealed and holds no active content and no unsafe path.",
                    ),
                };
                self.0.push(Finding { property, ok: true, say });
            }
        }
        self.0.sort_by_key(|f| f.property);
        self.0
    }
}

/// Checks a package; `None` when a part of it does not open any more.
pub(super) fn check(package: &Package, bytes: Option<&[u8]>) -> Vec<Finding> {
    let mut found = Findings(Vec::new());
    let Some(bytes) = bytes else {
        found.bad(
            Property::Safe,
            "加密分段无法打开：内容被改动或者密钥缺失。",
            "A sealed part does not open: it was changed, or its key is missing.",
        );
        unreadable(&mut found);
        return found.close(0);
    };
    if pack::sha256(bytes) != package.digest {
        found.bad(
            Property::Authentic,
            "归档包的摘要与归档时记录的不一致。",
            "The package's digest is not the one recorded when it was packed.",
        );
    }
    let Some((manifest, mut zip)) = open(bytes) else {
        unreadable(&mut found);
        return found.close(0);
    };
    if manifest != pack::manifest(package, &manifest.entries) || manifest.format != FORMAT {
        found.bad(
            Property::Authentic,
            "归档包的说明与登记的内容不一致。",
            "What the package says of itself differs from what is registered.",
        );
    }
    names(&mut found, package, &manifest, &zip);
    for listed in &manifest.entries {
        entry(&mut found, listed, &mut zip);
    }
    found.close(manifest.entries.len())
}

fn unreadable(found: &mut Findings) {
    for property in [Property::Authentic, Property::Complete, Property::Usable] {
        found.bad(property, "归档包无法读取。", "The package cannot be read.");
    }
}

fn open(bytes: &[u8]) -> Option<(Manifest, ZipArchive<Cursor<&[u8]>>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut text = String::new();
    zip.by_name(MANIFEST).ok()?.take(ENTRY_BYTES_MAX).read_to_string(&mut text).ok()?;
    Some((serde_json::from_str(&text).ok()?, zip))
}

/// Whether exactly the listed things are there, under paths that stay inside.
fn names(found: &mut Findings, package: &Package, manifest: &Manifest, zip: &ZipArchive<Cursor<&[u8]>>) {
    let there: BTreeSet<&str> = zip.file_names().filter(|n| *n != MANIFEST).collect();
    let listed: BTreeSet<&str> = manifest.entries.iter().map(|l| l.path.as_str()).collect();
    for extra in there.difference(&listed) {
        found.bad(
            Property::Complete,
            format!("“{extra}”不在清单中。"),
            format!("“{extra}” is not in the manifest."),
        );
    }
    if i64::try_from(listed.len()).ok() != Some(package.entries) {
        found.bad(
            Property::Complete,
            format!("应有{}件，清单列出{}件。", package.entries, listed.len()),
            format!("There should be {} things; the manifest lists {}.", package.entries, listed.len()),
        );
    }
    for path in there {
        let up = path.split('/').any(|part| part == "..");
        let outside = up || path.starts_with('/') || path.contains(['\\', ':']);
        if outside {
            found.bad(
                Property::Safe,
                format!("“{path}”的路径不安全。"),
                format!("The path “{path}” is unsafe."),
            );
        }
    }
}

fn entry(found: &mut Findings, listed: &Listed, zip: &mut ZipArchive<Cursor<&[u8]>>) {
    let name = &listed.name;
    let mut bytes = Vec::new();
    let read = zip.by_name(&listed.path).ok().map(|f| f.take(ENTRY_BYTES_MAX).read_to_end(&mut bytes));
    match read {
        None => {
            return found.bad(Property::Complete, format!("缺少“{name}”。"), format!("“{name}” is missing."));
        }
        Some(Err(_)) => {
            return found.bad(
                Property::Usable,
                format!("“{name}”无法解开。"),
                format!("“{name}” cannot be unpacked."),
            );
        }
        Some(Ok(_)) => {}
    }
    let same = bytes.len() as u64 == listed.size
        && pack::sha256(&bytes) == listed.sha256
        && pack::sm3(&bytes) == listed.sm3;
    if !same {
        found.bad(
            Property::Complete,
            format!("“{name}”的大小或者摘要与清单不一致。"),
            format!("Size or digest of “{name}” differ from the manifest."),
        );
    }
    if !opens(&listed.media, &bytes) {
        found.bad(
            Property::Usable,
            format!("“{name}”不是可以长期保存的{}。", listed.media),
            format!("“{name}” is no {} that can be kept for long.", listed.media),
        );
    }
    if acts(&listed.media, &bytes) {
        found.bad(
            Property::Safe,
            format!("“{name}”含有可执行内容。"),
            format!("“{name}” holds active content."),
        );
    }
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|w| w == what)
}

/// Whether the bytes are what the media type says, in a format that lasts, and open without a password.
fn opens(media: &str, bytes: &[u8]) -> bool {
    match media.split(';').next().unwrap_or("").trim() {
        "application/pdf" => {
            bytes.starts_with(b"%PDF-") && holds(bytes, b"%%EOF") && !holds(bytes, b"/Encrypt")
        }
        "application/ofd" => bytes.starts_with(b"PK") && holds(bytes, b"OFD.xml"),
        "image/jpeg" => bytes.starts_with(&[0xff, 0xd8, 0xff]),
        "image/png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "application/json" => serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok(),
        "application/xml" | "text/xml" => std::str::from_utf8(bytes)
            .is_ok_and(|t| t.trim_start_matches('\u{feff}').trim_start().starts_with('<')),
        "text/plain" | "text/csv" | "application/x-ndjson" => {
            std::str::from_utf8(bytes).is_ok_and(|t| !t.contains('\0'))
        }
        _ => false,
    }
}

/// Whether it may act by itself when it is opened.
fn acts(media: &str, bytes: &[u8]) -> bool {
    let program = bytes.starts_with(b"MZ") || bytes.starts_with(b"\x7fELF") || bytes.starts_with(b"#!");
    let pdf = media.starts_with("application/pdf")
        && [&b"/JavaScript"[..], b"/Launch", b"/RichMedia"].iter().any(|w| holds(bytes, w));
    program || pdf
}
