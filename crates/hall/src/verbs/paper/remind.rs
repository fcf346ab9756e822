//! Each morning: blocks whose time is over lapse, and the heads of a hall are told what is not recorded.

use super::tell;
use crate::model::{BlockState, PaperEvent};
use crate::rules::paper::{by_time, unrecorded};
use crate::store::{self as rows, BlockRow};
use crate::verbs::{day_of, sweep::was_done};
use ::store::{Cx, Ground, command};
use identity::Role;
use identity::letters::{self, Letter};
use kernel::{ActorRef, AgencyCode, Failure, Lang, Outcome, Timestamp, clock};

/// So many are looked up at a time.
const AT_ONCE: i64 = 200;
/// Heads are told from this hour on.
const MORNING: i8 = 8;

/// Looks at all blocks that were not given back; answers how many heads were told of.
///
/// # Errors
/// A fault of the store when it is asked what is open.
pub(crate) async fn remind(ground: &Ground, now: Timestamp) -> Result<usize, Failure> {
    let (mut after, mut told) = (String::new(), 0);
    loop {
        let found = rows::blocks_open(&ground.store, &after, AT_ONCE).await?;
        let Some(last) = found.last() else { return Ok(told) };
        after = last.id.to_string();
        for block in found.into_iter().filter(|b| is_due(b, now)) {
            let actor = ActorRef::system();
            let done: Result<bool, Failure> =
                command!(ground, Lang::default(), actor, |cx| one(&mut cx, block.clone()).await);
            told += usize::from(matches!(done, Ok(true)));
            was_done(done.map(|_| ()), &block.id.to_string());
        }
    }
}

/// Whether there may be something to do: it lapses, or nobody was told today.
fn is_due(block: &BlockRow, now: Timestamp) -> bool {
    let lapses = block.state == BlockState::Issued && by_time(block, now) == BlockState::Lapsed;
    lapses || (is_morning(now) && block.reminded.as_deref() != Some(&day_of(now)))
}

fn is_morning(now: Timestamp) -> bool {
    now.to_zoned(clock::legal_zone()).hour() >= MORNING
}

/// Answers whether the heads were told.
async fn one(cx: &mut Cx, block: BlockRow) -> Outcome<bool> {
    // Decided on what it is now: another server may have been faster.
    let Some(block) = rows::block(cx.store(), block.id).await?.filter(|b| b.state != BlockState::Returned)
    else {
        return Ok(false);
    };
    let now = cx.now;
    let mut next = BlockRow { state: by_time(&block, now), ..block.clone() };
    if next.state != block.state {
        tell(cx, block.id, &PaperEvent::Lapsed {}, now).await?;
        rows::update_block(&mut cx.commit, &next);
        return Ok(false); // told by the next round, in a commit of its own
    }
    if !is_due(&block, now) {
        return Ok(false);
    }
    let papers = rows::papers(cx.store(), block.id).await?;
    let Some(waits) = unrecorded(&block, &papers, now) else { return Ok(false) };
    let hall = rows::hall(cx.store(), &block.hall).await?;
    let agency = hall.and_then(|h| AgencyCode::parse(&h.agency));
    let staff = match &agency {
        Some(agency) => identity::colleagues(cx.store(), agency).await?,
        None => Vec::new(),
    };
    for head in staff.iter().filter(|c| c.head && c.role == Role::Clerk) {
        letters::tell(cx, head.account, Letter::PaperUnrecorded)?;
    }
    next.reminded = Some(day_of(now));
    rows::update_block(&mut cx.commit, &next);
    let (count, since) = (waits.numbers.len(), waits.since);
    tell(cx, block.id, &PaperEvent::Reminded { count, since }, now).await?;
    Ok(true)
}
