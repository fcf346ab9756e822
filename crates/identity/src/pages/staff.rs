//! `/space/staff`: the people who act for my firm.

use super::acting::role_key;
use super::common::{Peer, asks, sure, tell};
use crate::WORDS;
use crate::model::MemberRole;
use crate::rights::{Applicant, SignedIn};
use crate::staff::{NewStaff, STAFF_LINES, StaffMember, remove_staff, set_staff, staff_of};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::civil::Date;
use kernel::{Outcome, PersonId, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted, format};

/// Somebody in the list, in words.
struct Line {
    id: PersonId,
    name: String,
    role: String,
    since: String,
    until: String,
    removable: bool,
}

#[derive(askama::Template)]
#[template(path = "staff.html")]
struct StaffPage {
    shell: Shell,
    w: Say,
    form: FormState,
    firm: String,
    lines: Vec<Line>,
    roles: Vec<(String, String)>,
    asks: bool,
    newest: Option<String>,
    older: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "staff_remove.html")]
struct RemovePage {
    shell: Shell,
    w: Say,
    form: FormState,
    firm: String,
    line: Line,
    asks: bool,
}

fn line(m: StaffMember, w: Say) -> Line {
    Line {
        id: m.person,
        role: w.t(role_key(m.role)).into_owned(),
        since: format::moment(w.lang, m.since),
        until: m.until.map_or_else(|| w.t("staff-lasting").into_owned(), |day| format::date(w.lang, day)),
        removable: m.role != MemberRole::LegalRepresentative,
        name: m.name,
    }
}

async fn page_of(
    house: &House,
    ctx: &Ctx,
    (who, signed): (&Applicant, &SignedIn),
    form: FormState,
    after: Option<PersonId>,
) -> Outcome<StaffPage> {
    let w = WORDS.say(ctx.lang);
    let found = staff_of(&house.ground.store, who, ctx.now, after).await?;
    let full = i64::try_from(found.len()).is_ok_and(|n| n == STAFF_LINES);
    let last = found.last().filter(|_| full).map(|m| format!("/space/staff?after={}", m.person));
    let role = |role: MemberRole| (role.to_string(), w.t(role_key(role)).into_owned());
    Ok(StaffPage {
        shell: Shell::new(ctx, w.t("staff-title")).crumb(w.t("space"), "/space"),
        w,
        form,
        firm: who.subject_name().to_owned(),
        lines: found.into_iter().map(|m| line(m, w)).collect(),
        roles: vec![role(MemberRole::Agent), role(MemberRole::Administrator)],
        asks: asks(signed, ctx.now),
        newest: after.map(|_| "/space/staff".to_owned()),
        older: last,
    })
}

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    after: Option<String>,
}

pub(super) async fn get(
    State(house): State<House>,
    who: Applicant,
    signed: SignedIn,
    ctx: Ctx,
    Query(asked): Query<Asked>,
) -> Answer {
    let after = asked.after.as_deref().and_then(|id| id.parse().ok());
    let form = FormState::new().with("role", MemberRole::Agent.to_string());
    Ok(page::render(&page_of(&house, &ctx, (&who, &signed), form, after).await?))
}

fn read(sent: &Submitted) -> Result<NewStaff, Refusal> {
    let until = match sent.get("until").trim() {
        "" => None,
        day => Some(day.parse::<Date>().map_err(|_| {
            let (zh, en) = (
                "请填写日期，如2026-11-23；长期有效请留空。",
                "Enter a date such as 2026-11-23, or nothing.",
            );
            Refusal::new(RefusalKind::Invalid, "identity.staff-day", zh, en).field("until", zh, en)
        })?),
    };
    let role = sent.get("role").parse().map_err(|_| {
        let (zh, en) = ("请选择角色。", "Choose a role.");
        Refusal::new(RefusalKind::Invalid, "identity.staff-role", zh, en).field("role", zh, en)
    })?;
    Ok(NewStaff { number: sent.get("number").to_owned(), name: sent.get("name").to_owned(), role, until })
}

async fn add(
    house: &House,
    ctx: &Ctx,
    (who, signed): (&Applicant, &SignedIn),
    sent: &Submitted,
    (headers, peer): (&HeaderMap, &Peer),
) -> Outcome<PersonId> {
    let new = read(sent)?;
    let sure = sure(house, signed, sent, headers, peer).await?;
    command!(house.ground, ctx.lang, who.actor_ref(), |cx| set_staff(&mut cx, who, &sure, &new).await)
}

pub(super) async fn post(
    State(house): State<House>,
    who: Applicant,
    signed: SignedIn,
    ctx: Ctx,
    headers: HeaderMap,
    peer: Peer,
    sent: Submitted,
) -> Answer {
    match add(&house, &ctx, (&who, &signed), &sent, (&headers, &peer)).await {
        Ok(_) => Ok(page::see_other("/space/staff")),
        Err(failure) => {
            let mut form = FormState::of(&sent);
            tell(&mut form, failure)?;
            let page = page_of(&house, &ctx, (&who, &signed), form, None).await?;
            Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn removing(
    house: &House,
    ctx: &Ctx,
    (who, signed): (&Applicant, &SignedIn),
    person: PersonId,
    form: FormState,
) -> Outcome<RemovePage> {
    let w = WORDS.say(ctx.lang);
    let found = crate::staff::staff_member(&house.ground.store, who, ctx.now, person).await?;
    Ok(RemovePage {
        shell: Shell::new(ctx, w.t("staff-remove-title"))
            .crumb(w.t("space"), "/space")
            .crumb(w.t("staff-title"), "/space/staff"),
        w,
        form,
        firm: who.subject_name().to_owned(),
        line: line(found, w),
        asks: asks(signed, ctx.now),
    })
}

pub(super) async fn ask_remove(
    State(house): State<House>,
    who: Applicant,
    signed: SignedIn,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Answer {
    let person = id.parse().map_err(|_| Refusal::not_found())?;
    Ok(page::render(&removing(&house, &ctx, (&who, &signed), person, FormState::new()).await?))
}

pub(super) async fn remove(
    State(house): State<House>,
    who: Applicant,
    signed: SignedIn,
    ctx: Ctx,
    Path(id): Path<String>,
    headers: HeaderMap,
    peer: Peer,
    sent: Submitted,
) -> Answer {
    let person: PersonId = id.parse().map_err(|_| Refusal::not_found())?;
    let done = match sure(&house, &signed, &sent, &headers, &peer).await {
        Ok(sure) => {
            command!(house.ground, ctx.lang, who.actor_ref(), |cx| {
                remove_staff(&mut cx, &who, &sure, person).await
            })
        }
        Err(failure) => Err(failure),
    };
    let Err(failure) = done else { return Ok(page::see_other("/space/staff")) };
    let mut form = FormState::of(&sent);
    tell(&mut form, failure)?;
    let page = removing(&house, &ctx, (&who, &signed), person, form).await?;
    Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
