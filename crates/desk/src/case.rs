//! `/desk/cases/{number}`: the case on one page — form and papers side by side, at the right what to do now.

use crate::about::{About, about};
use crate::acts::{ActForm, Kind, Offer};
use crate::asked::{Asked, pairs};
use crate::below::{Below, below, read};
use crate::can::Can;
use crate::evidence::{self, Kept, Proof};
use crate::now::{Now, TermShown, main_term, now, terms};
use crate::siblings::{Joint, joint};
use crate::sides::{self, CheckLine, DisputeLine, FactLine};
use crate::who::{self, Who};
use crate::{Room, WORDS, inbox, store as rows};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cases::gantt::{Brush, Lane};
use cases::model::CaseState;
use cases::show::{self, ActLine, Names, PaperLine};
use cases::{CaseView, Scope};
use identity::Staff;
use kernel::codes::CaseNumber;
use kernel::{ActorRef, Failure, Lang, Outcome, Refusal, SubjectId};
use page::{Answer, Ctx, FormState, Html, Say, Shell, TimelineEntry};
use trace::{Look, Purpose};

/// Why something was not taken, above the page.
pub(super) struct NotTaken {
    pub say: String,
    /// What happened since the page was opened.
    pub since: Vec<ActLine>,
}

/// How a page is shown again.
#[derive(Default)]
pub(super) struct Again {
    pub form: FormState,
    pub not_taken: Option<NotTaken>,
    pub status: StatusCode,
    /// Files that came with it.
    pub kept: Vec<Kept>,
}

#[derive(askama::Template)]
#[template(path = "case.html")]
struct CasePage {
    shell: Shell,
    w: Say,
    form: FormState,
    number: String,
    from: String,
    back: String,
    item_name: String,
    subject: String,
    badge: Html,
    rev: i64,
    done: Option<String>,
    not_taken: Option<NotTaken>,
    answers: Vec<(String, Vec<(String, String)>)>,
    papers: Vec<PaperLine>,
    seen: Vec<String>,
    checks: Vec<CheckLine>,
    /// Whether only what this agency's step needs is shown.
    part: bool,
    facts: Vec<FactLine>,
    disputes: Vec<DisputeLine>,
    now: Now,
    others: Vec<ActForm>,
    term: Option<TermShown>,
    holder: Option<String>,
    /// Who has still to pay, while nothing else is missing.
    unpaid: Vec<show::PayLine>,
    gantt: Option<Html>,
    timeline: Vec<TimelineEntry>,
    terms: Vec<TermShown>,
    about: About,
    acts: Vec<ActLine>,
    below: Below,
    proofs: Vec<Proof>,
    joint: Option<Joint>,
    handles: bool,
    /// Whether what was asked for may be handed in at this window.
    supplies: bool,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    staff: Staff,
) -> Answer {
    let number = number.parse().map_err(|_| Refusal::not_found())?;
    page_of(&room, &ctx, &staff, &number, Again::default()).await
}

/// Records that a member of staff looks at the data of every natural person in the case; without it nothing is shown.
pub(super) async fn look(room: &Room, view: &CaseView, actor: &ActorRef, what: &str) -> Outcome<()> {
    look_for(room, view, actor, ("examine", what)).await
}

/// The same for another purpose: windows take in and hand out, they examine nothing.
pub(super) async fn look_for(
    room: &Room,
    view: &CaseView,
    actor: &ActorRef,
    why: (&str, &str),
) -> Outcome<()> {
    if people(view).next().is_none() {
        return Ok(());
    }
    ::store::command!(room.house.ground, Lang::default(), actor, |cx| record_looks(&mut cx, view, why))
}

fn people(view: &CaseView) -> impl Iterator<Item = kernel::PersonId> {
    view.case.parties.iter().filter_map(|p| match p.subject {
        SubjectId::Person(person) => Some(person),
        SubjectId::Organisation(_) => None,
    })
}

