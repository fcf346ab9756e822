//! A person raises something: an objection to a look, a correction, a deletion; or takes a copy along.

use crate::kept;
use crate::model::{Kind, LookSaid, RequestEvent, RequestId};
use crate::rules::{self, New};
use crate::settings::Settings;
use crate::store as rows;
use ::store::{Cx, Store};
use cases::Scope;
use identity::Applicant;
use kernel::{AgencyCode, Calendar, Failure, FileId, Outcome, Refusal, RefusalKind, SubjectId, Text, clock};
use trace::{Head, LookRow};

/// What a request to correct or delete is about.
#[derive(Debug, Clone)]
pub struct Asking {
    /// [`Kind::Correct`] or [`Kind::Delete`].
    pub kind: Kind,
    /// The register that is meant, by its id, or the case that is to be deleted, by its number; empty for what else the platform
    /// itself keeps.
    pub what: String,
    /// In the person's own words.
    pub text: String,
    /// Papers that show it, kept before.
    pub papers: Vec<FileId>,
}

/// Objects to a look (异议): it goes to the supervision of the division; the agency that looked is asked for its ground.
///
/// # Errors
/// Not found for a look that the person may not see, `supervision.objected` for one objected to before, or a refusal of the rules.
pub async fn object(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    who: &Applicant,
    look: i64,
    text: &str,
) -> Outcome<RequestId> {
    let seen =
        trace::look_at(cx.store(), who.data_subject(), look, cx.now).await?.ok_or_else(Refusal::not_found)?;
    if rows::by_look(cx.store(), who.data_subject(), look).await?.is_some() {
        return Err(objected().into());
    }
    let (asked, division) = responsible(cx.store(), &seen).await?;
    let new = New {
        kind: Kind::Objection,
        person: who.data_subject(),
        look: Some(said(&seen)),
        what: String::new(),
        text: text.to_owned(),
        papers: Vec::new(),
        asked,
        division,
    };
    raise(cx, calendar, terms, who, new).await
}

fn objected() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "supervision.objected",
        "这次查看您已经提过异议。",
        "You have objected to this look already.",
    )
    .next("请到“我的异议”查看进展。", "See how it stands under “My objections”.")
}

fn said(row: &LookRow) -> LookSaid {
    LookSaid {
        id: row.id,
        at: row.at,
        actor: row.actor.clone(),
        fields: row.fields.clone(),
        ground: row.purpose.ground.clone(),
        case: row.purpose.case.clone(),
    }
}

/// Who answers for a look: the agency of whoever looked; for the program, the agency of the case it looked for. Where there is
/// neither, any supervision may take it.
async fn responsible(store: &Store, look: &LookRow) -> Outcome<(Option<AgencyCode>, String)> {
    let agency = match (&look.actor.agency, &look.purpose.case) {
        (Some(agency), _) => Some(agency.clone()),
        (None, Some(number)) => agency_of_case(store, number).await?,
        (None, None) => None,
    };
    let Some(agency) = agency else { return Ok((None, String::new())) };
    let directory = identity::directory(store).await?;
    let agency = directory.in_charge(&agency);
    let division = directory.get(&agency).map(|a| a.division.clone()).unwrap_or_default();
    Ok((Some(agency), division))
}

async fn agency_of_case(store: &Store, number: &str) -> Outcome<Option<AgencyCode>> {
    let Ok(number) = number.parse() else { return Ok(None) };
    match cases::progress(store, &number, &Scope::program()).await {
        Ok(row) => Ok(Some(row.agency)),
        Err(Failure::Refused(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Asks for a correction by whoever keeps the entry, or for a deletion by supervision.
///
/// # Errors
/// `supervision.no-register` for a register that is not known, `procedure.archive-holds` for a case that the archive keeps,
/// `supervision.case-runs` and `supervision.no-case`, or a refusal of the rules.
pub async fn request(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    who: &Applicant,
    asking: &Asking,
) -> Outcome<RequestId> {
    let mut asked = None;
    if asking.kind == Kind::Correct && !asking.what.is_empty() {
        let shared = catalog::shared(cx.store()).await?;
        let register = shared.register(&asking.what).filter(|r| r.personal).ok_or_else(no_register)?;
        asked = Some(register.agency.clone());
    }
    if asking.kind == Kind::Delete && !asking.what.is_empty() {
        kept::refuse(cx.store(), &Scope::from(who), &asking.what, clock::legal_date(cx.now)).await?;
    }
    let division = match &asked {
        Some(agency) => identity::agency(cx.store(), agency).await?.map(|a| a.division).unwrap_or_default(),
        None => String::new(),
    };
    let new = New {
        kind: asking.kind,
        person: who.data_subject(),
        look: None,
        what: asking.what.clone(),
        text: asking.text.clone(),
        papers: asking.papers.clone(),
        asked,
        division,
    };
    raise(cx, calendar, terms, who, new).await
}

fn no_register() -> Refusal {
    let say = Text::new("请选择有误的是哪一类信息。", "Choose which data are wrong.");
    Refusal::new(RefusalKind::Invalid, "supervision.no-register", say.zh.clone(), say.en.clone())
        .field("what", say.zh, say.en)
}

/// Writes down that a person takes along a copy of everything held about them (PIPL article 45): owed at once, and done with it.
///
/// # Errors
/// A fault of the store.
pub async fn copied(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    who: &Applicant,
) -> Outcome<RequestId> {
    let new = New {
        kind: Kind::Copy,
        person: who.data_subject(),
        look: None,
        what: String::new(),
        text: String::new(),
        papers: Vec::new(),
        asked: None,
        division: String::new(),
    };
    raise(cx, calendar, terms, who, new).await
}

async fn raise(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    who: &Applicant,
    new: New,
) -> Outcome<RequestId> {
    let (id, now, kind): (RequestId, _, _) = (cx.new_id(), cx.now, new.kind);
    let (subject, mut head) = (kind.subject(id), Head::start());
    let raised = rules::raise(new, now, calendar, terms)?;
    trace::record(cx, &mut head, &subject, &raised, now)?;
    let mut request = rules::begun(&raised, now)?;
    if kind == Kind::Copy {
        let done = RequestEvent::Answered {
            upheld: true,
            reason: String::new(),
            measures: String::new(),
            remedy_until: None,
        };
        trace::record(cx, &mut head, &subject, &done, now)?;
        rules::apply(&mut request, &done, now);
    }
    let profile = identity::profile(cx.store(), SubjectId::Person(who.data_subject())).await?;
    let name = profile.map(|p| p.name_masked).unwrap_or_default();
    rows::insert(&mut cx.commit, id, &name, &request);
    Ok(id)
}
