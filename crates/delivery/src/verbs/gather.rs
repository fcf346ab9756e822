//! What cases yield goes into the parcel of their matter.

use super::charge;
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
    let before = rows::parcels_of_matter(cx.store(), &matter.id, matter.recipient).await?;
    let fresh = fresh(cx, matter).await?;
    let mut last = None;
    for row in &before {
        let parcel = super::parcel(cx.store(), row.id).await?;
        if parcel.open() && parcel.parted.is_none() {
            let command = Command::TakeIn { papers: fresh, cases: matter.cases.clone() };
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

/// The papers of a matter that lie in no parcel yet.
async fn fresh(cx: &Cx, matter: &Matter) -> Outcome<Vec<Paper>> {
    let mut fresh = Vec::new();
    for paper in &matter.papers {
        if rows::parcel_of_paper(cx.store(), &paper.number, matter.recipient).await?.is_none() {
            fresh.push(paper.clone());
        }
    }
    Ok(fresh)
}

/// The next parcel of a matter, with everything that lies in none yet; `chosen` where its way was chosen with it.
pub(super) async fn begin(
    cx: &mut Cx,
    room: &Deliveries,
    matter: &Matter,
    how: How,
    chosen: Option<(How, By)>,
) -> Outcome<ParcelId> {
    let before = rows::parcels_of_matter(cx.store(), &matter.id, matter.recipient).await?;
    let papers = fresh(cx, matter).await?;
    let agency = identity::agency(cx.store(), &matter.agency).await?;
    let begun = Begun {
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
    };
    let mut commands = vec![Command::TakeIn { papers, cases: Vec::new() }];
    if let Some((how, by)) = chosen {
        let charge = charge::at_once(cx, room, (&begun, &how), false).await?;
        commands.push(Command::Choose { how, by, charge });
    }
    let (id, mut head, mut parcel) = room.begin(cx, begun).await?;
    room.go_on(cx, (id, &mut head, &mut parcel), &commands).await?;
    Ok(id)
}
