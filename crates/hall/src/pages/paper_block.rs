//! `/desk/hall/paper/{block}`: the control sheet of a block (登记表): what became of each number, and what is done with the block.

use super::paper::{keeper, staff_of, state, title};
use super::{Room, view};
use crate::WORDS;
use crate::model::{BlockId, BlockState, HallCode, PaperKind, PaperState};
use crate::rules::paper::{account, by_time, unrecorded};
use crate::store::{self as rows, BlockRow, PaperRow};
use crate::verbs::paper::Recorder;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use identity::Staff;
use kernel::{Outcome, Refusal};
use page::{Answer, Ctx, FormState, Html, Say, Shell, badge, format};

struct FormLine {
    number: String,
    state: Html,
    at: String,
    /// The cases.
    cases: Vec<String>,
    /// Where it is recorded.
    record: Option<String>,
}

struct SlipLine {
    number: String,
    business: String,
    state: Html,
    at: String,
    window: String,
    reference: String,
    out: bool,
    /// Its fields on the sheet.
    how: String,
    time: String,
    place: String,
    what: String,
}

/// How many are used, void and out.
struct Account {
    name: String,
    used: usize,
    void: usize,
    out: usize,
}

#[derive(askama::Template)]
#[template(path = "paper_block.html")]
struct BlockPage {
    shell: Shell,
    w: Say,
    forms_of: Forms,
    at: String,
    hall: String,
    keeper: String,
    issued: String,
    until: String,
    extended: String,
    printed: i64,
    state: Html,
    accounts: Vec<Account>,
    waiting: Option<String>,
    forms: Vec<FormLine>,
    slips: Vec<SlipLine>,
    slips_out: bool,
    any_out: bool,
    any_void: bool,
    returned: bool,
    prints: bool,
    manages: bool,
    voids: bool,
    stock: bool,
    windows: Vec<String>,
    hows: Vec<(String, String)>,
}

/// The forms of the page: what was sent to one is not shown in another.
#[derive(Default)]
pub(super) struct Forms {
    pub(super) act: String,
    pub(super) form: FormState,
}

impl Forms {
    /// The state of one form.
    fn of(&self, act: &str) -> FormState {
        if self.act == act { self.form.clone() } else { FormState::new() }
    }
}

/// The block of an address, with the right over it.
///
/// # Errors
/// Not found for one that is none, or is of a hall that is somebody else's.
pub(super) async fn reached(room: &Room, who: &Staff, id: &str) -> Outcome<(Recorder, BlockRow)> {
    let id: BlockId = id.parse().map_err(|_| Refusal::not_found())?;
    let block = rows::block(room.store(), id).await?.ok_or_else(Refusal::not_found)?;
    let right = Recorder::of(room.store(), who, &block.hall).await?;
    Ok((right, block))
}

pub(super) async fn get(State(room): State<Room>, Path(id): Path<String>, ctx: Ctx, who: Staff) -> Answer {
    let (right, block) = reached(&room, &who, &id).await?;
    show(&room, &ctx, &who, (&right, &block), Forms::default(), StatusCode::OK).await
}

