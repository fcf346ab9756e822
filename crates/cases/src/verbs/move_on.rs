//! Running cases of an earlier version of an item go on under the new one, only where its migration says how.

use super::hold::Hold;
use super::outcome::number;
use crate::rules::Command;
use crate::scope::Scope;
use crate::store as rows;
use catalog::Published;
use kernel::{ActorRef, Failure, Fault, Lang, Outcome};
use page::House;

/// So many cases are looked up at a time.
const STRETCH: i64 = 200;

/// Takes the running cases of `old` over to `new`; answers how many. Cases that the migration does not name, or that end
/// meanwhile, stay as they are. May be run again at any time.
///
/// # Errors
/// A fault of the database.
pub async fn move_on(house: &House, old: &Published, new: &Published) -> Result<usize, Fault> {
    if !new.item.migration.as_ref().is_some_and(|m| m.from.contains(&old.version)) {
        return Ok(0);
    }
    let (mut moved, mut after) = (0, String::new());
    loop {
        let lines = rows::of_version(&house.ground.store, old.id, &after, STRETCH).await?;
        let Some(last) = lines.last() else { return Ok(moved) };
        after = last.id.to_string();
        for line in lines {
            match one(house, &line.number, old.version, new).await {
                Ok(()) => moved += 1,
                Err(Failure::Refused(_)) => {}
                Err(Failure::Fault(fault)) => return Err(fault),
            }
        }
    }
}

async fn one(house: &House, text: &str, from: i64, new: &Published) -> Outcome<()> {
    store::command!(house.ground, Lang::default(), ActorRef::system(), |cx| async {
        let store = cx.store().clone();
        let mut hold = Hold::load(&store, &number(text)?, &Scope::program()).await?;
        hold.under(new.clone());
        hold.act_now(house, &cx, Command::MoveOn { to: new.id, from })?;
        hold.finish(house, &mut cx).await?;
        Outcome::Ok(())
    }
    .await)
}
