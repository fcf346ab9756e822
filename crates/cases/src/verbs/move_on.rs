//! Running cases of an earlier version of an item go on under the new one, only where its migration says how.

use super::hold::Hold;
use super::outcome::number;
use super::places;
use crate::rules::Command;
use crate::scope::Scope;
use crate::store as rows;
use ::store::outbox::Message;
use ::store::{CommitError, Cx};
use catalog::{ItemVersionId, Published};
use kernel::{ActorRef, AgencyCode, Failure, Fault, Lang, Outcome};
use page::House;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// So many cases are looked up at a time.
const STRETCH: i64 = 200;

/// What the message says: which version was published, and which running cases have had their turn.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Appeared {
    version: ItemVersionId,
    #[serde(default)]
    after: String,
}

/// Publishes a pack, and has running cases of earlier versions move over where it says how.
///
/// # Errors
/// What `catalog` refuses.
pub async fn publish(cx: &mut Cx, pack: &catalog::pack::Pack) -> Outcome<Vec<ItemVersionId>> {
    let versions = catalog::publish(cx, pack).await?;
    on_published(cx, &versions)?;
    Ok(versions)
}

/// Says that these versions were published, in the commit that publishes them: running cases of earlier versions then move over
/// by themselves, where the new version says how.
///
/// # Errors
/// A fault when the message cannot be written.
fn on_published(cx: &mut Cx, versions: &[ItemVersionId]) -> Result<(), Fault> {
    for version in versions {
        let told = Appeared { version: *version, after: String::new() };
        cx.commit.emit("cases.published", &format!("item-version:{version}"), &told)?;
    }
    Ok(())
}

/// Receives `cases.published`: moves one stretch of cases over, each in its own commit, and leaves the rest to a message of its own.
pub(crate) async fn published(house: &House, message: &Message) -> Result<(), Failure> {
    let told: Appeared = message.parse()?;
    let store = &house.ground.store;
    let Some(new) = catalog::version(store, told.version).await? else { return Ok(()) };
    if new.item.migration.is_none() {
        return Ok(());
    }
    let lines = rows::running_of(store, &new.item.key, &told.after, STRETCH).await?;
    let Some(last) = lines.last() else { return Ok(()) };
    for line in &lines {
        if line.item_version == new.id {
            continue;
        }
        let Some(old) = catalog::version(store, line.item_version).await? else { continue };
        stays_or_moves(house, &line.number, &old, &new).await?;
    }
    let mut cx = house.ground.begin_as(message.id, Lang::default(), ActorRef::system());
    let rest = Appeared { version: told.version, after: last.id.to_string() };
    cx.commit.emit("cases.published", &format!("item-version:{}", told.version), &rest)?;
    match cx.finish().await {
        Ok(()) | Err(CommitError::AlreadyDone) => Ok(()),
        Err(CommitError::Fault(fault)) => Err(fault.into()),
        Err(other) => Err(Fault::new(format!("moving cases on: {other}")).transient().into()),
    }
}

/// Takes the running cases of `old` over to `new`; answers how many. Cases that the migration does not name, or that end
/// meanwhile, stay as they are. May be run again at any time.
///
/// # Errors
/// A fault of the database.
pub async fn move_on(house: &House, old: &Published, new: &Published) -> Result<usize, Fault> {
    let (mut moved, mut after) = (0, String::new());
    loop {
        let lines = rows::of_version(&house.ground.store, old.id, &after, STRETCH).await?;
        let Some(last) = lines.last() else { return Ok(moved) };
        after = last.id.to_string();
        for line in lines {
            moved += usize::from(stays_or_moves(house, &line.number, old, new).await?);
        }
    }
}

/// Whether the case moved.
async fn stays_or_moves(
    house: &House,
    number: &str,
    old: &Published,
    new: &Published,
) -> Result<bool, Fault> {
    if !new.item.migration.as_ref().is_some_and(|m| m.from.contains(&old.version)) {
        return Ok(false);
    }
    match one(house, number, old.version, new).await {
        Ok(()) => Ok(true),
        Err(Failure::Refused(_)) => Ok(false),
        Err(Failure::Fault(fault)) => Err(fault),
    }
}

async fn one(house: &House, text: &str, from: i64, new: &Published) -> Outcome<()> {
    store::command!(house.ground, Lang::default(), ActorRef::system(), |cx| async {
        let store = cx.store().clone();
        let mut hold = Hold::load(&store, &number(text)?, &Scope::program()).await?;
        hold.under(new.clone());
        let agencies = taken_by(&store, &hold, new).await?;
        hold.act_now(house, &cx, Command::MoveOn { to: new.id, from, agencies })?;
        hold.finish(house, &mut cx).await?;
        Outcome::Ok(())
    }
    .await)
}

/// Who takes the steps of the new version: the place that the form names is read under the name that its field has now.
async fn taken_by(
    store: &::store::Store,
    hold: &Hold,
    new: &Published,
) -> Outcome<BTreeMap<String, Vec<AgencyCode>>> {
    let Some(case) = &hold.case else { return Ok(BTreeMap::new()) };
    let mut answers = case.answers.clone();
    for (old, now) in new.item.migration.iter().flat_map(|m| &m.fields) {
        if let Some(value) = answers.remove(old) {
            answers.insert(now.clone(), value);
        }
    }
    places::agencies(store, &new.item, &answers, &case.division).await
}
