//! `/space`: what waits for me, what runs and who has it, what I hold, who looked at my data.

use super::{Room, joint, looks};
use crate::WORDS;
use crate::shelf::Shelf;
use crate::view::{Line, Me, Space};
use axum::extract::{Query, State};
use cases::{CaseRow, MatterRow};
use certificates::{Certificate, State as CertificateState};
use identity::{Applicant, ProfileKind};
use kernel::{Outcome, SubjectId, clock};
use page::{Answer, Ctx, Say, Shell, format};

/// How many cases and certificates stand on the page.
const LINES: i64 = 20;
/// A certificate that ends within so many days is shown as ending.
const EXPIRES_SOON_DAYS: i32 = 30;

#[derive(askama::Template)]
#[template(path = "space.html")]
pub(crate) struct SpacePage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) space: Space,
    pub(crate) newer: Option<String>,
}

/// Where the list of cases goes on.
#[derive(serde::Deserialize)]
pub(super) struct From {
    before: Option<String>,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let say = WORDS.say(ctx.lang);
    let space = gather(&room, &who, &ctx, from.before.as_deref(), 5).await?;
    let newer = from.before.is_some().then(|| "/space".to_owned());
    Ok(page::render(&SpacePage { shell: Shell::new(&ctx, say.t("space-title")), w: say, space, newer }))
}

/// Everything in the space of `who`, with `looks` of the latest looks at the person's data.
pub(super) async fn gather(
    room: &Room,
    who: &Applicant,
    ctx: &Ctx,
    before: Option<&str>,
    looks: i64,
) -> Outcome<Space> {
    let (store, say) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let shelf = room.shelves.get(&room.house).await?;
    let first = before.is_none();
    let drafts = if first { cases::my_drafts(store, who).await? } else { Vec::new() };
    let mine = cases::my_cases(store, who, before, LINES).await?;
    let held = match first && who.sees_all() {
        true => certificates::held_by(store, who.subject(), None, LINES).await?,
        false => Vec::new(),
    };
    let mut space = Space { me: me(room, who, say).await?, ..Space::default() };
    space.older = mine.next.map(|next| format!("/space?before={next}"));
    let groups = joint::grouped(mine.rows);
    let opened = joint::opened(store, who, &groups).await?;
    for group in &groups {
        let (line, running) = match &group[..] {
            [case] => (case_line(case, &shelf, say), case.running),
            many => {
                let view = opened.iter().find(|v| many.first().is_some_and(|r| r.matter == v.id));
                joint::line(many, view, who, &shelf, ctx)
            }
        };
        match (line.mine, running) {
            (true, _) => space.waiting.push(line),
            (false, true) => space.running.push(line),
            (false, false) => space.finished.push(line),
        }
    }
    space.waiting.extend(drafts.iter().map(|draft| draft_line(draft, say)));
    space.certificates = held.iter().map(|held| certificate_line(held, ctx, say)).collect();
    if looks > 0 && first {
        let rows = trace::looks_of(store, who.person(), None, looks).await?;
        space.looks = rows.iter().map(|row| looks::line(row, who.person(), &shelf, say).into()).collect();
    }
    Ok(space)
}

async fn me(room: &Room, who: &Applicant, say: Say) -> Outcome<Me> {
    let profile = identity::profile(&room.house.ground.store, who.subject()).await?;
    let acting = (who.subject() != SubjectId::Person(who.person())).then(|| who.person_name().to_owned());
    Ok(match profile {
        Some(profile) => {
            let key = match profile.kind {
                ProfileKind::Person => "space-number",
                ProfileKind::Organisation => "space-code",
            };
            Me {
                name: profile.name,
                number: (say.t(key).into_owned(), profile.number_masked),
                phone: profile.phone_masked,
                acting,
            }
        }
        None => Me { name: who.subject_name().to_owned(), acting, ..Me::default() },
    })
}

fn draft_line(draft: &MatterRow, say: Say) -> Line {
    Line {
        href: format!("/drafts/{}", draft.id),
        title: draft.name.get(say.lang).to_owned(),
        notes: vec![say.with("draft-saved", &[("at", format::moment(say.lang, draft.saved_at))])],
        kind: "neutral",
        word: say.t("draft-word").into_owned(),
        action: say.t("draft-go-on").into_owned(),
        mine: true,
    }
}

fn case_line(case: &CaseRow, shelf: &Shelf, say: Say) -> Line {
    let lang = say.lang;
    let moment = |at| format::moment(lang, at);
    let waits_for_me = case.state == "supplement";
    let kind = match (case.state.as_str(), case.outcome.as_deref()) {
        ("supplement", _) => "wait",
        ("not_accepted", _) | (_, Some("refused")) => "bad",
        ("withdrawn", _) => "neutral",
        _ if case.running => "info",
        _ => "good",
    };
    let number = case.number.to_string();
    let tail = number.get(number.len().saturating_sub(8)..).unwrap_or_default().to_owned();
    let day = format::date(lang, clock::legal_date(case.filed_at));
    let mut notes = vec![say.with("case-number", &[("day", day), ("tail", tail)])];
    match (&case.holder, case.due_at, case.closed_at) {
        (_, _, Some(at)) => notes.push(say.with("case-ended", &[("at", moment(at))])),
        (_, Some(due), None) if waits_for_me => {
            notes.push(say.with("case-you-until", &[("at", moment(due))]))
        }
        (Some(holder), Some(due), None) => {
            let holder = shelf.agency(holder, lang);
            notes.push(say.with("case-held-until", &[("holder", holder), ("at", moment(due))]));
        }
        (Some(holder), None, None) => {
            notes.push(say.with("case-held", &[("holder", shelf.agency(holder, lang))]));
        }
        (None, _, None) => {}
    }
    Line {
        href: format!("/cases/{}", case.number),
        title: case.item_name.get(lang).to_owned(),
        notes,
        kind,
        word: cases::state_name(&case.state).get(lang).to_owned(),
        action: say.t(if waits_for_me { "case-supplement" } else { "case-look" }).into_owned(),
        mine: waits_for_me,
    }
}

fn certificate_line(held: &Certificate, ctx: &Ctx, say: Say) -> Line {
    let today = clock::legal_date(ctx.now);
    let state = held.state(ctx.now);
    let days = held.valid_until.and_then(|until| today.until(until).ok()).map(|span| span.get_days());
    let soon = days.is_some_and(|days| (0..=EXPIRES_SOON_DAYS).contains(&days));
    let (kind, key) = match &state {
        CertificateState::Valid if held.valid_from > today => ("info", "certificate-later"),
        CertificateState::Valid if soon => ("wait", "certificate-soon"),
        CertificateState::Valid => ("good", "certificate-valid"),
        CertificateState::Suspended { .. } => ("wait", "certificate-suspended"),
        CertificateState::Expired { .. } => ("neutral", "certificate-expired"),
        _ => ("bad", "certificate-ended"),
    };
    let until = match held.valid_until {
        Some(until) => say.with(
            "certificate-from-until",
            &[("from", format::date(say.lang, held.valid_from)), ("until", format::date(say.lang, until))],
        ),
        None => say.t("certificate-always").into_owned(),
    };
    Line {
        href: format!("/certificates/{}", held.id),
        title: held.name.get(say.lang).to_owned(),
        notes: vec![held.issuer_name.get(say.lang).to_owned(), until],
        kind,
        word: say.with(key, &[("days", days.unwrap_or(0).to_string())]),
        action: say.t("certificate-open").into_owned(),
        mine: false,
    }
}
