//! Legal deletion of what is archived: the archive is asked first, whoever wants it (档案法第十三条; 个人信息保护法第四十七条第二款).

use ::store::Cx;
use kernel::{Outcome, clock};
use procedure::archive;
use trace::{Event, Recorded, Subject};

/// Erases bodies of a subject's trace as `trace::erase` does, once no archive duty stands on the subject. Nothing else in this
/// house erases what happened to a case.
///
/// # Errors
/// `procedure.archive-holds` with the subject, the rule and the last day; what `trace::erase` refuses.
pub async fn erase<E: Event>(
    cx: &mut Cx,
    subject: &Subject,
    ground: &str,
    stays: impl Fn(&Recorded<E>) -> Option<E>,
) -> Outcome<usize> {
    let hold = archive::holds(cx.store(), subject.as_str()).await?;
    match hold.filter(|hold| hold.stands(clock::legal_date(cx.now))) {
        Some(hold) => Err(hold.refusal().into()),
        None => trace::erase(cx, subject, ground, stays).await,
    }
}
