//! `/desk/hall/paper`: the blocks of numbers of a hall for a time without network; what is not recorded; a new block.

use super::{Room, day, search, told};
use crate::WORDS;
use crate::model::{BlockId, BlockState, HallCode, Letter, PaperKind, PaperState};
use crate::rules::paper::{NewBlock, unrecorded};
use crate::rules::refuse;
use crate::store::{self as rows, BlockRow, Tally};
use crate::verbs::paper::{self as verbs, Recorder};
use ::store::{Store, command};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use identity::{Role, Staff};
use jiff::civil::Date;
use kernel::{AccountId, AgencyCode, Lang, Outcome, Refusal, Text, Timestamp};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, badge, format};

/// Blocks that are listed.
const LISTED: i64 = 30;

struct Line {
    href: String,
    title: String,
    keeper: String,
    issued: String,
    state: Html,
    forms: String,
    slips: String,
}

/// What is not recorded of a block.
struct Waiting {
    href: String,
    title: String,
    what: String,
    numbers: String,
}

#[derive(askama::Template)]
#[template(path = "papers.html")]
struct PapersPage {
    shell: Shell,
    w: Say,
    form: FormState,
    hall: String,
    name: String,
    found: Option<search::Found>,
    waiting: Vec<Waiting>,
    lines: Vec<Line>,
    /// Whoever may keep a block; none when one may not issue.
    keepers: Vec<(String, String)>,
    /// Fields for slips, each with its words.
    letters: Vec<(String, String)>,
    manages: bool,
    stock_days: String,
}

/// Which hall.
#[derive(serde::Deserialize)]
pub(super) struct Which {
    hall: Option<String>,
    #[serde(flatten)]
    asked: search::Asked,
}

/// The right over what is on paper in the hall that is named, or in the first that is theirs.
async fn chosen(room: &Room, who: &Staff, hall: Option<&str>) -> Outcome<Recorder> {
    let code = match (hall, who) {
        (Some(code), _) => code.parse().map_err(|_| Refusal::not_found())?,
        (None, Staff::Clerk(c)) if !c.is_head() => {
            let found = rows::halls_of(room.store(), c.agency().as_str(), 1).await?;
            found.first().map(|h| h.code.clone()).ok_or_else(refuse::not_your_hall)?
        }
        (None, _) => day::chosen(room, who, None).await?.hall().code.clone(),
    };
    Recorder::of(room.store(), who, &code).await
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Staff,
    Query(which): Query<Which>,
) -> Answer {
    let right = chosen(&room, &who, which.hall.as_deref()).await?;
    show(&room, &ctx, &who, (&right, &which.asked), FormState::new(), StatusCode::OK).await
}

async fn show(
    room: &Room,
    ctx: &Ctx,
    who: &Staff,
    (right, asked): (&Recorder, &search::Asked),
    form: FormState,
    status: StatusCode,
) -> Answer {
    let (store, w, hall) = (room.store(), WORDS.say(ctx.lang), right.hall());
    let staff = staff_of(store, &hall.agency).await?;
    let blocks = rows::blocks(store, &hall.code, LISTED).await?;
    let tallies = rows::tallies(store, &blocks).await?;
    let manages = right.manager().is_some();
    let line = |b: &BlockRow| Line {
        href: format!("/desk/hall/paper/{}", b.id),
        title: title(b, ctx.lang, w),
        keeper: keeper(&staff, b.keeper),
        issued: format::moment(ctx.lang, b.issued_at),
        state: state(b, ctx.now, w),
        forms: told_of(&tallies, b.id, PaperKind::Form, w),
        slips: told_of(&tallies, b.id, PaperKind::Slip, w),
    };
    let found = match manages {
        true => Some(search::Found::of_at(room, ctx, who, asked, "/desk/hall/paper").await?),
        false => None,
    };
    let letters = rows::businesses(store, &hall.code).await?;
    let page = PapersPage {
        shell: Shell::new(ctx, w.t("papers-title")).desk(),
        w,
        form: if form.ok() { form.with("forms", "20") } else { form },
        hall: hall.code.to_string(),
        name: hall.name.get(ctx.lang).to_owned(),
        found,
        waiting: waiting_of(store, &hall.code, ctx, w).await?,
        lines: blocks.iter().map(line).collect(),
        keepers: staff.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
        letters: letters.iter().map(|b| slips_field(b, ctx.lang, w)).collect(),
        manages,
        stock_days: room.terms.paper_stock_days.to_string(),
    };
    Ok(page::render_with(status, &page))
}

fn slips_field(b: &rows::Business, lang: Lang, w: Say) -> (String, String) {
    let told = [("letter", b.letter.to_string()), ("name", super::view::business(b, lang))];
    (format!("slips.{}", b.letter), w.with("papers-slips-of", &told))
}

/// The clerks of an agency, by name.
pub(super) async fn staff_of(store: &Store, agency: &str) -> Outcome<Vec<(AccountId, String)>> {
    let Some(agency) = AgencyCode::parse(agency) else { return Ok(Vec::new()) };
    let all = identity::colleagues(store, &agency).await?.into_iter();
    Ok(all.filter(|c| c.role == Role::Clerk).map(|c| (c.account, c.name)).collect())
}

/// Who keeps a block: by name, and by number when they have left.
pub(super) fn keeper(staff: &[(AccountId, String)], account: AccountId) -> String {
    let found = staff.iter().find(|(id, _)| *id == account);
    found.map_or_else(|| identity::staff_number(account), |(_, name)| name.clone())
}