fn record_looks(cx: &mut ::store::Cx, view: &CaseView, (ground, what): (&str, &str)) -> Outcome<()> {
    people(view).try_for_each(|person| {
        let purpose = Purpose::in_case(ground, &view.case.number);
        trace::look(cx, &Look { person, fields: vec![what.to_owned()], purpose }).map_err(Failure::from)
    })
}

/// The look, and in the same commit that somebody who handles cases reads this one now.
async fn opened(room: &Room, view: &CaseView, staff: &Staff, who: Option<&Who>) -> Outcome<()> {
    let Some(who) = who else { return look(room, view, &staff.actor_ref(), "case").await };
    ::store::command!(room.house.ground, Lang::default(), staff.actor_ref(), |cx| {
        let reader = (who.account, staff.name(), staff.agency().as_str());
        rows::read_now(&mut cx.commit, &view.case.number, reader);
        record_looks(&mut cx, view, ("examine", "case"))
    })
}

/// The case as it stands, with what was typed and what was wrong with it.
pub(super) async fn page_of(
    room: &Room,
    ctx: &Ctx,
    staff: &Staff,
    number: &CaseNumber,
    again: Again,
) -> Answer {
    let store = &room.house.ground.store;
    let view = cases::view(store, number, &Scope::from(staff)).await?;
    let who = who::handler(room, staff, ctx.now).await?;
    opened(room, &view, staff, who.as_ref()).await?;
    let names = Names::load(store).await?;
    let notices = procedure::notices(store, &format!("case:{}", view.row.id)).await?;
    let (lang, Again { form, mut not_taken, status, kept }) = (ctx.lang, again);
    told_since(&mut not_taken, &form, &view, &names, lang);
    let (now, others, term) = doing(room, ctx, who.as_ref(), &view, &form, (&notices, &kept)).await?;
    let form = proposed(form, &now);
    let below = below(room, &view, (staff, who.as_ref()), &names, &notices, (ctx.now, lang)).await?;
    read(room, who.as_ref(), &view, below.unread).await?;
    let needs = needs(who.as_ref(), &view);
    let query = pairs(&ctx.query);
    let (asked, item_name) = (from_of(&query, &form), view.item.item.name.get(lang).to_owned());
    let page = CasePage {
        shell: Shell::new(ctx, item_name.clone()).desk(),
        w: WORDS.say(lang),
        number: number.to_string(),
        from: asked.query(),
        back: if asked.query().is_empty() { "/desk".to_owned() } else { asked.href() },
        item_name,
        subject: sides::subject(&view, staff),
        badge: show::badge(&view.row.state, view.row.outcome.as_deref(), lang),
        rev: view.rev,
        done: inbox::done_of(&query, lang),
        not_taken,
        answers: sides::answers(&view, lang),
        papers: show::papers(&view, lang),
        seen: sides::seen(&view.case, &view, lang),
        checks: sides::check_lines(&view, needs.as_ref(), ctx),
        part: needs.is_some(),
        facts: sides::facts(room, &view, lang),
        disputes: sides::disputes(&view, lang),
        now,
        others,
        term,
        holder: view.row.holder.as_ref().map(|a| names.of(a, lang)),
        unpaid: unpaid(&view, needs.is_some(), lang),
        gantt: gantt(room, &view, &names, ctx),
        timeline: show::timeline(&view, &names, lang),
        terms: terms(&view, ctx.now, lang),
        about: about(store, &view, staff, (&names, lang)).await?,
        acts: show::acts(&view, &names, lang),
        below,
        proofs: evidence::proofs(room, &view, &notices, lang).await?,
        joint: joint(room, &view, &Scope::from(staff), &names, lang).await?,
        handles: who.is_some(),
        supplies: supplies(who.as_ref(), &view),
        form,
    };
    Ok(page::render_with(status, &page))
}

