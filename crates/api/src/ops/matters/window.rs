//! What a clerk at a window files for whoever stands there, for themselves or for another.

use super::{NewMatter, bad, filing};
use crate::problem::Answer;
use cases::{FiledMatter, Late};
use exchange::Sources;
use identity::{Clerk, Whom};
use kernel::Lang;
use kernel::codes::PaperNumber;
use page::House;

/// For whom the person at the window acts, as it was sent.
pub(super) async fn for_whom(house: &House, sent: &NewMatter) -> Answer<Whom> {
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    match (given(&sent.for_organisation), given(&sent.under_mandate)) {
        (None, None) => Ok(Whom::Myself),
        (Some(code), None) => {
            let found = identity::organisation_by_code(&house.ground.store, &code).await?;
            let (zh, en) = ("没有这个统一社会信用代码的单位。", "No organisation here has this credit code.");
            Ok(Whom::Firm(found.ok_or_else(|| bad().field("for_organisation", zh, en))?))
        }
        (None, Some(id)) => {
            let (zh, en) = ("没有这份委托。", "There is no such mandate.");
            Ok(Whom::Under(id.parse().map_err(|_| bad().field("under_mandate", zh, en))?))
        }
        (Some(_), Some(_)) => {
            let (zh, en) = ("单位和委托只填一个。", "Name an organisation or a mandate, not both.");
            Err(bad().field("under_mandate", zh, en).into())
        }
    }
}

/// A clerk files for whoever stands there; a form on paper that is named is taken by the same commit.
pub(super) async fn at_window(
    house: &House,
    sources: &Sources,
    lang: Lang,
    (clerk, person): (&Clerk, (&str, Whom)),
    sent: NewMatter,
    key: String,
) -> Answer<FiledMatter> {
    let late = sent.late.as_ref().map(|l| Late { reason: l.reason.clone(), evidence: l.evidence.clone() });
    let form = sent.late.as_ref().and_then(|l| l.form.as_deref()).map(PaperNumber::read).transpose();
    let form = form.map_err(kernel::Refusal::from)?;
    let filing = filing(house, clerk.account(), sent, key).await?;
    let at = filing.occurred_at;
    let prepared = cases::prepare_at_window(house, sources, clerk, person, filing, late).await?;
    let (terms, actor) = (hall::Settings::default(), clerk.actor_ref());
    Ok(store::command!(house.ground, lang, actor, |cx| {
        let at = at.unwrap_or(cx.now);
        match (cases::file_prepared(&mut cx, house, &prepared).await, &form) {
            (Ok(filed), Some(form)) => {
                let numbers: Vec<String> = filed.cases.iter().map(|c| c.number.to_string()).collect();
                let rules = (house.calendar.as_ref(), &terms);
                hall::verbs::paper::file_form(&mut cx, rules, clerk, (form, at), &numbers)
                    .await
                    .map(|()| filed)
            }
            (filed, _) => filed,
        }
    })?)
}
