//! What the archive keeps of somebody's cases, whatever they ask to have deleted (归档保管义务; 个人信息保护法第四十七条第二款: where
//! a law sets how long something is kept, it is not deleted before).

use ::store::Store;
use cases::{CaseRow, Scope};
use identity::Applicant;
use jiff::civil::Date;
use kernel::codes::CaseNumber;
use kernel::{Fault, Outcome, Refusal, RefusalKind};
use procedure::archive::{self, Hold};

/// So many of the latest cases are looked at; the register of cases has the rest.
const CASES: i64 = 50;

/// The ended cases of whoever asks, the last filed first, each with the duty to keep it where it is archived. Who acts for
/// somebody else has none here.
///
/// # Errors
/// A fault of the store.
pub(crate) async fn ended(store: &Store, who: &Applicant) -> Outcome<Vec<(CaseRow, Option<Hold>)>> {
    if !who.as_person() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for row in cases::my_cases(store, who, None, CASES).await?.rows.into_iter().filter(|row| !row.running) {
        let hold = hold(store, &row).await?;
        all.push((row, hold));
    }
    Ok(all)
}

async fn hold(store: &Store, row: &CaseRow) -> Result<Option<Hold>, Fault> {
    archive::holds(store, &format!("case:{}", row.id)).await
}

/// Refuses that this case be deleted while the archive has to keep it, or while it runs.
///
/// # Errors
/// `procedure.archive-holds` with the case, the rule and the day; `supervision.case-runs`; `supervision.no-case` for one that is not
/// within the scope.
pub(crate) async fn refuse(store: &Store, scope: &Scope, number: &str, today: Date) -> Outcome<()> {
    let number: CaseNumber = number.parse().map_err(|_| no_case())?;
    let row = match cases::progress(store, &number, scope).await {
        Err(kernel::Failure::Refused(_)) => return Err(no_case().into()),
        row => row?,
    };
    if row.running {
        return Err(runs().into());
    }
    match hold(store, &row).await? {
        Some(hold) if hold.stands(today) => Err(hold.refusal().into()),
        _ => Ok(()),
    }
}

fn no_case() -> Refusal {
    let (zh, en) = ("请选择您自己的一个已结束的办件。", "Choose a case of your own that has ended.");
    Refusal::new(RefusalKind::Invalid, "supervision.no-case", zh, en).field("what", zh, en)
}

fn runs() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "supervision.case-runs",
        "这个办件还在办理中，不能删除。",
        "This case still runs and cannot be deleted.",
    )
    .next(
        "不想办了，可以先在办件页面撤回。",
        "If you do not want it any more, withdraw it on its page first.",
    )
}