pub(super) async fn show(
    room: &Room,
    ctx: &Ctx,
    who: &Staff,
    (right, block): (&Recorder, &BlockRow),
    forms_of: Forms,
    status: StatusCode,
) -> Answer {
    let (store, w, hall) = (room.store(), WORDS.say(ctx.lang), right.hall());
    let papers = rows::papers(store, block.id).await?;
    let waiting = unrecorded(block, &papers, ctx.now).map(|u| {
        w.with("papers-unrecorded", &[("n", u.numbers.len().to_string()), ("days", u.days.to_string())])
    });
    let returned = block.state == BlockState::Returned;
    let heading = w.with("block-title", &[("title", title(block, ctx.lang, w))]);
    let manages = right.manager().is_some();
    let page = BlockPage {
        shell: Shell::new(ctx, heading)
            .desk()
            .crumb(w.t("papers-title"), format!("/desk/hall/paper?hall={}", hall.code)),
        w,
        forms_of,
        at: format!("/desk/hall/paper/{}", block.id),
        hall: hall.name.get(ctx.lang).to_owned(),
        keeper: keeper(&staff_of(store, &hall.agency).await?, block.keeper),
        issued: format::moment(ctx.lang, block.issued_at),
        until: format::moment(ctx.lang, block.hand_out_until),
        extended: block.extended_until.map(|at| format::moment(ctx.lang, at)).unwrap_or_default(),
        printed: block.printed,
        state: state(block, ctx.now, w),
        accounts: accounts(&papers, w),
        waiting,
        forms: papers.iter().filter(|p| p.kind == PaperKind::Form).map(|p| form_line(p, ctx, w)).collect(),
        slips: slip_lines(room, &block.hall, &papers, ctx, w).await?,
        slips_out: !returned
            && papers.iter().any(|p| p.kind == PaperKind::Slip && p.state == PaperState::Out),
        any_out: papers.iter().any(|p| p.state == PaperState::Out),
        any_void: papers.iter().any(|p| p.state == PaperState::Void),
        returned,
        prints: manages && !returned && by_time(block, ctx.now) == BlockState::Issued,
        manages,
        voids: !returned && (manages || block.keeper == who.account()),
        stock: block.day.is_none(),
        windows: rows::windows(store, &block.hall).await?.into_iter().map(|w| w.number).collect(),
        hows: [PaperState::Filed, PaperState::Done, PaperState::Missing, PaperState::Left]
            .map(|how| (how.to_string(), word(how, w)))
            .to_vec(),
    };
    Ok(page::render_with(status, &page))
}

fn accounts(papers: &[PaperRow], w: Say) -> Vec<Account> {
    let kinds = [(PaperKind::Form, w.t("papers-forms")), (PaperKind::Slip, w.t("papers-slips"))];
    let held = kinds.into_iter().filter(|(kind, _)| papers.iter().any(|p| p.kind == *kind));
    held.map(|(kind, name)| {
        let (used, void, out) = account(papers, kind);
        Account { name: name.into_owned(), used, void, out }
    })
    .collect()
}

/// What became of a number, in a word.
pub(super) fn word(state: PaperState, w: Say) -> String {
    match state {
        PaperState::Out => w.t("paper-out"),
        PaperState::Filed => w.t("paper-filed"),
        PaperState::Done => w.t("paper-done"),
        PaperState::Missing => w.t("paper-missing"),
        PaperState::Left => w.t("paper-left"),
        PaperState::Void => w.t("paper-void"),
    }
    .into_owned()
}

fn shown(state: PaperState, w: Say) -> Html {
    let kind = match state {
        PaperState::Out => "info",
        PaperState::Void | PaperState::Left => "wait",
        PaperState::Filed | PaperState::Done | PaperState::Missing => "good",
    };
    badge(kind, &word(state, w))
}

fn form_line(p: &PaperRow, ctx: &Ctx, w: Say) -> FormLine {
    let cases = p.reference.as_deref().unwrap_or_default().split(' ').filter(|c| !c.is_empty());
    FormLine {
        number: p.number.clone(),
        state: shown(p.state, w),
        at: p.at.map(|at| format::moment(ctx.lang, at)).unwrap_or_default(),
        cases: cases.map(str::to_owned).collect(),
        record: (p.state == PaperState::Out).then(|| format!("/desk/window?paper={}", p.number)),
    }
}

async fn slip_lines(
    room: &Room,
    hall: &HallCode,
    papers: &[PaperRow],
    ctx: &Ctx,
    w: Say,
) -> Outcome<Vec<SlipLine>> {
    let letters = rows::businesses(room.store(), hall).await?;
    let line = |p: &PaperRow| SlipLine {
        number: p.number.clone(),
        business: letters
            .iter()
            .find(|b| Some(b.letter) == p.letter)
            .map(|b| view::business(b, ctx.lang))
            .unwrap_or_default(),
        state: shown(p.state, w),
        at: p.at.map(|at| format::moment(ctx.lang, at)).unwrap_or_default(),
        window: p.window.clone().unwrap_or_default(),
        reference: p.reference.clone().unwrap_or_default(),
        out: p.state == PaperState::Out,
        how: format!("how.{}", p.number),
        time: format!("time.{}", p.number),
        place: format!("window.{}", p.number),
        what: format!("what.{}", p.number),
    };
    Ok(papers.iter().filter(|p| p.kind == PaperKind::Slip).map(line).collect())
}
