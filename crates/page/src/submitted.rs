//! A form that was sent: read within limits, decoded strictly, and refused unless it came from a page of ours.

use crate::layer::Basics;
use crate::{Problem, csrf, ctx};
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use axum::http::request::Parts;
use futures::StreamExt;
use kernel::{Refusal, RefusalKind};

/// The most bytes of a form without files.
pub const FORM_BYTES_MAX: usize = 1 << 20;
/// The most bytes of one file.
pub const FILE_BYTES_MAX: usize = 20 << 20;
/// The most bytes of a form with its files.
pub const UPLOAD_BYTES_MAX: usize = 48 << 20;
/// The most fields of a form.
pub const FIELDS_MAX: usize = 2_000;

/// The most characters of a path within a chosen folder.
const PATH_MAX: usize = 1_000;

/// A file that came with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The field it was chosen in.
    pub field: String,
    /// Its name on the sender's machine, without folders; for showing only.
    pub name: String,
    /// Where it lay in the folder that was chosen (`sticker/item.yaml`); its bare name when a single file was chosen.
    /// It is what the sender says: no path of ours may be made of it.
    pub path: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// A form that was sent, with its token already checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Submitted {
    fields: Vec<(String, String)>,
    files: Vec<Upload>,
}

impl Submitted {
    /// A form with these fields, for tests.
    pub fn of(fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Self { fields, files: Vec::new() }
    }

    /// The first value of the field, trimmed of nothing; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// All values of the field.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect()
    }

    /// Whether the field was sent at all (a named button that was pressed).
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(n, _)| n == name)
    }

    /// All fields in the order of the page, without the token.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// The files; a file input left empty is not among them.
    pub fn files(&self) -> &[Upload] {
        &self.files
    }
}

impl<S: Send + Sync> FromRequest<S> for Submitted {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let mut sent = if kind.starts_with("multipart/form-data") {
            multipart(kind, body).await?
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            Self { fields: urlencoded(&collect(body).await?)?, files: Vec::new() }
        } else if collect(body).await?.is_empty() {
            Self::default()
        } else {
            return Err(unreadable().into());
        };
        check_token(&parts, &sent)?;
        sent.fields.retain(|(name, _)| name != "_csrf");
        Ok(sent)
    }
}

fn check_token(parts: &Parts, sent: &Submitted) -> Result<(), Refusal> {
    let Some(basics) = parts.extensions.get::<Basics>() else {
        return Err(csrf::refusal("page.no-token"));
    };
    basics.see(parts);
    csrf::check_origin(&parts.method, &parts.headers, &basics.frame.site.base_url)?;
    let header = parts.headers.get("x-csrf-token").and_then(|v| v.to_str().ok());
    let token = header.unwrap_or_else(|| sent.get("_csrf"));
    if csrf::matches(&ctx::token_of(parts, basics), token) {
        Ok(())
    } else {
        Err(csrf::refusal("page.no-token"))
    }
}

async fn collect(body: Body) -> Result<Bytes, Refusal> {
    axum::body::to_bytes(body, FORM_BYTES_MAX).await.map_err(|_| too_large())
}

/// Strict decoding: a percent sequence that is no UTF-8 is refused, not replaced.
pub(crate) fn urlencoded(bytes: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    let mut fields = Vec::new();
    for pair in bytes.split(|b| *b == b'&').filter(|p| !p.is_empty()) {
        let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
        let (name, value) = (pair.get(..at).unwrap_or_default(), pair.get(at + 1..).unwrap_or_default());
        fields.push((decode(name)?, decode(value)?));
        if fields.len() > FIELDS_MAX {
            return Err(too_large());
        }
    }
    Ok(fields)
}

