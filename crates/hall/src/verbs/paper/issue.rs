//! A block is issued (号段发放), while there is network.

use super::tell;
use crate::model::{BlockId, BlockState, PaperEvent, PaperKind, PaperState, Slips, slip_number};
use crate::rules::paper::{NewBlock, may_issue};
use crate::rules::paper_refuse as refuse;
use crate::settings::Settings;
use crate::store::{self as rows, BlockRow, PaperRow};
use crate::verbs::{Manager, begins_of, day_of};
use ::store::{Cx, serial};
use identity::Role;
use jiff::SignedDuration;
use jiff::civil::Date;
use kernel::codes::PaperNumber;
use kernel::{AccountId, AgencyCode, Fault, Outcome, Timestamp, clock};

/// Hours of a day.
const DAY_HOURS: i64 = 24;

/// Issues a block: its numbers are taken by this commit, and are nobody else's from then on.
///
/// # Errors
/// `hall.paper-none`, `hall.paper-many`, `hall.paper-day`, `hall.paper-keeper`, `hall.no-business`.
pub async fn issue(cx: &mut Cx, terms: &Settings, who: &Manager, new: &NewBlock) -> Outcome<BlockId> {
    let hall = who.hall().clone();
    let today: Date = day_of(cx.now).parse().map_err(|e| Fault::from("the day of a queue", e))?;
    may_issue(new, &rows::businesses(cx.store(), &hall.code).await?, today, terms)?;
    let keeper = keeper(cx, &hall.agency, &new.keeper).await?;
    let (forms, slips) = (forms(cx, &hall.division, new.forms).await?, slips(cx, who, &new.slips).await?);
    let block = BlockRow {
        id: cx.new_id(),
        hall: hall.code.clone(),
        day: new.day.map(|day| day.to_string()),
        keeper,
        issued_at: cx.now,
        hand_out_until: until(new.day, cx.now, terms)?,
        extended_until: None,
        printed: 0,
        state: BlockState::Issued,
        reminded: None,
    };
    rows::add_block(&mut cx.commit, &block);
    for (kind, letter, serial, number) in numbers(&forms, &slips) {
        let (hall, block, state) = (hall.code.clone(), block.id, PaperState::Out);
        let row = PaperRow {
            hall,
            number,
            block,
            kind,
            letter,
            serial,
            state,
            at: None,
            window: None,
            reference: None,
        };
        rows::add_paper(&mut cx.commit, &row);
    }
    let BlockRow { id, hall, day, hand_out_until, .. } = block;
    let event = PaperEvent::Issued { hall, day, keeper, forms, slips, hand_out_until };
    let now = cx.now;
    tell(cx, id, &event, now).await?;
    Ok(id)
}

/// A clerk of the hall's agency.
async fn keeper(cx: &Cx, agency: &str, account: &str) -> Outcome<AccountId> {
    let agency = AgencyCode::parse(agency).ok_or_else(|| Fault::new("a hall of no agency"))?;
    let staff = identity::colleagues(cx.store(), &agency).await?;
    let found = staff.iter().find(|c| c.role == Role::Clerk && c.account.to_string() == account);
    Ok(found.ok_or_else(refuse::no_keeper)?.account)
}

/// Until when the papers may be handed out: to the end of the queue's day, or for some time.
fn until(day: Option<Date>, now: Timestamp, terms: &Settings) -> Outcome<Timestamp> {
    let (from, days) = match day {
        Some(day) => (begins_of(&day.to_string())?, 1),
        None => (begins_of(&day_of(now))?, terms.paper_stock_days),
    };
    Ok(from + SignedDuration::from_hours(DAY_HOURS * days))
}

/// The next forms of the hall's division in this year.
async fn forms(cx: &mut Cx, division: &str, count: i64) -> Outcome<Vec<PaperNumber>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let today = clock::legal_date(cx.now);
    let division = division.get(..6).unwrap_or(division).to_owned();
    let series = format!("hall:paper:{division}:{}", today.year());
    let first = serial::strict_many_in(cx, &series, count).await?;
    let number = |serial| {
        PaperNumber::new(&division, today, serial).map_err(|e| Fault::new(format!("numbering a form: {e:?}")))
    };
    Ok((first..first + count).map(number).collect::<Result<_, Fault>>()?)
}

/// The next slips of the hall.
async fn slips(cx: &mut Cx, who: &Manager, asked: &[(crate::model::Letter, i64)]) -> Outcome<Vec<Slips>> {
    let mut slips = Vec::new();
    for (letter, count) in asked.iter().copied().filter(|(_, count)| *count > 0) {
        let series = format!("hall:slip:{}:{letter}", who.hall().code);
        slips.push(Slips { letter, first: serial::strict_many_in(cx, &series, count).await?, count });
    }
    Ok(slips)
}

type Number = (PaperKind, Option<crate::model::Letter>, i64, String);

fn numbers(forms: &[PaperNumber], slips: &[Slips]) -> Vec<Number> {
    let form = |n: &PaperNumber| (PaperKind::Form, None, n.serial(), n.to_string());
    let slip = |s: &Slips| {
        let letter = s.letter;
        (s.first..s.first + s.count).map(move |n| (PaperKind::Slip, Some(letter), n, slip_number(letter, n)))
    };
    forms.iter().map(form).chain(slips.iter().flat_map(slip)).collect()
}
