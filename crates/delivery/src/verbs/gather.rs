//! What cases yield goes into the parcel of their matter; what they tell somebody who is not reached on line goes out as letters.

use super::{charge, home};
use crate::model::*;
use crate::room::{Deliveries, Matter};
use crate::rules::Command;
use crate::store as rows;
use ::store::Cx;
use kernel::Outcome;

/// Brings the parcels of a matter up to how it stands now; the same picture twice changes nothing. A parcel begins when something has to
/// reach its recipient on paper; who chose nothing and is owed no paper gets everything on line, and no parcel.
///
/// # Errors
/// A fault of the store.
pub async fn gather(cx: &mut Cx, room: &Deliveries, matter: &Matter) -> Outcome<()> {
    let fresh = fresh(cx, matter, &matter.papers).await?;
    let mut last = None;
    for row in rows::parcels_of_matter(cx.store(), &matter.id, matter.recipient).await? {
        if row.letter {
            continue;
        }
        let parcel = super::parcel(cx.store(), row.id).await?;
        if parcel.open() && parcel.parted.is_none() {
            let gone = gone(&parcel, &matter.papers);
            let command = Command::TakeIn { papers: fresh, cases: matter.cases.clone(), gone };
            room.carry_out(cx, row.id, &command).await?;
            return Ok(());
        }
        last = Some(parcel);
    }
    let wanted = last.as_ref().is_some_and(|p| p.how != How::Electronic);
    if fresh.is_empty() || !(wanted || fresh.iter().any(|p| p.must)) {
        return Ok(());
    }
    let how = last.map_or(How::Electronic, |p| p.how);
    begin(cx, room, matter, how, None).await.map(|_| ())
}

/// Brings the letters of a matter up to how it stands now: what was told and waits to be brought goes into the letter that is not closed
/// yet, else into a new one, the way that was chosen for the results, else to the usual address. Without either it waits at the window.
/// What was handed over meanwhile is taken out.
///
/// # Errors
/// A fault of the store.
pub async fn letters(cx: &mut Cx, room: &Deliveries, matter: &Matter) -> Outcome<()> {
    let fresh = fresh(cx, matter, &matter.letters).await?;
    let mut chosen = None;
    for row in rows::parcels_of_matter(cx.store(), &matter.id, matter.recipient).await? {
        let parcel = super::parcel(cx.store(), row.id).await?;
        if !row.letter {
            chosen = Some(parcel.how).filter(|how| *how != How::Electronic).or(chosen);
        } else if parcel.open() {
            let gone = gone(&parcel, &matter.letters);
            let command = Command::TakeIn { papers: fresh, cases: Vec::new(), gone };
            room.carry_out(cx, row.id, &command).await?;
            return Ok(());
        }
    }
    if fresh.is_empty() {
        return Ok(());
    }
    let how = match chosen {
        Some(how) => how,
        None => at_home(cx, room, matter).await?,
    };
    let begun = Begun {
        // Nothing more is waited for: each notice has its own time.
        cases: matter.cases.iter().map(|c| CaseOf { over: true, ..c.clone() }).collect(),
        letter: true,
        ..begun(cx, matter, how).await?
    };
    let (id, mut head, mut parcel) = room.begin(cx, begun).await?;
    let command = Command::TakeIn { papers: fresh, cases: Vec::new(), gone: Vec::new() };
    room.go_on(cx, (id, &mut head, &mut parcel), &[command]).await
}

/// To the usual address in the recipient's book, else to the one they were registered with, where something is carried.
async fn at_home(cx: &mut Cx, room: &Deliveries, matter: &Matter) -> Outcome<How> {
    if !room.courier.carries() {
        return Ok(How::Electronic);
    }
    let book = rows::addresses(cx.store(), matter.recipient).await?;
    let address = match book.iter().find(|row| row.usual) {
        Some(row) => Some(row.id),
        None if book.is_empty() => home::known(cx, matter).await?,
        None => None,
    };
    Ok(address.map_or(How::Electronic, |address| How::Courier { address }))
}

/// The papers of an open parcel that had to reach their recipient and need not any more.
fn gone(parcel: &Parcel, still: &[Paper]) -> Vec<String> {
    let waits = |p: &Paper| still.iter().any(|s| s.number == p.number);
    parcel.papers.iter().filter(|p| p.must && !waits(p)).map(|p| p.number.clone()).collect()
}

/// Those of a matter's papers that lie in no parcel yet.
async fn fresh(cx: &Cx, matter: &Matter, papers: &[Paper]) -> Outcome<Vec<Paper>> {
    let mut fresh = Vec::new();
    for paper in papers {
        if rows::parcel_of_paper(cx.store(), &paper.number, matter.recipient).await?.is_none() {
            fresh.push(paper.clone());
        }
    }
    Ok(fresh)
}

/// How the next parcel of a matter begins.
async fn begun(cx: &Cx, matter: &Matter, how: How) -> Outcome<Begun> {
    let before = rows::parcels_of_matter(cx.store(), &matter.id, matter.recipient).await?;
    let agency = identity::agency(cx.store(), &matter.agency).await?;
    Ok(Begun {
        number: super::label_number(cx).await?,
        matter: matter.id.clone(),
        title: matter.title.clone(),
        recipient: matter.recipient,
        recipient_name: matter.recipient_name.clone(),
        agency: matter.agency.clone(),
        division: agency.map(|a| a.division).unwrap_or_default(),
        cases: matter.cases.clone(),
        nth: before.last().map_or(1, |row| row.nth + 1),
        how,
        letter: false,
    })
}

/// The next parcel of a matter, with everything that lies in none yet; `chosen` where its way was chosen with it.
pub(super) async fn begin(
    cx: &mut Cx,
    room: &Deliveries,
    matter: &Matter,
    how: How,
    chosen: Option<(How, By)>,
) -> Outcome<ParcelId> {
    let papers = fresh(cx, matter, &matter.papers).await?;
    let begun = begun(cx, matter, how).await?;
    let mut commands = vec![Command::TakeIn { papers, cases: Vec::new(), gone: Vec::new() }];
    if let Some((how, by)) = chosen {
        let charge = charge::at_once(cx, room, (&begun, &how), false).await?;
        commands.push(Command::Choose { how, by, charge });
    }
    let (id, mut head, mut parcel) = room.begin(cx, begun).await?;
    room.go_on(cx, (id, &mut head, &mut parcel), &commands).await?;
    Ok(id)
}