fn decode(text: &[u8]) -> Result<String, Refusal> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(b) = rest.next() {
        out.push(match b {
            b'+' => b' ',
            b'%' => {
                let digit = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16));
                let (Some(high), Some(low)) = (digit(rest.next()), digit(rest.next())) else {
                    return Err(unreadable());
                };
                u8::try_from(high * 16 + low).map_err(|_| unreadable())?
            }
            other => *other,
        });
    }
    text_of(out)
}

/// UTF-8 without NUL (no database keeps one); line ends as one `\n`.
fn text_of(bytes: Vec<u8>) -> Result<String, Refusal> {
    let text = String::from_utf8(bytes).map_err(|_| unreadable())?;
    if text.contains('\0') {
        return Err(unreadable());
    }
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text })
}

async fn multipart(kind: &str, body: Body) -> Result<Submitted, Refusal> {
    let boundary = multer::parse_boundary(kind).map_err(|_| unreadable())?;
    let limit = multer::SizeLimit::new()
        .whole_stream(u64::try_from(UPLOAD_BYTES_MAX).unwrap_or(u64::MAX))
        .per_field(u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX));
    let stream = body.into_data_stream().map(|chunk| chunk.map_err(std::io::Error::other));
    let rules = multer::Constraints::new().size_limit(limit);
    let mut parts = multer::Multipart::with_constraints(stream, boundary, rules);
    let mut sent = Submitted::default();
    let mut text_bytes = 0;
    while let Some(part) = parts.next_field().await.map_err(|e| refusal_of(&e))? {
        let field = part.name().unwrap_or_default().to_owned();
        let path = part.file_name().map(tidy_path);
        let bytes = part.bytes().await.map_err(|e| refusal_of(&e))?;
        match path {
            Some(path) if path.is_empty() && bytes.is_empty() => {}
            Some(path) => sent.files.push(Upload { field, name: bare_name(&path), path, bytes }),
            None => {
                text_bytes += bytes.len();
                sent.fields.push((field, text_of(bytes.to_vec())?));
            }
        }
        if sent.fields.len() + sent.files.len() > FIELDS_MAX || text_bytes > FORM_BYTES_MAX {
            return Err(too_large());
        }
    }
    Ok(sent)
}

/// A file's name without folders, 200 characters at most.
fn bare_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().chars().take(200).collect()
}

/// A relative path with `/` between its parts, without control characters and without steps upwards.
fn tidy_path(path: &str) -> String {
    let clean: String = path.chars().filter(|c| !c.is_control()).take(PATH_MAX).collect();
    let parts = clean.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/")
}

fn refusal_of(error: &multer::Error) -> Refusal {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => too_large(),
        _ => unreadable(),
    }
}

fn too_large() -> Refusal {
    let mb = FILE_BYTES_MAX >> 20;
    Refusal::new(
        RefusalKind::TooLarge,
        "page.too-large",
        format!("提交的内容太大：每个文件不超过 {mb} MB。"),
        format!("That is too large: each file may have {mb} MB at most."),
    )
    .next("请把文件压缩或分开后再上传。", "Please make the files smaller, or send them one at a time.")
}

fn unreadable() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "page.unreadable",
        "提交的内容读不出来：不是完整的表单，或者含有不是 UTF-8 的文字。",
        "What was sent cannot be read: it is not a whole form, or its text is not UTF-8.",
    )
    .next("请回到原来的页面再提交一次。", "Please go back to the page and send it again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_folder_that_was_chosen() {
        assert_eq!(tidy_path("sticker/item.yaml"), "sticker/item.yaml");
        assert_eq!(tidy_path("/../..\\etc\\./passwd"), "etc/passwd");
        assert_eq!(tidy_path("a\r\nb\0.pdf"), "ab.pdf");
        assert_eq!(tidy_path("C:\\照片\\身份证.jpg"), "C:/照片/身份证.jpg");
        assert_eq!((tidy_path("///"), bare_name("a/b.typ")), (String::new(), "b.typ".to_owned()));
        assert_eq!(bare_name(&tidy_path(&"䶮".repeat(5_000))).chars().count(), 200);
    }
}
