//! Notices (文书): what an agency tells in writing, with number, date, seal, reasons and remedies.

mod kind;
mod model;

pub use kind::NoticeKind;
pub use model::{NewNotice, Notice, NoticeContent, NoticeId, NoticeLine};