/// Who has still to pay, while nothing else is missing; how much is not for whoever sees a part of the case only.
fn unpaid(view: &CaseView, part: bool, lang: Lang) -> Vec<show::PayLine> {
    let waits = view.case.unpaid.map(|_| show::payments(view, lang)).unwrap_or_default();
    let line = |p: show::PayLine| show::PayLine { owed: p.owed.filter(|_| !part), ..p };
    waits.into_iter().map(line).collect()
}

/// Whether this clerk may hand in for somebody what was asked for.
fn supplies(who: Option<&Who>, view: &CaseView) -> bool {
    let (case, item) = (&view.case, &view.item.item);
    let asked = matches!(case.state, CaseState::Supplement { .. });
    let here = |who: &Who| {
        let agency = who.handler.agency();
        who.clerk && (cases::rules::responsible(case, agency) || cases::rules::accepts(case, item, agency))
    };
    asked && who.is_some_and(here)
}

/// The steps of the case side by side.
fn gantt(room: &Room, view: &CaseView, names: &Names, ctx: &Ctx) -> Option<Html> {
    let bars = cases::bars(view, &room.house.calendar, ctx.now);
    let system = |id: &str| room.system(id, ctx.lang);
    let critical = |_: &str, bar: &cases::Bar| bar.critical;
    let brush = Brush { names, system: &system, critical: &critical, now: ctx.now, lang: ctx.lang };
    cases::gantt::gantt(&[Lane { view, bars: &bars }], &brush)
}

/// What of the case whoever handles it needs to see; none where that is everything.
fn needs(who: Option<&Who>, view: &CaseView) -> Option<catalog::Needs> {
    cases::needs_of(view, who?.handler.agency())
}

/// What happened since the page was opened on which something was not taken.
fn told_since(no: &mut Option<NotTaken>, form: &FormState, view: &CaseView, names: &Names, lang: Lang) {
    if let Some(no) = no {
        let seen: i64 = form.value("rev").parse().unwrap_or(i64::MAX);
        no.since = show::acts(view, names, lang).into_iter().filter(|a| a.seq > seen).collect();
    }
}

/// What to do now, everything else that can be done, and the term; nothing for who only watches.
async fn doing(
    room: &Room,
    ctx: &Ctx,
    who: Option<&Who>,
    view: &CaseView,
    form: &FormState,
    (notices, kept): (&[procedure::NoticeLine], &[Kept]),
) -> Outcome<(Now, Vec<ActForm>, Option<TermShown>)> {
    let Some(who) = who else { return Ok((Now::Nothing, Vec::new(), None)) };
    let can = Can::new(room, view, who, ctx.now);
    let people = identity::colleagues(&room.house.ground.store, who.handler.agency()).await?;
    let people: Vec<_> = people.into_iter().map(|c| (c.account, c.name)).collect();
    let (can, w) = (&can, WORDS.say(ctx.lang));
    let offer = Offer { can, lang: ctx.lang, w, clerk: who.clerk, form, people: &people, notices, kept };
    let (now, others) = now(&offer, who);
    Ok((now, others, main_term(can, ctx.lang)))
}

/// The inbox one came from, as it was filtered.
fn from_of(query: &[(String, String)], form: &FormState) -> Asked {
    let named = query.iter().find(|(n, _)| n == "from").map(|(_, v)| v.as_str());
    Asked::parse(named.unwrap_or(form.value("from")))
}

/// The form as it is shown: untouched, it proposes the amount of a band that leaves no choice.
fn proposed(form: FormState, now: &Now) -> FormState {
    match usual_amount(now) {
        Some(amount) if form.value("verb").is_empty() => form.with("amount", amount),
        _ => form,
    }
}

/// The amount of a band that leaves no choice.
fn usual_amount(now: &Now) -> Option<String> {
    let Now::Examine(examine) = now else { return None };
    let (min, max) = examine.band.as_ref()?.amount.as_ref()?;
    (min == max).then(|| min.clone())
}
