//! Notices (文书): what an agency tells in writing, with number, date, seal, reasons and remedies.

mod issue;
mod kind;
mod lines;
mod model;
mod print;
pub(crate) mod proof;
pub mod wording;

pub use issue::issue_notice;
pub(crate) use issue::make_notice;
pub use kind::NoticeKind;
pub use lines::lines;
pub use model::{NewNotice, Notice, NoticeContent, NoticeId, NoticeLine};
pub use print::{About, Print, Signer, notice_pdf, notice_pdf_in, plug_signer, print_job};

use crate::store::notices as rows;
use ::store::Store;
use kernel::Fault;

/// The notices of a subject, in the order of their making.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn notices(store: &Store, subject: &str) -> Result<Vec<NoticeLine>, Fault> {
    rows::of(store, subject).await
}

/// One notice with what it says.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn notice(store: &Store, id: NoticeId) -> Result<Option<Notice>, Fault> {
    Ok(rows::get(store, id).await?.map(|kept| kept.notice))
}
