//! What every official procedure shares: its frame with its law, terms, notices, seals, service, remedies and archive.
#![doc = include_str!("../README.md")]

pub mod frame;
pub mod law;
mod notice;
pub mod remedy;
mod running;
pub mod seal;
mod service;
mod term;

pub use frame::{Frame, HearingTerms, Law, MoreTime, Remedy, Renewal};
pub use notice::{NewNotice, Notice, NoticeContent, NoticeId, NoticeKind, NoticeLine};
pub use remedy::{NewRemedy, RemedyId, RemedyKind, RemedyOutcome, RemedyRecord};
pub use running::RunningTerm;
pub use seal::{Imprint, Seal, SealId, SealKind, SealState};
pub use service::{NewService, Served, ServiceId, Way};
pub use term::{Exclusion, Extension, SuspensionKind, TermKind, TermState};