/// What a block is called: its day, or that it is for stock.
pub(super) fn title(block: &BlockRow, lang: Lang, w: Say) -> String {
    match block.day.as_deref().and_then(|day| day.parse::<Date>().ok()) {
        Some(day) => format::date(lang, day),
        None => w.with("papers-stock", &[("at", format::moment(lang, block.issued_at))]),
    }
}

pub(super) fn state(block: &BlockRow, now: Timestamp, w: Say) -> Html {
    match block.state {
        BlockState::Returned => badge("good", &w.t("block-returned")),
        _ if crate::rules::paper::by_time(block, now) == BlockState::Lapsed => {
            badge("wait", &w.t("block-lapsed"))
        }
        _ if block.printed == 0 => badge("info", &w.t("block-issued")),
        _ => badge("info", &w.t("block-printed")),
    }
}

/// What a block holds of a kind, and how it is accounted for.
fn told_of(tallies: &[Tally], block: BlockId, kind: PaperKind, w: Say) -> String {
    let mine: Vec<&Tally> = tallies.iter().filter(|t| t.block == block && t.kind == kind).collect();
    let sum = |f: fn(PaperState) -> bool| mine.iter().filter(|t| f(t.state)).map(|t| t.count).sum::<i64>();
    let (Some(first), Some(last)) = (mine.iter().map(|t| &t.first).min(), mine.iter().map(|t| &t.last).max())
    else {
        return "—".to_owned();
    };
    let told = [
        ("first", first.clone()),
        ("last", last.clone()),
        ("used", sum(|s| !matches!(s, PaperState::Out | PaperState::Void)).to_string()),
        ("void", sum(|s| s == PaperState::Void).to_string()),
        ("out", sum(|s| s == PaperState::Out).to_string()),
    ];
    w.with("papers-told", &told)
}

/// The blocks of a hall of which something was used and is not recorded.
async fn open_blocks(store: &Store, hall: &HallCode) -> Outcome<Vec<BlockRow>> {
    let blocks = rows::blocks(store, hall, LISTED).await?;
    Ok(blocks.into_iter().filter(|b| b.state != BlockState::Returned).collect())
}

/// How many numbers of a hall were used and are not recorded.
pub(super) async fn waiting(store: &Store, hall: &HallCode, now: Timestamp) -> Outcome<usize> {
    let mut count = 0;
    for block in open_blocks(store, hall).await? {
        let papers = rows::papers(store, block.id).await?;
        count += unrecorded(&block, &papers, now).map_or(0, |u| u.numbers.len());
    }
    Ok(count)
}

async fn waiting_of(store: &Store, hall: &HallCode, ctx: &Ctx, w: Say) -> Outcome<Vec<Waiting>> {
    let mut lines = Vec::new();
    for block in open_blocks(store, hall).await? {
        let papers = rows::papers(store, block.id).await?;
        let Some(found) = unrecorded(&block, &papers, ctx.now) else { continue };
        let told = [("n", found.numbers.len().to_string()), ("days", found.days.to_string())];
        lines.push(Waiting {
            href: format!("/desk/hall/paper/{}", block.id),
            title: title(&block, ctx.lang, w),
            what: w.with("papers-unrecorded", &told),
            numbers: ranges(&found.numbers),
        });
    }
    Ok(lines)
}

/// The first numbers of a list, and how many more there are.
fn ranges(numbers: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<&str> = numbers.iter().take(SHOWN).map(String::as_str).collect();
    match numbers.len().saturating_sub(SHOWN) {
        0 => shown.join(" "),
        more => format!("{} … (+{more})", shown.join(" ")),
    }
}

/// Issues a block, and goes on to where it is printed.
pub(super) async fn post(State(room): State<Room>, ctx: Ctx, who: Staff, sent: Submitted) -> Answer {
    let code: HallCode = sent.get("hall").parse().map_err(|_| Refusal::not_found())?;
    let right = Recorder::of(room.store(), &who, &code).await?;
    let manager = right.manager().ok_or_else(refuse::not_your_hall)?;
    let letters = rows::businesses(room.store(), &code).await?;
    let done: Outcome<BlockId> = match asked_of(&sent, &letters) {
        Err(no) => Err(no.into()),
        Ok(new) => {
            let actor = who.actor_ref();
            command!(room.house.ground, ctx.lang, actor, |cx| {
                verbs::issue(&mut cx, &room.terms, manager, &new).await
            })
        }
    };
    match done {
        Ok(id) => Ok(page::see_other(format!("/desk/hall/paper/{id}"))),
        Err(failure) => {
            let (form, status) = told(failure, FormState::of(&sent))?;
            let asked = search::Asked::default();
            show(&room, &ctx, &who, (&right, &asked), form, status).await
        }
    }
}

/// What was asked for.
fn asked_of(sent: &Submitted, letters: &[rows::Business]) -> Result<NewBlock, Refusal> {
    let say = || Text::new("请填写数字，不要的填0。", "Give a number, 0 for none.");
    let count = |name: &str| match sent.get(name).trim() {
        "" => Ok(0),
        text => text.parse::<i64>().map_err(|_| refuse::field("hall.paper-number", name, say())),
    };
    let day = match (sent.get("for"), sent.get("day").trim()) {
        ("stock", _) => None,
        (_, text) => {
            let say = Text::new("请选择日期，或者作为备用。", "Choose a day, or issue it for stock.");
            Some(text.parse::<Date>().map_err(|_| refuse::field("hall.paper-day", "day", say))?)
        }
    };
    let mut slips: Vec<(Letter, i64)> = Vec::new();
    for b in letters {
        slips.push((b.letter, count(&format!("slips.{}", b.letter))?));
    }
    Ok(NewBlock { day, keeper: sent.get("keeper").to_owned(), forms: count("forms")?, slips })
}
