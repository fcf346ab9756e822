//! `/space`: what waits for me, what ends soon, what runs and who has it, what I hold, who looked at my data.

use super::{Room, joint, looks, outstanding, soon};
use crate::WORDS;
use crate::shelf::Shelf;
use crate::view::{Line, Me, Space};
use axum::extract::State;
use cases::rules::OutstandingKind;
use cases::{CaseRow, MatterId, MatterRow};
use certificates::{Certificate, State as CertificateState};
use identity::{Applicant, ProfileKind};
use kernel::{Outcome, SubjectId, clock};
use page::{Answer, Ctx, Say, Shell, format};
use supervision::plain::Agents;

/// How many cases and certificates stand on the page.
const LINES: i64 = 20;
/// So many services to rate are counted.
const RATABLE_MAX: i64 = 20;
/// A certificate that ends within so many days is shown as ending.
const EXPIRES_SOON_DAYS: i32 = 30;

#[derive(askama::Template)]
#[template(path = "space.html")]
pub(crate) struct SpacePage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) space: Space,
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx, who: Applicant) -> Answer {
    let say = WORDS.say(ctx.lang);
    let space = gather(&room, &who, &ctx, 5).await?;
    Ok(page::render(&SpacePage { shell: Shell::new(&ctx, say.t("space-title")), w: say, space }))
}

/// Everything in the space of `who`, with `looks` of the latest looks at the person's data.
pub(super) async fn gather(room: &Room, who: &Applicant, ctx: &Ctx, looks: i64) -> Outcome<Space> {
    let (store, say) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let drafts = cases::my_drafts(store, who).await?;
    let mine = cases::my_cases(store, who, None, LINES).await?;
    let mut held = match who.sees_all() {
        true => certificates::held_by(store, who.subject(), None, LINES + 1).await?,
        false => Vec::new(),
    };
    let mut space = Space { me: me(room, who, say).await?, more: mine.next.is_some(), ..Space::default() };
    space.more_certificates = i64::try_from(held.len()).is_ok_and(|n| n > LINES);
    held.truncate(usize::try_from(LINES).unwrap_or(0));
    let owed = cases::outstanding(store, who, None, LINES).await?;
    space.more_waiting = owed.next.is_some();
    let shown: Vec<MatterId> = mine.rows.iter().map(|row| row.matter).collect();
    // What waits in a case that is not among the latest would be overlooked; what is, stands there with its matter.
    let (promised, rest): (Vec<_>, Vec<_>) =
        owed.rows.iter().partition(|o| o.kind == OutstandingKind::Promise);
    let older = rest.into_iter().filter(|o| !shown.contains(&o.case.matter));
    space.waiting = older.map(|o| outstanding::line(o, say)).collect();
    for (line, running) in case_lines(room, who, ctx, mine.rows).await? {
        match (line.mine, running) {
            (true, _) => space.waiting.push(line),
            (false, true) => space.running.push(line),
            (false, false) => space.finished.push(line),
        }
    }
    space.waiting.extend(drafts.iter().map(|draft| draft_line(draft, say)));
    space.certificates = held.iter().map(|held| certificate_line(held, ctx, say)).collect();
    (space.ending, space.offers) = soon::gather(room, who, ctx, &promised).await?;
    space.unread = cases::unread(store, who).await?;
    space.ratable = ratings::invited(store, who, ctx.now, RATABLE_MAX).await?.len();
    space.all = who.sees_all();
    space.branches = !identity::branches(store, who, None, 1).await?.is_empty();
    if looks > 0 {
        let shelf = room.shelves.get(&room.house).await?;
        // What an order kept from the person stands here from the order's end on.
        let all = trace::LookFilter::default();
        let rows = trace::looks(store, who.data_subject(), &all, ctx.now, None, looks).await?;
        let agents = Agents::of(store, who.data_subject(), &rows).await?;
        space.looks = rows
            .iter()
            .map(|row| looks::line(row, who.data_subject(), &shelf, &agents, say).into())
            .collect();
    }
    Ok(space)
}

/// Cases as lines, those of one matter as one, each with whether it still runs.
pub(super) async fn case_lines(
    room: &Room,
    who: &Applicant,
    ctx: &Ctx,
    rows: Vec<CaseRow>,
) -> Outcome<Vec<(Line, bool)>> {
    let (store, say) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let shelf = room.shelves.get(&room.house).await?;
    let groups = joint::grouped(rows);
    let opened = joint::opened(store, who, &groups).await?;
    let line = |group: &Vec<CaseRow>| match &group[..] {
        [case] => (case_line(case, &shelf, say), case.running),
        many => {
            let view = opened.iter().find(|v| many.first().is_some_and(|r| r.matter == v.id));
            joint::line(many, view, who, &shelf, ctx)
        }
    };
    Ok(groups.iter().map(line).collect())
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

/// A certificate as a line.
pub(super) fn certificate_line(held: &Certificate, ctx: &Ctx, say: Say) -> Line {
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
