//! All SQL of the room.

pub(crate) mod consents;
pub(crate) mod notices;
pub(crate) mod packages;
pub(crate) mod remedies;
pub(crate) mod seals;
pub(crate) mod services;

use ::store::text_column;

text_column!(
    crate::NoticeId,
    crate::NoticeKind,
    crate::Frame,
    crate::SealId,
    crate::SealKind,
    crate::SealState,
    crate::seal::RightState,
    crate::seal::UseId,
    crate::ServiceId,
    crate::ConsentId,
    crate::RemedyId,
    crate::RemedyKind,
    crate::archive::PackageId
);
