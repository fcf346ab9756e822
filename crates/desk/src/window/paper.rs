//! What was accepted on a numbered form while the network was away (应急受理单), recorded at the window: the number and the moment stand on
//! the form, and the commit that files it takes the number, so that a form is recorded once.

use super::Said;
use crate::{Room, WORDS};
use cases::{FiledMatter, Late, PreparedAtWindow};
use hall::verbs::paper;
use identity::Clerk;
use kernel::codes::PaperNumber;
use kernel::{Failure, FieldError, Lang, Outcome, Text, Timestamp, clock};
use page::{FormState, Submitted};
use store::Cx;

/// A form, and the moment that stands on it.
pub(super) struct OnPaper {
    number: PaperNumber,
    at: Timestamp,
}

/// The form that is named at the start of a visit; what is wrong is said at its field, in `form`.
pub(super) async fn named(
    room: &Room,
    who: &Clerk,
    sent: &Submitted,
    form: &mut FormState,
) -> Outcome<Option<OnPaper>> {
    let (typed, at) = (sent.get("paper_form").trim(), sent.get("paper_at").trim());
    if typed.is_empty() && at.is_empty() {
        return Ok(None);
    }
    let say =
        |key: &str| (WORDS.say(Lang::ZhCn).t(key).into_owned(), WORDS.say(Lang::En).t(key).into_owned());
    let number = match PaperNumber::read(typed) {
        Ok(number) => number,
        Err(no) => {
            form.errors.push(no.field("paper_form"));
            return Ok(None);
        }
    };
    let Some(at) = super::fill::moment(at) else {
        let (zh, en) = say("paper-at-wrong");
        form.fail("paper_at", &zh, &en);
        return Ok(None);
    };
    let (ground, rules) = (&room.house.ground, (room.house.calendar.as_ref(), &room.hall));
    match paper::check_form(&ground.store, rules, who, &number, (at, ground.clock.now())).await {
        Ok(()) => Ok(Some(OnPaper { number, at })),
        Err(Failure::Refused(mut no)) => {
            no.fields
                .iter_mut()
                .filter(|e| e.field == "late_at")
                .for_each(|e| "paper_at".clone_into(&mut e.field));
            if no.fields.is_empty() {
                let say = Text::new(no.sentence(Lang::ZhCn), no.sentence(Lang::En));
                no.fields.push(FieldError { field: "paper_form".to_owned(), say });
            }
            form.errors.extend(no.fields);
            Ok(None)
        }
        Err(fault) => Err(fault),
    }
}

/// The visit begins with what stands on the form.
pub(super) fn begin(said: &mut Said, form: Option<&OnPaper>, lang: Lang) {
    let Some(OnPaper { number, at }) = form else { return };
    let w = WORDS.say(lang);
    said.late_at = at.to_zoned(clock::legal_zone()).strftime("%Y-%m-%dT%H:%M").to_string();
    said.late_reason = w.t("paper-reason").into_owned();
    said.late_evidence = w.with("paper-evidence", &[("number", number.to_string())]);
    said.paper_form = number.to_string();
}

/// A form without its moment is nothing that can be recorded.
pub(super) fn missing(said: &Said, late: Option<&(Timestamp, Late)>) -> Option<FieldError> {
    let wrong = !said.paper_form.is_empty() && late.is_none();
    let say = |lang| WORDS.say(lang).t("paper-at-wrong").into_owned();
    wrong.then(|| FieldError { field: "late_at".to_owned(), say: Text::new(say(Lang::ZhCn), say(Lang::En)) })
}

/// The evidence names the form, whatever else it says.
pub(super) fn proven(said: &Said, late: Option<(Timestamp, Late)>) -> Option<(Timestamp, Late)> {
    let (at, late) = late?;
    if said.paper_form.is_empty() || late.evidence.contains(&said.paper_form) {
        return Some((at, late));
    }
    let evidence = format!("{} · {}", said.paper_form, late.evidence);
    Some((at, Late { evidence, ..late }))
}

/// Files what was prepared, and takes the form's number in the same commit.
pub(super) async fn file(
    cx: &mut Cx,
    room: &Room,
    who: &Clerk,
    prepared: &PreparedAtWindow,
    (said, at): (&Said, Option<Timestamp>),
) -> Outcome<FiledMatter> {
    let filed = cases::file_prepared(cx, &room.house, prepared).await?;
    let number: Option<PaperNumber> = said.paper_form.parse().ok();
    if let Some((number, at)) = number.zip(at) {
        let numbers: Vec<String> = filed.cases.iter().map(|case| case.number.to_string()).collect();
        let rules = (room.house.calendar.as_ref(), &room.hall);
        paper::file_form(cx, rules, who, (&number, at), &numbers).await?;
    }
    Ok(filed)
}
